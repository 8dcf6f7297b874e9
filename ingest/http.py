"""Serving HTTP inside our own event loop: the operators' address, the control socket, the demo's page."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from ingest.errors import SettingsError

#: Seconds that answers under way get at the end.
GRACE_S = 2
#: Connections at once; more are answered 503, so that a stuck client costs bounded memory.
CONNECTIONS = 100
#: Seconds after which who takes nothing of an answer loses the connection.
STUCK_S = 300
#: Seconds within which a request must be there as a whole: each open connection takes another's place.
ASKING_S = 10


@contextlib.asynccontextmanager
async def serve(
    app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0, uds: Path | None = None
) -> AsyncIterator[int]:
    """Answer requests until the context ends; yields the port (0 for a Unix socket).

    `port` 0 takes any free one. A Unix socket at `uds` replaces what lies there and has mode 0600. Signals
    stay ours. Raises `SettingsError` when the address cannot be had.
    """
    listener = _listen_unix(uds) if uds else _listen(host, port)
    config = uvicorn.Config(
        app,
        http=_Prompt,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=GRACE_S,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    # Server.serve() would take the signals; its three parts do not.
    await server.startup(sockets=[listener])
    turning = asyncio.create_task(server.main_loop(), name="http")
    try:
        yield 0 if uds else listener.getsockname()[1]
    finally:
        server.should_exit = True
        await turning
        await server.shutdown(sockets=[listener])
        if uds:
            _unlink(uds)


class _Prompt(H11Protocol):
    """Closes a connection on which nothing is asked for in time, also where it is asked for byte by byte."""

    _ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._wait_or_not()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_or_not()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait_or_not()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_waiting()

    def _wait_or_not(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:  # type: ignore[redundant-expr]  # is at first
            self._stop_waiting()
        elif self._ending is None and not self.transport.is_closing():
            self._ending = self.loop.call_later(ASKING_S, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family)
        listener.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_S * 1000
        )  # its connections too
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host}:{port}: {error.strerror}", hint="choose another host or port"
        ) from error
    return listener


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)


def _listen_unix(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    try:
        _unlink(path)
        listener.bind(os.fspath(path))
        path.chmod(0o600)  # nobody can connect before listen()
        listener.listen()
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"cannot listen on {path}: {error.strerror or error}",
            hint="the state folder must be writable, and its whole path shorter than 90 characters",
        ) from error
    return listener
