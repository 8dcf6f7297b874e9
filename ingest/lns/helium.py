"""Helium's legacy Console (https://docs.helium.com/console/integrations/json-schema).

Helium's consoles of today are ChirpStack v4: `format: chirpstack`.
"""

from typing import Annotated, Any

import msgspec

from devices.language import say
from devices.uplink import Uplink
from ingest.lns.event import (
    Ignored,
    data_uplink,
    decode,
    eui,
    from_base64,
    radio,
    reception,
    since_1970,
    spreading_factor,
)

TOPICS: tuple[str, ...] = ("helium/+/rx", "+/helium/+/rx")

_HINT = say("expected an uplink of Helium's Console as JSON")

_U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=255)]


class _Hotspot(msgspec.Struct, gc=False):
    id: str = ""
    rssi: float | None = None
    snr: float | None = None
    spreading: str | None = None


class _Decoded(msgspec.Struct, gc=False):
    payload: Any = None
    status: str = ""


class _Uplink(msgspec.Struct, gc=False):
    dev_eui: str
    fcnt: _U32 | None = None
    port: _Port | None = None
    payload: str | None = None
    reported_at: int | None = None
    hotspots: list[_Hotspot] | None = None
    decoded: _Decoded | None = None


_decoder = msgspec.json.Decoder(_Uplink)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:  # noqa: ARG001  it tells nothing
    """Read one message; see `ingest.lns`."""
    said = decode(_decoder, payload, hint=_HINT)
    address = eui(said.dev_eui)
    hotspots = said.hotspots or []
    return data_uplink(
        address,
        since_1970(said.reported_at, arrival_ns=arrival_ns, address=address),
        from_base64(said.payload, "payload"),
        f_port=said.port,
        f_cnt=said.fcnt,
        decoded=_decoded(said.decoded),
        heard=radio([reception(one.id, one.rssi, one.snr) for one in hotspots]),
        spreading_factor=spreading_factor(hotspots[0].spreading) if hotspots else None,
    )


def _decoded(said: _Decoded | None) -> dict[str, Any] | None:
    """What the Console's function made of the payload, if that went well and gave an object."""
    return said.payload if said and said.status == "success" and isinstance(said.payload, dict) else None
