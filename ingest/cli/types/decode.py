"""`messnetz types decode`: what a type makes of one payload or decoded object."""

import time
from typing import Annotated, Any

import typer

from devices import answer, examples
from devices.examples import Run
from devices.language import say
from devices.quantity import CATALOGUE
from devices.reading import Flag, Reading, Value
from devices.type import DeviceType
from devices.type_file import Example
from devices.unit import symbol
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    load_settings,
    local_time,
    print_json,
    print_table,
)
from ingest.cli.types.choice import one_type, read_object, run_script, usable
from ingest.errors import CommandFailed

HELP = say(
    "Show what a type makes of a payload: the decoded object, and the readings with their units.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz types decode milesight-em500-udl --port 85 01755c03821e00\n"
    "  messnetz types decode decentlab-dl-pr26 --port 1 --variable Pmax=3 02016700038000601b0c7f\n"
    """  messnetz types decode milesight-em500-udl --decoded '{{"distance": 30}}'"""
)


def decode(
    name: Annotated[str, typer.Argument(metavar="TYPE", help=say("Id of the type, or its file."))],
    payload: Annotated[
        list[str] | None,
        typer.Argument(metavar="[HEX]", help=say("The payload in hex digits, with or without spaces.")),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    port: Annotated[int, typer.Option("--port", min=0, max=255, help=say("The uplink's port (f_port)."))] = 1,
    decoded: Annotated[
        str | None,
        typer.Option("--decoded", help=say("The network server's decoded object, as JSON, instead.")),
    ] = None,
    variable: Annotated[
        list[str] | None,
        typer.Option("--variable", help=say("What the codec asks for, as Pmax=3; repeatable.")),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show what a type makes of one payload or decoded object."""
    known = usable(one_type(load_settings(config), name))
    if known.compiled is None:
        raise TypeError(name)
    digits = " ".join(payload or ()) or None
    if (digits is None) == (decoded is None):
        raise CommandFailed(
            say("say either a payload in hex digits or --decoded with a JSON object"),
        )
    _check_codec(known.compiled, digits)
    try:
        variables = dict(map(answer.pair, variable or ()))
        octets = None if digits is None else _hex(digits)
    except ValueError as error:
        raise CommandFailed(error.args[0]) from None
    uplink = Example(
        source="",
        port=port,
        payload=octets,
        decoded=None if decoded is None else read_object(decoded.encode()),
        time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        variables=variables,
        readings=(),
    )
    run = examples.run(known.compiled, uplink, run_script)
    if json:
        print_json(_described(run))
    else:
        _print(run)
    if run.refused is not None:
        raise typer.Exit(1)


def _check_codec(kind: DeviceType, payload: str | None) -> None:
    if kind.codec == "lns" and payload is not None:
        raise CommandFailed(
            say("the payload of {type} is decoded by the network server, not here", type=kind.id),
            hint=say("give its decoded object with --decoded"),
        )


def _hex(text: str) -> str:
    from ingest.scripts.bulk import read_hex  # noqa: PLC0415  loads what runs scripts

    return read_hex(text).hex()


def _print(run: Run) -> None:
    if run.decoded is not None:
        print_json(run.decoded)
    print_table(
        say("{count} readings", count=len(run.readings)),
        (
            say("measurement"),
            say("tags"),
            say("quantity"),
            say("value"),
            say("unit"),
            say("quality"),
            say("time"),
        ),
        [_row(reading, value) for reading in run.readings for value in reading.values],
    )
    for said in (*run.warnings, *run.complaints):
        typer.echo(said)
    if run.refused is not None:
        typer.secho(run.refused.args[0], fg="red", err=True)
        if run.refused.hint:
            typer.echo(f"  {say('what to do')}: {run.refused.hint}", err=True)


def _row(reading: Reading, value: Value) -> tuple[str, ...]:
    return (
        reading.measurement,
        ", ".join(f"{name}={tag}" for name, tag in reading.tags),
        value.field,
        str(value.value),
        symbol(CATALOGUE[value.field].unit),
        quality(value.flag),
        local_time(reading.time_ns),
    )


def quality(flag: Flag) -> str:
    """What a flag means."""
    words = {
        Flag.GOOD: say("plausible"),
        Flag.NOT_EVALUATED: say("not checked"),
        Flag.SUSPECT: say("doubtful"),
        Flag.FAIL: say("not valid"),
    }
    return words[flag]


def _described(run: Run) -> dict[str, Any]:
    return {
        "decoded": run.decoded,
        "readings": [
            {
                "measurement": reading.measurement,
                "tags": dict(reading.tags),
                "time_ns": reading.time_ns,
                "interval_s": reading.interval_s,
                "values": {
                    value.field: {
                        "value": value.value,
                        "unit": CATALOGUE[value.field].unit,
                        "flag": int(value.flag),
                    }
                    for value in reading.values
                },
            }
            for reading in run.readings
        ],
        "warnings": list(run.warnings),
        "complaints": list(run.complaints),
        "refused": None if run.refused is None else str(run.refused),
    }
