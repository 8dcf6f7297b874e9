"""How much of a window intervals cover."""

from collections.abc import Iterable

from publish.summary.sample import Sample
from publish.summary.window import Window

#: A gap between neighbours up to this share of an interval is none: the begin of an interval is reckoned
#: from when its uplink was heard, which varies by seconds, and lengths are whole seconds. A lost
#: interval is a gap of a whole one. Our rule.
JITTER = 10


def covered_ns(intervals: Iterable[Sample], window: Window) -> int:
    """Nanoseconds of the window that the union of the intervals covers, oldest first.

    An interval that begins before the window and reaches into it covers what it reaches. Gaps of a tenth of
    the interval beside them (or less) count as covered, at the window's ends too.
    """
    reached = window.begin_ns
    missing = 0
    slack = None
    for one in intervals:
        if one.interval_s is None or one.end_ns <= window.begin_ns or one.time_ns >= window.end_ns:
            continue
        slack = (one.end_ns - one.time_ns) // JITTER
        if one.time_ns - reached > slack:
            missing += one.time_ns - reached
        reached = max(reached, one.end_ns)
    if slack is None:
        return 0
    if window.end_ns - reached > slack:
        missing += window.end_ns - reached
    return window.length_ns - missing
