"""`messnetz alarms`: the rules of Grafana and Prometheus, from the section `alarms` of the settings."""

from pathlib import Path
from typing import Annotated

import typer

from devices.files import hindrance
from devices.language import say
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, load_settings
from ingest.errors import CommandFailed

HELP = say(
    "Show the rules of all alarms for Grafana and Prometheus, or write them.\n\n"
    "Their numbers stand in the section `alarms` of the settings. Without options both files are printed."
    " After --write restart Grafana and reload Prometheus: they read their rules when they start.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz alarms --write"
)
#: Where they belong, from the folder of the settings file: nothing there is the repository's.
GRAFANA = Path("grafana/messnetz-rules.yaml")
PROMETHEUS = Path("prometheus/messnetz.rules.yml")


def alarms(
    config: ConfigOption = DEFAULT_CONFIG,
    write: Annotated[
        bool, typer.Option("--write", help=say("Write both files to where they belong."))
    ] = False,
    grafana: Annotated[
        Path | None, typer.Option("--grafana", help=say("Write Grafana's rules to this file."))
    ] = None,
    prometheus: Annotated[
        Path | None, typer.Option("--prometheus", help=say("Write Prometheus' rules to this file."))
    ] = None,
) -> None:
    """Show or write the rules."""
    from publish.alarms.grafana import grafana_rules  # noqa: PLC0415  a YAML writer that others do not need
    from publish.alarms.prometheus import prometheus_rules  # noqa: PLC0415  likewise

    settings = load_settings(config)
    folder = config.resolve().parent
    if write:
        grafana, prometheus = grafana or folder / GRAFANA, prometheus or folder / PROMETHEUS
    asked = grafana is not None or prometheus is not None
    for file, text in ((grafana, grafana_rules(settings)), (prometheus, prometheus_rules(settings))):
        if file is not None:
            _write(file, text)
        elif not asked:
            typer.echo(text)


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandFailed(
            say("{file} cannot be written: {trouble}", file=file, trouble=hindrance(error)),
            hint=say("name other files with --grafana and --prometheus, or let this user write there"),
        ) from None
    typer.echo(say("{file} is written", file=file))
