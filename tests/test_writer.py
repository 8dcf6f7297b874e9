"""From the spool to the store: what is written, what is refused, what waits, and what is said about it."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import settings
from ingest.group import DeadLetter, Group
from ingest.seams import RefusedLine, StoreUnavailable
from ingest.spool import DeadFilter, Spool, SpoolBusy, open_spool
from ingest.writer import BACK_OFF_S, BATCH_LINES, LINGER_S, RETRY_AFTER_S, Writer
from tests.fakes.store import Answer, FakeStore
from tests.servers.process import DEADLINE_S


@dataclass
class Recorded:
    """The events of a writer."""

    written_lines: int = 0
    letters: list[DeadLetter] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    recoveries: int = 0
    gave_way: Counter[str] = field(default_factory=Counter)

    def written(self, lines: int, took_s: float) -> None:
        assert took_s >= 0
        self.written_lines += lines

    def dead(self, letters: Sequence[DeadLetter]) -> None:
        self.letters += letters

    def kept_dropped(self, dropped: Mapping[str, int]) -> None:
        self.gave_way.update(dropped)

    def unavailable(self, message: str, took_s: float) -> None:
        assert took_s >= 0
        self.troubles.append(message)

    def recovered(self, waited_s: float) -> None:
        assert waited_s >= 0
        self.recoveries += 1


class Clock:
    """Sleeps no time at all, and knows how long it was meant to."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.lingered = 0

    async def sleep(self, seconds: float) -> None:
        if seconds == LINGER_S:
            self.lingered += 1
        else:
            self.pauses.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Desk:
    """A writer between a real spool and a scripted store."""

    spool: Spool
    store: FakeStore
    events: Recorded = field(default_factory=Recorded)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.writer = Writer(self.spool, self.store, self.events, sleep=self.clock.sleep)

    async def commit(self, *lines: bytes) -> None:
        await self.spool.commit(Group(lines=list(lines)))
        self.writer.wake()

    async def until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not is_so():
            assert time.monotonic() < deadline
            await asyncio.sleep(0.001)

    async def emptied(self) -> None:
        await self.until(lambda: self.spool.waiting_lines == 0 and not self.writer.trouble)


def at(desk: Desk, work: Callable[[], Awaitable[None]]) -> None:
    """Runs `work` while the writer writes."""

    async def run() -> None:
        writing = asyncio.create_task(desk.writer.run())
        try:
            await work()
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    asyncio.run(run())


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    opened = open_spool(tmp_path / "state", settings.Spool())
    yield opened
    opened.close()


def desk_with(spool: Spool, *answers: Answer) -> Desk:
    return Desk(spool, FakeStore(*answers))


def line(number: int, device: str = "luft-1") -> bytes:
    return f"air_quality,device={device} pm10={number}.5 {number}".encode()


LINES = [line(number) for number in range(10)]


def test_lines_are_written_in_order_and_leave_the_spool(spool: Spool) -> None:
    desk = desk_with(spool)

    async def work() -> None:
        for each in LINES:
            await desk.commit(each)
        await desk.emptied()

    at(desk, work)
    assert desk.store.written == LINES
    assert desk.events.written_lines == len(LINES)


def test_lines_from_before_the_start_are_written_without_being_woken(spool: Spool) -> None:
    desk = desk_with(spool)

    async def work() -> None:
        await spool.commit(Group(lines=LINES))
        await desk.emptied()

    at(desk, work)
    assert desk.store.written == LINES


def test_small_groups_are_joined_and_a_long_backlog_is_cut(spool: Spool) -> None:
    desk = desk_with(spool)
    groups = [[line(number * 100 + n) for n in range(100)] for number in range(45)]

    async def fill() -> None:
        for group in groups:
            await spool.commit(Group(lines=group))

    asyncio.run(fill())
    at(desk, desk.emptied)
    assert [len(request) for request in desk.store.requests] == [BATCH_LINES, BATCH_LINES, 500]
    assert desk.clock.lingered == 2  # for the first and for the last, which is not full
    assert desk.store.written == [each for group in groups for each in group]


