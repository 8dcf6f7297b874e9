"""What network servers' events have in common: JSON, DevEUIs, times, payloads, radio, ways to be wrong."""

import binascii
import hashlib
import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from devices import mapping, timestamp, words
from devices.language import Sentence, say
from devices.uplink import Kind, Uplink

#: A LoRaWAN payload has at most 242 bytes; the largest real events (many gateways) have some 20 KiB.
MAX_BYTES = 256 * 1024

_MAX_NAME = 200  #: of a sender without DevEUI, as in the registry
_EUI = re.compile(r"[0-9a-fA-F]{16}")
_NO_NAME = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_SPREADING_FACTOR = re.compile(r"SF([0-9]{1,2})")
#: What msgspec says of a misfit: only the place is told on, for its words are a programmer's.
_MISSING = re.compile(r"Object missing required field `([^`]*)`")
_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
_BYTE = re.compile(r"\(byte ([0-9]+)\)$")

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


class Fault(NamedTuple):
    """Why the content of an uplink cannot be had: reason and sentence of an `Unreadable`."""

    reason: str
    message: Sentence


#: How one gateway heard a frame: SNR in dB, RSSI in dBm (minus infinity: not told), its id (empty: not told).
#: In this order the best is the greatest. Plain, because every uplink has several.
Reception = tuple[float, float, str]
_NOT_TOLD = -math.inf


class Radio(msgspec.Struct, frozen=True, gc=False):
    """How a frame was heard, as `Uplink` says it."""

    rssi: float | None = None
    snr: float | None = None
    gateways: int | None = None
    heard_by: tuple[str, ...] = ()


UNHEARD = Radio()


def decode(decoder: msgspec.json.Decoder[T], payload: bytes, *, hint: str) -> T:
    """The event in `payload`; raises `Unreadable` with `hint` when it is not JSON or not such an event."""
    check_size(payload)
    try:
        if not payload.isascii():
            payload.decode()  # the decoder skips over what it does not use, valid UTF-8 or not
        return decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise misfit(error, hint) from None
    except RecursionError:
        raise Unreadable("too_deep", say("objects or lists are nested too deep")) from None
    except (msgspec.DecodeError, ValueError) as error:
        byte = _BYTE.search(str(error))
        said = say("no JSON from byte {at} on; {hint}", at=byte[1], hint=hint) if byte else None
        raise Unreadable("not_json", said or say("no whole JSON; {hint}", hint=hint)) from None


def check_size(payload: bytes) -> None:
    """Raise `Unreadable` for a message that is larger than any event."""
    if len(payload) > MAX_BYTES:
        said = say("{size} bytes: an event has at most {most}", size=len(payload), most=MAX_BYTES)
        raise Unreadable("too_large", said)


def misfit(error: msgspec.ValidationError, hint: str) -> Unreadable:
    """The refusal of JSON that is not such an event, with the place where it differs."""
    said = str(error)
    above = _PLACE.search(said)
    place = above[1] if above else ""
    if absent := _MISSING.match(said):
        field = f"{place}.{absent[1]}" if place else absent[1]
        return missing(field, hint)
    if place:
        return Unreadable(
            "wrong_shape", say("{field} is not as it should be; {hint}", field=place, hint=hint)
        )
    return Unreadable("wrong_shape", say("the message is not as it should be; {hint}", hint=hint))


def missing(field: str, hint: str, *, address: str = "") -> Unreadable:
    """The refusal of an event without a field that it needs."""
    said = say("{field} is missing; {hint}", field=field, hint=hint)
    return Unreadable("wrong_shape", said, address=address)


def encrypted(server: str) -> Fault:
    """Why there is no payload where the network server has no AppSKey."""
    return Fault(
        "encrypted",
        say("the payload is encrypted: let {server} have the AppSKey, so that it decrypts", server=server),
    )


def unknown_event(name: str, known: str, *, address: str = "") -> Unreadable:
    """The refusal of an event that nobody has described."""
    said = say(
        "{name} at the topic's end is no event that is known: {known}", name=repr(name[:40]), known=known
    )
    return Unreadable("unknown_event", said, address=address)


def eui(text: str) -> str:
    """A DevEUI as 16 lower-case hex digits; raises `Unreadable`."""
    if _EUI.fullmatch(text) is None:
        raise Unreadable("bad_eui", say("{text} is no DevEUI: it has 16 hex digits", text=repr(text[:40])))
    return text.lower()


def address(said: Any) -> str:
    """A DevEUI in any spelling as 16 lower-case hex digits, else the sender's name; raises `Unreadable`."""
    name = said.strip() if isinstance(said, str) else str(said) if type(said) is int else ""
    if not 0 < len(name) <= _MAX_NAME or _NO_NAME.search(name):
        shown = mapping.shown(said)
        raise Unreadable(
            "bad_address", say("{said} is no sender's name: write 1 to 200 characters", said=shown)
        )
    try:
        return words.dev_eui(name)
    except ValueError:
        return name


