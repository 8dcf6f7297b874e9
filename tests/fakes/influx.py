"""An HTTP server that answers what a test tells it to, as an InfluxDB, a proxy or a broken network would."""

import asyncio
import gzip
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """One request as it arrived; `body` is decompressed."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def lines(self) -> list[bytes]:
        """The lines of a write."""
        return self.body.split(b"\n")


@dataclass(frozen=True)
class Answer:
    """What to send back. `hang`: nothing at all; `cut`: only its first bytes; `raw`: these instead."""

    status: int = 204
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    cut: int | None = None
    raw: bytes = b""

    def render(self) -> bytes:
        head = {"Content-Length": str(len(self.body)), **self.headers}
        if self.status == HTTPStatus.NO_CONTENT:
            del head["Content-Length"]
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in head.items()]
        whole = "\r\n".join(lines).encode() + _END_OF_HEAD + self.body
        if self.raw:
            return self.raw
        return whole if self.cut is None else whole[: self.cut]


def said(status: int, **body: object) -> Answer:
    """An answer with a JSON object."""
    return Answer(status, json.dumps(body).encode())


class FakeInflux:
    """Asks `answer` for what to say to each request; `requests` are those that came."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.url = ""

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["FakeInflux"]:
        """Listen on a free port of 127.0.0.1 until the context ends."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._open: set[asyncio.Task[None]] = set()
        try:
            yield self
        finally:
            server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while request := await _read(reader):
                self.requests.append(request)
                answer = self.answer(request)
                if answer.hang:
                    await asyncio.Event().wait()
                writer.write(answer.render())
                await writer.drain()
                if answer.cut is not None:
                    break
        except (asyncio.CancelledError, ConnectionError):
            pass
        finally:
            self._open.discard(task)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(_END_OF_HEAD)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *rest = head.decode().strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return Request(method, target, headers, body)
