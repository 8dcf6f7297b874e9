"""Which of the four kinds of rows an export has: `publish.export.spill` has their forms."""

from typing import Literal

from publish.export.ask import PROFILES, Ask

What = Literal["readings", "windows", "profiles", "figures"]


def what(ask: Ask) -> What:
    """The kind of what was gathered for this."""
    if ask.figures is not None:
        return "figures"
    if ask.every in PROFILES:
        return "profiles"
    return "readings" if ask.every == "raw" else "windows"
