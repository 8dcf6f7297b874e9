"""A SQLite file of the service's opened to be read, without anything being written to its folder."""

import sqlite3
from pathlib import Path
from urllib.parse import quote


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
