"""Finished exports on the disk: each is sent from here, also in pieces, and is gone soon after.

QGIS reads a file in many small requests, Excel asks for it twice: what was made for one request serves those
that follow. How much lies here is bounded; what nobody has asked for longest goes first.
"""

import asyncio
import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from devices.language import say
from ingest.daemon import in_daemon
from publish.export.ask import Ask
from publish.planners.refused import Refused
from publish.planners.wire import Made

#: What is asked for as a whole is made anew when it is older than this, in seconds,
FRESH_S = 60.0
#: what is asked for in pieces only when nobody has asked for it so long.
KEPT_S = 600.0
#: Files here at most, and how many of the largest allowed size they may fill together.
FILES = 32
LARGEST = 4


@dataclass(frozen=True, slots=True)
class Key:
    """What a file is of."""

    ask: Ask
    zipped: bool


@dataclass(slots=True, eq=False)
class Entry:
    """One finished export in a folder of its own. `readers` are sending it now."""

    folder: Path
    data: Path
    package: Path
    rows: int
    size: int
    made_s: float
    readers: int = 0
    used_s: float = field(default=0.0)


class Shelf:
    """The folder and what is in it. Made empty; times are of `clock`, in seconds."""

    def __init__(self, folder: Path, largest: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._room = LARGEST * largest
        self._clock = clock
        self._entries: dict[Key, Entry] = {}
        self._replaced: list[Entry] = []  # by newer ones of the same, while they are still being sent
        self._number = 0

    @property
    def entries(self) -> list[Entry]:
        """All that lie here, those used longest ago first."""
        return sorted([*self._entries.values(), *self._replaced], key=lambda entry: entry.used_s)

    def empty(self) -> None:
        """Remove what another time left, and make the folder; blocks."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def new_folder(self) -> Path:
        """A folder to make the next one in."""
        self._number += 1
        folder = self._folder / str(self._number)
        folder.mkdir(mode=0o700, parents=True)
        return folder

    async def make_room(self) -> None:
        """Let go of what nobody reads, until one more of the largest fits.

        Raises `Refused` (503) when too much is being read for that.
        """
        for entry in self.entries:
            if self._fits():
                return
            if not entry.readers:
                await self._drop(entry)
        if not self._fits():
            raise Refused(
                503,
                say("too many files are being downloaded at this moment"),
                hint=say("try again in a few minutes"),
                retry_after_s=300,
                ending="busy",
            )

    def _fits(self) -> bool:
        size = sum(entry.size for entry in self.entries)
        return len(self.entries) < FILES and size + self._room // LARGEST <= self._room

    def find(self, key: Key, *, pieces: bool) -> Entry | None:
        """What was made of this; for a request of the whole only where it is fresh."""
        entry = self._entries.get(key)
        if entry is None or not (
            entry.data.is_file() and entry.package.is_file()
        ):  # somebody cleared the disk
            return None
        fresh = self._clock() - entry.made_s <= FRESH_S
        return entry if pieces or fresh else None

    async def put(self, key: Key, folder: Path, made: Made) -> Entry:
        """What was just made in this folder, in the place of an older one."""
        now, data, package = self._clock(), folder / made.data, folder / made.package
        entry = Entry(folder, data, package, made.rows, data.stat().st_size, now, used_s=now)
        old = self._entries.pop(key, None)
        self._entries[key] = entry
        if old is not None:
            self._replaced.append(old)
            if not old.readers:
                await self._drop(old)
        return entry

    @contextlib.contextmanager
    def reading(self, entry: Entry) -> Iterator[None]:
        """While it is sent it stays."""
        entry.readers += 1
        try:
            yield
        finally:
            entry.readers -= 1
            entry.used_s = self._clock()

    async def tidy(self) -> None:
        """Remove what nobody has asked for long enough."""
        for entry in self.entries:
            if not entry.readers and (entry in self._replaced or self._clock() - entry.used_s >= KEPT_S):
                await self._drop(entry)

    async def discard(self, folder: Path) -> None:
        """Remove a folder in which nothing came about."""
        await in_daemon(lambda: shutil.rmtree(folder, ignore_errors=True), "exports")

    async def _drop(self, entry: Entry) -> None:
        self._entries = {key: one for key, one in self._entries.items() if one is not entry}
        self._replaced = [one for one in self._replaced if one is not entry]
        await self.discard(entry.folder)


async def tidy_for_ever(shelf: Shelf) -> None:
    """See to it that nothing lies longer than it should."""
    while True:
        await asyncio.sleep(KEPT_S / 10)
        await shelf.tidy()
