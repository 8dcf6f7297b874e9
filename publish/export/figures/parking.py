"""Parking: bays, car parks and counting systems read day by day, and the figures of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from devices.device import Device
from devices.language import say
from devices.quantity import CATALOGUE, Quantity
from ingest.store.tables import Tables
from publish.export.chosen import Chosen
from publish.export.figure import SECOND_NS, Rhythms, figures
from publish.export.figures.load import Counted, Load, of_bays, of_counts
from publish.export.figures.row import FigureSet, Found
from publish.export.parking_windows import SAID, Place, Watched, is_bay, place_of
from publish.export.parts import Pace, parts
from publish.export.period import windows
from publish.export.progress import Progress
from publish.export.said import Said, fields_of, said
from publish.export.series import Series
from publish.export.threads import in_thread
from publish.hours.lots import LotHour, lot_of
from publish.hours.plan import Lot
from publish.summary import Window

_MEASUREMENT = "parking"
#: What counting systems say.
_COUNTED = (CATALOGUE["occupied_bays"], CATALOGUE["capacity"])
_QUANTITIES: tuple[Quantity, ...] = (*SAID, *_COUNTED)


@dataclass(slots=True)
class _Reading:
    """What was found so far, by what it is of."""

    bays: dict[Place, Load] = field(default_factory=dict)
    lots: dict[Lot, Load] = field(default_factory=dict)
    counted: dict[Place, Counted] = field(default_factory=dict)
    newest_ns: int | None = None


async def parking(chosen: Chosen, tables: Tables, progress: Progress) -> Found:
    """The figures of every car park, then of every bay and counting system.

    Raises `ingest.seams.StoreUnavailable`.
    """
    days = list(windows("1d", chosen.period, chosen.zone))
    reading = await _read(chosen, tables, days, progress)
    notes = (
        [say("figures of parking are made of readings only, not of finished hours that are kept for longer")]
        if chosen.hours_kept
        else []
    )
    return Found(list(_sets(chosen, reading, days)), reading.newest_ns, notes)


def _sets(chosen: Chosen, reading: _Reading, days: Sequence[Window]) -> Iterator[FigureSet]:
    for lot, load in sorted(reading.lots.items()):
        place = place_of(lot)
        series = Series(place.device, _MEASUREMENT, "occupancy", place.tags)
        yield FigureSet(series, list(of_bays(load, days, is_lot=True)), load.first_ns, load.last_ns)
    ids = {device.id for device in chosen.devices}
    for place, load in sorted(reading.bays.items()):
        if place.device in ids and chosen.single_bays:
            series = Series(place.device, _MEASUREMENT, "occupied", place.tags)
            yield FigureSet(series, list(of_bays(load, days, is_lot=False)), load.first_ns, load.last_ns)
    for place, counted in sorted(reading.counted.items()):
        if place.device in ids:
            series = Series(place.device, _MEASUREMENT, "occupied_bays", place.tags)
            yield FigureSet(series, list(of_counts(counted, days)), counted.first_ns, counted.last_ns)


async def _read(chosen: Chosen, tables: Tables, days: Sequence[Window], progress: Progress) -> _Reading:
    """Read the period month by month, the sensors of a car park together."""
    devices = {one.id: one for several in chosen.lots.values() for one in several}
    devices |= {one.id: one for one in chosen.devices}
    rhythms = {name: Rhythms(device) for name, device in devices.items()}
    reading, pace = _Reading(), Pace()
    length_s = chosen.period.length_ns // SECOND_NS

    def expected_s(device: Device) -> int | None:
        return rhythms[device.id].at(chosen.period.begin_ns).expected_s

    for part in parts(days, chosen.zone, len(devices)):
        begin_ns, end_ns = part[0].begin_ns, part[-1].end_ns
        for group in pace.groups(list(devices.values()), chosen.lots, end_ns - begin_ns, expected_s):
            back_s = max(rhythms[one.id].back_s(quantity) for one in group for quantity in _COUNTED)
            table = await tables.read(
                _MEASUREMENT,
                fields_of(_QUANTITIES),
                begin_ns - back_s * SECOND_NS,
                end_ns,
                [one.id for one in group],
            )
            pace.learn(group, end_ns - begin_ns, expected_s, table.num_rows)
            drop = chosen.ask.suspect == "drop"
            series = said(_MEASUREMENT, table, {one.id: one for one in group}, _QUANTITIES, drop=drop)
            await in_thread(_add, reading, series, chosen.lots, part, rhythms)
        progress((end_ns - chosen.period.begin_ns) // SECOND_NS, length_s, say("reading"))
    return reading


def _add(
    reading: _Reading,
    several: Iterable[Said],
    lots: Mapping[Lot, Sequence[Device]],
    part: Sequence[Window],
    rhythms: Mapping[str, Rhythms],
) -> None:
    by_lot: dict[Lot | None, list[Watched]] = {}
    for series in several:
        newest_ns = max(samples[-1].time_ns for samples in series.samples.values())
        reading.newest_ns = max(newest_ns, reading.newest_ns or newest_ns)
        if is_bay(series):
            lot = lot_of(series.device)
            watched = Watched(series, rhythms[series.device.id])
            by_lot.setdefault(lot if lot in lots else None, []).append(watched)
        elif "occupied_bays" in series.samples:
            _add_counted(reading, series, part, rhythms[series.device.id])
    for car_park, those in by_lot.items():
        for day in part:
            known = [(one, bay) for one in those if (bay := one.window(day)) is not None]
            for one, bay in known:
                place = Place(one.said.device.id, one.said.tags)
                reading.bays.setdefault(place, Load()).add(day, [bay], 1)
            if car_park is not None:
                whole = LotHour(car_park, lots[car_park], day)
                for one, bay in known:
                    whole.add(one.said.device, one.tags(day), bay)
                reading.lots.setdefault(car_park, Load()).add(day, whole.bays, whole.capacity)


def _add_counted(reading: _Reading, one: Said, part: Sequence[Window], rhythms: Rhythms) -> None:
    occupied, capacity = (
        figures(quantity, quantity.summary, one.samples.get(quantity.name, ()), part, rhythms)
        for quantity in _COUNTED
    )
    counted = reading.counted.setdefault(Place(one.device.id, one.tags), Counted())
    for day, taken, there in zip(part, occupied, capacity, strict=True):
        value = None if there.value is None else float(there.value)
        counted.add(day, None if taken.value is None else float(taken.value), value, taken.coverage)
        counted.suspect = counted.suspect or (taken.value is not None and (taken.suspect or there.suspect))
