"""sensor.community's airRohr, pushed to an API of one's own and on to MQTT (https://github.com/opendata-stuttgart).

`{"esp8266id": "12331981", "sensordatavalues": [{"value_type": "SDS_P1", "value": "0.40"}, …]}`: the sender
is `esp8266-12331981`, as on sensor.community. It says no time. Records of the public API (`sensor`,
`timestamp`) are read as well, the sender being the sensor's number. Values are texts; P1 is PM10 and P2 is
PM2.5.
"""

import re
from typing import Any

import msgspec

from devices import timestamp
from devices.language import say
from devices.uplink import Uplink
from ingest.lns.event import Ignored, address, bad_time, data_uplink, decode, missing

#: Whoever forwards the pushes chooses it: the settings have to name it.
TOPICS: tuple[str, ...] = ()

_HINT = say("expected a push of sensor.community with `sensordatavalues`")
#: Of the public API: UTC, and does not say so.
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_SENDER_IN_TOPIC = re.compile(r"(?:^|/)((?:esp8266|esp32|raspi|smogomierz)-[0-9a-fA-F]+)(?:/|$)")


class _Value(msgspec.Struct, gc=False):
    value_type: str
    value: Any = None


class _Sensor(msgspec.Struct, gc=False):
    id: int | str


class _Push(msgspec.Struct, gc=False):
    sensordatavalues: list[_Value]
    esp8266id: str | int | None = None
    esp32id: str | int | None = None
    sensor: _Sensor | None = None
    timestamp: str | None = None


_decoder = msgspec.json.Decoder(_Push)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """Read one message; see `ingest.lns`."""
    push = decode(_decoder, payload, hint=_HINT)
    sender = _sender(push, topic)
    return data_uplink(
        sender,
        _time(push, sender, arrival_ns),
        None,
        decoded={one.value_type: one.value for one in push.sensordatavalues},
        content=payload,
    )


def _sender(push: _Push, topic: str) -> str:
    if push.esp8266id is not None:
        return address(f"esp8266-{push.esp8266id}")
    if push.esp32id is not None:
        return address(f"esp32-{push.esp32id}")
    if push.sensor is not None:
        return address(push.sensor.id)
    if level := _SENDER_IN_TOPIC.search(topic):
        return level[1]
    raise missing("esp8266id", _HINT)


def _time(push: _Push, sender: str, arrival_ns: int) -> int:
    if push.timestamp is None:
        return arrival_ns
    if _STAMP.fullmatch(push.timestamp) is None:
        raise bad_time(push.timestamp, sender)
    try:
        return timestamp.parse(f"{push.timestamp}Z")
    except ValueError:
        raise bad_time(push.timestamp, sender) from None
