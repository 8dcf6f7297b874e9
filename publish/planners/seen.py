"""What the page shows of an export before it is made: in words, sizes, the first rows, a chart, addresses."""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from devices.language import Language, Sentence, in_language, say
from publish.export.ask import FORMATS, Ask
from publish.export.asked import audience as audience_words
from publish.export.asked import every as every_words
from publish.export.vocabulary import title
from publish.html import Markup, join, tag
from publish.planners import text
from publish.planners.address import address
from publish.planners.document import card
from publish.planners.form import FORMATS as SAID
from publish.planners.picture import pictures
from publish.planners.uses import uses
from publish.planners.wire import Looked

#: Names that the sentence lists, and columns that the preview's table shows.
_NAMED, COLUMNS = 6, 30


def seen(ask: Ask, looked: Looked, base: str, zone: ZoneInfo, language: Language, *, limit: int) -> Markup:
    """All of it. `limit`: bytes that a file may have."""
    return join(
        _download(ask, looked, language, limit),
        _first_rows(looked, language),
        _charts(looked, zone, language),
        card(say("Address"), uses(ask, base, language), language=language),
    )


def sentence(ask: Ask) -> Sentence:
    """What was asked for, in one sentence."""
    lang = ask.lang
    where = [*ask.site, *ask.device, *ask.district, *ask.municipality, *ask.label]
    around = {
        "where": _list(where) if where else say("all sites"),
        "when": _when(ask),
        "whom": audience_words(ask.audience),
    }
    if ask.figures:
        figures = {"traffic": say("figures of traffic"), "parking": say("figures of parking")}
        return say("{what}; {where}; {when}; {whom}.", what=figures[ask.figures], **around)
    names = [title(name, lang) for name in ask.quantity]
    what = _list(names) if names else say("all quantities")
    return say("{what}; {where}; {when}; {how}; {whom}.", what=what, how=every_words(ask.every), **around)


def _when(ask: Ask) -> Sentence:
    if ask.last:
        return text.last(ask.last)
    begin, end = (text.said_day(one or "", ask.lang) for one in (ask.begin, ask.to))
    if begin and end:
        return say("from {begin} to {end}", begin=begin, end=end)
    if begin:
        return say("from {begin} on", begin=begin)
    return say("up to {end}", end=end) if end else say("all the time")


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} …" if len(names) > _NAMED else shown


def _download(ask: Ask, looked: Looked, language: Language, limit: int) -> Markup:
    def words(one: str) -> str:
        return in_language(one, language)

    def count(number: int) -> str:
        return text.number(number, 0, language)

    counted = say(
        "Rows: {rows}. Values: {values}. Series: {series}.",
        rows=count(looked.rows),
        values=count(looked.values),
        series=count(looked.series),
    )
    if not looked.exact and not looked.values:
        counted = say("Rows: {rows}. Where it was looked at, there is no value.", rows=count(looked.rows))
    about = "" if looked.exact else words(say("Counts and sizes are estimated from parts of the time."))
    name, _ = SAID[ask.format]
    bytes_ = looked.bytes.get(ask.format, 0)
    over = say(
        "That is more than the {size} that a file may have: ask for less.", size=text.size(limit, language)
    )
    label = say("Download {format} (about {size})", format=name, size=text.size(bytes_, language))
    others = [
        tag(
            "li",
            tag("a", words(SAID[one][0]), href=f"export?{address(ask, format=one, **_shape(ask, one))}"),
            f" ({words(say('about {size}', size=text.size(looked.bytes[one], language)))})",
        )
        for one in FORMATS
        if one != ask.format and one in looked.bytes
    ]
    query = address(ask)
    return card(
        say("Your export"),
        tag("p", capital(words(sentence(ask))), class_="asked"),
        tag("p", f"{words(counted)} {about}".strip()),
        tag(
            "ul", *(tag("li", f"{capital(note).rstrip('.')}.") for note in looked.notes), class_="plain hint"
        ),
        tag("p", words(over), class_="wrong") if bytes_ > limit else "",
        tag("p", tag("a", words(label), href=f"export?{query}", class_="button")),
        tag(
            "ul",
            tag(
                "li",
                tag("a", words(say("Description (data package, JSON)")), href=f"export?{query}&package=json"),
            ),
            tag(
                "li",
                tag("a", words(say("File and description in one (ZIP)")), href=f"export?{query}&package=zip"),
            ),
            class_="plain links",
        ),
        tag("details", tag("summary", words(say("Other formats"))), tag("ul", *others)) if others else "",
        language=language,
        id_="result",
    )


def _shape(ask: Ask, other: str) -> dict[str, str]:
    """Where a shape was named that the other format does not have, its usual one."""
    return {"shape": ""} if ask.shape == "wide" and other in ("geojson", "gpkg") else {}


def capital(words: str) -> str:
    """With a capital letter at its begin."""
    return words[:1].upper() + words[1:]


def _first_rows(looked: Looked, language: Language) -> Markup:
    columns = looked.heads[:COLUMNS]
    kinds = [_kind([row[number] for row in looked.table]) for number in range(len(columns))]
    heads = [tag("th", head, scope="col", class_=kind) for head, kind in zip(columns, kinds, strict=True)]
    rows = [
        tag(
            "tr",
            *(
                tag("td" if number else "th", cell, scope=None if number else "row", class_=kinds[number])
                for number, cell in enumerate(row[:COLUMNS])
            ),
        )
        for row in looked.table
    ]
    shown = say(
        "The first {count} of {rows} rows", count=len(rows), rows=text.number(looked.rows, 0, language)
    )
    left = len(looked.heads) - len(columns)
    more = say("{count} more columns are in the file.", count=left).in_language(language)
    caption = shown.in_language(language)
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="preview",
    )
    return card(
        say("Preview"),
        tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=caption),
        tag("p", more, class_="hint") if left > 0 else "",
        language=language,
    )


def _kind(cells: Sequence[str]) -> str | None:
    """How a column is set: numbers to the right."""
    return "number" if all(_NUMBER.fullmatch(cell) for cell in cells) else None


#: Or no value.
_NUMBER = re.compile(r"[-−+]?[\d.,]*( %)?")


def _charts(looked: Looked, zone: ZoneInfo, language: Language) -> Markup:
    drawn = pictures(looked.chart, zone, language)
    return card(say("Chart"), drawn, language=language) if drawn else join()
