"""The clock that judges every device now and then, beside the stream and without holding it up.

A look at all devices has two passes: the first gathers from their memory who heard whom and when, the second
judges each device and puts its row into the intake where one is due. Both go in slices of `SLICE` devices,
which are spread over `LOOK_S`; nothing is kept waiting for longer than one slice.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from devices.status import State
from ingest.events import Events
from ingest.flush import replace_file
from ingest.intake import GroupIntake
from ingest.lns.chirpstack_gateway import on_gateway_topic
from ingest.pipeline import Verdict
from ingest.seams import Delivery, Store, StoreUnavailable
from ingest.status import battery, downtimes, filled, past
from ingest.status.downtimes import Downtimes
from ingest.status.gateways import Signs
from ingest.status.headline import newer, of_readings
from ingest.status.judge import Judge
from ingest.status.known import Known
from ingest.status.lots import MINUTE_NS, Lots
from ingest.status.roster import Roster
from ingest.status.teller import SLICE, Teller
from ingest.status.ways import Ways

#: Seconds that a look at all devices is spread over.
LOOK_S = 8.0
#: Seconds between two notes that we live.
HEARTBEAT_S = 30.0
#: A heartbeat that is older means that we stood still (the machine slept).
LATE_NS = 90_000_000_000
#: Seconds between two slices where there is nothing to wait for.
PAUSE_S = 0.01
#: Seconds between two slices of rows of a downtime: 5000 rows a second.
PAST_PAUSE_S = 0.05
#: Seconds until a device is judged again that an uplink may have mended.
HURRIED_S = 1.0
#: Seconds until the store is asked again for values.
FILL_AGAIN_S = 10.0

_SECOND_NS = 1_000_000_000
_MENDED_BY_AN_UPLINK = frozenset({"silent", "gateway_down", "pipeline_down", "commissioning"})


class StatusClock:
    """The state of every device. All methods are called on the event loop's thread.

    `sweep(now_ns)` does at once what `run` does in slices; to drive it by a clock of one's own, call it as
    often as that clock is moved (rows are due every `teller.TOLD_EVERY_S`), and `beat` where a downtime of
    ours is to be noticed. `by_state` counts the devices.
    """

    def __init__(
        self,
        intake: GroupIntake,
        store: Store | None,
        events: Events,
        state_dir: Path,
        now_ns: Callable[[], int] = time.time_ns,
        *,
        battery_percent: int = battery.LOW_PERCENT,
    ) -> None:
        self._intake = intake
        self._store = store
        self._events = events
        self._path = state_dir / downtimes.FILE_NAME
        self._now_ns = now_ns
        self._noted = downtimes.load(self._path) or _first_notes(intake)
        self._ways = Ways(intake, self._noted)
        self._judge = Judge(self._noted, self._ways, events)
        self._roster = Roster(intake, battery_percent)
        self._teller = Teller(intake, self._roster, self._noted, events)
        self.by_state = self._roster.by_state
        self._hurried: list[Known] = []
        self._bring: set[str] = set()  #: brokers that brought an uplink of any sensor since the start
        self._begun_ns = now_ns()
        self._minute_ns = _minute(now_ns())  #: of the newest rows of lots
        self._beaten = False

    # --- what others ask -----------------------------------------------------------------------------

    def state(self, device: str) -> State | None:
        """The state of a device as last judged; None where that has not happened yet."""
        known = self._roster.by_device.get(device)
        return None if known is None else known.state

    def states(self) -> dict[str, State]:
        """The state of every device that has been judged."""
        return {one.device.id: one.state for one in self._roster if one.state is not None}

    def quiet_s(self) -> dict[str, float]:
        """By broker, for how long none of its sensors has been heard although they should, or none ever.

        One that brings only sensors that are not registered, or that others bring sooner, is not quiet.
        """
        quiet = self._ways.quiet_ns(self._judge.heard | self._bring, self._begun_ns, self._now_ns())
        return {name: length_ns / _SECOND_NS for name, length_ns in quiet.items()}

    def answered(self, delivery: Delivery, verdict: Verdict) -> None:
        """A message is durable: its value may be the one to show, and its device may be well again."""
        if verdict.address and delivery.source not in self._bring and not on_gateway_topic(delivery.topic):
            self._bring.add(delivery.source)
        known = self._roster.of_key(verdict.key)
        if known is None:
            return
        if verdict.readings and (found := of_readings(verdict.readings, known.wanted)) is not None:
            known.headline = newer(known.headline, found, known.speaks.limit_ns)
        if (charge := battery.of_readings(verdict.readings, known.battery_limit)) is not None:
            known.battery = battery.newer(known.battery, charge)
        if known.told in _MENDED_BY_AN_UPLINK:
            self._hurried.append(known)

    # --- by a clock of one's own ---------------------------------------------------------------------

    def sweep(self, now_ns: int) -> None:
        """Look at all devices and lots once and put the rows that are due at this time into the intake."""
        self._ways.look(now_ns)
        for _ in self._look(lambda: now_ns):
            pass
        for _ in self._look_at_lots(now_ns):
            pass
        while self._teller.tell_past():
            pass

    def beat(self, now_ns: int) -> bytes:
        """Note that we live, what is down, and a downtime of ours where the last note is too old.

        The first call of a run takes any time since the last heartbeat for a downtime. Returns what is to be
        saved.
        """
        noted, last_ns = self._noted, self._noted.heartbeat_ns
        if now_ns < last_ns:
            self._teller.set_back(now_ns)
            downtimes.cut(noted, now_ns)
        late_ns = LATE_NS if self._beaten else 0
        if self._beaten and not 0 <= now_ns - last_ns <= LATE_NS:  # the clock was set, or we stood still
            self._begun_ns += now_ns - last_ns
        self._beaten = True
        if last_ns and now_ns - last_ns > late_ns:
            noted.ours = downtimes.with_span(noted.ours, last_ns, now_ns)
            noted.ahead = past.ahead(noted.ahead, now_ns)
            if now_ns - last_ns > past.TOLD_NS:
                noted.untold.append((last_ns, now_ns))
                self._events.was_down(last_ns, now_ns)
        self._ways.note(now_ns)
        noted.heartbeat_ns = now_ns
        return downtimes.encode(noted)

    def close(self, now_ns: int) -> None:
        """Note that we end, and what is down just now; blocks for a moment."""
        content = self.beat(now_ns)
        try:
            replace_file(self._path, content)
        except OSError as error:
            self._events.heartbeat_failed(error)

    # --- one look ------------------------------------------------------------------------------------

    def _look(self, now_ns: Callable[[], int]) -> Iterator[None]:
        """One look, a pause after each slice; it ends early when the registry changes."""
        registry, roster = self._intake.registry, self._roster
        roster.open(registry)
        signs, devices, found = Signs(), list(registry.devices.values()), list[Known]()
        for begin in range(0, len(devices), SLICE):
            if self._intake.registry is not registry:
                return
            found += roster.observe(devices[begin : begin + SLICE], signs, now_ns())
            yield
        roster.forget_others(found)
        yield from self._judge.weigh(signs, registry, now_ns())
        for begin in range(0, len(found), SLICE):
            if self._intake.registry is not registry:
                return
            when_ns = now_ns()
            self._teller.tell(self._judge.judge(found[begin : begin + SLICE], registry, when_ns), when_ns)
            yield
        yield from self._teller.tell_over(found, now_ns())

    # --- between two looks ---------------------------------------------------------------------------

    def _judge_hurried(self, now_ns: int) -> None:
        """Those that an uplink may have mended; at most a slice, the others wait for the next look."""
        hurried, self._hurried = dict.fromkeys(self._hurried[:SLICE]), []
        due = [known for known in hurried if self._roster.observe_again(known)]
        self._ways.forget()
        self._teller.tell(self._judge.judge(due, self._intake.registry, now_ns), now_ns)

    def _look_at_lots(self, now_ns: int) -> Iterator[None]:
        """The rows of the lots, if a full minute has come since the last ones."""
        minute_ns = _minute(now_ns)
        if minute_ns == self._minute_ns:  # an earlier one is told too: the clock was set back
            return
        lots, found = Lots(), list(self._roster)
        for begin in range(0, len(found), SLICE):
            for known in found[begin : begin + SLICE]:
                if known.is_bay and known.device.lot is not None:
                    lots.add(known, self._roster.memory(known))
            yield
        lines = list(lots.rows(minute_ns))
        if not lines or self._intake.try_add(lines):
            self._minute_ns = minute_ns
            self._events.status_told(len(lines))

    # --- the tasks -----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Beat, look, tell; returns only when cancelled. A fault of ours costs one look."""
        await self._beat_once()
        await self._look_once(PAUSE_S)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat_forever(), name="heartbeat")
            tasks.create_task(self._look_forever(), name="looks")
            tasks.create_task(self._look_at_lots_forever(), name="lots")
            tasks.create_task(self._tell_past_forever(), name="past")
            tasks.create_task(self._fill(), name="headlines")

    async def _beat_once(self) -> None:
        content = self.beat(self._now_ns())
        try:
            await asyncio.to_thread(replace_file, self._path, content)
        except OSError as error:
            self._events.heartbeat_failed(error)

    async def _beat_forever(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            await self._beat_once()

    async def _look_forever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            end = loop.time() + LOOK_S
            await self._look_once(LOOK_S / (2 * (len(self._roster) // SLICE + 1) + 1))
            await self._rest(max(PAUSE_S, end - loop.time()))

    async def _look_once(self, pause_s: float) -> None:
        try:
            for _ in self._look(self._now_ns):
                await self._rest(pause_s)
        except Exception as error:  # noqa: BLE001  the stream must go on; it is in the log
            self._events.status_failed(error)

    async def _rest(self, seconds: float) -> None:
        """Give others their turn for so long, and look meanwhile at what an uplink may have mended."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            await asyncio.sleep(min(left, HURRIED_S))
            now_ns = self._now_ns()
            try:
                self._ways.look(now_ns)
                if self._hurried:
                    self._judge_hurried(now_ns)
            except Exception as error:  # noqa: BLE001  the stream must go on; it is in the log
                self._events.status_failed(error)

    async def _look_at_lots_forever(self) -> None:
        while True:
            now_ns = self._now_ns()
            left_s = (MINUTE_NS - now_ns % MINUTE_NS) / _SECOND_NS
            waiting = self._minute_ns != _minute(now_ns)  # there was no room for this one
            await asyncio.sleep(min(left_s, HURRIED_S) if waiting else left_s)
            try:
                for _ in self._look_at_lots(self._now_ns()):
                    await asyncio.sleep(PAUSE_S)
            except Exception as error:  # noqa: BLE001  the stream must go on; it is in the log
                self._events.status_failed(error)

    async def _tell_past_forever(self) -> None:
        while True:
            taken = False
            try:
                taken = self._teller.tell_past()
            except Exception as error:  # noqa: BLE001  it costs the rows of this downtime only
                self._events.status_failed(error)
                self._teller.give_up_past()
            await asyncio.sleep(PAST_PAUSE_S if taken else HURRIED_S)

    async def _fill(self) -> None:
        while self._store is not None and len(self._roster) <= filled.MOST_DEVICES:
            try:
                await filled.fill(self._roster.by_device, self._store, self._now_ns())
            except StoreUnavailable:
                await asyncio.sleep(FILL_AGAIN_S)
            except Exception as error:  # noqa: BLE001  uplinks bring values too
                self._events.status_failed(error)
                break
            else:  # the rows of the start showed nothing yet
                self._teller.tell_again(
                    one for one in self._roster if one.headline is not None or one.battery is not None
                )
                break


def _minute(now_ns: int) -> int:
    return now_ns - now_ns % MINUTE_NS


def _first_notes(intake: GroupIntake) -> Downtimes:
    """Where nothing was noted yet: we lived when the newest uplink came."""
    return Downtimes(heartbeat_ns=max((one.seen_ns for one in intake.states.values()), default=0))
