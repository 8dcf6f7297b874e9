"""The clock that judges every device now and then, beside the stream and without holding it up.

A look at all devices has two passes: the first gathers from their memory who heard whom and when, the second
judges each device and puts its row into the intake where one is due. Both go in slices of `SLICE` devices,
which are spread over `LOOK_S`; nothing is kept waiting for longer than one slice.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from devices import status
from devices.device import Device
from devices.outage import NEVER, Stopped
from devices.registry import Registry
from devices.status import State
from ingest.events import Events
from ingest.intake import GroupIntake
from ingest.pipeline import Verdict
from ingest.seams import Delivery, Store, StoreUnavailable
from ingest.status import battery, downtimes, filled, past
from ingest.status.brokers import BrokerEvents, Brokers
from ingest.status.downtimes import Downtimes
from ingest.status.gateways import GatewayEvents, Gateways, Signs
from ingest.status.headline import newer, of_readings
from ingest.status.known import Kinds, Known, learn
from ingest.status.lots import MINUTE_NS, Lots
from ingest.status.rows import row, shown
from ingest.status.ways import Ways

#: Seconds that a look at all devices is spread over.
LOOK_S = 8.0
#: Devices of one slice: less than a millisecond, 2.5 where every one of them gets a row (measured).
SLICE = 250
#: A device's row is written anew in each turn of so many seconds, which begin at other times for other
#: devices, so that many rows come in no burst. With the time that a look takes it stays below 300 s.
TOLD_EVERY_S = 285
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
    often as that clock is moved (rows are due every `TOLD_EVERY_S`), and `beat` where a downtime of ours is
    to be noticed. `by_state` counts the devices.
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
        self.by_state: Counter[str] = Counter()
        self._intake = intake
        self._store = store
        self._events = events
        self._path = state_dir / downtimes.FILE_NAME
        self._now_ns = now_ns
        self._noted = downtimes.load(self._path) or _first_notes(intake)
        self._ways = Ways(intake, self._noted)
        self._gateways = Gateways(self._noted, GatewayEvents(events.gateway_down, events.gateway_back))
        self._brokers = Brokers(self._noted, BrokerEvents(events.sensors_cut_off, events.sensors_back))
        self._signs = Signs()
        self._begun_ns = now_ns()
        self._known: dict[str, Known] = {}  #: by device
        self._by_key: dict[str, Known] = {}  #: by the key of their memory
        self._names: dict[str, str] = {}  #: registered gateways, by the id that uplinks name
        self._registry: Registry | None = None  #: that of the last look
        self._battery_percent = battery_percent
        self._kinds = Kinds(battery_percent)
        self._hurried: list[Known] = []
        self._minute_ns = _minute(now_ns())  #: of the newest rows of lots
        self._beaten = False
        self._past: Iterator[list[bytes]] | None = None  #: rows of a downtime of ours
        self._past_lines: list[bytes] | None = None  #: those that found no room

    # --- what others ask -----------------------------------------------------------------------------

    def state(self, device: str) -> State | None:
        """The state of a device as last judged; None where that has not happened yet."""
        known = self._known.get(device)
        return None if known is None else known.state

    def states(self) -> dict[str, State]:
        """The state of every device that has been judged."""
        return {name: known.state for name, known in self._known.items() if known.state is not None}

    def quiet_s(self) -> dict[str, float]:
        """By broker, for how long none of its sensors has been heard although they should, or none ever."""
        quiet = self._ways.quiet_ns(self._signs.heard_ns, self._begun_ns, self._now_ns())
        return {name: length_ns / _SECOND_NS for name, length_ns in quiet.items()}

    def answered(self, _delivery: Delivery, verdict: Verdict) -> None:
        """A message is durable: its value may be the one to show, and its device may be well again."""
        known = self._by_key.get(verdict.key)
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
        while self._tell_past():
            pass

    def beat(self, now_ns: int) -> bytes:
        """Note that we live, and a downtime of ours where the last note is too old.

        The first call of a run takes any time since the last heartbeat for a downtime. Returns what is to be
        saved.
        """
        noted, last_ns = self._noted, self._noted.heartbeat_ns
        if now_ns < last_ns:
            begun = noted.untold[:1] if self._past is not None else []
            noted.ahead = past.ahead([*noted.told, *begun, *noted.ahead], now_ns)
            noted.told = [span for span in noted.told if span[1] <= now_ns]
            downtimes.cut(noted, now_ns)
            self._past = self._past_lines = None  # what is left of it is told from its begin
        late_ns = LATE_NS if self._beaten else 0
        self._beaten = True
        if last_ns and now_ns - last_ns > late_ns:
            noted.ours = downtimes.with_span(noted.ours, last_ns, now_ns)
            noted.ahead = past.ahead(noted.ahead, now_ns)
            if now_ns - last_ns > past.TOLD_NS:
                noted.untold.append((last_ns, now_ns))
                self._events.was_down(last_ns, now_ns)
        noted.heartbeat_ns = now_ns
        return downtimes.encode(noted)

    def close(self, now_ns: int) -> None:
        """Note that we end, and what is down just now; blocks for a moment."""
        self._ways.close(now_ns)
        content = self.beat(now_ns)
        try:
            downtimes.save(self._path, content)
        except OSError as error:
            self._events.heartbeat_failed(error)

    # --- one look ------------------------------------------------------------------------------------

    def _look(self, now_ns: Callable[[], int]) -> Iterator[None]:
        """One look, a pause after each slice; it ends early when the registry changes."""
        registry = self._intake.registry
        if registry is not self._registry:
            self._registry, self._kinds = registry, Kinds(self._battery_percent)
        signs, devices, found = Signs(), list(registry.devices.values()), list[Known]()
        for begin in range(0, len(devices), SLICE):
            if self._intake.registry is not registry:
                return
            found += self._observe(devices[begin : begin + SLICE], signs, now_ns())
            yield
        self._forget(found)
        self._ways.forget()
        yield from self._brokers.judge(signs, found, registry, now_ns(), self._ways.brokers, self._stopped)
        self._ways.forget()
        yield from self._gateways.judge(signs, now_ns(), self._ways.stopped)
        self._ways.forget()
        self._signs = signs
        for begin in range(0, len(found), SLICE):
            if self._intake.registry is not registry:
                return
            self._judge(found[begin : begin + SLICE], now_ns())
            yield
        yield from self._tell_again(found, now_ns())

    def _observe(self, devices: Iterable[Device], signs: Signs, now_ns: int) -> list[Known]:
        """What the memory of some devices says of them and of their gateways."""
        found, states = [], self._intake.states
        for device in devices:
            known = self._known.get(device.id)
            if (
                known is None
                or known.device is not device
                or (known.changes_ns is not None and known.changes_ns <= now_ns)
            ):
                if not device.installations:  # a reload has let go of it
                    continue
                known = self._learn(learn(device, now_ns, self._kinds), known)
            found.append(known)
            memory = states.get(known.key)
            if memory is None or memory.seen_ns < (known.installation.begin_ns or 1):
                known.seen_ns, known.gateways = 0, ()
                continue
            known.seen_ns, known.source = memory.seen_ns, memory.source
            signs.note(known, memory)
            if known.is_gateway:
                signs.note_own(known, memory)
        return found

    def _learn(self, known: Known, before: Known | None) -> Known:
        if before is not None:
            known.take_over(before)
            self._let_go(before)
        self._known[known.device.id] = self._by_key[known.key] = known
        if known.is_gateway:
            self._names[known.installation.address] = known.device.id
        return known

    def _forget(self, found: Sequence[Known]) -> None:
        """Let go of devices that are registered no more."""
        if len(found) == len(self._known):
            return
        kept = {known.device.id for known in found}
        for name in self._known.keys() - kept:
            known = self._known.pop(name)
            self._let_go(known)
            if known.state is not None:
                self.by_state[known.state] -= 1

    def _let_go(self, known: Known) -> None:
        """Of its key and its address, unless another has taken them over."""
        if self._by_key.get(known.key) is known:
            del self._by_key[known.key]
        address = known.installation.address
        if self._names.get(address) == known.device.id:
            del self._names[address]

    def _judge(self, some: Iterable[Known], now_ns: int) -> None:
        """Judge some devices and tell of those whose row is due; without room it is due again next time."""
        turn_s = now_ns // _SECOND_NS
        brokers = ("", *self._ways.brokers)
        down = {
            of_sensors: {name: self._ways.is_down(name, now_ns, of_sensors=of_sensors) for name in brokers}
            for of_sensors in (False, True)
        }
        due: list[tuple[Known, int]] = []
        lines: list[bytes] = []
        for known in some:
            here = down[not known.is_gateway]
            state = self._state(known, now_ns, pipeline_down=here.get(known.source, here[""]))
            if state is not known.state:
                if known.state is not None:
                    self.by_state[known.state] -= 1
                self.by_state[state] += 1
                known.state = state
            turn = (turn_s + known.phase) // TOLD_EVERY_S
            if state is not known.told or turn != known.told_in:
                due.append((known, turn))
                lines.append(self._row(known, state, now_ns))
        if lines and self._intake.try_add(lines):
            for known, turn in due:
                known.told, known.told_in = known.state, turn
            self._events.status_told(len(lines))

    def _row(self, known: Known, state: State, time_ns: int) -> bytes:
        memory = self._intake.states.get(known.key) if known.seen_ns else None
        gateway, registered = self._gateway_of(known), self._is_behind_registered(known)
        return row(known, state, time_ns, shown(known, memory), gateway, registered=registered)

    def _tell_again(self, devices: Sequence[Known], now_ns: int) -> Iterator[None]:
        """Write over rows of a downtime that lay ahead and have come; without room the next look does it."""
        ahead = self._noted.ahead
        due = [at_ns for begin, end in ahead for at_ns in range(begin, min(end, now_ns + 1), past.EVERY_NS)]
        for at_ns in due:
            for begin in range(0, len(devices), SLICE):
                some = devices[begin : begin + SLICE]
                lines = [self._row(known, known.state, at_ns) for known in some if known.state is not None]
                if not self._intake.try_add(lines):
                    return
                self._events.status_told(len(lines))
                yield
        if due and self._noted.ahead is ahead:
            self._noted.ahead = past.ahead(ahead, now_ns + 1)

    def _state(self, known: Known, now_ns: int, *, pipeline_down: bool) -> State:
        registry, gateways = self._intake.registry, known.gateways
        stopped, witness_ns = NEVER, None
        if known.is_gateway and known.seen_ns:
            gateways = (known.installation.address,)
            if (sign := self._signs.gateways.get(gateways[0])) is not None:
                known.seen_ns = max(known.seen_ns, sign.last_ns)
        if known.seen_ns and now_ns - known.seen_ns > known.speaks.limit_ns:
            if known.is_gateway:
                stopped = self._ways.stopped(known.source, gateways)
            else:
                stopped, witness_ns = self._stopped(known), self._witness_ns(known)
        down = self._gateways.down
        state = status.state(
            now_ns,
            known.installation,
            known.seen_ns,
            known.speaks,
            follows=known.follows,
            maintenance=bool(registry.periods) and registry.in_period(known.device.id, now_ns) is not None,
            pipeline_down=pipeline_down,
            gateway_down=bool(gateways and down) and all(name in down for name in gateways),
            stopped=stopped,
            witness_ns=witness_ns,
        )
        return "gateway_down" if state == "silent" and known.is_gateway else state

    def _stopped(self, known: Known) -> Stopped:
        """The times in which the clock of a sensor stood still."""
        return self._ways.stopped(known.source, known.gateways, of_sensors=True)

    def _witness_ns(self, known: Known) -> int | None:
        """The newest sign of those whose silence may be the reason of the sensor's own."""
        signs = (
            self._signs.witness_ns(known.gateways),
            self._brokers.witness_ns(known.source, self._signs),
        )
        return min((one for one in signs if one is not None), default=None)

    def _gateway_of(self, known: Known) -> str | None:
        if known.is_gateway:
            return known.device.id
        if len(known.gateways) != 1:
            return None
        return self._names.get(known.gateways[0], known.gateways[0])

    def _is_behind_registered(self, known: Known) -> bool:
        """Whether one of its gateways has an alarm of its own."""
        return any(name in self._names for name in known.gateways)

    # --- between two looks ---------------------------------------------------------------------------

    def _judge_hurried(self, now_ns: int) -> None:
        """Those that an uplink may have mended; at most a slice, the others wait for the next look."""
        hurried, self._hurried = dict.fromkeys(self._hurried[:SLICE]), []
        due = []
        for known in hurried:
            memory = self._intake.states.get(known.key)
            if memory is not None and self._known.get(known.device.id) is known:
                known.seen_ns, known.source = memory.seen_ns, memory.source
                Signs().note(known, memory)
                due.append(known)
        self._ways.forget()
        self._judge(due, now_ns)

    def _look_at_lots(self, now_ns: int) -> Iterator[None]:
        """The rows of the lots, if a full minute has come since the last ones."""
        minute_ns = _minute(now_ns)
        if minute_ns == self._minute_ns:  # an earlier one is told too: the clock was set back
            return
        lots, found = Lots(), list(self._known.values())
        for begin in range(0, len(found), SLICE):
            for known in found[begin : begin + SLICE]:
                if known.is_bay and known.device.lot is not None:
                    lots.add(known, self._intake.states.get(known.key) if known.seen_ns else None)
            yield
        lines = list(lots.rows(minute_ns))
        if not lines or self._intake.try_add(lines):
            self._minute_ns = minute_ns
            self._events.status_told(len(lines))

    def _tell_past(self) -> bool:
        """Put the next rows of a downtime into the intake; false when that must wait, or none is left."""
        if self._past is None:
            if not self._noted.untold or not self._known:
                return False
            self._past = past.lines(
                self._noted.untold[0], list(self._known.values()), self._intake.registry, self._gateway_of
            )
        lines = self._past_lines or next(self._past, None)
        if lines is None:
            self._past = None
            noted = self._noted
            noted.told = [*noted.told, *noted.untold[:1]][-downtimes.TOLD :]
            del noted.untold[:1]
            for known in self._known.values():  # else the past would be the newest that was told
                known.told_in = -1
            return bool(self._noted.untold)
        taken = self._intake.try_add(lines)
        self._past_lines = None if taken else lines
        if taken:
            self._events.status_told(len(lines))
        return taken

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
            await asyncio.to_thread(downtimes.save, self._path, content)
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
            await self._look_once(LOOK_S / (2 * (len(self._known) // SLICE + 1) + 1))
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
                taken = self._tell_past()
            except Exception as error:  # noqa: BLE001  it costs the rows of this downtime only
                self._events.status_failed(error)
                self._past = self._past_lines = None
                del self._noted.untold[:1]
            await asyncio.sleep(PAST_PAUSE_S if taken else HURRIED_S)

    async def _fill(self) -> None:
        while self._store is not None and len(self._known) <= filled.MOST_DEVICES:
            try:
                await filled.fill(self._known, self._store, self._now_ns())
            except StoreUnavailable:
                await asyncio.sleep(FILL_AGAIN_S)
            except Exception as error:  # noqa: BLE001  uplinks bring values too
                self._events.status_failed(error)
                break
            else:
                for known in self._known.values():
                    if known.headline is not None or known.battery is not None:
                        known.told_in = -1  # its row of the start showed nothing yet
                break


def _minute(now_ns: int) -> int:
    return now_ns - now_ns % MINUTE_NS


def _first_notes(intake: GroupIntake) -> Downtimes:
    """Where nothing was noted yet: we lived when the newest uplink came."""
    return Downtimes(heartbeat_ns=max((one.seen_ns for one in intake.states.values()), default=0))
