"""An export of which nothing comes says why, and where there is something."""

from pathlib import Path
from typing import Any

import pytest

from devices.language import in_language
from publish.export.errors import NothingFound
from tests.exports import BEGIN_NS, Town
from tests.servers.influxdb import Database

DAY_NS = 86400 * 10**9


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "town").set_up()


def said(town: Town, tmp_path: Path, **ask: Any) -> tuple[str, str]:
    """Why there is nothing, and the hint."""
    folder = tmp_path / "share"
    folder.mkdir(exist_ok=True)
    with pytest.raises(NothingFound) as nothing:
        town.export(folder / "a.csv", **ask)
    assert list(folder.iterdir()) == []
    assert in_language(nothing.value.args[0], "de") != str(nothing.value)
    return str(nothing.value), nothing.value.hint


def test_it_names_the_values_around_the_time(town: Town, tmp_path: Path) -> None:
    later = Town(town.folder, begin_ns=BEGIN_NS + 60 * DAY_NS)
    town.write(town.lines(["pm10=4.0", "pm10=5.0"]))
    later.write(later.lines(["pm10=4.0", "pm10=5.0"]))
    assert said(town, tmp_path, begin="2026-02-01", to="2026-02-03") == (
        "in that time, 2026-02-01 00:00 to 2026-02-04 00:00, there is no value",
        "the last one before it is of 2026-01-01 01:05, the first one after it of 2026-03-02 01:00",
    )
    assert said(town, tmp_path, begin="2026-05-01", to="2026-05-03")[1] == (
        "the last one before it is of 2026-03-02 01:05; there is none after it"
    )
    assert said(town, tmp_path, begin="2025-11-01", to="2025-11-03")[1] == (
        "the first one after it is of 2026-01-01 01:00"
    )


def test_it_says_that_there_is_nothing_at_all(town: Town, tmp_path: Path) -> None:
    assert not town.store.exists()
    assert said(town, tmp_path, begin="2026-02-01", to="2026-02-03")[1].startswith("nor is there one within")
    assert not town.store.exists()


def test_it_asks_influxdb_in_the_same_way(town: Town, tmp_path: Path, influxdb: Database) -> None:
    town.set_up(store="influx", influx=influxdb.settings().model_dump(mode="json"))
    assert said(town, tmp_path, begin="2026-02-01", to="2026-02-03")[1].startswith("nor is there one within")
    influxdb.write("\n".join(town.lines(["pm10=4.0", "pm10=5.0"])))
    assert said(town, tmp_path, begin="2026-02-01", to="2026-02-03")[1] == (
        "the last one before it is of 2026-01-01 01:05; there is none after it"
    )


def test_values_of_another_quantity_or_place_do_not_count(town: Town, tmp_path: Path) -> None:
    town.write(town.lines(["pm10=4.0"]))
    elsewhere = said(town, tmp_path, begin="2026-01-01", to="2026-01-03", device=("luft-01",))
    assert elsewhere[1].startswith("nor is there one within")
    other = said(town, tmp_path, begin="2026-01-01", to="2026-01-03", quantity=("pm2_5",))
    assert other[1].startswith("nor is there one within")


def test_it_says_that_all_values_failed_or_were_dropped(town: Town, tmp_path: Path) -> None:
    town.write(town.lines(["pm10_failed=9000.0", "pm10_failed=9001.0"]))
    town.write(town.lines(["pm10=4.0,pm10_qc=3i"], number=1))
    day = {"begin": "2026-01-01", "to": "2026-01-02"}
    assert said(town, tmp_path, device=("luft-00",), **day)[0] == (
        "all values of that time (2) failed their tests, and such are never exported"
    )
    assert said(town, tmp_path, device=("luft-01",), suspect="drop", **day) == (
        "all values of that time (1) are suspect, and such were to be dropped",
        "with suspect keep they are there, marked with the flag 3",
    )
    assert said(town, tmp_path, suspect="drop", **day)[0] == (
        "no value of that time is left: 2 failed their tests, 1 are suspect and were to be dropped"
    )


def test_it_says_that_nothing_stood_there_yet_or_any_more(tmp_path: Path) -> None:
    town = Town(tmp_path / "town", since="    from: 2026-03-01 10:00\n    until: 2026-04-01 10:00\n").set_up()
    assert said(town, tmp_path, begin="2026-02-01", to="2026-02-03") == (
        "in that time, 2026-02-01 00:00 to 2026-02-04 00:00, nothing was measured there yet",
        "the first of these places was equipped on 2026-03-01 10:00",
    )
    assert said(town, tmp_path, begin="2026-05-01", to="2026-05-03") == (
        "in that time, 2026-05-01 00:00 to 2026-05-04 00:00, nothing was measured there any more",
        "the last of these places was given up on 2026-04-01 10:00",
    )


@pytest.mark.parametrize("every", ["1h", "1d", "hour-of-day"])
def test_windows_without_any_value_are_nothing_too(town: Town, tmp_path: Path, every: str) -> None:
    town.write(town.lines(["pm10=4.0", "pm10=5.0"]))
    asked = {"begin": "2026-02-01", "to": "2026-02-03", "every": every}
    assert said(town, tmp_path, **asked) == (
        "in that time, 2026-02-01 00:00 to 2026-02-04 00:00, there is no value",
        "the last one before it is of 2026-01-01 01:05; there is none after it",
    )
    state = 'status,device={},municipality=giessen,site=x state="silent" {}'
    hours = range(BEGIN_NS + 30 * DAY_NS, BEGIN_NS + 35 * DAY_NS, 3600 * 10**9)
    town.write(state.format(f"luft-{number:02}", time_ns) for number in range(3) for time_ns in hours)
    assert said(town, tmp_path, **asked)[0].endswith("there is no value: the sensor was silent")


def test_incomplete_windows_are_something(town: Town, tmp_path: Path) -> None:
    town.write(town.lines(["pm10=4.0", "pm10=5.0"]))
    result = town.export(tmp_path / "a.csv", begin="2026-01-01", to="2026-01-01", every="1d")
    assert result.values == 0
    assert "incomplete" in result.files[0].read_text()
    assert result.notes[-1] == "places without any value: luft-01, luft-02"
