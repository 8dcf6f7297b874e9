"""A SQLite file of the service's opened to be read, without anything being written to its folder."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from devices.language import Sentence, say


def connect(path: Path) -> sqlite3.Connection:
    """Open a file in WAL mode, beside the service that writes it or without one; raises `sqlite3.Error`.

    `mode=ro` alone makes the files `-wal` and `-shm` where they are not, and rewrites `-shm` after a kill.
    While the service runs both are there; without `-wal` nobody has the file open, and it can be taken as it
    is. Only a `-wal` without its `-shm`, which nobody leaves behind, costs a new `-shm`.
    """
    wal, shm = (Path(f"{path}{suffix}") for suffix in ("-wal", "-shm"))
    beside = "&readonly_shm=1" if shm.exists() else ""
    how = beside if wal.exists() else "&immutable=1"
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro{how}", uri=True)


def is_damaged(error: sqlite3.Error) -> bool:
    """Whether it is the file itself that is at fault."""
    return _code(error) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def database_trouble(error: sqlite3.Error) -> Sentence:
    """Why a file of SQLite cannot be read or copied, as a sentence without its name."""
    if is_damaged(error):
        return say("is damaged, or is no database")
    match _code(error) & 0xFF:  # the rest says more closely
        case sqlite3.SQLITE_ERROR:
            return say("lacks what Messnetz keeps there: it is another file, or its tables are lost")
        case sqlite3.SQLITE_FULL:
            return say("does not fit: the disk is full")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return say("cannot be opened by this user")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return say("is held by another program")
    return say("cannot be read (error {number} of SQLite)", number=_code(error))


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", None) or 0  # set where SQLite itself said no
