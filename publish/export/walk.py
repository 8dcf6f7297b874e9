"""All series over all windows of a period, a part of it and a group of devices at a time."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from devices.device import Device
from devices.language import Sentence, say
from devices.quantity import Quantity
from ingest.store.tables import Tables
from publish.export import kept_hours
from publish.export.aggregate import aggregate
from publish.export.ask import Every
from publish.export.chosen import Chosen
from publish.export.expected import expected, measuring
from publish.export.figure import NOTHING, SECOND_NS, Figure, Rhythms, figures
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
from publish.export.parts import Pace, parts
from publish.export.period import windows
from publish.export.progress import Progress
from publish.export.reasons import Reason
from publish.export.said import Said, fields_of, said
from publish.export.series import Series, Tally
from publish.export.states import States, with_reason
from publish.export.threads import in_thread
from publish.hours.lots import lot_of
from publish.hours.plan import Lot
from publish.summary import Window


@dataclass(slots=True)
class Left:
    """What of a series' values took part in nothing."""

    failed: int = 0
    dropped: int = 0


class Part(NamedTuple):
    """Consecutive windows of the period."""

    number: int
    windows: Sequence[Window]

    @property
    def begin_ns(self) -> int:
        """Where the first begins."""
        return self.windows[0].begin_ns

    @property
    def end_ns(self) -> int:
        """Where the last ends."""
        return self.windows[-1].end_ns


@dataclass(frozen=True, slots=True)
class WindowRows:
    """One series over consecutive windows of a part of the period; `figures` go with `windows` by place."""

    series: Series
    windows: Sequence[Window]
    figures: Sequence[Figure]


Found = dict[Place, dict[str, list[Figure]]]


@dataclass(slots=True)
class _Bite:
    """What is made of the rows of a group of devices."""

    found: Found = field(default_factory=dict)
    first_ns: dict[str, int] = field(default_factory=dict)  #: the oldest reading in the part, by device


