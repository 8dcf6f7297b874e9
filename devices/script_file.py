"""A maker's JavaScript codec, as it lies in its file."""

import hashlib
from pathlib import Path

from devices.files import trouble
from devices.language import say
from devices.type import Script


def read_script(path: Path, file: str) -> Script:
    """The codec of this file, which messages call `file`; raises `ValueError` with a sentence.

    Makers save theirs as UTF-8, with or without a mark of it, or as Windows-1252.
    """
    try:
        octets = path.read_bytes()
    except FileNotFoundError:
        raise ValueError(say("there is no file {file}", file=file)) from None
    except OSError as error:
        raise ValueError(say("{file} cannot be read: {error}", file=file, error=trouble(error))) from None
    try:
        source = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        source = octets.decode("cp1252", errors="replace")
    return Script(file, source, hashlib.blake2b(source.encode(), digest_size=16).hexdigest())
