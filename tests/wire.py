"""Protocol Buffers as bytes, by field numbers: what a server sends, without our own reader's table."""

import struct
from collections.abc import Sequence

#: A number is a varint, a float is 32 bits, a list is a message.
Value = int | float | bytes | str | Sequence[tuple[int, "Value"]]
Fields = Sequence[tuple[int, Value]]


def varint(number: int) -> bytes:
    """A varint, negative numbers as their 64-bit two's complement."""
    number &= 2**64 - 1
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def tag(number: int, wire_type: int) -> bytes:
    """The head of a field."""
    return varint(number << 3 | wire_type)


def encode(fields: Fields) -> bytes:
    """A message of these fields, in this order."""
    return b"".join(_field(number, value) for number, value in fields)


def _field(number: int, value: Value) -> bytes:
    match value:
        case int():
            return tag(number, 0) + varint(value)
        case float():
            return tag(number, 5) + struct.pack("<f", value)
        case bytes():
            return tag(number, 2) + varint(len(value)) + value
        case str():
            return _field(number, value.encode())
        case _:
            return _field(number, encode(value))


def double(number: float) -> bytes:
    """Field 2 of `google.protobuf.Value`: a number of a Struct."""
    return tag(2, 1) + struct.pack("<d", number)
