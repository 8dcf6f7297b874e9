"""What was gathered as a sheet: wide or long, as was asked or as the format is used."""

from dataclasses import replace
from typing import Literal

from publish.export.ask import Ask
from publish.export.chosen import Chosen
from publish.export.entries import entries
from publish.export.long import long
from publish.export.series import Gathered
from publish.export.sheet import Sheet
from publish.export.spilled import has_fractions
from publish.export.what import language, what
from publish.export.wide import MOST, wide

#: Formats that people look at: their words, not a program's names.
PEOPLE = ("csv-de", "xlsx")
#: Formats that are used wide where nothing else was asked for.
_WIDE = ("csv-de", "xlsx")


def shape(chosen: Chosen, gathered: Gathered) -> Sheet:
    """The rows and columns of the file.

    Raises `publish.export.errors.TooLarge` for more columns than a wide table has, where wide was asked for.
    """
    ask = chosen.ask
    lang = language(ask)
    make = wide if form(ask, len(gathered.series)) == "wide" else long
    sheet = make(chosen, gathered, entries(chosen, gathered, lang), lang, people=ask.format in PEOPLE)
    if ask.format == "csv-de" and what(ask) == "readings":  # which has a column of its own for them
        sheet = replace(sheet, fractions=has_fractions(gathered.spill))
    return replace(sheet, every=ask.every)


def form(ask: Ask, series: int) -> Literal["wide", "long"]:
    """Which of both it is, for so many series: more than a wide table has are long where nobody said how."""
    if what(ask) == "figures":
        return "long"
    if ask.shape is not None:
        return ask.shape
    return "wide" if ask.format in _WIDE and series <= MOST else "long"


def is_long_for_size(ask: Ask, series: int) -> bool:
    """Whether it would be wide if there were fewer series."""
    return form(ask, series) != form(ask, 1)
