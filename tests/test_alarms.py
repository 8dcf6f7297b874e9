"""Alarms: each raised and ended with its own numbers against a real InfluxDB, and what it says."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from devices.language import in_language
from ingest import settings_file
from ingest.line_protocol import encode_row, tag
from ingest.settings import Alarms, Settings
from publish.alarms import device_alarms, metric_alarms, street_alarms
from publish.alarms.alarm import Query, Reduce, Threshold
from publish.alarms.grafana import grafana_rules
from publish.alarms.prometheus import prometheus_rules
from tests.grafana_rules import Ask, Event, Rule, Series, load, of_databases
from tests.servers.go_template import GoTemplate
from tests.servers.influxdb import Database

ROOT = Path(__file__).parents[1]
SETTINGS = settings_file.load(ROOT / "config/sample/messnetz.yaml")
RULES = grafana_rules(SETTINGS)

MINUTE, HOUR, DAY = 60, 3600, 86_400
OK, COMMISSIONING, MAINTENANCE, RETIRED, SILENT, GATEWAY_DOWN, PIPELINE_DOWN, GATEWAY_SILENT, CUT_OFF = range(
    9
)
SITE = "Marktplatz, Süd"


@pytest.fixture(scope="session")
def go_template(tmp_path_factory: pytest.TempPathFactory) -> GoTemplate:
    return GoTemplate(tmp_path_factory.mktemp("go"))


class City:
    """A database with rows at times of the test's own choice, and the rules that look at it."""

    def __init__(self, database: Database, name: str) -> None:
        self.database = database
        # a named server keeps the rows of every test: each has a time of its own
        self.begin_s = 1_600_000_000 + zlib.crc32(name.encode()) % 1000 * 100 * DAY // 1000 * 10
        self.begin_s -= self.begin_s % HOUR
        self.rules = load(RULES)
        self.ask = of_databases(
            dict.fromkeys(("messnetz-readings", "messnetz-hours", "messnetz-bays"), database)
        )

    def write(self, lines: Sequence[bytes]) -> None:
        what = urlencode({"bucket": self.database.bucket, "org": self.database.org, "precision": "ns"})
        headers = {"Authorization": f"Token {self.database.token}"} if self.database.token else {}
        request = Request(  # noqa: S310  the test's own server
            f"{self.database.url}/api/v2/write?{what}", b"\n".join(lines), headers=headers, method="POST"
        )
        with urlopen(request, timeout=60):  # noqa: S310  likewise
            pass

    def line(self, measurement: str, device: str, at_s: float, /, tags: str = "", **fields: Any) -> bytes:
        common = tag("device", device) + tag("site", SITE) + tag("municipality", "test") + tags
        return encode_row(measurement, common, fields, round((self.begin_s + at_s) * 10**9))

    def states(self, device: str, told: Mapping[tuple[int, int], int], **fields: Any) -> list[bytes]:
        """Rows of `status` every 5 minutes: `{(begin, end): code}` in minutes."""
        return [
            self.line("status", device, at * MINUTE, state="-", state_code=code, **fields)
            for (begin, end), code in told.items()
            for at in range(begin, end, 5)
        ]

    def run(self, minutes: Sequence[float], *uids: str, ask: Ask | None = None) -> list[Event]:
        """Everything that the rules (all that ask the database, or these) raise and end in these minutes."""
        chosen = [one for one in self.rules if one.uid in uids or (not uids and _asks_influxdb(one))]
        return [
            event
            for at in minutes
            for rule in chosen
            if at * MINUTE % rule.interval_s == 0
            for event in rule.step(self.begin_s + at * MINUTE, ask or self.ask)
        ]


@pytest.fixture
def city(influxdb: Database, request: pytest.FixtureRequest) -> City:
    return City(influxdb, request.node.name)


def _asks_influxdb(rule: Rule) -> bool:
    return str(rule.body["data"][0]["datasourceUid"]) != "messnetz-prometheus"


