"""The store without a server: one SQLite file, for demos and towns of up to 1000 devices.

Format of `store.db` (version 1): `series` numbers each measurement with its tags; `points` has one row a
point, its fields as a JSON object, merged on writing again as InfluxDB does; `field_types` holds the type
that the first value of a field fixed. It refuses what InfluxDB refuses, in the same words where they exist.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ingest.line_protocol import parse
from ingest.seams import RefusedLine, Row, StoreUnavailable

T = TypeVar("T")

_FOR_EVER_NS = 2**63 - 1

VERSION = 1
#: Thirteen months: this month beside the same one last year.
RETENTION_NS = 400 * 86400 * 1_000_000_000
#: How often points beyond the retention are removed.
PURGE_EVERY_NS = 3600 * 1_000_000_000

_SCHEMA = """
CREATE TABLE series (
    id INTEGER PRIMARY KEY, measurement TEXT NOT NULL, device TEXT NOT NULL, tags TEXT NOT NULL,
    UNIQUE (measurement, device, tags)
);
CREATE TABLE points (
    series INTEGER NOT NULL, time_ns INTEGER NOT NULL, fields TEXT NOT NULL,
    PRIMARY KEY (series, time_ns)
) WITHOUT ROWID;
CREATE TABLE field_types (
    measurement TEXT NOT NULL, field TEXT NOT NULL, type TEXT NOT NULL,
    PRIMARY KEY (measurement, field)
) WITHOUT ROWID;
"""
_UPSERT = """
INSERT INTO points (series, time_ns, fields) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET fields = json_patch(fields, excluded.fields)
"""
_HAS_FIELD = "EXISTS (SELECT 1 FROM json_each(p.fields) WHERE key IN (SELECT value FROM json_each(?)))"
_LATEST = f"""
SELECT p.time_ns, s.tags, p.fields FROM series s JOIN points p ON p.series = s.id
WHERE s.measurement = ? AND p.time_ns = (
    SELECT time_ns FROM points p WHERE series = s.id AND time_ns >= ? AND time_ns < ? AND {_HAS_FIELD}
    ORDER BY time_ns DESC LIMIT 1
)
ORDER BY s.device, s.tags
"""  # noqa: S608  only constants are put together
_SERIES = f"""
SELECT p.time_ns, s.tags, p.fields FROM series s JOIN points p ON p.series = s.id
WHERE s.measurement = ? AND s.device = ? AND p.time_ns >= ? AND p.time_ns < ? AND {_HAS_FIELD}
ORDER BY p.time_ns, s.tags
"""  # noqa: S608  only constants are put together
_WINDOW = """
SELECT p.time_ns, s.tags, p.fields FROM series s CROSS JOIN points p ON p.series = s.id
WHERE s.measurement = ? {devices} AND p.time_ns >= ? AND p.time_ns < ?
ORDER BY s.device, s.tags, p.time_ns
"""
_OF_DEVICES = "AND s.device IN (SELECT value FROM json_each(?))"
_REMOVE = """
DELETE FROM points WHERE series IN (SELECT id FROM series WHERE measurement = ? AND device = ?)
AND time_ns >= ? AND time_ns < ?
"""
_PURGE = "DELETE FROM points WHERE series IN (SELECT id FROM series) AND time_ns < ?"
_encode = msgspec.json.Encoder(order="sorted").encode  # one text for one set of tags
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_TYPES: dict[type, str] = {float: "float", int: "integer", str: "string"}


class EmbeddedStore:
    """An `ingest.seams.Store` on `path`. Opens it when it is first used.

    One thread writes and one reads, each with its own connection: in WAL mode neither waits for the other.
    `now_ns` is the clock that the retention is measured by.
    """

    name = "embedded"

    def __init__(self, path: Path, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._file = _File(path, now_ns)
        self._reader: sqlite3.Connection | None = None
        self._path = path
        self._writing = ThreadPoolExecutor(1, "store-writer")
        self._reading = ThreadPoolExecutor(1, "store-reader")

    async def write(self, lines: Sequence[bytes]) -> Sequence[RefusedLine]:
        """Write a batch in one transaction, on disk when it returns; see `ingest.seams.Store.write`."""
        return await self._run(self._writing, lambda: self._file.write(lines))

    async def latest(
        self, measurement: str, fields: Sequence[str], since_ns: int, before_ns: int | None = None
    ) -> Sequence[Row]:
        """The newest row of each series; see `ingest.seams.Store.latest`."""
        end_ns = _FOR_EVER_NS if before_ns is None else before_ns
        return await self._read(_LATEST, (measurement, since_ns, end_ns, _json(fields)), fields)

    async def window(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> Sequence[Row]:
        """All rows of all devices; see `ingest.seams.Store.window`."""
        query = _WINDOW.format(devices="" if devices is None else _OF_DEVICES)
        named = () if devices is None else (_json(devices),)
        return await self._read(query, (measurement, *named, begin_ns, end_ns), fields, all_of_it=False)

    async def series(
        self, measurement: str, fields: Sequence[str], device: str, begin_ns: int, end_ns: int
    ) -> Sequence[Row]:
        """All rows of one device; see `ingest.seams.Store.series`."""
        values = (measurement, device, begin_ns, end_ns, _json(fields))
        return await self._read(_SERIES, values, fields)

    async def remove(self, measurement: str, device: str, begin_ns: int, end_ns: int) -> None:
        """Remove a device's rows in `[begin_ns, end_ns)`; the types of their fields stay fixed."""
        await self._run(self._writing, lambda: self._file.remove(measurement, device, begin_ns, end_ns))

    async def check_removal(self) -> None:
        """A file can always be changed."""

    async def close(self) -> None:
        """Close the file; what is being written is written first."""
        await self._run(self._writing, self._file.close)
        await self._run(self._reading, self._close_reader)
        self._writing.shutdown()
        self._reading.shutdown()

    async def _read(
        self, query: str, values: tuple[Any, ...], fields: Sequence[str], *, all_of_it: bool = True
    ) -> list[Row]:
        if self._reader is None:
            await self._run(self._writing, self._file.open)

        def read() -> list[Row]:
            self._reader = self._reader or _connect(self._path)
            found = (_row(one, fields) for one in self._reader.execute(query, values))
            return [row for row in found if all_of_it or row.fields]

        return await self._run(self._reading, read)

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    async def _run(self, thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, work)
        except (sqlite3.Error, OSError) as error:
            hint = "is the disk full or read-only? A damaged file is to be moved away: a new one is begun"
            raise StoreUnavailable(f"{self._path}: {error}", hint=hint) from error


