"""Parameters of an address, or options of a command, as an `Ask`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from devices.complaint import did_you_mean
from devices.language import say
from publish.export.aggregate import AGGREGATES
from publish.export.ask import Ask
from publish.export.errors import AskRefused
from publish.export.shown import listed, shown

#: So many parameters, and so many characters of one, are read at most.
PARAMETERS, CHARACTERS = 1000, 500
#: The keys as they are said outside; those in `SEVERAL` may be given more than once.
SEVERAL = ("site", "device", "quantity", "municipality", "district", "label")
KEYS: Mapping[str, str] = {"from": "begin"} | {name: name for name in Ask.model_fields if name != "begin"}
#: Control characters, and what is left of bytes that are no text.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def parse(params: Sequence[tuple[str, str]]) -> Ask:
    """What these keys and values ask for; blank values are none, as an empty field of a form.

    Raises `AskRefused` for unknown keys, for values that are not allowed, for too many of them and for a key
    that stands twice and may not.
    """
    if len(params) > PARAMETERS:
        raise AskRefused(
            say("there are {count} parameters: too many", count=len(params)),
            hint=say("at most {count} are read", count=PARAMETERS),
        )
    several: dict[str, dict[str, None]] = {}
    single: dict[str, str] = {}
    for key, value in params:
        field = _field(key)
        if len(value) > CHARACTERS:
            raise AskRefused(
                say("{key} {value} is too long", key=key, value=shown(value)),
                hint=say("at most {count} characters are read", count=CHARACTERS),
            )
        said = value.strip()
        if not said:
            continue
        if _UNSEEN.search(said):
            raise AskRefused(
                say("{key} {value}: has signs in it that cannot be seen", key=key, value=shown(said)),
                hint=say("write it anew, without line breaks and tabs"),
            )
        if field in SEVERAL:
            several.setdefault(field, {})[said] = None
        elif field in single and single[field] != said:
            raise AskRefused(
                say(
                    "{key} stands twice: {one} and {other}",
                    key=key,
                    one=shown(single[field]),
                    other=shown(said),
                ),
                hint=say("give it once"),
            )
        else:
            single[field] = _one_of(key, field, said)
    fields: dict[str, Any] = {**single, **{name: tuple(words) for name, words in several.items()}}
    return Ask(**fields)


def _field(key: str) -> str:
    if key in KEYS:
        return KEYS[key]
    raise AskRefused(
        say("there is no parameter {key}{near}", key=shown(key), near=did_you_mean(key[:CHARACTERS], KEYS)),
        hint=say("there are: {names}", names=listed(list(KEYS))),
    )


def allowed(field: str) -> tuple[str, ...]:
    """The words that a field takes; none where it takes any text."""
    if field == "aggregate":
        return AGGREGATES
    annotation = Ask.model_fields[field].annotation
    choices = (annotation, *get_args(annotation))
    words = [
        get_args(one) for one in choices if get_args(one) and all(isinstance(w, str) for w in get_args(one))
    ]
    return words[0] if words else ()


def _one_of(key: str, field: str, said: str) -> str:
    words = allowed(field)
    if words and said not in words:
        raise AskRefused(
            say(
                "{key} {value} is not known{near}", key=key, value=shown(said), near=did_you_mean(said, words)
            ),
            hint=say("allowed: {names}", names=", ".join(words)),
        )
    return said
