"""What was gathered as a table: wide and long, of values, windows and profiles, whatever the batches."""

from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.device import Device
from publish.export import spilled, wide
from publish.export.ask import Ask
from publish.export.chosen import Chosen
from publish.export.entries import entries
from publish.export.errors import TooLarge
from publish.export.notes import notes
from publish.export.series import Gathered, Series, Tally
from publish.export.shape import shape
from publish.export.sheet import Sheet
from publish.export.spill import FIGURES, PROFILES, READINGS, WINDOWS
from publish.export.write import fields
from publish.summary import Window

BEGIN_NS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 10**9
HOUR_NS = 3600 * 10**9
FRACTION = "Sekundenbruchteil (s)"
DEVICES = (
    Device("luft-markt", "Marktplatz", "giessen", "Innenstadt"),
    Device("luft-markt-2", "Marktplatz", "giessen"),
    Device("verkehr-bruecke", "Brücke", "giessen", lane="links"),
)
SERIES = (
    Series("luft-markt", "air_quality", "pm2_5"),
    Series("luft-markt-2", "air_quality", "pm2_5"),
    Series("verkehr-bruecke", "traffic", "count", (("direction", "in"), ("vehicle_class", "car"))),
    Series("lot:giessen:Brandplatz", "parking", "occupied_bays", (("lot", "Brandplatz"),)),
)


def shaped(
    folder: Path, rows: list[dict[str, Any]], schema: pa.Schema, *, series: Any = SERIES, **ask: Any
) -> Sheet:
    spill = folder / "spill.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema), spill)
    tallies = {number: Tally() for number in range(len(series))}
    gathered = Gathered(spill, len(rows), tuple(series), tallies, None)
    period = Window(BEGIN_NS, BEGIN_NS + 24 * HOUR_NS)
    return shape(Chosen(Ask(**ask), DEVICES, {}, period, ZoneInfo("Europe/Berlin"), BEGIN_NS), gathered)


def rows_of(sheet: Sheet) -> list[dict[str, Any]]:
    names = [column.name for column in sheet.columns]
    found = []
    for batch in sheet.batches():
        assert batch.schema.names == names
        found += batch.to_pylist()
    assert len(found) == sheet.rows
    return found


def reading(
    time_ns: int, series: int, value: float, flag: int = 1, interval: int | None = None
) -> dict[str, Any]:
    return {"time": time_ns, "series": series, "value": value, "flag": flag, "interval": interval}


def test_a_car_park_lies_in_the_district_that_all_its_sensors_share(tmp_path: Path) -> None:
    def district(*of: str | None) -> str | None:
        bays = tuple(Device(f"parken-{n}", "Platz", "giessen", one) for n, one in enumerate(of))
        gathered = Gathered(tmp_path / "spill.parquet", 0, SERIES, {}, None)
        period = Window(BEGIN_NS, BEGIN_NS + 24 * HOUR_NS)
        lots = {("giessen", "Brandplatz"): bays}
        zone = ZoneInfo("Europe/Berlin")
        chosen = Chosen(Ask(every="1h"), DEVICES, {}, period, zone, BEGIN_NS, lots=lots)
        return entries(chosen, gathered, "de")[3].district

    assert district("Innenstadt", "Innenstadt") == "Innenstadt"
    assert district("Innenstadt", "Ost") is None
    assert district(None, "Ost") is None
    assert district() is None


READINGS_ROWS = [
    reading(BEGIN_NS, 0, 12.5),
    reading(BEGIN_NS, 1, 13.0, 3),
    reading(BEGIN_NS, 2, 17.0, interval=600),
    reading(BEGIN_NS + 1, 3, 4.0),
]


@pytest.mark.parametrize("shape", ["wide", "long"])
def test_german_csv_has_fractions_of_seconds_only_where_a_time_has_one(shape: str, tmp_path: Path) -> None:
    for rows, heads in ((READINGS_ROWS, 1), (READINGS_ROWS[:3], 0)):
        sheet = shaped(tmp_path, rows, READINGS, format="csv-de", shape=shape)
        assert [field.column.name for field in fields(sheet, "csv-de")].count(FRACTION) == heads


def test_a_long_row_says_all_of_its_value(tmp_path: Path) -> None:
    sheet = shaped(tmp_path, READINGS_ROWS, READINGS)
    assert rows_of(sheet)[1:] == [
        {
            "time": BEGIN_NS,
            "device": "luft-markt-2",
            "site": "Marktplatz",
            "municipality": "giessen",
            "district": None,
            "direction": None,
            "lane": None,
            "vehicle_class": None,
            "lot": None,
            "quantity": "pm2_5",
            "value": 13.0,
            "unit": "ug/m3",
            "flag": 3,
            "interval": None,
        },
        {
            "time": BEGIN_NS,
            "device": "verkehr-bruecke",
            "site": "Brücke",
            "municipality": "giessen",
            "district": None,
            "direction": "in",
            "lane": "links",
            "vehicle_class": "car",
            "lot": None,
            "quantity": "count",
            "value": 17.0,
            "unit": "1",
            "flag": 1,
            "interval": 600,
        },
        {
            "time": BEGIN_NS + 1,
            "device": "lot:giessen:Brandplatz",
            "site": "Brandplatz",
            "municipality": "giessen",
            "district": None,
            "direction": None,
            "lane": None,
            "vehicle_class": None,
            "lot": "Brandplatz",
            "quantity": "occupied_bays",
            "value": 4.0,
            "unit": "1",
            "flag": 1,
            "interval": None,
        },
    ]


