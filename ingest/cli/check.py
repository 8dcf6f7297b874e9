"""`messnetz check`: settings, files they name, types and registry, for technicians and for CI."""

import typer

from devices.language import say
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json
from ingest.registry_files import load_registry
from ingest.settings_file import missing_files

HELP = say(
    "Check the settings with the files they name, the device types and the registry; nothing is started.\n\n"
    "Every complaint is one line, `file:line: device: what is wrong`. Exits with 1 if there is one."
)


def check(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Check settings, types and registry."""
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
            say(
                "Devices: {devices}, known types: {types}, complaints: {complaints}",
                devices=len(registry.devices),
                types=len(registry.types),
                complaints=len(complaints),
            )
        )
    if complaints:
        raise typer.Exit(1)
