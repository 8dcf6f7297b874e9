"""What a network server says a device said: one frozen value, whatever server it came from."""

import enum
from typing import Any

import msgspec


class Kind(enum.Enum):
    """What sort of message the network server sent."""

    DATA = "data"  #: a frame with a payload or a decoded object
    JOIN = "join"  #: the device joined (again); its frame counter begins anew
    STATUS = "status"  #: battery and link margin, as the device told the network server


class Uplink(msgspec.Struct, frozen=True, kw_only=True):
    """One uplink, free of the network server's way of spelling it.

    `address` is the DevEUI as 16 lower-case hex digits, or the sender's own name for sensors without
    LoRaWAN. `time_ns` is UTC in nanoseconds since 1970: the network server's time, else the gateway's,
    else the arrival. `f_cnt` is None where the server has none. `dedup_key` is equal for two messages of
    the same frame and differs otherwise. One that begins with `~` was built from a hash of the content, which
    may come again: it is compared within `devices.duplicates.WINDOW_NS` only, others at any distance.
    """

    kind: Kind
    address: str
    time_ns: int
    dedup_key: str
    f_port: int | None = None
    f_cnt: int | None = None
    payload: bytes | None = None
    decoded: dict[str, Any] | None = None
    rssi: float | None = None  #: dBm, of the gateway that heard it best
    snr: float | None = None  #: dB, of the gateway that heard it best
    gateways: int | None = None  #: how many gateways heard it
    heard_by: tuple[str, ...] = ()  #: ids of those gateways, where the server names them
    spreading_factor: int | None = None
    battery: float | None = None  #: %, from a status message only
    external_power: bool = False  #: from a status message only
    completes: bool = False  #: a second message of a frame, whose radio part joins the first one's point
