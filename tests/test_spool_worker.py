"""The spool's thread: order, errors, and callers who went away."""

import asyncio
import threading
from functools import partial

import pytest

from ingest.spool.worker import Worker


def test_calls_are_done_one_after_another_by_one_other_thread() -> None:
    worker = Worker("test")
    threads: set[int] = set()

    def number(n: int) -> int:
        threads.add(threading.get_ident())
        return n

    async def calls() -> list[int]:
        return await asyncio.gather(*(worker.call(partial(number, n)) for n in range(9)))

    assert asyncio.run(calls()) == list(range(9))
    assert worker.call_and_wait(lambda: number(9)) == 9
    worker.stop()
    assert len(threads - {threading.get_ident()}) == 1


def test_what_a_call_raises_is_its_callers_and_the_next_is_done() -> None:
    worker = Worker("test")

    async def calls() -> str:
        with pytest.raises(ZeroDivisionError):
            await worker.call(lambda: 1 // 0)
        return await worker.call(lambda: "done")

    with pytest.raises(ZeroDivisionError):
        worker.call_and_wait(lambda: 1 // 0)
    assert asyncio.run(calls()) == "done"
    worker.stop()


def test_a_call_is_done_though_its_caller_or_the_whole_loop_went_away() -> None:
    worker = Worker("test")
    gate = threading.Event()
    done: list[str] = []

    async def leave() -> None:
        worker.call(gate.wait)
        cancelled = worker.call(lambda: done.append("of a caller who left"))
        cancelled.cancel()

    async def wait() -> None:
        worker.call(lambda: done.append("before the stop"))
        gate.set()

    asyncio.run(leave())
    asyncio.run(wait())
    worker.stop()
    assert done == ["of a caller who left", "before the stop"]
