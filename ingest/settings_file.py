"""messnetz.yaml -> `Settings`: every mistake at once, with its line, what is allowed and the nearest word.

ruamel.yaml reads it, not the registry's faster parser: it knows lines and refuses a key written twice, and
the file is small (about 6 ms for ten brokers).
"""

import os
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from devices.complaint import did_you_mean
from ingest.errors import SettingsError
from ingest.settings import Settings

Section = TypeVar("Section", bound=BaseModel)

_HINT = "Correct the file, then ask `messnetz check`. Every setting is explained in config/README.md."


def load(path: Path) -> Settings:
    """The settings in this file, its paths made absolute from the file's own folder.

    Raises `SettingsError` with one line `file:line: setting: what is wrong` for each mistake.
    """
    data = _parse(path)
    try:
        settings = Settings.model_validate(_with_empty_sections(data, Settings))
    except ValidationError as trouble:
        found = sorted(_complaint(data, error) for error in _own(trouble.errors()))
        raise SettingsError("\n".join(f"{path}:{line}: {text}" for line, text in found), hint=_HINT) from None
    return _rooted(settings, path.parent)


def section_of(annotation: Any) -> type[BaseModel] | None:
    """The section that a field holds (itself, optional or in a list), by its annotation; None for values."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    return next((found for part in typing.get_args(annotation) if (found := section_of(part))), None)


def _parse(path: Path) -> CommentedMap:
    try:
        data = YAML().load(path.read_text(encoding="utf-8-sig"))
    except OSError as trouble:
        hint = (
            "Name the settings with -c; config/messnetz.yaml of the sources is a sample that explains itself."
        )
        raise SettingsError(f"{path}: cannot be read: {trouble.strerror}", hint=hint) from None
    except UnicodeDecodeError as trouble:
        raise SettingsError(
            f"{path}: is not UTF-8 (byte {trouble.start})", hint="Save it as UTF-8."
        ) from None
    except MarkedYAMLError as trouble:
        line = trouble.problem_mark.line + 1 if trouble.problem_mark else 1
        raise SettingsError(f"{path}:{line}: is not YAML: {trouble.problem}", hint=_HINT) from None
    except YAMLError as trouble:
        raise SettingsError(f"{path}: is not YAML: {trouble}", hint=_HINT) from None
    if not isinstance(data, CommentedMap):
        raise SettingsError(f"{path}:1: is to hold settings, as `store: influx`", hint=_HINT)
    return data


def _with_empty_sections(data: Any, section: type[BaseModel]) -> Any:
    """`tls:` with nothing under it means `tls: {}`; taken as absent it would silently not encrypt."""
    if not isinstance(data, Mapping):
        return data
    return {key: _value(value, section.model_fields.get(key)) for key, value in data.items()}


def _value(value: Any, field: Any) -> Any:
    section = section_of(field.annotation) if field else None
    if section is None:
        return value
    if isinstance(value, list):
        return [_with_empty_sections(item, section) for item in value]
    return _with_empty_sections({} if value is None else value, section)


def _own(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Without lists that pydantic calls too short because their entries are wrong."""
    deeper = {error["loc"][:-1][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in deeper]


def _complaint(data: CommentedMap, error: ErrorDetails) -> tuple[int, str]:
    loc = error["loc"]
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    return _line(data, loc), f"{name}: {_what(error)}" if name else _what(error)


def _line(data: Any, loc: Sequence[int | str]) -> int:
    """The line (from 1) of the deepest part of `loc` that stands in the file."""
    line = 0
    for part in loc:
        if not isinstance(data, (CommentedMap, CommentedSeq)) or not _holds(data, part):
            break
        line = data.lc.data[part][0]
        data = data[part]
    return line + 1


def _holds(data: Any, part: int | str) -> bool:
    return part in data if isinstance(data, Mapping) else isinstance(part, int) and part < len(data)


def _what(error: ErrorDetails) -> str:
    """What is wrong and what is allowed, in a sentence."""
    section, field = _place(error["loc"])
    sentence = (field.description or "") if field else ""
    given = error["input"]
    match error["type"]:
        case "missing":
            return f"is missing. {sentence}"
        case "extra_forbidden":
            names = list(section.model_fields)
            nearest = did_you_mean(str(error["loc"][-1]), names)
            return f"there is no such setting{nearest}. Allowed: {', '.join(names)}"
        case "literal_error":
            words = _words(field.annotation)
            return f"{given!r} is not allowed{did_you_mean(str(given), words)}. Allowed: {', '.join(words)}"
        case "model_type" | "model_attributes_type":
            inner = section_of(field.annotation) or section
            return f"{given!r} is not a section. {sentence} It takes: {', '.join(inner.model_fields)}"
        case "value_error":
            return error["msg"].removeprefix("Value error, ")
        case "too_short":
            return f"is empty. {sentence}"
        case "tuple_type":
            return f"is to be a list, each entry begun with `-`. {sentence}"
        case "string_pattern_mismatch":
            return f"{given!r} does not fit. {sentence}"
        case _:
            return f"{given!r} {error['msg'].removeprefix('Input ')}. {sentence}".rstrip()


def _place(loc: Iterable[int | str]) -> tuple[type[BaseModel], Any]:
    """The section that `loc` lies in and its field there (None where there is none)."""
    section: type[BaseModel] = Settings
    field = None
    for part in loc:
        if isinstance(part, int):
            continue
        if field is not None:
            section = section_of(field.annotation) or section
        field = section.model_fields.get(part)
    return section, field


def _words(annotation: Any) -> list[str]:
    return [str(word) for word in typing.get_args(annotation)]


def _rooted(section: Section, folder: Path) -> Section:
    """The same section with every path in it absolute, from `folder` on."""
    return section.model_copy(update={name: _rooted_value(value, folder) for name, value in section})


def _rooted_value(value: Any, folder: Path) -> Any:
    match value:
        case Path():
            return Path(os.path.abspath(folder / value))  # noqa: PTH100  keeps links, takes `..` away
        case BaseModel():
            return _rooted(value, folder)
        case tuple():
            return tuple(_rooted_value(item, folder) for item in value)
        case _:
            return value
