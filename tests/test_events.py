import dataclasses
import inspect
import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from devices.complaint import Complaint
from ingest import events as events_module
from ingest import logs
from ingest.counts import Counts
from ingest.events import LINES_A_TIME, QUIET_S, REMEMBERED, Events
from ingest.group import DeadLetter, Group
from ingest.pipeline import Verdict
from ingest.seams import Delivery, Outcome
from ingest.settings import Log
from ingest.spool import Committed


class Recorder:
    """A log that keeps its lines as `(level, event, fields)`."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, dict[str, Any]]] = []

    def __getattr__(self, level: str) -> Any:
        return lambda event, **fields: self.lines.append((level, event, fields))

    @property
    def names(self) -> list[str]:
        return [event for _, event, _ in self.lines]


class Street:
    """Events with a clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0
        self.counts = Counts()
        self.log = Recorder()
        self.events = Events(self.counts, self.log, lambda: self.now)

    def refuse(self, address: str, reason: str = "unknown_device") -> None:
        self.events.settled(delivery(), Verdict(Outcome.QUARANTINED, reason, "nobody registered it", address))


def delivery(*, qos: int = 1, redelivered: bool = False) -> Delivery:
    return Delivery(
        "main", "chirpstack", "application/1/x", b"{}", 0, qos, False, redelivered, 1, lambda _outcome: None
    )


def letter(device: str) -> DeadLetter:
    return DeadLetter(b"air,device=a pm10=1", "refused", "field type conflict", device, 0)


def test_a_message_is_counted_by_its_source() -> None:
    street = Street()
    street.events.received(delivery(qos=0))
    street.events.received(delivery(redelivered=True))
    street.events.dropped("main", 0)
    counts = street.counts
    assert (counts.received["main"], counts.received_qos0["main"]) == (2, 1)
    assert (counts.redelivered["main"], counts.dropped["main"]) == (1, 1)
    assert street.log.names == ["message_dropped"]


@pytest.mark.parametrize("outcome", Outcome)
def test_what_became_of_a_message_is_counted_with_its_reason(outcome: Outcome) -> None:
    street = Street()
    street.events.settled(delivery(), Verdict(outcome, "some_reason"))
    street.events.settled(delivery(), Verdict(outcome))
    assert street.counts.outcomes == {outcome: 2}
    assert street.counts.reasons == {(outcome.value, "some_reason"): 1}


@pytest.mark.parametrize("outcome", [Outcome.STORED, Outcome.DUPLICATE, Outcome.IGNORED])
def test_what_is_not_refused_makes_no_line(outcome: Outcome) -> None:
    street = Street()
    street.events.settled(delivery(), Verdict(outcome, "port_ignored"))
    assert street.log.lines == []


def test_a_refusal_says_which_device_why_and_where() -> None:
    street = Street()
    street.refuse("a81758fffe000001")
    assert street.log.lines == [
        (
            "warning",
            "message_refused",
            {
                "outcome": "quarantined",
                "reason": "unknown_device",
                "address": "a81758fffe000001",
                "detail": "nobody registered it",
                "topic": "application/1/x",
                "source": "main",
            },
        )
    ]


def test_a_device_that_is_refused_again_is_shown_once_a_minute_with_how_many_were_not() -> None:
    street = Street()
    for _ in range(100):
        street.refuse("a")
        street.now += 1.0
    shown = [fields.get("not_shown") for _, _, fields in street.log.lines]
    assert shown == [None, 59]
    assert street.counts.outcomes[Outcome.QUARANTINED] == 100


def test_another_device_and_another_reason_are_shown_at_once() -> None:
    street = Street()
    for address, reason in [("a", "x"), ("a", "y"), ("b", "x"), ("a", "x")]:
        street.refuse(address, reason)
    assert len(street.log.lines) == 3


def test_thousands_of_devices_fill_neither_log_nor_memory() -> None:
    street = Street()
    for number in range(REMEMBERED + 1000):
        street.refuse(f"{number:016x}")
    assert len(street.log.lines) == LINES_A_TIME
    assert len(street.events._throttle._kinds) == REMEMBERED
    street.now = QUIET_S
    street.refuse(f"{REMEMBERED:016x}")
    assert street.log.lines[-1][2]["not_shown"] == 1
    assert street.counts.outcomes[Outcome.QUARANTINED] == REMEMBERED + 1001


