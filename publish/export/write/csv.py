"""CSV for machines (RFC 4180): UTF-8, CRLF, decimal point, ISO 8601 times in UTC."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from publish.export.about import About
from publish.export.harmless import harmless
from publish.export.sheet import Sheet
from publish.export.write import times
from publish.export.write.fields import Field, machine
from publish.export.write.lines import numbers, texts, write_lines

_QUOTED = re.compile(r'[",\r\n]')


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:  # noqa: ARG001  each writer is told of all
    """Write the rows to `target`; `progress` is told how many rows of how many are written."""
    fields, done = machine(sheet), 0
    with target.open("wb") as file:
        file.write((",".join(quoted(field.column.name) for field in fields) + "\r\n").encode())
        for batch in sheet.batches():
            write_lines(file, [_cells(field, batch) for field in fields], ",", "\r\n")
            progress(done := done + batch.num_rows, sheet.rows)


def quoted(text: str) -> str:
    """The text of a cell: in quotes only where it must be. An empty text is told from no text."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) or not text else text


def _cells(field: Field, batch: pa.RecordBatch) -> pa.Array:
    column = batch.column(field.source)
    if field.column.kind == "time":
        return times.iso(np.asarray(column))
    if field.column.kind == "text":
        return texts(column, lambda text: quoted(harmless(text)))
    return numbers(column)
