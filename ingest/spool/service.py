"""The spool as the event loop sees it: every method returns after the spool's thread has done it."""

import errno
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from devices.state import DeviceState
from ingest import settings
from ingest.errors import SpoolError
from ingest.group import DeadLetter, Group, Kept
from ingest.seams import RefusedLine
from ingest.spool import budget, bulk, dead_letters, frames, hours, quarantine, states, waiting
from ingest.spool.budget import CHUNK
from ingest.spool.damage import Damaged
from ingest.spool.dead_letters import DeadFilter
from ingest.spool.disk import Disk, Done, Figures
from ingest.spool.hours import Book, Due, Progress
from ingest.spool.lock import take_lock
from ingest.spool.quarantine import KeptFilter
from ingest.spool.states import StateLog
from ingest.spool.waiting import Waiting
from ingest.spool.worker import Worker

T = TypeVar("T")

#: The name of the spool in its state folder.
FILE_NAME = "spool.db"


class Committed(msgspec.Struct, frozen=True):
    """A transaction that is on the disk; `dropped` counts refusals that gave way, by `<table>.<budget>`."""

    dropped: Counter[str]


def _ignore_damage(_path: Path, _lines_lost: int) -> None:
    pass


def _ignore_chunk(_rows: int) -> None:
    pass


def _nothing_follows() -> None:
    pass


def open_spool(
    state_dir: Path,
    limits: settings.Spool,
    on_damaged: Callable[[Path, int], None] = _ignore_damage,
) -> "Spool":
    """Open the spool of a state folder, or begin one; blocks, and holds the folder's lock until `close`.

    Raises `SpoolLocked`, `SpoolTooNew`, or `SpoolError` when folder or disk do not let it. A damaged file
    is set aside. `on_damaged(path, waiting lines lost)` is called for every such file: here (the lines were
    not counted yet: 0), later on the event loop's thread.
    """
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = take_lock(state_dir)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise SpoolError(
            f"the state folder {state_dir} cannot be used: {error}",
            hint="make room on its file system, or name another `state` in the settings"
            if full
            else "let the user that Messnetz runs as write there, or name another `state` in the settings",
        ) from error
    worker = Worker("spool")
    spool = Spool(Disk(state_dir / FILE_NAME), limits, worker, lock, on_damaged)
    try:
        spool.observe(worker.call_and_wait(lambda: spool.disk.run(spool.load)))
    except BaseException:
        spool.close()
        raise
    return spool


