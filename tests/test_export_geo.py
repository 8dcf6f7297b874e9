"""GeoJSON and GeoPackage: what is in them, that QGIS and GDAL open them, and that nothing is lost."""

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
import struct
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyogrio
import pytest

from ingest.settings import Settings
from publish.export.about import About
from publish.export.describe import describe
from publish.export.errors import TooLarge
from publish.export.series import Gathered
from publish.export.shape import shape
from publish.export.sheet import Column, Sheet
from publish.export.told import utc
from publish.export.write import Writer, geojson, gpkg
from tests import export_city, exported
from tests.servers.process import missing

KINDS: dict[str, dict[str, Any]] = {
    "raw": {},
    "windows": {"every": "1d"},
    "hours of the week": {"every": "hour-of-week"},
    "figures": {"figures": "parking"},
}
#: Debian's own Python has PyQGIS.
PYTHON = Path("/usr/bin/python3")
BERLIN = ZoneInfo("Europe/Berlin")


def made(folder: Path, **ask: Any) -> tuple[Sheet, About, Gathered]:
    """An export of the hostile city up to the writing."""
    registry, settings = export_city.city(folder / "city")
    chosen = export_city.asked(registry, format="gpkg", **ask)
    gathered = export_city.gathered(chosen, folder / "spill.parquet")
    return shape(chosen, gathered), describe(chosen, gathered, registry, settings, "de"), gathered


def sheet_of(columns: tuple[Column, ...], *batches: pa.RecordBatch) -> Sheet:
    return Sheet(columns, sum(one.num_rows for one in batches), lambda: iter(batches), "long")


def rows(file: Path, table: str) -> list[dict[str, Any]]:
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f'SELECT * FROM "{table}" ORDER BY fid')]  # noqa: S608  our words


def silent(_done: int, _of: int) -> None:
    """Nobody looks on."""


def cells(sheet: Sheet) -> list[dict[str, Any]]:
    """What the sheet says, row by row."""
    return [row for batch in sheet.batches() for row in batch.to_pylist()]


