"""Keller's transmitters ADT1 and ARC1: a function code, then figures of the probes that are connected.

Source: KELLER LoRa data communication protocol (docs.pressuresuite.com, KELLER LoRa payload).
"""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_kind, wrong_length

_MEASUREMENTS, _INFORMATION = 1, 12
_BEGIN = datetime(2000, 1, 1, tzinfo=UTC)

_PROBES, _BAROMETER = ("P1", "P2", "T", "TOB1", "TOB2"), ("PBaro", "TBaro")
_INPUTS = ("Volt Inp. 1", "Volt Inp. 2")
_WITH_CONDUCTIVITY = (
    *("P1", "P2", "T (Conductivity)", "TOB1", "TOB2"),
    *_BAROMETER,
    *_INPUTS,
    *("Conductivity Tc", "Conductivity raw"),
)

#: What the channels of the connection types say, lowest bit first, by the maker's names.
_CHANNELS: Mapping[int, tuple[str, ...]] = {
    0: ("Pd (P1-P2)", *_PROBES),
    1: ("Pd (P1-P2)", *_PROBES),
    2: ("Pd (P1-PBaro)", *_PROBES, *_BAROMETER),
    3: ("Pd (P1-PBaro)", *_PROBES, *_BAROMETER),
    4: ("Pd (P1-P2)", *_PROBES, *_BAROMETER, *_INPUTS),
    5: ("Pd (P1-PBaro)", *_PROBES, *_BAROMETER, *_INPUTS),
    9: ("Pd (P1-P2)", *_WITH_CONDUCTIVITY),
    10: ("Pd (P1-PBaro)", *_WITH_CONDUCTIVITY),
}


def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Pressures in bar, temperatures in °C, conductivities in mS/cm; or battery and versions.

    Connection types with several probes of one kind on one line are not read.
    """
    function = payload[0]
    said: dict[str, Any] = {"func": function, "port": f_port}
    if function == _MEASUREMENTS:
        return Decoded(said | _measurements(payload))
    if function == _INFORMATION:
        return Decoded(said | _information(payload))
    raise unknown_kind(function)


def _measurements(payload: bytes) -> dict[str, Any]:
    connection, active = struct.unpack_from(">BH", payload, 1)
    if connection not in _CHANNELS:
        raise unknown_kind(connection)
    names = _CHANNELS[connection]
    channels = [bit for bit in range(16) if active >> bit & 1]
    if len(payload) != 4 + 4 * len(channels):
        raise wrong_length(payload, 4 + 4 * len(channels))
    figures = struct.unpack_from(f">{len(channels)}f", payload, 4)
    said = {names[bit]: figure for bit, figure in zip(channels, figures, strict=True) if bit < len(names)}
    return {"ct": connection, "channel": f"{active:016b}", "channelCount": len(channels), **said}


def _information(payload: bytes) -> dict[str, Any]:
    major, minor, year, week, serial, seconds, volts, percent, humidity = struct.unpack_from(
        ">BBBBIIfBB", payload, 2
    )
    return {
        "battery_voltage": volts,
        "battery_capacity_percentage": percent,
        "class_group_text": f"{major:02}.{minor:02}",
        "device_local_datetime": (_BEGIN + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S"),
        "humidity_percentage": humidity,
        "serial_number": serial,
        "sw_version_text": f"{year:02}.{week:02}",
    }


CODECS: Mapping[str, LocalCodec] = {"keller": decode}
