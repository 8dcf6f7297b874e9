"""Each happening once: its log line and its count together. Nobody else logs or counts.

    event               level    when
    service_started     info     the operators' address answers, the sources are on their way
    service_stopped     info     everything is closed
    source_connected    info     a subscription stands (warning: the broker granted QoS 0 only)
    source_subscribed_in_part warning some of the default topics were refused; the others stand *
    source_disconnected warning  a connection whose subscription stood has ended
    source_refused      warning  an attempt ended before the subscription stood *
    source_failed       error    a fault of ours, or bytes that are not MQTT; the source goes on *
    sources_paused      warning  no room for anything more: the sources are sent away, the brokers wait
    sources_resumed     info     there is room again
    message_refused     warning  a message was rejected or quarantined; it is kept *
    message_dropped     warning  a QoS 0 message found no room and is gone *
    message_failed      error    a fault of ours cost one message; it is kept as rejected *
    values_unread       warning  an uplink was stored without some of its values *
    kept_replayed       info     a kept message was judged again (debug: it was refused again) *
    kept_given_up       warning  refused messages or dead letters were given up for want of room or for age *
    lines_requeued      info     dead letters wait to be written again
    lines_refused       warning  lines were refused by the store, or by us on its behalf: dead letters now *
    store_unavailable   warning  the store did not take a batch; it waits here *
    store_recovered     info     the store takes lines again
    commit_failed       error    the disk refused a group commit; it is tried again *
    commit_recovered    info     the disk takes commits again
    device_recomputed   info     a device's stored rows were computed anew
    hour_finished       info     an hour of a measurement is summed up (debug: and more are to follow) *
    hours_rewritten     info     finished hours were summed up anew, for lines had come late *
    hours_waiting       warning  hours cannot be finished now; it is tried again *
    hours_failed        error    a fault of ours: an hour of a device is missing *
    recompute_failed    error    what was interrupted cannot be done again now; it is tried later *
    uplinks_not_archived warning accepted uplinks cannot be kept for corrections *
    archive_day_dropped info     a day of the archive was removed or set aside
    spool_damaged       error    a damaged spool was set aside and a new one begun
    gateway_down        warning  a gateway gave no sign although it should have
    gateway_back        info     it gave one again
    sensors_cut_off     warning  none of a broker's sensors is heard although its connection stands
    sensors_back        info     one of them is heard again, or none of them is in service any more
    service_was_down    info     we did not run for a while, or stood still; the devices' states tell of it
    heartbeat_failed    warning  that we live cannot be noted in the state folder *
    status_failed       error    a fault of ours ended a look at the devices; the next comes in seconds *
    script_timed_out    warning  a JavaScript codec took too long; its uplink is kept *
    script_suspended    error    a codec took too long too often and is not run for a while
    scripts_died        error    the process of the codecs ended by itself; the next uplink starts one anew *
    export_made         info     a planner's export is finished and is being sent
    export_refused      info     a planner gets none: what was asked for, or how much; too many at once *
    export_not_made     warning  a planner gets none: the store, the time limit, the disk, its process *
    export_process_failed error  the process of an export ended in the middle of it, or had a fault *
    login_unreadable    warning  a login file of the planners' address cannot be used *
    login_wrong         warning  somebody at the planners' address said a wrong name or password *
    registry_loaded     info     at the start
    registry_reloaded   info     after a change of its files
    registry_complaint  warning  a fault in the registry's files, where it is and what is allowed
    reload_waiting      warning  a reload would remove many devices and waits for a confirmation
    reload_failed       error    a reload came to nothing; the last good registry stays in force

Those with * are logged at once for the first of a kind (device and reason, source and reason), then at most
once a minute with the number that was `not_shown`, and no event more than 100 times a minute.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from devices.complaint import SHOWN, Complaint
from ingest.counts import Counts
from ingest.group import DeadLetter, Group
from ingest.pipeline import Verdict
from ingest.seams import Delivery, Outcome
from ingest.spool import Committed

#: Seconds between two lines of one kind.
QUIET_S = 60.0
#: Lines of one event in that time, whatever their kinds; devices that nobody registered may be many.
LINES_A_TIME = 100
#: Kinds remembered, the oldest forgotten first.
REMEMBERED = 4096


class _Throttle:
    """Which of many equal events are shown."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kinds: dict[tuple[str, ...], tuple[float, int]] = {}  # last shown, not shown since
        self._events: dict[str, tuple[float, int]] = {}  # begin of the minute, shown in it

    def admit(self, event: str, *kind: str) -> int | None:
        """How many were not shown since the last that was; None: this one is not to be shown either."""
        now = self._clock()
        at, hidden = self._kinds.pop((event, *kind), (-math.inf, 0))
        shown = now - at >= QUIET_S and self._has_room(event, now)
        self._kinds[event, *kind] = (now, 0) if shown else (at, hidden + 1)
        if len(self._kinds) > REMEMBERED:
            del self._kinds[next(iter(self._kinds))]
        return hidden if shown else None

    def _has_room(self, event: str, now: float) -> bool:
        begin, lines = self._events.get(event, (-math.inf, 0))
        if now - begin >= QUIET_S:
            begin, lines = now, 0
        self._events[event] = begin, lines + 1
        return lines < LINES_A_TIME