def iso(time_ns: int) -> str:
    seconds, nanos = divmod(time_ns, 10**9)
    whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{nanos // 10**6:03}Z"


@pytest.mark.parametrize("kind", KINDS)
def test_a_geopackage_reads_back_as_what_was_gathered(tmp_path: Path, kind: str) -> None:
    sheet, about, _ = made(tmp_path, **KINDS[kind])
    gpkg.write(sheet, about, tmp_path / "x.gpkg", silent)
    told = cells(sheet)
    found = rows(tmp_path / "x.gpkg", "messwerte")
    assert len(found) == sheet.rows == len(told)
    for row, expected in zip(found, told, strict=True):
        for column in sheet.columns:
            value = expected[column.name]
            assert row[column.name] == (iso(value) if column.kind == "time" else value)


def test_times_are_right_over_both_changes_of_the_clock(tmp_path: Path) -> None:
    _, about, _ = made(tmp_path, every="1h")
    whole = sheet_of(
        (Column("time", "Zeit", "time"), Column("value", "Wert", "number")),
        *(
            pa.RecordBatch.from_arrays(
                [
                    pa.array([export_city.time_ns(day) + quarter * 900 * 10**9 for quarter in range(16)]),
                    pa.array([quarter * 0.1 for quarter in range(16)]),
                ],
                ["time", "value"],
            )
            for day in ("2026-03-28T23:00", "2026-10-24T23:00")
        ),
    )
    gpkg.write(whole, about, tmp_path / "x.gpkg", silent)
    for row, told in zip(rows(tmp_path / "x.gpkg", "messwerte"), cells(whole), strict=True):
        local = datetime.fromtimestamp(told["time"] / 1e9, UTC).astimezone(BERLIN)
        assert row["local_time"] == local.isoformat()
        assert row["time"] == iso(told["time"])
        assert row["value"] == told["value"]
    listed = [row["local_time"] for row in rows(tmp_path / "x.gpkg", "messwerte")]
    assert "2026-03-29T01:45:00+01:00" in listed
    assert "2026-03-29T03:00:00+02:00" in listed
    assert {"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"} < set(listed)


def test_a_geopackage_has_its_places_with_points_and_its_values_without(tmp_path: Path) -> None:
    sheet, about, _ = made(tmp_path)
    file = tmp_path / "x.gpkg"
    gpkg.write(sheet, about, file, silent)
    with contextlib.closing(sqlite3.connect(file)) as database:
        contents = database.execute("SELECT table_name, data_type, srs_id FROM gpkg_contents").fetchall()
        assert sorted(contents) == [
            ("hinweise", "attributes", 0),
            ("messwerte", "attributes", 0),
            ("standorte", "features", 4326),
        ]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        types = {name: kind for _, name, kind, *_ in database.execute("PRAGMA table_info(messwerte)")}
        heads = dict(database.execute("SELECT column_name, name FROM gpkg_data_columns"))
    assert (heads["value"], heads["time"], heads["local_time"]) == ("Wert", "Zeit (UTC)", "Ortszeit")
    assert types["time"] == "DATETIME"
    assert types["value"] == "REAL"
    assert types["flag"] == "INTEGER"
    assert types["site"] == types["local_time"] == "TEXT"
    info = pyogrio.read_info(file, layer="standorte")
    assert (info["crs"], info["geometry_type"], info["features"]) == ("EPSG:4326", "Point", len(about.places))
    info = pyogrio.read_info(file, layer="messwerte")
    assert (info["geometry_name"], info["features"]) == ("", sheet.rows)
    assert dict(zip(info["fields"], info["dtypes"], strict=True))["time"].startswith("datetime64[ms")
    devices = {row["device"] for row in rows(file, "standorte")}
    assert {row["device"] for row in rows(file, "messwerte")} <= devices
    places = {row["device"]: row for row in rows(file, "standorte")}
    assert places["luft-nirgends"]["geom"] is None
    assert struct.unpack("<2d", places["luft-marktplatz"]["geom"][-16:]) == (8.6784, 50.5841)
    [first, second] = json.loads(places["luft-marktplatz"]["hardware"])
    assert first["calibration"] == [{"quantity": "pm2_5", "factor": 0.92, "offset": 0.4}]
    assert second["to"] is None
    assert json.loads(places["luft-marktplatz"]["labels"])["inventar"] == "20931"
    notes = [row["text"] for row in rows(file, "hinweise") if row["what"] == "statement"]
    assert tuple(notes) == about.statements


def test_names_that_differ_in_capitals_only_have_columns_of_their_own(tmp_path: Path) -> None:
    _, about, _ = made(tmp_path)
    named = ("fid", "a", "A", "ä", "local_time", 'x"; --')
    columns = (*(Column(name, name, "integer") for name in named), Column("time", "", "time"))
    batch = pa.RecordBatch.from_arrays([pa.array([n]) for n in range(7)], [one.name for one in columns])
    gpkg.write(sheet_of(columns, batch), about, tmp_path / "x.gpkg", silent)
    [row] = rows(tmp_path / "x.gpkg", "messwerte")
    assert row == {
        "fid": 1,
        "fid 2": 0,
        "a": 1,
        "A 2": 2,
        "ä": 3,
        "local_time": 4,
        'x"; --': 5,
        "time": "1970-01-01T00:00:00.000Z",
        "local_time 2": "1970-01-01T01:00:00.000000006+01:00",
    }


def test_more_columns_than_a_geopackage_holds_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    _, about, _ = made(tmp_path)
    columns = tuple(Column(f"c{number}", "", "integer") for number in range(1999))
    with pytest.raises(TooLarge, match="1998") as refused:
        gpkg.write(sheet_of(columns), about, tmp_path / "x.gpkg", silent)
    assert "long" in str(refused.value.hint)
    assert not (tmp_path / "x.gpkg").exists()


@pytest.mark.parametrize(
    "name", ["a!b.zip!c.gpkg", "=cmd|' C.gpkg", "vsimem;ä\n.gpkg", "?x=1&y.gpkg", "a.zip"]
)
def test_a_geopackage_may_be_called_anything(tmp_path: Path, name: str) -> None:
    sheet, about, _ = made(tmp_path)
    (tmp_path / "out").mkdir()
    gpkg.write(sheet, about, tmp_path / "out" / name, silent)
    assert [one.name for one in (tmp_path / "out").iterdir()] == [name]
    assert len(rows(tmp_path / "out" / name, "messwerte")) == sheet.rows


def test_nothing_measured_is_an_empty_table(tmp_path: Path) -> None:
    _, about, _ = made(tmp_path)
    empty = sheet_of((Column("time", "Zeit", "time"), Column("value", "Wert", "number")))
    gpkg.write(empty, about, tmp_path / "x.gpkg", silent)
    geojson.write(empty, about, tmp_path / "x.geojson", silent)
    assert rows(tmp_path / "x.gpkg", "messwerte") == []
    assert json.loads((tmp_path / "x.geojson").read_bytes())["features"] == []


@pytest.mark.parametrize("write", [gpkg.write, geojson.write])
def test_a_writer_ends_with_what_its_progress_raises(tmp_path: Path, write: Writer) -> None:
    sheet, about, _ = made(tmp_path)
    many = replace(sheet, batches=lambda: itertools.chain.from_iterable(sheet.batches() for _ in range(9)))

    def full(_done: int, _of: int) -> None:
        raise TooLarge("full")

    with pytest.raises(TooLarge, match="full"):
        write(many, about, tmp_path / "x", full)


@pytest.mark.parametrize("megabytes", [1, 3, 64])  # what the disk is too small for differs
def test_a_geopackage_on_a_full_disk_is_an_error_of_the_system(
    small_disk: Path, tmp_path: Path, megabytes: int
) -> None:
    sheet, about, _ = made(tmp_path)
    with (small_disk / "ballast").open("wb") as ballast:
        spare = shutil.disk_usage(small_disk).free - megabytes * 1_000_000
        os.posix_fallocate(ballast.fileno(), 0, spare)
    many = replace(sheet, batches=lambda: itertools.chain.from_iterable(sheet.batches() for _ in range(999)))
    with pytest.raises(OSError, match="No space left"):
        gpkg.write(many, about, small_disk / "x.gpkg", silent)


@pytest.mark.parametrize("kind", KINDS)
def test_geojson_has_a_feature_a_row_at_its_place(tmp_path: Path, kind: str) -> None:
    sheet, about, _ = made(tmp_path, **KINDS[kind])
    file = tmp_path / "x.geojson"
    geojson.write(sheet, about, file, silent)
    said = json.loads(file.read_text("utf-8"))
    assert said["type"] == "FeatureCollection"
    assert said["messnetz"]["statements"] == list(about.statements)
    places = {one.device: one for one in about.places}
    told = cells(sheet)
    assert len(said["features"]) == len(told) == sheet.rows
    for feature, row in zip(said["features"], told, strict=True):
        assert feature["type"] == "Feature"
        assert list(feature["properties"]) == [column.name for column in sheet.columns]
        for column in sheet.columns:
            if column.kind == "time":
                written = datetime.fromisoformat(feature["properties"][column.name])
                assert written == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
                    microseconds=row[column.name] // 1000
                )
            else:
                assert feature["properties"][column.name] == row[column.name]
        place = places[row["device"]]
        where = None if place.lat is None else {"type": "Point", "coordinates": [place.lon, place.lat]}
        assert feature["geometry"] == where
    info = pyogrio.read_info(file)
    assert (info["crs"], info["features"]) == ("EPSG:4326", sheet.rows)


