"""Texts of the technicians' files that are not free: ids, tag values, DevEUIs."""

import re
from typing import Annotated

from pydantic import StringConstraints

from devices.dev_eui import read as dev_eui

__all__ = ["ID", "TagText", "dev_eui", "tag_prefix"]

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Tag values go into line protocol: no control characters, and no backslash, which would escape what follows.
TagText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\\]+$"),
]


def tag_prefix(**tags: str | None) -> str:
    """Tags as line protocol has them, `,name=value` each, sorted by name, without those that are None."""
    return "".join([f",{name}={_escaped(value)}" for name, value in sorted(tags.items()) if value])


def _escaped(value: str) -> str:
    return value.replace(",", r"\,").replace("=", r"\=").replace(" ", r"\ ")
