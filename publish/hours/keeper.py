"""The task that finishes hours: when all lines of one are stored, and again when lines come late."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol, TypeVar

from devices.device import Device
from devices.quantity import CATALOGUE
from devices.registry import Registry
from ingest.errors import SpoolBusy
from ingest.intake import GroupIntake
from ingest.seams import CannotRemove, Row, Store, StoreUnavailable
from ingest.spool import Due, Progress, Spool
from publish.hours.hour import HourRow, Series, by_series, hours_of
from publish.hours.lots import lot_name
from publish.hours.plan import MEASUREMENTS, Lot, Wanted, look, said_of
from publish.hours.rewrite import Place, changes, reached, with_lots
from publish.hours.row import HOUR_NS, SUFFIX, line_of, possible_fields

T = TypeVar("T")

#: Seconds after its end in which an hour still waits for what comes late.
GRACE_S = 600
#: At the first start, and after a spool was damaged, so many hours are finished that lie back.
BACK_HOURS = 24
#: Seconds between two looks at the clock and at what is due again.
EVERY_S = 60.0
#: Seconds between two looks whether the spool is drained or has room.
POLL_S = 0.1
#: Devices of one question to the store, which bounds the memory: some 6 rows an hour each.
DEVICES_ASKED = 5000
#: Of one question for hours that are due again, which may be about a day and what reaches into it.
DEVICES_ASKED_AGAIN = 200
#: Hours of devices that are due again, looked at together.
DUE_PAGE = 5000
#: Lines handed to the intake at once.
LINES = 500
#: Seconds of computing after which the event loop has its turn.
SLICE_S = 0.002

_SECOND_NS = 1_000_000_000
_DAY_NS = 24 * HOUR_NS
_NONE: frozenset[str] = frozenset()


class HourEvents(Protocol):
    """What happens to a keeper; each is logged and counted in one place."""

    def hour_finished(self, measurement: str, hour_ns: int, rows: int, hours_left: int) -> None:
        """An hour of a measurement is finished; so many of it are due before now."""
        ...

    def hours_rewritten(self, measurement: str, hours: int, rows: int) -> None:
        """So many hours of devices were looked at again, for lines had come late; so many rows changed."""
        ...

    def hours_waiting(self, reason: str) -> None:
        """The store or the disk does not let hours be finished now; it is tried again."""
        ...

    def hours_failed(self, device: str, error: Exception) -> None:
        """A fault of ours: an hour of this device (empty: of any) is missing."""
        ...


class HourKeeper:
    """Finishes hours. All methods are called on the event loop's thread.

    An hour of a measurement is over `GRACE_S` after its end, or later where something is measured over
    intervals: the row of the last one comes when it ends. It is then closed (lines that come from here on are
    marked as late in the spool, in their own transaction), computed once all lines before are in the store,
    and done when its rows are in the spool. What ends in between is done again; the same rows come of it.
    """

    def __init__(
        self,
        intake: GroupIntake,
        spool: Spool,
        store: Store,
        events: HourEvents,
        *,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._intake = intake
        self._spool = spool
        self._store = store
        self._events = events
        self._now_ns = now_ns
        self._one = asyncio.Lock()
        self._planned: tuple[Registry, Mapping[str, Wanted]] | None = None
        self._begun_anew = False
        self._due_since_ns: int | None = None

    async def run(self) -> None:
        """Finish hours until cancelled. What hinders it is told and tried again."""
        while True:
            try:
                await self.finish(self._now_ns())
            except StoreUnavailable as error:
                self._events.hours_waiting(str(error))
            except SpoolBusy as error:
                self._events.hours_waiting(str(error))
            except Exception as error:  # noqa: BLE001  a fault of ours must not end the service
                self._events.hours_failed("", error)
            await asyncio.sleep(EVERY_S)

    async def finish(self, now_ns: int) -> int:
        """Finish every hour that is over at `now_ns` (UTC) and those due again; returns rows written.

        Their lines are in the spool when it returns. Waits while the store takes nothing; raises
        `StoreUnavailable` when it does not answer questions, `SpoolBusy` when the disk takes nothing: then
        what is not done yet is done at the next call. To drive a day by a clock of one's own, call this.
        """
        async with self._one:
            registry, plan = await self._plan()
            await self._begin(now_ns)
            over = {name: self._over(plan.get(name), now_ns) for name in MEASUREMENTS}
            await self._close(over, plan)
            rows = 0
            while (name := self._oldest(over)) is not None:
                rows += await self._finish_hour(name, registry, plan, over[name])
            return rows + await self._finish_due()

    def begin_anew(self) -> None:
        """The spool was begun anew: write again what it knew of the hours, and do the last day again."""
        self._begun_anew = True

    def behind_s(self, now_ns: int) -> float:
        """For how long the oldest hour that could be finished has been waiting for it; 0 when none does."""
        plan = self._planned[1] if self._planned else {}
        hours = self._spool.hours
        since = [
            hours[name].done_ns + HOUR_NS + _grace_ns(one) for name, one in plan.items() if name in hours
        ]
        if self._due_since_ns is not None:
            since.append(self._due_since_ns)
        return max(0.0, (now_ns - min(since, default=now_ns)) / _SECOND_NS)

    # --- which hours -----------------------------------------------------------------------------------

    async def _plan(self) -> tuple[Registry, Mapping[str, Wanted]]:
        registry = self._intake.registry
        if self._planned is None or self._planned[0] is not registry:
            self._planned = registry, await look(registry)
        return self._planned

    async def _begin(self, now_ns: int) -> None:
        """Where nothing is known of a measurement, begin some hours back: there may be years before."""
        known = self._spool.hours
        back_ns = (now_ns // HOUR_NS - BACK_HOURS) * HOUR_NS
        begun = {name: Progress(back_ns, back_ns) for name in MEASUREMENTS if name not in known}
        if self._begun_anew:
            begun |= {name: Progress(one.closed_ns, min(one.done_ns, back_ns)) for name, one in known.items()}
        if begun:
            await self._spool.put_hours(begun)
            self._begun_anew = False

    def _over(self, wanted: Wanted | None, now_ns: int) -> int:
        """The end of the newest hour that is over; never before what is done."""
        return (now_ns - _grace_ns(wanted)) // HOUR_NS * HOUR_NS

    async def _close(self, over: Mapping[str, int], plan: Mapping[str, Wanted]) -> None:
        """From here on lines of hours that are over are marked; wait until those before are in the store."""
        closed: dict[str, Progress] = {}
        for name, until_ns in over.items():
            known = self._spool.hours[name]
            if until_ns > known.done_ns:
                done_ns = known.done_ns if name in plan else until_ns  # nobody measures it
                closed[name] = Progress(max(known.closed_ns, until_ns), done_ns)
        if closed:
            await self._spool.put_hours(closed)
            await self._drained()

    def _oldest(self, over: Mapping[str, int]) -> str | None:
        waiting = [
            (self._spool.hours[name].done_ns, name)
            for name, until_ns in over.items()
            if self._spool.hours[name].done_ns < until_ns
        ]
        return min(waiting)[1] if waiting else None

    # --- finishing -------------------------------------------------------------------------------------

    async def _finish_hour(
        self, name: str, registry: Registry, plan: Mapping[str, Wanted], over_ns: int
    ) -> int:
        progress, wanted = self._spool.hours[name], plan[name]
        hour_ns = progress.done_ns
        carried = await self._carried(name, wanted, hour_ns)
        pages = _pages(wanted.devices, wanted.lots, DEVICES_ASKED)
        written = 0
        for page in pages:
            begin_ns = hour_ns - wanted.reach_s * _SECOND_NS
            asked = None if len(pages) == 1 else page
            found = await self._store.window(name, wanted.fields, begin_ns, hour_ns + HOUR_NS, asked)
            before = [row for one in page for row in carried.get(one, ())]
            series = await self._slices(by_series([*before, *found], registry))
            new = await self._compute(name, wanted, series, lambda _device: (hour_ns,))
            # as a rule nothing is there yet; after a spool was begun anew or restored, it may be
            written += await self._replace(name, new, {(one.tags["device"], hour_ns) for one in new})
        await self._intake.flush()
        done_ns = hour_ns + HOUR_NS
        await self._spool.put_hours({name: Progress(self._spool.hours[name].closed_ns, done_ns)})
        self._events.hour_finished(name, hour_ns, written, (over_ns - done_ns) // HOUR_NS)
        return written

    async def _carried(self, name: str, wanted: Wanted, hour_ns: int) -> Mapping[str, list[Row]]:
        """The last of what is carried into an hour, by device."""
        found: dict[str, list[Row]] = defaultdict(list)
        before_ns = hour_ns - wanted.reach_s * _SECOND_NS  # later ones are asked for with the hour
        for quantity in sorted(wanted.carried):
            since_ns = hour_ns - wanted.known_s * _SECOND_NS
            fields = [*said_of(quantity), *(["interval"] if CATALOGUE[quantity].interval else [])]
            for row in await self._store.latest(name, fields, since_ns, before_ns):
                found[row.tags.get("device", "")].append(row)
        return found

    async def _finish_due(self) -> int:
        rows = 0
        while due := await self._spool.due_hours(DUE_PAGE):
            registry, plan = await self._plan()  # that knows every device whose lines are marked here
            self._due_since_ns = min(one.marked_ns for one in due)
            await self._drained()
            groups: dict[tuple[str, int], list[Due]] = defaultdict(list)
            for one in due:
                groups[one.measurement, one.hour_ns // _DAY_NS].append(one)
            for (name, _), several in groups.items():
                changed = await self._rewrite(name, plan.get(name) or Wanted(), several, registry)
                await self._intake.flush()
                await self._spool.settle_hours(several)
                self._events.hours_rewritten(name, len(several), changed)
                rows += changed
            if len(due) < DUE_PAGE:  # what has come since is for the next time
                break
        self._due_since_ns = None
        return rows

    async def _rewrite(self, name: str, wanted: Wanted, due: Sequence[Due], registry: Registry) -> int:
        """Hours of one day; returns how many rows are other than before."""
        touched = {one.device for one in due}
        lots = {
            lot: sensors for lot, sensors in wanted.lots.items() if not touched.isdisjoint(map(_id, sensors))
        }
        changed = 0
        for page in _pages(sorted(touched), lots, DEVICES_ASKED_AGAIN):
            here = set(page)
            marks = [one for one in due if one.device in here]
            if marks:
                changed += await self._rewrite_page(name, wanted, page, marks, registry)
        return changed

    async def _rewrite_page(
        self, name: str, wanted: Wanted, page: Sequence[str], due: Sequence[Due], registry: Registry
    ) -> int:
        first_ns, last_ns = min(one.hour_ns for one in due), max(one.hour_ns for one in due)
        series: list[Series] = []
        if wanted.quantities:
            begin_ns = first_ns - max(wanted.reach_s, wanted.known_s) * _SECOND_NS
            reach_s = max(wanted.reach_s, wanted.known_s)
            end_ns = last_ns + HOUR_NS + -(-reach_s * _SECOND_NS // HOUR_NS) * HOUR_NS  # whole hours
            found = await self._store.window(name, wanted.fields, begin_ns, end_ns, page)
            series = await self._slices(by_series(found, registry))
        places = reached(
            [(one.device, one.hour_ns) for one in due], series, wanted, self._spool.hours[name].done_ns
        )
        places = with_lots(places, wanted.lots)
        hours: dict[str, list[int]] = defaultdict(list)
        for place, hour_ns in sorted(places):
            hours[place].append(hour_ns)
        new = await self._compute(name, wanted, series, lambda device: hours[device.id])
        emptied = {one.device for one in due if one.emptied}
        emptied |= {
            lot_name(lot) for lot, sensors in wanted.lots.items() if not emptied.isdisjoint(map(_id, sensors))
        }
        return await self._replace(name, new, places, emptied)

    async def _replace(
        self, name: str, new: Sequence[HourRow], places: AbstractSet[Place], emptied: AbstractSet[str] = _NONE
    ) -> int:
        """Let the hours of these places be the new ones; returns how many rows are other than before."""
        if not places:
            return 0
        names = possible_fields(name, [one.name for one in CATALOGUE.values() if one.measurement == name])
        devices, hours = {device for device, _ in places}, {hour_ns for _, hour_ns in places}
        begin_ns, end_ns = min(hours), max(hours) + 1
        old = await self._store.window(f"{name}{SUFFIX}", names, begin_ns, end_ns, sorted(devices))
        stale, rows = changes(old, new, places, emptied)
        for place, hour_ns in stale:
            try:
                await self._store.remove(f"{name}{SUFFIX}", place, hour_ns, hour_ns + HOUR_NS)
            except (
                CannotRemove
            ):  # what is stale shows through the new rows; nothing can be done about it here
                break
        await self._add(name, rows)
        return len(rows) + len(stale)

    # --- carrying --------------------------------------------------------------------------------------

    async def _compute(
        self,
        name: str,
        wanted: Wanted,
        series: Sequence[Series],
        hours: Callable[[Device], Sequence[int]],
    ) -> list[HourRow]:
        rows: list[HourRow] = []
        begin = time.perf_counter()
        for some in hours_of(name, wanted, series, hours, self._failed):
            rows += some
            if time.perf_counter() - begin > SLICE_S:
                await asyncio.sleep(0)
                begin = time.perf_counter()
        return rows

    def _failed(self, device: Device, error: Exception) -> None:
        self._events.hours_failed(device.id, error)

    async def _slices(self, work: Iterator[T | None]) -> T:
        """What the work gives at its end; at each of its pauses the event loop has its turn."""
        for value in work:
            if value is not None:
                return value
            await asyncio.sleep(0)
        raise AssertionError("the work ended without a value")

    async def _add(self, name: str, rows: Sequence[HourRow]) -> None:
        """Put lines into the spool, waiting while what comes from the street has no room there either."""
        for begin in range(0, len(rows), LINES):
            some = rows[begin : begin + LINES]
            lines = [line_of(name, one.tags, one.fields, one.hour_ns) for one in some]
            await _until(lambda lines=lines: self._intake.try_add(lines))  # type: ignore[misc]  # bound early
            await asyncio.sleep(0)

    async def _drained(self) -> None:
        """Return when all lines that are in the spool now are in the store."""
        last = self._spool.figures.last_waiting_id
        await _until(lambda: (self._spool.figures.first_waiting_id or last + 1) > last)


async def _until(done: Callable[[], bool]) -> None:
    while not done():  # noqa: ASYNC110  neither spool nor intake has somebody to wake
        await asyncio.sleep(POLL_S)


def _grace_ns(wanted: Wanted | None) -> int:
    return (GRACE_S + (wanted.slack_s if wanted else 0)) * _SECOND_NS


def _pages(devices: Sequence[str], lots: Mapping[Lot, Sequence[Device]], size: int) -> list[list[str]]:
    """The devices in lists of this size or little more; the sensors of one lot stay together."""
    pages: list[list[str]] = [[]]
    placed: set[str] = set()
    together = [[one.id for one in sensors] for sensors in lots.values()]
    for several in (*together, *([one] for one in devices)):
        fresh = [one for one in several if one not in placed]
        placed.update(fresh)
        if len(pages[-1]) >= size and fresh:
            pages.append([])
        pages[-1] += fresh
    return pages


def _id(device: Device) -> str:
    return device.id
