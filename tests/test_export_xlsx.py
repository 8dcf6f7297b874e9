"""Workbooks: dates, heads, filters, sheets past a million rows, the chart, and what is known of values."""

import errno
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from xlsxwriter.exceptions import FileCreateError

from publish.export.errors import TooLarge
from publish.export.series import Tally
from publish.export.sheet import Column, Sheet
from publish.export.write import xlsx
from tests import sheets
from tests.sheets import BEGIN_NS, HOUR_NS, written

TIME = Column("time", "Zeit (UTC)", "time")
VALUE = Column("luft-0.pm2_5", "Markt 0 PM2,5 (µg/m³)", "number", "ug/m3", 1, series=0, role="value")
FLAG = Column("luft-0.pm2_5.flag", "Markt 0 PM2,5: Qualität", "integer", series=0, role="flag")


def made(tmp_path: Path, sheet: Sheet, **said: Any) -> Any:
    return openpyxl.load_workbook(written(xlsx.write, sheet, tmp_path / "a.xlsx", **said))


def three_hours(**how: Any) -> Sheet:
    times = [BEGIN_NS, BEGIN_NS + HOUR_NS + 7_000_000, BEGIN_NS + 2 * HOUR_NS]
    columns: list[tuple[Column, Sequence[Any]]] = [
        (TIME, times),
        (VALUE, [12.0, None, 7.5]),
        (FLAG, [1, None, 3]),
    ]
    return sheets.sheet(columns, shape="wide", entries=(sheets.entry(),), **how)


def test_times_are_dates_of_excel_in_utc_and_local_time(tmp_path: Path) -> None:
    page = made(tmp_path, three_hours())["Werte"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(max_col=3)]
    assert rows == [
        ["Zeit (UTC)", "Ortszeit", "UTC-Versatz"],
        [datetime(2026, 9, 30, 22), datetime(2026, 10, 1), "UTC+02:00"],  # noqa: DTZ001  Excel knows no zones
        [
            datetime(2026, 9, 30, 23, 0, 0, 7000),  # noqa: DTZ001
            datetime(2026, 10, 1, 1, 0, 0, 7000),  # noqa: DTZ001
            "UTC+02:00",
        ],
        [datetime(2026, 10, 1), datetime(2026, 10, 1, 2), "UTC+02:00"],  # noqa: DTZ001
    ]
    assert page["A2"].is_date
    assert page["A2"].number_format == "dd.mm.yyyy hh:mm:ss"


def test_values_have_their_decimals_and_missing_ones_are_empty(tmp_path: Path) -> None:
    page = made(tmp_path, three_hours())["Werte"]
    assert page["D1"].value == "Markt 0 PM2,5 (µg/m³)"
    assert [page[cell].value for cell in ("D2", "D3", "D4", "E2", "E3", "E4")] == [12, None, 7.5, 1, None, 3]
    assert (page["D2"].number_format, page["E2"].number_format) == ("0.0", "0")


def test_heads_of_words_begin_where_the_words_below_do(tmp_path: Path) -> None:
    page = made(tmp_path, sheets.of_texts(["Markt"]))["Werte"]
    for head, cell in (("C1", "C2"), ("D1", "D2")):
        assert page[head].alignment.indent == page[cell].alignment.indent == 1


def test_the_head_stays_in_sight_and_filters(tmp_path: Path) -> None:
    page = made(tmp_path, three_hours())["Werte"]
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref == "A1:E4"
    assert page.dimensions == "A1:E4"


def test_on_every_sheet_of_paper_heads_and_times_are_printed(tmp_path: Path) -> None:
    page = made(tmp_path, three_hours())["Werte"]
    assert (page.print_title_rows, page.print_title_cols) == ("$1:$1", "$A:$B")


def test_english_books_have_english_names_and_dates(tmp_path: Path) -> None:
    book = made(tmp_path, three_hours(lang="en"))
    assert book.sheetnames == ["Values", "Chart", "Sources and quality"]
    assert book["Values"]["A1"].value == "Time (UTC)"
    assert book["Values"]["A2"].number_format == "yyyy-mm-dd hh:mm:ss"


