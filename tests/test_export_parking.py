"""Figures of parking: from the store to what a planner reads, against figures worked out by hand."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publish.export.vocabulary import FIGURES, Lang, formula, title
from tests.figured import BERLIN, HOUR, SECOND, Figures, figures, hours, line, local

MINUTE = 60 * SECOND
#: For how long a state is known of a sensor that speaks every hour: until it counts as silent.
KNOWN = 6 * HOUR
TOWN = """
municipality: {id: giessen}
devices:
  - {id: bay-1, site: Markt, lot: Markt, bay: "1", interval: 1h, publish: open, dev_eui: 70b3d57ba0000a01,
     type: bosch-tps110}
  - {id: bay-2, site: Markt, lot: Markt, bay: "2", interval: 1h, publish: open, dev_eui: 70b3d57ba0000a02,
     type: bosch-tps110}
  - {id: garage, site: Bahnhof, lot: Bahnhof, interval: 1h, publish: open, dev_eui: 70b3d57ba0000a03,
     type: datex2-parking-facility}
"""
LOT = ("lot:giessen:Markt", "lot=Markt")
BAY = ("bay-1", "bay=1 lot=Markt")
GARAGE = ("garage", "lot=Bahnhof")


class Turn(NamedTuple):
    """A state, as the service writes it."""

    time_ns: int
    occupied: bool
    arrival: bool = False
    stay_s: float | None = None
    suspect: bool = False


def parking(folder: Path, lines: Iterable[bytes], first: str, last: str, **ask: Any) -> Figures:
    return figures(folder, TOWN, lines, figures="parking", begin=first, to=last, **ask)


def bay(number: int, turns: Iterable[Turn]) -> list[bytes]:
    """The lines of a bay."""
    found = []
    for one in turns:
        fields: dict[str, float | int | str] = {"occupied": int(one.occupied), "qc": 3 if one.suspect else 1}
        fields |= {"occupied_qc": 3} if one.suspect else {}
        fields |= {"arrivals": 1} if one.arrival else {}
        fields |= {"stay": one.stay_s} if one.stay_s is not None else {}
        found.append(line("parking", f"bay-{number}", fields, one.time_ns, bay=str(number), lot="Markt"))
    return found


def mornings(times: Sequence[int], begin: int = 8, end: int = 12) -> list[Turn]:
    """Every hour a word; occupied each day from one hour of the local day to the other."""
    found: list[Turn] = []
    for hour in times:
        occupied = begin <= datetime.fromtimestamp(hour / SECOND, BERLIN).hour < end
        before = bool(found) and found[-1].occupied
        stay_s = (end - begin) * 3600.0 if before and not occupied else None
        found.append(Turn(hour, occupied, occupied and not before, stay_s))
    return found


# --- bays ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "length_h"), [("2026-03-28", "2026-03-29", 47), ("2026-10-24", "2026-10-25", 49)]
)
def test_a_bay_over_both_changes_of_the_clock(tmp_path: Path, first: str, last: str, length_h: int) -> None:
    lines = bay(1, mornings(hours(first, last)))
    found = parking(tmp_path, lines, first, last)
    assert found.of(*BAY, "mean_occupancy")[1:6] == (round(100 * 8 / length_h, 1), 2, 2, 100.0, 1)
    assert found.value(*BAY, "space_hours") == 8
    turnover = found.of(*BAY, "turnover")
    assert (turnover.value, turnover.note) == (1.0, "2 arrivals")
    stay = found.of(*BAY, "mean_stay")
    assert (stay.value, stay.note) == (240.0, "2 stays")
    by_load = found.of(*BAY, "stay_by_load")
    assert (by_load.value, by_load.note) == (240.0, "2 departures")
    assert not found.has(*BAY, "mean_observed_bays")


def test_time_in_which_nobody_knows_takes_part_in_nothing(tmp_path: Path) -> None:
    silent = range(local("2026-06-02 14:00"), local("2026-06-02 23:00"), HOUR)
    lines = bay(1, (one for one in mornings(hours("2026-06-02", "2026-06-03")) if one.time_ns not in silent))
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-03")
    # said at 13:00 last, known until 19:00, again from 23:00 on: 20 h of the first day
    assert found.of(*BAY, "mean_occupancy")[1:5] == (round(100 * 8 / 44, 1), 2, 2, 91.6)
    assert found.value(*BAY, "turnover") == round(2 / (44 / 48) / 2, 2)
    assert found.value(*BAY, "space_hours") == 8


def test_a_day_of_which_less_than_three_quarters_are_known_does_not_count(tmp_path: Path) -> None:
    times = [hour for hour in hours("2026-06-02", "2026-06-03") if hour < local("2026-06-03 11:00")]
    lines = bay(1, mornings(times))
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-03")
    # the second day is known until 16:00, and its occupied hours are in nothing
    assert found.of(*BAY, "mean_occupancy")[1:5] == (round(100 * 4 / 24, 1), 1, 2, 83.3)
    assert found.of(*BAY, "turnover")[1:3] == (1.0, 1)
    assert found.value(*BAY, "space_hours") == 4
    alone = parking(tmp_path, lines, "2026-06-03", "2026-06-03")
    rows = [row for (device, _, _), row in alone.rows.items() if device == BAY[0]]
    assert {(row.value, row.days, row.flag, row.note) for row in rows} == {
        (None, 0, None, "no day of which three quarters are known")
    }
    assert {row.coverage for row in rows} == {66.6}


def test_a_bay_that_nobody_left_has_no_stay(tmp_path: Path) -> None:
    lines = bay(1, [Turn(hour, occupied=True) for hour in hours("2026-06-01", "2026-06-02")])
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-02")
    assert found.value(*BAY, "mean_occupancy") == 100
    assert found.value(*BAY, "turnover") == 0
    assert [found.of(*BAY, name)[1:] for name in ("mean_stay", "stay_by_load")] == [
        (None, 1, 1, 100.0, None, "no stay ended"),
        (None, 1, 1, 100.0, None, "nobody left"),
    ]


def test_a_state_is_carried_into_the_period(tmp_path: Path) -> None:
    lines = bay(1, [Turn(local("2026-06-01 23:00"), occupied=True)])
    lines += bay(1, mornings([hour for hour in hours("2026-06-02", "2026-06-02") if hour % (4 * HOUR) == 0]))
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-02")
    first = min(hour for hour in hours("2026-06-02", "2026-06-02") if hour % (4 * HOUR) == 0)
    assert found.of(*BAY, "mean_occupancy").coverage == 100.0
    assert found.value(*BAY, "space_hours") == (first - local("2026-06-02")) / HOUR + 4


def test_figures_of_parking_that_suspect_states_went_into_are_marked(tmp_path: Path) -> None:
    turns = mornings(hours("2026-06-02", "2026-06-03"))
    turns[26] = turns[26]._replace(suspect=True)
    first = parking(tmp_path / "1", bay(1, turns), "2026-06-02", "2026-06-02")
    assert first.of(*BAY, "mean_occupancy").flag == 1
    both = parking(tmp_path / "2", bay(1, turns), "2026-06-02", "2026-06-03")
    assert {name: both.of(*BAY, name).flag for name in ("mean_occupancy", "turnover", "space_hours")} == {
        "mean_occupancy": 3,
        "turnover": 3,
        "space_hours": 3,
    }
    assert both.of(*BAY, "mean_stay").flag == 1
    dropped = parking(tmp_path / "3", bay(1, turns), "2026-06-02", "2026-06-03", suspect="drop")
    assert dropped.of(*BAY, "mean_occupancy")[1:6] == (round(100 * 8 / 47, 1), 2, 2, 97.9, 1)


# --- lots ------------------------------------------------------------------------------------------------


def test_a_bay_that_is_not_observed_leaves_the_lots_figures_and_is_reported(tmp_path: Path) -> None:
    times = hours("2026-06-02", "2026-06-03")
    second = [hour for hour in times if hour < local("2026-06-03")]
    lines = bay(1, mornings(times)) + bay(2, mornings(second, 6, 20))
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-03")
    # the second bay says its last word at 23:00 and is known until 5:00: 29 h, of which 14 h are occupied
    known_h = 48 + 29
    assert found.of(*LOT, "mean_occupancy")[1:5] == (round(100 * (8 + 14) / known_h, 1), 2, 2, 100.0)
    assert found.value(*LOT, "mean_observed_bays") == round(known_h / 48, 2)
    assert found.value(*LOT, "mean_capacity") == 2
    assert found.value(*LOT, "space_hours") == 22
    assert found.value(*LOT, "turnover") == round(3 / (known_h / 48) / 2, 2)
    assert found.value(*LOT, "mean_stay") == (2 * 240 + 840) / 3
    assert found.value(*LOT, "stay_by_load") == 22 * 60 / 3


def test_the_open_audience_gets_lots_and_no_single_bay(tmp_path: Path) -> None:
    times = hours("2026-06-02", "2026-06-03")
    lines = bay(1, mornings(times)) + bay(2, mornings(times))
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-03", audience="open")
    assert {device for device, _, _ in found.rows} == {LOT[0]}
    internal = parking(tmp_path, lines, "2026-06-02", "2026-06-03")
    assert {device for device, _, _ in internal.rows} == {LOT[0], "bay-1", "bay-2"}


def test_one_bay_alone_is_asked_for_without_its_lot(tmp_path: Path) -> None:
    times = hours("2026-06-02", "2026-06-03")
    lines = bay(1, mornings(times)) + bay(2, mornings(times))
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-03", device=("bay-1",))
    assert {device for device, _, _ in found.rows} == {"bay-1"}


# --- counting systems ------------------------------------------------------------------------------------


def counted(hour: int, taken: int, there: int | None) -> bytes:
    """What a counting system says."""
    fields = {"occupied_bays": taken} if there is None else {"occupied_bays": taken, "capacity": there}
    return line("parking", "garage", fields, hour, lot="Bahnhof")


def test_a_counting_system_says_how_full_it_is(tmp_path: Path) -> None:
    times = hours("2026-10-24", "2026-10-25")
    lines = [counted(hour, 50 if hour < local("2026-10-25") else 150, 200) for hour in times]
    found = parking(tmp_path, lines, "2026-10-24", "2026-10-25")
    # 24 h with 50 of 200 and 25 h with 150
    share = round(100 * (24 * 50 + 25 * 150) / (49 * 200), 1)
    assert found.of(*GARAGE, "counted_occupancy")[1:] == (share, 2, 2, 100.0, 1, None)
    assert found.of(*GARAGE, "space_hours")[1:3] == (24 * 50 + 25 * 150, 2)


def test_without_a_capacity_there_is_no_share(tmp_path: Path) -> None:
    lines = [counted(hour, 50, None) for hour in hours("2026-06-02", "2026-06-02")]
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-02")
    share = found.of(*GARAGE, "counted_occupancy")
    assert (share.value, share.days, share.note) == (None, 0, "nobody said how many bays there are")
    assert found.value(*GARAGE, "space_hours") == 24 * 50


def test_a_silent_counting_system_says_nothing(tmp_path: Path) -> None:
    lines = [counted(hour, 50, 200) for hour in hours("2026-06-02", "2026-06-02")[:6]]
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-02")
    # until 11:00
    assert {row[1:] for row in found.rows.values()} == {
        (None, 0, 1, 45.8, None, "no day of which three quarters are known")
    }


# --- words and a model -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_figure_has_its_name_and_its_formula_in_both_languages(name: str, lang: Lang) -> None:
    assert title(name, lang) != name
    assert len(formula(name, lang)) > 30
    assert formula(name, "de") != formula(name, "en")


_EVENTS = st.lists(
    st.tuples(st.integers(0, 2 * 1440 - 1), st.booleans()), max_size=30, unique_by=lambda one: one[0]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_EVENTS, second=_EVENTS)
def test_figures_equal_a_minute_by_minute_recomputation(
    tmp_path: Path, first: list[tuple[int, bool]], second: list[tuple[int, bool]]
) -> None:
    begin = local("2026-06-02")
    turns = [_turns(sorted(one), begin) for one in (first, second)]
    lines = bay(1, turns[0]) + bay(2, turns[1])
    found = parking(tmp_path, lines, "2026-06-02", "2026-06-03")
    slow = [_Slow(one, begin) for one in turns]
    said = [name for name, one in zip(("bay-1", "bay-2"), slow, strict=True) if any(one.known)]
    assert {device for device, _, _ in found.rows} == {*said, *([LOT[0]] if said else [])}
    for number, one in enumerate(slow, 1):
        if any(one.known):
            _check(found, (f"bay-{number}", f"bay={number} lot=Markt"), [one])
    if said:
        _check(found, LOT, slow)


def _turns(events: Sequence[tuple[int, bool]], begin: int) -> list[Turn]:
    """As the service makes them of what a sensor says."""
    found: list[Turn] = []
    since: int | None = None
    for minute, occupied in events:
        time_ns = begin + minute * MINUTE
        turned = bool(found) and occupied != found[-1].occupied
        stay_s = (time_ns - since) / SECOND if turned and not occupied and since is not None else None
        found.append(Turn(time_ns, occupied, turned and occupied, stay_s))
        if turned:
            since = time_ns
    return found


class _Slow:
    """Two days of a bay, minute by minute."""

    def __init__(self, turns: Sequence[Turn], begin: int) -> None:
        self.known = [False] * 2880
        self.occupied = [False] * 2880
        for minute in range(2880):
            now = begin + minute * MINUTE
            last = [one for one in turns if one.time_ns <= now]
            if last and now - last[-1].time_ns < KNOWN:
                self.known[minute], self.occupied[minute] = True, last[-1].occupied
        at = [(one.time_ns - begin) // MINUTE for one in turns]
        self.arrivals = [minute for minute, one in zip(at, turns, strict=True) if one.arrival]
        self.stays = [(minute, one.stay_s) for minute, one in zip(at, turns, strict=True) if one.stay_s]
        self.departures = [
            minute
            for minute, one in zip(at, turns, strict=True)
            if not one.occupied and minute > 0 and self.occupied[minute - 1]
        ]


def _check(found: Figures, key: tuple[str, str], bays: Sequence[_Slow]) -> None:
    days = [
        range(begin, begin + 1440)
        for begin in (0, 1440)
        if sum(any(one.known[minute] for one in bays) for minute in range(begin, begin + 1440)) >= 0.75 * 1440
    ]
    known = sum(one.known[minute] for one in bays for day in days for minute in day)
    occupied = sum(one.occupied[minute] for one in bays for day in days for minute in day)
    arrivals = sum(minute in day for one in bays for day in days for minute in one.arrivals)
    departures = sum(minute in day for one in bays for day in days for minute in one.departures)
    stays = [stay_s for one in bays for day in days for minute, stay_s in one.stays if minute in day]
    row = found.of(*key, "mean_occupancy")
    assert (row.days, row.of_days) == (len(days), 2)
    if not days:
        assert row.value is None
        return
    expected = {
        "mean_occupancy": 100 * occupied / known,
        "turnover": arrivals / (known / (1440 * len(days))) / len(days),
        "mean_stay": sum(stays) / len(stays) / 60 if stays else None,
        "stay_by_load": occupied / departures if departures else None,
        "space_hours": occupied / 60,
    }
    for name, value in expected.items():
        is_value = found.value(*key, name)
        if value is None:
            assert is_value is None
        else:
            assert is_value == pytest.approx(value, abs=0.5 * 10 ** -FIGURES[name].decimals + 1e-9)
