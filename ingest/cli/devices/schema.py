"""`messnetz devices schema`: the JSON Schema of the device files, for editors."""

import typer

from devices.device_file import DeviceFile
from devices.language import say
from ingest import config_docs

HELP = say(
    "Print the JSON Schema of the device files, which lets an editor complete and check them.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz devices schema > config/devices.schema.json"
)


def schema() -> None:
    """Print the JSON Schema of the device files."""
    typer.echo(config_docs.schema(DeviceFile), nl=False)
