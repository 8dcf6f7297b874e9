"""Lines on their way to the store: appended by the commit, read and deleted by the writer, in order."""

import sqlite3
import zlib
from collections.abc import Sequence

import msgspec

from ingest.spool.damage import Damaged


class Waiting(msgspec.Struct, frozen=True):
    """The oldest waiting lines; the rows that hold them have the ids `first_id` to `last_id`."""

    first_id: int
    last_id: int
    lines: list[bytes]


def append(
    connection: sqlite3.Connection, lines: Sequence[bytes], now_ns: int, row_id: int | None = None
) -> None:
    """Add one row. A line feed, which nothing of ours puts in a line, becomes a space."""
    joined = b"\n".join(lines)
    if joined.count(b"\n") != len(lines) - 1:
        joined = b"\n".join(line.replace(b"\n", b" ") for line in lines)
    connection.execute(
        "INSERT INTO waiting (id, committed_ns, count, bytes, crc, lines) VALUES (?, ?, ?, ?, ?, ?)",
        (row_id, now_ns, len(lines), len(joined), zlib.crc32(joined), joined),
    )


def read(connection: sqlite3.Connection, limit_lines: int, limit_bytes: int) -> Waiting | None:
    """The oldest rows up to both limits, the first one in any case; None when nothing waits."""
    lines: list[bytes] = []
    first_id = last_id = size = 0
    for row_id, count, length, crc, joined in connection.execute(
        "SELECT id, count, bytes, crc, lines FROM waiting ORDER BY id"
    ):
        if lines and (len(lines) + count > limit_lines or size + length > limit_bytes):
            break
        split = joined.split(b"\n")
        if len(split) != count or zlib.crc32(joined) != crc:
            raise Damaged(f"row {row_id} of the waiting lines is not what was written")
        lines += split
        size += length
        first_id, last_id = first_id or row_id, row_id
    return Waiting(first_id, last_id, lines) if lines else None


def delete(connection: sqlite3.Connection, waiting: Waiting) -> None:
    """Forget rows that were read; they are the oldest, so no other lies between their ids."""
    connection.execute("DELETE FROM waiting WHERE id BETWEEN ? AND ?", (waiting.first_id, waiting.last_id))