def kinds(events: Sequence[Event]) -> list[tuple[str, str]]:
    return [(one.uid, one.kind) for one in events]


def once(uid: str) -> list[tuple[str, str]]:
    return [(uid, "alarm"), (uid, "all-clear")]


def said(template: GoTemplate, city: City, event: Event, annotation: str) -> str:
    (rule,) = [one for one in city.rules if one.uid == event.uid]
    return template.annotation(rule.body["annotations"][annotation], event.labels, event.values)


# healthy until 30, wrong until 75, no data until 120, healthy again
HEALTHY, WRONG, AGAIN = (0, 30), (30, 75), (120, 150)
MINUTES = range(15, 150)


def history(wrong: int) -> dict[tuple[int, int], int]:
    return {HEALTHY: OK, WRONG: wrong, AGAIN: OK}


def test_a_dead_sensor_has_one_alarm_and_one_all_clear(city: City, go_template: GoTemplate) -> None:
    city.write(
        [
            *city.states("luft-markt", history(SILENT), age=3 * HOUR + 5 * MINUTE),
            *city.states("luft-nachbar", history(OK), age=60),
        ]
    )
    events = city.run(MINUTES, "messnetz-silent")
    assert kinds(events) == once("messnetz-silent")
    alarm, clear = events
    assert alarm.labels == {"device": "luft-markt", "site": SITE, "municipality": "test"} == clear.labels
    assert said(go_template, city, alarm, "summary") == f"Sensor schweigt: luft-markt ({SITE})"
    text = said(go_template, city, alarm, "description")
    assert "Seit wann: keine Meldung seit 3h 5m 0s\n" in text
    assert "Erster Schritt: `messnetz devices show luft-markt` zeigt" in text
    assert said(go_template, city, alarm, "summary_en") == f"Sensor is silent: luft-markt ({SITE})"
    # silent for 10 minutes, at the minute after the rows that say so
    assert 10 <= (alarm.now_s - city.begin_s) / MINUTE - 30 <= 16
    assert 0 <= (clear.now_s - city.begin_s) / MINUTE - 120 <= 1


def test_a_sensor_that_was_never_heard_says_so(city: City, go_template: GoTemplate) -> None:
    city.write([*city.states("neu", history(SILENT)), *city.states("alt", history(OK), age=60)])
    alarm, _ = city.run(MINUTES, "messnetz-silent")
    assert "Seit wann: noch nie eine Meldung\n" in said(go_template, city, alarm, "description")


def test_a_sensor_that_is_only_late_raises_no_alarm(city: City) -> None:
    late = {(0, 60): OK, (60, 70): SILENT, (70, 120): OK}
    city.write(city.states("luft-markt", late, age=60))
    assert city.run(range(15, 120)) == []


@pytest.mark.parametrize("muting", [GATEWAY_DOWN, PIPELINE_DOWN, CUT_OFF])
def test_a_device_behind_a_dead_gateway_or_pipeline_raises_no_alarm_of_its_own(
    city: City, muting: int
) -> None:
    # it turns silent a moment before anybody knows that the gateway is down
    told = {(0, 30): OK, (30, 40): SILENT, (40, 80): muting, (80, 110): OK}
    city.write(city.states("luft-markt", told, age=60))
    assert [one for one in city.run(range(15, 110)) if one.uid == "messnetz-silent"] == []


@pytest.mark.parametrize("muting", [GATEWAY_DOWN, PIPELINE_DOWN, CUT_OFF])
def test_an_alarm_that_is_there_stays_while_nobody_can_know(city: City, muting: int) -> None:
    told = {(0, 30): OK, (30, 60): SILENT, (60, 90): muting, (90, 120): SILENT, (120, 150): OK}
    city.write(city.states("luft-markt", told, age=60))
    events = city.run(range(15, 150), "messnetz-silent")
    assert kinds(events) == once("messnetz-silent")
    assert (events[1].now_s - city.begin_s) / MINUTE >= 120


