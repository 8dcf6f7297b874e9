"""Taking turns: so many at once, a few more wait for a while, all others are told to come again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from devices.language import say
from publish.planners.refused import Refused

#: Who waits, at most, and for how many seconds.
WAITING = 20
PATIENCE_S = 60.0


class Slots:
    """`at_once` turns at a time."""

    def __init__(self, at_once: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._waiting = 0

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and have it; raises `Refused` (503) when there is none to be had."""
        if self._waiting >= WAITING:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._free.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


def _busy() -> Refused:
    return Refused(
        503,
        say("too many exports are being made at this moment"),
        hint=say("try again in a minute"),
        retry_after_s=60,
        ending="busy",
    )
