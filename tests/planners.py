"""The planners' address over a town of the tests, in the test's own process; exports are real processes."""

import asyncio
import base64
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from ingest.counts import Counts
from ingest.events import Events
from ingest.registry_files import load_registry
from ingest.settings import EXPORTS
from publish.planners import process
from publish.planners.app import planners
from tests.exports import Town

LOGIN, PARTNERS = ("planner", "geheim: äöü"), ("partner", "auch geheim")
#: Values begin two months ago: what is asked for over HTTP is asked for now.
FIRST = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=60)


def days(count: int) -> str:
    """Parameters for the first so many days."""
    return f"from={FIRST:%Y-%m-%d}&to={FIRST + timedelta(days=count - 1):%Y-%m-%d}"


MONTH = days(31)


class Log:
    """What was logged."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, level: str) -> Any:
        return lambda event, **fields: self.lines.append((event, fields))

    @property
    def names(self) -> list[str]:
        return [event for event, _ in self.lines]


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Desk:
    """The address, as somebody asks there."""

    port: int
    state: Path
    session: aiohttp.ClientSession
    counts: Counts
    log: Log = field(default_factory=Log)

    async def get(
        self, path: str, login: tuple[str, str] | None = LOGIN, method: str = "GET", **headers: str
    ) -> Answer:
        """The answer to one request; `Accept_Language` is the header of that name."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if login is not None:
            said["Authorization"] = basic(*login)
        url = f"http://127.0.0.1:{self.port}{path}"
        async with self.session.request(method, url, headers=said) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    def left(self) -> list[Path]:
        """Files of exports that lie on the disk."""
        return [path for path in (self.state / EXPORTS).rglob("*") if path.is_file()]


def basic(name: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


def write_logins(folder: Path) -> dict[str, Any]:
    """Both login files, and the section of the settings that names them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, login in (("planners", LOGIN), ("partners", PARTNERS)):
        (folder / name).write_text("\n".join(login) + "\n", encoding="utf-8")
    return {"login_file": "planners", "partners_login_file": "partners", "port": 0}


def set_up(
    folder: Path, *, sensors: int = 2, exports: Mapping[str, Any] | None = None, **settings: Any
) -> Town:
    """A town with logins; its disk may be as full as it is."""
    town = Town(folder, sensors, begin_ns=int(FIRST.timestamp()) * 10**9)
    section = {**write_logins(folder), **(exports or {})}
    town.set_up(**{"exports": section, "alarms": {"disk_free_bytes": 0}, **settings})
    return town


@contextlib.asynccontextmanager
async def open_desk(town: Town) -> AsyncIterator[Desk]:
    """The planners' address of a town, until the context ends."""
    settings, counts, log = town.settings, Counts(), Log()
    registry = load_registry(settings)
    async with (
        planners(settings, lambda: registry, Events(counts, log)) as port,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):
        yield Desk(port, settings.state, session, counts, log)


class Held:
    """Processes of exports that note their number in a folder and wait there until they may go on."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        folder.mkdir()
        script = (
            "import os, pathlib, sys, time; folder = pathlib.Path(sys.argv[1]);"
            "(folder / f'{os.getpid()}.pid').touch();\n"
            "while not (folder / 'go').exists(): time.sleep(0.02)\n"
            "from publish.planners.child import main; main()"
        )
        monkeypatch.setattr(process, "COMMAND", (sys.executable, "-P", "-c", script, str(folder)))

    @property
    def pids(self) -> list[int]:
        return [int(path.stem) for path in self._folder.glob("*.pid")]

    def release(self) -> None:
        (self._folder / "go").touch()

    async def started(self, count: int = 1) -> None:
        await eventually(lambda: len(self.pids) >= count)

    async def ended(self) -> None:
        await eventually(lambda: not any(runs(pid) for pid in self.pids))


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def eventually(true: Any) -> None:
    """Wait until it is; the test's own time limit ends what never is."""
    while not true():  # noqa: ASYNC110  polls what no event tells
        await asyncio.sleep(0.02)
