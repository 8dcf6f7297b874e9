"""Nwave's parking sensors NPS310 and NPS405 and its car counter NCC405.

Source: Nwave LoRaWAN Parking Sensor and Car Counter, "Getting started", uplink messages; the state is bit 0
of the first byte. The number of a driver's tag (port 10) is of a person and is not decoded.
"""

import struct
from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_port

_RESET_CAUSES = {
    0: "rejoining_lorawan_network",
    1: "watchdog",
    2: "power_on",
    3: "user_request",
    6: "brownout",
    7: "other",
}
_NPS310_RESET_CAUSES = {1: "watchdog", 2: "power_on", 3: "user_request", 4: "brownout", 5: "other"}


def nps310(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The state on ports 1, 2 and 3, where it starts."""
    match f_port:
        case 1:
            return Decoded({"type": "parking_status", "occupied": bool(payload[0] & 1)})
        case 2:
            return Decoded({"type": "heartbeat", "occupied": bool(payload[0] & 1)})
        case 3:
            return Decoded(_start(payload, _NPS310_RESET_CAUSES) | {"occupied": bool(payload[4] & 1)})
    raise unknown_port(f_port, 1, 2, 3)


def nps405(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The state, how long the one before lasted in minutes, volts and °C.

    `ended_stay` is ours: the duration of the state before where that was an occupied one of known length.
    """
    said: dict[str, Any]
    match f_port:
        case 1:
            said = {"type": "parking_status", "occupied": bool(payload[0] & 1), **_before(payload[0] >> 1)}
            if not said["occupied"] and not said["previous_state_duration_overflow"]:
                said["ended_stay"] = said["previous_state_duration"]
        case 2:
            said = {
                "type": "heartbeat",
                "occupied": bool(payload[0] & 1),
                "battery_voltage": _volts(payload[1]),
                "temperature": struct.unpack_from("b", payload, 2)[0] / 2 + 10,
            }
        case 3:
            said = _start(payload, _RESET_CAUSES) | {"occupied": bool(payload[4] & 1)}
        case 10:
            said = {"type": "user_registration", "occupied": None}
            if payload[0] & 1:
                said |= {"occupied": True, **_before(payload[0] >> 1)}
        case _:
            raise unknown_port(f_port, 1, 2, 3, 10)
    return Decoded(said)


def ncc405(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """How many cars have passed since its start, modulo 65536; volts."""
    match f_port:
        case 1:
            return Decoded({"type": "counter_update", "counter_value": payload[0] << 8 | payload[1]})
        case 2:
            return Decoded(
                {
                    "type": "heartbeat",
                    "battery_voltage": _volts(payload[1]),
                    "battery_voltage_mean_24h": _volts(payload[2]),
                }
            )
        case 3:
            return Decoded(_start(payload, _RESET_CAUSES))
    raise unknown_port(f_port, 1, 2, 3)


def _start(payload: bytes, causes: Mapping[int, str]) -> dict[str, Any]:
    cause = causes.get(payload[3], "unknown")
    version = ".".join(map(str, payload[:3]))
    return {"type": "startup", "firmware_version": version, "reset_cause": cause}


def _volts(value: int) -> float:
    return (2500 + 4 * value) / 1000


def _before(compressed: int) -> dict[str, Any]:
    """How long the state before lasted, in minutes, and by how many minutes more it may have."""
    minutes: int
    error: int | None
    if compressed < 90:
        minutes, error = compressed, 0
    elif compressed < 120:
        minutes, error = 90 + 5 * (compressed - 90), 4
    elif compressed < 127:
        minutes, error = 240 + 60 * (compressed - 120), 59
    else:
        minutes, error = 660, None
    return {
        "previous_state_duration": minutes,
        "previous_state_duration_error": error,
        "previous_state_duration_overflow": error is None,
    }


CODECS: Mapping[str, LocalCodec] = {
    "nwave-ncc405": ncc405,
    "nwave-nps310": nps310,
    "nwave-nps405": nps405,
}
