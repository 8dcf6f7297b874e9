"""From the embedded store to a real InfluxDB: every row, interrupted or refused."""

import asyncio
import contextlib
import json
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest import store_copy
from ingest.errors import CommandFailed
from ingest.line_protocol import encode_row, parse, tag
from ingest.seams import RefusedLine, StoreUnavailable
from ingest.settings import Influx
from ingest.store.embedded import EmbeddedStore
from ingest.store.influx import InfluxStore
from ingest.store_copy import DAY_NS, PLACE, Copied, Target, copy
from tests.servers.influxdb import Database, Influxd
from tests.servers.messnetz import COMMAND

NOW_NS = time.time_ns() // 10**9 * 10**9
DAYS = 3
LINE_OF_TWO_MONTHS_AGO = b"air_quality,device=luft-0 pm2_5=3.5 %d"


def lines() -> list[bytes]:
    """Rows of all kinds of values over some days."""
    found = []
    for number in range(900):
        time_ns = NOW_NS - number * (DAYS * DAY_NS // 900)
        device = number % 7
        tags = (
            tag("device", f"luft-{device}")
            + tag("site", f"Straße, {device} = a")
            + tag("municipality", "town")
        )
        found += [
            encode_row(
                "air_quality",
                tags,
                {"pm2_5": 5.0 + number, "pm10": 0.1, "qc": 1},
                time_ns,
            ),
            encode_row("status", tags, {"state": 'a "word", \\ b', "age": number}, time_ns),
        ]
        if number % 3 == 0:
            bay = tags + tag("bay", f"{device}")
            found.append(encode_row("parking", bay, {"occupied": number % 2}, time_ns))
        if number % 60 == 0:
            found.append(encode_row("air_quality_1h", tags, {"pm2_5": 5.5, "coverage": 100.0}, time_ns))
    return found


@pytest.fixture
def influxdb(shared_influxd: Influxd, tmp_path: Path) -> Database:
    """A fresh one, also where the environment names a server: rows are counted."""
    return shared_influxd.new_database(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "state/store.db"
    asyncio.run(fill(path, lines()))
    return path


async def fill(path: Path, written: Sequence[bytes]) -> None:
    store = EmbeddedStore(path)
    assert await store.write(written) == []
    await store.close()


Points = dict[str, set[tuple[Any, ...]]]


def points(written: Sequence[bytes]) -> Points:
    found: Points = {}
    for line in written:
        measurement, tags, fields, time_ns = parse(line)
        row = (time_ns, *sorted((tags | fields).items()))
        found.setdefault(measurement, set()).add(row)
    return found


def points_in(database: Database, measurement: str) -> set[tuple[Any, ...]]:
    return {
        (
            row["time"],
            *sorted((key, value) for key, value in row.items() if key != "time" and value is not None),
        )
        for row in database.rows(measurement)
    }


def run(
    file: Path,
    influx: Influx,
    through: Callable[[InfluxStore], Target] = lambda store: store,
) -> Copied:
    async def copied() -> Copied:
        store = InfluxStore(influx)
        try:
            return await copy(
                file,
                through(store),
                influx,
                file.parent,
                on_day=progress,
                on_trouble=troubles.append,
                sleep=at_once,
            )
        finally:
            await store.close()

    days.clear()
    troubles.clear()
    return asyncio.run(copied())


days: list[tuple[int, int]] = []
troubles: list[str] = []


def progress(done: int, total: int) -> None:
    days.append((done, total))


async def at_once(_seconds: float) -> None:
    """No pause between attempts."""


def test_every_row_is_in_influxdb_with_its_types(file: Path, influxdb: Database) -> None:
    copied = run(file, influxdb.settings())
    assert copied.whole
    expected = points(lines())
    assert copied.rows == {name: len(rows) for name, rows in expected.items()}
    for measurement, rows in expected.items():
        assert points_in(influxdb, measurement) == rows, measurement
    assert days[0][0] == 0
    assert days[-1][0] == days[-1][1] >= DAYS
    assert not (file.parent / PLACE).exists()


def test_hours_and_bays_go_to_their_buckets(file: Path, own_influxdb: Influxd, tmp_path: Path) -> None:
    readings, hours, bays = (own_influxdb.new_database(tmp_path) for _ in range(3))
    copied = run(file, readings.settings(hours_bucket=hours.bucket, bays_bucket=bays.bucket))
    assert copied.whole
    expected = points(lines())
    assert points_in(hours, "air_quality_1h") == expected["air_quality_1h"]
    assert points_in(bays, "parking") == expected["parking"]
    assert points_in(readings, "air_quality") == expected["air_quality"]
    assert points_in(readings, "parking") == set()


class Breaking:
    """A store that goes away for good after some writes, as the end of our process would have it."""

    def __init__(self, store: InfluxStore, writes: int) -> None:
        self.writes = writes
        self._store = store

    async def write(self, written: Sequence[bytes]) -> Sequence[RefusedLine]:
        if not self.writes:
            raise KeyboardInterrupt
        self.writes -= 1
        return await self._store.write(written)

    async def counts(self, measurement: str, begin_ns: int, end_ns: int) -> dict[str, int]:
        return await self._store.counts(measurement, begin_ns, end_ns)


@pytest.mark.parametrize("writes", [0, 1, 2, 3])
def test_an_interrupted_copy_goes_on_at_its_day_and_counts_each_row_once(
    file: Path, influxdb: Database, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    monkeypatch.setattr(store_copy, "BATCH_LINES", 500)
    with pytest.raises(KeyboardInterrupt):
        run(file, influxdb.settings(), lambda store: Breaking(store, writes))
    done = days[-1][0]
    copied = run(file, influxdb.settings())
    assert days[0][0] == done
    expected = points(lines())
    assert copied.whole
    assert copied.rows == {name: len(rows) for name, rows in expected.items()}
    assert points_in(influxdb, "air_quality") == expected["air_quality"]


def test_for_another_target_a_copy_begins_anew(file: Path, influxdb: Database, own_influxdb: Influxd) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(file, influxdb.settings(), lambda store: Breaking(store, 2))
    other = own_influxdb.new_database(file.parent)
    assert run(file, other.settings()).whole
    assert points_in(other, "status") == points(lines())["status"]


def test_what_is_refused_is_reported_with_its_reason_and_costs_the_others_nothing(
    file: Path, own_influxdb: Influxd
) -> None:
    database = own_influxdb.new_database(file.parent, retention="30d")
    settings = database.settings()
    old = [LINE_OF_TWO_MONTHS_AGO % (NOW_NS - 60 * DAY_NS + number) for number in range(3)]
    asyncio.run(fill(file, old))

    async def other_type() -> None:
        store = InfluxStore(settings)
        # of each day: a field has a type in each of the database's shards
        times = (NOW_NS - number * DAY_NS for number in range(DAYS + 1))
        assert not await store.write([b"status,device=x age=1.5 %d" % time_ns for time_ns in times])
        await store.close()

    asyncio.run(other_type())
    copied = run(file, settings)
    assert not copied.whole
    assert copied.missing == []
    told = {(one.measurement, one.rows, one.oldest_ns, one.newest_ns) for one in copied.refused}
    times = [row[0] for row in points(lines())["status"]]
    assert told == {
        ("air_quality", 3, NOW_NS - 60 * DAY_NS, NOW_NS - 60 * DAY_NS + 2),
        ("status", 900, min(times), max(times)),
    }
    assert {one.measurement: "retention" in one.reason for one in copied.refused} == {
        "air_quality": True,
        "status": False,
    }
    assert points_in(database, "air_quality") == points(lines())["air_quality"]
    assert all(parse(one.example.encode())[0] == one.measurement for one in copied.refused)


class Forgetful(Breaking):
    """A store that loses what it took."""

    async def write(self, written: Sequence[bytes]) -> Sequence[RefusedLine]:
        return await self._store.write([line for line in written if b"pm10" not in line])


def test_what_influxdb_took_and_has_not_is_found_by_counting(file: Path, influxdb: Database) -> None:
    copied = run(file, influxdb.settings(), lambda store: Forgetful(store, 1))
    assert not copied.whole
    assert {(one.measurement, one.field) for one in copied.missing} == {
        ("air_quality", "pm2_5"), ("air_quality", "pm10"), ("air_quality", "qc"),
    }  # fmt: skip
    assert sum(one.expected for one in copied.missing if one.field == "pm10") == 900


class Away(Breaking):
    """A store that is away for the first attempts, or refuses us."""

    def __init__(self, store: InfluxStore, attempts: int, *, held: bool = False) -> None:
        super().__init__(store, attempts)
        self._held = held

    async def write(self, written: Sequence[bytes]) -> Sequence[RefusedLine]:
        if self.writes:
            self.writes -= 1
            raise StoreUnavailable("away", hint="look at it", held=self._held)
        return await self._store.write(written)


def test_a_store_that_is_away_is_asked_again_and_then_left(file: Path, influxdb: Database) -> None:
    assert run(file, influxdb.settings(), lambda store: Away(store, 5)).whole
    assert troubles == ["away"] * 5
    with pytest.raises(CommandFailed, match="the copy stopped: away") as left:
        run(file, influxdb.settings(), lambda store: Away(store, 10**6))
    assert "look at it" in left.value.hint
    assert "goes on where it stopped" in left.value.hint
    with pytest.raises(CommandFailed):
        run(file, influxdb.settings(), lambda store: Away(store, 1, held=True))
    assert troubles == []


def test_an_empty_and_a_damaged_file_are_told_apart(tmp_path: Path, influxdb: Database) -> None:
    path = tmp_path / "state/store.db"
    asyncio.run(fill(path, []))
    assert run(path, influxdb.settings()).rows == {}
    path.write_bytes(b"noise" * 1000)
    with pytest.raises(CommandFailed, match=r"store\.db is damaged, or is no database$") as refused:
        run(path, influxdb.settings())
    assert "restore a backup" in refused.value.hint
    path.write_bytes(b"")
    with pytest.raises(CommandFailed, match="lacks what Messnetz keeps there"):
        run(path, influxdb.settings())


def test_a_file_of_a_newer_version_is_told(file: Path, influxdb: Database) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(CommandFailed, match=r"store\.db has version 99, .* up to 1") as refused:
        run(file, influxdb.settings())
    assert "newer Messnetz" in refused.value.hint


def test_the_command_says_what_it_did_and_what_comes_first(file: Path, influxdb: Database) -> None:
    config = file.parent / "messnetz.yaml"
    said = {
        "store": "embedded",
        "state": ".",
        "influx": influxdb.settings().model_dump(mode="json"),
        "brokers": [{"name": "a", "format": "auto", "host": "b"}],
    }

    def command(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*COMMAND, "copy", *words, "-c", str(config)],
            capture_output=True,
            text=True,
            check=False,
        )

    config.write_text(json.dumps(said))
    first = command()
    assert first.returncode == 1
    assert "first set store: influx" in first.stderr
    config.write_text(json.dumps(said | {"store": "influx"}))
    done = command()
    assert done.returncode == 0, done.stderr
    assert "Everything is in InfluxDB" in done.stdout
    assert json.loads(command("--json").stdout)["whole"] is True
    assert points_in(influxdb, "air_quality") == points(lines())["air_quality"]
