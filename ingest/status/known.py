"""What is kept of each device between two looks at it, so that a look costs a microsecond or two."""

import zlib
from collections.abc import Mapping

import msgspec

from devices import status
from devices.device import Device, Installation
from devices.gateway import own_limit_ns
from devices.status import Rhythm, State
from devices.type import DeviceType
from ingest.pipeline import memory_key
from ingest.status import battery
from ingest.status.battery import Charge, Limit
from ingest.status.headline import Headline, ranks

#: What a gateway's own type reads.
_GATEWAY = "gateway"


class Known(msgspec.Struct, gc=False, eq=False):
    """One device: what its file says, what was last seen of it, what was last told of it.

    Nothing that it holds refers back to it, so that Python's search for cycles need not look at it.
    """

    device: Device
    installation: Installation
    changes_ns: int | None  #: when the next installation begins
    key: str  #: of its memory
    speaks: Rhythm
    wanted: Mapping[str, int]  #: the fields that may be shown, with their ranks
    is_gateway: bool
    is_bay: bool
    battery_limit: Limit
    phase: int  #: spreads the turns in which rows are told
    seen_ns: int = 0  #: time of the newest uplink, for a gateway of its newest sign; 0: never
    source: str = ""  #: the broker that brought it
    gateways: tuple[str, ...] = ()  #: those that heard it lately
    headline: Headline | None = None
    battery: Charge | None = None
    state: State | None = None  #: as last judged
    told: State | None = None  #: as in the newest row
    told_in: int = -1  #: the turn of the newest row, see `teller.TOLD_EVERY_S`

    @property
    def follows(self) -> bool:
        """Whether another installation is to come."""
        return self.changes_ns is not None

    def is_over(self, now_ns: int) -> bool:
        """Whether its installation has ended, so that nothing is to be expected of it."""
        end_ns = self.installation.end_ns
        return end_ns is not None and end_ns <= now_ns

    def take_over(self, before: "Known") -> None:
        """What stays when the device's entry was changed."""
        self.state, self.told, self.told_in = before.state, before.told, before.told_in
        if before.key == self.key and before.wanted == self.wanted:
            self.headline = before.headline
        if before.key == self.key and before.battery_limit.field == self.battery_limit.field:
            self.battery = before.battery


def learn(device: Device, now_ns: int, kinds: "Kinds") -> Known:
    """What a device's file says; it has at least one installation."""
    installation, changes_ns = status.newest(device, now_ns)
    kind = kinds.of(installation.type)
    speaks = kinds.rhythm(installation)
    if kind.is_gateway:  # which counts as down before it could be silent
        speaks = speaks._replace(limit_ns=2 * own_limit_ns(speaks.interval_ns))
    return Known(
        device,
        installation,
        changes_ns,
        memory_key(installation),
        speaks,
        kind.ranks,
        kind.is_gateway,
        kind.is_bay,
        kind.battery_limit,
        zlib.crc32(device.id.encode()),
    )


class Kind:
    """What matters here of a type."""

    __slots__ = ("battery_limit", "is_bay", "is_gateway", "ranks")

    def __init__(self, device_type: DeviceType, battery_percent: int) -> None:
        quantities = [value.quantity for reading in device_type.readings for value in reading.values]
        self.ranks = ranks(device_type)
        self.is_gateway = any(one.measurement == _GATEWAY for one in quantities)
        self.is_bay = any(one.name == "occupied" for one in quantities)
        self.battery_limit = battery.limit_of(device_type, battery_percent)


class Kinds:
    """What matters of each type, found out once; made anew with each registry."""

    def __init__(self, battery_percent: int) -> None:
        self._battery_percent = battery_percent
        self._kinds: dict[int, tuple[DeviceType, Kind]] = {}
        self._rhythms: dict[tuple[int, int | None], Rhythm] = {}

    def of(self, device_type: DeviceType) -> Kind:
        """By the object itself: a type that was changed is another one."""
        found = self._kinds.get(id(device_type))
        if found is None:
            found = self._kinds[id(device_type)] = (device_type, Kind(device_type, self._battery_percent))
        return found[1]

    def rhythm(self, installation: Installation) -> Rhythm:
        """`devices.status.rhythm`, one object for all that speak alike."""
        key = (id(installation.type), installation.device.interval_s)
        found = self._rhythms.get(key)
        if found is None:
            found = self._rhythms[key] = status.rhythm(installation)
        return found
