"""Milesight's sensors of air, noise and weather, as `devices.codecs.milesight` reads them all.

Source: am-series/am308 and am319, ws-series/ws302 and wts-series/wts506 of Milesight-IoT/SensorDecoders, and
their user guides.
"""

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
from devices.codecs.refusal import unknown_kind

_TEMPERATURE = Field("temperature", 2, signed=True, divisor=10)
_HUMIDITY = Field("humidity", divisor=2)
_PRESSURE = Field("pressure", 2, divisor=10)
_FORMALDEHYDE = Field("hcho", 2, divisor=100)  # mg/m³
_PRESENCE = Field("pir", words={0: "idle", 1: "trigger"})

#: Of the same channel, an index without unit or µg/m³, as the user has set.
_TVOC_INDEX, _TVOC = Field("tvoc", 2, divisor=100), Field("tvoc", 2)


def _room(*after: Field) -> Channels:
    """What the AM300 models have in common; `after` stands at the end of their stored records."""

    def record(tvoc: Field) -> Read:
        return item(
            "history",
            fields(
                Field("timestamp", 4),
                _TEMPERATURE,
                Field("humidity", 2, divisor=2),
                _PRESENCE,
                Field("light_level"),
                Field("co2", 2),
                tvoc,
                _PRESSURE,
                Field("pm2_5", 2),
                Field("pm10", 2),
                *after,
            ),
        )

    return {
        **ATTRIBUTES,
        **BATTERY,
        (0x03, 0x67): fields(_TEMPERATURE),
        (0x04, 0x68): fields(_HUMIDITY),
        (0x05, 0x00): fields(_PRESENCE),
        (0x06, 0xCB): number("light_level"),
        (0x07, 0x7D): number("co2", 2),
        (0x08, 0x7D): fields(_TVOC_INDEX),
        (0x08, 0xE6): fields(_TVOC),
        (0x09, 0x73): fields(_PRESSURE),
        (0x0B, 0x7D): number("pm2_5", 2),
        (0x0C, 0x7D): number("pm10", 2),
        (0x0E, 0x01): word("buzzer_status", {0: "off", 1: "on"}),
        (0x20, 0xCE): record(_TVOC_INDEX),
        (0x21, 0xCE): record(_TVOC),
    }


_AM308 = codec(_room())

_AM319 = codec(
    {
        **_room(_FORMALDEHYDE),
        (0x0A, 0x7D): fields(_FORMALDEHYDE),
        (0x0D, 0x7D): number("o3", 2, divisor=100),  # of the model with ozone: ppm
    }
)

_WEIGHTING = "ZAC"
_RESPONSE = "IFS"


def _sound(payload: bytes, at: int, said: dict[str, Any]) -> int:
    """Level, mean and maximum in 0.1 dB, behind a byte that says how they are weighted."""
    (weights,) = part(payload, at, 1)
    if weights & 3 == 3 or weights >> 2 & 3 == 3:
        raise unknown_kind(weights)
    frequency, response = _WEIGHTING[weights & 3], _RESPONSE[weights >> 2 & 3]
    level = f"L{frequency}{response}"
    names = (level, f"L{frequency}eq", f"{level}max")
    return fields(*(Field(name, 2, divisor=10) for name in names))(payload, at + 1, said)


_WS302 = codec({**ATTRIBUTES, **BATTERY, (0x05, 0x5B): _sound})

_ALARMS = {0: "threshold alarm release", 1: "threshold alarm"}
_WIND = Field("wind_speed", 2, divisor=10)
_DIRECTION = Field("wind_direction", 2, signed=True, divisor=10)
_RAIN, _MORE_RAIN = Field("rainfall_total", 2, divisor=100), Field("rainfall_total", 4, divisor=100)
_RAIN_UPLINKS = Field("rainfall_counter")  # uplinks since the rain total began anew


def _weather_record(rain: Field) -> Read:
    kept = fields(Field("timestamp", 4), _TEMPERATURE, _HUMIDITY, _PRESSURE, _DIRECTION, _WIND, rain)
    return item("history", kept)


def _alarm(name: str) -> Field:
    return Field(f"{name}_alarm", words=_ALARMS)


_WTS506 = codec(
    {
        **ATTRIBUTES,
        **BATTERY,
        (0x03, 0x67): fields(_TEMPERATURE),
        (0x04, 0x68): fields(_HUMIDITY),
        (0x05, 0x84): fields(_DIRECTION),
        (0x06, 0x73): fields(_PRESSURE),
        (0x07, 0x92): fields(_WIND),
        (0x08, 0x77): fields(_RAIN, _RAIN_UPLINKS),
        (0x08, 0xEC): fields(_MORE_RAIN, _RAIN_UPLINKS),
        (0x83, 0x67): fields(_TEMPERATURE, _alarm("temperature")),
        (0x86, 0x73): fields(_PRESSURE, _alarm("pressure")),
        (0x87, 0x92): fields(_WIND, _alarm("wind_speed")),
        (0x88, 0xEC): fields(_MORE_RAIN, _RAIN_UPLINKS, _alarm("rainfall")),
        (0x20, 0xCE): _weather_record(_RAIN),
        (0x21, 0xCE): _weather_record(_MORE_RAIN),
    }
)

#: The codecs, by the name that a type file says.
CODECS: Mapping[str, LocalCodec] = {
    "milesight-am308": _AM308,
    "milesight-am319": _AM319,
    "milesight-ws302": _WS302,
    "milesight-wts506": _WTS506,
}
