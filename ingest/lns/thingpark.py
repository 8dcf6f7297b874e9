"""Actility ThingPark (https://docs.thingpark.com/thingpark-x/latest/Message/uplink-message).

Older platforms say every number as text (`"FPort": "1"`), so both are read. `Lrrs` lists the best gateways
only, `DevLrrCnt` counts all. A driver of IoT Flow adds `payload`, the codec's own object, and `points`, the
same in normalised units; `payload` is taken where there is one.
"""

from typing import Annotated, Any

import msgspec

from devices.language import say
from devices.uplink import Uplink
from ingest.lns.event import (
    Fault,
    Ignored,
    Radio,
    data_uplink,
    decode,
    encrypted,
    eui,
    from_hex,
    missing,
    radio,
    reception,
    when,
)

#: A connection's topic is free text there: the settings have to name it.
TOPICS: tuple[str, ...] = ()

_HINT = say("expected a message of ThingPark with `DevEUI_uplink`")

_U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=255)]
_SpreadingFactor = Annotated[int, msgspec.Meta(ge=0, le=12)]


class _Part(msgspec.Struct, rename="pascal", gc=False):
    pass


class _Lrr(_Part):
    lrrid: str = ""
    rssi: float | None = msgspec.field(default=None, name="LrrRSSI")
    snr: float | None = msgspec.field(default=None, name="LrrSNR")


class _Lrrs(_Part):
    lrr: list[_Lrr] = []


class _Uplink(_Lrr):
    """With the best gateway's own fields."""

    dev_eui: str = msgspec.field(name="DevEUI", default="")
    time: str | None = None
    f_port: _Port | None = None
    f_cnt_up: _U32 | None = None
    payload_hex: str | None = msgspec.field(name="payload_hex", default=None)
    payload_encryption: int = 0
    payload: dict[str, Any] | None = msgspec.field(name="payload", default=None)
    points: dict[str, Any] | None = msgspec.field(name="points", default=None)
    sp_fact: _SpreadingFactor = 0
    dev_lrr_cnt: _U32 | None = None
    lrrs: _Lrrs | None = None


class _Message(msgspec.Struct, gc=False):
    uplink: _Uplink | None = msgspec.field(name="DevEUI_uplink", default=None)


_decoder = msgspec.json.Decoder(_Message, strict=False)
_keys = msgspec.json.Decoder(dict[str, msgspec.Raw])


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:  # noqa: ARG001  it tells nothing
    """Read one message; see `ingest.lns`."""
    message = decode(_decoder, payload, hint=_HINT)
    said = message.uplink
    if said is None:
        if any(key.startswith("DevEUI_") for key in decode(_keys, payload, hint=_HINT)):
            return Ignored("not_uplink")  # DevEUI_downlink_Sent, DevEUI_location …
        raise missing("DevEUI_uplink", _HINT)
    address = eui(said.dev_eui)
    return data_uplink(
        address,
        when(said.time, arrival_ns=arrival_ns, address=address),
        _payload(said),
        f_port=said.f_port,
        f_cnt=said.f_cnt_up,
        decoded=said.points if said.payload is None else said.payload,
        heard=_heard(said),
        spreading_factor=said.sp_fact or None,
    )


def _payload(said: _Uplink) -> bytes | Fault | None:
    if said.payload_encryption:
        return encrypted("ThingPark")
    return from_hex(said.payload_hex, "payload_hex")


def _heard(said: _Uplink) -> Radio:
    listed = said.lrrs.lrr if said.lrrs else []
    heard = radio([reception(one.lrrid, one.rssi, one.snr) for one in listed or _best(said)])
    if said.dev_lrr_cnt is None or (heard.gateways or 0) >= said.dev_lrr_cnt:
        return heard
    return msgspec.structs.replace(heard, gateways=said.dev_lrr_cnt)


def _best(said: _Uplink) -> list[_Lrr]:
    return [] if said.rssi is None and said.snr is None else [said]
