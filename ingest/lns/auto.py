"""Whose event it is, told by its shape alone: by the fields that only one network server has.

What fits no line of the table is refused, never guessed.
"""

import re
from collections.abc import Callable, Mapping
from types import ModuleType

import msgspec

from devices.language import say
from devices.uplink import Uplink
from ingest.lns import (
    chirpstack,
    chirpstack_v3,
    everynet,
    helium,
    kerlink,
    loriot,
    milesight,
    niotix,
    senml,
    sensor_community,
    thingpark,
    ttn,
    ttn_normalized,
)
from ingest.lns.event import Ignored, Unreadable, decode

#: Of the servers that have usual topics. The Things Stack's `up/normalized` is not among them: it would bring
#: every frame of `up` once more.
TOPICS: tuple[str, ...] = tuple(
    dict.fromkeys((*chirpstack.TOPICS, *chirpstack_v3.TOPICS, *ttn.TOPICS, *helium.TOPICS))
)

#: ChirpStack's gateways, and its binary events, whose fields have no names.
_GATEWAY = re.compile(r"(?:^|/)gateway/[0-9a-fA-F]{16}/(?:event|state|command)/")
_BINARY_EVENT = re.compile(r"/device/[0-9a-fA-F]{16}/(?:event|command)/")
_V3_EVENT = re.compile(r"(?:^|/)device/[0-9a-fA-F]{16}/(?:event/)?[a-z]+$")
_CBOR_ARRAYS = range(0x80, 0xA0)  #: the first byte of one
_HINT = say("expected an event of a network server")

_Keys = Mapping[str, msgspec.Raw]
_objects = msgspec.json.Decoder(dict[str, msgspec.Raw])
_lists = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])


def _has(*names: str) -> Callable[[_Keys, str], bool]:
    wanted = frozenset(names)
    return lambda keys, _topic: wanted <= keys.keys()


def _is_thingpark(keys: _Keys, _topic: str) -> bool:
    return any(key.startswith("DevEUI_") for key in keys)


def _is_niotix(keys: _Keys, _topic: str) -> bool:
    return "value" in keys and "source_identifier" in _inside(keys, "meta")


def _is_milesight(keys: _Keys, _topic: str) -> bool:
    return "devEUI" in keys and "mac" in _inside(keys, "rxInfo")


def _is_v3(keys: _Keys, topic: str) -> bool:
    if "devEUI" not in keys:
        return False
    return "gatewayID" in _inside(keys, "rxInfo") or _V3_EVENT.search(topic) is not None


#: The first that fits.
_TABLE: tuple[tuple[str, Callable[[_Keys, str], bool], ModuleType], ...] = (
    ("chirpstack", _has("deviceInfo"), chirpstack),
    ("ttn_normalized", _has("end_device_ids", "uplink_normalized"), ttn_normalized),
    ("ttn", _has("end_device_ids"), ttn),
    ("thingpark", _is_thingpark, thingpark),
    ("loriot", _has("cmd", "EUI"), loriot),
    ("kerlink", _has("endDevice"), kerlink),
    ("helium", _has("dev_eui", "hotspots"), helium),
    ("everynet", _has("type", "meta", "params"), everynet),
    ("niotix", _is_niotix, niotix),
    ("sensor_community", _has("sensordatavalues"), sensor_community),
    ("milesight", _is_milesight, milesight),
    ("chirpstack_v3", _is_v3, chirpstack_v3),
)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """Read one message; see `ingest.lns`. Reasons: those of the format, and `unknown_format`."""
    parsed: Uplink | Ignored = _module(topic, payload).parse(topic, payload, arrival_ns)
    return parsed


def _module(topic: str, payload: bytes) -> ModuleType:
    if _GATEWAY.search(topic):
        return chirpstack
    if payload.startswith(b"{"):
        keys = decode(_objects, payload, hint=_HINT)
        for _, fits, module in _TABLE:
            if fits(keys, topic):
                return module
        raise _unknown(", ".join(keys)[:80])
    if payload.startswith(b"["):
        return senml
    if _BINARY_EVENT.search(topic):
        return chirpstack
    if payload and payload[0] in _CBOR_ARRAYS:
        return senml
    raise _unknown(payload[:20].hex(" "))


def _inside(keys: _Keys, name: str) -> frozenset[str]:
    """The keys of the object, or of all objects of the list, that stands there."""
    raw = bytes(keys.get(name, b""))
    try:
        found = _lists.decode(raw) if raw.startswith(b"[") else [_objects.decode(raw)]
    except (msgspec.DecodeError, RecursionError):
        return frozenset()
    return frozenset(key for one in found for key in one)


def _unknown(shown: str) -> Unreadable:
    return Unreadable(
        "unknown_format",
        say(
            "{shown} is of no network server that is known by its shape: {formats}, senml; name its `format`,"
            " or its fields with `format: custom`",
            shown=shown,
            formats=", ".join(name for name, _, _ in _TABLE),
        ),
    )
