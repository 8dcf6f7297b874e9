"""The mean hour of the day, hour of the week or day of the week of every series."""

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from devices.moment import local
from devices.quantity import CATALOGUE
from devices.reading import Flag
from ingest.store.tables import Tables
from publish.export.ask import Every
from publish.export.chosen import Chosen
from publish.export.in_order import tally
from publish.export.order import rank
from publish.export.progress import Progress
from publish.export.series import Gathered, Series, Tally
from publish.export.spill import PROFILES, SpillWriter
from publish.export.vocabulary import decimals
from publish.export.walk import Walk, WindowRows
from publish.summary import SUSPECT, Window, rules

#: The slots of each profile: see `publish.export.spill.PROFILES`.
SLOTS = {"hour-of-day": range(24), "hour-of-week": range(168), "day-of-week": range(1, 8)}
#: The windows that each is the mean of.
_OF: Mapping[str, Every] = {"hour-of-day": "1h", "hour-of-week": "1h", "day-of-week": "1d"}
_MEANS = {"energy_mean": rules.energy_mean, "circular_mean": rules.circular_mean}


async def gather_profiles(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Write the profile of `chosen.ask.every` to a spill of `publish.export.spill.PROFILES`.

    Each slot is the mean of its complete hours (or days), levels by their energy and directions on the
    circle; sums and maxima: the mean of sums and maxima. Both 2 o'clock hours of the autumn day count in
    slot 2; the one that spring leaves out is no hour. Raises `ingest.seams.StoreUnavailable`.
    """
    every = chosen.ask.every
    walk = Walk(chosen, tables, _OF[every], progress)
    profiles: dict[Series, _Profile] = defaultdict(_Profile)
    slots = _Slots(every, chosen.zone)
    async for _, rows in walk.heard():
        profiles[rows.series].add(rows, slots.of(rows.windows))
    async for _, rows in walk.unheard():
        profiles[rows.series].add(rows, slots.of(rows.windows))
    walk.tell({series: one.tally for series, one in profiles.items()})
    series = tuple(sorted(profiles, key=rank))
    rule = "mean" if chosen.ask.aggregate in ("min", "max") else "auto"
    cells = [
        (slot, number, *profiles[one].slot(slot, one.quantity, rule))
        for slot in SLOTS[every]
        for number, one in enumerate(series)
    ]
    columns = list(zip(*cells, strict=True)) or [()] * len(PROFILES)
    writer = SpillWriter(spill, PROFILES)
    try:
        arrays = [pa.array(said, field.type) for said, field in zip(columns, PROFILES, strict=True)]
        writer.write(pa.table(arrays, schema=PROFILES))
    finally:
        writer.close()
    tallies = {number: profiles[one].tally for number, one in enumerate(series)}
    return Gathered(spill, len(cells), series, tallies, walk.newest_ns, walk.notes)


class _Slots:
    """The slot of each window; those of one part are found once."""

    def __init__(self, every: Every, zone: ZoneInfo) -> None:
        self._every = every
        self._zone = zone
        self._known: tuple[Sequence[Window], list[int]] | None = None

    def of(self, windows: Sequence[Window]) -> list[int]:
        """In their order."""
        if self._known is None or self._known[0] is not windows:
            self._known = windows, [self._slot(one) for one in windows]
        return self._known[1]

    def _slot(self, window: Window) -> int:
        when = local(window.begin_ns, self._zone)
        if self._every == "day-of-week":
            return when.isoweekday()
        return when.hour + (24 * when.weekday() if self._every == "hour-of-week" else 0)


class _Profile:
    """What a series has in each slot."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._values: dict[int, array[float]] = defaultdict(lambda: array("d"))
        self._windows: dict[int, int] = defaultdict(int)
        self._suspect: set[int] = set()

    def add(self, rows: WindowRows, slots: Sequence[int]) -> None:
        """Windows with the slot of each."""
        tally(self.tally, rows)
        for slot, figure in zip(slots, rows.figures, strict=True):
            self._windows[slot] += 1
            if figure.value is not None:
                self._values[slot].append(figure.value)
                if figure.suspect:
                    self._suspect.add(slot)

    def slot(self, slot: int, quantity: str, rule: str) -> tuple[float | None, int, int, int | None]:
        """Value, windows that had one, all windows, and flag."""
        values = self._values.get(slot)
        windows = self._windows.get(slot, 0)
        if not values:
            return None, 0, windows, None
        value = mean(quantity, values, rule)
        return value, len(values), windows, SUSPECT if slot in self._suspect else int(Flag.GOOD)


def mean(quantity: str, values: Sequence[float], rule: str = "auto") -> float | None:
    """The mean of figures of a quantity, rounded as it is written; with `auto` by the catalogue's rule."""
    known = CATALOGUE.get(quantity)
    by = rules.mean if known is None or rule != "auto" else _MEANS.get(known.summary, rules.mean)
    found = by(values, [1.0] * len(values))
    if found is None:
        return None
    number = round(found, decimals(quantity, aggregated=True, mean=True)) + 0.0
    return number % 360 if by is rules.circular_mean else number
