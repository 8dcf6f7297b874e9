import asyncio
import itertools
import signal
import socket
import stat
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ingest.counts import Counts
from ingest.errors import SettingsError
from ingest.http import serve
from ingest.operators import create_operators
from ingest.seams import Outcome
from tests.gauges import QUIET

NO_BROKER = "main: no answer from localhost:1883"
NO_STORE = "the store cannot take lines: connection refused"


class Service:
    """What the operators' address looks at; tests change it."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.gauges = QUIET
        self.troubles: list[str] = []

    def create(self) -> Starlette:
        return create_operators(self.counts, lambda: self.gauges, lambda: self.troubles)


Get = Callable[..., Awaitable[tuple[int, str, str]]]


def ask(service: Service, what: Callable[[Get], Awaitable[None]]) -> None:
    """Run `what` with a function that gets a path: status, content type, body."""

    async def main() -> None:
        async with serve(service.create()) as port, aiohttp.ClientSession() as session:

            async def get(path: str, accept: str = "*/*") -> tuple[int, str, str]:
                url = f"http://127.0.0.1:{port}{path}"
                async with session.get(url, headers={"Accept": accept}) as answer:
                    return answer.status, answer.headers["Content-Type"], await answer.text()

            await what(get)

    asyncio.run(main())


def test_healthz_is_well_while_the_loop_turns_whatever_else_is_wrong() -> None:
    service = Service()
    service.troubles = [NO_BROKER]

    async def what(get: Get) -> None:
        assert (await get("/healthz"))[0] == 200

    ask(service, what)


def test_readyz_tells_people_and_machines_that_it_is_ready() -> None:
    async def what(get: Get) -> None:
        assert await get("/readyz") == (200, "text/plain; charset=utf-8", "ready\n")
        status, _, body = await get("/readyz", "application/json")
        assert (status, body) == (200, '{"ready":true,"reasons":[]}')

    ask(Service(), what)


def test_readyz_tells_every_reason_and_gets_well_again() -> None:
    service = Service()

    async def what(get: Get) -> None:
        service.troubles = [NO_BROKER, NO_STORE]
        status, _, body = await get("/readyz")
        assert (status, body.splitlines()) == (503, [NO_BROKER, NO_STORE])
        status, _, body = await get("/readyz", "application/json")
        assert status == 503
        assert body == f'{{"ready":false,"reasons":["{NO_BROKER}","{NO_STORE}"]}}'
        service.troubles = []
        assert (await get("/readyz"))[0] == 200

    ask(service, what)


def test_metrics_come_as_text_or_open_metrics_as_the_reader_asks() -> None:
    async def what(get: Get) -> None:
        _, kind, body = await get("/metrics")
        assert kind.startswith("text/plain")
        assert list(text_string_to_metric_families(body))
        _, kind, body = await get("/metrics", "application/openmetrics-text;version=1.0.0")
        assert kind.startswith("application/openmetrics-text")
        families = list(openmetrics.text_string_to_metric_families(body))  # type: ignore[no-untyped-call]
        assert families

    ask(Service(), what)


def test_an_unknown_path_is_not_found() -> None:
    async def what(get: Get) -> None:
        assert (await get("/"))[0] == 404

    ask(Service(), what)


def test_the_identities_hold_at_every_scrape_under_load() -> None:
    service = Service()
    outcomes = itertools.cycle(Outcome)

    async def load() -> None:
        """As the intake does it: no step leaves the loop with half of its figures changed."""
        while True:
            service.counts.received["main"] += 5
            service.counts.lines_spooled += 3
            now = replace(service.gauges, in_flight=service.gauges.in_flight + 5)
            service.gauges = replace(now, lines_waiting=now.lines_waiting + 3)
            await asyncio.sleep(0)
            for _ in range(4):
                service.counts.outcomes[next(outcomes)] += 1
            service.counts.lines_written += 2
            now = replace(service.gauges, in_flight=service.gauges.in_flight - 4)
            service.gauges = replace(now, lines_waiting=now.lines_waiting - 2)
            await asyncio.sleep(0)

    async def what(get: Get) -> None:
        loading = asyncio.create_task(load())
        seen = set()
        for _ in range(30):
            sums = _sums((await get("/metrics"))[2])
            seen.add(sums["messnetz_messages_received_total"])
            in_flight = sums["messnetz_messages_in_flight"]
            assert sums["messnetz_messages_received_total"] == (
                sums["messnetz_messages_settled_total"] + in_flight
            )
            assert sums["messnetz_lines_spooled_total"] == (
                sums["messnetz_lines_written_total"] + sums["messnetz_lines_waiting"]
            )
        assert len(seen) > 1
        loading.cancel()

    ask(service, what)


def _sums(text: str) -> dict[str, float]:
    sums: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            sums[sample.name] = sums.get(sample.name, 0) + sample.value
    return sums


async def _hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


HELLO = Starlette(routes=[Route("/", _hello)])


def test_a_unix_socket_is_for_its_owner_alone_and_replaces_a_stale_one(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))

    async def main() -> None:
        async with serve(HELLO, uds=path) as port:
            assert port == 0
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            connector = aiohttp.UnixConnector(str(path))
            async with (
                aiohttp.ClientSession(connector=connector) as session,
                session.get("http://x/") as answer,
            ):
                assert await answer.text() == "hello"

    asyncio.run(main())
    assert not path.exists()


def test_serving_takes_no_signals() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    async def main() -> dict[Any, Any]:
        async with serve(HELLO):
            return {number: signal.getsignal(number) for number in before}

    # asyncio.run sets SIGINT itself, so a loop without a runner shows what serving does.
    loop = asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(main()) == before
    finally:
        loop.close()


def test_two_applications_serve_in_one_loop_and_a_taken_port_is_told() -> None:
    async def main() -> None:
        async with serve(HELLO) as first, serve(HELLO) as second:
            assert first != second
            with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1:{second}"):
                async with serve(HELLO, port=second):
                    pass

    asyncio.run(main())


def test_a_socket_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    async def main() -> None:
        async with serve(HELLO, uds=tmp_path / ("x" * 120)):
            pass

    with pytest.raises(SettingsError, match="cannot listen on"):
        asyncio.run(main())


def test_an_open_idle_connection_does_not_keep_it_from_stopping() -> None:
    async def main() -> None:
        async with serve(HELLO) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        assert b"hello" in await reader.read()
        writer.close()

    asyncio.run(main())
