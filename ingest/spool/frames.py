"""The log of stored frames: a row a group, the oldest rows removed now and then."""

import sqlite3
from collections.abc import Sequence
from typing import cast

from ingest.frames import GENERATION


def append(connection: sqlite3.Connection, frames: Sequence[bytes]) -> None:
    """Add one row, if there is any frame; keeps the last `GENERATION` and less than as many again."""
    if not frames:
        return
    row = connection.execute(
        "INSERT INTO frames (log_end, frames) VALUES ((SELECT coalesce(max(log_end), 0) FROM frames) + ?, ?)",
        (len(frames), b"".join(frames)),
    )
    end = cast(int, row.lastrowid)  # which is `log_end`
    if end // GENERATION > (end - len(frames)) // GENERATION:
        connection.execute("DELETE FROM frames WHERE log_end <= ?", (end - GENERATION,))


def read(connection: sqlite3.Connection) -> bytes:
    """All of them one behind the other, the oldest first."""
    return b"".join(row for (row,) in connection.execute("SELECT frames FROM frames ORDER BY log_end"))
