"""The command line: one file a command, each with help that its reader understands."""

import errno
import sys

import typer

from devices.errors import DeviceError
from devices.files import hindrance
from devices.language import say, use
from ingest import __version__
from ingest.cli import (
    alarms,
    backup,
    check,
    codec,
    copy,
    dead_letters,
    demo,
    devices,
    doctor,
    export,
    init,
    quarantine,
    recompute,
    run,
    salvage,
    simulate,
    status,
    types,
    wording,
)
from ingest.cli.common import DEFAULT_CONFIG
from ingest.errors import MessnetzError

app = typer.Typer(
    name="messnetz",
    help=say(
        "Reads what a city's street sensors say over LoRaWAN and MQTT and turns it into clean"
        " time series.\n\n"
        "Try it without any server:  messnetz demo\n\n"
        "Run it for real:  messnetz check, then  messnetz run"
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("demo")(demo.demo)
app.command("init", help=init.HELP)(init.init)
app.command("check", help=check.HELP)(check.check)
app.command("simulate")(simulate.simulate)
app.command("recompute", help=recompute.HELP)(recompute.recompute)
app.command("backup", help=backup.BACKUP_HELP)(backup.backup)
app.command("restore", help=backup.RESTORE_HELP)(backup.restore)
app.command("copy", help=copy.HELP)(copy.copy_store)
app.command("salvage", help=salvage.HELP)(salvage.salvage)
app.command("export", help=export.HELP)(export.export)
app.command("status")(status.status)
app.command("alarms", help=alarms.HELP)(alarms.alarms)
app.command("doctor", help=doctor.HELP)(doctor.doctor)
app.add_typer(devices.app, name="devices")
app.add_typer(types.app, name="types")
app.add_typer(codec.app, name="codec")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(dead_letters.app, name="dead-letters")


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"messnetz {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", help=say("Print the version."), callback=_print_version, is_eager=True
    ),
) -> None:
    """Options of the program itself."""


def main() -> None:
    """Run one command; an error is one sentence and a hint on standard error, exit 1, or 2 if mistyped."""
    use(wording.language_of(sys.argv[1:], DEFAULT_CONFIG))
    command = typer.main.get_command(app)
    wording.say_help(command)
    try:
        sys.exit(command(standalone_mode=False))
    except wording.UsageError as error:
        if error.ctx is not None and type(error).__name__ == "NoArgsIsHelpError":
            sys.exit(2)  # the help has been printed
        path = error.ctx.command_path if error.ctx is not None else "messnetz"
        _complain(wording.complaint(error), say("{command} --help says what it takes", command=path))
        sys.exit(2)
    except (MessnetzError, DeviceError) as error:
        _complain(str(error), error.hint)
        sys.exit(1)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        where = error.filename or say("standard output")
        _complain(
            say("{file}: {trouble}", file=where, trouble=hindrance(error)),
            say("make room there, then give the same command again"),
        )
        sys.exit(1)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)


def _complain(sentence: str, hint: str) -> None:
    typer.secho(f"messnetz: {sentence}", fg="red", err=True)
    if hint:
        typer.echo("  " + say("what to do: {hint}", hint=hint), err=True)
