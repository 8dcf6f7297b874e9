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

    It speaks as the network servers that the settings name, so its user must be one who may publish for them.
    It uses a random client id and a clean session, so that it disturbs no service. Ctrl-C stops it.
    """
    from ingest import simulator  # noqa: PLC0415  only this command needs it

    settings = load_settings(config)
    registry = load_registry(settings)
    formats = {one.format for one in settings.brokers}
    servers = () if "auto" in formats else formats
    published = simulator.Published()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            simulator.simulate(
                registry, broker, rate=rate, seconds=seconds, seed=seed, servers=servers, published=published
            )
        )
    if json:
        print_json({"published": published.total, **published.kinds})
    else:
        typer.echo(f"published {published.total} messages to {broker.rpartition('@')[2]}")
