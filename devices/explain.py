"""What pydantic refuses, said to a technician: what is wrong, what is allowed, what to do."""

import inspect
import itertools
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from devices import dev_eui, number, yaml_write
from devices.complaint import did_you_mean, one_line
from devices.language import Sentence, doc, say


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake at a path of the file's own keys and list places."""

    path: tuple[str | int, ...]
    message: str


@dataclass(frozen=True, slots=True)
class _Field:
    """What a mistake is about."""

    path: tuple[str | int, ...]  #: as far as it stands in the file
    missing: tuple[str | int, ...]
    section: type[BaseModel]
    info: FieldInfo | None

    @property
    def whole(self) -> tuple[str | int, ...]:
        """With what does not stand there."""
        return (*self.path, *self.missing)


def explain(error: ValidationError, model: type[BaseModel], said: Any) -> list[Problem]:
    """Every mistake that the validation of `said` found, one a key."""
    commas = {problem.path: problem for problem in _commas(said)}
    found: dict[object, Problem] = {problem.path: problem for problem in commas.values()}
    inside = {path[:-1] for path in commas}
    errors = _own(error.errors(include_url=False))
    fields = [_field(details, model, said) for details in errors]
    deeper = {field.whole[:depth] for field in fields for depth in range(len(field.whole))}
    for details, field in zip(errors, fields, strict=True):
        # Where a text or keys may stand and keys do, what is wrong is what is wrong with them.
        if isinstance(details["input"], Mapping) and field.whole in deeper:
            continue
        if field.path[:-1] not in inside and field.path not in inside:
            found.setdefault(field.whole, _problem(details, field))
    return list(found.values())


def _commas(said: Any, at: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """What a comma between braces parted: `{factor: 0,92}` has the keys `factor` and `92` to YAML."""
    if isinstance(said, Mapping):
        for before, key in itertools.pairwise(said):
            if said[key] is None and type(said[before]) is int and str(key)[:1].isdigit():
                path = (*at, before)
                behind = str(key).replace(".", "")  # `4124E+15` is a number, too
                what = _rejoined(str(before), f"{said[before]},{behind}")
                yield Problem(path, say("{at}: {what}", at=_dotted(path), what=what))
        for key, value in said.items():
            yield from _commas(value, (*at, key))
    elif isinstance(said, list):
        for place, value in enumerate(said):
            yield from _commas(value, (*at, place))


def _rejoined(key: str, text: str) -> Sentence:
    if key == "dev_eui":
        return dev_eui.complaint(text)
    whole, _, fraction = text.partition(",")
    if fraction.isdecimal():
        return say(
            "{said} is two things to YAML: write it with a point, {right}",
            said=text,
            right=f"{whole}.{fraction}",
        )
    return number.complaint(text)


def _own(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Without lists that pydantic calls too short because their entries are wrong."""
    above = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in above]


def _field(details: ErrorDetails, model: type[BaseModel], said: Any) -> _Field:
    path = _path(details["loc"], said)
    missing = details["loc"][-1:] if details["type"] == "missing" else ()
    return _Field(path, missing, *_place((*path, *missing), model))


def _problem(details: ErrorDetails, field: _Field) -> Problem:
    what = _what(details, field.section, field.info)
    name = _dotted(field.whole)
    return Problem(field.path, say("{at}: {what}", at=name, what=what) if name else what)


def _dotted(path: Sequence[str | int]) -> str:
    return one_line(".".join(map(str, path)))


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


def _keys_of(section: type[BaseModel]) -> str:
    """The keys that a section takes, its own before those it shares with others."""
    fields, own = fields_of(section), inspect.get_annotations(section)
    return ", ".join(sorted(fields, key=lambda key: key not in own))


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


def _what(details: ErrorDetails, section: type[BaseModel], field: FieldInfo | None) -> Sentence:
    """What is wrong. `{about}` is the sentence under the field, which says what is right."""
    given, limits = details["input"], details.get("ctx", {})
    about = say(". {doc}", doc=doc(_flowing(field.description))) if field and field.description else ""
    match details["type"]:
        case "extra_forbidden" | "invalid_key":
            near = did_you_mean(str(details["loc"][-1]), fields_of(section))
            keys = _keys_of(section)
            return say("no such key{near}; allowed: {keys}", near=near, keys=keys)
        case "missing":
            return say("is missing{about}", about=about)
        case "value_error" if isinstance(limits.get("error"), ValueError):
            return _sentence(limits["error"], given, about)
        case "literal_error" if field is not None:
            words = _words_of(field.annotation)
            if given is None:
                return say("nothing stands there; allowed: {words}", words=", ".join(words))
            return say(
                "{given} is not allowed{near}: {words}",
                given=shown(given),
                near=did_you_mean(str(given), words),
                words=", ".join(words),
            )
        case "model_type" | "dict_type":
            return _no_keys(details, section, field, about)
        case "float_parsing" | "float_type" | "finite_number" | "int_parsing" | "int_type":
            return number.complaint(given)
        case "int_from_float":
            return say("{given} is no whole number", given=shown(given))
    return _of_size(details, about)


def _of_size(details: ErrorDetails, about: str) -> Sentence:
    given, limits = details["input"], details.get("ctx", {})
    match details["type"]:
        case "greater_than_equal":
            return say(
                "{given} is too small: at least {limit}", given=shown(given), limit=f"{limits['ge']:g}"
            )
        case "less_than_equal":
            return say(
                "{given} is too large: at most {limit}", given=shown(given), limit=_plain(limits["le"])
            )
        case "greater_than":
            return say(
                "{given} is too small: more than {limit}", given=shown(given), limit=f"{limits['gt']:g}"
            )
        case "string_too_long":
            limit = limits["max_length"]
            return say("{given} is too long: at most {limit} characters", given=shown(given), limit=limit)
        case "tuple_type" | "list_type":
            return say("is to be a list, each entry begun with -{about}", about=about)
        case "too_short" | "string_too_short":
            return say("is empty{about}", about=about)
        case "bool_parsing" | "bool_type":
            return say("{given} is neither true nor false", given=shown(given))
        case "string_type" if given is None:
            return say("nothing stands there{about}", about=about)
        case "string_type":
            return say("{given} is no text{about}", given=shown(given), about=about)
    return say("{given} does not fit{about}", given=shown(given), about=about)


def _flowing(text: str) -> str:
    return " ".join(text.split())


def _plain(limit: float) -> str:
    return f"{limit:.15g}"


def _no_keys(
    details: ErrorDetails, section: type[BaseModel], field: FieldInfo | None, about: str
) -> Sentence:
    inner = section if field is None else section_of(field.annotation)
    given = shown(details["input"])
    if inner is None or details["type"] != "model_type":
        return say("{given} has no keys of its own{about}", given=given, about=about)
    keys = _keys_of(inner)
    return say(
        "{given} has no keys of its own{about} It takes: {keys}", given=given, about=about or ".", keys=keys
    )


def _sentence(error: ValueError, given: Any, about: str) -> Sentence:
    """What a validator of ours said; of another's error only that the value does not fit."""
    said = error.args[0] if error.args else ""
    if isinstance(said, Sentence):
        return said
    return say("{given} does not fit{about}", given=shown(given), about=about)


def shown(given: Any) -> str:
    """What stands in the file, short enough for a message."""
    if given is None:
        return say("nothing")
    plain = isinstance(given, str | int | float) and not isinstance(given, bool) and given != ""
    text = one_line(str(given) if plain else yaml_write.flow(given))
    return text if len(text) <= 60 else f"{text[:57]}..."
