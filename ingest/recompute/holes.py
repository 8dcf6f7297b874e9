"""What the archive lacks of a time: rows of uplinks that it did not get must not be removed.

An uplink leaves a row of its device's radio at its own time, and where the network server says nothing of the
radio, a row of what it measured. A stored row of that kind at whose time nothing is archived stands for an
uplink that the archive lacks: its disk was full, or it was begun later.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence

from devices.health import MEASUREMENT
from ingest.recompute.report import Rows, Span


def suspects(rows: Rows, archived_ns: Collection[int]) -> set[int]:
    """Times of stored rows at which an uplink must have been, though none of the device is archived there."""
    radio = {time_ns for measurement, _, time_ns in rows if measurement == MEASUREMENT}
    times = radio or {time_ns for (_, _, time_ns), fields in rows.items() if "interval" not in fields}
    return times.difference(archived_ns)


def holes(missing_ns: Iterable[int], archived_ns: Sequence[int], begin_ns: int, end_ns: int) -> list[Span]:
    """The parts of `[begin_ns, end_ns)` around missing uplinks; `archived_ns` is sorted.

    From the second archived uplink before to the second one after: what was counted up to a missing uplink
    lies at the one before it, its interval began about there, and the one after looks back at it.
    """
    found: list[Span] = []
    for time_ns in sorted(missing_ns):
        at = bisect_left(archived_ns, time_ns)
        first = archived_ns[at - 2] if at >= 2 else begin_ns
        after = archived_ns[at + 1] if at + 1 < len(archived_ns) else end_ns
        hole = Span(max(first, begin_ns), min(after, end_ns))
        if found and hole.begin_ns <= found[-1].end_ns:
            found[-1] = Span(found[-1].begin_ns, max(found[-1].end_ns, hole.end_ns))
        else:
            found.append(hole)
    return found


def between(holes: Sequence[Span], begin_ns: int, end_ns: int) -> list[Span]:
    """What is left of `[begin_ns, end_ns)` without the holes."""
    edges = [begin_ns, *(edge for hole in holes for edge in (hole.begin_ns, hole.end_ns)), end_ns]
    return [Span(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if begin < end]
