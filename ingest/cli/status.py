"""`messnetz status`: what the running service is doing."""

import typer

from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    ask_service,
    load_settings,
    print_json,
    print_table,
)


def status(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Ask the running service what it is doing. Exits with 1 if it is not ready, or not running."""
    answer = ask_service(load_settings(config), "GET", "/status")
    if json:
        print_json(answer)
    else:
        _print(answer)
    if not answer["ready"]:
        raise typer.Exit(1)


def _print(answer: dict) -> None:  # type: ignore[type-arg]  # it is JSON
    print_table(
        "Brokers",
        ("broker", "connected", "received", "of them QoS 0", "dropped"),
        [
            (
                s["name"],
                "yes" if s["connected"] else "no",
                str(s["received"]),
                str(s["qos0"]),
                str(s["dropped"]),
            )
            for s in answer["sources"]
        ],
    )
    messages = ("received", "stored", "duplicate", "quarantined", "rejected", "ignored", "in_flight")
    print_table("Messages", messages, [[str(answer[name]) for name in messages]])
    lines = ("lines_spooled", "lines_written", "lines_waiting", "lines_dead")
    print_table(f"Lines to {answer['store']}", lines, [[str(answer[name]) for name in lines]])
    typer.echo(
        f"{answer['devices']} devices, {answer['complaint_count']} complaints about the registry's files"
    )
    typer.echo(", ".join(f"{count} {state}" for state, count in answer["states"].items() if count))
    for complaint in answer["complaints"]:
        typer.echo(f"  {complaint}")
    if answer["ready"]:
        typer.secho("ready", fg="green")
    for reason in answer["reasons"]:
        typer.secho(f"not ready: {reason}", fg="red")
