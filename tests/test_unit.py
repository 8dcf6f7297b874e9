"""Units: spellings, and factors against figures of others."""

import pytest

from devices import unit
from devices.duration import seconds
from devices.quantity import CATALOGUE, factors


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("µg/m³", "ug/m3"),
        ("μg/m³", "ug/m3"),  # the Greek letter, which looks the same
        ("µg⋅m⁻³", "ug/m3"),
        ("ug/m^3", "ug/m3"),
        ("°C", "Cel"),
        (" ppb ", "[ppb]"),
        ("ppm", "[ppm]"),
        ("dB(A)", "dB"),
        ("mbar", "hPa"),
        ("W/m²", "W/m2"),
        ("µS⋅cm⁻¹", "uS/cm"),
        ("m³⋅m⁻³", "m3/m3"),
        ("℃", "Cel"),
        ("hPa", "hPa"),
        ("furlong", "furlong"),
    ],
)
def test_a_unit_is_known_however_people_spell_it(spelling: str, code: str) -> None:
    assert unit.ucum(spelling) == code


@pytest.mark.parametrize(
    ("name", "micrograms"),
    [("no", 1.2477), ("no2", 1.9130), ("o3", 1.9959), ("so2", 2.6640)],
)
def test_a_part_per_billion_of_a_gas_weighs_what_the_ordinance_says(name: str, micrograms: float) -> None:
    # Published factors for 293 K and 101.3 kPa; 25 °C would give 1.7 % less.
    assert factors(CATALOGUE[name], "ppb") == pytest.approx((micrograms, 0.0), abs=5e-5)
    assert factors(CATALOGUE[name], "ppm") == pytest.approx((1000 * micrograms, 0.0), abs=0.05)


def test_carbon_monoxide_is_in_milligrams() -> None:
    assert factors(CATALOGUE["co"], "ppm") == pytest.approx((1.1647, 0.0), abs=5e-5)
    assert factors(CATALOGUE["co"], "ug/m3") == (0.001, 0.0)


@pytest.mark.parametrize(
    ("name", "spelling", "said", "means"),
    [
        ("air_temperature", "°F", 212, 100.0),
        ("air_temperature", "K", 273.15, 0.0),
        ("air_pressure", "Pa", 101325, 1013.25),
        ("air_pressure", "bar", 1.5, 1500.0),
        ("wind_speed", "km/h", 36, 10.0),
        ("wind_speed", "kn", 3600, 1852.0),
        ("speed", "m/s", 10, 36.0),
        ("speed", "mph", 100, 160.9344),
        ("precipitation", "l/m²", 2.5, 2.5),
        ("battery_voltage", "mV", 3300, 3.3),
        ("water_level", "mm", 1234, 123.4),
        ("stay", "min", 90, 5400.0),
        ("relative_humidity", "1", 0.55, 55.0),
    ],
)
def test_numbers_arrive_in_the_catalogues_unit(name: str, spelling: str, said: float, means: float) -> None:
    factor, offset = factors(CATALOGUE[name], spelling)
    assert factor * said + offset == pytest.approx(means, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("name", ["pm1", "pm2_5", "pm4", "pm10"])
def test_particles_are_never_taken_in_parts_per_billion(name: str) -> None:
    said = f"{name} is a mass of particles, and ppb is for gases: say one of ug/m3, mg/m3, ng/m3"
    with pytest.raises(ValueError, match=said):
        factors(CATALOGUE[name], "ppb")


def test_a_unit_may_be_left_out_for_plain_numbers_only() -> None:
    assert factors(CATALOGUE["occupied"], None) == (1.0, 0.0)
    with pytest.raises(ValueError, match="air_pressure needs its unit: say one of hPa, Pa, kPa, bar"):
        factors(CATALOGUE["air_pressure"], None)


@pytest.mark.parametrize(("text", "length"), [("30s", 30), ("10min", 600), ("1h", 3600), ("2 d", 172800)])
def test_durations_are_read(text: str, length: int) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "10", "min", "0min", "10m", "1.5h", "-1h", "10 minutes"])
def test_a_duration_that_is_none_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="write a whole number and s, min, h or d, as in 10min"):
        seconds(text)


def test_a_pressure_is_a_column_of_water() -> None:
    # The conventional metre of water: 1 mH2O = 9806.65 Pa.
    assert factors(CATALOGUE["water_level"], "bar") == pytest.approx((1019.7162, 0.0), abs=5e-5)
    assert factors(CATALOGUE["water_level"], "mbar") == pytest.approx((1.0197162, 0.0), abs=5e-8)


@pytest.mark.parametrize("code", sorted({code for one in CATALOGUE.values() for code in one.units}))
def test_a_unit_as_people_write_it_is_understood_again(code: str) -> None:
    assert unit.ucum(unit.symbol(code)) == code
