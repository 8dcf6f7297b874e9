"""Periods in which a device's values are not valid, because a technician says so.

`maintenance`: somebody worked on the sensor. `flag`: what it measured was not the street (a construction
site, vandalism). Their values are stored as failed, their counters go on counting, and no alarm is raised.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["maintenance", "flag"]


@dataclass(frozen=True, slots=True)
class Period:
    """`[begin_ns, end_ns)`, UTC nanoseconds; `end_ns` None: it is not over."""

    begin_ns: int
    end_ns: int | None
    kind: Kind
    reason: str
    by: str = ""  #: who said so


def covering(periods: Iterable[Period], begin_ns: int, end_ns: int | None = None) -> Period | None:
    """The first period that holds a time, or a part of the interval `[begin_ns, end_ns)`."""
    for one in periods:
        if end_ns is None:
            if one.begin_ns <= begin_ns and (one.end_ns is None or begin_ns < one.end_ns):
                return one
        elif one.begin_ns < end_ns and (one.end_ns is None or begin_ns < one.end_ns):
            return one
    return None
