"""`messnetz devices`: what is registered, and who speaks without being registered. One file a command."""

import typer

from devices.language import say
from ingest.cli.devices import (
    add,
    ignore,
    importing,
    listing,
    move,
    period,
    reloading,
    retire,
    schema,
    show,
    swap,
    unknown,
    watching,
)

app = typer.Typer(help=say("The registered devices, and those nobody registered."), no_args_is_help=True)
app.command("list", help=listing.HELP)(listing.list_devices)
app.command("show", help=show.HELP)(show.show)
app.command("add", help=add.HELP)(add.add)
app.command("import", help=importing.HELP)(importing.import_devices)
app.command("swap", help=swap.HELP)(swap.swap)
app.command("move", help=move.HELP)(move.move)
app.command("retire", help=retire.HELP)(retire.retire)
app.command("maintenance", help=period.MAINTENANCE)(period.maintenance)
app.command("flag", help=period.FLAG)(period.flag)
app.command("watch", help=watching.HELP)(watching.watch)
app.command("unknown", help=unknown.HELP)(unknown.unknown)
app.command("ignore", help=ignore.HELP)(ignore.ignore)
app.command("reload", help=reloading.HELP)(reloading.reload)
app.command("schema", help=schema.HELP)(schema.schema)
