"""A service without sources on a store of one's choice, within the test's own process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from ingest import app
from ingest.app import Core
from ingest.seams import Store
from ingest.settings import Broker, Settings
from ingest.writer import Writer


@contextlib.asynccontextmanager
async def sourceless(
    folder: Path, store: Store, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[tuple[Core, Writer]]:
    """Reads `folder/devices` and `folder/types` without complaints, and closes the store at the end."""
    for name in ("devices", "types"):
        (folder / name).mkdir(exist_ok=True)
    settings = Settings(
        store="embedded",
        brokers=(Broker(name="town", format="chirpstack", host="nowhere"),),
        devices=folder / "devices",
        types=folder / "types",
        state=folder / "state",
    )
    async with app.open_core(settings) as core:
        assert core.intake.registry.complaints == (), core.intake.registry.complaints[:3]
        writer = Writer(core.spool, store, core.events, sleep=sleep)
        core.intake.on_committed = writer.wake
        writing = asyncio.create_task(writer.run())
        try:
            yield core, writer
        finally:
            writing.cancel()
            await store.close()
