"""The address of an export: from its parameters, and back to them."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlencode

from devices.language import Language, say
from publish.export.ask import Ask, Format
from publish.export.errors import AskRefused
from publish.export.parse import parse
from publish.planners.login import Who
from publish.planners.refused import Refused

#: Media types, where there are any.
MEDIA: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "csv-de": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "ndjson": "application/x-ndjson",
}
Pairs = Sequence[tuple[str, str]]


def ask_of(pairs: Pairs, who: Who, language: Language) -> Ask:
    """What the parameters ask for, in the name of `who`; raises `Refused`, naming the one at fault.

    Heads are in the page's language where none is named. Partners get what is for partners.
    """
    try:
        ask = parse(pairs)
    except AskRefused as error:
        raise Refused(
            error.status, error.args[0], hint=error.hint, field=next(_refused_alone(pairs), "")
        ) from None
    if "lang" not in ask.model_fields_set:
        ask = ask.model_copy(update={"lang": language})
    if who == "partners" and ask.audience == "internal":
        if "audience" in ask.model_fields_set:
            raise Refused(
                400,
                say("audience internal is not for this login"),
                hint=say("leave it out, or ask with audience=partners"),
                field="audience",
            )
        ask = ask.model_copy(update={"audience": "partners"})
    return ask


def _refused_alone(pairs: Pairs) -> Iterator[str]:
    for key, value in pairs[:100]:
        try:
            parse([(key, value)])
        except AskRefused:
            yield key


def address(ask: Ask, **more: str) -> str:
    """The query that asks for this again, with other values of `more` in their place; `from` is `begin`.

    Defaults are left out but the format, which says at a glance what comes.
    """
    said = {**{name: getattr(ask, name) for name in Ask.model_fields}, **more}
    defaults = {name: field.default for name, field in Ask.model_fields.items()}
    pairs = [
        ("from" if name == "begin" else name, one)
        for name, value in said.items()
        if name == "format" or value != defaults.get(name)
        for one in (value if isinstance(value, tuple) else (value,))
        if one not in (None, "")
    ]
    return urlencode(pairs, quote_via=quote)
