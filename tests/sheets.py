"""Sheets made by hand, and what must be known of them, for tests of formats."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from devices.publisher import Publisher
from publish.export.about import About, Hardware, Place, Span
from publish.export.series import Tally
from publish.export.sheet import Column, Entry, Kind, Sheet

HOUR_NS = 3600 * 10**9
#: 1 October 2026, 0:00 in Berlin.
BEGIN_NS = 1_790_805_600 * 10**9
_TYPES: Mapping[Kind, pa.DataType] = {
    "time": pa.int64(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "text": pa.dictionary(pa.int32(), pa.string()),
}


def sheet(columns: Sequence[tuple[Column, Sequence[Any]]], **how: Any) -> Sheet:
    """A sheet of these columns and their cells, in one batch."""
    arrays = [pa.array(list(cells), _TYPES[column.kind]) for column, cells in columns]
    batch = pa.RecordBatch.from_arrays(arrays, [column.name for column, _ in columns])
    made = {"shape": "long", "lang": "de", **how}
    return Sheet(tuple(column for column, _ in columns), batch.num_rows, lambda: iter([batch]), **made)


def of_texts(texts: Sequence[str | None]) -> Sheet:
    """A row a text, an hour apart."""
    times = [BEGIN_NS + place * HOUR_NS for place in range(len(texts))]
    return sheet([(Column("time", "Zeit (UTC)", "time"), times), (Column("site", "Standort", "text"), texts)])


def of_numbers(numbers: Sequence[float | None]) -> Sheet:
    """A row a number, an hour apart."""
    times = [BEGIN_NS + place * HOUR_NS for place in range(len(numbers))]
    value = Column("value", "Wert", "number", role="value")
    return sheet([(Column("time", "Zeit (UTC)", "time"), times), (value, numbers)])


def entry(number: int = 0, **said: Any) -> Entry:
    """A series of fine dust at `Markt <number>`."""
    usual: dict[str, Any] = {
        "name": f"luft-{number}.pm2_5",
        "title": f"Markt {number} PM2,5",
        "device": f"luft-{number}",
        "site": f"Markt {number}",
        "municipality": "giessen",
        "district": None,
        "tags": (),
        "quantity": "pm2_5",
        "measured": "PM2,5",
        "unit": "ug/m3",
        "sign": "µg/m³",
        "decimals": 1,
        "integer": False,
        "tally": Tally(values=3, first_ns=BEGIN_NS, last_ns=BEGIN_NS + 2 * HOUR_NS),
    }
    return Entry(**(usual | said))


def about(**said: Any) -> About:
    """What is known of an export in October 2026."""
    usual: dict[str, Any] = {
        "title": "Messwerte: Stadt Gießen",
        "asked": {"Standorte": "Markt 0", "Zeitraum": "01.10.2026 00:00 bis 02.10.2026 00:00"},
        "begin_ns": BEGIN_NS,
        "end_ns": BEGIN_NS + 24 * HOUR_NS,
        "timezone": "Europe/Berlin",
        "made_ns": BEGIN_NS + 30 * HOUR_NS,
        "newest_ns": BEGIN_NS + 2 * HOUR_NS,
        "software": "Messnetz 0.1.0",
        "registry": "a3f09b12c4de",
        "publishers": (Publisher("giessen", "06531005", "Stadt Gießen", "iot@example.org", "dl-de/by-2-0"),),
        "places": (
            Place(
                device="luft-0",
                site="Markt 0",
                municipality="giessen",
                district=None,
                lat=50.58,
                lon=8.67,
                height_m=3.5,
                publish="open",
                interval_s=600,
                labels={},
                hardware=(
                    Hardware(
                        "Decentlab", "DL-PM", "decentlab-dl-pm", BEGIN_NS, None, {"pm2_5": (0.92, -0.4)}
                    ),
                ),
            ),
        ),
        "spans": (Span("luft-0", "maintenance", BEGIN_NS, BEGIN_NS + HOUR_NS, "Mast gestrichen"),),
        "statements": ("Dies sind keine amtlichen Messwerte.",),
    }
    return About(**(usual | said))


def silent(_done: int, _rows: int) -> None:
    """Progress that nobody watches."""


def written(write: Any, made: Sheet, target: Path, **said: Any) -> Path:
    """The file that a format's `write` makes of it."""
    write(made, about(**said), target, silent)
    return target
