"""What boards make of hours that are not complete, of lots that share a name, of devices without a place."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from grafana_foundation_sdk.models.dashboard import RegexMap

from publish.boards import sources
from publish.boards.words import lots
from tests.grafana.panel import Board, Grafana, boards
from tests.servers.influxdb import Database, Influxd

HOUR_S = 3600
BEGIN_S = 1_790_000_000 // HOUR_S * HOUR_S
SOURCES = (sources.READINGS, sources.HOURS, sources.BAYS)
PLACE = "municipality=giessen,site=Ring"


@pytest.fixture
def database(shared_influxd: Influxd, tmp_path: Path) -> Database:
    return shared_influxd.new_database(tmp_path)


def write(database: Database, *lines: str) -> None:
    what = urlencode({"bucket": database.bucket, "org": database.org, "precision": "s"})
    address = f"{database.url}/api/v2/write?{what}"
    header = {"Authorization": f"Token {database.token}"}
    with urlopen(Request(address, "\n".join(lines).encode(), header)) as answer:  # noqa: S310  our own server
        assert answer.status == 204


def shown(
    database: Database, uid: str, now_s: int = BEGIN_S + 3 * HOUR_S
) -> Mapping[str, list[list[object]]]:
    """The rows of every panel with a query of a board, by its kind and title."""
    (board,) = (one for one in boards("de") if one.uid == uid)
    grafana = Grafana(dict.fromkeys(SOURCES, database), "", now_s * 1000)
    return _shown(grafana, board)


def _shown(grafana: Grafana, board: Board) -> Mapping[str, list[list[object]]]:
    chosen = grafana.choices(board)
    found = {}
    for panel in board.panels:
        if panel.targets:
            tables = grafana.show(board, panel, chosen).tables
            found[f"{panel.type} {panel.title}"] = [list(row) for one in tables for row in one.rows]
    return found


def hour(number: int, count: str, tags: str, coverage: float = 100.0) -> str:
    at_s = BEGIN_S + number * HOUR_S
    return f"traffic_1h,device=rad-1,{PLACE},{tags} {count},count_coverage={coverage} {at_s}"


def test_an_hour_of_which_one_class_misses_an_interval_is_in_no_sum_of_classes(database: Database) -> None:
    write(
        database,
        hour(0, "count=10i", "direction=ltr,vehicle_class=bicycle"),
        hour(0, "count=300i", "direction=ltr,vehicle_class=car"),
        hour(1, "count=11i", "direction=ltr,vehicle_class=bicycle"),
        hour(1, "count_partial=200i", "direction=ltr,vehicle_class=car", 75.0),
    )
    rows = shown(database, "messnetz-verkehr")
    sums = {
        title: sorted(
            value for row in found for value in row if isinstance(value, int | float) and value < 1e6
        )
        for title, found in rows.items()
    }
    for title in ("Gezählt nach Richtung, als Tabelle", "Tagesgang, als Tabelle"):
        assert sums[f"table {title}"] == [310.0], title
    assert sums["table Gezählt nach Klasse, als Tabelle"] == [10.0, 11.0, 300.0]
    assert sums["table Summen nach Tagen, als Tabelle"] == [1.0, 310.0]


def test_a_sensor_s_own_sum_stands_where_a_class_is_not_complete(database: Database) -> None:
    write(
        database,
        hour(0, "count=311i", "direction=ltr,vehicle_class=all"),
        hour(0, "count=10i", "direction=ltr,vehicle_class=bicycle"),
        hour(0, "count_partial=200i", "direction=ltr,vehicle_class=car", 75.0),
    )
    (row,) = shown(database, "messnetz-verkehr")["table Gezählt nach Richtung, als Tabelle"]
    assert 311.0 in row


def test_an_hour_of_which_one_direction_is_not_complete_is_in_no_sum_of_directions(
    database: Database,
) -> None:
    write(
        database,
        hour(0, "count=10i", "direction=ltr"),
        hour(0, "count_partial=9i", "direction=rtl", 75.0),
        hour(1, "count=10i", "direction=ltr"),
        hour(1, "count=12i", "direction=rtl"),
    )
    rows = shown(database, "messnetz-verkehr")
    assert [row[-1] for row in rows["table Tagesgang, als Tabelle"]] == [22.0]
    assert len(rows["table Gezählt nach Richtung, als Tabelle"]) == 3


def test_an_hour_whose_speed_is_not_complete_is_in_no_table_by_its_doubt(database: Database) -> None:
    write(
        database,
        hour(0, "speed=30.0,speed_coverage=100.0", "direction=ltr"),
        hour(1, "speed_partial=99.0,speed_qc=3i,speed_coverage=50.0", "direction=ltr"),
    )
    (row,) = shown(database, "messnetz-verkehr")["table Mittlere Geschwindigkeit, als Tabelle"]
    assert row[-2:] == [30.0, None]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_the_days_on_which_the_clock_changes_have_the_hours_they_have(
    database: Database, day: str, hours: int
) -> None:
    noon_s = round(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())
    begins = range(noon_s - 40 * HOUR_S, noon_s + 40 * HOUR_S, HOUR_S)
    counts = [
        f"traffic_1h,device=rad-1,{PLACE},direction=ltr count=10i,count_coverage=100 {at_s}"
        for at_s in begins
    ]
    means = [f"air_quality_1h,device=luft-1,{PLACE} pm10=20.0,pm10_coverage=100 {at_s}" for at_s in begins]
    write(database, *counts, *means)
    totals = shown(database, "messnetz-verkehr", begins[-1])["table Summen nach Tagen, als Tabelle"]
    assert [10.0 * hours, float(hours)] in [row[-2:] for row in totals]
    air = shown(database, "messnetz-luft", begins[-1])
    (daily,) = (rows for title, rows in air.items() if "PM10: Tagesmittel" in title and "Tabelle" in title)
    assert [20.0, float(hours)] in [row[-3:-1] for row in daily]  # and none with suspect values


def test_a_day_s_mean_is_doubtful_by_the_hours_that_are_in_it(database: Database) -> None:
    write(
        database,
        *(
            f"air_quality_1h,device=luft-1,{PLACE} {pm10},pm10_coverage={coverage} {BEGIN_S + n * HOUR_S}"
            for n in range(-48, 24)
            for pm10, coverage in [
                ("pm10=20.0,pm10_qc=3i", 100.0)
                if n % 24 == 12
                else ("pm10_partial=99.0,pm10_qc=3i", 50.0)
                if n % 24 in (2, 3)
                else ("pm10=20.0", 100.0)
            ]
        ),
    )
    air = shown(database, "messnetz-luft", BEGIN_S + 24 * HOUR_S)
    (daily,) = (rows for title, rows in air.items() if "PM10: Tagesmittel" in title and "Tabelle" in title)
    assert daily
    assert {tuple(row[-3:]) for row in daily} == {(20.0, 22.0, 1.0)}


def test_lots_of_one_name_in_two_cities_stay_apart(database: Database) -> None:
    write(
        database,
        *(
            f"parking,device=lot:{city}:Bahnhof,lot=Bahnhof,municipality={city},site=Bahnhof"
            f" occupied_bays={occupied}i,observed_bays=9i,capacity=10i {BEGIN_S + 3 * HOUR_S - 60}"
            for city, occupied in (("giessen", 4), ("marburg", 7))
        ),
    )
    rows = shown(database, "messnetz-parken")
    title = next(title for title in rows if title.startswith("barchart"))
    assert sorted(str(row[0]) for row in rows[title]) == ["lot:giessen:Bahnhof", "lot:marburg:Bahnhof"]
    (words,) = lots()
    assert isinstance(words, RegexMap)
    assert words.options.result.text == "$2 ($1)"


def test_a_device_without_coordinates_is_in_the_table_and_not_on_the_map(database: Database) -> None:
    at_s = BEGIN_S + 3 * HOUR_S - 60
    states = 'state="ok",state_code=0i,age=60i,interval=600i'
    write(
        database,
        f"status,device=placed,{PLACE} {states},lat=50.58,lon=8.67 {at_s}",
        f"status,device=nowhere,{PLACE} {states} {at_s}",
        # it had a place until a minute ago
        f"status,device=moved,{PLACE} {states},lat=50.59,lon=8.68 {at_s - 60}",
        f"status,device=moved,{PLACE} {states} {at_s}",
    )
    (board,) = (one for one in boards("de") if one.uid == "messnetz-stadt")
    grafana = Grafana(dict.fromkeys(SOURCES, database), "", (at_s + 60) * 1000)
    found = {}
    for panel in board.panels:
        if panel.type == "geomap" or panel.title == "Alle Orte":
            (table,) = grafana.show(board, panel, grafana.choices(board)).tables
            named = next(name for name in table.columns if name in {"device", "Gerät"})
            found[panel.type] = sorted(table.column(named))
    assert found == {"geomap": ["placed"], "table": ["moved", "nowhere", "placed"]}
