"""How often a device should speak, and how long what it said last is still known."""

import msgspec

from devices import status
from devices.device import Device, Installation


class Rhythm(msgspec.Struct, frozen=True, gc=False):
    """Seconds: between two values (None: nobody says), and until a state is not known any more."""

    expected_s: int | None
    known_s: int


def rhythm(device: Device, time_ns: int) -> Rhythm:
    """The rhythm of what stood at a place at a time (UTC): the place's own interval before its type's.

    A state is known until its device counts as silent (`devices.status`).
    """
    return of_installation(in_force(device, time_ns))


def of_installation(installation: Installation) -> Rhythm:
    """The rhythm of one piece of hardware at its place."""
    expected_s = installation.device.interval_s or installation.type.interval_s
    return Rhythm(expected_s, status.rhythm(installation).limit_ns // 1_000_000_000)


def in_force(device: Device, time_ns: int) -> Installation:
    """What stood at a place at a time, or would stand there next; without either, what stood there last."""
    return next(
        (one for one in device.installations if one.end_ns is None or time_ns < one.end_ns),
        device.installations[-1],
    )
