"""Where an export is made and how it gets its name: whole, or not at all.

Beside the target stands a folder of the export's own, `.messnetz-export-…`, in which everything is written
and which holds a lock. What is finished is moved to its name in one step. A folder whose lock is free was
left behind by a process that was killed: the next export removes it.
"""

import contextlib
import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from devices.files import hindrance
from devices.language import Sentence, say
from ingest.flush import flush_folder
from publish.export.errors import ExportFailed

PREFIX = ".messnetz-export-"
_LOCK = "lock"
#: Less room than a write takes: a library that says nothing of the disk failed because of it.
_FULL_BYTES = 1 << 20
#: What a file system says that has no locks, or cannot flush a folder (shares, FUSE).
_NOT_HERE = frozenset((errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.ENOTTY))
#: What file systems take is 255; the data package's name is longer by its ending.
_NAME_BYTES = 230
#: Faults of a disk or of its rights; others are faults of ours.
_OF_DISK = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EIO", "EFBIG", "ESTALE", "EHOSTDOWN")
)
_ERRNO = re.compile(r"\[errno (\d+)\]", re.IGNORECASE)


@contextlib.contextmanager
def workplace(target: Path) -> Iterator[Path]:
    """A folder beside the target to make an export in; it is gone afterwards, whatever happens.

    Raises `ExportFailed` where nothing can be written, and for what goes wrong with the disk within.
    """
    folder = target.parent
    with _said_of_disk(target):
        _check(target)
        _remove_left(folder)
        own, lock = _begin(folder)
        try:
            yield own
        finally:
            shutil.rmtree(own, ignore_errors=True)
            os.close(lock)


def real(target: Path) -> Path:
    """Where a target lies once links are followed: what a link points to is replaced, the link stays."""
    with contextlib.suppress(OSError, RuntimeError):  # `workplace` says what is wrong with it, a loop too
        return target.resolve()
    return target


def settle(finished: Sequence[tuple[Path, Path]]) -> None:
    """Move files (from, to) of one folder to their names, all on the disk before the first is moved.

    Of two exports to one name that end at once, one comes after the other with all its files. Raises
    `OSError`.
    """
    for path, _ in finished:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    folder = finished[0][1].parent
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with _where_there_is_such():
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        for path, target in finished:
            path.replace(target)
        with _where_there_is_such():
            flush_folder(folder)
    finally:
        os.close(descriptor)


def _check(target: Path) -> None:
    """Say of a target at once what cannot become right while it is made."""
    folder = target.parent
    if len(os.fsencode(target.name)) > _NAME_BYTES:
        raise ExportFailed(
            say("the name {name} is too long", name=f"{target.name[:40]}…"), hint=say("name a shorter one")
        )
    if not os.path.isdir(folder):  # noqa: PTH112  Path.is_dir raises for a name that is too long
        raise ExportFailed(
            say("there is no folder {folder}", folder=folder), hint=say("make it, or name another one")
        )
    if os.path.lexists(target) and not target.is_file():  # a link that is still one leads round in a circle
        raise ExportFailed(say("{target} is no file", target=target), hint=say("name a file"))


def _begin(folder: Path) -> tuple[Path, int]:
    """A new folder of our own and its lock."""
    while True:
        own = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
        # another export may take it for left behind until we hold its lock
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(own / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            if _is_ours(lock) and (own / _LOCK).exists():
                return own, lock
            os.close(lock)


def _is_ours(lock: int) -> bool:
    try:
        with _where_there_is_such():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_left(folder: Path) -> None:
    """Remove what killed processes left behind."""
    for left in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            _remove_if_free(left)


def _remove_if_free(left: Path) -> None:
    try:
        lock = os.open(left / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        left.rmdir()  # killed before it had a lock; one that is about to have it makes itself another folder
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left)
    finally:
        os.close(lock)


@contextlib.contextmanager
def _where_there_is_such() -> Iterator[None]:
    """Go on where the file system has no such thing."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise


@contextlib.contextmanager
def _said_of_disk(target: Path) -> Iterator[None]:
    """Turn faults of the disk into `ExportFailed`, also where a library hides that they are."""
    try:
        yield
    except ExportFailed:
        raise
    except Exception as error:
        why = _trouble(error, target.parent)
        if why is None:
            raise
        raise ExportFailed(
            say("{target} cannot be written: {why}", target=target, why=why),
            hint=say("make room or get the right there, or name another place; then export again"),
        ) from error


def _trouble(error: Exception, folder: Path) -> Sentence | None:
    """What the disk has, None where it is not at fault."""
    if (number := _number(error)) in _OF_DISK:
        return hindrance(OSError(number, ""))
    if not folder.is_dir():
        return hindrance(FileNotFoundError(errno.ENOENT, ""))
    with contextlib.suppress(OSError):
        if shutil.disk_usage(folder).free < _FULL_BYTES:
            return hindrance(OSError(errno.ENOSPC, ""))
    return None


def _number(error: BaseException | None) -> int | None:
    """The system's number of a fault of the disk; Arrow has it in its words only."""
    while error is not None:
        if isinstance(error, OSError):
            if error.errno is not None:
                return error.errno
            if found := _ERRNO.search(str(error)):
                return int(found[1])
        error = error.__cause__ or error.__context__
    return None
