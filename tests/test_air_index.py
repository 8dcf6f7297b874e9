"""Every edge of every band of both indices, and what an index rests on."""

import pytest

from publish import air_index
from publish.air_index import Bands, european_2024, level, uba_2025

# Umweltbundesamt, Luftqualitätsindex, edition of 2025: the classes' bands as printed, whole µg/m³
UBA = {
    "pm10": [(0, 9), (10, 27), (28, 54), (55, 90), (91, 5000)],
    "pm2_5": [(0, 5), (6, 15), (16, 30), (31, 50), (51, 5000)],
    "o3": [(0, 24), (25, 72), (73, 144), (145, 240), (241, 5000)],
    "no2": [(0, 10), (11, 30), (31, 60), (61, 100), (101, 5000)],
    "so2": [(0, 10), (11, 30), (31, 60), (61, 100), (101, 5000)],
}
# European Air Quality Index of 2024 (ETC HE Report 2024/17)
EUROPEAN = {
    "pm2_5": [(0, 5), (6, 15), (16, 50), (51, 90), (91, 140), (141, 5000)],
    "pm10": [(0, 15), (16, 45), (46, 120), (121, 195), (196, 270), (271, 5000)],
    "no2": [(0, 10), (11, 25), (26, 60), (61, 100), (101, 150), (151, 5000)],
    "o3": [(0, 60), (61, 100), (101, 120), (121, 160), (161, 180), (181, 5000)],
    "so2": [(0, 20), (21, 40), (41, 125), (126, 190), (191, 275), (276, 5000)],
}
TABLES = {"uba_2025": (UBA, air_index.UBA_2025), "european_2024": (EUROPEAN, air_index.EUROPEAN_2024)}
EDGES = [
    pytest.param(bands, pollutant, number, low, high, id=f"{name}-{pollutant}-{number}")
    for name, (table, bands) in TABLES.items()
    for pollutant, printed in table.items()
    for number, (low, high) in enumerate(printed, 1)
]


@pytest.mark.parametrize(("bands", "pollutant", "number", "low", "high"), EDGES)
def test_a_band_begins_and_ends_where_it_is_printed(
    bands: Bands, pollutant: str, number: int, low: int, high: int
) -> None:
    upper = bands[pollutant]
    assert [level(float(value), upper) for value in (low, high)] == [number, number]


@pytest.mark.parametrize(("bands", "pollutant", "number", "low", "high"), EDGES)
def test_between_two_bands_half_is_rounded_up(
    bands: Bands, pollutant: str, number: int, low: int, high: int
) -> None:
    upper = bands[pollutant]
    assert level(high + 0.49, upper) == number
    if number <= len(upper):
        assert level(high + 0.5, upper) == number + 1
    if low:
        assert level(low - 0.5, upper) == number
        assert level(low - 0.51, upper) == number - 1


@pytest.mark.parametrize(("printed", "bands"), TABLES.values(), ids=TABLES)
def test_the_tables_hold_the_same_pollutants(printed: dict[str, object], bands: Bands) -> None:
    assert printed.keys() == bands.keys()


@pytest.mark.parametrize("value", [-0.0, -0.4, -0.5, -0.51, -5.0])
def test_below_zero_is_taken_as_zero(value: float) -> None:
    assert level(value, air_index.UBA_2025["no2"]) == 1


def test_the_worst_pollutant_decides_and_is_named() -> None:
    found = uba_2025({"pm2_5": 31.0, "no2": 4.0, "o3": 145.0, "pm10": 30.0, "co2": 900.0})
    assert found is not None
    assert (found.level, found.by, found.of) == (4, ("o3", "pm2_5"), ("no2", "o3", "pm10", "pm2_5"))
    assert not found.complete
    same = european_2024({"pm2_5": 31.0, "no2": 4.0, "o3": 145.0, "pm10": 30.0})
    assert same is not None
    assert (same.level, same.by) == (4, ("o3",))


def test_only_all_five_make_a_complete_index() -> None:
    found = uba_2025(dict.fromkeys(air_index.UBA_2025, 1.0))
    assert found is not None
    assert found.complete
    assert found.by == found.of == ("no2", "o3", "pm10", "pm2_5", "so2")


def test_without_any_of_its_pollutants_there_is_no_index() -> None:
    assert uba_2025({"co": 1.0}) is None
    assert european_2024({}) is None
