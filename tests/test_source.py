"""The contract of `Source`, on the fake and on the real MQTT source; and the bookkeeping of answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random
from typing import Literal

import aiomqtt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import lns, mqtt
from ingest.acknowledge import Acknowledgements
from ingest.mqtt import MqttSource, backoff, filters
from ingest.seams import Intake, Outcome, Source
from ingest.settings import Broker
from tests.conftest import StartMosquitto
from tests.contracts.source import CHECKS, LOOPS, TOPIC, Rig
from tests.fakes.source import FakeBroker, FakeSource, RecordedEvents
from tests.proxy import Proxy
from tests.servers.mosquitto import Mosquitto


class FakeRig:
    def __init__(self) -> None:
        self.broker = FakeBroker()
        self.current: FakeSource | None = None

    def source(self, intake: Intake) -> Source:
        self.current = FakeSource(intake, self.broker)
        return self.current

    async def publish(self, payload: bytes, *, qos: int = 1, retained: bool = False) -> None:
        self.broker.publish(TOPIC, payload, qos=qos, retained=retained)

    def acknowledged(self) -> int:
        return self.broker.acknowledged

    def cut(self) -> None:
        assert self.current is not None
        self.current.cut()


class MqttRig:
    """Mosquitto behind a proxy that breaks connections; its log tells what it was acknowledged."""

    def __init__(self, broker: Mosquitto, proxy: Proxy, publisher: aiomqtt.Client, settings: Broker) -> None:
        self._broker = broker
        self._proxy = proxy
        self._publisher = publisher
        self._settings = settings

    def source(self, intake: Intake) -> Source:
        return MqttSource(self._settings, intake, RecordedEvents())

    async def publish(self, payload: bytes, *, qos: int = 1, retained: bool = False) -> None:
        await self._publisher.publish(TOPIC, payload, qos=qos, retain=retained)

    def acknowledged(self) -> int:
        return self._broker.log.read_text().count("Received PUBACK from messnetz ")

    def cut(self) -> None:
        self._proxy.reset()


@contextlib.asynccontextmanager
async def mqtt_rig(broker: Mosquitto, protocol: Literal["3.1.1", "5"]) -> AsyncIterator[MqttRig]:
    async with (
        Proxy(broker.port) as proxy,
        aiomqtt.Client(broker.host, broker.port) as publisher,
    ):
        settings = Broker(
            name="stadt", format="chirpstack", host="127.0.0.1", port=proxy.port, protocol=protocol
        )
        yield MqttRig(broker, proxy, publisher, settings)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "FIRST_DELAY_S", 0.01)


@pytest.mark.parametrize("check", CHECKS)
def test_the_fake_source_keeps_the_contract(check: Callable[[Rig], Awaitable[None]]) -> None:
    async def with_rig() -> None:
        await check(FakeRig())

    asyncio.run(with_rig())


@pytest.mark.parametrize("loop", LOOPS, ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
@pytest.mark.parametrize("check", CHECKS)
def test_the_mqtt_source_keeps_the_contract(
    check: Callable[[Rig], Awaitable[None]],
    protocol: Literal["3.1.1", "5"],
    loop: Callable[[], asyncio.AbstractEventLoop],
    mosquitto: StartMosquitto,
) -> None:
    broker = mosquitto("log_type all")

    async def with_rig() -> None:
        async with mqtt_rig(broker, protocol) as rig:
            await check(rig)

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(with_rig())


@given(st.lists(st.integers(0, 2), max_size=30), st.randoms(use_true_random=False))
def test_answers_go_out_once_and_in_order_whatever_the_order_of_settling(
    qos: list[int], random: Random
) -> None:
    sent: list[tuple[int, int]] = []
    book = Acknowledgements(lambda mid, level: sent.append((mid, level)), lambda: None)
    due = [book.expect(mid, level) for mid, level in enumerate(qos)]
    expected = [(mid, level) for mid, level in enumerate(qos) if level]
    for answer in random.sample(due, len(due)):
        answer.settle(Outcome.STORED)
        assert sent == expected[: len(sent)]
    assert sent == expected
    assert len(book) == 0


def test_nothing_is_answered_after_the_connection_is_closed() -> None:
    sent: list[int] = []
    book = Acknowledgements(lambda mid, _qos: sent.append(mid), lambda: None)
    first, second = book.expect(1, 1), book.expect(2, 1)
    second.settle(Outcome.STORED)
    book.close()
    first.settle(Outcome.STORED)
    assert sent == []


def test_a_second_settling_is_reported_and_answers_nothing() -> None:
    sent: list[int] = []
    reported: list[bool] = []
    book = Acknowledgements(lambda mid, _qos: sent.append(mid), lambda: reported.append(True))
    first = book.expect(1, 1)
    first.settle(Outcome.STORED)
    first.settle(Outcome.IGNORED)
    assert (sent, reported) == ([1], [True])


@given(st.integers(0, 10**9), st.floats(0, 1, exclude_max=True))
def test_the_wait_between_attempts_grows_to_half_a_minute_and_is_spread(failures: int, jitter: float) -> None:
    wait = backoff(failures, jitter)
    assert 0 < wait <= 30
    assert backoff(failures, 0.0) / 2 <= wait <= backoff(failures, 0.0) <= backoff(failures + 1, 0.0)


def test_topics_are_those_of_the_format_unless_named() -> None:
    broker = Broker(name="stadt", format="ttn", host="localhost")
    assert filters(broker) == list(lns.FORMATS["ttn"].TOPICS)
    assert filters(broker.model_copy(update={"topics": ("a/#",)})) == ["a/#"]


def test_a_shared_subscription_shares_every_topic() -> None:
    broker = Broker(name="stadt", format="ttn", host="localhost", topics=("a/#", "b"), share="messnetz")
    assert filters(broker) == ["$share/messnetz/a/#", "$share/messnetz/b"]
