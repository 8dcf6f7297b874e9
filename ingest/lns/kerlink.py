"""Kerlink Wanesy Management Centre 3, `dataUp` (https://wikikerlink.fr/wanesy-ran, API migration guide).

Its detail levels Payload, Radio and Network differ in what they say of the radio.
"""

from typing import Annotated

import msgspec

from devices.language import say
from devices.uplink import Uplink
from ingest.lns.event import (
    Fault,
    Ignored,
    data_uplink,
    decode,
    encrypted,
    eui,
    from_base64,
    from_hex,
    radio,
    reception,
    since_1970,
    spreading_factor,
)

#: Free text there: the settings have to name it.
TOPICS: tuple[str, ...] = ()

_HINT = say("expected a `dataUp` of Kerlink Wanesy as JSON")

_U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=255)]


class _Part(msgspec.Struct, rename="camel", gc=False):
    pass


class _EndDevice(_Part):
    dev_eui: str


class _Gateway(_Part):
    gw_eui: str = ""
    rssi: float | None = None
    snr: float | None = None


class _DataUp(_Part):
    end_device: _EndDevice
    id: str = ""
    f_port: _Port | None = None
    f_cnt_up: _U32 | None = None
    payload: str | None = None
    encoding_type: str = "HEXA"
    encrypted: bool = False
    recv_time: int | None = None
    gw_recv_time: int | None = None
    data_rate: str | None = None
    gw_cnt: _U32 | None = None
    gw_info: list[_Gateway] | None = None


_decoder = msgspec.json.Decoder(_DataUp)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:  # noqa: ARG001  it tells nothing
    """Read one message; see `ingest.lns`."""
    said = decode(_decoder, payload, hint=_HINT)
    address = eui(said.end_device.dev_eui)
    heard = radio([reception(one.gw_eui, one.rssi, one.snr) for one in said.gw_info or ()])
    if (said.gw_cnt or 0) > (heard.gateways or 0):
        heard = msgspec.structs.replace(heard, gateways=said.gw_cnt)
    return data_uplink(
        address,
        since_1970(said.recv_time, said.gw_recv_time, arrival_ns=arrival_ns, address=address),
        _payload(said),
        f_port=said.f_port,
        f_cnt=said.f_cnt_up,
        heard=heard,
        spreading_factor=spreading_factor(said.data_rate),
        dedup_key=said.id,
    )


def _payload(said: _DataUp) -> bytes | Fault | None:
    if said.encrypted:
        return encrypted("Wanesy")
    read = from_base64 if said.encoding_type == "BASE64" else from_hex
    return read(said.payload, "payload")
