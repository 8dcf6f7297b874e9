"""The embedded store as columns, read beside the running service."""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
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
_POINTS = "SELECT time_ns, fields FROM points WHERE series = ? AND time_ns >= ? AND time_ns < ?"
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
    times: list[int] = []
    rows: list[bytes] = []
    numbers: list[int] = []
    for place, (number, _) in enumerate(series):
        found = connection.execute(_POINTS, (number, begin_ns, end_ns)).fetchall()
        times += [time_ns for time_ns, _ in found]
        rows += [stored for _, stored in found]
        numbers += [place] * len(found)
    if not rows:
        return columns.empty(types)
    return columns.assemble(
        pa.array(times, pa.int64()),
        pa.array(numbers, pa.int32()),
        [_tags(tags) for _, tags in series],
        _values(b"\n".join(rows), types),
    )


def _values(lines: bytes, types: dict[str, pa.DataType]) -> pa.Table:
    return json.read_json(
        BytesIO(lines),
        read_options=json.ReadOptions(block_size=_BLOCK),
        parse_options=json.ParseOptions(
            explicit_schema=pa.schema(list(types.items())), unexpected_field_behavior="ignore"
        ),
    ).select(list(types))
