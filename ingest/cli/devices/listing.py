"""`messnetz devices list`: the registered devices."""

from typing import Any

import typer

from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json, print_table
from ingest.registry_files import load_registry


def list_devices(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """List the registered devices as the files stand now."""
    registry = load_registry(load_settings(config))
    devices = sorted(registry.devices.values(), key=lambda device: device.id)
    if json:
        print_json([_describe(device) for device in devices])
        return
    print_table(
        f"{len(devices)} devices",
        ("device", "site", "type", "address"),
        [(d.id, d.site, d.installations[-1].type.id, d.installations[-1].address) for d in devices],
    )
    for complaint in registry.complaints:
        typer.secho(str(complaint), fg="red", err=True)


def _describe(device: Any) -> dict[str, Any]:
    return {
        "id": device.id,
        "site": device.site,
        "municipality": device.municipality,
        "district": device.district,
        "lat": device.lat,
        "lon": device.lon,
        "file": device.file,
        "line": device.line,
        "installations": [
            {"address": i.address, "type": i.type.id, "from_ns": i.begin_ns, "until_ns": i.end_ns}
            for i in device.installations
        ],
    }
