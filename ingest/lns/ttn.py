"""The Things Stack v3 events (https://www.thethingsindustries.com/docs/integrations/data-formats/).

Fields that are empty, zero or false are left out; 64-bit integers are strings.
"""

import re
from typing import Annotated, Any

import msgspec

from devices.language import say
from devices.uplink import Kind, Uplink
from ingest.lns.event import (
    MAX_BYTES,
    Fault,
    Ignored,
    Radio,
    Unreadable,
    data_uplink,
    decode,
    eui,
    from_base64,
    hashed_key,
    missing,
    radio,
    unknown_event,
    when,
)

TOPICS: tuple[str, ...] = ("v3/+/devices/+/up", "v3/+/devices/+/join")

HINT = say("expected an event of The Things Stack v3 as JSON")
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


class EndDeviceIds(_Part):
    """Whose message it is."""

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


class Frame(_Part):
    """What messages about an uplink frame have in common."""

    session_key_id: str | None = None
    f_port: _Port = 0
    f_cnt: _U32 = 0
    rx_metadata: list[_RxMetadata] | None = None
    settings: _Settings | None = None
    received_at: str | None = None


class _UplinkMessage(Frame):
    frm_payload: str | None = None
    decoded_payload: dict[str, Any] | None = None
    app_s_key: dict[str, Any] | None = None


class _JoinAccept(_Part):
    session_key_id: str | None = None
    received_at: str | None = None


class _Event(_Part):
    end_device_ids: EndDeviceIds
    received_at: str | None = None
    simulated: bool = False
    uplink_message: _UplinkMessage | None = None
    join_accept: _JoinAccept | None = None


_decoder = msgspec.json.Decoder(_Event)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """Read one message; see `ingest.lns`. Reasons: those of `ingest.lns.event` and `unknown_event`."""
    name = event_name(topic)
    if name not in ("up", "join"):
        return Ignored("normalized") if name == "up/normalized" else other(name, "up, join")
    try:
        event = decode(_decoder, payload, hint=HINT)
    except Unreadable as fault:
        fault.address = address_in(payload)
        raise
    if event.simulated:
        return Ignored("simulated")
    address = address_of(event.end_device_ids)
    if name == "up" and event.uplink_message is not None:
        return _data(event, event.uplink_message, address, arrival_ns)
    if name == "join" and event.join_accept is not None:
        return _join(event, event.join_accept, address, arrival_ns)
    raise missing("uplink_message" if name == "up" else "join_accept", HINT, address=address)


def event_name(topic: str) -> str:
    """What follows the device in the topic, as `up` or `down/ack`; empty for a topic of another shape."""
    return topic.partition("/devices/")[2].partition("/")[2]


def other(name: str, known: str) -> Ignored:
    """The answer to an event that is none of the `known`; raises `Unreadable` for what nobody described."""
    reason = _IGNORED.get(name.partition("/")[0])
    if reason is None:
        raise unknown_event(name, known)
    return Ignored(reason)


def address_of(ids: EndDeviceIds) -> str:
    """The DevEUI; raises `Unreadable` for a device without one."""
    if not ids.dev_eui:
        said = say(
            "device {device} has no DevEUI: give it one in The Things Stack's console",
            device=repr(ids.device_id[:40]),
        )
        raise Unreadable("bad_eui", said)
    return eui(ids.dev_eui)


def address_in(payload: bytes) -> str:
    """The DevEUI of an event that cannot be read as a whole, empty where it has none to be found."""
    match = _EUI_IN_PAYLOAD.search(payload, 0, MAX_BYTES)
    return match[1].decode().lower() if match else ""


def time_of(frame: Frame, event_time: str | None, address: str, arrival_ns: int) -> int:
    """The network server's, else a gateway's, else the application server's, else the arrival."""
    if frame.received_at:
        return when(frame.received_at, arrival_ns=arrival_ns, address=address)
    times = [time for rx in frame.rx_metadata or () for time in (rx.gps_time, rx.time)]
    return when(*times, event_time, arrival_ns=arrival_ns, address=address)


def radio_of(frame: Frame) -> Radio:
    """How the frame was heard."""
    return radio([(rx.snr, rx.rssi, _gateway(rx).lower()) for rx in frame.rx_metadata or ()])


def spreading_factor_of(frame: Frame) -> int | None:
    """None for FSK."""
    settings = frame.settings
    if settings is None or settings.data_rate is None or settings.data_rate.lora is None:
        return None
    return settings.data_rate.lora.spreading_factor or None


def _data(event: _Event, message: _UplinkMessage, address: str, arrival_ns: int) -> Uplink:
    return data_uplink(
        address,
        time_of(message, event.received_at, address, arrival_ns),
        _payload(message),
        f_port=message.f_port,
        f_cnt=message.f_cnt,
        decoded=message.decoded_payload,
        heard=radio_of(message),
        spreading_factor=spreading_factor_of(message),
        dedup_key=f"{message.session_key_id}:{message.f_cnt}" if message.session_key_id else "",
    )


def _payload(message: _UplinkMessage) -> bytes | Fault | None:
    if message.app_s_key:
        if message.decoded_payload is not None:
            return None
        return Fault(
            "encrypted",
            say("the payload is encrypted end to end: switch off `skip payload crypto` of the application"),
        )
    return from_base64(message.frm_payload or "", "frm_payload")


def _gateway(rx: _RxMetadata) -> str:
    """What tells gateways apart; all those of other networks are `packetbroker` by their own id."""
    if rx.packet_broker:
        return rx.packet_broker.forwarder_gateway_eui or rx.packet_broker.forwarder_gateway_id
    return (rx.gateway_ids.eui or rx.gateway_ids.gateway_id) if rx.gateway_ids else ""


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
