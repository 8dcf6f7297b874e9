"""What is wrong with a technician's file, said so that it can be mended."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from devices.language import say


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake: where it is, whose it is, what is wrong, what is allowed, what to do."""

    file: str
    line: int  #: from 1; 0 where the file has no line to point at
    device: str  #: id of the device or device type; empty where it is the file's own
    message: str

    @property
    def place(self) -> str:
        """`file:line`, or the file alone."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        whose = f"{self.device}: " if self.device else ""
        return one_line(f"{self.place}: {whose}{self.message}")


#: Complaints that are shown where they are not asked for: a missing type can cost thousands of devices.
SHOWN = 100


def some(complaints: Sequence[Complaint]) -> list[str]:
    """The first complaints as lines, and one that counts the others."""
    lines = [str(complaint) for complaint in complaints[:SHOWN]]
    if len(complaints) > SHOWN:
        lines.append(say("… and {count} more: messnetz check shows them", count=len(complaints) - SHOWN))
    return lines


def one_line(text: str) -> str:
    """The text with line breaks and all else that cannot be seen as the escapes of a Python text."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text
    )


def did_you_mean(said: str, allowed: Iterable[str]) -> str:
    """` (did you mean x?)` for the nearest allowed word, or nothing."""
    near = difflib.get_close_matches(said, list(allowed), n=1)
    return f" (did you mean {near[0]}?)" if near else ""
