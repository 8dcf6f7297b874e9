"""`messnetz devices watch`: waits for the next uplink of a sensor and shows everything about it."""

import asyncio
import json as json_module
import math
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from devices import dev_eui, quality
from devices.complaint import did_you_mean
from devices.language import current, say
from devices.registry import Registry
from devices.unit import symbol
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    ask_service,
    load_settings,
    print_json,
    print_table,
)
from ingest.dial import CannotConnect
from ingest.errors import CommandFailed, NotRunning
from ingest.registry_files import load_registry
from ingest.settings import Settings

HELP = say(
    "Wait for the next uplink of a sensor and show what it said and what became of it.\n\n"
    "NAME is a place of the registry or a DevEUI, registered or not. With a service running it shows what the"
    " service made of it; else it listens at the brokers itself and stores nothing. Ctrl-C ends it.\n\n"
    "On a phone: the same stands on the operators' address under /watch.\n\n"
    "Example:  messnetz devices watch luft-marktplatz"
)
#: Seconds of one question to the service.
_TURN_S = 20.0


def watch(
    name: Annotated[str, typer.Argument(help=say("Place or DevEUI."), show_default=False)],
    config: ConfigOption = DEFAULT_CONFIG,
    count: Annotated[int, typer.Option("--count", min=1, help=say("So many uplinks, then end."))] = 1,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, help=say("Wait at most so long."))
    ] = None,
    json: JsonOption = False,
) -> None:
    settings = load_settings(config)
    deadline = math.inf if seconds is None else time.monotonic() + seconds
    if not json:
        _doubt(settings, name)
        typer.secho(say("Waiting for the next uplink of {name} ...", name=name), err=True)
        typer.secho(say("stop with Ctrl-C"), err=True, dim=True)
    shown = 0
    try:
        after_ns = time.time_ns()
        while shown < count and (said := _ask(settings, name, after_ns, deadline)) is not None:
            after_ns = said["arrival_ns"]
            _show(said, as_json=json)
            shown += 1
    except NotRunning:
        typer.secho(say("no service runs: listening at the brokers themselves"), err=True)
        shown = asyncio.run(_listen(settings, name, count, deadline, as_json=json))
    if shown < count:
        raise CommandFailed(
            say("no uplink came within {seconds} s", seconds=seconds),
            hint=say(
                "does it have power, and does a gateway hear it? `messnetz devices unknown` shows who speaks"
                " unregistered"
            ),
        )


def _doubt(settings: Settings, name: str) -> None:
    """Say that nothing of this name is known: a mistyped one would be waited for in vain."""
    try:
        dev_eui.read(name)
    except ValueError:
        registry = load_registry(settings)
        if name not in registry.devices and not registry.installations(name):
            near = did_you_mean(name, registry.devices)
            there_is_none = say("there is no place {device}{near}", device=name, near=near)
            typer.secho(there_is_none, fg="yellow", err=True)


def _ask(settings: Settings, name: str, after_ns: int, deadline: float) -> dict[str, Any] | None:
    while (left := deadline - time.monotonic()) > 0:
        asked = {"name": name, "after": after_ns, "seconds": min(left, _TURN_S), "lang": current()}
        said: dict[str, Any] | None = ask_service(settings, "GET", f"/watch?{urlencode(asked)}")
        if said is not None:
            return said
    return None


async def _listen(settings: Settings, name: str, count: int, deadline: float, *, as_json: bool) -> int:
    registry = load_registry(settings)
    shown = 0
    try:
        async with asyncio.timeout(None if math.isinf(deadline) else deadline - time.monotonic()):
            async with aclosing(_heard(settings, registry, name)) as heard:
                async for said in heard:
                    _show(said, as_json=as_json)
                    shown += 1
                    if shown == count:
                        break
    except TimeoutError:
        pass
    except CannotConnect as error:
        raise CommandFailed(
            say("a broker cannot be reached: {error}", error=error),
            hint=say("messnetz doctor says what to change"),
        ) from None
    return shown


