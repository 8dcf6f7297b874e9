"""The registry while the service runs: reloaded when its files change, atomically, and never by halves."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import watchfiles

from devices import registry as registry_files
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
            self._loaded = fingerprint(self._settings)
            old = self._intake.registry
            new = await asyncio.to_thread(load_registry, self._settings, old)
            complaints = tuple(str(complaint) for complaint in new.complaints)
            removed = registry_files.removed_devices(old, new)
            if not confirm and len(removed) > max(REMOVED_DEVICES, REMOVED_SHARE * len(old.devices)):
                self.waiting = _ask(len(removed), len(old.devices))
                self._events.reload_waiting(self.waiting)
                return Reloaded(len(old.devices), complaints, removed=len(removed), waiting=self.waiting)
            self.waiting = ""
            changed = registry_files.changed_addresses(old, new)
            self._intake.adopt(new, changed)
            self._events.reloaded(len(new.devices), len(changed), len(removed), complaints)
            became = await replay_addresses(self._intake, self._spool, changed)
            replayed = {outcome.value: count for outcome, count in became.items()}
            return Reloaded(len(new.devices), complaints, len(changed), len(removed), replayed=replayed)

    async def watch(self) -> None:
        """Reload on every change of the files; returns only when cancelled."""
        async for _ in _changes(self._settings):
            if fingerprint(self._settings) == self._loaded:
                continue
            try:
                await self.reload()
            except Exception as error:  # noqa: BLE001  the last good registry stays in force, with an alarm
                self._events.reload_failed(error)


async def _changes(settings: Settings) -> AsyncIterator[None]:
    watched = (settings.devices, settings.types, settings.codecs)
    folders: list[Path] = [folder for folder in watched if folder.is_dir()]
    if not folders:
        while True:
            await asyncio.sleep(POLL_S)
            yield
    async for _ in watchfiles.awatch(
        *folders, debounce=400, rust_timeout=int(POLL_S * 1000), yield_on_timeout=True, recursive=False
    ):
        yield


def _ask(removed: int, before: int) -> str:
    return (
        f"the registry's files would remove {removed} of {before} devices; the old registry stays in force."
        " If that is meant, run: messnetz devices reload --confirm"
    )
