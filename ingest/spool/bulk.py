"""Many rows in one statement.

Each step of a statement gives up the interpreter's lock, and getting it back can cost 5 ms beside a busy
event loop: 200 rows one by one took 106 ms a commit in that case, as one statement 14 ms (measured).
"""

from collections.abc import Iterable, Sequence

import msgspec

_encoder = msgspec.json.Encoder()

#: What SQLite takes as an integer.
_MIN, _MAX = -(2**63), 2**63 - 1

#: Begins a statement `INSERT INTO table (blob, ...) SELECT <columns> FROM json_each(?1)`.
#: A part of an empty blob is NULL to SQLite, but an empty payload is one.
BLOB = "coalesce(substr(?2, json_extract(value, '$[0]'), json_extract(value, '$[1]')), x'')"


def column(index: int) -> str:
    """SQL for the value at `index` of a row's plain values."""
    return f"json_extract(value, '$[{index + 2}]')"


def pack(rows: Iterable[tuple[bytes, Sequence[str | int]]]) -> tuple[str, bytes]:
    """Both parameters of such a statement, from each row's blob and its plain values."""
    heads, blobs, begin = [], [], 1
    for blob, values in rows:
        heads.append((begin, len(blob), *map(plain, values)))
        blobs.append(blob)
        begin += len(blob)
    blobs.append(b"\0")  # nothing of an empty blob is NULL to SQLite, nothing of a longer one is empty
    return _encoder.encode(heads).decode(), b"".join(blobs)


def members(values: Iterable[str | int]) -> str:
    """The parameter of `IN (SELECT value FROM json_each(?))`."""
    return _encoder.encode([plain(value) for value in values]).decode()


def plain(value: str | int) -> str | int:
    """The value as SQLite can hold it: integers of 64 bits, texts of valid UTF-8 without NUL."""
    if isinstance(value, int):
        return min(max(value, _MIN), _MAX)
    value = str(value)  # a `Sentence` is none to the encoder
    if value.isascii() and "\0" not in value:
        return value
    # A payload may bring what neither SQLite nor UTF-8 can hold; it must not hold up its group.
    return value.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
