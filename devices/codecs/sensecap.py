"""SenseCAP S2120, weather station: `[frame id u8, its figures]` again and again, all big-endian.

Source: S2120 user guide, chapters 10.2 and 10.3; frames 4A, 4B and 4C of newer firmware are 01 and 02 under
other ids, and peak gust and rain since the start.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from devices.codecs.decoded import Decoded, LocalCodec
from devices.language import say


class Measurement(NamedTuple):
    """A figure by its SenseCAP measurement id."""

    id: str
    type: str
    divisor: float = 1


class Frame(NamedTuple):
    """What stands behind a frame id."""

    layout: str
    measurements: Sequence[Measurement] = ()


_AIR = Frame(
    ">hBIBH",
    (
        Measurement("4097", "Air Temperature", 10),
        Measurement("4098", "Air Humidity"),
        Measurement("4099", "Light Intensity"),
        Measurement("4190", "UV Index", 10),
        Measurement("4105", "Wind Speed", 10),
    ),
)

_RAIN = Frame(
    ">HIH",
    (
        Measurement("4104", "Wind Direction Sensor"),
        Measurement("4113", "Rain Gauge", 1000),
        Measurement("4101", "Barometric Pressure", 0.1),
    ),
)

_PEAKS = Frame(
    ">HI",
    (Measurement("4191", "Peak Wind Gust", 10), Measurement("4213", "Rain Accumulation", 1000)),
)

_BATTERY, _STATUS, _INTERVALS, _ERROR, _SENSOR = 0x03, 0x04, 0x05, 0x06, 0x10

_FRAMES: Mapping[int, Frame] = {
    0x01: _AIR,
    0x02: _RAIN,
    _BATTERY: Frame(">B"),
    _STATUS: Frame(">BBBBBHH"),
    _INTERVALS: Frame(">HH"),
    _ERROR: Frame(">B"),
    _SENSOR: Frame(">B8s"),
    0x4A: _AIR,
    0x4B: _RAIN,
    0x4C: _PEAKS,
}


def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The object of the maker's decoder: in `messages` a list of messages a frame.

    It stops at a frame that it does not know, with a warning; raises `ValueError` where that is the first.
    """
    messages: list[list[dict[str, Any]]] = []
    said = {"err": 0, "payload": payload.hex().upper(), "valid": True, "messages": messages}
    at = 0
    while at < len(payload):
        frame = _FRAMES.get(payload[at])
        if frame is None:
            unknown = say("a message of kind {kind} is not known", kind=f"{payload[at]:02x}")
            if not messages:
                raise ValueError(unknown)
            return Decoded(said, (unknown,))
        figures = struct.unpack_from(frame.layout, payload, at + 1)
        messages.append(_messages(payload[at], frame, figures))
        at += 1 + struct.calcsize(frame.layout)
    return Decoded(said)


def _messages(kind: int, frame: Frame, figures: tuple[Any, ...]) -> list[dict[str, Any]]:
    if kind == _BATTERY:
        return [{"Battery(%)": figures[0]}]
    if kind == _STATUS:
        battery, *versions, measure, gps = figures
        hardware, firmware = (f"{versions[n]}.{versions[n + 1]}" for n in (0, 2))
        about = {"Battery(%)": battery, "Hardware Version": hardware, "Firmware Version": firmware}
        return [{**about, **_intervals(measure, gps)}]
    if kind == _INTERVALS:
        return [_intervals(*figures)]
    if kind == _ERROR:
        return [{"measurementId": "4101", "type": "sensor_error_event", "errCode": f"{figures[0]:02X}"}]
    if kind == _SENSOR:
        bits, eui = figures
        return [{"status": bits >> 3 & 1, "channelType": bits & 7, "sensorEui": eui.hex().upper()}]
    return [
        {
            "measurementId": one.id,
            "measurementValue": figure if one.divisor == 1 else figure / one.divisor,
            "type": one.type,
        }
        for one, figure in zip(frame.measurements, figures, strict=True)
    ]


def _intervals(measure: int, gps: int) -> dict[str, int]:
    return {"measureInterval": measure * 60, "gpsInterval": gps * 60}


CODECS: Mapping[str, LocalCodec] = {"sensecap-s2120": decode}
