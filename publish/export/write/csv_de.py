"""CSV that German Excel opens by double click: semicolon, decimal comma, BOM, dates that it knows."""

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from publish.export.about import About
from publish.export.harmless import harmless
from publish.export.sheet import Sheet
from publish.export.write import times
from publish.export.write.fields import Field, people
from publish.export.write.lines import numbers, texts, write_lines

_QUOTED = re.compile(r'[";\r\n\t]')


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write the rows to `target`; `progress` is told how many rows of how many are written."""
    zone, fields, done = ZoneInfo(about.timezone), people(sheet, text=True), 0
    with target.open("wb") as file:
        file.write(("\ufeff" + ";".join(quoted(field.column.name) for field in fields) + "\r\n").encode())
        for batch in sheet.batches():
            write_lines(file, [_cells(field, batch, zone) for field in fields], ";", "\r\n")
            progress(done := done + batch.num_rows, sheet.rows)


def quoted(text: str) -> str:
    """The text of a cell: in quotes only where it must be. An empty text is told from no text."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) or not text else text


def _cells(field: Field, batch: pa.RecordBatch, zone: ZoneInfo) -> pa.Array:
    column = batch.column(field.source)
    if field.part == "value":
        return texts(column, _text) if field.column.kind == "text" else _comma(numbers(column))
    moments = np.asarray(column)
    if field.part == "utc":
        return times.german(moments)
    if field.part == "local":
        return times.german(times.local(moments, zone))
    if field.part == "offset":
        return times.offset_texts(times.offsets(moments, zone))
    return _comma(times.fractions(moments))


def _text(text: str) -> str:
    return quoted(harmless(text))


def _comma(texts: pa.Array) -> pa.Array:
    return pc.replace_substring(texts, ".", ",")
