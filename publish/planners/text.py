"""Numbers, sizes and times as readers of either language write them."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from devices.language import Language, Sentence, say
from devices.moment import local
from publish import german


def number(value: float, decimals: int | None, language: Language) -> str:
    """`1.234,5` or `1,234.5`."""
    return german.number(value, decimals) if language == "de" else f"{value:,.{decimals or 0}f}"


def size(count: int, language: Language) -> str:
    """So many bytes as people say it: `1,2 MB`."""
    amount, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if amount < 999.5:
            break
        amount, unit = amount / 1000, larger
    decimals = 1 if unit != "B" and amount < 9.95 else 0
    return f"{number(amount, decimals, language)} {unit}"


def moment(time_ns: int, zone: ZoneInfo, language: Language) -> str:
    """`22.11.2026, 14:20` or `2026-11-22 14:20`, on the clock of this zone.

    In the hour that an autumn day has twice it says which: `25.10.2026, 02:00 (UTC+02:00)`.
    """
    when = local(time_ns, zone)
    said = f"{when:%d.%m.%Y, %H:%M}" if language == "de" else f"{when:%Y-%m-%d %H:%M}"
    twice = when.replace(fold=0).utcoffset() != when.replace(fold=1).utcoffset()
    offset = f"{when:%z}"
    return f"{said} (UTC{offset[:3]}:{offset[3:]})" if twice else said


def day(when: datetime, language: Language) -> str:
    """`22.11.` or `22 Nov`, short for an axis."""
    return f"{when:%d.%m.}" if language == "de" else f"{when.day} {_MONTHS[when.month - 1]}"


def month(when: datetime, language: Language) -> str:
    """`11/2026` or `Nov 2026`."""
    return f"{when:%m/%Y}" if language == "de" else f"{_MONTHS[when.month - 1]} {when.year}"


def last(length: str) -> Sentence:
    """`30d` in words; what is no length of time as it stands."""
    found = _LAST.fullmatch(length.strip())
    if found is None:
        return say("the last {length}", length=length)
    count, unit = int(found[1]), found[2]
    if count == 1 and unit in _ONE:
        return _ONE[unit]
    return say("the last {count} {units}", count=count, units=_MANY[unit])


def said_day(said: str, language: Language) -> str:
    """A day as it was entered, as readers write it; what is none as it stands."""
    found = DAY.fullmatch(said)
    return f"{found[3]}.{found[2]}.{found[1]}" if found and language == "de" else said


#: As a browser's field for days gives it.
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_LAST = re.compile(r"([0-9]{1,5}) ?(h|d|w|mo|y)")
_ONE = {"mo": say("last month, as a whole"), "y": say("last year, as a whole")}
_MANY = {
    "h": say("hours"),
    "d": say("days"),
    "w": say("weeks"),
    "mo": say("months, as a whole"),
    "y": say("years, as a whole"),
}


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
