"""The network server inside Milesight's gateways (UG56, UG63, UG65, UG67).

https://support.milesight-iot.com/support/solutions/articles/73000600064. With a payload codec the gateway
publishes the codec's own object, in which there may be any of the fields known from events without codec; the
sender's DevEUI then stands in it, or is a level of the topic (`$deveui`).
"""

import re
from typing import Annotated, Any

import msgspec

from devices.language import say
from devices.uplink import Uplink
from ingest.lns.event import (
    Ignored,
    Unreadable,
    data_uplink,
    decode,
    eui,
    from_base64,
    radio,
    reception,
    when,
)

#: Free text in the gateway: the settings have to name it.
TOPICS: tuple[str, ...] = ()

_HINT = say("expected an uplink of a Milesight gateway as JSON")
_EUI_LEVEL = re.compile(r"(?:^|/)([0-9a-fA-F]{16})(?:/|$)")
#: What the gateway itself adds; the rest of an object without `data` is the codec's.
_METADATA = frozenset(
    {
        "applicationID",
        "applicationName",
        "devEUI",
        "deviceID",
        "deviceName",
        "fCnt",
        "fPort",
        "gatewaySN",
        "gatewayTime",
        "metadata",
        "rxInfo",
        "time",
        "txInfo",
    }
)

_U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=255)]
_SpreadingFactor = Annotated[int, msgspec.Meta(ge=0, le=12)]


class _Part(msgspec.Struct, rename="camel", gc=False):
    pass


class _RxInfo(_Part):
    mac: str = ""
    time: str | None = None
    rssi: float | None = None
    snr: float | None = msgspec.field(default=None, name="loRaSNR")


class _DataRate(_Part):
    spread_factor: _SpreadingFactor = 0


class _TxInfo(_Part):
    data_rate: _DataRate | None = None


class _Event(_Part):
    dev_eui: str = msgspec.field(name="devEUI", default="")
    data: str | None = None
    f_cnt: _U32 | None = None
    f_port: _Port | None = None
    time: str | None = None
    gateway_time: str | None = None
    rx_info: list[_RxInfo] | None = None
    tx_info: _TxInfo | None = None


_decoder = msgspec.json.Decoder(_Event)
_objects = msgspec.json.Decoder(dict[str, Any])


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """Read one message; see `ingest.lns`."""
    event = decode(_decoder, payload, hint=_HINT)
    address = _address(event.dev_eui, topic)
    data_rate = event.tx_info.data_rate if event.tx_info else None
    times = [rx.time for rx in event.rx_info or ()]
    return data_uplink(
        address,
        when(event.time, *times, event.gateway_time, arrival_ns=arrival_ns, address=address),
        from_base64(event.data, "data"),
        f_port=event.f_port,
        f_cnt=event.f_cnt,
        decoded=_codecs_own(payload, address) if event.data is None else None,
        heard=radio([reception(rx.mac, rx.rssi, rx.snr) for rx in event.rx_info or ()]),
        spreading_factor=(data_rate.spread_factor or None) if data_rate else None,
        content=payload,
    )


def _address(said: str, topic: str) -> str:
    level = _EUI_LEVEL.search(topic)
    if not said and level is None:
        raise Unreadable(
            "bad_eui",
            say("neither message nor topic says the DevEUI: write $deveui into the topic in the gateway"),
        )
    return eui(said or level[1]) if level else eui(said)


def _codecs_own(payload: bytes, address: str) -> dict[str, Any]:
    said = decode(_objects, payload, hint=_HINT)
    own = {key: value for key, value in said.items() if key not in _METADATA}
    if not own:
        raise Unreadable(
            "wrong_shape",
            say("neither `data` nor a codec's values; {hint}", hint=_HINT),
            address=address,
        )
    return own
