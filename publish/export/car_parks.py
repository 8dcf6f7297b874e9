"""Which car parks an export has windows of: made of all their bays, or not at all."""

from collections.abc import Mapping, Sequence

from devices.device import Device
from devices.quantity import CATALOGUE
from devices.registry import Registry
from publish.export.ask import Ask
from publish.export.filters import ALLOWS
from publish.export.measured import Measured
from publish.hours.lots import lot_of
from publish.hours.plan import Lot

#: As finished hours do, every sensor of a car park counts that says anything of parking.
_PARKING = frozenset(one.name for one in CATALOGUE.values() if one.measurement == "parking")


def car_parks(ask: Ask, chosen: Sequence[Device], registry: Registry) -> Mapping[Lot, tuple[Device, ...]]:
    """The car parks of the chosen bays with the sensors of all their bays, in the order of their names.

    None where a single bay was asked for. One of which a bay is kept from the audience is left out.
    """
    measured = Measured()
    bays = [one for one in chosen if lot_of(one) is not None and "occupied" in measured.at(one)]
    if ask.device and len(bays) == 1:
        return {}
    wanted = {lot for one in bays if (lot := lot_of(one)) is not None}
    found: dict[Lot, list[Device]] = {lot: [] for lot in sorted(wanted)}
    for device in registry.devices.values():
        lot = lot_of(device)
        if lot in found and not _PARKING.isdisjoint(measured.at(device)):
            found[lot].append(device)
    allows = ALLOWS[ask.audience]
    return {
        lot: tuple(sensors) for lot, sensors in found.items() if all(one.publish in allows for one in sensors)
    }
