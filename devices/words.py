"""Texts of the technicians' files that are not free: ids, tag values, DevEUIs."""

import re
from typing import Annotated

from pydantic import StringConstraints

_DEV_EUI = re.compile(r"[0-9a-fA-F]{16}")
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Tag values go into line protocol: no control characters, and no backslash, which would escape what follows.
TagText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\\]+$"),
]


def dev_eui(text: str) -> str:
    """A DevEUI as 16 lower-case hex digits, written with or without `-` and `:`; raises `ValueError`."""
    if _DEV_EUI.fullmatch(text):
        return text.lower()
    digits = re.sub(r"[-: ]", "", text)
    if _DEV_EUI.fullmatch(digits) is None:
        raise ValueError(f"{text} is no DevEUI: write its 16 digits 0-9 and a-f, as 70b3d57ba0000a1c")
    return digits.lower()


def tag_prefix(**tags: str | None) -> str:
    """Tags as line protocol has them, `,name=value` each, sorted by name, without those that are None."""
    return "".join([f",{name}={_escaped(value)}" for name, value in sorted(tags.items()) if value])


def _escaped(value: str) -> str:
    return value.replace(",", r"\,").replace("=", r"\=").replace(" ", r"\ ")
