"""`messnetz simulate`: believable uplinks of the registered devices."""

import asyncio
import contextlib
from typing import Annotated

import typer

from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json
from ingest.registry_files import load_registry


def simulate(
    broker: Annotated[
        str, typer.Option("--broker", help="Where to publish: mqtt://\\[user:password@]host\\[:port]")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    rate: Annotated[float, typer.Option("--rate", min=0.01, help="Uplinks a second.")] = 5.0,
    seconds: Annotated[float | None, typer.Option("--seconds", min=0.1, help="Stop after this long.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same city.")] = 1,
    json: JsonOption = False,
) -> None:
    """Publish believable uplinks of the registered devices to a broker.

    It uses a random client id and a clean session, so that it disturbs no service. Ctrl-C stops it.
    """
    from ingest import simulator  # noqa: PLC0415  only this command needs it

    registry = load_registry(load_settings(config))
    published = simulator.Published()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            simulator.simulate(registry, broker, rate=rate, seconds=seconds, seed=seed, published=published)
        )
    if json:
        print_json({"published": published.total, **published.kinds})
    else:
        typer.echo(f"published {published.total} messages to {broker.rpartition('@')[2]}")
