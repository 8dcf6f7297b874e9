"""`messnetz devices add`: a new place; asks at a terminal, or takes an option for everything."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from devices import answer, device_edit
from devices.language import say
from devices.type_file import shown
from ingest.cli import ask
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings
from ingest.cli.devices import questions
from ingest.cli.devices.changing import carry_out, report
from ingest.cli.devices.draft import Draft, take_options
from ingest.cli.devices.strangers import Stranger, normal, stranger
from ingest.cli.devices.takeup import take_up
from ingest.cli.devices.target import target_file
from ingest.errors import CommandFailed
from ingest.registry_files import load_registry

HELP = say(
    "Register a sensor at a place.\n\n"
    "At a terminal it asks for everything that no option says; in a script name the options. The entry"
    " goes to the end of the file's list, nothing else in the file changes, and a file that would be wrong is"
    " not written.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices add\n"
    "  messnetz devices add --from-unknown 70b3d57ba0000a1c\n"
    "  messnetz devices add --id luft-marktplatz --site Marktplatz \\\n"
    "      --dev-eui 70b3d57ba0000a1c --type decentlab-dl-pm \\\n"
    "      --lat 50.5841 --lon 8.6784 --calibration pm2_5=0.92+0.4"
)

_NEEDED = {"id": "--id", "site": "--site", "dev_eui": "--dev-eui", "type": "--type"}


def add(
    config: ConfigOption = DEFAULT_CONFIG,
    id: Annotated[  # noqa: A002  the option's name
        str | None, typer.Option("--id", help=say("Id of the place; the name of its series for ever."))
    ] = None,
    site: Annotated[str | None, typer.Option("--site", help=say("What people call the place."))] = None,
    dev_eui: Annotated[
        str | None, typer.Option("--dev-eui", help=say("The 16 digits on the sensor's label."))
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            "--address", help=say("Name that a sensor without LoRaWAN sends, instead of --dev-eui.")
        ),
    ] = None,
    type: Annotated[str | None, typer.Option("--type", help=say("Device type."))] = None,  # noqa: A002  likewise
    lat: Annotated[str | None, typer.Option("--lat", help=say("Latitude in degrees, as 50.5841."))] = None,
    lon: Annotated[str | None, typer.Option("--lon", help=say("Longitude in degrees, as 8.6784."))] = None,
    height: Annotated[str | None, typer.Option("--height", help=say("Metres above the ground."))] = None,
    district: Annotated[str | None, typer.Option("--district", help=say("Part of the town."))] = None,
    interval: Annotated[
        str | None, typer.Option("--interval", help=say("How often it should speak, as 10min."))
    ] = None,
    begin: Annotated[
        str | None,
        typer.Option(
            "--from", help=say("When it was mounted, in local time. What it said before is no data.")
        ),
    ] = None,
    lot: Annotated[str | None, typer.Option("--lot", help=say("Car park that its bay belongs to."))] = None,
    bay: Annotated[str | None, typer.Option("--bay", help=say("Number of the parking bay."))] = None,
    lane: Annotated[str | None, typer.Option("--lane", help=say("Lane of the street."))] = None,
    direction: Annotated[
        list[str] | None,
        typer.Option("--direction", help=say("What a direction is here, as ltr=stadteinwärts; repeatable.")),
    ] = None,
    calibration: Annotated[
        list[str] | None,
        typer.Option("--calibration", help=say("Factor and offset, as pm2_5=0.92+0.4; repeatable.")),
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", help=say("Free text, as inventar=20931; repeatable."))
    ] = None,
    publish: Annotated[
        str | None, typer.Option("--publish", help=say("Who may have its data: none, partners or open."))
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help=say("The device file. Default: the one with this site."))
    ] = None,
    municipality: Annotated[
        str | None,
        typer.Option(
            "--municipality", help=say("Short name of the municipality, for the first device file.")
        ),
    ] = None,
    from_unknown: Annotated[
        str | None,
        typer.Option("--from-unknown", help=say("Go on from an unknown sender that devices unknown lists.")),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Register a sensor at a place."""
    settings = load_settings(config)
    draft = Draft(load_registry(settings))
    heard = stranger(settings, draft.registry, from_unknown) if from_unknown else None
    if heard is not None:
        dev_eui, address = (heard.address, None) if heard.is_dev_eui else (None, heard.address)
    said = {
        "dev_eui": dev_eui and normal(dev_eui), "address": address, "type": type, "site": site, "lot": lot,
        "bay": bay, "id": id, "district": district, "lane": lane, "lat": lat, "lon": lon, "height": height,
        "direction": direction, "interval": interval, "publish": publish, "from": begin,
        "calibration": calibration, "labels": label,
    }  # fmt: skip
    said = {key: value for key, value in said.items() if value}
    missing = [key for key in _NEEDED if key not in said and not (key == "dev_eui" and address)]
    if missing and not ask.is_terminal():
        raise CommandFailed(
            say("missing: {options}", options=", ".join(_NEEDED[key] for key in missing)),
            hint=_missing_hint(missing, heard),
        )
    target = target_file(settings, draft.registry, file, municipality, site, may_ask=bool(missing))
    draft.timezone = target.timezone
    take_options(draft, said)
    if missing:
        questions.ask_the_rest(draft, heard)
        typer.echo(f"\n{draft.text}\n", err=True)
        if not ask.confirm(say("Write this to {file}?", file=shown(target.path)), default=True):
            raise CommandFailed(say("nothing is written"))
    elif heard is not None:
        draft.entry.setdefault("from", answer.written_ns(heard.said_ns, draft.timezone))
    judged = carry_out(
        settings,
        draft.registry,
        target.path,
        lambda text, what: device_edit.add(text, what, [draft.entry]),
        head=target.head,
    )
    taken = take_up(settings, heard.address, heard.messages) if heard is not None else None
    device = draft.entry["id"]
    report(judged, device, say("{device} is registered.", device=device), as_json=json, taken=taken)


def _missing_hint(missing: Sequence[str], heard: Stranger | None) -> str:
    if heard is not None and "type" in missing and heard.fits:
        near = ", ".join(fit.type.id for fit in heard.fits)
        return say("what {address} says fits: {types}", address=heard.address, types=near)
    return say("name these options; at a terminal this command asks")
