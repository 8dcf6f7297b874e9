"""`messnetz init`: the first files of an installation."""

from pathlib import Path
from typing import Annotated

import typer

from devices.language import current, say
from ingest import half_restored, settings_file, setup
from ingest.cli.alarms import GRAFANA as GRAFANA_RULES
from ingest.cli.alarms import PROMETHEUS

#: Where docker-compose.yml publishes it at first.
GRAFANA = "http://localhost:3000"

HELP = say(
    "Write the first files of an installation: config/ with secrets of its own, .env, folders for data.\n\n"
    "In a clone everything is then there for docker-compose.yml. What is there already stays as it is, so it"
    " may be run again, for what a newer version brings along.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz init\n"
    "  messnetz init /srv/messnetz"
)


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=say("Where to write."))] = Path(),
) -> None:
    """Write config/ and .env."""
    half_restored.refuse(folder / "config/messnetz.yaml")
    owner = setup.find_owner(folder)
    done = (setup.write(folder, owner, current()), setup.add(folder, owner, _rules(folder)))
    for path in (path for part in done for path in part.written):
        typer.echo(say("written: {file}", file=folder / path))
    for path in (path for part in done for path in part.kept):
        typer.echo(say("kept: {file}", file=folder / path))
    typer.echo()
    for line in _next_steps(folder):
        typer.echo(line)


def _rules(folder: Path) -> dict[Path, str]:
    """The alarms' rules by their places, from the settings that are there now."""
    from publish.alarms.grafana import grafana_rules  # noqa: PLC0415  a YAML writer that others do not need
    from publish.alarms.prometheus import prometheus_rules  # noqa: PLC0415  likewise

    settings = settings_file.load(folder / "config/messnetz.yaml")
    return {
        "config" / PROMETHEUS: prometheus_rules(settings),
        "config" / GRAFANA_RULES: grafana_rules(settings),
    }


def _next_steps(folder: Path) -> tuple[str, ...]:
    password = folder / setup.SECRETS / "grafana_admin_password"
    if (folder / "docker-compose.yml").exists():
        return (
            say("What to do next:"),
            say("  1. docker compose up -d --build   (with ChirpStack: --profile lorawan before `up`)"),
            say("  2. ./compose-messnetz devices add   registers the first sensor"),
            say("  3. open {url}: user admin, password in {file}", url=GRAFANA, file=password),
        )
    return (
        say("What to do next (without containers; those need a clone, see docs/install.en.md):"),
        say("  1. in {file}: name your broker and your database", file=folder / "config/messnetz.yaml"),
        say("  2. messnetz check -c {file}", file=folder / "config/messnetz.yaml"),
        say("  3. messnetz run -c {file}", file=folder / "config/messnetz.yaml"),
    )
