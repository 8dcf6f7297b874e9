"""The time of an export: what was said, as UTC; and the windows it falls into, over both clock changes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.export.ask import PROFILES, Ask, Every
from publish.export.errors import AskRefused
from publish.export.period import period, windows
from publish.summary import Window

BERLIN = ZoneInfo("Europe/Berlin")
#: With and without clock changes, at midnight, by half an hour, by offsets that are no whole hours.
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "UTC",
        "America/Sao_Paulo",
        "Africa/Cairo",
        "Asia/Beirut",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "America/St_Johns",
        "Pacific/Chatham",
    )
]
HOUR = 3600 * 10**9
WINDOWED = [every for every in get_args(Every) if every != "raw"]


def ns(text: str, zone: ZoneInfo = BERLIN) -> int:
    """A local time (or one with an offset) as UTC nanoseconds."""
    when = datetime.fromisoformat(text)
    return int((when if when.tzinfo else when.replace(tzinfo=zone)).timestamp()) * 10**9


NOW = ns("2026-11-23 14:20")


def local(time_ns: int, zone: ZoneInfo = BERLIN) -> str:
    return f"{datetime.fromtimestamp(time_ns // 10**9, UTC).astimezone(zone):%Y-%m-%d %H:%M}"


def asked(zone: ZoneInfo = BERLIN, now_ns: int = NOW, **said: Any) -> tuple[str, str]:
    """Begin and end in local time of what was said; `from` is said as `begin`."""
    found = period(Ask(**said), zone, now_ns)
    return local(found.begin_ns, zone), local(found.end_ns, zone)


@pytest.mark.parametrize(
    ("said", "begin", "end"),
    [
        ({"begin": "2026-01-01", "to": "2026-01-31"}, "2026-01-01 00:00", "2026-02-01 00:00"),
        ({"begin": "2026-01-05", "to": "2026-01-05"}, "2026-01-05 00:00", "2026-01-06 00:00"),
        ({"begin": "01.01.2026", "to": "5.1.2026"}, "2026-01-01 00:00", "2026-01-06 00:00"),
        ({"begin": "2026-01-01 06:00", "to": "2026-01-01 07:30"}, "2026-01-01 06:00", "2026-01-01 07:30"),
        ({"begin": "01.01.2026 06:00", "to": "2026-01-01T07:30"}, "2026-01-01 06:00", "2026-01-01 07:30"),
        (
            {"begin": "2026-07-01T00:00:00Z", "to": "2026-07-01T12:00+00:00"},
            "2026-07-01 02:00",
            "2026-07-01 14:00",
        ),
        ({"begin": "2026-11-20"}, "2026-11-20 00:00", "2026-11-23 14:20"),
        ({"begin": "2026-11-20", "to": "2026-12-31"}, "2026-11-20 00:00", "2026-11-23 14:20"),  # not yet
        ({"begin": "2009-05-01", "to": "2009-05-01"}, "2009-05-01 00:00", "2009-05-02 00:00"),
        ({"last": "24h"}, "2026-11-22 14:20", "2026-11-23 14:20"),
        (
            {"last": "30d"},
            "2026-10-24 14:20",
            "2026-11-23 14:20",
        ),  # over the clock change, by the wall's clock
        ({"last": "4w"}, "2026-10-26 14:20", "2026-11-23 14:20"),
        ({"last": "1mo"}, "2026-10-01 00:00", "2026-11-01 00:00"),
        ({"last": "12mo"}, "2025-11-01 00:00", "2026-11-01 00:00"),
        ({"last": "1y"}, "2025-01-01 00:00", "2026-01-01 00:00"),
        # Windows: only finished ones, from where the first one begins.
        ({"last": "24h", "every": "1h"}, "2026-11-22 14:00", "2026-11-23 14:00"),
        ({"last": "24h", "every": "15min"}, "2026-11-22 14:15", "2026-11-23 14:15"),
        ({"last": "30d", "every": "1d"}, "2026-10-24 00:00", "2026-11-23 00:00"),
        ({"last": "30d", "every": "1mo"}, "2026-10-01 00:00", "2026-11-01 00:00"),
        ({"last": "2d", "every": "hour-of-day"}, "2026-11-21 14:00", "2026-11-23 14:00"),
        ({"last": "2w", "every": "hour-of-week"}, "2026-11-09 14:00", "2026-11-23 14:00"),
        ({"last": "2w", "every": "day-of-week"}, "2026-11-09 00:00", "2026-11-23 00:00"),
        ({"last": "7d", "figures": "traffic"}, "2026-11-16 00:00", "2026-11-23 00:00"),
        ({"begin": "2026-01-15", "to": "2026-03-02", "every": "1mo"}, "2026-01-01 00:00", "2026-04-01 00:00"),
        ({"begin": "2026-11-01", "every": "1d"}, "2026-11-01 00:00", "2026-11-23 00:00"),
        ({"begin": "2026-11-01", "to": "2026-11-30", "every": "1h"}, "2026-11-01 00:00", "2026-11-23 14:00"),
    ],
)
def test_what_was_said_is_a_period_of_local_time(said: dict[str, Any], begin: str, end: str) -> None:
    assert asked(**said) == (begin, end)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)]
)
def test_a_day_of_a_clock_change_has_all_its_hours(day: str, hours: int) -> None:
    found = period(Ask(begin=day, to=day, every="1d"), BERLIN, NOW)
    assert found.length_ns == hours * HOUR
    assert list(windows("1d", found, BERLIN)) == [found]
    assert len(list(windows("1h", found, BERLIN))) == hours
    assert len(list(windows("hour-of-day", found, BERLIN))) == hours
    assert len(list(windows("15min", found, BERLIN))) == hours * 4


def test_the_hour_that_comes_twice_is_two_windows() -> None:
    found = period(Ask(begin="2026-10-25", to="2026-10-25", every="1h"), BERLIN, NOW)
    assert [local(one.begin_ns)[-5:] for one in windows("1h", found, BERLIN)][:5] == [
        "00:00",
        "01:00",
        "02:00",
        "02:00",
        "03:00",
    ]


def test_months_are_those_of_the_wall() -> None:
    found = period(Ask(begin="2026-01-01", to="2026-12-31", every="1mo"), BERLIN, ns("2027-01-01 00:00"))
    months = list(windows("1mo", found, BERLIN))
    assert [local(one.begin_ns) for one in months] == [f"2026-{month:02}-01 00:00" for month in range(1, 13)]
    assert [one.length_ns // HOUR for one in months][2:4] == [31 * 24 - 1, 30 * 24]
    assert months[9].length_ns == (31 * 24 + 1) * HOUR


def test_a_window_that_ends_now_is_over() -> None:
    assert asked(now_ns=ns("2026-11-23 15:00"), last="1h", every="1h") == (
        "2026-11-23 14:00",
        "2026-11-23 15:00",
    )
    assert asked(now_ns=ns("2026-12-01 00:00"), last="1mo", every="1mo") == (
        "2026-11-01 00:00",
        "2026-12-01 00:00",
    )


@pytest.mark.parametrize(
    ("said", "words", "hint"),
    [
        ({}, "from is missing", "last 30d"),
        ({"to": "2026-01-01"}, "from is missing", "from 2026-01-01 to"),
        ({"begin": "2026-13-01"}, "from 2026-13-01 is no date", "2026-01-31 06:00"),
        ({"begin": "2026-02-29"}, "from 2026-02-29 is no date", "2026-01-31"),
        ({"begin": "gestern"}, "from gestern is no date", "2026-01-31"),
        ({"begin": "2026-01-01 25:00"}, "no date and no time", "2026-01-31"),
        ({"begin": "2026-W01-1"}, "no date and no time", "2026-01-31"),
        ({"begin": "२०२६-01-01"}, "no date and no time", "2026-01-31"),
        ({"begin": "2026-01-02", "to": "2026-01-01"}, "to 2026-01-01 is not after from 2026-01-02", "twice"),
        ({"begin": "2026-01-02 06:00", "to": "2026-01-02 06:00"}, "is not after", "twice"),
        ({"begin": "2027-01-01"}, "still to come", "2026-11-23 14:20 now"),
        ({"begin": "0001-01-01", "to": "2026-01-01"}, "too far away", "2000-01-01 to 2100-12-31"),
        ({"begin": "0001-01-01 00:00+14:00"}, "too far away", "2000-01-01"),
        ({"begin": "2026-01-01", "to": "9999-12-31"}, "to 9999-12-31 lies too far away", "2100-12-31"),
        ({"begin": "2026-01-01", "to": "9999-12-31T23:59-14:00"}, "too far away", "2100-12-31"),
        ({"begin": "2026-03-29 02:30"}, "there is no such time, the clocks go forward", "before or after"),
        ({"begin": "2026-10-25 02:30"}, "there are two such times", "02:30+02:00 or 2026-10-25 02:30+01:00"),
        ({"last": "0d"}, "last 0d is no length of time", "24h, 30d"),
        ({"last": "-3d"}, "last -3d is no length", "24h"),
        ({"last": "3"}, "is no length", "24h"),
        ({"last": "1.5h"}, "is no length", "24h"),
        ({"last": "3m"}, "is no length", "1mo"),
        ({"last": "99999999999d"}, "is no length", "24h"),
        ({"last": "99999d"}, "last 99999d lies too far away", "2000-01-01"),
        ({"last": "99999y"}, "too far away", "2000-01-01"),
        ({"last": "99999mo"}, "too far away", "2000-01-01"),
        ({"last": "99999w"}, "too far away", "2000-01-01"),
        ({"last": "\x00" * 3}, r"last \x00\x00\x00 is no length", "24h"),
        ({"begin": "2026-11-23", "every": "1d"}, "no window of 1d is over", "earlier"),
        ({"begin": "2026-11-01", "every": "1mo"}, "no window of 1mo is over", "shorter windows"),
    ],
)
def test_what_is_no_time_is_refused_with_what_would_be(said: dict[str, Any], words: str, hint: str) -> None:
    with pytest.raises(AskRefused) as error:
        period(Ask(**said), BERLIN, NOW)
    assert words in str(error.value)
    assert hint in error.value.hint


times = st.integers(ns("2009-01-01") // 10**9, ns("2030-01-01") // 10**9)


@given(
    every=st.sampled_from(WINDOWED),
    zone=st.sampled_from(ZONES),
    begin=times,
    length=st.integers(1, 40 * 86400),
)
def test_windows_lie_side_by_side_and_fill_the_period(
    every: str, zone: ZoneInfo, begin: int, length: int
) -> None:
    length = length if every != "15min" else length % (2 * 86400) + 1
    whole = Window(begin * 10**9, (begin + length) * 10**9)
    found = list(windows(every, whole, zone))
    assert (found[0].begin_ns, found[-1].end_ns) == (whole.begin_ns, whole.end_ns)
    assert all(one.end_ns == other.begin_ns for one, other in pairwise(found))
    assert all(one.begin_ns < one.end_ns for one in found)


@given(
    every=st.sampled_from(WINDOWED),
    zone=st.sampled_from(ZONES),
    now=times,
    last=st.builds("{}{}".format, st.integers(1, 400), st.sampled_from(["h", "d", "w", "mo", "y"])),
)
def test_the_windows_of_a_last_are_whole_over_and_the_newest(
    every: Every, zone: ZoneInfo, now: int, last: str
) -> None:
    now_ns = now * 10**9
    try:
        found = period(Ask(last=last, every=every), zone, now_ns)
    except AskRefused:
        return
    assert found.end_ns <= now_ns
    step = {"hour-of-day": "1h", "hour-of-week": "1h", "day-of-week": "1d"}.get(every, every)
    for edge in (found.begin_ns, found.end_ns):
        # A window that begins at the edge is not cut, wherever the period before it began.
        before = Window(edge - 40 * 86400 * 10**9, edge + 1)
        assert list(windows(step, before, zone))[-1].begin_ns == edge


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_every_day_of_a_zone_is_a_window(zone: ZoneInfo) -> None:
    whole = Window(ns("2009-01-01", zone), ns("2027-01-01", zone))
    days = [local(one.begin_ns, zone)[:10] for one in windows("1d", whole, zone)]
    first = datetime(2009, 1, 1, tzinfo=UTC)
    every = [f"{first + timedelta(days=count):%Y-%m-%d}" for count in range(19 * 365)]
    skipped = {"2011-12-30"} if zone.key == "Pacific/Apia" else set()  # it moved over the date line
    assert days == [day for day in every if day < "2027-01-01" and day not in skipped]


def test_the_profiles_have_windows_too() -> None:
    assert set(PROFILES) < set(WINDOWED)


def check_bounded(ask: Ask, zone: ZoneInfo) -> None:
    """A period until now at most, or a refusal that can be printed."""
    refused = None
    try:
        found = period(ask, zone, NOW)
    except AskRefused as error:
        refused = error
    else:
        assert 0 < found.begin_ns < found.end_ns <= NOW
    if refused is not None:
        assert str(refused).isprintable()
        assert len(str(refused)) < 300
        assert refused.hint


@given(
    begin=st.text(max_size=40) | st.datetimes().map(str) | st.dates().map(str),
    to=st.none() | st.text(max_size=40) | st.datetimes().map(str) | st.dates().map(str),
    every=st.sampled_from([*get_args(Every)]),
    zone=st.sampled_from(ZONES),
)
def test_any_text_is_a_period_or_refused(begin: str, to: str | None, every: Every, zone: ZoneInfo) -> None:
    check_bounded(Ask(begin=begin, to=to, every=every), zone)


@given(last=st.text(max_size=40) | st.from_regex(r"\A[0-9]{1,20} ?(h|d|w|mo|y)\Z"))
def test_any_text_is_a_last_or_refused(last: str) -> None:
    check_bounded(Ask(last=last), BERLIN)
