"""`messnetz types`: the models of sensors that can be read. One file a command."""

import typer

from devices.language import say
from ingest.cli.types import decode, listing, new, show, testing

app = typer.Typer(help=say("The models of sensors that can be read."), no_args_is_help=True)
app.command("list", help=listing.HELP)(listing.list_types)
app.command("show", help=show.HELP)(show.show)
app.command("new", help=new.HELP)(new.new)
app.command("test", help=testing.HELP)(testing.prove)
app.command("decode", help=decode.HELP)(decode.decode)
