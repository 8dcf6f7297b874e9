"""What Prometheus reads: the counts and what is true now, copied at once for every scrape.

No label holds what a message brought: sources, outcomes, reasons, results and budgets are all known words.
"""

import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from devices.status import STATES
from ingest import __version__
from ingest.counts import Counts
from ingest.seams import Outcome


@dataclass(frozen=True, slots=True)
class SourceGauges:
    """What is true of one source now."""

    name: str
    connected: bool
    quiet_s: float = 0.0  #: for how long none of its sensors has been heard although they should


@dataclass(frozen=True, slots=True)
class Gauges:
    """What is true now, taken on the event loop's thread together with the counts."""

    in_flight: int  #: messages received and not yet answered for
    held_bytes: int  #: payload held unacknowledged
    paused: bool  #: the sources were sent away for want of room
    lines_waiting: int
    waiting_bytes: int
    oldest_waiting_ns: int | None  #: when the oldest waiting line came, UTC; None when none waits
    quarantine_rows: int
    quarantine_bytes: int
    dead_letters_rows: int
    dead_letters_bytes: int
    spool_damaged: bool  #: a damaged spool was set aside since the start
    devices: int
    complaints: int  #: faults in the registry's files
    reload_waiting: bool  #: a reload waits for a confirmation
    disk_free_bytes: int  #: of the state folder's file system, for users that are not root
    sources: tuple[SourceGauges, ...] = ()
    hours_behind_s: float = 0.0  #: for how long the oldest hour that could be finished has been waiting
    certificates: tuple[tuple[str, float], ...] = ()  #: name and end (seconds since 1970)
    states: Mapping[str, int] = field(default_factory=dict)  #: devices by state, once they were judged


def identities(counts: Counts, gauges: Gauges) -> list[str]:
    """The identities that do not hold, each with its figures; empty when nothing vanished."""
    broken = []
    received, settled = counts.received.total(), counts.outcomes.total()
    if received != settled + gauges.in_flight:
        terms = " + ".join(f"{counts.outcomes[outcome]} {outcome.value}" for outcome in Outcome)
        broken.append(f"{received} received, but {terms} + {gauges.in_flight} in flight")
    if counts.lines_spooled != counts.lines_written + counts.lines_dead + gauges.lines_waiting:
        broken.append(
            f"{counts.lines_spooled} lines spooled, but {counts.lines_written} written"
            f" + {counts.lines_dead} dead + {gauges.lines_waiting} waiting"
        )
    return broken


