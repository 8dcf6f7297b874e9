"""`messnetz devices list`: the registered devices as the files stand now."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from devices import answer
from devices.device import Device
from devices.language import say
from devices.status import word
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    known_states,
    load_settings,
    print_json,
    print_table,
)
from ingest.cli.devices.changing import described, mounted
from ingest.registry_files import load_registry

HELP = say(
    "List the registered devices as the files stand now.\n\n"
    "Several filters are met at once; --site and --type take a part of the name.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices list\n"
    "  messnetz devices list --site marktplatz\n"
    "  messnetz devices list --type milesight --label inventar=20931"
)


def list_devices(
    config: ConfigOption = DEFAULT_CONFIG,
    site: Annotated[str, typer.Option("--site", help=say("Only at sites with this in their name."))] = "",
    type: Annotated[  # noqa: A002  the option's name
        str, typer.Option("--type", help=say("Only with a type with this in its name."))
    ] = "",
    file: Annotated[Path | None, typer.Option("--file", help=say("Only of this device file."))] = None,
    label: Annotated[
        list[str] | None,
        typer.Option("--label", help=say("Only with this label, as inventar or inventar=20931; repeatable.")),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the registered devices as the files stand now."""
    settings = load_settings(config)
    registry = load_registry(settings)
    devices = sorted(
        (one for one in registry.devices.values() if _meant(one, site, type, file, label or ())),
        key=lambda device: device.id,
    )
    states = known_states(settings)
    if json:
        print_json([described(device) | {"state": states.get(device.id)} for device in devices])
        return
    columns = (say("device"), say("site"), say("type"), say("address"), say("mounted"))
    print_table(
        say("{count} devices", count=len(devices)),
        (*columns, say("state")) if states else columns,
        [_row(device, states) for device in devices],
    )
    for complaint in registry.complaints:
        typer.secho(str(complaint), fg="red", err=True)


def _meant(device: Device, site: str, kind: str, file: Path | None, labels: Sequence[str]) -> bool:
    kinds = {one.type.id for one in device.installations}
    return (
        site.casefold() in device.site.casefold()
        and any(kind.casefold() in one for one in kinds)
        and (file is None or Path(device.file).stem == file.stem)
        and all(_has_label(device, label) for label in labels)
    )


def _has_label(device: Device, label: str) -> bool:
    name, equals, text = label.partition("=")
    return name in device.labels and (not equals or device.labels[name] == text)


def _row(device: Device, states: Mapping[str, str]) -> tuple[str, ...]:
    shown = mounted(device) or device.installations[-1]
    row = device.id, device.site, shown.type.id, shown.address, _time(device)
    return (*row, word(states[device.id]) if device.id in states else "") if states else row


def _time(device: Device) -> str:
    shown = mounted(device) or device.installations[-1]
    if shown.end_ns is not None:
        return say("until {time}", time=answer.written_ns(shown.end_ns, device.timezone))
    if shown.begin_ns is None:
        return ""
    return say("since {time}", time=answer.written_ns(shown.begin_ns, device.timezone))
