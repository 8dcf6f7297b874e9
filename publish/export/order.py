"""The order of series: in columns side by side, and of rows of one time."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from devices.quantity import CATALOGUE
from publish.export.series import Series
from publish.export.spill import ROW_GROUP, SpillWriter
from publish.hours.lots import lot_named

#: Catalogued quantities first, then those that are computed.
_QUANTITIES = {name: place for place, name in enumerate(CATALOGUE)}


def rank(series: Series) -> tuple[bool, str, str, int, str, tuple[tuple[str, str], ...]]:
    """Sorts series by place, and of one place as the catalogue does; lots last."""
    is_lot = lot_named(series.device) is not None
    place = _QUANTITIES.get(series.quantity, len(_QUANTITIES))
    return is_lot, series.device, series.measurement, place, series.quantity, series.tags


def renumber(spill: Path, numbers: Sequence[int]) -> None:
    """Give each series of a spill of values the number `numbers[old]`, and sort the rows of each time."""
    new = np.array(numbers, np.int32)
    fresh = spill.with_name(f"{spill.name}.sorted")
    with pq.ParquetFile(spill) as file:
        writer = SpillWriter(fresh, file.schema_arrow)
        try:
            rest = file.schema_arrow.empty_table()
            for batch in file.iter_batches(ROW_GROUP):
                rows = pa.concat_tables([rest, pa.Table.from_batches([batch])])
                times = rows.column("time").to_numpy()
                whole = int(np.searchsorted(times, times[-1]))  # the last time may go on in the next batch
                writer.write(_renumbered(rows.slice(0, whole), new))
                rest = rows.slice(whole)
            writer.write(_renumbered(rest, new))
        finally:
            writer.close()
    fresh.replace(spill)


def _renumbered(rows: pa.Table, new: np.ndarray[tuple[int], np.dtype[np.int32]]) -> pa.Table:
    series = new[rows.column("series").to_numpy()]
    numbered = rows.set_column(1, rows.schema.field("series"), pa.array(series))
    times = np.cumsum(np.diff(rows.column("time").to_numpy(), prepend=0) != 0)
    return numbered.take(np.argsort(times * len(new) + series, kind="stable"))  # nearly sorted: quick
