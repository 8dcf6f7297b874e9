"""`messnetz recompute`: stored rows of a device, computed anew after a mistake was mended."""

import asyncio
import getpass
import re
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console

from devices import answer
from devices.language import say
from ingest import recompute as recomputing
from ingest.cli import ask
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    ask_service,
    load_settings,
    print_json,
    print_table,
    run_offline,
)
from ingest.errors import CommandFailed, NotRunning
from ingest.recompute import Asked, Change, Figures, Report, Sample
from ingest.registry_files import load_registry
from ingest.settings import Settings

HELP = say(
    "Compute what is stored of a device anew, after a wrong calibration, codec, type or unit was mended.\n\n"
    "First mend the file and let messnetz check look at it. The device's uplinks of that time are taken from"
    " the archive and judged under the rules of today; their old rows are removed and the new ones written."
    " It shows before and after, asks, and records who, when and why. The store must be able to remove rows"
    " (InfluxDB 1.8 and 2, the embedded one).\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz recompute --device luft-marktplatz --from 01.03.2026 \\\n"
    '      --to 21.03.2026 --reason "wrong factor"'
)
#: Gaps of the archive that are listed.
HOLES = 20
_DAY = re.compile(r"[0-9.\- ]+")


def recompute(
    device: Annotated[str, typer.Option("--device", help=say("Id of the place."), show_default=False)],
    begin: Annotated[
        str,
        typer.Option(
            "--from", help=say("From when on, in local time, as 10.03.2026 14:00."), show_default=False
        ),
    ],
    end: Annotated[
        str,
        typer.Option("--to", help=say("Until when; of a date alone the whole day."), show_default=False),
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    reason: Annotated[str, typer.Option("--reason", help=say("Why; it is recorded."))] = "",
    by: Annotated[str, typer.Option("--by", help=say("Who; it is recorded. Default: your login."))] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("Only show what would change."))] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=say("Do not ask."))] = False,
    json: JsonOption = False,
) -> None:
    """Compute what is stored of a device anew."""
    settings = load_settings(config)
    zone = _zone(settings, device)
    asked = Asked(device, _moment(begin, zone), _moment(end, zone, whole_day=True), by or _login(), reason)
    if asked.begin_ns >= asked.end_ns:
        raise CommandFailed(say("--to {end} is not after --from {begin}", begin=begin, end=end))
    shown = _do(settings, msgspec.structs.replace(asked, dry_run=True))
    if not json:
        _print(shown, zone)
    if dry_run:
        if json:
            print_json(msgspec.to_builtins(shown))
        return
    if not (yes or json or ask.confirm(say("Replace these rows?"), default=False)):
        raise typer.Exit(1)
    if not reason and not (yes or json):
        asked = msgspec.structs.replace(asked, reason=ask.question(say("Why (it is recorded)"), str))
    done = _do(settings, asked)
    if json:
        print_json(msgspec.to_builtins(done))
    else:
        typer.echo(
            say(
                "done: {before} rows replaced by {after}; recorded in {file}",
                before=done.rows_before,
                after=done.rows_after,
                file=settings.state / recomputing.RECORD,
            )
        )


def _do(settings: Settings, asked: Asked) -> Report:
    console = Console(stderr=True)
    with console.status(say("computing ...")) if console.is_terminal else nullcontext():
        try:
            answer = ask_service(settings, "POST", "/recompute", msgspec.to_builtins(asked))
            return msgspec.convert(answer, Report)
        except NotRunning:
            return run_offline(settings, lambda core: _here(core, asked))


async def _here(core: Any, asked: Asked) -> Report:
    """Without a service: the writer runs until everything is in the store."""
    from ingest.app import recomputer  # noqa: PLC0415  part of the service
    from ingest.store import open_store  # noqa: PLC0415  likewise
    from ingest.writer import Writer  # noqa: PLC0415  likewise

    store = open_store(core.settings)
    writer = Writer(core.spool, store, core.events)
    core.intake.on_committed = writer.wake
    writing = asyncio.create_task(writer.run())
    try:
        report = await recomputer(core, store, writer).recompute(asked)
        while core.spool.waiting_lines and not writer.trouble:  # noqa: ASYNC110  the writer has no end to await
            await asyncio.sleep(0.05)
        return report
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await store.close()


def _zone(settings: Settings, device: str) -> ZoneInfo:
    found = load_registry(settings).devices.get(device)
    return ZoneInfo(found.timezone if found else "Europe/Berlin")


def _moment(text: str, zone: ZoneInfo, *, whole_day: bool = False) -> int:
    """Local time as UTC nanoseconds; of a date alone the begin of the day, or of the next (`whole_day`)."""
    said = text.strip()
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        try:
            when = datetime.fromisoformat(answer.moment(said, zone.key))
        except ValueError as error:
            raise CommandFailed(str(error)) from None
    if whole_day and _DAY.fullmatch(said):
        when += timedelta(days=1)
    return int((when if when.tzinfo else when.replace(tzinfo=zone)).timestamp()) * 1_000_000_000


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a container
        return "?"


def _print(report: Report, zone: ZoneInfo) -> None:
    print_table(
        say(
            "{device}: {uplinks} archived uplinks, {before} rows now, {after} then, {gone} without successor",
            device=report.device,
            uplinks=report.uplinks,
            before=report.rows_before,
            after=report.rows_after,
            gone=report.gone,
        ),
        (say("field"), say("series"), say("before: rows, lowest, mean, highest"), say("after")),
        [(one.field, _series(one), _shown(one.before), _shown(one.after)) for one in report.changes],
    )
    if report.missing:
        print_table(
            say(
                "{count} stored uplinks are not in the archive; rows of these times stay as they are",
                count=report.missing,
            ),
            (say("from"), say("to")),
            [(_local(one.begin_ns, zone), _local(one.end_ns, zone)) for one in report.kept[:HOLES]],
        )
    if report.unreadable:
        typer.echo(
            say("{count} uplinks cannot be read in full under the rules of today", count=report.unreadable)
        )
    if not report.changes:
        typer.echo(say("nothing changes"))
        return
    print_table(
        say("The first rows that change"),
        (say("time"), say("series"), say("before"), say("after")),
        [(_local(one.time_ns, zone), _series(one), *_row(one)) for one in report.samples],
    )


def _series(one: Change | Sample) -> str:
    return f"{one.measurement} ({one.tags})" if one.tags else one.measurement


def _shown(figures: Figures | None) -> str:
    if figures is None:
        return "-"
    return f"{figures.rows}: {figures.lowest:g}, {figures.mean:.4g}, {figures.highest:g}"


def _row(sample: Sample) -> tuple[str, str]:
    before, after = sample.before or {}, sample.after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return tuple(  # type: ignore[return-value]  # of two
        ", ".join(f"{name} {row[name]:g}" for name in names if name in row) or "-" for row in (before, after)
    )


def _local(time_ns: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(time_ns // 1_000_000_000, UTC).astimezone(zone):%Y-%m-%d %H:%M:%S}"
