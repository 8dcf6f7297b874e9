"""Every accepted uplink, kept so that a mistake found later can be corrected: one file a day.

`<state>/archive/2026-03-10.db` is a SQLite file with the uplinks of that day (their own time, UTC): address,
time, and the uplink (payload, decoded object, radio) as MessagePack, compressed with zlib against a
dictionary that lies in the same file. It is bounded in days and bytes; the oldest day goes first.

It never stops the intake: what the disk does not take is counted and left out, and an archive that does not
answer within `PATIENCE_S` is no longer waited for until it does. It is no spool: no fsync waits for it, so a
power cut may cost its last seconds; the end of our process costs nothing.
"""

import asyncio
import contextlib
import datetime as dt
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from devices.uplink import Kind, Uplink
from ingest import settings
from ingest.spool import bulk
from ingest.spool.worker import Worker

#: Seconds that a group commit waits for the archive.
PATIENCE_S = 1.0
#: Days whose files are kept open; replayed uplinks may be of many.
OPEN_DAYS = 3
#: Uplinks between two looks at the budget.
LOOK_EVERY = 2000

_DAY_NS = 86_400_000_000_000
_VERSION = 1
_SCHEMA = """
CREATE TABLE uplinks (address TEXT NOT NULL, time_ns INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX by_address ON uplinks (address, time_ns);
CREATE TABLE dictionary (bytes BLOB NOT NULL);
"""
_INSERT = (
    f"INSERT INTO uplinks (body, address, time_ns)"  # noqa: S608  no value is in it
    f" SELECT {bulk.BLOB}, {bulk.column(0)}, {bulk.column(1)} FROM json_each(?1)"
)
_READ = "SELECT body FROM uplinks WHERE address = ? AND time_ns >= ? AND time_ns < ? ORDER BY time_ns, rowid"


class Archived(msgspec.Struct, frozen=True):
    """An accepted uplink and when it came (UTC, nanoseconds)."""

    uplink: Uplink
    arrival_ns: int


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
        self._worker = Worker("archive")
        self._under_way: asyncio.Future[None] | None = None
        self._late = False  #: what is under way was waited for in vain

    def begin(self, uplinks: Sequence[Archived]) -> None:
        """Begin to keep these. Never raises."""
        if not uplinks:
            return
        if self._under_way is not None and not self._under_way.done():
            self._lost(len(uplinks), "the disk of the archive does not answer")
            return
        self._under_way = self._worker.call(lambda: self._days.write(uplinks))
        self._under_way.add_done_callback(lambda done: self._settle(done, len(uplinks)))

    async def finish(self) -> None:
        """Return when what was begun is in its file, or when that takes too long."""
        if self._under_way is not None and not self._under_way.done() and not self._late:
            done, _ = await asyncio.wait((self._under_way,), timeout=PATIENCE_S)
            self._late = not done

    def _settle(self, writing: "asyncio.Future[None]", uplinks: int) -> None:
        self._late = False
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

    def _lost(self, uplinks: int, reason: str) -> None:
        self.trouble = f"uplinks are not archived, so that they cannot be recomputed later: {reason}"
        self._events.not_archived(uplinks, reason)

    async def first_day_ns(self) -> int | None:
        """Begin of the oldest day that is kept (UTC nanoseconds); None when nothing is."""
        return await self._worker.call(self._days.first_ns)

    async def read(self, address: str, begin_ns: int, end_ns: int) -> list[Archived]:
        """The uplinks of an address with their own time in `[begin_ns, end_ns)`, oldest first.

        Raises `OSError` or `sqlite3.Error` when a file cannot be read.
        """
        found: list[Archived] = []
        for day in await self._worker.call(lambda: self._days.between(begin_ns, end_ns)):
            found += await self._worker.call(lambda: self._days.read(day, address, begin_ns, end_ns))  # noqa: B023  awaited here
        return found

    def close(self) -> None:
        """Write what was begun and close the files."""
        self._worker.call_and_wait(self._days.close)
        self._worker.stop()