def test_rows_that_do_not_say_their_place_stand_where_there_is_only_one(tmp_path: Path) -> None:
    registry, settings = export_city.city(tmp_path / "city")
    for device, where in ((("luft-dom",), [8.504, 50.556]), (("luft-dom", "luft-marktplatz"), None)):
        chosen = export_city.asked(registry, format="csv", shape="wide", device=device)
        gathered = export_city.gathered(chosen, tmp_path / "spill.parquet")
        if where:
            series = tuple(one for one in gathered.series if one.device == "luft-dom")
            table = pq.read_table(gathered.spill)
            pq.write_table(table.filter(pc.less(table["series"], len(series))), gathered.spill)
            gathered = Gathered(gathered.spill, gathered.rows, series, gathered.tallies, gathered.newest_ns)
        about = describe(chosen, gathered, registry, settings, "de")
        geojson.write(shape(chosen, gathered), about, tmp_path / "x.geojson", silent)
        first = json.loads((tmp_path / "x.geojson").read_bytes())["features"][0]["geometry"]
        assert (first and first["coordinates"]) == where


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return exported.set_up(tmp_path_factory.mktemp("town"))


def by_series(found: list[dict[str, Any]]) -> dict[exported.Key, list[tuple[Any, ...]]]:
    """Rows of single values as `exported.truth` has them."""
    series: dict[exported.Key, list[tuple[Any, ...]]] = {}
    for row in found:
        own = (("direction", row["direction"]),) if row["direction"] is not None else ()
        key = (row["device"], row["quantity"], own)
        series.setdefault(key, []).append((row["time"], row["value"], row["flag"], row["interval"]))
    return series


