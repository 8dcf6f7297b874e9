"""Windows of parking bays, and of car parks made of all their bays."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from devices.device import Device
from devices.quantity import CATALOGUE
from publish.export.ask import Ask
from publish.export.figure import NOTHING, SECOND_NS, Figure, Rhythms, of_fields
from publish.export.said import Said, Tags
from publish.hours.lots import LotHour, lot_name, lot_of, unlisted
from publish.hours.plan import Lot
from publish.parking import Bay, Fields, bay_fields, bay_of
from publish.summary import CAPTURE, Sample, Window, rounded

MEASUREMENT = "parking"
#: What a bay has in a window. Readings have no `departures`.
OF_BAY = ("occupied", "arrivals", "departures", "stay")
#: What a car park has in a window, all of it made of its bays.
OF_LOT = ("occupied_bays", "observed_bays", "capacity", "occupancy", "arrivals", "departures", "stay")
#: What of a car park answers the question whether it is occupied.
_OCCUPIED = ("occupied_bays", "observed_bays", "capacity", "occupancy")
#: What is read of a bay.
SAID = tuple(CATALOGUE[name] for name in ("occupied", "arrivals", "stay"))

_time_ns = attrgetter("time_ns")


class Place(NamedTuple):
    """What windows are of: a device, or a car park under its own name."""

    device: str
    tags: Tags


class Wanted(NamedTuple):
    """The quantities wanted of bays and of car parks, and the rule for stays."""

    of_bay: tuple[str, ...]
    of_lot: tuple[str, ...]
    stay: str = "mean"


def wanted(ask: Ask, only: Iterable[str] | None = None) -> Wanted:
    """What is asked for, by name or all of it; of that only what `only` names."""
    asked = set(ask.quantity)
    of_bay = [name for name in OF_BAY if not asked or name in asked]
    of_lot = [
        name for name in OF_LOT if not asked or name in asked or ("occupied" in asked and name in _OCCUPIED)
    ]
    if only is not None:
        of_bay = [name for name in of_bay if name in only]
        of_lot = [name for name in of_lot if name in only]
    stay = ask.aggregate if ask.aggregate in ("min", "max") else "mean"
    return Wanted(tuple(of_bay), tuple(of_lot), stay)


def place_of(lot: Lot) -> Place:
    """A car park as an export names it."""
    return Place(lot_name(lot), (("lot", lot[1]),))


def is_bay(said: Said) -> bool:
    """Whether a sensor watches a bay here, rather than counting many."""
    return "occupied" in said.samples


def parking_windows(
    bays: Sequence[Said],
    lots: Mapping[Lot, Sequence[Device]],
    windows: Sequence[Window],
    wanted: Wanted,
    rhythms: Callable[[Device], Rhythms],
) -> Iterator[tuple[Place, Mapping[str, list[Figure]]]]:
    """The windows of each bay and, where all its sensors are at hand, of each car park."""
    by_lot: dict[Lot | None, list[Watched]] = {lot: [] for lot in lots}
    for said in bays:
        lot = lot_of(said.device)
        by_lot.setdefault(lot if lot in lots else None, []).append(Watched(said, rhythms(said.device)))
    for lot, watched in by_lot.items():
        whole = None if lot is None else _Whole(lot, lots[lot], wanted.of_lot)
        yield from _together(watched, whole, windows, wanted)


def _together(
    watched: Sequence["Watched"], whole: "_Whole | None", windows: Sequence[Window], wanted: Wanted
) -> Iterator[tuple[Place, Mapping[str, list[Figure]]]]:
    """Window by window, so that no more is kept of all bays than their figures."""
    of_bays = [(one, {name: list[Figure]() for name in wanted.of_bay}) for one in watched]
    for window in windows:
        known: list[tuple[Watched, Bay]] = []
        for one, found in of_bays:
            bay = one.window(window)
            fields = {} if bay is None else bay_fields(bay, window)
            for name, figures in found.items():
                figures.append(_of_bay(bay, fields, name, wanted.stay))
            if bay is not None:
                known.append((one, bay))
        if whole is not None:
            whole.add(known, window)
    for one, found in of_bays:
        yield Place(one.said.device.id, one.said.tags), found
    if whole is not None:
        yield place_of(whole.lot), whole.figures


class _Whole:
    """The figures of a car park."""

    def __init__(self, lot: Lot, sensors: Sequence[Device], names: Iterable[str]) -> None:
        self.lot = lot
        self.figures = {name: list[Figure]() for name in names}
        self._sensors = sensors

    def add(self, known: "Iterable[tuple[Watched, Bay]]", window: Window) -> None:
        """The next window, of what is known of its bays."""
        hour = LotHour(self.lot, self._sensors, window)
        for one, bay in known:
            hour.add(one.said.device, one.tags(window), bay)
        fields = hour.fields
        for name, figures in self.figures.items():
            figures.append(_of(fields, name))


class Watched:
    """One bay as one sensor knows it."""

    def __init__(self, said: Said, rhythms: Rhythms) -> None:
        self.said = said
        self._rhythms = rhythms
        self._states = said.samples["occupied"]
        self._arrivals = said.samples.get("arrivals", ())
        self._stays = said.samples.get("stay", ())

    def window(self, window: Window) -> Bay | None:
        """What is known of it, as `publish.hours.lots.bay_hour` finds it."""
        speaks = self._rhythms.at(window.begin_ns)
        states = _between(self._states, window.begin_ns - speaks.known_s * SECOND_NS, window.end_ns)
        if not states:
            return None
        ends = speaks.ends
        if unlisted(self.said.device, dict(self.said.tags)):
            ends = (*ends, states[-1].time_ns + 1)
        arrivals = _between(self._arrivals, window.begin_ns, window.end_ns)
        stays = _between(self._stays, window.begin_ns, window.end_ns)
        return bay_of(states, arrivals, stays, window, speaks.known_s, ends, speaks.later)

    def tags(self, window: Window) -> Mapping[str, str]:
        """Those of its last row in the window or before."""
        name = self.said.bay_at(window.end_ns - 1)
        return {"bay": name} if name else {}


def _between(samples: Sequence[Sample], begin_ns: int, end_ns: int) -> Sequence[Sample]:
    end = bisect_left(samples, end_ns, key=_time_ns)
    return samples[bisect_left(samples, begin_ns, hi=end, key=_time_ns) : end]


def _of_bay(bay: Bay | None, fields: Fields, name: str, stay: str) -> Figure:
    if name == "stay" and stay != "mean" and bay is not None and bay.stays:
        return _stay(bay, fields, stay)
    return _of(fields, name)


def _of(fields: Fields, name: str) -> Figure:
    if not fields:
        return NOTHING
    if f"{name}_coverage" not in fields:  # nobody left: there is no stay
        return Figure(None, None, float(fields["coverage"]), reason="nothing")
    return of_fields(fields, name)


def _stay(bay: Bay, fields: Fields, rule: str) -> Figure:
    value = rounded(CATALOGUE["stay"], min(bay.stays) if rule == "min" else max(bay.stays))
    coverage = float(fields["coverage"])
    suspect = "stay" in bay.suspect
    if coverage >= CAPTURE:
        return Figure(value, None, coverage, suspect)
    return Figure(None, value, coverage, suspect, "incomplete")