def test_lines_are_spooled_written_and_dead_each_in_its_place() -> None:
    street = Street()
    group = Group(lines=[b"a", b"b", b"c"], dead=[letter("x")])
    street.events.committed(group, Committed(Counter(quarantine=2)))
    street.events.written(2, 0.25)
    street.events.dead([letter("y")])
    street.events.requeued(1)
    counts = street.counts
    assert (counts.commits, counts.lines_spooled, counts.lines_written, counts.lines_dead) == (1, 5, 2, 2)
    assert counts.kept_dropped == {"quarantine": 2}
    assert street.log.names == ["lines_refused", "kept_given_up", "lines_refused", "lines_requeued"]


def test_a_disk_that_refuses_is_told_once_and_its_recovery_too() -> None:
    street = Street()
    for _ in range(3):
        street.events.commit_failed(OSError("disk full"))
    street.events.committed(Group(), Committed(Counter()))
    street.events.committed(Group(), Committed(Counter()))
    assert street.counts.commit_failures == 3
    assert street.log.names == ["commit_failed", "commit_recovered"]


def test_a_store_that_is_away_is_told_once_and_its_recovery_too() -> None:
    street = Street()
    for attempt in range(3):
        street.events.unavailable(f"the store cannot take lines, attempt {attempt}", 0.5)
    street.events.recovered(12.34)
    street.events.written(5, 0.25)
    assert street.counts.store_requests == {"unavailable": 3, "written": 1}
    assert street.counts.store_seconds == {"unavailable": 1.5, "written": 0.25}
    assert street.log.names == ["store_unavailable", "store_recovered"]


def test_a_subscription_at_qos_0_is_a_warning_with_what_it_means() -> None:
    street = Street()
    street.events.connected("main", session_present=True, qos=1)
    street.events.connected("main", session_present=False, qos=0)
    assert [level for level, _, _ in street.log.lines] == ["info", "warning"]
    assert "lost" in street.log.lines[1][2]["hint"]
    assert street.counts.connects["main"] == 2


def test_every_complaint_about_the_registry_is_shown() -> None:
    street = Street()
    two = [Complaint("devices/giessen.yaml", line, "luft", "…") for line in (7, 9)]
    street.events.reloaded(3, 1, 0, two)
    street.events.reloaded(3, 1, 0, [])
    street.events.reload_waiting("11 of 20")
    street.events.reload_failed(OSError("gone"))
    assert street.log.names.count("registry_complaint") == 2
    assert street.counts.reloads == {"complaints": 1, "ok": 1, "waiting": 1, "failed": 1}


def test_of_thousands_of_complaints_the_first_are_shown_and_the_others_counted() -> None:
    street = Street()
    street.events.reloaded(3, 1, 0, [Complaint("devices/giessen.yaml", 7, "luft", "…")] * 5000)
    assert street.log.names.count("registry_complaint") == 101
    assert street.log.lines[-1][2] == {"not_shown": 4900, "see": "messnetz check"}


