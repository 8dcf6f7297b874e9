"""Figures of parking: how full, how often used, how long.

Time in which nobody knows the state of a bay takes part in nothing, so that a dead sensor makes no empty bay;
`mean_observed_bays` beside `mean_capacity` says how many are missing. A day counts of which so much is known
as of any window (`publish.summary.CAPTURE`).
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from devices.language import Sentence, say
from publish.export.figures.row import FigureRow, percent, rounded
from publish.parking import Bay, observed_ns
from publish.summary import CAPTURE, Window

_MINUTE_NS = 60 * 1_000_000_000
_HOUR_NS = 60 * _MINUTE_NS


@dataclass(slots=True)
class Load:
    """What was known of a bay or a lot over a period, day by day summed up. Times are nanoseconds.

    `counted_ns` is the length of the days that count, `bays` the sum of their bays (each day's once).
    """

    days: int = 0
    counted_ns: int = 0
    first_ns: int | None = None
    last_ns: int | None = None
    any_known_ns: int = 0
    known_ns: int = 0
    occupied_ns: float = 0.0
    bays: int = 0
    arrivals: int = 0
    departures: int = 0
    stays: int = 0
    stayed_s: float = 0.0
    suspect: frozenset[str] = frozenset()

    def add(self, day: Window, bays: Sequence[Bay], capacity: int) -> None:
        """Add a day of all the bays of which anything is known, of so many."""
        any_known_ns = observed_ns(bays)
        if not any_known_ns:
            return
        self.first_ns = day.begin_ns if self.first_ns is None else self.first_ns
        self.last_ns = day.end_ns
        self.any_known_ns += any_known_ns
        if day.share(any_known_ns) < CAPTURE:
            return
        self.days += 1
        self.counted_ns += day.length_ns
        self.bays += capacity
        for one in bays:
            self.known_ns += one.known_ns
            self.occupied_ns += one.occupied_ns
            self.arrivals += one.arrivals
            self.departures += one.departures
            self.stays += len(one.stays)
            self.stayed_s += math.fsum(one.stays)
            self.suspect |= one.suspect


@dataclass(slots=True)
class Counted:
    """What a counting system said of a car park, day by day summed up: bays × nanoseconds."""

    days: int = 0
    days_with_capacity: int = 0
    first_ns: int | None = None
    last_ns: int | None = None
    known_ns: float = 0.0
    occupied_ns: float = 0.0
    occupied_of_capacity_ns: float = 0.0
    capacity_ns: float = 0.0
    suspect: bool = False

    def add(self, day: Window, occupied: float | None, capacity: float | None, coverage: float) -> None:
        """Add a day: means over the time in which something was said (None: of less than is needed)."""
        if not coverage:
            return
        self.first_ns = day.begin_ns if self.first_ns is None else self.first_ns
        self.last_ns = day.end_ns
        known = day.length_ns * coverage / 100
        self.known_ns += known
        if occupied is None:
            return
        self.days += 1
        self.occupied_ns += occupied * known
        if capacity is not None:
            self.days_with_capacity += 1
            self.capacity_ns += capacity * known
            self.occupied_of_capacity_ns += occupied * known


def of_bays(load: Load, days: Sequence[Window], *, is_lot: bool) -> Iterator[FigureRow]:
    """The figures of a bay, or of a lot of several."""

    def row(figure: str, value: float | None, suspect: str, *notes: Sentence) -> FigureRow:
        found = None if value is None else rounded(figure, value)
        is_suspect = suspect in load.suspect or (suspect == "arrivals" and "occupied" in load.suspect)
        return FigureRow(figure, found, load.days, len(days), coverage, load.days > 0 and is_suspect, notes)

    coverage = percent(load.any_known_ns / _length_ns(days))
    names = [("mean_occupancy", "occupied"), ("turnover", "arrivals"), ("mean_stay", "stay")]
    names += [("stay_by_load", "departures"), ("space_hours", "occupied")]
    if is_lot:
        names += [("mean_observed_bays", "occupied"), ("mean_capacity", "")]
    if not load.days:
        for figure, suspect in names:
            yield row(figure, None, suspect, _too_little())
        return
    observed = load.known_ns / load.counted_ns
    stays = say("{count} stays", count=load.stays) if load.stays else say("no stay ended")
    left = say("{count} departures", count=load.departures) if load.departures else say("nobody left")
    values = {
        "mean_occupancy": 100 * load.occupied_ns / load.known_ns,
        "turnover": load.arrivals / observed / load.days,
        "mean_stay": load.stayed_s / 60 / load.stays if load.stays else None,
        "stay_by_load": load.occupied_ns / _MINUTE_NS / load.departures if load.departures else None,
        "space_hours": load.occupied_ns / _HOUR_NS,
        "mean_observed_bays": observed,
        "mean_capacity": load.bays / load.days,
    }
    notes = {
        "turnover": say("{count} arrivals", count=load.arrivals),
        "mean_stay": stays,
        "stay_by_load": left,
    }
    for figure, suspect in names:
        yield row(figure, values[figure], suspect, *([notes[figure]] if figure in notes else []))


def of_counts(counted: Counted, days: Sequence[Window]) -> Iterator[FigureRow]:
    """The figures of a car park that says how many of its bays are taken."""

    def row(figure: str, value: float | None, count: int, *notes: Sentence) -> FigureRow:
        found = None if value is None else rounded(figure, value)
        return FigureRow(figure, found, count, len(days), coverage, count > 0 and counted.suspect, notes)

    coverage = percent(counted.known_ns / _length_ns(days))
    if not counted.days:
        yield row("counted_occupancy", None, 0, _too_little())
        yield row("space_hours", None, 0, _too_little())
        return
    if counted.capacity_ns:
        share = 100 * counted.occupied_of_capacity_ns / counted.capacity_ns
        yield row("counted_occupancy", share, counted.days_with_capacity)
    else:
        yield row("counted_occupancy", None, 0, say("nobody said how many bays there are"))
    yield row("space_hours", counted.occupied_ns / _HOUR_NS, counted.days)


def _too_little() -> Sentence:
    return say("no day of which three quarters are known")


def _length_ns(days: Iterable[Window]) -> int:
    return sum(day.length_ns for day in days)
