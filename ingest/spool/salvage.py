"""What can still be read of the lines that waited in a damaged spool."""

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ingest import read_only

#: Rows looked for before the last one when the first cannot be found: hours of a store that is away.
_ROWS = 1_000_000
_ENDS = (
    "SELECT min(id), max(id) FROM waiting",
    f"SELECT seq - {_ROWS}, seq FROM sqlite_sequence WHERE name = 'waiting'",  # noqa: S608  a constant
)


class Salvaged(NamedTuple):
    """A row of waiting lines, or that there is one that cannot be read (no lines)."""

    lines: list[bytes]


def salvage(path: Path) -> Iterator[Salvaged]:
    """Every row that is what was written, in the order of commits; raises `sqlite3.Error` when none can be.

    Each row is asked for alone, so that a page of noise costs the rows on it and no others; the checksum
    tells noise within a row.
    """
    with contextlib.closing(read_only.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")  # reads on where the schema itself is damaged
        first, last = _ends(connection)
        for number in range(first, last + 1):
            row = _row(connection, number)
            if row is not None:
                yield row


def _ends(connection: sqlite3.Connection) -> tuple[int, int]:
    for query in _ENDS[:-1]:
        with contextlib.suppress(sqlite3.DatabaseError):
            first, last = connection.execute(query).fetchone()
            return (first, last) if first is not None else (1, 0)
    first, last = connection.execute(_ENDS[-1]).fetchone() or (1, 0)
    return max(first, 1), last


def _row(connection: sqlite3.Connection, number: int) -> Salvaged | None:
    try:
        found = connection.execute("SELECT count, crc, lines FROM waiting WHERE id = ?", (number,)).fetchone()
    except sqlite3.DatabaseError:
        return Salvaged([])
    if found is None:
        return None
    count, crc, lines = found
    if not isinstance(lines, bytes) or zlib.crc32(lines) != crc or lines.count(b"\n") != count - 1:
        return Salvaged([])
    return Salvaged(lines.split(b"\n"))
