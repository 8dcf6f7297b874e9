"""Parking bays: arrivals and stays."""

from hypothesis import given
from hypothesis import strategies as st

from devices.parking import turn
from devices.reading import Flag, Value
from devices.state import BayState
from tests.street import HOUR, MINUTE, NOON

ARRIVAL = Value("arrivals", 1)


def test_the_first_state_is_no_arrival() -> None:
    assert turn(None, occupied=True, time_ns=NOON) == (BayState(True, NOON, None), None)
    assert turn(None, occupied=False, time_ns=NOON) == (BayState(False, NOON, None), None)


def test_turning_occupied_is_an_arrival() -> None:
    free = BayState(False, NOON, None)
    assert turn(free, occupied=True, time_ns=NOON + HOUR) == (
        BayState(True, NOON + HOUR, NOON + HOUR),
        ARRIVAL,
    )


def test_turning_free_ends_the_stay() -> None:
    occupied = BayState(True, NOON + MINUTE, NOON)
    state, added = turn(occupied, occupied=False, time_ns=NOON + HOUR)
    assert state == BayState(False, NOON + HOUR, NOON + HOUR)
    assert added == Value("stay", 3600.0)


def test_a_stay_that_nobody_saw_begin_has_no_length() -> None:
    state, added = turn(BayState(True, NOON, None), occupied=False, time_ns=NOON + HOUR)
    assert (state.occupied, added) == (False, None)


def test_a_stay_of_months_is_suspect() -> None:
    _, added = turn(BayState(True, NOON, NOON), occupied=False, time_ns=NOON + 60 * 24 * HOUR)
    assert added == Value("stay", 60 * 86400.0, Flag.SUSPECT, test="range")


def test_a_heartbeat_moves_the_time_but_not_the_begin_of_the_stay() -> None:
    occupied = BayState(True, NOON, NOON)
    assert turn(occupied, occupied=True, time_ns=NOON + HOUR) == (BayState(True, NOON + HOUR, NOON), None)


def test_a_state_that_comes_late_moves_nothing() -> None:
    occupied = BayState(True, NOON, NOON)
    assert turn(occupied, occupied=False, time_ns=NOON - MINUTE) == (occupied, None)
    assert turn(occupied, occupied=False, time_ns=NOON) == (occupied, None)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 500)), max_size=30))
def test_arrivals_and_stays_are_those_that_were_seen(history: list[tuple[bool, int]]) -> None:
    state: BayState | None = None
    now, arrived_at, last = 0, None, None
    arrivals = stays = seen_arrivals = seen_stays = 0
    for occupied, minutes in history:
        now += minutes
        if last is False and occupied:
            arrivals, arrived_at = arrivals + 1, now
        if last is True and not occupied and arrived_at is not None:
            stays += now - arrived_at
        last = occupied
        state, added = turn(state, occupied=occupied, time_ns=now * MINUTE)
        if added is not None:
            seen_arrivals += added.field == "arrivals"
            seen_stays += round(added.value / 60) if added.field == "stay" else 0
    assert (seen_arrivals, seen_stays) == (arrivals, stays)
