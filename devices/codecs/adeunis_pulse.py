"""Adeunis PULSE: two counters of pulses, of induction loops or bicycle counters.

Source: Adeunis PULSE 4 user guide, frames 0x46, 0x5a and 0x5b; vendor/adeunis/pulse-codec.yaml of
The Things Network lorawan-devices. Numbers are big-endian, totals of 32 bits.
"""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_kind

_EPOCH = datetime(2013, 1, 1, tzinfo=UTC)
_HISTORIES = {0x5A: "0x5a Pulse 4 data - channel A", 0x5B: "0x5b Pulse 4 data - channel B"}

#: Frames that count nothing.
_OTHERS = {
    0x10: "0x10 Pulse 4 configuration",
    0x11: "0x11 Pulse 4 configuration",
    0x12: "0x12 Pulse 4 configuration",
    0x20: "0x20 Configuration",
    0x30: "0x30 Pulse 4 keep alive",
    0x33: "0x33 Set register status",
    0x47: "0x47 Pulse 4 alarm",
}


def pulse(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """`counterValues`: the totals of both channels (0x46), or one channel's, newest first (0x5a, 0x5b).

    The time is written without zone, as the makers' decoder has it, and is UTC.
    """
    kind, status = payload[0], payload[1]
    timed = bool(status & 4)
    end = len(payload) - 4 if timed else len(payload)
    said: dict[str, Any] = {
        "status": {
            "frameCounter": status >> 5,
            "lowBattery": bool(status & 2),
            "configurationDone": bool(status & 1),
            "timestamp": timed,
        }
    }
    if kind == 0x46:
        said |= {
            "type": "0x46 Pulse 4 data",
            "counterValues": list(struct.unpack_from(">II", payload[2:end])),
        }
    elif kind in _HISTORIES:
        said |= {"type": _HISTORIES[kind], "counterValues": _totals(payload[2:end])}
    elif kind in _OTHERS:
        said["type"] = _OTHERS[kind]
        return Decoded({"bytes": said})
    else:
        raise unknown_kind(kind)
    if timed:
        seconds = int.from_bytes(payload[end:])
        said["timestamp"] = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.000")
    return Decoded({"bytes": said})


def _totals(values: bytes) -> list[int]:
    """The newest total, and what it was before each of the increments that follow."""
    (newest,) = struct.unpack_from(">I", values)
    totals = [newest]
    for (increment,) in struct.iter_unpack(">H", values[4:]):
        totals.append(totals[-1] - increment)
    return totals


CODECS: Mapping[str, LocalCodec] = {"adeunis-pulse": pulse}
