"""What must be remembered of an installation between two uplinks; kept with the lines it shaped."""

import msgspec

#: Gateways remembered of a device; in a dense network more may hear it.
GATEWAYS = 8


class CounterState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The newest total a counter said, in device time."""

    total: int
    time_ns: int


class BayState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a parking bay was last, in device time; `since_ns` is when it turned so (None: not seen)."""

    occupied: bool
    time_ns: int
    since_ns: int | None


class SeriesState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The newest number of a series and the one before it, in device time, for the tests that look back.

    Numbers are as written. `before` is None where nothing is known or a gap lay between the two; `since_ns`
    is the time since which the series has had this very number.
    """

    number: float
    time_ns: int
    before: float | None
    since_ns: int


class DeviceState(msgspec.Struct, frozen=True, array_like=True):
    """The memory of one installation. A new one is made for every stored uplink; none is ever changed.

    `keys` holds the 8-byte hashes and device times of the dedup keys of the last 32 stored uplinks, as
    `devices.duplicates` packs them. `counters`, `bays` and `series` are keyed by series in the type's own
    words (`count|direction=ltr`), so that naming a street's direction anew loses no total.
    Appending fields keeps old rows readable (array-like structs fill missing tails with defaults).
    """

    seen_ns: int = 0  #: newest uplink time
    f_cnt: int | None = None  #: of the newest uplink
    restarted_ns: int = 0  #: device time of the newest join or start-up message
    keys: bytes = b""
    counters: dict[str, CounterState] = {}
    bays: dict[str, BayState] = {}
    series: dict[str, SeriesState] = {}  #: of those whose tests look back
    heard_by: dict[str, int] = {}  #: gateway -> the newest time at which it heard the device; see `heard`
    source: str = ""  #: the broker that brought its newest message


EMPTY = DeviceState()


def of_installation(state: DeviceState, begin_ns: int | None) -> DeviceState:
    """The state without what other hardware said before `begin_ns`; the dedup keys stay."""
    if begin_ns is None or state.seen_ns >= begin_ns:
        return state
    return DeviceState(keys=state.keys, source=state.source)


def heard(known: dict[str, int], gateways: tuple[str, ...], time_ns: int) -> dict[str, int]:
    """`DeviceState.heard_by` after an uplink that these gateways heard; the `GATEWAYS` heard of last stay."""
    if len(gateways) == 1 and known.keys() <= {gateways[0]}:  # for speed: most
        return {gateways[0]: time_ns}
    now = known | dict.fromkeys(gateways, time_ns)
    if len(now) > GATEWAYS:
        newest = sorted(now.items(), key=lambda one: one[1], reverse=True)
        return dict(newest[:GATEWAYS])
    return now


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(DeviceState)


def pack(state: DeviceState) -> bytes:
    """The state as one row of the spool (MessagePack)."""
    return _encoder.encode(state)


def unpack(row: bytes) -> DeviceState:
    """The state from a row of the spool; raises `msgspec.DecodeError` for a damaged one."""
    return _decoder.decode(row)
