"""Questions to an InfluxDB, each with a short end."""

import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import msgspec

from ingest.doctor.patience import PATIENCE_S
from ingest.settings import Influx

T = TypeVar("T")

#: Bytes of an answer that are read; those asked for here have some hundred.
MOST = 1024**2


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def read(self, kind: type[T]) -> T | None:
        """The body, where it is what is asked for."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.DecodeError:
            return None

    @property
    def words(self) -> str:
        """The server's own, short."""
        said = self.json if isinstance(self.json, dict) else {}
        return " ".join(str(said.get("message") or said.get("error") or self.body).split())[:200]


class Ask:
    """Questions to one server."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Token {token}"} if token else {}

    async def __call__(self, path: str, *, method: str = "GET", **params: str) -> Answer:
        async with self._session.request(
            method, self._url + path, params=params, headers=self._headers, allow_redirects=False
        ) as answer:
            body = b""
            while len(body) < MOST and (piece := await answer.content.read(MOST - len(body))):
                body += piece  # what comes in pieces is read in pieces
            return Answer(answer.status, answer.headers, body.decode(errors="replace"))


@asynccontextmanager
async def session(influx: Influx, token: str) -> AsyncIterator[Ask]:
    ca_file = str(influx.ca_file) if influx.ca_file else None
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=ca_file)),
        timeout=aiohttp.ClientTimeout(PATIENCE_S),
    ) as session:
        yield Ask(session, influx.url, token)
