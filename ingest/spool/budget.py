"""How much is kept of what was refused, and who gives way."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from ingest import settings
from ingest.spool import bulk
from ingest.spool.damage import Damaged

Table = Literal["quarantine", "dead_letters"]

#: What a row takes up besides its texts and its blob: header, index entries, its holder's part.
ROW_BYTES = 128

#: Rows deleted in one transaction, so that commits get their turn in between.
CHUNK = 1000

_DAY_NS = 86_400 * 10**9


def keep_within(
    connection: sqlite3.Connection, table: Table, holders: Iterable[str], limits: settings.Spool
) -> Counter[str]:
    """Drop the oldest rows of `holders` beyond their number, then of whoever holds most beyond the bytes.

    Returns how many rows were dropped by `<table>.device` and `<table>.bytes`.
    """
    dropped: Counter[str] = Counter()
    for holder, rows in connection.execute(
        f"SELECT holder, rows FROM {table}_holders"  # noqa: S608  one of two names
        " WHERE holder IN (SELECT value FROM json_each(?)) AND rows > ?",
        (bulk.members(holders), limits.refusals_per_device),
    ).fetchall():
        dropped[f"{table}.device"] += _drop_oldest(
            connection, table, holder, rows - limits.refusals_per_device
        )
    budget = limits.quarantine_bytes if table == "quarantine" else limits.dead_letter_bytes
    while _bytes_held(connection, table) > budget:
        dropped[f"{table}.bytes"] += _drop_oldest(connection, table, _biggest_holder(connection, table), 1)
    return dropped


def expire(connection: sqlite3.Connection, table: Table, now_ns: int, limits: settings.Spool) -> int:
    """Drop at most `CHUNK` rows that arrived longer ago than they are kept; returns how many."""
    return connection.execute(
        f"DELETE FROM {table} WHERE id IN"  # noqa: S608  one of two names
        f" (SELECT id FROM {table} WHERE arrival_ns < ? ORDER BY arrival_ns LIMIT {CHUNK})",
        (now_ns - limits.refusals_days * _DAY_NS,),
    ).rowcount


def _bytes_held(connection: sqlite3.Connection, table: Table) -> int:
    (held,) = connection.execute(f"SELECT {table}_bytes FROM totals").fetchone()  # noqa: S608  one of two names
    return int(held)


def _biggest_holder(connection: sqlite3.Connection, table: Table) -> str:
    row = connection.execute(
        f"SELECT holder FROM {table}_holders ORDER BY bytes DESC, holder DESC LIMIT 1"  # noqa: S608  one of two names
    ).fetchone()
    if row is None:
        raise Damaged(f"{table} holds bytes that nobody holds")
    return str(row[0])


def _drop_oldest(connection: sqlite3.Connection, table: Table, holder: str, rows: int) -> int:
    dropped = connection.execute(
        f"DELETE FROM {table} WHERE id IN"  # noqa: S608  one of two names
        f" (SELECT id FROM {table} WHERE holder = ? ORDER BY id LIMIT ?)",
        (holder, rows),
    ).rowcount
    if dropped != rows:
        raise Damaged(f"{table} has fewer rows of {holder!r} than it counted")
    return dropped
