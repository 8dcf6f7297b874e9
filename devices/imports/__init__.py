"""Lists of devices that others wrote, as entries of a device file: a table, or a network server's export.

What a file is, is told by its content. Keys and passwords in it are named and never taken over.
"""

import json
from collections.abc import Mapping
from typing import Any

from devices.imports import chirpstack, table, things_stack
from devices.imports.rows import Listing, Row
from devices.language import say

__all__ = ["Listing", "Row", "read"]


def read(raw: bytes) -> Listing:
    """The rows of a file; raises `ValueError` with a sentence when there is none to be had of it."""
    text = table.decode(raw)
    if text.lstrip()[:1] in ("{", "["):
        return _json(text)
    return table.read(text)


def _json(text: str) -> Listing:
    found: list[Mapping[str, Any]] = []
    for document in _documents(text):
        found.extend(_devices(document))
    if not found:
        raise ValueError(say("there is no device in it"))
    return things_stack.read(found) if "ids" in found[0] else chirpstack.read(found)


def _documents(text: str) -> list[Any]:
    """All documents of a file: one, one a line, or one behind the other."""
    decoder = json.JSONDecoder()
    found, at = [], 0
    while at < len(text):
        if text[at].isspace() or text[at] == ",":
            at += 1
            continue
        try:
            document, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            line = text.count("\n", 0, at) + 1
            raise ValueError(say("is no JSON here: line {line}", line=line)) from None
        found.append(document)
    return found


def _devices(document: Any) -> list[Mapping[str, Any]]:
    """The devices of one document: itself, the list it is, or the list it holds."""
    if isinstance(document, list):
        return [one for part in document for one in _devices(part)]
    if not isinstance(document, dict):
        return []
    for key in ("result", "end_devices", "devices"):
        if isinstance(document.get(key), list):
            return [one for part in document[key] for one in _devices(part)]
    inner = document.get("device", document.get("end_device"))
    return [inner if isinstance(inner, dict) else document]
