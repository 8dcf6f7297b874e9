"""What ChirpStack's gateways say of themselves, JSON or Protocol Buffers: `gw.GatewayStats` (gw/gw.proto).

A gateway counts since its report before; ChirpStack asks for one every 30 s. The concentratord leaves out
what is zero. The bridge of v3 has the same topics and field numbers; two fields it spells otherwise in JSON.
"""

import re
from typing import Annotated

import msgspec

from devices.language import say
from devices.uplink import Kind, Uplink
from ingest.lns import chirpstack_protobuf
from ingest.lns.event import Ignored, Unreadable, data_uplink, decode, hashed_key, misfit, missing, when

TOPICS: tuple[str, ...] = ("gateway/+/event/stats", "+/gateway/+/event/stats")

_TOPIC = re.compile(r"(?:^|/)gateway/([0-9a-fA-F]{16})/event/stats")
_ANY_TOPIC = re.compile(r"(?:^|/)gateway/")
_HINT = say("expected the statistics of a ChirpStack gateway")

_Count = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]


class _Stats(msgspec.Struct, rename="camel", gc=False):
    gateway_id: str = ""
    time: str | None = None
    rx_packets_received: _Count = 0
    rx_packets_received_ok: _Count = 0
    gateway_id_v3: str = msgspec.field(default="", name="gatewayID")
    ok_v3: _Count = msgspec.field(default=0, name="rxPacketsReceivedOK")
    tx_packets_received: _Count = 0
    tx_packets_emitted: _Count = 0


_decoder = msgspec.json.Decoder(_Stats)


def on_gateway_topic(topic: str) -> bool:
    """Whether a gateway speaks there, of whatever."""
    return "gateway/" in topic and _ANY_TOPIC.search(topic) is not None


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """A data uplink of the gateway, its counts as decoded object; other events of gateways are ignored.

    See `ingest.lns`.
    """
    match = _TOPIC.search(topic)
    if match is None or match.end() != len(topic):
        return Ignored("gateway")
    address = match[1].lower()
    try:
        stats = _read(payload)
    except Unreadable as fault:
        fault.address = address
        raise
    if not (stats.gateway_id or stats.gateway_id_v3) and stats.time is None:
        raise missing("gatewayId", _HINT, address=address)
    time_ns = when(stats.time, arrival_ns=arrival_ns, address=address)
    counts = {
        "rxPacketsReceived": stats.rx_packets_received,
        "rxPacketsReceivedOk": stats.rx_packets_received_ok or stats.ok_v3,
        "txPacketsReceived": stats.tx_packets_received,
        "txPacketsEmitted": stats.tx_packets_emitted,
    }
    key = hashed_key(Kind.DATA, address, time_ns if stats.time else None, *counts.values())
    return data_uplink(address, time_ns, None, decoded=dict(counts), dedup_key=key)


def _read(payload: bytes) -> _Stats:
    if payload.startswith(b"{"):
        return decode(_decoder, payload, hint=_HINT)
    try:
        return msgspec.convert(chirpstack_protobuf.read("GatewayStats", payload, hint=_HINT), _Stats)
    except msgspec.ValidationError as error:
        raise misfit(error, _HINT) from None