def everything(events: Events) -> None:  # noqa: PLR0915  as many as there are happenings
    """Each happening once."""
    error = RuntimeError("x")
    verdict = Verdict(Outcome.REJECTED, "not_json", "x", "a")
    events.started(9464, 3, ["main"])
    events.stopped(0)
    events.connected("main", session_present=False, qos=1)
    events.subscribed_in_part("main", "x")
    events.disconnected("main", "x")
    events.connect_failed("main", "x")
    events.source_error("main", error)
    events.paused(1, 2)
    events.resumed()
    events.received(delivery(qos=0, redelivered=True))
    events.dropped("main", 0)
    events.settled(delivery(), verdict)
    events.internal_error(delivery(), error)
    events.values_unreadable("a", ["pm10: not a number"])
    events.replayed(verdict)
    events.kept_dropped({"quarantine.age": 1})
    events.commit_failed(OSError("x"))
    events.committed(Group(lines=[b"a"]), Committed(Counter()))
    events.requeued(1)
    events.written(1, 0.25)
    events.dead([letter("x")])
    events.unavailable("x", 0.5)
    events.recovered(1.0)
    events.archived(1)
    events.not_archived(1, "x")
    events.archive_day_dropped("2026-03-01", "x")
    events.recomputed("a", 1, 2, 2)
    events.recompute_failed("a", error)
    events.hour_finished("air_quality", 0, 1, 0)
    events.hours_rewritten("air_quality", 1, 1)
    events.hours_waiting("x")
    events.hours_failed("a", error)
    events.spool_damaged(Path("x"), 1)
    events.status_told(1)
    events.status_failed(error)
    events.gateway_down("x", 0)
    events.gateway_back("x", 0)
    events.sensors_cut_off("x", 0)
    events.sensors_back("x", 0)
    events.was_down(0, 1)
    events.heartbeat_failed(error)
    events.scripts_run(1)
    events.script_timed_out("x.js", 1)
    events.script_suspended("x.js", 300.0)
    events.scripts_died("x")
    events.export_made("internal", "xlsx", 1, 1, 1.0)
    events.export_ended("refused", 400, "x")
    events.export_ended("store_away", 503, "x")
    events.export_process_failed("x")
    events.login_unreadable("x", "x")
    events.login_wrong("x")
    events.registry_loaded(1, [])
    events.reloaded(1, 1, 1, [Complaint("x", 1, "x", "x")])
    events.reload_waiting("x")
    events.reload_failed(error)


def test_everything_that_happens_is_counted_and_documented() -> None:
    street = Street()
    everything(street.events)
    uncounted = [field.name for field in dataclasses.fields(Counts) if not getattr(street.counts, field.name)]
    assert uncounted == []
    table = re.findall(r"^ {4}(\w+) +(?:info|warning|error) ", events_module.__doc__ or "", re.MULTILINE)
    assert sorted(set(street.log.names)) == sorted(table)


def test_every_happening_is_in_the_test_above() -> None:
    source = inspect.getsource(everything)
    methods = [name for name, _ in inspect.getmembers(Events, inspect.isfunction) if not name.startswith("_")]
    assert [name for name in methods if f"events.{name}(" not in source] == []


@pytest.fixture
def _logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in logs._TALKATIVE}
    yield
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


pytestmark = pytest.mark.usefixtures("_logging_restored")


def test_json_lines_hold_time_level_event_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(Log(format="json"))
    Events(Counts()).started(9464, 3, ["main"])
    line = json.loads(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "service_started",
        "level": "info",
        "logger": "messnetz",
        "operators_port": 9464,
        "devices": 3,
        "sources": ["main"],
    }


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_libraries_log_takes_the_same_way(form: Any, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(Log(format=form))
    logging.getLogger("uvicorn.error").warning("Invalid %s received.", "request")
    logging.getLogger("amqtt.broker").info("talk")
    written = capsys.readouterr().err
    assert "Invalid request received." in written
    assert "talk" not in written
    assert written.count("\n") == 1


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_fault_is_logged_with_where_it_happened(form: Any, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(Log(format=form))
    try:
        int("x")
    except ValueError as error:
        Events(Counts()).source_error("main", error)
    written = capsys.readouterr().err
    assert "source_failed" in written
    assert "invalid literal" in written
    assert "test_events.py" in written


def test_less_important_events_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(Log(level="error"))
    Events(Counts()).started(9464, 3, ["main"])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_secret_is_logged(form: Any, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(Log(format=form))
    log = structlog.get_logger("messnetz")
    log.error("x", password="hunter2", influx_token="hunter2", url="http://user:hunter2@db:8086/x")  # noqa: S106  the point
    logging.getLogger("aiohttp").error("cannot reach %s", "https://hunter2@db")
    written = capsys.readouterr().err
    assert "hunter2" not in written
    assert "http://***@db:8086/x" in written


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_a_message_brings_breaks_no_line_and_colours_no_terminal(
    form: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(Log(format=form))
    Events(Counts()).disconnected("main", "a\nb\x1b[31mc\x00ü\u2028\ud800")
    written = capsys.readouterr().err
    assert written.count("\n") == 1
    assert written.rstrip("\n").isprintable()
    assert "ü" in written
    written.encode()


def test_standard_output_stays_for_results(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(Log())
    Events(Counts()).stopped(0)
    written = capsys.readouterr()
    assert written.out == ""
    assert "service_stopped" in written.err
