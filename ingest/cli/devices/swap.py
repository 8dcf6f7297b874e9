"""`messnetz devices swap`: other hardware at the same place; the series goes on."""

from pathlib import Path
from typing import Annotated, Any

import typer

from devices import answer, device_edit
from devices.device import Calibration, Device, Installation
from devices.language import say
from devices.registry import Registry
from ingest.cli import ask
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings
from ingest.cli.devices.changing import (
    AtOption,
    IdArgument,
    carry_out,
    checked,
    correct_later,
    moment,
    mounted,
    place,
    report,
)
from ingest.cli.devices.draft import Draft
from ingest.cli.devices.strangers import normal
from ingest.errors import CommandFailed
from ingest.registry_files import load_registry

HELP = say(
    "Another sensor took the place of the one that was mounted there.\n\n"
    "The series goes on under its name; what was measured before keeps the old sensor's type and calibration."
    " The calibration belongs to the sensor: that of the new one is asked for, never taken over.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices swap luft-marktplatz --dev-eui 70b3d57ba0000a1d\n"
    "  messnetz devices swap luft-marktplatz --dev-eui 70b3d57ba0000a1d \\\n"
    '      --at "10.03.2026 14:00" --calibration pm2_5=0.95+0.1\n'
    "  messnetz devices swap verkehr-ring --dev-eui 24e124600d142337 \\\n"
    "      --type milesight-vs135 --no-calibration"
)


def swap(
    device: IdArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    dev_eui: Annotated[
        str | None, typer.Option("--dev-eui", help=say("The 16 digits on the new sensor's label."))
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            "--address", help=say("Name that a sensor without LoRaWAN sends, instead of --dev-eui.")
        ),
    ] = None,
    type: Annotated[  # noqa: A002  the option's name
        str | None, typer.Option("--type", help=say("Its device type. Default: that of the old one."))
    ] = None,
    at: AtOption = None,
    calibration: Annotated[
        list[str] | None,
        typer.Option("--calibration", help=say("Factor and offset, as pm2_5=0.92+0.4; repeatable.")),
    ] = None,
    no_calibration: Annotated[
        bool, typer.Option("--no-calibration", help=say("The new sensor has none."))
    ] = False,
    json: JsonOption = False,
) -> None:
    """Give a place other hardware."""
    settings = load_settings(config)
    registry = load_registry(settings)
    found = place(registry, device)
    old = mounted(found)
    if calibration and no_calibration:
        raise CommandFailed(say("--calibration and --no-calibration exclude each other"))
    settled = bool(calibration or no_calibration or (old is not None and not old.calibration))
    _need(bool(dev_eui or address), settled or ask.is_terminal())
    draft = _draft(registry, found)
    _take_sensor(draft, dev_eui, address)
    draft_type = type or (old or found.installations[-1]).type.id
    checked(lambda said: draft.take("type", said), draft_type)
    if calibration:
        rules = checked(lambda said: dict(map(answer.calibration, said)), calibration)
        checked(lambda said: draft.take("calibration", said), rules)
    elif not no_calibration and ask.is_terminal():
        _ask_calibration(draft, old)
    when = moment(at, found.timezone)
    new: dict[str, Any] = {"from": when}
    new |= {key: draft.entry[key] for key in device_edit.HARDWARE if key in draft.entry}
    judged = carry_out(
        settings,
        registry,
        Path(found.file),
        lambda text, said: device_edit.swap(text, said, device, when, new),
    )
    sensor = str(new.get("dev_eui") or new.get("address"))
    done = say("{address} is mounted at {device} since {time}.", address=sensor, device=device, time=when)
    report(judged, device, done, as_json=json)
    if not json and old is not None:
        correct_later(settings, old, when)


def _need(sensor: bool, calibration: bool) -> None:
    """Outside of a terminal, name at once every option that is missing."""
    missing = [] if sensor or ask.is_terminal() else ["--dev-eui"]
    if not calibration:
        missing.append(say("--calibration or --no-calibration"))
    if missing:
        raise CommandFailed(
            say("missing: {options}", options=", ".join(missing)),
            hint=say("name these options; at a terminal this command asks"),
        )


def _draft(registry: Registry, found: Device) -> Draft:
    """What stays as it is at the place, so that the new hardware is judged beside it."""
    known: dict[str, Any] = {"site": found.site}
    if found.direction:
        known["direction"] = dict(found.direction)
    return Draft(registry, found.timezone, known)


def _take_sensor(draft: Draft, dev_eui: str | None, address: str | None) -> None:
    if address:
        checked(lambda said: draft.take("address", said), address)
    elif dev_eui:
        checked(lambda said: draft.take("dev_eui", normal(said)), dev_eui)
    else:
        text = say("DevEUI, the 16 digits on the new sensor's label")
        ask.question(text, lambda said: draft.take("dev_eui", normal(said)))


def _ask_calibration(draft: Draft, old: Installation | None) -> None:
    rules = [written(name, rule) for name, rule in (old.calibration if old else {}).items()]
    if rules:
        typer.echo(say("The old sensor had {calibration}.", calibration=", ".join(rules)), err=True)
    text = say("Calibration of the new sensor, as pm2_5=0.92+0.4")
    ask.optional(text, lambda said: draft.take("calibration", answer.several(said, answer.calibration)))


def written(name: str, rule: Calibration) -> str:
    """A calibration as it is typed."""
    return f"{name}={rule.factor:g}{rule.offset:+g}"
