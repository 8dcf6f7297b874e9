"""Words of exports in both languages: quantities, units, tags, figures and their formulas."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from devices.quantity import CATALOGUE
from publish import german

Lang = Literal["de", "en"]


@dataclass(frozen=True, slots=True)
class Word:
    """What is computed only and so not in the catalogue. `formula_…` is one sentence each."""

    de: str
    en: str
    unit: str  #: UCUM
    decimals: int
    formula_de: str = ""
    formula_en: str = ""
    measurement: str = ""
    of: tuple[str, ...] = ()  #: quantities of the catalogue it is computed of


#: Quantities that windows have and readings do not.
COMPUTED: Mapping[str, Word] = {
    "departures": Word(
        "Abfahrten",
        "Departures",
        "1",
        0,
        "Wechsel von belegt zu frei, bei denen der Platz bis dahin nachweislich belegt war",
        "changes from occupied to free of bays that were known to be occupied until then",
        "parking",
        ("occupied",),
    ),
    "occupancy": Word(
        "Auslastung",
        "Occupancy",
        "1",
        4,
        "Summe der belegten Sekunden / Summe der Sekunden mit bekanntem Zustand, aller beobachteten Plätze",
        "sum of seconds occupied / sum of seconds with a known state, over all observed bays",
        "parking",
        ("occupied",),
    ),
}
#: Figures of traffic and parking for a whole period.
FIGURES: Mapping[str, Word] = {}

#: German as a column's head has it, where `publish.german` says more.
_SHORT = {"pm1": "PM1", "pm2_5": "PM2,5", "pm4": "PM4", "pm10": "PM10"}
_CLASSES = {
    "all": "all",
    "car": "cars",
    "truck": "lorries",
    "bus": "buses",
    "bicycle": "bicycles",
    "motorcycle": "motorcycles",
    "pedestrian": "on foot",
}
_DIRECTIONS = {"ltr": "to the right", "rtl": "to the left", "in": "in", "out": "out"}
_TAGS = {"lane": "lane", "lot": "car park", "bay": "bay"}


def title(name: str, lang: Lang) -> str:
    """What a person calls a quantity or figure, short enough for a column's head; an unknown name itself."""
    if (word := _word(name)) is not None:
        return word.de if lang == "de" else word.en
    quantity = CATALOGUE.get(name)
    if quantity is None:
        return name
    return _SHORT.get(name) or german.quantity_name(quantity) if lang == "de" else quantity.title or name


def formula(name: str, lang: Lang) -> str:
    """How it is computed, in one sentence; empty for what is measured."""
    word = _word(name)
    if word is None:
        return ""
    return word.formula_de if lang == "de" else word.formula_en


def ucum(name: str) -> str:
    """Its unit as a UCUM code; `1` for counts and states."""
    if (word := _word(name)) is not None:
        return word.unit
    return CATALOGUE[name].unit if name in CATALOGUE else "1"


def unit_sign(name: str) -> str:
    """Its unit as it follows a number; empty for counts and states."""
    code = ucum(name)
    return german.UNITS.get(code, (code, ""))[0]


def decimals(name: str, *, aggregated: bool = False) -> int:
    """So many decimals its values are written with at most; 0 for whole numbers.

    `aggregated`: figures of windows, as `publish.summary.rounded` rounds them.
    """
    if (word := _word(name)) is not None:
        return word.decimals
    quantity = CATALOGUE[name]
    if aggregated and quantity.summary == "time_weighted":
        return 4
    if aggregated and quantity.decimals is None and quantity.summary not in ("sum", "max", "last"):
        return 3
    return quantity.decimals or 0


def tag_words(tags: Iterable[tuple[str, str]], lang: Lang) -> str:
    """Own tags of a series as words, `stadteinwärts, Fahrrad`; empty without any."""
    own = dict(tags)
    if lang == "de":
        return german.tags(own)
    words = []
    for name, said in sorted(own.items()):
        if name in _TAGS:
            words.append(f"{_TAGS[name]} {said}")
        else:
            words.append({"vehicle_class": _CLASSES, "direction": _DIRECTIONS}.get(name, {}).get(said, said))
    return ", ".join(words)


def _word(name: str) -> Word | None:
    return COMPUTED.get(name) or FIGURES.get(name)
