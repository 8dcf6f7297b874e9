"""YAML 1.2 as people write it: values fast, and lines and spellings only where they are asked for.

py-yaml12 reads 5000 devices in a tenth of a second but knows no lines, keeps the last of two equal keys and
turns `24e1241234567890` into infinity. So the list of a file is also cut into the text of its items: their
lines come from there, a value that had to be text is looked up there as it was written, and ruamel.yaml
reads again just the item that a complaint is about.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ruamel.yaml
import yaml12

_PLACE = re.compile(r"(?:YAML parse error: )?(.*?) at byte \d+ line (\d+) column (\d+)", re.DOTALL)
#: py-yaml12 0.2 limits the depth of `[` and `{`, but 50 000 dashes on a line overflow its stack.
_TOO_DEEP = re.compile(r"(?:[-?][ \t]+){100}")
_KEY = r"""["']?{key}["']?[ \t]*:[ \t]+([^\s,"'\]}}#][^\s,\]}}]*)"""


class Unreadable(Exception):
    """The file is no YAML that can be used; `line` is from 1, 0 where it has none."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Item:
    """The text of one item of a list, and the line of the file (from 1) where it begins."""

    text: str
    line: int


def read(path: Path) -> tuple[str, Any]:
    """The text of a file and what it says; raises `Unreadable`."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Unreadable("is not in UTF-8: save it again with the encoding UTF-8", line) from None
    if _TOO_DEEP.search(text):
        raise Unreadable("is nested too deeply")
    try:
        return text, yaml12.parse_yaml(text)
    except ValueError as error:
        raise _unreadable(str(error)) from None


def _unreadable(message: str) -> Unreadable:
    match = _PLACE.fullmatch(message)
    if match is None:
        return Unreadable(f"is no YAML: {message}")
    return Unreadable(f"is no YAML here (column {match[3]}): {match[1]}", int(match[2]))


def list_items(text: str, key: str, count: int) -> Sequence[Item] | None:
    """The items of the block list under the top-level `key`; None where it is no block list of `count`."""
    start = re.search(rf"^{key}[ \t]*:[ \t]*(?:#.*)?$", text, re.MULTILINE)
    first = re.compile(r"^([ ]*)-(?=\s)", re.MULTILINE).search(text, start.end()) if start else None
    if start is None or first is None:
        return None
    dash = re.compile(rf"^{first[1]}-(?=\s)", re.MULTILINE)
    below = re.compile(r"^[^\s#-]", re.MULTILINE).search(text, start.end())
    end = below.start() if below else len(text)
    begins = [match.start() for match in dash.finditer(text, start.end(), end)]
    if not begins or len(begins) != count:
        return None
    items, line, before = [], 1, 0
    for begin, until in zip(begins, [*begins[1:], end], strict=True):
        line += text.count("\n", before, begin)
        items.append(Item(text[begin:until], line))
        before = begin
    return items


def as_written(text: str, key: str, value: object) -> str:
    """A value that should have been text, as it stands behind `key`; raises `ValueError` if that is unclear.

    `value` is what YAML made of it; only texts that YAML reads in the same way are taken.
    """
    found: set[str] = set(re.findall(_KEY.format(key=re.escape(key)), text))
    same = {written for written in found if _same(written, value)}
    if len(same) != 1:
        raise ValueError("is a number to YAML: write it in quotes")
    return same.pop()


def _same(written: str, value: object) -> bool:
    try:
        return repr(yaml12.parse_yaml(written)) == repr(value)
    except ValueError:
        return False


def double_keys(text: str, *, item: bool = False) -> Sequence[str]:
    """Keys that stand twice at the top of a file, or of the list `item` whose text this is."""
    first = re.match(r"[ ]*-[ \t]+", text) if item else None
    begin = rf"(?:\A{first[0]}|^[ ]{{{first.end()}}})" if first else "^"
    keys = re.findall(rf"{begin}([\w-]+)[ \t]*:(?=\s)", text, re.MULTILINE)
    return sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else ()


class Lines:
    """Lines of a text by the path of what stands there; composed once, when the first is asked for."""

    def __init__(self, text: str, first: int = 1) -> None:
        self._text = text
        self._first = first

    @functools.cached_property
    def _root(self) -> Any:
        try:
            return ruamel.yaml.YAML(pure=True).compose(self._text)
        except ruamel.yaml.error.YAMLError:  # what py-yaml12 read and ruamel.yaml does not
            return None

    def of(self, path: Sequence[str | int]) -> int:
        """The line of what stands at `path`, else of the nearest place above it that exists."""
        node, line = self._root, 0
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return self._first + line

    def written(self, path: Sequence[str | int]) -> str | None:
        """The scalar at `path` as it is written; None where there is none."""
        node = self._root
        for step in path:
            _, node = _child(node, step) or (0, None)
        return str(node.value) if isinstance(node, ruamel.yaml.nodes.ScalarNode) else None

    def doubles(self) -> list[tuple[str, int]]:
        """Every key that stands twice in its mapping, with the line of the later one."""
        return [(key, self._first + line) for key, line in _doubles(self._root)]


def _doubles(node: Any) -> Iterator[tuple[str, int]]:
    if isinstance(node, ruamel.yaml.nodes.SequenceNode):
        for item in node.value:
            yield from _doubles(item)
    elif isinstance(node, ruamel.yaml.nodes.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line
            seen.add(str(key.value))
            yield from _doubles(value)


def _child(node: Any, step: str | int) -> tuple[int, Any] | None:
    if isinstance(node, ruamel.yaml.nodes.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, ruamel.yaml.nodes.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    return None
