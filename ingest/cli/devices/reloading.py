"""`messnetz devices reload`: the running service reads the registry's files now."""

from typing import Annotated

import typer

from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    ask_service,
    load_settings,
    print_json,
)


def reload(
    config: ConfigOption = DEFAULT_CONFIG,
    confirm: Annotated[bool, typer.Option("--confirm", help="Also when it removes many devices.")] = False,
    json: JsonOption = False,
) -> None:
    """Let the running service read the registry's files now (it also does so by itself on every change).

    A reload that would remove more than 10 devices and 10 % of them waits for --confirm.
    """
    answer = ask_service(load_settings(config), "POST", "/devices/reload", {"confirm": confirm})
    if json:
        print_json(answer)
    else:
        for complaint in answer["complaints"]:
            typer.echo(complaint, err=True)
        typer.echo(
            answer["waiting"]
            or f"{answer['devices']} devices, {answer['changed']} addresses changed,"
            f" {answer['removed']} removed"
        )
    if answer["waiting"]:
        raise typer.Exit(1)
