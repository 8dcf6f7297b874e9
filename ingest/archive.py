"""Every accepted uplink, kept so that a mistake found later can be corrected: one file a day.

`<state>/archive/2026-03-10.db` is a SQLite file with the uplinks of that day (their own time, UTC): address,
time, and the uplink (payload, decoded object, radio) as MessagePack, compressed with zlib against a
dictionary that lies in the same file. It is bounded in days and bytes, and gives way where its disk, which is
the spool's too, gets full; the oldest day goes first.

It never stops the intake: an archive that does not answer within `PATIENCE_S` is no longer waited for until
it does; what comes meanwhile waits in memory, up to `WAITING_BYTES`. What the disk does not take is counted
and left out. It is no spool: no fsync waits for it, so a power cut may cost its last seconds. The end of our
process costs nothing: what was not yet acknowledged then comes again, and is kept.
"""

import asyncio
import contextlib
import datetime as dt
import hashlib
import os
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from devices.uplink import Kind, Uplink
from ingest import settings
from ingest.spool import bulk
from ingest.spool.worker import Worker

T = TypeVar("T")

#: The name of the archive in its state folder.
FOLDER = "archive"
#: Seconds that a group commit waits for the archive.
PATIENCE_S = 1.0
#: Days whose files are kept open; replayed uplinks may be of many.
OPEN_DAYS = 3
#: Bytes of messages whose uplinks wait in memory for a disk that does not answer.
WAITING_BYTES = 16 * 1024**2
#: Seconds that a reader waits for the disk, and the end of the process for what was begun.
READ_PATIENCE_S = 30.0
CLOSE_PATIENCE_S = 5.0
#: Bytes written between two looks at the budget and at the disk.
LOOK_EVERY = 1024**2
#: Free space that is left to others: bytes, and the share of a small disk. The spool stops at less.
RESERVE_BYTES = 256 * 1024**2
RESERVE_SHARE = 2

_DAY_NS = 86_400_000_000_000
_DAY_CHARS = len("2026-03-10")
_VERSION = 1
_SILENT = "the disk of the archive does not answer"
_SCHEMA = """
CREATE TABLE uplinks (
    address TEXT NOT NULL, time_ns INTEGER NOT NULL, device INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX by_address ON uplinks (address, time_ns);
CREATE TABLE dictionary (bytes BLOB NOT NULL);
"""
_INSERT = (
    f"INSERT INTO uplinks (body, address, time_ns, device)"  # noqa: S608  no value is in it
    f" SELECT {bulk.BLOB}, {bulk.column(0)}, {bulk.column(1)}, {bulk.column(2)} FROM json_each(?1)"
)
_FIRST = (
    "SELECT time_ns FROM uplinks WHERE address = ? AND time_ns >= ? AND time_ns < ? ORDER BY time_ns LIMIT 1"
)
_HOLDS = "SELECT time_ns FROM uplinks WHERE device = ? AND time_ns IN (SELECT value FROM json_each(?))"
_READ = "SELECT body FROM uplinks WHERE address = ? AND time_ns >= ? AND time_ns < ? ORDER BY time_ns, rowid"


class Archived(msgspec.Struct, frozen=True):
    """An accepted uplink and when it came (UTC, nanoseconds)."""

    uplink: Uplink
    arrival_ns: int


class Accepted(msgspec.Struct, frozen=True):
    """An uplink to be kept, the device whose it was, and the bytes of its message."""

    archived: Archived
    device: str
    size: int


class ArchiveEvents(Protocol):
    """What happens to an archive; each is logged and counted in one place."""

    def archived(self, uplinks: int) -> None:
        """So many uplinks are kept."""
        ...

    def not_archived(self, uplinks: int, reason: str) -> None:
        """So many uplinks could not be kept."""
        ...

    def archive_day_dropped(self, day: str, reason: str) -> None:
        """A day was removed for its age or for want of room, or set aside because it is damaged."""
        ...


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Archived)

