"""The catalogue keeps its promises: names, units, types, ranges."""

import re

import pytest

from devices.quantity import CATALOGUE, Quantity
from publish import german

QUANTITIES = sorted(CATALOGUE.values(), key=lambda quantity: quantity.name)


def test_the_names_that_are_promised_are_there() -> None:
    promised = {
        "air_quality": {"pm1", "pm2_5", "pm10", "no", "no2", "o3", "so2", "co", "co2"},
        "parking": {"occupied", "arrivals", "stay", "occupied_bays", "observed_bays", "capacity"},
        "traffic": {"count", "count_total", "speed"},
        "device": {
            "battery",
            "battery_voltage",
            "rssi",
            "snr",
            "spreading_factor",
            "gateways",
            "f_cnt",
            "lost",
        },
    }
    for measurement, names in promised.items():
        assert names <= {name for name, quantity in CATALOGUE.items() if quantity.measurement == measurement}


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: str(quantity.name))
def test_each_quantity_is_whole(quantity: Quantity) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", quantity.name)
    assert not quantity.name.endswith(("_failed", "_qc", "_raw", "_1h"))  # these are made of names
    assert quantity.title
    assert quantity.units[quantity.unit] == (1.0, 0.0)
    low, high = quantity.plausible
    assert low is not None
    for usual in quantity.usual:
        assert usual is None or (low <= usual and (high is None or usual <= high))


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: str(quantity.name))
def test_units_are_ucum_codes_and_not_spellings(quantity: Quantity) -> None:
    assert all(code.isascii() and code not in {"ppb", "ppm", "C"} for code in quantity.units)


def test_states_and_counts_are_integers_and_measurements_floats() -> None:
    integers = {quantity.name for quantity in QUANTITIES if quantity.decimals is None}
    assert {"occupied", "arrivals", "count", "count_total", "f_cnt", "lost", "interval"} <= integers
    assert not {"pm2_5", "speed", "stay", "battery", "rssi"} & integers


def test_every_total_has_the_type_and_unit_of_what_it_counts() -> None:
    totals = [name for name in CATALOGUE if name.endswith("_total")]
    assert totals
    for name in totals:
        total, counted = CATALOGUE[name], CATALOGUE[name.removesuffix("_total")]
        assert (total.measurement, total.unit, total.decimals) == (
            counted.measurement,
            counted.unit,
            counted.decimals,
        )


def test_every_quantity_and_unit_has_its_german() -> None:
    assert [name for name in CATALOGUE if name not in german.QUANTITIES] == []
    assert {one.unit for one in CATALOGUE.values()} - german.UNITS.keys() == set()
