"""A source without a network, for tests of what comes after it; it keeps the contract of every `Source`."""

import asyncio
import time
from dataclasses import dataclass, field

from ingest.acknowledge import Acknowledgements
from ingest.seams import Delivery, Intake


@dataclass(eq=False)
class Message:
    """What a broker holds for us until we acknowledge it."""

    mid: int
    topic: str
    payload: bytes
    qos: int
    retained: bool
    sent_on: int = 0  #: the connection it was last sent on


@dataclass
class FakeBroker:
    """One persistent session; it outlives the sources that use it."""

    session: list[Message] = field(default_factory=list)
    acknowledged: int = 0
    reachable: bool = False  #: whether a source is connected: QoS 0 is kept for nobody
    mids: int = 0
    connections: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retained: bool = False) -> None:
        """Queue a message for the source."""
        if qos or self.reachable:
            self.mids += 1
            self.session.append(Message(self.mids, topic, payload, qos, retained))
            self.news.set()

    def acknowledge(self, mid: int, _qos: int) -> None:
        """Forget a message."""
        self.acknowledged += 1
        self.session = [message for message in self.session if message.mid != mid]


class FakeSource:
    """Delivers what is published to its `broker`; `cut` breaks the connection, which comes back by itself."""

    def __init__(
        self,
        intake: Intake,
        broker: FakeBroker | None = None,
        *,
        name: str = "fake",
        lns: str = "chirpstack",
    ) -> None:
        self.name = name
        self.broker = broker or FakeBroker()
        self.connected = False
        self.errors: list[Exception] = []
        self._format = lns
        self._intake = intake
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._acknowledgements = self._new_acknowledgements()

    @property
    def trouble(self) -> str:
        """Why it is not connected, as a sentence; empty when it is."""
        return "" if self.connected else f"broker {self.name}: the fake is not connected"

    async def run(self) -> None:
        """Connect and deliver, again and again; returns only when cancelled."""
        while True:
            await self._wanted.wait()
            self._connect()
            try:
                while self.connected:
                    self._drain()
                    await self.broker.news.wait()
                    self.broker.news.clear()
            finally:
                self.cut()

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retained: bool = False) -> None:
        """Publish to the fake's broker."""
        self.broker.publish(topic, payload, qos=qos, retained=retained)

    def pause(self) -> None:
        """Disconnect without ending the session, and stay away until `resume`. Idempotent."""
        self._wanted.clear()
        self.cut()

    def resume(self) -> None:
        """Come back after `pause`. Idempotent."""
        self._wanted.set()

    def cut(self) -> None:
        """Lose the connection: what was not acknowledged will be sent again."""
        self.connected = self.broker.reachable = False
        self._acknowledgements.close()
        self.broker.session = [message for message in self.broker.session if message.qos]
        self.broker.news.set()

    def _connect(self) -> None:
        self.connected = self.broker.reachable = True
        self.broker.connections += 1
        self._acknowledgements = self._new_acknowledgements()

    def _drain(self) -> None:
        fresh = [message for message in self.broker.session if message.sent_on < self.broker.connections]
        for message in fresh:
            if self.connected:
                self._deliver(message)
        if fresh:
            self._intake.on_drained()

    def _deliver(self, message: Message) -> None:
        acknowledgement = self._acknowledgements.expect(message.mid, message.qos)
        delivery = Delivery(
            source=self.name,
            format=self._format,
            topic=message.topic,
            payload=message.payload,
            arrival_ns=time.time_ns(),
            qos=message.qos,
            retained=message.retained,
            redelivered=message.sent_on > 0,
            connection=self.broker.connections,
            settle=acknowledgement.settle,
        )
        message.sent_on = self.broker.connections
        if message.qos == 0:
            self.broker.session.remove(message)
        try:
            self._intake.on_delivery(delivery)
        except Exception as error:  # noqa: BLE001  as the contract asks
            self._acknowledgements.abandon(acknowledgement)
            self.errors.append(error)

    def _new_acknowledgements(self) -> Acknowledgements:
        return Acknowledgements(self.broker.acknowledge, self._on_second_settle)

    def _on_second_settle(self) -> None:
        self.errors.append(RuntimeError("a delivery was settled twice"))


class RecordedEvents:
    """What happened to a source, as (what, words) in order."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def connected(self, source: str, *, session_present: bool, qos: int) -> None:
        self.seen.append(("connected", f"{source} session_present={session_present} qos={qos}"))

    def subscribed_in_part(self, source: str, reason: str) -> None:
        self.seen.append(("subscribed_in_part", f"{source} {reason}"))

    def disconnected(self, source: str, reason: str) -> None:
        self.seen.append(("disconnected", f"{source} {reason}"))

    def connect_failed(self, source: str, reason: str) -> None:
        self.seen.append(("connect_failed", f"{source} {reason}"))

    def source_error(self, source: str, error: Exception) -> None:
        self.seen.append(("source_error", f"{source} {error!r}"))

    def all(self, what: str) -> list[str]:
        """The words of every event of this kind."""
        return [words for kind, words in self.seen if kind == what]
