"""`messnetz salvage`: the lines that waited in a damaged spool, as line protocol."""

import sqlite3
import sys
from pathlib import Path
from typing import Annotated

import typer

from devices.files import trouble
from devices.language import say
from ingest.errors import CommandFailed
from ingest.read_only import database_trouble
from ingest.spool.salvage import salvage as read

HELP = say(
    "Print what can still be read of the lines that waited in a damaged spool, as line protocol.\n\n"
    "The service sets a damaged spool aside as spool.db.damaged-<time> and goes on with a new one. What this"
    " prints can be written to InfluxDB; a line that is there already changes nothing. The file is only"
    " read.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz salvage state/spool.db.damaged-20260310T120000Z > lines.txt"
)


def salvage(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("The spool that was set aside."))],
) -> None:
    """Print the lines that waited in a damaged spool."""
    lines = unreadable = 0
    _check(file)
    try:
        for row in read(file):
            lines += len(row.lines)
            unreadable += not row.lines
            for line in row.lines:
                sys.stdout.buffer.write(line + b"\n")
    except sqlite3.Error as error:
        raise CommandFailed(
            say("{file} {trouble}", file=file, trouble=database_trouble(error)),
            hint=say(
                "if the whole file is noise, its lines are lost; the network server may have them still"
            ),
        ) from error
    sys.stdout.buffer.flush()
    typer.echo(
        say("{lines} lines; groups that cannot be read: {rows}", lines=lines, rows=unreadable), err=True
    )


def _check(file: Path) -> None:
    try:
        with file.open("rb"):
            return
    except OSError as error:
        raise CommandFailed(
            say("{file} {trouble}", file=file, trouble=trouble(error)),
            hint=say("name the file that was set aside: it lies in the state folder"),
        ) from error
