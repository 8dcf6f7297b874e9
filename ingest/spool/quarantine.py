"""Messages that were refused: kept whole, listed, replayed, dropped."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from ingest import settings
from ingest.group import Kept
from ingest.spool import bulk
from ingest.spool.budget import ROW_BYTES, keep_within


class KeptFilter(NamedTuple):
    """Which rows are meant: all that match what is not None; `since_ns` by their own time."""

    id: int | None = None
    address: str | None = None
    outcome: str | None = None
    reason: str | None = None
    since_ns: int | None = None


class KeptSummary(msgspec.Struct, frozen=True):
    """Rows of one sender with one reason; `detail` is the newest one's."""

    address: str
    outcome: str
    reason: str
    count: int
    first_ns: int  #: arrival
    last_ns: int  #: arrival
    detail: str


class KeptReason(msgspec.Struct, frozen=True):
    """Rows with one reason; `detail` is the newest one's."""

    outcome: str
    reason: str
    count: int
    senders: int
    detail: str


#: Bytes of payload in one page at most (one row in any case).
PAGE_BYTES = 8 * 1024**2

_COLUMNS = "outcome, reason, detail, source, format, topic, address, arrival_ns, time_ns"
_VALUES = ", ".join(map(bulk.column, range(9)))
_INSERT = (
    f"INSERT INTO quarantine (payload, holder, bytes, written, {_COLUMNS})"  # noqa: S608  constants of this module
    f" SELECT {bulk.BLOB}, {bulk.column(9)}, {bulk.column(10)}, {bulk.column(11)}, {_VALUES}"
    " FROM json_each(?1)"
)


def insert(connection: sqlite3.Connection, kept: Sequence[Kept], limits: settings.Spool) -> Counter[str]:
    """Add rows, keep the table within its budgets; returns what was dropped for it, by table and budget."""
    connection.execute(_INSERT, bulk.pack((row.payload, _values(row)) for row in kept))
    return keep_within(connection, "quarantine", {row.address or row.topic for row in kept}, limits)


def _values(row: Kept) -> tuple[str | int, ...]:
    texts = (row.outcome, row.reason, row.detail, row.source, row.format, row.topic, row.address)
    size = ROW_BYTES + len(row.payload) + len(row.written) + sum(map(len, texts))
    return (*texts, row.arrival_ns, row.time_ns, row.address or row.topic, size, row.written)


def release(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Delete rows that became something else."""
    connection.execute(
        "DELETE FROM quarantine WHERE id IN (SELECT value FROM json_each(?))", (bulk.members(ids),)
    )


def page(connection: sqlite3.Connection, chosen: KeptFilter, after: Kept | None, limit: int) -> list[Kept]:
    """At most `limit` rows, ordered by their own time, then id, beginning behind `after`."""
    where, values = condition(chosen)
    if after is not None:
        where += " AND (time_ns, id) > (?, ?)"
        values += [after.time_ns, after.id]
    rows: list[Kept] = []
    size = 0
    for row in connection.execute(
        f"SELECT {_COLUMNS}, payload, id, written FROM quarantine"  # noqa: S608  values are bound
        f" WHERE {where} ORDER BY time_ns, id LIMIT ?",
        (*values, limit),
    ):
        kept = Kept(*row)
        size += len(kept.payload)
        if rows and size > PAGE_BYTES:
            break
        rows.append(kept)
    return rows


def condition(chosen: KeptFilter) -> tuple[str, list[str | int]]:
    """The filter as SQL and its values."""
    where, values = "TRUE", list[str | int]()
    for name in ("id", "address", "outcome", "reason"):
        if (value := getattr(chosen, name)) is not None:
            where += f" AND {name} = ?"
            values.append(bulk.plain(value))
    if chosen.address:  # the index is by holder, which is the address where there is one
        where += " AND holder = ?"
        values.append(bulk.plain(chosen.address))
    if chosen.since_ns is not None:
        where += " AND time_ns >= ?"
        values.append(bulk.plain(chosen.since_ns))
    return where, values


def newest(connection: sqlite3.Connection, chosen: KeptFilter, limit: int) -> list[Kept]:
    """At most `limit` rows, the last that came first."""
    where, values = condition(chosen)
    found = connection.execute(
        f"SELECT {_COLUMNS}, payload, id, written FROM quarantine"  # noqa: S608  values are bound
        f" WHERE {where} ORDER BY id DESC LIMIT ?",
        (*values, limit),
    )
    return [Kept(*row) for row in found]


def summary(connection: sqlite3.Connection, chosen: KeptFilter, limit: int) -> tuple[list[KeptSummary], int]:
    """How many rows of which sender with which reason, the most first, of equally many the newest.

    At most `limit` of them, and how many there are.
    """
    where, values = condition(chosen)
    found = connection.execute(
        "SELECT s.address, s.outcome, s.reason, s.count, s.first_ns, s.last_ns, quarantine.detail, s.there"  # noqa: S608  values are bound
        " FROM (SELECT address, outcome, reason, count(*) AS count, min(arrival_ns) AS first_ns,"
        "  max(arrival_ns) AS last_ns, max(id) AS newest, count(*) OVER () AS there FROM quarantine"
        f"  WHERE {where} GROUP BY 1, 2, 3 ORDER BY count DESC, newest DESC LIMIT ?) s"
        " JOIN quarantine ON quarantine.id = s.newest ORDER BY s.count DESC, s.newest DESC",
        (*values, limit),
    ).fetchall()
    return [KeptSummary(*row) for *row, _ in found], found[0][-1] if found else 0


def reasons(connection: sqlite3.Connection) -> list[KeptReason]:
    """How many rows there are for which reason, the most first."""
    found = connection.execute(
        "SELECT r.outcome, r.reason, r.count, r.senders, quarantine.detail"
        " FROM (SELECT outcome, reason, count(*) AS count, count(DISTINCT holder) AS senders,"
        "  max(id) AS newest FROM quarantine GROUP BY 1, 2) r"
        " JOIN quarantine ON quarantine.id = r.newest ORDER BY r.count DESC, r.newest DESC"
    )
    return [KeptReason(*row) for row in found]


def oldest_ns(connection: sqlite3.Connection) -> int | None:
    """The earliest own time of a row; None when there is none."""
    (time_ns,) = connection.execute("SELECT min(time_ns) FROM quarantine").fetchone()
    return None if time_ns is None else int(time_ns)


def unknown_addresses(connection: sqlite3.Connection) -> set[str]:
    """Addresses of which at least one message waits to be registered."""
    return {
        address
        for (address,) in connection.execute("SELECT holder FROM quarantine_holders WHERE unknown > 0")
    }
