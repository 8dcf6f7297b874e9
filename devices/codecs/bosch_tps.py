"""Bosch TPS110 parking lot sensor: a state on port 1, a sign of life on port 2, its start on port 3.

Source: Bosch, Parking Lot Sensor, communication interface, 3.1; firmware from 0.29 adds the temperature.
"""

from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_port

_RESET_CAUSES = {1: "watchdog", 2: "power on", 3: "system request", 4: "other"}


def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The state, and on the sign of life the temperature in whole °C."""
    said: dict[str, Any]
    match f_port:
        case 1:
            said = {"type": "parking status", "occupied": bool(payload[0] & 1)}
        case 2:
            said = {"type": "heartbeat", "occupied": bool(payload[0] & 1)}
            if len(payload) > 1:
                said["temperature"] = int.from_bytes(payload[1:2], signed=True)
        case 3:
            codes = (int.from_bytes(payload[at : at + 2], "little") & 0xFFF for at in (0, 4, 8))
            said = {
                "type": "startup",
                "occupied": bool(payload[16] & 1),
                "debugCodes": [code for code in codes if code],
                "firmwareVersion": ".".join(map(str, payload[12:15])),
                "resetCause": _RESET_CAUSES.get(payload[15], "unknown"),
            }
        case _:
            raise unknown_port(f_port, 1, 2, 3)
    return Decoded(said)


CODECS: Mapping[str, LocalCodec] = {"bosch-tps110": decode}
