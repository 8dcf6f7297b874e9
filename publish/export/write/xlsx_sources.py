"""The sheet of a workbook that says whose values these are, how sure, and where from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from devices.language import Sentence, say
from publish.export import reasons, vocabulary
from publish.export.about import About, Hardware
from publish.export.sheet import Entry, Lang, Sheet
from publish.export.write import times
from publish.export.write.xlsx_text import lines, plain

_WIDTHS = (30, 26, 16, 16, 18, 18, 14, 14, 14, 34)
_LINE_POINTS = 15  # the height of a line
_MOMENT = {"de": "dd.mm.yyyy hh:mm", "en": "yyyy-mm-dd hh:mm"}


@dataclass(frozen=True, slots=True)
class Moment:
    """UTC nanoseconds, to be shown as a date in local time."""

    time_ns: int


Cell = str | float | Moment | None


def add_sources(workbook: Any, sheet: Sheet, about: About) -> None:
    """Add it as the last sheet."""
    page = _Page(workbook, sheet.lang, ZoneInfo(about.timezone))
    page.title(about.title)
    _facts(page, about)
    page.heading(say("To be known"))
    for statement in about.statements:
        page.paragraph(statement)
    _publishers(page, about)
    _series(page, sheet)
    _places(page, about)
    _spans(page, about)


class _Page:
    """A sheet that is written from top to bottom."""

    def __init__(self, workbook: Any, lang: Lang, zone: ZoneInfo) -> None:
        self.lang, self._zone, self._row = lang, zone, 0
        self._page = workbook.add_worksheet(self.said(say("Sources and quality")))
        top = {"valign": "top", "align": "left"}
        self._title = workbook.add_format({"bold": True, "font_size": 16})
        self._heading = workbook.add_format({"bold": True, "font_size": 12})
        self._label = workbook.add_format({"bold": True, **top})
        self._text = workbook.add_format({"text_wrap": True, **top})
        self._number = workbook.add_format({"valign": "top", "align": "right", "indent": 1})
        self._moment = workbook.add_format({"num_format": _MOMENT[lang], **top})
        head = {"bold": True, "text_wrap": True, "bg_color": "#E8EEF4", **top}
        self._head = workbook.add_format(head)
        self._right = workbook.add_format({**head, "align": "right", "indent": 1})
        for place, width in enumerate(_WIDTHS):
            self._page.set_column(place, place, width)
        self._page.hide_gridlines(2)
        self._page.set_landscape()
        self._page.set_paper(9)  # A4
        self._page.fit_to_pages(1, 0)

    def said(self, sentence: Sentence) -> str:
        """The sentence in the language of the sheet."""
        return sentence.in_language(self.lang)

    def title(self, text: str) -> None:
        """The first line."""
        self._page.set_row(0, 24)
        self._page.write_string(0, 0, plain(text), self._title)
        self._row = 2

    def heading(self, sentence: Sentence) -> None:
        """The begin of a part."""
        self._row += 1
        self._page.write_string(self._row, 0, self.said(sentence), self._heading)
        self._row += 1

    def fact(self, label: str, cell: Cell) -> None:
        """A name and what it is."""
        self._page.write_string(self._row, 0, plain(label), self._label)
        if isinstance(cell, str):
            self._merged(1, cell)
        else:
            self._put(1, cell)
        self._row += 1

    def paragraph(self, text: str) -> None:
        """A text over the whole width."""
        self._merged(0, text)
        self._row += 1

    def table(self, heads: Sequence[Sentence], rows: Iterable[Sequence[Cell]]) -> None:
        """Heads and rows below them."""
        said = [self.said(head) for head in heads]
        self._fit(said)
        told = list(rows)
        for place, text in enumerate(said):
            numbers = any(len(row) > place and isinstance(row[place], int | float) for row in told)
            self._page.write_string(self._row, place, text, self._right if numbers else self._head)
        self._row += 1
        for row in told:
            self._fit(row)
            for place, cell in enumerate(row):
                self._put(place, cell)
            self._row += 1

    def _fit(self, row: Sequence[Cell]) -> None:
        high = max(
            lines(cell, _WIDTHS[place]) if isinstance(cell, str) else 1 for place, cell in enumerate(row)
        )
        self._page.set_row(self._row, _LINE_POINTS * high)

    def _merged(self, first: int, text: str) -> None:
        last = len(_WIDTHS) - 1
        self._page.set_row(self._row, _LINE_POINTS * lines(text, sum(_WIDTHS[first:]) * 0.95))
        self._page.merge_range(self._row, first, self._row, last, "", self._text)
        self._page.write_string(self._row, first, plain(text), self._text)

    def _put(self, place: int, cell: Cell) -> None:
        if isinstance(cell, str):
            self._page.write_string(self._row, place, plain(cell), self._text)
        elif isinstance(cell, Moment):
            there = times.local(np.array([cell.time_ns]), self._zone)
            self._page.write_number(self._row, place, float(times.excel_days(there)[0]), self._moment)
        elif cell is not None:
            self._page.write_number(self._row, place, cell, self._number)


def _facts(page: _Page, about: About) -> None:
    for name, text in about.asked.items():
        page.fact(name, text)
    page.fact(page.said(say("Newest value")), _moment(about.newest_ns))
    page.fact(page.said(say("Made")), Moment(about.made_ns))
    page.fact(page.said(say("Made with")), about.software)
    page.fact(page.said(say("Version of the registry")), about.registry)


def _publishers(page: _Page, about: About) -> None:
    if about.publishers:
        page.heading(say("Publishers and licences"))
        page.table(
            [
                say("Publisher"),
                say("Contact"),
                say("Licence"),
                say("Municipality"),
                say("Municipality's key"),
            ],
            [(one.name, one.contact, one.licence, one.municipality, one.ags) for one in about.publishers],
        )


def _series(page: _Page, sheet: Sheet) -> None:
    page.heading(say("Series"))
    heads = [say("Site name"), say("Quantity"), say("Unit"), say("Values"), say("First"), say("Last")]
    heads += [say("Suspect"), say("Failed, left out"), say("Coverage (%)"), say("Windows without a value")]
    page.table(heads, [_entry(entry, sheet.lang) for entry in sheet.entries])


def _entry(entry: Entry, lang: Lang) -> Sequence[Cell]:
    tally = entry.tally
    words = vocabulary.tag_words(entry.tags, lang)
    why = sorted(tally.reasons.items(), key=lambda one: -one[1])
    return (
        entry.site,
        ", ".join(part for part in (entry.measured, words) if part),
        entry.sign,
        tally.values,
        _moment(tally.first_ns),
        _moment(tally.last_ns),
        tally.suspect + tally.dropped,
        tally.failed,
        round(tally.coverage_sum / tally.windows, 1) if tally.windows else None,
        "; ".join(f"{reasons.word(reason).in_language(lang)}: {count}" for reason, count in why),
    )


def _places(page: _Page, about: About) -> None:
    page.heading(say("Places and their hardware"))
    heads = [
        say("Site name"),
        say("Place"),
        say("Municipality"),
        say("District"),
        say("Installed"),
        say("Removed"),
    ]
    heads += [say("Latitude"), say("Longitude"), say("Metres above ground"), say("Hardware and calibration")]
    rows: list[Sequence[Cell]] = []
    for place in about.places:
        for one in place.hardware or (None,):
            begin, end = (None, None) if one is None else (one.begin_ns, one.end_ns)
            text = "" if one is None else _hardware(one, page.lang)
            named = (place.site, place.device, place.municipality, place.district)
            rows.append((*named, _moment(begin), _moment(end), place.lat, place.lon, place.height_m, text))
    page.table(heads, rows)


def _hardware(one: Hardware, lang: Lang) -> str:
    name = f"{one.manufacturer} {one.model}".strip()
    calibrated = [
        f"{vocabulary.title(quantity, lang)} × {_number(factor, lang)}"
        f" {'−' if offset < 0 else '+'} {_number(abs(offset), lang)}"
        for quantity, (factor, offset) in one.calibration.items()
    ]
    return "; ".join([name, *calibrated])


def _spans(page: _Page, about: About) -> None:
    if not about.spans:
        return
    kinds = {
        "maintenance": say("Maintenance"),
        "flag": say("Not valid"),
        "recompute": say("Computed anew"),
    }
    page.heading(say("Maintenance, times that are not valid, and values computed anew"))
    page.table(
        [say("Place"), say("What"), say("From"), say("To"), say("Done"), say("Reason")],
        [
            (
                one.device,
                page.said(kinds[one.kind]),
                _moment(one.begin_ns),
                _moment(one.end_ns),
                _moment(one.at_ns),
                one.reason,
            )
            for one in about.spans
        ],
    )


def _number(value: float, lang: Lang) -> str:
    text = f"{value:g}"
    return text.replace(".", ",") if lang == "de" else text


def _moment(time_ns: int | None) -> Moment | None:
    return None if time_ns is None else Moment(time_ns)
