"""`messnetz export`: time series as a file for planners."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from devices.language import doc, say
from devices.moment import written
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json
from ingest.cli.progress import bar
from publish.export.ask import Ask

if TYPE_CHECKING:
    from publish.export.run import Result

HELP = say(
    "Write time series into a file that opens right in Excel, QGIS, R and Python.\n\n"
    "Choose places, a time and what becomes of the values; options for places and quantities may be given"
    " more than once, and left out they mean all. Beside the file comes a data package: units, sources,"
    " quality, licence. No file has its final name before it is whole. Times are local, also where the clocks"
    " change.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz export --site Marktplatz --last 30d --out marktplatz.xlsx\n"
    "  messnetz export --quantity pm2_5 --quantity pm10 --last 1mo --every 1h \\\n"
    "      --out luft.de.csv\n"
    "  messnetz export --label inventar=20931 --from 2026-01-01 --to 2026-03-31 \\\n"
    "      --every 1d --out standort.gpkg\n"
    "  messnetz export --district Innenstadt --last 1y --every hour-of-week \\\n"
    "      --quantity count --out wochengang.csv\n"
    "  messnetz export --figures traffic --from 2026-01-01 --to 2026-12-31 \\\n"
    "      --lang en --out traffic.csv"
)
_PLACES, _TIME, _WHAT, _FILE = say("Which places"), say("Which time"), say("What"), say("File")


def _option(name: str, panel: str, field: str = "", **more: Any) -> Any:
    said = Ask.model_fields[field or name].description or ""
    return typer.Option(
        f"--{name}", help=doc(" ".join(said.split())), rich_help_panel=panel, show_default=False, **more
    )


def export(
    site: Annotated[list[str] | None, _option("site", _PLACES)] = None,
    device: Annotated[list[str] | None, _option("device", _PLACES)] = None,
    municipality: Annotated[list[str] | None, _option("municipality", _PLACES)] = None,
    district: Annotated[list[str] | None, _option("district", _PLACES)] = None,
    label: Annotated[list[str] | None, _option("label", _PLACES)] = None,
    audience: Annotated[str, _option("audience", _PLACES)] = "",
    begin: Annotated[str, _option("from", _TIME, "begin")] = "",
    to: Annotated[str, _option("to", _TIME)] = "",
    last: Annotated[str, _option("last", _TIME)] = "",
    quantity: Annotated[list[str] | None, _option("quantity", _WHAT)] = None,
    every: Annotated[str, _option("every", _WHAT)] = "",
    aggregate: Annotated[str, _option("aggregate", _WHAT)] = "",
    figures: Annotated[str, _option("figures", _WHAT)] = "",
    suspect: Annotated[str, _option("suspect", _WHAT)] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help=say(
                "The file to write; its ending names the format: .csv, .de.csv, .xlsx, .parquet, .geojson,"
                " .gpkg, .ndjson. Of a folder: a file in it, named after what is asked for. Default: the"
                " current folder."
            ),
            rich_help_panel=_FILE,
            show_default=False,
        ),
    ] = None,
    format_: Annotated[str, _option("format", _FILE)] = "",
    shape: Annotated[str, _option("shape", _FILE)] = "",
    lang: Annotated[str, _option("lang", _FILE)] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Write time series into a file."""
    from publish.export.ending import format_of  # noqa: PLC0415  the other commands need not wait for it
    from publish.export.parse import parse  # noqa: PLC0415  likewise

    several = {
        "site": site,
        "device": device,
        "municipality": municipality,
        "district": district,
        "label": label,
        "quantity": quantity,
    }
    single = {
        "audience": audience,
        "from": begin,
        "to": to,
        "last": last,
        "every": every,
        "aggregate": aggregate,
        "figures": figures,
        "suspect": suspect,
        "format": format_of(format_, out),
        "shape": shape,
        "lang": lang,
    }
    ask = parse([*_pairs(several), *single.items()])
    settings = load_settings(config)
    result = _export(ask, settings, out)
    if json:
        print_json(_described(result))
    else:
        _print(result)


def _pairs(several: Mapping[str, Sequence[str] | None]) -> Iterator[tuple[str, str]]:
    for name, values in several.items():
        for value in values or ():
            yield name, value


def _export(ask: Ask, settings: Any, out: Path | None) -> "Result":
    from publish.export.run import export as make  # noqa: PLC0415  loads libraries of half a second

    try:
        with bar(say("exporting")) as show:
            return asyncio.run(make(ask, settings, out, now_ns=time.time_ns(), progress=show))
    except (KeyboardInterrupt, SystemExit):  # a signal came
        typer.echo("messnetz: " + say("ended before it was done: no file was made or changed"), err=True)
        raise


def _described(result: "Result") -> dict[str, Any]:
    """For scripts: times in UTC, ISO 8601."""
    return {
        "file": str(result.files[0]),
        "datapackage": str(result.files[1]),
        "rows": result.rows,
        "values": result.values,
        "series": result.series,
        "begin": _utc(result.begin_ns),
        "end": _utc(result.end_ns),
        "timezone": result.timezone,
        "newest": None if result.newest_ns is None else _utc(result.newest_ns),
        "notes": list(result.notes),
    }


def _print(result: "Result") -> None:
    data, package = result.files
    typer.echo(say("{file}, described in {package}", file=data, package=package.name))
    typer.echo(
        say(
            "rows: {rows}, values: {values}, series: {series}",
            rows=_grouped(result.rows),
            values=_grouped(result.values),
            series=_grouped(result.series),
        )
    )
    zone = ZoneInfo(result.timezone)
    typer.echo(
        say(
            "time: {begin} to {end} ({timezone})",
            begin=written(result.begin_ns, zone),
            end=written(result.end_ns, zone),
            timezone=result.timezone,
        )
    )
    if result.newest_ns is not None:
        typer.echo(say("newest value: {time}", time=written(result.newest_ns, zone)))
    for note in result.notes:
        typer.echo(say("note: {note}", note=note))


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", " ")


def _utc(time_ns: int) -> str:
    return f"{datetime.fromtimestamp(time_ns // 1_000_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"
