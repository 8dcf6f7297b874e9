"""Figures of a month of the city, end to end: against its raw values, and in every format."""

import asyncio
import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest

from ingest import settings_file
from ingest.settings import Settings
from publish.export.ask import FORMATS, Ask
from publish.export.run import Result, export
from publish.export.vocabulary import FIGURES, formula, ucum
from tests import planners_city

ZONE = planners_city.ZONE
MONTH = {"begin": "2026-10-01", "to": "2026-10-31"}
NOW_NS = int((planners_city.END + timedelta(days=3)).timestamp()) * 10**9
ENDINGS = {"csv": "csv", "csv-de": "csv", "xlsx": "xlsx", "parquet": "parquet", "ndjson": "ndjson"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The city, its values in the embedded store."""
    folder = tmp_path_factory.mktemp("city")
    return settings_file.load(planners_city.fill(folder))


def exported(settings: Settings, target: Path, **ask: Any) -> Result:
    told: list[tuple[int, int]] = []
    result = asyncio.run(
        export(
            Ask(**{**MONTH, **ask}),
            settings,
            target,
            now_ns=NOW_NS,
            progress=lambda done, of, _what: told.append((done, of)),
        )
    )
    assert all(done <= of for done, of in told if of)
    return result


def rows_of(settings: Settings, folder: Path, **ask: Any) -> list[dict[str, Any]]:
    """The rows of a Parquet export."""
    exported(settings, folder / "rows.parquet", format="parquet", **ask)
    found: list[dict[str, Any]] = pq.read_table(folder / "rows.parquet").to_pylist()
    return found


def local(row: Mapping[str, Any]) -> datetime:
    """The local time of a row of raw values or windows."""
    time = row["time"]
    if isinstance(time, datetime):
        return time.astimezone(ZONE)
    return datetime.fromtimestamp(time / 1e9, UTC).astimezone(ZONE)


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def test_traffic_of_a_month_equals_its_raw_counts(city: Settings, tmp_path: Path) -> None:
    where = {"device": ("verkehr-licher-strasse",)}
    raw = rows_of(city, tmp_path, shape="long", **where)
    by_day: dict[str, dict[datetime, int]] = defaultdict(lambda: defaultdict(int))
    by_utc: dict[datetime, int] = defaultdict(int)  # an hour of local time comes twice
    for row in raw:
        if row["quantity"] != "count":
            continue
        when = local(row)
        by_day[row["vehicle_class"]][when.replace(hour=0, minute=0)] += int(row["value"])
        if row["vehicle_class"] in ("car", "truck"):
            by_utc[when.astimezone(UTC).replace(minute=0)] += int(row["value"])
    motor = {day: by_day["car"][day] + by_day["truck"][day] for day in by_day["car"]}
    assert len(motor) == 31
    by_hour = [(hour.astimezone(ZONE), many) for hour, many in by_utc.items()]
    slots = {(at.weekday(), at.hour) for at, _ in by_hour}
    expected = {
        "daily_volume_of_hours": sum(
            mean(many for at, many in by_hour if (at.weekday(), at.hour) == slot) for slot in slots
        )
        / 7,
        "daily_volume": mean(motor.values()),
        "daily_volume_workdays": mean(many for day, many in motor.items() if day.weekday() < 5),
        "daily_volume_saturdays": mean(many for day, many in motor.items() if day.weekday() == 5),
        "daily_volume_sundays": mean(many for day, many in motor.items() if day.weekday() == 6),
        "heavy_share": 100 * sum(by_day["truck"].values()) / sum(motor.values()),
        "peak_hour": max(
            mean(many for at, many in by_hour if at.hour == hour and at.weekday() < 5) for hour in range(24)
        ),
    }
    found = rows_of(city, tmp_path, figures="traffic", **where)
    whole = {
        row["figure"]: row["value"]
        for row in found
        if row["vehicle_class"] == "motor_vehicles" and row["direction"] == "stadtauswärts + stadteinwärts"
    }
    assert whole == {name: round(value, 1) for name, value in expected.items()}
    assert 3 < whole["heavy_share"] < 12


def test_a_place_that_was_silent_rests_on_the_days_left(city: Settings, tmp_path: Path) -> None:
    found = rows_of(city, tmp_path, figures="traffic", device=("verkehr-marburger-strasse",))
    days = {(row["figure"], row["days"], row["of_days"]) for row in found if row["figure"] == "daily_volume"}
    assert days == {("daily_volume", 30, 31)}  # without the 21st
    assert {row["coverage"] for row in found if row["figure"] == "daily_volume"} == {99.3}


def test_the_profiles_of_traffic_are_the_means_of_its_hours_and_days(city: Settings, tmp_path: Path) -> None:
    where = {"device": ("verkehr-marburger-strasse",), "quantity": ("count",)}
    hours: dict[tuple[str, int, int], list[float]] = defaultdict(list)
    for row in rows_of(city, tmp_path, every="1h", shape="long", **where):
        if row["value"] is not None:
            hours[row["direction"], local(row).isoweekday(), local(row).hour].append(row["value"])
    week = rows_of(city, tmp_path, every="hour-of-week", shape="long", **where)
    assert len(week) == 2 * 168
    for row in week:
        values = hours[row["direction"], row["weekday"], row["hour"]]
        assert row["value"] == pytest.approx(mean(values), abs=0.51)
        assert row["used"] == len(values)
    # four or five of each hour of the week, one more where the clock goes back, and the 21st (a Wednesday)
    assert {row["used"] for row in week if (row["weekday"], row["hour"]) == (7, 2)} == {5}
    assert {row["used"] for row in week if (row["weekday"], row["hour"]) == (3, 14)} == {3}
    day = {row["hour"]: row for row in rows_of(city, tmp_path, every="hour-of-day", shape="long", **where)}
    assert max(day, key=lambda hour: day[hour]["value"]) in (7, 15, 16, 17)
    weekdays = rows_of(city, tmp_path, every="day-of-week", shape="long", **where)
    by_weekday = {row["weekday"]: row["value"] for row in weekdays if row["direction"] == "stadteinwärts"}
    assert by_weekday[7] < by_weekday[6] < min(by_weekday[day] for day in range(1, 6))


def test_parking_of_a_month_equals_its_raw_states(city: Settings, tmp_path: Path) -> None:
    raw = rows_of(city, tmp_path, site=("Brandplatz",), shape="long")
    states: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    arrivals: dict[str, int] = defaultdict(int)
    stays: dict[str, list[float]] = defaultdict(list)
    for row in raw:
        if row["quantity"] == "occupied":
            states[row["device"]].append((local(row), int(row["value"])))
        elif row["quantity"] == "arrivals":
            arrivals[row["device"]] += int(row["value"])
        elif row["quantity"] == "stay":
            stays[row["device"]].append(row["value"])
    end, begin = planners_city.END.timestamp(), planners_city.BEGIN.timestamp()
    occupied = {
        device: sum(
            state * (after.timestamp() - at.timestamp())
            for (at, state), (after, _) in zip(several, [*several[1:], (planners_city.END, 0)], strict=True)
        )
        for device, several in states.items()
    }
    found = rows_of(city, tmp_path, figures="parking", site=("Brandplatz",))
    values = {(row["device"], row["figure"]): row["value"] for row in found}
    assert len(states) == 5
    for device, seconds in occupied.items():
        assert values[device, "mean_occupancy"] == pytest.approx(100 * seconds / (end - begin), abs=0.06)
        assert values[device, "space_hours"] == pytest.approx(seconds / 3600, abs=0.06)
        known = values[device, "turnover"] * 31
        assert known == pytest.approx(arrivals[device], rel=0.003)
        assert values[device, "mean_stay"] == pytest.approx(mean(stays[device]) / 60, abs=0.06)
    lot = "lot:giessen:Brandplatz"
    assert values[lot, "mean_occupancy"] == pytest.approx(
        100 * sum(occupied.values()) / (5 * (end - begin)), abs=0.06
    )
    assert values[lot, "mean_capacity"] == 5


@pytest.mark.parametrize("figures", ["traffic", "parking"])
def test_every_format_gives_back_the_same_figures_with_their_formulas(
    city: Settings, tmp_path: Path, figures: str
) -> None:
    expected = rows_of(city, tmp_path, figures=figures)
    values = [row["value"] for row in expected]
    assert {row["figure"] for row in expected} <= FIGURES.keys()
    for row in expected:
        assert row["formula"] == formula(row["figure"], "de")
        assert row["unit"] == ucum(row["figure"])
    for form in FORMATS:
        target = tmp_path / f"figures-{form}.{ENDINGS.get(form, form)}"
        result = exported(city, target, figures=figures, format=form)
        assert result.rows == len(expected)
        assert _read(form, target) == values
        package = json.loads((tmp_path / f"{target.name}.datapackage.json").read_text(encoding="utf-8"))
        assert "Wochentag" in package["description"] or "Auslastung" in package["description"]


def _read(form: str, path: Path) -> list[float | None]:
    """The values of a file."""
    if form == "parquet":
        values: list[float | None] = pq.read_table(path).column("value").to_pylist()
        return values
    if form == "ndjson":
        return [json.loads(line)["value"] for line in path.read_text(encoding="utf-8").splitlines()]
    if form == "geojson":
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [one["properties"]["value"] for one in features]
    if form == "gpkg":
        _, _, _, columns = pyogrio.raw.read(path, layer="messwerte", columns=["value"], read_geometry=False)
        return list(columns[0])
    if form == "xlsx":
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
        at = rows[0].index("Wert")
        assert "Formel" in rows[0]
        return [None if row[at] is None else float(row[at]) for row in rows[1:]]
    german = form == "csv-de"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows_read = list(csv.DictReader(file, delimiter=";" if german else ","))
    name = "Wert" if german else "value"
    if german:
        assert any("(31 Tage)" in row["Kennzahl"] for row in rows_read)
        assert all(row["Formel"] for row in rows_read)
    texts = [row[name].replace(",", ".") for row in rows_read]
    return [float(text) if text else None for text in texts]


def test_figures_in_english_say_so_in_every_text(city: Settings, tmp_path: Path) -> None:
    found = rows_of(city, tmp_path, figures="traffic", lang="en", device=("verkehr-licher-strasse",))
    assert {row["formula"] for row in found} == {formula(row["figure"], "en") for row in found}
    assert "classes: cars, lorries" in {row["note"] for row in found}
