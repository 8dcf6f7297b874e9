"""The time of an export: days and moments of local time as UTC, and the windows that it falls into."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from devices.language import say
from devices.moment import local, written
from publish.export.ask import Ask
from publish.export.errors import AskRefused
from publish.export.shown import shown
from publish.summary import Window

SECOND_NS = 1_000_000_000
HOUR_NS = 3600 * SECOND_NS
#: No day outside is allowed: nobody measured before, and every time fits into nanoseconds.
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
#: Profiles are means of hours or days.
_STEP = {"hour-of-day": "1h", "hour-of-week": "1h", "day-of-week": "1d"}
_FIXED_NS = {"15min": HOUR_NS // 4, "1h": HOUR_NS}
_LAST = re.compile(r"([1-9][0-9]{0,4}) ?(h|d|w|mo|y)")
_GERMAN_DAY = re.compile(r"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.+Z-]+)?")


def period(ask: Ask, zone: ZoneInfo, now_ns: int) -> Window:
    """The time that is asked for, not beyond `now_ns`.

    A date in `to` includes that day; `last` in hours, days and weeks ends now, in months and years with the
    last whole one. Where windows are asked for it begins where the first one begins that has a part in it,
    and ends with the last one that is over. Raises `AskRefused`.
    """
    said = _last(ask.last, zone, now_ns) if ask.last is not None else _from_to(ask, zone, now_ns)
    step = "1d" if ask.figures else step_of(ask.every)
    if step == "raw":
        return Window(said.begin_ns, min(said.end_ns, now_ns))
    begin_ns = _floor(said.begin_ns, step, zone)
    end_ns = min(_ceiling(said.end_ns, step, zone), _floor(now_ns, step, zone))
    if begin_ns >= end_ns and ask.figures is not None:
        raise AskRefused(
            say("figures rest on whole days, and none is over in that time"),
            hint=say("ask for an earlier time"),
        )
    if begin_ns >= end_ns:
        raise AskRefused(
            say("no window of {step} is over in that time", step=step),
            hint=say("ask for an earlier time, or for shorter windows"),
        )
    return Window(begin_ns, end_ns)


def step_of(every: str) -> str:
    """The windows that are computed: those asked for, or those a profile is the mean of; `raw` stays."""
    return _STEP.get(every, every)


def windows(every: str, window: Window, zone: ZoneInfo) -> Iterator[Window]:
    """The windows of a period, oldest first: they lie side by side and fill it.

    Quarters of an hour and hours are those of UTC; days and months are local, so that a day may have 23 or 25
    hours. For a profile, those it is the mean of. At the period's ends they are cut.
    """
    step = step_of(every)
    begin_ns = window.begin_ns
    while begin_ns < window.end_ns:
        end_ns = min(_next(begin_ns, step, zone), window.end_ns)
        yield Window(begin_ns, end_ns)
        begin_ns = end_ns


def _next(time_ns: int, step: str, zone: ZoneInfo) -> int:
    """The begin of the window after the one in which this time lies."""
    if step in _FIXED_NS:
        return (time_ns // _FIXED_NS[step] + 1) * _FIXED_NS[step]
    day = local(time_ns, zone).date()
    while True:
        day = _month_after(day) if step == "1mo" else day + timedelta(days=1)
        if (found := _midnight(day, zone)) > time_ns:
            return found


def _floor(time_ns: int, step: str, zone: ZoneInfo) -> int:
    if step in _FIXED_NS:
        return time_ns // _FIXED_NS[step] * _FIXED_NS[step]
    day = local(time_ns, zone).date()
    return _midnight(day.replace(day=1) if step == "1mo" else day, zone)


def _ceiling(time_ns: int, step: str, zone: ZoneInfo) -> int:
    below = _floor(time_ns, step, zone)
    return below if below == time_ns else _next(time_ns, step, zone)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return _ns(datetime(day.year, day.month, day.day, tzinfo=zone))


def _ns(when: datetime) -> int:
    return int(when.timestamp()) * SECOND_NS


def _last(text: str, zone: ZoneInfo, now_ns: int) -> Window:
    found = _LAST.fullmatch(text.strip())
    if found is None:
        raise AskRefused(
            say("last {text} is no length of time", text=shown(text)),
            hint=say("write a whole number and h, d, w, mo or y, as 24h, 30d, 4w, 1mo, 1y"),
        )
    count, unit = int(found[1]), found[2]
    now = local(now_ns, zone)
    try:
        if unit in ("mo", "y"):
            months = count * (12 if unit == "y" else 1)
            end = now.date().replace(day=1) if unit == "mo" else now.date().replace(month=1, day=1)
            begin = _months_before(end, months)
            span = Window(_midnight(begin, zone), _midnight(end, zone))
        elif unit == "h":
            span = Window(now_ns - count * HOUR_NS, now_ns)
        else:
            days = timedelta(days=count * (7 if unit == "w" else 1))
            span = Window(_ns(now - days), now_ns)
    except (ValueError, OverflowError):
        span = Window(-1, now_ns)
    if span.begin_ns < _midnight(FIRST, zone):
        raise _out_of_bounds("last", text)
    return span


def _months_before(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def _from_to(ask: Ask, zone: ZoneInfo, now_ns: int) -> Window:
    if ask.begin is None:
        raise AskRefused(
            say("no time was asked for: from is missing"),
            hint=say("give from (and to), as from 2026-01-01 to 2026-01-31, or last, as last 30d"),
        )
    begin_ns = _moment("from", ask.begin, zone)
    end_ns = now_ns if ask.to is None else _moment("to", ask.to, zone, whole_day=True)
    if ask.to is not None and end_ns <= begin_ns:
        raise AskRefused(
            say("to {to} is not after from {begin}", to=shown(ask.to), begin=shown(ask.begin)),
            hint=say("a date in to belongs to it: for one day give it twice"),
        )
    if begin_ns >= now_ns:
        raise AskRefused(
            say("from {begin} is still to come", begin=shown(ask.begin)),
            hint=say("ask for a time that has begun; it is {now} now", now=written(now_ns, zone)),
        )
    return Window(begin_ns, end_ns)


def _moment(name: str, text: str, zone: ZoneInfo, *, whole_day: bool = False) -> int:
    """UTC nanoseconds of a date (with `whole_day`: of its end) or a local time."""
    said = _GERMAN_DAY.sub(_iso_day, text.strip())
    found = _MOMENT.fullmatch(said)
    try:
        if found is None:
            raise ValueError
        when = datetime.fromisoformat(said)
    except ValueError:
        raise AskRefused(
            say("{name} {text} is no date and no time", name=name, text=shown(text)),
            hint=say("write it as 2026-01-31 or 2026-01-31 06:00, in local time"),
        ) from None
    if not FIRST <= when.date() <= LAST:
        raise _out_of_bounds(name, text)
    if found[1] is None:
        return _midnight(when.date() + timedelta(days=1 if whole_day else 0), zone)
    if when.tzinfo is not None:
        return _ns(when)
    return _ns(_once(name, text, when.replace(tzinfo=zone)))


def _iso_day(found: re.Match[str]) -> str:
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"


def _once(name: str, text: str, when: datetime) -> datetime:
    """A local time that there is, and once only."""
    zone = when.tzinfo
    if when.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != when.replace(tzinfo=None):
        raise AskRefused(
            say(
                "{name} {text}: there is no such time, the clocks go forward then",
                name=name,
                text=shown(text),
            ),
            hint=say("give a time before or after that hour"),
        )
    later = when.replace(fold=1)
    if when.utcoffset() != later.utcoffset():
        first, second = (one.isoformat(sep=" ", timespec="minutes") for one in (when, later))
        raise AskRefused(
            say(
                "{name} {text}: there are two such times, the clocks go back then",
                name=name,
                text=shown(text),
            ),
            hint=say("write {first} or {second}", first=first, second=second),
        )
    return when


def _out_of_bounds(name: str, text: str) -> AskRefused:
    return AskRefused(
        say("{name} {text} lies too far away", name=name, text=shown(text)),
        hint=say("allowed are days from {first} to {last}", first=FIRST, last=LAST),
    )
