"""`messnetz devices unknown`: who speaks without being registered, and what it may be."""

from typing import Annotated, Any

import typer

from devices.fit import Fit
from devices.language import say
from ingest import spool_read
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    load_settings,
    local_time,
    print_json,
    print_more,
    print_table,
)
from ingest.cli.devices.strangers import Stranger, look_into, normal
from ingest.registry_files import load_registry

HELP = say(
    "List who speaks but is not registered: since when, with which fields, and the types that would fit.\n\n"
    "Their messages wait in the quarantine and are replayed once they are registered, from the date of their"
    " installation on.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices unknown\n"
    "  messnetz devices unknown --address 70b3d57ba0000a1c\n"
    "then:\n"
    "  messnetz devices add --from-unknown 70b3d57ba0000a1c\n"
    "  messnetz devices ignore 70b3d57ba0000a1c"
)
#: Fields shown of a sender in the list; all of them when it is asked for alone.
FIELDS = 6


def unknown(
    config: ConfigOption = DEFAULT_CONFIG,
    address: Annotated[str, typer.Option("--address", help=say("Only this DevEUI or name."))] = "",
    limit: Annotated[
        int, typer.Option("--limit", min=1, help=say("At most this many, the loudest first."))
    ] = 50,
    json: JsonOption = False,
) -> None:
    """List who speaks but is not registered, and the types that would fit."""
    settings = load_settings(config)
    wanted = normal(address) if address else None
    rows, there = spool_read.kept_summary(settings.state, outcome="quarantined", address=wanted, limit=limit)
    registry = load_registry(settings)
    found = [look_into(settings, registry, row) for row in rows]
    if json:
        print_json([_describe(one) for one in found])
        print_more(there - len(rows), err=True)
        return
    many = FIELDS if len(found) > 1 else None
    print_table(
        say("{count} unknown", count=there),
        (
            say("DevEUI or name"),
            say("messages"),
            say("first"),
            say("last"),
            say("says"),
            say("may be"),
            say("why it is unknown"),
        ),
        [_row(one, many) for one in found],
    )
    print_more(there - len(rows))
    if found:
        typer.echo(
            say("Register one:  messnetz devices add --from-unknown {address}", address=found[0].address)
        )


def _row(one: Stranger, fields: int | None) -> tuple[str, ...]:
    return (
        one.address,
        str(one.messages),
        local_time(one.first_ns),
        local_time(one.last_ns),
        _said(one, fields),
        ", ".join(map(_fit, one.fits)) or say("no type known here"),
        one.reason,
    )


def _said(one: Stranger, fields: int | None) -> str:
    """The fields of its decoded objects, else port and length of its payloads."""
    if one.fields:
        more = "" if fields is None or len(one.fields) <= fields else ", …"
        return ", ".join(one.fields[:fields]) + more
    return ", ".join(
        say("port {port}: {length} bytes", port=port, length=length) for port, length in one.payloads
    )


def _fit(fit: Fit) -> str:
    return f"{fit.type.id} ({fit.found}/{fit.wanted})"


def _describe(one: Stranger) -> dict[str, Any]:
    return {
        "address": one.address,
        "messages": one.messages,
        "first_ns": one.first_ns,
        "last_ns": one.last_ns,
        "reason": one.reason,
        "fields": one.fields,
        "payloads": [{"port": port, "bytes": length} for port, length in one.payloads],
        "types": [
            {
                "type": fit.type.id,
                "found": fit.found,
                "wanted": fit.wanted,
                "left_over": list(fit.left_over),
                "decoded_by": "network server" if fit.decoded else "messnetz",
            }
            for fit in one.fits
        ],
    }
