"""A sheet of values: its heads, how its columns look, and its rows."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from devices.language import say
from publish.export.entries import TAGS
from publish.export.sheet import Entry, Lang, Sheet
from publish.export.write import times
from publish.export.write.fields import Field
from publish.export.write.lines import texts
from publish.export.write.xlsx_text import lines, plain

_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "bottom": 1}
_MOMENT = {"de": "dd.mm.yyyy hh:mm:ss", "en": "yyyy-mm-dd hh:mm:ss"}
_DAY = {"de": "dd.mm.yyyy", "en": "yyyy-mm-dd"}
_ON_PAPER = 14  # columns that can still be read on the width of a page
_LINE_POINTS = 15  # the height of a line
_WORDS = {"align": "left", "indent": 1}  # keep away from the number before them
_SENTENCES = ("note", "formula")  # broken into lines
_FILTER = 3  # characters that the arrow of a filter hides


def page_name(number: int, lang: Lang) -> str:
    """The name of a sheet of values; `number` from 1 on."""
    name = say("Values").in_language(lang)
    return name if number == 1 else f"{name} {number}"


class Page:
    """A sheet for so many rows, which are put one below the other."""

    def __init__(self, workbook: Any, name: str, fields: tuple[Field, ...], sheet: Sheet, count: int) -> None:
        page = workbook.add_worksheet(name)
        _head(workbook, page, fields, sheet)
        page.freeze_panes(1, _frozen(fields))
        page.autofilter(0, 0, count, len(fields) - 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.repeat_rows(0)
        page.repeat_columns(0, _frozen(fields) - 1)
        if len(fields) <= _ON_PAPER:
            page.fit_to_pages(1, 0)
        looks = _formats(workbook, fields, sheet)
        self._columns = [
            (place, page.write_string if field.column.kind == "text" else page.write_number, looks[place])
            for place, field in enumerate(fields)
        ]
        self._fields, self._next = fields, 1

    def put(self, batch: pa.RecordBatch, zone: ZoneInfo) -> None:
        """All rows of the batch; a cell without a value is left out."""
        cells = [_cells(field, batch.column(field.source), zone) for field in self._fields]
        for number, row in enumerate(zip(*cells, strict=True), self._next):
            for (place, write, look), cell in zip(self._columns, row, strict=True):
                if cell is not None:
                    write(number, place, cell, look)
        self._next += batch.num_rows


def _cells(field: Field, column: pa.Array, zone: ZoneInfo) -> list[Any]:
    cells: list[Any]
    match field.part:
        case "value" if field.column.kind == "text":
            cells = texts(column, plain).to_pylist()
        case "value":
            cells = (
                pc.add(column, 0.0) if pa.types.is_floating(column.type) else column
            ).to_pylist()  # no -0
        case "offset":
            cells = times.offset_texts(times.offsets(np.asarray(column), zone)).to_pylist()
        case "local":
            cells = times.excel_days(times.local(np.asarray(column), zone)).tolist()
        case _:
            cells = times.excel_days(np.asarray(column)).tolist()
    return cells


def _head(workbook: Any, page: Any, fields: tuple[Field, ...], sheet: Sheet) -> None:
    look, above_words = workbook.add_format(_HEAD), workbook.add_format({**_HEAD, **_WORDS})
    height = 1
    for place, field in enumerate(fields):
        text, width = plain(field.column.name), _width(field, sheet)
        height = max(height, lines(text, width - _FILTER))
        page.set_column(place, place, width)
        page.write_string(0, place, text, above_words if field.column.kind == "text" else look)
    page.set_row(0, _LINE_POINTS * height)


def _formats(workbook: Any, fields: tuple[Field, ...], sheet: Sheet) -> list[Any]:
    """How each column looks; what looks alike has one format."""
    kinds = [(_format(one, sheet), one.column.role in _SENTENCES) for one in fields]
    made = {
        kind: workbook.add_format(
            {"num_format": kind[0], "text_wrap": kind[1], "valign": "top", **_side(kind[0])}
        )
        for kind in dict.fromkeys(kinds)
    }
    return [made[kind] for kind in kinds]


def _side(number_format: str) -> dict[str, Any]:
    return _WORDS if number_format == "@" else {}


def _frozen(fields: tuple[Field, ...]) -> int:
    """How many columns stay in sight: both times, or what names a slot or a place."""
    if fields[0].column.kind == "time":
        return 2
    return 2 if fields[0].column.kind == "text" else sum(one.column.series is None for one in fields[:3])


def _format(field: Field, sheet: Sheet) -> str:
    column = field.column
    match column.kind:
        case "time" if _is_day(field, sheet):
            return _DAY[sheet.lang]
        case "time":
            return _MOMENT[sheet.lang]
        case "integer":
            return "0"
        case "text":
            return "@"
        case _ if column.decimals is None:
            return "General"
        case _:
            return f"0.{'0' * column.decimals}".removesuffix(".")


def _is_day(field: Field, sheet: Sheet) -> bool:
    """Whether its times are all midnights. The end keeps its hour: as a day it would seem to belong to it."""
    return sheet.has_days and field.part == "local" and sheet.columns[field.source].name == "time"


def _width(field: Field, sheet: Sheet) -> int:
    """In characters: as long as what stands in the column; heads are broken into lines between words."""
    column = field.column
    if column.kind == "time":
        return 20
    words = max((len(word) for word in column.name.split()), default=1)
    return min(44, max(10, words + _FILTER, _longest(field, sheet) + 3))


def _longest(field: Field, sheet: Sheet) -> int:
    texts: dict[str, Callable[[Entry], str | None]] = {
        "device": lambda entry: entry.device,
        "site": lambda entry: entry.site,
        "municipality": lambda entry: entry.municipality,
        "district": lambda entry: entry.district,
        "quantity": lambda entry: entry.measured,
        "unit": lambda entry: entry.sign,
    }
    source = sheet.columns[field.source].name
    if source in TAGS:
        return max(len(dict(entry.tags).get(source, "")) for entry in sheet.entries)
    if source in texts:
        return max((len(texts[source](entry) or "") for entry in sheet.entries), default=0)
    wide = {"reason": 30, "figure": 40, "note": 42, "formula": 42}
    return wide.get(field.column.role or source, 9)
