"""`messnetz devices import`: a whole list of devices, each row with its own result, all of them or none."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from devices import answer, device_edit, imports
from devices.files import trouble
from devices.imports import Listing, Row
from devices.imports.plan import Plan, Result, plan, said_twice
from devices.language import say
from devices.registry import Registry
from devices.type_file import shown
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json, print_table
from ingest.cli.devices.changing import changed, checked, content, refuse
from ingest.cli.devices.target import Target, target_file
from ingest.errors import CommandFailed
from ingest.registry_files import load_registry
from ingest.registry_write import Change, judge, write
from ingest.settings import Settings

HELP = say(
    "Register the devices of a list: a table (CSV), or an export of ChirpStack or The Things Stack.\n\n"
    "The first line of a table names its columns, in German or English: DevEUI, Typ, Standort, Kennung,"
    " Breite, Länge, Höhe, Stadtteil, Intervall, von, Parkplatz, Stellplatz, Kalibrierung, Label: Inventar …"
    " Every row gets a result. Nothing is written while a row is wrong, unless --skip-bad leaves the wrong"
    " ones out. Keys and passwords in a list are never taken over.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices import sensoren.csv --dry-run\n"
    "  messnetz devices import sensoren.csv --type decentlab-dl-pm\n"
    "  messnetz devices import chirpstack.json --from 01.03.2026 --json"
)
#: From this many rows on a bar shows how far it is.
LONG = 200


def import_devices(
    file_: Annotated[Path, typer.Argument(metavar="FILE", help=say("The list."), show_default=False)],
    config: ConfigOption = DEFAULT_CONFIG,
    type: Annotated[  # noqa: A002  the option's name
        str | None, typer.Option("--type", help=say("Device type of rows that name none."))
    ] = None,
    site: Annotated[str | None, typer.Option("--site", help=say("Site of rows that name none."))] = None,
    begin: Annotated[
        str | None, typer.Option("--from", help=say("When those were mounted whose row does not say it."))
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help=say("The device file that takes them."))] = None,
    municipality: Annotated[
        str | None,
        typer.Option(
            "--municipality", help=say("Short name of the municipality, for the first device file.")
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("Only say what would be done."))] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help=say("Add the good rows although others are wrong."))
    ] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help=say("Print the results as a table for a spreadsheet."))
    ] = False,
    json: JsonOption = False,
) -> None:
    """Register the devices of a list."""
    settings = load_settings(config)
    registry = load_registry(settings)
    listing = _read(file_)
    target = target_file(settings, registry, file, municipality, site, may_ask=False)
    said = {"type": type, "site": site, "from": begin}
    defaults = {key: value for key, value in said.items() if value}
    if begin:
        defaults["from"] = checked(lambda text: answer.moment(text, target.timezone), begin)
    made = plan(registry, _with_bar(listing.rows), said_twice(listing.rows), defaults)
    wanted = _judged(settings, registry, target, made)
    wrong = any(one.result == "wrong" for one in made.results)
    writes = wanted is not None and not dry_run and (skip_bad or not wrong)
    if wanted is not None and writes:
        write(wanted)
    results = made.all_results("added" if writes else "good")
    if as_csv:
        typer.echo(_table(results), nl=False)
    elif json:
        print_json(_describe(listing, results, target, written=writes))
    else:
        _print(listing, results, target, written=writes)
    if wrong:
        raise typer.Exit(1)


def _read(path: Path) -> Listing:
    try:
        return imports.read(path.read_bytes())
    except OSError as error:
        raise CommandFailed(say("{file}: {error}", file=path, error=trouble(error))) from None
    except ValueError as error:
        raise CommandFailed(
            say("{file}: {error}", file=path, error=error),
            hint=say("messnetz devices import --help says what a list looks like"),
        ) from None


def _with_bar(rows: Sequence[Row]) -> Iterable[Row]:
    """The rows, with a bar at a terminal where there are many."""
    console = Console(stderr=True)
    hidden = not console.is_terminal or len(rows) < LONG
    return track(rows, say("reading the rows"), console=console, disable=hidden, transient=True)


def _judged(settings: Settings, registry: Registry, target: Target, made: Plan) -> Change | None:
    """The change that adds what the registry's rules let stand; what they refuse is wrong."""
    before, text = content(target.path, target.head)
    console = Console(stderr=True)
    waiting = console.status(say("checking")) if console.is_terminal else nullcontext()
    with waiting:
        while made.entries:
            entries = [entry for _, entry in made.entries.values()]
            wanted = changed(target.path, before, text, partial(device_edit.add, entries=entries))
            complaints = judge(settings, registry, wanted).complaints
            if not complaints:
                return wanted
            found = {one.device: one.message for one in complaints if one.device in made.entries}
            if not found:
                refuse(complaints)
            for device, message in found.items():
                made.refuse(device, message)
    return None


def _words() -> dict[str, str]:
    return {
        "added": say("added"),
        "good": say("good, not written"),
        "there": say("already there"),
        "wrong": say("wrong"),
    }


def _print(listing: Listing, results: Sequence[Result], target: Target, *, written: bool) -> None:
    words = _words()
    print_table(
        say("Rows: {count} ({kind})", count=len(results), kind=listing.kind),
        (say("row"), say("place"), say("address"), say("result"), say("why")),
        [(str(one.row), one.id, one.address, words[one.result], one.why) for one in results],
    )
    count = Counter[str](one.result for one in results)
    typer.echo(", ".join(f"{words[name]}: {count[name]}" for name in words if count[name]))
    if listing.left_out:
        typer.echo(say("Columns that are not taken: {names}", names=", ".join(listing.left_out)), err=True)
    if listing.secrets:
        typer.echo(say("Secrets, never taken over: {names}", names=", ".join(listing.secrets)), err=True)
    if written:
        typer.secho(
            say("Written to {file}. A running service takes it up by itself.", file=shown(target.path)),
            fg="green",
        )
    elif count["wrong"] and count["good"]:
        typer.echo(
            say("Nothing is written: mend the wrong rows, or leave them out with --skip-bad."), err=True
        )
    else:
        typer.echo(say("Nothing is written."), err=True)


def _describe(
    listing: Listing, results: Sequence[Result], target: Target, *, written: bool
) -> dict[str, Any]:
    return {
        "kind": listing.kind,
        "file": shown(target.path),
        "written": written,
        "count": dict(Counter(one.result for one in results)),
        "rows": [asdict(one) for one in results],
        "left_out": list(listing.left_out),
        "secrets": list(listing.secrets),
    }


def _table(results: Sequence[Result]) -> str:
    """The results as spreadsheets read them: semicolons, and no cell that would be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow((say("row"), say("place"), say("address"), say("result"), say("why")))
    words = _words()
    for one in results:
        cells = (str(one.row), one.id, one.address, words[one.result], one.why)
        writer.writerow(f"'{cell}" if cell[:1] in "=+-@" and cell else cell for cell in cells)
    return text.getvalue()
