"""What the names in a decoded object tell: quantities and units for the draft of a device type."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import examples, guess_rules, yaml
from devices.guess import guesses, leaves
from devices.quantity import CATALOGUE
from devices.type_draft import Sample, draft
from devices.type_file import TypeFile, compile_type
from devices.yaml_write import block, flow


def told(decoded: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {one.leaf.path: (one.quantity, one.unit) for one in guesses(decoded)}


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("temperature", 21.5, ("air_temperature", "Cel")),
        ("TempC_SHT", "21.5", ("air_temperature", "Cel")),
        ("board_temperature", 30, ("device_temperature", "Cel")),
        ("humidity", 45, ("relative_humidity", "%")),
        ("pressure", 1013.2, ("air_pressure", "hPa")),
        ("barometric_pressure", 96800, ("air_pressure", "Pa")),
        ("pressure", 0.98, ("air_pressure", "bar")),
        ("pm2_5", 7, ("pm2_5", "ug/m3")),
        ("PM2.5", 7, ("pm2_5", "ug/m3")),
        ("pm1_0_mass_concentration", 7.5, ("pm1", "ug/m3")),
        ("CO2_ppm", 420, ("co2", "[ppm]")),
        ("no2_ppb", 20.1, ("no2", "[ppb]")),
        ("battery", 92, ("battery", "%")),
        ("battery", 3.6, ("battery_voltage", "V")),
        ("BatV", 3.062, ("battery_voltage", "V")),
        ("battery_mv", 3600, ("battery_voltage", "mV")),
        ("Distance", "2799 mm", ("distance", "mm")),
        ("temperature", "25 ℃", ("air_temperature", "Cel")),
        ("windSpeed", 3.4, ("wind_speed", "m/s")),
        ("LAeq", 54.2, ("laeq", "dB")),
        ("occupied", True, ("occupied", None)),
        ("parking_status", "free", ("occupied", None)),
        ("fillLevel", 40, ("fill_level", "%")),
    ],
)
def test_a_name_and_its_value_tell_quantity_and_unit(
    name: str, value: Any, meant: tuple[str, str | None]
) -> None:
    [found] = guesses({name: value})
    assert (found.quantity, found.unit) == meant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("no2", 20.1),  # ppb or µg/m³
        ("pressure", 1.8),  # of no air
        ("vapor_pressure", 98),
        ("pm2_5_number_concentration", 30),
        ("frame_counter", 12),
        ("battery", "low"),
        ("temperature", None),
        ("weird", 5),
        ("parking_status", "who knows"),
    ],
)
def test_what_a_name_does_not_tell_is_left_to_the_technician(name: str, value: Any) -> None:
    assert guesses({name: value}) == []


def test_a_unit_beside_the_value_counts_more_than_the_usual_one() -> None:
    said = {"distance": {"value": 120, "unit": "cm"}, "no2": {"value": 13.5, "unit": "ppb"}}
    assert told(said) == {"distance.value": ("distance", "cm"), "no2.value": ("no2", "[ppb]")}


def test_a_temperature_is_that_of_what_else_is_measured() -> None:
    assert told({"temperature": 20, "moisture": 30})["temperature"][0] == "soil_temperature"
    assert told({"temperature": 20, "occupied": 1})["temperature"][0] == "device_temperature"
    assert told({"temperature": 20, "occupied": 1, "humidity": 30})["temperature"][0] == "air_temperature"


def test_counters_are_told_by_way_and_lane_and_totals_win() -> None:
    said = {"line_1_total_in": 72, "line_1_total_out": 200, "line_2_total_in": 0, "line_1_period_in": 3}
    assert [(one.leaf.path, one.counter, dict(one.tags)) for one in guesses(said)] == [
        ("line_1_total_in", "total", {"direction": "in", "lane": "1"}),
        ("line_1_total_out", "total", {"direction": "out", "lane": "1"}),
        ("line_2_total_in", "total", {"direction": "in", "lane": "2"}),
    ]


def test_channels_that_are_numbers_have_the_name_above_them() -> None:
    said = {"temperatureSensor": {"1": 25}, "humiditySensor": {"1": 32}}
    assert told(said) == {
        "temperatureSensor.1": ("air_temperature", "Cel"),
        "humiditySensor.1": ("relative_humidity", "%"),
    }


def test_no_quantity_is_told_twice() -> None:
    assert told({"temperature": 20, "temp": 21}) == {"temperature": ("air_temperature", "Cel")}


keys = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["temperature", "pm2.5", "count_in", "NO", "yes", "battery", "value", "unit", "1", "Pd (P1)"]
    ),
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
)
objects = st.dictionaries(
    keys,
    st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)),
)


@given(objects)
def test_any_object_becomes_a_type_that_passes_its_own_example(decoded: dict[str, Any]) -> None:
    made = draft("acme-x1", "Acme: #1", "X1", "lns", Sample("a: 'b' # c", decoded, 7))
    described = TypeFile.model_validate(yaml.parse(made.text))
    assert described.examples[0].decoded == decoded
    assert examples.run(compile_type(described, "acme-x1"), described.examples[0]).mismatches == ()


@given(objects)
def test_what_is_written_reads_back_the_same(value: dict[str, Any]) -> None:
    assert yaml.parse("\n".join(block("said", value, 0))) == {"said": value}
    assert yaml.parse(flow(value)) == value


def test_every_guess_is_a_quantity_that_takes_its_unit() -> None:
    for rule in guess_rules.RULES:
        units = CATALOGUE[rule.quantity].units
        assert rule.unit is None or callable(rule.unit) or rule.unit in units


def test_leaves_are_paths_that_type_files_can_write() -> None:
    said = {"pm2.5": 1, "a": {"b c": 2, "list": [1]}, 'q"': 3, "v": {"value": 4, "unit": "V"}}
    assert [(one.path, one.value, one.unit) for one in leaves(said)] == [
        ('"pm2.5"', 1, None),
        ('a."b c"', 2, None),
        ("a.list", [1], None),
        ("", 3, None),
        ("v.value", 4, "V"),
    ]
