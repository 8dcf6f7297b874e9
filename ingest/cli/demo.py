"""`messnetz demo`: a whole city on one machine, no server needed."""

import asyncio
import contextlib
import json as json_library
import signal
import time
from typing import Annotated, Any

import typer

from ingest.cli.common import JsonOption
from ingest.cli.run import runner
from ingest.errors import CommandFailed


def demo(
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=1, help="End by itself after this long; else Ctrl-C ends it."),
    ] = None,
    rate: Annotated[float, typer.Option("--rate", min=0.1, max=1000, help="Uplinks a second.")] = 10.0,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same city.")] = 1,
    json: JsonOption = False,
) -> None:
    """Watch a simulated city's readings arrive: embedded broker, the real service, embedded store, a page.

    It begins with the last 24 hours, so that the page's chart has a day at once; nothing of it stays
    behind. With --json the last line is one object with the figures of both identities.
    """
    with runner() as loop:
        figures, broken = loop.run(_demo(seconds, rate, seed, quiet=json))
    if json:
        typer.echo(json_library.dumps(figures))
    if broken:
        raise CommandFailed("; ".join(broken))


async def _demo(
    seconds: float | None, rate: float, seed: int, *, quiet: bool
) -> tuple[dict[str, int], list[str]]:
    from rich.console import Console  # noqa: PLC0415

    from ingest import logs  # noqa: PLC0415
    from ingest.demo import demo, play  # noqa: PLC0415
    from ingest.settings import Log  # noqa: PLC0415
    from publish import terminal  # noqa: PLC0415

    logs.set_up(Log(level="error"))
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  a coroutine that runs has one
    playing: asyncio.Task[None] | None = None
    stop = asyncio.Event()

    def end() -> None:
        stop.set()
        if playing is None:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # so that the state folder goes too
        asyncio.get_running_loop().add_signal_handler(number, end)
    console = Console(stderr=quiet, highlight=False)
    async with demo() as running:
        console.print(f"The city's page: {running.page_url}", markup=False)
        console.print(running.cast, markup=False, soft_wrap=True)
        view = asyncio.create_task(terminal.show(lambda: _look(running, seconds), console))
        playing = asyncio.create_task(play(running, rate=rate, seconds=seconds, seed=seed))
        await _until(playing, stop)  # Ctrl-C ends the city's day, not the goodbye
        view.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await view
        last = await _look(running, seconds)
        console.print(terminal.line(last), markup=False, soft_wrap=True)
        return dict(last.figures), list(last.broken)


async def _until(task: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    """Return when the task is done or `stop` was set, then with the task ended; raises what it raised.

    It is cancelled until it ends: `asyncio.wait_for` of Python 3.11, which libraries use, may swallow one.
    """
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    while not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=0.5)
    with contextlib.suppress(asyncio.CancelledError):
        task.result()


async def _look(running: Any, seconds: float | None) -> Any:
    from publish.page import LATEST_NS  # noqa: PLC0415
    from publish.readings import everything  # noqa: PLC0415
    from publish.terminal import Snapshot  # noqa: PLC0415

    now_ns = time.time_ns()
    service = running.service
    found = await everything(service.store, service.registry, now_ns - LATEST_NS)
    return Snapshot(
        elapsed_s=time.monotonic() - running.started,
        seconds=seconds,
        figures=running.figures(),
        broken=running.broken(),
        latest=[entry for entries in found.values() for entry in entries],
        now_ns=now_ns,
        page_url=running.page_url,
    )
