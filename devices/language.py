"""What technicians read, in German and English.

A sentence is written in English where it arises, `say("{name} is no DevEUI", name=…)`; its German stands in
`devices.german`. It remembers both, so that a page can show in one language what arose in the other.
The language of the process is set once at its start: the settings' `language`, else the locale's.
"""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Self

Language = Literal["en", "de"]

_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_current: list[Language] = ["en"]


class Sentence(str):
    """A text in the language in force when it was said, which can still be had in the other."""

    __slots__ = ("_template", "_values")
    _template: str
    _values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any]) -> Self:
        """Say `template`, its `{names}` filled from `values`; sentences among those follow the language."""
        said = super().__new__(cls, _fill(template, values, _current[0]))
        said._template, said._values = template, values
        return said

    def in_language(self, language: Language) -> str:
        """The same, said in this language."""
        return _fill(self._template, self._values, language)

    def __reduce__(self) -> tuple[Any, ...]:
        """Templates and values cross to other processes; the text is said anew there."""
        return Sentence, (self._template, dict(self._values))


def say(template: str, **values: Any) -> Sentence:
    """The sentence in the process's language. `template` is English and stands in `devices.german`."""
    return Sentence(template, values)


def doc(text: str) -> Sentence:
    """The sentence under a field of a file, as it stands; its German is in `devices.german.fields`."""
    return Sentence(_literal(text), {})


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def in_language(text: str, language: Language) -> str:
    """A `Sentence` in this language; any other text as it is."""
    return text.in_language(language) if isinstance(text, Sentence) else text


def use(language: Language) -> None:
    """Say everything in this language from now on."""
    _current[0] = language


def current() -> Language:
    """The language in force."""
    return _current[0]


def of_locale() -> Language:
    """The language of the environment's locale: German, or else English."""
    said = next((value for name in _LOCALE_VARIABLES if (value := os.environ.get(name))), "")
    return "de" if said.startswith("de") else "en"


def _fill(template: str, values: Mapping[str, Any], language: Language) -> str:
    words = {name: in_language(value, language) for name, value in values.items()}
    return (_german().get(template, template) if language == "de" else template).format(**words)


@cache
def _german() -> Mapping[str, str]:
    from devices.german import GERMAN  # noqa: PLC0415  needed by those who speak German only
    from devices.german.fields import FIELDS  # noqa: PLC0415

    return {**GERMAN, **{_literal(english): _literal(text) for english, text in FIELDS.items()}}
