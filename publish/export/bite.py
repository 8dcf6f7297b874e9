"""What is asked for of a measurement, and what some devices' rows make of it in a part of the period."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from devices.device import Device
from devices.quantity import Quantity
from publish.export.aggregate import aggregate
from publish.export.chosen import Chosen
from publish.export.expected import measuring
from publish.export.figure import Figure, Rhythms, figures
from publish.export.parking_windows import (
    MEASUREMENT,
    SAID,
    Place,
    Wanted,
    is_bay,
    parking_windows,
    place_of,
    wanted,
)
from publish.export.said import Said, said
from publish.export.series import Series, Tally
from publish.hours.lots import lot_of
from publish.hours.plan import Lot
from publish.summary import Window

_time_ns = attrgetter("time_ns")


class Part(NamedTuple):
    """Consecutive windows of the period."""

    number: int
    windows: Sequence[Window]

    @property
    def begin_ns(self) -> int:
        """Where the first begins."""
        return self.windows[0].begin_ns

    @property
    def length_ns(self) -> int:
        """From there to where the last ends."""
        return self.windows[-1].end_ns - self.begin_ns

    @property
    def end_ns(self) -> int:
        """Where the last ends."""
        return self.windows[-1].end_ns


@dataclass(slots=True)
class Bite:
    """What is made of the rows of a group of devices. `left` counts what took part in nothing."""

    found: dict[Place, dict[str, list[Figure]]] = field(default_factory=dict)
    first_ns: dict[str, int] = field(default_factory=dict)  #: the oldest reading in the part, by device
    newest_ns: int = 0
    left: dict[Series, Tally] = field(default_factory=dict)


class Biter:
    """Knows what is asked for. `only`: of these quantities, where not all that were chosen."""

    def __init__(self, chosen: Chosen, only: Collection[str] | None = None) -> None:
        self._chosen = chosen
        self._own = {one.id for one in chosen.devices}
        self._drops = chosen.ask.suspect == "drop"
        self._rhythms: dict[str, Rhythms] = {}
        self.parking = wanted(chosen.ask, only) if MEASUREMENT in chosen.quantities else Wanted((), ())
        self.lots = chosen.lots if self.parking.of_lot else {}
        self.quantities = {
            measurement: [one for one in several if only is None or one.name in only]
            for measurement, several in chosen.quantities.items()
        }
        self.measurements = [name for name in self.quantities if self.read(name)]

    def read(self, measurement: str) -> list[Quantity]:
        """The quantities that are read of a measurement."""
        found = self.quantities[measurement]
        if measurement == MEASUREMENT and (self.parking.of_bay or self.parking.of_lot):
            return [*found, *(one for one in SAID if one not in found)]
        return found

    def names(self, measurement: str) -> list[str]:
        """The quantities that devices' windows of a measurement have."""
        more = self.parking.of_bay if measurement == MEASUREMENT else ()
        return list(dict.fromkeys([*(one.name for one in self.quantities[measurement]), *more]))

    def names_at(self, device: Device) -> Iterator[str]:
        """The quantities that are wanted of a device."""
        bays = bool(measuring(device, "occupied")) and MEASUREMENT in self.quantities
        for measurement, several in self.quantities.items():
            if not (bays and measurement == MEASUREMENT):
                yield from (one.name for one in several)
        if bays and self._chosen.single_bays:
            yield from self.parking.of_bay

    def lots_of(self, measurement: str) -> Mapping[Lot, Sequence[Device]]:
        """The car parks that are made of a measurement."""
        return self.lots if measurement == MEASUREMENT else {}

    def devices(self, measurement: str) -> Sequence[Device]:
        """Those whose rows are read."""
        more = (one for several in self.lots_of(measurement).values() for one in several)
        return list({one.id: one for one in (*self._chosen.devices, *more)}.values())

    def lots_within(self, measurement: str, group: Sequence[Device]) -> dict[Lot, Sequence[Device]]:
        """The car parks whose sensors are in a group: all of each."""
        here = {lot_of(one) for one in group}
        return {lot: sensors for lot, sensors in self.lots_of(measurement).items() if lot in here}

    def may_leave(self, place: Place) -> bool:
        """Whether the audience may have its rows."""
        return self._chosen.single_bays or not any(name == "bay" for name, _ in place.tags)

    def rhythms(self, device: Device) -> Rhythms:
        """The rhythm of a device over time."""
        found = self._rhythms.get(device.id)
        if found is None:
            found = self._rhythms[device.id] = Rhythms(device)
        return found

    def expected_s(self, device: Device) -> int | None:
        """How often it should speak, about."""
        return self.rhythms(device).at(self._chosen.period.begin_ns).expected_s

    def back_s(self, measurement: str, group: Sequence[Device]) -> int:
        """How long before a window may lie what reaches into it."""
        quantities = self.read(measurement)
        return max(self.rhythms(device).back_s(one) for device in group for one in quantities)

    def bite(self, part: Part, measurement: str, group: Sequence[Device], table: Any) -> Bite:
        """The figures of all series in a table of `read(measurement)`, from `back_s` before the part on."""
        devices = {one.id: one for one in group}
        bite = Bite()
        bays: list[Said] = []
        for one in said(measurement, table, devices, self.read(measurement), drop=self._drops):
            self._count(part, measurement, one, bite)
            place = Place(one.device.id, one.tags)
            if measurement == MEASUREMENT and is_bay(one):
                bays.append(one)
            elif one.device.id in self._own and self.may_leave(place):
                bite.found[place] = dict(self._figures(part, measurement, one))
        if bays:
            lots = self.lots_within(measurement, group)
            shown = self._own if self._chosen.single_bays else set[str]()
            shown = shown | {place_of(lot).device for lot in lots}
            made = parking_windows(bays, lots, part.windows, self.parking, self.rhythms)
            bite.found |= {place: dict(named) for place, named in made if place.device in shown}
        return bite

    def _figures(self, part: Part, measurement: str, one: Said) -> Iterator[tuple[str, list[Figure]]]:
        rhythms = self.rhythms(one.device)
        for quantity in self.quantities[measurement]:
            samples = one.samples.get(quantity.name)
            if samples is not None:
                rule = aggregate(quantity, self._chosen.ask.aggregate)
                yield quantity.name, figures(quantity, rule, samples, part.windows, rhythms)

    def _count(self, part: Part, measurement: str, one: Said, bite: Bite) -> None:
        """Note what is in the part itself, not carried in."""
        for name, several in one.samples.items():
            inside = several[bisect_left(several, part.begin_ns, key=_time_ns) :]
            if not inside:
                continue
            first_ns = bite.first_ns.get(one.device.id, inside[0].time_ns)
            bite.first_ns[one.device.id] = min(first_ns, inside[0].time_ns)
            if one.device.id not in self._own:
                continue
            bite.newest_ns = max(bite.newest_ns, inside[-1].time_ns)
            if refused := [sample for sample in inside if sample.value is None]:
                dropped = sum(sample.suspect for sample in refused)
                series = Series(one.device.id, measurement, name, one.tags)
                bite.left[series] = Tally(failed=len(refused) - dropped, dropped=dropped)
