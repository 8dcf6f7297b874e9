"""Parking bays: arrivals and stays out of states, in device time.

A bay that is newly occupied has one arrival; a bay that is newly free ends a stay of the seconds since it
was seen to turn occupied. A heartbeat that repeats the state moves its time only. A state that is older than
(or as old as) the newest known one is written but moves nothing, and the first state ever is no arrival:
nobody saw the bay turn.
"""

from devices import quality
from devices.quantity import CATALOGUE
from devices.reading import Value
from devices.state import BayState

ARRIVAL = Value("arrivals", 1)

_STAY = CATALOGUE["stay"]


def turn(previous: BayState | None, occupied: bool, time_ns: int) -> tuple[BayState, Value | None]:
    """The bay's newest state after this one, and what the turning adds to the reading (None: nothing)."""
    if previous is None:
        return BayState(occupied=occupied, time_ns=time_ns, since_ns=None), None
    if time_ns <= previous.time_ns:
        return previous, None
    if occupied == previous.occupied:
        return BayState(occupied=occupied, time_ns=time_ns, since_ns=previous.since_ns), None
    turned = BayState(occupied=occupied, time_ns=time_ns, since_ns=time_ns)
    if occupied:
        return turned, ARRIVAL
    if previous.since_ns is None:
        return turned, None
    return turned, quality.value(_STAY, (time_ns - previous.since_ns) / 1_000_000_000)
