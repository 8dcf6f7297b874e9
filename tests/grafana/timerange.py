"""Time ranges as boards write them, and the interval that Grafana makes of one.

Rounding follows `roundInterval` of @grafana/data 11.6 (packages/grafana-data/src/datetime/rangeutil.ts).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
_RELATIVE = re.compile(r"now(?:-(\d+)([smhdwMy]))?(?:/([hdwMy]))?")
_UNIT_MS = {
    "ms": 1,
    "s": 1000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
    "M": 2_592_000_000,
    "y": 31_536_000_000,
}
_DAYS = {"d": 1, "w": 7}
_DURATION = re.compile(r"(\d+)(ms|[smhdwMy])")
#: From which length on which interval is taken, in ms.
_STEPS = (
    (10, 1),
    (15, 10),
    (35, 20),
    (75, 50),
    (150, 100),
    (350, 200),
    (750, 500),
    (1500, 1000),
    (3500, 2000),
    (7500, 5000),
    (12_500, 10_000),
    (17_500, 15_000),
    (25_000, 20_000),
    (45_000, 30_000),
    (90_000, 60_000),
    (210_000, 120_000),
    (450_000, 300_000),
    (750_000, 600_000),
    (1_050_000, 900_000),
    (1_500_000, 1_200_000),
    (2_700_000, 1_800_000),
    (5_400_000, 3_600_000),
    (9_000_000, 7_200_000),
    (16_200_000, 10_800_000),
    (32_400_000, 21_600_000),
    (86_400_000, 43_200_000),
    (604_800_000, 86_400_000),
    (1_814_400_000, 604_800_000),
    (3_628_800_000, 2_592_000_000),
)
_LONGEST_MS = 31_536_000_000


@dataclass(frozen=True)
class TimeRange:
    """`[begin_ms, end_ms]` since 1970, UTC."""

    begin_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """From begin to end."""
        return self.end_ms - self.begin_ms


def resolve(begin: str, end: str, now_ms: int) -> TimeRange:
    """What `now-24h` to `now` means at a time. Raises `ValueError` for what it does not know."""
    return TimeRange(_moment(begin, now_ms, up=False), _moment(end, now_ms, up=True))


def duration_ms(text: str) -> int:
    """`5m`, `1h30m` in milliseconds; `ValueError` for anything else. A leading `>` is left out."""
    parts = _DURATION.findall(text.removeprefix(">"))
    if not parts or "".join(number + unit for number, unit in parts) != text.removeprefix(">"):
        raise ValueError(f"{text!r} is no duration")
    return sum(int(number) * _UNIT_MS[unit] for number, unit in parts)


def interval_ms(span: TimeRange, points: int, least_ms: int) -> int:
    """The interval that leaves about `points` points."""
    raw = span.length_ms / points
    rounded = next((step for below, step in _STEPS if raw < below), _LONGEST_MS)
    return max(rounded, least_ms)


def text(milliseconds: int) -> str:
    """A duration as Grafana's backend writes it into a query: `1m0s` is `1m`."""
    for unit in ("d", "h", "m", "s"):
        if milliseconds % _UNIT_MS[unit] == 0:
            return f"{milliseconds // _UNIT_MS[unit]}{unit}"
    return f"{milliseconds}ms"


def told(own: str) -> str:
    """What Grafana writes beside the title of a panel with a time range of its own, in every language."""
    match = re.fullmatch(r"(?:now-)?(\d+)([mhd])(?:/[hd])?", own)
    if match is None:
        raise ValueError(f"{own!r} is no range that is understood here")
    unit = {"m": "minute", "h": "hour", "d": "day"}[match[2]]
    return f"Last {match[1]} {unit}{'' if match[1] == '1' else 's'}"


def _moment(said: str, now_ms: int, *, up: bool) -> int:
    match = _RELATIVE.fullmatch(said)
    if match is None:
        raise ValueError(f"{said!r} is no time that is understood here")
    count, unit, rounded = match.groups()
    if count and unit in {"d", "w"}:  # of the calendar: also a day on which the clock changes
        local = datetime.fromtimestamp(now_ms / 1000, ZONE) - timedelta(days=int(count) * _DAYS[unit])
        moment_ms = round(local.timestamp() * 1000)
    else:
        moment_ms = now_ms - (int(count) * _UNIT_MS[unit] if count else 0)
    return moment_ms if rounded is None else _rounded(moment_ms, rounded, up=up)


def _rounded(moment_ms: int, unit: str, *, up: bool) -> int:
    local = datetime.fromtimestamp(moment_ms / 1000, ZONE)
    begin = local.replace(minute=0, second=0, microsecond=0)
    if unit != "h":
        begin = begin.replace(hour=0)
    if unit == "w":
        begin -= timedelta(days=begin.weekday())
    elif unit not in {"h", "d"}:
        raise ValueError(f"rounding to {unit!r} is not understood here")
    if not up:
        return round(begin.timestamp() * 1000)
    end = begin + {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(days=7)}[unit]
    return round(end.timestamp() * 1000) - 1
