"""The Things Stack v3 events (https://www.thethingsindustries.com/docs/integrations/data-formats/).

Fields that are empty, zero or false are left out; 64-bit integers are strings.
"""

import re
from typing import Annotated, Any

import msgspec

from devices.uplink import Kind, Uplink
from ingest.lns.event import MAX_BYTES, Ignored, Unreadable, decode, eui, from_base64, hashed_key, when

TOPICS: tuple[str, ...] = ("v3/+/devices/+/up", "v3/+/devices/+/join")

_HINT = "expected an event of The Things Stack v3 as JSON"
#: What follows the device in the topic, beside `up` and `join`: by its first word.
_IGNORED = {"down": "down", "location": "location", "service": "service_data"}

#: Not any `dev_eui`: a codec may say that of something else.
_EUI_IN_PAYLOAD = re.compile(
    rb'"end_device_ids"\s*:\s*\{(?:[^{}]|\{[^{}]*\})*?"dev_eui"\s*:\s*"([0-9a-fA-F]{16})"'
)

_U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=255)]
_SpreadingFactor = Annotated[int, msgspec.Meta(ge=0, le=12)]


class _Part(msgspec.Struct, gc=False):
    pass


class _EndDeviceIds(_Part):
    device_id: str = ""
    dev_eui: str | None = None


class _GatewayIds(_Part):
    gateway_id: str = ""
    eui: str = ""


class _PacketBroker(_Part):
    forwarder_gateway_id: str = ""
    forwarder_gateway_eui: str = ""


class _RxMetadata(_Part):
    gateway_ids: _GatewayIds | None = None
    packet_broker: _PacketBroker | None = None
    gps_time: str | None = None
    time: str | None = None
    rssi: float = 0.0
    snr: float = 0.0


class _Lora(_Part):
    spreading_factor: _SpreadingFactor = 0


class _DataRate(_Part):
    lora: _Lora | None = None


class _Settings(_Part):
    data_rate: _DataRate | None = None


class _UplinkMessage(_Part):
    session_key_id: str | None = None
    f_port: _Port = 0
    f_cnt: _U32 = 0
    frm_payload: str | None = None
    decoded_payload: dict[str, Any] | None = None
    rx_metadata: list[_RxMetadata] | None = None
    settings: _Settings | None = None
    received_at: str | None = None
    app_s_key: dict[str, Any] | None = None


class _JoinAccept(_Part):
    session_key_id: str | None = None
    received_at: str | None = None


class _Event(_Part):
    end_device_ids: _EndDeviceIds
    received_at: str | None = None
    simulated: bool = False
    uplink_message: _UplinkMessage | None = None
    join_accept: _JoinAccept | None = None


_decoder = msgspec.json.Decoder(_Event)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """Read one message; see `ingest.lns`. Reasons: those of `ingest.lns.event` and `unknown_event`."""
    name = topic.partition("/devices/")[2].partition("/")[2]
    if name not in ("up", "join"):
        return _other(name)
    try:
        event = decode(_decoder, payload, hint=_HINT)
    except Unreadable as fault:
        fault.address = _address_in(payload)
        raise
    if event.simulated:
        return Ignored("simulated")
    address = _address(event.end_device_ids)
    if name == "up" and event.uplink_message is not None:
        return _data(event, event.uplink_message, address, arrival_ns)
    if name == "join" and event.join_accept is not None:
        return _join(event, event.join_accept, address, arrival_ns)
    missing = "uplink_message" if name == "up" else "join_accept"
    raise Unreadable("wrong_shape", f"a `{name}` without `{missing}`; {_HINT}", address=address)


def _other(name: str) -> Ignored:
    if name == "up/normalized":
        return Ignored("normalized")
    reason = _IGNORED.get(name.partition("/")[0])
    if reason is None:
        raise Unreadable(
            "unknown_event", f"{name[:40]!r} at the topic's end is no event that is known: up, join"
        )
    return Ignored(reason)


def _address(ids: _EndDeviceIds) -> str:
    if not ids.dev_eui:
        raise Unreadable(
            "bad_eui",
            f"device {ids.device_id[:40]!r} has no DevEUI: give it one in The Things Stack's console",
        )
    return eui(ids.dev_eui)


def _address_in(payload: bytes) -> str:
    """The DevEUI of an event that cannot be read as a whole, empty where it has none to be found."""
    match = _EUI_IN_PAYLOAD.search(payload, 0, MAX_BYTES)
    return match[1].decode().lower() if match else ""


def _data(event: _Event, message: _UplinkMessage, address: str, arrival_ns: int) -> Uplink:
    payload, fault = _payload(message)
    best = max(message.rx_metadata, key=_strength) if message.rx_metadata else None
    gateway_times = (best.gps_time, best.time) if best else ()
    time_ns = when(
        message.received_at, *gateway_times, event.received_at, arrival_ns=arrival_ns, address=address
    )
    uplink = Uplink(
        kind=Kind.DATA,
        address=address,
        time_ns=time_ns,
        dedup_key=f"{message.session_key_id}:{message.f_cnt}"
        if message.session_key_id
        else hashed_key(Kind.DATA, address, message.f_cnt, time_ns if payload is None else payload),
        f_port=message.f_port,
        f_cnt=message.f_cnt,
        payload=payload,
        decoded=None if fault else message.decoded_payload,
        rssi=best.rssi if best else None,
        snr=best.snr if best else None,
        gateways=len({_gateway(rx) for rx in message.rx_metadata}) if message.rx_metadata else None,
        spreading_factor=_spreading_factor(message.settings),
    )
    if fault:
        raise Unreadable(*fault, radio=uplink)
    return uplink


def _payload(message: _UplinkMessage) -> tuple[bytes | None, tuple[str, str] | None]:
    """The payload, or why it cannot be had as reason and sentence."""
    if message.app_s_key:
        if message.decoded_payload is not None:
            return None, None
        return None, (
            "encrypted",
            "the payload is encrypted end to end: switch off `skip payload crypto` of the application",
        )
    if message.frm_payload is None:
        return None, None
    try:
        return from_base64(message.frm_payload), None
    except ValueError as error:
        return None, ("bad_base64", f"`frm_payload` is not base64: {error}")


def _strength(rx: _RxMetadata) -> tuple[float, float]:
    """Best is the highest SNR, then the highest RSSI; both figures of an uplink come from one gateway."""
    return rx.snr, rx.rssi


def _gateway(rx: _RxMetadata) -> str:
    """What tells gateways apart; all those of other networks are `packetbroker` by their own id."""
    if rx.packet_broker:
        return rx.packet_broker.forwarder_gateway_eui or rx.packet_broker.forwarder_gateway_id
    return (rx.gateway_ids.eui or rx.gateway_ids.gateway_id) if rx.gateway_ids else ""


def _spreading_factor(settings: _Settings | None) -> int | None:
    if settings is None or settings.data_rate is None or settings.data_rate.lora is None:
        return None
    return settings.data_rate.lora.spreading_factor or None


def _join(event: _Event, join: _JoinAccept, address: str, arrival_ns: int) -> Uplink:
    time_ns = when(join.received_at, event.received_at, arrival_ns=arrival_ns, address=address)
    return Uplink(
        kind=Kind.JOIN,
        address=address,
        time_ns=time_ns,
        dedup_key=f"join:{join.session_key_id}"
        if join.session_key_id
        else hashed_key(Kind.JOIN, address, time_ns),
    )
