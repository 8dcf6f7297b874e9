"""The demo: embedded broker, simulated city, the real service with the embedded store, and its page."""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ingest
from ingest.app import Service, figures, gauges, running
from ingest.broker import embedded_broker
from ingest.errors import CommandFailed, SettingsError
from ingest.http import serve
from ingest.metrics import identities
from ingest.registry_files import load_registry
from ingest.settings import Broker, Operators, Settings
from ingest.simulator.events import THINGPARK_TOPICS, Format
from ingest.simulator.publisher import Published, simulate
from publish.page import create_page

#: The page's address, if it is free; else any.
PAGE_PORT = 8080
#: So much of the past is said first, so that the page's chart has a day at once.
PAST_HOURS = 24.0
#: Seconds granted after the last publication for everything to arrive and be written.
SETTLE_S = 60.0
#: Parts of the simulated city are on different network servers; their topics, where there are no usual ones.
_SERVERS: Mapping[Format, tuple[str, ...]] = {"chirpstack": (), "ttn": (), "thingpark": THINGPARK_TOPICS}


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo under way. `published` counts what the broker has taken from the simulated city."""

    service: Service
    page_url: str
    published: Published
    started: float  #: `time.monotonic()`

    @property
    def cast(self) -> str:
        """Who speaks, in a sentence: devices, makers, network servers."""
        registry = self.service.registry
        hardware = [one for device in registry.devices.values() for one in device.installations]
        makers = sorted({one.type.manufacturer for one in hardware})
        servers = [broker.name for broker in self.service.core.settings.brokers]
        return (
            f"{len(registry.devices)} places with sensors of {len(makers)} makers ({', '.join(makers)})"
            f" on {len(servers)} network servers ({', '.join(servers)})"
        )

    def figures(self) -> dict[str, int]:
        """What `messnetz demo --json` prints: the publisher's own count and the terms of both identities."""
        return {"published": self.published.total, **figures(self.service)}

    def broken(self) -> list[str]:
        """The identities that do not hold now."""
        return identities(self.service.core.counts, gauges(self.service.core, self.service.sources))


@contextlib.asynccontextmanager
async def demo() -> AsyncIterator[Demo]:
    """Start everything on loopback with a state folder that is gone afterwards; subscribed when it yields."""
    async with contextlib.AsyncExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="messnetz-demo-")))
        host, port = await stack.enter_async_context(embedded_broker())
        service = await stack.enter_async_context(running(_settings(state, host, port)))
        page = create_page(service.store, lambda: service.registry, simulated=True)
        page_port = await _serve_page(stack, page)
        while not all(source.connected for source in service.sources):  # noqa: ASYNC110  once, at the start
            await asyncio.sleep(0.01)
        yield Demo(service, f"http://127.0.0.1:{page_port}/", Published(), time.monotonic())


async def play(demo: Demo, *, rate: float, seconds: float | None, seed: int) -> None:
    """Let the city speak for so long (None: for ever), then wait until all of it has arrived and is written.

    Raises `CommandFailed` if something is still missing after a minute.
    """
    broker = demo.service.core.settings.brokers[0]
    await simulate(
        load_registry(demo.service.core.settings),
        f"mqtt://{broker.host}:{broker.port}",
        rate=rate,
        seconds=seconds,
        seed=seed,
        past_hours=PAST_HOURS,
        published=demo.published,
    )
    deadline = time.monotonic() + SETTLE_S
    while not _settled(demo):
        if time.monotonic() > deadline:
            raise CommandFailed(f"not all of it arrived within {SETTLE_S:.0f} s: {demo.figures()}")
        await asyncio.sleep(0.05)


def _settled(demo: Demo) -> bool:
    now = demo.figures()
    return now["received"] >= now["published"] and now["in_flight"] == 0 and now["lines_waiting"] == 0


def _settings(state: Path, host: str, port: int) -> Settings:
    config = _shipped_config()
    return Settings(
        store="embedded",
        brokers=tuple(
            Broker(name=name, format=name, host=host, port=port, topics=topics, client_id=f"demo-{name}")
            for name, topics in _SERVERS.items()
        ),
        devices=config / "devices",
        types=config / "types",
        state=state,
        operators=Operators(port=0),
    )


def _shipped_config() -> Path:
    """The city that comes with Messnetz: in a checkout, or where a wheel put it."""
    places = (
        Path(ingest.__file__).parent.parent / "config" / "sample",
        Path(sys.prefix) / "share" / "messnetz" / "sample",
    )
    for place in places:
        if (place / "devices" / "giessen.yaml").is_file():
            return place
    raise CommandFailed(
        f"the demo's city is missing: no devices/giessen.yaml in {' or '.join(map(str, places))}",
        hint="run it from a checkout, or install Messnetz again",
    )


async def _serve_page(stack: contextlib.AsyncExitStack, page: object) -> int:
    try:
        return await stack.enter_async_context(serve(page, port=PAGE_PORT))  # type: ignore[arg-type]
    except SettingsError:  # somebody else is on that port
        return await stack.enter_async_context(serve(page, port=0))  # type: ignore[arg-type]
