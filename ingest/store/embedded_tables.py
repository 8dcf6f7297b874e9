"""The embedded store as columns, read beside the running service."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pyarrow as pa
from pyarrow import json

from ingest import read_only
from ingest.seams import StoreUnavailable
from ingest.store import columns, embedded

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
            return columns.empty(columns.types_of(fields, {}))
        try:
            # opened for each answer: whether a service writes the file decides how, and may change
            with closing(read_only.connect(self._path)) as connection:
                return _table(connection, measurement, fields, begin_ns, end_ns, devices)
        except (sqlite3.Error, OSError) as error:
            hint = "is the disk full or read-only? A damaged file is to be moved away: a new one is begun"
            raise StoreUnavailable(f"{self._path}: {error}", hint=hint) from error


def _table(
    connection: sqlite3.Connection,
    measurement: str,
    fields: Sequence[str],
    begin_ns: int,
    end_ns: int,
    devices: Sequence[str] | None,
) -> pa.Table:
    connection.text_factory = bytes
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > embedded.VERSION:
        raise sqlite3.DatabaseError(
            f"written by a newer Messnetz (format {version}, known up to {embedded.VERSION})"
        )
    if version == 0:  # just begun
        return columns.empty(columns.types_of(fields, {}))
    known = {field.decode(): kind.decode() for field, kind in connection.execute(_KINDS, (measurement,))}
    types = columns.types_of(fields, known)
    named = () if devices is None else (msgspec.json.encode(devices).decode(),)
    query = _SERIES if devices is None else _SERIES + _OF_DEVICES
    series = connection.execute(query, (measurement, *named)).fetchall()
    lines: list[bytes] = []
    places: list[pa.Array] = []
    for place, (number, _) in enumerate(series):
        count, rows = connection.execute(_ROWS, (number, begin_ns, end_ns)).fetchone()
        if count:
            lines.append(rows)
            places.append(pa.repeat(pa.scalar(place, pa.int32()), count))
    if not lines:
        return columns.empty(types)
    read = _parse(b"\n".join(lines), types)
    tags = [_tags(text) for _, text in series]
    return columns.assemble(read.column(_TIME), pa.concat_arrays(places), tags, read.select(list(types)))


def _parse(lines: bytes, types: Mapping[str, pa.DataType]) -> pa.Table:
    """The time and the fields of these types of rows in JSON; what else is in them is passed over."""
    schema = pa.schema([(_TIME, pa.int64()), *types.items()])
    return json.read_json(
        pa.BufferReader(lines),
        read_options=json.ReadOptions(block_size=_BLOCK),
        parse_options=json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
    )