async def _heard(settings: Settings, registry: Registry, name: str) -> AsyncGenerator[dict[str, Any], None]:
    from ingest.listen import listen  # noqa: PLC0415  loads what only this needs
    from ingest.scripts import ScriptWorker  # noqa: PLC0415  likewise
    from ingest.watch import Seen, describe, senders  # noqa: PLC0415  likewise

    _, addresses = senders(name, registry)
    scripts = ScriptWorker()
    try:
        async with aclosing(listen(settings, registry, scripts)) as messages:
            async for delivery, verdict in messages:
                if verdict.address in addresses:
                    yield describe(Seen(verdict.address, delivery, verdict), registry, current())
    finally:
        await scripts.close()


def _show(said: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(said)
        return
    colour = {"stored": "green", "rejected": "red", "quarantined": "yellow"}.get(said["outcome"])
    place = said["site"] or say("It is not registered.")
    words = _clock(said["arrival_ns"]), _outcome(said["outcome"]), said["address"], place
    typer.secho(f"\n{'  '.join(words)}", fg=colour)
    if said["detail"]:
        typer.echo(said["detail"])
    if said["payload"] is not None:
        port = say("port {port}", port=said["f_port"])
        typer.echo(f"{say('Payload')} ({port}): {said['payload']}")
    if said["decoded"] is not None:
        typer.echo(f"{say('Decoded object')}: {json_module.dumps(said['decoded'], ensure_ascii=False)}")
    if said["message"] is not None:
        typer.echo(f"{say('Message')}: {said['message']}")
    if said["radio"] is not None:
        typer.echo(f"{say('Radio')}: {_radio(said['radio'])}")
    if said["outcome"] == "quarantined":
        typer.echo(
            say("Register one:  messnetz devices add --from-unknown {address}", address=said["address"])
        )
    rows = [_row(reading, one) for reading in said["readings"] for one in reading["values"]]
    if rows:
        print_table(say("Readings"), (say("time"), say("quantity"), say("value"), say("quality")), rows)
    for one in said["complaints"]:
        typer.secho(f"{say('Complaints')}: {one}", fg="yellow")


def _outcome(outcome: str) -> str:
    words = {
        "stored": say("stored"),
        "rejected": say("rejected"),
        "quarantined": say("unknown device"),
        "duplicate": say("came twice"),
        "ignored": say("ignored"),
    }
    return words[outcome]


def _radio(radio: dict[str, Any]) -> str:
    parts = [f"{name} {radio[key]:g} {unit}" for name, key, unit in _RADIO if radio[key] is not None]
    if radio["spreading_factor"]:
        parts.append(f"SF{radio['spreading_factor']}")
    if radio["margin"] is not None:
        parts.append(say("{margin} dB to spare", margin=radio["margin"]))
    if radio["gateways"]:
        count = radio["gateways"]
        parts.append(say("1 gateway") if count == 1 else say("{count} gateways", count=count))
    return ", ".join([*parts, *radio["heard_by"]])


_RADIO = (("RSSI", "rssi", "dBm"), ("SNR", "snr", "dB"))


def _row(reading: dict[str, Any], one: dict[str, Any]) -> tuple[str, str, str, str]:
    tags = ", ".join(f"{name}={value}" for name, value in reading["tags"].items())
    flags = {1: say("plausible"), 2: say("not checked"), 3: say("doubtful"), 4: say("not valid")}
    name = f"{one['field']} ({tags})" if tags else one["field"]
    flag: str = flags[one["flag"]]
    if one["test"] is not None:
        flag = say("{flag}: {why}", flag=flag, why=quality.why(one["test"]))
    return _clock(reading["time_ns"]), name, f"{one['value']:.10g} {symbol(one['unit'])}".strip(), flag


def _clock(time_ns: int) -> str:
    return f"{datetime.fromtimestamp(time_ns // 1_000_000_000, UTC).astimezone():%H:%M:%S}"
