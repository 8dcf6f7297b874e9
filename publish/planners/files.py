"""`/export`: the file itself. It stands on the disk as a whole before the first byte of it is sent."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from devices.language import Language, say
from ingest.events import Events
from ingest.settings import Settings
from publish.export.ask import Ask
from publish.planners import address
from publish.planners.login import Who
from publish.planners.process import Processes
from publish.planners.refused import Gone, Refused
from publish.planners.room import no_room
from publish.planners.shelf import Entry, Key, Shelf
from publish.planners.slots import Slots
from publish.planners.wire import Job, Made

T = TypeVar("T")

#: Seconds that sending one file may take.
SENDING_S = 3600.0
#: What else `package` may say: the description alone, or both in one file.
PACKAGES = ("json", "zip")
PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Files:
    """What makes files and sends them."""

    settings: Settings
    events: Events
    processes: Processes
    slots: Slots
    shelf: Shelf

    async def answer(self, request: Request, language: Language) -> Response:
        """The file, its description or both; raises `Refused`, or `Gone` when nobody waits any more."""
        who: Who = request.state.who
        pairs = request.query_params.multi_items()
        package = _package([value for key, value in pairs if key == "package"])
        ask = address.ask_of([pair for pair in pairs if pair[0] != "package"], who, language)
        key = Key(ask, package == "zip")
        pieces = "range" in request.headers or request.method == "HEAD"
        entry = self.shelf.find(key, pieces=pieces)
        if entry is None and request.method == "HEAD":
            return _promise(ask, package)
        if entry is None:
            entry = await unless_gone(request, self._made(key, who))
        return _Sending(self.shelf, entry, ask, package)

    async def _made(self, key: Key, who: Who) -> Entry:
        begin = time.monotonic()
        async with self.slots.turn():
            entry = self.shelf.find(key, pieces=False)  # who asked for the same at the same moment made it
            if entry is None:
                entry = await self._make(key)
                self.events.export_made(who, key.ask.format, entry.rows, entry.size, time.monotonic() - begin)
            return entry

    async def _make(self, key: Key) -> Entry:
        await self.shelf.make_room()
        exports = self.settings.exports
        limit = exports.megabytes * 10**6
        folder = self.shelf.new_folder()
        job = self.job("export", key.ask, folder, limit_bytes=limit, zipped=key.zipped)
        try:
            answer = await self.processes.do(
                job, seconds=exports.minutes * 60, refuse=lambda: no_room(folder, limit, self.settings)
            )
            return await self.shelf.put(key, folder, cast("Made", answer))
        except BaseException:
            await self.shelf.discard(folder)
            raise

    def job(self, what: Literal["export", "preview"], ask: Ask, folder: Path, **more: Any) -> Job:
        """The job of a process that writes into this folder only."""
        return Job(
            what,
            ask.lang,
            msgspec.Raw(self.settings.model_dump_json().encode()),
            msgspec.Raw(ask.model_dump_json(exclude_defaults=True).encode()),
            time.time_ns(),
            str(folder),
            **more,
        )

    @contextlib.asynccontextmanager
    async def working_folder(self) -> AsyncIterator[Path]:
        """A folder that is gone afterwards."""
        folder = self.shelf.new_folder()
        try:
            yield folder
        finally:
            await self.shelf.discard(folder)


def _promise(ask: Ask, package: str) -> Response:
    """What a file would be called; how long it is, nobody knows before it is made."""
    response = Response(headers=_headers(ask, package))
    del response.headers["content-length"]
    return response


def _package(said: list[str]) -> str:
    for word in said:
        if word not in (*PACKAGES, ""):
            raise Refused(
                400,
                say("there is no package of this kind"),
                hint=say("allowed: {names}", names=", ".join(PACKAGES)),
                field="package",
            )
    return said[-1] if said else ""


def _headers(ask: Ask, package: str, name: str = "") -> dict[str, str]:
    media = {"json": "application/json", "zip": "application/zip"}.get(package, address.MEDIA[ask.format])
    described_by = f"export?{address.address(ask)}&package=json"
    return {
        **PRIVATE,
        "Content-Type": media,
        "Content-Disposition": f'attachment; filename="{name}"' if name else "attachment",
        "Link": f'<{described_by}>; rel="describedby"; type="application/json"',
        "Accept-Ranges": "bytes",
    }


class _File(FileResponse):
    chunk_size = 256 * 1024


class _Sending(Response):
    """A file on its way; it stays on the shelf as long."""

    def __init__(self, shelf: Shelf, entry: Entry, ask: Ask, package: str) -> None:
        super().__init__()
        self._shelf = shelf
        self._entry = entry
        path = entry.package if package == "json" else entry.data
        self._file = _File(path, headers=_headers(ask, package, path.name))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; whoever takes too long loses the connection."""
        with self._shelf.reading(self._entry):
            async with asyncio.timeout(SENDING_S):
                await self._file(scope, receive, send)


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """What the work gives or raises. It is cancelled, and `Gone` raised, when the client goes away."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.create_task(_left(request.receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Gone
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(receive: Callable[[], Awaitable[object]]) -> None:
    while cast("dict[str, str]", await receive())["type"] != "http.disconnect":
        pass
