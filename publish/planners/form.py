"""The form that builds an export: what, where, when, how, as which file. Plain HTML that asks with GET."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from devices.language import Language, Sentence, in_language, say
from publish.export.aggregate import AGGREGATES
from publish.export.ask import PROFILES, Every
from publish.export.asked import audience as audience_words
from publish.export.asked import every as every_words
from publish.html import Markup, join, tag
from publish.planners.choices import SUGGESTED, TICKED, Choices, measurement_title, quantity_title
from publish.planners.login import Who
from publish.planners.refused import Refused
from publish.planners.text import DAY, last

#: `values` of the form is `every` or, with this before it, `figures`: together they make no sense.
FIGURES = "figures-"
_WINDOWS = [one for one in get_args(Every) if one not in PROFILES]

#: What the form shows at first.
FIRST: Mapping[str, Sequence[str]] = {"last": ("30d",), "values": ("1h",), "format": ("xlsx",)}

_LASTS = ("24h", "7d", "30d", "1mo", "3mo", "1y")
FORMATS: Mapping[str, tuple[Sentence, Sentence]] = {
    "xlsx": (say("Excel workbook"), say("with a chart and a sheet of sources and quality")),
    "csv-de": (say("CSV for German Excel"), say("opens by double click: semicolon, decimal comma")),
    "csv": (say("CSV for programs"), say("for R and Python: comma, decimal point, times in UTC")),
    "parquet": (say("Parquet"), say("for large amounts in R and Python")),
    "geojson": (say("GeoJSON"), say("for QGIS, also by its address")),
    "gpkg": (say("GeoPackage"), say("for QGIS: sites as a layer, values as a table")),
    "ndjson": (say("NDJSON"), say("a JSON object a line, for programs")),
}
_SHAPES: Mapping[str, Sentence] = {
    "": say("as it is usual for the file"),
    "wide": say("wide: a row a time, a column a series"),
    "long": say("long: a row a value"),
}
_RULES: Mapping[str, Sentence] = {
    "auto": say("the right one for each quantity"),
    "mean": say("mean"),
    "min": say("lowest value"),
    "max": say("highest value"),
    "sum": say("sum"),
    "energy_mean": say("energy mean (sound levels)"),
    "circular_mean": say("mean on the circle (wind direction)"),
    "time_weighted": say("share of time (occupancy)"),
    "last": say("last value"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What was entered, by field, and in which language the page is."""

    values: Mapping[str, Sequence[str]]
    language: Language
    wrong: Refused | None = None

    def first(self, name: str) -> str:
        """The one value of a field."""
        return next(iter(self.values.get(name, ())), "")

    def words(self, text: str) -> str:
        """A text in the page's language."""
        return in_language(text, self.language)

    def is_wrong(self, name: str) -> bool:
        """Whether this field was refused."""
        return self.wrong is not None and field_id(self.wrong.field) == field_id(name)


def field_id(name: str) -> str:
    """Where a field stands in the page; the form as a whole where it has none of its own."""
    shown = {"begin": "from", "every": "values", "figures": "values"}.get(name, name)
    return f"f-{shown}" if shown in _FIELDS else "form"


_FIELDS = frozenset(
    (
        *("quantity", "site", "district", "municipality", "label", "device", "last", "from", "to"),
        *("values", "aggregate", "suspect", "format", "shape", "audience"),
    )
)


def form(said: Said, there: Choices, who: Who) -> Markup:
    """All of it."""
    return tag(
        "form",
        tag("input", type="hidden", name="lang", value=said.language),
        _what(said, there),
        _where(said, there),
        _when(said),
        _how(said, there),
        _file(said, who),
        tag(
            "p",
            tag("button", said.words(say("Show preview")), type="submit"),
            tag("a", said.words(say("Start anew")), href=f"?lang={said.language}", class_="anew"),
            class_="submit",
        ),
        action=".",
        method="get",
        id="form",
        class_="export",
    )


def _what(said: Said, there: Choices) -> Markup:
    groups = [
        tag(
            "fieldset",
            tag("legend", measurement_title(measurement, said.language)),
            *(
                _tick(
                    said, "quantity", name, quantity_title(name, said.language), first=not at and not number
                )
                for number, name in enumerate(names)
            ),
            class_="group",
        )
        for at, (measurement, names) in enumerate(there.quantities.items())
    ]
    named = {name for names in there.quantities.values() for name in names}
    others = _kept(said, "quantity", named)
    return _fieldset(
        said,
        say("What"),
        say("Tick quantities. None ticked: all that are measured there."),
        tag("div", *groups, *others, class_="groups"),
        wrong=("quantity",),
    )


