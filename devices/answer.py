"""What a technician types at a question, after an option or into a table, as the device file has it.

Decimal commas, German dates and several spellings are understood here; whether the values make sense is
judged by the registry's own rules. Every function raises `ValueError` with a sentence that says how to write
it.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from devices.language import say

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_COORDINATES = re.compile(r"\(?\s*([+-]?[0-9]+[.,][0-9]+)°?\s*[,;/ ]\s*([+-]?[0-9]+[.,][0-9]+)°?\s*\)?")
_CALIBRATION = re.compile(r"([0-9]+(?:[.,][0-9]+)?)?(?:\*x)?([+-][0-9]+(?:[.,][0-9]+)?)?")
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(.*)")
_PUBLISH = {
    **dict.fromkeys(("keine", "nein", "no", "privat"), "none"),
    **dict.fromkeys(("partner", "kommunen"), "partners"),
    **dict.fromkeys(("offen", "ja", "yes", "öffentlich"), "open"),
}


def decimal(text: str) -> float:
    """A number with decimal point or comma."""
    if _NUMBER.fullmatch(text.strip()) is None:
        raise ValueError(say("{text} is no number: write it as 50.5841", text=text))
    return float(text.strip().replace(",", "."))


def coordinates(text: str) -> tuple[float, float]:
    """Latitude and longitude in degrees, as maps on a phone give them: `50.5841, 8.6784`."""
    found = _COORDINATES.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            say("{text} is no place: write latitude and longitude in degrees, as 50.5841, 8.6784", text=text)
        )
    return decimal(found[1]), decimal(found[2])


def calibration(text: str) -> tuple[str, dict[str, float]]:
    """A quantity with factor and offset: `pm2_5=0.92+0.4`, `pm2_5=0,92`, `pm2_5=+0.4`."""
    name, _, rule = text.replace(" ", "").partition("=")
    found = _CALIBRATION.fullmatch(rule)
    if not name or found is None or not rule:
        raise ValueError(
            say("{text} is no calibration: write quantity=factor+offset, as pm2_5=0.92+0.4", text=text)
        )
    made = {} if found[1] is None else {"factor": decimal(found[1])}
    return name, made if found[2] is None else {**made, "offset": decimal(found[2])}


def pair(text: str) -> tuple[str, str]:
    """A name and a text: `inventar=20931`."""
    name, equals, value = text.partition("=")
    if not name.strip() or not equals or not value.strip():
        raise ValueError(say("{text} is no pair: write name=text, as inventar=20931", text=text))
    return name.strip(), value.strip()


def several(text: str, one: Callable[[str], tuple[str, Any]]) -> dict[str, Any]:
    """Pairs with a comma or semicolon between them; a comma between digits is a decimal one."""
    parts = re.split(r"[;|]|,(?![0-9])", text)
    return dict(one(part) for part in parts if part.strip())


def publish(text: str) -> str:
    """Who may have the data, in the file's word."""
    return _PUBLISH.get(text.strip().casefold(), text.strip().casefold())


def interval(text: str) -> str:
    """How often it speaks: `10 min`, `10 Minuten`, `1h`, `1 Tag`."""
    found = re.fullmatch(r"([0-9]+)\s*([a-zA-Z]+)\.?", text.strip())
    if found is None:
        return text.strip()
    word = found[2].casefold()
    units = {"s": "s", "sek": "s", "m": "min", "h": "h", "st": "h", "d": "d", "t": "d"}
    unit = next((units[begin] for begin in ("sek", "st", *units) if word.startswith(begin)), word)
    return f"{found[1]}{unit}"


def moment(text: str, timezone: str) -> str:
    """A time as the file has it, local and to the minute: from `10.03.2026 14:00`, `2026-03-10`, `now`.

    An hour that comes twice (in autumn) gets its offset. Raises `ValueError` for what is no time.
    """
    said = text.strip()
    if said.casefold() in ("now", "jetzt"):
        return written(datetime.now(UTC), timezone)
    if german := _GERMAN_DAY.fullmatch(said):
        said = f"{german[3]}-{int(german[2]):02}-{int(german[1]):02}{german[4].removesuffix('Uhr').rstrip()}"
    said = re.sub(r"([ T])([0-9]):", r"\g<1>0\2:", said)
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\b", said) and not _is_day(said[:10]):
            raise ValueError(say("{text}: there is no such day", text=text)) from None
        raise ValueError(
            say("{text} is no date and time: write it as 2026-03-10 14:00 or 10.03.2026 14:00", text=text)
        ) from None
    return written(when, timezone) if when.tzinfo else f"{when:%Y-%m-%d %H:%M}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def written(when: datetime, timezone: str) -> str:
    """A moment as the file has it, local, its seconds cut off."""
    local = when.astimezone(ZoneInfo(timezone)).replace(second=0, microsecond=0)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.isoformat(sep=" ", timespec="minutes") if twice else f"{local:%Y-%m-%d %H:%M}"


def moment_ns(text: str, timezone: str) -> int:
    """What `moment` gave, in UTC nanoseconds."""
    when = datetime.fromisoformat(text)
    when = when if when.tzinfo else when.replace(tzinfo=ZoneInfo(timezone))
    return int(when.timestamp()) * 1_000_000_000


def written_ns(time_ns: int, timezone: str) -> str:
    """UTC nanoseconds as the file has times."""
    return written(datetime.fromtimestamp(time_ns // 1_000_000_000, UTC), timezone)
