"""Everything that shapes a point is taken as of the point's own time, whenever it is judged."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from devices import registry
from devices.period import Period
from devices.registry import Registry
from devices.state import DeviceState
from ingest import line_protocol, pipeline
from ingest.pipeline import Heard, Verdict
from ingest.replay import replay
from ingest.seams import Delivery, Outcome
from ingest.spool import KeptFilter
from tests.fleet import Member, uplink
from tests.test_intake import Town, in_town

TYPES = {
    "old-pm": "- values: {pm2_5: {from: dust, unit: ug/m3}}",
    "new-pm": "- values: {pm2_5: {from: pm, unit: mg/m3}}",
    "fixed": "- {interval: 1h, values: {count: {from: n, counter: delta}}}",
    "told": "- {interval: {from: minutes, unit: min}, values: {count: {from: n, counter: delta}}}",
    "untold": "- {values: {count: {from: n, counter: delta}}}",
    "totals": "- {values: {count: {from: total, counter: total, width: 32}}}",
}
TYPE = """\
manufacturer: Acme
model: {name}
codec: lns
readings:
  {reading}
examples:
  - {{source: data sheet, decoded: {{}}, readings: []}}
"""
OLD = Member("luft-markt", "70b3d57ba0000a1c", "old-pm")
NEW = Member("luft-markt", "70b3d57ba0000b2d", "new-pm")
SWAPPED = """\
municipality: {id: giessen}
devices:
  - id: luft-markt
    site: Marktplatz
    installations:
      - from: 2026-01-01
        until: 2026-03-10 12:00
        dev_eui: 70b3d57ba0000a1c
        type: old-pm
        calibration: {pm2_5: {factor: 0.5}}
      - {from: 2026-03-10 12:00, dev_eui: 70b3d57ba0000b2d, type: new-pm}
"""
ONE = """\
municipality: {{id: giessen}}
devices:
  - {{id: zaehler, site: Brücke, dev_eui: 70b3d57ba0000c3e, type: {kind}}}
