"""Restoring a backup into an empty place, with no service running on it.

Everything is unpacked into hidden folders beside where it belongs and compared with its checksums. Only then
is it put in place by renaming: the state first, the settings file last. Whatever ends us before leaves a
place without settings, which nothing takes for whole; the next restore begins anew.
"""

import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from devices.language import say
from ingest import settings_file
from ingest.backup import contents, form
from ingest.backup.form import Checksums, Header, not_whole
from ingest.backup.snapshot import version
from ingest.errors import CommandFailed
from ingest.settings import Settings
from ingest.spool import schema
from ingest.spool.lock import LOCK, take_lock
from ingest.spool.service import FILE_NAME as SPOOL
from ingest.store import FILE_NAME as STORE
from ingest.store import embedded

#: Where a folder's files wait until all are there.
WAITING = ".restoring"
_CHUNK = 1024**2
#: What a folder may hold that is empty to us.
_NOTHING = frozenset({LOCK, "lost+found"})

#: Bytes read of the backup and its size.
Progress = Callable[[int, int], None]


class Restored(msgspec.Struct, frozen=True):
    """What was put in place."""

    settings: str  #: the settings file
    state: str  #: the state folder
    at_ns: int  #: what was acknowledged later (UTC) is missing
    messnetz: str  #: the version that wrote the backup
    config_files: int
    state_files: int
    kept: list[str]  #: files outside of both folders that were there already and are left as they are


def restore(file: Path, config: Path, progress: Progress) -> Restored:
    """Restore `file` into the folder of the settings file `config` and the state folder that it names.

    Raises `CommandFailed` when the file is not whole or too new, or when one of the folders holds something;
    `SpoolLocked` when a service runs there. Nothing is in place then.
    """
    target = config.absolute().parent
    _check_empty(target)
    try:
        with file.open("rb") as packed:
            return _Restorer(target, config.name, lambda: progress(packed.tell(), _size(file))).run(packed)
    except (EOFError, zlib.error, tarfile.TarError) as error:
        raise not_whole(str(error) or type(error).__name__) from error
    except OSError as error:
        raise CommandFailed(
            say("nothing was restored: {error}", error=error),
            hint=say("is there room, and may this user read the backup and write there?"),
        ) from error


class _Restorer:
    def __init__(self, target: Path, settings_name: str, on_read: Callable[[], None]) -> None:
        self._target = target
        self._settings_name = settings_name
        self._on_read = on_read
        self._sums: dict[str, str] = {}
        self._waiting = [target / WAITING]
        self._folders = {kind: target / WAITING / kind for kind in (form.CONFIG, form.NAMED)}
        self._lock: int | None = None

    def run(self, packed: BinaryIO) -> Restored:
        made = not self._target.exists()
        try:
            self._target.mkdir(parents=True, exist_ok=True)
            _remove(self._target / WAITING)  # of a restore that was killed
            with tarfile.open(fileobj=packed, mode="r|gz") as tar:
                header, settings = self._unpack(tar)
            return self._put_in_place(header, settings)
        finally:
            for folder in self._waiting:
                _remove(folder)
            if made and self._target.exists() and not any(self._target.iterdir()):
                self._target.rmdir()
            if self._lock is not None:
                os.close(self._lock)

    def _unpack(self, tar: tarfile.TarFile) -> tuple[Header, Settings]:
        first = tar.next()
        text = _read(tar, first)
        header = form.read_header(first.name if first else "", text)
        self._sums[form.HEADER] = hashlib.sha256(text).hexdigest()
        settings: Settings | None = None
        while (member := tar.next()) is not None:
            self._on_read()
            if member.name == form.CHECKSUMS:
                self._compare(_read(tar, member))
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
        settings = settings_file.load(self._folders[form.CONFIG] / header.settings, folder=self._target)
        state = settings.state
        _check_empty(state)
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = take_lock(state)
        _remove(state / WAITING)
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

    # --- putting in place -----------------------------------------------------------------------------

    def _put_in_place(self, header: Header, settings: Settings) -> Restored:
        for name, known in ((SPOOL, schema.VERSION), (STORE, embedded.VERSION)):
            _refuse_newer(self._folders[form.STATE] / name, known)
        kept = self._put_named(settings)
        _move_all(self._folders[form.STATE], settings.state, last=SPOOL)
        config = self._folders[form.CONFIG]
        if self._settings_name != header.settings:
            (config / header.settings).rename(config / self._settings_name)
        _move_all(config, self._target, last=self._settings_name)
        in_state = sum(name.startswith(f"{form.STATE}/") for name in self._sums)
        return Restored(
            str(self._target / self._settings_name),
            str(settings.state),
            header.at_ns,
            header.messnetz,
            len(self._sums) - in_state - 1,  # the header
            in_state,
            kept,
        )

    def _put_named(self, settings: Settings) -> list[str]:
        """What lies outside of the folder of the settings goes where they name it, unless it is there."""
        kept = []
        waiting = self._folders[form.NAMED]
        for setting, path in contents.named_paths(settings):
            source = waiting / setting
            if not source.exists():
                continue
            if path.exists():
                kept.append(str(path))
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, path)
        return kept


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


def _check_empty(folder: Path) -> None:
    """Empty folders are no matter: what mounts them in a container needs them to be there."""
    if not folder.exists():
        return
    there = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and not _is_nothing(path.relative_to(folder).parts[0])
    )
    if there:
        raise CommandFailed(
            say("{folder} is not empty: {names}", folder=folder, names=", ".join(there[:5])),
            hint=say(
                "a backup is restored into an empty place and overwrites nothing: move what is there away, or"
                " name the settings file elsewhere with -c"
            ),
        )


def _is_nothing(name: str) -> bool:
    return name in _NOTHING or name.startswith(".")


def _move_all(waiting: Path, target: Path, *, last: str) -> None:
    if not waiting.exists():
        return
    for path in sorted(waiting.iterdir(), key=lambda path: (path.name == last, path.name)):
        place = target / path.name
        if place.is_dir():  # without a file in it, as `_check_empty` has seen
            shutil.rmtree(place)
        path.rename(place)
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> bytes:
    stream = tar.extractfile(member) if member is not None and member.isreg() else None
    if stream is None or member is None or member.size > form.MAX_JSON_BYTES:
        raise not_whole(say("it does not begin as a backup of Messnetz does"))
    return stream.read()


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _size(file: Path) -> int:
    return file.stat().st_size
