"""`messnetz devices move`: a sensor hangs somewhere else now; another series begins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from devices import device_edit, duration
from devices.device import Installation
from devices.edit import Splice
from devices.language import say
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings
from ingest.cli.devices.changing import (
    AtOption,
    IdArgument,
    carry_out,
    correct_later,
    moment,
    place,
    report,
    still_mounted,
)
from ingest.cli.devices.draft import Draft, take_options
from ingest.registry_files import load_registry

HELP = say(
    "A sensor was taken to another place.\n\n"
    "Its place so far ends, and a new one begins with the same sensor, its type, its calibration and its"
    " interval: a series belongs to one place for ever. All else of the new place is said anew.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz devices move luft-marktplatz --to luft-bahnhof --site Bahnhof \\\n"
    '      --lat 50.5797 --lon 8.6626 --at "10.03.2026 14:00"'
)


def move(
    device: IdArgument,
    to: Annotated[str, typer.Option("--to", help=say("Id of the new place."), show_default=False)],
    site: Annotated[
        str, typer.Option("--site", help=say("What people call the new place."), show_default=False)
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    at: AtOption = None,
    lat: Annotated[str | None, typer.Option("--lat", help=say("Latitude in degrees, as 50.5841."))] = None,
    lon: Annotated[str | None, typer.Option("--lon", help=say("Longitude in degrees, as 8.6784."))] = None,
    height: Annotated[str | None, typer.Option("--height", help=say("Metres above the ground."))] = None,
    district: Annotated[str | None, typer.Option("--district", help=say("Part of the town."))] = None,
    lot: Annotated[str | None, typer.Option("--lot", help=say("Car park that its bay belongs to."))] = None,
    bay: Annotated[str | None, typer.Option("--bay", help=say("Number of the parking bay."))] = None,
    lane: Annotated[str | None, typer.Option("--lane", help=say("Lane of the street."))] = None,
    direction: Annotated[
        list[str] | None,
        typer.Option("--direction", help=say("What a direction is here, as ltr=stadteinwärts; repeatable.")),
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", help=say("Free text, as inventar=20931; repeatable."))
    ] = None,
    publish: Annotated[
        str | None, typer.Option("--publish", help=say("Who may have its data: none, partners or open."))
    ] = None,
    json: JsonOption = False,
) -> None:
    """Take a sensor to another place."""
    settings = load_settings(config)
    registry = load_registry(settings)
    found = place(registry, device)
    hung = still_mounted(found)
    when = moment(at, found.timezone)
    draft = Draft(registry, found.timezone, {"type": hung.type.id})
    said = {
        "site": site, "lot": lot, "bay": bay, "id": to, "district": district, "lane": lane, "lat": lat,
        "lon": lon, "height": height, "direction": direction, "publish": publish, "labels": label,
    }  # fmt: skip
    take_options(draft, {key: value for key, value in said.items() if value})
    if found.interval_s is not None:
        draft.entry["interval"] = duration.text(found.interval_s)

    def moved(text: str, what: Any) -> list[Splice]:
        sensor = _sensor(device_edit.mounted(text, what, device), hung)
        new = {**draft.entry, **sensor, "from": when}
        return [*device_edit.end(text, what, device, when), *device_edit.add(text, what, [new])]

    judged = carry_out(settings, registry, Path(found.file), moved)
    done = say("{device} ended on {time}, {to} begins then.", device=device, time=when, to=to)
    report(judged, to, done, as_json=json)
    if not json:
        correct_later(settings, hung, when)


def _sensor(said: Mapping[str, Any], hung: Installation) -> dict[str, Any]:
    """What goes along with the sensor, as the file says it."""
    carried = {key: said[key] for key in ("type", "calibration") if said.get(key)}
    carried["address" if said.get("address") is not None else "dev_eui"] = hung.address
    return carried | ({"variables": dict(hung.variables)} if hung.variables else {})
