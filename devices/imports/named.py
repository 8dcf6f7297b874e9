"""Tags and attributes of network servers: those with the name of a column fill it, the others are labels."""

from collections.abc import Callable, Mapping
from typing import Any

from devices import answer
from devices.imports.rows import secret_names, simple
from devices.imports.table import COLUMNS

_TEXTS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("id", "type", "site", "district", "lot", "bay", "lane"), str),
    "interval": answer.interval,
    "publish": answer.publish,
}
_NUMBERS = ("lat", "lon", "height")
_KEYS = {name: key for key, names in COLUMNS.items() for name in names if key in (*_TEXTS, *_NUMBERS)}


def from_names(tags: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Keys of an entry, and the names of tags that hold secrets and were left out."""
    entry: dict[str, Any] = {}
    place: dict[str, float] = {}
    labels: dict[str, str] = {}
    hidden = secret_names(tags)
    for name, said in tags.items():
        text, key = str(said).strip(), _KEYS.get(simple(name))
        if name in hidden or not text:
            continue
        if key is not None and key in _TEXTS:
            entry[key] = _TEXTS[key](text)
        elif key is not None and (number := _number(text)) is not None:
            place[key] = number
        else:
            labels[name] = text
    if "lat" in place and "lon" in place:
        entry["location"] = place
    return entry | ({"labels": labels} if labels else {}), hidden


def _number(text: str) -> float | None:
    try:
        return answer.decimal(text)
    except ValueError:
        return None
