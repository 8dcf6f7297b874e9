"""German and English: every sentence that is said has its German, with the same names in it."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices import language
from devices.german import GERMAN, PARTS

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