def reception(gateway: str, rssi: float | None, snr: float | None) -> Reception:
    """How a gateway heard a frame; an EUI in lower case, as in the registry, and no NaN."""
    lower = gateway.lower() if _EUI.fullmatch(gateway) else gateway
    told = [_NOT_TOLD if (found := finite(number)) is None else found for number in (snr, rssi)]
    return told[0], told[1], lower


def when(*texts: str | None, arrival_ns: int, address: str) -> int:
    """The first time that is there, in UTC nanoseconds, else the arrival; raises `Unreadable`."""
    for text in texts:
        if text:
            try:
                return timestamp.parse(text)
            except (ValueError, OverflowError):
                raise bad_time(text, address) from None
    return arrival_ns


def since_1970(*counts: Any, arrival_ns: int, address: str) -> int:
    """As `when`, of what `devices.mapping.time_ns` reads: counts since 1970 in any unit, or RFC 3339."""
    for count in counts:
        if count is not None:
            try:
                time_ns = mapping.time_ns(count)
            except mapping.Unreadable:
                raise bad_time(count, address) from None
            if time_ns is not None:
                if not 0 <= time_ns < 2**63:
                    raise bad_time(count, address)
                return time_ns
    return arrival_ns


def bad_time(said: Any, address: str) -> Unreadable:
    """The refusal of what stands in a time's place."""
    sentence = say("{said} is no time as 2026-03-01T12:00:00Z", said=mapping.shown(said))
    return Unreadable("bad_time", sentence, address=address)


def from_base64(text: str | None, field: str) -> bytes | Fault | None:
    """The bytes that standard base64 (RFC 4648 §4, padded) stands for."""
    try:
        return None if text is None else binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return Fault("bad_base64", say("{field} is not base64", field=field))


def from_hex(text: str | None, field: str) -> bytes | Fault | None:
    """The bytes that hex digits stand for."""
    try:
        return None if text is None else binascii.a2b_hex(text)
    except ValueError:
        return Fault("bad_hex", say("{field} is not hex: two digits a byte", field=field))


def radio(receptions: Sequence[Reception]) -> Radio:
    """Best is the highest SNR, then the highest RSSI; both figures of an uplink come from one gateway."""
    if not receptions:
        return UNHEARD
    snr, rssi, _ = max(receptions)
    gateways = dict.fromkeys([gateway for _, _, gateway in receptions])
    count = len(gateways)
    gateways.pop("", None)
    return Radio(
        None if rssi == _NOT_TOLD else rssi, None if snr == _NOT_TOLD else snr, count, tuple(gateways)
    )


def finite(number: float | None) -> float | None:
    """The number, None for NaN and infinity, which binary formats and texts can say."""
    return number if number is not None and -math.inf < number < math.inf else None


def spreading_factor(data_rate: str | None) -> int | None:
    """Of a data rate as `SF12BW125` or `SF12 BW125 4/5`; None for FSK."""
    match = _SPREADING_FACTOR.match(data_rate or "")
    return int(match[1]) if match and 5 <= int(match[1]) <= 12 else None


def data_uplink(
    address: str,
    time_ns: int,
    payload: bytes | Fault | None,
    *,
    f_port: int | None = None,
    f_cnt: int | None = None,
    decoded: dict[str, Any] | None = None,
    heard: Radio = UNHEARD,
    spreading_factor: int | None = None,
    dedup_key: str = "",
    content: bytes | str | int | None = None,
    completes: bool = False,
) -> Uplink:
    """A data uplink; raises `Unreadable` with its radio part where the payload is a `Fault`.

    Servers that give a frame no id get a key of counter and payload; where there is no payload, of `content`,
    else of the time. An empty object beside a payload, as a server's untouched codec makes it, is none.
    """
    fault = payload if isinstance(payload, Fault) else None
    said = payload if isinstance(payload, bytes) else None
    if not dedup_key:
        told = said if said is not None else time_ns if content is None else content
        dedup_key = hashed_key(Kind.DATA, address, f_cnt, told)
    uplink = Uplink(
        kind=Kind.DATA,
        address=address,
        time_ns=time_ns,
        dedup_key=dedup_key,
        f_port=f_port,
        f_cnt=f_cnt,
        payload=said,
        decoded=None if fault or (said and not decoded) else decoded,
        rssi=heard.rssi,
        snr=heard.snr,
        gateways=heard.gateways,
        heard_by=heard.heard_by,
        spreading_factor=spreading_factor,
        completes=completes,
    )
    if fault:
        raise Unreadable(*fault, radio=uplink)
    return uplink


def hashed_key(kind: Kind, address: str, *content: bytes | str | float | None) -> str:
    """A dedup key for messages that bring none: `~` says that it holds for a short time only."""
    text = repr((kind.value, address, content)).encode(errors="surrogatepass")
    return "~" + hashlib.blake2b(text, digest_size=8).hexdigest()
