"""What the commands that change a device file share: the place, the file, the writing, the last word."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from devices import answer, yaml
from devices.complaint import did_you_mean
from devices.device import Device, Installation
from devices.edit import Splice, Uneditable, spliced_bytes
from devices.files import trouble
from devices.language import say
from devices.registry import Registry
from devices.type_file import shown
from ingest import spool_read
from ingest.cli.common import print_json
from ingest.cli.devices.takeup import TakenUp
from ingest.errors import CommandFailed, SpoolError
from ingest.registry_write import Change, Judged, judge, write
from ingest.settings import Settings

A = TypeVar("A")
T = TypeVar("T")

IdArgument = Annotated[str, typer.Argument(metavar="ID", help=say("Id of the place."), show_default=False)]
AtOption = Annotated[
    str | None,
    typer.Option("--at", help=say("When it was, as 2026-03-10 14:00 or 10.03.2026 14:00. Default: now.")),
]


def place(registry: Registry, device: str) -> Device:
    """The registered place; raises `CommandFailed` with the nearest id."""
    found = registry.devices.get(device)
    if found is None:
        raise CommandFailed(
            say(
                "there is no place {device}{near}", device=device, near=did_you_mean(device, registry.devices)
            ),
            hint=say("messnetz devices list shows them all; messnetz check says which entries are bad"),
        )
    return found


def mounted(device: Device) -> Installation | None:
    """What hangs there without an end."""
    return next((one for one in device.installations if one.end_ns is None), None)


def still_mounted(device: Device) -> Installation:
    """What hangs there; raises `CommandFailed` where nothing does any more."""
    found = mounted(device)
    if found is None:
        raise CommandFailed(
            say("nothing is mounted at {device} any more", device=device.id),
            hint=say("messnetz devices show {device} says since when", device=device.id),
        )
    return found


def moment(text: str | None, timezone: str) -> str:
    """`--at` as the file has it; raises `CommandFailed`."""
    return checked(lambda said: answer.moment(said, timezone), text or "now")


def checked(read: Callable[[A], T], said: A) -> T:
    """What `read` makes of what an option says; raises `CommandFailed` with its sentence."""
    try:
        return read(said)
    except ValueError as error:
        raise CommandFailed(str(error)) from None


def device_files(settings: Settings) -> list[Path]:
    """The files of the registry's folder; raises `CommandFailed` when there is no such folder."""
    if not settings.devices.is_dir():
        raise CommandFailed(
            say("{folder} is no folder", folder=settings.devices),
            hint=say("make it, or name another under `devices` in messnetz.yaml"),
        )
    return sorted(settings.devices.glob("*.yaml"))


def carry_out(
    settings: Settings,
    registry: Registry,
    path: Path,
    make: Callable[[str, Any], Iterable[Splice]],
    *,
    head: str = "",
) -> Judged:
    """Change a device file, unless the registry would then complain; raises `CommandFailed`.

    With a `head` the file is begun with it where it is not there yet.
    """
    before, text = content(path, head)
    wanted = changed(path, before, text, make)
    judged = judge(settings, registry, wanted)
    refuse(judged.complaints)
    write(wanted)
    return judged


def content(path: Path, head: str = "") -> tuple[bytes | None, str]:
    """The bytes and the text of a device file; with a `head`, of one that is not there yet."""
    if head:
        return None, head
    try:
        raw = path.read_bytes()
        return raw, yaml.decode(raw)
    except OSError as error:
        raise CommandFailed(say("{file}: {error}", file=shown(path), error=trouble(error))) from None
    except yaml.Unreadable as error:
        raise CommandFailed(say("{place}: {error}", place=_place(path, error), error=error)) from None


def changed(
    path: Path, before: bytes | None, text: str, make: Callable[[str, Any], Iterable[Splice]]
) -> Change:
    """The change that `make` makes of a file's text and what it says; raises `CommandFailed`."""
    try:
        splices = make(text, yaml.parse(text))
    except (yaml.Unreadable, Uneditable) as error:
        raise CommandFailed(say("{place}: {error}", place=_place(path, error), error=error)) from None
    return Change(path, before, spliced_bytes(text.encode() if before is None else before, splices))


def _place(path: Path, error: Exception) -> str:
    line = getattr(error, "line", 0)
    return f"{shown(path)}:{line}" if line else shown(path)


def refuse(complaints: Sequence[Any]) -> None:
    """Raise `CommandFailed` if there is a complaint."""
    if complaints:
        listed = "\n".join(map(str, complaints))
        raise CommandFailed(
            say("nothing is written, for this would be wrong:\n{complaints}", complaints=listed)
        )


def report(judged: Judged, device: str, done: str, *, as_json: bool, taken: TakenUp | None = None) -> None:
    """Say what was done to a place, where it stands, and who takes it up."""
    found = judged.registry.devices[device]
    if as_json:
        print_json(described(found) | (taken.as_json if taken else {}))
        return
    typer.secho(done, fg="green")
    typer.echo(say("It stands in {file}:{line}.", file=found.file, line=found.line))
    typer.echo(taken.sentence if taken else say("A running service takes it up by itself."))


def correct_later(settings: Settings, old: Installation, since: str) -> None:
    """Where something was stored since then of what was mounted, say which command corrects it."""
    device = old.device
    heard_ns = last_heard_ns(settings, device, old)
    if heard_ns is None or heard_ns < answer.moment_ns(since, device.timezone):
        return
    today = answer.moment("now", device.timezone)[:10]
    typer.echo(
        say("What {address} said since then is stored as before. This corrects it:", address=old.address)
    )
    typer.echo(f'  messnetz recompute --device {device.id} --from "{since}" --to {today}')


def last_heard_ns(settings: Settings, device: Device, *installations: Installation) -> int | None:
    """When what is or was mounted there was heard last, UTC; None where that is not known."""
    heard = []
    try:
        for one in installations or device.installations:
            memory = spool_read.state(settings.state, f"{device.id}|{one.address}")
            heard += [memory.seen_ns] if memory is not None and memory.seen_ns else []
    except SpoolError:  # nothing ran here yet
        return None
    return max(heard, default=None)


def print_lines(lines: Iterable[tuple[str, str]]) -> None:
    """Names with what stands behind them, one below the other."""
    for name, value in lines:
        typer.echo(f"{name + ':':<18} {value}")


def described(device: Device) -> dict[str, Any]:
    """A place for scripts."""
    return {
        "id": device.id,
        "site": device.site,
        "municipality": device.municipality,
        "district": device.district,
        "lat": device.lat,
        "lon": device.lon,
        "height_m": device.height_m,
        "interval_s": device.interval_s,
        "publish": device.publish,
        "labels": dict(device.labels),
        "file": device.file,
        "line": device.line,
        "installations": [
            {
                "address": one.address,
                "type": one.type.id,
                "from_ns": one.begin_ns,
                "until_ns": one.end_ns,
                "calibration": {name: asdict(rule) for name, rule in one.calibration.items()},
            }
            for one in device.installations
        ],
    }
