"""ELSYS: `[type u8, value]` again and again, values big-endian; every model speaks so, on any port.

Source: "Sensor payload format" in the operating manuals, www.elsys.se/en/elsys-payload. The keys are those
of the maker's own decoder.
"""

import struct
from collections.abc import Mapping
from typing import Any, NamedTuple

from devices.codecs.decoded import Decoded, LocalCodec
from devices.language import say


class Field(NamedTuple):
    """A value: numbers laid out as `struct` says, each divided by `divisor`."""

    names: tuple[str, ...]
    layout: str
    divisor: int = 1


#: What stands behind a type.
FIELDS: Mapping[int, Field] = {
    0x01: Field(("temperature",), ">h", 10),
    0x02: Field(("humidity",), ">B"),
    0x03: Field(("x", "y", "z"), ">bbb"),
    0x04: Field(("light",), ">H"),
    0x05: Field(("motion",), ">B"),
    0x06: Field(("co2",), ">H"),
    0x07: Field(("vdd",), ">H"),
    0x08: Field(("analog1",), ">H"),
    0x0A: Field(("pulse1",), ">H"),
    0x0B: Field(("pulseAbs",), ">I"),
    0x0C: Field(("externalTemperature",), ">h", 10),
    0x0D: Field(("digital",), ">B"),
    0x0E: Field(("distance",), ">H"),
    0x0F: Field(("accMotion",), ">B"),
    0x10: Field(("irInternalTemperature", "irExternalTemperature"), ">hh", 10),
    0x11: Field(("occupancy",), ">B"),
    0x12: Field(("waterleak",), ">B"),
    0x14: Field(("pressure",), ">i", 1000),
    0x15: Field(("soundPeak", "soundAvg"), ">BB"),
    0x16: Field(("pulse2",), ">H"),
    0x17: Field(("pulseAbs2",), ">I"),
    0x18: Field(("analog2",), ">H"),
    0x19: Field(("externalTemperature2",), ">h", 10),
    0x1A: Field(("digital2",), ">B"),
    0x1B: Field(("analogUv",), ">i"),
    0x1C: Field(("tvoc",), ">H"),
}


def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Everything up to the end or to the first type that is not known.

    What is said more than once becomes a list, as the probes of a chain are. Raises `ValueError` where the
    first type is not known, and `struct.error` where a value is cut off.
    """
    said: dict[str, Any] = {}
    at = 0
    while at < len(payload):
        field = FIELDS.get(payload[at])
        if field is None:
            unknown = say("a value of type {kind} is not known", kind=f"{payload[at]:02x}")
            if not said:
                raise ValueError(unknown)
            return Decoded(said, (unknown,))
        values = struct.unpack_from(field.layout, payload, at + 1)
        at += 1 + struct.calcsize(field.layout)
        for name, value in zip(field.names, values, strict=True):
            _add(said, name, value if field.divisor == 1 else value / field.divisor)
    return Decoded(said)


def _add(said: dict[str, Any], name: str, value: float) -> None:
    before = said.get(name)
    if before is None:
        said[name] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        said[name] = [before, value]


CODECS: Mapping[str, LocalCodec] = {"elsys": decode}