def test_refused_lines_become_dead_letters_with_the_stores_words(spool: Spool) -> None:
    desk = desk_with(spool, [RefusedLine(3, "field type conflict"), RefusedLine(7, "unable to parse")])
    lines = [*LINES[:7], b"garbage", *LINES[8:]]

    async def work() -> None:
        await desk.commit(*lines)
        await desk.emptied()

    at(desk, work)
    assert [(one.line, one.kind, one.reason, one.device) for one in desk.events.letters] == [
        (LINES[3], "refused", "field type conflict", "luft-1"),
        (b"garbage", "refused", "unable to parse", ""),
    ]
    assert desk.events.written_lines == len(lines) - 2
    assert spool.figures.dead_letters_rows == 2


def test_dead_letters_that_are_requeued_are_written(spool: Spool) -> None:
    desk = desk_with(spool, [RefusedLine(0, "not now")])

    async def work() -> None:
        await desk.commit(LINES[0])
        await desk.until(lambda: bool(desk.events.letters))
        assert await spool.requeue_dead(DeadFilter(), lambda _lines: None) == 1
        desk.writer.wake()
        await desk.emptied()

    at(desk, work)
    assert desk.store.written == [LINES[0]]


def test_what_the_store_cannot_take_now_is_written_later_and_once(spool: Spool) -> None:
    desk = desk_with(spool, *(StoreUnavailable("no answer") for _ in range(5)))

    async def work() -> None:
        await desk.commit(*LINES)
        await desk.emptied()

    at(desk, work)
    assert len(desk.store.requests) == 6
    assert desk.store.written == LINES
    assert len(desk.events.troubles) == 5
    assert desk.events.recoveries == 1
    assert desk.events.written_lines == len(LINES)


def test_pauses_grow_to_their_bound_and_differ(spool: Spool) -> None:
    desk = desk_with(spool, *(StoreUnavailable("no answer") for _ in range(40)))

    async def work() -> None:
        await desk.commit(*LINES)
        await desk.emptied()

    at(desk, work)
    first, longest = BACK_OFF_S
    assert first / 2 <= desk.clock.pauses[0] <= first
    assert all(longest / 2 <= pause <= longest for pause in desk.clock.pauses[10:])
    assert len(set(desk.clock.pauses)) == 40


@pytest.mark.parametrize(("said", "waited"), [(90.0, 90.0), (1e9, RETRY_AFTER_S)])
def test_retry_after_is_kept_within_reason(spool: Spool, said: float, waited: float) -> None:
    desk = desk_with(spool, StoreUnavailable("slow down", retry_after_s=said))

    async def work() -> None:
        await desk.commit(*LINES)
        await desk.emptied()

    at(desk, work)
    assert desk.clock.pauses == [waited]


@pytest.mark.parametrize(("held", "words"), [(True, "until somebody acts"), (False, "cannot take lines")])
def test_the_trouble_says_what_is_wrong_and_what_to_do(spool: Spool, held: bool, words: str) -> None:
    answer = StoreUnavailable("answered 401", hint="check influx.token_file", held=held)
    desk = desk_with(spool, *[answer] * 1000)

    async def work() -> None:
        await desk.commit(*LINES)
        await desk.until(lambda: bool(desk.writer.trouble))
        for part in (words, "answered 401", "check influx.token_file", "since 20"):
            assert part in desk.writer.trouble
        desk.store.answers.clear()
        await desk.emptied()

    at(desk, work)
    assert desk.writer.trouble == ""


