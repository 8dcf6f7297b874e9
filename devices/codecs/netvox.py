"""Netvox RA07, R726 and R727 series: one kind of report after another on port 6, three probes each.

Source: "Netvox LoRaWAN Application Command", RA07 series. A report is `version u8, device type u8, report
type u8, battery u8 in 0.1 V (highest bit: low)`, then 16-bit figures, big-endian; a probe that is not fitted
says only ones.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_kind, unknown_port


class Field(NamedTuple):
    """A figure of `size` bytes, divided by `divisor`."""

    name: str
    divisor: int = 1
    size: int = 2
    signed: bool = False


_PORT = 6
_VERSION_REPORT = 0
_HEAD = 4  #: bytes before the figures
_LOW_BATTERY = 0x80

_DEVICES = {0x05: "RA07 Series", 0x09: "R726Series", 0x0D: "RA07**YSeries"}

_DUST = (Field("PM1_0"), Field("PM2_5"), Field("PM10"))

#: The figures of a report type, in their order.
_REPORTS: Mapping[int, tuple[Field, ...]] = {
    1: _DUST,
    2: _DUST,
    3: (Field("um0_3"), Field("um0_5"), Field("um1_0")),
    4: (Field("um2_5"), Field("um5_0"), Field("um10")),
    5: (Field("O3", 10), Field("CO", 10), Field("NO", 10)),
    6: (Field("NO2", 10), Field("SO2", 10), Field("H2S", 10)),
    7: (Field("CO2", 10), Field("NH3", 10), Field("Noise", 10)),
    8: (Field("PH", 100), Field("TempPH", 100, signed=True), Field("ORP", signed=True)),
    9: (Field("NTU", 10), Field("TempNTU", 100, signed=True), Field("EC5SoildHumi", 100)),
    10: (
        Field("SoildHumi5TE", 100),
        Field("SoildTemp5TE", 100, signed=True),
        Field("WaterLevel"),
        Field("EC5TE", 10, size=1),
    ),
    11: (Field("TempLDO", 100, signed=True), Field("LDO_DO", 100), Field("LDO_Sat", 10)),
    12: (Field("Temperature", 100, signed=True), Field("Humidity", 100), Field("WindSpeed", 100)),
    13: (Field("WindDirection"), Field("Atomsphere", 100, size=4)),
    14: (Field("VOC", 10),),
}


def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """A report; `NoSensor` for probes that are not fitted, as the maker's decoder says.

    Raises `ValueError` for another port or report type.
    """
    if f_port != _PORT:
        raise unknown_port(f_port, _PORT)
    device, report, battery = payload[1], payload[2], payload[3]
    said: dict[str, Any] = {"Device": _DEVICES.get(device, f"{device:#04x}")}
    if report == _VERSION_REPORT:
        said |= {"SWver": battery / 10, "HWver": payload[4], "Datecode": payload[5:9].hex()}
        return Decoded(said)
    fields = _REPORTS.get(report)
    if fields is None:
        raise unknown_kind(report)
    said["Volt"] = (battery & ~_LOW_BATTERY) / 10
    at = _HEAD
    for field in fields:
        said[field.name] = _figure(payload[at : at + field.size], field)
        at += field.size
    return Decoded(said)


def _figure(said: bytes, field: Field) -> float | str:
    if len(said) < field.size:
        raise IndexError(field.name)
    if said == b"\xff" * field.size:
        return "NoSensor"
    number = int.from_bytes(said, signed=field.signed)
    return number if field.divisor == 1 else number / field.divisor


CODECS: Mapping[str, LocalCodec] = {"netvox-ra07": decode}
