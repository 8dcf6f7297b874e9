"""YAML 1.2 as people write it: values fast, and lines and spellings only where they are asked for.

py-yaml12 reads 5000 devices in a tenth of a second but knows no lines, keeps the last of two equal keys and
turns `24e1241234567890` into infinity. So the list of a file is also cut into the text of its items: their
lines come from there, a value that had to be text is looked up there as it was written, and ruamel.yaml
reads again just the item that a complaint is about.
"""

import codecs
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ruamel.yaml
import yaml12

from devices import files
from devices.language import Sentence, say
from devices.yaml_fault import fault

_PLACE = re.compile(r"(?:YAML parse error: )?(.*?) at byte \d+ line (\d+) column (\d+)", re.DOTALL)
_ITEM = re.compile(r"[ ]*-[ \t]+")
_KEY_HERE = re.compile(r"([\w-]+)[ \t]*:(?=\s)")
_REMARK = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)
_NESTED = (dict, list)
#: py-yaml12 0.2 limits the depth of `[` and `{`, but 50 000 dashes on a line overflow its stack.
_TOO_DEEP = re.compile(r"(?:[-?][ \t]+){100}")
#: A line shorter than this cannot be too deep.
_DEEP_LINE = 200
#: What ends a block list: a key, or a mark of YAML's own.
_BELOW = re.compile(r"\n(?:[^\s#-]|---)")
#: What else than keys and remarks may stand at the begin of a line.
_MARK = re.compile(r"^[^\w\s#]", re.MULTILINE)
#: Bytes of a file that are read in one go: a millisecond of parsing, during which nothing else can run.
SLICE = 32_768
#: The first item of a block list, below empty lines and remarks.
_FIRST_ITEM = re.compile(r"(?:[ \t]*(?:#.*)?\n)*([ ]*)-(?=\s)")
#: A plain scalar behind a key. It begins with the key itself, for which `re` looks faster than for a quote.
_KEY = r"""{key}["']?[ \t]*:[ \t]+([^\s,"'\]}}#][^\s,\]}}]*)"""


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


@dataclass(frozen=True, slots=True)
class Slice:
    """Some items of a block list: where each begins and the last ends in the text, and the first's line."""

    begins: Sequence[int]
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Sliced:
    """A file of which one top-level key holds a long block list, cut between its items."""

    text: str
    above: str  #: up to that key
    below: str
    below_line: int
    slices: Sequence[Slice]

    @property
    def around(self) -> str:
        """The text without the list."""
        return self.above + self.below

    @property
    def outline(self) -> str:
        """The text with empty lines instead of the list."""
        between = self.below_line - 1 - self.above.count("\n")
        return self.above + "\n" * between + self.below

    def from_here(self, one: Slice) -> str:
        """The text with empty lines instead of the items before this slice."""
        key = self.text[len(self.above) : self.slices[0].begins[0]]
        between = one.line - self.slices[0].line
        return self.above + key + "\n" * between + self.text[one.begins[0] :]


def read(path: Path) -> tuple[str, Any]:
    """The text of a file and what it says; raises `Unreadable`."""
    text = decode(content(path))
    said = parse(text)
    check_plain(said, Lines(text))
    return text, said


