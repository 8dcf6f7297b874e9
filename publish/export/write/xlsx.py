"""An Excel workbook: real dates, units in the heads, a sheet of sources and quality, a chart."""

from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from devices.language import say
from publish.export.about import About
from publish.export.errors import TooLarge
from publish.export.sheet import Sheet
from publish.export.write.fields import people
from publish.export.write.xlsx_book import book
from publish.export.write.xlsx_chart import add_chart
from publish.export.write.xlsx_page import Page, page_name
from publish.export.write.xlsx_sources import add_sources

#: Rows of values that one sheet of Excel holds below its head, and how many sheets are still of use.
ROWS = 1_048_575
SHEETS = 5
#: By what a window is at least long, in seconds.
_WINDOWS = {"15min": 900, "1h": 3600, "1d": 86400, "1mo": 28 * 86400}
#: Cells that are held at once.
_AT_ONCE = 100_000


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write the rows to `target`; `progress` is told how many rows of how many are written.

    Raises `publish.export.errors.TooLarge`, before anything is written, for what five sheets do not hold.
    """
    _check(sheet, about)
    fields, zone, done = people(sheet, text=False), ZoneInfo(about.timezone), 0
    parts = _Parts(sheet, max(1, _AT_ONCE // len(fields)))
    with book(target, about) as workbook:
        for name, count in pages(sheet):
            page = Page(workbook, name, fields, sheet, count)
            for part in parts.take(count):
                page.put(part, zone)
                progress(done := done + part.num_rows, sheet.rows)
        add_chart(workbook, page_name(1, sheet.lang), fields, sheet, about, min(ROWS, sheet.rows))
        add_sources(workbook, sheet, about)


def pages(sheet: Sheet) -> list[tuple[str, int]]:
    """The sheets of values in the workbook: name and rows of each."""
    counts = [min(ROWS, sheet.rows - begin) for begin in range(0, max(1, sheet.rows), ROWS)]
    return [(page_name(number, sheet.lang), count) for number, count in enumerate(counts, 1)]


class _Parts:
    """The rows of the sheet, so many at once, in parts that no page cuts through."""

    def __init__(self, sheet: Sheet, rows: int) -> None:
        self._left = sheet.batches()
        self._held: pa.RecordBatch | None = None
        self._rows = rows

    def take(self, count: int) -> Iterator[pa.RecordBatch]:
        """The next so many rows."""
        while count:
            batch = next(self._left) if self._held is None else self._held
            part = batch.slice(0, min(self._rows, count))
            self._held = batch.slice(part.num_rows) if part.num_rows < batch.num_rows else None
            yield part
            count -= part.num_rows


def _check(sheet: Sheet, about: About) -> None:
    if sheet.rows <= SHEETS * ROWS:
        return
    seconds = (about.end_ns - about.begin_ns) / 1e9
    of_a_time = len(sheet.entries) if sheet.shape == "long" else 1
    fitting = [
        name for name, length in _WINDOWS.items() if (seconds / length + 1) * of_a_time <= SHEETS * ROWS
    ]
    raise TooLarge(
        say(
            "{rows} rows are too many for Excel: {sheets} sheets hold {most}",
            rows=f"{sheet.rows:_}".replace("_", "\u00a0"),
            sheets=SHEETS,
            most=f"{SHEETS * ROWS:_}".replace("_", "\u00a0"),
        ),
        hint=say("take --every {window}, a shorter time, or --format parquet", window=fitting[0])
        if fitting
        else say("take a shorter time, fewer sites, or --format parquet"),
    )
