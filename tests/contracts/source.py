"""What every `Source` does: `CHECKS`, each run by `tests/test_source.py` on the fake and the real ones."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

import uvloop

from ingest.seams import Delivery, Intake, Outcome, Source

TOPIC = "application/1/device/70b3d57ba0000a1c/event/up"
DEADLINE_S = 60.0
LOOPS = (asyncio.new_event_loop, uvloop.new_event_loop)


class Rig(Protocol):
    """An implementation under test with its broker, which keeps one session and queues for it."""

    def source(self, intake: Intake) -> Source:
        """A new source for the same session."""
        ...

    async def publish(self, payload: bytes, *, qos: int = 1, retained: bool = False) -> None:
        """Publish to `TOPIC`; returns when the broker has it."""
        ...

    def acknowledged(self) -> int:
        """How many acknowledgements the broker has seen."""
        ...

    def cut(self) -> None:
        """Break the connection without a goodbye; the source comes back by itself."""
        ...


class Recorder:
    """An intake that keeps what it is given. `on_each` is called with each delivery, after it was kept."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.undrained = 0
        self.on_each: Callable[[Delivery], None] = lambda _delivery: None

    def on_delivery(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        self.undrained += 1
        self.on_each(delivery)

    def on_drained(self) -> None:
        self.undrained = 0

    def on_dropped(self, source: str, qos: int) -> None:
        raise AssertionError(f"{source} dropped a message of QoS {qos}")

    @property
    def payloads(self) -> list[bytes]:
        return [delivery.payload for delivery in self.deliveries]

    async def receives(self, *payloads: bytes) -> list[Delivery]:
        """Wait for exactly these, drained; hand them over and begin anew."""
        await eventually(lambda: len(self.deliveries) >= len(payloads) and not self.undrained)
        assert self.payloads == list(payloads)
        taken, self.deliveries = self.deliveries, []
        return taken


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until it is so; a generous deadline."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110  the condition may lie in another process
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def running(source: Source, *, connected: bool = True) -> AsyncIterator[Source]:
    """Run a source for the length of the block, by default from when its subscription stands."""
    task = asyncio.create_task(source.run())
    try:
        if connected:
            await eventually(lambda: source.connected)
        yield source
        assert not task.done(), "run() returns only when cancelled"
    finally:
        task.cancel()
        await asyncio.wait([task])


def settle(*deliveries: Delivery) -> None:
    for delivery in deliveries:
        delivery.settle(Outcome.STORED)


async def delivers_in_order_and_says_when_the_socket_is_drained(rig: Rig) -> None:
    intake = Recorder()
    async with running(rig.source(intake)) as source:
        for payload in (b"1", b"", bytes(range(256)), b"x" * 1_000_000):
            await rig.publish(payload)
        deliveries = await intake.receives(b"1", b"", bytes(range(256)), b"x" * 1_000_000)
    for delivery in deliveries:
        assert (delivery.source, delivery.format, delivery.topic) == (source.name, "chirpstack", TOPIC)
        assert (delivery.qos, delivery.retained, delivery.redelivered) == (1, False, False)
    assert [one.arrival_ns for one in deliveries] == sorted(one.arrival_ns for one in deliveries)


async def says_whether_it_is_connected_and_why_not(rig: Rig) -> None:
    source = rig.source(Recorder())
    assert not source.connected
    assert source.name in source.trouble
    async with running(source):
        assert source.trouble == ""
    assert not source.connected
    assert source.name in source.trouble


async def acknowledges_in_the_order_of_arrival(rig: Rig) -> None:
    intake = Recorder()
    async with running(rig.source(intake)):
        for payload in (b"1", b"2", b"3"):
            await rig.publish(payload)
        first, second, third = await intake.receives(b"1", b"2", b"3")
        settle(third, second)
        await rig.publish(b"4")
        await intake.receives(b"4")
        assert rig.acknowledged() == 0
        settle(first)
        await eventually(lambda: rig.acknowledged() == 3)


async def is_sent_again_what_it_did_not_settle(rig: Rig) -> None:
    intake = Recorder()
    async with running(rig.source(intake)):
        for payload in (b"1", b"2", b"3"):
            await rig.publish(payload)
        first, _, third = await intake.receives(b"1", b"2", b"3")
        settle(first, third)
        await eventually(lambda: rig.acknowledged() == 1)
        rig.cut()
        again = await intake.receives(b"2", b"3")
        assert all(delivery.redelivered for delivery in again)
        assert {delivery.connection for delivery in again} != {first.connection}
        settle(*again)
        await eventually(lambda: rig.acknowledged() == 3)
        rig.cut()
        await rig.publish(b"4")
        (fourth,) = await intake.receives(b"4")
        assert not fourth.redelivered


async def never_acknowledges_on_another_connection(rig: Rig) -> None:
    intake = Recorder()
    async with running(rig.source(intake)):
        for payload in (b"1", b"2"):
            await rig.publish(payload)
        stale = await intake.receives(b"1", b"2")
        rig.cut()
        await intake.receives(b"1", b"2")
        settle(*stale)
        rig.cut()
        await intake.receives(b"1", b"2")
        assert rig.acknowledged() == 0


async def acknowledges_once_what_is_settled_twice(rig: Rig) -> None:
    intake = Recorder()
    async with running(rig.source(intake)):
        for payload in (b"1", b"2"):
            await rig.publish(payload)
        first, _ = await intake.receives(b"1", b"2")
        settle(first, first)
        await eventually(lambda: rig.acknowledged() == 1)
        rig.cut()
        await intake.receives(b"2")
        assert rig.acknowledged() == 1


async def stays_away_while_paused_and_loses_nothing(rig: Rig) -> None:
    intake = Recorder()
    async with running(rig.source(intake)) as source:
        await rig.publish(b"1")
        (first,) = await intake.receives(b"1")
        source.pause()
        source.pause()
        assert not source.connected
        assert source.trouble != ""
        await rig.publish(b"2")
        settle(first)
        await asyncio.sleep(0.05)
        assert intake.payloads == []
        source.resume()
        source.resume()
        await intake.receives(b"1", b"2")
        await eventually(lambda: source.connected)


async def delivers_nothing_more_when_paused_from_within_a_delivery(rig: Rig) -> None:
    intake = Recorder()
    source = rig.source(intake)
    async with running(source):
        pass  # the session exists
    for number in range(10):
        await rig.publish(b"%d" % number)
    intake.on_each = lambda _delivery: source.pause()
    async with running(source, connected=False):
        await intake.receives(b"0")
        await asyncio.sleep(0.05)
        intake.on_each = lambda _delivery: None
        assert intake.payloads == []
        source.resume()
        await intake.receives(*(b"%d" % number for number in range(10)))


async def keeps_the_session_when_it_is_stopped(rig: Rig) -> None:
    intake = Recorder()
    async with running(rig.source(intake)):
        await rig.publish(b"1")
        settle(*await intake.receives(b"1"))
    await rig.publish(b"2")
    async with running(rig.source(intake)):
        await intake.receives(b"2")
    assert rig.acknowledged() == 1


async def takes_qos_0_which_nobody_waits_for(rig: Rig) -> None:
    intake = Recorder()
    async with running(rig.source(intake)):
        await rig.publish(b"1", qos=0)
        await rig.publish(b"2")
        first, second = await intake.receives(b"1", b"2")
        assert (first.qos, second.qos) == (0, 1)
        settle(second)
        await eventually(lambda: rig.acknowledged() == 1)
        settle(first)
        rig.cut()
        await rig.publish(b"3")
        await intake.receives(b"3")
        assert rig.acknowledged() == 1


async def marks_retained_messages(rig: Rig) -> None:
    intake = Recorder()
    await rig.publish(b"1", retained=True)
    async with running(rig.source(intake)):
        (first,) = await intake.receives(b"1")
    assert first.retained


async def survives_an_intake_that_raises(rig: Rig) -> None:
    intake = Recorder()

    def choke(delivery: Delivery) -> None:
        if delivery.payload == b"1":
            raise ValueError("a bug of the intake's")

    intake.on_each = choke
    async with running(rig.source(intake)):
        for payload in (b"1", b"2"):
            await rig.publish(payload)
        _, second = await intake.receives(b"1", b"2")
        settle(second)
        await eventually(lambda: rig.acknowledged() == 1)
        intake.on_each = lambda _delivery: None
        rig.cut()
        (again,) = await intake.receives(b"1")
        assert again.redelivered


CHECKS: tuple[Callable[[Rig], Awaitable[None]], ...] = (
    delivers_in_order_and_says_when_the_socket_is_drained,
    says_whether_it_is_connected_and_why_not,
    acknowledges_in_the_order_of_arrival,
    is_sent_again_what_it_did_not_settle,
    never_acknowledges_on_another_connection,
    acknowledges_once_what_is_settled_twice,
    stays_away_while_paused_and_loses_nothing,
    delivers_nothing_more_when_paused_from_within_a_delivery,
    keeps_the_session_when_it_is_stopped,
    takes_qos_0_which_nobody_waits_for,
    marks_retained_messages,
    survives_an_intake_that_raises,
)
