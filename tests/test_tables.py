"""Both stores in columns keep the contract of `ingest.store.tables`; what only one of them does follows."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import read_only
from ingest.seams import StoreUnavailable
from ingest.settings import Broker, Influx, Settings
from ingest.store import columns, influx_csv, open_tables
from ingest.store.embedded import EmbeddedStore
from ingest.store.embedded_tables import EmbeddedTables
from ingest.store.influx import InfluxStore
from ingest.store.influx_tables import InfluxTables
from ingest.store.tables import Tables
from tests.contracts.tables import CHECKS, Check, S, Subject, rows
from tests.fakes.influx import Answer, FakeInflux, Request, said
from tests.servers.influxdb import Database, Influxd

WEEK = 7 * 86400


def use(subject: Subject, work: Callable[[], Awaitable[None]]) -> None:
    """Runs `work` and lets go of the store."""

    async def run() -> None:
        try:
            await work()
        finally:
            await subject.tables.close()
            await subject.store.close()

    asyncio.run(run())


@pytest.fixture
def now_ns() -> int:
    """A whole second of today."""
    return int(time.time()) * S


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_embedded_store_keeps_the_contract(check: Check, tmp_path: Path, now_ns: int) -> None:
    path = tmp_path / "store.db"
    subject = Subject(EmbeddedStore(path), EmbeddedTables(path), now_ns)
    use(subject, lambda: check(subject))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_influxdb_keeps_the_contract(check: Check, influxdb: Database, now_ns: int) -> None:
    settings = influxdb.settings()
    subject = Subject(InfluxStore(settings), InfluxTables(settings), now_ns)
    use(subject, lambda: check(subject))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_influxdb_asked_for_json_as_version_3_is_keeps_the_contract(
    check: Check, influxdb: Database, now_ns: int
) -> None:
    settings = influxdb.settings()
    tables = InfluxTables(settings)
    tables._version = 3
    subject = Subject(InfluxStore(settings), tables, now_ns)
    use(subject, lambda: check(subject))


def test_the_settings_name_the_store(tmp_path: Path) -> None:
    broker = Broker(name="a", format="chirpstack", host="localhost")
    influx = Influx(url="http://localhost:8086", bucket="stadt/street")

    async def run() -> list[type]:
        opened = [
            open_tables(Settings(store="embedded", brokers=(broker,), state=tmp_path)),
            open_tables(Settings(store="influx", influx=influx, brokers=(broker,), state=tmp_path)),
        ]
        for one in opened:
            await one.close()
        return [type(one) for one in opened]

    assert asyncio.run(run()) == [EmbeddedTables, InfluxTables]
    assert list(tmp_path.iterdir()) == []


# --- the embedded store alone --------------------------------------------------------------------------


def embedded(tmp_path: Path, now_ns: int) -> Subject:
    path = tmp_path / "store.db"
    return Subject(EmbeddedStore(path), EmbeddedTables(path), now_ns)


def test_a_file_that_is_not_there_has_no_rows_and_is_not_made(tmp_path: Path, now_ns: int) -> None:
    subject = embedded(tmp_path, now_ns)

    async def read() -> list[tuple[Any, ...]]:
        return rows(await subject.read("count"), "count")

    assert asyncio.run(read()) == []
    assert list(tmp_path.iterdir()) == []
    asyncio.run(written(tmp_path / "store.db", subject.line("count=1i")))
    assert asyncio.run(read()) == [(1,)]
    use(subject, lambda: asyncio.sleep(0))


async def written(path: Path, *lines: bytes) -> None:
    """A file with these lines, which the service has left."""
    store = EmbeddedStore(path)
    assert await store.write(lines) == []
    await store.close()


def test_reading_a_file_that_nobody_writes_leaves_its_folder_as_it_is(tmp_path: Path, now_ns: int) -> None:
    subject = embedded(tmp_path, now_ns)
    asyncio.run(written(tmp_path / "store.db", subject.line("count=1i")))
    before = {one: one.stat().st_mtime_ns for one in tmp_path.iterdir()}
    assert [one.name for one in before] == ["store.db"]

    async def work() -> None:
        assert len(await subject.read("count")) == 1

    asyncio.run(work())
    assert {one: one.stat().st_mtime_ns for one in tmp_path.iterdir()} == before
    use(subject, lambda: asyncio.sleep(0))


def test_what_is_being_written_neither_waits_for_a_reader_nor_is_it_seen(tmp_path: Path, now_ns: int) -> None:
    subject = embedded(tmp_path, now_ns)

    async def work() -> None:
        await subject.write(subject.line("count=1i"))
        writing = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("DELETE FROM points")
        assert rows(await subject.read("count"), "count") == [(1,)]
        writing.execute("COMMIT")
        assert len(await subject.read("count")) == 0
        writing.close()

    use(subject, work)


def test_a_service_that_comes_while_its_file_is_read_without_locks_is_noticed(
    tmp_path: Path, now_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = embedded(tmp_path, now_ns)
    connect = read_only.connect
    opened = []

    def connect_and_let_the_service_begin(path: Path) -> sqlite3.Connection:
        opened.append(connect(path))
        if len(opened) == 1:
            service = sqlite3.connect(path)
            with service:
                service.execute("UPDATE points SET fields = '{\"count\":2}'")
            service.close()
        return opened[-1]

    async def work() -> None:
        await written(tmp_path / "store.db", subject.line("count=1i"))
        monkeypatch.setattr(read_only, "connect", connect_and_let_the_service_begin)
        assert rows(await subject.read("count"), "count") == [(2,)]
        assert len(opened) == 2

    use(subject, work)


def test_a_damaged_or_newer_file_cannot_be_read(tmp_path: Path, now_ns: int) -> None:
    subject = embedded(tmp_path, now_ns)
    path = tmp_path / "store.db"

    async def work() -> None:
        path.write_bytes(b"noise" * 1000)
        with pytest.raises(StoreUnavailable, match="not a database"):
            await subject.read("count")
        path.unlink()
        newer = sqlite3.connect(path)
        newer.execute("PRAGMA user_version = 99")
        newer.close()
        with pytest.raises(StoreUnavailable, match="newer Messnetz"):
            await subject.read("count")

    use(subject, work)


# --- InfluxDB alone ------------------------------------------------------------------------------------


def influx(database: Database, now_ns: int, **more: Any) -> Subject:
    settings = database.settings(**more)
    return Subject(InfluxStore(settings), InfluxTables(settings), now_ns)


async def fill(subject: Subject, count: int, *, more: str = "") -> None:
    for begin in range(0, count, 5000):
        await subject.write(*(subject.line(f"count={n}i{more}", n) for n in range(begin, begin + 5000)))


def test_rows_of_two_buckets_are_one_answer(
    shared_influxd: Influxd, influxdb: Database, tmp_path: Path, now_ns: int
) -> None:
    bays = shared_influxd.new_database(tmp_path)
    subject = influx(influxdb, now_ns, bays_bucket=bays.bucket)
    subject.measurement = "parking"

    async def work() -> None:
        await subject.write(
            subject.line("occupied=1i", 1, "p-1", bay="1"),
            subject.line("occupied_bays=7i,stay=1.5", 1, "lot:giessen:am Ring"),
            subject.line("occupied=0i", 0, "p-2", bay="2"),
            subject.line("occupied=0i", 2, "p-3"),
        )
        table = await subject.read("occupied", "occupied_bays")
        assert rows(table, "device", "bay", "occupied", "occupied_bays") == [
            ("p-2", "2", 0, None),
            ("lot:giessen:am Ring", None, None, 7),
            ("p-1", "1", 1, None),
            ("p-3", None, 0, None),
        ]
        # of one bucket only, and of none
        assert rows(await subject.read("stay"), "device", "stay") == [("lot:giessen:am Ring", 1.5)]
        assert len(await subject.read("never")) == 0

    use(subject, work)


def test_a_retention_policy_of_version_1_has_its_own_rows(
    own_influxdb1: Influxd, tmp_path: Path, now_ns: int
) -> None:
    database = own_influxdb1.new_database(tmp_path)
    name = database.bucket.partition("/")[0]
    database.query(f'CREATE RETENTION POLICY "hours" ON "{name}" DURATION INF REPLICATION 1', post=True)
    subject = influx(database, now_ns, hours_bucket=f"{name}/hours")
    subject.measurement = "traffic_1h"

    async def work() -> None:
        database.write(f"traffic_1h,device=zs-9 speed=9i {now_ns}")  # not where hours are
        await subject.write(subject.line('count=3.5,text="ä"'))
        table = await subject.read("count", "text", "speed")
        assert rows(table, "device", "count", "text", "speed") == [("zs-1", 3.5, "ä", None)]
        assert table.schema.field("speed").type == pa.float64()

    use(subject, work)


def test_a_field_of_several_kinds_has_the_first_that_influxdb_takes(
    shared_influxd: Influxd, influxdb: Database, tmp_path: Path, now_ns: int
) -> None:
    bays = shared_influxd.new_database(tmp_path)
    subject = influx(influxdb, now_ns, bays_bucket=bays.bucket)
    subject.measurement = "parking"

    async def work() -> None:
        for database, fields in ((influxdb, 'stay=1.5,a=1i,b="x"'), (bays, "stay=2i,a=2i,b=2.5")):
            database.write(f"parking,device=p-1,bay=1 {fields} {now_ns}")
        table = await subject.read("stay", "a", "b")
        assert sorted(rows(table, "stay", "a", "b"), key=str) == [(1.5, 1, None), (2.0, 2, 2.5)]
        for fields, weeks in (("speed=3i", -20), ("speed=2.5", -10), ('speed="fast"', 0)):  # each its shard
            influxdb.write(f"parking,device=p-2 {fields} {now_ns + weeks * WEEK * S}")
        table = await subject.read("speed", begin=-30 * WEEK)
        assert rows(table, "speed") == [(3.0,), (2.5,)]

    use(subject, work)


async def read_and(meanwhile: Callable[[], None], subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for more than sockets hold, and take no more than the first of it before `meanwhile` is over."""
    await fill(subject, 60_000, more=f',text="{"lang " * 80}"')
    parse = influx_csv.parse
    begun, over = threading.Event(), threading.Event()

    def wait_and_parse(*what: Any, **more: Any) -> pa.Table:
        begun.set()
        over.wait()
        return parse(*what, **more)

    def run() -> None:
        begun.wait()
        try:
            meanwhile()
        finally:
            over.set()

    monkeypatch.setattr(influx_csv, "parse", wait_and_parse)
    running = asyncio.create_task(asyncio.to_thread(run))
    try:
        await subject.read("count", "text")
    finally:
        await running


