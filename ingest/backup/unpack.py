"""From a backup to files that wait, compared with their checksums, beside the places where they belong."""

import hashlib
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from devices.language import say
from ingest import half_restored, settings_file
from ingest.backup import contents, form
from ingest.backup.form import Checksums, Header, not_whole
from ingest.backup.packed import read, unpacked
from ingest.backup.place import Restored, check_empty, check_free, moves_of, remove
from ingest.backup.snapshot import version
from ingest.errors import CommandFailed, SettingsError
from ingest.flush import flush_folder
from ingest.half_restored import WAITING, Move, Note
from ingest.settings import Settings
from ingest.spool import schema
from ingest.spool.lock import take_lock
from ingest.spool.service import FILE_NAME as SPOOL
from ingest.store import FILE_NAME as STORE
from ingest.store import embedded

_CHUNK = 1024**2


class Unpacker:
    """Unpacks one backup; holds the lock of the state folder until it is left."""

    def __init__(self, file: Path, target: Path, settings_name: str, on_read: Callable[[], None]) -> None:
        self._file = file
        self._target = target
        self._settings_name = settings_name
        self._on_read = on_read
        self._sums: dict[str, str] = {}
        self._waiting = [target / WAITING]
        self._folders = {kind: target / WAITING / kind for kind in (form.CONFIG, form.NAMED)}
        self._lock: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        if self._lock is not None:
            os.close(self._lock)

    def unpack(self, packed: BinaryIO) -> Note:
        """Unpack, compare and note durably what belongs where; whatever goes wrong, nothing is left."""
        made = not self._target.exists()
        try:
            self._target.mkdir(parents=True, exist_ok=True)
            remove(self._target / WAITING)  # of a restore that was killed
            with unpacked(packed) as tar:
                header, settings = self._unpack(tar)
            note = self._note(header, settings)
            half_restored.keep(self._target, note)
        except BaseException:
            self._give_up(made=made)
            raise
        return note

    def _give_up(self, *, made: bool) -> None:
        for path in self._waiting:
            remove(path)
        if made and self._target.exists() and not any(self._target.iterdir()):
            self._target.rmdir()

    def _unpack(self, tar: tarfile.TarFile) -> tuple[Header, Settings]:
        first = tar.next()
        text = read(tar, first)
        header = form.read_header(first.name if first else "", text)
        self._sums[form.HEADER] = hashlib.sha256(text).hexdigest()
        settings: Settings | None = None
        while (member := tar.next()) is not None:
            self._on_read()
            if member.name == form.CHECKSUMS:
                self._compare(read(tar, member))
                return header, settings or self._settings(header)
            if not member.isreg() or not form.is_safe(member.name):
                raise not_whole(say("{name} has no place in it", name=_printable(member.name)))
            kind, _, name = member.name.partition("/")
            if kind == form.STATE and settings is None:
                settings = self._settings(header)
            self._write(tar, member, self._folders[kind] / name)
        raise not_whole(say("its end is missing"))

    def _settings(self, header: Header) -> Settings:
        """The settings of the backup, now that all of them are unpacked; takes the state folder's lock."""
        if f"{form.CONFIG}/{header.settings}" not in self._sums or "/" in header.settings:
            raise not_whole(say("the settings file is missing"))
        waiting = self._folders[form.CONFIG]
        try:
            settings = settings_file.load(waiting / header.settings, folder=self._target)
        except SettingsError as error:
            raise CommandFailed(
                say(
                    "this Messnetz does not take the settings in the backup: {words}",
                    words=str(error).replace(f"{waiting}{os.sep}", ""),
                ),
                hint=say("restore it with Messnetz {version}, which wrote it", version=header.messnetz),
            ) from error
        state = settings.state
        check_empty(state)
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = take_lock(state)
        remove(state / WAITING)
        self._waiting.append(state / WAITING)
        self._folders[form.STATE] = state / WAITING / form.STATE
        return settings

    def _write(self, tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = tar.extractfile(member)
        assert stream is not None  # noqa: S101  a regular file has one
        summed = hashlib.sha256()
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            while piece := stream.read(_CHUNK):
                summed.update(piece)
                out.write(piece)
                self._on_read()
            os.fchmod(out.fileno(), member.mode & 0o777)
            out.flush()
            os.fsync(out.fileno())
        self._sums[member.name] = summed.hexdigest()

    def _compare(self, text: bytes) -> None:
        try:
            promised = msgspec.json.decode(text, type=Checksums).sha256
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise not_whole(say("its checksums cannot be read")) from None
        for name in sorted(promised.keys() | self._sums.keys()):
            if promised.get(name) != self._sums.get(name):
                raise not_whole(say("{name} is not what was written", name=name))

    def _note(self, header: Header, settings: Settings) -> Note:
        """What belongs where, once all of it is on the disk."""
        for name, known in ((SPOOL, schema.VERSION), (STORE, embedded.VERSION)):
            _refuse_newer(self._folders[form.STATE] / name, known)
        config = self._folders[form.CONFIG]
        if self._settings_name != header.settings:
            if (config / self._settings_name).exists():
                raise CommandFailed(
                    say("the backup holds another file {name}", name=self._settings_name),
                    hint=say("its settings are {name}: name them so with -c", name=header.settings),
                )
            (config / header.settings).rename(config / self._settings_name)
        named, kept = self._named(settings)
        moves = [
            *named,
            *moves_of(self._folders[form.STATE], settings.state, last=SPOOL),
            *moves_of(config, self._target, last=self._settings_name),
        ]
        check_free(moves)
        for move in moves:
            _flush(Path(move.source))
        for folder in {Path(move.source).parent for move in moves}:
            flush_folder(folder)
        in_state = sum(name.startswith(f"{form.STATE}/") for name in self._sums)
        settings_path = str(self._target / self._settings_name)
        done = Restored(
            settings_path,
            str(settings.state),
            header.at_ns,
            header.messnetz,
            len(self._sums) - in_state - 1,  # the header
            in_state,
            kept,
        )
        file = str(self._file.absolute())
        return Note(file, header.at_ns, done.state, settings_path, moves, msgspec.to_builtins(done))

    def _named(self, settings: Settings) -> tuple[list[Move], list[str]]:
        """What lies outside of the folder of the settings goes where they name it, unless it is there.

        It waits beside that place, which may be on another disk.
        """
        moves, kept = [], []
        for setting, path in contents.named_paths(settings):
            source = self._folders[form.NAMED] / setting
            if not source.exists():
                continue
            if path.exists():
                kept.append(str(path))
                continue
            beside = path.with_name(f".{path.name}{WAITING}")
            path.parent.mkdir(parents=True, exist_ok=True)
            remove(beside)
            self._waiting.append(beside)
            shutil.move(source, beside)
            moves.append(Move(str(beside), str(path)))
        return moves, kept


def _flush(path: Path) -> None:
    """A file, or a folder with all below it: files that we unpacked are on the disk, copied ones are not."""
    for one in (*path.rglob("*"), path):
        flush_folder(one)


def _refuse_newer(path: Path, known: int) -> None:
    if path.exists() and (found := version(path)) > known:
        raise CommandFailed(
            say(
                "{name} in the backup has version {version}, this Messnetz knows versions up to {known}",
                name=path.name,
                version=found,
                known=known,
            ),
            hint=say("restore it with the newer Messnetz that wrote it"),
        )


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[:200])
