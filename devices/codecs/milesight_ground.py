"""Milesight's sensors of distance, water and soil, as `devices.codecs.milesight` reads them all."""

from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import LocalCodec
from devices.codecs.milesight import (
    ATTRIBUTES,
    BATTERY,
    Channels,
    Field,
    Read,
    codec,
    fields,
    item,
    number,
    part,
    word,
)

#: What stands in place of a value that could not be had.
_FAILURES = {0xFFFF: "collection failed", 0xFFFE: "disabled", 0xFFFD: "out of range"}


def _measured(name: str, *, signed: bool = False, divisor: int = 1) -> Read:
    """Two bytes with a value, or why there is none: then `<name>_error` says so."""
    field = Field(name, 2, signed, divisor)

    def read(payload: bytes, at: int, said: dict[str, Any]) -> int:
        value = part(payload, at, 2)
        failure = _FAILURES.get(int.from_bytes(value, "little"))
        if failure is None:
            said[name] = field.of(value)
        else:
            said[f"{name}_error"] = failure
        return at + 2

    return read


def _then(*parts: Read) -> Read:
    """One thing after the other."""

    def read(payload: bytes, at: int, said: dict[str, Any]) -> int:
        for one in parts:
            at = one(payload, at, said)
        return at

    return read


def _record(*parts: Read) -> Read:
    """An item of `history`: when it was measured (seconds since 1970), and what."""
    return item("history", _then(number("timestamp", 4), *parts))


_TEMPERATURE = _measured("temperature", signed=True, divisor=10)
_DISTANCE = _measured("distance")
_POSITION = word("position", {0: "normal", 1: "tilt"})
_ALARM = {0: "threshold_alarm_release", 1: "threshold_alarm", 2: "mutation_alarm"}
_EXCEPTION = {0: "blind_alarm_release", 1: "blind_alarm", 2: "no_target", 3: "sensor_exception"}

_COMMON: Channels = {**ATTRIBUTES, **BATTERY}

_EM310_UDL: Channels = {**_COMMON, (0x03, 0x82): _DISTANCE, (0x04, 0x00): _POSITION}

_EM400: Channels = {
    **_COMMON,
    (0x03, 0x67): _TEMPERATURE,
    (0x04, 0x82): _DISTANCE,
    (0x05, 0x00): _POSITION,
    (0x83, 0x67): _then(_TEMPERATURE, word("temperature_alarm", _ALARM)),
    (0x84, 0x82): _then(_DISTANCE, word("distance_alarm", _ALARM)),
}

_SIGNED_DISTANCE = _measured("distance", signed=True)

_EM410_RDL: Channels = {
    **_EM400,
    (0x04, 0x82): _SIGNED_DISTANCE,
    (0x06, 0xC7): number("radar_signal_rssi", 2, signed=True, divisor=100),
    (0x84, 0x82): _then(_SIGNED_DISTANCE, word("distance_alarm", _ALARM)),
    (0x94, 0x82): _then(
        _SIGNED_DISTANCE, number("distance_mutation", 2, signed=True), word("distance_alarm", _ALARM)
    ),
    (0xB4, 0x82): _then(_SIGNED_DISTANCE, word("distance_exception", _EXCEPTION)),
    (0x20, 0xCE): _record(_SIGNED_DISTANCE),
}

# The alarm's figures are a tenth of its bytes in the maker's decoder, and of no stated unit in its table:
# they are not taken for a distance.
_EM500_UDL: Channels = {
    **_COMMON,
    (0x03, 0x82): _DISTANCE,
    (0x83, 0xE9): fields(
        Field("alarm_distance", 2),
        Field("alarm_mutation", 2),
        Field("distance_alarm", words={0: "normal", 1: "threshold_alarm", 2: "mutation_alarm"}),
    ),
    (0x20, 0xCE): _record(_DISTANCE),
}

_EM500_SWL: Channels = {
    **_COMMON,
    (0x03, 0x77): _measured("depth"),
    (0x20, 0xCE): _record(_measured("depth")),
}

_MOISTURE = _measured("moisture", divisor=100)
_ELECTRICITY = _measured("electricity")

_EM500_SMTC: Channels = {
    **_COMMON,
    (0x03, 0x67): _TEMPERATURE,
    (0x04, 0x68): number("moisture", divisor=2),
    (0x04, 0xCA): _MOISTURE,
    (0x05, 0x7F): _ELECTRICITY,
    (0x83, 0xD7): _then(
        _TEMPERATURE,
        number("temperature_mutation", 2, signed=True, divisor=10),
        word("temperature_alarm", _ALARM),
    ),
    (0x20, 0xCE): _record(_ELECTRICITY, _TEMPERATURE, _MOISTURE),
}

#: The codecs, by the name that a type file says.
CODECS: Mapping[str, LocalCodec] = {
    "milesight-em310-udl": codec(_EM310_UDL),
    "milesight-em400": codec(_EM400),
    "milesight-em410-rdl": codec(_EM410_RDL),
    "milesight-em500-smtc": codec(_EM500_SMTC),
    "milesight-em500-swl": codec(_EM500_SWL),
    "milesight-em500-udl": codec(_EM500_UDL),
}
