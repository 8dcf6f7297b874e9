"""From deliveries to group commits, and the one exit where every message is answered for.

A plain call from the client's callback to the batch: no task and no queue a message. What a drain of the
socket became is one group; one commit at most is under way, and the next group fills meanwhile. When the
commit returns, its messages are counted and acknowledged. A group that cannot be committed is tried again
as it is, never read again, so memory and disk cannot part.

What needs a JavaScript codec goes to its process one batch a drain, and the later uplinks of the same device
wait behind it, so that each device is judged in the order in which it was heard.
"""

import asyncio
import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from devices.duplicates import frame
from devices.registry import Registry
from devices.state import EMPTY, DeviceState
from devices.type import Script
from ingest import lns
from ingest.archive import Accepted, Archive, Archived
from ingest.events import Events
from ingest.frames import Frames
from ingest.group import Group, Kept, Touched
from ingest.line_protocol import series
from ingest.pipeline import PARTLY_REFUSED, Heard, Verdict, judge, read, script_job
from ingest.seams import Delivery, Outcome, ScriptJob, Scripts, Source
from ingest.spool import Spool, SpoolBusy

#: A group is closed this long after its first message ...
LINGER_S = 0.04
#: ... or at this many. Below Mosquitto's stock window of 20 unacknowledged messages, so that a full window
#: closes the group at once and the linger never limits the rate.
CLOSE_AT = 16
#: While a commit is under way the next group may grow to this; then deliveries are held.
GROUP_MESSAGES = 5000
GROUP_BYTES = 8 * 1024**2
#: Payload held unacknowledged before the sources are disconnected.
HELD_BYTES = 32 * 1024**2
#: Lines computed anew that go into one group.
REWRITTEN = 5000
#: Seconds between attempts to commit a group that the disk refused.
RETRY_S = (0.1, 0.5, 1.0, 2.0, 5.0)


H = TypeVar("H", Heard, Heard | Verdict)

_REFUSED = (Outcome.REJECTED, Outcome.QUARANTINED)


class _Answer(msgspec.Struct, frozen=True):
    delivery: Delivery
    verdict: Verdict


class _Batch(msgspec.Struct):
    """A group on its way to the disk, with everybody who waits for it."""

    group: Group = msgspec.field(default_factory=Group)
    answers: list[_Answer] = []
    replayed: list[_Answer] = []
    waiters: list[asyncio.Future[None]] = []
    size: int = 0

    def __bool__(self) -> bool:
        return bool(self.answers or self.replayed or self.waiters or self.group)


