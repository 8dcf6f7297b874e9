"""German and English: every sentence that is said has its German, with the same names in it."""

import ast
import re
import string
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from devices import language
from devices.device_file import DeviceFile
from devices.german import GERMAN, PARTS
from devices.german.fields import FIELDS
from devices.ignored import IgnoredFile
from devices.periods import PeriodsFile
from devices.type_file import TypeFile
from ingest.settings import Settings
from publish.export.ask import Ask

ROOT = Path(__file__).parents[1]


def said() -> Iterator[tuple[str, str]]:
    """Every template given to `say`, with its place."""
    for room in ("devices", "ingest", "publish"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "say":
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    template = ast.literal_eval(node.args[0])  # say() takes a literal
                    assert isinstance(template, str), place
                    yield place, template


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_sentence_has_its_german_and_no_german_is_left_over() -> None:
    templates = {template: place for place, template in said()}
    assert sorted(place for template, place in templates.items() if template not in GERMAN) == []
    assert sorted(GERMAN.keys() - templates.keys()) == []


def test_a_sentence_has_the_same_names_in_both_languages() -> None:
    assert [english for english, german in GERMAN.items() if names(english) != names(german)] == []


def test_no_two_parts_give_one_sentence() -> None:
    assert sum(len(part.SENTENCES) for part in PARTS) == len(GERMAN)


def test_a_sentence_is_said_in_either_language(monkeypatch: pytest.MonkeyPatch) -> None:
    template = "the network server sent no decoded object for {type}"
    one = language.say(template, type="x")
    assert one == "the network server sent no decoded object for x"
    assert one.in_language("de") == "der Netzwerkserver hat für x kein dekodiertes Objekt geschickt"
    assert language.in_language("plain {text}", "de") == "plain {text}"


def sections(model: Any, found: dict[type[BaseModel], None]) -> dict[type[BaseModel], None]:
    """A model and all that are in it."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        if model not in found:
            found[model] = None
            for field in model.model_fields.values():
                sections(field.annotation, found)
    else:
        for part in typing.get_args(model):
            sections(part, found)
    return found


def test_what_stands_under_a_field_of_a_file_has_its_german() -> None:
    found: dict[type[BaseModel], None] = {}
    for file in (DeviceFile, TypeFile, PeriodsFile, IgnoredFile, Settings, Ask):
        sections(file, found)
    docs = {
        " ".join((field.description or "").split()): f"{section.__name__}.{name}"
        for section in found
        for name, field in section.model_fields.items()
    }
    assert [place for doc, place in docs.items() if doc not in FIELDS] == []
    assert sorted(FIELDS.keys() - docs.keys()) == []


@pytest.mark.parametrize("english", FIELDS)
def test_the_german_under_a_field_names_the_same_keys_and_examples(english: str) -> None:
    def shown(text: str) -> list[str]:
        return sorted(example for example in re.findall(r"`[^`]*`", text) if example != "`construction site`")

    assert shown(FIELDS[english].replace("`Baustelle`", "")) == shown(english)


@pytest.mark.parametrize("english", FIELDS)
def test_the_sentence_under_a_field_is_said_in_both_languages(english: str) -> None:
    said = language.doc(english)
    assert said.in_language("en") == english
    assert said.in_language("de") == FIELDS[english]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_locales(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language.of_locale() == expected
