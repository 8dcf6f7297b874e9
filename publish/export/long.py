"""The long shape: a row a value, with all that it is said of in columns of its own."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pyarrow as pa

from devices.language import say
from devices.quantity import CATALOGUE
from publish.export import reasons, spilled, vocabulary
from publish.export.chosen import Chosen
from publish.export.entries import TAGS
from publish.export.heads import about, head
from publish.export.series import Gathered
from publish.export.sheet import Column, Entry, Kind, Lang, Sheet
from publish.export.slots import slot_arrays, slot_columns
from publish.export.what import What, what
from publish.export.without_eui import without_eui

#: Columns, and what makes their cells of a batch of the spill.
_Part = tuple[list[Column], Callable[[pa.RecordBatch], list[pa.Array]]]
#: Of each kind of export: the columns after those that name the series, in their order.
_AFTER: dict[What, tuple[str, ...]] = {
    "readings": ("value", "unit", "flag", "interval"),
    "windows": ("value", "unit", "partial", "coverage", "flag", "reason"),
    "profiles": ("value", "unit", "flag", "used", "windows"),
    "figures": ("figure", "value", "unit", "days", "of_days", "coverage", "flag", "note", "formula"),
}
#: Unit and decimals of those that are numbers; 0: whole ones.
_NUMBERS = {
    "partial": ("", None),
    "coverage": ("%", 1),
    "flag": ("", 0),
    "interval": ("s", 0),
    "used": ("", 0),
    "windows": ("", 0),
    "days": ("", 0),
    "of_days": ("", 0),
}


def long(
    chosen: Chosen, gathered: Gathered, entries: tuple[Entry, ...], lang: Lang, *, people: bool
) -> Sheet:
    """What was gathered, a row a row of the spill. `people`: in words instead of a program's names."""
    parts = [_when(chosen, lang), _named(entries, lang, people=people)]
    figures = what(chosen.ask) == "figures"
    parts += [_cell(name, entries, lang, people=people, figures=figures) for name in _after(chosen, entries)]
    columns = [column for found, _ in parts for column in found]
    names = [column.name for column in columns]

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in spilled.batches(gathered.spill):
            yield pa.RecordBatch.from_arrays([cells for _, make in parts for cells in make(batch)], names)

    return Sheet(tuple(columns), gathered.rows, batches, "long", entries, lang)


def _after(chosen: Chosen, entries: Iterable[Entry]) -> list[str]:
    names = list(_AFTER[what(chosen.ask)])
    if not any(CATALOGUE[one.quantity].interval for one in entries if one.quantity in CATALOGUE):
        return [name for name in names if name != "interval"]
    return names


def _when(chosen: Chosen, lang: Lang) -> _Part:
    kind, every = what(chosen.ask), chosen.ask.every
    if kind == "figures":
        return [], lambda _batch: []
    if kind == "profiles":
        return slot_columns(every, lang), lambda batch: slot_arrays(np.asarray(batch["slot"]), every, lang)
    names = ["time", "end"] if kind == "windows" else ["time"]
    columns = [Column(name, head(name, lang), "time", about=about(name, lang)) for name in names]
    return columns, lambda batch: [batch[name] for name in names]


def _named(entries: tuple[Entry, ...], lang: Lang, *, people: bool) -> _Part:
    """Columns that follow from the series alone."""
    texts: dict[str, list[str | None]] = {
        "device": [one.device for one in entries],
        "site": [one.site for one in entries],
        "municipality": [one.municipality for one in entries],
        "district": [one.district for one in entries],
    }
    for tag in TAGS:
        said = [dict(one.tags).get(tag) for one in entries]
        if any(text is not None for text in said):
            texts[tag] = [_tag(tag, text, lang) if people and text is not None else text for text in said]
    texts["quantity"] = [one.measured if people else one.quantity for one in entries]
    arrays = [_dictionary(said) for said in texts.values()]
    columns = [Column(name, head(name, lang), "text", about=about(name, lang)) for name in texts]
    return columns, lambda batch: [array.take(batch["series"]) for array in arrays]


