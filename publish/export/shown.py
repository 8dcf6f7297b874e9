"""What somebody said, as a message can show it."""

from collections.abc import Sequence

from devices.complaint import one_line
from devices.language import say

#: Names that a message lists, and characters of each that it shows.
NAMES, LENGTH = 30, 60


def shown(text: str) -> str:
    """The text in one line, without anything that cannot be seen, and short."""
    line = one_line(text[: LENGTH + 1].strip())
    return line if len(line) <= LENGTH and len(text) <= LENGTH else f"{line[: LENGTH - 1]}…"


def listed(names: Sequence[str], at_most: int = NAMES) -> str:
    """The first names with commas, and how many more there are."""
    some = ", ".join(shown(one) for one in names[:at_most])
    if len(names) <= at_most:
        return some
    return say("{names} and {count} more", names=some, count=len(names) - at_most)