def test_an_answer_that_influxdb_broke_off_is_none(
    own_influxdb1: Influxd, tmp_path: Path, now_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its CSV ends as if nothing were missing."""
    database = own_influxdb1.new_database(tmp_path)
    subject = influx(database, now_ns)

    def kill() -> None:
        listed = database.query("SHOW QUERIES")[0]["values"]
        (number,) = (number for number, text, *_ in listed if text.startswith("SELECT"))
        database.query(f"KILL QUERY {number}", post=True)

    async def work() -> None:
        with pytest.raises(StoreUnavailable, match="broke off") as caught:
            await read_and(kill, subject, monkeypatch)
        assert "KILL QUERY" in caught.value.hint

    use(subject, work)


def test_an_influxdb_that_dies_while_it_answers_is_waited_for(
    own_influxdb: Influxd, tmp_path: Path, now_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = influx(own_influxdb.new_database(tmp_path), now_ns)

    async def work() -> None:
        with pytest.raises(StoreUnavailable) as caught:
            await read_and(own_influxdb.kill, subject, monkeypatch)
        assert not caught.value.held
        monkeypatch.undo()
        own_influxdb.start()
        assert len(await subject.read("count")) == 60_000

    use(subject, work)


def test_an_answer_beyond_a_limit_of_influxdb_is_none(
    request: pytest.FixtureRequest, tmp_path: Path, now_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its CSV is empty, as if there were no rows."""
    for name in ("INFLUXDB_COORDINATOR_MAX_SELECT_SERIES", "INFLUXD_INFLUXQL_MAX_SELECT_SERIES"):
        monkeypatch.setenv(name, "2")
    server: Influxd = request.getfixturevalue("own_influxdb")
    subject = influx(server.new_database(tmp_path), now_ns)

    async def work() -> None:
        await subject.write(*(subject.line("count=1i", device=f"zs-{n}") for n in range(3)))
        with pytest.raises(StoreUnavailable, match="broke off") as caught:
            await subject.read("count")
        assert "max-select-series" in caught.value.hint
        assert len(await subject.read("count", devices=["zs-1", "zs-2"])) == 2

    use(subject, work)


def test_a_limit_of_rows_cuts_nothing_off(
    request: pytest.FixtureRequest, tmp_path: Path, now_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFLUXDB_HTTP_MAX_ROW_LIMIT", "1000")
    server: Influxd = request.getfixturevalue("own_influxdb1")
    subject = influx(server.new_database(tmp_path), now_ns)

    async def work() -> None:
        await fill(subject, 25_000)
        assert len(await subject.read("count")) == 25_000

    use(subject, work)


def test_a_frozen_or_stopped_influxdb_is_unavailable(
    own_influxdb: Influxd, tmp_path: Path, now_ns: int
) -> None:
    subject = influx(own_influxdb.new_database(tmp_path), now_ns, timeout=0.3)

    async def work() -> None:
        own_influxdb.freeze()
        with pytest.raises(StoreUnavailable, match=r"does not answer within 0\.3 s"):
            await subject.read("count")
        own_influxdb.thaw()
        own_influxdb.stop()
        with pytest.raises(StoreUnavailable, match="nothing listens there"):
            await subject.read("count")

    use(subject, work)


def test_a_bucket_that_does_not_exist_is_named_with_influxdbs_words(influxdb: Database, now_ns: int) -> None:
    subject = influx(influxdb, now_ns, bucket="nowhere/street")

    async def work() -> None:
        with pytest.raises(StoreUnavailable, match="nowhere"):
            await subject.read("count")

    use(subject, work)


KINDS = said(200, results=[{"series": [{"values": [["count", "integer"]]}]}])
TAGS = said(200, results=[{"series": [{"values": [["device"]]}]}])
CSV = {"Content-Type": influx_csv.TYPE}
BODY = b"name,tags,time,device,count\ntraffic,,5,zs-1,1\ntraffic,,6,zs-1,2\n"
END = b"\n" + influx_csv.end("traffic")


def answered(answer: Answer) -> pa.Table:
    """What is read of a server that answers the last question so."""

    def speak(request: Request) -> Answer:
        if request.target == "/ping":
            return Answer(headers={"X-Influxdb-Version": "1.8.10"})
        if b"FIELD+KEYS" in request.body:
            return KINDS
        return TAGS if b"TAG+KEYS" in request.body else answer

    async def run() -> pa.Table:
        async with FakeInflux(speak).running() as server:
            tables: Tables = InfluxTables(Influx(url=server.url, bucket="stadt/street", timeout=20))
            try:
                return await tables.read("traffic", ["count"], 0, 10)
            finally:
                await tables.close()

    return asyncio.run(run())


def test_an_answer_with_its_end_is_taken() -> None:
    assert rows(answered(Answer(200, BODY + END, CSV)), "time", "device", "count") == [
        (5, "zs-1", 1),
        (6, "zs-1", 2),
    ]
    assert len(answered(Answer(200, END[1:], CSV))) == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200, b"", CSV), "broke off"),
        (Answer(200, BODY, CSV), "broke off"),
        (Answer(200, BODY[:-3] + END, CSV), "gives no answer"),
        (Answer(200, BODY + END, CSV, cut=150), "gives no answer"),
        (Answer(200, BODY.replace(b"2\n", b"two\n") + END, CSV), "gives no answer"),
        (Answer(200, BODY.replace(b"device", b"place") + END, CSV), "not as InfluxDB does"),
        (Answer(200, b"<html>Please log in</html>", {"Content-Type": "text/html"}), "not as InfluxDB does"),
        (Answer(400, b'error\n"error parsing query: no ""x"""\n', CSV), 'parsing query: no "x"$'),
        (said(401, error="authorization failed"), "401: authorization failed"),
        (said(503, error="busy"), "503: busy"),
    ],
)
def test_what_is_no_whole_answer_is_unavailable(answer: Answer, words: str) -> None:
    with pytest.raises(StoreUnavailable, match=words):
        answered(answer)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