def _where(said: Said, there: Choices) -> Markup:
    return _fieldset(
        said,
        say("Where"),
        say("None ticked: all. What is chosen in several of these groups must fit together."),
        _several(said, "site", say("Sites"), say("Another site"), there.sites),
        _several(said, "district", say("Districts"), say("Another district"), there.districts),
        _several(
            said, "municipality", say("Municipalities"), say("Another municipality"), there.municipalities
        )
        if len(there.municipalities) > 1
        else "",
        _typed(
            said,
            "label",
            say("Label"),
            say("Of the registry, as inventar=20931, or inventar for any value of it."),
            there.labels,
        )
        if there.labels
        else "",
        tag("div", *_kept(said, "device", set())) if said.values.get("device") else "",
        wrong=("site", "district", "municipality", "label", "device"),
    )


def _when(said: Said) -> Markup:
    lasts = dict.fromkeys((*_LASTS, *filter(None, (said.first("last"),))))
    options: list[tuple[str, str]] = [("", say("from … to, as below")), *((one, last(one)) for one in lasts)]
    return _fieldset(
        said,
        say("When"),
        None,
        _select(said, "last", say("Period"), options),
        tag(
            "div",
            _day(said, "from", say("from")),
            _day(said, "to", say("to, including that day")),
            class_="pair",
        ),
        tag(
            "p",
            said.words(say("Dates, where there are any, count instead of the period above.")),
            class_="hint",
        ),
        wrong=("last", "from", "to"),
    )


def _how(said: Said, there: Choices) -> Markup:
    figures = [
        (f"{FIGURES}{name}", words)
        for name, words in (
            ("traffic", say("figures of traffic: mean daily volume, share of heavy vehicles …")),
            ("parking", say("figures of parking: occupancy, turnover, mean stay …")),
        )
        if name in there.quantities
    ]
    groups = [
        (say("Series"), [(name, every_words(name)) for name in _WINDOWS]),
        (say("Profiles"), [(name, every_words(cast("Every", name))) for name in PROFILES]),
        (say("Figures for the whole time"), figures),
    ]
    return _fieldset(
        said,
        say("How"),
        None,
        _select(said, "values", say("Values"), [], groups=[one for one in groups if one[1]]),
        _select(
            said, "aggregate", say("Summary of each window"), [(name, _RULES[name]) for name in AGGREGATES]
        ),
        tag("div", _tick(said, "suspect", "drop", said.words(say("Leave out suspect values")), first=True)),
        wrong=("values", "aggregate", "suspect"),
    )


def _file(said: Said, who: Who) -> Markup:
    chosen = said.first("format")
    formats = [
        tag(
            "div",
            tag(
                "input",
                type="radio",
                name="format",
                value=name,
                id=f"f-format-{name}" if number else "f-format",
                checked=name == chosen,
                aria_describedby=f"h-format-{name}",
            ),
            tag("label", said.words(title), for_=f"f-format-{name}" if number else "f-format"),
            tag("span", said.words(hint), id=f"h-format-{name}", class_="hint"),
            class_="tick",
        )
        for number, (name, (title, hint)) in enumerate(FORMATS.items())
    ]
    audiences = ("partners", "open") if who == "partners" else ("internal", "partners", "open")
    return _fieldset(
        said,
        say("File"),
        None,
        tag("fieldset", tag("legend", said.words(say("Format"))), *formats, class_="group"),
        _select(said, "shape", say("Shape of the table"), list(_SHAPES.items())),
        _select(
            said,
            "audience",
            say("For whom it is"),
            [(name, audience_words(name)) for name in audiences],
            say("Places whose data this audience must not have are left out."),
        ),
        wrong=("format", "shape", "audience"),
    )


def _fieldset(
    said: Said, legend: Sentence, hint: Sentence | None, *content: str, wrong: Iterable[str]
) -> Markup:
    """A part of the form; `wrong` names its fields, under which a refusal is said again."""
    told = [tag("p", said.words(hint), class_="hint")] if hint else []
    if said.wrong and any(said.is_wrong(name) for name in wrong):
        told.append(_complaint(said))
    return tag("fieldset", tag("legend", said.words(legend)), *told, *content, class_="part")


