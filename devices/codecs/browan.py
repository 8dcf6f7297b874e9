"""Browan TBSL100, sound level: `status, battery, temperature, decibel`, a byte each, on port 105.

Source: TBSL100 reference manual BQW_02_0011, chapter 4.1.
"""

import struct
from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_port

_PORT = 105
_LAYOUT = struct.Struct(">BBBB")
_NOT_MEASURED = 0xFF


def sound(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The decoded object; without `decibel` where the microphone gave nothing. Raises `ValueError`."""
    if f_port != _PORT:
        raise unknown_port(f_port, _PORT)
    status, battery, temperature, decibel = _LAYOUT.unpack_from(payload)
    said: dict[str, Any] = {
        "status": status & 1,
        "battery": (25 + (battery & 15)) / 10,
        "temperatureBoard": (temperature & 127) - 32,
    }
    if decibel != _NOT_MEASURED:
        said["decibel"] = decibel
    return Decoded(said)


CODECS: Mapping[str, LocalCodec] = {"browan-tbsl100": sound}