@pytest.mark.parametrize("put_away", [MAINTENANCE, RETIRED, COMMISSIONING])
def test_what_is_put_away_or_worked_at_ends_the_alarm(city: City, put_away: int) -> None:
    city.write(city.states("luft-markt", {(0, 30): OK, (30, 60): SILENT, (60, 90): put_away}, age=60))
    assert kinds(city.run(range(15, 90))) == once("messnetz-silent")


def test_a_device_that_leaves_the_registry_ends_its_alarm_and_the_message_says_that_nobody_knows(
    city: City,
) -> None:
    city.write(city.states("luft-markt", {(0, 60): OK, (60, 120): SILENT}, age=60))
    city.write(city.states("luft-nachbar", {(0, 180): OK}, age=60))
    alarm, clear = city.run(range(15, 180), "messnetz-silent")
    assert (alarm.kind, clear.kind, clear.reason) == ("alarm", "all-clear", "MissingSeries")


def test_a_dead_gateway_has_one_alarm_and_its_devices_none(city: City, go_template: GoTemplate) -> None:
    city.write(city.states("gw-rathaus", history(GATEWAY_SILENT), age=4000))
    for number in range(3):
        city.write(city.states(f"luft-{number}", history(GATEWAY_DOWN), age=4000))
    events = [one for one in city.run(MINUTES) if one.uid != "messnetz-stopped"]
    assert kinds(events) == once("messnetz-gateway")
    assert said(go_template, city, events[0], "summary") == f"Gateway ausgefallen: gw-rathaus ({SITE})"
    assert "keine Meldung seit 1h 6m 40s" in said(go_template, city, events[0], "description")
    (rule,) = [one for one in city.rules if one.uid == "messnetz-gateway"]
    label = rule.body["labels"]["gateway"].replace("$$", "$")  # as the file's reader does
    assert go_template.annotation(label, events[0].labels, {}) == "gw-rathaus"


def test_sensors_behind_a_gateway_that_nobody_registered_have_one_alarm_a_site(
    city: City, go_template: GoTemplate
) -> None:
    for number in range(3):
        city.write(city.states(f"luft-{number}", history(CUT_OFF), age=4000))
    city.write(city.states("luft-anderes", history(OK), age=60))
    events = [one for one in city.run(MINUTES) if one.uid != "messnetz-stopped"]
    assert kinds(events) == once("messnetz-cut-off")
    assert said(go_template, city, events[0], "summary") == f"Sensoren abgeschnitten: 3 am Standort {SITE}"
    assert "mindestens 10 Minuten" in said(go_template, city, events[0], "description")


def test_sensors_that_are_cut_off_stay_so_while_the_pipeline_is_down(city: City) -> None:
    told = {(0, 30): OK, (30, 60): CUT_OFF, (60, 90): PIPELINE_DOWN, (90, 120): CUT_OFF, (120, 150): OK}
    city.write(city.states("luft-markt", told, age=60))
    assert kinds(city.run(range(15, 150))) == once("messnetz-cut-off")


def test_a_low_battery_has_one_alarm_and_one_all_clear(city: City, go_template: GoTemplate) -> None:
    def told(low: int, *spans: tuple[int, int]) -> list[bytes]:
        return city.states("luft-markt", dict.fromkeys(spans, OK), age=60, battery_low=low)

    city.write([*told(0, HEALTHY, AGAIN), *told(1, WRONG)])
    events = city.run(MINUTES, "messnetz-battery")
    assert kinds(events) == once("messnetz-battery")
    assert said(go_template, city, events[0], "summary") == f"Batterie schwach: luft-markt ({SITE})"
    assert "unter der Grenze des Gerätetyps oder unter 20 %" in said(
        go_template, city, events[0], "description"
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [(OK, 1), (SILENT, 0), (GATEWAY_DOWN, 0), (PIPELINE_DOWN, 0), (MAINTENANCE, 0), (RETIRED, 0)],
)
def test_a_low_battery_is_told_of_devices_that_are_well_otherwise(
    city: City, code: int, expected: int
) -> None:
    city.write(city.states("luft-markt", {(0, 60): code}, age=60, battery_low=1))
    assert len(city.run(range(15, 60), "messnetz-battery")) == expected


