"""Rows of a store as columns, read in bulk: what exports are made of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns of every table between `time` and its fields, in this order: dictionaries of strings, null where a
#: row has none.
TAG_COLUMNS = (
    "device",
    "site",
    "municipality",
    "district",
    "direction",
    "lane",
    "vehicle_class",
    "lot",
    "bay",
)


class Tables(Protocol):
    """A store read in columns. Contract: `tests/contracts/tables.py`. It never writes anything."""

    async def read(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> "pa.Table":
        """All rows of these devices (None: of all) in `[begin_ns, end_ns)` in which any of the fields stands.

        Columns: `time` (int64, UTC nanoseconds), those of `TAG_COLUMNS`, then the fields in their order, null
        where a row has none: float64 for measurements, int64 for integers, string for texts; a field that
        nobody ever wrote is float64 and null. Sorted by time, then device, then the other tags. One answer
        holds all of it: ask for as much as the memory bears. Raises `ingest.seams.StoreUnavailable`.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...
