"""`messnetz dead-letters`: lines the store will never take as they are."""

from typing import Annotated, Any

import typer

from ingest import spool_read
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    change,
    load_settings,
    local_time,
    print_json,
    print_more,
    print_table,
)
from ingest.spool import DeadFilter

app = typer.Typer(
    help="Lines that were refused for good, with the refuser's own words.", no_args_is_help=True
)

DeviceOption = Annotated[str | None, typer.Option("--device", help="Only of this device.")]
KindOption = Annotated[
    str | None, typer.Option("--kind", help="Only `refused` (by the store), `time` or `tag`.")
]
IdOption = Annotated[int | None, typer.Option("--id", help="Only this one.")]
AllOption = Annotated[bool, typer.Option("--all", help="Every one; needed when nothing else is named.")]


@app.command("list")
def list_dead(
    config: ConfigOption = DEFAULT_CONFIG,
    device: DeviceOption = None,
    kind: KindOption = None,
    id: IdOption = None,  # noqa: A002  the option's name
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="At most this many; lines the oldest first.")
    ] = 50,
    json: JsonOption = False,
) -> None:
    """List dead letters; without a filter, first a summary by device and reason."""
    state = load_settings(config).state
    chosen = DeadFilter(id=id, device=device, kind=kind)
    rows = spool_read.dead_letters(state, chosen, limit=limit)
    if json:
        print_json([_describe(row) for row in rows])
        return
    if chosen == DeadFilter():
        summary, there = spool_read.dead_summary(state, limit=limit)
        print_table(
            "By device and reason",
            ("device", "kind", "lines", "last", "reason"),
            [(r.device, r.kind, str(r.count), local_time(r.last_ns), r.reason) for r in summary],
        )
        print_more(there - len(summary))
    print_table(
        f"{'the oldest ' if len(rows) == limit else ''}{len(rows)} lines",
        ("id", "arrived", "device", "reason", "line"),
        [
            (str(r.id), local_time(r.arrival_ns), r.device, r.reason, r.line.decode("utf-8", "replace"))
            for r in rows
        ],
    )


def _describe(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "reason": row.reason,
        "device": row.device,
        "arrival_ns": row.arrival_ns,
        "line": row.line.decode("utf-8", "backslashreplace"),
    }


@app.command("replay")
def replay(
    config: ConfigOption = DEFAULT_CONFIG,
    device: DeviceOption = None,
    kind: KindOption = None,
    id: IdOption = None,  # noqa: A002  the option's name
    all_: AllOption = False,
    json: JsonOption = False,
) -> None:
    """Send dead letters to the store again, as they are; what it refuses again comes back here."""
    chosen = _chosen(device, kind, id, all_)
    answer = change(
        load_settings(config),
        "/dead-letters/replay",
        chosen,
        lambda core: _replay_here(core, chosen),
    )
    print_json(answer) if json else typer.echo(f"{answer['replayed']} lines wait for the store again")


async def _replay_here(core: Any, chosen: DeadFilter) -> dict[str, int]:
    return {"replayed": await core.spool.requeue_dead(chosen, core.events.requeued)}


@app.command("drop")
def drop(
    config: ConfigOption = DEFAULT_CONFIG,
    device: DeviceOption = None,
    kind: KindOption = None,
    id: IdOption = None,  # noqa: A002  the option's name
    all_: AllOption = False,
    json: JsonOption = False,
) -> None:
    """Forget dead letters for good."""
    chosen = _chosen(device, kind, id, all_)
    answer = change(
        load_settings(config), "/dead-letters/drop", chosen, lambda core: _drop_here(core, chosen)
    )
    print_json(answer) if json else typer.echo(f"dropped {answer['dropped']} lines")


async def _drop_here(core: Any, chosen: DeadFilter) -> dict[str, int]:
    return {"dropped": await core.spool.drop_dead(chosen)}


def _chosen(device: str | None, kind: str | None, id_: int | None, all_: bool) -> DeadFilter:
    chosen = DeadFilter(id=id_, device=device, kind=kind)
    if chosen == DeadFilter() and not all_:
        raise typer.BadParameter("name which ones (--id, --device, --kind), or say --all")
    return chosen
