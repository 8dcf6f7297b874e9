"""What is kept of each device between two looks at it, so that a look costs a microsecond or two."""

import zlib
from collections.abc import Mapping

from devices import status
from devices.device import Device
from devices.gateway import own_limit_ns
from devices.status import Rhythm, State
from devices.type import DeviceType
from ingest.pipeline import memory_key
from ingest.status import battery
from ingest.status.battery import Charge
from ingest.status.headline import Headline, ranks

#: What a gateway's own type reads.
_GATEWAY = "gateway"


class Known:
    """One device: what its file says, what was last seen of it, what was last told of it."""

    __slots__ = (
        "battery",
        "battery_limit",
        "changes_ns",
        "device",
        "follows",
        "gateways",
        "headline",
        "installation",
        "is_bay",
        "is_gateway",
        "key",
        "phase",
        "seen_ns",
        "source",
        "speaks",
        "state",
        "told",
        "told_in",
        "wanted",
    )

    def __init__(self, device: Device, now_ns: int, kinds: "Kinds") -> None:
        installation, self.changes_ns = status.newest(device, now_ns)
        if installation is None:
            raise LookupError(device.id)
        self.device = device
        self.installation = installation
        self.follows = self.changes_ns is not None
        self.key = memory_key(installation)
        kind = kinds.of(installation.type)
        speaks = status.rhythm(installation)
        if kind.is_gateway:  # which counts as down before it could be silent
            speaks = speaks._replace(limit_ns=2 * own_limit_ns(speaks.interval_ns))
        self.speaks: Rhythm = speaks
        self.wanted: Mapping[str, int] = kind.ranks
        self.is_gateway = kind.is_gateway
        self.is_bay = kind.is_bay
        self.battery_limit = kind.battery_limit
        self.battery: Charge | None = None
        self.phase = zlib.crc32(device.id.encode())
        self.seen_ns = 0  #: time of the newest uplink, for a gateway of its newest sign; 0: never
        self.source = ""  #: the broker that brought it
        self.gateways: tuple[str, ...] = ()  #: those that heard it lately
        self.headline: Headline | None = None
        self.state: State | None = None  #: as last judged
        self.told: State | None = None  #: as in the newest row
        self.told_in = -1  #: the turn of the newest row, see `clock.TOLD_EVERY_S`

    def take_over(self, before: "Known") -> None:
        """What stays when the device's entry was changed."""
        self.state, self.told, self.told_in = before.state, before.told, before.told_in
        if before.key == self.key and before.wanted == self.wanted:
            self.headline = before.headline
        if before.key == self.key and before.battery_limit.field == self.battery_limit.field:
            self.battery = before.battery


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

    def of(self, device_type: DeviceType) -> Kind:
        """By the object itself: a type that was changed is another one."""
        found = self._kinds.get(id(device_type))
        if found is None:
            found = self._kinds[id(device_type)] = (device_type, Kind(device_type, self._battery_percent))
        return found[1]
