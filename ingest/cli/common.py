"""What every command shares: where the settings are, how to reach the service, how to print."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from devices.language import say, use
from ingest import logs, settings_file
from ingest.errors import CommandFailed, NotRunning
from ingest.settings import CONTROL_SOCKET, Log, Settings
from ingest.spool import DeadFilter, KeptFilter

if TYPE_CHECKING:
    from ingest.app import Core

T = TypeVar("T")

#: Columns of a table that is not printed to a terminal: `grep` wants a row on one line.
PIPE_WIDTH = 400

ConfigOption = Annotated[
    Path,
    typer.Option("--config", "-c", help=say("The settings file."), envvar="MESSNETZ_CONFIG"),
]
JsonOption = Annotated[bool, typer.Option("--json", help=say("Print JSON, for scripts."))]
DEFAULT_CONFIG = Path("config/messnetz.yaml")


def load_settings(config: Path) -> Settings:
    """The settings, or a `SettingsError` that names file and line; sets the language that they name."""
    settings = settings_file.load(config)
    if settings.language is not None:
        use(settings.language)
    return settings


def ask_service(settings: Settings, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """The running service's answer to one request on its control socket; raises `NotRunning`."""
    return asyncio.run(_ask(settings.state / CONTROL_SOCKET, method, path, body))


def known_states(settings: Settings) -> Mapping[str, str]:
    """The state of each device as the running service knows it; empty where none runs that could tell."""
    if not (settings.state / CONTROL_SOCKET).exists():
        return {}
    try:
        states: Mapping[str, str] = ask_service(settings, "GET", "/states")
    except (NotRunning, CommandFailed):
        return {}
    return states


async def _ask(socket: Path, method: str, path: str, body: dict[str, Any] | None) -> Any:
    import aiohttp  # noqa: PLC0415  half of the start-up time of commands that never need it

    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(str(socket)),
                timeout=aiohttp.ClientTimeout(total=None),  # a replay or recompute may take long
            ) as session,
            session.request(method, f"http://messnetz{path}", json=body) as answer,
        ):
            if answer.status == 503:
                refusal = await answer.json()
                raise CommandFailed(refusal["error"], hint=refusal["hint"])
            if answer.status != 200:
                said = await answer.text()
                raise CommandFailed(
                    say("the service answered {status}: {said}", status=answer.status, said=said)
                )
            return await answer.json()
    except (FileNotFoundError, ConnectionRefusedError, aiohttp.ClientConnectorError) as error:
        raise NotRunning(
            say("no service answers on {socket}", socket=socket),
            hint=say("start it with: messnetz run -c <settings file>"),
        ) from error


def change(
    settings: Settings,
    path: str,
    chosen: KeptFilter | DeadFilter,
    offline: Callable[["Core"], Awaitable[Any]],
) -> Any:
    """Let the running service do it; with none running, take its lock and do it here.

    An empty filter means all: the command has made sure that this was said.
    """
    named = {name: value for name, value in chosen._asdict().items() if value is not None}
    try:
        return ask_service(settings, "POST", path, named or {"all": True})
    except NotRunning:
        return run_offline(settings, offline)


def run_offline(settings: Settings, work: Callable[["Core"], Awaitable[T]]) -> T:
    """Do it here, holding the lock of the state folder."""
    return asyncio.run(_offline(settings, work))


async def _offline(settings: Settings, work: Callable[["Core"], Awaitable[T]]) -> T:
    from ingest.app import open_core  # noqa: PLC0415  loads every library of the service

    logs.set_up(Log(level="warning"))
    async with open_core(settings) as core:
        return await work(core)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table as wide as the terminal, or as it needs in a pipe; text is printed as it is, not as markup."""
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(markup=False, highlight=False, width=PIPE_WIDTH)
    console.print(title)
    if not rows:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        short = all(len(row[number]) <= 16 for row in rows)  # a DevEUI is to be copied whole
        table.add_column(column, overflow="fold", no_wrap=short or number == 0)
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    console.print(table)


def print_more(count: int, *, err: bool = False) -> None:
    """Say how many rows a limit left out, if any; `err` where standard output is a script's."""
    if count > 0:
        typer.echo(say("... and {count} more: --limit", count=f"{count:,}".replace(",", " ")), err=err)


def _plain(text: str) -> Text:
    return Text("".join(character if character.isprintable() else "\ufffd" for character in text))


def local_time(time_ns: int) -> str:
    """Nanoseconds since 1970 (UTC) as local time with its offset, to the second."""
    return datetime.fromtimestamp(time_ns // 1_000_000_000, UTC).astimezone().isoformat(sep=" ")
