"""The registry while the service runs: reloaded when its files change, atomically, and never by halves."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import watchfiles

from devices import registry as registry_files
from devices.complaint import some
from devices.device import Device
from devices.registry import Registry
from ingest.events import Events
from ingest.intake import GroupIntake
from ingest.registry_files import Fingerprint, fingerprint, load_registry
from ingest.replay import replay_addresses
from ingest.settings import Settings
from ingest.spool import Spool

#: A reload that removes more devices than this and more than this share waits for a confirmation.
REMOVED_DEVICES = 10
REMOVED_SHARE = 0.10
#: inotify does not cross network shares, so the files' sizes and times are also compared by the clock.
POLL_S = 10.0
#: How long a reload sleeps after every few milliseconds of work, so that the stream goes on meanwhile.
PAUSE_S = 0.001
#: Addresses whose uplinks are made to wait in one go.
ADOPTED = 1000


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload did. `waiting` is the sentence that asks for a confirmation, else empty.

    `replayed` counts what became of the messages that newly registered devices had said before.
    """

    devices: int
    complaints: tuple[str, ...]
    changed: int = 0
    removed: int = 0
    waiting: str = ""
    replayed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Read:
    """A registry that was read beside the one in force, and how they differ."""

    old: Registry
    new: Registry
    complaints: tuple[str, ...]
    removed: Collection[str]
    changed: Collection[str]


class RegistryKeeper:
    """Reloads the registry into the intake, one reload at a time."""

    def __init__(self, settings: Settings, intake: GroupIntake, spool: Spool, events: Events) -> None:
        self.waiting = ""  #: the sentence that asks for a confirmation, for `/readyz`
        self._settings = settings
        self._intake = intake
        self._spool = spool
        self._events = events
        self._one_at_a_time = asyncio.Lock()
        self._loaded: Fingerprint = fingerprint(settings)

    async def reload(self, *, confirm: bool = False) -> Reloaded:
        """Load the files and use what is good in them; devices with a bad entry keep their last good one."""
        async with self._one_at_a_time:
            done, gone = await self._reload(await asyncio.to_thread(self._read), confirm=confirm)
            await asyncio.to_thread(registry_files.let_go, gone, _pause)
            return done

    def _read(self) -> "_Read":
        """What the files say now, beside what is in force; in a thread."""
        self._loaded = fingerprint(self._settings)
        old = self._intake.registry
        new = load_registry(self._settings, old, _pause)
        return _Read(
            old,
            new,
            tuple(some(new.complaints)),
            registry_files.removed_devices(old, new),
            registry_files.changed_addresses(old, new),
        )

    async def _reload(self, read: "_Read", *, confirm: bool) -> tuple[Reloaded, list[Device]]:
        """Use what was read; returns the devices that nobody looks at any more."""
        before, removed, changed = len(read.old.devices), len(read.removed), read.changed
        if not confirm and removed > max(REMOVED_DEVICES, REMOVED_SHARE * before):
            self.waiting = _ask(removed, before)
            self._events.reload_waiting(self.waiting)
            gone = await asyncio.to_thread(registry_files.replaced_devices, read.new, read.old)
            return Reloaded(before, read.complaints, removed=removed, waiting=self.waiting), gone
        self.waiting = ""
        now = len(read.new.devices)
        await self._adopt(read.new, changed)
        self._events.reloaded(now, len(changed), removed, read.new.complaints)
        became = await replay_addresses(self._intake, self._spool, changed)
        replayed = {outcome.value: count for outcome, count in became.items()}
        gone = await asyncio.to_thread(registry_files.replaced_devices, read.old, read.new)
        return Reloaded(now, read.complaints, len(changed), removed, replayed=replayed), gone

    async def _adopt(self, new: Registry, changed: Collection[str]) -> None:
        """Use the new registry; live uplinks of changed addresses wait for their replay from here on."""
        listed = list(changed)
        for begin in range(0, len(listed), ADOPTED):
            self._intake.adopt(self._intake.registry, listed[begin : begin + ADOPTED])
            await asyncio.sleep(0)
        self._intake.adopt(new, ())

    async def watch(self) -> None:
        """Reload on every change of the files; returns only when cancelled."""
        async for _ in _changes(self._settings):
            if await asyncio.to_thread(fingerprint, self._settings) == self._loaded:
                continue
            try:
                await self.reload()
            except Exception as error:  # noqa: BLE001  the last good registry stays in force, with an alarm
                self._events.reload_failed(error)


async def _changes(settings: Settings) -> AsyncIterator[None]:
    files = (settings.ignored, settings.periods)
    watched = {settings.devices, settings.types, settings.codecs, *(file.parent for file in files)}
    folders: list[Path] = [folder for folder in watched if folder.is_dir()]
    if not folders:
        while True:
            await asyncio.sleep(POLL_S)
            yield
    async for _ in watchfiles.awatch(
        *folders, debounce=400, rust_timeout=int(POLL_S * 1000), yield_on_timeout=True, recursive=False
    ):
        yield


def _pause() -> None:
    time.sleep(PAUSE_S)


def _ask(removed: int, before: int) -> str:
    return (
        f"the registry's files would remove {removed} of {before} devices; the old registry stays in force."
        " If that is meant, run: messnetz devices reload --confirm"
    )
