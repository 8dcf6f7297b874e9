"""Numbers as people write them, where a file wants a plain one with a point."""

import re
from typing import Any

from devices.complaint import one_line
from devices.language import Sentence, say
from devices.yaml_write import flow

_COMMA = re.compile(r"\s*([+-]?\d+),(\d+)\s*")
_WITH_UNIT = re.compile(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*([^\W\d_%°]+|%|°C?)\s*")
_SEXAGESIMAL = re.compile(
    r"\s*([NSEWO]?)\s*(\d{1,3})\s*[°d ]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:['′’m ]\s*)?"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|'')?)?\s*([NSEWO]?)\s*"
)


def no_truth(given: Any) -> Any:
    """The value, for a validator: `true` is no 1. Raises `ValueError` with a sentence."""
    if isinstance(given, bool):
        raise ValueError(complaint(given))  # noqa: TRY004  what pydantic takes for a refusal
    return given


def complaint(given: Any) -> Sentence:
    """Why this is no number, and how it is meant to be written."""
    if given is None:
        return say("nothing stands there: write a number")
    if isinstance(given, bool):
        return say("{given} is no number", given=str(given).lower())
    if isinstance(given, list) and len(given) == 2 and all(map(_is_digits, given)):
        said = ",".join(map(str, given))
        return say(
            "{given} is no number: write it with a point, {right}", given=said, right=said.replace(",", ".")
        )
    text = one_line(given if isinstance(given, str) else flow(given))
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    if match := _COMMA.fullmatch(text):
        right = f"{match[1]}.{match[2]}"
        return say("{given} is no number: write it with a point, {right}", given=shown, right=right)
    if (degrees := degrees_of(text)) is not None:
        return say("{given} is no number: write degrees with a point, {right}", given=shown, right=degrees)
    if match := _WITH_UNIT.fullmatch(text):
        right = match[1].replace(",", ".")
        return say("{given} is no number: leave the unit out, {right}", given=shown, right=right)
    return say("{given} is no number", given=shown)


def degrees_of(text: str) -> str | None:
    """Degrees, minutes and perhaps seconds (`50° 35' 2.8" N`) as decimal degrees; None for anything else."""
    match = _SEXAGESIMAL.fullmatch(text)
    if match is None:
        return None
    before, degrees, minutes, seconds, behind = match.groups()
    value = int(degrees) + _plain(minutes) / 60 + _plain(seconds or "0") / 3600
    return f"{-value if 'S' in (before, behind) or 'W' in (before, behind) else value:.5f}"


def _plain(text: str) -> float:
    return float(text.replace(",", "."))


def _is_digits(part: Any) -> bool:
    return isinstance(part, int) and not isinstance(part, bool) and part >= 0
