"""`messnetz codec`: one JavaScript codec, run as the service runs it."""

import json as text
from pathlib import Path
from typing import Annotated, Any

import typer

from devices import answer, timestamp
from devices.language import say
from ingest.cli.common import JsonOption, print_json
from ingest.scripts import run_codec
from ingest.scripts.said import as_json, refused

HELP = say(
    "Show what a JavaScript codec makes of a payload, contained as in the service.\n\n"
    "The file is a maker's own: LoRa Alliance TS013 (decodeUplink), or the older Decode or Decoder. Exits"
    " with 1 if it gives no result.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz codec run em500-udl.js --port 85 01 75 5c 03 82 1e 00\n"
    "  messnetz codec run dl-pr26.js --port 1 --variable Pmax=3 --json 02016700038000601b0c7f"
)

app = typer.Typer(help=say("JavaScript codecs of the sensors' makers."), no_args_is_help=True)


@app.command("run", help=HELP)
def run(
    file: Annotated[Path, typer.Argument(metavar="FILE.js", help=say("The codec."))],
    payload: Annotated[
        list[str],
        typer.Argument(metavar="HEX", help=say("The payload in hex digits, with or without spaces.")),
    ],
    port: Annotated[int, typer.Option("--port", min=0, max=255, help=say("The uplink's port (f_port)."))],
    variable: Annotated[
        list[str] | None,
        typer.Option("--variable", help=say("What the codec asks for, as Pmax=3; repeatable.")),
    ] = None,
    time: Annotated[
        str | None,
        typer.Option("--time", help=say("When it was received, as 2026-03-01T12:00:00Z; now, if left out.")),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show what a JavaScript codec makes of a payload."""
    try:
        variables, time_ns = dict(map(answer.pair, variable or ())), _time(time)
    except ValueError as error:
        said = as_json(refused("codec_failed", error.args[0]))
    else:
        said = run_codec(file, " ".join(payload), port, variables=variables, time_ns=time_ns)
    if json:
        typer.echo(text.dumps(said, ensure_ascii=False, separators=(",", ":")))
    else:
        _print(said)
    if said["errors"]:
        raise typer.Exit(1)


def _time(said: str | None) -> int | None:
    try:
        return None if said is None else timestamp.parse(said)
    except ValueError:
        raise ValueError(say("{text} is no time: write it as 2026-03-01T12:00:00Z", text=said)) from None


def _print(said: dict[str, Any]) -> None:
    if said["data"] is not None:
        print_json(said["data"])
    for words in said["warnings"]:
        typer.secho(say("warning: {words}", words=words), fg="yellow", err=True)
    for words in said["errors"]:
        typer.secho(say("error: {words}", words=words), fg="red", err=True)