"""
COUNTER = Member("zaehler", "70b3d57ba0000c3e", "any")


def ns(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


def registered(folder: Path, devices: str) -> Registry:
    for name in ("devices", "types"):
        (folder / name).mkdir(exist_ok=True)
    for name, reading in TYPES.items():
        (folder / "types" / f"{name}.yaml").write_text(TYPE.format(name=name, reading=reading))
    (folder / "devices" / "a.yaml").write_text(devices)
    found = registry.load(folder / "devices", [folder / "types"])
    assert found.complaints == ()
    return found


def judged(known: Registry, member: Member, said: list[tuple[str, dict[str, Any]]]) -> list[Verdict]:
    """What uplinks of these times become, one after the other, judged in May."""
    states: dict[str, DeviceState] = {}
    verdicts = []
    for number, (time, decoded) in enumerate(said):
        topic, payload = uplink(member, number, decoded, time_ns=ns(time))
        message = Delivery(
            "town", "chirpstack", topic, payload, ns("2026-05-01"), 1, False, False, 1, lambda _outcome: None
        )
        heard = pipeline.read(message)
        assert isinstance(heard, Heard)
        verdict = pipeline.judge(heard, known, states)
        assert verdict.outcome is Outcome.STORED, verdict.detail
        if verdict.state is not None:
            states[verdict.key] = verdict.state
        verdicts.append(verdict)
    return verdicts


def points(
    lines: tuple[bytes, ...] | list[bytes], measurement: str
) -> list[tuple[int, line_protocol.Fields]]:
    parsed = [line_protocol.parse(line) for line in lines]
    return [(time_ns, fields) for name, _, fields, time_ns in parsed if name == measurement]


# A swap


def test_an_uplink_from_before_a_swap_gets_the_old_sensors_type_and_calibration(tmp_path: Path) -> None:
    known = registered(tmp_path, SWAPPED)
    [new] = judged(known, NEW, [("2026-03-11T08:00:00", {"dust": 1.0, "pm": 0.012})])
    [old] = judged(known, OLD, [("2026-03-01T08:00:00", {"dust": 30.0, "pm": 0.012})])
    assert points(new.lines, "air_quality") == [(ns("2026-03-11T08:00:00"), {"pm2_5": 12.0, "qc": 1})]
    assert points(old.lines, "air_quality") == [
        (ns("2026-03-01T08:00:00"), {"pm2_5": 15.0, "pm2_5_raw": 30.0, "qc": 1})
    ]


def test_one_sensor_that_came_back_with_another_firmware_is_read_as_it_was_then(tmp_path: Path) -> None:
    known = registered(tmp_path, SWAPPED.replace(NEW.dev_eui, OLD.dev_eui))
    said = {"dust": 30.0, "pm": 0.012}
    later, earlier = judged(known, OLD, [("2026-03-11T08:00:00", said), ("2026-03-01T08:00:00", said)])
    assert points(later.lines, "air_quality")[0][1] == {"pm2_5": 12.0, "qc": 1}
    assert points(earlier.lines, "air_quality")[0][1] == {"pm2_5": 15.0, "pm2_5_raw": 30.0, "qc": 1}


def test_a_replay_after_a_swap_writes_what_the_old_sensor_measured(tmp_path: Path) -> None:
    """From the quarantine: both spoke before the place was registered at all."""

    async def story(town: Town) -> None:
        town.deliver(uplink(OLD, 1, {"dust": 30.0, "pm": 0.012}, time_ns=ns("2026-03-01T08:00:00")))
        town.deliver(uplink(NEW, 2, {"dust": 30.0, "pm": 0.012}, time_ns=ns("2026-03-11T08:00:00")))
        town.deliver(uplink(OLD, 3, {"dust": 30.0, "pm": 0.012}, time_ns=ns("2026-03-11T09:00:00")))
        await town.intake.flush()
        town.intake.adopt(registered(tmp_path, SWAPPED), [])
        outcomes = await replay(town.intake, town.spool, KeptFilter())
        assert outcomes == {Outcome.STORED: 2, Outcome.QUARANTINED: 1}
        waiting = await town.spool.read(100, 100_000)
        assert waiting is not None
        assert points(waiting.lines, "air_quality") == [
            (ns("2026-03-01T08:00:00"), {"pm2_5": 15.0, "pm2_5_raw": 30.0, "qc": 1}),
            (ns("2026-03-11T08:00:00"), {"pm2_5": 12.0, "qc": 1}),
        ]

    in_town(tmp_path, story, [])


# An hour's count


@pytest.mark.parametrize("kind", ["fixed", "told", "untold"])
def test_a_count_reported_five_seconds_past_eight_lies_in_the_hour_before(tmp_path: Path, kind: str) -> None:
    known = registered(tmp_path, ONE.format(kind=kind))
    said = [
        ("2026-03-02T07:00:04", {"n": 31, "minutes": 60}),
        ("2026-03-02T08:00:05", {"n": 42, "minutes": 60}),
    ]
    _, verdict = judged(known, COUNTER, said)
    [(time_ns, fields)] = points(verdict.lines, "traffic")
    assert ns("2026-03-02T07:00:00") <= time_ns < ns("2026-03-02T08:00:00")
    assert fields["count"] == 42
    assert time_ns + int(fields["interval"]) * 1_000_000_000 == ns("2026-03-02T08:00:05")


def test_what_a_total_has_grown_by_at_five_seconds_past_eight_lies_in_the_hour_before(tmp_path: Path) -> None:
    known = registered(tmp_path, ONE.format(kind="totals"))
    _, verdict = judged(
        known, COUNTER, [("2026-03-02T07:00:04", {"total": 1000}), ("2026-03-02T08:00:05", {"total": 1042})]
    )
    found = dict(points(verdict.lines, "traffic"))
    assert found[ns("2026-03-02T07:00:04")] == {"count": 42, "interval": 3601, "qc": 1}
    assert found[ns("2026-03-02T08:00:05")] == {"count_total": 1042, "qc": 2}


# A period that a technician named later


def test_a_replay_after_a_period_was_named_stores_its_values_as_not_valid(tmp_path: Path) -> None:
    known = registered(tmp_path, SWAPPED)
    period = Period(ns("2026-03-01"), ns("2026-03-02"), "flag", "Baustelle")
    [verdict] = judged(
        replace(known, periods={"luft-markt": (period,)}), OLD, [("2026-03-01T08:00:00", {"dust": 30.0})]
    )
    assert points(verdict.lines, "air_quality")[0][1] == {"pm2_5_failed": 15.0, "pm2_5_raw": 30.0, "qc": 4}
    assert [one.test for row in verdict.readings for one in row.values if one.field == "pm2_5"] == ["flag"]
