"""Figures of traffic: mean daily volumes, the share of heavy vehicles, the busiest hour.

All of them rest on windows that are whole: a count of a part of a day is no count of the day. So is a sum
over lanes, directions or classes whole only where all of them are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from devices.device import Device
from devices.language import Language, Sentence, say
from devices.moment import local
from ingest.store.tables import Tables
from publish.export import vocabulary
from publish.export.chosen import Chosen
from publish.export.figures.classes import kind_of
from publish.export.figures.grid import Bools, Counts, Sums, everywhere, expected, sums
from publish.export.figures.row import FigureRow, FigureSet, Found, percent, rounded
from publish.export.figures.views import HEAVY_VEHICLES, MOTOR_VEHICLES, Part, View, cells, part_of, views
from publish.export.figures.year import OF_EACH_MONTH, OF_THE_YEAR, is_enough, is_year
from publish.export.period import windows
from publish.export.progress import Progress
from publish.export.series import Series
from publish.export.walk import Walk, WindowRows
from publish.export.what import language
from publish.summary import Window

#: Monday is 0.
WORKDAYS, SATURDAY, SUNDAY = range(5), range(5, 6), range(6, 7)
#: Figure, days of the week, and what it is called of a full year.
_VOLUMES = (
    ("daily_volume", range(7), "dtv"),
    ("daily_volume_workdays", WORKDAYS, "dtv_workdays"),
    ("daily_volume_saturdays", SATURDAY, None),
    ("daily_volume_sundays", SUNDAY, None),
)
_QUANTITY = "count"
#: So many hours of the week are those of working days.
_WORKING = 24 * len(WORKDAYS)


@dataclass(slots=True)
class Hours:
    """What a view counted in the 168 hours of the week, Monday's first, summed up."""

    counted: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(168))
    whole: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(168, dtype=np.int64))
    suspect: Bools = field(default_factory=lambda: np.zeros(168, dtype=np.bool_))
    coverage: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(168))
    looked_at: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(168, dtype=np.int64))

    def add(self, found: Sums, slots: npt.NDArray[np.int64]) -> None:
        """Add some hours, each with its slot."""
        whole = found.whole
        self.counted += np.bincount(slots[whole], weights=found.counted[whole], minlength=168)
        self.whole += np.bincount(slots[whole], minlength=168)
        self.suspect |= np.bincount(slots[whole & found.suspect], minlength=168) > 0
        self.coverage += np.bincount(slots, weights=found.coverage, minlength=168)
        self.looked_at += np.bincount(slots, minlength=168)


@dataclass(frozen=True, slots=True)
class Place:
    """One place that counts: its series by day, and what is looked at of it."""

    device: Device
    parts: Mapping[Part, Counts]
    wanted: Mapping[Part, Bools]
    views: Sequence[View]
    hours: Mapping[View, Hours]


async def traffic(chosen: Chosen, tables: Tables, progress: Progress) -> Found:
    """The figures of every place, view by view. Raises `ingest.seams.StoreUnavailable`."""
    days = list(windows("1d", chosen.period, chosen.zone))
    by_day = Walk(chosen, tables, "1d", _half(progress, 0), (_QUANTITY,))
    places = await _places(chosen, by_day, days)
    by_hour = Walk(chosen, tables, "1h", _half(progress, 1), (_QUANTITY,))
    await _look_at_hours(by_hour, days, places, chosen.zone)
    dates = [local(day.begin_ns, chosen.zone).date() for day in days]
    lang = language(chosen.ask)
    sets = [
        _of(place, view, days, dates, lang) for _, place in sorted(places.items()) for view in place.views
    ]
    return Found(sets, by_day.newest_ns, by_day.notes)