@pytest.mark.parametrize(
    ("code", "stays"), [(SILENT, True), (GATEWAY_DOWN, True), (PIPELINE_DOWN, True), (RETIRED, False)]
)
def test_an_alarm_on_a_battery_stays_while_nobody_can_know(city: City, code: int, *, stays: bool) -> None:
    city.write(city.states("luft-markt", {(0, 60): OK, (60, 120): code}, age=60, battery_low=1))
    assert len(city.run(range(15, 120), "messnetz-battery")) == (1 if stays else 2)


def test_bad_air_for_an_hour_has_one_alarm_and_one_all_clear(city: City, go_template: GoTemplate) -> None:
    classes = {0: 1, 1: 3, 2: 4, 3: 5, 4: 4, 12: 2, 13: 1}  # hour -> class; 5 to 11 without data
    city.write(
        [
            city.line(
                "air_quality_1h", "luft-markt", hour * HOUR, lqi_uba_2025=number, lqi_uba_2025_sure=number
            )
            for hour, number in classes.items()
        ]
    )
    events = _by_the_hour(city)
    assert kinds(events) == once("messnetz-air")
    alarm, clear = events
    assert (alarm.now_s - city.begin_s) / HOUR == pytest.approx(3 + 1 / 6)
    assert (clear.now_s - city.begin_s) / HOUR == pytest.approx(13 + 1 / 6)
    assert said(go_template, city, alarm, "summary") == f"Luft eine Stunde lang schlecht: luft-markt ({SITE})"
    assert "letzte fertige Stunde; ihr UBA-Index ist Klasse 4 von 5" in said(
        go_template, city, alarm, "description"
    )


def _by_the_hour(city: City, hours: int = 16, late: int = 0) -> list[Event]:
    """An hour is in the database 10 minutes after its end (and `late`); asked as it would have been then."""
    events: list[Event] = []
    for hour in range(1, hours):
        known = city.begin_s + (hour - 1) * HOUR
        ask = _until(city.ask, known + 1)
        minutes = range(hour * 60 + 10 + late, hour * 60 + 70 + late, 10)
        events += city.run(minutes, "messnetz-air", ask=ask)
    return events


def _suspect_air(city: City, classes: dict[int, tuple[int, int | None]]) -> None:
    """Hours with their class and the one without suspect values."""
    lines = []
    for hour, (number, sure) in classes.items():
        fields: dict[str, Any] = {"lqi_uba_2025": number}
        if sure is not None:
            fields["lqi_uba_2025_sure"] = sure
        if sure != number:
            fields["lqi_uba_2025_qc"] = 3
        lines.append(city.line("air_quality_1h", "luft-markt", hour * HOUR, **fields))
    city.write(lines)


@pytest.mark.parametrize("sure", [1, None])
def test_a_single_hour_of_bad_air_by_suspect_values_is_no_alarm(city: City, sure: int | None) -> None:
    _suspect_air(city, dict.fromkeys(range(9), (1, 1)) | {2: (5, sure), 4: (4, sure), 6: (5, sure)})
    assert _by_the_hour(city, 10) == []


def test_a_first_hour_of_bad_air_by_suspect_values_is_no_alarm(city: City) -> None:
    _suspect_air(city, {3: (5, None)})
    assert _by_the_hour(city, 10) == []


@pytest.mark.parametrize("late", [0, 10])
def test_bad_air_by_suspect_values_is_an_alarm_from_its_second_hour_on(city: City, late: int) -> None:
    classes: dict[int, tuple[int, int | None]] = dict.fromkeys(range(10), (1, 1))
    _suspect_air(city, classes | {3: (5, 2), 4: (4, None), 5: (5, None), 6: (5, 5)})
    events = _by_the_hour(city, 11, late)
    assert kinds(events) == once("messnetz-air")
    alarm, clear = events
    assert 5 + 1 / 6 <= (alarm.now_s - city.begin_s) / HOUR <= 5.5
    assert 8 + 1 / 6 <= (clear.now_s - city.begin_s) / HOUR <= 8.5


