"""The note that `messnetz restore` keeps while it puts files in place, so that nobody takes half for whole.

It comes to be when all files of a backup are unpacked, compared and on the disk, and goes when the last one
is in its place: a restore that was killed in between goes on from it.
"""

import shlex
from pathlib import Path
from typing import Any

import msgspec

from devices.language import say
from ingest.errors import CommandFailed
from ingest.flush import replace_file

#: In the folder of the settings file and in the state folder: where files wait until all are there.
WAITING = ".restoring"
_NOTE = "moves.json"


class Move(msgspec.Struct, frozen=True):
    """One file or folder: where it waits, and where it belongs. Nothing waits there: it is in its place."""

    source: str
    place: str


class Note(msgspec.Struct, frozen=True):
    """A restore that began to put files in place."""

    file: str  #: the backup
    at_ns: int  #: the backup's own
    state: str  #: the state folder, whose lock is needed
    config: str  #: the settings file; it is the last of the moves
    moves: list[Move]
    restored: dict[str, Any]  #: what is reported in the end


def read(folder: Path) -> Note | None:
    """The note in the folder of a settings file, if a restore was interrupted there.

    Raises `CommandFailed` when there is one that says nothing.
    """
    path = folder / WAITING / _NOTE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Note)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise CommandFailed(
            say("{file} cannot be read: it says how an interrupted restore goes on", file=path),
            hint=say(
                "let this user read it; if it is damaged, remove {waiting} and what lies in {folder} and in"
                " the state folder, then restore the backup anew",
                waiting=path.parent,
                folder=folder,
            ),
        ) from error


def keep(folder: Path, note: Note) -> None:
    """Write the note; it is there whole, outliving a power cut, or not at all."""
    replace_file(folder / WAITING / _NOTE, msgspec.json.encode(note))


def refuse(settings_file: Path) -> None:
    """Raises `CommandFailed`, which names the one command that helps, where a restore was interrupted."""
    note = read(settings_file.absolute().parent)
    if note is not None and not Path(note.config).exists():
        raise CommandFailed(
            say("a restore was interrupted here: not all of its files are in their place"),
            hint=say("this goes on where it stopped: {command}", command=command(note)),
        )


def command(note: Note) -> str:
    """What finishes the restore; the backup's file may be gone."""
    return f"messnetz restore {shlex.quote(note.file)} -c {shlex.quote(note.config)}"
