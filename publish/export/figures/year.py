"""Whether a mean daily volume may be called DTV: of a full year, and of enough of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

#: Percent of the days of the year, and of those of each month of it, that must be whole. Nothing official
#: says how many days may be missing; that a month of holidays or of frost is not left out altogether is what
#: the second is for. Our rule.
OF_THE_YEAR, OF_EACH_MONTH = 75, 50


def is_year(days: Sequence[date]) -> bool:
    """Whether these days, which follow each other, are a calendar year or as long as one."""
    if len(days) not in (365, 366):
        return False
    following = days[-1] + timedelta(days=1)
    return len(days) == 365 or (following.month, following.day) == (days[0].month, days[0].day)


def is_enough(days: Sequence[date], whole: Sequence[bool]) -> bool:
    """Whether so many of a year's days are whole that their mean may be called that of the year."""
    of = Counter(day.month for day in days)
    have = Counter(day.month for day, is_whole in zip(days, whole, strict=True) if is_whole)
    if have.total() * 100 < len(days) * OF_THE_YEAR:
        return False
    return all(have[month] * 100 >= count * OF_EACH_MONTH for month, count in of.items())
