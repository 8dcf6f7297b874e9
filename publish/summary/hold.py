"""For how long a sampled value stands for what it measures."""

from typing import NamedTuple

from publish.summary.intervals import JITTER


class Later(NamedTuple):
    """From when on (UTC nanoseconds) a place has hardware that speaks more often, or more seldom.

    Seconds: between two values (None: nobody says), and until a state is not known any more.
    """

    since_ns: int
    expected_s: int | None
    known_s: int


def hold_ns(interval_ns: int) -> int:
    """Nanoseconds for which a value holds that comes every `interval_ns`, unless the next one comes sooner.

    That is until the next one is due, and a tenth longer: radios wander and repeat themselves. So a sensor
    that loses nothing is known all the time, whatever its interval and wherever windows cut it; each uplink
    that is lost costs nine tenths of an interval at least. Our rule.
    """
    return interval_ns + -(-interval_ns // JITTER)
