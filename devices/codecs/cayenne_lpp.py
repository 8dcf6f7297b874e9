"""Cayenne LPP: channel, type and value, one after another, with the extended types of ElectronicCats.

The object has The Things Stack's names, `temperature_1` for a temperature on channel 1. Of a channel that
speaks twice the last value counts. An unknown type ends the reading: nobody knows how long its value is.

Sources: https://github.com/myDevicesIoT/cayenne-docs and
https://github.com/ElectronicCats/CayenneLPP (src/CayenneLPP.h and src/CayenneLPPPolyline.cpp).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from devices.codecs.decoded import Decoded, LocalCodec
from devices.language import Sentence, say


class _Type(msgspec.Struct, frozen=True):
    """`parts` are the lengths of the numbers that a value consists of, and what each is divided by."""

    name: str
    parts: tuple[tuple[int, int], ...]
    signed: bool = False
    names: tuple[str, ...] = ()  #: of the parts, where there are several


def _axes(name: str, divisor: int) -> _Type:
    return _Type(name, ((2, divisor),) * 3, signed=True, names=("x", "y", "z"))


_TYPES: Mapping[int, _Type] = {
    0: _Type("digital_in", ((1, 1),)),
    1: _Type("digital_out", ((1, 1),)),
    2: _Type("analog_in", ((2, 100),), signed=True),
    3: _Type("analog_out", ((2, 100),), signed=True),
    100: _Type("generic_sensor", ((4, 1),)),
    101: _Type("luminosity", ((2, 1),)),
    102: _Type("presence", ((1, 1),)),
    103: _Type("temperature", ((2, 10),), signed=True),
    104: _Type("relative_humidity", ((1, 2),)),
    113: _axes("accelerometer", 1000),
    115: _Type("barometric_pressure", ((2, 10),)),
    116: _Type("voltage", ((2, 100),)),
    117: _Type("current", ((2, 1000),)),
    118: _Type("frequency", ((4, 1),)),
    120: _Type("percentage", ((1, 1),)),
    121: _Type("altitude", ((2, 1),), signed=True),
    125: _Type("concentration", ((2, 1),)),
    128: _Type("power", ((2, 1),)),
    130: _Type("distance", ((4, 1000),)),
    131: _Type("energy", ((4, 1000),)),
    132: _Type("direction", ((2, 1),)),
    133: _Type("unix_time", ((4, 1),)),
    134: _axes("gyrometer", 100),
    135: _Type("colour", ((1, 1),) * 3, names=("red", "green", "blue")),
    136: _Type(
        "gps", ((3, 10_000), (3, 10_000), (3, 100)), signed=True, names=("latitude", "longitude", "altitude")
    ),
    142: _Type("switch", ((1, 1),)),
}

_POLYLINE = 240
#: Factors of a polyline's steps of 0.0001 degrees; below 200 the number itself.
_FACTORS = dict(enumerate((1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000), start=227))


def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Values in the units of the format: °C, %, hPa, lx, V, A, W, kWh, m, g, °/s, degrees, ppm, Hz."""
    said: dict[str, Any] = {}
    at = 0
    while at + 1 < len(payload):
        channel, kind = payload[at], payload[at + 1]
        rest = payload[at + 2 :]
        length = _length(kind, rest)
        if length is None:
            return Decoded(said, (_unknown(channel, kind),))
        if len(rest) < length:
            return Decoded(said, (_cut_short(channel),))
        name, value = _value(kind, rest[:length])
        said[f"{name}_{channel}"] = value
        at += 2 + length
    return Decoded(said, (_cut_short(payload[at]),) if at < len(payload) else ())


def _length(kind: int, rest: bytes) -> int | None:
    """Bytes of a value; None where nobody knows."""
    if kind == _POLYLINE:
        return max(8, rest[0]) if rest else 8
    known = _TYPES.get(kind)
    return None if known is None else sum(length for length, _ in known.parts)


def _value(kind: int, octets: bytes) -> tuple[str, Any]:
    if kind == _POLYLINE:
        return "polyline", _polyline(octets)
    known = _TYPES[kind]
    numbers, begin = [], 0
    for length, divisor in known.parts:
        number = int.from_bytes(octets[begin : begin + length], "big", signed=known.signed)
        numbers.append(number if divisor == 1 else number / divisor)
        begin += length
    return known.name, dict(zip(known.names, numbers, strict=True)) if known.names else numbers[0]


def _polyline(octets: bytes) -> list[dict[str, float]]:
    """Points: the first whole, each other as two steps of four bits from the one before."""
    factor = octets[1] if octets[1] < 200 else _FACTORS.get(octets[1], 0)
    north = int.from_bytes(octets[2:5], "big", signed=True)
    east = int.from_bytes(octets[5:8], "big", signed=True)
    points = [(north, east)]
    for steps in octets[8:]:
        north += _nibble(steps & 0x0F)
        east += _nibble(steps >> 4)
        points.append((north, east))
    return [{"latitude": n * factor / 10_000, "longitude": e * factor / 10_000} for n, e in points]


def _nibble(bits: int) -> int:
    return bits - 16 if bits > 7 else bits


def _unknown(channel: int, kind: int) -> Sentence:
    return say(
        "channel {channel} has the unknown type {kind}: all from there is unread", channel=channel, kind=kind
    )


def _cut_short(channel: int) -> Sentence:
    return say("the value of channel {channel} is cut short", channel=channel)


CODECS: Mapping[str, LocalCodec] = {"cayenne-lpp": decode}
