"""What every answer of `ingest.store.tables.Tables` has in common: its columns and their order."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.store.tables import TAG_COLUMNS

TAG = pa.dictionary(pa.int32(), pa.string())
#: The kinds of a field as the embedded store and InfluxDB call them.
TYPES: Mapping[str, pa.DataType] = {"float": pa.float64(), "integer": pa.int64(), "string": pa.string()}
#: Of a field that nobody ever wrote.
UNKNOWN = pa.float64()


def types_of(fields: Sequence[str], kinds: Mapping[str, str]) -> dict[str, pa.DataType]:
    """The type of each field, in their order."""
    return {field: TYPES.get(kinds.get(field, ""), UNKNOWN) for field in fields}


def schema(types: Mapping[str, pa.DataType]) -> pa.Schema:
    """Time, tags, then the fields."""
    return pa.schema([("time", pa.int64()), *((name, TAG) for name in TAG_COLUMNS), *types.items()])


def empty(types: Mapping[str, pa.DataType]) -> pa.Table:
    """An answer without rows."""
    return schema(types).empty_table()


def assemble(
    time: pa.Array, series: pa.Array, tags: Sequence[Mapping[str, str]], values: pa.Table
) -> pa.Table:
    """The answer made of columns in any order; rows without a value are left out.

    `series` is each row's place in `tags`. Columns of `values` are the fields.
    """
    rank, columns = _tag_columns(tags)
    rows = pa.table({"time": time, "rank": rank.take(series), "series": series})
    there = _any_valid(values)
    if there is not None:
        rows, values = rows.filter(there), values.filter(there)
    if not _is_sorted(rows):
        order = pc.sort_indices(rows, [("time", "ascending"), ("rank", "ascending")])
        rows, values = rows.take(order), values.take(order)
    at = rows.column("series").combine_chunks()
    arrays: list[Any] = [rows.column("time")]
    arrays += [pa.DictionaryArray.from_arrays(numbers.take(at), texts) for numbers, texts in columns]
    return pa.table([*arrays, *values.columns], names=["time", *TAG_COLUMNS, *values.column_names])


def _tag_columns(tags: Sequence[Mapping[str, str]]) -> tuple[pa.Array, list[tuple[pa.Array, pa.Array]]]:
    """The place of each series in the order of an answer, and for each tag numbers and texts."""
    keys = [tuple(one.get(name, "") for name in TAG_COLUMNS) for one in tags]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rank = [0] * len(order)
    for place, index in enumerate(order):
        rank[index] = place
    columns = []
    for name in TAG_COLUMNS:
        texts = sorted({one[name] for one in tags if one.get(name)})
        number = {text: index for index, text in enumerate(texts)}
        numbers = [number.get(one.get(name, "")) for one in tags]
        columns.append((pa.array(numbers, pa.int32()), pa.array(texts, pa.string())))
    return pa.array(rank, pa.int32()), columns


def _any_valid(values: pa.Table) -> pa.ChunkedArray | None:
    """Which rows have a value; None: all of them."""
    if any(column.null_count == 0 for column in values.columns):
        return None
    there = None
    for column in values.columns:
        valid = pc.is_valid(column)
        there = valid if there is None else pc.or_(there, valid)
    return there


def _is_sorted(rows: pa.Table) -> bool:
    """Whether rows stand in order already, as those of one series do."""
    time = rows.column("time")
    return len(time) < 2 or bool(pc.all(pc.less(time[:-1], time[1:])).as_py())
