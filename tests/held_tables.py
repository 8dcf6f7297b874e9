"""Rows in memory that are read in columns, and a small town that they are of."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from devices.registry import SHIPPED_TYPES, Registry, load
from ingest.store import columns
from ingest.store.tables import TAG_COLUMNS

TOWN = """\
municipality: {id: giessen}
devices:
  - {id: luft-1, site: Markt, dev_eui: 70b3d57e00000001, type: decentlab-dl-pm, interval: 10min,
     publish: open}
  - {id: luft-2, site: Ring, dev_eui: 70b3d57e00000002, type: decentlab-dl-pm, interval: 10min,
     publish: open}
  - {id: rad-1, site: Ring, dev_eui: 70b3d57e00000003, type: parametric-pcr2, interval: 15min}
  - {id: parken-1, site: Brandplatz, lot: Brandplatz, bay: "1", dev_eui: 70b3d57e00000011,
     type: bosch-tps110, interval: 1h, publish: open}
  - {id: parken-2, site: Brandplatz, lot: Brandplatz, bay: "2", dev_eui: 70b3d57e00000012,
     type: bosch-tps110, interval: 1h, publish: open}
"""


class HeldTables:
    """A `Tables` on rows `(measurement, tags, fields, time_ns)`; `asked`: measurements and devices."""

    def __init__(
        self, rows: Iterable[tuple[str, Mapping[str, str], Mapping[str, float | int | str], int]]
    ) -> None:
        self.rows = list(rows)
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    async def read(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> pa.Table:
        """See `ingest.store.tables.Tables.read`."""
        self.asked.append((measurement, tuple(devices or ())))
        of = [row for row in self.rows if row[0] == measurement]
        kinds = {(name, _KINDS[type(value)]) for row in of for name, value in row[2].items()}
        types = columns.types_of(fields, kinds)
        found = [
            row
            for row in of
            if begin_ns <= row[3] < end_ns
            and (devices is None or row[1]["device"] in devices)
            and not row[2].keys().isdisjoint(fields)
        ]
        found.sort(key=lambda row: (row[3], [row[1].get(name, "") for name in TAG_COLUMNS]))
        return pa.table(
            {
                "time": pa.array([row[3] for row in found], pa.int64()),
                **{name: pa.array([row[1].get(name) for row in found], columns.TAG) for name in TAG_COLUMNS},
                **{name: pa.array([row[2].get(name) for row in found], types[name]) for name in fields},
            }
        )

    async def close(self) -> None:
        """Nothing."""


_KINDS: Mapping[type[Any], str] = {float: "float", int: "integer", str: "string"}


def town(folder: Path, text: str = TOWN) -> Registry:
    """The registry of the town."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "town.yaml").write_text(text, encoding="utf-8")
    registry = load(folder, (SHIPPED_TYPES,))
    assert not registry.complaints, [str(one) for one in registry.complaints]
    return registry
