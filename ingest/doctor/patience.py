"""Waiting for what may hang (names, sockets, brokers), in threads that nobody waits for at the end."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")

#: For a name, a connection, a handshake, one answer.
PATIENCE_S = 5.0


async def in_thread(work: Callable[[], T], seconds: float) -> T:
    """What `work` gives, in a thread of its own; raises `TimeoutError` after so long and leaves it behind.

    A pool would be waited for at the end of the process; a daemon is not.
    """
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001  it is raised where it is awaited
            done.set_exception(error)

    threading.Thread(target=run, name="doctor", daemon=True).start()
    return await asyncio.wait_for(asyncio.wrap_future(done), seconds)
