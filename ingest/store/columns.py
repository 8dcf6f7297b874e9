"""What every answer of `ingest.store.tables.Tables` has in common: its columns and their types."""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ingest.store.tables import TAG_COLUMNS

TAG = pa.dictionary(pa.int32(), pa.string())
#: The kinds of a field, as the embedded store and InfluxDB call them. Where a field has several kinds, the
#: first of them counts, as it does in InfluxDB.
TYPES: Mapping[str, pa.DataType] = {"float": pa.float64(), "integer": pa.int64(), "string": pa.string()}
#: Of a field that nobody ever wrote.
UNKNOWN = pa.float64()


def types_of(fields: Sequence[str], known: Iterable[tuple[str, str]]) -> dict[str, pa.DataType]:
    """The type of each field, in their order; `known` are fields and their kinds."""
    there = set(known)
    return {
        field: next((TYPES[kind] for kind in TYPES if (field, kind) in there), UNKNOWN) for field in fields
    }


def schema(types: Mapping[str, pa.DataType]) -> pa.Schema:
    """Time, tags, then the fields."""
    return pa.schema([("time", pa.int64()), *((name, TAG) for name in TAG_COLUMNS), *types.items()])


def empty(types: Mapping[str, pa.DataType]) -> pa.Table:
    """An answer without rows."""
    return schema(types).empty_table()


def arranged(parts: Sequence[pa.Table], types: Mapping[str, pa.DataType]) -> pa.Table:
    """One answer made of parts that may lack columns, with their rows in order."""
    wanted = schema(types)
    tables = [wanted.empty_table(), *(_whole(part, wanted) for part in parts)]
    table = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    keys = [table.column("time"), *filter(None, map(_codes, table.columns[1 : len(TAG_COLUMNS) + 1]))]
    if _in_order(keys):
        return table
    names = [str(place) for place in range(len(keys))]
    order = pc.sort_indices(pa.table(keys, names=names), [(name, "ascending") for name in names])
    return table.take(order).combine_chunks()


def _whole(part: pa.Table, wanted: pa.Schema) -> pa.Table:
    there = set(part.column_names)
    arrays = [part.column(one.name) if one.name in there else pa.nulls(len(part), one.type) for one in wanted]
    return pa.Table.from_arrays(arrays, schema=wanted)


def _codes(tag: pa.ChunkedArray) -> pa.Array | None:
    """Numbers in the order of the texts, 0 for none; None where all rows have the same."""
    encoded = tag.combine_chunks()
    if len(encoded.dictionary) + (encoded.null_count > 0) < 2:
        return None
    rank = pc.rank(encoded.dictionary, sort_keys="ascending").cast(pa.int32())
    return rank.take(encoded.indices).fill_null(0)


def _in_order(keys: Sequence[pa.ChunkedArray | pa.Array]) -> bool:
    """Whether no row is smaller than the one before it."""
    ordered = None
    for key in reversed(keys):
        before, after = key[:-1], key[1:]
        if ordered is None:
            ordered = pc.less_equal(before, after)
        else:
            ordered = pc.or_(pc.less(before, after), pc.and_(pc.equal(before, after), ordered))
    return bool(pc.all(ordered, min_count=0).as_py())
