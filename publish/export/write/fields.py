"""The columns of a file as they stand in it: some formats make several of one of the sheet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from devices.language import Sentence, say
from publish.export.harmless import harmless
from publish.export.sheet import Column, Kind, Sheet

#: What of the sheet's column is written; `value` is all of it, the others are parts of a time.
Part = Literal["value", "utc", "local", "offset", "fraction"]
_KINDS: dict[Part, Kind] = {"utc": "time", "local": "time", "offset": "text", "fraction": "number"}


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
    heads: dict[Part, Sentence] = {"utc": say("Time (UTC)"), "local": say("Local time")}
    if sheet.has_days:
        heads = dict(reversed(heads.items()))
    if column.name == "end":
        heads = {"local": say("End (local time)")}
    else:
        heads["offset"] = say("Offset from UTC")
    if text and sheet.fractions and has_moments(sheet):
        heads["fraction"] = say("Fraction of the second (s)")
    for part, head in heads.items():
        name = head.in_language(sheet.lang)
        yield Field(replace(column, name=name, title=name, kind=_KINDS[part]), place, part)
