"""Adeunis BREATH: `frame code u8, status u8`, then 16-bit figures in µg/m³, big-endian.

Source: Technical Reference Manual BREATH, frames 0x6d and 0x6e. A periodic frame holds several measurements,
the newest first, of TVOC, PM10, PM2.5 and PM1.
"""

import struct
from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_kind

_UNIT = "µg/m3"
_HEAD = 2  #: bytes before the figures
_NAMES = ("tvoc", "pm10", "pm25", "pm1")
_MEASUREMENT = struct.Struct(">HHHH")
_ALARM = struct.Struct(">BHHHH")

_PERIODIC, _ALARMS = 0x6D, 0x6E
_OTHERS = {
    0x10: "0x10 Breath configuration",
    0x1F: "0x1f digital input configuration",
    0x20: "0x20 Configuration",
    0x30: "0x30 Daily frame",
    0x33: "0x33 Set register status",
    0x37: "0x37 Software version",
    0x51: "0x51 digital input 1 alarm",
    0x52: "0x52 digital input 2 alarm",
}


def breath(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The object of the maker's decoder, under `bytes`; of frames without measurements, type and status.

    Raises `ValueError` for a frame that is not known or ends within a measurement.
    """
    code, status = payload[0], payload[1]
    said: dict[str, Any] = {
        "status": {
            "frameCounter": status >> 5,
            "lowBattery": bool(status & 2),
            "configurationDone": bool(status & 1),
        }
    }
    if code == _PERIODIC:
        said |= {"type": "0x6d Breath periodic data", **_measurements(payload[_HEAD:])}
    elif code == _ALARMS:
        said |= {"type": "0x6e Breath alarm", **_alarms(payload)}
    elif code in _OTHERS:
        said["type"] = _OTHERS[code]
    else:
        raise unknown_kind(code)
    return Decoded({"bytes": said})


def _measurements(figures: bytes) -> dict[str, Any]:
    if not figures or len(figures) % _MEASUREMENT.size:
        raise IndexError(len(figures))
    by_name = zip(*_MEASUREMENT.iter_unpack(figures), strict=True)
    return {
        name: {"unit": _UNIT, "values": list(values)} for name, values in zip(_NAMES, by_name, strict=True)
    }


def _alarms(payload: bytes) -> dict[str, Any]:
    active, *values = _ALARM.unpack_from(payload, _HEAD)
    return {
        name: {
            "alarmStatus": "active" if active >> bit & 1 else "inactive",
            "unit": _UNIT,
            "value": value,
        }
        for bit, (name, value) in enumerate(zip(_NAMES, values, strict=True))
    }


CODECS: Mapping[str, LocalCodec] = {"adeunis-breath": breath}
