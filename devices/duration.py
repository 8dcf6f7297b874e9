"""Durations as technicians write them: `30s`, `10min`, `1h`, `1d`."""

import re

from devices.language import say

_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}

PATTERN = r"^[1-9][0-9]* ?(s|min|h|d)$"


def seconds(text: str) -> int:
    """Whole seconds of a duration; raises `ValueError` that says how to write one."""
    if not re.fullmatch(PATTERN, text):
        said = say("{text} is no duration: write a whole number and s, min, h or d, as in 10min", text=text)
        raise ValueError(said)
    number = text.rstrip("smindh ")
    return int(number) * _SECONDS[text.removeprefix(number).strip()]


def text(seconds: int) -> str:
    """A duration as technicians write it, in the largest unit that fits."""
    unit = next(name for name in reversed(_SECONDS) if seconds % _SECONDS[name] == 0)
    return f"{seconds // _SECONDS[unit]}{unit}"
