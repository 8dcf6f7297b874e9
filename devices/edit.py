"""Changes to a YAML file that leave the rest of it as it is, byte for byte: comments, order, spelling.

ruamel.yaml says where the parts of one entry stand; a `Splice` replaces such a part and nothing else. Writing
a whole file anew with ruamel.yaml would respell numbers and DevEUIs, move comments and take minutes for a
large city. Positions are those of the text as `devices.yaml.read` gives it.
"""

import bisect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import ruamel.yaml
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from devices import yaml
from devices.language import say
from devices.yaml_write import flow, pair

_BOM = b"\xef\xbb\xbf"


class Uneditable(Exception):
    """The text is written in a way that cannot be changed in place; the message says what to do."""


class Splice(NamedTuple):
    """`text` in place of what stands in `[begin, end)`."""

    begin: int
    end: int
    text: str


def spliced(text: str, changes: Iterable[Splice]) -> str:
    """The text with all changes made; they must not overlap."""
    made, at = [], 0
    for change in sorted(changes, key=lambda one: (one.begin, one.end)):
        made += [text[at : change.begin], change.text]
        at = change.end
    return "".join([*made, text[at:]])


def spliced_bytes(raw: bytes, changes: Iterable[Splice]) -> bytes:
    """A file with all changes made; its byte order mark and its line ends stay as they are."""
    mark = _BOM if raw.startswith(_BOM) else b""
    text = raw.removeprefix(_BOM).decode()
    returns = [found.start() - before for before, found in enumerate(re.finditer("\r\n", text))]

    def place(at: int) -> int:
        return at + bisect.bisect_left(returns, at)

    newline = "\r\n" if returns else "\n"
    moved = [Splice(place(one.begin), place(one.end), one.text.replace("\n", newline)) for one in changes]
    return mark + spliced(text, moved).encode()


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapping of the text; `node` counts its places from `base`."""

    text: str
    node: MappingNode
    base: int

    @property
    def keys(self) -> list[str]:
        """Its keys in their order."""
        return [str(key.value) for key, _ in self.node.value]

    @property
    def flow(self) -> bool:
        """Whether it is written in braces."""
        return bool(self.node.flow_style)

    @property
    def quoted(self) -> bool:
        """Whether its keys stand in quotes, as in JSON."""
        return bool(self.node.value and self.node.value[0][0].style)

    @property
    def begin(self) -> int:
        """Where it begins."""
        return self.base + int(self.node.start_mark.index)

    @property
    def column(self) -> int:
        """The blanks before its keys, where each has a line of its own."""
        return int(self.node.value[0][0].start_mark.column)

    def below(self, key: str, index: int | None = None) -> "Entry":
        """The mapping at `key`, or the one at `index` of the list there; raises `KeyError`."""
        node = self._value(key)
        if index is not None and isinstance(node, SequenceNode):
            node = node.value[index]
        if not isinstance(node, MappingNode):
            raise KeyError(key)
        return Entry(self.text, node, self.base)

    def list_end(self, key: str) -> tuple[int, bool]:
        """Where the last item of the list at `key` ends, and whether the list is written in brackets."""
        node = self._value(key)
        return self.base + _end(node.value[-1]), bool(node.flow_style)

    def begin_of(self, key: str) -> int:
        """Where the key begins."""
        return self.base + int(self._pair(key)[0].start_mark.index)

    def end_of(self, key: str) -> int:
        """Where the key's value ends, before a comment behind it."""
        pair = self._pair(key)
        return self.base + max(_end(pair[1]), int(pair[0].end_mark.index) + 1)

    def line_end_of(self, key: str) -> int:
        """Where the line of the value's end is over, its line feed included."""
        return line_end(self.text, self.end_of(key))

    def _value(self, key: str) -> Any:
        return self._pair(key)[1]

    def _pair(self, key: str) -> tuple[Any, Any]:
        for name, value in self.node.value:
            if name.value == key:
                return name, value
        raise KeyError(key)


def line_begin(text: str, at: int) -> int:
    """Where the line that `at` lies in begins."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the line that `at` lies in is over, its line feed included."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _end(node: Any) -> int:
    """Where a node's own text ends; ruamel.yaml ends block collections and texts behind what follows."""
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return int(node.end_mark.index) - 1
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return int(node.end_mark.index)


def entry(text: str, key: str, index: int, count: int) -> Entry:
    """The `index`-th of `count` entries of the list under the top-level `key`; raises `Uneditable`."""
    items = yaml.list_items(text, key, count)
    if items is None:
        node, base = _child(_compose(text), key, index), 0
    else:
        base = _offset(text, items[index].line)
        node = _child(_compose(items[index].text), None, index=0)
    if not isinstance(node, MappingNode) or not node.value:
        raise Uneditable(say("entry {number} of {key} has no keys", number=index + 1, key=key))
    return Entry(text, node, base)


