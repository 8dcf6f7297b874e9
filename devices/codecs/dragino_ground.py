"""Dragino's LDDS75, LSE01 and LWL03A: distance, soil, water at a contact; big-endian.

Source: the chapter "Uplink Payload" of each user manual (wiki.dragino.com).
"""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_port, wrong_length

_VOLTAGE_BITS = 0x3FFF  # the two above them are flags
_NO_ECHO_MM = 20  # and below: the sensor's way to say that nothing came back


def ldds75(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Volts, millimetres to what is in front of the ultrasonic sensor, °C of a probe where one is fitted."""
    if f_port != 2:
        raise unknown_port(f_port, 2)
    battery, distance, interrupt, temperature, fitted = struct.unpack_from(">HHBhB", payload)
    said: dict[str, Any] = {"Bat": (battery & _VOLTAGE_BITS) / 1000}
    if not fitted:
        said["Distance"] = "No Sensor"
    elif distance <= _NO_ECHO_MM:
        said["Distance"] = "Invalid Reading"
    else:
        said["Distance"] = f"{distance} mm"
    said["Interrupt_flag"] = interrupt
    said["TempC_DS18B20"] = f"{temperature / 10:.2f}"
    said["Sensor_flag"] = fitted
    return Decoded(said)


def lse01(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Volts, water in the soil in % by volume, °C and µS/cm; in mode 1 the raw figures of the probe."""
    if f_port != 2:
        raise unknown_port(f_port, 2)
    battery, probe, first, second, third, flags = struct.unpack_from(">HhHHHB", payload)
    said: dict[str, Any] = {
        "Bat": (battery & _VOLTAGE_BITS) / 1000,
        "TempC_DS18B20": f"{probe / 10:.1f}",
        "Mod": flags >> 7,
    }
    if said["Mod"]:
        raw = {"Soil_dielectric_constant": first / 10, "Raw_water_SOIL": second, "Raw_conduct_SOIL": third}
        return Decoded(said | raw)
    (temperature,) = struct.unpack_from(">h", payload, 6)
    said["water_SOIL"] = f"{first / 100:.2f}"
    said["temp_SOIL"] = f"{temperature / 100:.2f}"
    said["conduct_SOIL"] = third
    return Decoded(said)


def lwl03a(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Whether the rope is wet, how often it was and for how many minutes; volts when it presents itself."""
    if f_port == 5:
        return Decoded({"BAT": int.from_bytes(_part(payload, 5, 7)) / 1000})
    if f_port != 2:
        raise unknown_port(f_port, 2, 5)
    if len(payload) != 11:
        raise wrong_length(payload, 11)
    state = payload[0]
    since = datetime.fromtimestamp(int.from_bytes(payload[7:11]), UTC)
    return Decoded(
        {
            "TDC": "YES" if state & 4 else "NO",
            "ALARM": "TRUE" if state & 2 else "FALSE",
            "WATER_LEAK_STATUS": "LEAK" if state & 1 else "NO LEAK",
            "WATER_LEAK_TIMES": int.from_bytes(payload[1:4]),
            "LAST_WATER_LEAK_DURATION": int.from_bytes(payload[4:7]),
            "TIME": since.strftime("%Y-%m-%d %H:%M:%S"),
        }
    )


def _part(payload: bytes, begin: int, end: int) -> bytes:
    if len(payload) < end:
        raise wrong_length(payload, end)
    return payload[begin:end]


CODECS: Mapping[str, LocalCodec] = {
    "dragino-ldds75": ldds75,
    "dragino-lse01": lse01,
    "dragino-lwl03a": lwl03a,
}