#: What most uplinks have in common: the names of their fields and of a few decoded objects.
_DICTIONARY = b"".join(
    _encoder.encode(said)
    for said in (
        *("value", "unit", "displayName", "temperature", "humidity", "pressure", "battery", "distance"),
        *("occupied", "count", "pm2_5", "pm10", "co2", "battery_voltage", "Battery voltage", "%", "°C", "V"),
        Archived(
            Uplink(
                kind=Kind.DATA,
                address="70b3d57ba0000000",
                time_ns=1_773_144_000_000_000_000,
                dedup_key="00000000-0000-4000-8000-000000000000",
                f_port=1,
                f_cnt=1000,
                payload=bytes(12),
                decoded={},
                rssi=-97.0,
                snr=6.25,
                gateways=1,
                heard_by=("0016c001f1000000",),
                spreading_factor=9,
            ),
            1_773_144_000_000_000_000,
        ),
    )
)


class Archive:
    """The archive of a state folder. All methods are called on the event loop's thread."""

    def __init__(self, folder: Path, limits: settings.Archive, events: ArchiveEvents) -> None:
        self.trouble = ""  #: why the newest uplinks are not kept, for `messnetz status`
        self._days = _Days(folder, limits)
        self._events = events
        self._writer = Worker("archive")
        self._reader = Worker("archive-reader")
        self._waiting: list[Accepted] = []
        self._waiting_bytes = 0
        self._under_way: asyncio.Future[None] | None = None
        self._late = False  #: what is under way was waited for in vain

    def begin(self, uplinks: Sequence[Accepted]) -> None:
        """Begin to keep these. Never raises."""
        if not uplinks:
            return
        if self._under_way is None:
            self._write(uplinks)
            return
        size = sum(one.size for one in uplinks)
        if self._waiting_bytes + size > WAITING_BYTES:
            self._lost(len(uplinks), _SILENT)
        else:
            self._waiting += uplinks
            self._waiting_bytes += size

    def _write(self, uplinks: Sequence[Accepted]) -> None:
        self._under_way = self._writer.call(lambda: self._days.write(uplinks))
        self._under_way.add_done_callback(lambda done: self._settle(done, len(uplinks)))

    async def finish(self) -> None:
        """Return when what was begun is in its file, or when that takes too long."""
        if self._under_way is not None and not self._late:
            done, _ = await asyncio.wait((self._under_way,), timeout=PATIENCE_S)
            self._late = not done

    def _settle(self, writing: "asyncio.Future[None]", uplinks: int) -> None:
        self._under_way, self._late = None, False
        for day, reason in self._days.take_dropped():
            self._events.archive_day_dropped(day, reason)
        if writing.cancelled():
            return
        error = writing.exception()
        if error is None:
            self.trouble = ""
            self._events.archived(uplinks)
        else:
            self._lost(uplinks, str(error))
        if self._waiting:
            waited, self._waiting, self._waiting_bytes = self._waiting, [], 0
            self._write(waited)

    def _lost(self, uplinks: int, reason: str) -> None:
        self.trouble = f"uplinks are not archived, so that they cannot be recomputed later: {reason}"
        self._events.not_archived(uplinks, reason)

    async def first_day_ns(self) -> int | None:
        """Begin of the oldest day that is kept (UTC nanoseconds); None when nothing is."""
        return await self._read(self._days.first_ns)

    async def read(self, address: str, begin_ns: int, end_ns: int) -> list[Archived]:
        """The uplinks of an address with their own time in `[begin_ns, end_ns)`, oldest first.

        Raises `OSError` or `sqlite3.Error` when a file cannot be read, or not in time.
        """
        found: list[Archived] = []
        await self._written()
        for day in await self._read(lambda: self._days.between(begin_ns, end_ns)):
            found += await self._read(lambda: self._days.read(day, address, begin_ns, end_ns))  # noqa: B023  awaited here
        return found

    async def first_of(self, address: str, begin_ns: int, end_ns: int) -> int | None:
        """The time of the first uplink of an address in `[begin_ns, end_ns)`; raises as `read`."""
        await self._written()
        for day in await self._read(lambda: self._days.between(begin_ns, end_ns)):
            first = await self._read(lambda: self._days.first_of(day, address, begin_ns, end_ns))  # noqa: B023  awaited here
            if first is not None:
                return first
        return None

    async def holds(self, device: str, times_ns: Collection[int]) -> set[int]:
        """Those of these times at which an uplink is kept that was this device's when it came.

        Looks through whole days. Raises as `read`.
        """
        by_day: dict[str, list[int]] = {}
        for time_ns in times_ns:
            by_day.setdefault(_name(time_ns), []).append(time_ns)
        found: set[int] = set()
        for day, times in by_day.items():
            found |= await self._read(lambda: self._days.holds(day, device, times))  # noqa: B023  awaited here
        return found

    async def _written(self) -> None:
        """Return when nothing that was begun is under way; raises `TimeoutError`."""
        try:
            async with asyncio.timeout(READ_PATIENCE_S):
                while self._under_way is not None:
                    await asyncio.wait((self._under_way,))
        except TimeoutError:
            raise TimeoutError(_SILENT) from None

    async def _read(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.wait_for(self._reader.call(work), READ_PATIENCE_S)
        except TimeoutError:
            raise TimeoutError(_SILENT) from None

    def close(self) -> None:
        """Write what was begun and close the files; a disk that does not answer is let be."""
        waiting = self._waiting
        try:
            self._writer.call_and_wait(lambda: self._days.close(waiting), CLOSE_PATIENCE_S)
        except TimeoutError:
            return
        self._writer.stop()
        self._reader.stop()


class _Days:
    """The files, on the archive's own thread."""

    def __init__(self, folder: Path, limits: settings.Archive) -> None:
        self._folder = folder
        self._limits = limits
        self._dropped: list[tuple[str, str]] = []
        self._open: OrderedDict[str, tuple[sqlite3.Connection, bytes]] = OrderedDict()
        self._until_look = 0

    def write(self, uplinks: Sequence[Accepted]) -> None:
        """Write them to their days; raises `OSError` or `sqlite3.Error`."""
        by_day: dict[str, list[Accepted]] = {}
        for one in uplinks:
            by_day.setdefault(_name(one.archived.uplink.time_ns), []).append(one)
        if self._until_look <= 0 or not by_day.keys() <= self._open.keys():
            self._keep_budget(max(by_day))
            self._until_look = LOOK_EVERY
        for day, several in by_day.items():
            self._write_day(day, several)

    def _write_day(self, day: str, uplinks: Iterable[Accepted]) -> None:
        try:
            connection, dictionary = self._connection(day)
            rows, bodies = bulk.pack((_pack(one.archived, dictionary), _columns(one)) for one in uplinks)
            connection.execute(_INSERT, (rows, bodies))
            self._until_look -= len(rows) + len(bodies)
        except sqlite3.OperationalError:  # full, read-only, locked
            self._forget(day)
            self._until_look = 0
            raise
        except sqlite3.DatabaseError as error:
            self._set_aside(day, error)
            raise

    def _connection(self, day: str) -> tuple[sqlite3.Connection, bytes]:
        opened = self._open.pop(day, None)
        if opened is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            opened = _open(self._path(day))
        self._open[day] = opened
        while len(self._open) > OPEN_DAYS:
            self._forget(next(iter(self._open)))
        return opened

    def _forget(self, day: str) -> None:
        opened = self._open.pop(day, None)
        if opened is not None:
            with contextlib.suppress(sqlite3.Error):
                opened[0].close()

    def _set_aside(self, day: str, error: Exception) -> None:
        self._forget(day)
        for path in self._folder.glob(f"{day}.db*"):  # its log too, which is none of the file that comes
            with contextlib.suppress(OSError):
                path.rename(path.with_name(path.name.replace(".db", ".damaged")))
        self._dropped.append((day, f"damaged, set aside as {day}.damaged: {error}"))

    # --- the budget ------------------------------------------------------------------------------------

    def _keep_budget(self, newest: str) -> None:
        """Remove the oldest days until all bounds hold; raises `OSError` when one alone is too much."""
        self._until_look = 0
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = sorted({path.name[:_DAY_CHARS] for path in self._folder.glob("????-??-??.*")})
        newest = max((newest, *kept[-1:]))
        first = _name(_begin_ns(newest) - (self._limits.days - 1) * _DAY_NS)
        while kept and kept[0] < first:
            self._remove(kept.pop(0), f"older than {self._limits.days} days")
        while trouble := self._too_much():
            if not kept or kept[0] >= newest:
                raise OSError(f"{trouble}, and only this day is left")
            self._remove(kept.pop(0), trouble)

    def _too_much(self) -> str:
        """Which bound does not hold, as a reason; empty when all do."""
        if sum(path.stat().st_size for path in self._folder.glob("*") if path.is_file()) > self._limits.bytes:
            return f"the archive holds more than {self._limits.bytes} bytes"
        disk = os.statvfs(self._folder)
        free, total = disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
        if free < min(RESERVE_BYTES, total // RESERVE_SHARE):
            return f"its disk has only {free // 1024**2} MiB left"
        return ""

    def _remove(self, day: str, reason: str) -> None:
        self._forget(day)
        for path in self._folder.glob(f"{day}.*"):
            path.unlink(missing_ok=True)
        self._dropped.append((day, reason))

    def take_dropped(self) -> list[tuple[str, str]]:
        """Days that are gone since the last call, and why."""
        dropped, self._dropped = self._dropped, []
        return dropped

    def _days(self) -> list[str]:
        return sorted(path.stem for path in self._folder.glob("????-??-??.db"))

    # --- reading -----------------------------------------------------------------------------------------

    def first_ns(self) -> int | None:
        days = self._days()
        return _begin_ns(days[0]) if days else None

    def between(self, begin_ns: int, end_ns: int) -> list[str]:
        return [day for day in self._days() if _name(begin_ns) <= day <= _name(end_ns - 1)]

    def read(self, day: str, address: str, begin_ns: int, end_ns: int) -> list[Archived]:
        rows, dictionary = self._select(day, _READ, (bulk.plain(address), begin_ns, end_ns))
        return [_unpack(body, dictionary) for (body,) in rows]

    def first_of(self, day: str, address: str, begin_ns: int, end_ns: int) -> int | None:
        rows, _ = self._select(day, _FIRST, (bulk.plain(address), begin_ns, end_ns))
        return rows[0][0] if rows else None

    def holds(self, day: str, device: str, times_ns: Collection[int]) -> set[int]:
        if not self._path(day).exists():
            return set()
        rows, _ = self._select(day, _HOLDS, (_number(device), bulk.members(times_ns)))
        return {time_ns for (time_ns,) in rows}

    def _select(self, day: str, query: str, values: tuple[str | int, ...]) -> tuple[list[Any], bytes]:
        with contextlib.closing(sqlite3.connect(f"file:{self._path(day)}?mode=ro", uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:  # the disk was full when the file was begun
                return [], b""
            return connection.execute(query, values).fetchall(), _dictionary(connection)

    def close(self, waiting: Sequence[Accepted]) -> None:
        if waiting:
            with contextlib.suppress(OSError, sqlite3.Error):
                self.write(waiting)
        for day in list(self._open):
            self._forget(day)

    def _path(self, day: str) -> Path:
        return self._folder / f"{day}.db"


def _open(path: Path) -> tuple[sqlite3.Connection, bytes]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            connection.executescript(
                f"BEGIN; {_SCHEMA} INSERT INTO dictionary VALUES (x'{_DICTIONARY.hex()}');"  # noqa: S608  our own
                f" PRAGMA user_version = {_VERSION}; COMMIT"
            )
        return connection, _dictionary(connection)
    except sqlite3.Error:
        connection.close()
        raise


def _dictionary(connection: sqlite3.Connection) -> bytes:
    found = connection.execute("SELECT bytes FROM dictionary").fetchone()
    if found is None:
        raise sqlite3.DatabaseError("the file has no dictionary")
    return bytes(found[0])


def _columns(one: Accepted) -> tuple[str, int, int]:
    return one.archived.uplink.address, one.archived.uplink.time_ns, _number(one.device)


@lru_cache(maxsize=10_000)
def _number(device: str) -> int:
    """A device's name in 8 bytes."""
    return int.from_bytes(hashlib.blake2b(device.encode(), digest_size=8).digest(), "big", signed=True)


def _pack(one: Archived, dictionary: bytes) -> bytes:
    packer = zlib.compressobj(1, wbits=-15, memLevel=5, zdict=dictionary)
    return packer.compress(_encoder.encode(one)) + packer.flush()


def _unpack(body: bytes, dictionary: bytes) -> Archived:
    return _decoder.decode(zlib.decompressobj(wbits=-15, zdict=dictionary).decompress(body))


def _name(time_ns: int) -> str:
    return f"{dt.date(1970, 1, 1) + dt.timedelta(days=time_ns // _DAY_NS):%Y-%m-%d}"


def _begin_ns(day: str) -> int:
    return (dt.date.fromisoformat(day) - dt.date(1970, 1, 1)).days * _DAY_NS
