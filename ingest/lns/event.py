"""What all network servers' events have in common: JSON, DevEUIs, times, base64, and ways to be wrong."""

import binascii
import hashlib
import re
from typing import TypeVar

import msgspec

from devices import timestamp
from devices.uplink import Kind, Uplink

#: A LoRaWAN payload has at most 242 bytes; the largest real events (many gateways) have some 20 KiB.
MAX_BYTES = 256 * 1024

_EUI = re.compile(r"[0-9a-fA-F]{16}")

T = TypeVar("T")


class Ignored(msgspec.Struct, frozen=True):
    """A message that is well but means nothing to us; `reason` is a short stable word."""

    reason: str


class Unreadable(Exception):
    """A message that cannot be read.

    `reason` is a short stable word (a metric's label), the message a sentence that says what is wrong and
    what to do. `address` is the sender where it could be told, else empty. `radio` is what could still be
    read of a data uplink when only its content could not: an uplink without payload and decoded object.
    """

    def __init__(self, reason: str, message: str, *, address: str = "", radio: Uplink | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.address = radio.address if radio else address
        self.radio = radio


def decode(decoder: msgspec.json.Decoder[T], payload: bytes, *, hint: str) -> T:
    """The event in `payload`; raises `Unreadable` with `hint` when it is not JSON or not such an event."""
    if len(payload) > MAX_BYTES:
        raise Unreadable("too_large", f"{len(payload)} bytes: an event has at most {MAX_BYTES}")
    try:
        if not payload.isascii():
            payload.decode()  # the decoder skips over what it does not use, valid UTF-8 or not
        return decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise Unreadable("wrong_shape", f"{error}; {hint}") from None
    except RecursionError:
        raise Unreadable("too_deep", "objects or lists are nested too deep") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable("not_json", f"not JSON ({error}); {hint}") from None


def eui(text: str) -> str:
    """A DevEUI as 16 lower-case hex digits; raises `Unreadable`."""
    if _EUI.fullmatch(text) is None:
        raise Unreadable("bad_eui", f"{text[:40]!r} is no DevEUI: it has 16 hex digits")
    return text.lower()


def when(*texts: str | None, arrival_ns: int, address: str) -> int:
    """The first time that is there, in UTC nanoseconds, else the arrival; raises `Unreadable`."""
    for text in texts:
        if text:
            try:
                return timestamp.parse(text)
            except ValueError as error:
                raise Unreadable("bad_time", f"time {text[:40]!r}: {error}", address=address) from None
    return arrival_ns


def from_base64(text: str) -> bytes:
    """The bytes that standard base64 (RFC 4648 §4, padded) stands for; raises `ValueError`."""
    return binascii.a2b_base64(text, strict_mode=True)


def hashed_key(kind: Kind, address: str, *content: int | bytes | None) -> str:
    """A dedup key for messages that bring none: `~` says that it holds for a short time only."""
    text = repr((kind.value, address, content)).encode()
    return "~" + hashlib.blake2b(text, digest_size=8).hexdigest()
