"""LibreOffice opens what is made for spreadsheets, and sees dates, numbers and texts, in German too."""

import os
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.settings import Settings
from publish.export.harmless import harmless
from publish.export.write import csv_de, xlsx
from tests import exported, sheets
from tests.exported import Point, truth
from tests.servers.process import find_program, missing
from tests.sheets import written

#: What its German reader does with a file by double click: by semicolon, UTF-8, numbers and dates recognised.
_GERMAN_CSV = "CSV:59,34,76,1,,1031,false,true"


@pytest.fixture(scope="module")
def office() -> Path:
    found = find_program("soffice", "MESSNETZ_TEST_SOFFICE")
    if found is None:
        missing("LibreOffice is missing: apt-get install libreoffice-calc")
    return found


def as_workbook(office: Path, file: Path) -> Any:
    """What LibreOffice sees in a file, as it saves it itself."""
    out = file.parent / "seen"
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    how = [f"--infilter={_GERMAN_CSV}"] if file.suffix == ".csv" else []
    subprocess.run(
        [
            str(office),
            profile,
            "--headless",
            *how,
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(out),
            str(file),
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "HOME": str(file.parent)},
    )
    return openpyxl.load_workbook(out / f"{file.stem}.xlsx")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return exported.set_up(tmp_path_factory.mktemp("town"))


def _seconds(point: Point) -> datetime:
    return exported.utc(point.time_ns // 10**9 * 10**9).replace(tzinfo=None)


@pytest.mark.parametrize("form", ["csv-de", "xlsx"])
def test_dates_are_dates_and_numbers_numbers(form: str, office: Path, town: Settings, tmp_path: Path) -> None:
    file = tmp_path / f"town.{form.split('-', maxsplit=1)[0]}"
    exported.exported(town, file, format=form, shape="long")
    page = as_workbook(office, file).worksheets[0]
    heads, *rows = page.iter_rows(values_only=True)
    found = [dict(zip(heads, row, strict=True)) for row in rows]
    assert len(found) == sum(len(points) for points in truth().values())
    points = truth()["luft-marktplatz", "co", ()]
    seen = [
        row for row in found if row["Messstelle"] == "luft-marktplatz" and row["Messgröße"] == "Kohlenmonoxid"
    ]
    assert [(row["Zeit (UTC)"].replace(microsecond=0), row["Wert"], row["Qualität"]) for row in seen] == [
        (_seconds(point), point.value, point.flag) for point in points
    ]
    assert {row["UTC-Versatz"] for row in found} == {"UTC+01:00", "UTC+02:00"}
    assert all(isinstance(row["Ortszeit"], datetime) for row in found)
    assert page["A2"].is_date


@pytest.mark.parametrize("form", ["csv-de", "xlsx"])
def test_hostile_texts_stay_texts(form: str, office: Path, tmp_path: Path) -> None:
    hostile = [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1+1",
        "@SUM(1;1)",
        '"=1+1"',
        "eins;zwei",
        'a "b"\nc',
        "UTC+01:00",
    ]
    write = csv_de.write if form == "csv-de" else xlsx.write
    file = written(write, sheets.of_texts(hostile), tmp_path / f"a.{form.split('-', maxsplit=1)[0]}")
    page = as_workbook(office, file).worksheets[0]
    place = [cell.value for cell in page[1]].index("Standort") + 1
    cells = [page.cell(row, place) for row in range(2, 2 + len(hostile))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == [harmless(one) if form == "csv-de" else one for one in hostile]
