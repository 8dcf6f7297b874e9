"""Restoring a backup into an empty place, with no service running on it.

Everything is unpacked into hidden folders beside where it belongs and compared with its checksums. Only then
is it put in place by renaming: the state first, the settings file last. Whatever ends us before that leaves
nothing in place, and the next restore begins anew. From the first renaming on a note (`half_restored`) says
what belongs where: the next restore finishes it, and until then there are no settings that anything could
take for whole.
"""

import os
from collections.abc import Callable
from pathlib import Path

from devices.language import say
from ingest import half_restored
from ingest.backup.packed import opened, time_of
from ingest.backup.place import Restored, check_empty, put_in_place
from ingest.backup.unpack import Unpacker
from ingest.errors import CommandFailed
from ingest.half_restored import Note
from ingest.spool.lock import take_lock

#: Bytes read of the backup and its size.
Progress = Callable[[int, int], None]


def restore(file: Path, config: Path, progress: Progress) -> Restored:
    """Restore `file` into the folder of the settings file `config` and the state folder that it names.

    Raises `CommandFailed` when the file is not whole or too new, or when one of the folders holds something;
    `SpoolLocked` when a service runs there. Nothing is in place then. A restore of the same backup that was
    interrupted there is finished; of another one, `CommandFailed` names the command that does.
    """
    target = config.absolute().parent
    note = half_restored.read(target)
    if note is not None and (_is_for(note, file) or _is_half(note)):
        return _go_on(file, note)
    check_empty(target)
    with (
        opened(file) as packed,
        Unpacker(file, target, config.name, lambda: progress(packed.tell(), _size(file))) as unpacker,
    ):
        return put_in_place(unpacker.unpack(packed))


def _is_for(note: Note, file: Path) -> bool:
    """Whether the interrupted restore was of this backup, which need not be there any more."""
    return str(file.absolute()) == note.file or time_of(file) == note.at_ns


def _is_half(note: Note) -> bool:
    return any(Path(move.source).exists() for move in note.moves)


def _go_on(file: Path, note: Note) -> Restored:
    """Finish a restore that was interrupted while it put files in place."""
    if not _is_for(note, file):
        raise CommandFailed(
            say("the restore of another backup, {file}, was interrupted here", file=note.file),
            hint=say("first finish that one: {command}", command=half_restored.command(note)),
        )
    state = Path(note.state)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = take_lock(state)
    try:
        return put_in_place(note)
    finally:
        os.close(lock)


def _size(file: Path) -> int:
    return file.stat().st_size
