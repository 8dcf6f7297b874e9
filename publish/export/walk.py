"""All series over all windows of a period, a part of it and a group of devices at a time."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from devices.device import Device
from devices.language import Sentence, say
from ingest.store.tables import Tables
from publish.export.ask import Every
from publish.export.bite import Biter, Part
from publish.export.chosen import Chosen
from publish.export.expected import expected, measuring
from publish.export.figure import NOTHING, SECOND_NS, Figure
from publish.export.gone import Gone
from publish.export.parking_windows import MEASUREMENT, place_of
from publish.export.parts import Pace, parts
from publish.export.period import windows
from publish.export.progress import Progress
from publish.export.reasons import Reason
from publish.export.said import fields_of
from publish.export.series import Series, Tally
from publish.export.states import States, with_reason
from publish.export.threads import in_thread
from publish.summary import Window


@dataclass(frozen=True, slots=True)
class WindowRows:
    """One series over consecutive windows of a part of the period; `figures` go with `windows` by place."""

    series: Series
    windows: Sequence[Window]
    figures: Sequence[Figure]


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
        self.newest_ns: int | None = None
        self._chosen = chosen
        self._tables = tables
        self._progress = progress
        self._biter = Biter(chosen, only)
        self._gone = Gone(chosen, tables, every, self._biter)
        self._states = States(tables, chosen.periods)
        self._left: dict[Series, Tally] = defaultdict(Tally)
        self._since: dict[Series, int] = {}  #: the part in which it was heard of first
        self._known: dict[tuple[str, str], list[Series]] = defaultdict(list)  #: by measurement and device
        self._devices = {one.id: one for one in chosen.devices}
        self._sensors = {place_of(lot).device: sensors for lot, sensors in self._biter.lots.items()}
        count = sum(map(len, self._biter.quantities.values())) * len(chosen.devices)
        cut = parts(windows(every, chosen.period, chosen.zone), chosen.zone, count)
        self._parts = [Part(number, several) for number, several in enumerate(cut)]

    @property
    def series(self) -> list[Series]:
        """All there are, once `heard` is over: those that are only expected, too."""
        return [*self._since, *self._silent()]

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What must be known of how it was read."""
        if not self._gone.used:
            return ()
        return (say("Where readings are not kept any more, windows are made of the finished hours."),)

    def tell(self, tallies: Mapping[Series, Tally]) -> None:
        """What was left out, into the tallies of the series."""
        for series, left in self._left.items():
            if (tally := tallies.get(series)) is not None:
                tally.failed, tally.dropped = left.failed, left.dropped

    async def heard(self) -> AsyncIterator[tuple[int, WindowRows]]:
        """Rows with the number of their part, by part. Raises `StoreUnavailable`."""
        for lot in self._biter.lots:
            for name in self._biter.parking.of_lot:
                place = place_of(lot)
                self._note(Series(place.device, MEASUREMENT, name, place.tags), 0)
        paces = {name: Pace() for name in self._biter.measurements}
        for part in self._parts:
            for at, (measurement, pace) in enumerate(paces.items()):
                devices, done = self._biter.devices(measurement), 0
                lots, expected_s = self._biter.lots_of(measurement), self._biter.expected_s
                for group in pace.groups(devices, lots, part.length_ns, expected_s):
                    rows, count = await self._group(part, measurement, group)
                    pace.learn(group, part.length_ns, expected_s, count)
                    for one in rows:
                        yield part.number, one
                    done += len(group)
                    self._tell_progress(part, (at + done / len(devices)) / len(paces))

    async def unheard(self) -> AsyncIterator[tuple[int, WindowRows]]:
        """Rows without values, by part, once `heard` is over. Raises `StoreUnavailable`."""
        silent = self._silent()
        for part in self._parts:
            late = [series for series, since in self._since.items() if since > part.number]
            nothing = [(one, [NOTHING] * len(part.windows)) for one in (*silent, *late)]
            for rows in await self._with_reasons(part, nothing):
                yield part.number, rows

    async def _group(
        self, part: Part, measurement: str, group: Sequence[Device]
    ) -> tuple[list[WindowRows], int]:
        """The rows of some devices and of their car parks, and how many rows there were in the store."""
        table = await self._tables.read(
            measurement,
            fields_of(self._biter.read(measurement)),
            part.begin_ns - self._biter.back_s(measurement, group) * SECOND_NS,
            part.end_ns,
            [one.id for one in group],
        )
        bite = await in_thread(self._biter.bite, part, measurement, group, table)
        await self._gone.replace(part, measurement, group, bite)
        if bite.newest_ns:
            self.newest_ns = max(bite.newest_ns, self.newest_ns or 0)
        for series, left in bite.left.items():
            self._left[series].failed += left.failed
            self._left[series].dropped += left.dropped
        found: dict[Series, list[Figure]] = {}
        for place, named in bite.found.items():
            for name, several in named.items():
                series = Series(place.device, measurement, name, place.tags)
                if series in self._since or any(one is not NOTHING for one in several):
                    self._note(series, part.number)
                    found[series] = several
        lots = self._biter.lots_within(measurement, group)
        for name in (*(one.id for one in group), *(place_of(lot).device for lot in lots)):
            for series in self._known[measurement, name]:
                found.setdefault(series, [NOTHING] * len(part.windows))
        return await self._with_reasons(part, list(found.items())), table.num_rows

    def _note(self, series: Series, part: int) -> None:
        if series not in self._since:
            self._since[series] = part
            self._known[series.measurement, series.device].append(series)

    def _tell_progress(self, part: Part, share: float) -> None:
        period = self._chosen.period
        reached_ns = part.begin_ns - period.begin_ns + int(part.length_ns * share)
        self._progress(reached_ns // SECOND_NS, period.length_ns // SECOND_NS, say("reading"))

    def _silent(self) -> list[Series]:
        """The series that are to be expected: of devices that said nothing at all, and of what was named."""
        heard = {(one.device, one.quantity) for one in self._since}
        spoke = {one.device for one in self._since}
        return [
            series
            for device in self._chosen.devices
            if device.id not in spoke or self._chosen.ask.quantity
            for series in expected(device, self._biter.names_at(device))
            if (device.id, series.quantity) not in heard
        ]

    async def _with_reasons(
        self, part: Part, found: Sequence[tuple[Series, Sequence[Figure]]]
    ) -> list[WindowRows]:
        """The rows, each missing figure with its reason."""
        gaps: dict[str, set[Window]] = defaultdict(set)
        for series, several in found:
            missing = [
                window for window, one in zip(part.windows, several, strict=True) if one.reason is not None
            ]
            if missing:
                for device in self._sensors.get(series.device) or (self._devices[series.device],):
                    gaps[device.id].update(missing)
        await self._states.ask(gaps)
        return [
            WindowRows(series, part.windows, self._explained(series, part, several))
            for series, several in found
        ]

    def _explained(self, series: Series, part: Part, several: Sequence[Figure]) -> Sequence[Figure]:
        reason: Callable[[Window, Reason], Reason]
        if (sensors := self._sensors.get(series.device)) is not None:
            reason = partial(self._states.of_all, sensors)
        else:
            device = self._devices[series.device]
            hardware = measuring(device, series.quantity) or None
            reason = partial(self._states.reason, device, hardware=hardware)
        return [
            one if one.reason is None else with_reason(one, reason(window, one.reason))
            for window, one in zip(part.windows, several, strict=True)
        ]
