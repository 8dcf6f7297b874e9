"""Windows summed up, held against simple models, and at their edges."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.quantity import CATALOGUE, Quantity
from ingest.seams import Row
from publish.parking import bay_of
from publish.summary import Later, Sample, Summary, Window, good_enough, rounded, samples, spans, summarise

S = 1_000_000_000
HOUR = 3600 * S
NOON = 1_767_268_800 * S
WINDOW = Window(NOON, NOON + HOUR)
TEMPERATURE, COUNT, SPEED = CATALOGUE["air_temperature"], CATALOGUE["count"], CATALOGUE["speed"]
OCCUPIED, LEVEL, DIRECTION = CATALOGUE["occupied"], CATALOGUE["sound_level"], CATALOGUE["wind_direction"]
BERLIN = ZoneInfo("Europe/Berlin")


def at(minutes: float, value: float | None, interval_s: int | None = None) -> Sample:
    return Sample(NOON + round(minutes * 60) * S, value, interval_s)


def doubted_one(one: Sample) -> Sample:
    return Sample(one.time_ns, one.value, one.interval_s, suspect=True)


def of(
    quantity: Quantity,
    *said: Sample,
    expected_s: int | None = 600,
    known_s: int = 3600,
    window: Window = WINDOW,
) -> Summary:
    found = summarise(quantity, said, window, expected_s=expected_s, known_s=known_s)
    assert found is not None
    return found


def every(
    minutes: int, value: float, count: int, interval_s: int | None = None, first: float = 0
) -> list[Sample]:
    return [at(first + minutes * n, value, interval_s) for n in range(count)]


# --- rows -----------------------------------------------------------------------------------------------


def test_failed_values_are_none_and_suspect_ones_count_and_are_marked() -> None:
    rows = [
        Row(NOON + 2, {}, {"pm10": 3.0, "pm10_qc": 3, "interval": 60}),
        Row(NOON, {}, {"pm10": 1.0, "pm10_raw": 9.0}),
        Row(NOON + 1, {}, {"pm10_failed": 2000.0}),
        Row(NOON + 3, {}, {"pm2_5": 1.0}),
    ]
    assert samples(rows, "pm10") == [
        Sample(NOON, 1.0),
        Sample(NOON + 1, None),
        Sample(NOON + 2, 3.0, 60, suspect=True),
    ]


# --- samples --------------------------------------------------------------------------------------------


def test_a_window_takes_its_begin_and_leaves_its_end() -> None:
    found = of(TEMPERATURE, at(-1, 90.0), at(0, 1.0), at(59, 3.0), at(60, 90.0), expected_s=1800)
    assert found == Summary(2.0, 56.6)  # known from 0 to 33 and from 59 on


def test_a_sample_holds_until_the_next_one_should_have_come_and_a_tenth_longer() -> None:
    assert of(TEMPERATURE, *every(10, 5.0, 6)).coverage == 100.0
    assert of(TEMPERATURE, *every(10, 5.0, 4)).coverage == 68.3  # 41 minutes
    assert of(TEMPERATURE, *every(10, 5.0, 4), at(36, None)).coverage == 60.0  # a failed one ends it
    assert of(TEMPERATURE, *every(5, 5.0, 12)).coverage == 100.0
    assert of(TEMPERATURE, *every(10, 5.0, 3), at(25, 5.0), *every(10, 5.0, 2, first=40)).coverage == 93.3


def test_the_last_sample_before_the_window_says_how_much_is_known_and_nothing_else() -> None:
    assert of(TEMPERATURE, at(-15, 90.0), at(25, 5.0), expected_s=2400) == Summary(5.0, 100.0)
    assert of(TEMPERATURE, at(25, 5.0), expected_s=2400) == Summary(5.0, 58.3)
    assert of(TEMPERATURE, at(-15, None), at(25, 5.0), expected_s=2400) == Summary(5.0, 58.3)
    assert of(TEMPERATURE, doubted_one(at(-15, 90.0)), at(25, 5.0), expected_s=2400).suspect is False
    assert summarise(TEMPERATURE, [at(-15, 90.0)], WINDOW, expected_s=7200) is None


def test_a_device_that_speaks_seldom_has_figures_for_the_hours_in_which_it_spoke() -> None:
    told = [at(-345, 4.0), at(15, 5.0), at(375, 6.0)]
    hours = [
        summarise(TEMPERATURE, told, Window(NOON + n * HOUR, NOON + (n + 1) * HOUR), expected_s=6 * 3600)
        for n in range(7)
    ]
    assert hours == [Summary(5.0, 100.0), *[None] * 5, Summary(6.0, 100.0)]
    assert of(TEMPERATURE, at(15, 5.0), expected_s=6 * 3600) == Summary(5.0, 75.0)  # known from 15 on
    assert of(TEMPERATURE, at(25, 5.0), expected_s=6 * 3600) == Summary(5.0, 58.3)


def test_what_was_taken_away_holds_no_more() -> None:
    ends = [NOON + 30 * 60 * S]
    found = summarise(TEMPERATURE, every(10, 5.0, 3), WINDOW, expected_s=3600, ends=ends)
    assert found == Summary(5.0, 50.0)


@pytest.mark.parametrize(("before_s", "after_s", "coverage"), [(300, 3600, 100.0), (3600, 300, 54.5)])
def test_each_value_holds_for_as_long_as_its_own_hardware_speaks_seldom(
    before_s: int, after_s: int, coverage: float
) -> None:
    change = NOON + 12 * HOUR
    day = Window(NOON, NOON + 24 * HOUR)
    said = [
        *[Sample(NOON + second * S, 5.0) for second in range(0, 12 * 3600, before_s)],
        *[Sample(change + second * S, 5.0) for second in range(0, 12 * 3600, 3600)],
    ]
    later = [Later(change, after_s, 6 * after_s)]
    found = summarise(TEMPERATURE, said, day, expected_s=before_s, later=later)
    assert found == Summary(5.0, coverage)


def test_a_state_is_known_until_its_own_hardware_counts_as_silent() -> None:
    change = NOON + 12 * HOUR
    day = Window(NOON, NOON + 24 * HOUR)
    said = [Sample(NOON, 1), Sample(change, 1)]
    assert summarise(OCCUPIED, said, day, known_s=3600, later=[Later(change, None, 86400)]) == Summary(
        1, 54.1
    )
    assert summarise(OCCUPIED, said, day, known_s=86400, later=[Later(change, None, 3600)]) == Summary(
        1, 54.1
    )
    found = bay_of(said, (), (), day, 3600, later=[Later(change, None, 86400)])
    assert found is not None
    assert found.known_ns == 13 * HOUR


def uplinks(interval_s: int, seed: int, window: Window, *, on_a_grid: bool) -> list[Sample]:
    """What a device says that loses nothing, with 5 % of jitter: of its clock, or of each uplink's way."""
    chance = Random(seed)  # noqa: S311  no secret
    interval_ns = interval_s * S
    tick_ns = window.begin_ns - round((1 + chance.random()) * 2 * interval_ns)
    said = []
    while tick_ns < window.end_ns + interval_ns:
        jitter_ns = round(chance.uniform(-0.05, 0.05) * interval_ns)
        if not on_a_grid:
            tick_ns += jitter_ns
        said.append(Sample(tick_ns + (jitter_ns if on_a_grid else 0), chance.uniform(1, 9)))
        tick_ns += interval_ns
    return [one for one in said if one.time_ns < window.end_ns]


