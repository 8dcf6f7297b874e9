"""The registry's files, where the settings say that they are."""

import contextlib

from devices import registry
from devices.registry import Registry
from ingest.settings import Settings

#: Name, size and time of every file.
Fingerprint = tuple[tuple[str, int, int], ...]


def load_registry(settings: Settings, previous: Registry | None = None) -> Registry:
    """The registry as the settings name its folders (the city's own types after the shipped ones)."""
    types = (registry.SHIPPED_TYPES, settings.types)
    return registry.load(settings.devices, types, previous=previous, codecs_dir=settings.codecs)


def fingerprint(settings: Settings) -> Fingerprint:
    """Name, size and time of every file a registry is made of."""
    found = []
    folders = ((settings.devices, "*.y*ml"), (settings.types, "*.y*ml"), (settings.codecs, "*.js"))
    for folder, names in folders:
        for path in sorted(folder.glob(names)) if folder.is_dir() else ():
            with contextlib.suppress(OSError):  # it was removed between the two looks
                stat = path.stat()
                found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(found)