class _File:
    """The writing half: one connection and what it knows of series and types, used by one thread only."""

    def __init__(self, path: Path, now_ns: Callable[[], int]) -> None:
        self._path = path
        self._now_ns = now_ns
        self._connection: sqlite3.Connection | None = None
        self._series: dict[tuple[str, str, str], int] = {}
        self._types: dict[tuple[str, str], str] = {}
        self._purged_ns = 0

    def write(self, lines: Sequence[bytes]) -> list[RefusedLine]:
        connection = self.open()
        refused = []
        points = []
        oldest_ns = self._now_ns() - RETENTION_NS
        try:
            connection.execute("BEGIN IMMEDIATE")
            for index, line in enumerate(lines):
                try:
                    points.append(self._point(connection, line, oldest_ns))
                except ValueError as error:
                    refused.append(RefusedLine(index, str(error)))
            connection.executemany(_UPSERT, points)
            self._purge(connection, oldest_ns)
            connection.execute("COMMIT")
        except BaseException:
            self.close()  # what memory learned of series and types was rolled back: read it anew
            raise
        return refused

    def remove(self, measurement: str, device: str, begin_ns: int, end_ns: int) -> None:
        self.open().execute(_REMOVE, (measurement, device, begin_ns, end_ns))

    def open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = _connect(self._path)
            try:
                self._prepare(connection)
            except sqlite3.Error:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # the spool lets go of lines when we have them: a power cut must not take them from us
        connection.execute("PRAGMA synchronous = FULL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise sqlite3.DatabaseError(
                f"written by a newer Messnetz (format {version}, known up to {VERSION})"
            )
        if version == 0:
            connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT")
        known = connection.execute("SELECT measurement, device, tags, id FROM series")
        self._series = {(measurement, device, tags): number for measurement, device, tags, number in known}
        types = connection.execute("SELECT measurement, field, type FROM field_types")
        self._types = {(measurement, field): kind for measurement, field, kind in types}

    def _point(self, connection: sqlite3.Connection, line: bytes, oldest_ns: int) -> tuple[int, int, str]:
        """The row for one line; `ValueError` with words for one that is refused."""
        measurement, tags, fields, time_ns = parse(line)
        if time_ns >= 2**63:
            raise ValueError(f"time outside range: {time_ns} is more than 64 bits hold")
        if time_ns < oldest_ns:
            raise ValueError(
                f"points beyond retention policy: older than {RETENTION_NS // 86400 // 10**9} days"
            )
        self._fix_types(connection, measurement, fields)
        return self._number(connection, measurement, tags), time_ns, _json(fields)

    def _fix_types(self, connection: sqlite3.Connection, measurement: str, fields: dict[str, Any]) -> None:
        newcomers = []
        for field, value in fields.items():
            kind = _TYPES[type(value)]
            fixed = self._types.get((measurement, field))
            if fixed is None:
                newcomers.append((measurement, field, kind))
            elif fixed != kind:
                raise ValueError(
                    f'field type conflict: input field "{field}" on measurement "{measurement}"'
                    f" is type {kind}, already exists as type {fixed}"
                )
        if newcomers:
            connection.executemany("INSERT INTO field_types VALUES (?, ?, ?)", newcomers)
            self._types.update({(one, field): kind for one, field, kind in newcomers})

    def _number(self, connection: sqlite3.Connection, measurement: str, tags: dict[str, str]) -> int:
        key = (measurement, tags.get("device", ""), _json(tags))
        number = self._series.get(key)
        if number is None:
            insert = "INSERT INTO series (measurement, device, tags) VALUES (?, ?, ?) RETURNING id"
            (number,) = connection.execute(insert, key).fetchone()
            self._series[key] = number
        return int(number)

    def _purge(self, connection: sqlite3.Connection, oldest_ns: int) -> None:
        if oldest_ns - self._purged_ns >= PURGE_EVERY_NS:
            connection.execute(_PURGE, (oldest_ns,))
            self._purged_ns = oldest_ns


def _json(values: dict[str, Any] | Sequence[str]) -> str:
    return _encode(values).decode()


def _connect(path: Path) -> sqlite3.Connection:
    # autocommit: transactions are begun and ended by name. The time-out bounds a wait for a backup's lock
    return sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)


def _row(found: tuple[int, str, str], fields: Sequence[str]) -> Row:
    time_ns, tags, stored = found
    values = _decode(stored)
    return Row(time_ns, _decode(tags), {field: values[field] for field in fields if field in values})
