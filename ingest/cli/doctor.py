"""`messnetz doctor`: what is right, what is not, what to change."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from devices.complaint import one_line
from devices.language import Sentence, say
from ingest.cli.common import DEFAULT_CONFIG, PIPE_WIDTH, ConfigOption, JsonOption, load_settings, print_json
from ingest.doctor.finding import Finding, State
from ingest.errors import SettingsError

HELP = say(
    "Look at everything around Messnetz and say what is right, what is not, and what to change.\n\n"
    "Brokers, certificates, login, topics, database, retention, clocks, disk, registry, what waits. It writes"
    " nothing anywhere and disturbs no session; run it beside the service, as the same user. Exits with 1 if"
    " something is wrong; warnings alone are no failure.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz doctor\n"
    "  messnetz doctor --listen 600 --json"
)

_COLOURS: Mapping[State, str] = {"ok": "green", "warning": "yellow", "wrong": "bold red", "unknown": "cyan"}


def doctor(
    config: ConfigOption = DEFAULT_CONFIG,
    listen: Annotated[
        float, typer.Option("--listen", min=0, max=86400, help=say("Seconds to listen at the brokers."))
    ] = 10.0,
    json: JsonOption = False,
) -> None:
    """Look at everything around Messnetz."""
    try:
        settings = load_settings(config)
    except SettingsError as error:
        found: dict[str, Sequence[Finding]] = {
            "settings": [
                Finding(say("settings"), "wrong", line, error.hint) for line in str(error).split("\n")
            ]
        }
    else:
        found = asyncio.run(_examine(settings, config, listen))
    if json:
        print_json(_described(found))
    else:
        _print(found)
    if any(one.state == "wrong" for rows in found.values() for one in rows):
        raise typer.Exit(1)


async def _examine(settings: Any, config: Path, listen_s: float) -> dict[str, Sequence[Finding]]:
    from ingest.doctor import CHECKS, examine, meet, title  # noqa: PLC0415  loads every library; help should not

    with _progress() as show:
        show(say("reading the registry ..."))
        patient = await meet(settings, config, listen_s=listen_s)
        left = dict.fromkeys(CHECKS)

        def done(name: str) -> None:
            left.pop(name, None)
            show_left()

        def show_left() -> None:
            if left:
                show(say("looking at {names} ...", names=", ".join(map(title, left))))

        show_left()
        return await examine(patient, on_done=done)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """What is being looked at, on a terminal, beside what a script reads."""
    console = Console(stderr=True, markup=False, highlight=False)
    with console.status("") as status:
        yield status.update


def _print(found: Mapping[str, Sequence[Finding]]) -> None:
    console = Console(markup=False, highlight=False)
    between = "\n"
    widest: int | None = 20
    if not console.is_terminal:  # `grep` wants a row on one line
        console, between, widest = Console(markup=False, highlight=False, width=PIPE_WIDTH), " ", None
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say("state"), no_wrap=True)
    table.add_column(say("what"), max_width=widest)
    table.add_column(say("found → to do"), overflow="fold")
    for rows in found.values():
        for one in rows:
            text = Text(one_line(one.what))
            if one.to_do:
                text.append(f"{between}→ {one_line(one.to_do)}", style="bold")
            table.add_row(Text(_word(one.state), style=_COLOURS[one.state]), one_line(one.subject), text)
    console.print(table)
    counts = Counter(one.state for rows in found.values() for one in rows)
    console.print(
        say(
            "wrong: {wrong}, warnings: {warning}, unknown: {unknown}, right: {ok}",
            **{state: counts[state] for state in _COLOURS},
        )
    )


def _word(state: State) -> Sentence:
    """Said beside the colour, which not everybody sees."""
    match state:
        case "ok":
            return say("✓ right")
        case "warning":
            return say("! warning")
        case "wrong":
            return say("✗ wrong")
    return say("? unknown")


def _described(found: Mapping[str, Sequence[Finding]]) -> dict[str, Any]:
    rows = [
        {"check": name, "subject": one.subject, "state": one.state, "what": one.what, "to_do": one.to_do}
        for name, findings in found.items()
        for one in findings
    ]
    return {"ok": all(row["state"] != "wrong" for row in rows), "findings": rows}