def create_metrics(
    counts: Counts, gauges: Callable[[], Gauges], troubles: Callable[[], Sequence[str]]
) -> CollectorRegistry:
    """A registry of our own with everything below, and CPU, memory and files of this process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(counts, gauges, troubles))
    ProcessCollector(registry=registry)
    return registry


class _Collector(Collector):
    def __init__(
        self, counts: Counts, gauges: Callable[[], Gauges], troubles: Callable[[], Sequence[str]]
    ) -> None:
        self._counts = counts
        self._gauges = gauges
        self._troubles = troubles

    def collect(self) -> Iterator[Metric]:
        counts, gauges = self._counts, self._gauges()
        yield from _messages(counts, gauges)
        yield from _lines(counts, gauges)
        yield from _sources(counts, gauges)
        yield from _registry(counts, gauges)
        yield _exports(counts)
        yield _gauge("ready", "1 when nothing is wrong; the reasons are at /readyz.", not self._troubles())
        build = {"version": __version__, "python": platform.python_version()}
        yield InfoMetricFamily("messnetz_build", "What runs here.", build)

    def describe(self) -> Iterable[Metric]:
        return ()


def _messages(counts: Counts, gauges: Gauges) -> Iterator[Metric]:
    names = [source.name for source in gauges.sources]
    for name, text, values in (
        ("messages_received", "Messages received, by source.", counts.received),
        ("messages_qos0", "Messages received at QoS 0: lost when we are away.", counts.received_qos0),
        ("messages_redelivered", "Messages received with the DUP flag.", counts.redelivered),
        ("messages_dropped", "QoS 0 messages dropped at a bound, outside received.", counts.dropped),
    ):
        yield _counter_by(name, text, "source", dict.fromkeys(names, 0) | values)
    yield _counter_by(
        "messages_settled", "Messages answered for, by outcome.", "outcome", _by_outcome(counts.outcomes)
    )
    reasons = CounterMetricFamily(
        "messnetz_messages_reasons",
        "Messages that were not plainly stored, by why.",
        labels=("outcome", "reason"),
    )
    for (outcome, reason), count in counts.reasons.items():
        reasons.add_metric((outcome, reason), count)
    yield reasons
    yield _counter_by(
        "messages_replayed",
        "Kept messages judged again, by outcome.",
        "outcome",
        _by_outcome(counts.replayed),
    )
    yield _gauge("messages_in_flight", "Messages received and not yet answered for.", gauges.in_flight)
    yield _gauge("held_bytes", "Payload held unacknowledged for want of room.", gauges.held_bytes)
    yield _counter("values_unread", "Values that uplinks were stored without.", counts.values_unread)
    yield _counter("scripts_run", "Uplinks given to JavaScript codecs.", counts.scripts_run)
    yield _counter("script_timeouts", "Those of which a codec took too long.", counts.script_timeouts)
    yield _counter("scripts_suspended", "Codecs put aside for 5 minutes each.", counts.scripts_suspended)
    yield _counter("scripts_died", "Unwanted ends of the codecs' process.", counts.scripts_died)
    yield _counter("internal_errors", "Faults of our own; each is in the log.", counts.internal_errors)
    yield _gauge("quarantine_rows", "Refused messages that are kept.", gauges.quarantine_rows)
    yield _gauge("quarantine_bytes", "Size of the refused messages that are kept.", gauges.quarantine_bytes)
    yield _gauge("dead_letters_rows", "Dead letters that are kept.", gauges.dead_letters_rows)
    yield _gauge("dead_letters_bytes", "Size of the dead letters that are kept.", gauges.dead_letters_bytes)
    yield _counter_by(
        "refusals_dropped",
        "Kept messages and dead letters given up, by budget.",
        "budget",
        counts.kept_dropped,
    )


def _lines(counts: Counts, gauges: Gauges) -> Iterator[Metric]:
    yield _counter("lines_spooled", "Lines made durable here.", counts.lines_spooled)
    yield _counter("lines_written", "Lines that the store took.", counts.lines_written)
    yield _counter("lines_dead", "Lines that became dead letters.", counts.lines_dead)
    yield _counter(
        "lines_lost", "Lines that waited in a spool that was damaged; they count as dead.", counts.lines_lost
    )
    yield _gauge("lines_waiting", "Lines that wait for the store.", gauges.lines_waiting)
    yield _gauge("spool_waiting_bytes", "Size of the lines that wait.", gauges.waiting_bytes)
    yield _gauge("spool_oldest_waiting_seconds", "Age of the oldest line that waits.", _age_s(gauges))
    yield _gauge(
        "spool_damaged", "1 when a damaged spool was set aside since the start.", gauges.spool_damaged
    )
    yield _gauge("disk_free_bytes", "Free space of the state folder's file system.", gauges.disk_free_bytes)
    yield _counter("archived", "Accepted uplinks kept for corrections.", counts.archived)
    yield _counter("not_archived", "Accepted uplinks that could not be kept.", counts.not_archived)
    yield _counter(
        "archive_days_dropped", "Days of the archive removed or set aside.", counts.archive_days_dropped
    )
    yield _counter("hours_written", "Rows of finished hours, written or changed.", counts.hours_written)
    yield _gauge(
        "hours_behind_seconds",
        "For how long the oldest hour that could be finished has been waiting.",
        gauges.hours_behind_s,
    )
    yield _counter("commits", "Group commits.", counts.commits)
    yield _counter(
        "commit_failures", "Group commits that the disk refused; tried again.", counts.commit_failures
    )
    results = dict.fromkeys(("written", "unavailable"), 0) | counts.store_requests
    yield _counter_by("store_requests", "Batches sent to the store, by result.", "result", results)
    seconds = dict.fromkeys(("written", "unavailable"), 0.0) | counts.store_seconds
    yield _counter_by("store_seconds", "How long those took together, by result.", "result", seconds)


def _sources(counts: Counts, gauges: Gauges) -> Iterator[Metric]:
    names = [source.name for source in gauges.sources]
    connected = GaugeMetricFamily(
        "messnetz_source_connected", "1 while the subscription stands.", labels=("source",)
    )
    for source in gauges.sources:
        connected.add_metric((source.name,), source.connected)
    yield connected
    quiet = GaugeMetricFamily(
        "messnetz_source_quiet_seconds",
        "For how long no sensor has been heard although they should speak, or none at all since the start;"
        " gateways' own statistics do not count.",
        labels=("source",),
    )
    for source in gauges.sources:
        quiet.add_metric((source.name,), source.quiet_s)
    yield quiet
    certificates = GaugeMetricFamily(
        "messnetz_certificate_expires_timestamp_seconds",
        "When a TLS certificate expires (Unix time), by name.",
        labels=("name",),
    )
    for name, expires in gauges.certificates:
        certificates.add_metric((name,), expires)
    yield certificates
    for name, text, values in (
        ("source_connects", "Subscriptions that came to stand.", counts.connects),
        ("source_disconnects", "Connections that ended after their subscription stood.", counts.disconnects),
        ("source_connect_failures", "Attempts to connect that failed.", counts.connect_failures),
    ):
        yield _counter_by(name, text, "source", dict.fromkeys(names, 0) | values)
    yield _gauge("sources_paused", "1 while the sources are sent away for want of room.", gauges.paused)
    yield _counter("sources_pauses", "How often the sources were sent away for want of room.", counts.pauses)


def _registry(counts: Counts, gauges: Gauges) -> Iterator[Metric]:
    yield _gauge("devices", "Devices registered.", gauges.devices)
    states = GaugeMetricFamily("messnetz_devices_by_state", "Devices by state.", labels=("state",))
    for state in STATES:
        states.add_metric((state,), gauges.states.get(state, 0))
    yield states
    yield _counter(
        "status_rows", "States of devices and lots put into the spool, by the clock.", counts.status_rows
    )
    yield _gauge("registry_complaints", "Faults in the registry's files.", gauges.complaints)
    results = dict.fromkeys(("ok", "complaints", "waiting", "failed"), 0) | counts.reloads
    yield _counter_by("reloads", "Reloads of the registry, by result.", "result", results)
    yield _gauge("reload_waiting", "1 while a reload waits for a confirmation.", gauges.reload_waiting)


def _exports(counts: Counts) -> Metric:
    endings = dict.fromkeys(
        ("made", "refused", "nothing", "too_large", "busy", "store_away", "too_slow", "failed", "gone"), 0
    )
    text = "Exports asked for at the planners' address, by how they ended."
    return _counter_by("exports", text, "result", endings | counts.exports)


def _by_outcome(counted: Mapping[Outcome, int]) -> dict[str, int]:
    return {outcome.value: counted.get(outcome, 0) for outcome in Outcome}


def _age_s(gauges: Gauges) -> float:
    if gauges.oldest_waiting_ns is None:
        return 0.0
    return max(0.0, (time.time_ns() - gauges.oldest_waiting_ns) / 1e9)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"messnetz_{name}", text, value)


def _counter(name: str, text: str, value: int) -> Metric:
    return CounterMetricFamily(f"messnetz_{name}", text, value)


def _counter_by(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(f"messnetz_{name}", text, labels=(label,))
    for value, count in values.items():
        family.add_metric((value,), count)
    return family
