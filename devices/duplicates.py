"""Whether a frame was stored before, told by its dedup key alone.

The memory is a ring of the last 32 stored uplinks, packed as 16 bytes each, oldest first: the 8-byte
BLAKE2b hash of the dedup key and the uplink's time (signed, big-endian, nanoseconds).
A key that begins with `~` was built from a hash of the content, which may come again (a sensor without a
frame counter that says the same thing): it holds within `WINDOW_NS` of the uplink's time, others for ever.

A broker may send more than 32 frames of a device anew; `frame` names one among those of all devices, for the
longer memory of `ingest.frames`.
"""

import hashlib
from functools import lru_cache

import msgspec

from devices.state import DeviceState
from devices.uplink import Uplink

WINDOW_NS = 5 * 60 * 1_000_000_000
MEMORY = 32

_HASH = 8
_ENTRY = 16


def is_duplicate(uplink: Uplink, state: DeviceState) -> bool:
    """Whether an uplink of this frame is among the last 32 that were stored."""
    return stored_ns(uplink, state) is not None


def stored_ns(uplink: Uplink, state: DeviceState) -> int | None:
    """The time of the uplink of this frame that is among the last 32 that were stored; None if none is."""
    keys = state.keys
    if not keys:
        return None
    wanted = _hash(uplink.dedup_key)
    windowed = uplink.dedup_key.startswith("~")
    at = keys.find(wanted)
    while at >= 0:
        # A hash is at multiples of 16; a hit elsewhere is chance.
        if at % _ENTRY == 0 and (not windowed or abs(_time(keys, at) - uplink.time_ns) <= WINDOW_NS):
            return _time(keys, at)
        at = keys.find(wanted, at + 1)
    return None


def remember(uplink: Uplink, state: DeviceState) -> bytes:
    """The memory with this uplink in it, for `DeviceState.keys`; the oldest of 33 is forgotten."""
    entry = _hash(uplink.dedup_key) + uplink.time_ns.to_bytes(8, "big", signed=True)
    return state.keys[-(MEMORY - 1) * _ENTRY :] + entry


def remembering(uplink: Uplink, state: DeviceState) -> DeviceState:
    """The state that has this uplink in its memory."""
    return msgspec.structs.replace(state, keys=remember(uplink, state))


def frame(key: str, uplink: Uplink) -> bytes:
    """The 8 bytes that name a frame of the installation whose memory has this key.

    A hash of key, dedup key and time: what a broker sends anew has the same, unless its network server says
    no time, for which the time of arrival stands.
    """
    return _hash(f"{key}\0{uplink.dedup_key}\0{uplink.time_ns}")


@lru_cache(maxsize=16)  # every stored uplink asks twice
def _hash(key: str) -> bytes:
    return hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=_HASH).digest()


def _time(keys: bytes, at: int) -> int:
    return int.from_bytes(keys[at + _HASH : at + _ENTRY], "big", signed=True)