def _complaint(said: Said) -> Markup:
    message = said.words(said.wrong.message) if said.wrong else ""
    mark = tag("span", "✕ ", aria_hidden="true")
    return tag("p", mark, said.words(say("Wrong: {what}", what=message)), class_="wrong", id="wrong")


def _several(said: Said, name: str, legend: Sentence, another: Sentence, names: Sequence[str]) -> Markup:
    """Boxes to tick; of many names only those chosen, and a field to type one more."""
    if not names and not said.values.get(name):
        return join()
    if len(names) <= TICKED:
        ticks = [_tick(said, name, one, one, first=not number) for number, one in enumerate(names)]
        ticks += _kept(said, name, set(names))
        typed = join()
    else:
        ticks = _kept(said, name, set())
        typed = _typed(said, name, another, None, names, empty=True)
    return tag(
        "fieldset",
        tag("legend", said.words(legend)),
        tag("div", *ticks, class_="ticks") if ticks else "",
        typed,
        class_="group",
    )


def _kept(said: Said, name: str, shown: set[str]) -> list[Markup]:
    """What was chosen and has no box of its own: ticked, so that it stays chosen."""
    return [
        _tick(said, name, one, one, id_=f"k-{name}-{number}")
        for number, one in enumerate(said.values.get(name, ()))
        if one not in shown and one
    ]


def _tick(said: Said, name: str, value: str, label: str, *, first: bool = False, id_: str = "") -> Markup:
    where = id_ or (field_id(name) if first else f"{field_id(name)}-{_slug(value)}")
    return tag(
        "div",
        tag(
            "input",
            type="checkbox",
            name=name,
            value=value,
            id=where,
            checked=value in said.values.get(name, ()),
            **_wrong(said, name),
        ),
        tag("label", label, for_=where),
        class_="tick",
    )


def _slug(text: str) -> str:
    """The text as a part of an id: unlike for unlike texts."""
    return text.encode().hex()


def _typed(
    said: Said,
    name: str,
    label: Sentence,
    hint: Sentence | None,
    names: Sequence[str],
    *,
    empty: bool = False,
) -> Markup:
    where, suggested = field_id(name), f"s-{name}"
    options = [tag("option", value=one) for one in names[:SUGGESTED]]
    described = f"h-{name}" if hint else None
    return tag(
        "div",
        tag("label", said.words(label), for_=where),
        tag("span", said.words(hint), id=described, class_="hint") if hint else "",
        tag(
            "input",
            type="text",
            name=name,
            id=where,
            value="" if empty else said.first(name),
            list=suggested,
            autocomplete="off",
            **_wrong(said, name, described),
        ),
        tag("datalist", *options, id=suggested),
        class_="field",
    )


def _day(said: Said, name: str, label: Sentence) -> Markup:
    where, entered = field_id(name), said.first(name)
    kind = "date" if not entered or DAY.fullmatch(entered) else "text"  # a moment fits into no field of days
    return tag(
        "div",
        tag("label", said.words(label), for_=where),
        tag("input", type=kind, name=name, id=where, value=entered, **_wrong(said, name)),
        class_="field",
    )


def _select(
    said: Said,
    name: str,
    label: Sentence,
    options: Sequence[tuple[str, str]],
    hint: Sentence | None = None,
    groups: Sequence[tuple[Sentence, Sequence[tuple[str, str]]]] = (),
) -> Markup:
    where, chosen = field_id(name), said.first(name)
    described = f"h-{name}" if hint else None

    def shown(pairs: Sequence[tuple[str, str]]) -> list[Markup]:
        return [
            tag("option", said.words(words), value=value, selected=value == chosen) for value, words in pairs
        ]

    return tag(
        "div",
        tag("label", said.words(label), for_=where),
        tag("span", said.words(hint), id=described, class_="hint") if hint else "",
        tag(
            "select",
            *shown(options),
            *(tag("optgroup", *shown(pairs), label=said.words(title)) for title, pairs in groups),
            name=name,
            id=where,
            **_wrong(said, name, described),
        ),
        class_="field",
    )


def _wrong(said: Said, name: str, described: str | None = None) -> dict[str, str | None]:
    """What assistive technology is told of a field."""
    if not said.is_wrong(name):
        return {"aria_describedby": described}
    return {"aria_invalid": "true", "aria_describedby": " ".join(filter(None, (described, "wrong")))}
