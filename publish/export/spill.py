"""What was read, between reading and writing: a narrow Parquet file beside the result.

Sorted by time and, within one time, by series. Reading it back in batches keeps the memory bounded, and what
is written never waits for the store.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

#: Rows that are read back at once, some megabytes.
ROW_GROUP = 1 << 17

#: Raw values: UTC nanoseconds (of an interval, its begin), place in `Gathered.series`, value, flag 1 or 3,
#: seconds of the interval (null: a sample).
READINGS = pa.schema(
    [
        pa.field("time", pa.int64(), nullable=False),
        pa.field("series", pa.int32(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("flag", pa.int8(), nullable=False),
        pa.field("interval", pa.int32()),
    ]
)
#: Windows: begin and end; a figure good enough stands in `value`, one that is not in `partial`; `coverage` in
#: percent; `flag` 1, or 3 where suspect values went in, null without any; `reason` is a word of
#: `publish.export.reasons` where there is no `value`.
WINDOWS = pa.schema(
    [
        pa.field("time", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("series", pa.int32(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("partial", pa.float64()),
        pa.field("coverage", pa.float64(), nullable=False),
        pa.field("flag", pa.int8()),
        pa.field("reason", pa.dictionary(pa.int8(), pa.string())),
    ]
)
#: Profiles: `slot` is the hour (0 to 23), the hour of the week (0: Monday 0 to 1 h, to 167) or the day
#: (1: Monday, to 7) in local time; `used` of `windows` hours or days had a figure.
PROFILES = pa.schema(
    [
        pa.field("slot", pa.int16(), nullable=False),
        pa.field("series", pa.int32(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("used", pa.int32(), nullable=False),
        pa.field("windows", pa.int32(), nullable=False),
        pa.field("flag", pa.int8()),
    ]
)
#: Figures of traffic and parking: `figure` is a word of `publish.export.vocabulary`, which has its formula;
#: `days` are local days that count, of `of_days` in the period; `coverage` in percent of the period; `note`
#: says in the language asked for why there is no value, or what must be known of it.
FIGURES = pa.schema(
    [
        pa.field("series", pa.int32(), nullable=False),
        pa.field("figure", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("days", pa.int32(), nullable=False),
        pa.field("of_days", pa.int32(), nullable=False),
        pa.field("coverage", pa.float64(), nullable=False),
        pa.field("flag", pa.int8()),
        pa.field("note", pa.string()),
    ]
)


class SpillWriter:
    """Writes a spill table by table; `close` also where something went wrong, so that the file is let go."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        # quick to write and to read again; the times of sorted rows differ by little
        self._writer = pq.ParquetWriter(
            path,
            schema,
            compression="lz4",
            use_dictionary=[name for name in schema.names if name not in ("time", "end", "value", "partial")],
            column_encoding={name: "DELTA_BINARY_PACKED" for name in ("time", "end") if name in schema.names},
            write_statistics=False,
        )

    def write(self, table: pa.Table) -> None:
        """Append rows, which must follow those before in the spill's order."""
        if table.num_rows:
            self._writer.write_table(table, row_group_size=ROW_GROUP)

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
