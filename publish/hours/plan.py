"""What the registered devices measure, as finished hours need it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from devices.device import Device, Installation
from devices.quantity import CATALOGUE, Quantity
from devices.registry import Registry
from publish.hours.rhythm import of_installation

#: Measurements that have no hours: health of devices, and what is written by clock.
WITHOUT = frozenset({"", "device", "gateway", "status"})
#: Every measurement that has hours.
MEASUREMENTS = tuple(sorted({one.measurement for one in CATALOGUE.values()} - WITHOUT))
#: A device whose intervals are longer holds up nobody: its hours are written again when they come.
LONGEST_SLACK_S = 3600
#: What reaches further into an hour from before it is asked for by itself.
LONGEST_REACH_S = 66 * 60
#: Devices looked at between two turns of the event loop.
SLICE = 500

#: A lot: its municipality and its name.
Lot = tuple[str, str]

_FOR_BAYS = (CATALOGUE["arrivals"], CATALOGUE["stay"])


@dataclass(slots=True)
class Wanted:
    """One measurement. `slack_s` is the longest interval of what is measured over intervals (a row of the
    hour's last one comes so much later), `reach_s` how far before an hour may lie what reaches into it,
    `known_s` the same of what is `carried`: said so seldom that the last one before an hour is asked for by
    itself.
    """

    quantities: dict[str, Quantity] = field(default_factory=dict)
    devices: list[str] = field(default_factory=list)
    slack_s: int = 0
    reach_s: int = 0
    known_s: int = 0
    carried: set[str] = field(default_factory=set)
    lots: dict[Lot, list[Device]] = field(default_factory=dict)

    @property
    def fields(self) -> list[str]:
        """What to ask the store for."""
        return [*(name for one in self.quantities for name in said_of(one)), "interval"]


def said_of(quantity: str) -> tuple[str, ...]:
    """The fields of a reading that tell of a quantity."""
    return quantity, f"{quantity}_failed", f"{quantity}_qc"


async def look(registry: Registry) -> Mapping[str, Wanted]:
    """By measurement; those that nothing measures are left out."""
    found: dict[str, Wanted] = {}
    by_type: dict[int, Sequence[Quantity]] = {}
    for number, device in enumerate(registry.devices.values(), 1):
        if number % SLICE == 0:
            await asyncio.sleep(0)
        here: set[str] = set()
        for installation in device.installations:
            key = id(installation.type)
            if key not in by_type:
                by_type[key] = _of_type(installation)
            derived = (CATALOGUE[name] for name in installation.calibration)
            here |= _note(found, installation, (*by_type[key], *derived))
        for measurement in here:
            found[measurement].devices.append(device.id)
        if "parking" in here and device.lot is not None and "occupied" in found["parking"].quantities:
            found["parking"].lots.setdefault((device.municipality, device.lot), []).append(device)
    return found


def _of_type(installation: Installation) -> Sequence[Quantity]:
    named = {spec.quantity.name: spec.quantity for one in installation.type.readings for spec in one.values}
    if "occupied" in named:
        named |= {one.name: one for one in _FOR_BAYS}
    return [one for one in named.values() if one.measurement not in WITHOUT]


def _note(found: dict[str, Wanted], installation: Installation, measured: Iterable[Quantity]) -> set[str]:
    here = set()
    rhythm = of_installation(installation)
    for quantity in measured:
        if quantity.measurement in WITHOUT or quantity.name.endswith("_total"):
            continue  # a counter's total says nothing by itself
        wanted = found.setdefault(quantity.measurement, Wanted())
        wanted.quantities.setdefault(quantity.name, quantity)
        here.add(quantity.measurement)
        if quantity.interval:
            wanted.slack_s = max(wanted.slack_s, min(rhythm.expected_s or 0, LONGEST_SLACK_S))
        if quantity in _FOR_BAYS:
            continue  # events: they hold for no time
        back_s = rhythm.back_s(quantity)
        if back_s > LONGEST_REACH_S:
            wanted.carried.add(quantity.name)
            wanted.known_s = max(wanted.known_s, back_s)
        else:
            wanted.reach_s = max(wanted.reach_s, back_s)
    return here
