"""`messnetz devices unknown`: who speaks without being registered."""

from typing import Annotated

import typer

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
