"""The tests that values pass: range, spike, rate of change, flat line, gap, humid air, named periods."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import quality
from devices.health import health_reading
from devices.limits import Change, Limits, changed
from devices.normalise import Normalised, normalise
from devices.path import compile_path
from devices.period import Period
from devices.quantity import CATALOGUE
from devices.reading import Flag, Value
from devices.state import EMPTY, DeviceState, SeriesState, pack, unpack
from devices.type import ReadingSpec, TagSpec, ValueSpec
from devices.uplink import Kind
from tests.street import HOUR, MINUTE, NOON, SECOND, fields, installation, read, tag, uplink, value

GOOD, SUSPECT, FAIL = Flag.GOOD, Flag.SUSPECT, Flag.FAIL
AIR = ReadingSpec((value("air_temperature", "t"),))
TEN = 10 * MINUTE


def flags(
    numbers: Sequence[Any],
    *specs: ReadingSpec,
    every: int = TEN,
    field: str = "air_temperature",
    **device: Any,
) -> list[tuple[Flag, str | None] | None]:
    """Flag and test of each number, said as `t` one after the other; None says nothing (but `other`)."""
    place = installation(*(specs or (AIR,)), ReadingSpec((value("battery", "other"),)), **device)
    state = EMPTY
    found: list[tuple[Flag, str | None] | None] = []
    for number, said in enumerate(numbers):
        decoded = {"other": 50} if said is None else {"t": said}
        normalised = read(place, decoded, NOON + number * every, state)
        state = normalised.state
        one = [one for row in normalised.readings for one in row.values if one.field == field]
        found.append((one[0].flag, one[0].test) if one else None)
    return found


def test_plain_weather_is_good() -> None:
    assert flags([8.5, 8.5, 8.7, 9.4, 9.1, 7.2]) == [(GOOD, None)] * 6


def test_a_value_far_outside_of_the_two_before_it_is_a_spike_and_its_return_is_none() -> None:
    assert flags([8.5, 8.6, 21.0, 8.7]) == [(GOOD, None), (GOOD, None), (SUSPECT, "spike"), (GOOD, None)]
    assert flags([8.5, 8.6, -4.0, 8.7])[2:] == [(SUSPECT, "spike"), (GOOD, None)]
    assert flags([8.5, 8.6, 40.0, 8.7])[2:] == [(FAIL, "spike"), (GOOD, None)]


def test_the_first_value_of_a_step_is_doubted_and_the_next_is_believed() -> None:
    assert flags([8.0, 8.0, 25.0, 25.2, 25.1])[2:] == [(SUSPECT, "spike"), (GOOD, None), (GOOD, None)]


def test_one_value_before_is_not_enough_to_tell_a_spike() -> None:
    assert flags([8.0, 25.0]) == [(GOOD, None), (GOOD, None)]


def test_too_fast_a_change_is_suspect_a_minute_at_least() -> None:
    assert flags([8.0, 11.1], every=MINUTE)[1] == (SUSPECT, "rate")
    assert flags([8.0, 10.9], every=MINUTE)[1] == (GOOD, None)
    assert flags([8.0, 10.9], every=SECOND)[1] == (GOOD, None)
    assert flags([8.0, 13.9], every=2 * MINUTE)[1] == (GOOD, None)


def test_a_value_that_stays_the_same_is_suspect_and_at_last_fails() -> None:
    found = flags([8.0] * 75 + [8.01, 8.0], every=HOUR)
    assert found[:13] == [(GOOD, None)] * 13
    assert found[13:73] == [(SUSPECT, "flat")] * 60
    assert found[73:] == [(FAIL, "flat")] * 2 + [(GOOD, None)] * 2


def test_the_same_is_what_is_written_the_same() -> None:
    assert flags([8.001, 8.004] * 8, every=HOUR)[-1] == (SUSPECT, "flat")


def test_of_several_tests_the_worst_is_said_and_of_equals_the_first() -> None:
    limits = {"air_temperature": Change(usual=(None, 20), spike=(5, None), rate=(0.5, 1.0))}
    assert flags([8.0, 8.0, 19.0], qc=limits)[2] == (FAIL, "rate")
    assert flags([8.0, 8.0, 15.0], qc=limits)[2] == (SUSPECT, "spike")
    assert flags([8.0, 8.0, 21.0], qc={"air_temperature": Change(usual=(None, 20))})[2] == (SUSPECT, "range")


def test_a_value_that_cannot_be_is_no_measure_for_the_next() -> None:
    assert flags([8.0, 8.1, -99.0, 8.2, 8.1])[2:] == [(FAIL, "range"), (GOOD, None), (GOOD, None)]


def test_a_value_after_a_gap_is_not_compared_with_what_was_before() -> None:
    silent: list[float | None] = [None] * 4
    assert flags([8.0, 8.0, *silent, 25.0], interval_s=600)[-1] == (GOOD, None)
    assert flags([8.0, 8.0, None, None, 25.0], interval_s=600)[-1] == (SUSPECT, "spike")
    assert flags([8.0, 8.0, *silent, 25.0], interval_s=3600)[-1] == (SUSPECT, "spike")


def test_where_nobody_says_how_often_it_speaks_three_hours_are_a_gap() -> None:
    assert flags([8.0, 8.0, 25.0], every=3 * HOUR)[-1] == (SUSPECT, "spike")
    assert flags([8.0, 8.0, 25.0], every=3 * HOUR + SECOND)[-1] == (GOOD, None)


def test_flatness_ends_with_a_gap() -> None:
    assert flags([8.0] * 14, every=HOUR, interval_s=1200)[-1] == (SUSPECT, "flat")
    assert flags([8.0] * 14, every=HOUR, interval_s=600)[-1] == (GOOD, None)


def test_one_value_that_is_missing_ends_no_series() -> None:
    assert flags([8.0, 8.0, None, 25.0])[-1] == (SUSPECT, "spike")


def test_a_value_that_comes_late_passes_the_range_test_only_and_moves_nothing() -> None:
    place = installation(AIR)
    first = read(place, {"t": 8.0})
    second = read(place, {"t": 8.0}, NOON + TEN, first.state)
    late = read(place, {"t": 40.0}, NOON + MINUTE, second.state)
    assert late.readings[0].values == (Value("air_temperature", 40.0),)
    assert late.state.series == second.state.series


def test_what_is_refused_is_no_measure_for_the_next() -> None:
    spec = ReadingSpec((value("air_temperature", "t"),), time=compile_path("ts"))
    place = installation(spec, ReadingSpec((value("battery"),)))
    refused = read(place, {"t": 20.0, "battery": 50, "ts": "2100-01-01T00:00:00Z"})
    assert len(refused.refused) == 1
    assert refused.state.series == {}


def test_what_other_hardware_said_is_no_measure() -> None:
    state = EMPTY
    for number in range(2):
        state = read(installation(AIR), {"t": 8.0}, NOON + number * TEN, state).state
    swapped = installation(AIR, begin_ns=NOON + 15 * MINUTE)
    reading = read(swapped, {"t": 35.0}, NOON + 2 * TEN, state).readings[0]
    assert reading.values == (Value("air_temperature", 35.0),)


def test_series_are_remembered_apart_by_their_tags() -> None:
    spec = ReadingSpec(
        (value("sound_level", "db"),), (tag("direction", "way", a="in", b="out"),), each=compile_path("list")
    )
    said = [{"way": "a", "db": 60}, {"way": "b", "db": 40}]
    state = read(installation(spec), {"list": said}).state
    assert {key: one.number for key, one in state.series.items()} == {
        "sound_level|direction=in": 60.0,
        "sound_level|direction=out": 40.0,
    }
    fixed = ReadingSpec((value("sound_level", "db"),), (TagSpec("direction", "in"),))
    assert read(installation(fixed), {"db": 50}).state.series.keys() == {"sound_level|direction=in"}


def test_calibration_units_and_words_come_before_the_tests_that_look_back() -> None:
    spec = ReadingSpec((value("air_temperature", "t", unit="[degF]"),))
    assert flags([50, 50, "69.8 °F"], spec)[2] == (SUSPECT, "spike")  # 10 and 21 °C
    assert flags([50, 50, "67.9 °F"], spec)[2] == (GOOD, None)


def test_counts_and_states_are_not_compared() -> None:
    place = installation(ReadingSpec((value("count", counter="delta"), value("occupied"))))
    assert read(place, {"count": 5, "occupied": 1}).state.series == {}


# Thresholds


def test_a_type_and_over_it_a_device_change_thresholds() -> None:
    own = Limits(CATALOGUE["air_temperature"].plausible, spike=(2, None))
    spec = ReadingSpec((ValueSpec(CATALOGUE["air_temperature"], "t", compile_path("t"), limits=own),))
    assert flags([8.0, 8.0, 11.0], spec)[2] == (SUSPECT, "spike")
    assert flags([8.0, 8.0, 11.0], spec, qc={"air_temperature": Change(spike=(5, None))})[2] == (GOOD, None)
    assert flags([8.0, 8.0, 30.0], spec, qc={"air_temperature": Change(spike=(None, None))})[2] == (
        GOOD,
        None,
    )
    assert flags([8.0], spec, qc={"air_temperature": Change(usual=(10, None))}) == [(SUSPECT, "range")]


def test_a_gap_of_its_own_is_told_beside_the_devices() -> None:
    place = installation(AIR, interval_s=3600, qc={"air_temperature": Change(gap_s=1200)})
    first = read(place, {"t": 8.0})
    again = read(place, {"t": 8.0}, NOON + 20 * MINUTE, first.state)
    assert len(again.readings) == 1
    later = read(place, {"t": 30.0}, NOON + 50 * MINUTE, again.state)
    assert [fields(one) for one in later.readings] == [{"air_temperature": 30.0}, {"gap": 1800}]


@pytest.mark.parametrize("quantity", CATALOGUE.values(), ids=lambda one: str(one.name))
def test_what_is_compared_can_be_compared(quantity: Any) -> None:
    limits = quantity.limits
    if limits.looks_back:
        assert quantity.decimals is not None
        assert quantity.summary not in {"sum", "last", "time_weighted"}
    if quantity.summary == "circular_mean":
        assert limits.spike == limits.rate == (None, None)
    for suspect, fail in (limits.spike, limits.rate, limits.flat_s):
        assert suspect is None or suspect > 0
        assert fail is None or (suspect is not None and fail > suspect)


def test_a_change_leaves_what_it_does_not_say() -> None:
    limits = CATALOGUE["pm2_5"].limits
    assert changed(limits, Change()) == limits
    assert changed(limits, Change(spike=(None, None))).rate == limits.rate


_LIMITS = st.builds(
    Limits,
    spike=st.sampled_from([(None, None), (1, None), (1, 3), (None, 2)]),
    rate=st.sampled_from([(None, None), (0.1, None), (0.1, 0.3)]),
    flat_s=st.sampled_from([(None, None), (1200, None), (600, 3600)]),
)


@given(
    limits=_LIMITS,
    said=st.lists(
        st.tuples(st.integers(-20, 20).map(lambda tenths: tenths / 10), st.integers(-20, 90)), max_size=25
    ),
)
def test_each_value_gets_the_worst_flag_that_its_past_gives_it(
    limits: Limits, said: list[tuple[float, int]]
) -> None:
    """A plain model: all values in a list, those that were newer than all before them being the past."""
    gap_s = 3600
    seen: SeriesState | None = None
    past: list[tuple[int, float]] = []
    now_s = NOON // SECOND
    for number, minutes in said:
        at_s = now_s + minutes * 60
        judged, seen = quality.look_back(Value("x", number), limits, seen, at_s * SECOND, gap_s * SECOND)
        if past and at_s <= past[-1][0]:
            assert judged.flag is GOOD
            continue
        if past and at_s - past[-1][0] > gap_s:
            past = []
        past.append((at_s, number))
        assert judged.flag == max(_model(limits, past))
        now_s = at_s


def _model(limits: Limits, past: list[tuple[int, float]]) -> list[Flag]:
    def flag(found: float, pair: tuple[float | None, float | None]) -> Flag:
        over = [limit is not None and found > limit for limit in pair]
        return FAIL if over[1] else SUSPECT if over[0] else GOOD

    found = [GOOD]
    at_s, number = past[-1]
    if len(past) > 1:
        minutes = max((at_s - past[-2][0]) / 60, 1)
        found.append(flag(min(abs(number - one) for _, one in past[-3:-1]) / minutes, limits.rate))
        same = [then for then, other in past if all(one == number for at, one in past if at >= then)]
        found.append(flag(at_s - same[0], limits.flat_s))
    if len(past) > 2:
        two = sorted(one for _, one in past[-3:-1])
        found.append(flag(max(two[0] - number, number - two[1]), limits.spike))
    return found


@given(st.lists(st.tuples(st.floats(-30, 45), st.integers(1, 200)), max_size=12))
def test_the_short_way_of_plain_numbers_judges_as_the_long_one(said: list[tuple[float, int]]) -> None:
    """Numbers in a text take the long way."""
    place = installation(AIR, interval_s=1800)
    short = long = EMPTY
    at = NOON
    for number, minutes in said:
        at += minutes * MINUTE
        one, other = read(place, {"t": number}, at, short), read(place, {"t": repr(number)}, at, long)
        assert one.readings == other.readings
        short, long = one.state, other.state
        assert short.series == long.series


def test_the_memory_is_kept_and_rows_from_before_it_are_read() -> None:
    state = read(installation(AIR), {"t": 8.0}).state
    assert unpack(pack(state)) == state
    assert unpack(pack(state)).series == {"air_temperature": SeriesState(8.0, NOON, None, NOON)}
    old = msgspec.msgpack.encode([5, None, 0, b"", {}, {}])  # the first six fields
    assert unpack(old) == DeviceState(seen_ns=5)


# The device's silence


@pytest.mark.parametrize(("minutes", "gap"), [(10, None), (30, None), (31, 1860), (600, 36_000)], ids=str)
def test_a_silence_of_more_than_three_intervals_is_a_gap(minutes: int, gap: int | None) -> None:
    place = installation(AIR, interval_s=600)
    first = read(place, {"t": 8.0})
    *_, last = read(place, {"t": 8.1}, NOON + minutes * MINUTE, first.state).readings
    assert fields(last).get("gap") == gap
    late = read(place, {"t": 8.1}, NOON - minutes * MINUTE, first.state)
    assert [one.measurement for one in late.readings] == ["weather"]


def test_a_join_ends_a_silence_and_a_status_does_not() -> None:
    place = installation(AIR, interval_s=600)
    state = read(place, {"t": 8.0}).state
    joined = health_reading(uplink(NOON + HOUR, kind=Kind.JOIN), state, place)
    assert joined is not None
    assert fields(joined) == {"gap": 3600, "joined": 1}
    status = health_reading(uplink(NOON + HOUR, kind=Kind.STATUS, battery=80.0), state, place)
    assert status is not None
    assert fields(status) == {"battery": 80.0}


# Particles in humid air


def optical(*names: str) -> ReadingSpec:
    values = tuple(ValueSpec(CATALOGUE[name], name, compile_path(name), optical=True) for name in names)
    return ReadingSpec(values)


HUMID = ReadingSpec((value("relative_humidity", "rh"),))


def particles(normalised: Normalised) -> dict[str, tuple[Flag, str | None]]:
    rows = [row for row in normalised.readings if row.measurement == "air_quality"]
    return {one.field: (one.flag, one.test) for row in rows for one in row.values}


@pytest.mark.parametrize("specs", [(optical("pm2_5", "pm10"), HUMID), (HUMID, optical("pm2_5", "pm10"))])
def test_particles_counted_by_light_are_suspect_above_80_percent_humidity(
    specs: tuple[ReadingSpec, ...],
) -> None:
    place = installation(*specs, ReadingSpec((value("no2"),)))
    humid = read(place, {"pm2_5": 12.0, "pm10": 3000.0, "rh": 80.1, "no2": 20})
    assert particles(humid) == {
        "pm2_5": (SUSPECT, "humidity"),
        "pm10": (FAIL, "range"),
        "no2": (GOOD, None),
    }
    dry = read(place, {"pm2_5": 12.0, "pm10": 20.0, "rh": 80.0})
    assert set(particles(dry).values()) == {(GOOD, None)}


@pytest.mark.parametrize(("minutes", "test"), [(1, "humidity"), (60, "humidity"), (61, None), (-1, None)])
def test_the_humidity_of_the_hour_before_counts(minutes: int, test: str | None) -> None:
    place = installation(optical("pm2_5"), HUMID)
    state = read(place, {"rh": 95.0}).state
    found = particles(read(place, {"pm2_5": 12.0}, NOON + minutes * MINUTE, state))
    assert found["pm2_5"][1] == test


def test_humidity_that_cannot_be_says_nothing_of_particles() -> None:
    place = installation(optical("pm2_5"), HUMID)
    assert particles(read(place, {"pm2_5": 12.0, "rh": 655.35})) == {"pm2_5": (GOOD, None)}


def test_particles_that_are_dried_or_weighed_do_not_mind() -> None:
    place = installation(ReadingSpec((value("pm2_5"),)), HUMID)
    assert particles(read(place, {"pm2_5": 12.0, "rh": 95.0})) == {"pm2_5": (GOOD, None)}


# Periods that technicians name


def named(begin: int, end: int | None, kind: Any = "maintenance") -> Period:
    return Period(NOON + begin * MINUTE, None if end is None else NOON + end * MINUTE, kind, "because")


def during(
    periods: Sequence[Period],
    decoded: dict[str, Any],
    *specs: ReadingSpec,
    state: DeviceState = EMPTY,
    minutes: int = 0,
    **said: Any,
) -> Normalised:
    up = uplink(NOON + minutes * MINUTE, **said)
    return normalise(up, decoded, installation(*specs), state, up.time_ns + SECOND, periods)


@pytest.mark.parametrize(
    ("period", "test"),
    [
        (named(-5, 5), "maintenance"),
        (named(0, None, "flag"), "flag"),
        (named(-5, 0), None),
        (named(1, 5), None),
    ],
)
def test_values_in_a_named_period_are_not_valid_and_say_why(period: Period, test: str | None) -> None:
    reading, device = during([period], {"t": 8.0}, AIR, rssi=-90.0).readings
    flag = GOOD if test is None else FAIL
    assert reading.values == (Value("air_temperature", 8.0, flag, test=test),)  # type: ignore[arg-type]  # a literal
    assert device.values == (Value("rssi", -90.0),)


def test_what_was_counted_over_an_interval_is_not_valid_if_a_part_of_it_lies_in_the_period() -> None:
    spec = ReadingSpec((value("count", counter="delta"),), interval_s=3600)
    for period, flag in ((named(-59, -58), FAIL), (named(-70, -60), GOOD), (named(0, 10), GOOD)):
        (reading,) = during([period], {"count": 5}, spec).readings
        assert reading.values[0].flag is flag


def test_counters_and_bays_go_on_through_a_period() -> None:
    spec = ReadingSpec((value("count", "total", counter="total", width=16), value("occupied")))
    period = named(5, 15)
    state, written = EMPTY, []
    for minutes, total in ((0, 100), (10, 107), (20, 109), (30, 113)):
        normalised = during(
            [period], {"total": total, "occupied": minutes > 5}, spec, state=state, minutes=minutes
        )
        state = normalised.state
        written += [
            (one.time_ns - NOON, two.field, two.value, two.flag is FAIL)
            for one in normalised.readings
            for two in one.values
            if two.field in {"count", "arrivals"}
        ]
    assert written == [
        (0, "count", 7, True),
        (10 * MINUTE, "arrivals", 1, True),
        (10 * MINUTE, "count", 2, True),
        (20 * MINUTE, "count", 4, False),
    ]


def test_what_is_measured_in_a_period_is_no_measure_for_what_comes_after_it() -> None:
    period = named(5, 15)
    state = EMPTY
    for minutes, number in ((-10, 8.0), (0, 8.1), (10, 40.0)):
        state = during([period], {"t": number}, AIR, state=state, minutes=minutes).state
    (reading,) = during([period], {"t": 8.2}, AIR, state=state, minutes=20).readings
    assert reading.values == (Value("air_temperature", 8.2),)


# Past values in a list


def test_past_values_lie_as_far_apart_as_the_type_says_the_newest_first() -> None:
    spec = ReadingSpec((value("pm10", "@"),), each=compile_path("bytes.pm10.values"), every_s=600)
    said = {"bytes": {"pm10": {"unit": "µg/m3", "values": [62, 58, None, 50]}}}
    readings = read(installation(spec), said).readings
    assert [(one.time_ns, fields(one)) for one in readings] == [
        (NOON - 30 * MINUTE, {"pm10": 50.0}),
        (NOON - 10 * MINUTE, {"pm10": 58.0}),
        (NOON, {"pm10": 62.0}),
    ]


def test_the_newest_may_stand_last_and_the_payload_may_say_how_far_apart() -> None:
    spec = ReadingSpec(
        (value("pm10", "v"), value("laeq", "db")),
        each=compile_path("list"),
        every=compile_path("period"),
        newest="last",
    )
    said = {"list": [{"v": 1, "db": 60}, {"v": 2, "db": 61}], "period": 900}
    rows = {(one.measurement, one.time_ns): one for one in read(installation(spec), said).readings}
    assert {at: fields(one) for (_, at), one in rows.items() if "pm10" in fields(one)} == {
        NOON - 15 * MINUTE: {"pm10": 1.0},
        NOON: {"pm10": 2.0},
    }
    assert rows["noise", NOON - 30 * MINUTE].interval_s == 900
    assert rows["noise", NOON - 15 * MINUTE].interval_s == 900


def test_a_list_of_which_nobody_says_how_far_apart_is_a_complaint() -> None:
    spec = ReadingSpec((value("pm10", "@"),), each=compile_path("list"), every=compile_path("period"))
    place = installation(spec, AIR)
    assert read(place, {"t": 8, "list": [1, 2]}).complaints == (
        "every: nothing stands there, so that the times of the list are not known",
    )
    assert read(place, {"t": 8, "list": [1, 2], "period": "soon"}).complaints == (
        "every: 'soon' is no interval of 1 s to 366 days",
    )


def test_a_device_names_the_bays_of_a_sensor_that_watches_several() -> None:
    spec = ReadingSpec((value("occupied", "full"),), (tag("bay", "id"),), each=compile_path("bays"))
    place = installation(spec, bays={"1": "A17", "2": "A18"}, lot="nord")
    free = read(place, {"bays": [{"id": 1, "full": False}, {"id": 2, "full": False}]})
    came = read(place, {"bays": [{"id": 1, "full": True}, {"id": 2, "full": False}]}, NOON + TEN, free.state)
    assert {dict(one.tags)["bay"]: fields(one) for one in came.readings} == {
        "A17": {"occupied": 1, "arrivals": 1},
        "A18": {"occupied": 0},
    }
    stranger = read(place, {"bays": [{"id": 1, "full": True}, {"id": 9, "full": True}]})
    assert [one.reason for one in stranger.refused] == ["bay at id: 9 is not listed; the type allows: 1, 2"]
