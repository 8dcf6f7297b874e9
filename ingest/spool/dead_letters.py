"""Lines that were refused for good: kept, listed, sent to the store again, dropped."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from ingest import settings
from ingest.group import DeadLetter
from ingest.spool import bulk
from ingest.spool.budget import ROW_BYTES, keep_within


class DeadFilter(NamedTuple):
    """Which dead letters are meant: all that match what is not None."""

    id: int | None = None
    device: str | None = None
    kind: str | None = None


class DeadSummary(msgspec.Struct, frozen=True):
    """Dead letters of one device with one reason."""

    device: str
    kind: str
    reason: str
    count: int
    first_ns: int  #: arrival
    last_ns: int  #: arrival


_INSERT = (
    "INSERT INTO dead_letters (line, kind, reason, holder, arrival_ns, bytes)"  # noqa: S608  constants of this module
    f" SELECT {bulk.BLOB}, {', '.join(map(bulk.column, range(5)))} FROM json_each(?1)"
)


def insert(
    connection: sqlite3.Connection, dead: Sequence[DeadLetter], limits: settings.Spool
) -> Counter[str]:
    """Add rows, keep the table within its budgets; returns what was dropped for it, by table and budget."""
    connection.execute(_INSERT, bulk.pack((row.line, _values(row)) for row in dead))
    return keep_within(connection, "dead_letters", {row.device for row in dead}, limits)


def _values(row: DeadLetter) -> tuple[str | int, ...]:
    size = ROW_BYTES + len(row.line) + len(row.kind) + len(row.reason) + len(row.device)
    return row.kind, row.reason, row.device, row.arrival_ns, size


def page(connection: sqlite3.Connection, chosen: DeadFilter, limit: int) -> list[DeadLetter]:
    """The oldest `limit` dead letters, oldest first."""
    where, values = condition(chosen)
    return [
        DeadLetter(*row)
        for row in connection.execute(
            "SELECT line, kind, reason, holder, arrival_ns, id FROM dead_letters"  # noqa: S608  values are bound
            f" WHERE {where} ORDER BY id LIMIT ?",
            (*values, limit),
        )
    ]


def condition(chosen: DeadFilter) -> tuple[str, list[str | int]]:
    """The filter as SQL and its values."""
    where, values = "TRUE", list[str | int]()
    for column, value in (("id", chosen.id), ("holder", chosen.device), ("kind", chosen.kind)):
        if value is not None:
            where += f" AND {column} = ?"
            values.append(bulk.plain(value))
    return where, values


def summary(connection: sqlite3.Connection, limit: int) -> tuple[list[DeadSummary], int]:
    """How many lines of which device with which reason, the most first, of equally many the newest.

    At most `limit` of them, and how many there are.
    """
    found = connection.execute(
        "SELECT holder, kind, reason, count(*), min(arrival_ns), max(arrival_ns), count(*) OVER ()"
        " FROM dead_letters GROUP BY 1, 2, 3 ORDER BY 4 DESC, max(id) DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return [DeadSummary(*row) for *row, _ in found], found[0][-1] if found else 0
