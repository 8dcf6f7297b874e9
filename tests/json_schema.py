"""As much of JSON Schema as our schemas use, to ask what an editor would mark."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda said: isinstance(said, dict),
    "array": lambda said: isinstance(said, list),
    "string": lambda said: isinstance(said, str),
    "boolean": lambda said: isinstance(said, bool),
    "null": lambda said: said is None,
    "number": lambda said: isinstance(said, int | float) and not isinstance(said, bool),
    "integer": lambda said: isinstance(said, int) and not isinstance(said, bool),
}
#: Keywords that mark nothing.
SILENT = {"description", "title", "default", "examples", "$schema", "$defs", "format"}


def marks(said: Any, schema: Any, root: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """The paths of what is wrong; raises `KeyError` for a keyword that is not known here."""
    if isinstance(schema, bool):
        if not schema:
            yield at
        return
    for keyword, value in schema.items():
        if keyword not in SILENT:
            yield from KEYWORDS[keyword](said, value, schema, root, at)


def _is_wrong(said: Any, schema: Any, root: Mapping[str, Any]) -> bool:
    return next(marks(said, schema, root), None) is not None


def _type(said: Any, value: Any, _schema: Any, _root: Any, at: str) -> Iterator[str]:
    if not any(TYPES[name](said) for name in ([value] if isinstance(value, str) else value)):
        yield at


def _properties(said: Any, value: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    for key in value.keys() & (said if isinstance(said, dict) else {}):
        yield from marks(said[key], value[key], root, f"{at}.{key}")


def _additional(said: Any, value: Any, schema: Any, root: Any, at: str) -> Iterator[str]:
    for key in (said if isinstance(said, dict) else {}).keys() - schema.get("properties", {}).keys():
        yield from marks(said[key], value, root, f"{at}.{key}")


def _items(said: Any, value: Any, schema: Any, root: Any, at: str) -> Iterator[str]:
    begin = len(schema.get("prefixItems", ()))
    for place, one in enumerate(said[begin:] if isinstance(said, list) else (), begin):
        yield from marks(one, value, root, f"{at}.{place}")


def _prefix_items(said: Any, value: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    for place, (one, part) in enumerate(zip(said if isinstance(said, list) else (), value, strict=False)):
        yield from marks(one, part, root, f"{at}.{place}")


def _ref(said: Any, value: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    yield from marks(said, root["$defs"][value.rpartition("/")[2]], root, at)


def _any_of(said: Any, value: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    found = [list(marks(said, one, root, at)) for one in value]
    if all(found):
        yield from max(found, key=lambda several: max(map(len, several)))


def _one_of(said: Any, value: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    if isinstance(said, dict) and sum(not _is_wrong(said, one, root) for one in value) != 1:
        yield at


def _not(said: Any, value: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    if not _is_wrong(said, value, root):
        yield at


def _dependent(said: Any, value: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    for key in value.keys() & (said if isinstance(said, dict) else {}):
        yield from marks(said, value[key], root, at)


def _names(said: Any, value: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    for key in said if isinstance(said, dict) else {}:
        yield from marks(key, value, root, at)


def _if(test: Callable[[Any, Any], bool]) -> Callable[..., Iterator[str]]:
    """A keyword that marks a value for which the test is true."""

    def mark(said: Any, value: Any, _schema: Any, _root: Any, at: str) -> Iterator[str]:
        if test(said, value):
            yield at

    return mark


def _is_number(said: Any) -> bool:
    return TYPES["number"](said)


KEYWORDS: Mapping[str, Callable[..., Iterator[str]]] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "prefixItems": _prefix_items,
    "$ref": _ref,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "dependentSchemas": _dependent,
    "propertyNames": _names,
    "required": _if(lambda said, keys: isinstance(said, dict) and not said.keys() >= set(keys)),
    "enum": _if(lambda said, words: said not in words),
    "const": _if(lambda said, word: said != word),
    "pattern": _if(lambda said, value: isinstance(said, str) and re.search(value, said) is None),
    "minLength": _if(lambda said, least: isinstance(said, str) and len(said) < least),
    "maxLength": _if(lambda said, most: isinstance(said, str) and len(said) > most),
    "minItems": _if(lambda said, least: isinstance(said, list) and len(said) < least),
    "maxItems": _if(lambda said, most: isinstance(said, list) and len(said) > most),
    "minProperties": _if(lambda said, least: isinstance(said, dict) and len(said) < least),
    "minimum": _if(lambda said, least: _is_number(said) and said < least),
    "maximum": _if(lambda said, most: _is_number(said) and said > most),
    "exclusiveMinimum": _if(lambda said, least: _is_number(said) and said <= least),
    "exclusiveMaximum": _if(lambda said, most: _is_number(said) and said >= most),
}
