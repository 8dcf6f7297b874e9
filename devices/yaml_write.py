"""Values as YAML 1.2 text that people go on writing: plain where that is safe, quoted where it is not."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml12

_PLAIN = re.compile(r"[A-Za-z_][\w ./+-]*[\w./+-]|[A-Za-z_]")


def scalar(value: Any) -> str:
    """One value on one line; texts are quoted where any version of YAML may take them for something else."""
    if not isinstance(value, str):
        return json.dumps(value)
    old = value.casefold() in {
        "y",
        "n",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
        "none",
        "nan",
        "inf",
    }
    if _PLAIN.fullmatch(value) and not old and yaml12.parse_yaml(value) == value:
        return value
    return '"' + "".join(map(_quoted, value)) + '"'


def _quoted(character: str) -> str:
    if character in '\\"':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def flow(value: Any) -> str:
    """`{a: 1, b: [2, 3]}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def block(key: str, value: Any, indent: int, width: int = 110) -> Iterator[str]:
    """Lines of `key: value`, on one line where it fits."""
    begin = f"{' ' * indent}{scalar(key)}:"
    if not isinstance(value, Mapping | list | tuple) or not value or len(begin) + len(flow(value)) < width:
        yield f"{begin} {flow(value)}"
        return
    yield begin
    if isinstance(value, Mapping):
        for inner, one in value.items():
            yield from block(str(inner), one, indent + 2, width)
        return
    for one in value:
        yield f"{' ' * (indent + 2)}- {flow(one)}"
