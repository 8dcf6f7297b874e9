"""Times in which somebody could not be heard, and how much of a silence they explain.

A span is `[begin_ns, end_ns)`, UTC nanoseconds.
"""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same times, oldest first, as spans that neither meet nor overlap; empty ones are left out."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if end <= begin:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def common(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """The times that lie in both."""
    both = itertools.product(merged(one), merged(other))
    return merged((max(a[0], b[0]), min(a[1], b[1])) for a, b in both)


def bounded(spans: Iterable[Span], most: int) -> list[Span]:
    """At most so many spans that hold at least the same times: the oldest become one.

    Rather too much is explained than too little: a sensor must not be called silent for want of a note.
    """
    found = merged(spans)
    surplus = len(found) - most
    return found if surplus <= 0 else [(found[0][0], found[surplus][1]), *found[surplus + 1 :]]


class Stopped:
    """The times in which a clock stood still, ready to be asked often."""

    def __init__(self, spans: Iterable[Span]) -> None:
        found = merged(spans)
        self._begins = [begin for begin, _ in found]
        self._spans: Sequence[Span] = found
        self._before = [0, *itertools.accumulate(end - begin for begin, end in found)]

    def between(self, begin_ns: int, end_ns: int) -> int:
        """How much of `[begin_ns, end_ns)` it stood still; 0 when that is empty."""
        return max(0, self._until(end_ns) - self._until(begin_ns))

    def _until(self, time_ns: int) -> int:
        at = bisect_right(self._begins, time_ns)
        if not at:
            return 0
        begin, end = self._spans[at - 1]
        return self._before[at - 1] + min(end, time_ns) - begin


NEVER = Stopped(())
