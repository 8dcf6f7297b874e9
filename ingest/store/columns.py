"""What every answer of `ingest.store.tables.Tables` has in common: its columns and their types."""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

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
