"""Dragino sensors for the air: LAQ4 and LHT65N; fixed layouts on port 2, big-endian.

Source: chapter "Uplink Payload" of their user manuals on wiki.dragino.com.
"""

import struct
from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_port
from devices.language import say

_PORT = 2

# battery in mV, status, TVOC in ppb, CO2 in ppm, temperature and humidity in tenths
_LAQ4 = struct.Struct(">HBHHhH")
_LAQ4_ALARMS = struct.Struct(">HBbbBBHH")
_MEASURING, _THRESHOLDS = 1, 31

# battery in mV below its state (2 bits), temperature in hundredths, humidity in tenths (12 bits), probe
_LHT65N = struct.Struct(">HhHB")
_PROBE = struct.Struct(">h")
_PROBE_AT = 7
_POLLED = 0x80
_PROBES = {1: "TempC_DS", 2: "TempC_TMP117"}
_TIMED = 9  #: the probe's temperature stands where the battery's voltage does otherwise
_NOT_CONNECTED = 0x7FFF


def laq4(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Air quality. Raises `ValueError` for another port or working mode."""
    _check_port(f_port)
    millivolts, status, *figures = _LAQ4.unpack_from(payload)
    mode = status >> 2 & 31
    said: dict[str, Any] = {"Bat_V": millivolts / 1000}
    if mode == _MEASURING:
        tvoc, co2, temperature, humidity = figures
        said |= {
            "Work_mode": "CO2",
            "Alarm_status": "TRUE" if status & 1 else "FALSE",
            "TVOC_ppb": tvoc,
            "CO2_ppm": co2,
            "TempC_SHT": temperature / 10,
            "Hum_SHT": humidity / 10,
        }
    elif mode == _THRESHOLDS:
        _, _, *limits = _LAQ4_ALARMS.unpack_from(payload)
        names = ("SHTEMPMIN", "SHTEMPMAX", "SHTHUMMIN", "SHTHUMMAX", "CO2MIN", "CO2MAX")
        said |= {"Work_mode": "ALARM", **dict(zip(names, limits, strict=True))}
    else:
        raise ValueError(say("working mode {mode} is not known", mode=mode))
    return Decoded(said)


def lht65n(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Temperature and humidity, and the temperature of a probe outside; other probes are not read.

    Raises `ValueError` for another port and for stored values that were asked for.
    """
    _check_port(f_port)
    battery, temperature, humidity, probe = _LHT65N.unpack_from(payload)
    if probe & _POLLED:
        raise ValueError(say("stored values that were asked for are not read"))
    probe &= 15
    said: dict[str, Any] = {"TempC_SHT": temperature / 100, "Hum_SHT": (humidity & 0xFFF) / 10}
    if probe == _TIMED:
        (outside,) = _PROBE.unpack_from(payload)
        return Decoded(_outside({**said, "Bat_status": humidity >> 14}, "TempC_DS", outside))
    said |= {"BatV": (battery & 0x3FFF) / 1000, "Bat_status": battery >> 14}
    if probe in _PROBES:
        (outside,) = _PROBE.unpack_from(payload, _PROBE_AT)
        return Decoded(_outside({**said, "Ext_sensor": "Temperature Sensor"}, _PROBES[probe], outside))
    return Decoded(said)


def _outside(said: dict[str, Any], name: str, hundredths: int) -> dict[str, Any]:
    return said if hundredths == _NOT_CONNECTED else {**said, name: hundredths / 100}


def _check_port(f_port: int) -> None:
    if f_port != _PORT:
        raise unknown_port(f_port, _PORT)


CODECS: Mapping[str, LocalCodec] = {"dragino-laq4": laq4, "dragino-lht65n": lht65n}