class Walk:
    """`heard` gives every series from the part on in which it is heard of first, `unheard` the parts before
    and those that never were, in the order of time again. Then `newest_ns` and `notes` tell how it was.
    """

    def __init__(
        self,
        chosen: Chosen,
        tables: Tables,
        every: Every,
        progress: Progress,
        only: Collection[str] | None = None,
    ) -> None:
        self._left: dict[Series, Left] = defaultdict(Left)
        self.newest_ns: int | None = None
        self.notes: tuple[Sentence, ...] = ()
        self._chosen = chosen
        self._tables = tables
        self._every = every
        self._progress = progress
        self._drops = chosen.ask.suspect == "drop"
        self._parking = wanted(chosen.ask, only) if MEASUREMENT in chosen.quantities else Wanted((), ())
        self._quantities = {
            measurement: [one for one in several if only is None or one.name in only]
            for measurement, several in chosen.quantities.items()
        }
        self._own = {one.id for one in chosen.devices}
        self._lots = chosen.lots if self._parking.of_lot else {}
        self._makers: dict[str, Sequence[Device]] = {one.id: (one,) for one in chosen.devices}
        self._makers |= {place_of(lot).device: sensors for lot, sensors in self._lots.items()}
        self._states = States(tables, chosen.periods)
        self._rhythms: dict[str, Rhythms] = {}
        self._since: dict[Series, int] = {}  #: the part in which it was heard of first
        self._known: dict[tuple[str, str], list[Series]] = defaultdict(list)  #: by measurement and device
        self._read_since: dict[tuple[str, str], int] = {}  #: the oldest reading there is
        self._parts = self._cut()

    @property
    def series(self) -> list[Series]:
        """All there are, once `heard` is over: those that are only expected, too."""
        return [*self._since, *self._silent()]

    async def heard(self) -> AsyncIterator[tuple[int, WindowRows]]:
        """Rows with the number of their part, by part. Raises `StoreUnavailable`."""
        for lot in self._lots:
            for name in self._parking.of_lot:
                place = place_of(lot)
                self._note(Series(place.device, MEASUREMENT, name, place.tags), 0)
        seconds = self._chosen.period.length_ns // SECOND_NS
        measurements = [name for name in self._quantities if self._read(name)]
        paces = {name: Pace() for name in measurements}
        for part in self._parts:
            for at, measurement in enumerate(measurements):
                done = 0
                devices = self._devices(measurement)
                length_ns = part.end_ns - part.begin_ns
                lots, pace = self._lots_of(measurement), paces[measurement]
                for group in pace.groups(devices, lots, length_ns, self._expected_s):
                    rows, count = await self._group(part, measurement, group)
                    pace.learn(group, length_ns, self._expected_s, count)
                    for one in rows:
                        yield part.number, one
                    done += len(group)
                    share = (at + done / len(devices)) / len(measurements)
                    reached = part.begin_ns - self._chosen.period.begin_ns + length_ns * share
                    self._progress(int(reached) // SECOND_NS, seconds, say("reading"))

    async def unheard(self) -> AsyncIterator[tuple[int, WindowRows]]:
        """Rows without values, by part, once `heard` is over. Raises `StoreUnavailable`."""
        silent = self._silent()
        late = {series: since for series, since in self._since.items() if since > 0}
        for part in self._parts:
            series = [*silent, *(one for one, since in late.items() if since > part.number)]
            nothing = [(one, [NOTHING] * len(part.windows)) for one in series]
            for rows in await self._with_reasons(part, nothing, ()):
                yield part.number, rows

    def tell(self, tallies: Mapping[Series, Tally]) -> None:
        """What was left out, into the tallies of the series."""
        for series, left in self._left.items():
            if (tally := tallies.get(series)) is not None:
                tally.failed, tally.dropped = left.failed, left.dropped

    # --- what is read ----------------------------------------------------------------------------------

    def _cut(self) -> list[Part]:
        count = sum(len(several) for several in self._quantities.values()) * len(self._chosen.devices)
        every = windows(self._every, self._chosen.period, self._chosen.zone)
        return [
            Part(number, several) for number, several in enumerate(parts(every, self._chosen.zone, count))
        ]

    def _read(self, measurement: str) -> list[Quantity]:
        """The quantities that are read of a measurement."""
        found = self._quantities[measurement]
        if measurement == MEASUREMENT and (self._parking.of_bay or self._parking.of_lot):
            return [*found, *(one for one in SAID if one not in found)]
        return found

    def _lots_of(self, measurement: str) -> Mapping[Lot, Sequence[Device]]:
        return self._lots if measurement == MEASUREMENT else {}

    def _devices(self, measurement: str) -> Sequence[Device]:
        more = (one for several in self._lots_of(measurement).values() for one in several)
        return list({one.id: one for one in (*self._chosen.devices, *more)}.values())

    def _rhythm(self, device: Device) -> Rhythms:
        return self._rhythms.setdefault(device.id, Rhythms(device))

    def _expected_s(self, device: Device) -> int | None:
        return self._rhythm(device).at(self._chosen.period.begin_ns).expected_s

    async def _group(
        self, part: Part, measurement: str, group: Sequence[Device]
    ) -> tuple[list[WindowRows], int]:
        quantities = self._read(measurement)
        back_s = max(self._rhythm(device).back_s(one) for device in group for one in quantities)
        names = [one.id for one in group]
        table = await self._tables.read(
            measurement, fields_of(quantities), part.begin_ns - back_s * SECOND_NS, part.end_ns, names
        )
        bite = await in_thread(self._bite, part, measurement, group, table)
        if self._chosen.hours_kept:
            await self._replace(part, measurement, group, bite)
        found: list[tuple[Series, list[Figure]]] = []
        for place, named in bite.found.items():
            for name, several in named.items():
                series = Series(place.device, measurement, name, place.tags)
                if series in self._since or any(one is not NOTHING for one in several):
                    self._note(series, part.number)
                    found.append((series, several))
        there = {series for series, _ in found}
        owners = [*names, *(place_of(lot).device for lot in self._lots_within(measurement, group))]
        found += [
            (series, [NOTHING] * len(part.windows))
            for owner in owners
            for series in self._known[measurement, owner]
            if series not in there
        ]
        mute = [one for one in group if one.id in self._own and not self._known[measurement, one.id]]
        return await self._with_reasons(part, found, mute), table.num_rows

    def _note(self, series: Series, part: int) -> None:
        if series not in self._since:
            self._since[series] = part
            self._known[series.measurement, series.device].append(series)

    def _lots_within(self, measurement: str, group: Sequence[Device]) -> dict[Lot, Sequence[Device]]:
        here = {lot_of(one) for one in group}
        return {lot: sensors for lot, sensors in self._lots_of(measurement).items() if lot in here}

    # --- what is made of it ----------------------------------------------------------------------------

    def _bite(self, part: Part, measurement: str, group: Sequence[Device], table: Any) -> _Bite:
        devices = {one.id: one for one in group}
        bite = _Bite()
        bays: list[Said] = []
        for one in said(measurement, table, devices, self._read(measurement), drop=self._drops):
            self._count(part, measurement, one, bite)
            if measurement == MEASUREMENT and is_bay(one):
                bays.append(one)
            elif one.device.id in self._own and self._may_leave(one):
                bite.found[Place(one.device.id, one.tags)] = dict(self._figures(part, measurement, one))
        if bays:
            lots = self._lots_within(measurement, group)
            found = parking_windows(bays, lots, part.windows, self._parking, self._rhythm)
            shown = self._own if self._chosen.single_bays else frozenset[str]()
            names = {place_of(lot).device for lot in lots}
            bite.found |= {place: dict(named) for place, named in found if place.device in shown | names}
        return bite

    def _may_leave(self, one: Said) -> bool:
        return self._chosen.single_bays or not any(name == "bay" for name, _ in one.tags)

    def _figures(self, part: Part, measurement: str, one: Said) -> Iterator[tuple[str, list[Figure]]]:
        rhythms = self._rhythm(one.device)
        for quantity in self._quantities[measurement]:
            if quantity.name in one.samples:
                rule = aggregate(quantity, self._chosen.ask.aggregate)
                yield (
                    quantity.name,
                    figures(quantity, rule, one.samples[quantity.name], part.windows, rhythms),
                )

    def _count(self, part: Part, measurement: str, one: Said, bite: _Bite) -> None:
        """Note what is in the part itself, not carried in."""
        for name, several in one.samples.items():
            inside = [sample for sample in several if sample.time_ns >= part.begin_ns]
            if not inside:
                continue
            first_ns, last_ns = inside[0].time_ns, inside[-1].time_ns
            bite.first_ns[one.device.id] = min(first_ns, bite.first_ns.get(one.device.id, first_ns))
            if one.device.id not in self._own:
                continue
            self.newest_ns = max(last_ns, self.newest_ns or last_ns)
            refused = [sample for sample in inside if sample.value is None]
            if refused:
                left = self._left[Series(one.device.id, measurement, name, one.tags)]
                left.dropped += sum(sample.suspect for sample in refused)
                left.failed += sum(not sample.suspect for sample in refused)

    # --- hours where readings are gone -----------------------------------------------------------------

    async def _replace(self, part: Part, measurement: str, group: Sequence[Device], bite: _Bite) -> None:
        """Take windows that begin before a device's oldest reading from its finished hours."""
        for name, first_ns in bite.first_ns.items():
            self._read_since.setdefault((measurement, name), first_ns)
        lots = self._lots_within(measurement, group)
        sensors = {place_of(lot).device: [one.id for one in several] for lot, several in lots.items()}
        owners = {one.id: [one.id] for one in group if one.id in self._own} | sensors
        since = {
            owner: min([self._read_since.get((measurement, name), part.end_ns) for name in names])
            for owner, names in owners.items()
        }
        gone = {owner: since_ns for owner, since_ns in since.items() if since_ns > part.begin_ns}
        if not gone or self._every == "15min" or self._chosen.ask.aggregate in ("min", "max"):
            return
        names = [one.name for one in self._quantities[measurement]]
        if measurement == MEASUREMENT:
            names += [one for one in (*self._parking.of_bay, *self._parking.of_lot) if one not in names]
        end_ns = max(one.end_ns for one in part.windows if one.begin_ns < max(gone.values()))
        table = await self._tables.read(
            kept_hours.measurement_of(measurement),
            kept_hours.fields_of(dict.fromkeys([*names, "departures"])),
            part.begin_ns,
            end_ns,
            sorted(gone),
        )
        devices = {one.id: one for one in group if one.id in gone}
        found = await in_thread(
            kept_hours.of_devices, measurement, table, devices, names, part.windows, drop=self._drops
        )
        found |= kept_hours.of_lots(
            table,
            [lot for lot in lots if place_of(lot).device in gone],
            self._parking.of_lot,
            part.windows,
            drop=self._drops,
        )
        used = False
        for place, named in found.items():
            if not self._chosen.single_bays and any(name == "bay" for name, _ in place.tags):
                continue
            here = bite.found.setdefault(place, {})
            for name, several in named.items():
                if name not in names:
                    continue
                own = here.get(name, [NOTHING] * len(part.windows))
                here[name] = [
                    hours if window.begin_ns < gone[place.device] and hours is not NOTHING else read
                    for window, hours, read in zip(part.windows, several, own, strict=True)
                ]
                used = used or here[name] != own
        if used and not self.notes:
            self.notes = (
                say("Where readings are not kept any more, windows are made of the finished hours."),
            )

    # --- reasons ---------------------------------------------------------------------------------------

    async def _with_reasons(
        self, part: Part, found: Sequence[tuple[Series, list[Figure]]], mute: Sequence[Device]
    ) -> list[WindowRows]:
        """The rows, each missing figure with its reason; of `mute` devices it may be asked later."""
        gaps: dict[str, set[Window]] = defaultdict(set)
        for device in mute:
            gaps[device.id].update(part.windows)
        for series, several in found:
            missing = [
                window for window, one in zip(part.windows, several, strict=True) if one.reason is not None
            ]
            if missing:
                for device in self._of(series):
                    gaps[device.id].update(missing)
        if gaps:
            await self._states.ask(gaps)
        return [
            WindowRows(series, part.windows, self._explained(series, part, several))
            for series, several in found
        ]

    def _explained(self, series: Series, part: Part, several: Sequence[Figure]) -> Sequence[Figure]:
        devices = self._of(series)
        if not series.device.startswith("lot:"):
            hardware = measuring(devices[0], series.quantity) or None
            reason = partial(self._states.reason, devices[0], hardware=hardware)
        else:
            reason = partial(self._states.of_all, devices)
        return [
            one if one.reason is None else with_reason(one, _known(one, reason(window, one.reason)))
            for window, one in zip(part.windows, several, strict=True)
        ]

    def _of(self, series: Series) -> Sequence[Device]:
        """The devices that a series is made by."""
        return self._makers.get(series.device, ())

    def _silent(self) -> list[Series]:
        """The series that are to be expected: of devices that said nothing at all, and of what was named."""
        heard = {(one.device, one.quantity) for one in self._since}
        spoke = {one.device for one in self._since}
        return [
            series
            for device in self._chosen.devices
            if device.id not in spoke or self._chosen.ask.quantity
            for series in expected(device, self._names(device))
            if (device.id, series.quantity) not in heard
        ]

    def _names(self, device: Device) -> Iterable[str]:
        bays = bool(measuring(device, "occupied")) and MEASUREMENT in self._quantities
        for measurement, several in self._quantities.items():
            for one in several:
                if not (bays and measurement == MEASUREMENT):
                    yield one.name
        if bays and self._chosen.single_bays:
            yield from self._parking.of_bay


def _known(figure: Figure, reason: Reason) -> Reason:
    """What is known to some part was in order, though nobody told."""
    return "nothing" if reason == "unknown" and figure.coverage else reason
