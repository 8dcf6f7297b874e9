"""Devices as ChirpStack's API lists them (v4, and v3 with `devEUI`); the profile's name tells the type.

Source: chirpstack api/proto/api/device.proto, `ListDevicesResponse` and `Device`. `variables` hold secrets by
their definition there and are never taken over.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from devices.imports.named import from_names
from devices.imports.rows import Listing, Row, is_secret


def read(devices: Sequence[Mapping[str, Any]]) -> Listing:
    """A row a device, in their order."""
    secrets: dict[str, None] = {}
    rows = []
    for number, one in enumerate(devices, 1):
        secrets |= dict.fromkeys(key for key in one if is_secret(key) or (key == "variables" and one[key]))
        tags = one.get("tags")
        entry, hidden = from_names(tags if isinstance(tags, Mapping) else {})
        secrets |= dict.fromkeys(hidden)
        eui = one.get("devEui") or one.get("devEUI") or one.get("dev_eui") or ""
        name = str(one.get("name") or "")
        model = str(one.get("deviceProfileName") or one.get("device_profile_name") or "")
        rows.append(Row(number, {"dev_eui": str(eui), **entry}, name, model))
    return Listing("ChirpStack", rows, secrets=list(secrets))
