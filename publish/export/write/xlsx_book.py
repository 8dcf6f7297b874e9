"""The workbook without its rows: sheets with their heads, the chart, sources and quality."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from devices.language import say
from publish.export.about import About
from publish.export.entries import TAGS
from publish.export.sheet import Entry, Lang, Sheet
from publish.export.write.fields import Field, people
from publish.export.write.xlsx_chart import add_chart
from publish.export.write.xlsx_sources import add_sources
from publish.export.write.xlsx_text import cut, lines, plain

_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "bottom": 1}
_MOMENT = {"de": "dd.mm.yyyy hh:mm:ss", "en": "yyyy-mm-dd hh:mm:ss"}
_ON_PAPER = 14  # columns that can still be read on the width of a page
_LINE_POINTS = 15  # the height of a line
_SENTENCES = ("note", "formula")  # broken into lines
_FILTER = 3  # characters that the arrow of a filter hides
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def book(sheet: Sheet, about: About, counts: Sequence[int]) -> io.BytesIO:
    """A workbook with a sheet of values for each count of rows, each with one row as their pattern."""
    result = io.BytesIO()
    with xlsxwriter.Workbook(result, _OPTIONS) as workbook:
        workbook.set_properties(_properties(about))
        fields = people(sheet, text=False)
        for number, count in enumerate(counts, 1):
            _add_page(workbook, page_name(number, sheet.lang), fields, sheet, count)
        add_chart(workbook, page_name(1, sheet.lang), fields, sheet, about, counts[0])
        add_sources(workbook, sheet, about)
    result.seek(0)
    return result


def _properties(about: About) -> dict[str, Any]:
    names = ", ".join(one.name for one in about.publishers)
    return {
        "title": cut(about.title),
        "author": names,
        "company": names,
        "comments": "\n".join(about.statements),
        "created": datetime.fromtimestamp(about.made_ns // 1_000_000_000, UTC).replace(tzinfo=None),
    }


def page_name(number: int, lang: Lang) -> str:
    """The name of a sheet of values; `number` from 1 on."""
    name = say("Values").in_language(lang)
    return name if number == 1 else f"{name} {number}"


def _add_page(workbook: Any, name: str, fields: tuple[Field, ...], sheet: Sheet, count: int) -> None:
    page, head = workbook.add_worksheet(name), workbook.add_format(_HEAD)
    kinds = [(_format(one, sheet), one.column.role in _SENTENCES) for one in fields]
    formats = {
        kind: workbook.add_format(
            {"num_format": kind[0], "text_wrap": kind[1], "valign": "top", **_side(kind[0])}
        )
        for kind in dict.fromkeys(kinds)
    }
    height = 1
    for place, field in enumerate(fields):
        text, width = plain(field.column.name), _width(field, sheet)
        height = max(height, lines(text, width - _FILTER))
        page.set_column(place, place, width)
        page.write_string(0, place, text, head)
        page.write_blank(1, place, None, formats[kinds[place]])
    page.set_row(0, _LINE_POINTS * height)
    page.freeze_panes(1, _frozen(fields))
    page.autofilter(0, 0, count, len(fields) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.repeat_rows(0)
    if len(fields) <= _ON_PAPER:
        page.fit_to_pages(1, 0)


def _side(number_format: str) -> dict[str, Any]:
    """Words keep away from the number before them."""
    return {"align": "left", "indent": 1} if number_format == "@" else {}


def _frozen(fields: tuple[Field, ...]) -> int:
    """How many columns stay in sight: both times, or what names a slot or a place."""
    if fields[0].column.kind == "time":
        return 2
    return 2 if fields[0].column.kind == "text" else sum(one.column.series is None for one in fields[:3])


def _format(field: Field, sheet: Sheet) -> str:
    column = field.column
    match column.kind:
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
