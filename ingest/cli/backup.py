"""`messnetz backup` and `messnetz restore`: one file that brings Messnetz back on another machine."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from devices.language import say
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, local_time, print_json
from ingest.cli.progress import bar

BACKUP_HELP = say(
    "Write settings, secrets, registry, spool, archive and the embedded store into one file.\n\n"
    "The service may run meanwhile. The file holds passwords and tokens: only its owner may read it. Time"
    " series in an InfluxDB are not in it; InfluxDB has a backup of its own.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz backup /backup/messnetz-2026-03-10.tar.gz"
)
RESTORE_HELP = say(
    "Put a backup in place, on this or another machine, while no service runs.\n\n"
    "The folder of the settings file and the state folder must be empty: nothing is overwritten. What the"
    " service acknowledged after the backup is missing then. Stop the old service first: two services with"
    " one client_id push each other off the broker.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz restore /backup/messnetz-2026-03-10.tar.gz -c config/messnetz.yaml"
)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("The backup to write, as day.tar.gz."))],
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Write everything into one file."""
    from ingest.backup import back_up  # noqa: PLC0415  the other commands need not wait for it

    settings = load_settings(config)
    with bar(say("backing up")) as show:
        written = back_up(config, settings, file, show)
    if json:
        print_json(msgspec.to_builtins(written))
        return
    typer.echo(
        say(
            "{file}: {config} files of configuration and {state} of state, {size} MB, as of {time}",
            file=written.file,
            config=written.config_files,
            state=written.state_files,
            size=f"{written.bytes / 1e6:.1f}",
            time=local_time(written.at_ns),
        )
    )
    typer.echo(say("It holds passwords and tokens: keep it where nobody else reads it."))
    if settings.store == "influx":
        typer.echo(say("The time series are not in it: back up InfluxDB by its own command."))
    if written.left_out:
        typer.echo(say("Left out: {names}", names=", ".join(written.left_out)))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("The backup."))],
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Put a backup in place."""
    from ingest.backup import restore as put_in_place  # noqa: PLC0415  likewise

    with bar(say("restoring")) as show:
        done = put_in_place(file, config, show)
    if json:
        print_json(msgspec.to_builtins(done))
        return
    typer.echo(
        say(
            "restored: {config} files beside {settings}, {state} in {folder}",
            config=done.config_files,
            settings=done.settings,
            state=done.state_files,
            folder=done.state,
        )
    )
    typer.echo(
        say(
            "What the service acknowledged after {time} is missing; what waits at the broker still comes.",
            time=local_time(done.at_ns),
        )
    )
    for path in done.kept:
        typer.echo(say("{file} was there already and is left as it is", file=path))
    typer.echo(
        say("Next: stop the old service for good, let messnetz check look at the files, then messnetz run.")
    )
