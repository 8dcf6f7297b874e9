"""The places that a backup is restored to: empty at first, then filled by renaming what waits beside them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from devices.language import say
from ingest import half_restored
from ingest.backup.packed import where
from ingest.errors import CommandFailed
from ingest.flush import flush_folder
from ingest.half_restored import WAITING, Move, Note
from ingest.spool.lock import LOCK

#: What a folder may hold that is empty to us.
_NOTHING = frozenset({LOCK, "lost+found"})


class Restored(msgspec.Struct, frozen=True):
    """What was put in place."""

    settings: str  #: the settings file
    state: str  #: the state folder
    at_ns: int  #: what was acknowledged later (UTC) is missing
    messnetz: str  #: the version that wrote the backup
    config_files: int
    state_files: int
    kept: list[str]  #: files outside of both folders that were there already and are left as they are


def put_in_place(note: Note) -> Restored:
    """Do what the note says and end it; raises `CommandFailed`, which says how to go on.

    Each renaming is on the disk before the next one: whatever ends us, the last ones are still to do.
    """
    try:
        for move in note.moves:
            _put(Path(move.source), Path(move.place))
    except OSError as error:
        raise CommandFailed(
            say("the restore stopped before its end: {error}", error=where(error)),
            hint=say("when that is put right, this goes on: {command}", command=half_restored.command(note)),
        ) from error
    remove(Path(note.state) / WAITING)
    remove(Path(note.config).parent / WAITING)
    return msgspec.convert(note.restored, Restored)


def _put(source: Path, place: Path) -> None:
    if not source.exists() and place.exists():
        return  # an earlier try came so far
    if not source.exists():
        raise CommandFailed(
            say("{file} was in its place and is not any more", file=place),
            hint=say("empty both folders, hidden ones too, then restore the backup anew"),
        )
    if _is_taken(place):
        raise CommandFailed(
            say("{file} is in the way: it came here since the restore began", file=place),
            hint=say("move it away, then give the same command again: it goes on where it stopped"),
        )
    if place.exists():  # as empty folders
        shutil.rmtree(place)
    source.rename(place)
    flush_folder(place.parent)


def moves_of(waiting: Path, target: Path, *, last: str) -> list[Move]:
    """All that waits in a folder for its place in another; `last` comes last."""
    names = sorted(path.name for path in waiting.iterdir()) if waiting.exists() else []
    names.sort(key=lambda name: name == last)
    return [Move(str(waiting / name), str(target / name)) for name in names]


def _is_taken(place: Path) -> bool:
    """Whether anything but empty folders is there."""
    return place.exists() and (not place.is_dir() or any(not path.is_dir() for path in place.rglob("*")))


def check_free(moves: Sequence[Move]) -> None:
    """Raises `CommandFailed`; what is hidden is nothing to us, unless the backup has the same."""
    taken = [Path(move.place) for move in moves if _is_taken(Path(move.place))]
    if taken:
        raise _not_empty(taken[0].parent, [path.name for path in taken])


def check_empty(folder: Path) -> None:
    """Raises `CommandFailed`; empty folders are no matter: what mounts them in a container needs them."""
    if not folder.exists():
        return
    there = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and not _is_nothing(path.relative_to(folder).parts[0])
    )
    if there:
        raise _not_empty(folder, there)


def _not_empty(folder: Path, there: Sequence[str]) -> CommandFailed:
    return CommandFailed(
        say("{folder} is not empty: {names}", folder=folder, names=", ".join(there[:5])),
        hint=say(
            "a backup is restored into an empty place and overwrites nothing: move what is there away, or"
            " name the settings file elsewhere with -c"
        ),
    )


def _is_nothing(name: str) -> bool:
    return name in _NOTHING or name.startswith(".")


def remove(path: Path) -> None:
    """A file, or a folder with all in it, if it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
