"""A chart of the first columns of values, on a sheet of its own."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from devices.language import Sentence, say
from publish.export.about import About
from publish.export.ask import Every
from publish.export.sheet import Column, Sheet
from publish.export.write import times
from publish.export.write.fields import Field, has_moments
from publish.export.write.xlsx_text import plain, unlinked

#: Lines that can still be told apart, and points that Excel still draws at once.
_MOST, _POINTS = 8, 32_000
#: Points of which a line is made at least, and of which each is marked at most: one between gaps has no line.
_FEWEST, _MARKED = 2, 62
_DATE = {"de": "dd.mm.yyyy", "en": "yyyy-mm-dd"}
#: Told apart by people who see colours otherwise (Okabe and Ito).
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#000000", "#CC79A7", "#56B4E9", "#E69F00", "#7F7F7F")
_SLOTS = ("weekday_name", "hour")
_NAMED = 3  # sites that a title names; of more only their number is told
_GRID = {"visible": True, "line": {"color": "#D9D9D9"}}


def add_chart(
    workbook: Any, page: str, fields: tuple[Field, ...], sheet: Sheet, about: About, rows: int
) -> None:
    """Draw up to eight series of the first one's unit over time or over a profile's hours or days.

    There is none where a column holds more than one series, none has a time, or there is only one.
    """
    shown, rows = _shown(fields, sheet), min(rows, _POINTS)
    across = _across(fields, sheet)
    if not shown or not across or rows < _FEWEST:
        return
    drawn = _first(sheet, rows, {fields[place].source for place in (*shown, *across)})
    moments = fields[across[0]].part == "local"
    chart = workbook.add_chart({"type": "scatter", "subtype": "straight"} if moments else {"type": "line"})
    categories = _categories(drawn, [fields[place] for place in across], sheet, about)
    for place, colour in zip(shown, _COLOURS, strict=False):
        chart.add_series(
            {
                "name": [page, 0, place],  # a text of its own that begins with = would be run
                "name_data": [plain(fields[place].column.name)],
                "categories": [page, 1, across[0], rows, across[-1]],
                "categories_data": categories,
                "values": [page, 1, place, rows, place],
                "values_data": drawn.column(sheet.columns[fields[place].source].name).to_pylist(),
                "line": {"color": colour, "width": 1.5},
                "marker": _marker(colour) if rows <= _MARKED else {"type": "none"},
            }
        )
    chart.show_blanks_as("span" if has_moments(sheet) else "gap")
    title = _title([fields[place].column for place in shown], sheet)
    if sheet.rows > rows:
        title += f" ({_until(categories[-1], sheet)})"
    chart.set_title({"name": unlinked(title), "name_font": {"size": 14}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis(
        {"name": _unit([fields[place].column for place in shown], sheet), "major_gridlines": _GRID}
    )
    chart.set_x_axis(
        _over_time(categories, sheet)
        if moments
        else {"name": _names(fields, across), "label_position": "low", **_every_day(sheet)}
    )
    drawing = workbook.add_chartsheet(say("Chart").in_language(sheet.lang))
    drawing.set_chart(chart)
    drawing.set_landscape()
    drawing.set_paper(9)  # A4


def _marker(colour: str) -> dict[str, Any]:
    return {"type": "circle", "size": 4, "fill": {"color": colour}, "border": {"color": colour}}


def _shown(fields: tuple[Field, ...], sheet: Sheet) -> list[int]:
    """The places of the columns that are drawn: the first one's quantity; of one place its unit."""
    values = [place for place, one in enumerate(fields) if one.column.role == "value"]
    if not values or not sheet.entries or (sheet.shape == "long" and len(sheet.entries) > 1):
        return []
    first = sheet.entries[fields[values[0]].column.series or 0]
    alone = all(one.device == first.device for one in sheet.entries)
    entries = [(place, sheet.entries[fields[place].column.series or 0]) for place in values]
    fitting = [
        place
        for place, one in entries
        if one.unit == first.unit and (alone or one.quantity == first.quantity)
    ]
    return fitting[:_MOST]


