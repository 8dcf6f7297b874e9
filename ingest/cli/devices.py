"""`messnetz devices`: what is registered, and who speaks without being registered."""

from typing import Annotated, Any

import typer

from ingest import spool_read
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    ask_service,
    load_settings,
    local_time,
    print_json,
    print_more,
    print_table,
)
from ingest.registry_files import load_registry

app = typer.Typer(help="The registered devices, and those nobody registered.", no_args_is_help=True)


@app.command("list")
def list_devices(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """List the registered devices as the files stand now."""
    registry = load_registry(load_settings(config))
    devices = sorted(registry.devices.values(), key=lambda device: device.id)
    if json:
        print_json([_describe(device) for device in devices])
        return
    print_table(
        f"{len(devices)} devices",
        ("device", "site", "type", "address"),
        [(d.id, d.site, d.installations[-1].type.id, d.installations[-1].address) for d in devices],
    )
    for complaint in registry.complaints:
        typer.secho(str(complaint), fg="red", err=True)


def _describe(device: Any) -> dict[str, Any]:
    return {
        "id": device.id,
        "site": device.site,
        "municipality": device.municipality,
        "district": device.district,
        "lat": device.lat,
        "lon": device.lon,
        "file": device.file,
        "line": device.line,
        "installations": [
            {"address": i.address, "type": i.type.id, "from_ns": i.begin_ns, "until_ns": i.end_ns}
            for i in device.installations
        ],
    }


@app.command("unknown")
def unknown(
    config: ConfigOption = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most this many, the loudest first.")] = 50,
    json: JsonOption = False,
) -> None:
    """List who speaks but is not registered: their messages wait in the quarantine and are replayed once
    they are registered, from the date of their installation on.
    """
    state = load_settings(config).state
    rows, there = spool_read.kept_summary(state, outcome="quarantined", limit=limit)
    if json:
        print_json(
            [
                {
                    "address": r.address,
                    "messages": r.count,
                    "first_ns": r.first_ns,
                    "last_ns": r.last_ns,
                    "reason": r.detail,
                }
                for r in rows
            ]
        )
        print_more(there - len(rows), err=True)
        return
    print_table(
        f"{there} unknown",
        ("DevEUI or name", "messages", "first", "last", "why"),
        [(r.address, str(r.count), local_time(r.first_ns), local_time(r.last_ns), r.detail) for r in rows],
    )
    print_more(there - len(rows))


@app.command("reload")
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
