"""`messnetz check`: settings, types and registry, for technicians and for CI."""

import typer

from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json
from ingest.registry_files import load_registry


def check(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Check the settings, the device types and the registry without starting anything.

    Every complaint is one line, `file:line: device: what is wrong`. Exits with 1 if there is one.
    """
    registry = load_registry(load_settings(config))
    if json:
        print_json(
            {
                "devices": len(registry.devices),
                "types": len(registry.types),
                "complaints": [
                    {"file": c.file, "line": c.line, "device": c.device, "message": c.message}
                    for c in registry.complaints
                ],
            }
        )
    else:
        for complaint in registry.complaints:
            typer.echo(str(complaint), err=True)
        typer.echo(
            f"{len(registry.devices)} devices of {len(registry.types)} known types,"
            f" {len(registry.complaints)} complaint{'' if len(registry.complaints) == 1 else 's'}"
        )
    if registry.complaints:
        raise typer.Exit(1)
