"""Parquet: zstd, times as timestamps in UTC, texts as dictionaries, units and titles with the columns."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from publish.export.about import About
from publish.export.sheet import Column, Sheet

_TIME = pa.timestamp("ns", tz="UTC")
_TYPES = {
    "time": _TIME,
    "text": pa.dictionary(pa.int32(), pa.string()),
    "number": pa.float64(),
    "integer": pa.int64(),
}
#: Cells of a row group: enough to read fast, few enough to hold.
_GROUP_CELLS = 4_000_000


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write the rows to `target`; `progress` is told how many rows of how many are written."""
    schema, done = _schema(sheet, about), 0
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for group in _groups(sheet.batches(), max(1, _GROUP_CELLS // len(sheet.columns))):
            columns = [chunks.cast(field.type) for chunks, field in zip(group.columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=group.num_rows)
            progress(done := done + group.num_rows, sheet.rows)


def _groups(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(one.num_rows for one in held) >= rows:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _schema(sheet: Sheet, about: About) -> pa.Schema:
    whole = {"title": about.title, "software": about.software, "statements": list(about.statements)}
    return pa.schema(
        [_field(column) for column in sheet.columns], {"messnetz": json.dumps(whole, ensure_ascii=False)}
    )


def _field(column: Column) -> pa.Field:
    said = {"title": column.title, "unit": column.unit, "description": column.about}
    return pa.field(
        column.name, _TYPES[column.kind], metadata={name: text for name, text in said.items() if text}
    )
