"""Publishes what a simulated city says to an MQTT broker, and counts what the broker has taken."""

import asyncio
import logging
import socket
import ssl
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import aiomqtt

from devices.registry import Registry
from ingest.dial import words
from ingest.errors import CommandFailed
from ingest.simulator.city import City, Message

#: Publications under way at once: enough to keep a broker busy, few enough to lose none of the order.
_WINDOW = 32


@dataclass(slots=True)
class Published:
    """What the broker has acknowledged (PUBACK), by kind of message."""

    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All of it."""
        return self.kinds.total()


async def simulate(
    registry: Registry,
    broker: str,
    *,
    rate: float,
    seconds: float | None = None,
    seed: int = 1,
    past_hours: float = 0,
    servers: Collection[str] = (),
    published: Published | None = None,
) -> Published:
    """Publish what the city of `registry` says to `broker` (`mqtt[s]://[user:password@]host[:port]`).

    First what it said in the last `past_hours`, as fast as the broker takes it, then `rate` messages a
    second, until `seconds` have passed since the call (None: for ever); as the network servers `servers`
    would, see `City`. Uses QoS 1, a random client id and a clean session. Counts into `published`, which can
    be watched. Raises `CommandFailed`.
    """
    published = published or Published()
    started = time.monotonic()
    deadline = None if seconds is None else started + seconds
    try:
        city = City(registry, seed, servers)
        async with _client(broker) as client:
            await _publish_past(client, city.past(time.time_ns(), past_hours), deadline, published)
            await _publish_present(client, city, rate, deadline, published)
    except (aiomqtt.MqttError, ValueError) as error:
        why, hint = _what_went_wrong(error)
        raise CommandFailed(f"cannot simulate at {broker.rpartition('@')[2]}: {why}", hint=hint) from error
    return published


def _what_went_wrong(error: Exception) -> tuple[str, str]:
    """What it is, and what to do."""
    match error.__context__:  # aiomqtt keeps the system's error there
        case ConnectionRefusedError():
            return "nothing listens there", "start the broker, or name host and port: mqtt://host:port"
        case socket.gaierror():
            return "its name cannot be resolved", "check the host's name: mqtt://host:port"
        case OSError() as cause if isinstance(error, aiomqtt.MqttError):
            return words(cause), "check host, port and TLS (mqtts://), and the network between"
    if isinstance(error, aiomqtt.MqttError):
        return str(error), (
            "it publishes as the network server would: name a user who may, as mqtt://user:password@host"
        )
    return str(error), "mqtt://localhost is the broker of this machine"


def _client(broker: str) -> aiomqtt.Client:
    parts = urlsplit(broker)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise ValueError("a broker is written mqtt://[user:password@]host[:port], or mqtts:// with TLS")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("its port is no number from 1 to 65535") from None
    secure = parts.scheme == "mqtts"
    logger = logging.getLogger("ingest.simulator.mqtt")
    logger.setLevel(logging.ERROR)  # aiomqtt warns of every publication beyond the tenth under way
    return aiomqtt.Client(
        parts.hostname,
        port or (8883 if secure else 1883),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        identifier=f"messnetz-simulator-{uuid4().hex[:12]}",
        tls_context=ssl.create_default_context() if secure else None,
        logger=logger,
    )


async def _publish_past(
    client: aiomqtt.Client, messages: Iterator[Message], deadline: float | None, published: Published
) -> None:
    while (window := list(islice(messages, _WINDOW))) and _left(deadline) > 0:
        await _publish(client, window, published)


async def _publish_present(
    client: aiomqtt.Client, city: City, rate: float, deadline: float | None, published: Published
) -> None:
    began, due, sent = time.monotonic(), 0.0, 0
    while _left(deadline) > 0:
        messages = city.present(time.time_ns())
        await _publish(client, messages, published)
        sent += len(messages) or 1  # where nobody has anything to say, time passes all the same
        due = began + sent / rate
        await asyncio.sleep(max(0.0, min(due - time.monotonic(), _left(deadline))))


async def _publish(client: aiomqtt.Client, messages: Iterable[Message], published: Published) -> None:
    # gather starts its tasks in order, and each hands its message to the socket before it waits.
    await asyncio.gather(*(_publish_one(client, message, published) for message in messages))


async def _publish_one(client: aiomqtt.Client, message: Message, published: Published) -> None:
    await client.publish(message.topic, message.payload, qos=1)
    published.kinds[message.kind] += 1


def _left(deadline: float | None) -> float:
    return float("inf") if deadline is None else deadline - time.monotonic()
