"""Rows of a sheet as XML (ECMA-376 part 1, 18.3): many at once, by columns."""

import re
from html import escape
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from publish.export.write import times
from publish.export.write.fields import Field
from publish.export.write.lines import data, numbers, texts
from publish.export.write.xlsx_text import cut

_STYLE = re.compile(rb'<c r="([A-Z]+)2"(?: s="(\d+)")?')
_BREAK = re.compile("\r\n?")
#: Not to be had in XML, or lost in it, and what would be read as one of these.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class Cells:
    """The columns of a sheet with their styles, as they stand in its pattern row."""

    def __init__(self, fields: tuple[Field, ...], pattern: bytes, zone: ZoneInfo) -> None:
        styles = {column.decode(): (style or b"0").decode() for column, style in _STYLE.findall(pattern)}
        self._columns = [
            (field, letters(place), styles.get(letters(place), "0")) for place, field in enumerate(fields)
        ]
        self._zone = zone

    def xml(self, batch: pa.RecordBatch, first: int) -> memoryview:
        """All rows of the batch, numbered from `first`; a cell without a value is left out."""
        rows = pa.array(np.arange(first, first + batch.num_rows)).cast(pa.string())
        cells = [self._cells(field, batch, rows, column, style) for field, column, style in self._columns]
        inner = pc.binary_join_element_wise(*cells, "", null_handling="skip")
        return data(pc.binary_join_element_wise('<row r="', rows, '">', inner, "</row>", ""))

    def _cells(
        self, field: Field, batch: pa.RecordBatch, rows: pa.Array, column: str, style: str
    ) -> pa.Array:
        begin = f'<c r="{column}'
        if field.column.kind == "text":
            said = self._texts(field, batch.column(field.source))
            middle, end = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
        else:
            said = self._numbers(field, batch.column(field.source))
            middle, end = f'" s="{style}"><v>', "</v></c>"
        return pc.binary_join_element_wise(begin, rows, middle, said, end, "")

    def _texts(self, field: Field, column: pa.Array) -> pa.Array:
        if field.part == "offset":
            return times.offset_texts(times.offsets(np.asarray(column), self._zone))
        return texts(column, lambda text: xml_text(cut(text)))

    def _numbers(self, field: Field, column: pa.Array) -> pa.Array:
        if field.part == "value":
            return numbers(column)
        moments = np.asarray(column)
        return numbers(
            pa.array(times.excel_days(times.local(moments, self._zone) if field.part == "local" else moments))
        )


def letters(place: int) -> str:
    """The name of a column, from 0 on: `A`, `Z`, `AA`."""
    name, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def xml_text(text: str) -> str:
    """A text between two tags, its lines broken as in Excel.

    What XML cannot say is written as `_x0007_` (ECMA-376 part 1, 22.9.2.19).
    """
    lines = _BREAK.sub("\n", text)
    return escape(_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", lines), quote=False)