def _until(ask: Ask, end_s: float) -> Ask:
    return lambda uid, model, begin, end: ask(uid, model, begin, min(end, end_s))


def test_a_parking_sensor_that_hangs_has_one_alarm_and_one_all_clear(
    city: City, go_template: GoTemplate
) -> None:
    def bay(day: float, occupied: int) -> bytes:
        tags = tag("lot", "p1") + tag("bay", "17")
        return city.line("parking", "bucht-17", day * DAY, tags, occupied=occupied)

    quarters = [number / 4 for number in range(4 * 30)]
    silent = (18.0, 20.0)  # Messnetz stood still
    told = [
        bay(day, occupied=1 if 8 <= day < 21 else round(day * 4) % 2)
        for day in quarters
        if not silent[0] <= day < silent[1]
    ]
    rows = [
        city.line("status", "bucht-17", at, state="ok", state_code=OK, age=60)
        for at in range(0, 30 * DAY, 2 * HOUR)
        if not silent[0] * DAY <= at < silent[1] * DAY
    ]
    # a new sensor in a bay that is always free is not known to hang
    new = [city.line("parking", "bucht-18", day * DAY, occupied=0) for day in quarters if day >= 10]
    well = [city.line("status", "bucht-18", at, state_code=OK) for at in range(10 * DAY, 17 * DAY, 2 * HOUR)]
    city.write([*told, *rows, *new[: 4 * 6], *well])
    events = city.run(range(12 * 60, 30 * 24 * 60, 120), "messnetz-stuck")
    assert kinds(events) == once("messnetz-stuck")
    alarm, clear = events
    assert 14.5 <= (alarm.now_s - city.begin_s) / DAY <= 14.75
    assert 21 <= (clear.now_s - city.begin_s) / DAY <= 21.3
    assert said(go_template, city, alarm, "summary") == f"Parksensor hängt: bucht-17 ({SITE}) [17]"
    assert "mehr als 7 Tage; so lange meldet er ohne Wechsel belegt" in said(
        go_template, city, alarm, "description"
    )


def test_a_parking_sensor_behind_a_dead_gateway_does_not_count_as_hanging(city: City) -> None:
    readings = [city.line("parking", "bucht-17", hour * HOUR, occupied=0) for hour in range(0, 15 * 24, 6)]
    city.write([*readings, city.line("status", "bucht-17", 15 * DAY, state_code=GATEWAY_DOWN)])
    assert city.run([15 * 24 * 60], "messnetz-stuck") == []


def test_a_messnetz_that_writes_nothing_has_one_alarm_and_one_all_clear(
    city: City, go_template: GoTemplate
) -> None:
    city.write(city.states("luft-markt", {HEALTHY: OK, AGAIN: OK}, age=60))

    def away(uid: str, model: Mapping[str, Any], begin_s: float, end_s: float) -> list[Series]:
        raise ConnectionError

    events = [
        *city.run(range(15, 90), "messnetz-stopped"),
        *city.run(range(90, 120), "messnetz-stopped", ask=away),  # the database, too
        *city.run(range(120, 150), "messnetz-stopped"),
    ]
    assert kinds(events) == once("messnetz-stopped")
    alarm, clear = events
    assert 15 <= (alarm.now_s - city.begin_s) / MINUTE - 25 <= 18
    assert 0 <= (clear.now_s - city.begin_s) / MINUTE - 120 <= 1
    text = said(go_template, city, alarm, "summary") + said(go_template, city, alarm, "description")
    assert "Messnetz schreibt nicht: in der Datenbank steht von keinem Gerät etwas Neues" in text
    assert "mehr als 15 Minuten" in text


