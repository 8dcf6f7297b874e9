"""The stores keep the contract of `ingest.seams.Store`; what only one of them does follows."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.seams import RefusedLine, Store, StoreUnavailable
from ingest.settings import Broker, Influx, Settings
from ingest.store import open_store
from ingest.store.embedded import RETENTION_NS, EmbeddedStore
from ingest.store.influx import InfluxStore
from tests.contracts.store import CHECKS, DAY, Check, S, Subject
from tests.servers.influxdb import Database, Influxd


def use(store: Store, work: Callable[[], Awaitable[None]]) -> None:
    """Runs `work` and lets go of the store."""

    async def run() -> None:
        try:
            await work()
        finally:
            await store.close()

    asyncio.run(run())


@pytest.fixture
def now_ns() -> int:
    """A whole second of today."""
    return int(time.time()) * S


@pytest.fixture
def influx_subject(shared_influxd: Influxd, tmp_path: Path, now_ns: int) -> Subject:
    """A real InfluxDB, in which ours keeps points for 30 days."""
    database = shared_influxd.new_database(tmp_path, retention="30d")
    past_ns = None if database.keeps_for_ever else now_ns - 60 * DAY
    return Subject(InfluxStore(database.settings()), now_ns, past_ns=past_ns)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_influxdb_keeps_the_contract(check: Check, influx_subject: Subject) -> None:
    use(influx_subject.store, lambda: check(influx_subject))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_embedded_store_keeps_the_contract(check: Check, tmp_path: Path, now_ns: int) -> None:
    subject = Subject(EmbeddedStore(tmp_path / "store.db"), now_ns, past_ns=now_ns - 500 * DAY)
    use(subject.store, lambda: check(subject))


def test_the_settings_name_the_store(tmp_path: Path) -> None:
    broker = Broker(name="a", format="chirpstack", host="localhost")
    embedded = open_store(Settings(store="embedded", brokers=(broker,), state=tmp_path))
    influx = Influx(url="http://localhost:8086", bucket="stadt/street")
    served = open_store(Settings(store="influx", influx=influx, brokers=(broker,), state=tmp_path))
    assert (embedded.name, served.name) == ("embedded", "influx")
    assert list(tmp_path.iterdir()) == []
    use(embedded, lambda: asyncio.sleep(0))
    use(served, lambda: asyncio.sleep(0))


# --- the embedded store alone --------------------------------------------------------------------------


def test_rows_and_field_types_outlive_the_process(tmp_path: Path, now_ns: int) -> None:
    first = Subject(EmbeddedStore(tmp_path / "store.db"), now_ns, past_ns=None)

    async def write() -> None:
        await first.store.write([first.line("pm10=1.5")])

    use(first.store, write)
    again = replace(first, store=EmbeddedStore(tmp_path / "store.db"))

    async def read() -> None:
        assert [one.index for one in await again.store.write([again.line("pm10=1i", 1)])] == [0]
        assert [row.fields for row in await again.stored()] == [{"pm10": 1.5}]

    use(again.store, read)


def test_points_are_removed_when_their_time_is_over(tmp_path: Path, now_ns: int) -> None:
    clock = [now_ns]
    store = EmbeddedStore(tmp_path / "store.db", lambda: clock[0])
    subject = Subject(store, now_ns, past_ns=None)

    async def work() -> None:
        await store.write([subject.line("pm10=1.5"), subject.line("pm10=2.5", 3600)])
        clock[0] += RETENTION_NS + 2 * S
        later = subject.line("pm10=3.5", 400 * 86400)
        assert await store.write([later]) == []
        found = await store.series(subject.measurement, ["pm10"], "luft-1", 0, 2**62)
        assert [row.fields["pm10"] for row in found] == [2.5, 3.5]

    use(store, work)


def test_a_damaged_file_makes_lines_wait_until_it_is_moved_away(tmp_path: Path, now_ns: int) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"noise" * 1000)
    subject = Subject(EmbeddedStore(path), now_ns, past_ns=None)

    async def work() -> None:
        with pytest.raises(StoreUnavailable, match="not a database"):
            await subject.store.write([subject.line("pm10=1.5")])
        path.unlink()
        assert await subject.store.write([subject.line("pm10=1.5")]) == []
        assert len(await subject.stored()) == 1

    use(subject.store, work)


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path, now_ns: int) -> None:
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    subject = Subject(EmbeddedStore(path), now_ns, past_ns=None)

    async def work() -> None:
        with pytest.raises(StoreUnavailable, match="newer Messnetz"):
            await subject.store.write([subject.line("pm10=1.5")])

    use(subject.store, work)


def test_a_batch_that_fails_leaves_no_trace_in_memory(tmp_path: Path, now_ns: int) -> None:
    path = tmp_path / "store.db"
    subject = Subject(EmbeddedStore(path), now_ns, past_ns=None)

    async def work() -> None:
        await subject.store.write([subject.line("pm10=1.5")])
        breaker = sqlite3.connect(path)
        breaker.execute("CREATE TRIGGER full BEFORE INSERT ON points BEGIN SELECT raise(ABORT, 'full'); END")
        with pytest.raises(StoreUnavailable, match="full"):
            await subject.store.write([subject.line("pm1=1.5", device="neu")])
        breaker.execute("DROP TRIGGER full")
        breaker.close()
        assert await subject.store.write([subject.line("pm1=1i", device="neu")]) == []
        assert [row.fields for row in await subject.stored("neu", ["pm1"])] == [{"pm1": 1}]

    use(subject.store, work)


def test_reading_goes_on_while_a_write_waits_for_the_file(tmp_path: Path, now_ns: int) -> None:
    path = tmp_path / "store.db"
    subject = Subject(EmbeddedStore(path), now_ns, past_ns=None)

    async def work() -> None:
        await subject.store.write([subject.line("pm10=1.5")])
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(_write(subject, subject.line("pm10=2.5", 1)))
        assert len(await subject.stored()) == 1
        assert not writing.done()
        other.execute("ROLLBACK")
        other.close()
        assert await writing == []
        assert len(await subject.stored()) == 2

    use(subject.store, work)


async def _write(subject: Subject, line: bytes) -> list[RefusedLine]:
    return list(await subject.store.write([line]))


# --- InfluxDB alone ------------------------------------------------------------------------------------


def test_a_frozen_influxdb_makes_lines_wait_and_takes_them_when_it_is_back(
    own_influxdb: Influxd, tmp_path: Path, now_ns: int
) -> None:
    database = own_influxdb.new_database(tmp_path)
    subject = Subject(InfluxStore(database.settings(timeout=0.3)), now_ns, past_ns=None)

    async def work() -> None:
        own_influxdb.freeze()
        with pytest.raises(StoreUnavailable, match="does not answer"):
            await subject.store.write([subject.line("pm10=1.5")])
        own_influxdb.thaw()
        own_influxdb.stop()
        with pytest.raises(StoreUnavailable):
            await subject.store.write([subject.line("pm10=1.5")])
        own_influxdb.start()
        patient = replace(subject, store=InfluxStore(database.settings()))
        assert await patient.store.write([subject.line("pm10=1.5")]) == []
        assert len(await patient.stored()) == 1
        await patient.store.close()

    use(subject.store, work)


def test_a_database_that_does_not_exist_holds_lines(influxdb: Database, now_ns: int) -> None:
    subject = Subject(InfluxStore(influxdb.settings(bucket="nowhere/street")), now_ns, past_ns=None)

    async def work() -> None:
        with pytest.raises(StoreUnavailable) as caught:
            await subject.store.write([subject.line("pm10=1.5")])
        assert caught.value.held
        assert "bucket" in caught.value.hint

    use(subject.store, work)