def _tag(name: str, said: str, lang: Lang) -> str:
    """A word where there is one; lanes, lots and bays stand under a head that says what they are."""
    if name not in {"direction", "vehicle_class"}:
        return said
    several = said.split(" + ") if name == "direction" else [said]  # figures of several directions
    return " + ".join(vocabulary.tag_words([(name, one)], lang) for one in several)


def _cell(name: str, entries: tuple[Entry, ...], lang: Lang, *, people: bool, figures: bool) -> _Part:
    """One column of what was measured or computed."""
    if name == "value" and figures:  # each has a unit and decimals of its own
        column = Column("value", head("value", lang), "number", about=about("value", lang), role="value")
        return [column], lambda batch: [batch["value"]]
    if name == "value":
        return [_value_column(entries, lang)], lambda batch: [_values(batch["value"], entries)]
    if name in _NUMBERS:
        unit, decimals = _NUMBERS[name]
        kind: Kind = "integer" if decimals == 0 else "number"
        column = Column(name, head(name, lang), kind, unit, decimals, about(name, lang), role=name)
        return [column], lambda batch: [batch[name].cast(pa.int64() if kind == "integer" else pa.float64())]
    column = Column(name, head(name, lang), "text", about=about(name, lang), role=name)
    units = _dictionary([(one.sign or None) if people else one.unit for one in entries])

    def texts(batch: pa.RecordBatch) -> list[pa.Array]:
        if name == "unit" and "figure" not in batch.schema.names:
            return [units.take(batch["series"])]
        if name == "figure" and people:
            return [_figures(batch, lang)]
        source = batch[name if name in {"reason", "note"} else "figure"]
        return [_mapped(source, lambda word: _word(name, word, lang, people=people))]

    return [column], texts


def _figures(batch: pa.RecordBatch, lang: Lang) -> pa.Array:
    """What each is called, with the number of days it rests on: `Mittlere Tagesverkehrsmenge (21 Tage)`."""
    texts: list[str | None] = []
    for word, days in zip(batch["figure"].to_pylist(), batch["days"].to_pylist(), strict=True):
        several = say("{count} day", count=days) if days == 1 else say("{count} days", count=days)
        texts.append(f"{vocabulary.title(word, lang)} ({several.in_language(lang)})")
    return _dictionary(texts)


def _word(column: str, word: str, lang: Lang, *, people: bool) -> str | None:
    """What stands for a word of the spill in this column; None is an empty cell."""
    match column:
        case "unit":
            return vocabulary.unit_sign(word) or None if people else vocabulary.ucum(word)
        case "formula":
            return vocabulary.formula(word, lang)
        case "figure":
            return word
        case "note":
            return without_eui(word)
        case _:
            return reasons.word(word).in_language(lang) if people else word


def _value_column(entries: tuple[Entry, ...], lang: Lang) -> Column:
    units, decimals = {one.unit for one in entries}, {one.decimals for one in entries}
    return Column(
        "value",
        head("value", lang),
        "integer" if all(one.integer for one in entries) else "number",
        units.pop() if len(units) == 1 else "",
        decimals.pop() if len(decimals) == 1 else None,
        about("value", lang),
        role="value",
    )


def _values(values: pa.Array, entries: tuple[Entry, ...]) -> pa.Array:
    return values.cast(pa.int64()) if all(one.integer for one in entries) else values


def _dictionary(texts: list[str | None]) -> pa.Array:
    """Each text once, and by number of the series which."""
    return pa.array(texts, pa.string()).dictionary_encode()


def _mapped(column: pa.Array, form: Callable[[str], str | None]) -> pa.Array:
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    said = pa.array([form(word) for word in encoded.dictionary.to_pylist()], pa.string())
    if said.null_count:
        return said.take(encoded.indices).dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.cast(pa.int32()), said)
