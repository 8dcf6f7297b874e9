"""A screenshot made small: 256 colours are enough for charts and text.

https://www.w3.org/TR/png-3/ (8 bits a channel without interlace in, a palette out).
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = 256
#: Colours are told apart in steps of so much.
_STEP = 4


def shrunk(picture: bytes, keep: Iterable[str] = ()) -> bytes:
    """The same picture with a palette, in which the colours `keep` (`#c4162a`) have their place.

    Raises `ValueError` for another kind of PNG.
    """
    width, height, rows = _rows(picture)
    step = bytes(
        (value // _STEP * _STEP + _STEP // 2) if value < 255 - _STEP else 255 for value in range(256)
    )
    pixels = [
        [row[at : at + 3] for at in range(0, len(row), 3)] for row in (one.translate(step) for one in rows)
    ]
    counted = Counter(pixel for row in pixels for pixel in row)
    wanted = [bytes.fromhex(one.removeprefix("#")).translate(step) for one in keep]
    common = [colour for colour, _ in counted.most_common(_COLOURS)]
    palette = list(dict.fromkeys([one for one in wanted if one in counted] + common))[:_COLOURS]
    place = {colour: number for number, colour in enumerate(palette)}
    for colour in counted:
        if colour not in place:
            place[colour] = min(range(len(palette)), key=lambda at: _apart(palette[at], colour))
    data = b"".join(b"\0" + bytes(map(place.__getitem__, row)) for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(data, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)


def _apart(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length


def _rows(picture: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height, and the rows as red, green, blue."""
    chunks = list(_chunks(picture))
    width, height, depth, kind, *_, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or kind not in {2, 6} or interlaced:
        raise ValueError("only 8 bits a channel, RGB or RGBA, without interlace")
    size = 3 if kind == 2 else 4
    data = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    before, rows = bytearray(width * size), []
    for begin in range(0, len(data), width * size + 1):
        row = bytearray(data[begin + 1 : begin + 1 + width * size])
        _unfilter(data[begin], row, before, size)
        before = row
        if size == 4:
            flat = bytearray(width * 3)
            flat[0::3], flat[1::3], flat[2::3] = row[0::4], row[1::4], row[2::4]
            rows.append(bytes(flat))
        else:
            rows.append(bytes(row))
    return width, height, rows


def _unfilter(how: int, row: bytearray, before: bytearray, size: int) -> None:
    """Undo what a row's filter did, in place."""
    for at in range(len(row)):
        left = row[at - size] if at >= size else 0
        up = before[at]
        corner = before[at - size] if at >= size else 0
        match how:
            case 0:
                return
            case 1:
                add = left
            case 2:
                add = up
            case 3:
                add = (left + up) // 2
            case _:
                add = _paeth(left, up, corner)
        row[at] = (row[at] + add) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))
