"""What a silence means: the rules, each at its edges."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import language, status
from devices.broker import is_cut_off
from devices.device import Device, Installation
from devices.gateway import MISSING, missing, own_limit_ns
from devices.outage import Span, Stopped, bounded, common, merged
from devices.status import LEAST_NS, STATES, Rhythm, State
from devices.type import DeviceType

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
NOW = 1_772_366_400 * SECOND


def device_type(interval_s: int | None = None, heartbeat_s: int | None = None) -> DeviceType:
    return DeviceType("some", "Somebody", "Some", "lns", (), interval_s=interval_s, heartbeat_s=heartbeat_s)


def mounted(
    begin_ns: int | None = None,
    end_ns: int | None = None,
    *,
    own_s: int | None = None,
    kind: DeviceType | None = None,
) -> Installation:
    place = Device("some-place", "Marktplatz", "giessen", interval_s=own_s)
    return Installation(place, "70b3d57ba0000a1c", kind or device_type(600), begin_ns, end_ns)


@pytest.mark.parametrize(
    ("own_s", "kind", "rhythm"),
    [
        (None, device_type(600), Rhythm(10 * MINUTE, HOUR, by_clock=True)),
        (None, device_type(601), Rhythm(601 * SECOND, 6 * 601 * SECOND, by_clock=True)),
        (60, device_type(3600), Rhythm(MINUTE, HOUR, by_clock=True)),
        (7200, device_type(None, 86400), Rhythm(2 * HOUR, 12 * HOUR, by_clock=True)),
        (None, device_type(None, 86400), Rhythm(24 * HOUR, 48 * HOUR, by_clock=False)),
        (None, device_type(None, 60), Rhythm(MINUTE, 2 * MINUTE, by_clock=False)),
        (None, device_type(600, 86400), Rhythm(10 * MINUTE, HOUR, by_clock=True)),
        (None, device_type(), Rhythm(4 * HOUR, 24 * HOUR, by_clock=True)),
    ],
)
def test_a_limit_is_six_intervals_and_at_least_an_hour_or_two_heartbeats(
    own_s: int | None, kind: DeviceType, rhythm: Rhythm
) -> None:
    assert status.rhythm(mounted(own_s=own_s, kind=kind)) == rhythm


TEN = Rhythm(10 * MINUTE, HOUR, by_clock=True)
DAILY = Rhythm(24 * HOUR, 48 * HOUR, by_clock=False)


def judged(seen_ns: int | None, place: Installation | None = None, **around: Any) -> State:
    return status.state(NOW, place or mounted(), seen_ns, TEN, **around)


@pytest.mark.parametrize(
    ("state", "seen_ns", "place", "around"),
    [
        ("ok", NOW, None, {}),
        ("ok", NOW + MINUTE, None, {}),
        ("ok", NOW - HOUR, None, {}),
        ("silent", NOW - HOUR - 1, None, {}),
        ("commissioning", None, None, {}),
        ("commissioning", 0, None, {}),
        ("commissioning", NOW - 2 * HOUR, mounted(NOW - HOUR), {}),
        ("commissioning", None, mounted(NOW + HOUR), {}),
        ("commissioning", NOW - HOUR, mounted(None, NOW - 1), {"follows": True}),
        ("ok", NOW - MINUTE, mounted(NOW - HOUR), {}),
        ("retired", NOW - HOUR, mounted(None, NOW), {}),
        ("ok", NOW - HOUR, mounted(None, NOW + 1), {}),
        ("retired", None, mounted(None, NOW - 1), {"maintenance": True, "pipeline_down": True}),
        ("maintenance", None, None, {"maintenance": True, "pipeline_down": True}),
        ("maintenance", NOW - 9 * HOUR, None, {"maintenance": True, "gateway_down": True}),
        ("commissioning", None, None, {"pipeline_down": True, "gateway_down": True}),
        ("pipeline_down", NOW, None, {"pipeline_down": True, "gateway_down": True}),
        ("gateway_down", NOW, None, {"gateway_down": True}),
        ("gateway_down", NOW - 9 * HOUR, None, {"gateway_down": True}),
        ("ok", NOW - 3 * HOUR, None, {"stopped": Stopped([(NOW - 3 * HOUR, NOW - HOUR)])}),
        ("silent", NOW - 3 * HOUR - 1, None, {"stopped": Stopped([(NOW - 3 * HOUR, NOW - HOUR)])}),
        ("silent", NOW - 3 * HOUR, None, {"stopped": Stopped([(NOW - 9 * HOUR, NOW - 2 * HOUR)])}),
        # nothing came from its gateway either since about when it should have spoken
        ("ok", NOW - 61 * MINUTE, None, {"witness_ns": NOW - 61 * MINUTE}),
        ("ok", NOW - 61 * MINUTE, None, {"witness_ns": NOW - 46 * MINUTE}),
        ("silent", NOW - 61 * MINUTE, None, {"witness_ns": NOW - 46 * MINUTE + 1}),
        ("ok", NOW - 2 * HOUR, None, {"witness_ns": NOW - 2 * HOUR}),
        ("silent", NOW - 2 * HOUR - 1, None, {"witness_ns": NOW - 2 * HOUR}),
    ],
)
def test_the_state_is_the_first_rule_that_applies(
    state: State, seen_ns: int | None, place: Installation | None, around: dict[str, Any]
) -> None:
    assert judged(seen_ns, place, **around) == state


times = st.integers(0, 48 * 60).map(lambda minutes: NOW - minutes * MINUTE)
spans = st.lists(st.tuples(times, times), max_size=8)


@given(times, spans, st.none() | times, st.integers(MINUTE, 12 * HOUR))
def test_a_device_is_never_silent_while_stopped_time_explains_it(
    seen_ns: int, downs: list[Span], witness_ns: int | None, interval_ns: int
) -> None:
    rhythm = Rhythm(interval_ns, max(6 * interval_ns, LEAST_NS), by_clock=True)
    said = status.state(NOW, mounted(), seen_ns, rhythm, stopped=Stopped(downs), witness_ns=witness_ns)
    explained = {
        minute
        for begin, end in downs
        for minute in range(max(begin, seen_ns) // MINUTE, end // MINUTE)  # all are whole minutes
    }
    waited_ns = NOW - seen_ns - len(explained) * MINUTE
    if waited_ns <= rhythm.limit_ns:
        assert said == "ok"
    elif waited_ns > rhythm.limit_ns + min(rhythm.limit_ns, 3 * HOUR) or witness_ns is None:
        assert said == "silent"


@given(times, spans)
def test_more_stopped_time_makes_nobody_silent(seen_ns: int, downs: list[Span]) -> None:
    if judged(seen_ns) == "ok":
        assert judged(seen_ns, stopped=Stopped(downs)) == "ok"
    if judged(seen_ns, stopped=Stopped(downs[1:])) == "ok":
        assert judged(seen_ns, stopped=Stopped(downs)) == "ok"


def minutes(found: list[Span]) -> set[int]:
    return {minute for begin, end in found for minute in range(begin, end)}


small = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


@given(small, small, st.integers(0, 60), st.integers(0, 60))
def test_spans_are_sets_of_times(one: list[Span], other: list[Span], begin: int, end: int) -> None:
    assert minutes(merged(one)) == minutes(one)
    assert all(a[1] < b[0] for a, b in zip(merged(one), merged(one)[1:], strict=False))
    assert minutes(common(one, other)) == minutes(one) & minutes(other)
    assert Stopped(one).between(begin, end) == len(minutes(one) & set(range(begin, end)))


@given(small, st.integers(1, 5))
def test_bounded_spans_never_explain_less(one: list[Span], most: int) -> None:
    found = bounded(one, most)
    assert len(found) <= most
    assert minutes(found) >= minutes(one)
    assert found[1:] == merged(one)[len(merged(one)) - len(found[1:]) :]


@pytest.mark.parametrize(
    ("waited_ns", "sign_ns", "rhythm", "count"),
    [
        (-1, NOW, TEN, 0),
        (9 * MINUTE, NOW, TEN, 0),
        (10 * MINUTE, NOW, TEN, 1),
        (119 * MINUTE, NOW, TEN, 11),
        (12 * HOUR, NOW, TEN, MISSING - 1),
        (10 * MINUTE, NOW + 30 * MINUTE, TEN, 1),
        (10 * MINUTE, NOW + 30 * MINUTE + 1, TEN, 0),
        (23 * HOUR, NOW, DAILY, 0),
        (24 * HOUR, NOW, DAILY, 1),
        (HOUR, NOW + 23 * HOUR, DAILY, 1),
        (HOUR, NOW + 24 * HOUR, DAILY, 0),  # the one that was lost before that sign is no evidence
        (24 * HOUR, NOW + 72 * HOUR + 1, DAILY, 0),
    ],
)
def test_uplinks_are_missing_by_the_clock_or_as_heartbeats_become_due(
    waited_ns: int, sign_ns: int, rhythm: Rhythm, count: int
) -> None:
    assert missing(waited_ns, sign_ns, NOW, rhythm) == count


@pytest.mark.parametrize(
    ("others", "behind_one", "cut_off"),
    [
        (MISSING, {}, True),
        (MISSING - 1, {}, False),
        (0, {"hill": 500}, False),
        (0, {"hill": 500, "roof": MISSING}, True),
        (MISSING - 2, {"hill": 500, "roof": 1}, False),
        (MISSING - 1, {"hill": 500, "roof": 1}, True),
    ],
)
def test_sensors_are_cut_off_when_whichever_gateway_may_be_down_explains_too_little(
    others: int, behind_one: dict[str, int], *, cut_off: bool
) -> None:
    assert is_cut_off(others, behind_one) == cut_off


def test_a_gateway_of_its_own_clock_has_ten_intervals_and_at_least_five_minutes() -> None:
    assert own_limit_ns(30 * SECOND) == 5 * MINUTE
    assert own_limit_ns(60 * SECOND) == 10 * MINUTE


def test_each_state_has_a_word_of_its_own_in_both_languages() -> None:
    words = [status.word(state) for state in STATES]
    for tongue in ("en", "de"):
        assert len({language.in_language(word, tongue) for word in words}) == len(STATES)


def test_a_states_word_is_in_the_language_in_force() -> None:
    before = language.current()
    try:
        language.use("de")
        assert status.word("gateway_down") == "Gateway ausgefallen"
    finally:
        language.use(before)


@pytest.mark.parametrize(
    ("begins", "chosen", "changes_ns"),
    [
        ([None], 0, None),
        ([NOW + HOUR], 0, NOW + HOUR),
        ([None, NOW - HOUR], 1, None),
        ([None, NOW], 1, None),
        ([None, NOW + HOUR], 0, NOW + HOUR),
        ([None, NOW - HOUR, NOW + HOUR, NOW + 2 * HOUR], 1, NOW + HOUR),
        ([NOW + HOUR, NOW + 2 * HOUR], 0, NOW + HOUR),
    ],
)
def test_the_newest_installation_is_the_last_that_has_begun(
    begins: list[int | None], chosen: int, changes_ns: int | None
) -> None:
    place = Device("some-place", "Marktplatz", "giessen")
    there = tuple(Installation(place, "a", device_type(600), begin_ns) for begin_ns in begins)
    object.__setattr__(place, "installations", there)
    found, changes = status.newest(place, NOW)
    assert found is there[chosen]
    assert changes == changes_ns
