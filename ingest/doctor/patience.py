"""Waiting for what may hang (names, sockets, brokers), in threads that nobody waits for at the end."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from ingest.daemon import in_daemon

T = TypeVar("T")

#: For a name, a connection, a handshake, one answer.
PATIENCE_S = 5.0


async def in_thread(work: Callable[[], T], seconds: float) -> T:
    """What `work` gives, in a thread of its own; raises `TimeoutError` after so long and leaves it behind."""
    return await asyncio.wait_for(in_daemon(work, "doctor"), seconds)
