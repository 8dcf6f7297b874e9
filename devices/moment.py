"""Dates and times as technicians write them in files: `2025-11-03 09:30`, in local time."""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from devices.complaint import one_line
from devices.language import Sentence, say

_CLOCK = r"(?:[ T,]+(?:um )?(\d{1,2})[:.](\d{2})(?::(\d{2}))?(?: ?Uhr)?)?"
_GERMAN = re.compile(rf"(\d{{1,2}})\. ?(\d{{1,2}})\. ?(\d{{4}}|\d{{2}}){_CLOCK}")
_SLASHES = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_CLOCK}")
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_CLOCK}")


def time_ns(text: str, timezone: str) -> int:
    """UTC nanoseconds since 1970 of a date and time that is local unless it has an offset.

    Raises `ValueError` with a sentence for what is no date, or a local time that the clocks jump over.
    """
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(_complaint(one_line(text.strip()))) from None
    if when.tzinfo is None:
        when = when.replace(tzinfo=ZoneInfo(timezone))
        if when.astimezone(UTC).astimezone(when.tzinfo).replace(tzinfo=None) != when.replace(tzinfo=None):
            said = say(
                "{text} does not exist in {timezone}: the clocks go forward then",
                text=text,
                timezone=timezone,
            )
            raise ValueError(said)
    return int(when.timestamp()) * 1_000_000_000


def local(time_ns: int, zone: tzinfo) -> datetime:
    """A UTC time, cut to its second, on the clock of this zone."""
    return datetime.fromtimestamp(time_ns // 1_000_000_000, UTC).astimezone(zone)


def written(time_ns: int, zone: tzinfo) -> str:
    """A UTC time as `time_ns` reads it, to the minute."""
    return f"{local(time_ns, zone):%Y-%m-%d %H:%M}"


def _complaint(text: str) -> Sentence:
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    if match := _GERMAN.fullmatch(text):
        day, month, year, *clock = match.groups()
        return _with_right(shown, year if len(year) == 4 else f"20{year}", month, day, clock)
    if match := _ISO.fullmatch(text):
        year, month, day, *clock = match.groups()
        return _with_right(shown, year, month, day, clock)
    if _SLASHES.fullmatch(text):
        return say("{text}: which is the month? Write the year first, as 2025-11-03 09:30", text=shown)
    return say("{text} is no date and time: write it as 2025-11-03 09:30", text=shown)


def _with_right(text: str, year: str, month: str, day: str, clock: list[str | None]) -> Sentence:
    hour, minute, second = (part or "0" for part in clock)
    try:
        when = datetime(int(year), int(month), int(day))  # noqa: DTZ001  only whether there is such a day
    except ValueError:
        return say("{text}: there is no such day", text=text)
    try:
        when = when.replace(hour=int(hour), minute=int(minute), second=int(second))
    except ValueError:
        return say("{text}: there is no such time of day", text=text)
    right = f"{when:%Y-%m-%d %H:%M}" if clock[0] else f"{when:%Y-%m-%d}"
    return say("{text} is no date and time: write it as {right}", text=text, right=right)
