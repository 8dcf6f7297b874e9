"""`messnetz run`: the service."""

import asyncio
import sys

from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, load_settings


def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Run the service: read uplinks from the brokers, write time series to the store.

    It starts with anything down and stays up; /readyz on the operators' address says what is missing.
    Stop it with Ctrl-C or SIGTERM: what is not written yet waits on the disk.
    """
    from ingest import app, logs  # noqa: PLC0415  loads every library the service needs; help should not

    settings = load_settings(config)
    logs.set_up(settings.log)
    with runner() as loop:
        loop.run(app.run(settings))


def runner() -> asyncio.Runner:
    """Asyncio's runner on uvloop, where there is one."""
    if sys.platform == "win32":
        return asyncio.Runner()
    import uvloop  # noqa: PLC0415  absent on Windows

    return asyncio.Runner(loop_factory=uvloop.new_event_loop)
