"""What was gathered as a sheet: wide or long, as was asked or as the format is used."""

from dataclasses import replace

from publish.export.chosen import Chosen
from publish.export.entries import entries
from publish.export.long import long
from publish.export.series import Gathered
from publish.export.sheet import Sheet
from publish.export.spilled import has_fractions
from publish.export.what import language, what
from publish.export.wide import wide

#: Formats that people look at: their words, not a program's names.
PEOPLE = ("csv-de", "xlsx")
#: Formats that are used wide where nothing else was asked for.
_WIDE = ("csv-de", "xlsx")


def shape(chosen: Chosen, gathered: Gathered) -> Sheet:
    """The rows and columns of the file. Raises `publish.export.errors.TooLarge` for too many columns."""
    ask = chosen.ask
    lang = language(ask)
    wanted = ask.shape or ("wide" if ask.format in _WIDE else "long")
    make = wide if wanted == "wide" and what(ask) != "figures" else long
    sheet = make(chosen, gathered, entries(chosen, gathered, lang), lang, people=ask.format in PEOPLE)
    if ask.format == "csv-de" and what(ask) == "readings":  # which has a column of its own for them
        return replace(sheet, fractions=has_fractions(gathered.spill))
    return sheet
