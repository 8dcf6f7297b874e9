"""The embedded store in columns, read beside the running service."""

import asyncio
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json

from ingest import read_only
from ingest.seams import StoreUnavailable
from ingest.store import columns, embedded
from ingest.store.tables import TAG_COLUMNS

_KINDS = "SELECT field, type FROM field_types WHERE measurement = ?"
_SERIES = "SELECT id, tags FROM series WHERE measurement = ?"
_OF_DEVICES = " AND device IN (SELECT value FROM json_each(?))"
#: A series' rows as one text of JSON lines, in which each row has its time: a step of SQLite a row would give
#: up the interpreter's lock 200 000 times a slice. No field's name begins with `@`.
_ROWS = """
SELECT count(*), group_concat('{"@time":' || time_ns || ',' || substr(fields, 2), char(10)) FROM points
WHERE series = ? AND time_ns >= ? AND time_ns < ?
"""
_TIME = "@time"
#: What the reader of JSON takes at once; no row is as long.
_BLOCK = 1 << 22
_tags = msgspec.json.Decoder(dict[str, str]).decode


class EmbeddedTables:
    """A `Tables` on `path`, which it never makes or changes: where no file is, there are no rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "tables-reader")

    async def read(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> pa.Table:
        """See `ingest.store.tables.Tables.read`."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, self._read, measurement, fields, begin_ns, end_ns, devices
        )

    async def close(self) -> None:
        """End the thread; what is being read is read first."""
        await asyncio.to_thread(self._thread.shutdown)

    def _read(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None,
    ) -> pa.Table:
        if not self._path.exists():
            return columns.empty(columns.types_of(fields, ()))
        try:
            while True:
                before = self._unguarded()
                # opened for each answer: how depends on whether a service writes the file, which may change
                with closing(read_only.connect(self._path)) as connection:
                    connection.text_factory = bytes
                    found = _table(connection, measurement, fields, begin_ns, end_ns, devices)
                if before is None or before == self._unguarded():
                    return found
        except (sqlite3.Error, OSError) as error:
            hint = "may this user read it? A damaged file is to be moved away: a new one is begun"
            raise StoreUnavailable(f"{self._path}: {error}", hint=hint) from error

    def _unguarded(self) -> tuple[int, int] | None:
        """What changes with a file that is read without locks, for nobody writes it; None: with locks."""
        if Path(f"{self._path}-wal").exists():
            return None
        stat = self._path.stat()
        return stat.st_mtime_ns, stat.st_size


def _table(
    connection: sqlite3.Connection,
    measurement: str,
    fields: Sequence[str],
    begin_ns: int,
    end_ns: int,
    devices: Sequence[str] | None,
) -> pa.Table:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > embedded.VERSION:
        raise sqlite3.DatabaseError(
            f"written by a newer Messnetz (format {version}, known up to {embedded.VERSION})"
        )
    if version == 0:  # just begun
        return columns.empty(columns.types_of(fields, ()))
    known = connection.execute(_KINDS, (measurement,)).fetchall()
    types = columns.types_of(fields, ((field.decode(), kind.decode()) for field, kind in known))
    lines: list[bytes] = []
    places: list[pa.Array] = []
    series = _series(connection, measurement, devices)
    for place, (number, _) in enumerate(series):
        count, rows = connection.execute(_ROWS, (number, begin_ns, end_ns)).fetchone()
        if count:
            lines.append(rows)
            places.append(pa.repeat(pa.scalar(place, pa.int32()), count))
    if not lines:
        return columns.empty(types)
    rows = _parse(b"\n".join(lines), types).append_column("place", pa.chunked_array(places))
    rows = rows.filter(_any_valid(rows.column(field) for field in types))
    # those of a series stand together, the series in the order of their tags, and the sort is stable
    rows = rows.take(pc.sort_indices(rows.column(_TIME))).combine_chunks()
    at = rows.column("place").combine_chunks()
    tags = [_tag_column([one.get(name) for _, one in series], at) for name in TAG_COLUMNS]
    return pa.Table.from_arrays(
        [rows.column(_TIME), *tags, *map(rows.column, types)], schema=columns.schema(types)
    )


def _series(
    connection: sqlite3.Connection, measurement: str, devices: Sequence[str] | None
) -> list[tuple[int, dict[str, str]]]:
    """Numbers and tags, in the order of the tags."""
    if devices is None:
        found = connection.execute(_SERIES, (measurement,))
    else:
        names = msgspec.json.encode(devices).decode()
        found = connection.execute(_SERIES + _OF_DEVICES, (measurement, names))
    series = [(number, _tags(text)) for number, text in found]
    return sorted(series, key=lambda one: [one[1].get(name, "") for name in TAG_COLUMNS])


def _parse(lines: bytes, types: Mapping[str, pa.DataType]) -> pa.Table:
    """The time and the fields of these types of rows in JSON; what else is in them is passed over."""
    schema = pa.schema([(_TIME, pa.int64()), *types.items()])
    return json.read_json(
        pa.BufferReader(lines),
        read_options=json.ReadOptions(block_size=_BLOCK),
        parse_options=json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
    )


def _any_valid(found: Iterable[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Which rows have a value in any of these columns."""
    there, *more = map(pc.is_valid, found)
    for one in more:
        there = pc.or_(there, one)
    return there


def _tag_column(texts: Sequence[str | None], at: pa.Array) -> pa.DictionaryArray:
    """The text that each row's series has."""
    encoded = pa.array(texts, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.take(at), encoded.dictionary)