def _half(progress: Progress, half: int) -> Progress:
    """Days come before hours."""

    def tell(done: int, of: int, what: str) -> None:
        progress((done + half * of) // 2, of, what)

    return tell


def _of(place: Place, view: View, days: Sequence[Window], dates: Sequence[date], lang: Language) -> FigureSet:
    known = np.logical_or.reduce([place.parts[part].coverage > 0 for part in view.parts])
    heard = [day for day, is_known in zip(days, known, strict=True) if is_known]
    series = Series(place.device.id, "traffic", _QUANTITY, view.tags)
    return FigureSet(series, list(figures(place, view, dates, lang)), heard[0].begin_ns, heard[-1].end_ns)


def figures(place: Place, view: View, dates: Sequence[date], lang: Language) -> Iterator[FigureRow]:
    """Everything that is said of one view over these days."""
    found = sums(view, place.parts, place.wanted)
    weekdays = np.array([day.weekday() for day in dates])
    notes = _of_what(place, view, lang)
    for name, which, of_a_year in _VOLUMES[: 1 if view.single else None]:
        chosen = np.isin(weekdays, which)
        if not chosen.any():
            continue
        row = _volume(name, found, chosen, notes)
        if of_a_year is None or not is_year(dates):
            yield row
            continue
        several = [day for day, is_one in zip(dates, chosen, strict=True) if is_one]
        if is_enough(several, [bool(one) for one in found.whole[chosen]]):
            yield row
            yield row._replace(figure=of_a_year)
        else:
            yield row._replace(notes=(*row.notes, _no_dtv(row)))
    if view.single:
        return
    if view.vehicle_class == MOTOR_VEHICLES and any(
        kind_of(part.vehicle_class) == "heavy" for part in view.parts
    ):
        yield _heavy_share(place, view, found, notes)
    hours = place.hours[view]
    if hours.looked_at.all():
        yield _from_hours(hours, len(dates), notes)
    if hours.looked_at[:_WORKING].any():
        yield _peak(hours, int(np.isin(weekdays, WORKDAYS).sum()), notes)


def _volume(name: str, found: Sums, chosen: Bools, notes: Sequence[Sentence]) -> FigureRow:
    whole = found.whole & chosen
    days, of_days = int(whole.sum()), int(chosen.sum())
    coverage = percent(float(found.coverage[chosen].sum()) / 100 / of_days)
    if not days:
        return FigureRow(name, None, 0, of_days, coverage, notes=(*notes, say("no day was counted whole")))
    value = rounded(name, float(found.counted[whole].sum()) / days)
    return FigureRow(name, value, days, of_days, coverage, bool(found.suspect[whole].any()), notes)


def _heavy_share(place: Place, view: View, motor: Sums, notes: Sequence[Sentence]) -> FigureRow:
    """Heavy vehicles of all motor vehicles, of days on which heavy and light ones were told apart everywhere
    and all were counted whole.
    """
    heavy, light = (
        frozenset(part for part in view.parts if kind_of(part.vehicle_class) == kind)
        for kind in ("heavy", "light")
    )
    length = len(motor.whole)
    told = np.full(length, cells(heavy) == cells(light) == cells(view.parts))
    told = told & everywhere(heavy, place.wanted, length) & everywhere(light, place.wanted, length)
    whole = motor.whole & told
    days, of_days = int(whole.sum()), length
    coverage = percent(float(motor.coverage[told].sum()) / 100 / of_days)
    if not days:
        why = say("on no day were heavy and other motor vehicles counted whole")
        return FigureRow("heavy_share", None, 0, of_days, coverage, notes=(*notes, why))
    total = float(motor.counted[whole].sum())
    suspect = bool(motor.suspect[whole].any())
    if not total:
        why = say("no motor vehicle was counted")
        return FigureRow("heavy_share", None, days, of_days, coverage, suspect, (*notes, why))
    of_heavy = sums(View((), heavy), place.parts, place.wanted)
    value = rounded("heavy_share", 100 * float(of_heavy.counted[whole].sum()) / total)
    return FigureRow("heavy_share", value, days, of_days, coverage, suspect, notes)


def _from_hours(hours: Hours, of_days: int, notes: Sequence[Sentence]) -> FigureRow:
    """The mean day of the week of mean hours: where now and then an uplink is lost, few days are whole."""
    name = "daily_volume_of_hours"
    coverage = percent(float(hours.coverage.sum()) / 100 / int(hours.looked_at.sum()))
    least = int(hours.whole.min())
    if not least:
        missing = say("some hour of the week was never counted whole")
        return FigureRow(name, None, 0, of_days, coverage, notes=(*notes, missing))
    value = rounded(name, float((hours.counted / hours.whole).sum()) / 7)
    rests = say("of each hour of the week {count} or more were counted whole", count=least)
    days = int(hours.whole.sum()) // 24
    return FigureRow(name, value, days, of_days, coverage, bool(hours.suspect.any()), (rests, *notes))


def _peak(hours: Hours, of_days: int, notes: Sequence[Sentence]) -> FigureRow:
    """The hour of the working day with the highest mean; without one hour's mean nobody knows which it is."""
    name = "peak_hour"
    counted, whole = (
        several[:_WORKING].reshape(-1, 24).sum(axis=0) for several in (hours.counted, hours.whole)
    )
    looked_at = int(hours.looked_at[:_WORKING].sum())
    coverage = percent(float(hours.coverage[:_WORKING].sum()) / 100 / looked_at)
    if not whole.all():
        missing = say("some hour of the day was never counted whole, and it may be the busiest")
        return FigureRow(name, None, 0, of_days, coverage, notes=(*notes, missing))
    means = counted / whole
    at = int(np.argmax(means))
    when = say("{begin}:00 to {end}:00", begin=at, end=at + 1)
    value = rounded(name, float(means[at]))
    suspect = bool(hours.suspect[:_WORKING].any())
    return FigureRow(name, value, int(whole[at]), of_days, coverage, suspect, (when, *notes))


def _no_dtv(row: FigureRow) -> Sentence:
    return say(
        "no DTV: {days} of {of_days} days were counted whole; {year} % of the year and {month} % of each"
        " month are needed",
        days=row.days,
        of_days=row.of_days,
        year=OF_THE_YEAR,
        month=OF_EACH_MONTH,
    )


def _of_what(place: Place, view: View, lang: Language) -> list[Sentence]:
    """Which classes a sum of ours is of, and which are in none."""
    if view.vehicle_class not in (MOTOR_VEHICLES, HEAVY_VEHICLES):
        return []
    names = sorted({part.vehicle_class for part in view.parts})
    notes = [say("classes: {names}", names=_listed(names, lang))]
    unknown = sorted({part.vehicle_class for part in place.parts if kind_of(part.vehicle_class) == "unknown"})
    if unknown:
        left_out = say("not in it, for nobody knows what they are: {names}", names=_listed(unknown, lang))
        notes.append(left_out)
    return notes


def _listed(classes: Iterable[str], lang: Language) -> str:
    return ", ".join(vocabulary.tag_words([("vehicle_class", name)], lang) for name in classes)


async def _places(chosen: Chosen, walk: Walk, days: Sequence[Window]) -> dict[str, Place]:
    at = {day.begin_ns: number for number, day in enumerate(days)}
    found: dict[str, dict[Part, Counts]] = {}
    async for _, rows in walk.heard():
        parts = found.setdefault(rows.series.device, {})
        parts.setdefault(part_of(rows.series.tags), Counts.of(len(days))).put(rows, at)
    devices = {device.id: device for device in chosen.devices}
    places = {}
    for name, parts in found.items():
        said = {part: counts for part, counts in parts.items() if counts.coverage.any()}
        if said and name in devices:
            several = views(said)
            hours = {view: Hours() for view in several if not view.single}
            places[name] = Place(devices[name], said, expected(devices[name], days, said), several, hours)
    return places


async def _look_at_hours(
    walk: Walk, days: Sequence[Window], places: Mapping[str, Place], zone: ZoneInfo
) -> None:
    """Sum up the hours of all views, a part of the period at a time."""
    begins = np.array([day.begin_ns for day in days], dtype=np.int64)
    waiting: list[WindowRows] = []
    reached = 0
    async for number, rows in walk.heard():
        if number > reached:
            _add_hours(waiting, begins, places, zone)
            waiting, reached = [], number
        waiting.append(rows)
    _add_hours(waiting, begins, places, zone)


def _add_hours(
    part: Iterable[WindowRows],
    begins: npt.NDArray[np.int64],
    places: Mapping[str, Place],
    zone: ZoneInfo,
) -> None:
    by_place: dict[str, list[WindowRows]] = {}
    for rows in part:
        by_place.setdefault(rows.series.device, []).append(rows)
    for name, several in by_place.items():
        if name in places:
            _add_hours_of(places[name], several, begins, zone)


def _add_hours_of(
    place: Place, several: Sequence[WindowRows], begins: npt.NDArray[np.int64], zone: ZoneInfo
) -> None:
    hours = sorted({window.begin_ns for rows in several for window in rows.windows})
    at = {hour_ns: number for number, hour_ns in enumerate(hours)}
    counts = {part: Counts.of(len(hours)) for part in place.parts}
    for rows in several:
        if (part := part_of(rows.series.tags)) in counts:
            counts[part].put(rows, at)
    day = np.searchsorted(begins, np.array(hours, dtype=np.int64), side="right") - 1
    wanted = {part: place.wanted[part][day] for part in counts}
    times = [local(hour_ns, zone) for hour_ns in hours]
    slots = np.array([when.weekday() * 24 + when.hour for when in times])
    for view, into in place.hours.items():
        into.add(sums(view, counts, wanted), slots)
