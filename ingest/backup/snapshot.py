"""A database as it was at one moment, copied while another process goes on writing it."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from ingest import read_only

#: What a file of SQLite begins with.
MAGIC = b"SQLite format 3\0"
#: Pages copied between two reports: 4 MiB.
PAGES = 1000
#: What SQLite says where it cannot make a file.
_TAKES_NONE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)


@contextlib.contextmanager
def snapshot(path: Path, scratch: Path, on_bytes: Callable[[int], None]) -> Iterator[BinaryIO]:
    """A copy of the database at `path`, as an open file without a name: no end of us leaves it behind.

    `scratch` is a free name on a disk with room for it. One read transaction spans the whole copy, so that it
    shows one moment and never begins anew; in WAL mode, as all ours are, it keeps no writer waiting. What
    writers commit meanwhile stays in the write-ahead log until the copy is done. `on_bytes` is told how many
    were copied since the last call.
    """
    with (
        contextlib.closing(_source(path)) as source,
        _unnamed(scratch) as (target, file),
    ):
        (page_bytes,) = source.execute("PRAGMA page_size").fetchone()
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the moment
        done = 0

        def report(_status: int, remaining: int, total: int) -> None:
            nonlocal done
            copied = total - remaining
            on_bytes((copied - done) * page_bytes)
            done = copied

        source.backup(target, pages=PAGES, progress=report)
        target.close()
        yield file


def _source(path: Path) -> sqlite3.Connection:
    """The database to be copied, opened. A reader makes a `-shm` if there is none; a full disk takes none.

    It can do without: nobody writes the database then, for a writer would need one, too.
    """
    source = _connect(f"file:{quote(str(path.absolute()))}?mode=ro")
    try:
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        source.close()
        if error.sqlite_errorcode & 0xFF not in _TAKES_NONE:
            raise
        return read_only.connect(path)
    return source


@contextlib.contextmanager
def _unnamed(scratch: Path) -> Iterator[tuple[sqlite3.Connection, BinaryIO]]:
    os.close(os.open(scratch, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600))
    try:
        target = _connect(f"file:{quote(str(scratch.absolute()))}")
        file = scratch.open("rb")
    finally:
        scratch.unlink()
    with file, contextlib.closing(target):
        # a journal would be looked for beside the name that is gone; what is half done is thrown away whole
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        yield target, file


def is_database(path: Path) -> bool:
    """Whether the file is one of SQLite's."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def version(path: Path) -> int:
    """`PRAGMA user_version` of a database that is closed, from its header (SQLite file format §1.3)."""
    with path.open("rb") as file:
        return int.from_bytes(file.read(64)[60:], "big", signed=True)


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, isolation_level=None)
