"""ChirpStack v4 events as JSON (https://www.chirpstack.io/docs/chirpstack/integrations/events.html).

JSON of Protocol Buffers: fields that are zero are left out of `rxInfo` and `txInfo`, before 4.1 everywhere.
"""

import re
from typing import Annotated, Any

import msgspec

from devices.uplink import Kind, Uplink
from ingest.lns.event import Ignored, Unreadable, decode, eui, from_base64, hashed_key, when

TOPICS: tuple[str, ...] = (
    "application/+/device/+/event/up",
    "application/+/device/+/event/join",
    "application/+/device/+/event/status",
)

_KINDS = {"up": Kind.DATA, "join": Kind.JOIN, "status": Kind.STATUS}
#: Events of downlinks and of ChirpStack itself; `down` is a command topic.
_IGNORED = frozenset({"ack", "txack", "log", "location", "integration", "down"})
_HINT = (
    "expected a ChirpStack v4 event as JSON: set `json=true` under [integration.mqtt] in chirpstack.toml, "
    "and upgrade from v3"
)
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
    """Read one message; see `ingest.lns`. Reasons: those of `ingest.lns.event` and `unknown_event`."""
    name = topic.rpartition("/")[2]
    if name in _IGNORED:
        return Ignored(name)
    if "/gateway/" in topic:
        return Ignored("gateway")
    kind = _KINDS.get(name)
    if kind is None:
        raise Unreadable(
            "unknown_event",
            f"{name[:40]!r} at the topic's end is no event that is known: {', '.join(_KINDS)}",
            address=_address_in(topic),
        )
    try:
        event = decode(_decoder, payload, hint=_HINT)
    except Unreadable as fault:
        fault.address = _address_in(topic)
        raise
    address = eui(event.device_info.dev_eui)
    if kind is Kind.DATA:
        return _data(event, address, arrival_ns)
    return _join_or_status(event, kind, address, arrival_ns)


def _data(event: _Event, address: str, arrival_ns: int) -> Uplink:
    if event.data is None and event.object is None and event.rx_info is None:
        raise Unreadable("wrong_shape", "an `up` without data, object and rxInfo", address=address)
    payload, fault = _payload(event)
    best = max(event.rx_info, key=_strength) if event.rx_info else None
    times = (event.time, best.gw_time, best.ns_time) if best else (event.time,)
    time_ns = when(*times, arrival_ns=arrival_ns, address=address)
    uplink = Uplink(
        kind=Kind.DATA,
        address=address,
        time_ns=time_ns,
        dedup_key=event.deduplication_id
        or hashed_key(Kind.DATA, address, event.f_cnt, time_ns if payload is None else payload),
        f_port=event.f_port,
        f_cnt=event.f_cnt,
        payload=payload,
        decoded=None if fault else event.object,
        rssi=best.rssi if best else None,
        snr=best.snr if best else None,
        gateways=len({rx.gateway_id for rx in event.rx_info}) if event.rx_info else None,
        spreading_factor=_spreading_factor(event.tx_info),
    )
    if fault:
        raise Unreadable(*fault, radio=uplink)
    return uplink


def _payload(event: _Event) -> tuple[bytes | None, tuple[str, str] | None]:
    """The payload, or why it cannot be had as reason and sentence."""
    keys = event.join_server_context
    if keys and (keys.app_s_key or keys.session_key_id):
        if event.object is not None:
            return None, None
        return None, (
            "encrypted",
            "the payload is encrypted end to end: let ChirpStack have the AppSKey, so that it decrypts",
        )
    if event.data is None:
        return None, None
    try:
        return from_base64(event.data), None
    except ValueError as error:
        return None, ("bad_base64", f"`data` is not base64: {error}")


def _strength(rx: _RxInfo) -> tuple[float, float]:
    """Best is the highest SNR, then the highest RSSI; both figures of an uplink come from one gateway."""
    return rx.snr, rx.rssi


def _spreading_factor(tx_info: _TxInfo | None) -> int | None:
    if tx_info is None or tx_info.modulation is None or tx_info.modulation.lora is None:
        return None
    return tx_info.modulation.lora.spreading_factor or None


def _join_or_status(event: _Event, kind: Kind, address: str, arrival_ns: int) -> Uplink:
    if event.data is not None or event.object is not None or event.rx_info is not None:
        raise Unreadable("wrong_shape", f"an `up` on the topic of a `{kind.value}`", address=address)
    time_ns = when(event.time, arrival_ns=arrival_ns, address=address)
    # A status shares its deduplicationId with the uplink that carried it: the kind keeps them apart.
    key = event.deduplication_id
    external = event.external_power_source
    return Uplink(
        kind=kind,
        address=address,
        time_ns=time_ns,
        dedup_key=f"{kind.value}:{key}" if key else hashed_key(kind, address, time_ns),
        battery=None if external or event.battery_level_unavailable else event.battery_level,
        external_power=external,
    )


def _address_in(topic: str) -> str:
    match = _EUI_IN_TOPIC.search(topic)
    return match[1].lower() if match else ""
