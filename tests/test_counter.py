"""Counters: increments out of totals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import counter
from devices.quantity import CATALOGUE
from devices.state import CounterState
from tests.street import SECOND, value

COUNT = CATALOGUE["count"]
RAIN = CATALOGUE["precipitation"]


@pytest.mark.parametrize(
    ("previous", "total", "modulus", "restarted", "counted"),
    [
        pytest.param(100, 130, 65536, False, 30, id="it went up"),
        pytest.param(100, 100, 65536, False, 0, id="nothing was counted"),
        pytest.param(100, 130, 65536, True, 30, id="it went up although the device rejoined"),
        pytest.param(65500, 20, 65536, False, 56, id="it wrapped"),
        pytest.param(65500, 20, 65536, True, 20, id="it restarted just before it would have wrapped"),
        pytest.param(49152, 0, 65536, False, 16384, id="a quarter of the range is the largest wrap"),
        pytest.param(49151, 0, 65536, False, 0, id="more than a quarter is a restart"),
        pytest.param(30000, 5, 65536, False, 5, id="it was cleared"),
        pytest.param(40000, 5, 65536, False, 5, id="it was cleared in the upper half"),
        pytest.param(50_000, 7, 2**32, False, 7, id="a wide counter was cleared"),
        pytest.param(2**32 - 3, 4, 2**32, False, 7, id="a wide counter wrapped"),
        pytest.param(65500, 20, None, False, 20, id="a counter without width never wraps"),
    ],
)
def test_the_increment_is_told_by_width_and_restarts(
    previous: int, total: int, modulus: int | None, restarted: bool, counted: int
) -> None:
    assert counter.increment(previous, total, modulus, restarted=restarted) == counted


@given(st.sampled_from([8, 16, 24, 32, 64]), st.data())
def test_an_increment_up_to_a_quarter_of_the_range_is_exact_wherever_the_counter_stands(
    width: int, data: st.DataObject
) -> None:
    modulus = 2**width
    previous = data.draw(st.integers(0, modulus - 1))
    counted = data.draw(st.integers(0, modulus // 4))
    assert counter.increment(previous, (previous + counted) % modulus, modulus, restarted=False) == counted


@given(st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1))
def test_after_a_restart_no_more_is_counted_than_the_total_says(previous: int, total: int) -> None:
    assert 0 <= counter.increment(previous, total, 2**16, restarted=True) <= total


@pytest.mark.parametrize(
    ("number", "whole"), [(7, 7), (7.0, 7), (0, 0), (2**53 + 1, 2**53 + 1), (7.5, None), (-1, None)]
)
def test_a_count_is_a_whole_number_that_is_not_negative(number: float, whole: int | None) -> None:
    assert counter.steps(number, COUNT) == whole


def test_a_rain_gauge_is_counted_in_steps_of_its_rounding() -> None:
    assert counter.steps(12.6, RAIN) == 1260
    assert counter.from_steps(1260, RAIN) == 12.6
    assert counter.steps(-0.2, RAIN) is None
    assert counter.from_steps(7, COUNT) == 7


def test_the_modulus_is_in_the_catalogues_unit() -> None:
    assert counter.modulus(value("count", counter="total", width=16)) == 65536
    assert counter.modulus(value("count", counter="total")) is None
    assert counter.modulus(value("precipitation", unit="cm", counter="total", width=8)) == 256 * 10 * 100


def test_a_restart_counts_between_the_totals_only() -> None:
    previous = CounterState(5, 100)
    assert counter.restarted_between(previous, 101, 200)
    assert counter.restarted_between(previous, 200, 200)
    assert not counter.restarted_between(previous, 100, 200)
    assert not counter.restarted_between(previous, 201, 200)


def test_an_interval_is_rounded_to_whole_seconds_and_never_zero() -> None:
    assert counter.whole_seconds(600 * SECOND + SECOND // 2) == 601
    assert counter.whole_seconds(600 * SECOND + SECOND // 3) == 600
    assert counter.whole_seconds(1) == 1
