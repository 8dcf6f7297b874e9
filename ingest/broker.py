"""An MQTT broker inside the process, so that the demo needs no server. For loopback, never for service."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter  # type: ignore[import-untyped]
from amqtt.broker import Broker  # type: ignore[import-untyped]
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType  # type: ignore[import-untyped]
from amqtt.plugins.base import BaseAuthPlugin  # type: ignore[import-untyped]
from amqtt.session import Session  # type: ignore[import-untyped]

_LISTENER = "default"


class AdmitAll(BaseAuthPlugin):  # type: ignore[misc]  # amqtt brings no types
    """Lets everyone in. amqtt's own anonymous plugin does so too, but then keeps no session for them."""

    async def authenticate(self, *, session: Session) -> bool:
        """Always true."""
        del session
        return True


@asynccontextmanager
async def embedded_broker(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[tuple[str, int]]:
    """Serve MQTT 3.1.1 while the block runs; yields host and port (port 0 takes any free one).

    Everyone is admitted; persistent sessions and what waits in them live as long as the block. amqtt's
    loggers are silenced for the whole process.
    """
    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    broker = Broker(_config())
    await broker.start()
    connections: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer)
        try:
            await broker.external_connected(
                StreamReaderAdapter(reader), StreamWriterAdapter(writer), _LISTENER
            )
        finally:
            connections.discard(writer)

    # amqtt does not tell which free port it was given, so the listening socket is ours.
    server = await asyncio.start_server(serve, host, port)
    try:
        yield host, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await broker.shutdown()
        for writer in connections:  # of those that connected and said nothing
            writer.close()


def _config() -> BrokerConfig:
    return BrokerConfig(
        listeners={_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)},
        plugins={f"{AdmitAll.__module__}.{AdmitAll.__qualname__}": {}},
    )
