"""What a codec gives, and what a codec of ours is."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec


class Decoded(msgspec.Struct, frozen=True):
    """A decoded object, and what the codec warned of (sentences)."""

    data: dict[str, Any]
    warnings: tuple[str, ...] = ()


#: Reads `(payload, f_port, variables of the installation)`. Raises `ValueError` with a sentence when it
#: cannot; `IndexError`, `KeyError` and `struct.error` mean a payload that is too short or of another kind.
LocalCodec = Callable[[bytes, int, Mapping[str, str]], Decoded]