INTERVALS = st.integers(10, 3600) | st.integers(20 * 60, 45 * 60)
SEEDS = st.integers(0, 2**32)
WINDOWS = st.sampled_from([WINDOW, Window(NOON, NOON + 900 * S), Window(NOON, NOON + 25 * HOUR)])


@given(INTERVALS, SEEDS, st.booleans(), WINDOWS)
def test_without_a_loss_every_window_is_covered(
    interval_s: int,
    seed: int,
    grid: bool,
    window: Window,
) -> None:
    said = uplinks(interval_s, seed, window, on_a_grid=grid)
    own = [one.value for one in said if one.time_ns >= window.begin_ns and one.value is not None]
    found = summarise(TEMPERATURE, said, window, expected_s=interval_s)
    if own:
        assert found is not None
        assert found.coverage == 100.0
        assert found.value == pytest.approx(sum(own) / len(own))
    else:
        assert found is None


@given(st.integers(10, 2400), SEEDS, st.booleans(), st.integers(0, 1))
def test_with_every_second_uplink_lost_no_hour_counts(
    interval_s: int,
    seed: int,
    grid: bool,
    first: int,
) -> None:
    """Up to 40 minutes: of an hour with one value every 82 minutes, more than 45 may be known."""
    said = uplinks(interval_s, seed, WINDOW, on_a_grid=grid)[first::2]
    found = summarise(TEMPERATURE, said, WINDOW, expected_s=interval_s)
    assert found is None or found.coverage < 75.0


