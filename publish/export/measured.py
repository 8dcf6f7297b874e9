"""What is measured where, of all that can be exported."""

from devices.device import Device
from devices.plan import derivable
from devices.quantity import CATALOGUE, Quantity
from devices.type import DeviceType

#: Measurements that are never exported, and what goes with every interval.
_NEVER = frozenset(("gateway", "status", ""))
#: Health of devices: only where it is named. The radio says it of every device.
HEALTH = "device"
_OF_EVERY_UPLINK = frozenset(
    ("battery", "rssi", "snr", "spreading_factor", "gateways", "f_cnt", "lost", "gap", "joined")
)
#: A bay that turns occupied or free says these, too; all three are of a single bay.
BAY = frozenset(("occupied", "arrivals", "stay"))
#: What windows have of a car park that is watched bay by bay; some systems measure it themselves.
OF_BAYS = frozenset(("occupied_bays", "observed_bays", "capacity"))


def exportable() -> tuple[Quantity, ...]:
    """Every quantity that can be asked for, in the catalogue's order."""
    return tuple(one for one in CATALOGUE.values() if one.measurement not in _NEVER)


def unasked(quantity: Quantity) -> bool:
    """Whether it is exported without being named: what the street says, and no readings of counters."""
    return quantity.measurement != HEALTH and not quantity.name.endswith("_total")


class Measured:
    """Finds what devices measure; that of a type once."""

    def __init__(self) -> None:
        self._by_type: dict[int, tuple[frozenset[str], frozenset[str]]] = {}

    def at(self, device: Device) -> frozenset[str]:
        """Names of all that the hardware at a place measures or has measured."""
        found: frozenset[str] = frozenset()
        for one in device.installations:
            said, possible = self._of(one.type)
            found |= said
            if possible and one.calibration:
                found |= possible.intersection(one.calibration)
        return found

    def _of(self, kind: DeviceType) -> tuple[frozenset[str], frozenset[str]]:
        """What a type says, and what a calibration may make of it."""
        known = self._by_type.get(id(kind))
        if known is None:
            said = {spec.quantity.name for one in kind.readings for spec in one.values}
            bay = BAY if "occupied" in said else frozenset[str]()
            known = self._by_type[id(kind)] = (_OF_EVERY_UPLINK | bay | said, derivable(kind))
        return known