def test_people_read_words_where_machines_read_names(tmp_path: Path) -> None:
    row = rows_of(shaped(tmp_path, READINGS_ROWS, READINGS, format="csv-de", shape="long"))[2]
    told = {name: row[name] for name in ("direction", "lane", "vehicle_class", "quantity", "unit")}
    assert told == {
        "direction": "hinein",
        "lane": "links",
        "vehicle_class": "Pkw",
        "quantity": "Anzahl",
        "unit": None,
    }


def test_wide_has_a_row_a_time_values_first_then_flags(tmp_path: Path) -> None:
    sheet = shaped(tmp_path, READINGS_ROWS, READINGS, shape="wide")
    names = [
        "luft-markt.pm2_5",
        "luft-markt-2.pm2_5",
        "verkehr-bruecke.count.in.car",
        "lot:giessen:Brandplatz.occupied_bays",
    ]
    assert [column.name for column in sheet.columns] == ["time", *names, *(f"{name}.flag" for name in names)]
    assert [tuple(row.values()) for row in rows_of(sheet)] == [
        (BEGIN_NS, 12.5, 13.0, 17, None, 1, 3, 1, None),
        (BEGIN_NS + 1, None, None, None, 4, None, None, None, 1),
    ]


def test_heads_say_site_quantity_and_unit_and_are_each_alone(tmp_path: Path) -> None:
    german = shaped(tmp_path, READINGS_ROWS, READINGS, format="xlsx")
    assert [column.title for column in german.columns[1:5]] == [
        "Marktplatz PM2,5, luft-markt (µg/m³)",
        "Marktplatz PM2,5, luft-markt-2 (µg/m³)",
        "Brücke Anzahl, hinein, Pkw",
        "Brandplatz Belegte Plätze",
    ]
    english = shaped(tmp_path, READINGS_ROWS, READINGS, format="xlsx", lang="en", series=SERIES[:1])
    assert [column.title for column in english.columns[1:]] == [
        "Marktplatz PM2.5 (µg/m³)",
        "Marktplatz PM2.5: Quality",
    ]


def test_names_that_are_the_same_are_numbered(tmp_path: Path) -> None:
    sheet = shaped(
        tmp_path, [reading(BEGIN_NS, 0, 1.0)], READINGS, series=(SERIES[0], SERIES[0]), shape="wide"
    )
    assert len({column.name for column in sheet.columns}) == len(sheet.columns)
    assert len({column.title for column in sheet.columns}) == len(sheet.columns)


def test_a_figure_without_a_unit_has_an_empty_cell_where_people_read(tmp_path: Path) -> None:
    row = {"days": 31, "of_days": 31, "coverage": 100.0, "flag": 1, "note": None, "value": 5.0, "series": 3}
    rows = [row | {"figure": figure} for figure in ("mean_capacity", "turnover")]
    units = {
        format_: [
            one["unit"] for one in rows_of(shaped(tmp_path, rows, FIGURES, format=format_, figures="parking"))
        ]
        for format_ in ("csv-de", "csv")
    }
    assert units == {"csv-de": [None, "1/d"], "csv": ["1", "1/d"]}


MANY = tuple(Series("luft-markt", "air_quality", "pm2_5", (("lane", str(one)),)) for one in range(1001))


def test_more_series_than_a_table_shows_are_refused_where_wide_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="1001") as refused:
        shaped(tmp_path, [], READINGS, series=MANY, format="xlsx", shape="wide")
    assert "--shape long" in refused.value.hint


@pytest.mark.parametrize("format_", ["xlsx", "csv-de"])
def test_more_series_than_a_table_shows_are_long_where_nobody_said_how(tmp_path: Path, format_: str) -> None:
    assert shaped(tmp_path, [], READINGS, series=MANY, format=format_).shape == "long"
    assert shaped(tmp_path, [], READINGS, series=MANY[1:], format=format_).shape == "wide"


