"""The columns of a file as they stand in it: some formats make several of one of the sheet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from devices.language import Sentence, say
from publish.export.harmless import harmless
from publish.export.sheet import Column, Kind, Sheet

#: What of the sheet's column is written; `value` is all of it, the others are parts of a time.
Part = Literal["value", "utc", "local", "offset", "fraction"]
_KINDS: dict[Part, Kind] = {"utc": "time", "local": "time", "offset": "text", "fraction": "number"}
#: What people read of a time: heads, and the sentences on them where the column's own does not fit.
_Heads = Mapping[Part, tuple[Sentence, Sentence | None]]
_MOMENT: _Heads = {
    "utc": (say("Time (UTC)"), None),
    "local": (say("Local time"), say("the same time on the clock of the place")),
    "offset": (say("Offset from UTC"), say("by how much the clock of the place is ahead of UTC")),
}
_DAY: _Heads = {part: _MOMENT[part] for part in ("local", "utc", "offset")}
_END: _Heads = {
    "local": (
        say("End (local time)"),
        say("on the clock of the place; the first moment that no longer belongs to the window"),
    )
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the file. `column.name` is its head, exactly as written."""

    column: Column
    source: int  #: the place of the sheet's column
    part: Part = "value"


def machine(sheet: Sheet) -> tuple[Field, ...]:
    """Heads of CSV: names of machines; where the unit has no column of its own it stands in the head."""
    return tuple(Field(replace(one, name=_with_unit(one)), place) for place, one in enumerate(sheet.columns))


def plain(sheet: Sheet) -> tuple[Field, ...]:
    """The sheet's own columns."""
    return tuple(Field(one, place) for place, one in enumerate(sheet.columns))


def people(sheet: Sheet, *, text: bool) -> tuple[Field, ...]:
    """Heads that people read; a time is told in UTC and on the clock of the place, of days and months there
    first.

    `text`: for a file of text, of which a spreadsheet makes what it likes. In it no head is run as a formula,
    and what of a moment is below a second has a column of its own, where there is such a moment: Excel shows
    a time with decimals as `00:00,1`, without its date and hour.
    """
    return tuple(
        field for place, one in enumerate(sheet.columns) for field in _people(one, place, sheet, text=text)
    )


def has_moments(sheet: Sheet) -> bool:
    """Whether its times are those of single values, not the begin and end of windows."""
    times = [column.name for column in sheet.columns if column.kind == "time"]
    return times == ["time"]


def _with_unit(column: Column) -> str:
    unit = f" [{column.unit}]" if column.series is not None and column.unit not in {"", "1"} else ""
    return harmless(f"{column.name}{unit}")


def _people(column: Column, place: int, sheet: Sheet, *, text: bool) -> Iterator[Field]:
    if column.kind != "time":
        yield Field(replace(column, name=harmless(column.title) if text else column.title), place)
        return
    heads = dict(_END if column.name == "end" else _DAY if sheet.has_days else _MOMENT)
    if text and sheet.fractions and has_moments(sheet):
        heads["fraction"] = (say("Fraction of the second (s)"), say("the part of the time below its second"))
    for part, (head, about) in heads.items():
        name = head.in_language(sheet.lang)
        said = column.about if about is None else about.in_language(sheet.lang)
        yield Field(replace(column, name=name, title=name, kind=_KINDS[part], about=said), place, part)
