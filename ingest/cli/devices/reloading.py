"""`messnetz devices reload`: the running service reads the registry's files now."""

from typing import Annotated

import typer

from devices.language import say
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    ask_service,
    load_settings,
    print_json,
)

HELP = say(
    "Let the running service read the registry's files now (it also does so by itself on every change).\n\n"
    "A reload that would remove more than 10 devices and 10 % of them waits for --confirm.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz devices reload"
)


def reload(
    config: ConfigOption = DEFAULT_CONFIG,
    confirm: Annotated[
        bool, typer.Option("--confirm", help=say("Also when it removes many devices."))
    ] = False,
    json: JsonOption = False,
) -> None:
    """Let the running service read the registry's files now."""
    answer = ask_service(load_settings(config), "POST", "/devices/reload", {"confirm": confirm})
    if json:
        print_json(answer)
    else:
        for complaint in answer["complaints"]:
            typer.echo(complaint, err=True)
        figures = {name: answer[name] for name in ("devices", "changed", "removed")}
        if answer["waiting"]:
            typer.echo(
                say(
                    "It would remove {removed} of {devices} devices: the old registry stays in force."
                    " If that is meant: messnetz devices reload --confirm",
                    **figures,
                )
            )
        else:
            typer.echo(say("Devices: {devices}, addresses changed: {changed}, removed: {removed}", **figures))
    if answer["waiting"]:
        raise typer.Exit(1)
