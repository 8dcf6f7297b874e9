"""The registry's files, where the settings say that they are."""

import contextlib
import gc
from collections.abc import Callable, Iterator
from dataclasses import replace

from devices import ignored, periods, registry
from devices.registry import Registry
from ingest.settings import Settings

#: Name, size and time of every file.
Fingerprint = tuple[tuple[str, int, int], ...]


def load_registry(
    settings: Settings, previous: Registry | None = None, pause: Callable[[], None] = lambda: None
) -> Registry:
    """The registry as the settings name its folders (the city's own types after the shipped ones).

    What it replaces of `previous` is only freed by `devices.registry.let_go`.
    """
    types = (registry.SHIPPED_TYPES, settings.types)
    with _without_collector():
        found = registry.load(
            settings.devices, types, previous=previous, codecs_dir=settings.codecs, pause=pause
        )
    return _with_periods(_with_ignored(found, settings, previous), settings, previous)


def _with_ignored(found: Registry, settings: Settings, previous: Registry | None) -> Registry:
    """With the devices that are not ours; of a file that cannot be read its last good content."""
    listed = ignored.load(settings.ignored)
    if listed.complaint is None:
        return replace(found, ignored=listed.by_address)
    kept = previous.ignored if previous is not None else {}
    return replace(found, ignored=kept, complaints=(*found.complaints, listed.complaint))


def _with_periods(found: Registry, settings: Settings, previous: Registry | None) -> Registry:
    """With the times in which values are not valid."""
    said = periods.load(settings.periods, found.devices, previous.periods if previous is not None else {})
    return replace(found, periods=said.by_device, complaints=(*found.complaints, *said.complaints))


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Never look for cycles among what is being read, nor among what was read later on.

    With 100 000 devices it takes a sixth of the time, and each look stops all threads for 0.1 s (measured).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def fingerprint(settings: Settings) -> Fingerprint:
    """Name, size and time of every file a registry is made of."""
    found = []
    folders = (
        (settings.devices, "*.y*ml"),
        (settings.types, "*.y*ml"),
        (settings.codecs, "*.js"),
        (settings.ignored.parent, settings.ignored.name),
        (settings.periods.parent, settings.periods.name),
    )
    for folder, names in folders:
        for path in sorted(folder.glob(names)) if folder.is_dir() else ():
            with contextlib.suppress(OSError):  # it was removed between the two looks
                stat = path.stat()
                found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(found)
