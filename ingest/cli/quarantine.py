"""`messnetz quarantine`: messages that were refused, kept whole until the mistake is mended."""

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
from ingest.seams import Outcome
from ingest.spool import KeptFilter

app = typer.Typer(
    help="Messages that were refused: of unknown devices (quarantined), or unreadable (rejected).",
    no_args_is_help=True,
)

AddressOption = Annotated[str | None, typer.Option("--address", help="Only of this DevEUI or name.")]
OutcomeOption = Annotated[str | None, typer.Option("--outcome", help="Only `quarantined` or `rejected`.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Only with this reason.")]
IdOption = Annotated[int | None, typer.Option("--id", help="Only this one.")]
AllOption = Annotated[bool, typer.Option("--all", help="Every one; needed when nothing else is named.")]


@app.command("list")
def list_kept(
    config: ConfigOption = DEFAULT_CONFIG,
    address: AddressOption = None,
    outcome: OutcomeOption = None,
    reason: ReasonOption = None,
    id: IdOption = None,  # noqa: A002  the option's name
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="At most this many; messages the oldest first.")
    ] = 50,
    json: JsonOption = False,
) -> None:
    """List refused messages with their reasons; without a filter, first a summary by sender and reason."""
    state = load_settings(config).state
    chosen = KeptFilter(id=id, address=address, outcome=outcome, reason=reason)
    rows = spool_read.kept(state, chosen, limit=limit)
    if json:
        print_json([_describe(row) for row in rows])
        return
    if chosen == KeptFilter():
        summary, there = spool_read.kept_summary(state, limit=limit)
        print_table(
            "By sender and reason",
            ("sender", "outcome", "reason", "messages", "last"),
            [
                (r.address or "(not readable)", r.outcome, r.reason, str(r.count), local_time(r.last_ns))
                for r in summary
            ],
        )
        print_more(there - len(summary))
    print_table(
        f"{'the oldest ' if len(rows) == limit else ''}{len(rows)} messages",
        ("id", "arrived", "sender", "topic", "reason", "detail"),
        [(str(r.id), local_time(r.arrival_ns), r.address, r.topic, r.reason, r.detail) for r in rows],
    )


def _describe(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "outcome": row.outcome,
        "reason": row.reason,
        "detail": row.detail,
        "source": row.source,
        "topic": row.topic,
        "address": row.address,
        "arrival_ns": row.arrival_ns,
        "time_ns": row.time_ns,
        "payload": row.payload.decode("utf-8", "backslashreplace"),
    }


@app.command("replay")
def replay(
    config: ConfigOption = DEFAULT_CONFIG,
    address: AddressOption = None,
    outcome: OutcomeOption = None,
    reason: ReasonOption = None,
    id: IdOption = None,  # noqa: A002  the option's name
    all_: AllOption = False,
    json: JsonOption = False,
) -> None:
    """Judge refused messages again, in the order of their own time; what is refused again stays."""
    chosen = _chosen(address, outcome, reason, id, all_)
    answer = change(
        load_settings(config),
        "/quarantine/replay",
        chosen,
        lambda core: _replay_here(core, chosen),
    )
    if json:
        print_json(answer)
    else:
        became = [f"{count} {outcome}" for outcome, count in answer.items() if count]
        typer.echo(f"replayed: {', '.join(became) or 'none'}")


async def _replay_here(core: Any, chosen: KeptFilter) -> dict[str, int]:
    from ingest.replay import replay as replay_kept  # noqa: PLC0415  part of the service

    outcomes = await replay_kept(core.intake, core.spool, chosen)
    return {outcome.value: outcomes[outcome] for outcome in Outcome}


@app.command("drop")
def drop(
    config: ConfigOption = DEFAULT_CONFIG,
    address: AddressOption = None,
    outcome: OutcomeOption = None,
    reason: ReasonOption = None,
    id: IdOption = None,  # noqa: A002  the option's name
    all_: AllOption = False,
    json: JsonOption = False,
) -> None:
    """Forget refused messages for good."""
    chosen = _chosen(address, outcome, reason, id, all_)
    answer = change(load_settings(config), "/quarantine/drop", chosen, lambda core: _drop_here(core, chosen))
    print_json(answer) if json else typer.echo(f"dropped {answer['dropped']} messages")


async def _drop_here(core: Any, chosen: KeptFilter) -> dict[str, int]:
    return {"dropped": await core.spool.drop_kept(chosen)}


def _chosen(
    address: str | None, outcome: str | None, reason: str | None, id_: int | None, all_: bool
) -> KeptFilter:
    chosen = KeptFilter(id=id_, address=address, outcome=outcome, reason=reason)
    if chosen == KeptFilter() and not all_:
        raise typer.BadParameter("name which ones (--id, --address, --outcome, --reason), or say --all")
    return chosen
