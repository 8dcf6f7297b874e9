"""The spool read from outside, beside a running service or without one: read-only, in short transactions.

Each function takes the state folder; it raises `SpoolError` when there is no spool there that can be read.
"""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from devices.language import say
from devices.state import DeviceState
from ingest import read_only
from ingest.errors import SpoolError
from ingest.group import DeadLetter, Kept
from ingest.spool import dead_letters as dead_rows
from ingest.spool import disk, quarantine, states, waiting
from ingest.spool.damage import Damaged
from ingest.spool.dead_letters import DeadFilter, DeadSummary
from ingest.spool.disk import Figures
from ingest.spool.quarantine import KeptFilter, KeptReason, KeptSummary
from ingest.spool.service import FILE_NAME

T = TypeVar("T")

#: Of waiting lines that are read at once.
_LINES_BYTES = 8 * 1024**2


def kept(state_dir: Path, chosen: KeptFilter, *, limit: int) -> list[Kept]:
    """At most `limit` rows of the quarantine, in the order of their own time."""

    def query(connection: sqlite3.Connection) -> list[Kept]:
        rows: list[Kept] = []
        after: Kept | None = None
        while page := quarantine.page(connection, chosen, after, limit - len(rows)):
            rows += page
            after = page[-1]
        return rows

    return _read(state_dir, query)


def newest_kept(state_dir: Path, chosen: KeptFilter, *, limit: int) -> list[Kept]:
    """At most `limit` rows of the quarantine, the last that came first."""
    return _read(state_dir, lambda connection: quarantine.newest(connection, chosen, limit))


def kept_summary(
    state_dir: Path, *, outcome: str | None = None, address: str | None = None, limit: int
) -> tuple[list[KeptSummary], int]:
    """How many messages of which sender wait for which reason, the most first.

    At most `limit` rows, and how many there are.
    """
    chosen = KeptFilter(outcome=outcome, address=address)
    return _read(state_dir, lambda connection: quarantine.summary(connection, chosen, limit))


def kept_reasons(state_dir: Path) -> list[KeptReason]:
    """How many messages wait in the quarantine for which reason, the most first."""
    return _read(state_dir, quarantine.reasons)


def oldest_kept_ns(state_dir: Path) -> int | None:
    """The earliest time of a message in the quarantine, its own; None when there is none."""
    return _read(state_dir, quarantine.oldest_ns)


def oldest_lines(state_dir: Path, *, limit: int) -> list[bytes]:
    """Some `limit` of the lines that wait for the store, those that came first."""

    def query(connection: sqlite3.Connection) -> list[bytes]:
        found = waiting.read(connection, limit, _LINES_BYTES)
        return found.lines if found else []

    return _read(state_dir, query)


def state(state_dir: Path, key: str) -> DeviceState | None:
    """The memory of one installation, by `device|address`; None where it has none."""
    return _read(state_dir, lambda connection: states.read(connection)[0].get(key))


def dead_letters(state_dir: Path, chosen: DeadFilter, *, limit: int) -> list[DeadLetter]:
    """The oldest `limit` dead letters, oldest first."""
    return _read(state_dir, lambda connection: dead_rows.page(connection, chosen, limit))


def dead_summary(state_dir: Path, *, limit: int) -> tuple[list[DeadSummary], int]:
    """How many lines of which device were refused for which reason, the most first.

    At most `limit` rows, and how many there are.
    """
    return _read(state_dir, lambda connection: dead_rows.summary(connection, limit))


def figures(state_dir: Path) -> Figures:
    """What the spool holds."""
    return _read(state_dir, disk.read_figures)


def _read(state_dir: Path, query: Callable[[sqlite3.Connection], T]) -> T:
    path = state_dir / FILE_NAME
    if not path.exists():
        raise SpoolError(
            say("there is no spool in {folder}", folder=state_dir),
            hint=say("nothing ran on this state folder yet; is `state` in the settings the right one?"),
        )
    try:
        with contextlib.closing(read_only.connect(path)) as connection:
            return query(connection)
    except (sqlite3.DatabaseError, Damaged) as error:
        trouble = (
            say("is damaged, or is no database")
            if isinstance(error, Damaged)
            else read_only.database_trouble(error)
        )
        raise SpoolError(
            say("{file} {trouble}", file=path, trouble=trouble),
            hint=say("it may belong to another user, or be damaged: the service says which when it starts"),
        ) from error