def _across(fields: tuple[Field, ...], sheet: Sheet) -> list[int]:
    """The places of the columns that they are drawn over: local time, or what names a slot; of the hours of a
    week their day, for all of them cannot be read.
    """
    local = [place for place, one in enumerate(fields) if one.part == "local"][:1]
    slots = [place for place, one in enumerate(fields) if sheet.columns[one.source].name in _SLOTS]
    return local or slots[:1]


def _first(sheet: Sheet, rows: int, places: set[int]) -> pa.Table:
    """The first so many rows of these columns."""
    names = [sheet.columns[place].name for place in sorted(places)]
    batches, count = [], 0
    for batch in sheet.batches():
        batches.append(batch.select(names))
        count += batch.num_rows
        if count >= rows:
            break
    return pa.Table.from_batches(batches).slice(0, rows)


def _categories(drawn: pa.Table, fields: list[Field], sheet: Sheet, about: About) -> list[Any]:
    names = [sheet.columns[one.source].name for one in fields]
    if fields[0].part == "local":
        moments = drawn.column(names[0]).to_numpy()
        return list(times.excel_days(times.local(moments, ZoneInfo(about.timezone))).tolist())
    return list(drawn.column(names[0]).to_pylist())


def _title(columns: list[Column], sheet: Sheet) -> str:
    """What is drawn: `Marktplatz: PM2,5, je Tag`."""
    entries = [sheet.entries[column.series or 0] for column in columns]
    sites = list(dict.fromkeys(entry.site for entry in entries))
    several = say("{count} sites", count=len(sites)).in_language(sheet.lang)
    where = ", ".join(sites) if len(sites) <= _NAMED else several
    measured = dict.fromkeys(entry.measured for entry in entries)
    window = _window(sheet.every)
    return f"{where}: {', '.join([*measured, *([window.in_language(sheet.lang)] if window else [])])}"


def _window(every: Every) -> Sentence | None:
    """What a value stands for; nothing to be said of single ones."""
    words: dict[Every, Sentence] = {
        "15min": say("by quarter of an hour"),
        "1h": say("by hour"),
        "1d": say("by day"),
        "1mo": say("by month"),
        "hour-of-day": say("mean by hour of the day"),
        "hour-of-week": say("mean by hour of the week"),
        "day-of-week": say("mean by day of the week"),
    }
    return words.get(every)


def _unit(columns: list[Column], sheet: Sheet) -> str:
    """What stands at the upright axis: the unit, with the quantity where all lines are of one."""
    entries = [sheet.entries[column.series or 0] for column in columns]
    measured = {entry.measured for entry in entries}
    name, sign = measured.pop() if len(measured) == 1 else "", entries[0].sign
    return f"{name} ({sign})" if name and sign else name or sign


def _over_time(days: list[float], sheet: Sheet) -> dict[str, Any]:
    begin, end = math.floor(days[0]), math.ceil(days[-1])
    return {
        "name": say("Local time").in_language(sheet.lang),
        "num_format": _DATE[sheet.lang],
        "min": begin,
        "max": max(end, begin + 1),
        "num_font": {"rotation": -45},
        "label_position": "low",
    }


def _every_day(sheet: Sheet) -> dict[str, Any]:
    return {"interval_unit": 24, "interval_tick": 24} if sheet.every == "hour-of-week" else {}


def _names(fields: tuple[Field, ...], across: list[int]) -> str:
    return ", ".join(fields[place].column.name for place in across)


def _until(day: float, sheet: Sheet) -> str:
    when = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=day)
    return say(
        "until {day}", day=f"{when:%d.%m.%Y}" if sheet.lang == "de" else f"{when:%Y-%m-%d}"
    ).in_language(sheet.lang)
