"""What pydantic refuses, said to a technician: what is wrong, what is allowed, what to do."""

import typing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from devices.complaint import did_you_mean


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake at a path of the file's own keys and list places."""

    path: tuple[str | int, ...]
    message: str


def explain(error: ValidationError, model: type[BaseModel], said: Any) -> list[Problem]:
    """Every mistake that the validation of `said` found, one a key."""
    problems = [_problem(details, model, said) for details in _own(error.errors(include_url=False))]
    return list({_key(problem): problem for problem in reversed(problems)}.values())[::-1]


def _key(problem: Problem) -> tuple[object, str]:
    """What it is about: a message begins with its key, which a path lacks where the key is missing."""
    return problem.path, problem.message.partition(":")[0]


def _own(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Without lists that pydantic calls too short because their entries are wrong."""
    above = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in above]


def _problem(details: ErrorDetails, model: type[BaseModel], said: Any) -> Problem:
    path = _path(details["loc"], said)
    missing = details["loc"][-1:] if details["type"] == "missing" else ()
    section, field = _place((*path, *missing), model)
    name = ".".join(map(str, (*path, *missing)))
    return Problem(
        path, f"{name}: {_what(details, section, field)}" if name else _what(details, section, field)
    )


def _path(loc: Sequence[str | int], said: Any) -> tuple[str | int, ...]:
    """The parts of `loc` that stand in the file; the others are pydantic's own marks."""
    path = []
    for part in loc:
        here = said if isinstance(said, dict) else dict(enumerate(said)) if isinstance(said, list) else {}
        if part in here:
            said = here[part]
            path.append(part)
    return tuple(path)


def _place(path: Sequence[str | int], model: type[BaseModel]) -> tuple[type[BaseModel], FieldInfo | None]:
    """The section that `path` lies in, and its field there (None where there is none)."""
    section, field = model, None
    for part in path:
        inner = section_of(field.annotation) if field is not None else model
        if inner is None:
            break
        fields = fields_of(inner)
        if part in fields or part == path[-1]:
            section, field = inner, fields.get(str(part))
    return section, field


def fields_of(section: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by the keys they have in a file."""
    return {info.alias or key: info for key, info in section.model_fields.items()}


def section_of(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation holds: itself, optional, in a list, in a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := section_of(part))), None)


def _words_of(annotation: Any) -> list[str]:
    """The words that an annotation allows: its own, optional, in a list, in a mapping."""
    parts = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Literal:
        return [str(word) for word in parts]
    return [word for part in parts for word in _words_of(part)]


def _what(details: ErrorDetails, section: type[BaseModel], field: FieldInfo | None) -> str:
    given = details["input"]
    sentence = f". {field.description}" if field is not None and field.description else ""
    match details["type"]:
        case "extra_forbidden":
            allowed = fields_of(section)
            return (
                f"no such key{did_you_mean(str(details['loc'][-1]), allowed)}; allowed: {', '.join(allowed)}"
            )
        case "missing":
            return f"is missing{sentence}"
        case "literal_error" if field is not None:
            words = _words_of(field.annotation)
            return f"{shown(given)} is not allowed{did_you_mean(str(given), words)}: {', '.join(words)}"
        case "model_type" | "dict_type":
            inner = section if field is None else section_of(field.annotation)
            keys = ", ".join(fields_of(inner)) if inner and details["type"] == "model_type" else ""
            takes = f" It takes: {keys}" if keys else ""
            return f"{shown(given)} has no keys of its own{sentence or '.'}{takes}"
        case "string_pattern_mismatch":
            return f"{shown(given)} does not fit{sentence}"
        case "tuple_type":
            return f"is to be a list, each entry begun with -{sentence}"
        case "too_short":
            return f"is empty{sentence}"
        case "value_error":
            return details["msg"].removeprefix("Value error, ")
        case "float_parsing" | "float_type" | "finite_number" | "int_parsing" | "int_type" | "int_from_float":
            comma = isinstance(given, str) and "," in given
            hint = f": write it with a point, {given.replace(',', '.')}" if comma else ""
            return f"{shown(given)} is no number{hint}"
        case _:
            said = details["msg"].removeprefix("Input ").removeprefix("Value ").removeprefix("String ")
            return f"{shown(given)}: {said[:1].lower()}{said[1:]}{sentence}"


def shown(given: Any) -> str:
    """What stands in the file, short enough for a message."""
    if given is None:
        return "nothing"
    text = str(given) if isinstance(given, str | int | float) else repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."
