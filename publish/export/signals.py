"""An end from outside that leaves nothing behind."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator

#: `kill`, a service manager's stop, and a terminal that is closed. SIGINT cancels without us (`asyncio.run`).
_ENDING = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Cancel the task within on SIGTERM or SIGHUP, and then end the process as they would have done it.

    Without a word where signals are not ours to take: outside of the main thread.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    received: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        received.append(number)
        if task is not None:
            task.cancel()

    taken = []
    with contextlib.suppress(RuntimeError, ValueError):
        for number in _ENDING:
            loop.add_signal_handler(number, end, number)
            taken.append(number)
    try:
        yield
    except asyncio.CancelledError:
        if received:
            raise SystemExit(128 + received[0]) from None
        raise
    finally:
        for number in taken:
            loop.remove_signal_handler(number)
