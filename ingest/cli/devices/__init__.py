"""`messnetz devices`: what is registered, and who speaks without being registered. One file a command."""

import typer

from ingest.cli.devices import listing, reloading, unknown

app = typer.Typer(help="The registered devices, and those nobody registered.", no_args_is_help=True)
app.command("list")(listing.list_devices)
app.command("unknown")(unknown.unknown)
app.command("reload")(reloading.reload)
