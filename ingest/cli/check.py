"""`messnetz check`: settings, files they name, types and registry, for technicians and for CI."""

import typer

from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json
from ingest.registry_files import load_registry
from ingest.settings_file import missing_files


def check(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Check the settings with the files they name, the device types and the registry; nothing is started.

    Every complaint is one line, `file:line: device: what is wrong`. Exits with 1 if there is one.
    """
    settings = load_settings(config)
    registry = load_registry(settings)
    complaints = (*missing_files(config, settings), *registry.complaints)
    if json:
        print_json(
            {
                "devices": len(registry.devices),
                "types": len(registry.types),
                "complaints": [
                    {"file": c.file, "line": c.line, "device": c.device, "message": c.message}
                    for c in complaints
                ],
            }
        )
    else:
        for complaint in complaints:
            typer.echo(str(complaint), err=True)
        typer.echo(
            f"{len(registry.devices)} devices of {len(registry.types)} known types,"
            f" {len(complaints)} complaint{'' if len(complaints) == 1 else 's'}"
        )
    if complaints:
        raise typer.Exit(1)
