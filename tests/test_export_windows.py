"""Windows of an export: each series has each window, as an independent and slow computation has it."""

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.period import Period
from devices.registry import Registry
from publish.export import parts
from publish.export.ask import Ask
from publish.export.choose import choose
from publish.export.chosen import Chosen
from publish.export.period import windows
from publish.export.series import Gathered
from publish.export.windows import gather_windows
from tests.held_tables import TOWN, HeldTables, town

ZONE = ZoneInfo("Europe/Berlin")
S = 1_000_000_000
MINUTE, HOUR = 60 * S, 3600 * S
NOW = int(datetime(2026, 12, 1, 12, tzinfo=ZONE).timestamp()) * S
LUFT, RAD = {"device": "luft-1", "site": "Markt"}, {"device": "rad-1", "site": "Ring"}
Rows = list[tuple[str, Mapping[str, str], Mapping[str, float | int | str], int]]


def at(text: str) -> int:
    """UTC nanoseconds of a local time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()) * S


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def known_places(registry: Registry) -> Callable[[], Registry]:
    """What hypothesis can name in a line."""
    return lambda: registry


@pytest.fixture
def spill(tmp_path: Path) -> Path:
    return tmp_path / "spill.parquet"


class Exported:
    """What an export gave, by device, quantity and begin of the window."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self.rows = pq.read_table(gathered.spill).to_pylist()
        self.names = [(one.device, one.quantity) for one in gathered.series]
        self.at: dict[tuple[int, str, str], dict[str, Any]] = {
            (row["time"], *self.names[row["series"]]): row for row in self.rows
        }

    def of(self, device: str, quantity: str, **tags: str) -> list[dict[str, Any]]:
        numbers = [
            number
            for number, one in enumerate(self.gathered.series)
            if (one.device, one.quantity) == (device, quantity) and tags.items() <= dict(one.tags).items()
        ]
        assert len(numbers) == 1, self.gathered.series
        return [row for row in self.rows if row["series"] == numbers[0]]

    def reasons(self, device: str, quantity: str) -> list[str | None]:
        return [row["reason"] for row in self.of(device, quantity)]


def export(registry: Registry, rows: Iterable[Any], spill: Path, **asked: Any) -> Exported:
    return gathered(choose(Ask(**asked), registry, NOW), rows, spill)


def gathered(chosen: Chosen, rows: Iterable[Any], spill: Path) -> Exported:
    spill.unlink(missing_ok=True)
    found = Exported(asyncio.run(gather_windows(chosen, HeldTables(rows), spill, lambda *_: None)))
    assert [path.name for path in spill.parent.iterdir() if path.is_file() or "parts" in path.name] == [
        spill.name
    ]
    places = [(row["time"], row["series"]) for row in found.rows]
    assert places == sorted(set(places))
    count = len({row["time"] for row in found.rows})
    assert found.gathered.rows == len(found.rows) == count * len(found.gathered.series)
    return found


def air(begin: str, minutes: Iterable[int], **fields: float) -> Rows:
    return [
        ("air_quality", LUFT, {**(fields or {"pm10": 10.0}), "qc": 1}, at(begin) + minute * MINUTE)
        for minute in minutes
    ]


# --- against a computation minute by minute -----------------------------------------------------------------

#: A day of 23 hours, one of 25, the end of a month and of a year's first half, each with what lies around.
_AROUND = {
    "2026-03-29": ("2026-03-28", "2026-03-30"),
    "2026-10-25": ("2026-10-24", "2026-10-26"),
    "2026-06-30": ("2026-06-29", "2026-07-02"),
}
#: What a bay says at some minutes.
_STATES = st.dictionaries(st.integers(0, 3 * 1440), st.sampled_from([0, 1]), max_size=60)
_EVERY = st.sampled_from(["15min", "1h", "1d", "1mo"])


