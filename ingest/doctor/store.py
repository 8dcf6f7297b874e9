"""The embedded store: its file, its size, and a look whether it is whole."""

import contextlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from devices.language import say
from ingest import read_only
from ingest.doctor.finding import Finding, size
from ingest.doctor.patience import PATIENCE_S, in_thread
from ingest.doctor.patient import Patient
from ingest.doctor.rights import is_closed

#: What the embedded store is made for.
DEVICES = 1000
#: Looking through a large file takes long; after so many seconds what was seen has to do.
LOOK_S = 3.0
#: Steps of SQLite's machine between two looks at the clock.
_STEPS = 100_000


async def check(patient: Patient) -> Sequence[Finding]:
    """The file, where the settings name no database."""
    if patient.settings.store != "embedded":
        return ()
    subject = say("embedded store")
    found = []
    path = patient.settings.state / "store.db"
    if is_closed(patient.settings.state) or is_closed(path):
        to_do = say("run this as the user that runs the service")
        found.append(Finding(subject, "unknown", say("this user may not read it"), to_do))
    elif not path.exists():
        found.append(Finding(subject, "ok", say("there is no file yet; the first line makes it")))
    else:
        found.append(await in_thread(lambda: _look_at(path), LOOK_S + 2 * PATIENCE_S))
    if len(patient.registry.devices) > DEVICES:
        found.append(
            Finding(
                subject,
                "warning",
                say("{count} devices are more than it is made for", count=len(patient.registry.devices)),
                say("move to InfluxDB: `store: influx`, then messnetz copy"),
            )
        )
    return found


def _look_at(path: Path) -> Finding:
    subject = say("embedded store")
    until = time.monotonic() + LOOK_S
    length = size(path.stat().st_size)
    try:
        with contextlib.closing(read_only.connect(path)) as connection:
            connection.execute("SELECT count(*) FROM field_types").fetchone()
            connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            what = say("{size}; nothing wrong in the part that was looked at", size=length)
            return Finding(subject, "ok", what)
        trouble = read_only.database_trouble(error)
    except sqlite3.DatabaseError as error:
        trouble = read_only.database_trouble(error)
    else:
        if said == "ok":
            return Finding(subject, "ok", say("{size}, whole", size=length))
        trouble = say("is damaged, or is no database")
    return Finding(
        subject,
        "wrong",
        say("{file} {trouble}", file=path.name, trouble=trouble),
        say("stop the service and move the file away, a new one is begun; bring back a copy if there is one"),
    )
