"""What follows from what was asked alone: the kind of rows (`publish.export.spill` has their forms), the
language.
"""

from typing import Literal

from publish.export.ask import PROFILES, Ask

What = Literal["readings", "windows", "profiles", "figures"]


def language(ask: Ask) -> Literal["de", "en"]:
    """That of heads and notes; the table for German Excel speaks German, whatever was asked."""
    return "de" if ask.format == "csv-de" else ask.lang


def what(ask: Ask) -> What:
    """The kind of what was gathered for this."""
    if ask.figures is not None:
        return "figures"
    if ask.every in PROFILES:
        return "profiles"
    return "readings" if ask.every == "raw" else "windows"
