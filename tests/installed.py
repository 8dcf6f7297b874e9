"""An installation without its service: settings and an embedded store in a folder, and what exports read."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ingest import settings_file
from ingest.registry_files import load_registry
from ingest.settings import Settings
from ingest.store.embedded import EmbeddedStore
from publish.export.ask import Ask
from publish.export.choose import choose
from publish.export.gather import gather, opened
from publish.export.series import Gathered


def install(folder: Path, file: str = "messnetz.yaml", **settings: Any) -> Path:
    """Make the folders and the file of settings; `settings` is what this has beside the ordinary."""
    for name in ("devices", "types", "state"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    broker = {"name": "street", "format": "chirpstack", "host": "localhost"}
    own = {"store": "embedded", "brokers": [broker], "state": "state"}
    config = folder / file
    config.write_text(json.dumps(own | settings), encoding="utf-8")  # JSON is YAML
    return config


def installed(folder: Path, devices: str) -> Settings:
    """An installation with this device file."""
    config = install(folder)
    (folder / "devices" / "giessen.yaml").write_text(devices, encoding="utf-8")
    return settings_file.load(config)


def store_lines(file: Path, lines: Iterable[bytes], now_ns: Callable[[], int] = time.time_ns) -> None:
    """Put lines into an embedded store, all of them."""

    async def write() -> None:
        store = EmbeddedStore(file, now_ns)
        assert await store.write(list(lines)) == []
        await store.close()

    asyncio.run(write())


def gathered(settings: Settings, spill: Path, now_ns: int, **ask: Any) -> Gathered:
    """What is read for an export, before it is shaped and written."""

    async def read() -> Gathered:
        chosen = choose(Ask(**ask), load_registry(settings), now_ns)
        async with opened(settings, chosen) as tables:
            return await gather(chosen, tables, spill, lambda *_: None)

    return asyncio.run(read())
