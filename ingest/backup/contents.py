"""What belongs into a backup, in the order in which it is read."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from devices.language import say
from ingest.archive import FOLDER as ARCHIVE
from ingest.backup import form
from ingest.errors import CommandFailed
from ingest.recompute import RECORD
from ingest.settings import CONTROL_SOCKET, EXPORTS, Settings
from ingest.spool.lock import LOCK
from ingest.spool.service import FILE_NAME as SPOOL
from ingest.store import FILE_NAME as STORE

#: A folder with more in it than a registry of 100 000 devices has is not one of settings alone.
CONFIG_BYTES = 256 * 1024**2
CONFIG_FILES = 20_000
#: In the state folder, of this process or of this moment only.
_OF_THE_MOMENT = frozenset({LOCK, CONTROL_SOCKET, EXPORTS})
#: What SQLite keeps beside a database; the copy has it in it.
_BESIDE = ("-wal", "-shm", "-journal")


class Source(NamedTuple):
    """One file: its name in the backup, and where it lies."""

    name: str
    path: Path


def configuration(settings_file: Path, settings: Settings) -> list[Source]:
    """The folder of the settings file, and what the settings name elsewhere; folders follow links.

    Raises `CommandFailed` when the folder holds more than settings.
    """
    folder = settings_file.parent.absolute()
    found = [Source(f"{form.CONFIG}/{name}", path) for name, path in _files(folder, besides=settings.state)]
    for setting, named in named_paths(settings):
        if not named.is_relative_to(folder) and named.exists():
            prefix = f"{form.NAMED}/{setting}"
            if named.is_dir():
                found += [Source(f"{prefix}/{name}", path) for name, path in _files(named)]
            else:
                found.append(Source(prefix, named))
    size = sum(one.path.stat().st_size for one in found)
    if size > CONFIG_BYTES or len(found) > CONFIG_FILES:
        raise CommandFailed(
            say(
                "{folder} holds {files} files of {size} MB: more than settings",
                folder=folder,
                files=len(found),
                size=size // 10**6,
            ),
            hint=say("move messnetz.yaml and what it names into a folder of their own"),
        )
    return found


def named_paths(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Every file and folder that the settings name, but the state folder, as `influx.token_file`."""
    for name in ("devices", "types", "codecs", "ignored", "periods"):
        yield name, getattr(settings, name)
    yield from _named_files(settings, ())


def _named_files(value: object, at: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    match value:
        case BaseModel():
            for key, inner in value:
                yield from _named_files(inner, (*at, key))
        case tuple():
            for number, inner in enumerate(value):
                yield from _named_files(inner, (*at, str(number)))
        case Path() if at[-1].endswith("_file"):
            yield ".".join(at), value


class State(NamedTuple):
    """The state folder, in an order in which no end of the reading loses a row.

    Notes of what is done come before the data that they are about: what is noted as done while we read is
    done again after a restore, where the other order would leave it undone. The spool comes before the store
    and the archive: what left it meanwhile is in the store that is read later.
    """

    notes: list[Source]
    spool: list[Source]
    data: list[Source]
    record: list[Source]  #: what was recomputed; see `write`
    left_out: list[str]  #: set aside as damaged, or kept from before an upgrade


def state_folder(folder: Path) -> State:
    """What lies in the state folder now."""
    state = State([], [], [], [], [])
    for name, path in _files(folder):
        top, _, rest = name.partition("/")
        one = Source(f"{form.STATE}/{name}", path)
        if top in _OF_THE_MOMENT or name.endswith(_BESIDE):
            continue
        if ".damaged" in name or f"{SPOOL}.version-" in name:
            state.left_out.append(name)
        elif name == SPOOL:
            state.spool.append(one)
        elif name == RECORD:
            state.record.append(one)
        elif name == STORE or (top == ARCHIVE and rest):
            state.data.append(one)
        else:
            state.notes.append(one)
    state.data.sort(key=lambda one: one.name != f"{form.STATE}/{STORE}")
    return state


def _files(folder: Path, *, besides: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Every file below a folder with its name from there on; hidden folders are somebody else's."""
    for at, folders, files in os.walk(folder, followlinks=True):
        here = Path(at)
        folders[:] = sorted(name for name in folders if name[0] != "." and here / name != besides)
        for name in sorted(files):
            path = here / name
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path