class Spool:
    """What waits on our disk. All methods are called on the event loop's thread.

    Each raises `SpoolBusy` when the disk took nothing: nothing has changed then, and the same call may be
    repeated. A call that is cancelled may have been done. The properties are true as of the last return.
    """

    def __init__(
        self,
        disk: Disk,
        limits: settings.Spool,
        worker: Worker,
        lock: int,
        on_damaged: Callable[[Path, int], None],
    ) -> None:
        self.disk = disk
        self.state_log = StateLog()
        self.book = Book()
        self.figures = Figures()
        self.damaged = ""  #: when a spool was set aside since the start: which and why, for `/readyz`
        self.on_begun_anew: Callable[[], None] = lambda: None  #: the new spool lacks what is in memory
        self.unreadable_states: Sequence[str] = ()  #: keys that `states` had to leave out
        self._limits = limits
        self._worker = worker
        self._lock: int | None = lock
        self._on_damaged = on_damaged

    @property
    def waiting_lines(self) -> int:
        """Lines on the disk that the store has not answered for."""
        return self.figures.waiting_lines

    @property
    def waiting_bytes(self) -> int:
        """Their bytes."""
        return self.figures.waiting_bytes

    @property
    def oldest_waiting_ns(self) -> int | None:
        """When the oldest of them was committed, None when none waits."""
        return self.figures.oldest_waiting_ns

    @property
    def full(self) -> bool:
        """Whether the budget for waiting lines is used up; a commit would be taken nevertheless."""
        return self.figures.waiting_bytes >= self._limits.waiting_bytes

    def load(self, connection: sqlite3.Connection) -> None:
        """Take up what another run left, on the spool's thread."""
        self.state_log.load(connection)
        self.book.load(connection)

    # --- the way of the lines ------------------------------------------------------------------------

    async def commit(self, group: Group) -> Committed:
        """Put a group on the disk, all of it or nothing."""

        def operation(connection: sqlite3.Connection) -> Committed:
            self.disk.check_room(connection)
            return Committed(self._write(connection, group))

        return await self._do(operation, then=partial(self.state_log.written, group.states))

    def _write(self, connection: sqlite3.Connection, group: Group) -> Counter[str]:
        dropped: Counter[str] = Counter()
        if group.released:
            quarantine.release(connection, group.released)
        if group.lines:
            waiting.append(connection, group.lines, time.time_ns())
        if group.lines or group.touched:
            self.book.mark(connection, group.lines, group.touched)
        if group.dead:
            dropped += dead_letters.insert(connection, group.dead, self._limits)
        if group.kept:
            dropped += quarantine.insert(connection, group.kept, self._limits)
        self.state_log.write(connection, group.states)
        frames.append(connection, group.frames)
        return dropped

    async def read(self, limit_lines: int, limit_bytes: int) -> Waiting | None:
        """The oldest waiting lines up to both limits, one group in any case; None when none waits."""

        def operation(connection: sqlite3.Connection) -> Waiting | None:
            found = waiting.read(connection, limit_lines, limit_bytes)
            if found is None and self.disk.figures.waiting_rows:
                raise Damaged(f"{self.disk.figures.waiting_rows} rows of waiting lines are gone")
            self.disk.in_hand = found
            return found

        return await self._do(operation)

    async def settle(
        self, answered: Waiting, refused: Sequence[RefusedLine], dead: Sequence[DeadLetter]
    ) -> Committed:
        """Take lines off the disk that the store answered for; each refused one becomes a dead letter."""
        if len(refused) != len(dead):
            raise ValueError(f"{len(refused)} refused lines, but {len(dead)} dead letters")

        def operation(connection: sqlite3.Connection) -> Committed:
            waiting.delete(connection, answered)
            dropped = dead_letters.insert(connection, dead, self._limits) if dead else Counter[str]()
            return Committed(dropped)

        def empty_hand() -> None:
            self.disk.in_hand = None

        return await self._do(operation, then=empty_hand)

    # --- memory ----------------------------------------------------------------------------------------

    async def states(self) -> dict[str, DeviceState]:
        """The memory of each installation; `unreadable_states` names what had to be left out."""
        found, self.unreadable_states = await self._do(states.read)
        return found

    async def frames(self) -> bytes:
        """The frames that were stored last, for `ingest.frames.Frames`."""
        return await self._do(frames.read)

    # --- finished hours --------------------------------------------------------------------------------

    @property
    def hours(self) -> Mapping[str, Progress]:
        """How far the hours of each measurement are finished."""
        return self.book.progress

    async def put_hours(self, progress: Mapping[str, Progress]) -> None:
        """Write the progress of these measurements; from here on lines before `closed_ns` are marked."""
        await self._do(
            lambda connection: hours.put(connection, progress), then=partial(self.book.written, progress)
        )

    async def due_hours(self, limit: int) -> list[Due]:
        """Finished hours that lines came late for, by measurement and time."""
        return await self._do(lambda connection: hours.due(connection, limit))

    async def settle_hours(self, done: Sequence[Due]) -> None:
        """Forget that these are due, unless more lines have come for them since."""
        await self._do(lambda connection: hours.settle(connection, done))

    # --- what was refused ------------------------------------------------------------------------------

    async def kept(self, chosen: KeptFilter, *, after: Kept | None = None, limit: int) -> list[Kept]:
        """A page of the quarantine, ordered by the rows' own time, beginning behind `after`."""
        return await self._do(lambda connection: quarantine.page(connection, chosen, after, limit))

    async def quarantined_addresses(self) -> set[str]:
        """Addresses of which at least one message waits to be registered."""
        return await self._do(quarantine.unknown_addresses)

    async def drop_kept(self, chosen: KeptFilter) -> int:
        """Forget rows of the quarantine; returns how many."""
        where, values = quarantine.condition(chosen)
        last = self.figures.last_quarantine_id
        return await self._each_chunk(
            partial(_drop, table="quarantine", where=where, values=values, last=last)
        )

    async def drop_dead(self, chosen: DeadFilter) -> int:
        """Forget dead letters; returns how many."""
        where, values = dead_letters.condition(chosen)
        last = self.figures.last_dead_letters_id
        return await self._each_chunk(
            partial(_drop, table="dead_letters", where=where, values=values, last=last)
        )

    async def requeue_dead(self, chosen: DeadFilter, on_requeued: Callable[[int], None]) -> int:
        """Let lines that the store refused wait for it again; returns how many.

        Each changes over in one transaction, of which `on_requeued` is told at once, so that lines waiting
        and lines counted never part; what the store refuses again meanwhile is not taken twice.
        """
        last = self.figures.last_dead_letters_id
        requeue = partial(_requeue, chosen=chosen, last=last, book=self.book)
        return await self._each_chunk(requeue, on_requeued)

    async def expire(self, now_ns: int) -> Counter[str]:
        """Drop refusals that are older than they are kept, and give the file's free space back.

        Returns how many were dropped, by `<table>.age`. To be called now and then.
        """
        dropped: Counter[str] = Counter()
        tables: tuple[budget.Table, ...] = ("quarantine", "dead_letters")
        for table in tables:
            drop = partial(budget.expire, table=table, now_ns=now_ns, limits=self._limits)
            dropped[f"{table}.age"] += await self._each_chunk(drop)
        while await self._do(self.disk.give_back):
            pass
        return +dropped  # without the zeros

    # --- the thread ------------------------------------------------------------------------------------

    async def _each_chunk(
        self, operation: Callable[[sqlite3.Connection], int], on_chunk: Callable[[int], None] = _ignore_chunk
    ) -> int:
        """Repeat an operation until it finds nothing; between two transactions, commits get their turn."""
        total = 0
        while done := await self._do(operation):
            on_chunk(done)
            total += done
        return total

    async def _do(
        self, operation: Callable[[sqlite3.Connection], T], *, then: Callable[[], None] = _nothing_follows
    ) -> T:
        return self.observe(await self._worker.call(lambda: self._run(operation, then)))

    def _run(self, operation: Callable[[sqlite3.Connection], T], then: Callable[[], None]) -> Done[T]:
        """Run `operation` as one transaction, and `then` once it is on the disk, on the spool's thread."""
        done = self.disk.run(operation)
        if done.error is None:
            then()
        return done

    def observe(self, done: Done[T]) -> T:
        """Make known what the thread found; returns the operation's value or raises its error."""
        self.figures = done.figures
        if done.damage:
            self.damaged = done.damage.sentence
            self._on_damaged(done.damage.path, done.damage.lines_lost)
            self.on_begun_anew()
        if done.error:
            raise done.error
        return cast(T, done.value)

    def close(self) -> None:
        """Finish what was begun, close the file, give the lock back. Idempotent."""
        if self._lock is None:
            return
        self._worker.call_and_wait(self.disk.close)
        self._worker.stop()
        os.close(self._lock)
        self._lock = None


def _drop(
    connection: sqlite3.Connection, table: budget.Table, where: str, values: Sequence[str | int], last: int
) -> int:
    return connection.execute(
        f"DELETE FROM {table} WHERE id IN"  # noqa: S608  values are bound
        f" (SELECT id FROM {table} WHERE {where} AND id <= ? ORDER BY id LIMIT {CHUNK})",
        (*values, last),
    ).rowcount


def _requeue(connection: sqlite3.Connection, chosen: DeadFilter, last: int, book: Book) -> int:
    """Only what the store refused: a line that our own rules refuse must not become data by another way."""
    refused = chosen._replace(kind="refused")
    rows = [row for row in dead_letters.page(connection, refused, CHUNK) if row.id <= last]
    if rows:
        lines = [row.line for row in rows]
        waiting.append(connection, lines, time.time_ns())
        book.mark(connection, lines)
        connection.execute(
            "DELETE FROM dead_letters WHERE id IN (SELECT value FROM json_each(?))",
            (bulk.members(row.id for row in rows),),
        )
    return len(rows)