def test_a_database_that_does_not_answer_is_one_alarm_and_no_sensors(city: City) -> None:
    city.write(city.states("luft-markt", history(SILENT), age=60))

    def away(uid: str, model: Mapping[str, Any], begin_s: float, end_s: float) -> list[Series]:
        raise ConnectionError

    events = [*city.run(range(15, 60)), *city.run(range(60, 70), ask=away), *city.run(range(70, 75))]
    assert Counter(kinds(events)) == Counter([("messnetz-silent", "alarm"), *once("messnetz-stopped")])


def test_dead_sensor_dead_gateway_stopped_messnetz_and_empty_street_have_four_different_words(
    city: City, go_template: GoTemplate
) -> None:
    day = 24 * 60

    def run(at: int, **told: Mapping[tuple[int, int], int]) -> set[str]:
        for device, spans in told.items():
            moved = {(at + begin, at + end): code for (begin, end), code in spans.items()}
            city.write(city.states(device, moved, age=4000))
        city.rules = load(RULES)
        events = city.run(range(at + 15, at + 75))
        assert {one.kind for one in events} <= {"alarm"}
        return {said(go_template, city, one, "summary") for one in events}

    dead_sensor = run(0, luft={(0, 30): OK, (30, 75): SILENT}, gw={(0, 75): OK})
    dead_gateway = run(
        day, luft={(0, 30): OK, (30, 75): GATEWAY_DOWN}, gw={(0, 30): OK, (30, 75): GATEWAY_SILENT}
    )
    stopped = run(2 * day, luft={(0, 30): OK}, gw={(0, 30): OK})
    empty_street = run(3 * day, luft={(0, 75): OK}, gw={(0, 75): OK})
    assert dead_sensor == {f"Sensor schweigt: luft ({SITE})"}
    assert dead_gateway == {f"Gateway ausgefallen: gw ({SITE})"}
    assert stopped == {"Messnetz schreibt nicht: in der Datenbank steht von keinem Gerät etwas Neues"}
    assert empty_street == set()  # every device is ok, and its board says so


METRIC = [one for one in metric_alarms(SETTINGS) if one.grafana]


@pytest.mark.parametrize("alarm", METRIC, ids=lambda one: one.uid)
def test_an_alarm_on_the_service_has_one_alarm_and_one_all_clear_in_grafana(
    alarm: Any, go_template: GoTemplate
) -> None:
    """What PromQL answers is promtool's matter, in tests/test_prometheus_rules.py."""
    (rule,) = [one for one in load(RULES) if one.uid == alarm.uid]
    sign = 1 if alarm.sign == "above" else -1
    labels = {"instance": "messnetz:9464", "source": "lorawan", "name": "lorawan"}
    spans = [(0, 30, alarm.limit), (30, 90, alarm.limit + sign), (90, 150, None), (150, 180, alarm.limit)]

    def ask(uid: str, model: Mapping[str, Any], begin_s: float, end_s: float) -> list[Series]:
        assert (uid, model["expr"], model["instant"]) == ("messnetz-prometheus", alarm.expr, True)
        (value,) = [value for begin, end, value in spans if begin <= end_s / MINUTE < end]
        return [] if value is None else [(labels, [(end_s, value)])]

    events = [event for minute in range(180) for event in rule.step(minute * MINUTE, ask)]
    assert kinds(events) == once(alarm.uid)
    assert events[0].now_s == 30 * MINUTE + alarm.lasting_s
    for annotation in rule.body["annotations"].values():
        text = go_template.annotation(annotation, labels, events[0].values)
        assert "{{" not in text
        assert "no value" not in text


# --- the files


def alarms() -> Iterator[Any]:
    yield from device_alarms(SETTINGS.alarms)
    yield from street_alarms(SETTINGS.alarms)


def test_the_committed_rules_are_those_of_the_default_settings() -> None:
    again = "run `messnetz alarms -c config/sample/messnetz.yaml --grafana … --prometheus …`"
    committed = (ROOT / "grafana/provisioning/alerting/messnetz-rules.yaml").read_text(encoding="utf-8")
    assert committed == RULES, again
    committed = (ROOT / "config/sample/messnetz.rules.yml").read_text(encoding="utf-8")
    assert committed == prometheus_rules(SETTINGS), again


