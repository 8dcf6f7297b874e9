"""How often a device should speak, and how long what it said last is still known."""

from collections.abc import Iterator

import msgspec

from devices import status
from devices.device import Device, Installation
from devices.quantity import Quantity
from publish.summary import Later, hold_ns

_SECOND_NS = 1_000_000_000
#: How far back the samples of a device are looked at of which nobody says how often they come.
_UNKNOWN_S = 66 * 60


class Rhythm(msgspec.Struct, frozen=True, gc=False):
    """Seconds: between two values (None: nobody says), and until a state is not known any more.

    `ends`: when hardware was taken away from the place (UTC nanoseconds): what it said last ends with it.
    `later`: what goes for hardware that comes after, where that is another rhythm.
    """

    expected_s: int | None
    known_s: int
    ends: tuple[int, ...] = ()
    later: tuple[Later, ...] = ()

    def back_s(self, quantity: Quantity) -> int:
        """How long before an hour may lie what reaches into it; what is older is no part of it.

        A sample holds until the next one should have come (`publish.summary.hold`), a state until its device
        counts as silent, and no interval that begins before that is looked for.
        """
        if quantity.interval or quantity.summary == "time_weighted":
            return self.known_s
        if self.expected_s is None:
            return _UNKNOWN_S
        return -(-hold_ns(self.expected_s * _SECOND_NS) // _SECOND_NS)


def rhythm(device: Device, time_ns: int) -> Rhythm:
    """The rhythm of what stood at a place at a time (UTC): the place's own interval before its type's.

    A state is known until its device counts as silent (`devices.status`).
    """
    hardware = in_force(device, time_ns)
    found = of_installation(hardware)
    return Rhythm(found.expected_s, found.known_s, tuple(_ends(device)), tuple(_later(device, hardware)))


def of_installation(installation: Installation) -> Rhythm:
    """The rhythm of one piece of hardware at its place."""
    expected_s = installation.device.interval_s or installation.type.interval_s
    return Rhythm(expected_s, status.rhythm(installation).limit_ns // _SECOND_NS)


def in_force(device: Device, time_ns: int) -> Installation:
    """What stood at a place at a time, or would stand there next; without either, what stood there last."""
    return next(
        (one for one in device.installations if one.end_ns is None or time_ns < one.end_ns),
        device.installations[-1],
    )


def _later(device: Device, hardware: Installation) -> Iterator[Later]:
    """The changes of the rhythm after this hardware."""
    before = of_installation(hardware)
    for one in device.installations:
        if (one.begin_ns or 0) <= (hardware.begin_ns or 0):
            continue
        found = of_installation(one)
        if found != before:
            yield Later(one.begin_ns or 0, found.expected_s, found.known_s)
        before = found


def _ends(device: Device) -> Iterator[int]:
    """When hardware was taken away: not where the same goes on, with another calibration or type."""
    goes_on = {(one.address, one.begin_ns) for one in device.installations}
    for one in device.installations:
        if one.end_ns is not None and (one.address, one.end_ns) not in goes_on:
            yield one.end_ns
