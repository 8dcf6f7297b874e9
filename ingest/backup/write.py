"""Writing a backup, beside the running service or without one."""

import contextlib
import fcntl
import gzip
import hashlib
import io
import os
import sqlite3
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from devices.files import hindrance, trouble
from devices.language import Sentence, say
from ingest import __version__
from ingest.backup import contents, form
from ingest.backup.contents import Source
from ingest.backup.form import Checksums, Header
from ingest.backup.snapshot import is_database, snapshot
from ingest.errors import CommandFailed
from ingest.flush import flush_folder
from ingest.read_only import database_trouble, is_damaged
from ingest.settings import Settings

#: Behind the name of a backup until it is whole.
UNFINISHED = ".unfinished"
#: The higher levels take ten times as long for a tenth less.
GZIP_LEVEL = 1

_ROOM = say("is there room, and may this user read config and state and write there?")

#: Bytes done and bytes in all; both are estimates, for a bar.
Progress = Callable[[int, int], None]


class Written(msgspec.Struct, frozen=True):
    """What a backup holds."""

    file: str
    at_ns: int  #: what was acknowledged until then (UTC) is in it
    bytes: int
    config_files: int
    state_files: int
    left_out: list[str]  #: files of the state folder that are not in it


def back_up(settings_file: Path, settings: Settings, file: Path, progress: Progress) -> Written:
    """Write everything into `file`, which comes to be when it is whole and on the disk; mode 0600.

    Raises `CommandFailed` when it is there already, when it would lie in what it holds, or when something
    cannot be read or written.
    """
    try:
        with _alone(file.absolute().parent):
            _check_place(file, settings_file, settings)
            return _write(settings_file, settings, file, progress)
    except OSError as error:
        raise CommandFailed(
            say("no backup was written: {error}", error=_words(error, file)),
            hint=_ROOM,
        ) from error


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Waits for the end of another backup into the same folder: of one name, both would be written as one."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a network share may know no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(settings_file: Path, settings: Settings, file: Path, progress: Progress) -> Written:
    unfinished = file.with_name(file.name + UNFINISHED)
    try:
        with _new(unfinished) as out:
            written = _Writer(unfinished, out, progress).write(settings_file, settings, file)
        unfinished.rename(file)
        flush_folder(file.parent)
    except BaseException:
        _remove(unfinished)
        raise
    return written


def _remove(unfinished: Path) -> None:
    with contextlib.suppress(OSError):  # a folder that is none, for one
        unfinished.unlink(missing_ok=True)


def _words(error: OSError, file: Path) -> Sentence:
    """What was not to be written, or what not to be read."""
    if error.filename is None or str(error.filename).startswith(str(file)):
        return say("{file}: {trouble}", file=file, trouble=hindrance(error))
    return say("{file} {trouble}", file=error.filename, trouble=trouble(error))


def _check_place(file: Path, settings_file: Path, settings: Settings) -> None:
    if file.exists():
        raise CommandFailed(
            say("{file} is there already", file=file),
            hint=say("give the new backup another name, with the day in it for example"),
        )
    place = file.absolute().parent.resolve()
    for folder in (settings_file.absolute().parent, settings.state):
        if place.is_relative_to(folder.resolve()):
            raise CommandFailed(
                say("{file} would lie in {folder}, which goes into the backup", file=file, folder=folder),
                hint=say("name a place outside, best on another disk"),
            )


def _new(path: Path) -> BinaryIO:
    path.unlink(missing_ok=True)  # of a backup that was killed
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb")


class _Writer:
    def __init__(self, unfinished: Path, out: BinaryIO, progress: Progress) -> None:
        self._scratch = unfinished.with_name(unfinished.name + ".db")
        self._out = out
        self._progress = progress
        self._done = self._total = 0
        self._sums: dict[str, str] = {}

    def write(self, settings_file: Path, settings: Settings, file: Path) -> Written:
        header = Header(form.VERSION, __version__, time.time_ns(), settings_file.name)
        state = contents.state_folder(settings.state)
        config = contents.configuration(settings_file, settings)
        whole = [*config, *state.notes, *state.spool, *state.data, *state.record]
        self._total = max(sum(map(_size, whole)), 1)
        with (
            gzip.GzipFile(fileobj=self._out, mode="wb", compresslevel=GZIP_LEVEL, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            self._add_bytes(tar, form.HEADER, msgspec.json.encode(header))
            before = {one: one.path.read_bytes().splitlines() for one in state.record}
            for one in (*config, *state.notes, *state.spool, *state.data):
                self._add(tar, one)
            for one in state.record:
                lines = before[one] + _begun(one.path.read_bytes().splitlines()[len(before[one]) :])
                self._add_bytes(tar, one.name, b"".join(line + b"\n" for line in lines))
            self._add_bytes(tar, form.CHECKSUMS, msgspec.json.encode(Checksums(self._sums)))
        self._out.flush()
        os.fsync(self._out.fileno())
        prefix = f"{form.STATE}/"
        in_state = sum(name.startswith(prefix) for name in self._sums)
        return Written(
            str(file),
            header.at_ns,
            self._out.tell(),
            len(self._sums) - in_state - 2,  # header and checksums
            in_state,
            state.left_out,
        )

    def _add(self, tar: tarfile.TarFile, one: Source) -> None:
        try:
            if one.name.startswith(f"{form.STATE}/") and is_database(one.path):
                with snapshot(one.path, self._scratch, self._advance) as copy:
                    self._add_stream(tar, one, copy, os.fstat(copy.fileno()).st_size)
            else:
                text = one.path.read_bytes()  # whole: it may grow while it is packed
                self._add_stream(tar, one, io.BytesIO(text), len(text))
                self._advance(len(text))
        except sqlite3.Error as error:
            raise CommandFailed(
                say(
                    "no backup was written: {file} {trouble}",
                    file=one.path,
                    trouble=database_trouble(error),
                ),
                hint=_ROOM
                if not is_damaged(error)
                else say(
                    "look at it with messnetz doctor; the service sets a damaged spool aside when it starts;"
                    " any other damaged file, move away and give the same command again"
                ),
            ) from error
        except FileNotFoundError:
            if one.path.exists():
                raise
            # a day of the archive that was given up, or a file that was replaced, since we looked

    def _add_bytes(self, tar: tarfile.TarFile, name: str, text: bytes) -> None:
        self._add_stream(tar, Source(name, Path()), io.BytesIO(text), len(text))

    def _add_stream(self, tar: tarfile.TarFile, one: Source, stream: BinaryIO, size: int) -> None:
        member = tarfile.TarInfo(one.name)
        member.size = size
        member.mode = one.path.stat().st_mode & 0o777 if one.path.is_file() else 0o600
        member.mtime = int(time.time())
        summing = _Summing(stream)
        tar.addfile(member, summing)
        self._sums[one.name] = summing.sha256.hexdigest()

    def _advance(self, size: int) -> None:
        self._done += size
        self._progress(self._done, max(self._total, self._done))


class _Summing(io.RawIOBase):
    """A stream that sums what is read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self.sha256 = hashlib.sha256()
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self.sha256.update(piece)
        return piece


def _size(one: Source) -> int:
    try:
        return one.path.stat().st_size
    except FileNotFoundError:
        return 0


def _begun(lines: Iterable[bytes]) -> list[bytes]:
    """Of what was recomputed while we read, that it was begun: a restored service does it again.

    Whether its rows came into the copies of spool and store cannot be told.
    """
    return [line for line in lines if b'"phase":"begun"' in line]
