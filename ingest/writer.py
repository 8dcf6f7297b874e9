"""From the spool to the store: in order, one request at a time, until a line is written or a dead letter."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from ingest.group import DeadLetter
from ingest.line_protocol import parse
from ingest.seams import RefusedLine, Store, StoreUnavailable
from ingest.spool import Spool, SpoolBusy, Waiting

T = TypeVar("T")

#: A request of this many lines costs InfluxDB little more than one of a tenth of it.
BATCH_LINES = 2000
#: Compressed, it stays below the 1 MiB from which aiohttp wants a file instead of bytes.
BATCH_BYTES = 1024**2
#: How long a first line waits for company; a full batch waits for nothing.
LINGER_S = 0.5
#: Seconds between attempts: doubled from the first to the second figure, each shortened at random by up to
#: half, so that several services do not knock together.
BACK_OFF_S = (0.5, 30.0)
#: Seconds between attempts to read or settle while the disk takes nothing.
SPOOL_RETRY_S = 1.0
#: The longest a server may send us away with `Retry-After`.
RETRY_AFTER_S = 600.0


class WriterEvents(Protocol):
    """What happens to a writer; each is logged and counted in one place."""

    def written(self, lines: int, took_s: float) -> None:
        """So many lines are stored and off the spool; the store took so long to answer."""
        ...

    def dead(self, letters: Sequence[DeadLetter]) -> None:
        """These lines were refused by the store and are dead letters now."""
        ...

    def kept_dropped(self, dropped: Mapping[str, int]) -> None:
        """Dead letters gave way to newer ones, counted by budget."""
        ...

    def unavailable(self, message: str, took_s: float) -> None:
        """An attempt failed after so long; the lines wait. Called at each failed attempt."""
        ...

    def recovered(self, waited_s: float) -> None:
        """The store takes lines again after so many seconds."""
        ...


class Writer:
    """Writes what waits in the spool. `on_settled` is called when lines have left it.

    Nothing is ever dropped: a line leaves the spool when the store answered for it, in one transaction with
    the dead letters of its batch. After a failure the spool is read anew from the same line on.
    """

    def __init__(
        self,
        spool: Spool,
        store: Store,
        events: WriterEvents,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.on_settled: Callable[[], None] = lambda: None
        self._spool = spool
        self._store = store
        self._events = events
        self._sleep = sleep
        self._woken = asyncio.Event()
        self._woken.set()  # lines may wait from before the start
        self._failures = 0
        self._failing_since = 0.0
        self._store_trouble = ""
        self._spool_trouble = ""

    @property
    def trouble(self) -> str:
        """Why nothing can be written, as a sentence for `/readyz`; empty when it can."""
        return self._store_trouble or self._spool_trouble

    def wake(self) -> None:
        """There are new lines in the spool. Called after each commit."""
        self._woken.set()

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._woken.wait()
            await self._sleep(LINGER_S)
            self._woken.clear()
            while await self._write_batch():
                pass

    async def _write_batch(self) -> bool:
        """Write the oldest batch; whether to go on at once: another full one waits, or this one failed."""
        waiting = await self._insist(lambda: self._spool.read(BATCH_LINES, BATCH_BYTES))
        if waiting is None:
            return False
        began = time.monotonic()
        try:
            refused = await self._store.write(waiting.lines)
        except StoreUnavailable as error:
            await self._back_off(error, time.monotonic() - began)
            return True
        except Exception as error:  # noqa: BLE001  a fault of ours in a store must not end the service
            await self._back_off(_our_fault(error), time.monotonic() - began)
            return True
        took_s = time.monotonic() - began
        self._recovered()
        await self._settle(waiting, refused, took_s)
        if self._spool.waiting_lines:
            self._woken.set()
        return self._spool.waiting_lines >= BATCH_LINES

    async def _settle(self, waiting: Waiting, refused: Sequence[RefusedLine], took_s: float) -> None:
        letters = [_letter(waiting.lines[one.index], one) for one in refused]
        committed = await self._insist(lambda: self._spool.settle(waiting, refused, letters))
        self._events.written(len(waiting.lines) - len(letters), took_s)
        if letters:
            self._events.dead(letters)
            self._events.kept_dropped(committed.dropped)
        self.on_settled()

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Repeat a call of the spool until the disk takes it."""
        while True:
            try:
                value = await call()
            except SpoolBusy as error:
                self._spool_trouble = f"{error}: {error.hint}"
                await self._sleep(SPOOL_RETRY_S)
            else:
                self._spool_trouble = ""
                return value

    async def _back_off(self, error: StoreUnavailable, took_s: float) -> None:
        if not self._failures:
            self._failing_since = time.time()
        self._failures += 1
        self._store_trouble = _sentence(error, self._failing_since)
        self._events.unavailable(self._store_trouble, took_s)
        first, longest = BACK_OFF_S
        pause = min(longest, first * 2 ** min(self._failures - 1, 16)) * random.uniform(0.5, 1)  # noqa: S311  no secret
        await self._sleep(max(pause, min(error.retry_after_s or 0.0, RETRY_AFTER_S)))

    def _recovered(self) -> None:
        if self._failures:
            self._failures = 0
            self._store_trouble = ""
            self._events.recovered(time.time() - self._failing_since)


def _letter(line: bytes, refused: RefusedLine) -> DeadLetter:
    try:
        device = parse(line)[1].get("device", "")
    except ValueError:
        device = ""
    return DeadLetter(line, "refused", refused.reason, device, time.time_ns())


def _our_fault(error: Exception) -> StoreUnavailable:
    what = f"Messnetz failed on the store's answer ({type(error).__name__}: {error})"
    return StoreUnavailable(what, hint="please report this; the lines wait")


def _sentence(error: StoreUnavailable, since: float) -> str:
    begin = datetime.fromtimestamp(since).astimezone().isoformat(timespec="seconds")
    how = "holds all lines until somebody acts" if error.held else "cannot take lines"
    hint = f": {error.hint}" if error.hint else ""
    return f"the store {how} (since {begin}): {error}{hint}"
