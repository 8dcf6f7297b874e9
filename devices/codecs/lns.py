"""`lns`: the network server has decoded the payload with a codec of its own."""

from typing import Any

from devices.device import Installation
from devices.errors import UplinkRefused
from devices.language import say
from devices.uplink import Uplink


def decode(uplink: Uplink, installation: Installation) -> dict[str, Any]:
    """The network server's decoded object; refuses an uplink that came without one (`no_decoded_object`)."""
    if uplink.decoded is None:
        raise UplinkRefused(
            "no_decoded_object",
            say("the network server sent no decoded object for {type}", type=installation.type.id),
            hint=say("set the device's payload codec in the network server, or see there why it failed"),
        )
    return uplink.decoded