def test_a_geopackage_equals_the_store_to_the_last_value(town: Settings, tmp_path: Path) -> None:
    exported.exported(town, tmp_path / "x.gpkg", format="gpkg")
    told = {
        key: [(iso(one.time_ns), one.value, one.flag, one.interval_s) for one in points]
        for key, points in exported.truth().items()
    }
    assert by_series(rows(tmp_path / "x.gpkg", "messwerte")) == told


def test_geojson_equals_the_store_to_the_last_value(town: Settings, tmp_path: Path) -> None:
    exported.exported(town, tmp_path / "x.geojson", format="geojson")
    features = json.loads((tmp_path / "x.geojson").read_bytes())["features"]
    told = {
        key: [(utc(one.time_ns), one.value, one.flag, one.interval_s) for one in points]
        for key, points in exported.truth().items()
    }
    assert by_series([feature["properties"] for feature in features]) == told


@pytest.mark.parametrize("every", ["1h", "1d", "day-of-week"])
def test_windows_and_profiles_in_a_geopackage_equal_what_was_computed(
    town: Settings, tmp_path: Path, every: str
) -> None:
    gathered, spilled = exported.gathered(town, tmp_path / "spill", every=every)
    exported.exported(town, tmp_path / "x.gpkg", format="gpkg", every=every)
    found = rows(tmp_path / "x.gpkg", "messwerte")
    assert len(found) == spilled.num_rows > 0
    for row, told in zip(found, spilled.to_pylist(), strict=True):
        series = gathered.series[told["series"]]
        assert (row["device"], row["quantity"]) == (series.device, series.quantity)
        assert (row["value"], row["flag"]) == (told["value"], told["flag"])
        if "time" in told:
            assert (row["time"], row["end"]) == (iso(told["time"]), iso(told["end"]))
            assert (row["coverage"], row["reason"]) == (told["coverage"], told["reason"])
        else:
            assert (row["weekday"], row["used"]) == (told["slot"], told["used"])


def test_qgis_opens_both_joins_places_to_values_and_knows_the_time(tmp_path: Path) -> None:
    if subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        missing("PyQGIS is not installed: apt-get install python3-qgis")
    sheet, about, _ = made(tmp_path)
    gpkg.write(sheet, about, tmp_path / "x.gpkg", silent)
    geojson.write(sheet, about, tmp_path / "x.geojson", silent)
    run = subprocess.run(
        [PYTHON, Path(__file__).with_name("qgis_probe.py"), tmp_path / "x.gpkg", tmp_path / "x.geojson"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "Warning" not in run.stderr
    said = json.loads(run.stdout)
    points, none = 0, 4  # QGIS's kinds of geometry
    assert said["standorte"]["crs"] == said["geojson"]["crs"] == "EPSG:4326"
    assert (said["standorte"]["geometry"], said["geojson"]["geometry"]) == (points, points)
    assert (said["messwerte"]["geometry"], said["hinweise"]["geometry"]) == (none, none)
    assert said["messwerte"]["count"] == said["geojson"]["count"] == sheet.rows
    assert said["standorte"]["count"] == len(about.places)
    assert said["messwerte"]["fields"]["time"] == "DateTime"
    assert said["messwerte"]["fields"]["value"] == "Real"
    told = cells(sheet)
    assert said["joined"] == [[row["device"], row["site"], row["site"]] for row in told]
    assert said["first"] + "Z" == iso(told[0]["time"])
    assert said["temporal"] == "time"
    assert said["begin"] == iso(min(row["time"] for row in told))[:19]
    assert said["end"] == iso(max(row["time"] for row in told))[:19]
    assert said["points"]["luft-marktplatz"] == "Point (8.6784 50.5841)"
