"""The service's own figures: plain integers of the event loop's thread (`labels().inc()` costs 2.8 us).

Each is raised where the thing happens, together with its log line (`ingest.events`), and none is computed
from others, so that the identities of `ingest.metrics.identities` can be seen to break:

    received = stored + duplicate + quarantined + rejected + ignored + in_flight
    lines_spooled = lines_written + lines_dead + lines_waiting

A spool that is damaged while the service runs takes its waiting lines along: they count as dead, and
`lines_lost` says how many of the dead they are.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from ingest.seams import Outcome


@dataclass(slots=True)
class Counts:
    """Counted since the process started; lines found waiting at the start count as spooled then."""

    received: Counter[str] = field(default_factory=Counter)  #: by source
    received_qos0: Counter[str] = field(default_factory=Counter)  #: by source
    redelivered: Counter[str] = field(default_factory=Counter)  #: by source
    dropped: Counter[str] = field(default_factory=Counter)  #: QoS 0 at a bound, by source
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)  #: (outcome, reason)
    replayed: Counter[Outcome] = field(default_factory=Counter)  #: of quarantine rows, outside `received`
    lines_spooled: int = 0
    lines_written: int = 0
    lines_dead: int = 0
    lines_lost: int = 0
    store_requests: Counter[str] = field(default_factory=Counter)  #: batches by result: written, unavailable
    #: How long those took together, in s, by result.
    store_seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    archived: int = 0
    not_archived: int = 0
    archive_days_dropped: int = 0
    commits: int = 0
    commit_failures: int = 0
    connects: Counter[str] = field(default_factory=Counter)  #: by source
    disconnects: Counter[str] = field(default_factory=Counter)  #: by source
    connect_failures: Counter[str] = field(default_factory=Counter)  #: by source
    pauses: int = 0
    kept_dropped: Counter[str] = field(default_factory=Counter)  #: refusals given up, by table and budget
    reloads: Counter[str] = field(default_factory=Counter)  #: by result: ok, complaints, waiting, failed
    scripts_run: int = 0  #: uplinks given to JavaScript codecs
    script_timeouts: int = 0  #: of them, those that took too long or that their process died of
    scripts_suspended: int = 0  #: how often a codec was put aside for that
    scripts_died: int = 0  #: ends of their process that were not ours
    hours_written: int = 0  #: rows of finished hours handed to the spool
    values_unread: int = 0  #: of uplinks that were stored without them
    status_rows: int = 0  #: states of devices and lots that were put into the spool
    exports: Counter[str] = field(
        default_factory=Counter
    )  #: asked for at the planners' address, by their end
    internal_errors: int = 0
