"""`messnetz copy`: from the embedded store to the InfluxDB of the settings."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import typer

from devices.language import say
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    ask_service,
    load_settings,
    print_json,
    print_table,
)
from ingest.cli.progress import bar
from ingest.errors import CommandFailed, NotRunning
from ingest.settings import Settings
from ingest.store import FILE_NAME
from ingest.store_copy import Copied, copy

HELP = say(
    "Copy what the embedded store holds to the InfluxDB of the settings.\n\n"
    "First set store: influx and start the service anew, so that what is new goes there. Then copy, beside"
    " the running service. An interrupted copy goes on where it stopped. At the end both sides are counted;"
    " what InfluxDB refuses is listed. Nothing is removed from the embedded store. Exits with 1 if anything"
    " is not in InfluxDB."
)


def copy_store(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Copy what the embedded store holds."""
    settings = load_settings(config)
    file = settings.state / FILE_NAME
    _check(settings)
    with bar(say("copying, the newest day first")) as show:
        copied = asyncio.run(_copy(settings, show))
    if json:
        print_json({**msgspec.to_builtins(copied), "whole": copied.whole})
    else:
        _print(copied)
        if copied.whole:
            typer.echo(say("Everything is in InfluxDB. {file} is no longer needed.", file=file))
    if not copied.whole:
        raise typer.Exit(1)


def _check(settings: Settings) -> None:
    file = settings.state / FILE_NAME
    if settings.store != "influx":
        raise CommandFailed(
            say("the settings say store: {store}", store=settings.store),
            hint=say(
                "first set store: influx with a section influx, and start the service anew; else rows that"
                " come meanwhile would be missing"
            ),
        )
    if not file.exists():
        raise CommandFailed(
            say("there is no embedded store at {file}", file=file),
            hint=say("is `state` in the settings the folder in which it was?"),
        )
    try:
        answer = ask_service(settings, "GET", "/status")
    except NotRunning:
        return
    if answer["store"] != "influx":
        raise CommandFailed(
            say("the running service still writes to the embedded store"),
            hint=say("start it anew, so that it writes to InfluxDB; then copy"),
        )


async def _copy(settings: Settings, show: Callable[[int, int], None]) -> Copied:
    from ingest.store.influx import InfluxStore  # noqa: PLC0415  takes 0.4 s to import

    assert settings.influx is not None  # noqa: S101  the settings' own validator holds this
    target = InfluxStore(settings.influx)
    try:
        return await copy(
            settings.state / FILE_NAME,
            target,
            settings.influx,
            settings.state,
            on_day=show,
            on_trouble=lambda why: typer.echo(say("it is tried again: {why}", why=why), err=True),
        )
    finally:
        await target.close()


def _print(copied: Copied) -> None:
    refused = dict.fromkeys(copied.rows, 0)
    for one in copied.refused:
        refused[one.measurement] = refused.get(one.measurement, 0) + one.rows
    print_table(
        say("Rows of the embedded store"),
        (say("measurement"), say("rows"), say("refused")),
        [(name, str(rows), str(refused[name])) for name, rows in sorted(copied.rows.items())],
    )
    if copied.refused:
        print_table(
            say("Refused by InfluxDB; they still lie in the embedded store"),
            (say("measurement"), say("rows"), say("from"), say("to"), say("reason")),
            [
                (one.measurement, str(one.rows), _day(one.oldest_ns), _day(one.newest_ns), one.reason)
                for one in copied.refused
            ],
        )
    if copied.missing:
        print_table(
            say("InfluxDB took these and has fewer; does it remove anything? Then copy again"),
            (say("measurement"), say("field"), say("day (UTC)"), say("expected"), say("found")),
            [
                (one.measurement, one.field, _day(one.day_ns), str(one.expected), str(one.found))
                for one in copied.missing
            ],
        )


def _day(time_ns: int) -> str:
    return f"{datetime.fromtimestamp(time_ns // 10**9, UTC):%Y-%m-%d}"
