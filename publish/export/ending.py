"""How the files of each format end."""

from pathlib import Path

from devices.language import say
from publish.export.ask import FORMATS, Format
from publish.export.errors import AskRefused
from publish.export.shown import shown

ENDINGS: dict[Format, str] = {
    "csv": ".csv",
    "csv-de": ".de.csv",
    "xlsx": ".xlsx",
    "parquet": ".parquet",
    "geojson": ".geojson",
    "gpkg": ".gpkg",
    "ndjson": ".ndjson",
}


def format_of(said: str, target: Path | None) -> str:
    """The format of a file: the one that was said, else the one its name ends with.

    Empty where neither says one. Raises `AskRefused` for an ending that is of no format, or of another one.
    """
    if target is None or target.is_dir():
        return said
    if target.name == "-":
        raise AskRefused(
            say("an export becomes a file, with another one beside it: it does not go to standard output"),
            hint=say("name a file"),
        )
    name = target.name.lower()
    fits = [one for one in FORMATS if name.endswith(ENDINGS[one])]
    by_name = max(fits, key=lambda one: len(ENDINGS[one]), default=None)
    if said in FORMATS:
        if by_name is not None and not name.endswith(f".{ENDINGS[said].rpartition('.')[2]}"):
            raise AskRefused(
                say(
                    "{file} ends as {other}, and {format} was asked for",
                    file=shown(target.name),
                    other=by_name,
                    format=said,
                ),
                hint=say("let it end with {ending}, or leave out format", ending=ENDINGS[said]),
            )
        return said
    if said or by_name is not None:
        return said or str(by_name)
    raise AskRefused(
        say("{file}: its ending names no format", file=shown(target.name)),
        hint=say("let it end with one of {endings}, or give format", endings=", ".join(ENDINGS.values())),
    )