def test_no_text_is_a_formula_or_a_link(tmp_path: Path) -> None:
    hostile = [
        "=1+1",
        "{=1+1}",
        "http://example.org",
        "mailto:a@example.org",
        "internal:A1",
        "@x",
        "+1",
        "-1",
    ]
    page = made(tmp_path, sheets.of_texts(hostile), title="=1+1", software="=2+2")["Werte"]
    assert [page.cell(row, 4).value for row in range(2, 10)] == hostile
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        parts = [book.read(name) for name in book.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in part or b"<f " in part or b"hyperlink" in part for part in parts)


def test_a_text_that_looks_like_the_writers_own_xml_stays_a_text(tmp_path: Path) -> None:
    rich = "<r><t>x</t></r>"
    book = made(tmp_path, sheets.of_texts([rich]), title=rich)
    assert book["Werte"]["D2"].value.strip() == rich
    assert book.worksheets[-1]["A1"].value.strip() == rich


def test_what_is_longer_than_a_cell_is_cut(tmp_path: Path) -> None:
    page = made(tmp_path, sheets.of_texts(["x" * 40_000, "😀" * 20_000]))["Werte"]
    assert page["D2"].value == "x" * 32_767
    assert page["D3"].value == "😀" * 16_383


def _many(rows: int, batch: int = 65_536) -> Sheet:
    """So many rows of nothing but times."""
    column = pa.array([BEGIN_NS] * batch, pa.int64())

    def batches() -> Iterator[pa.RecordBatch]:
        for begin in range(0, rows, batch):
            part = column.slice(0, min(batch, rows - begin))
            yield pa.RecordBatch.from_arrays([part], ["time"])

    return Sheet((TIME,), rows, batches, "long", (sheets.entry(),) * 50)


def test_past_a_sheet_rows_go_on_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 1000)
    book = made(tmp_path, _many(2501, batch=300))
    assert book.sheetnames[:3] == ["Werte", "Werte 2", "Werte 3"]
    assert [book[name].max_row for name in book.sheetnames[:3]] == [1001, 1001, 502]
    for name in book.sheetnames[:3]:
        assert book[name]["A1"].value == "Zeit (UTC)"
        assert book[name]["A2"].value == datetime(2026, 9, 30, 22)  # noqa: DTZ001


def test_past_five_sheets_the_window_that_would_fit_is_named(tmp_path: Path) -> None:
    end_ns = BEGIN_NS + 365 * 24 * HOUR_NS  # 50 series: 1.75 million rows by quarters of an hour
    with pytest.raises(TooLarge, match="5") as refused:
        written(xlsx.write, _many(15_000_000), tmp_path / "a.xlsx", end_ns=end_ns)
    assert "--every 15min" in refused.value.hint
    with pytest.raises(TooLarge) as refused:
        written(
            xlsx.write, _many(15_000_000), tmp_path / "a.xlsx", end_ns=BEGIN_NS + 10 * (end_ns - BEGIN_NS)
        )
    assert "--every 1h" in refused.value.hint
    assert not (tmp_path / "a.xlsx").exists()


