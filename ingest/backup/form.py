"""The format of a backup, version 1: a tar file compressed with gzip.

    messnetz-backup.json    first: `Header`, which format this is and whose
    config/…                what stands in the folder of the settings file
    named/<setting>[/…]     files and folders that the settings name and that lie elsewhere
    state/…                 the state folder; databases as SQLite files without a write-ahead log
    checksums.json          last: `Checksums`, SHA-256 of everything before; a file without it is not whole

All members are regular files; their names are relative and never climb.
"""

import json
from pathlib import PurePosixPath
from typing import Any

import msgspec

from devices.language import say
from ingest.errors import CommandFailed

VERSION = 1
HEADER, CHECKSUMS = "messnetz-backup.json", "checksums.json"
CONFIG, NAMED, STATE = "config", "named", "state"
#: Both JSON members are read into memory; the checksums of 100 000 files have some 10 MiB.
MAX_JSON_BYTES = 64 * 1024**2


class Header(msgspec.Struct, frozen=True):
    """Where a backup is from. `at_ns` (UTC): what was acknowledged until then is in it."""

    format: int
    messnetz: str
    at_ns: int
    settings: str  #: name of the settings file in `config/`


class Checksums(msgspec.Struct, frozen=True):
    """SHA-256 of each member, in hex, by its name."""

    sha256: dict[str, str]


def read_header(name: str, text: bytes) -> Header:
    """The first member; raises `CommandFailed` for a file that is no backup or too new a one."""
    try:
        said: Any = json.loads(text) if name == HEADER else None
        version = said["format"]
        if isinstance(version, int) and version > VERSION:
            raise CommandFailed(
                say(
                    "the backup has format {version}, this Messnetz reads formats up to {known}",
                    version=version,
                    known=VERSION,
                ),
                hint=say("restore it with the newer Messnetz that wrote it"),
            )
        return msgspec.convert(said, Header)
    except (ValueError, TypeError, KeyError, RecursionError, msgspec.ValidationError):
        raise not_whole(say("it does not begin as a backup of Messnetz does")) from None


def is_safe(name: str) -> bool:
    """Whether a member belongs into one of the three folders, and nowhere above them."""
    path = PurePosixPath(name)
    return (
        str(path) == name  # else `a//b` would be two things: a name in `a`, and below it `/b`
        and len(path.parts) > 1
        and path.parts[0] in (CONFIG, NAMED, STATE)
        and ".." not in path.parts
        and "\0" not in name
    )


def not_whole(why: str) -> CommandFailed:
    """The error for a file that cannot be restored; nothing was put in place."""
    return CommandFailed(
        say("this is no whole backup: {why}", why=why),
        hint=say("nothing was restored; take another backup file"),
    )
