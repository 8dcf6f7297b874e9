"""Restoring a backup into an empty place, with no service running on it.

Everything is unpacked into hidden folders beside where it belongs and compared with its checksums. Only then
is it put in place by renaming: the state first, the settings file last. Whatever ends us before that leaves
nothing in place, and the next restore begins anew. From the first renaming on a note (`half_restored`) says
what belongs where: the next restore finishes it, and until then there are no settings that anything could
take for whole.
"""

import contextlib
import gzip
import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from devices.files import hindrance, trouble
from devices.language import Sentence, say
from ingest import half_restored, settings_file
from ingest.backup import contents, form
from ingest.backup.form import Checksums, Header, not_whole
from ingest.backup.snapshot import version
from ingest.errors import CommandFailed, SettingsError
from ingest.flush import flush_folder
from ingest.half_restored import WAITING, Move, Note
from ingest.settings import Settings
from ingest.spool import schema
from ingest.spool.lock import LOCK, take_lock
from ingest.spool.service import FILE_NAME as SPOOL
from ingest.store import FILE_NAME as STORE
from ingest.store import embedded

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
    `SpoolLocked` when a service runs there. Nothing is in place then. A restore of the same backup that was
    interrupted there is finished; of another one, `CommandFailed` names the command that does.
    """
    target = config.absolute().parent
    note = half_restored.read(target)
    if note is not None and (_is_for(note, file) or _is_half(note)):
        return _go_on(file, note)
    _check_empty(target)
    with _opened(file) as packed:
        return _Restorer(file, target, config.name, lambda: progress(packed.tell(), _size(file))).run(packed)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """The backup; what goes wrong with it, or with the disk, as `CommandFailed`."""
    try:
        packed = file.open("rb")
    except OSError as error:
        raise CommandFailed(
            say("{file} {trouble}", file=file, trouble=trouble(error)),
            hint=say("nothing was restored; name the file that messnetz backup wrote"),
        ) from error
    try:
        with packed:
            yield packed
    except (EOFError, zlib.error, tarfile.TarError, gzip.BadGzipFile) as error:
        raise not_whole(_damage(error)) from error
    except OSError as error:
        raise CommandFailed(
            say("nothing was restored: {error}", error=_where(error)),
            hint=say("is there room, and may this user read the backup and write there?"),
        ) from error


@contextlib.contextmanager
def _unpacked(packed: BinaryIO) -> Iterator[tarfile.TarFile]:
    """The backup's members. What is said of them counts only if gzip's own checksum of all of it agrees."""
    with gzip.GzipFile(fileobj=packed) as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                yield tar
        except CommandFailed:
            _read_on(stream)
            raise
        _read_on(stream)


def _read_on(stream: gzip.GzipFile) -> None:
    """To the end, where a damaged file is told."""
    while stream.read(_CHUNK):
        pass


def _damage(error: Exception) -> Sentence:
    if isinstance(error, EOFError) or "end of data" in str(error):
        return say("its end is missing")
    return say("it is no tar file packed by gzip, or it was damaged")


def _where(error: OSError) -> Sentence:
    if error.filename is None:  # it was open already
        return hindrance(error)
    return say("{file}: {trouble}", file=error.filename, trouble=hindrance(error))


class _Restorer:
    def __init__(self, file: Path, target: Path, settings_name: str, on_read: Callable[[], None]) -> None:
        self._file = file
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
            with _unpacked(packed) as tar:
                header, settings = self._unpack(tar)
            note = self._note(header, settings)
            half_restored.keep(self._target, note)
        except BaseException:
            self._give_up(made=made)
            raise
        try:
            return _put_in_place(note)
        finally:
            self._let_go()

    def _give_up(self, *, made: bool) -> None:
        for path in self._waiting:
            _remove(path)
        if made and self._target.exists() and not any(self._target.iterdir()):
            self._target.rmdir()
        self._let_go()

    def _let_go(self) -> None:
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
            *_moves(self._folders[form.STATE], settings.state, last=SPOOL),
            *_moves(config, self._target, last=self._settings_name),
        ]
        _check_free(moves)
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
            _remove(beside)
            self._waiting.append(beside)
            shutil.move(source, beside)
            moves.append(Move(str(beside), str(path)))
        return moves, kept


def _is_for(note: Note, file: Path) -> bool:
    """Whether the interrupted restore was of this backup, which need not be there any more."""
    return str(file.absolute()) == note.file or _time_of(file) == note.at_ns


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
        return _put_in_place(note)
    finally:
        os.close(lock)


def _time_of(file: Path) -> int:
    with _opened(file) as packed, _unpacked(packed) as tar:
        first = tar.next()
        return form.read_header(first.name if first else "", _read(tar, first)).at_ns


def _put_in_place(note: Note) -> Restored:
    """Each renaming is on the disk before the next one: whatever ends us, the last ones are still to do."""
    try:
        for move in note.moves:
            _put(Path(move.source), Path(move.place))
    except OSError as error:
        raise CommandFailed(
            say("the restore stopped before its end: {error}", error=_where(error)),
            hint=say("when that is put right, this goes on: {command}", command=half_restored.command(note)),
        ) from error
    _remove(Path(note.state) / WAITING)
    _remove(Path(note.config).parent / WAITING)
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


def _moves(waiting: Path, target: Path, *, last: str) -> list[Move]:
    names = sorted(path.name for path in waiting.iterdir()) if waiting.exists() else []
    names.sort(key=lambda name: name == last)
    return [Move(str(waiting / name), str(target / name)) for name in names]


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


def _is_taken(place: Path) -> bool:
    """Whether anything but empty folders is there."""
    return place.exists() and (not place.is_dir() or any(not path.is_dir() for path in place.rglob("*")))


def _check_free(moves: Sequence[Move]) -> None:
    """What is hidden is nothing to us, unless the backup has the same."""
    taken = [Path(move.place) for move in moves if _is_taken(Path(move.place))]
    if taken:
        raise _not_empty(taken[0].parent, [path.name for path in taken])


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


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> bytes:
    stream = tar.extractfile(member) if member is not None and member.isreg() else None
    if stream is None or member is None or member.size > form.MAX_JSON_BYTES:
        raise not_whole(say("it does not begin as a backup of Messnetz does"))
    return stream.read()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _size(file: Path) -> int:
    return file.stat().st_size
