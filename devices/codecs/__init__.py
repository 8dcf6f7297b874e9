"""Who turns an uplink into a decoded object: one function a codec name, as a type file's `codec` says it.

- `lns`: the network server has done it.
- a name of `LOCAL`: our own decoder, which reads the payload; without one, the server's object is taken.
- a file, `*.js` (LoRa Alliance TS013): run in a process of its own (`ingest.scripts`) when the server sent
  no decoded object; here only that object is taken.
"""

import struct
from collections.abc import Mapping

from devices.codecs import (
    adeunis_breath,
    adeunis_pulse,
    arwin,
    bosch_tps,
    browan,
    cayenne_lpp,
    decentlab,
    decentlab_ground,
    dragino,
    dragino_ground,
    elsys,
    keller,
    levels,
    lns,
    milesight_air,
    milesight_ground,
    milesight_people,
    netvox,
    nwave,
    parametric,
    parking,
    people,
    sensecap,
    uradmonitor,
)
from devices.codecs.decoded import Decoded, LocalCodec
from devices.device import Installation
from devices.errors import UplinkRefused
from devices.language import say
from devices.uplink import Uplink

__all__ = ["LOCAL", "Decoded", "LocalCodec", "decode", "run_local"]

#: Our own decoders, by the name they have in type files.
LOCAL: Mapping[str, LocalCodec] = {
    **adeunis_breath.CODECS,
    **adeunis_pulse.CODECS,
    **arwin.CODECS,
    **bosch_tps.CODECS,
    **browan.CODECS,
    **cayenne_lpp.CODECS,
    **decentlab.CODECS,
    **decentlab_ground.CODECS,
    **dragino.CODECS,
    **dragino_ground.CODECS,
    **elsys.CODECS,
    **keller.CODECS,
    **levels.CODECS,
    **milesight_air.CODECS,
    **milesight_ground.CODECS,
    **milesight_people.CODECS,
    **netvox.CODECS,
    **nwave.CODECS,
    **parametric.CODECS,
    **parking.CODECS,
    **people.CODECS,
    **sensecap.CODECS,
    **uradmonitor.CODECS,
}


def decode(uplink: Uplink, installation: Installation) -> Decoded:
    """The decoded object of an uplink of this installation; raises `UplinkRefused`."""
    codec = installation.type.codec
    local = LOCAL.get(codec)
    if local is None or not uplink.payload:
        return Decoded(lns.decode(uplink, installation))
    return run_local(codec, uplink.payload, uplink.f_port or 0, installation.variables)


def run_local(codec: str, payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """What one of `LOCAL` makes of a payload; raises `UplinkRefused` (`codec_failed`)."""
    try:
        return LOCAL[codec](payload, f_port, variables)
    except (ValueError, LookupError, ArithmeticError, struct.error) as error:
        said = error if isinstance(error, ValueError) else say("the payload ends too early")
        raise UplinkRefused(
            "codec_failed",
            say(
                "{codec} cannot read {payload} on port {port}: {error}",
                codec=codec,
                payload=payload.hex(),
                port=f_port,
                error=said,
            ),
            hint=say("another firmware, or another type?"),
        ) from error
