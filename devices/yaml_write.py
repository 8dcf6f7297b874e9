"""Values as YAML 1.2 text that people go on writing: plain where that is safe, quoted where it is not."""

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml12

#: Plain words that older YAML, which editors and other tools still speak, takes for something else.
_SPOKEN_FOR = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


def scalar(value: Any, *, quoted: bool = False) -> str:
    """One value on one line; texts in quotes where they would not be read as they are, or as in JSON."""
    if isinstance(value, str) and not quoted:
        return _text(value)
    return json.dumps(value, ensure_ascii=False)


def flow(value: Any, *, quoted: bool = False) -> str:
    """`{a: 1, b: [2, 3]}`; with `quoted` as JSON."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(pair(key, one, quoted=quoted) for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(flow(one, quoted=quoted) for one in value)}]"
    return scalar(value, quoted=quoted)


def pair(key: Any, value: Any, *, quoted: bool = False) -> str:
    """A key with its value on one line; with `quoted` as JSON."""
    return f"{scalar(str(key) if quoted else key, quoted=quoted)}: {flow(value, quoted=quoted)}"


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


@functools.lru_cache(4096)
def _text(text: str) -> str:
    usual = text[:1].isalnum() and text.isprintable() and text.casefold() not in _SPOKEN_FOR
    return text if usual and _reads_as(text) else f'"{"".join(map(_quoted, text))}"'


def _reads_as(text: str) -> bool:
    try:
        inside = yaml12.parse_yaml(f"{{a: {text}, {text}: 1}}")
        return bool(inside == {"a": text, text: 1} and yaml12.parse_yaml(f"a: {text}") == {"a": text})
    except ValueError:
        return False


def _quoted(character: str) -> str:
    if character in '\\"':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"