def test_a_chart_shows_the_series_over_local_time(tmp_path: Path) -> None:
    written(xlsx.write, three_hours(), tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        chart = book.read("xl/charts/chart1.xml").decode()
    for part in (
        "Werte!$B$2:$B$4",
        "Werte!$D$2:$D$4",
        "Markt 0 PM2,5 (µg/m³)",
        "PM2,5 (µg/m³)",
        "Ortszeit",
        "Markt 0: PM2,5<",
        "<c:v>7.5</c:v>",
    ):
        assert part in chart


@pytest.mark.parametrize(
    ("count", "every", "lang", "title"),
    [
        (1, "1d", "de", "Markt 0: PM2,5, je Tag"),
        (2, "hour-of-week", "en", "Markt 0, Markt 1: PM2,5, mean by hour of the week"),
        (4, "1h", "de", "4 Standorte: PM2,5, je Stunde"),
    ],
)
def test_a_chart_is_called_by_what_it_shows(
    tmp_path: Path, count: int, every: str, lang: str, title: str
) -> None:
    columns: list[tuple[Column, Sequence[Any]]] = [(TIME, [BEGIN_NS, BEGIN_NS + HOUR_NS])]
    columns += [
        (Column(f"luft-{one}.pm2_5", f"Markt {one}", "number", "ug/m3", 1, series=one, role="value"), [1, 2])
        for one in range(count)
    ]
    entries = tuple(map(sheets.entry, range(count)))
    made = sheets.sheet(columns, shape="wide", entries=entries, every=every, lang=lang)
    written(xlsx.write, made, tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert f"<a:t>{title}</a:t>" in book.read("xl/charts/chart1.xml").decode()


@pytest.mark.parametrize("site", ["=Werte!$A$1", "Werte!A1", "=1+1"])
def test_a_site_that_is_written_like_a_formula_is_a_text_in_the_title(tmp_path: Path, site: str) -> None:
    columns: list[tuple[Column, Sequence[Any]]] = [(TIME, [BEGIN_NS, BEGIN_NS + HOUR_NS]), (VALUE, [1, 2])]
    hostile = sheets.sheet(columns, shape="wide", entries=(sheets.entry(site=site),))
    written(xlsx.write, hostile, tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        chart = book.read("xl/charts/chart1.xml").decode()
    assert f"{site}: PM2,5</a:t>" in chart.replace("\u2060", "")


@pytest.mark.parametrize("every", ["1d", "1mo"])
def test_days_and_months_show_their_local_date_first(tmp_path: Path, every: str) -> None:
    end = Column("end", "Ende (UTC)", "time")
    rows: list[tuple[Column, Sequence[Any]]] = [(TIME, [BEGIN_NS]), (end, [BEGIN_NS + 24 * HOUR_NS])]
    page = made(tmp_path, sheets.sheet(rows, entries=(sheets.entry(),), every=every))["Werte"]
    heads, values = ([cell.value for cell in row] for row in page.iter_rows())
    assert heads == ["Ortszeit", "Zeit (UTC)", "UTC-Versatz", "Ende (Ortszeit)"]
    assert values[:2] == [datetime(2026, 10, 1), datetime(2026, 9, 30, 22)]  # noqa: DTZ001  Excel knows no zones
    assert page["A2"].number_format == "dd.mm.yyyy"
    assert {page[cell].number_format for cell in ("B2", "D2")} == {"dd.mm.yyyy hh:mm:ss"}


def test_the_hours_of_a_week_are_drawn_over_its_days(tmp_path: Path) -> None:
    names = ["Montag"] * 24 + ["Dienstag"] * 24
    columns: list[tuple[Column, Sequence[Any]]] = [
        (Column("weekday_name", "Wochentag", "text"), names),
        (Column("hour", "Stunde", "integer"), [*range(24), *range(24)]),
        (VALUE, [1.0] * 48),
    ]
    week = sheets.sheet(columns, shape="wide", entries=(sheets.entry(),), every="hour-of-week")
    with zipfile.ZipFile(written(xlsx.write, week, tmp_path / "a.xlsx")) as book:
        chart = book.read("xl/charts/chart1.xml").decode()
    assert "<c:f>Werte!$A$2:$A$49</c:f>" in chart
    assert '<c:tickLblSkip val="24"/>' in chart


def test_points_are_marked_where_they_are_few_and_one_alone_is_not_drawn(tmp_path: Path) -> None:
    for count, drawn in ((1, None), (2, True), (200, False)):
        times = [BEGIN_NS + hour * HOUR_NS for hour in range(count)]
        several: list[tuple[Column, Sequence[Any]]] = [(TIME, times), (VALUE, [1.0] * count)]
        found = sheets.sheet(several, shape="wide", entries=(sheets.entry(),))
        with zipfile.ZipFile(written(xlsx.write, found, tmp_path / f"{count}.xlsx")) as book:
            charts = [book.read(name).decode() for name in book.namelist() if "/charts/" in name]
        assert [('<c:symbol val="circle"/>' in chart) for chart in charts] == (
            [] if drawn is None else [drawn]
        )


def test_a_column_of_several_series_is_not_drawn(tmp_path: Path) -> None:
    entries = (sheets.entry(0), sheets.entry(1))
    columns: list[tuple[Column, Sequence[Any]]] = [
        (TIME, [BEGIN_NS]),
        (Column("value", "Wert", "number", role="value"), [1.0]),
    ]
    assert made(tmp_path, sheets.sheet(columns, entries=entries)).sheetnames == [
        "Werte",
        "Quellen und Qualität",
    ]


def _texts(page: Any) -> list[Any]:
    return [cell for row in page.iter_rows(values_only=True) for cell in row if cell is not None]


def test_the_last_sheet_says_whose_the_values_are_how_sure_and_where_from(tmp_path: Path) -> None:
    tally = Tally(
        values=700,
        suspect=3,
        failed=2,
        windows=744,
        coverage_sum=744 * 97.25,
        first_ns=BEGIN_NS,
        last_ns=BEGIN_NS + HOUR_NS,
        reasons={"silent": 40, "failed": 4},
    )
    book = made(tmp_path, _with(tally))
    said = _texts(book["Quellen und Qualität"])
    for wanted in (
        "Messwerte: Stadt Gießen",
        "01.10.2026 00:00 bis 02.10.2026 00:00",
        "Datenstand",
        datetime(2026, 10, 1, 2),  # noqa: DTZ001  the newest value in local time
        "Messnetz 0.1.0",
        "a3f09b12c4de",
        "Dies sind keine amtlichen Messwerte.",
        "Stadt Gießen",
        "iot@example.org",
        "dl-de/by-2-0",
        "06531005",
        "Markt 0",
        700,
        97.2,
        "Sensor stumm: 40; alle Werte durch Prüfungen verworfen: 4",
        "Decentlab DL-PM; PM2,5 × 0,92 − 0,4",
        50.58,
        "Wartung",
        "Mast gestrichen",
    ):
        assert wanted in said, wanted
    assert book.properties.title == "Messwerte: Stadt Gießen"
    assert book.properties.creator == "Stadt Gießen"
    assert book.properties.created == datetime(2026, 10, 2, 4)  # noqa: DTZ001  UTC, as the format has it


def _with(tally: Tally) -> Sheet:
    columns: list[tuple[Column, Sequence[Any]]] = [(TIME, [BEGIN_NS]), (VALUE, [1.0])]
    return sheets.sheet(columns, shape="wide", entries=(sheets.entry(tally=tally),))


def test_nothing_but_an_empty_table_opens_too(tmp_path: Path) -> None:
    book = made(tmp_path, sheets.of_numbers([]), publishers=(), spans=(), places=())
    assert book["Werte"].max_row == 1


def test_nothing_that_was_put_aside_is_left(tmp_path: Path) -> None:
    class Unwanted(Exception):
        pass

    def stopped(_done: int, _rows: int) -> None:
        raise Unwanted

    with pytest.raises(Unwanted):
        xlsx.write(three_hours(), sheets.about(), tmp_path / "a.xlsx", stopped)
    assert list(tmp_path.iterdir()) == []
    made(tmp_path, three_hours())
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_full_disk_is_said_to_be_full(small_disk: Path) -> None:
    (small_disk / "other").write_bytes(bytes(shutil.disk_usage(small_disk).free - 1_000_000))
    with pytest.raises((OSError, FileCreateError)) as raised:
        written(xlsx.write, _many(30_000), small_disk / "a.xlsx")
    cause = raised.value.__context__ if isinstance(raised.value, FileCreateError) else raised.value
    assert isinstance(cause, OSError)
    assert cause.errno == errno.ENOSPC
    assert [file.name for file in small_disk.iterdir()] == ["other"]
