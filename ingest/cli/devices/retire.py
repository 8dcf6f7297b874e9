"""`messnetz devices retire`: nothing is measured at a place any more; its series stay."""

from pathlib import Path

from devices import device_edit
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
from ingest.registry_files import load_registry

HELP = say(
    "End a place: what is mounted there was taken down.\n\n"
    "Its entry stays, with the time of the end, for its series stay too. What the sensor says afterwards is"
    " no data of this place.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices retire luft-marktplatz\n"
    '  messnetz devices retire luft-marktplatz --at "10.03.2026 14:00"'
)


def retire(
    device: IdArgument, config: ConfigOption = DEFAULT_CONFIG, at: AtOption = None, json: JsonOption = False
) -> None:
    """End a place."""
    settings = load_settings(config)
    registry = load_registry(settings)
    found = place(registry, device)
    hung = still_mounted(found)
    until = moment(at, found.timezone)
    judged = carry_out(
        settings, registry, Path(found.file), lambda text, said: device_edit.end(text, said, device, until)
    )
    done = say(
        "{device} ended on {time}; {address} is free.", device=device, time=until, address=hung.address
    )
    report(judged, device, done, as_json=json)
    if not json:
        correct_later(settings, hung, until)