def quoted(text: str) -> str:
    """A cell as Go writes it, and thus InfluxDB (https://pkg.go.dev/encoding/csv)."""
    if text and (text[0] == " " or set(text) & set(',"\r\n')):
        return '"' + text.replace('"', '""') + '"'
    return text


@given(
    texts=st.lists(st.tuples(TEXT, TEXT), max_size=30),
    size=st.integers(1, 50),
    block=st.integers(1, 200),
)
def test_csv_is_read_as_it_was_however_it_comes(texts: list[tuple[str, str]], size: int, block: int) -> None:
    lines = [f"m,,{number},{quoted(a)},{quoted(b)}\n" for number, (a, b) in enumerate(texts)]
    sent = "".join(["name,tags,time,device,text\n", *lines, "\n"]).encode() + influx_csv.end("m")
    expected = {"time": pa.int64(), "device": columns.TAG, "text": pa.string()}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(influx_csv, "BLOCK", block)
        records = influx_csv.Records(influx_csv.end("m"))
        blocks = [records.add(sent[at : at + size]) for at in range(0, len(sent), size)]
        last = records.rest()
    assert last is not None
    tables = [
        influx_csv.parse(one, expected, skip=0 if place else 1)
        for place, one in enumerate(filter(None, [*blocks, last]))
    ]
    found = rows(pa.concat_tables(tables), "time", "device", "text")
    assert found == [(number, a or None, b or None) for number, (a, b) in enumerate(texts)]