class _Days:
    """The files, on the archive's own thread."""

    def __init__(self, folder: Path, limits: settings.Archive) -> None:
        self._folder = folder
        self._limits = limits
        self._dropped: list[tuple[str, str]] = []
        self._open: OrderedDict[str, tuple[sqlite3.Connection, bytes]] = OrderedDict()
        self._until_look = 0
        self._full = ""

    def write(self, uplinks: Sequence[Archived]) -> None:
        """Write them to their days; raises `OSError` or `sqlite3.Error`."""
        self._until_look -= len(uplinks)
        if self._until_look <= 0:
            self._until_look = LOOK_EVERY
            self._keep_budget(max(map(_day, uplinks)))
        if self._full:
            raise OSError(self._full)
        by_day: dict[str, list[Archived]] = {}
        for one in uplinks:
            by_day.setdefault(_day(one), []).append(one)
        for day, several in by_day.items():
            self._write_day(day, several)

    def _write_day(self, day: str, uplinks: Iterable[Archived]) -> None:
        try:
            connection, dictionary = self._connection(day)
            connection.execute(_INSERT, bulk.pack((_pack(one, dictionary), _columns(one)) for one in uplinks))
        except sqlite3.OperationalError:  # full, read-only, locked
            self._forget(day)
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
        path = self._path(day)
        with contextlib.suppress(OSError):
            path.rename(path.with_suffix(".damaged"))
        self._dropped.append((day, f"damaged, set aside as {day}.damaged: {error}"))

    # --- the budget ------------------------------------------------------------------------------------

    def _keep_budget(self, newest: str) -> None:
        """Remove the oldest days until both bounds hold; when the newest alone is too large, be full."""
        self._full = ""
        days = self._days()
        newest = max((newest, *days[-1:]))
        first = _name(_begin_ns(newest) - (self._limits.days - 1) * _DAY_NS)
        while days and days[0] < first:
            self._remove(days.pop(0), f"older than {self._limits.days} days")
        while self._size() > self._limits.bytes:
            if not days or days[0] >= newest:
                self._full = f"this day's file alone fills the archive's budget of {self._limits.bytes} bytes"
                return
            self._remove(days.pop(0), f"the archive holds more than {self._limits.bytes} bytes")

    def _remove(self, day: str, reason: str) -> None:
        self._forget(day)
        for path in self._folder.glob(f"{day}.*"):
            path.unlink(missing_ok=True)
        self._dropped.append((day, reason))

    def take_dropped(self) -> list[tuple[str, str]]:
        """Days that are gone since the last call, and why."""
        dropped, self._dropped = self._dropped, []
        return dropped

    def _size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.glob("*") if path.is_file())

    def _days(self) -> list[str]:
        return sorted(path.stem for path in self._folder.glob("????-??-??.db"))

    # --- reading -----------------------------------------------------------------------------------------

    def first_ns(self) -> int | None:
        days = self._days()
        return _begin_ns(days[0]) if days else None

    def between(self, begin_ns: int, end_ns: int) -> list[str]:
        return [day for day in self._days() if _name(begin_ns) <= day <= _name(end_ns - 1)]

    def read(self, day: str, address: str, begin_ns: int, end_ns: int) -> list[Archived]:
        with contextlib.closing(sqlite3.connect(f"file:{self._path(day)}?mode=ro", uri=True)) as connection:
            dictionary = _dictionary(connection)
            rows = connection.execute(_READ, (address, begin_ns, end_ns)).fetchall()
        return [_unpack(body, dictionary) for (body,) in rows]

    def close(self) -> None:
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
            connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT")
            connection.execute("INSERT INTO dictionary VALUES (?)", (_DICTIONARY,))
        return connection, _dictionary(connection)
    except sqlite3.Error:
        connection.close()
        raise


def _dictionary(connection: sqlite3.Connection) -> bytes:
    found = connection.execute("SELECT bytes FROM dictionary").fetchone()
    if found is None:
        raise sqlite3.DatabaseError("the file has no dictionary")
    return bytes(found[0])


def _columns(one: Archived) -> tuple[str, int]:
    return one.uplink.address, one.uplink.time_ns


def _pack(one: Archived, dictionary: bytes) -> bytes:
    packer = zlib.compressobj(1, wbits=-15, memLevel=5, zdict=dictionary)
    return packer.compress(_encoder.encode(one)) + packer.flush()


def _unpack(body: bytes, dictionary: bytes) -> Archived:
    return _decoder.decode(zlib.decompressobj(wbits=-15, zdict=dictionary).decompress(body))


def _day(one: Archived) -> str:
    return _name(one.uplink.time_ns)


def _name(time_ns: int) -> str:
    return f"{dt.date(1970, 1, 1) + dt.timedelta(days=time_ns // _DAY_NS):%Y-%m-%d}"


def _begin_ns(day: str) -> int:
    return (dt.date.fromisoformat(day) - dt.date(1970, 1, 1)).days * _DAY_NS
