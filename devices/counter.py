"""Counters: what was counted since the total before, in device time.

A device says `delta` (counted since its last uplink), `total` (counted for ever, modulo `2 ** width`) or
`gauge` (what is there now). Deltas and gauges are values like others. Of a total become

- `<field>_total` at the time of the total, as the device says it, whatever its order of arrival;
- `<field>` at the time of the total before, with the true distance as interval: only for a total that is
  newer (in device time) than the newest known one. An older or equal one moves no state.

When the total has gone down, the device has started anew or the counter has wrapped:

- started anew, when a join, a start-up message or a frame counter that went back lies between the two
  totals, when the type names no width, or when a wrap would mean an increment of more than a quarter of
  the range. The total itself is then the increment (what was counted before the restart is lost).
- wrapped otherwise: the increment is the difference modulo `2 ** width`.

A quarter, because a wrap that is noticed one uplink later leaves a small increment, while a counter reset by
a technician or by schedule leaves one of any size; a mistaken wrap invents vehicles, a mistaken restart only
loses some. When the total has not gone down, the increment is the difference even after a restart: devices
that keep their counters rejoin every day, and a restart whose counter has already passed the old total
can make the increment too small, but never too large.
"""

from devices.quantity import Quantity
from devices.state import CounterState
from devices.type import ValueSpec


def steps(number: float, quantity: Quantity) -> int | None:
    """A total as exact whole steps of the quantity's rounding; None where it is negative or not whole."""
    if number < 0:
        return None
    if quantity.decimals is not None:
        return round(number * 10.0**quantity.decimals)
    whole = int(number)
    return whole if whole == number else None


def from_steps(count: int, quantity: Quantity) -> float | int:
    """The number that so many steps are, in the quantity's unit."""
    return count if quantity.decimals is None else round(count / 10**quantity.decimals, quantity.decimals)


def modulus(spec: ValueSpec) -> int | None:
    """How many steps the counter has before it begins anew; None when the type names no width."""
    if spec.width is None:
        return None
    return round((1 << spec.width) * spec.factor * 10.0 ** (spec.quantity.decimals or 0))


def increment(previous: int, total: int, modulus: int | None, *, restarted: bool) -> int:
    """How much was counted from one total to the next newer one, by the rule above."""
    if total >= previous:
        return total - previous
    if restarted or modulus is None:
        return total
    wrapped = total - previous + modulus
    return wrapped if wrapped <= modulus // 4 else total


def restarted_between(previous: CounterState, restarted_ns: int, uplink_ns: int) -> bool:
    """Whether the newest restart lies after the total before and not after this uplink."""
    return previous.time_ns < restarted_ns <= uplink_ns


def whole_seconds(distance_ns: int) -> int:
    """A distance as an interval: whole seconds, at least one."""
    return max(1, (distance_ns + 500_000_000) // 1_000_000_000)
