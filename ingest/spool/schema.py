"""The file `spool.db`, version 3: its tables, its invariants, and how an older one becomes a newer one.

SQLite in WAL mode, `synchronous=FULL`; `PRAGMA application_id` says that the file is ours, `PRAGMA
user_version` which version it has. All times are integers, UTC nanoseconds since 1970.

    waiting        one row a group commit: line protocol waiting for the store
    quarantine     messages that were refused, whole
    dead_letters   lines that were refused for good
    states         the memory of each installation, packed by `devices.state.pack`, by `device|address`
    states_log     what groups changed of it since, a row a group: a map (MessagePack) of key to packed state
    frames         the frames that were stored last, 8 bytes each, a row a group (since version 3)
    totals         one row: what the first three tables hold
    quarantine_holders, dead_letters_holders   the same a holder
    hours          how far each measurement's hours are finished (since version 2)
    hours_due      finished hours of a device that late lines touched (since version 2)

Invariants:
- A row of `waiting` holds `count` lines joined by line feeds; no line holds one. `bytes` is their length,
  `crc` their CRC-32: SQLite notices noise in its own pages, but not within a blob.
- Rows wait, and leave, in the order of their ids. No id is ever used twice (a listed id still means the same
  row when it is named), not even after a damaged spool was set aside while the service ran.
- `totals` and the holders' tables are kept by triggers, so they are true whoever changes a row; the start
  reads them instead of counting gigabytes.
- What `states_log` says of a key stands above `states`, what a later row says above an earlier one. The log
  is emptied only by the transaction that puts the newest state of each of its keys into `states`. `log_end`
  is the length of this row's map and all before it, `crc` the map's CRC-32.
- `frames.log_end` counts the frames of its row and of all before it, also of those that were removed. Noise
  in a blob of them lets a frame that comes again count as new, so no sum guards it.
- A quarantine row's holder is its address, or its topic where none could be read; a dead letter's holder is
  its device. `bytes` is what the row takes up: its texts, its blob, and `budget.ROW_BYTES` for the rest.
- The oldest row of a holder is the one with the smallest id.
- A line that is committed with a time before its measurement's `closed_ns` has its hour in `hours_due`. The
  row leaves when that hour was summed up anew from a store that held the line, and `mark` has not changed.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from ingest.errors import SpoolError, SpoolTooNew
from ingest.flush import flush_folder
from ingest.spool.damage import Damaged

VERSION = 3
APPLICATION_ID = 0x4D534E5A  #: "MSNZ"

#: What turns version n into n + 1, by n: a function of the open connection, called within a transaction.
Migrations = Mapping[int, Callable[[sqlite3.Connection], None]]

_STRICT = "STRICT" if sqlite3.sqlite_version_info >= (3, 37) else ""
_STRICT_CLUSTERED = "STRICT, WITHOUT ROWID" if _STRICT else "WITHOUT ROWID"

_HOURS = f"""
CREATE TABLE hours (
    measurement TEXT PRIMARY KEY,
    closed_ns INTEGER NOT NULL,
    done_ns INTEGER NOT NULL
) {_STRICT_CLUSTERED};
"""
_HOURS_DUE = f"""
CREATE TABLE hours_due (
    measurement TEXT NOT NULL,
    hour_ns INTEGER NOT NULL,
    device TEXT NOT NULL,
    marked_ns INTEGER NOT NULL, -- when the first line came late
    mark INTEGER NOT NULL, -- raised when more come
    emptied INTEGER NOT NULL, -- rows were taken away, and no line has come in their place
    PRIMARY KEY (measurement, hour_ns, device)
) {_STRICT_CLUSTERED};
"""


def _add_hours(connection: sqlite3.Connection) -> None:
    for statement in (_HOURS, _HOURS_DUE):  # a script would end the transaction
        connection.execute(statement)


_FRAMES = f"""
CREATE TABLE frames (
    log_end INTEGER PRIMARY KEY,
    frames BLOB NOT NULL
) {_STRICT};
"""


def _add_frames(connection: sqlite3.Connection) -> None:
    connection.execute(_FRAMES)


MIGRATIONS: Migrations = {1: _add_hours, 2: _add_frames}

_TABLES = f"""
CREATE TABLE waiting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    committed_ns INTEGER NOT NULL,
    count INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    lines BLOB NOT NULL
) {_STRICT};

CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    holder TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    source TEXT NOT NULL,
    format TEXT NOT NULL,
    topic TEXT NOT NULL,
    address TEXT NOT NULL,
    arrival_ns INTEGER NOT NULL,
    time_ns INTEGER NOT NULL,
    written TEXT NOT NULL,
    payload BLOB NOT NULL
) {_STRICT};
CREATE INDEX quarantine_by_holder ON quarantine (holder);
CREATE INDEX quarantine_by_time ON quarantine (time_ns);
CREATE INDEX quarantine_by_arrival ON quarantine (arrival_ns);

CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    holder TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    arrival_ns INTEGER NOT NULL,
    line BLOB NOT NULL
) {_STRICT};
CREATE INDEX dead_letters_by_holder ON dead_letters (holder);
CREATE INDEX dead_letters_by_arrival ON dead_letters (arrival_ns);

CREATE TABLE states (
    key TEXT PRIMARY KEY,
    state BLOB NOT NULL
) {_STRICT};

CREATE TABLE states_log (
    log_end INTEGER PRIMARY KEY,
    crc INTEGER NOT NULL,
    states BLOB NOT NULL
) {_STRICT};

CREATE TABLE totals (
    waiting_rows INTEGER NOT NULL DEFAULT 0,
    waiting_lines INTEGER NOT NULL DEFAULT 0,
    waiting_bytes INTEGER NOT NULL DEFAULT 0,
    quarantine_rows INTEGER NOT NULL DEFAULT 0,
    quarantine_bytes INTEGER NOT NULL DEFAULT 0,
    dead_letters_rows INTEGER NOT NULL DEFAULT 0,
    dead_letters_bytes INTEGER NOT NULL DEFAULT 0
) {_STRICT};
INSERT INTO totals DEFAULT VALUES;

CREATE TRIGGER waiting_in AFTER INSERT ON waiting BEGIN
    UPDATE totals SET waiting_rows = waiting_rows + 1, waiting_lines = waiting_lines + new.count,
        waiting_bytes = waiting_bytes + new.bytes;
END;
CREATE TRIGGER waiting_out AFTER DELETE ON waiting BEGIN
    UPDATE totals SET waiting_rows = waiting_rows - 1, waiting_lines = waiting_lines - old.count,
        waiting_bytes = waiting_bytes - old.bytes;
END;

CREATE TABLE quarantine_holders (
    holder TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    unknown INTEGER NOT NULL -- rows of an address that was not registered
) {_STRICT_CLUSTERED};
CREATE INDEX quarantine_holders_by_bytes ON quarantine_holders (bytes);
CREATE TRIGGER quarantine_in AFTER INSERT ON quarantine BEGIN
    UPDATE totals SET quarantine_rows = quarantine_rows + 1, quarantine_bytes = quarantine_bytes + new.bytes;
    INSERT INTO quarantine_holders
        VALUES (new.holder, 1, new.bytes, new.outcome = 'quarantined' AND new.address <> '')
        ON CONFLICT (holder) DO UPDATE SET rows = rows + 1, bytes = bytes + excluded.bytes,
            unknown = unknown + excluded.unknown;
END;
CREATE TRIGGER quarantine_out AFTER DELETE ON quarantine BEGIN
    UPDATE totals SET quarantine_rows = quarantine_rows - 1, quarantine_bytes = quarantine_bytes - old.bytes;
    UPDATE quarantine_holders SET rows = rows - 1, bytes = bytes - old.bytes,
        unknown = unknown - (old.outcome = 'quarantined' AND old.address <> '')
        WHERE holder = old.holder;
    DELETE FROM quarantine_holders WHERE holder = old.holder AND rows = 0;
END;

CREATE TABLE dead_letters_holders (
    holder TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) {_STRICT_CLUSTERED};
