"""One module a format; each takes a `Sheet` and writes one file."""

from collections.abc import Callable, Mapping
from pathlib import Path

from publish.export.about import About
from publish.export.ask import Format
from publish.export.sheet import Sheet
from publish.export.write import csv, csv_de, geojson, gpkg, ndjson, parquet, xlsx
from publish.export.write.fields import Field, machine, people, plain

#: Writes the sheet to a file that does not exist yet, telling its progress as rows of rows.
Writer = Callable[[Sheet, About, Path, Callable[[int, int], None]], None]

WRITERS: Mapping[Format, Writer] = {
    "csv": csv.write,
    "csv-de": csv_de.write,
    "xlsx": xlsx.write,
    "parquet": parquet.write,
    "geojson": geojson.write,
    "gpkg": gpkg.write,
    "ndjson": ndjson.write,
}


def fields(sheet: Sheet, format: Format) -> tuple[Field, ...]:  # noqa: A002  as the option is called
    """The columns of the file with their heads, exactly as this format writes them."""
    if format == "csv":
        return machine(sheet)
    if format in {"csv-de", "xlsx"}:
        return people(sheet, text=format == "csv-de")
    return plain(sheet)
