"""Parametric's radar counters PCR2 and TCR, and the TCR of PMX, which took them over.

Source: docs.pmx.systems, LoRaWAN payload descriptions (PCR2: application payloads V2 to V4; TCR up to V1.3:
application payloads V1 and V2; TCR GEN2: counters payload V2). Numbers are big-endian.
"""

import struct
from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_kind, unknown_port, wrong_begin, wrong_length

_PCR2 = ("LTR", "RTL", "LTR_SUM", "RTL_SUM", "SBX_BATT", "SBX_PV", "TEMP")


def pcr2(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Counts to the right (`LTR`) and left since the uplink before, and since its start; whole °C.

    `SBX_BATT`, 0 without a solar charger, is in % in payload V3 and in mV in V4; `BATT_PERCENT` and `BATT_MV`
    are ours.
    """
    if f_port != 14:
        raise unknown_port(f_port, 14)
    if payload[:1] == b"\x0a":
        return _pcr2_of_elsys(payload)
    if payload[:3] == b"\xbe\x01\x03":
        form, battery = ">3xHHHHBHh", "BATT_PERCENT"
    elif payload[:3] == b"\xbe\x01\x04":
        form, battery = ">3xHHHHHHh", "BATT_MV"
    else:
        raise wrong_begin(payload, "be0104")
    said: dict[str, Any] = dict(zip(_PCR2, struct.unpack_from(form, payload), strict=True))
    said["TEMP"] //= 10
    return Decoded(said | _battery(battery, said["SBX_BATT"]))


def _pcr2_of_elsys(payload: bytes) -> Decoded:
    """The short payload: a type byte before each number; early firmware says 0a twice."""
    if len(payload) != 9:
        raise wrong_length(payload, 9)
    ltr, second, rtl, third, temperature = struct.unpack(">xHBHBh", payload)
    if second not in {0x0A, 0x16} or third != 0x01:
        raise unknown_kind(second if third == 0x01 else third)
    return Decoded({"LTR": ltr, "RTL": rtl, "TEMP": temperature // 10})


def tcr(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Counts and mean speeds in km/h of up to four speed classes, from left (`L0` …) and right; °C.

    `SBX_BATT`, 0 without a solar charger, is in % in payload V1 and in mV in V2; `BATT_PERCENT` and `BATT_MV`
    are ours.
    """
    if f_port != 15:
        raise unknown_port(f_port, 15)
    if payload[:3] == b"\xbe\x02\x01":
        form, battery = ">3xBHh", "BATT_PERCENT"
    elif payload[:3] == b"\xbe\x02\x02":
        form, battery = ">3xHHh", "BATT_MV"
    else:
        raise wrong_begin(payload, "be0202")
    charge, power, temperature = struct.unpack_from(form, payload)
    said: dict[str, Any] = {"SBX_BATT": charge, "SBX_PV": power, "TEMP": temperature / 10}
    said |= _battery(battery, charge)
    for number, counts in enumerate(struct.iter_unpack(">HBHB", payload[struct.calcsize(form) :])):
        said |= _directions((f"L{number}", f"R{number}"), counts, "CNT", "AVG")
    return Decoded(said)


def pmx_tcr(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Counts and mean speeds in km/h of one category an uplink; category 0 are all objects.

    `catN_time` is the end of the measuring interval as hhmm of the device's clock.
    """
    if not 13 <= f_port <= 17:
        raise unknown_port(f_port, 13, 14, 15, 16, 17)
    if payload[:1] != b"\xa2":
        raise wrong_begin(payload, "a2")
    hour, minute, *counts, decivolts = struct.unpack_from(">xBBHBHBB", payload)
    name = f"cat{f_port - 13}"
    said: dict[str, Any] = {f"{name}_time": 100 * hour + minute, "volts": decivolts / 10}
    return Decoded(said | _directions((f"{name}_ltr", f"{name}_rtl"), counts, "cnt", "spd"))


def _battery(name: str, charge: int) -> dict[str, int]:
    return {name: charge} if charge else {}


def _directions(names: tuple[str, str], counts: Any, count: str, speed: str) -> dict[str, int]:
    """Counts of both directions, each with its mean speed."""
    said: dict[str, int] = {}
    for name, number, mean in zip(names, counts[::2], counts[1::2], strict=True):
        said |= {f"{name}_{count}": number, f"{name}_{speed}": mean}
    return said


CODECS: Mapping[str, LocalCodec] = {
    "parametric-pcr2": pcr2,
    "parametric-tcr": tcr,
    "pmx-tcr": pmx_tcr,
}