def _cut(chosen: Chosen) -> list[tuple[int, int]]:
    """The windows, from the wall clock."""
    return [(one.begin_ns, one.end_ns) for one in windows(chosen.ask.every, chosen.period, chosen.zone)]


def _share(known: int, length: int) -> float:
    return math.floor(known * 1000 / length) / 10


@settings(max_examples=40, deadline=None)
@given(day=st.sampled_from(sorted(_AROUND)), every=_EVERY, data=st.data())
def test_means_are_those_of_what_was_said_and_coverage_that_of_each_minute(
    known_places: Callable[[], Registry],
    tmp_path_factory: pytest.TempPathFactory,
    day: str,
    every: str,
    data: st.DataObject,
) -> None:
    begin, end = (at(text) for text in _AROUND[day])
    beats = range((end - begin) // (10 * MINUTE))
    kinds = data.draw(
        st.lists(st.sampled_from("gggggggglfs"), min_size=len(beats), max_size=len(beats)), label="said"
    )
    rows, said = [], {}
    for beat, kind in zip(beats, kinds, strict=True):
        time_ns = begin + beat * 10 * MINUTE + 3 * MINUTE
        value = float(beat % 37) + 0.5
        if kind == "l":
            continue
        said[time_ns] = None if kind == "f" else value
        fields = {"f": {"pm10_failed": value}, "s": {"pm10": value, "pm10_qc": 3}}.get(kind, {"pm10": value})
        rows.append(("air_quality", LUFT, fields, time_ns))
    chosen = choose(
        Ask(begin=_AROUND[day][0], to=day, every=every, quantity=("pm10",), device=("luft-1",)),
        known_places(),
        NOW,
    )
    found = gathered(chosen, rows, tmp_path_factory.mktemp("x") / "spill").of("luft-1", "pm10")
    suspect = {row[3] for row in rows if "pm10_qc" in row[2]}
    expected = []
    for first, last in _cut(chosen):
        own = {time_ns: value for time_ns, value in said.items() if first <= time_ns < last}
        valid = [value for value in own.values() if value is not None]
        known = 0
        for minute in range(first, last, MINUTE):
            newest = max((one for one in said if minute - 11 * MINUTE < one <= minute), default=None)
            known += newest is not None and said[newest] is not None
        coverage = _share(known, (last - first) // MINUTE) if valid else 0.0
        mean = round(sum(valid) / len(valid), 1) if valid else None
        good = mean is not None and coverage >= 75
        flag = (3 if suspect & own.keys() - {t for t in own if own[t] is None} else 1) if valid else None
        expected.append((first, last, mean if good else None, None if good else mean, coverage, flag))
    columns = ("time", "end", "value", "partial", "coverage", "flag")
    got = [tuple(row[name] for name in columns) for row in found]
    assert [row[:2] + row[4:] for row in got] == [row[:2] + row[4:] for row in expected]
    for one, other in zip(got, expected, strict=True):
        assert one[2:4] == pytest.approx(other[2:4], abs=0.0500001)


@settings(max_examples=25, deadline=None)
@given(day=st.sampled_from(sorted(_AROUND)), every=st.sampled_from(["1h", "1d", "1mo"]), data=st.data())
def test_counts_are_sums_and_whole_only_where_every_interval_is_there(
    known_places: Callable[[], Registry],
    tmp_path_factory: pytest.TempPathFactory,
    day: str,
    every: str,
    data: st.DataObject,
) -> None:
    begin, end = (at(text) for text in _AROUND[day])
    quarters = range(begin, end, 15 * MINUTE)
    lost = data.draw(st.sets(st.integers(0, len(quarters) - 1), max_size=20), label="lost")
    counted = {time_ns: number % 23 for number, time_ns in enumerate(quarters) if number not in lost}
    rows = [("traffic", RAD, {"count": count, "interval": 900}, time) for time, count in counted.items()]
    chosen = choose(Ask(begin=_AROUND[day][0], to=day, every=every, quantity=("count",)), known_places(), NOW)
    found = gathered(chosen, rows, tmp_path_factory.mktemp("x") / "spill").of("rad-1", "count")
    for row in found:
        inside = [count for time, count in counted.items() if row["time"] <= time < row["end"]]
        coverage = _share(len(inside) * 15, (row["end"] - row["time"]) // MINUTE)
        value = sum(inside) if inside else None
        whole = coverage == 100.0
        assert (row["value"], row["partial"]) == ((value, None) if whole else (None, value))
        assert row["coverage"] == coverage


@settings(max_examples=25, deadline=None)
@given(day=st.sampled_from(sorted(_AROUND)), every=_EVERY, one=_STATES, other=_STATES)
def test_bays_and_car_parks_are_known_and_taken_minute_by_minute(
    known_places: Callable[[], Registry],
    tmp_path_factory: pytest.TempPathFactory,
    day: str,
    every: str,
    one: dict[int, int],
    other: dict[int, int],
) -> None:
    begin, end = (at(text) for text in _AROUND[day])
    length = (end - begin) // MINUTE
    rows: Rows = []
    known: dict[str, list[int | None]] = {}
    turns: dict[str, list[tuple[int, int]]] = {}  # when, and -1 or 1
    for bay, said in (("1", one), ("2", other)):
        times = sorted(minute for minute in said if minute < length)
        states = [said[minute] for minute in times]
        tags = {"device": f"parken-{bay}", "site": "Brandplatz", "lot": "Brandplatz", "bay": bay}
        state: list[int | None] = [None] * (length + _KNOWN_MINUTES)
        turned = []
        for place, (minute, occupied) in enumerate(zip(times, states, strict=True)):
            fields: dict[str, float | int | str] = {"occupied": occupied}
            before = state[minute - 1] if minute else None
            if before == 1 and occupied == 0:
                turned.append((minute, -1))
            if occupied and (place == 0 or states[place - 1] == 0):
                fields["arrivals"] = 1
                turned.append((minute, 1))
            rows.append(("parking", tags, fields, begin + minute * MINUTE))
            until = min([*times[place + 1 : place + 2], minute + _KNOWN_MINUTES])
            state[minute:until] = [occupied] * (until - minute)
        known[bay], turns[bay] = state, turned
    chosen = choose(Ask(begin=_AROUND[day][0], to=day, every=every, quantity=_PARKING), known_places(), NOW)
    found = gathered(chosen, rows, tmp_path_factory.mktemp("x") / "spill")
    for first, last in _cut(chosen):
        here = slice(max(0, (first - begin) // MINUTE), max(0, (last - begin) // MINUTE))
        minutes = (last - first) // MINUTE
        of_bays = {bay: [one for one in state[here] if one is not None] for bay, state in known.items()}
        for bay, own in of_bays.items():
            row = _row(found, f"parken-{bay}", "occupied", first)
            coverage = _share(len(own), minutes)
            assert row["coverage"] == coverage
            value = row["value"] if coverage >= 75 else row["partial"]
            assert value == (pytest.approx(sum(own) / len(own), abs=0.00006) if own else None)
            for name, sign in (("arrivals", 1), ("departures", -1)):
                row = _row(found, f"parken-{bay}", name, first)
                told = any(first <= row[3] < last for row in rows if row[1]["bay"] == bay)
                count = sum(way == sign and here.start <= when < here.stop for when, way in turns[bay])
                value = row["value"] if coverage == 100 else row["partial"]
                assert value == (count if own or told else None)
        lengths = sum(map(len, of_bays.values()))
        taken = sum(map(sum, of_bays.values()))
        assert _figure(found, "observed_bays", first) == pytest.approx(lengths / minutes, abs=0.0006)
        assert _figure(found, "occupied_bays", first) == pytest.approx(taken / minutes, abs=0.0006)
        if lengths:
            assert _figure(found, "occupancy", first) == pytest.approx(taken / lengths, abs=0.00006)
            assert _figure(found, "capacity", first) == 2


_PARKING = ("occupied", "arrivals", "departures")
#: Six intervals of the sensors.
_KNOWN_MINUTES = 360


def _row(found: Exported, device: str, quantity: str, begin_ns: int) -> dict[str, Any]:
    return found.at[begin_ns, device, quantity]


def _figure(found: Exported, quantity: str, begin_ns: int) -> float:
    row = _row(found, "lot:giessen:Brandplatz", quantity, begin_ns)
    return next((one for one in (row["value"], row["partial"]) if one is not None), 0.0)


# --- what stands in a window -------------------------------------------------------------------------------


def test_the_lowest_and_the_highest_value_stand_where_the_mean_would(registry: Registry, spill: Path) -> None:
    rows = (
        air("2026-06-01", range(0, 60, 10))
        + air("2026-06-01", [61, 71], pm10=3.5)
        + air("2026-06-01", [5], pm10=90.0)
    )
    day = {
        "begin": "2026-06-01",
        "to": "2026-06-01",
        "every": "1h",
        "quantity": ("pm10",),
        "device": ("luft-1",),
    }
    lowest = export(registry, rows, spill, aggregate="min", **day).of("luft-1", "pm10")
    highest = export(registry, rows, spill, aggregate="max", **day).of("luft-1", "pm10")
    means = export(registry, rows, spill, **day).of("luft-1", "pm10")
    assert [(row["value"], row["partial"]) for row in lowest[:3]] == [(10.0, None), (None, 3.5), (None, None)]
    assert [(row["value"], row["partial"]) for row in highest[:3]] == [
        (90.0, None),
        (None, 3.5),
        (None, None),
    ]
    assert [row["coverage"] for row in lowest] == [row["coverage"] for row in means]


def test_suspect_values_are_marked_or_left_out(registry: Registry, spill: Path) -> None:
    rows = air("2026-06-01", range(0, 60, 10))
    rows[2] = (*rows[2][:2], {"pm10": 40.0, "pm10_qc": 3}, rows[2][3])
    rows += [
        (*row[:2], {"pm10": 40.0, "pm10_qc": 3}, row[3]) for row in air("2026-06-01", range(60, 120, 10))
    ]
    hours = {
        "begin": "2026-06-01",
        "to": "2026-06-01 02:00",
        "every": "1h",
        "quantity": ("pm10",),
        "device": ("luft-1",),
    }
    kept = export(registry, rows, spill, **hours)
    assert [(row["value"], row["flag"]) for row in kept.of("luft-1", "pm10")] == [(15.0, 3), (40.0, 3)]
    left = export(registry, rows, spill, suspect="drop", **hours)
    first, second = left.of("luft-1", "pm10")
    assert (first["value"], first["coverage"], first["flag"]) == (10.0, 83.3, 1)
    assert (second["value"], second["partial"], second["coverage"], second["flag"]) == (None, None, 0.0, None)
    assert second["reason"] == "suspect"
    (tally,) = left.gathered.tallies.values()
    assert (tally.dropped, tally.failed, tally.values, tally.windows) == (7, 0, 1, 2)
    assert tally.reasons == {"suspect": 1}


def test_a_series_heard_of_late_has_every_window_and_all_stand_in_order(
    registry: Registry, spill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = air("2026-05-01", range(0, 60 * 24 * 92, 10))
    rows += [("air_quality", {"device": "luft-2"}, {"pm10": 4.0, "pm1": 1.0}, at("2026-07-30 12:00"))]
    asked = {"begin": "2026-05-01", "to": "2026-07-31", "every": "1d", "device": ("luft-1", "luft-2")}
    whole = export(registry, rows, spill, **asked)
    monkeypatch.setattr(parts, "FIGURES", 40)
    monkeypatch.setattr(parts, "ROWS", 100)
    in_parts = export(registry, rows, spill, **asked)
    assert in_parts.rows == whole.rows
    assert whole.names == [("luft-1", "pm10"), ("luft-2", "pm1"), ("luft-2", "pm10")]
    assert len(whole.rows) == 3 * 92
    assert in_parts.gathered.tallies == whole.gathered.tallies
    assert whole.gathered.newest_ns == at("2026-07-31 23:50")


def test_a_device_that_never_spoke_has_rows_of_what_its_type_measures(
    registry: Registry, spill: Path
) -> None:
    found = export(registry, air("2026-06-01", [0]), spill, begin="2026-06-01", to="2026-06-02", every="1d")
    assert [name for device, name in found.names if device == "luft-1"] == ["pm10"]
    assert [name for device, name in found.names if device == "luft-2"] == [
        *("pm1", "pm2_5", "pm4", "pm10"),
        *("air_temperature", "relative_humidity", "air_pressure"),
    ]
    bay = [one for one in found.gathered.series if one.device == "parken-2"]
    assert [one.quantity for one in bay] == ["occupied", "arrivals", "stay", "departures"]
    assert {one.tags for one in bay} == {(("bay", "2"), ("lot", "Brandplatz"))}
    assert found.reasons("luft-2", "pm1") == ["unknown", "unknown"]
    assert found.reasons("lot:giessen:Brandplatz", "occupancy") == ["unknown", "unknown"]


def test_a_place_stays_one_series_when_its_lot_gets_another_name(registry: Registry, spill: Path) -> None:
    old = {"device": "parken-1", "site": "Alt", "lot": "Alter Markt", "bay": "7"}
    new = {"device": "parken-1", "site": "Brandplatz", "lot": "Brandplatz", "bay": "1"}
    rows = [
        ("parking", old if hour < 30 else new, {"occupied": 1}, at("2026-06-01") + hour * HOUR)
        for hour in range(48)
    ]
    found = export(
        registry, rows, spill, begin="2026-06-01", to="2026-06-02", every="1d", quantity=("occupied",)
    )
    days = found.of("parken-1", "occupied", lot="Brandplatz", bay="1")
    assert [row["value"] for row in days] == [1.0, 1.0]
    assert [row["value"] for row in found.of("lot:giessen:Brandplatz", "observed_bays")] == [1.0, 1.0]


def test_single_bays_are_open_to_nobody_and_car_parks_only_as_a_whole(tmp_path: Path, spill: Path) -> None:
    rows = [
        (
            "parking",
            {"device": f"parken-{bay}", "lot": "Brandplatz", "bay": bay},
            {"occupied": 1},
            at("2026-06-01"),
        )
        for bay in ("1", "2")
    ]
    day = {"begin": "2026-06-01", "to": "2026-06-01", "every": "1d", "audience": "open"}
    found = export(town(tmp_path / "open"), rows, spill, **day)
    assert {device for device, _ in found.names} == {"luft-1", "luft-2", "lot:giessen:Brandplatz"}
    mixed = TOWN.replace("interval: 1h, publish: open}", "interval: 1h, publish: partners}", 1)
    found = export(town(tmp_path / "mixed", mixed), rows, spill, **day)
    assert {device for device, _ in found.names} == {"luft-1", "luft-2"}
    partly = export(town(tmp_path / "mixed", mixed), rows, spill, **day | {"audience": "internal"})
    assert ("lot:giessen:Brandplatz", "capacity") in partly.names


def test_one_bay_alone_makes_no_car_park_and_two_of_three_all_of_it(tmp_path: Path, spill: Path) -> None:
    third = (
        TOWN
        + """\
  - {id: parken-3, site: Brandplatz, lot: Brandplatz, bay: "3", dev_eui: 70b3d57e00000013,
     type: bosch-tps110, interval: 1h}
"""
    )
    registry = town(tmp_path / "three", third)
    rows = [
        (
            "parking",
            {"device": f"parken-{bay}", "lot": "Brandplatz", "bay": bay},
            {"occupied": 1},
            at("2026-06-01"),
        )
        for bay in ("1", "2", "3")
    ]
    day = {"begin": "2026-06-01", "to": "2026-06-01 06:00", "every": "1h"}
    alone = export(registry, rows, spill, device=("parken-1",), **day)
    assert {device for device, _ in alone.names} == {"parken-1"}
    two = export(registry, rows, spill, device=("parken-1", "parken-2"), **day)
    assert {device for device, _ in two.names} == {"parken-1", "parken-2", "lot:giessen:Brandplatz"}
    assert [row["value"] for row in two.of("lot:giessen:Brandplatz", "capacity")] == [3.0] * 6


def test_only_what_was_named_of_parking_is_there(registry: Registry, spill: Path) -> None:
    tags = {"device": "parken-1", "lot": "Brandplatz", "bay": "1"}
    rows = [("parking", tags, {"occupied": hour % 2}, at("2026-06-01") + hour * HOUR) for hour in range(24)]
    found = export(
        registry, rows, spill, begin="2026-06-01", to="2026-06-01", every="1d", quantity=("departures",)
    )
    assert set(found.names) == {
        ("parken-1", "departures"),
        ("parken-2", "departures"),
        ("lot:giessen:Brandplatz", "departures"),
    }
    assert found.of("parken-1", "departures")[0]["value"] == 11


def test_a_car_park_is_asked_for_by_what_its_bays_make_of_it(registry: Registry, spill: Path) -> None:
    tags = {"device": "parken-1", "lot": "Brandplatz", "bay": "1"}
    rows = [("parking", tags, {"occupied": 1}, at("2026-06-01") + hour * HOUR) for hour in range(24)]
    asked = ("occupied_bays", "capacity")
    found = export(registry, rows, spill, begin="2026-06-01", to="2026-06-01", every="1d", quantity=asked)
    lot = "lot:giessen:Brandplatz"
    assert found.names == [(lot, "occupied_bays"), (lot, "capacity")]
    assert [row["value"] for row in found.rows] == [1.0, 2.0]


# --- reasons -----------------------------------------------------------------------------------------------


def told(state: str, begin: str, end: str, device: str = "luft-1") -> Rows:
    """What the clock told of a device every 270 s."""
    return [
        ("status", {"device": device}, {"state": state}, time_ns)
        for time_ns in range(at(begin), at(end), 270 * S)
    ]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("ok", "nothing"),
        ("silent", "silent"),
        ("gateway_down", "gateway_down"),
        ("pipeline_down", "pipeline_down"),
        ("commissioning", "commissioning"),
        ("maintenance", "maintenance"),
        ("retired", "retired"),
    ],
)
def test_a_missing_window_has_the_state_that_was_told(
    registry: Registry, spill: Path, state: str, reason: str
) -> None:
    rows = told(state, "2026-06-01 01:00", "2026-06-01 02:00") + air("2026-06-01", range(0, 60, 10))
    found = export(
        registry, rows, spill, begin="2026-06-01", to="2026-06-01 03:00", every="1h", device=("luft-1",)
    )
    # the last row holds for a while, and then nobody knows
    beyond = "unknown" if reason == "nothing" else reason
    assert found.reasons("luft-1", "pm10")[:2] == [None, reason]
    assert found.reasons("luft-1", "pm10")[2] in {beyond, reason}


def test_the_state_that_held_longest_counts_and_ok_does_not(registry: Registry, spill: Path) -> None:
    rows = told("ok", "2026-06-01 00:00", "2026-06-01 14:00")
    rows += told("pipeline_down", "2026-06-01 14:00", "2026-06-01 17:00")
    rows += told("silent", "2026-06-01 17:00", "2026-06-02 00:00")
    rows += air("2026-06-01", range(0, 14 * 60, 10))
    day = {"begin": "2026-06-01", "to": "2026-06-01", "device": ("luft-1",)}
    found = export(registry, rows, spill, every="1d", **day)
    (row,) = found.of("luft-1", "pm10")
    assert (row["value"], row["partial"], row["reason"]) == (None, 10.0, "silent")
    hours = export(registry, rows, spill, every="1h", **day).reasons("luft-1", "pm10")
    assert hours == [None] * 14 + ["pipeline_down"] * 3 + ["silent"] * 7


def test_too_few_values_of_a_sensor_in_order_are_incomplete(registry: Registry, spill: Path) -> None:
    rows = told("ok", "2026-06-01 00:00", "2026-06-01 02:00") + air("2026-06-01", [0, 10])
    found = export(
        registry, rows, spill, begin="2026-06-01", to="2026-06-01 01:00", every="1h", device=("luft-1",)
    )
    assert found.reasons("luft-1", "pm10") == ["incomplete"]


def test_values_that_failed_say_so_or_what_a_technician_said(registry: Registry, spill: Path) -> None:
    rows = [(*row[:2], {"pm10_failed": 9.0}, row[3]) for row in air("2026-06-01", range(0, 180, 10))]
    asked = Ask(begin="2026-06-01", to="2026-06-01 03:00", every="1h", device=("luft-1",))
    plain = choose(asked, registry, NOW)
    spans = (
        Period(at("2026-06-01 01:00"), at("2026-06-01 02:00"), "maintenance", "Filter"),
        Period(at("2026-06-01 02:00"), None, "flag", "Baustelle"),
    )
    found = gathered(replace(plain, periods={"luft-1": spans}), rows, spill)
    assert found.reasons("luft-1", "pm10") == ["failed", "maintenance", "flag"]
    assert gathered(plain, rows, spill).reasons("luft-1", "pm10") == ["failed"] * 3
    (tally,) = found.gathered.tallies.values()
    assert (tally.failed, tally.values) == (18, 0)


def test_where_nothing_is_installed_that_is_the_reason(tmp_path: Path, spill: Path) -> None:
    text = """\
municipality: {id: giessen}
devices:
  - id: luft-1
    site: Markt
    installations:
      - {dev_eui: 70b3d57e00000001, type: decentlab-dl-pm, from: 2026-06-02, until: 2026-06-03}
      - {dev_eui: 70b3d57e00000002, type: decentlab-dl-pm, from: 2026-06-05, until: 2026-06-06}
"""
    registry = town(tmp_path / "gone", text)
    rows = told("retired", "2026-06-06", "2026-06-08")
    found = export(registry, rows, spill, begin="2026-06-01", to="2026-06-07", every="1d", quantity=("pm10",))
    assert found.reasons("luft-1", "pm10") == [
        "not_installed",
        "unknown",
        "not_installed",
        "not_installed",
        "unknown",
        "retired",
        "retired",
    ]


@pytest.mark.parametrize("faster", [False, True])
def test_a_day_whose_sensor_was_swapped_for_one_of_another_rhythm_rests_on_what_each_said(
    tmp_path: Path, spill: Path, *, faster: bool
) -> None:
    kinds = {"sensor-community-airrohr": 145, "dragino-laq4": 1200}
    first, second = sorted(kinds, key=kinds.__getitem__, reverse=faster)
    text = (
        "municipality: {id: giessen}\ndevices:\n  - id: luft-1\n    site: Markt\n    installations:\n"
        f"      - {{dev_eui: 70b3d57e00000001, type: {first}, until: 2026-06-10 12:00}}\n"
        f"      - {{dev_eui: 70b3d57e00000002, type: {second}, from: 2026-06-10 12:00}}\n"
    )

    def told(begin: str, seconds: Iterable[int]) -> Rows:
        return [("weather", LUFT, {"air_temperature": 10.0}, at(begin) + one * S) for one in seconds]

    morning = told("2026-06-10 00:00", range(0, 43200, kinds[first]))
    afternoon = told("2026-06-10 12:00", range(0, 43200, kinds[second]))
    asked: dict[str, Any] = {"begin": "2026-06-10", "to": "2026-06-10", "every": "1d"}
    swapped = town(tmp_path / "town", text)
    (day,) = export(swapped, morning + afternoon, spill, **asked).of("luft-1", "air_temperature")
    assert (day["value"], day["coverage"]) == (10.0, 100.0)
    # every other one is lost
    held = 0.5 + 0.5 * 1.1 / 2
    (day,) = export(swapped, morning + afternoon[::2], spill, **asked).of("luft-1", "air_temperature")
    assert day["coverage"] == pytest.approx(100 * held, abs=0.2)


def test_only_devices_with_gaps_are_asked_for_their_states(registry: Registry, spill: Path) -> None:
    rows = air("2026-06-01", range(-10, 60 * 24 * 3, 10))
    rows += [("air_quality", {"device": "luft-2"}, {"pm10": 1.0}, row[3]) for row in rows[: 24 * 6]]
    tables = HeldTables(rows + told("silent", "2026-06-02", "2026-06-04", "luft-2"))
    asked = Ask(begin="2026-06-01", to="2026-06-03", every="1h", quantity=("pm10",))
    asyncio.run(gather_windows(choose(asked, registry, NOW), tables, spill, lambda *_: None))
    assert [devices for measurement, devices in tables.asked if measurement == "status"] == [("luft-2",)]


# --- hours where readings are gone -------------------------------------------------------------------------


def _hour(hour: int, **fields: float) -> Any:
    return ("air_quality_1h", LUFT, fields, at("2026-06-01") + hour * HOUR)


def test_windows_before_the_oldest_reading_are_those_of_finished_hours(
    registry: Registry, spill: Path
) -> None:
    rows = [_hour(hour, pm10=float(hour), pm10_coverage=100.0) for hour in range(48)]
    rows[3] = _hour(3, pm10_partial=50.0, pm10_coverage=40.0, pm10_qc=3)
    rows += air("2026-06-02", range(12 * 60 + 3, 60 * 24 * 2, 10), pm10=77.0)
    asked = Ask(begin="2026-06-01", to="2026-06-03", every="1h", quantity=("pm10",), device=("luft-1",))
    chosen = replace(choose(asked, registry, NOW), hours_kept=True)
    found = gathered(chosen, rows, spill)
    hours = found.of("luft-1", "pm10")
    assert [row["value"] for row in hours] == [
        *(float(hour) if hour != 3 else None for hour in range(24 + 13)),
        *([77.0] * 35),
    ]
    assert (hours[3]["partial"], hours[3]["coverage"], hours[3]["flag"]) == (50.0, 40.0, 3)
    assert [str(note) for note in found.gathered.notes] == [
        "Where readings are not kept any more, windows are made of the finished hours."
    ]
    without = gathered(replace(chosen, hours_kept=False), rows, spill)
    assert [row["value"] for row in without.of("luft-1", "pm10")][:36] == [None] * 36
    assert without.gathered.notes == ()


def test_a_day_of_finished_hours_weighs_each_by_what_is_known_of_it(registry: Registry, spill: Path) -> None:
    rows = [_hour(hour, pm10=10.0, pm10_coverage=100.0) for hour in range(20)]
    rows += [_hour(20, pm10_partial=60.0, pm10_coverage=50.0)]
    traffic = {**RAD, "direction": "ltr"}
    rows += [
        ("traffic_1h", traffic, {"count": 7, "count_coverage": 100.0}, at("2026-06-01") + hour * HOUR)
        for hour in range(24)
    ]
    asked = Ask(begin="2026-06-01", to="2026-06-01", every="1d", quantity=("pm10", "count"))
    found = gathered(replace(choose(asked, registry, NOW), hours_kept=True), rows, spill)
    (day,) = found.of("luft-1", "pm10")
    assert (day["value"], day["coverage"]) == (round((20 * 10 + 0.5 * 60) / 20.5, 1), 85.4)
    (counted,) = found.of("rad-1", "count", direction="ltr")
    assert (counted["value"], counted["coverage"]) == (168, 100.0)
