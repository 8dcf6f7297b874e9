"""What an uplink becomes: readings, refusals, complaints, and the device's memory."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import mapping, quality
from devices.device import Calibration
from devices.duplicates import is_duplicate
from devices.errors import UplinkRefused
from devices.health import advance, health_reading
from devices.mapping import Unreadable
from devices.normalise import AHEAD_NS, EARLIEST_NS, Normalised, normalise, time_refusal
from devices.path import compile_path
from devices.reading import Flag, Reading, Test, Value
from devices.state import EMPTY, BayState, CounterState, DeviceState
from devices.type import ReadingSpec, TagSpec, ValueSpec
from devices.uplink import Kind
from tests.street import (
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    fields,
    installation,
    only,
    read,
    tag,
    uplink,
    value,
)

AIR = ReadingSpec((value("pm2_5"), value("no2", unit="ppb"), value("air_pressure", unit="Pa")))
PM = ReadingSpec((value("pm2_5"),))
TOTAL = ReadingSpec((value("count", "total", counter="total", width=16),), (TagSpec("direction", "ltr"),))
DELTA = ReadingSpec((value("count", counter="delta"),))
BAY = ReadingSpec((value("occupied"),))
RADIO: dict[str, Any] = {"rssi": -101.0, "snr": 5.5, "gateways": 2, "spreading_factor": 7, "f_cnt": 40}


def test_values_of_one_measurement_share_a_reading_at_the_uplinks_time() -> None:
    normalised = read(installation(AIR), {"pm2_5": 5.67, "no2": 10.0, "air_pressure": 100613})
    assert normalised.readings == (
        Reading("air_quality", NOON, (Value("pm2_5", 5.7), Value("no2", 19.1))),
        Reading("weather", NOON, (Value("air_pressure", 1006.1),)),
    )
    assert normalised.refused == ()
    assert normalised.complaints == ()


def test_a_field_that_is_not_said_is_absent() -> None:
    (reading,) = read(installation(AIR), {"pm2_5": 1.0, "no2": None, "unknown": 4}).readings
    assert reading.values == (Value("pm2_5", 1.0),)


def test_readings_that_share_measurement_time_and_tags_are_one_row() -> None:
    (reading,) = read(installation(PM, ReadingSpec((value("pm10"),))), {"pm2_5": 1.0, "pm10": 2.0}).readings
    assert fields(reading) == {"pm2_5": 1.0, "pm10": 2.0}


def test_a_float_quantity_is_a_float_even_of_an_integer() -> None:
    (reading,) = read(installation(PM), {"pm2_5": 8}).readings
    assert repr(only(reading).value) == "8.0"


def test_an_integer_quantity_is_an_integer_even_of_a_float() -> None:
    (reading,) = read(installation(BAY), {"occupied": 1.0}).readings
    assert repr(only(reading).value) == "1"


@pytest.mark.parametrize(
    ("said", "flag"),
    [(5.0, Flag.GOOD), (251.0, Flag.SUSPECT), (1001.0, Flag.FAIL), (-0.1, Flag.FAIL), (1000, Flag.SUSPECT)],
)
def test_each_value_is_judged_alone(said: float, flag: Flag) -> None:
    place = installation(ReadingSpec((value("pm2_5"), value("pm10"))))
    (reading,) = read(place, {"pm2_5": said, "pm10": 3.0}).readings
    test: Test | None = None if flag is Flag.GOOD else "range"
    assert reading.values == (Value("pm2_5", said, flag, test=test), Value("pm10", 3.0))


def test_calibration_comes_before_the_tests_and_keeps_the_raw_value() -> None:
    place = installation(PM, calibration={"pm2_5": Calibration(0.92, 0.4)})
    (reading,) = read(place, {"pm2_5": 270.04}).readings
    assert only(reading) == Value("pm2_5", 248.8, Flag.GOOD, 270.0)


def test_calibration_is_in_the_catalogues_unit() -> None:
    place = installation(
        ReadingSpec((value("air_pressure", unit="Pa"),)), calibration={"air_pressure": Calibration(1.0, 2.0)}
    )
    (reading,) = read(place, {"air_pressure": 100000}).readings
    assert only(reading) == Value("air_pressure", 1002.0, Flag.GOOD, 1000.0)


LEVEL = ReadingSpec((value("distance", unit="mm"), value("battery", unit="%")))


def test_a_distance_becomes_a_water_level_by_the_installations_calibration() -> None:
    place = installation(LEVEL, calibration={"water_level": Calibration(-1.0, 312.0)})
    readings = {one.measurement: one.values for one in read(place, {"distance": "2116 mm"}).readings}
    assert readings == {"level": (Value("distance", 211.6),), "water": (Value("water_level", 100.4),)}


def test_a_distance_becomes_a_fill_level_by_the_installations_calibration() -> None:
    place = installation(LEVEL, calibration={"fill_level": Calibration(-100 / 130, 15000 / 130)})
    readings = {one.measurement: one.values for one in read(place, {"distance": 850}).readings}
    assert readings == {"level": (Value("distance", 85.0),), "waste": (Value("fill_level", 50.0),)}


def test_without_a_calibration_a_distance_stays_a_distance() -> None:
    (reading,) = read(installation(LEVEL), {"distance": 2116}).readings
    assert reading.measurement == "level"


@pytest.mark.parametrize("said", [-10, "No Sensor", "broken", None, 10**9])
def test_a_distance_that_is_none_becomes_no_level(said: Any) -> None:
    place = installation(LEVEL, calibration={"water_level": Calibration(-1.0, 312.0)})
    normalised = read(place, {"distance": said, "battery": 50})
    assert not [one for one in normalised.readings if one.measurement == "water"]
    assert len(normalised.complaints) == (said == "broken")


def test_a_level_that_the_device_says_itself_is_not_made_of_its_distance() -> None:
    place = installation(
        ReadingSpec((value("distance", unit="mm"), value("fill_level", "level", unit="%"))),
        calibration={"fill_level": Calibration(1.0, 2.0)},
    )
    readings = {one.measurement: one.values for one in read(place, {"distance": 850, "level": 40}).readings}
    assert readings["waste"] == (Value("fill_level", 42.0, Flag.GOOD, 40.0),)


def test_zero_is_never_negative() -> None:
    (reading,) = read(installation(ReadingSpec((value("no2"),))), {"no2": -0.04}).readings
    assert repr(only(reading).value) == "0.0"


# Intervals and times


def test_an_interval_of_the_type_puts_the_point_at_its_begin() -> None:
    spec = ReadingSpec((value("count", counter="delta"), value("speed")), interval_s=900)
    (reading,) = read(installation(spec), {"count": 12, "speed": 31.5}).readings
    assert reading == Reading(
        "traffic", NOON - 15 * MINUTE, (Value("count", 12), Value("speed", 31.5)), interval_s=900
    )


def test_an_interval_of_the_payload_wins() -> None:
    spec = ReadingSpec(DELTA.values, interval=compile_path("seconds"), interval_s=900)
    place = installation(spec)
    assert read(place, {"count": 1, "seconds": 600}).readings[0].interval_s == 600
    assert read(place, {"count": 1}).readings[0].interval_s == 900
    odd = read(place, {"count": 1, "seconds": "soon"})
    assert odd.readings[0].interval_s == 900
    assert odd.complaints == ("interval: 'soon' is no interval of 1 s to 366 days",)


def test_the_devices_time_may_be_the_begin() -> None:
    spec = ReadingSpec(DELTA.values, time=compile_path("ts"), time_is="begin", interval_s=900)
    (reading,) = read(installation(spec), {"count": 1, "ts": (NOON - HOUR) // SECOND}).readings
    assert (reading.time_ns, reading.interval_s) == (NOON - HOUR, 900)


def test_instants_and_intervals_of_one_reading_are_two_rows() -> None:
    spec = ReadingSpec((value("present", counter="gauge"), value("count", counter="delta")), interval_s=60)
    at, over = read(installation(spec), {"present": 3, "count": 7}).readings
    assert (at.time_ns, at.interval_s, fields(at)) == (NOON, None, {"present": 3})
    assert (over.time_ns, over.interval_s, fields(over)) == (NOON - MINUTE, 60, {"count": 7})


def test_a_delta_without_interval_was_counted_since_the_uplink_before() -> None:
    place = installation(DELTA)
    first = read(place, {"count": 5})
    second = read(place, {"count": 7}, NOON + 10 * MINUTE, first.state)
    (reading,) = second.readings
    assert (reading.time_ns, reading.interval_s, fields(reading)) == (NOON, 600, {"count": 7})


def test_a_delta_of_an_unknown_interval_is_not_where_the_next_one_begins() -> None:
    place = installation(DELTA)
    first = read(place, {"count": 5})
    assert (first.readings[0].time_ns, first.readings[0].interval_s) == (NOON - 1, None)
    late = read(place, {"count": 2}, NOON - HOUR, first.state)
    assert (late.readings[0].time_ns, late.readings[0].interval_s) == (NOON - HOUR - 1, None)


def test_an_interval_quantity_of_unknown_interval_is_an_instant() -> None:
    (reading,) = read(
        installation(ReadingSpec((value("laeq"), value("sound_level")))), {"laeq": 60, "sound_level": 61}
    ).readings
    assert (reading.time_ns, reading.interval_s) == (NOON, None)


def test_every_item_of_a_list_is_a_reading_at_its_own_time() -> None:
    spec = ReadingSpec((value("pm2_5", "v"),), each=compile_path("history"), time=compile_path("ts"))
    history = [{"ts": "2026-03-01T11:50:00Z", "v": 2}, {"ts": "2026-03-01T11:40:00Z", "v": 1}, {"v": 3}]
    readings = read(installation(spec), {"history": history}).readings
    assert [(r.time_ns, only(r).value) for r in readings] == [
        (NOON - 20 * MINUTE, 1.0),
        (NOON - 10 * MINUTE, 2.0),
        (NOON, 3.0),
    ]


def test_an_item_whose_time_cannot_be_read_is_a_complaint() -> None:
    spec = ReadingSpec((value("pm2_5", "v"),), each=compile_path("history"), time=compile_path("ts"))
    normalised = read(installation(spec), {"history": [{"ts": "later", "v": 2}, {"ts": None, "v": 1}]})
    assert [only(r).value for r in normalised.readings] == [1.0]
    assert normalised.complaints == ("time: 'later' is no time as 2026-03-01T12:00:00Z",)


def test_an_each_that_is_no_list_is_a_complaint() -> None:
    spec = ReadingSpec((value("pm2_5", "v"),), each=compile_path("history"))
    normalised = read(installation(PM, spec), {"pm2_5": 1.0, "history": 5})
    assert len(normalised.readings) == 1
    assert normalised.complaints == ("each: 5 is no list",)


# Tags


def test_tags_are_the_types_and_directions_get_the_streets_names() -> None:
    spec = ReadingSpec(
        (value("count", counter="delta"),),
        (TagSpec("vehicle_class", "bicycle"), TagSpec("direction", "ltr")),
        interval_s=60,
    )
    place = installation(spec, direction={"ltr": "stadteinwärts"}, lane="2")
    assert read(place, {"count": 1}).readings[0].tags == (
        ("direction", "stadteinwärts"),
        ("lane", "2"),
        ("vehicle_class", "bicycle"),
    )


def test_a_parking_bay_has_its_lot_and_bay() -> None:
    place = installation(BAY, PM, lot="nord", bay="17", lane="2")
    bay, air = read(place, {"occupied": True, "pm2_5": 1}).readings
    assert bay.tags == (("bay", "17"), ("lot", "nord"))
    assert air.tags == ()


def test_a_bay_of_the_payload_wins_over_the_devices() -> None:
    spec = ReadingSpec(BAY.values, (tag("bay", "slot", **{"1": "a", "2": "b"}),))
    assert read(installation(spec, bay="17"), {"occupied": 1, "slot": 2.0}).readings[0].tags == (
        ("bay", "b"),
    )


def test_a_tag_that_is_not_listed_is_refused_and_moves_no_memory() -> None:
    spec = ReadingSpec(TOTAL.values, (tag("direction", "dir", L="ltr"),))
    normalised = read(installation(spec), {"total": 5, "dir": "up!"}, **RADIO)
    (refused,) = normalised.refused
    assert refused.kind == "tag"
    assert refused.reason == "direction at dir: 'up!' is not listed; the type allows: L"
    assert refused.reading == Reading(
        "traffic", NOON, (Value("count_total", 5, Flag.NOT_EVALUATED),), (("direction", "up!"),)
    )
    assert [reading.measurement for reading in normalised.readings] == ["device"]
    assert normalised.state.counters == {}


def test_a_direction_that_the_device_lists_is_allowed() -> None:
    spec = ReadingSpec(DELTA.values, (tag("direction", "dir", L="ltr"),), interval_s=60)
    place = installation(spec, direction={"hin": "zum Bahnhof"})
    normalised = read(place, {"count": 5, "dir": "hin"})
    assert normalised.readings[0].tags == (("direction", "zum Bahnhof"),)


def test_an_uplink_of_which_everything_is_refused_is_refused_whole() -> None:
    spec = ReadingSpec(DELTA.values, (tag("direction", "dir", L="ltr"),))
    with pytest.raises(UplinkRefused, match="nothing stands there") as caught:
        read(installation(spec), {"count": 5})
    assert caught.value.reason == "tag"


# Times that cannot be


@pytest.mark.parametrize(
    ("ts", "why"),
    [
        ("1970-01-01T00:00:00Z", "before 2015"),
        ("2014-12-31T23:59:59Z", "before 2015"),
        ("2026-03-01T13:00:02Z", "more than an hour ahead"),
        ("2100-01-01T00:00:00Z", "more than an hour ahead"),
        (9e16, "more than an hour ahead"),
    ],
)
def test_a_reading_of_an_impossible_time_is_refused(ts: Any, why: str) -> None:
    spec = ReadingSpec((value("pm10"),), time=compile_path("ts"))
    normalised = read(installation(PM, spec), {"pm2_5": 1.0, "pm10": 2.0, "ts": ts})
    (refused,) = normalised.refused
    assert refused.kind == "time"
    assert why in refused.reason
    assert [fields(reading) for reading in normalised.readings] == [{"pm2_5": 1.0}]


@pytest.mark.parametrize("ts", ["2015-01-01T00:00:00Z", "2026-03-01T13:00:01Z"])
def test_a_reading_of_2015_or_of_an_hour_ahead_is_taken(ts: str) -> None:
    spec = ReadingSpec((value("pm10"),), time=compile_path("ts"))
    assert read(installation(spec), {"pm10": 2.0, "ts": ts}).refused == ()


def test_a_reading_from_before_or_after_the_installation_is_refused() -> None:
    spec = ReadingSpec((value("pm2_5", "v"),), each=compile_path("h"), time=compile_path("ts"))
    place = installation(spec, begin_ns=NOON - HOUR, end_ns=NOON)
    history = [{"ts": (NOON + minutes * MINUTE) // SECOND, "v": 1} for minutes in (-61, -60, -1, 0)]
    normalised = read(place, {"h": history}, NOON - 1)
    assert len(normalised.readings) == 2
    assert [refused.reason for refused in normalised.refused] == [
        "2026-03-01 10:59:00Z is before the device was installed at 2026-03-01 11:00:00Z",
        "2026-03-01 12:00:00Z is after the device was taken away at 2026-03-01 12:00:00Z",
    ]


def test_time_refusal_names_the_bound() -> None:
    assert time_refusal(NOON, NOON) == ""
    assert time_refusal(EARLIEST_NS, NOON) == time_refusal(NOON + AHEAD_NS, NOON) == ""
    assert time_refusal(EARLIEST_NS - 1, NOON).startswith("2014-12-31 23:59:59Z is before 2015")
    assert time_refusal(-(2**63), NOON).startswith("1677-")
    assert "ahead of the arrival at 2026-03-01 12:00:00Z" in time_refusal(NOON + AHEAD_NS + 1, NOON)
    assert "ahead" in time_refusal(2**70, NOON)


# Counters


def test_the_first_total_is_no_count() -> None:
    normalised = read(installation(TOTAL), {"total": 70})
    assert normalised.readings == (
        Reading("traffic", NOON, (Value("count_total", 70, Flag.NOT_EVALUATED),), (("direction", "ltr"),)),
    )
    assert normalised.state.counters == {"count|direction=ltr": CounterState(70, NOON)}


def test_a_newer_total_counts_from_the_time_of_the_one_before() -> None:
    place = installation(TOTAL)
    first = read(place, {"total": 65530})
    total, count = read(place, {"total": 4}, NOON + 25 * MINUTE, first.state).readings
    assert (total.time_ns, fields(total)) == (NOON + 25 * MINUTE, {"count_total": 4})
    assert (count.time_ns, count.interval_s, fields(count)) == (NOON, 1500, {"count": 10})


@pytest.mark.parametrize("minutes", [-10, 0])
def test_a_total_that_is_not_newer_is_written_but_counts_and_moves_nothing(minutes: int) -> None:
    place = installation(TOTAL)
    first = read(place, {"total": 70})
    again = read(place, {"total": 60}, NOON + minutes * MINUTE, first.state)
    assert [fields(reading) for reading in again.readings] == [{"count_total": 60}]
    assert again.state.counters == first.state.counters


def test_a_count_keeps_its_memory_when_a_direction_is_renamed() -> None:
    first = read(installation(TOTAL), {"total": 70})
    place = installation(TOTAL, direction={"ltr": "stadteinwärts"})
    _, count = read(place, {"total": 75}, NOON + MINUTE, first.state).readings
    assert (fields(count), count.tags) == ({"count": 5}, (("direction", "stadteinwärts"),))


def test_directions_are_counted_apart() -> None:
    spec = ReadingSpec(TOTAL.values, (tag("direction", "dir", L="ltr", R="rtl"),), each=compile_path("lines"))
    place = installation(spec)
    first = read(place, {"lines": [{"dir": "L", "total": 10}, {"dir": "R", "total": 100}]})
    second = read(
        place, {"lines": [{"dir": "L", "total": 11}, {"dir": "R", "total": 103}]}, NOON + MINUTE, first.state
    )
    counts = {
        reading.tags: fields(reading)["count"] for reading in second.readings if reading.time_ns == NOON
    }
    assert counts == {(("direction", "ltr"),): 1, (("direction", "rtl"),): 3}


def test_totals_of_a_history_are_counted_in_the_order_of_their_time() -> None:
    spec = ReadingSpec(TOTAL.values, each=compile_path("h"), time=compile_path("ts"))
    history = [{"ts": (NOON - minutes * MINUTE) // SECOND, "total": 100 - minutes} for minutes in (0, 20, 10)]
    readings = read(installation(spec), {"h": history}).readings
    assert {(r.time_ns, f) for r in readings for f in fields(r)} == {
        (NOON - 20 * MINUTE, "count_total"),
        (NOON - 20 * MINUTE, "count"),
        (NOON - 10 * MINUTE, "count_total"),
        (NOON - 10 * MINUTE, "count"),
        (NOON, "count_total"),
    }
    assert [r.interval_s for r in readings] == [600, 600, None]


def test_a_join_between_two_totals_makes_a_fall_a_restart() -> None:
    place = installation(TOTAL)
    first = read(place, {"total": 65530})
    joined = advance(uplink(NOON + MINUTE, kind=Kind.JOIN), place, first.state)
    _, count = read(place, {"total": 4}, NOON + 2 * MINUTE, joined).readings
    assert fields(count) == {"count": 4}


def test_a_frame_counter_that_went_back_makes_a_fall_a_restart() -> None:
    place = installation(TOTAL)
    first = read(place, {"total": 65530}, f_cnt=500)
    _, count, _ = read(place, {"total": 4}, NOON + MINUTE, first.state, f_cnt=3).readings
    assert fields(count) == {"count": 4}


def test_a_start_up_message_makes_a_fall_a_restart_and_needs_no_value() -> None:
    place = installation(ReadingSpec(TOTAL.values, TOTAL.tags, ports=frozenset({1})), restart_ports=[3])
    first = read(place, {"total": 65530}, f_port=1)
    started = read(place, {"reason": "watchdog"}, NOON + MINUTE, first.state, f_port=3, rssi=-90.0)
    assert [reading.measurement for reading in started.readings] == ["device"]
    assert started.state.restarted_ns == NOON + MINUTE
    _, count = read(place, {"total": 4}, NOON + 2 * MINUTE, started.state, f_port=1).readings
    assert fields(count) == {"count": 4}


def test_a_restart_after_the_total_is_not_between() -> None:
    place = installation(TOTAL)
    first = read(place, {"total": 65530})
    joined = advance(uplink(NOON + HOUR, kind=Kind.JOIN), place, first.state)
    _, count = read(place, {"total": 4}, NOON + MINUTE, joined).readings
    assert fields(count) == {"count": 10}


def test_totals_of_other_hardware_are_no_base() -> None:
    first = read(installation(TOTAL), {"total": 70}, f_cnt=10)
    swapped = installation(TOTAL, begin_ns=NOON + HOUR)
    second = read(swapped, {"total": 75}, NOON + 2 * HOUR, first.state, f_cnt=20)
    assert [fields(reading) for reading in second.readings] == [{"count_total": 75}, {"f_cnt": 20}]


@pytest.mark.parametrize("total", [-1, 2.5, 65536, "-3"])
def test_what_cannot_be_a_total_is_a_complaint(total: Any) -> None:
    normalised = read(installation(TOTAL, PM), {"total": total, "pm2_5": 1})
    assert [reading.measurement for reading in normalised.readings] == ["air_quality"]
    assert len(normalised.complaints) == 1
    assert normalised.complaints[0].startswith("total: ")
    assert normalised.complaints[0].endswith("is no total of a counter of 16 bits")


def test_a_large_total_stays_exact() -> None:
    place = installation(ReadingSpec((value("count", "total", counter="total", width=64),)))
    first = read(place, {"total": 2**62 + 1})
    total, count = read(place, {"total": 2**62 + 4}, NOON + MINUTE, first.state).readings
    assert (fields(total), fields(count)) == ({"count_total": 2**62 + 4}, {"count": 3})


def test_rain_is_counted_by_the_same_rule_in_its_own_unit() -> None:
    place = installation(ReadingSpec((value("precipitation", "rain", counter="total"),)))
    first = read(place, {"rain": 12.6})
    total, rain = read(place, {"rain": 13.2}, NOON + 10 * MINUTE, first.state).readings
    assert (total.measurement, fields(total)) == ("weather", {"precipitation_total": 13.2})
    assert (rain.time_ns, rain.interval_s, fields(rain)) == (NOON, 600, {"precipitation": 0.6})


def test_a_gauge_is_written_as_it_is() -> None:
    place = installation(ReadingSpec((value("present", counter="gauge"),)))
    assert read(place, {"present": 3}).readings == (Reading("traffic", NOON, (Value("present", 3),)),)


# Parking


def test_a_bay_gives_arrivals_and_stays() -> None:
    place = installation(BAY)
    free = read(place, {"occupied": False})
    came = read(place, {"occupied": True}, NOON + MINUTE, free.state)
    beat = read(place, {"occupied": True}, NOON + HOUR, came.state)
    left = read(place, {"occupied": False}, NOON + 2 * HOUR, beat.state)
    assert [fields(one.readings[0]) for one in (free, came, beat, left)] == [
        {"occupied": 0},
        {"occupied": 1, "arrivals": 1},
        {"occupied": 1},
        {"occupied": 0, "stay": 7140.0},
    ]


def test_a_state_that_comes_late_is_written_only() -> None:
    place = installation(BAY)
    free = read(place, {"occupied": False})
    late = read(place, {"occupied": True}, NOON - MINUTE, free.state)
    assert fields(late.readings[0]) == {"occupied": 1}
    assert late.state.bays == {"occupied": BayState(False, NOON, None)}


def test_a_state_that_is_neither_free_nor_occupied_fails_and_moves_nothing() -> None:
    normalised = read(installation(BAY), {"occupied": 3})
    assert only(normalised.readings[0]) == Value("occupied", 3, Flag.FAIL, test="range")
    assert normalised.state.bays == {}


def test_a_bay_forgets_what_other_hardware_said() -> None:
    free = read(installation(BAY), {"occupied": False})
    swapped = installation(BAY, begin_ns=NOON + HOUR)
    assert fields(read(swapped, {"occupied": True}, NOON + 2 * HOUR, free.state).readings[0]) == {
        "occupied": 1
    }


# The device's health


def test_radio_and_battery_are_one_reading_of_the_device() -> None:
    place = installation(ReadingSpec((value("pm2_5"), value("battery_voltage", unit="mV"))), lot="nord")
    *_, health = read(place, {"pm2_5": 1.0, "battery_voltage": 3605}, **RADIO).readings
    assert health.measurement == "device"
    assert (health.time_ns, health.tags, health.interval_s) == (NOON, (), None)
    assert fields(health) == {
        "battery_voltage": 3.605,
        "rssi": -101.0,
        "snr": 5.5,
        "spreading_factor": 7,
        "gateways": 2,
        "f_cnt": 40,
    }
    assert [type(one.value) for one in health.values] == [float, float, float, int, int, int]


def test_a_battery_alone_is_a_reading() -> None:
    (health,) = read(installation(ReadingSpec((value("battery"),))), {"battery": 101}).readings
    assert health.values == (Value("battery", 101.0, Flag.FAIL, test="range"),)


def test_frames_that_are_missing_are_lost() -> None:
    state = DeviceState(seen_ns=NOON - HOUR, f_cnt=40)

    def lost(**said: Any) -> float | None:
        reading = health_reading(uplink(**said), state)
        return fields(reading).get("lost") if reading else None

    assert lost(f_cnt=43) == 2
    assert lost(f_cnt=41) is None
    assert lost(f_cnt=40) is None
    assert lost(f_cnt=3) is None
    assert lost(time_ns=NOON - 2 * HOUR, f_cnt=43) is None
    assert lost(f_cnt=None, rssi=-1.0) is None


def test_a_join_is_joined_and_the_next_frame_has_lost_nothing() -> None:
    place = installation(PM)
    state = DeviceState(seen_ns=NOON - HOUR, f_cnt=4)
    join = uplink(kind=Kind.JOIN)
    assert health_reading(join, state) == Reading("device", NOON, (Value("joined", 1),))
    state = advance(join, place, state)
    assert (state.seen_ns, state.f_cnt, state.restarted_ns) == (NOON, None, NOON)
    *_, health = read(place, {"pm2_5": 1}, NOON + MINUTE, state, f_cnt=7).readings
    assert fields(health) == {"f_cnt": 7}


def test_a_status_tells_the_battery_and_moves_nothing() -> None:
    state = DeviceState(seen_ns=NOON - HOUR, f_cnt=4)
    status = uplink(kind=Kind.STATUS, battery=87.5)
    assert health_reading(status, state) == Reading("device", NOON, (Value("battery", 88.0),))
    assert advance(status, installation(PM), state) == state


def test_an_uplink_without_radio_says_nothing_of_the_device() -> None:
    assert health_reading(uplink(), EMPTY) is None


def test_the_memory_moves_forward_in_device_time_only() -> None:
    place = installation(PM)
    state = advance(uplink(NOON, f_cnt=9), place, EMPTY)
    assert (state.seen_ns, state.f_cnt, state.restarted_ns) == (NOON, 9, 0)
    assert advance(uplink(NOON - HOUR, f_cnt=3), place, state) == state
    assert advance(uplink(NOON - HOUR, f_cnt=30), place, state) == state


def test_a_frame_that_is_sent_again_is_no_restart() -> None:
    state = advance(uplink(NOON, f_cnt=9), installation(PM), EMPTY)
    again = advance(uplink(NOON + MINUTE, f_cnt=9), installation(PM), state)
    assert (again.seen_ns, again.restarted_ns) == (NOON + MINUTE, 0)


def test_a_join_that_comes_late_is_still_a_restart_at_its_time() -> None:
    state = advance(uplink(NOON, f_cnt=0), installation(PM), EMPTY)
    late = advance(uplink(NOON - MINUTE, kind=Kind.JOIN), installation(PM), state)
    assert (late.seen_ns, late.f_cnt, late.restarted_ns) == (NOON, 0, NOON - MINUTE)


def test_a_stored_uplink_is_remembered() -> None:
    normalised = read(installation(PM), {"pm2_5": 1})
    assert is_duplicate(uplink(), normalised.state)


# Uplinks that say nothing


def test_a_port_that_is_not_read_is_named() -> None:
    place = installation(ReadingSpec(PM.values, ports=frozenset({1, 2})))
    with pytest.raises(UplinkRefused, match="port 190 is not one that some-type reads: 1, 2") as caught:
        read(place, {"pm2_5": 1}, f_port=190, **RADIO)
    assert caught.value.reason == "port_not_read"
    assert "ignore_ports" in caught.value.hint


def test_of_a_server_that_tells_no_port_every_reading_is_read() -> None:
    place = installation(ReadingSpec(PM.values, ports=frozenset({1, 2})))
    (air,) = read(place, {"pm2_5": 1}, f_port=None).readings
    assert [(value.field, value.value) for value in air.values] == [("pm2_5", 1.0)]
    with pytest.raises(UplinkRefused, match=r"reads \(pm2_5\) is among those found: pm25"):
        read(place, {"pm25": 1}, f_port=None)


def test_fields_that_are_not_known_are_named() -> None:
    with pytest.raises(UplinkRefused, match=r"reads \(pm2_5\) is among those found: pm25, error") as caught:
        read(installation(PM), {"pm25": 1, "error": "x"}, **RADIO)
    assert caught.value.reason == "no_known_field"


def test_an_empty_object_has_no_known_field() -> None:
    with pytest.raises(UplinkRefused, match="found: nothing") as caught:
        read(installation(PM), {}, **RADIO)
    assert caught.value.reason == "no_known_field"


def test_values_that_cannot_be_read_are_named() -> None:
    with pytest.raises(UplinkRefused, match="pm2_5: 'abc' is no number") as caught:
        read(installation(PM), {"pm2_5": "abc"}, **RADIO)
    assert caught.value.reason == "unreadable_values"


def test_a_device_that_has_no_value_now_still_lives() -> None:
    normalised = read(installation(PM), {"pm2_5": "No Sensor"}, **RADIO)
    assert [reading.measurement for reading in normalised.readings] == ["device"]
    assert normalised.complaints == ()


def test_no_value_and_no_radio_is_refused() -> None:
    with pytest.raises(UplinkRefused, match="no value now") as caught:
        read(installation(PM), {"pm2_5": "No Sensor"})
    assert caught.value.reason == "unreadable_values"


def test_one_bad_value_costs_only_itself() -> None:
    normalised = read(installation(AIR), {"pm2_5": float("nan"), "no2": "x", "air_pressure": 100000})
    assert [fields(reading) for reading in normalised.readings] == [{"air_pressure": 1000.0}]
    assert normalised.complaints == (
        "pm2_5: nan is no number that can be stored for pm2_5",
        "no2: 'x' is no number",
    )


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["pm2_5", "total", "occupied", "dir", "ts", "h", "s", "value"]), inner
        )
    ),
    max_leaves=12,
)
_EVERYTHING = installation(
    AIR,
    BAY,
    ReadingSpec(TOTAL.values, (tag("direction", "dir", L="ltr"),), time=compile_path("ts")),
    ReadingSpec(
        (value("count", "total", counter="delta"),), each=compile_path("h"), interval=compile_path("s")
    ),
)


@given(st.dictionaries(st.sampled_from(["pm2_5", "total", "occupied", "dir", "ts", "h", "s"]), _ANYTHING))
def test_whatever_a_decoder_says_becomes_readings_or_a_refusal(decoded: dict[str, Any]) -> None:
    def once() -> Normalised | str:
        try:
            return normalise(uplink(), decoded, _EVERYTHING, EMPTY, NOON)
        except UplinkRefused as refusal:
            return refusal.reason

    became = once()
    if isinstance(became, str):
        assert became in {"no_known_field", "unreadable_values", "time", "tag"}
    else:
        assert became.readings
    assert became == once()


@given(
    spec=st.sampled_from([*AIR.values, value("air_temperature", unit="[degF]"), value("count")]),
    found=st.one_of(
        st.floats(-1e5, 1.2e5), st.floats(-1, 101), st.integers(-(10**400), 10**400), st.integers(-3, 300)
    ),
    calibration=st.sampled_from([None, Calibration(1.1, -0.5)]),
)
def test_each_number_becomes_what_mapping_and_quality_make_of_it(
    spec: ValueSpec, found: float, calibration: Calibration | None
) -> None:
    place = installation(
        ReadingSpec((spec,)), calibration={} if calibration is None else {spec.path: calibration}
    )
    try:
        number = mapping.number(found, spec)
    except Unreadable:
        with pytest.raises(UplinkRefused, match="no number that can be stored"):
            read(place, {spec.path: found})
        return
    assert number is not None
    (reading,) = read(place, {spec.path: found}).readings
    assert repr(only(reading)) == repr(quality.value(spec.quantity, number, calibration))
