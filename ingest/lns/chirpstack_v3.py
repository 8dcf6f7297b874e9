"""ChirpStack Application Server v3 events, both of its JSON marshalers.

https://github.com/brocaar/chirpstack-docs, docs/application-server/integrations/events.md. `json_v3`, the
default: EUIs in hex, `object`. `json`: EUIs in base64, the decoded object as text in `objectJSON`. Neither
gives an event an id, nor a time before 3.17; only gateways with GPS say theirs.
"""

import re
from typing import Annotated, Any

import msgspec

from devices.language import say
from devices.uplink import Kind, Uplink
from ingest.lns import chirpstack_gateway
from ingest.lns.event import (
    Fault,
    Ignored,
    Unreadable,
    data_uplink,
    decode,
    eui,
    from_base64,
    hashed_key,
    radio,
    reception,
    unknown_event,
    when,
)

_UP = ("up", "rx")  #: `rx` in LoRa Server, its name before
TOPICS: tuple[str, ...] = (
    "application/+/device/+/event/up",
    "application/+/device/+/event/join",
    "application/+/device/+/event/status",
    *(f"application/+/device/+/{name}" for name in (*_UP, "join", "status")),  # before 3.11
    *chirpstack_gateway.TOPICS,
)

_IGNORED = frozenset({"ack", "txack", "error", "location", "integration", "down", "tx"})
_HINT = say("expected an event of ChirpStack v3 as JSON; events of v4 are read with `format: chirpstack`")
_EUI_IN_TOPIC = re.compile(r"/device/([0-9a-fA-F]{16})/")
_EUI_BYTES = 8

_U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=255)]
_SpreadingFactor = Annotated[int, msgspec.Meta(ge=0, le=12)]


class _Part(msgspec.Struct, rename="camel", gc=False):
    pass


class _RxInfo(_Part):
    gateway_id: str = msgspec.field(default="", name="gatewayID")
    time: str | None = None
    rssi: float = 0.0
    snr: float = msgspec.field(default=0.0, name="loRaSNR")


class _Lora(_Part):
    spreading_factor: _SpreadingFactor = 0


class _TxInfo(_Part):
    lora: _Lora | None = msgspec.field(default=None, name="loRaModulationInfo")


class _Event(_Part):
    dev_eui: str = msgspec.field(name="devEUI")
    f_cnt: _U32 = 0
    f_port: _Port = 0
    data: str | None = None
    object: dict[str, Any] | None = None
    object_json: str = msgspec.field(default="", name="objectJSON")
    rx_info: list[_RxInfo] | None = None
    tx_info: _TxInfo | None = None
    published_at: str | None = None
    dev_addr: str = ""
    margin: int = 0
    battery_level: float | None = None
    external_power_source: bool = False
    battery_level_unavailable: bool = False


_decoder = msgspec.json.Decoder(_Event)
_objects = msgspec.json.Decoder(dict[str, Any])


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """Read one message; see `ingest.lns`."""
    if chirpstack_gateway.on_gateway_topic(topic):
        return chirpstack_gateway.parse(topic, payload, arrival_ns)
    name = topic.rpartition("/")[2]
    if name in _IGNORED:
        return Ignored(name)
    if name not in (*_UP, "join", "status"):
        raise unknown_event(name, "up, join, status", address=_address_in(topic))
    try:
        event = decode(_decoder, payload, hint=_HINT)
        address = eui(_hex(event.dev_eui))
    except Unreadable as fault:
        fault.address = _address_in(topic)
        raise
    if name == "join":
        return _join(event, address, arrival_ns)
    if name == "status":
        return _status(event, address, arrival_ns)
    return _data(event, address, arrival_ns)


def _data(event: _Event, address: str, arrival_ns: int) -> Uplink:
    if event.data is None and event.object is None and event.rx_info is None:
        said = say("an `up` without data, object and rxInfo; {hint}", hint=_HINT)
        raise Unreadable("wrong_shape", said, address=address)
    decoded = event.object if event.object is not None else _object(event.object_json)
    lora = event.tx_info.lora if event.tx_info else None
    return data_uplink(
        address,
        _time(event, address, arrival_ns),
        decoded if isinstance(decoded, Fault) else from_base64(event.data, "data"),
        f_port=event.f_port,
        f_cnt=event.f_cnt,
        decoded=None if isinstance(decoded, Fault) else decoded,
        heard=radio([reception(_hex(rx.gateway_id), rx.rssi, rx.snr) for rx in event.rx_info or ()]),
        spreading_factor=(lora.spreading_factor or None) if lora else None,
    )


def _object(text: str) -> dict[str, Any] | Fault | None:
    try:
        return _objects.decode(text) if text else None
    except (msgspec.DecodeError, RecursionError):
        return Fault("bad_object", say("{field} is no JSON object", field="objectJSON"))


def _time(event: _Event, address: str, arrival_ns: int) -> int:
    """The earliest gateway's, else the server's, else the arrival."""
    said = [rx.time for rx in event.rx_info or () if rx.time]
    if not said:
        return when(event.published_at, arrival_ns=arrival_ns, address=address)
    return min(when(text, arrival_ns=arrival_ns, address=address) for text in said)


def _join(event: _Event, address: str, arrival_ns: int) -> Uplink:
    return Uplink(
        kind=Kind.JOIN,
        address=address,
        time_ns=_time(event, address, arrival_ns),
        dedup_key=hashed_key(Kind.JOIN, address, event.dev_addr),
    )


def _status(event: _Event, address: str, arrival_ns: int) -> Uplink:
    external = event.external_power_source
    battery = None if external or event.battery_level_unavailable else event.battery_level
    return Uplink(
        kind=Kind.STATUS,
        address=address,
        time_ns=_time(event, address, arrival_ns),
        dedup_key=hashed_key(Kind.STATUS, address, event.margin, battery),
        battery=battery,
        external_power=external,
    )


def _hex(text: str) -> str:
    """An EUI that may be base64 (12 characters) in hex; what is neither stays as it is."""
    if len(text) != 12:
        return text
    plain = from_base64(text, "")
    return plain.hex() if isinstance(plain, bytes) and len(plain) == _EUI_BYTES else text


def _address_in(topic: str) -> str:
    match = _EUI_IN_TOPIC.search(topic)
    return match[1].lower() if match else ""
