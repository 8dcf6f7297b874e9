"""Everynet (https://ns.docs.everynet.io/data-api/messages-and-types/uplink-message.html).

One gateway a message; with `duplicate=1` the others' messages of the same frame follow, with the same dedup
key. The radio part comes with `radio=1`.
"""

from typing import Annotated

import msgspec

from devices.language import say
from devices.uplink import Uplink
from ingest.lns.event import (
    Fault,
    Ignored,
    Reception,
    data_uplink,
    decode,
    encrypted,
    eui,
    from_base64,
    missing,
    radio,
    reception,
    since_1970,
)

#: A template there: the settings have to name it.
TOPICS: tuple[str, ...] = ()

_HINT = say("expected a message of Everynet with `type`, `meta` and `params`")

_U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=255)]
_SpreadingFactor = Annotated[int, msgspec.Meta(ge=0, le=12)]


class _Hardware(msgspec.Struct, gc=False):
    rssi: float | None = None
    snr: float | None = None


class _Modulation(msgspec.Struct, gc=False):
    spreading: _SpreadingFactor | None = None


class _Radio(msgspec.Struct, gc=False):
    hardware: _Hardware | None = None
    modulation: _Modulation | None = None


class _Meta(msgspec.Struct, gc=False):
    device: str
    gateway: str = ""
    time: float | None = None


class _Params(msgspec.Struct, gc=False):
    rx_time: float | None = None
    port: _Port | None = None
    counter_up: _U32 | None = None
    payload: str | None = None
    encrypted_payload: str | None = None
    radio: _Radio | None = None


class _Message(msgspec.Struct, gc=False):
    type: str
    meta: _Meta | None = None
    params: _Params | None = None


class _Kind(msgspec.Struct, gc=False):
    type: str


_decoder = msgspec.json.Decoder(_Message)
_kinds = msgspec.json.Decoder(_Kind)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:  # noqa: ARG001  it tells nothing
    """Read one message; see `ingest.lns`."""
    if decode(_kinds, payload, hint=_HINT).type != "uplink":
        return Ignored("not_uplink")
    message = decode(_decoder, payload, hint=_HINT)
    meta, params = message.meta, message.params
    if meta is None or params is None:
        raise missing("meta" if meta is None else "params", _HINT)
    address = eui(meta.device)
    heard = params.radio or _Radio()
    return data_uplink(
        address,
        since_1970(params.rx_time, meta.time, arrival_ns=arrival_ns, address=address),
        _payload(params),
        f_port=params.port,
        f_cnt=params.counter_up,
        heard=radio(_receptions(meta, heard.hardware)),
        spreading_factor=(heard.modulation.spreading or None) if heard.modulation else None,
        content=params.encrypted_payload,
    )


def _payload(params: _Params) -> bytes | Fault | None:
    if not params.payload and params.encrypted_payload:
        return encrypted("Everynet")
    return from_base64(params.payload or "", "payload")


def _receptions(meta: _Meta, hardware: _Hardware | None) -> list[Reception]:
    if hardware is None:
        return [reception(meta.gateway, None, None)] if meta.gateway else []
    return [reception(meta.gateway, hardware.rssi, hardware.snr)]