class GroupIntake:
    """The stateful half of the intake (an `ingest.seams.Intake`); `ingest.pipeline` is the pure one.

    All methods are called on the event loop's thread. `states` is the memory of every installation as of
    the newest message taken, committed or not; likewise `frames`, those stored last.
    """

    def __init__(
        self,
        registry: Registry,
        states: dict[str, DeviceState],
        frames: Frames,
        spool: Spool,
        events: Events,
        scripts: Scripts,
        archive: Archive,
        formats: Mapping[str, lns.Format] = lns.FORMATS,
    ) -> None:
        self.registry = registry
        self.states = states
        self.sources: Sequence[Source] = ()
        self.on_committed: Callable[[], None] = lambda: None
        self.on_answered: Callable[[Delivery, Verdict], None] = lambda _delivery, _verdict: None
        self.one_replay = asyncio.Lock()  #: two at once would judge the same rows, and out of order
        self.trouble = ""  #: why nothing can be committed, for `/readyz`
        self.paused = False  #: whether the sources were sent away for want of room
        self._frames = frames
        self._spool = spool
        self._events = events
        self._scripts = scripts
        self._formats = formats
        self._archive = archive
        self._open = _Batch()
        self._committing = _Batch()
        self._held: deque[Delivery] = deque()
        self._held_bytes = 0
        self._waiting: dict[str, list[tuple[Delivery, Heard]]] = {}  #: by address: for a replay or recompute
        self._replaying: set[str] = set()
        self._recomputing: set[str] = set()
        self._undecoded: list[tuple[Delivery, Heard]] = []
        self._first: list[tuple[Delivery, Heard]] = []  #: likewise, but before all that is being decoded
        self._decoding: list[tuple[Delivery, Heard]] = []
        self._decode_due = asyncio.Event()
        self._decode_waiters: list[asyncio.Future[None]] = []
        self._behind: Counter[str] = Counter()  #: by address, of these three lists
        self._due = asyncio.Event()
        self._linger: asyncio.TimerHandle | None = None

    @property
    def in_flight(self) -> int:
        """Messages received and not yet answered for, counted where they lie."""
        return (
            len(self._open.answers)
            + len(self._committing.answers)
            + len(self._held)
            + len(self._undecoded)
            + len(self._first)
            + len(self._decoding)
            + sum(map(len, self._waiting.values()))
        )

    @property
    def held_bytes(self) -> int:
        """Payload bytes held unacknowledged, at most `HELD_BYTES`."""
        return self._held_bytes

    @property
    def stuck(self) -> bool:
        """Whether nothing more can be taken: the disk refuses it, or the store does and the spool is full."""
        return bool(self.trouble) or self._spool.full

    # --- what a source calls -------------------------------------------------------------------------

    def on_delivery(self, delivery: Delivery) -> None:
        """Take one message, or hold it while there is no room for what it becomes."""
        if self._held or not self._has_room():
            self._hold(delivery)
        else:
            self._events.received(delivery)
            self._take(delivery)

    def on_drained(self) -> None:
        """Nothing: the group closes by count or time, which batches better than every drain."""

    def on_dropped(self, source: str, qos: int) -> None:
        """Count a QoS 0 message that could not even be held."""
        self._events.dropped(source, qos)

    # --- holding ---------------------------------------------------------------------------------------

    def _has_room(self) -> bool:
        return (
            not self._spool.full
            and len(self._open.answers) < GROUP_MESSAGES
            and self._open.size < GROUP_BYTES
            and self._held_bytes < HELD_BYTES
        )

    def _hold(self, delivery: Delivery) -> None:
        size = len(delivery.payload)
        if self._held_bytes + size > HELD_BYTES:
            self._send_away(delivery)
            return
        self._events.received(delivery)
        self._held.append(delivery)
        self._held_bytes += size
        self._due.set()

    def _send_away(self, delivery: Delivery) -> None:
        """No room at all: at QoS 1 the broker keeps the message for our return, at QoS 0 nobody does."""
        if delivery.qos == 0:
            self.on_dropped(delivery.source, delivery.qos)
        if not self.paused:
            self.paused = True
            self._events.paused(self._held_bytes, self._spool.waiting_bytes)
            for source in self.sources:
                source.pause()

    def _take_held(self) -> None:
        while self._held and self._has_room():
            delivery = self._held.popleft()
            self._held_bytes -= len(delivery.payload)
            self._take(delivery)
        if self.paused and not self._held and self._has_room():
            self.paused = False
            self._events.resumed()
            for source in self.sources:
                source.resume()

    def on_room(self) -> None:
        """The writer took lines off the disk: held messages may go on."""
        if self._held or self.paused:
            self._take_held()

    # --- one message -----------------------------------------------------------------------------------

    def _take(self, delivery: Delivery) -> None:
        heard = self._guarded_read(delivery)
        if isinstance(heard, Verdict):
            self._book(delivery, heard)
        else:
            self._take_heard(delivery, heard)

    def _take_heard(self, delivery: Delivery, heard: Heard) -> None:
        if heard.uplink.address in self._behind or self._job(heard) is not None:
            self._decode_later(delivery, heard)
        else:
            self._book_heard(delivery, heard)

    def _book_heard(self, delivery: Delivery, heard: Heard) -> None:
        waiting = self._waiting.get(heard.uplink.address)
        if waiting is None:
            self._book(delivery, self._guarded_judge(delivery, heard))
        else:
            waiting.append((delivery, heard))
            self._held_bytes += len(delivery.payload)

    def _guarded_read(self, delivery: Delivery) -> Heard | Verdict:
        try:
            return read(delivery, self._formats)
        except Exception as error:  # noqa: BLE001  a fault of ours costs this message alone, and it is kept
            return self._our_fault(delivery, error)

    def _guarded_judge(self, delivery: Delivery, heard: Heard) -> Verdict:
        try:
            return judge(heard, self.registry, self.states, self._frames)
        except Exception as error:  # noqa: BLE001  a fault of ours costs this message alone, and it is kept
            return self._our_fault(delivery, error, heard)

    def _our_fault(self, delivery: Delivery, error: Exception, heard: Heard | None = None) -> Verdict:
        self._events.internal_error(delivery, error)
        detail = f"Messnetz failed on it ({type(error).__name__}: {error}); replay it after an update"
        return Verdict(
            Outcome.REJECTED,
            "internal_error",
            detail,
            address=heard.uplink.address if heard else "",
            time_ns=heard.uplink.time_ns if heard else delivery.arrival_ns,
        )

    def _book(self, delivery: Delivery, verdict: Verdict) -> None:
        batch = self._open
        batch.answers.append(_Answer(delivery, verdict))
        if verdict.outcome in _REFUSED or verdict.dead:
            batch.group.kept.append(_keep(delivery, verdict))
            batch.size += len(delivery.payload)
        self._book_verdict(verdict)

    def _book_verdict(self, verdict: Verdict) -> None:
        batch = self._open
        group = batch.group
        if verdict.lines:
            group.lines.extend(verdict.lines)
            batch.size += sum(map(len, verdict.lines))
        if verdict.dead:
            group.dead.extend(verdict.dead)
        if verdict.complaints:
            self._events.values_unreadable(verdict.key, verdict.complaints)
        if verdict.state is not None:
            self.states[verdict.key] = group.states[verdict.key] = verdict.state
        if verdict.outcome is Outcome.STORED and verdict.uplink is not None:
            stored = frame(verdict.key, verdict.uplink)
            self._frames.add(stored)
            group.frames.append(stored)
        self._schedule()

    def _schedule(self) -> None:
        if len(self._open.answers) >= CLOSE_AT:
            self._due.set()
        elif self._linger is None:
            self._linger = asyncio.get_running_loop().call_later(LINGER_S, self._due.set)

    # --- JavaScript codecs ---------------------------------------------------------------------------------

    def _job(self, heard: Heard | Verdict) -> ScriptJob | None:
        if isinstance(heard, Verdict):
            return None
        return script_job(heard, self.registry, self.states, self._frames)

    def _decode_later(self, delivery: Delivery, heard: Heard) -> None:
        self._undecoded.append((delivery, heard))
        self._behind[heard.uplink.address] += 1
        self._held_bytes += len(delivery.payload)
        self._decode_due.set()

    async def _decode_batches(self) -> None:
        while True:
            await self._decode_due.wait()
            self._decode_due.clear()
            while self._first or self._undecoded or self._decode_waiters:
                await self._decode_batch()

    async def _decode_batch(self) -> None:
        batch = self._decoding = self._first + self._undecoded
        self._first, self._undecoded = [], []
        waiters, self._decode_waiters = self._decode_waiters, []
        asked = [self._job(heard) for _, heard in batch]
        answers = await self.run_scripts([heard for _, heard in batch], asked)
        self._decoding = []
        again: list[tuple[Delivery, Heard]] = []  # the registry has changed meanwhile
        stale = {heard.uplink.address for _, heard in self._first}
        for (delivery, heard), job, answer in zip(batch, asked, answers, strict=True):
            address = heard.uplink.address
            if address in stale or _script(self._job(heard)) is not _script(job):
                stale.add(address)
                again.append((delivery, heard))
                continue
            self._held_bytes -= len(delivery.payload)
            self._behind[address] -= 1
            if not self._behind[address]:
                del self._behind[address]
            self._book_heard(delivery, answer)
        self._undecoded[:0] = again
        if again:
            self._decode_waiters[:0] = waiters
        else:
            _release(waiters)

    async def run_scripts(self, heard: Sequence[H], jobs: Sequence[ScriptJob | None]) -> list[H]:
        """The same uplinks, each with the answer to its job where it has one."""
        asked = [job for job in jobs if job is not None]
        if not asked:
            return list(heard)
        said = iter(await self._scripts.decode(asked))
        return [
            one if job is None else msgspec.structs.replace(one, decoded=next(said))
            for one, job in zip(heard, jobs, strict=True)
        ]

    # --- replay ----------------------------------------------------------------------------------------

    def adopt(self, registry: Registry, addresses: Iterable[str]) -> None:
        """Use a new registry from here on; live uplinks of `addresses` wait until `finish_replay`."""
        self.registry = registry
        for address in addresses:
            self._replaying.add(address)
            self._waiting.setdefault(address, [])

    async def read_again(self, rows: Sequence[Kept]) -> list[Heard | Verdict]:
        """What kept messages say, their JavaScript codecs asked, for `replay`."""
        heard = [self._read_kept(row) for row in rows]
        return await self.run_scripts(heard, [self._job(one) for one in heard])

    def _read_kept(self, row: Kept) -> Heard | Verdict:
        heard = self._guarded_read(_delivery(row))
        if row.reason == PARTLY_REFUSED and isinstance(heard, Heard):
            return msgspec.structs.replace(heard, again=True)
        return heard

    def replay(self, row: Kept, heard: Heard | Verdict) -> Verdict:
        """Judge a kept message again; what it becomes and the end of its row are one transaction."""
        delivery = _delivery(row)
        if isinstance(heard, Heard) and heard.again:
            return self._replay_rest(row, delivery, heard)
        verdict = heard if isinstance(heard, Verdict) else self._guarded_judge(delivery, heard)
        again_refused = verdict.outcome in _REFUSED
        if again_refused and (verdict.outcome.value, verdict.reason) == (row.outcome, row.reason):
            return verdict
        if again_refused or verdict.dead:
            self._open.group.kept.append(_keep(delivery, verdict))
        self._open.group.released.append(row.id)
        self._open.replayed.append(_Answer(delivery, verdict))
        self._book_verdict(verdict)
        return verdict

    def _replay_rest(self, row: Kept, delivery: Delivery, heard: Heard) -> Verdict:
        """Write the readings that were refused when the rest of their message was stored.

        Never that rest again: what it counted depends on what was known then.
        """
        verdict = self._guarded_judge(delivery, heard)
        before = set(row.written.split("\n"))
        lines = tuple(line for line in verdict.lines if series(line) not in before)
        if not lines or verdict.outcome is not Outcome.STORED:
            return Verdict(Outcome.REJECTED, row.reason, row.detail, row.address, row.time_ns)
        rest = msgspec.structs.replace(verdict, lines=lines, dead=())
        if verdict.dead:
            written = "\n".join([row.written, *map(series, lines)])
            self._open.group.kept.append(msgspec.structs.replace(row, id=0, written=written))
        self._open.group.released.append(row.id)
        self._open.replayed.append(_Answer(delivery, rest))
        self._book_verdict(rest)
        return rest

    def finish_replay(self, addresses: Iterable[str]) -> None:
        """Let live uplinks of these addresses go on, first those that waited."""
        for address in addresses:
            self._replaying.discard(address)
            if address not in self._recomputing:
                self._let_on(address)
        self._due.set()  # held messages may have waited for this room

    def _let_on(self, address: str) -> None:
        """First those that waited, then the later ones that are at their codec already."""
        waited = self._waiting.pop(address, [])
        ready = list(itertools.takewhile(lambda one: self._job(one[1]) is None, waited))
        for delivery, heard in ready:
            self._held_bytes -= len(delivery.payload)
            self._book_heard(delivery, heard)
        if undecoded := waited[len(ready) :]:  # the registry has changed meanwhile
            self._first += undecoded
            self._behind[address] += len(undecoded)
            self._decode_due.set()

    # --- recompute -------------------------------------------------------------------------------------

    def hold(self, addresses: Iterable[str]) -> None:
        """Let live uplinks of these addresses wait until `release`."""
        for address in addresses:
            self._recomputing.add(address)
            self._waiting.setdefault(address, [])

    def release(self, addresses: Iterable[str]) -> None:
        """Let live uplinks of these addresses go on, unless a replay still holds them."""
        for address in addresses:
            self._recomputing.discard(address)
            if address not in self._replaying:
                self._let_on(address)
        self._due.set()  # held messages may have waited for this room

    def try_add(self, lines: Sequence[bytes]) -> bool:
        """Take lines of our own making (states, finished hours) into the next group, if there is room.

        False, and nothing taken, while deliveries find none either: what comes by clock must not push out
        what came from the street. Returns before the lines are durable; `flush` waits for that.
        """
        if not self._has_room() or len(self._open.group.lines) >= REWRITTEN:
            return False
        self._open.group.lines.extend(lines)
        self._open.size += sum(map(len, lines))
        self._schedule()
        return True

    async def rewrite(
        self,
        lines: Sequence[bytes],
        states: Mapping[str, DeviceState],
        touched: Sequence[Touched] = (),
    ) -> None:
        """Commit lines that were computed anew, and the memory they leave where that is as new as ours.

        `touched` are the times from which rows were removed, with or without others in their place.
        """
        self._open.group.touched.extend(touched)
        for key, state in states.items():
            if state.seen_ns >= self.states.get(key, EMPTY).seen_ns:
                self.states[key] = self._open.group.states[key] = state
        for begin in range(0, max(1, len(lines)), REWRITTEN):
            self._open.group.lines.extend(lines[begin : begin + REWRITTEN])
            await self.flush()

    def rewrite_states(self) -> None:
        """Write the memory of every installation and of frames again, after the spool was begun anew."""
        self._open.group.states = self.states | self._open.group.states
        self._open.group.frames = list(self._frames)
        self._due.set()

    # --- group commit ------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Commit groups one after another; returns only when cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._decode_batches(), name="scripts")
            tasks.create_task(self._commit_groups(), name="commits")

    async def _commit_groups(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            while self._open:
                await self._commit_open()
                if len(self._open.answers) < CLOSE_AT and not self._open.waiters:
                    break
            self._take_held()

    async def flush(self) -> None:
        """Return when everything taken so far is durable and answered for."""
        loop = asyncio.get_running_loop()
        if self._behind:
            decoded = loop.create_future()
            self._decode_waiters.append(decoded)
            self._decode_due.set()
            await decoded
        done = loop.create_future()
        self._open.waiters.append(done)
        self._due.set()
        await done

    async def _commit_open(self) -> None:
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None
        self._committing, self._open = self._open, _Batch()
        if self._committing.group:
            await self._commit(self._committing.group)
        # Not beside the commit: of a frame that is archived and was never committed, a recompute would make a
        # stored one. What a kill leaves out here is archived when the broker sends it again.
        self._archive.begin(_accepted(self._committing))
        await self._archive.finish()
        batch, self._committing = self._committing, _Batch()
        for answer in batch.answers:
            self._events.settled(answer.delivery, answer.verdict)
            answer.delivery.settle(answer.verdict.outcome)
            self.on_answered(answer.delivery, answer.verdict)
        for answer in batch.replayed:
            self._events.replayed(answer.verdict)
        _release(batch.waiters)
        self.on_committed()
        if self._open:
            self._schedule()

    async def _commit(self, group: Group) -> None:
        for attempt in itertools.count():
            try:
                committed = await self._spool.commit(group)
            except SpoolBusy as error:
                self.trouble = f"{error}" + (f" ({error.hint})" if error.hint else "")
                self._events.commit_failed(error)
                await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            else:
                self.trouble = ""
                self._events.committed(group, committed)
                return


def _keep(delivery: Delivery, verdict: Verdict) -> Kept:
    outcome = Outcome.REJECTED if verdict.outcome is Outcome.STORED else verdict.outcome
    return Kept(
        outcome.value,
        verdict.reason,
        verdict.detail,
        delivery.source,
        delivery.format,
        delivery.topic,
        verdict.address,
        delivery.arrival_ns,
        verdict.time_ns,
        delivery.payload,
        written="\n".join(map(series, verdict.lines)) if verdict.dead else "",
    )


def _accepted(batch: _Batch) -> list[Accepted]:
    """What registered devices said; what came twice once, unless the end of our process came between."""
    return [
        Accepted(
            Archived(verdict.uplink, answer.delivery.arrival_ns),
            verdict.key.rpartition("|")[0],
            len(answer.delivery.payload),
        )
        for answer in (*batch.answers, *batch.replayed)
        if (verdict := answer.verdict).key
        and verdict.uplink is not None
        and (verdict.outcome is not Outcome.DUPLICATE or verdict.lines or answer.delivery.redelivered)
    ]


def _delivery(row: Kept) -> Delivery:
    return Delivery(
        row.source, row.format, row.topic, row.payload, row.arrival_ns, 1, False, False, 0, _nobody_waits
    )


def _script(job: ScriptJob | None) -> Script | None:
    return None if job is None else job.script


def _release(waiters: Iterable["asyncio.Future[None]"]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)


def _nobody_waits(_outcome: Outcome) -> None:
    """A replayed message was answered for when it first came."""
