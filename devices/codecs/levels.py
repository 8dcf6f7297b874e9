"""Level sensors whose payload is a few bytes: Dingtek, teneo IoT, Terabee, Pepperl+Fuchs WILSEN."""

import struct
from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_kind, unknown_port, wrong_begin, wrong_length


def dingtek_df702(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Millimetres to the waste, °C, and whether the bin is full, burns, lies, or wants a battery.

    Source: Dingtek, DF702 & DF703 Waste Bin Sensor Protocol LoRaWAN V2.8.
    """
    status = _dingtek(payload, f_port)
    if status is None:
        return _dingtek_settings(payload)
    alarm, tilt = status[3], status[4]
    said = _dingtek_levels(payload, status)
    said |= {"full": bool(alarm >> 4), "fire": bool(alarm & 15)}
    said |= {"tilt": bool(tilt >> 4), "battery": bool(tilt & 15)}
    return Decoded(said)


def dingtek_dc410(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Millimetres to the water in a manhole, °C, and whether it is full, was moved, wants a battery.

    Source: vendor/dingtek/dc410-codec.yaml of The Things Network lorawan-devices.
    """
    status = _dingtek(payload, f_port)
    if status is None:
        return _dingtek_settings(payload)
    alarm, moved, count = status[3], status[4], int.from_bytes(status[5:7])
    said = _dingtek_levels(payload, status)
    said |= {"full": bool(alarm >> 4), "motion": bool(moved >> 4), "battery": bool(moved & 15)}
    return Decoded(said | {"frame_counter": count})


def _dingtek(payload: bytes, f_port: int) -> bytes | None:
    """The bytes after level and position: °C, two of the angle, two of alarms; None for settings."""
    if f_port != 3:
        raise unknown_port(f_port, 3)
    if payload[:1] != b"\x80":
        raise wrong_begin(payload, "80")
    if len(payload) not in {17, 25}:
        raise wrong_length(payload, 17, 25)
    if payload[3] == 3:
        return None
    return payload[8:] if len(payload) == 17 else payload[16:]


def _dingtek_levels(payload: bytes, status: bytes) -> dict[str, Any]:
    said: dict[str, Any] = {"level": f"{int.from_bytes(payload[5:7])} mm"}
    if len(payload) == 25:
        longitude, latitude = struct.unpack_from("<ff", payload, 8)
        said |= {"longitude": f"{longitude:.6f}", "latitude": f"{latitude:.6f}"}
    temperature = int.from_bytes(status[:1], signed=True)
    said["temperature"] = f"{temperature} ℃"
    return said


def _dingtek_settings(payload: bytes) -> Decoded:
    return Decoded(
        {
            "periodic_interval": f"{payload[7]} hours",
            "detection_interval": f"{payload[8]} minutes",
            "full_alarm_threshold": f"{payload[9]} cm",
        }
    )


def teneo(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Volts, and on port 1 centimetres to the waste, perhaps with °C and % of humidity.

    Source: vendor/teneo-iot/filling-degree-sensor-codec.yaml of The Things Network lorawan-devices.
    """
    said: dict[str, Any] = {
        "battery": 2 + payload[0] / 10,
        "charging": f_port == 3,
        "sensorType": "fillrate",
        "settingsAllowed": True,
        "valid": False,
    }
    if f_port == 2:
        said |= _teneo_status(payload[1])
    elif f_port == 1:
        if len(payload) not in {3, 4, 7, 8}:
            raise wrong_length(payload, 3, 4, 7, 8)
        said |= _teneo_status(payload[3]) if len(payload) in {4, 8} else {"valid": True}
        if said["valid"] and "distance" not in said:
            said["distance"] = int.from_bytes(payload[1:3])
        if len(payload) >= 7:
            temperature, humidity = struct.unpack(">hH", payload[-4:])
            said |= {"temperature": temperature / 100, "relativeHumidity": humidity / 100}
    elif f_port != 3:
        raise unknown_port(f_port, 1, 2, 3)
    return Decoded(said)


def _teneo_status(code: int) -> dict[str, Any]:
    """0 is well, 4 beyond the sensor's reach (-1), everything else a fault."""
    if code == 4:
        return {"valid": True, "distance": -1}
    return {"valid": True} if code == 0 else {"valid": False, "errorcode": code}


def terabee_level(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Millimetres to the material, %, millivolts; words where it has none.

    Source: Terabee LoRa Level Monitoring XL, integration with The Things Network, appendix A.
    """
    distance, level, millivolts = struct.unpack_from(">HBH", payload)
    if len(payload) != 6:  # the last byte says faults of the device
        raise wrong_length(payload, 6)
    words = {0: "TARGET_TOO_CLOSE", 1: "INVALID_READING", 0xFFFF: "TARGET_TOO_FAR"}
    return Decoded(
        {
            "distance": words.get(distance, distance),
            "levelPercentage": "LEVEL_ERROR" if level == 255 else level,
            "batteryVoltage": millivolts,
        }
    )


#: WILSEN: name and `struct` format by UUID.
_WILSEN: Mapping[int, tuple[str, str]] = {
    0x0201: ("temp", ">f"),
    0x0B01: ("proxx", ">H"),
    0x0B02: ("proxx_mm", ">H"),
    0x0B06: ("fillinglvl", ">B"),
    0x0B07: ("amplitude", ">B"),
    0x3101: ("lora_count", ">H"),
    0x3102: ("gps_count", ">H"),
    0x3103: ("us_sensor_count", ">I"),
    0x5001: ("latitude", ">i"),
    0x5002: ("longitude", ">i"),
    0x5101: ("battery_vol", ">B"),
}
_WILSEN_DIVISORS = {"latitude": 1_000_000, "longitude": 1_000_000, "battery_vol": 10}


def wilsen(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """`length, UUID u16, data` again and again: cm or mm, %, °C, V, perhaps a position and counters.

    Source: Pepperl+Fuchs, Description of the Payload, WILSEN.sonic.level (tdoct7056). Other data stay out.
    """
    said: dict[str, Any] = {}
    at = 0
    while at < len(payload):
        length = payload[at]
        data = payload[at + 3 : at + 1 + length]
        if length < 2 or len(data) < length - 2:
            raise IndexError(at)
        uuid = int.from_bytes(payload[at + 1 : at + 3])
        if uuid in _WILSEN:
            name, form = _WILSEN[uuid]
            (value,) = struct.unpack(form, data)
            said[name] = value / _WILSEN_DIVISORS[name] if name in _WILSEN_DIVISORS else value
        elif uuid == 0x2A25:
            said["serial_nr"] = data.rstrip(b"\0").decode("ascii", "replace")
        at += 1 + length
    if "temp" in said:
        said["temp"] = round(said["temp"], 1)
    if not said:
        raise unknown_kind(payload[0] if payload else 0)
    return Decoded(said)


CODECS: Mapping[str, LocalCodec] = {
    "dingtek-dc410": dingtek_dc410,
    "dingtek-df702": dingtek_df702,
    "pepperl-fuchs-wilsen": wilsen,
    "teneo-iot": teneo,
    "terabee-level": terabee_level,
}