CREATE INDEX dead_letters_holders_by_bytes ON dead_letters_holders (bytes);
CREATE TRIGGER dead_letters_in AFTER INSERT ON dead_letters BEGIN
    UPDATE totals SET dead_letters_rows = dead_letters_rows + 1,
        dead_letters_bytes = dead_letters_bytes + new.bytes;
    INSERT INTO dead_letters_holders VALUES (new.holder, 1, new.bytes)
        ON CONFLICT (holder) DO UPDATE SET rows = rows + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER dead_letters_out AFTER DELETE ON dead_letters BEGIN
    UPDATE totals SET dead_letters_rows = dead_letters_rows - 1,
        dead_letters_bytes = dead_letters_bytes - old.bytes;
    UPDATE dead_letters_holders SET rows = rows - 1, bytes = bytes - old.bytes WHERE holder = old.holder;
    DELETE FROM dead_letters_holders WHERE holder = old.holder AND rows = 0;
END;

{_HOURS}
{_HOURS_DUE}
{_FRAMES}

PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
"""  # noqa: S608  constants


def connect(path: Path) -> sqlite3.Connection:
    """Open the spool for writing, make it if there is none, bring an older one to this version.

    Raises `Damaged`, `SpoolTooNew`, or the `sqlite3.Error` that says what is wrong with file or disk.
    """
    if path.exists() and path.stat().st_size == 0:
        raise Damaged("the file is empty")
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            # Before the first table, or it has no effect: lets the file shrink again after an outage.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            _configure(connection)
            connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
            _close_to_others(path)
        else:
            version = _identify(connection, path)
            _configure(connection)
            if version < VERSION:
                _migrate(connection, path, version)
            _look_at(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _close_to_others(path: Path) -> None:
    """Payloads are for the service's user only; what SQLite makes later has the mode of the first file."""
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").chmod(0o600)


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # The write-ahead log goes into the file at 4000 pages of 4 KiB, so that a page written often moves
    # once, and is cut back to their 16 MiB after a burst.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA journal_size_limit = 16384000")
    connection.execute("PRAGMA cache_size = -8192")  # 8 MiB
    connection.execute("PRAGMA cell_size_check = ON")  # a page of noise is noticed when it is read
    connection.execute("PRAGMA secure_delete = OFF")  # Debian's default writes zeros over all that is deleted


def _identify(connection: sqlite3.Connection, path: Path) -> int:
    """The version of a file that is there, before anything is written to it."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID or version < min(MIGRATIONS, default=VERSION):
        raise Damaged("the file is a database, but not a spool")
    if version > VERSION:
        raise SpoolTooNew(
            f"{path} has version {version}, this Messnetz knows versions up to {VERSION}",
            hint="run the newer Messnetz that wrote it, or give this one its own `state` folder",
        )
    return int(version)


def _migrate(connection: sqlite3.Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.name}.version-{version}")
    half = copy.with_name(f"{copy.name}.unfinished")  # nobody takes it for the copy
    try:
        _remove(half)
        half.touch(0o600)
        connection.execute("VACUUM INTO ?", (str(half),))
        half.replace(copy)
        flush_folder(copy.parent)
    except (sqlite3.OperationalError, OSError) as error:
        with contextlib.suppress(OSError):
            _remove(half)
        raise SpoolError(
            f"{path} has version {version} and no copy of it could be made ({error})",
            hint=f"make room for a second {path.name} in {path.parent} and start again",
        ) from error
    connection.execute("BEGIN IMMEDIATE")
    for step in range(version, VERSION):
        MIGRATIONS[step](connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _remove(path: Path) -> None:
    for name in (path, Path(f"{path}-journal")):
        name.unlink(missing_ok=True)


def _look_at(connection: sqlite3.Connection) -> None:
    """Notice what a glance can show; a full check of gigabytes would keep the start waiting."""
    there = dict(connection.execute("SELECT name, type FROM sqlite_master").fetchall())
    missing = sorted(_names() - there.keys())
    if missing:
        raise Damaged(f"{', '.join(missing)} missing")
    for name in sorted(name for name, kind in there.items() if kind == "table"):
        connection.execute(f"SELECT * FROM {name} LIMIT 1").fetchone()  # noqa: S608  names from the schema
    if connection.execute("SELECT count(*) FROM totals").fetchone() != (1,):
        raise Damaged("the totals are missing")


def _names() -> set[str]:
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(_TABLES)
        return {name for (name,) in empty.execute("SELECT name FROM sqlite_master")}
