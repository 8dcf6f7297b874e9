"""Milesight's people counters: VS121, VS132, VS133 and VS135, VS350, VS360.

Source: vs-series/vs121, vs132, vs133, vs135, vs350 and vs360 of github.com/Milesight-IoT/SensorDecoders.
"""

from collections.abc import Mapping
from typing import Any

from devices.codecs import milesight
from devices.codecs.decoded import LocalCodec
from devices.codecs.milesight import Field, Read, fields, item, number
from devices.codecs.refusal import unknown_kind

_LINES = (1, 2, 3, 4)
_REGIONS = (1, 2, 3, 4)


def _vs121() -> milesight.Channels:
    flows = {
        (0x09 + at, 0xDA): fields(*(Field(f"{origin}_to_{goal}", 2) for goal in "abcd"))
        for at, origin in enumerate("abcd")
    }
    return {
        **milesight.MAINS_ATTRIBUTES,
        (0x04, 0xC9): _occupied_regions,
        (0x05, 0xCC): fields(Field("people_in", 2), Field("people_out", 2)),
        (0x06, 0xCD): number("people_count_max"),
        (0x07, 0xD5): fields(*(Field(f"region_{region}_count") for region in range(1, 9))),
        (0x08, 0xD5): fields(*(Field(f"region_{region}_count") for region in range(9, 17))),
        **flows,
        (0x0D, 0xCC): fields(Field("people_total_in", 2), Field("people_total_out", 2)),
        (0x0E, 0xE4): fields(Field("region"), Field("dwell_time_avg", 2), Field("dwell_time_max", 2)),
        (0x0F, 0x85): number("timestamp", 4),
        (0x10, 0xF7): fields(Field("line_in", 2), Field("line_out", 2)),
    }


def _occupied_regions(payload: bytes, at: int, said: dict[str, Any]) -> int:
    """How many people there are, how many regions, and a bit a region, big-endian: whether it is taken."""
    everyone, regions, *mask = milesight.part(payload, at, 4)
    taken = int.from_bytes(mask, "big")
    said["people_count_all"], said["region_count"] = everyone, regions
    for region in range(min(regions, 16)):
        said[f"region_{region + 1}"] = taken >> region & 1
    return at + 4


def _vs13x() -> milesight.Channels:
    live: dict[tuple[int, int], Read] = {}
    past: dict[int, Read] = {}
    for first, who in ((0x03, ""), (0x11, "child_")):  # children are counted on channels of their own
        for line in _LINES:
            name, channel = f"line_{line}_{who}", first + 3 * (line - 1)
            live[channel, 0xD2] = past[channel] = number(f"{name}total_in", 4)
            live[channel + 1, 0xD2] = past[channel + 1] = number(f"{name}total_out", 4)
            live[channel + 2, 0xCC] = past[channel + 2] = fields(
                Field(f"{name}period_in", 2), Field(f"{name}period_out", 2)
            )
        regions = fields(*(Field(f"region_{region}_{who}count") for region in _REGIONS))
        live[first + 12, 0xE3] = past[first + 12] = regions
        average, longest = _dwell(f"{who}avg_dwell"), _dwell(f"{who}max_dwell")
        live[first + 13, 0xE4] = _dwell(f"{who}avg_dwell", f"{who}max_dwell")
        past[first + 13], past[2 * (first + 13)] = average, longest
    return {
        **milesight.MAINS_ATTRIBUTES,
        **live,
        (0x50, 0xFC): _occlusion,
        (0x20, 0xCE): item("history", _record(past)),
    }


def _dwell(*names: str) -> Read:
    """The number of a region, then how long people stayed there."""

    def read(payload: bytes, at: int, said: dict[str, Any]) -> int:
        (region,) = milesight.part(payload, at, 1)
        return fields(*(Field(f"region_{region}_{name}", 2) for name in names))(payload, at + 1, said)

    return read


def _occlusion(payload: bytes, at: int, said: dict[str, Any]) -> int:
    _, node, state = milesight.part(payload, at, 3)
    who = f"node_{node}" if node else "master"
    said[f"{who}_occlusion_alarm"] = {0: "alarm_released", 1: "alarm_triggered"}.get(state, "unknown")
    return at + 3


def _record(kinds: dict[int, Read]) -> Read:
    """A record of the past: when, its kind, and what is said by that kind."""

    def read(payload: bytes, at: int, said: dict[str, Any]) -> int:
        at = number("timestamp", 4)(payload, at, said)
        (kind,) = milesight.part(payload, at, 1)
        if kind not in kinds:
            raise unknown_kind(kind)
        return kinds[kind](payload, at + 1, said)

    return read


def _passage() -> milesight.Channels:
    """What VS350 and VS360 have in common."""
    total = (Field("total_in", 2), Field("total_out", 2))
    period = (Field("period_in", 2), Field("period_out", 2))
    alarm = {0: "threshold alarm release", 1: "threshold alarm"}
    return {
        **milesight.ATTRIBUTES,
        (0x04, 0xCC): fields(*total),
        (0x05, 0xCC): fields(*period),
        (0x0A, 0xEF): number("timestamp", 4),
        (0x84, 0xCC): fields(*total, Field("total_count_alarm", words=alarm)),
        (0x85, 0xCC): fields(*period, Field("period_count_alarm", words=alarm)),
        (0x20, 0xCE): item("history", _record({0: fields(*period), 1: fields(*period, *total)})),
    }


_TEMPERATURE = Field("temperature", 2, signed=True, divisor=10)
_TEMPERATURE_ALARMS = {
    0: "threshold alarm release",
    1: "threshold alarm",
    3: "high temperature alarm",
    4: "high temperature alarm release",
}
_EVENTS = {0: "Counting Anomaly", 1: "Node Device Without Response", 2: "Devices Misaligned"}

_VS121 = milesight.codec(_vs121())

_VS132 = milesight.codec(
    {
        **milesight.MAINS_ATTRIBUTES,
        (0x03, 0xD2): number("total_counter_in", 4),
        (0x04, 0xD2): number("total_counter_out", 4),
        (0x05, 0xCC): fields(Field("periodic_counter_in", 2), Field("periodic_counter_out", 2)),
    }
)

_VS13X = milesight.codec(_vs13x())

_VS350 = milesight.codec(
    {
        **_passage(),
        **milesight.BATTERY,
        (0x03, 0x67): fields(_TEMPERATURE),
        (0x81, 0xEE): number("current_sensitivity"),
        (0x83, 0x67): fields(_TEMPERATURE, Field("temperature_alarm", words=_TEMPERATURE_ALARMS)),
    }
)

_VS360 = milesight.codec(
    {
        **_passage(),
        (0x01, 0x75): number("battery_main"),
        (0x02, 0x75): number("battery_node"),
        (0x03, 0xF4): item(
            "event",
            fields(Field("type", words=_EVENTS), Field("status", words={0: "Alarm Release", 1: "Alarm"})),
        ),
    }
)

CODECS: Mapping[str, LocalCodec] = {
    "milesight-vs121": _VS121,
    "milesight-vs132": _VS132,
    "milesight-vs13x": _VS13X,
    "milesight-vs350": _VS350,
    "milesight-vs360": _VS360,
}
