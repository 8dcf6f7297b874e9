"""What formats of text and columns write, to the letter, and that every number and text can be had back."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from devices.quantity import CATALOGUE
from publish.export.harmless import harmless
from publish.export.write import csv as csv_format
from publish.export.write import csv_de, ndjson, parquet, xlsx
from tests import sheets
from tests.sheets import written

_DECIMALS = sorted({one.decimals or 0 for one in CATALOGUE.values()} | {4})
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "Süd; \"Nord\", 'West'",
    "eins\nzwei",
    "eins\r\nzwei",
    "../../etc/passwd",
    "\tmit\tTab",
    "  mit Blanks  ",
    "\u202eRTL \u200b",
    "<r><t>&amp;</t></r>",
    "_x0041_ und \u0007",
    "",
    "😀 Straße ﬁ",
    "lang" * 10_000,
    "http://example.org/",
    "1e5",
    "=",
    "'",
)


@st.composite
def _numbers(draw: st.DrawFn) -> float:
    """A number as values are rounded: of so many decimals as a quantity has."""
    decimals = draw(st.sampled_from(_DECIMALS))
    return float(draw(st.integers(-(10**9), 10**9)) / 10**decimals)


numbers = st.lists(
    st.none() | _numbers() | st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20
)
quickly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def _german(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";", strict=True))


def _workbook(file: Path) -> list[dict[str, Any]]:
    heads, *rows = openpyxl.load_workbook(file)["Werte"].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def _float(cell: str) -> float | None:
    return float(cell.replace(",", ".")) if cell else None


#: How numbers and texts are had back.
READ: dict[str, tuple[Any, Callable[[Path], list[Any]], Callable[[Path], list[Any]]]] = {
    "csv": (
        csv_format.write,
        lambda file: [_float(row["value"]) for row in _csv(file)],
        lambda file: [row["site"] for row in _csv(file)],
    ),
    "csv-de": (
        csv_de.write,
        lambda file: [_float(row["Wert"]) for row in _german(file)],
        lambda file: [row["Standort"] for row in _german(file)],
    ),
    "xlsx": (
        xlsx.write,
        lambda file: [row["Wert"] for row in _workbook(file)],
        lambda file: [row["Standort"] and unescape(row["Standort"]) for row in _workbook(file)],
    ),
    "parquet": (
        parquet.write,
        lambda file: pq.read_table(file)["value"].to_pylist(),
        lambda file: pq.read_table(file)["site"].to_pylist(),
    ),
    "ndjson": (
        ndjson.write,
        lambda file: [json.loads(line).get("value") for line in file.read_text("utf-8").splitlines()],
        lambda file: [json.loads(line).get("site") for line in file.read_bytes().decode().split("\n")[:-1]],
    ),
}


@pytest.mark.parametrize("name", [name for name in READ if name != "xlsx"])
@given(wanted=numbers)
@example(
    wanted=[0.1, -0.0, 1e-7, 1e22, 123456789012.3, 5e-324, 1.7976931348623157e308, 9007199254740993.0, None]
)
@quickly
def test_every_number_is_had_back_exactly(name: str, wanted: list[float | None], tmp_path: Path) -> None:
    write, read, _ = READ[name]
    assert read(written(write, sheets.of_numbers(wanted), tmp_path / f"a.{name}")) == wanted


@given(
    wanted=st.lists(
        st.none() | _numbers() | st.floats(-1e300, 1e300).map(lambda number: float(f"{number:.15g}")),
        min_size=1,
        max_size=20,
    )
)
@example(wanted=[0.1, -0.0, 1e-7, 1e22, 123456789012.3, 9007199254740991.0, None])
@quickly
def test_a_workbook_holds_as_many_digits_as_excel_does(wanted: list[float | None], tmp_path: Path) -> None:
    assert READ["xlsx"][1](written(xlsx.write, sheets.of_numbers(wanted), tmp_path / "a.xlsx")) == wanted


@pytest.mark.parametrize("name", ["csv", "csv-de", "parquet", "ndjson", "xlsx"])
def test_every_text_is_had_back(name: str, tmp_path: Path) -> None:
    def told(text: str) -> str | None:
        if name == "xlsx":
            blank = " " if text.startswith("<r>") else ""  # XlsxWriter takes such a text for its own XML
            return f"{text[:32_767]}{blank}".replace("\r\n", "\n") or None
        return harmless(text) if name.startswith("csv") else text

    write, _, read = READ[name]
    file = written(write, sheets.of_texts(HOSTILE), tmp_path / f"a.{name}")
    assert [one or None for one in read(file)] == [told(one) or None for one in HOSTILE]


@pytest.mark.parametrize("name", ["csv", "csv-de", "parquet", "ndjson"])
@given(
    wanted=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1)
)
@quickly
def test_any_text_is_had_back(name: str, wanted: list[str], tmp_path: Path) -> None:
    write, _, read = READ[name]
    file = written(write, sheets.of_texts(wanted), tmp_path / f"a.{name}")
    assert read(file) == [harmless(one) if name.startswith("csv") else one for one in wanted]