@given(INTERVALS, SEEDS, st.booleans(), st.integers(0, 1))
def test_with_every_second_uplink_lost_no_day_counts(
    interval_s: int,
    seed: int,
    grid: bool,
    first: int,
) -> None:
    day = Window(NOON, NOON + 24 * HOUR)
    said = uplinks(interval_s, seed, day, on_a_grid=grid)[first::2]
    found = summarise(TEMPERATURE, said, day, expected_s=interval_s)
    assert found is not None
    assert 48.0 < found.coverage < 62.0


@given(st.integers(10, 900), SEEDS, st.data())
def test_a_quarter_of_an_hour_may_be_lost(interval_s: int, seed: int, data: st.DataObject) -> None:
    said = uplinks(interval_s, seed, WINDOW, on_a_grid=True)
    inside = [one for one in said if one.time_ns >= WINDOW.begin_ns]
    most = len(inside) // 4
    begin = data.draw(st.integers(0, len(inside) - most))
    lost = inside[begin : begin + min(most, 900 // interval_s)]
    found = of(TEMPERATURE, *(one for one in said if one not in lost), expected_s=interval_s)
    assert found.coverage >= 75.0


def test_where_nobody_says_how_often_the_median_distance_does() -> None:
    assert of(TEMPERATURE, *every(10, 5.0, 3), expected_s=None).coverage == 51.6
    assert (
        of(TEMPERATURE, at(-30, 1.0), at(-5, 2.0), at(20, 5.0), at(45, 5.0), expected_s=None).coverage == 100
    )
    assert of(TEMPERATURE, at(5, 5.0), expected_s=None).coverage == 0.0


def test_only_failed_values_leave_no_figure_and_no_coverage() -> None:
    assert of(TEMPERATURE, at(5, None)) == Summary(None, 0.0)
    assert summarise(TEMPERATURE, [at(-5, 1.0), at(65, 1.0)], WINDOW) is None
    assert summarise(TEMPERATURE, [], WINDOW) is None


@pytest.mark.parametrize(
    ("quantity", "values", "expected"),
    [
        ("air_temperature", [1.0, 2.0, 6.0], 3.0),
        ("sound_level", [60.0, 70.0], 10 * math.log10((1e6 + 1e7) / 2)),
        ("wind_direction", [350.0, 10.0], 0.0),
        ("wind_direction", [80.0, 100.0], 90.0),
        ("wind_gust", [3.0, 9.5, 4.0], 9.5),
        ("fill_level", [10.0, 30.0, 20.0], 20.0),
    ],
)
def test_each_rule_of_the_catalogue(quantity: str, values: list[float], expected: float) -> None:
    found = of(CATALOGUE[quantity], *(at(10 * n, value) for n, value in enumerate(values)))
    assert found.value is not None
    assert (
        math.isclose(math.cos(math.radians(found.value - expected)), 1.0)
        if quantity == "wind_direction"
        else (found.value == pytest.approx(expected))
    )


def test_directions_that_cancel_each_other_out_have_no_mean() -> None:
    assert of(DIRECTION, at(0, 90.0), at(10, 270.0)).value is None


@pytest.mark.parametrize(("hours", "whole"), [(0.25, True), (1, True), (1.25, False), (24, False)])
def test_a_month_s_sum_is_none_where_a_day_of_it_was_counted_in_the_month_before(
    hours: float, *, whole: bool
) -> None:
    month = Window(NOON, NOON + 30 * 24 * HOUR)
    quarters = [at(15 * n, 1, 900) for n in range(round(4 * hours), 30 * 96)]
    found = summarise(COUNT, [at(-15, 9, round(900 + 3600 * hours)), *quarters], month)
    assert found is not None
    assert (found.coverage == 100.0) is whole


# --- suspect values ---------------------------------------------------------------------------------------


def test_a_figure_is_suspect_where_a_value_that_went_into_it_was() -> None:
    doubted = doubted_one(at(20, 700.0))
    assert of(TEMPERATURE, at(0, 1.0), doubted, at(40, 1.0), expected_s=1200).suspect
    assert not of(TEMPERATURE, at(0, 1.0), at(20, 1.0), expected_s=1200).suspect
    assert of(COUNT, doubted_one(at(0, 9, 3600))).suspect
    assert not of(COUNT, doubted_one(at(-30, 9, 3600)), at(30, 9, 3600)).suspect  # of the hour before
    level = CATALOGUE["fill_level"]
    assert not of(level, doubted_one(at(0, 90.0)), at(30, 40.0), expected_s=1800).suspect  # the last is it
    assert of(level, at(0, 90.0), doubted_one(at(30, 40.0)), expected_s=1800).suspect
    assert of(OCCUPIED, doubted_one(at(-30, 1)), at(15, 0)).suspect  # a state is carried in
    assert not of(OCCUPIED, doubted_one(at(-30, 1)), at(0, 0)).suspect


# --- intervals ------------------------------------------------------------------------------------------


def test_a_wholly_covered_hour_is_a_whole_sum() -> None:
    assert of(COUNT, *every(15, 10, 4, 900)) == Summary(40, 100.0)
    assert of(COUNT, *every(15, 10, 3, 900)) == Summary(30, 75.0)


def test_an_interval_belongs_to_the_window_in_which_it_begins() -> None:
    shifted = every(15, 10, 6, 900, first=-8)
    assert of(COUNT, *shifted) == Summary(40, 100.0)
    assert of(COUNT, *shifted[1:]) == Summary(40, 88.3)  # what reached in is missing


def test_begins_that_wander_by_seconds_leave_no_gap() -> None:
    wander = [at(15 * n + [0.05, 0.3, 0.0, 0.2][n], 10, 900) for n in range(4)]
    assert of(COUNT, *wander) == Summary(40, 100.0)


def test_a_lost_interval_is_a_gap() -> None:
    assert of(COUNT, *every(15, 10, 2, 900), at(45, 10, 900)) == Summary(30, 75.0)


def test_overlapping_intervals_cover_once() -> None:
    found = of(COUNT, *every(15, 10, 2, 900), at(15, 10, 900), at(20, 1, 60))
    assert found.coverage == 50.0


def test_a_count_over_several_hours_is_no_whole_sum_of_any() -> None:
    long = at(10, 300, 3 * 3600)
    assert of(COUNT, long) == Summary(300, 33.3)
    assert summarise(COUNT, [long], Window(NOON + HOUR, NOON + 2 * HOUR)) is None
    day = Window(NOON - 12 * HOUR, NOON + 12 * HOUR)
    rest = [at(-720 + 10 + 60 * n, 5, 3600) for n in range(12)] + [
        at(190 + 60 * n, 5, 3600) for n in range(9)
    ]
    assert of(COUNT, *sorted([*rest, long], key=lambda one: one.time_ns), window=day).value == 300 + 21 * 5


def test_two_hours_that_begin_in_one_are_not_its_sum() -> None:
    assert of(COUNT, at(0, 50, 3590), at(59.9, 60, 3600)).coverage == 50.0


def test_what_was_counted_over_a_lost_uplink_at_the_end_makes_neither_hour_whole() -> None:
    counted = [*every(5, 10, 11, 300), at(55, 20, 600), *every(5, 10, 11, 300, first=65)]
    assert of(COUNT, *counted) == Summary(130, 92.3)
    assert of(COUNT, *counted, window=Window(NOON + HOUR, NOON + 2 * HOUR)) == Summary(110, 91.6)


def test_a_count_of_unknown_length_covers_nothing() -> None:
    assert of(COUNT, at(5, 7)) == Summary(7, 0.0)
    assert of(COUNT, at(5, 7), at(10, 3, 900)) == Summary(10, 25.0)


def test_means_over_intervals_are_weighted_by_their_lengths() -> None:
    assert of(SPEED, at(0, 30.0, 2700), at(45, 50.0, 900)) == Summary(35.0, 100.0)
    assert of(CATALOGUE["laeq"], at(0, 60.0, 1800), at(30, 60.0, 1800)).value == pytest.approx(60)


@given(st.lists(st.tuples(st.integers(-90, 70), st.integers(1, 90)), max_size=12))
def test_coverage_is_the_union_of_the_intervals(drawn: list[tuple[int, int]]) -> None:
    """Against every second counted; whole minutes, so that no gap is shorter than a tenth but none."""
    said = sorted((at(begin, 1.0, 60 * minutes) for begin, minutes in drawn), key=lambda one: one.time_ns)
    found = summarise(SPEED, said, WINDOW)
    minutes = [n for n in range(60) if any(one.time_ns <= NOON + n * 60 * S < one.end_ns for one in said)]
    inside = any(0 <= begin < 60 for begin, _ in drawn)
    assert (found is not None) == inside
    if found is not None:
        least, most = len(minutes), len(minutes) + sum(_forgiven(said))
        assert least * 1000 // 60 / 10 <= found.coverage <= min(most * 1000 // 60 + 1, 1000) / 10


def _forgiven(said: Sequence[Sample]) -> list[int]:
    """Minutes that may count as covered beside intervals: a tenth of each, at either side."""
    return [2 * ((one.interval_s or 0) // 600) for one in said]


# --- states ---------------------------------------------------------------------------------------------


def test_the_last_state_before_the_window_is_carried_in() -> None:
    assert of(OCCUPIED, at(-30, 1), at(15, 0), known_s=7200) == Summary(0.25, 100.0)


def test_a_state_is_known_until_its_device_counts_as_silent() -> None:
    assert of(OCCUPIED, at(-30, 1)) == Summary(1.0, 50.0)
    assert of(OCCUPIED, at(-30, 1), at(45, 0)) == Summary(30 / 45, 75.0)
    assert summarise(OCCUPIED, [at(-60, 1)], WINDOW) is None


def test_a_failed_state_ends_what_was_known() -> None:
    assert of(OCCUPIED, at(0, 1), at(15, None), at(45, 0)) == Summary(0.5, 50.0)
    assert of(OCCUPIED, at(15, None)) == Summary(None, 0.0)


def test_of_two_states_at_one_time_the_last_counts() -> None:
    assert of(OCCUPIED, at(0, 1), at(0, 0)) == Summary(0.0, 100.0)


def test_states_after_the_window_say_nothing_of_it() -> None:
    assert of(OCCUPIED, at(0, 1), at(60, 0), at(90, 0)) == Summary(1.0, 100.0)


@given(
    st.lists(st.tuples(st.integers(-120, 80), st.sampled_from([0, 1, None])), max_size=15),
    st.integers(1, 150),
)
def test_shares_of_time_are_those_of_every_minute(drawn: list[tuple[int, int | None]], known: int) -> None:
    said = sorted((at(minute, value) for minute, value in drawn), key=lambda one: one.time_ns)
    found = summarise(OCCUPIED, said, WINDOW, known_s=known * 60)
    values = []
    for minute in range(60):
        now = NOON + minute * 60 * S
        last = next((one for one in reversed(said) if one.time_ns <= now), None)
        if last is not None and last.value is not None and now < last.time_ns + known * 60 * S:
            values.append(last.value)
    if values:
        assert found is not None
        assert found.value == pytest.approx(sum(values) / len(values))
        assert found.coverage == len(values) * 1000 // 60 / 10
    else:
        assert found in (None, Summary(None, 0.0))


@given(st.lists(st.tuples(st.integers(-120, 80), st.integers(0, 1)), max_size=15), st.integers(1, 150))
def test_known_spans_lie_in_the_window_and_never_overlap(drawn: list[tuple[int, int]], known: int) -> None:
    said = sorted((at(minute, value) for minute, value in drawn), key=lambda one: one.time_ns)
    found = spans(said, WINDOW, known * 60 * S)
    ends = [NOON, *(edge for one in found for edge in (one.begin_ns, one.end_ns)), NOON + HOUR]
    assert ends == sorted(ends)
    assert all(one.begin_ns < one.end_ns for one in found)


# --- other windows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 7, 1), 24)])
def test_days_have_the_hours_they_have(day: tuple[int, int, int], hours: int) -> None:
    begin = datetime(*day, tzinfo=BERLIN)
    end = (
        datetime(day[0], day[1], day[2] + 1, tzinfo=BERLIN)
        if day[2] < 30
        else datetime(2026, 7, 2, tzinfo=BERLIN)
    )
    window = Window(int(begin.timestamp()) * S, int(end.timestamp()) * S)
    assert window.length_ns == hours * HOUR
    quarters = [Sample(window.begin_ns + n * 900 * S, 2, 900) for n in range(-4, 4 * hours + 4)]
    assert of(COUNT, *quarters, window=window) == Summary(8 * hours, 100.0)
    whole = [Sample(window.begin_ns + n * 600 * S, 1.0) for n in range(6 * hours)]
    assert of(TEMPERATURE, *whole, window=window) == Summary(1.0, 100.0)
    assert of(OCCUPIED, Sample(window.begin_ns, 1), window=window, known_s=100_000).coverage == 100.0


# --- what is written ------------------------------------------------------------------------------------


@given(
    st.lists(st.floats(-40, 60), min_size=1, max_size=10),
    st.sampled_from(["mean", "energy_mean", "max", "last", "circular_mean"]),
)
def test_a_figure_lies_within_its_values(values: list[float], rule: str) -> None:
    quantity = replace(TEMPERATURE, summary=rule)  # type: ignore[arg-type]  # one of its words
    found = of(quantity, *(at(n, value) for n, value in enumerate(values)))
    if rule != "circular_mean":
        assert found.value is not None
        assert min(values) - 1e-6 <= found.value <= max(values) + 1e-6


def test_a_mean_needs_three_quarters_a_sum_everything_a_last_value_nothing() -> None:
    needed = {"mean": 75.0, "time_weighted": 75.0, "max": 75.0, "sum": 100.0, "last": 0.0}
    for rule, least in needed.items():
        quantity = replace(TEMPERATURE, summary=rule)  # type: ignore[arg-type]  # one of its words
        assert good_enough(quantity, least)
        assert least == 0 or not good_enough(quantity, least - 0.1)


def test_figures_are_rounded_as_their_quantities_are() -> None:
    assert rounded(TEMPERATURE, 1.23456) == 1.23
    assert rounded(COUNT, 12) == 12
    assert isinstance(rounded(COUNT, 12), int)
    assert isinstance(rounded(CATALOGUE["precipitation"], 1), float)
    assert rounded(OCCUPIED, 1 / 3) == 0.3333
    assert isinstance(rounded(OCCUPIED, 1), float)
    assert rounded(DIRECTION, 359.9) == 0.0
    assert str(rounded(TEMPERATURE, -0.001)) == "0.0"
    assert rounded(LEVEL, 65.44) == 65.4
