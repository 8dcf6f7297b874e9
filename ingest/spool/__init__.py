"""What waits on our disk: lines for the store, refusals, and the memory of every device.

`schema` is the format of the file and its invariants, `disk` the one connection and its failures, `service`
what the event loop calls, `worker` its thread; `waiting`, `quarantine`, `dead_letters`, `frames` and `states`
hold the statements, a table each (`states` with its log), `hours` those of the two tables of finished hours.
"""

from ingest.errors import SpoolBusy, SpoolError, SpoolLocked, SpoolTooNew
from ingest.spool.dead_letters import DeadFilter, DeadSummary
from ingest.spool.disk import Figures
from ingest.spool.hours import Due, Progress
from ingest.spool.quarantine import KeptFilter, KeptSummary
from ingest.spool.service import Committed, Spool, open_spool
from ingest.spool.waiting import Waiting

__all__ = [
    "Committed",
    "DeadFilter",
    "DeadSummary",
    "Due",
    "Figures",
    "KeptFilter",
    "KeptSummary",
    "Progress",
    "Spool",
    "SpoolBusy",
    "SpoolError",
    "SpoolLocked",
    "SpoolTooNew",
    "Waiting",
    "open_spool",
]
