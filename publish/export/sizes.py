"""How large a file would be, from some of its rows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from publish.export.about import About
from publish.export.ask import Format
from publish.export.combination import check_combination
from publish.export.errors import ExportFailed
from publish.export.looked import Part
from publish.export.shape import shape
from publish.export.sheet import Sheet
from publish.export.write import WRITERS
from publish.export.write.xlsx import ROWS, SHEETS

#: Rows of the larger of two tries at most, and its cells: a workbook is written at some 100 000 a second.
_MANY, _CELLS = 4000, 50_000
#: By how much the smaller one has less rows: what a file has beside its rows is in both of them.
_FEWER = 8


def size(format: Format, part: Part, scale: float, about: About, folder: Path) -> int | None:  # noqa: A002  as the option is called
    """Bytes of the whole, which has `scale` times as many rows; None where this format cannot be."""
    ask = part.chosen.ask.model_copy(update={"format": format})
    try:
        check_combination(ask)
        sheet = shape(replace(part.chosen, ask=ask), part.gathered)
        rows = round(sheet.rows * scale)
        if format == "xlsx" and rows > ROWS * SHEETS:
            return None
        tried = min(_MANY, max(_CELLS // len(sheet.columns), 2 * _FEWER), sheet.rows)
        many = _written(format, _first(sheet, tried), about, folder)
        if rows <= tried:
            return many
        few = _written(format, _first(sheet, tried // _FEWER), about, folder)
    except ExportFailed:
        return None
    each = (many - few) / (tried - tried // _FEWER)
    return round(many + max(each, 0) * (rows - tried))


def _written(format: Format, sheet: Sheet, about: About, folder: Path) -> int:  # noqa: A002
    file = folder / f"{sheet.rows}.{format}"
    WRITERS[format](sheet, about, file, lambda _done, _total: None)
    found = file.stat().st_size
    file.unlink()
    return found


def _first(sheet: Sheet, rows: int) -> Sheet:
    """The same columns with so many rows at most."""

    def batches() -> Iterator[pa.RecordBatch]:
        left = rows
        for batch in sheet.batches():
            if left <= 0:
                return
            yield batch.slice(0, left)
            left -= batch.num_rows

    return replace(sheet, rows=min(rows, sheet.rows), batches=batches)
