"""What a damaged spool looks like, and how it is put aside."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec


class Damaged(Exception):
    """What stands in the file cannot be what was written there."""


class Damage(msgspec.Struct, frozen=True):
    """A spool that was set aside: where it lies now, why, and how many waiting lines it took along."""

    path: Path
    sentence: str
    lines_lost: int


_CODES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})


def is_damage(error: Exception) -> bool:
    """Whether the error says that the file itself is wrong, so that trying again cannot help."""
    if isinstance(error, Damaged):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return False
    if code & 0xFF == sqlite3.SQLITE_ERROR:  # our statements are constant: what they miss is missing
        return "no such" in str(error) or "has no column" in str(error)
    return code & 0xFF in _CODES or code == sqlite3.SQLITE_IOERR_SHORT_READ


def set_aside(path: Path) -> Path:
    """Rename a spool, its `-wal` and `-shm` to `<name>.damaged-<UTC time>`, which SQLite can still open."""
    stamp = datetime.fromtimestamp(time.time(), UTC).strftime("%Y%m%dT%H%M%SZ")
    target = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    for suffix in ("-wal", "-shm", ""):  # the file itself last: until then the next start finds it
        source = Path(f"{path}{suffix}")
        if source.exists():
            source.rename(f"{target}{suffix}")
    return target