def test_it_is_said_that_more_series_than_a_table_shows_became_long() -> None:
    def said(count: int, **ask: str) -> list[str]:
        gathered = Gathered(Path(), 0, MANY[:count], {number: Tally() for number in range(count)}, None)
        period = Window(BEGIN_NS, BEGIN_NS + 24 * HOUR_NS)
        chosen = Chosen(Ask(**ask), DEVICES, {}, period, ZoneInfo("Europe/Berlin"), BEGIN_NS)
        return [note for note in notes(chosen, gathered) if note.startswith("one row per value")]

    assert "1001 series are more than the 1000 columns" in said(1001, format="xlsx")[0]
    assert said(1000, format="xlsx") == said(1001, format="xlsx", shape="long") == said(1001) == []
    assert said(1001, format="xlsx", figures="traffic") == []


def window(hour: int, series: int, value: float | None, reason: str | None = None) -> dict[str, Any]:
    begin = BEGIN_NS + hour * HOUR_NS
    return {
        "time": begin,
        "end": begin + HOUR_NS,
        "series": series,
        "value": value,
        "partial": None if value is not None else 1.5,
        "coverage": 100.0 if value is not None else 33.3,
        "flag": 1,
        "reason": reason,
    }


def test_a_window_without_a_figure_says_its_reason(tmp_path: Path) -> None:
    rows = [window(0, 0, 7.5), window(0, 1, None, "silent"), window(1, 0, None, "gateway_down")]
    wide_rows = rows_of(shaped(tmp_path, rows, WINDOWS, series=SERIES[:2], every="1h", shape="wide"))
    assert wide_rows[0] == {
        "time": BEGIN_NS,
        "end": BEGIN_NS + HOUR_NS,
        "luft-markt.pm2_5": 7.5,
        "luft-markt-2.pm2_5": None,
        "luft-markt.pm2_5.flag": 1,
        "luft-markt-2.pm2_5.flag": 1,
        "luft-markt.pm2_5.coverage": 100.0,
        "luft-markt-2.pm2_5.coverage": 33.3,
        "luft-markt.pm2_5.reason": None,
        "luft-markt-2.pm2_5.reason": "silent",
    }
    long_rows = rows_of(
        shaped(tmp_path, rows, WINDOWS, series=SERIES[:2], every="1h", format="xlsx", shape="long")
    )
    assert [row["reason"] for row in long_rows] == [None, "Sensor stumm", "Gateway ausgefallen"]
    assert [row["partial"] for row in long_rows] == [None, 1.5, 1.5]


@pytest.mark.parametrize(
    ("every", "slots", "wanted"),
    [
        ("hour-of-day", (0, 23), [{"hour": 0}, {"hour": 23}]),
        (
            "hour-of-week",
            (0, 167),
            [
                {"weekday": 1, "weekday_name": "Montag", "hour": 0},
                {"weekday": 7, "weekday_name": "Sonntag", "hour": 23},
            ],
        ),
        (
            "day-of-week",
            (1, 7),
            [{"weekday": 1, "weekday_name": "Montag"}, {"weekday": 7, "weekday_name": "Sonntag"}],
        ),
    ],
)
@pytest.mark.parametrize("form", ["wide", "long"])
def test_a_profile_names_its_hours_and_days(
    form: str, every: str, slots: tuple[int, int], wanted: list[dict[str, Any]], tmp_path: Path
) -> None:
    rows = [{"slot": slot, "series": 0, "value": 2.5, "used": 4, "windows": 5, "flag": 1} for slot in slots]
    found = rows_of(shaped(tmp_path, rows, PROFILES, series=SERIES[:1], every=every, shape=form))
    assert [{name: row[name] for name in wanted[0]} for row in found] == wanted
    assert all(2.5 in row.values() and 4 in row.values() and 5 in row.values() for row in found)


@st.composite
def _values(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some series at some times, sorted as a spill is."""
    places = draw(st.sets(st.sampled_from(list(product(range(12), range(4)))), min_size=1))
    return [
        reading(BEGIN_NS + time, series, float(draw(st.integers(-9, 9))), draw(st.sampled_from([1, 3])))
        for time, series in sorted(places)
    ]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three rows, so that times are cut in two."""
    monkeypatch.setattr(spilled, "ROWS", 3)
    monkeypatch.setattr(wide, "_CELLS", 12)


@given(rows=_values())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_batch_makes_two_rows_of_a_time(
    small_batches: None, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    found = rows_of(shaped(tmp_path, rows, READINGS, shape="wide"))
    assert [row["time"] for row in found] == sorted({row["time"] for row in rows})
    columns = [column.name for column in shaped(tmp_path, rows, READINGS, shape="wide").columns]
    values, flags = columns[1:5], columns[5:]
    cells = {
        (row["time"], series, row[value], row[flag])
        for row in found
        for series, (value, flag) in enumerate(zip(values, flags, strict=True))
        if row[value] is not None or row[flag] is not None
    }
    assert cells == {(row["time"], row["series"], row["value"], row["flag"]) for row in rows}


def test_a_sheet_is_read_again_from_its_begin(tmp_path: Path) -> None:
    for form in ("wide", "long"):
        sheet = shaped(tmp_path, READINGS_ROWS, READINGS, shape=form)
        assert rows_of(sheet) == rows_of(sheet)
