import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiomqtt
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from ingest.broker import embedded_broker

DEADLINE_S = 20


class Subscriber:
    """A paho client of protocol 3.1.1 with a persistent session, as the service is one."""

    def __init__(self, host: str, port: int) -> None:
        self.received: list[bytes] = []
        self.session_present: bool | None = None
        self._arrived = threading.Condition()
        self._subscribed = threading.Event()
        self._gone = threading.Event()
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, "messnetz", clean_session=False, protocol=paho.MQTTv311
        )
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._on_message
        self._client.on_disconnect = lambda *_: self._gone.set()
        self._client.connect(host, port)
        self._client.loop_start()
        assert self._subscribed.wait(DEADLINE_S)

    def _on_connect(self, client: paho.Client, _: object, flags: paho.ConnectFlags, *__: object) -> None:
        self.session_present = flags.session_present
        client.subscribe("application/#", 1)

    def _on_message(self, _: paho.Client, __: object, message: paho.MQTTMessage) -> None:
        with self._arrived:
            assert message.qos == 1
            self.received.append(bytes(message.payload))
            self._arrived.notify_all()

    def wait(self, count: int) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.received) >= count, DEADLINE_S)

    def stop(self) -> None:
        self._client.disconnect()
        assert self._gone.wait(DEADLINE_S)
        self._client.loop_stop()


@asynccontextmanager
async def publisher(host: str, port: int) -> AsyncIterator[aiomqtt.Client]:
    async with aiomqtt.Client(host, port) as client:
        yield client


async def settled(client: aiomqtt.Client) -> None:
    """Return when the broker has seen what other clients did before: it answers in turn."""
    for _ in range(3):
        await client.publish("elsewhere", b"", qos=1)


def test_qos_1_arrives_in_order() -> None:
    async def run() -> list[bytes]:
        async with embedded_broker() as (host, port), publisher(host, port) as client:
            subscriber = await asyncio.to_thread(Subscriber, host, port)
            for number in range(200):
                await client.publish("application/a", str(number), qos=1)
            await asyncio.to_thread(subscriber.wait, 200)
            await asyncio.to_thread(subscriber.stop)
            return subscriber.received

    assert asyncio.run(run()) == [str(number).encode() for number in range(200)]


def test_a_persistent_session_keeps_what_is_published_while_its_client_is_away() -> None:
    async def run() -> tuple[Subscriber, Subscriber]:
        async with embedded_broker() as (host, port), publisher(host, port) as client:
            first = await asyncio.to_thread(Subscriber, host, port)
            await asyncio.to_thread(first.stop)
            await settled(client)
            for number in range(20):
                await client.publish("application/a", str(number), qos=1)
            second = await asyncio.to_thread(Subscriber, host, port)
            await asyncio.to_thread(second.wait, 20)
            await asyncio.to_thread(second.stop)
            return first, second

    first, second = asyncio.run(run())
    assert first.session_present is False
    assert second.session_present is True
    assert second.received == [str(number).encode() for number in range(20)]


def test_it_says_which_free_port_it_took_and_gives_it_back() -> None:
    async def run() -> int:
        async with embedded_broker() as (host, port):
            assert host == "127.0.0.1"
        async with embedded_broker(port=port) as (_, again):
            assert again == port
        return port

    port = asyncio.run(run())
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_it_leaves_no_task_behind_when_clients_are_still_connected() -> None:
    async def run() -> set[str]:
        before = asyncio.all_tasks()
        async with embedded_broker() as (host, port):
            _, writer = await asyncio.open_connection(host, port)
            subscriber = await asyncio.to_thread(Subscriber, host, port)
            await asyncio.to_thread(subscriber.stop)
        writer.close()
        for _ in range(100):
            if asyncio.all_tasks() == before:
                break
            await asyncio.sleep(0.05)
        return {str(task) for task in asyncio.all_tasks() - before}

    assert asyncio.run(run()) == set()


def test_it_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        async with embedded_broker() as (host, port), publisher(host, port) as client:
            await client.publish("application/a", b"", qos=1)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(run())
    assert [record.name for record in caplog.records if record.name.startswith("amqtt")] == []