def _offset(text: str, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = text.index("\n", at) + 1
    return at


def _child(root: Any, key: str | None, index: int) -> Any:
    listed = root
    if key is not None:
        listed = next((value for name, value in root.value if name.value == key), None)
    return listed.value[index] if isinstance(listed, SequenceNode) and index < len(listed.value) else None


def _compose(text: str) -> Any:
    try:
        return ruamel.yaml.YAML(pure=True).compose(text)
    except ruamel.yaml.error.YAMLError:  # what py-yaml12 reads and ruamel.yaml does not: names (&, *) say
        raise Uneditable(
            say("it is written in a way that only a person can change: edit the file by hand, then ask check")
        ) from None


def inserted(into: Entry, key: str, value: Any, *, after: str) -> Splice:
    """A new key behind the key `after`, in the manner of its neighbours."""
    if into.flow:
        at = into.end_of(after)
        return Splice(at, at, f", {pair(key, value, quoted=into.quoted)}")
    at = into.line_end_of(after)
    begin = "" if into.text[at - 1 : at] == "\n" else "\n"
    return Splice(at, at, f"{begin}{' ' * into.column}{pair(key, value)}\n")


def replaced(into: Entry, key: str, value: Any) -> Splice:
    """Another value for a key; a comment behind it stays."""
    begin = into.begin_of(key)
    return Splice(begin, into.end_of(key), pair(key, value, quoted=into.quoted))


def appended(text: str, key: str, entries: Sequence[Mapping[str, Any]], count: int) -> Splice:
    """New entries at the end of the list of `count` under the top-level `key`, written as they are."""
    items = yaml.list_items(text, key, count)
    if items is not None:
        return _behind_items(text, items, entries)
    root = _compose(text)
    listed = next((value for name, value in root.value if name.value == key), None) if root else None
    if isinstance(listed, SequenceNode) and listed.value and listed.flow_style:
        return _in_brackets(text, listed, entries)
    at = re.search(rf"""^(["']?){key}\1[ \t]*:""", text, re.MULTILINE)
    if listed is None or at is None or (isinstance(listed, SequenceNode) and listed.value):
        raise Uneditable(say("its list {key} is to be written as lines that begin with -", key=key))
    return _first_items(text, at.end(), listed, entries)


def _behind_items(text: str, items: Sequence[yaml.Item], entries: Sequence[Mapping[str, Any]]) -> Splice:
    dash = len(items[-1].text) - len(items[-1].text.lstrip(" "))
    spaced = sum(item.text.endswith("\n\n") for item in items[:-1]) * 2 > len(items) - 1 > 0
    begin = _offset(text, items[-1].line)
    lines = items[-1].text.splitlines(keepends=True)
    last = len(lines)
    while lines[last - 1].isspace() or lines[last - 1].startswith("#"):
        last -= 1
    while dash == 0 and last < len(lines) and lines[last].startswith("#"):
        last += 1  # a comment right below belongs to the entry
    at = begin + sum(map(len, lines[:last]))
    blocks = [rendered(one, dash) for one in entries]
    between = "\n" if spaced else ""
    new = between + between.join(blocks)
    return Splice(at, at, new if lines[last - 1].endswith("\n") else f"\n{new}")


def _in_brackets(text: str, listed: SequenceNode, entries: Sequence[Mapping[str, Any]]) -> Splice:
    last = listed.value[-1]
    gap = re.search(r"\s*$", text[: last.start_mark.index])
    between = f",{(gap[0] if gap else '') or ' '}"
    quoted = isinstance(last, MappingNode) and bool(last.value and last.value[0][0].style)
    at = _end(last)
    return Splice(at, at, "".join(between + flow(one, quoted=quoted) for one in entries))


def _first_items(text: str, at: int, listed: Any, entries: Sequence[Mapping[str, Any]]) -> Splice:
    """In place of an empty list, or of nothing; a comment behind it stays."""
    end = _end(listed) if isinstance(listed, SequenceNode) else at
    rest = text[end : line_end(text, end)]
    blocks = "".join(rendered(one, 2) for one in entries)
    return Splice(at, end + len(rest), f"{rest.rstrip()}\n{blocks}")


def removed(text: str, key: str, index: int, count: int) -> Splice:
    """Without the `index`-th entry of the list; comments below it stay. Raises `Uneditable`."""
    items = yaml.list_items(text, key, count)
    if items is None:
        raise Uneditable(say("its list {key} is to be written as lines that begin with -", key=key))
    gone = entry(text, key, index, count)
    begin = _offset(text, items[index].line)
    return Splice(begin, line_end(text, gone.base + _end(gone.node)), "")


def rendered(value: Mapping[str, Any], dash: int) -> str:
    """An entry of a list as lines, its dash in column `dash`; what is in it stands in braces."""
    lines = [_lines(key, one, dash + 2) for key, one in value.items()]
    return f"{' ' * dash}- {''.join(lines)[dash + 2 :]}"


def _lines(key: str, value: Any, column: int) -> str:
    blanks = " " * column
    if isinstance(value, list | tuple):
        return f"{blanks}{key}:\n" + "".join(f"{blanks}  - {flow(one)}\n" for one in value)
    return f"{blanks}{pair(key, value)}\n"
