"""ChirpStack v4 events, JSON or Protocol Buffers
(https://www.chirpstack.io/docs/chirpstack/integrations/events.html).

Which of both, `json` under [integration.mqtt] says; the topics are the same. A JSON object begins
with `{`, and no Protocol Buffers message of ChirpStack does: it would be a group, of which proto3 has none.
JSON of Protocol Buffers leaves out fields that are zero, in `rxInfo` and `txInfo` always, before 4.1
everywhere.
"""

import re
from typing import Annotated, Any

import msgspec

from devices.language import say
from devices.uplink import Kind, Uplink
from ingest.lns import chirpstack_gateway, chirpstack_protobuf
from ingest.lns.event import (
    Fault,
    Ignored,
    Unreadable,
    data_uplink,
    decode,
    encrypted,
    eui,
    finite,
    from_base64,
    hashed_key,
    misfit,
    radio,
    unknown_event,
    when,
)

TOPICS: tuple[str, ...] = (
    "application/+/device/+/event/up",
    "application/+/device/+/event/join",
    "application/+/device/+/event/status",
    *chirpstack_gateway.TOPICS,
)

_KINDS = {"up": Kind.DATA, "join": Kind.JOIN, "status": Kind.STATUS}
_MESSAGES = {"up": "UplinkEvent", "join": "JoinEvent", "status": "StatusEvent"}
#: Events of downlinks and of ChirpStack itself; `down` is a command topic.
_IGNORED = frozenset({"ack", "txack", "log", "location", "integration", "down"})
_HINT = say("expected an event of ChirpStack v4; events of v3 are read with `format: chirpstack_v3`")
_EUI_IN_TOPIC = re.compile(r"/device/([0-9a-fA-F]{16})/")

_U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=255)]
_SpreadingFactor = Annotated[int, msgspec.Meta(ge=0, le=12)]


class _Part(msgspec.Struct, rename="camel", gc=False):
    pass


class _DeviceInfo(_Part):
    dev_eui: str


class _RxInfo(_Part):
    gateway_id: str = ""
    gw_time: str | None = None
    ns_time: str | None = None
    rssi: float = 0.0
    snr: float = 0.0


class _Lora(_Part):
    spreading_factor: _SpreadingFactor = 0


class _Modulation(_Part):
    lora: _Lora | None = None


class _TxInfo(_Part):
    modulation: _Modulation | None = None


class _JoinServerContext(_Part):
    session_key_id: str = ""
    app_s_key: dict[str, Any] | None = None


class _Event(_Part):
    device_info: _DeviceInfo
    deduplication_id: str | None = None
    time: str | None = None
    f_cnt: _U32 = 0
    f_port: _Port = 0
    data: str | None = None
    object: dict[str, Any] | None = None
    rx_info: list[_RxInfo] | None = None
    tx_info: _TxInfo | None = None
    join_server_context: _JoinServerContext | None = None
    battery_level: float | None = None
    external_power_source: bool = False
    battery_level_unavailable: bool = False


_decoder = msgspec.json.Decoder(_Event)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """Read one message; see `ingest.lns`. Reasons: those of `ingest.lns.event` and `not_protobuf`."""
    if chirpstack_gateway.on_gateway_topic(topic):
        return chirpstack_gateway.parse(topic, payload, arrival_ns)
    name = topic.rpartition("/")[2]
    if name in _IGNORED:
        return Ignored(name)
    kind = _KINDS.get(name)
    if kind is None:
        raise unknown_event(name, ", ".join(_KINDS), address=_address_in(topic))
    try:
        event = decode(_decoder, payload, hint=_HINT) if payload[:1] == b"{" else _read_binary(name, payload)
    except Unreadable as fault:
        fault.address = _address_in(topic)
        raise
    address = eui(event.device_info.dev_eui)
    if kind is Kind.DATA:
        return _data(event, address, arrival_ns)
    return _join_or_status(event, kind, address, arrival_ns)


def _read_binary(name: str, payload: bytes) -> _Event:
    said = chirpstack_protobuf.read(_MESSAGES[name], payload, hint=_HINT)
    if name == "up":
        said.setdefault("data", "")
    try:
        return msgspec.convert(said, _Event)
    except msgspec.ValidationError as error:
        raise misfit(error, _HINT) from None


def _data(event: _Event, address: str, arrival_ns: int) -> Uplink:
    if event.data is None and event.object is None and event.rx_info is None:
        said = say("an `up` without data, object and rxInfo; {hint}", hint=_HINT)
        raise Unreadable("wrong_shape", said, address=address)
    heard = event.rx_info or []
    times = [event.time] if event.time else [time for rx in heard for time in (rx.gw_time, rx.ns_time)]
    return data_uplink(
        address,
        when(*times, arrival_ns=arrival_ns, address=address),
        _payload(event),
        f_port=event.f_port,
        f_cnt=event.f_cnt,
        decoded=event.object,
        heard=radio([(rx.snr, rx.rssi, rx.gateway_id) for rx in heard]),
        spreading_factor=_spreading_factor(event.tx_info),
        dedup_key=event.deduplication_id or "",
    )


def _payload(event: _Event) -> bytes | Fault | None:
    keys = event.join_server_context
    if keys and (keys.app_s_key or keys.session_key_id):
        if event.object is not None:
            return None
        return encrypted("ChirpStack")
    return from_base64(event.data, "data")


def _spreading_factor(tx_info: _TxInfo | None) -> int | None:
    if tx_info is None or tx_info.modulation is None or tx_info.modulation.lora is None:
        return None
    return tx_info.modulation.lora.spreading_factor or None


def _join_or_status(event: _Event, kind: Kind, address: str, arrival_ns: int) -> Uplink:
    if event.data is not None or event.object is not None or event.rx_info is not None:
        said = say("an `up` on the topic of a `{kind}`", kind=kind.value)
        raise Unreadable("wrong_shape", said, address=address)
    time_ns = when(event.time, arrival_ns=arrival_ns, address=address)
    # A status shares its deduplicationId with the uplink that carried it: the kind keeps them apart.
    key = event.deduplication_id
    external = event.external_power_source
    return Uplink(
        kind=kind,
        address=address,
        time_ns=time_ns,
        dedup_key=f"{kind.value}:{key}" if key else hashed_key(kind, address, time_ns),
        battery=None if external or event.battery_level_unavailable else finite(event.battery_level),
        external_power=external,
    )


def _address_in(topic: str) -> str:
    match = _EUI_IN_TOPIC.search(topic)
    return match[1].lower() if match else ""