class Events:
    """All that happens, on the event loop's thread. Fits the `…Events` protocols of source and writer."""

    def __init__(self, counts: Counts, log: Any = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._counts = counts
        self._log = structlog.get_logger("messnetz") if log is None else log
        self._throttle = _Throttle(clock)
        self._commit_failing = False

    # --- the service -------------------------------------------------------------------------------

    def started(
        self, operators_port: int, devices: int, sources: Sequence[str], planners_port: int | None = None
    ) -> None:
        """The service runs; `planners_port` is None where that address is off."""
        on = {} if planners_port is None else {"planners_port": planners_port}
        self._log.info(
            "service_started", operators_port=operators_port, **on, devices=devices, sources=sources
        )

    def stopped(self, in_flight: int) -> None:
        """The service is closed; `in_flight` messages had no answer: their brokers keep those of QoS 1."""
        self._log.info("service_stopped", in_flight=in_flight)

    # --- sources -----------------------------------------------------------------------------------

    def connected(self, source: str, *, session_present: bool, qos: int) -> None:
        """The subscription stands; `qos` is the lowest that the broker granted."""
        self._counts.connects[source] += 1
        if qos:
            self._log.info("source_connected", source=source, session_present=session_present, qos=qos)
        else:
            self._log.warning(
                "source_connected",
                source=source,
                session_present=session_present,
                qos=qos,
                hint="the broker grants QoS 0 only: what it sends while we are away is lost",
            )

    def subscribed_in_part(self, source: str, reason: str) -> None:
        """The broker refused some of the default topics; the others stand."""
        self._show("warning", "source_subscribed_in_part", (source, reason), source=source, reason=reason)

    def disconnected(self, source: str, reason: str) -> None:
        """A connection whose subscription stood has ended."""
        self._counts.disconnects[source] += 1
        self._log.warning("source_disconnected", source=source, reason=reason)

    def connect_failed(self, source: str, reason: str) -> None:
        """An attempt ended before the subscription stood."""
        self._counts.connect_failures[source] += 1
        self._show("warning", "source_refused", (source, reason), source=source, reason=reason)

    def source_error(self, source: str, error: Exception) -> None:
        """A fault of ours, or bytes that are not MQTT; the source goes on."""
        self._counts.internal_errors += 1
        self._show("error", "source_failed", (source, repr(error)), source=source, exc_info=error)

    def paused(self, held_bytes: int, waiting_bytes: int) -> None:
        """The sources are sent away for want of room."""
        self._counts.pauses += 1
        self._log.warning("sources_paused", held_bytes=held_bytes, waiting_bytes=waiting_bytes)

    def resumed(self) -> None:
        """There is room again."""
        self._log.info("sources_resumed")

    # --- messages ----------------------------------------------------------------------------------

    def received(self, delivery: Delivery) -> None:
        """A message came and will be answered for."""
        counts, source = self._counts, delivery.source
        counts.received[source] += 1
        if not delivery.qos:
            counts.received_qos0[source] += 1
        if delivery.redelivered:
            counts.redelivered[source] += 1

    def dropped(self, source: str, qos: int) -> None:
        """A message came that could not even be held; nobody has it any more."""
        self._counts.dropped[source] += 1
        self._show("warning", "message_dropped", (source,), source=source, qos=qos)

    def settled(self, delivery: Delivery, verdict: Verdict) -> None:
        """What became of a message is durable."""
        self._counts.outcomes[verdict.outcome] += 1
        if verdict.reason:
            self._counts.reasons[verdict.outcome.value, verdict.reason] += 1
        if verdict.outcome in _REFUSED:
            self._show(
                "warning",
                "message_refused",
                (verdict.address, verdict.reason),
                outcome=verdict.outcome.value,
                reason=verdict.reason,
                address=verdict.address,
                detail=verdict.detail,
                topic=delivery.topic,
                source=delivery.source,
            )

    def internal_error(self, delivery: Delivery, error: Exception) -> None:
        """A fault of ours cost one message; it is kept as rejected."""
        self._counts.internal_errors += 1
        self._show("error", "message_failed", (repr(error),), topic=delivery.topic, exc_info=error)

    def values_unreadable(self, device: str, complaints: Sequence[str]) -> None:
        """An uplink was stored without some of its values."""
        self._counts.values_unread += len(complaints)
        self._show("warning", "values_unread", (device,), device=device, complaints=complaints)

    # --- what is kept ------------------------------------------------------------------------------

    def replayed(self, verdict: Verdict) -> None:
        """A kept message was judged again, and what became of it is durable."""
        self._counts.replayed[verdict.outcome] += 1
        self._show(
            "info",
            "kept_replayed",
            (verdict.address,),
            address=verdict.address,
            outcome=verdict.outcome.value,
        )

    def kept_dropped(self, dropped: Mapping[str, int]) -> None:
        """Refused messages and dead letters were given up, counted by budget."""
        for budget, rows in dropped.items():
            if rows:
                self._counts.kept_dropped[budget] += rows
                self._show("warning", "kept_given_up", (budget,), budget=budget, rows=rows)

    # --- lines -------------------------------------------------------------------------------------

    def committed(self, group: Group, committed: Committed) -> None:
        """A group is durable."""
        counts = self._counts
        counts.commits += 1
        counts.lines_spooled += len(group.lines)
        if group.dead:
            counts.lines_spooled += len(group.dead)
            self.dead(group.dead)
        self.kept_dropped(committed.dropped)
        if self._commit_failing:
            self._commit_failing = False
            self._log.info("commit_recovered")

    def commit_failed(self, error: Exception) -> None:
        """The disk refused a group; it is tried again."""
        self._counts.commit_failures += 1
        self._commit_failing = True
        self._show("error", "commit_failed", (str(error),), error=str(error), hint=getattr(error, "hint", ""))

    def requeued(self, lines: int) -> None:
        """Dead letters wait to be written again; they count as spooled once more."""
        self._counts.lines_spooled += lines
        self._log.info("lines_requeued", lines=lines)

    def written(self, lines: int, took_s: float) -> None:
        """So many lines are stored and off the spool; the store took so long to answer."""
        self._counts.store_requests["written"] += 1
        self._counts.store_seconds["written"] += took_s
        self._counts.lines_written += lines

    def dead(self, letters: Sequence[DeadLetter]) -> None:
        """These lines were refused and are dead letters now."""
        self._counts.lines_dead += len(letters)
        for letter in letters:
            self._show(
                "warning",
                "lines_refused",
                (letter.device, letter.kind),
                device=letter.device,
                kind=letter.kind,
                reason=letter.reason,
            )

    def unavailable(self, message: str, took_s: float) -> None:
        """The store did not take a batch, which it took so long to say; it waits here."""
        self._counts.store_requests["unavailable"] += 1
        self._counts.store_seconds["unavailable"] += took_s
        self._show("warning", "store_unavailable", (), message=message)

    def recovered(self, waited_s: float) -> None:
        """The store takes lines again."""
        self._log.info("store_recovered", after_s=round(waited_s, 1))

    def recomputed(self, device: str, uplinks: int, rows_before: int, rows_after: int) -> None:
        """A device's stored rows were computed anew."""
        self._log.info(
            "device_recomputed",
            device=device,
            uplinks=uplinks,
            rows_before=rows_before,
            rows_after=rows_after,
        )

    def recompute_failed(self, device: str, error: Exception) -> None:
        """What was interrupted cannot be done again now."""
        self._show("error", "recompute_failed", (device, str(error)), device=device, error=str(error))

    def hour_finished(self, measurement: str, hour_ns: int, rows: int, hours_left: int) -> None:
        """An hour of a measurement is finished; `hours_left` that are over are to follow."""
        self._counts.hours_written += rows
        hour = datetime.fromtimestamp(hour_ns / 1e9, UTC).isoformat(timespec="minutes")
        fields = {"measurement": measurement, "hour": hour, "rows": rows, "hours_left": hours_left}
        if hours_left:  # catching up
            self._show("info", "hour_finished", (measurement,), **fields)
        elif rows:
            self._log.info("hour_finished", **fields)

    def hours_rewritten(self, measurement: str, hours: int, rows: int) -> None:
        """Finished hours were summed up anew, for lines had come late; `rows` are other than before."""
        self._counts.hours_written += rows
        self._show("info", "hours_rewritten", (measurement,), measurement=measurement, hours=hours, rows=rows)

    def hours_waiting(self, reason: str) -> None:
        """Hours cannot be finished now; it is tried again."""
        self._show("warning", "hours_waiting", (), reason=reason)

    def hours_failed(self, device: str, error: Exception) -> None:
        """A fault of ours: an hour of this device is missing, or of all where none is named."""
        self._counts.internal_errors += 1
        self._show("error", "hours_failed", (device, repr(error)), device=device, exc_info=error)

    def archived(self, uplinks: int) -> None:
        """So many accepted uplinks are kept for corrections."""
        self._counts.archived += uplinks

    def not_archived(self, uplinks: int, reason: str) -> None:
        """So many could not be kept; their readings are stored all the same."""
        self._counts.not_archived += uplinks
        self._show("warning", "uplinks_not_archived", (reason,), uplinks=uplinks, reason=reason)

    def archive_day_dropped(self, day: str, reason: str) -> None:
        """A day of the archive is gone: for its age, for want of room, or because it is damaged."""
        self._counts.archive_days_dropped += 1
        self._log.info("archive_day_dropped", day=day, reason=reason)

    def spool_damaged(self, path: Path, lines_lost: int) -> None:
        """A damaged spool was set aside at `path` with so many waiting lines that were counted as spooled."""
        self._counts.lines_lost += lines_lost
        self._counts.lines_dead += lines_lost
        self._log.error("spool_damaged", set_aside=str(path), lines=lines_lost)

    # --- states by the clock -----------------------------------------------------------------------

    def status_told(self, rows: int) -> None:
        """So many rows of states and lots were taken into the next group."""
        self._counts.status_rows += rows

    def status_failed(self, error: Exception) -> None:
        """A fault of ours ended a look at the devices; the next one comes in a few seconds."""
        self._counts.internal_errors += 1
        self._show("error", "status_failed", (repr(error),), exc_info=error)

    def gateway_down(self, gateway: str, since_ns: int) -> None:
        """A gateway gave no sign although it should have."""
        self._log.warning("gateway_down", gateway=gateway, since=_iso(since_ns))

    def gateway_back(self, gateway: str, since_ns: int) -> None:
        """A gateway that was down gave a sign again."""
        self._log.info("gateway_back", gateway=gateway, down_since=_iso(since_ns))

    def sensors_cut_off(self, source: str, since_ns: int) -> None:
        """None of a broker's sensors is heard although its connection stands."""
        self._log.warning("sensors_cut_off", source=source, since=_iso(since_ns))

    def sensors_back(self, source: str, since_ns: int) -> None:
        """A sensor of a broker is heard again of which none was, or all of them were taken out of service."""
        self._log.info("sensors_back", source=source, cut_off_since=_iso(since_ns))

    def was_down(self, begin_ns: int, end_ns: int) -> None:
        """We did not run, or stood still; the states of the devices tell of it."""
        self._log.info("service_was_down", since=_iso(begin_ns), until=_iso(end_ns))

    def heartbeat_failed(self, error: Exception) -> None:
        """That we live cannot be noted; the time from the last note on will count as a downtime."""
        self._show("warning", "heartbeat_failed", (str(error),), error=str(error))

    # --- JavaScript codecs -------------------------------------------------------------------------

    def scripts_run(self, count: int) -> None:
        """So many uplinks were given to their codecs."""
        self._counts.scripts_run += count

    def script_timed_out(self, file: str, count: int) -> None:
        """A codec took too long, so many times."""
        self._counts.script_timeouts += count
        self._show("warning", "script_timed_out", (file,), codec=file, count=count)

    def script_suspended(self, file: str, seconds: float) -> None:
        """A codec took too long too often and is not run for a while."""
        self._counts.scripts_suspended += 1
        self._log.error("script_suspended", codec=file, for_s=round(seconds))

    def scripts_died(self, words: str) -> None:
        """The codecs' process ended by itself; the next uplink starts one anew."""
        self._counts.scripts_died += 1
        self._show("error", "scripts_died", (), words=words)

    # --- the planners' address ---------------------------------------------------------------------

    def export_made(self, who: str, form: str, rows: int, size: int, took_s: float) -> None:
        """An export is finished and will be sent; `who` is the login it is for."""
        self._counts.exports["made"] += 1
        self._log.info("export_made", login=who, format=form, rows=rows, bytes=size, took_s=round(took_s, 1))

    def export_ended(self, ending: str, status: int = 0, reason: str = "") -> None:
        """A planner gets no file; `ending` is a word of `publish.planners.refused.Ending`."""
        self._counts.exports[ending] += 1
        if ending in _NOT_OURS:
            self._show("info", "export_refused", (ending,), ending=ending, status=status, reason=reason)
        else:
            self._show("warning", "export_not_made", (ending,), ending=ending, status=status, reason=reason)

    def export_process_failed(self, words: str) -> None:
        """The process of an export or a preview ended in the middle of it, or had a fault."""
        self._counts.internal_errors += 1
        self._show("error", "export_process_failed", (words[-200:],), words=words)

    def login_unreadable(self, file: str, reason: str) -> None:
        """A login file of the planners' address cannot be used: nobody gets in with it."""
        self._show("warning", "login_unreadable", (file, reason), file=file, reason=reason)

    def login_wrong(self, address: str) -> None:
        """Somebody at the planners' address said a wrong name or password."""
        self._show("warning", "login_wrong", (), address=address)

    # --- the registry ------------------------------------------------------------------------------

    def registry_loaded(self, devices: int, complaints: Sequence[Complaint]) -> None:
        """The registry was read at the start."""
        self._log.info("registry_loaded", devices=devices, complaints=len(complaints))
        self._complain(complaints)

    def reloaded(self, devices: int, changed: int, removed: int, complaints: Sequence[Complaint]) -> None:
        """The registry's files changed and what is good in them is in force."""
        self._counts.reloads["complaints" if complaints else "ok"] += 1
        self._log.info(
            "registry_reloaded", devices=devices, changed=changed, removed=removed, complaints=len(complaints)
        )
        self._complain(complaints)

    def reload_waiting(self, sentence: str) -> None:
        """A reload would remove many devices and waits for a confirmation."""
        self._counts.reloads["waiting"] += 1
        self._log.warning("reload_waiting", reason=sentence)

    def reload_failed(self, error: Exception) -> None:
        """A reload came to nothing; the last good registry stays in force."""
        self._counts.reloads["failed"] += 1
        self._log.error("reload_failed", exc_info=error)

    # -----------------------------------------------------------------------------------------------

    def _complain(self, complaints: Sequence[Complaint]) -> None:
        for complaint in complaints[:SHOWN]:
            self._log.warning("registry_complaint", complaint=str(complaint))
        if len(complaints) > SHOWN:
            self._log.warning("registry_complaint", not_shown=len(complaints) - SHOWN, see="messnetz check")

    def _show(self, level: str, event: str, key: tuple[str, ...], **fields: Any) -> None:
        hidden = self._throttle.admit(event, *key)
        if hidden is None:
            return
        if hidden:
            fields["not_shown"] = hidden
        getattr(self._log, level)(event, **fields)


def _iso(time_ns: int) -> str:
    return f"{datetime.fromtimestamp(time_ns // 1_000_000_000, UTC):%Y-%m-%d %H:%M:%SZ}"


#: Ends of exports that are no fault of the house.
_NOT_OURS = frozenset({"refused", "nothing", "too_large", "busy", "gone"})
_REFUSED = frozenset({Outcome.REJECTED, Outcome.QUARANTINED})