#: Grafana takes a rule with another uid for another rule: an alarm loses its history, a silence its alarm.
UIDS = [
    "messnetz-stopped",
    "messnetz-gateway",
    "messnetz-cut-off",
    "messnetz-silent",
    "messnetz-battery",
    "messnetz-air",
    "messnetz-stuck",
    "messnetz-not-ready",
    "messnetz-quiet",
    "messnetz-behind",
    "messnetz-spool",
    "messnetz-refused",
    "messnetz-quarantine",
    "messnetz-hours",
    "messnetz-disk",
    "messnetz-certificate",
]
SOURCES = {"messnetz-readings", "messnetz-hours", "messnetz-bays", "messnetz-prometheus", "__expr__"}
KEYS = {
    "uid", "title", "condition", "data", "noDataState", "execErrState", "for", "annotations", "labels",
    "isPaused",
}  # fmt: skip


def test_uids_refs_and_sources_come_from_closed_lists() -> None:
    rules = load(RULES)
    assert [one.uid for one in rules] == UIDS
    for rule in rules:
        assert rule.body.keys() == KEYS
        refs = [step["refId"] for step in rule.body["data"]]
        assert len(set(refs)) == len(refs)
        assert set(refs) <= set("ABCDEFGHKLM")
        assert rule.body["condition"] == refs[-1] == "C"
        assert {step["datasourceUid"] for step in rule.body["data"]} <= SOURCES
        assert re.fullmatch(r"[a-z-]{1,40}", rule.uid)


def test_every_expression_asks_for_refs_before_it() -> None:
    for alarm in alarms():
        known: set[str] = set()
        for step in alarm.steps:
            if isinstance(step, Reduce | Threshold):
                assert step.of in known
            elif not isinstance(step, Query):
                assert set(re.findall(r"\$([A-Z])", step.formula)) <= known
            known.add(step.ref)


def test_what_the_file_says_in_german_and_english_are_the_same_alarms() -> None:
    for rule in load(RULES):
        german, english = (
            re.findall(r"{{.*?}}", rule.body["annotations"][f"summary{end}"]) for end in ("", "_en")
        )
        assert german == english
        assert rule.body["annotations"]["summary"].startswith(rule.body["title"])


def test_a_dollar_is_doubled_where_grafana_fills_variables_of_the_environment() -> None:
    for rule in load(RULES):
        for label in rule.body["labels"].values():
            assert "$" not in label.replace("$$", "")
        for annotation in rule.body["annotations"].values():
            assert "$$" not in annotation
            assert "${" not in annotation


@pytest.mark.parametrize(
    ("setting", "value", "uid", "expected"),
    [
        ("silent_minutes", 60, "messnetz-silent", "'from': 3900"),
        ("air_class", 3, "messnetz-air", "'params': [2]"),
        ("stuck_days", 14, "messnetz-stuck", "'from': 1209600"),
        ("stopped_minutes", 30, "messnetz-stopped", "'from': 1800"),
        ("spool_percent", 80, "messnetz-spool", "'params': [80]"),
        ("quiet_minutes", 120, "messnetz-quiet", "'params': [7200]"),
        ("not_ready_minutes", 5, "messnetz-not-ready", "'for': '300s'"),
        ("behind_minutes", 30, "messnetz-behind", "'params': [1800]"),
        ("hours_behind", 5, "messnetz-hours", "'params': [18000]"),
        ("quarantine_an_hour", 7, "messnetz-quarantine", "'params': [7]"),
        ("refused_an_hour", 5, "messnetz-refused", "'params': [5]"),
        ("certificate_days", 14, "messnetz-certificate", "'params': [14]"),
        ("disk_free_bytes", 12345, "messnetz-disk", "'params': [12345]"),
        ("battery_percent", 15, "messnetz-battery", "unter 15 %"),
    ],
)
def test_a_setting_changes_its_rule(setting: str, value: int, uid: str, expected: str) -> None:
    changed: Settings = SETTINGS.model_copy(update={"alarms": Alarms(**{setting: value})})
    (rule,) = [one for one in load(grafana_rules(changed)) if one.uid == uid]
    (before,) = [one for one in load(RULES) if one.uid == uid]
    assert expected in str(rule.body)
    assert expected not in str(before.body)


