"""A backup as a stream of its members, and what goes wrong with it in our words."""

import contextlib
import gzip
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from devices.files import hindrance, trouble
from devices.language import Sentence, say
from ingest.backup import form
from ingest.backup.form import not_whole
from ingest.errors import CommandFailed

_CHUNK = 1024**2


@contextlib.contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
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
            say("nothing was restored: {error}", error=where(error)),
            hint=say("is there room, and may this user read the backup and write there?"),
        ) from error


@contextlib.contextmanager
def unpacked(packed: BinaryIO) -> Iterator[tarfile.TarFile]:
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


def where(error: OSError) -> Sentence:
    """Which file is hindered, and how."""
    if error.filename is None:  # it was open already
        return hindrance(error)
    return say("{file}: {trouble}", file=error.filename, trouble=hindrance(error))


def time_of(file: Path) -> int:
    """The backup's own time (UTC, ns), from its head."""
    with opened(file) as packed, unpacked(packed) as tar:
        first = tar.next()
        return form.read_header(first.name if first else "", read(tar, first)).at_ns


def read(tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> bytes:
    """One of its small members of JSON; raises `CommandFailed` where it is none."""
    stream = tar.extractfile(member) if member is not None and member.isreg() else None
    if stream is None or member is None or member.size > form.MAX_JSON_BYTES:
        raise not_whole(say("it does not begin as a backup of Messnetz does"))
    return stream.read()
