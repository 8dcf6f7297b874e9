"""The spill read back in batches."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

#: Rows at a time: enough for fast columns, few enough to hold.
ROWS = 65_536
_SECOND_NS = 1_000_000_000


def batches(spill: Path, columns: Sequence[str] | None = None, rows: int = ROWS) -> Iterator[pa.RecordBatch]:
    """All rows in their order, from the begin."""
    with pq.ParquetFile(spill) as file:
        yield from file.iter_batches(rows, columns=columns)


def has_fractions(spill: Path) -> bool:
    """Whether any of its times has a fraction of a second."""
    return any(bool(np.any(np.asarray(batch["time"]) % _SECOND_NS)) for batch in batches(spill, ["time"]))
