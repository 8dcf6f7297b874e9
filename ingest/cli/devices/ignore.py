"""`messnetz devices ignore`: a neighbour's device that our gateways hear too."""

import getpass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from devices import dev_eui, ignored
from devices.language import say
from devices.type_file import shown
from ingest import spool_read
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, change, load_settings, print_json
from ingest.cli.devices.changing import changed, content
from ingest.errors import CommandFailed, SpoolError
from ingest.registry_files import load_registry
from ingest.registry_write import write
from ingest.settings import Settings
from ingest.spool import KeptFilter

HELP = say(
    "Let go what a device says that is not ours, a neighbour's: its uplinks are counted as ignored and not"
    " kept.\n\n"
    "The address stands in a file of its own (`ignored` in the settings). What is kept of it already stays,"
    " unless --drop gives it up.\n\n"
    "\b\n"
    "Examples:\n"
    '  messnetz devices ignore 70b3d57ba0000a1c --reason "Wasserwerk"\n'
    "  messnetz devices ignore 70b3d57ba0000a1c --drop\n"
    "  messnetz devices ignore 70b3d57ba0000a1c --undo"
)


def ignore(
    address: Annotated[str, typer.Argument(help=say("DevEUI or name."), show_default=False)],
    config: ConfigOption = DEFAULT_CONFIG,
    reason: Annotated[str, typer.Option("--reason", help=say("Whose it is; kept with it."))] = "",
    undo: Annotated[bool, typer.Option("--undo", help=say("Listen to it again."))] = False,
    drop: Annotated[bool, typer.Option("--drop", help=say("Also give up what is kept of it."))] = False,
    json: JsonOption = False,
) -> None:
    """Let go what a device says that is not ours."""
    settings = load_settings(config)
    wanted = ignored.address_of(address)
    if not undo:
        if dev_eui.is_spoilt(wanted):
            raise CommandFailed(dev_eui.complaint(wanted))
        _not_registered(settings, wanted)
    done = _write(settings, wanted, reason, undo=undo)
    dropped = _drop(settings, wanted) if drop and not undo else 0
    kept = _kept(settings, wanted)
    if json:
        print_json(
            {"address": wanted, "ignored": not undo, "changed": done, "dropped": dropped, "kept": kept}
        )
        return
    if not done:
        typer.echo(say("{address}: it was so already.", address=wanted))
    elif undo:
        typer.secho(say("{address} is listened to again.", address=wanted), fg="green")
    else:
        where = shown(settings.ignored)
        typer.secho(say("{address} is ignored from now on ({file}).", address=wanted, file=where), fg="green")
    if dropped:
        typer.echo(say("Kept messages given up: {count}.", count=dropped))
    elif kept and not undo:
        typer.echo(say("{count} messages are kept of it: --drop gives them up.", count=kept))


def _not_registered(settings: Settings, address: str) -> None:
    registry = load_registry(settings)
    if address in registry.devices:
        raise CommandFailed(
            say("{address} is a place of our own: name the address of a device", address=address)
        )
    for one in registry.installations(address):
        if one.end_ns is None:
            raise CommandFailed(
                say("{address} is mounted at {device}", address=address, device=one.device.id),
                hint=say("messnetz devices retire {device} ends it there first", device=one.device.id),
            )


def _write(settings: Settings, address: str, reason: str, *, undo: bool) -> bool:
    """Whether the file changed."""
    path = settings.ignored
    before, text = content(path, "" if path.exists() else ignored.begin())

    def make(text: str, said: Any) -> Any:
        if undo:
            return ignored.remove(text, said, address)
        return ignored.add(
            text, said, address, reason, getpass.getuser(), datetime.now(UTC).astimezone().date()
        )

    wanted = changed(path, before, text, make)
    if wanted.after == text.encode() or wanted.after == wanted.before:
        return False
    write(wanted)
    return True


def _drop(settings: Settings, address: str) -> int:
    chosen = KeptFilter(address=address, outcome="quarantined")

    async def offline(core: Any) -> dict[str, int]:
        return {"dropped": await core.spool.drop_kept(chosen)}

    return int(change(settings, "/quarantine/drop", chosen, offline)["dropped"])


def _kept(settings: Settings, address: str) -> int:
    try:
        rows, _ = spool_read.kept_summary(settings.state, outcome="quarantined", address=address, limit=9)
    except SpoolError:  # nothing ran here yet
        return 0
    return sum(row.count for row in rows)
