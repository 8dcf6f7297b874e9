"""The one connection to `spool.db`: transactions, and what happens when disk or file fail.

Everything here runs on the spool's own thread; `ingest.spool.service` is what the event loop sees.
"""

import contextlib
import errno
import os
import resource
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from ingest.errors import SpoolBusy
from ingest.spool import schema, waiting
from ingest.spool.damage import Damage, Damaged, is_damage, set_aside
from ingest.spool.waiting import Waiting

T = TypeVar("T")


class Figures(msgspec.Struct, frozen=True):
    """What the spool holds."""

    waiting_rows: int = 0
    waiting_lines: int = 0
    waiting_bytes: int = 0
    quarantine_rows: int = 0
    quarantine_bytes: int = 0
    dead_letters_rows: int = 0
    dead_letters_bytes: int = 0
    oldest_waiting_ns: int | None = None  #: when the oldest waiting line was committed; None: none waits
    last_waiting_id: int = 0
    last_quarantine_id: int = 0
    last_dead_letters_id: int = 0
    first_waiting_id: int | None = None  #: of the oldest waiting row; None: none waits


class Done(msgspec.Struct, Generic[T], frozen=True):
    """What became of one operation: its value or why there is none, and the truth after it."""

    value: T | None
    error: SpoolBusy | None
    figures: Figures
    damage: Damage | None


_FIGURES = """
SELECT waiting_rows, waiting_lines, waiting_bytes, quarantine_rows, quarantine_bytes,
    dead_letters_rows, dead_letters_bytes,
    (SELECT committed_ns FROM waiting ORDER BY id LIMIT 1),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'waiting'), 0),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'quarantine'), 0),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'dead_letters'), 0),
    (SELECT id FROM waiting ORDER BY id LIMIT 1)
FROM totals
"""

#: Free space that commits leave to the deletions, which need some before they give some back: bytes, and
#: the share of a small file system.
_RESERVE_BYTES = 32 * 1024**2
_RESERVE_SHARE = 20

_PAGE_BYTES = 4096  #: SQLite's default, which `schema` leaves

#: Free pages that stay in the file for the groups to come.
_KEEP_FREE = 4096
#: Free pages given back in one transaction: about 20 ms.
_GIVE_BACK = 500


def read_figures(connection: sqlite3.Connection) -> Figures:
    """What the spool holds, within the transaction of the connection; raises `Damaged` when it cannot say."""
    row = connection.execute(_FIGURES).fetchone()
    if row is None:
        raise Damaged("the totals are missing")
    return Figures(*row)


class Disk:
    """Owns the file: one transaction an operation, a damaged file set aside and a new one begun."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.figures = Figures()
        self.in_hand: Waiting | None = None  #: lines that were read and are not settled
        self._connection: sqlite3.Connection | None = None
        self._anew = False
        self._folder = path.parent
        self._wal = Path(f"{path}-wal")

    def run(self, operation: Callable[[sqlite3.Connection], T]) -> Done[T]:
        """Run an operation as one transaction.

        When the file turns out to be damaged it is set aside and the operation repeated on a new one. `error`
        tells that the disk took nothing of it. Faults of ours are raised.
        """
        damage = None
        while True:
            try:
                return Done(self._attempt(operation), None, self.figures, damage)
            except SpoolBusy as error:
                self._fold()
                return Done(None, error, self.figures, damage)
            except (Damaged, sqlite3.DatabaseError, OSError) as error:
                if isinstance(error, sqlite3.ProgrammingError):
                    raise
                if damage or not is_damage(error):
                    self._fold()
                    return Done(None, self._busy(error), self.figures, damage)
                try:
                    damage = self._set_aside(error)
                except OSError as failure:
                    return Done(None, self._busy(failure), self.figures, None)

    def _attempt(self, operation: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connected()
        connection.execute("BEGIN IMMEDIATE")
        try:
            value = operation(connection)
            figures = read_figures(connection)
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.rollback()
            raise
        self.figures = figures
        return value

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = schema.connect(self.path)
            try:
                if self._anew:
                    self._carry_over(connection)
            except BaseException:
                connection.close()
                raise
            self._anew = False
            self._connection = connection
        return self._connection

    def _carry_over(self, connection: sqlite3.Connection) -> None:
        """Keep the promises of the spool that was set aside: its ids, and the lines in the writer's hand."""
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM sqlite_sequence")
        connection.executemany(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
            (
                ("waiting", self.figures.last_waiting_id),
                ("quarantine", self.figures.last_quarantine_id),
                ("dead_letters", self.figures.last_dead_letters_id),
            ),
        )
        if self.in_hand:
            since_ns = self.figures.oldest_waiting_ns or time.time_ns()
            waiting.append(connection, self.in_hand.lines, since_ns, self.in_hand.last_id)
        connection.execute("COMMIT")

    def _set_aside(self, error: Exception) -> Damage:
        path = set_aside(self.path)
        in_hand = len(self.in_hand.lines) if self.in_hand else 0
        lost = max(self.figures.waiting_lines - in_hand, 0)
        self.figures = msgspec.structs.replace(Figures(), waiting_lines=in_hand, **self._last_ids())
        self._anew = True
        self.close()
        sentence = (
            f"the spool was damaged ({error}) and is set aside as {path}, with {lost} lines that waited"
        )
        return Damage(path, sentence, lost)

    def _last_ids(self) -> dict[str, int]:
        names = ("last_waiting_id", "last_quarantine_id", "last_dead_letters_id")
        return {name: getattr(self.figures, name) for name in names}

    def _busy(self, error: Exception) -> SpoolBusy:
        return SpoolBusy(
            f"the disk does not take the spool {self.path} now: {error}",
            hint=f"make room on the file system of {self.path.parent}, or mend the disk or its permissions",
        )

    def check_room(self, connection: sqlite3.Connection) -> None:
        """Raise `SpoolBusy` while there is only the room that deletions need, in file system and file."""
        free, total = self._room()
        needed = min(_RESERVE_BYTES, total // _RESERVE_SHARE)
        with contextlib.suppress(FileNotFoundError):
            needed += self._wal.stat().st_size  # its pages may be new to the file
        if free >= needed:
            return
        (pages,) = connection.execute("PRAGMA freelist_count").fetchone()
        if pages * _PAGE_BYTES < needed:
            raise self._busy(OSError(errno.ENOSPC, f"only {free // 1024} KiB are free"))

    def _room(self) -> tuple[int, int]:
        """Bytes by which the file may grow, and how many there are at all."""
        disk = os.statvfs(self._folder)
        free, total = disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
        limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
        if limit == resource.RLIM_INFINITY:
            return free, total
        return min(free, max(limit - self.path.stat().st_size, 0)), min(total, limit)

    def _fold(self) -> None:
        """Fold the write-ahead log into the file, so that a deletion finds room in it again."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def give_back(self, connection: sqlite3.Connection) -> bool:
        """Once the lines of an outage are gone, give free pages back; returns whether any were."""
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
        if free <= _KEEP_FREE or self.figures.waiting_bytes > _KEEP_FREE * _PAGE_BYTES:
            return False
        # `execute` would step once, which is one page; a script ends the transaction it finds.
        connection.executescript(f"PRAGMA incremental_vacuum({_GIVE_BACK}); BEGIN IMMEDIATE")
        return True

    def close(self) -> None:
        """Close the file; the write-ahead log is folded into it."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
