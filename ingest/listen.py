"""Listening beside a service, or without one: what senders say on the brokers, judged and stored nowhere.

A random client id, a clean session and QoS 0: it takes no message from anybody and leaves nothing behind.
With the service's client id it would end its session, with its shared subscription take its messages.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncGenerator
from uuid import uuid4

import aiomqtt

from devices.language import say
from devices.registry import Registry
from ingest.dial import LOGIN_REFUSED, CannotConnect, credentials, tls_context, words
from ingest.lns import format_name, formats
from ingest.pipeline import Heard, Verdict, judge, read, script_job
from ingest.seams import Delivery, Outcome, Scripts
from ingest.settings import Broker, Settings

#: Messages that wait to be judged; more are left out, for nobody is owed any.
QUEUED = 1000


async def listen(
    settings: Settings, registry: Registry, scripts: Scripts
) -> AsyncGenerator[tuple[Delivery, Verdict], None]:
    """Every message of every broker and what it would become, as the first of its device.

    Raises `CannotConnect` when a broker cannot be reached, refuses us or goes away.
    """
    known = formats(settings.brokers)
    queue: asyncio.Queue[Delivery | Exception] = asyncio.Queue(maxsize=QUEUED)
    listening = [asyncio.create_task(_listen(broker, queue)) for broker in settings.brokers]
    try:
        while True:
            delivery = await queue.get()
            if isinstance(delivery, Exception):
                raise delivery
            heard = read(delivery, known)
            if isinstance(heard, Heard):
                heard = await _with_script(heard, registry, scripts)
                yield delivery, judge(heard, registry, {})
            else:
                yield delivery, heard
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


async def _with_script(heard: Heard, registry: Registry, scripts: Scripts) -> Heard:
    job = script_job(heard, registry, {})
    if job is None:
        return heard
    (answer,) = await scripts.decode([job])
    return Heard(heard.uplink, heard.arrival_ns, decoded=answer)


async def _listen(broker: Broker, queue: "asyncio.Queue[Delivery | Exception]") -> None:
    try:
        await _subscribe(broker, queue)
    except CannotConnect as error:
        await queue.put(error)
    except aiomqtt.MqttError as error:
        await queue.put(CannotConnect(_why(error, broker)))


def _why(error: aiomqtt.MqttError, broker: Broker) -> str:
    host, port = broker.address
    at = f"{host}:{port}"
    if isinstance(error, aiomqtt.MqttCodeError) and getattr(error.rc, "value", None) in LOGIN_REFUSED:
        return say("the broker refuses user name or password")
    match error.__context__:  # aiomqtt keeps the system's error there
        case socket.gaierror():
            return say("the name {host} cannot be resolved", host=host)
        case ConnectionRefusedError():
            return say("nothing listens at {at}", at=at)
        case TimeoutError():
            return say("no answer from {at}", at=at)
        case OSError() as cause:
            return words(cause)
    return str(error)


async def _subscribe(broker: Broker, queue: "asyncio.Queue[Delivery | Exception]") -> None:
    host, port = broker.address
    user, password = credentials(broker.credentials_file) if broker.credentials_file else (None, None)
    async with aiomqtt.Client(
        host,
        port,
        username=user,
        password=password,
        identifier=f"messnetz-watch-{uuid4().hex[:12]}",
        clean_session=True,
        tls_context=tls_context(broker.tls) if broker.tls else None,
    ) as client:
        name = format_name(broker)
        for topic in broker.topics or formats((broker,))[name].TOPICS:
            await client.subscribe(topic, qos=0)
        async for message in client.messages:
            delivery = Delivery(
                broker.name,
                name,
                str(message.topic),
                bytes(message.payload),
                time.time_ns(),
                0,
                bool(message.retain),
                False,
                0,
                _nobody_waits,
            )
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait(delivery)


def _nobody_waits(_outcome: Outcome) -> None:
    """Nothing is acknowledged at QoS 0."""
