"""Paths into a decoded object: `pm2_5.value`, `messages.0.value`, `air."pm2.5"`.

Items are separated by dots; an item that holds a dot or a blank may stand in double quotes; a whole number
also counts the items of a list, from 0. A path that is itself a key of the object means that key, so that
`pm2.5` needs no quotes.

A path with one of `[ ] ( ) { } | * & @` outside of double quotes is a JMESPath expression instead
(`devices.expression`); all others are a plain walk.
"""

import re
from typing import Any

from devices.expression import compile_expression
from devices.language import say
from devices.type import MISSING, Getter

_ITEM = re.compile(r'"((?:[^"])+)"|([^."]+)')
_QUOTED = re.compile(r'"[^"]*"')
_SIGNS = frozenset("[](){}|*&@")


def is_expression(path: str) -> bool:
    """Whether a path is a JMESPath expression."""
    return not _SIGNS.isdisjoint(_QUOTED.sub("", path))


def items(path: str) -> tuple[str, ...]:
    """The items of a plain path; raises `ValueError` for one that is none."""
    found: list[str] = []
    at = 0
    while match := _ITEM.match(path, at):
        found.append(match[1] or match[2])
        at = match.end()
        if at == len(path):
            return tuple(found)
        if path[at] != ".":
            break
        at += 1
    raise ValueError(
        say('“{path}” is no path: write keys with dots between them, as in value.0."pm2.5"', path=path)
    )


def compile_path(path: str) -> Getter:
    """A function from the decoded object to what stands at `path`, or `MISSING`. Raises `ValueError`."""
    if is_expression(path):
        return compile_expression(path)
    match items(path):
        case (key,):
            return _key(key)
        case (outer, inner) if not (outer.isdecimal() or inner.isdecimal()):
            return _pair(path, outer, inner)
        case several:
            return _walk(path, tuple((item, int(item) if item.isdecimal() else None) for item in several))


def _key(key: str) -> Getter:
    def get(said: Any) -> Any:
        return said.get(key, MISSING) if isinstance(said, dict) else MISSING

    return get


def _pair(path: str, outer: str, inner: str) -> Getter:
    def get(said: Any) -> Any:
        if not isinstance(said, dict):
            return MISSING
        if path in said:
            return said[path]
        found = said.get(outer)
        return found.get(inner, MISSING) if isinstance(found, dict) else MISSING

    return get


def _walk(path: str, steps: tuple[tuple[str, int | None], ...]) -> Getter:
    def get(said: Any) -> Any:
        if isinstance(said, dict) and path in said:
            return said[path]
        for key, index in steps:
            if isinstance(said, dict):
                said = said.get(key, MISSING)
            elif index is not None and isinstance(said, list) and index < len(said):
                said = said[index]
            else:
                return MISSING
        return said

    return get
