"""Milesight: `[channel u8, type u8, value]` again and again, values little-endian.

Source: the README of every model in github.com/Milesight-IoT/SensorDecoders, and the chapter "Device Payload"
of its user guide. A family of models is a table from channel and type to what stands there (`Channels`), and
`codec` makes a codec of it; the port does not matter, for users may change it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from devices.codecs.decoded import Decoded, LocalCodec
from devices.language import say

#: Reads what stands at a place of the payload into the object; gives the place behind it.
Read = Callable[[bytes, int, dict[str, Any]], int]

#: What a family says, by channel and type.
Channels = Mapping[tuple[int, int], Read]


class Field(NamedTuple):
    """A whole number of `size` bytes, divided by `divisor`, or the word that it stands for."""

    name: str
    size: int = 1
    signed: bool = False
    divisor: int = 1
    words: Mapping[int, str] | None = None

    def of(self, value: bytes) -> float | int | str:
        """What these bytes mean; a number without a word is `unknown`."""
        number = int.from_bytes(value, "little", signed=self.signed)
        if self.words is not None:
            return self.words.get(number, "unknown")
        return number if self.divisor == 1 else number / self.divisor


def fields(*several: Field) -> Read:
    """Numbers that follow one another."""

    def read(payload: bytes, at: int, said: dict[str, Any]) -> int:
        for field in several:
            said[field.name] = field.of(part(payload, at, field.size))
            at += field.size
        return at

    return read


def number(name: str, size: int = 1, *, signed: bool = False, divisor: int = 1) -> Read:
    """One number, as `number("temperature", 2, signed=True, divisor=10)`."""
    return fields(Field(name, size, signed, divisor))


def word(name: str, words: Mapping[int, str]) -> Read:
    """One byte that stands for a word."""
    return fields(Field(name, words=words))


def item(name: str, read: Read) -> Read:
    """An item of the list `name`, as the records of `history` are."""

    def append(payload: bytes, at: int, said: dict[str, Any]) -> int:
        record: dict[str, Any] = {}
        at = read(payload, at, record)
        said.setdefault(name, []).append(record)
        return at

    return append


def codec(channels: Channels) -> LocalCodec:
    """The codec of a family. It stops at a channel and type that it does not know, and warns of that.

    It raises `ValueError` where that is the first, and `IndexError` where a value is cut off.
    """

    def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
        said: dict[str, Any] = {}
        at = 0
        while at < len(payload):
            channel, kind = part(payload, at, 2)
            read = channels.get((channel, kind))
            if read is None:
                unknown = say(
                    "channel {channel} of type {kind} is not known",
                    channel=f"{channel:02x}",
                    kind=f"{kind:02x}",
                )
                if not said:
                    raise ValueError(unknown)
                return Decoded(said, (unknown,))
            at = read(payload, at + 2, said)
        return Decoded(said)

    return decode


def part(payload: bytes, at: int, size: int) -> bytes:
    """So many bytes from there on; raises `IndexError` where the payload ends before."""
    value = payload[at : at + size]
    if len(value) < size:
        raise IndexError(at)
    return value


def _constant(name: str, value: str) -> Read:
    """A byte whose presence says it all."""

    def read(payload: bytes, at: int, said: dict[str, Any]) -> int:
        part(payload, at, 1)
        said[name] = value
        return at + 1

    return read


def _text(name: str, size: int, spell: Callable[[bytes], str]) -> Read:
    def read(payload: bytes, at: int, said: dict[str, Any]) -> int:
        said[name] = spell(part(payload, at, size))
        return at + size

    return read


def _nibbles(value: bytes) -> str:
    return f"v{value[0] >> 4}.{value[0] & 15}"


def _hexadecimal(value: bytes) -> str:
    return f"v{value[0]:x}.{value[1]:x}"


def _dotted(value: bytes) -> str:
    return "v" + ".".join(map(str, value))


#: What most models say of themselves when they join.
ATTRIBUTES: Channels = {
    (0xFF, 0x01): _text("ipso_version", 1, _nibbles),
    (0xFF, 0x08): _text("sn", 6, bytes.hex),
    (0xFF, 0x09): _text("hardware_version", 2, lambda value: f"v{value[0]:x}.{value[1] >> 4}"),
    (0xFF, 0x0A): _text("firmware_version", 2, _hexadecimal),
    (0xFF, 0x0B): _constant("device_status", "on"),
    (0xFF, 0x0F): word("lorawan_class", {0: "Class A", 1: "Class B", 2: "Class C", 3: "Class CtoB"}),
    (0xFF, 0x16): _text("sn", 8, bytes.hex),
    (0xFF, 0xFE): _constant("reset_event", "reset"),
    (0xFF, 0xFF): _text("tsl_version", 2, _dotted),
}

#: The same of cameras and other models on mains, whose firmware has four numbers.
MAINS_ATTRIBUTES: Channels = {
    **ATTRIBUTES,
    (0xFF, 0x09): _text("hardware_version", 2, _dotted),
    (0xFF, 0x1F): _text("firmware_version", 4, _dotted),
}

#: `battery` in %, in nearly every model with one.
BATTERY: Channels = {(0x01, 0x75): number("battery")}
