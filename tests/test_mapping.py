"""What stands in a decoded object, as a number, a tag or a time."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import mapping
from devices.mapping import Unreadable
from devices.type import MISSING, TagSpec, ValueSpec
from tests.street import HOUR, NOON, SECOND, tag, value

PM = value("pm2_5")
DISTANCE = value("water_level", unit="mm")
OCCUPIED = value("occupied", words={"occupied": 1, "vacant": 0, "true": 1, "false": 0})
STATE = value("occupied")
COUNT = value("count", counter="total", width=32)


@pytest.mark.parametrize(
    ("found", "spec", "number"),
    [
        (8.0, PM, 8.0),
        (8, PM, 8),
        (-3.5, value("no2"), -3.5),
        ({"value": 8.0, "unit": "µg⋅m⁻³", "displayName": "PM2.5"}, PM, 8.0),
        ({"value": 8.0}, PM, 8.0),
        ({"value": 0.5, "unit": "mg/m³"}, PM, 500.0),
        ({"value": "8,5", "unit": "ug/m3"}, PM, 8.5),
        ({"value": None, "unit": "ug/m3"}, PM, None),
        ({"value": True}, STATE, 1),
        ("0.40", PM, 0.4),
        (" 12,5 ", PM, 12.5),
        ("1e2", PM, 100.0),
        ("-94", value("rssi"), -94),
        ("+7", PM, 7),
        ("25 C", value("air_temperature"), 25),
        ("298.15K", value("air_temperature"), 25.0),
        ("2799 mm", DISTANCE, 279.9),
        ("25 ℃", value("air_temperature", unit="°F"), 25.0),
        ("2.8 m", DISTANCE, 280.0),
        ("2799", DISTANCE, 279.9),
        ("50%", value("relative_humidity"), 50),
        ("7 quux", PM, 7),
        (100613.25, value("air_pressure", unit="Pa"), 1006.1325),
        ("occupied", OCCUPIED, 1),
        (" Vacant", OCCUPIED, 0),
        ("TRUE", OCCUPIED, 1),
        (True, OCCUPIED, 1),
        (0.0, OCCUPIED, 0.0),
        (1, OCCUPIED, 1),
        (2.0, value("occupied", words={"2": 1, "3": 0}), 1),
        (True, STATE, 1),
        (False, STATE, 0),
        (4_000_000_001, COUNT, 4_000_000_001),
        (9_007_199_254_740_993, value("count", counter="total"), 9_007_199_254_740_993),
        ("9007199254740993", value("count", counter="total"), 9_007_199_254_740_993),
    ],
)
def test_a_number_is_read_in_the_catalogues_unit(found: Any, spec: ValueSpec, number: float | None) -> None:
    assert mapping.number(found, spec) == (None if number is None else pytest.approx(number, rel=1e-12))


def test_an_integer_that_needs_no_conversion_stays_exact() -> None:
    assert mapping.number(9_007_199_254_740_993, COUNT) == 9_007_199_254_740_993
    assert mapping.number("9007199254740993", COUNT) == 9_007_199_254_740_993
    assert type(mapping.number({"value": 7}, COUNT)) is int


@pytest.mark.parametrize("found", [None, "", "  ", "No Sensor", "NoSensor", "NO SENSOR", "nan", "NaN", "Err"])
def test_what_means_no_value_is_absent_without_complaint(found: Any) -> None:
    assert mapping.number(found, value("pm2_5", missing=["Err"])) is None


@pytest.mark.parametrize(
    ("found", "spec"),
    [
        (math.nan, PM),
        (math.inf, PM),
        (-math.inf, PM),
        (2**63, COUNT),
        (1e300, PM),
        (1e18, value("pm2_5", unit="mg/m3")),
        ("abc", PM),
        ("1.234,5", PM),
        ("1,", PM),
        ("12:30", PM),
        ("2026-03-01", PM),
        ("3 of 5", PM),
        ("inf", PM),
        ("1e999", PM),
        ("9" * 5000, PM),
        ("٣", PM),
        ("free", OCCUPIED),
        (True, PM),
        (True, COUNT),
        ({"value": False}, PM),
        ({}, PM),
        ({"unit": "mm"}, PM),
        ({"value": {"value": 1}}, PM),
        ({"value": [1]}, PM),
        ([], PM),
        ([1], PM),
    ],
)
def test_what_is_no_number_says_what_stands_there(found: Any, spec: ValueSpec) -> None:
    with pytest.raises(Unreadable, match="is no number"):
        mapping.number(found, spec)


def test_a_word_that_is_not_known_is_answered_with_those_that_are() -> None:
    with pytest.raises(Unreadable, match=r"'free' is no number nor one of: false, occupied, true, vacant"):
        mapping.number("free", OCCUPIED)


def test_a_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(Unreadable) as caught:
        mapping.number("x" * 10_000, PM)
    assert len(str(caught.value)) < 100


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "unit", "x"]), inner)
    ),
    max_leaves=6,
)


@given(_JSON, st.sampled_from([PM, DISTANCE, OCCUPIED, STATE, COUNT]))
def test_whatever_stands_there_gives_a_storable_number_or_unreadable(found: Any, spec: ValueSpec) -> None:
    try:
        number = mapping.number(found, spec)
    except Unreadable:
        return
    assert number is None or (math.isfinite(number) and -(2**63) <= number < 2**63)


@given(st.floats(-1e6, 1e6), st.sampled_from(["", " ", " mm", "mm", " µm/s"]), st.booleans())
def test_a_float_written_as_text_is_read_as_that_float(plain: float, unit: str, comma: bool) -> None:
    text = repr(plain).replace(".", "," if comma else ".")
    assert mapping.number(text + unit, PM) == plain


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01T13:00:00+01:00", NOON),
        ("2026-03-01 12:00:00", NOON),
        ("2026-03-01T12:00:00.250Z", NOON + SECOND // 4),
        (1772366400, NOON),
        (1772366400.25, NOON + SECOND // 4),
        (1772366400250, NOON + SECOND // 4),
        (1772366400250000, NOON + SECOND // 4),
        (NOON + 1, NOON + 1),
        ("1772366400", NOON),
        ("1772366400.25", NOON + SECOND // 4),
        (0, 0),
        (-3600, -HOUR),
        (MISSING, None),
        (None, None),
        ("", None),
    ],
)
def test_a_time_is_read_to_the_nanosecond(found: Any, said: int | None) -> None:
    assert mapping.time_ns(found) == said


@pytest.mark.parametrize("spec", [PM, DISTANCE])
@pytest.mark.parametrize("found", [10**400, -(10**400), {"value": 10**400}])
def test_an_integer_of_hundreds_of_digits_cannot_be_stored(found: Any, spec: ValueSpec) -> None:
    with pytest.raises(Unreadable, match="is no number that can be stored"):
        mapping.number(found, spec)


@pytest.mark.parametrize(
    "found", ["noon", "12:30", True, [], {}, math.nan, math.inf, 1e40, 10**30, "9" * 40, "9" * 5000, "nan1"]
)
def test_what_is_no_time_says_so(found: Any) -> None:
    with pytest.raises(Unreadable, match="is no time"):
        mapping.time_ns(found)


@given(_JSON)
def test_whatever_stands_there_is_a_time_or_unreadable(found: Any) -> None:
    try:
        said = mapping.time_ns(found)
    except Unreadable:
        return
    assert said is None or isinstance(said, int)


@pytest.mark.parametrize(
    ("found", "said"), [(900, 900), (899.7, 900), ("600", 600), (MISSING, None), (None, None)]
)
def test_an_interval_is_whole_seconds(found: Any, said: int | None) -> None:
    assert mapping.seconds(found) == said


@pytest.mark.parametrize("found", [0, -5, 1e12, math.nan, math.inf, True, "soon", "5 min", [], {}])
def test_what_is_no_interval_says_so(found: Any) -> None:
    with pytest.raises(Unreadable, match="is no interval"):
        mapping.seconds(found)


@pytest.mark.parametrize(
    ("said", "becomes"), [("L", "ltr"), (1, "first"), (1.0, "first"), (True, "yes"), ("in", "in")]
)
def test_a_tag_becomes_what_type_or_device_list(said: Any, becomes: str) -> None:
    spec = tag("direction", "dir", L="ltr", **{"1": "first", "true": "yes"})
    assert mapping.tag(spec, {"dir": said}, {"in": "inbound"}) == (becomes, "")


def test_a_fixed_tag_needs_no_payload() -> None:
    assert mapping.tag(TagSpec("direction", value="ltr"), {}, {}) == ("ltr", "")


@pytest.mark.parametrize(
    ("said", "text"), [("up", "up"), (7, "7"), (None, ""), (["L"], "['l']"), ("x" * 99, "x" * 60)]
)
def test_a_tag_that_is_not_listed_says_what_is(said: Any, text: str) -> None:
    value, refusal = mapping.tag(tag("direction", "dir", L="ltr"), {"dir": said}, {"in": "inbound"})
    assert value == text
    assert "direction at dir" in refusal
    assert "L, in" in refusal


def test_a_list_that_is_none_or_too_long_is_unreadable() -> None:
    assert mapping.items(MISSING) == ()
    assert mapping.items([1, 2]) == [1, 2]
    with pytest.raises(Unreadable, match="is no list"):
        mapping.items({"0": 1})
    with pytest.raises(Unreadable, match="1001 items"):
        mapping.items([0] * 1001)
