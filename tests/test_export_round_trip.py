"""What is read back from a file equals the store: values, times, flags, over both changes of the clock."""

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from ingest.settings import Settings
from publish.export.reasons import word
from tests import exported
from tests.exported import Key, Point, truth

#: A row of a file: heads and cells. Times are UTC nanoseconds, numbers floats or ints, nothing is None.
Row = dict[str, Any]
Found = dict[Key, list[tuple[int, float, int]]]

_SITES = {
    "luft-marktplatz": "Marktplatz",
    "luft-boese": "=cmd|' /C calc'!A0; \"Süd\", ../../etc",
    "wetter-schloss": "+Schloss\\u202e <r>Nord & Süd</r>",  # what cannot be seen is told in heads
    "verkehr-bruecke": "Brücke",
}
_GERMAN = {
    "pm2_5": ("PM2,5", "µg/m³"),
    "no2": ("Stickstoffdioxid", "µg/m³"),
    "co": ("Kohlenmonoxid", "mg/m³"),
    "air_temperature": ("Lufttemperatur", "°C"),
    "precipitation": ("Niederschlag", "mm"),
    "wind_direction": ("Wind aus", "°"),
    "illuminance": ("Beleuchtungsstärke", "lx"),
    "count": ("Anzahl", ""),
}
_UCUM = {
    "pm2_5": "ug/m3",
    "no2": "ug/m3",
    "co": "mg/m3",
    "air_temperature": "Cel",
    "precipitation": "mm",
    "wind_direction": "deg",
    "illuminance": "lx",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return exported.set_up(tmp_path_factory.mktemp("town"))


# --- reading files as their readers do ---------------------------------------------------------------------


def read_csv(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            {head: _machine_cell(head, cell) for head, cell in row.items()}
            for row in csv.DictReader(lines, strict=True)
        ]


def _machine_cell(head: str, cell: str) -> Any:
    if head in {"time", "end"}:
        return int(pa.scalar(cell).cast(pa.timestamp("ns", "UTC")).value)
    return _number(cell) if _numeric(head) else cell or None


def _numeric(head: str) -> bool:
    named = head.split(" [", maxsplit=1)[0].rpartition(".")[2]
    return named in {"value", "flag", "interval", "partial", "coverage", *_UCUM} or ".count" in head


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def read_csv_by_arrow(file: Path) -> list[Row]:
    table = pa_csv.read_csv(file, convert_options=pa_csv.ConvertOptions(strings_can_be_null=True))
    assert str(table.schema.field("time").type).endswith(", tz=UTC]")  # seen by Arrow itself
    return _rows(table)


def _rows(table: pa.Table) -> list[Row]:
    times = [field.name for field in table.schema if pa.types.is_timestamp(field.type)]
    for name in times:
        table = table.set_column(
            table.schema.get_field_index(name),
            name,
            table[name].cast(pa.timestamp("ns", "UTC")).cast(pa.int64()),
        )
    return list(table.to_pylist())


def read_parquet(file: Path) -> list[Row]:
    return _rows(pq.read_table(file))


def read_ndjson(file: Path) -> list[Row]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        for name in {"time", "end"} & row.keys():
            row[name] = int(pa.scalar(row[name]).cast(pa.timestamp("ns", "UTC")).value)
    return rows


def read_csv_de(file: Path) -> list[Row]:
    """As German Excel: by semicolon, with decimal comma; what is below a second stands beside the time."""
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [
            _with_time({head: _german_cell(head, cell) for head, cell in row.items()})
            for row in csv.DictReader(lines, delimiter=";", strict=True)
        ]


def _german_cell(head: str, cell: str) -> Any:
    if head in {"Zeit (UTC)", "Ortszeit", "Ende (Ortszeit)"}:
        return datetime.strptime(cell, "%d.%m.%Y %H:%M:%S")  # noqa: DTZ007  the head names the clock
    if head == "Sekundenbruchteil (s)":
        return Decimal(cell.replace(",", "."))
    return _number(cell.replace(",", ".")) if _german_numeric(head) else cell or None


def _german_numeric(head: str) -> bool:
    names = {"Wert", "Qualität", "Intervall (s)", "Unvollständiger Wert", "Abdeckung (%)"}
    told = (" (µg/m³)", " (mg/m³)", " (°C)", " (mm)", " (°)", " (lx)", ": Qualität", ": Abdeckung (%)")
    return head in names or head.endswith(told) or (" Anzahl, " in head and ": " not in head)


def _with_time(row: Row) -> Row:
    """The time as nanoseconds, and what the clock of the place says beside it."""
    seconds = int((row["Zeit (UTC)"] - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001
    ahead = timedelta(hours=int(row["UTC-Versatz"][3:6]))
    assert row["Ortszeit"] - row["Zeit (UTC)"] == ahead
    there = exported.utc(seconds * 10**9).astimezone(exported.BERLIN)
    assert there.utcoffset() == ahead
    return {**row, "time": seconds * 10**9 + int(row.get("Sekundenbruchteil (s)", 0) * 10**9)}


def read_xlsx(file: Path) -> list[Row]:
    """As Excel; its times end at the millisecond."""
    sheet = openpyxl.load_workbook(file)["Werte"]
    heads, *rows = sheet.iter_rows(values_only=True)
    return [_excel_row(dict(zip(heads, row, strict=True))) for row in rows]


def _excel_row(row: Row) -> Row:
    millis = round((row["Zeit (UTC)"] - datetime(1970, 1, 1)) / timedelta(milliseconds=1))  # noqa: DTZ001
    assert row["Ortszeit"] - row["Zeit (UTC)"] == timedelta(hours=int(row["UTC-Versatz"][3:6]))
    return {**row, "time": millis * 10**6}


Reader = Callable[[Path], list[Row]]
MACHINES: dict[str, Reader] = {
    "csv": read_csv,
    "csv by arrow": read_csv_by_arrow,
    "parquet": read_parquet,
    "ndjson": read_ndjson,
}
PEOPLE: dict[str, Reader] = {"csv-de": read_csv_de, "xlsx": read_xlsx}


def _ending(reader: str) -> str:
    return reader.split(maxsplit=1)[0]


# --- what must be found ------------------------------------------------------------------------------------


def expected(*, ms: bool = False) -> Found:
    def time(point: Point) -> int:
        return point.time_ns // 10**6 * 10**6 if ms else point.time_ns

    return {key: [(time(one), one.value, one.flag) for one in points] for key, points in truth().items()}


def _of_long(rows: list[Row]) -> Found:
    found: Found = {}
    for row in rows:
        direction = row.get("direction")
        own = (("direction", _harmful(direction)),) if direction else ()
        found.setdefault((row["device"], row["quantity"], own), []).append(
            (row["time"], row["value"], row["flag"])
        )
    return found


def _harmful(text: str) -> str:
    """As it was before it was made harmless."""
    return text.removeprefix("'")


def _machine_name(key: Key) -> str:
    return ".".join([key[0], key[1], *(said for _, said in key[2])])


def _german_title(key: Key) -> str:
    tags = ", ".join(said for _, said in key[2])
    return f"{_SITES[key[0]]} {_GERMAN[key[1]][0]}" + (f", {tags}" if tags else "")


def _of_wide(rows: list[Row], values: Callable[[Key], str], flags: Callable[[Key], str]) -> Found:
    assert [row["time"] for row in rows] == sorted({row["time"] for row in rows})
    return {
        key: [
            (row["time"], row[values(key)], row[flags(key)])
            for row in rows
            if row.get(values(key)) is not None or row.get(flags(key)) is not None
        ]
        for key in truth()
    }


# --- raw values --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", MACHINES)
def test_long_files_for_machines_give_back_every_value_of_the_store(
    reader: str, town: Settings, tmp_path: Path
) -> None:
    file = tmp_path / f"town.{_ending(reader)}"
    exported.exported(town, file, format=_ending(reader), shape="long")
    rows = MACHINES[reader](file)
    assert _of_long(rows) == expected()
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    for row in rows:
        assert row["unit"] == _UCUM.get(row["quantity"], "1")
        assert row.get("interval") == (600 if row["quantity"] in {"count", "precipitation"} else None)


@pytest.mark.parametrize("reader", MACHINES)
def test_wide_files_for_machines_give_back_every_value_of_the_store(
    reader: str, town: Settings, tmp_path: Path
) -> None:
    def name(key: Key) -> str:
        unit = f" [{_UCUM[key[1]]}]" if _ending(reader) == "csv" and key[1] in _UCUM else ""
        return f"{_machine_name(key)}{unit}"

    file = tmp_path / f"town.{_ending(reader)}"
    exported.exported(town, file, format=_ending(reader), shape="wide")
    assert _of_wide(MACHINES[reader](file), name, lambda key: f"{_machine_name(key)}.flag") == expected()


@pytest.mark.parametrize("reader", PEOPLE)
def test_long_files_for_people_give_back_every_value_of_the_store(
    reader: str, town: Settings, tmp_path: Path
) -> None:
    file = tmp_path / f"town.{_ending(reader)}"
    exported.exported(town, file, format=reader, shape="long")
    german = {words[0]: name for name, words in _GERMAN.items()}
    rows = [
        {
            "device": row["Messstelle"],
            "quantity": german[row["Messgröße"]],
            "direction": row["Richtung"],
            "time": row["time"],
            "value": row["Wert"],
            "flag": row["Qualität"],
        }
        for row in PEOPLE[reader](file)
    ]
    assert _of_long(rows) == expected(ms=reader == "xlsx")


@pytest.mark.parametrize("reader", PEOPLE)
def test_wide_files_for_people_give_back_every_value_of_the_store(
    reader: str, town: Settings, tmp_path: Path
) -> None:
    def harmless(text: str) -> str:
        return f"'{text}" if reader == "csv-de" and text.startswith(("=", "+")) else text

    def value(key: Key) -> str:
        sign = _GERMAN[key[1]][1]
        return harmless(_german_title(key) + (f" ({sign})" if sign else ""))

    file = tmp_path / f"town.{_ending(reader)}"
    exported.exported(town, file, format=reader)
    rows = PEOPLE[reader](file)
    found = _of_wide(rows, value, lambda key: harmless(f"{_german_title(key)}: Qualität"))
    assert found == expected(ms=reader == "xlsx")


@pytest.mark.parametrize("reader", PEOPLE)
def test_the_doubled_hour_stands_there_twice_and_the_missing_one_not_at_all(
    reader: str, town: Settings, tmp_path: Path
) -> None:
    file = tmp_path / f"town.{_ending(reader)}"
    exported.exported(town, file, format=reader, quantity=("pm2_5",), site=("Marktplatz",))
    rows = PEOPLE[reader](file)
    hours = [(f"{row['Ortszeit']:%d.%m. %H}", row["UTC-Versatz"]) for row in rows]
    assert [hours.count(("25.10. 02", offset)) for offset in ("UTC+02:00", "UTC+01:00")] == [6, 6]
    assert not any(hour == "29.03. 02" for hour, _ in hours)
    assert [hours.count(("29.03. 01", "UTC+01:00")), hours.count(("29.03. 03", "UTC+02:00"))] == [6, 6]


# --- windows and profiles ----------------------------------------------------------------------------------

#: Days of 23 and 25 hours with one before and after each.
_DAYS = {"begin": "2026-10-24", "to": "2026-10-26"}
_ROLES = ("value", "flag", "coverage", "reason")


def computed(town: Settings, spill: Path, **ask: Any) -> tuple[list[Key], list[Row]]:
    """What is read for an export, which its file must hold: series by number, and rows."""
    found, table = exported.gathered(town, spill, **ask)
    return [(one.device, one.quantity, one.tags) for one in found.series], table.to_pylist()


@pytest.mark.parametrize("every", ["1h", "1d"])
@pytest.mark.parametrize("span", [{"begin": "2026-03-28", "to": "2026-03-30"}, _DAYS])
@pytest.mark.parametrize("reader", MACHINES)
def test_windows_in_files_for_machines_equal_what_was_computed(
    reader: str, span: dict[str, str], every: str, town: Settings, tmp_path: Path
) -> None:
    ask = {**span, "every": every, "format": _ending(reader)}
    series, rows = computed(town, tmp_path / "spill.parquet", **ask)
    wanted = [
        {**{name: row[name] for name in ("time", "end", "partial", *_ROLES)}, "series": series[row["series"]]}
        for row in rows
    ]
    file = tmp_path / f"town.{_ending(reader)}"
    exported.exported(town, file, **ask)
    found = [
        {
            **{name: row.get(name) for name in ("time", "end", "partial", *_ROLES)},
            "series": (
                row["device"],
                row["quantity"],
                (("direction", _harmful(row["direction"])),) if row.get("direction") else (),
            ),
        }
        for row in MACHINES[reader](file)
    ]
    assert found == wanted
    assert any(row["value"] is not None for row in found)
    assert any(row["reason"] is not None for row in found)


@pytest.mark.parametrize("reader", PEOPLE)
def test_windows_in_files_for_people_equal_what_was_computed(
    reader: str, town: Settings, tmp_path: Path
) -> None:
    ask = {**_DAYS, "every": "1h", "format": reader, "device": ("luft-marktplatz",), "quantity": ("no2",)}
    _, rows = computed(town, tmp_path / "spill.parquet", **ask)
    wanted = [
        (
            row["time"],
            row["value"],
            row["flag"],
            row["coverage"],
            row["reason"] and word(row["reason"]).in_language("de"),
        )
        for row in rows
    ]
    file = tmp_path / f"town.{_ending(reader)}"
    exported.exported(town, file, **ask)
    heads = ["Marktplatz Stickstoffdioxid (µg/m³)"]
    heads += [f"Marktplatz Stickstoffdioxid: {said}" for said in ("Qualität", "Abdeckung (%)", "Grund")]
    found = PEOPLE[reader](file)
    told = [tuple(row[name] for name in ("time", *heads)) for row in found if row[heads[2]] is not None]
    assert told == wanted
    for row in found:
        assert row["Ende (Ortszeit)"] - row["Ortszeit"] in {
            timedelta(hours=1),
            timedelta(0),
            timedelta(hours=2),
        }


def test_a_day_of_25_hours_is_one_row(town: Settings, tmp_path: Path) -> None:
    file = tmp_path / "town.csv"
    exported.exported(
        town, file, **_DAYS, every="1d", format="csv", device=("luft-marktplatz",), quantity=("no2",)
    )
    lengths = [(row["end"] - row["time"]) // (3600 * 10**9) for row in read_csv(file)]
    assert lengths == [24, 25, 24]


@pytest.mark.parametrize(("every", "slot"), [("hour-of-day", "hour"), ("day-of-week", "weekday")])
@pytest.mark.parametrize("reader", ["csv by arrow", "parquet", "ndjson"])
def test_profiles_in_files_equal_what_was_computed(
    reader: str, every: str, slot: str, town: Settings, tmp_path: Path
) -> None:
    ask = {**_DAYS, "every": every, "format": _ending(reader)}
    series, rows = computed(town, tmp_path / "spill.parquet", **ask)
    wanted = [
        (series[row["series"]][:2], row["slot"], row["value"], row["used"], row["windows"], row["flag"])
        for row in rows
    ]
    file = tmp_path / f"town.{_ending(reader)}"
    exported.exported(town, file, **ask)
    read = _rows(pa_csv.read_csv(file)) if reader == "csv by arrow" else MACHINES[reader](file)
    assert [
        (
            (row["device"], row["quantity"]),
            row[slot],
            row.get("value"),
            row["used"],
            row["windows"],
            row.get("flag"),
        )
        for row in read
    ] == wanted
    assert any(row[2] is not None for row in wanted)
