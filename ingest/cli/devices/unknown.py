"""`messnetz devices unknown`: who speaks without being registered, and what it may be."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

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
from ingest.cli.devices.changing import print_lines
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
FIELDS = 3


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
    if wanted is not None and found:
        _print_one(found[0])
    else:
        _print_table(found, there)
    if found:
        typer.echo(
            say("Register one:  messnetz devices add --from-unknown {address}", address=found[0].address)
        )
        typer.echo(say("Not ours:      messnetz devices ignore {address}", address=found[0].address))
    print_more(there - len(rows))


def _print_table(found: Sequence[Stranger], there: int) -> None:
    columns = [say("DevEUI or name"), say("messages"), say("first"), say("last"), say("says"), say("may be")]
    rows = [
        (one.address, str(one.messages), _minute(one.first_ns), _minute(one.last_ns), _said(one), _best(one))
        for one in found
    ]
    print_table(say("{count} unknown", count=there), columns, rows)
    for one in found:
        if not one.is_new:
            typer.echo(f"{one.address}: {one.reason}")


def _print_one(one: Stranger) -> None:
    """All that is known of one sender."""
    lines = [
        (say("DevEUI or name"), one.address),
        (say("messages"), str(one.messages)),
        (say("first"), local_time(one.first_ns)),
        (say("last"), local_time(one.last_ns)),
        (say("why it is unknown"), one.reason),
        (say("says"), ", ".join(one.fields) or _payloads(one)),
    ]
    for fit in one.fits:
        left = ", ".join(fit.left_over)
        said = say("{found} of {wanted} values", found=fit.found, wanted=fit.wanted)
        more = say("; not asked for: {names}", names=left) if left else ""
        lines.append(
            (say("may be"), f"{fit.type.id} ({fit.type.manufacturer} {fit.type.model}): {said}{more}")
        )
    print_lines(lines)


def _minute(time_ns: int) -> str:
    return local_time(time_ns)[:16]


def _said(one: Stranger) -> str:
    """Some of the fields of its decoded objects, else port and length of its payloads."""
    names = list(dict.fromkeys(name.removesuffix(".value") for name in one.fields))
    more = say(" and {count} more", count=len(names) - FIELDS) if len(names) > FIELDS else ""
    return f"{', '.join(names[:FIELDS])}{more}" if names else _payloads(one)


def _payloads(one: Stranger) -> str:
    return ", ".join(
        say("port {port}: {length} bytes", port=port, length=length) for port, length in one.payloads
    )


def _best(one: Stranger) -> str:
    if not one.fits:
        return say("no type known here")
    best = one.fits[0]
    return f"{best.type.id} ({best.found}/{best.wanted})"


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
