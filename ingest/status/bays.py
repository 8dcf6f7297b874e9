"""What is known of the bays that a sensor watches, by the sensor's own names of them."""

from collections.abc import Mapping

from devices.device import Device
from devices.state import BayState, DeviceState


def known_bays(device: Device, memory: DeviceState | None) -> Mapping[str, BayState]:
    """The newest state of each bay; the empty name where a sensor watches one only.

    With a list (`bays`) nothing else is a bay of the device: what is known of one that left it says nothing.
    """
    found = {} if memory is None else {_own_name(key): bay for key, bay in memory.bays.items()}
    if device.bays:
        return {own: bay for own, bay in found.items() if own in device.bays}
    return found


def _own_name(key: str) -> str:
    tags = dict(part.split("=", 1) for part in key.split("|")[1:] if "=" in part)
    return tags.get("bay", "")