def content(path: Path) -> bytes:
    """The bytes of a file; raises `Unreadable`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(files.trouble(error)) from None


def decode(source: bytes) -> str:
    """The text of a file, without byte order mark, its line ends those of Unix; raises `Unreadable`."""
    try:
        text = source.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Unreadable(say("is not in UTF-8: save it again with the encoding UTF-8"), line) from None
    return text.replace("\r\n", "\n") if "\r" in text else text


def parse(text: str, whole: str = "") -> Any:
    """What a text says; raises `Unreadable`. `whole` is the file, of which the text may lack the begin."""
    if max(map(len, text.split("\n"))) >= _DEEP_LINE and _TOO_DEEP.search(text):
        raise Unreadable(say("is nested too deeply"))
    if "\n---" in text and (line := _second(text)):
        raise Unreadable(say("the line --- ends the file to YAML: take it out"), line)
    try:
        return yaml12.parse_yaml(text)
    except ValueError as error:
        raise _unreadable(str(error), whole or text) from None


def check_plain(said: Any, lines: "Lines") -> None:
    """Raises `Unreadable` where something has a tag (`!text`), or a list or mapping as its key."""
    if (at := special(said)) is not None:
        raise Unreadable(not_plain(), lines.of(at))


def not_plain() -> Sentence:
    """What is said of such a thing."""
    return say("a text must not begin with !, and a key must be a word: write them in quotes")


def special(said: Any, at: tuple[str | int, ...] = ()) -> tuple[str | int, ...] | None:
    """The path of the first thing that has a tag or a key that is no word; None where there is none."""
    if isinstance(said, yaml12.Yaml):
        return at
    if isinstance(said, dict):
        if any(isinstance(key, yaml12.Yaml) for key in said):
            return at
        inner: Iterable[tuple[Any, Any]] = said.items()
    else:
        inner = enumerate(said) if isinstance(said, list) else ()
    return next((found for key, one in inner if (found := special(one, (*at, key))) is not None), None)


def _unreadable(message: str, text: str) -> Unreadable:
    match = _PLACE.fullmatch(message)
    place = (int(match[2]), int(match[3])) if match else (1, 1)
    return Unreadable(*fault(text, match[1] if match else message, *place))


def _second(text: str) -> int:
    """The line where a second text begins in a file, of which YAML would read only the first; else 0."""
    begun = False
    for at, line in enumerate(text.split("\n"), 1):
        if line[:3] == "---" and not line[3:4].strip():
            if begun:
                return at
            begun = True
        begun = begun or line.lstrip()[:1] not in ("", "#", "%")
    return 0


def cut(text: str, key: str) -> Sliced | None:
    """The text cut between items of the block list under the top-level `key`, so that a slice can be parsed
    by itself; None where it is not written in that way.
    """
    start = re.search(rf"^{key}[ \t]*:[ \t]*(?:#.*)?$", text, re.MULTILINE)
    first = _FIRST_ITEM.match(text, start.end()) if start else None
    if start is None or first is None or "\r" in text:
        return None
    dash, begin = f"\n{first[1]}-", first.start(1)
    slices, begins, at = [], [begin], begin
    line = text.count("\n", 0, begin) + 1
    while True:
        at = text.find(dash, at)
        after = at + len(dash)
        if at >= 0 and not text[after : after + 1].isspace():
            at = after
            continue
        here = len(text) if at < 0 else at + 1
        if at < 0 or here - begins[0] >= SLICE:
            below = _BELOW.search(text, begins[0], here)
            end = below.start() + 1 if below else here
            slices.append(Slice([one for one in begins if one < end], end, line))
            if below or at < 0:
                break
            line += text.count("\n", begins[0], end)
            begins = []
        begins.append(here)
        at = after
    above, below_text = text[: start.start()], text[end:]
    if _MARK.search(above) or _MARK.search(below_text):
        return None
    return Sliced(text, above, below_text, line + text.count("\n", begins[0], end), slices)


def parse_slice(sliced: Sliced, one: Slice) -> Sequence[Any] | None:
    """What the items of a slice say; None where only the whole file can tell; raises `Unreadable`.

    A slice that cannot be parsed is no proof against the file: an anchor may stand elsewhere, a quoted text
    may hold a dash. Without anchors, all from there to the list's end fails in the same way as the whole.
    """
    text = sliced.text[one.begins[0] : one.end]
    try:
        # Under a key and before another, as in the file: to py-yaml12, a lesser indent at the top of a text
        # ends the text, and an empty `|` at its end is a line.
        said = parse(f"list:\n{text}{'below:' if one.end < len(sliced.text) else ''}")["list"]
    except Unreadable:
        if "&" not in text and "*" not in text:
            parse(sliced.from_here(one), sliced.text)
        return None
    return said if isinstance(said, list) and len(said) == len(one.begins) else None


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
    found: set[str] = set(_behind(key).findall(text))
    same = {written for written in found if _same(written, value)}
    if len(same) != 1:
        raise ValueError(say("is a number to YAML: write it in quotes"))
    return same.pop()


@functools.lru_cache(maxsize=100)
def _behind(key: str) -> re.Pattern[str]:
    return re.compile(_KEY.format(key=re.escape(key)))


def _same(written: str, value: object) -> bool:
    try:
        return repr(yaml12.parse_yaml(written)) == repr(value)
    except ValueError:
        return False


def double_keys(text: str, *, item: bool = False) -> Sequence[str]:
    """Keys that stand twice at the top of a file, or of the list `item` whose text this is."""
    found = keys(text, item=item)
    return sorted({key for key in found if found.count(key) > 1}) if len(set(found)) < len(found) else ()


def may_have_doubles(text: str, said: Any) -> bool:
    """Whether a key may stand twice somewhere in what a text says: False is sure.

    A plain key ends with a colon and a blank; where there are as many of these as keys, none was lost.
    """
    if "#" in text:
        text = _REMARK.sub("", text)
    if '":' in text or "':" in text or "? " in text or "\r" in text:
        return True
    ends = text.count(": ") + text.count(":\n") + text.count(":\t") + text.endswith(":")
    return ends != _count_keys(said)


def _count_keys(said: Any) -> int:
    if isinstance(said, dict):
        return len(said) + sum([_count_keys(one) for one in said.values() if type(one) in _NESTED])
    return sum(map(_count_keys, said)) if isinstance(said, list) else 0


def keys(text: str, *, item: bool = False) -> Sequence[str]:
    """Plain keys at the top of a file, or of the list `item` whose text this is."""
    first = _ITEM.match(text) if item else None
    column = first.end() if first else 0
    found: list[str] = _keys_at(column).findall(text)
    if (top := _KEY_HERE.match(text, column)) is not None:
        found.append(top[1])
    return found


def second(text: str, key: str) -> int:
    """The line where a plain key stands for the second time at the top of a file."""
    found = re.findall(rf"(?:\A|\n){re.escape(key)}[ \t]*:(?=\s)", text)
    at = -1
    for mark in found[:2]:
        at = text.index(mark, at + 1)
    return text.count("\n", 0, at + 1) + 1


@functools.lru_cache(maxsize=100)
def _keys_at(column: int) -> re.Pattern[str]:
    return re.compile(rf"\n[ ]{{{column}}}([\w-]+)[ \t]*:(?=\s)")


class Lines:
    """Lines of a text by the path of what stands there; composed once, when the first is asked for."""

    def __init__(self, text: str, first: int = 1) -> None:
        self._text = text
        self._first = first

    @functools.cached_property
    def _root(self) -> Any:
        reader = ruamel.yaml.YAML(pure=True)
        reader.composer.warn_double_anchors = False
        try:
            return reader.compose(self._text)
        except ruamel.yaml.error.YAMLError:  # what py-yaml12 read and ruamel.yaml does not
            return None

    def of(self, path: Sequence[str | int]) -> int:
        """The line of what stands at `path`, else of the nearest place above it that exists."""
        if quick := self._of_plain_key(path):
            return self._first + quick - 1
        node, line = self._root, 0
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return self._first + line

    def _of_plain_key(self, path: Sequence[str | int]) -> int:
        """The line (from 1) of a key of an item that is written in the usual way; else 0.

        Composing takes a millisecond an item, and one wrong type can make a complaint of 10 000 devices.
        """
        item = _ITEM.match(self._text)
        if item is None or len(path) != 2 or path[0] != 0 or not isinstance(path[1], str):
            return 0
        first = _KEY_HERE.match(self._text, item.end())
        found = [first] if first and first[1] == path[1] else []
        found += [one for one in _keys_at(item.end()).finditer(self._text) if one[1] == path[1]]
        return self._text.count("\n", 0, found[0].start(1)) + 1 if len(found) == 1 else 0

    def written(self, path: Sequence[str | int]) -> str | None:
        """The scalar at `path` as it is written; None where there is none."""
        node = self._root
        for step in path:
            _, node = _child(node, step) or (0, None)
        return str(node.value) if isinstance(node, ruamel.yaml.nodes.ScalarNode) else None

    def doubles(self, path: Sequence[str | int] = ()) -> list[tuple[str, int]]:
        """Every key that stands twice in its mapping, at `path` or below, with the line of the later one."""
        node = self._root
        for step in path:
            _, node = _child(node, step) or (0, None)
        return [(key, self._first + line) for key, line in _doubles(node)]


def _doubles(node: Any) -> Iterator[tuple[str, int]]:
    if isinstance(node, ruamel.yaml.nodes.SequenceNode):
        for item in node.value:
            yield from _doubles(item)
    elif isinstance(node, ruamel.yaml.nodes.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield name, key.start_mark.line
            seen.add(name)
            yield from _doubles(value)


def _child(node: Any, step: str | int) -> tuple[int, Any] | None:
    if isinstance(node, ruamel.yaml.nodes.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, ruamel.yaml.nodes.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    return None
