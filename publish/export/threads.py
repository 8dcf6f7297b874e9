"""Work beside the event loop that is never left running."""

import asyncio
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Stopped(Exception):
    """Nobody waits for what is being done any more."""


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns, from a thread. Cancelled, it waits until that is done: its files can go then."""
    return await in_stoppable_thread(lambda _: work(*args, **kwargs))


async def in_stoppable_thread(work: Callable[[Callable[[], None]], T]) -> T:
    """The same for long work, which is given what raises `Stopped` once cancelled, to be called often."""
    unwanted = threading.Event()

    def go_on() -> None:
        if unwanted.is_set():
            raise Stopped

    running = asyncio.ensure_future(asyncio.to_thread(work, go_on))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        unwanted.set()
        await asyncio.wait((running,))
        if not running.cancelled():
            running.exception()  # nobody else asks for it
        raise
