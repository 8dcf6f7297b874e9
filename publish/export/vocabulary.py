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
    of: tuple[str, ...] = ()  #: of quantities: those of the catalogue it is computed of


#: Quantities that windows have and readings do not.
COMPUTED: Mapping[str, Word] = {
    "departures": Word(
        "Abfahrten",
        "Departures",
        "1",
        0,
        "Wechsel von belegt zu frei, bei denen der Platz bis dahin nachweislich belegt war",
        "changes from occupied to free of bays that were known to be occupied until then",
        ("occupied",),
    ),
    "occupancy": Word(
        "Auslastung",
        "Occupancy",
        "1",
        4,
        "Summe der belegten Sekunden / Summe der Sekunden mit bekanntem Zustand, aller beobachteten Plätze",
        "sum of seconds occupied / sum of seconds with a known state, over all observed bays",
        ("occupied",),
    ),
}
#: Figures of traffic and parking for a whole period. Nothing official says what "Auslastung" is, so that each
#: has its formula beside it.
FIGURES: Mapping[str, Word] = {
    "daily_volume": Word(
        "Mittlere Tagesverkehrsmenge",
        "Mean daily volume",
        "1/d",
        1,
        "Summe der Zählungen aller vollständig gezählten Tage / Zahl dieser Tage",
        "sum of the counts of all days counted whole / number of these days",
    ),
    "daily_volume_workdays": Word(
        "Mittlere Tagesverkehrsmenge Mo–Fr",
        "Mean daily volume Mon–Fri",
        "1/d",
        1,
        "Summe der Zählungen aller vollständig gezählten Tage von Montag bis Freitag / Zahl dieser Tage;"
        " Feiertage zählen mit",
        "sum of the counts of all days counted whole from Monday to Friday / number of these days; public"
        " holidays are among them",
    ),
    "daily_volume_saturdays": Word(
        "Mittlere Tagesverkehrsmenge samstags",
        "Mean daily volume on Saturdays",
        "1/d",
        1,
        "Summe der Zählungen aller vollständig gezählten Samstage / Zahl dieser Tage",
        "sum of the counts of all Saturdays counted whole / number of these days",
    ),
    "daily_volume_sundays": Word(
        "Mittlere Tagesverkehrsmenge sonntags",
        "Mean daily volume on Sundays",
        "1/d",
        1,
        "Summe der Zählungen aller vollständig gezählten Sonntage / Zahl dieser Tage; andere Feiertage sind"
        " nicht dabei",
        "sum of the counts of all Sundays counted whole / number of these days; other public holidays are not"
        " among them",
    ),
    "daily_volume_of_hours": Word(
        "Mittlere Tagesverkehrsmenge aus Stundenmitteln",
        "Mean daily volume of mean hours",
        "1/d",
        1,
        "Summe der Mittelwerte der 168 Stunden der Woche / 7; jeder Mittelwert aus vollständig gezählten"
        " Stunden, auch von Tagen mit Lücken",
        "sum of the means of the 168 hours of the week / 7; each mean of hours counted whole, also of days"
        " with gaps",
    ),
    "dtv": Word(
        "DTV (durchschnittliche tägliche Verkehrsstärke)",
        "AADT (annual average daily traffic, DTV)",
        "1/d",
        1,
        "Summe der Zählungen aller vollständig gezählten Tage eines vollen Jahres / Zahl dieser Tage; nur"
        " wenn 75 % der Tage des Jahres und 50 % der Tage jedes Monats vollständig gezählt sind",
        "sum of the counts of all days counted whole of a full year / number of these days; only if 75 % of"
        " the days of the year and 50 % of those of each month were counted whole",
    ),
    "dtv_workdays": Word(
        "DTV Mo–Fr",
        "AADT Mon–Fri (DTV Mo–Fr)",
        "1/d",
        1,
        "wie DTV, nur Tage von Montag bis Freitag; Feiertage und Ferien zählen mit",
        "as DTV, of days from Monday to Friday only; public and school holidays are among them",
    ),
    "heavy_share": Word(
        "Schwerverkehrsanteil",
        "Share of heavy vehicles",
        "%",
        1,
        "100 × Summe Lkw, Lkw mit Anhänger, Sattel-Kfz und Busse / Summe aller Kfz, auch der nicht"
        " klassifizierbaren; von Tagen, an denen alle Klassen vollständig gezählt sind",
        "100 × sum of lorries, lorries with trailer, articulated lorries and buses / sum of all motor"
        " vehicles, those that could not be classified too; of days on which all classes were counted whole",
    ),
    "peak_hour": Word(
        "Spitzenstunde Mo–Fr",
        "Peak hour Mon–Fri",
        "1/h",
        1,
        "höchster der 24 Mittelwerte der Stunden des Tages, Montag bis Freitag, aus vollständig gezählten"
        " Stunden",
        "highest of the 24 means of the hours of the day, Monday to Friday, of hours counted whole",
    ),
    "mean_occupancy": Word(
        "Mittlere Auslastung",
        "Mean occupancy",
        "%",
        1,
        "100 × Summe der belegten Sekunden / Summe der Sekunden mit bekanntem Zustand, aller beobachteten"
        " Plätze",
        "100 × sum of seconds occupied / sum of seconds with a known state, over all observed bays",
    ),
    "counted_occupancy": Word(
        "Mittlere Auslastung nach Zählanlage",
        "Mean occupancy as counted",
        "%",
        1,
        "100 × Summe (Tagesmittel belegter Plätze × Sekunden, in denen sie bekannt sind) / Summe (Tagesmittel"
        " der Plätze × dieselben Sekunden), aus Tagen, an denen beides zu drei Vierteln bekannt ist",
        "100 × sum of (a day's mean of occupied bays × seconds in which they are known) / sum of (the day's"
        " mean capacity × the same seconds), of days of which three quarters of both are known",
    ),
    "turnover": Word(
        "Umschlag",
        "Turnover",
        "1/d",
        2,
        "Ankünfte / beobachtete Plätze / Tage; beobachtete Plätze = Summe der Sekunden mit bekanntem Zustand"
        " / Sekunden dieser Tage",
        "arrivals / observed bays / days; observed bays = sum of seconds with a known state / seconds of"
        " these days",
    ),
    "mean_stay": Word(
        "Mittlere Parkdauer",
        "Mean stay",
        "min",
        1,
        "Summe der Dauern / Zahl der Parkvorgänge, die an diesen Tagen endeten und deren Beginn gesehen"
        " wurde",
        "sum of durations / number of stays that ended on these days and whose begin was seen",
    ),
    "stay_by_load": Word(
        "Belegte Zeit je Abfahrt",
        "Time occupied per departure",
        "min",
        1,
        "Summe der belegten Sekunden / 60 / Abfahrten; zur Probe der mittleren Parkdauer",
        "sum of seconds occupied / 60 / departures; to check the mean stay",
    ),
    "space_hours": Word(
        "Belegte Stellplatzstunden",
        "Space-hours occupied",
        "h",
        1,
        "Summe (belegte Plätze × Sekunden) / 3600; nur Zeit mit bekanntem Zustand",
        "sum of (occupied bays × seconds) / 3600; only time with a known state",
    ),
    "mean_observed_bays": Word(
        "Beobachtete Plätze im Mittel",
        "Observed bays on average",
        "1",
        2,
        "Summe der Sekunden mit bekanntem Zustand, aller Plätze / Sekunden dieser Tage",
        "sum of seconds with a known state, over all bays / seconds of these days",
    ),
    "mean_capacity": Word(
        "Plätze im Mittel",
        "Capacity on average",
        "1",
        2,
        "Mittel der Zahl der Plätze, die beobachtet sein sollten, über diese Tage",
        "mean of the number of bays that should be observed, over these days",
    ),
}

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
    "motor_vehicles": "motor vehicles",
    "heavy_vehicles": "heavy vehicles",
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


def decimals(name: str, *, aggregated: bool = False, mean: bool = False) -> int:
    """So many decimals its values are written with at most; 0 for whole numbers.

    `aggregated`: figures of windows, as `publish.summary.rounded` rounds them; `mean`: means of such figures,
    of whole numbers with three decimals.
    """
    if mean and not ((known := CATALOGUE.get(name)) and known.decimals is not None):
        return decimals(name, aggregated=True) or 3
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