def test_every_setting_of_alarms_changes_a_rule() -> None:
    for name, field in Alarms.model_fields.items():
        changed = Alarms(**{name: field.default + 1 if name != "air_class" else 5})
        assert grafana_rules(SETTINGS.model_copy(update={"alarms": changed})) != RULES, name


def test_a_message_tells_each_alarm_in_german_then_english_and_what_ended_without_data(
    go_template: GoTemplate,
) -> None:
    from ruamel.yaml import YAML  # noqa: PLC0415  for this test alone

    (template,) = YAML(typ="safe", pure=True).load(RULES)["templates"]
    words = ("summary", "description", "summary_en", "description_en")

    def alert(status: str, name: str, rule: str = "Sensor schweigt", **more: str) -> dict[str, Any]:
        return {
            "Status": status,
            "Labels": {"alertname": rule},
            "Annotations": {word: f"{word} of {name}" for word in words} | more,
            "StartsAt": "2026-03-10T13:05:00Z",
            "EndsAt": "2026-03-10T14:05:00Z",
        }

    data = {
        "Status": "firing",
        "CommonLabels": {"alertname": "Sensor schweigt", "site": "Marktplatz"},
        "Alerts": [
            alert("firing", "a"),
            alert("firing", "b"),
            alert("resolved", "c"),
            alert("resolved", "d", grafana_state_reason="MissingSeries"),
        ],
    }
    title = go_template.message(template["template"], "messnetz.title", data)
    assert title.strip() == "Alarm (2) Sensor schweigt, Marktplatz"
    resolved = {**data, "Status": "resolved", "Alerts": data["Alerts"][2:]}  # type: ignore[index]
    title = go_template.message(template["template"], "messnetz.title", resolved)
    assert title.strip() == "Entwarnung Sensor schweigt, Marktplatz"
    text = go_template.message(template["template"], "messnetz.message", data)
    assert [
        line for line in text.splitlines() if line.startswith(("Alarm:", "Entwarnung:", "All-clear:"))
    ] == [
        "Alarm: summary of a",
        "Alarm: summary of b",
        "Entwarnung: summary of c",
        "Entwarnung: summary of d",
        "Alarm: summary_en of a",
        "Alarm: summary_en of b",
        "All-clear: summary_en of c",
        "All-clear: summary_en of d",
    ]
    assert text.count("Ob alles in Ordnung ist, weiß niemand") == 1
    assert text.count("10.03.2026") == 8
    # Grafana's own name, and the annotations of the rule that could not be asked
    silent = {
        "Status": "firing",
        "CommonLabels": {"alertname": "DatasourceError", "part": "pipeline"},
        "Alerts": [alert("firing", "e", "DatasourceError"), alert("resolved", "f", "DatasourceError")],
    }
    title = go_template.message(template["template"], "messnetz.title", silent)
    assert title.strip() == "Alarm (1) Prometheus antwortet nicht"
    text = go_template.message(template["template"], "messnetz.message", silent)
    assert "Alarm: Prometheus antwortet nicht: Grafana kann es nicht fragen\nSeit wann: " in text
    assert "Entwarnung: Prometheus antwortet nicht: Grafana kann es nicht fragen\n" in text
    assert "Alarm: Prometheus does not answer: Grafana cannot ask it\nSince when: " in text
    assert " of e" not in text


def test_the_title_of_a_rule_is_german() -> None:
    for alarm in alarms():
        assert in_language(alarm.text.title, "de") != in_language(alarm.text.title, "en")
