"""End devices as The Things Stack lists them (`ttn-lw-cli end-devices list`, or its API).

Source: its documentation of the JSON file for devices, and `EndDevice` of its API: `ids`, `name`,
`attributes`, `version_ids`, `locations`. Whatever else it holds (root keys, sessions) is not looked at.
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
        secrets |= dict.fromkeys(key for key in one if is_secret(key) or key == "session")
        ids, version = _mapping(one.get("ids")), _mapping(one.get("version_ids"))
        entry, hidden = from_names(_mapping(one.get("attributes")))
        secrets |= dict.fromkeys(hidden)
        place = _place(one.get("locations"))
        entry = {**({"location": place} if place else {}), **entry, "dev_eui": str(ids.get("dev_eui") or "")}
        if ids.get("device_id"):
            entry.setdefault("id", str(ids["device_id"]))
        model = f"{version.get('brand_id') or ''} {version.get('model_id') or ''}".strip()
        rows.append(Row(number, entry, str(one.get("name") or ids.get("device_id") or ""), model))
    return Listing("The Things Stack", rows, secrets=list(secrets))


def _place(locations: Any) -> dict[str, float]:
    """Where someone pinned it; altitude is above sea level, and no height above ground."""
    pinned = _mapping(_mapping(locations).get("user"))
    lat, lon = pinned.get("latitude"), pinned.get("longitude")
    if isinstance(lat, int | float) and isinstance(lon, int | float) and (lat or lon):
        return {"lat": float(lat), "lon": float(lon)}
    return {}


def _mapping(said: Any) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}
