"""LORIOT (https://docs.loriot.io/display/LNS/Uplink+Data+Message, .../Gateway+Information).

A frame is told twice: at once by `rx`, and by `gw` when all gateways have reported it. Both have one dedup
key, so that it counts once, whichever comes first; the radio part of `gw` joins the point that `rx` made.
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
    from_hex,
    radio,
    reception,
    since_1970,
    spreading_factor,
)

#: Free text there: the settings have to name it.
TOPICS: tuple[str, ...] = ()

_HINT = say("expected a message of LORIOT with `cmd`")

_U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=255)]


class _Gateway(msgspec.Struct, gc=False):
    gweui: str = ""
    rssi: float | None = None
    snr: float | None = None


class _Message(msgspec.Struct, gc=False):
    cmd: str
    eui: str = msgspec.field(name="EUI", default="")
    ts: int | None = None
    fcnt: _U32 | None = None
    port: _Port | None = None
    data: str | None = None
    encdata: str | None = None
    dr: str | None = None
    rssi: float | None = None
    snr: float | None = None
    gws: list[_Gateway] | None = None


_decoder = msgspec.json.Decoder(_Message)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:  # noqa: ARG001  it tells nothing
    """Read one message; see `ingest.lns`."""
    message = decode(_decoder, payload, hint=_HINT)
    if message.cmd not in ("rx", "gw"):
        return Ignored("not_uplink")
    address = eui(message.eui)
    return data_uplink(
        address,
        since_1970(message.ts, arrival_ns=arrival_ns, address=address),
        _payload(message),
        f_port=message.port,
        f_cnt=message.fcnt,
        heard=radio(_receptions(message)),
        spreading_factor=spreading_factor(message.dr),
        content=message.encdata,
        completes=message.cmd == "gw",
    )


def _payload(message: _Message) -> bytes | Fault | None:
    if message.data is None and message.encdata is not None:
        return encrypted("LORIOT")
    return from_hex(message.data or "", "data")


def _receptions(message: _Message) -> list[Reception]:
    if message.gws:
        return [reception(one.gweui, one.rssi, one.snr) for one in message.gws]
    if message.rssi is None and message.snr is None:
        return []
    return [reception("", message.rssi, message.snr)]
