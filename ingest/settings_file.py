"""messnetz.yaml -> `Settings`: every mistake at once, with its line, what is allowed and the nearest word."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from devices import yaml
from devices.complaint import Complaint
from devices.explain import explain, section_of
from devices.files import trouble
from devices.language import Sentence, say
from ingest import half_restored
from ingest.errors import SettingsError
from ingest.settings import Settings

Section = TypeVar("Section", bound=BaseModel)


def load(path: Path, *, folder: Path | None = None) -> Settings:
    """The settings in this file, its paths made absolute from `folder`, else the file's own.

    Raises `SettingsError` with one line `file:line: setting: what is wrong` for each mistake, `CommandFailed`
    where there are none yet because a restore was interrupted.
    """
    try:
        text, said = yaml.read(path)
    except yaml.Unreadable as error:
        half_restored.refuse(path)
        hint = say("Name the settings with -c, or let `messnetz init` write a first config/messnetz.yaml.")
        wrong = Complaint(str(path), error.line, "", error.args[0])
        raise SettingsError(str(wrong), hint=_hint() if error.line else hint) from None
    lines = yaml.Lines(text)
    mistakes = [
        Complaint(str(path), line, "", say("{key} stands twice: keep one", key=key))
        for key, line in lines.doubles()
    ]
    try:
        settings = Settings.model_validate(_with_empty_sections(said, Settings))
    except ValidationError as error:
        problems = explain(error, Settings, said)
        found = sorted((lines.of(problem.path), problem.message) for problem in problems)
        mistakes += [Complaint(str(path), line, "", message) for line, message in found]
    if mistakes:
        raise SettingsError("\n".join(map(str, mistakes)), hint=_hint())
    return _rooted(settings, folder or path.parent)


def _hint() -> Sentence:
    return say("Correct the file, then ask `messnetz check`. Every setting is explained in config/README.md.")


def missing_files(path: Path, settings: Settings) -> list[Complaint]:
    """What is wrong with the files that the settings in `path` name: each must be there and readable.

    The service starts without them, for they may come later. Raises `devices.yaml.Unreadable`.
    """
    lines = yaml.Lines(yaml.read(path)[0])
    found = [
        Complaint(str(path), lines.of(at), "", say("{at}: {what}", at=".".join(map(str, at)), what=wrong))
        for at, file in _named_files(settings)
        if (at[0] != "influx" or settings.store == "influx") and (wrong := _trouble(file))
    ]
    return sorted(found, key=lambda one: one.line)


def _named_files(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Path]]:
    match value:
        case BaseModel() | tuple():
            for key, inner in value if isinstance(value, BaseModel) else enumerate(value):
                yield from _named_files(inner, (*at, key))
        case Path() if str(at[-1]).endswith("_file"):
            yield at, value


def _trouble(file: Path) -> Sentence | None:
    try:
        with file.open("rb"):
            return None
    except FileNotFoundError:
        return say("{file} is not there: make it, or name the right file", file=file)
    except PermissionError:
        return say(
            "{file} may not be read: let the user that runs Messnetz read it, and check as that user",
            file=file,
        )
    except OSError as error:
        return say("{file} {trouble}: name another file", file=file, trouble=trouble(error))


def _with_empty_sections(said: Any, section: type[BaseModel]) -> Any:
    """`tls:` with nothing under it means `tls: {}`; taken as absent it would silently not encrypt."""
    if not isinstance(said, Mapping):
        return said
    return {key: _value(value, section.model_fields.get(key)) for key, value in said.items()}


def _value(value: Any, field: Any) -> Any:
    section = section_of(field.annotation) if field else None
    if section is None:
        return value
    if isinstance(value, list):
        return [_with_empty_sections(item, section) for item in value]
    return _with_empty_sections({} if value is None else value, section)


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