def test_a_fault_of_ours_in_a_store_lets_the_lines_wait(spool: Spool) -> None:
    class Faulty(FakeStore):
        async def write(self, lines: Sequence[bytes]) -> Sequence[RefusedLine]:
            if len(self.requests) == 0:
                self.requests.append(list(lines))
                raise KeyError("results")
            return await super().write(lines)

    desk = Desk(spool, Faulty())

    async def work() -> None:
        await desk.commit(*LINES)
        await desk.emptied()

    at(desk, work)
    assert desk.store.written == LINES
    assert "KeyError" in desk.events.troubles[0]


def test_a_batch_tried_again_takes_along_what_came_meanwhile(spool: Spool) -> None:
    desk = desk_with(spool)
    desk.store.down = StoreUnavailable("refuses everything", held=True)

    async def work() -> None:
        await desk.commit(LINES[0])
        await desk.until(lambda: bool(desk.store.requests))
        await desk.commit(*LINES[1:])
        await desk.until(lambda: desk.store.requests[-1] == LINES)
        desk.store.down = None
        await desk.emptied()

    at(desk, work)
    assert desk.store.written == LINES


def test_a_disk_that_takes_nothing_is_asked_until_it_does(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_with(spool)
    settle = spool.settle
    seen: list[str] = []

    async def busy_first(*arguments: object) -> object:
        seen.append(desk.writer.trouble)
        if len(seen) < 4:
            raise SpoolBusy("the disk is full", hint="make room")
        return await settle(*arguments)  # type: ignore[arg-type]  # passed through as they came

    monkeypatch.setattr(spool, "settle", busy_first)

    async def work() -> None:
        await desk.commit(*LINES)
        await desk.emptied()

    at(desk, work)
    assert seen == ["", *["the disk is full: make room"] * 3]
    assert len(desk.store.requests) == 1
    assert desk.events.written_lines == len(LINES)


def test_room_is_made_known_after_each_batch(spool: Spool) -> None:
    desk = desk_with(spool)
    told: list[int] = []
    desk.writer.on_settled = lambda: told.append(spool.waiting_lines)

    async def work() -> None:
        await desk.commit(*LINES)
        await desk.emptied()

    at(desk, work)
    assert told == [0]


def test_dead_letters_that_gave_way_are_counted(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "state", settings.Spool(refusals_per_device=2))
    desk = desk_with(spool, [RefusedLine(number, "no") for number in range(5)])

    async def work() -> None:
        await desk.commit(*LINES)
        await desk.emptied()

    at(desk, work)
    spool.close()
    assert len(desk.events.letters) == 5
    assert desk.events.gave_way.total() == 3


def test_a_writer_killed_between_store_and_spool_writes_the_batch_again(spool: Spool) -> None:
    desk = desk_with(spool)

    async def settle_never() -> None:
        await spool.commit(Group(lines=LINES))
        waiting = await spool.read(BATCH_LINES, 1 << 20)
        assert waiting is not None
        await desk.store.write(waiting.lines)

    asyncio.run(settle_never())
    at(desk, desk.emptied)
    assert desk.store.written == LINES * 2


_ANSWERS = st.lists(
    st.one_of(
        st.none(),
        st.builds(StoreUnavailable, st.just("no"), held=st.booleans()),
        st.sets(st.integers(0, 9)).map(lambda gone: [RefusedLine(index, "no") for index in sorted(gone)]),
    ),
    max_size=8,
)


@given(answers=_ANSWERS)
def test_each_line_ends_written_or_dead_whatever_the_store_answers(
    answers: list[Answer], tmp_path_factory: pytest.TempPathFactory
) -> None:
    spool = open_spool(tmp_path_factory.mktemp("state"), settings.Spool())
    desk = desk_with(spool, *answers)

    async def work() -> None:
        await desk.commit(*LINES)
        await desk.emptied()

    try:
        at(desk, work)
        dead = [letter.line for letter in desk.events.letters]
        assert sorted([*desk.store.written, *dead]) == sorted(LINES)
        assert desk.events.written_lines + len(dead) == len(LINES)
    finally:
        spool.close()
