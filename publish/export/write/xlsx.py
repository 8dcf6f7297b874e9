"""An Excel workbook: real dates, units in the heads, a sheet of sources and quality, a chart.

XlsxWriter makes the book, with one row of values as a pattern on each sheet; in its place all rows are then
put as XML, a batch at once. That is many times as fast as a call a cell, and holds no more than a batch.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from devices.language import say
from publish.export.about import About
from publish.export.errors import TooLarge
from publish.export.sheet import Sheet
from publish.export.write.fields import people
from publish.export.write.xlsx_book import book, page_name
from publish.export.write.xlsx_cells import Cells, letters

#: Rows of values that one sheet of Excel holds below its head, and how many sheets are still of use.
ROWS = 1_048_575
SHEETS = 5
#: By what a window is at least long, in seconds.
_WINDOWS = {"15min": 900, "1h": 3600, "1d": 86400, "1mo": 28 * 86400}
#: Deflate's levels past this cost more time than they save space.
_LEVEL = 3
#: More than a cell's XML has on average: past 2 GB the archive must be a ZIP64, of which Excel warns.
_CELL_BYTES = 150
#: Rows whose XML is held at once.
_AT_ONCE = 8192
_PATTERN = re.compile(rb'<row r="2".*?</row>', re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write the rows to `target`; `progress` is told how many rows of how many are written.

    Raises `publish.export.errors.TooLarge`, before anything is written, for what five sheets do not hold.
    """
    _check(sheet, about)
    counts = [rows for _, rows in pages(sheet)]
    batches = _Batches(sheet, progress)
    with (
        zipfile.ZipFile(book(sheet, about, counts)) as pattern,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as result,
    ):
        parts = {f"xl/worksheets/sheet{number}.xml": count for number, count in enumerate(counts, 1)}
        for name in pattern.namelist():
            if name not in parts:
                result.writestr(name, pattern.read(name))
                continue
            cells = parts[name] * len(people(sheet, text=False))
            with result.open(name, "w", force_zip64=cells * _CELL_BYTES > zipfile.ZIP64_LIMIT) as file:
                for data in _page(pattern.read(name), sheet, about, batches, parts[name]):
                    file.write(data)


def pages(sheet: Sheet) -> list[tuple[str, int]]:
    """The sheets of values in the workbook: name and rows of each."""
    counts = [min(ROWS, sheet.rows - begin) for begin in range(0, max(1, sheet.rows), ROWS)]
    return [(page_name(number, sheet.lang), count) for number, count in enumerate(counts, 1)]


class _Batches:
    """The rows of the sheet, in parts that no page cuts through."""

    def __init__(self, sheet: Sheet, progress: Callable[[int, int], None]) -> None:
        self._left = sheet.batches()
        self._held: pa.RecordBatch | None = None
        self._progress = progress
        self._done, self._rows = 0, sheet.rows

    def take(self, count: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The next so many rows, each batch with the number of its first row from 0 on."""
        taken = 0
        while taken < count:
            batch = next(self._left) if self._held is None else self._held
            part = batch.slice(0, min(_AT_ONCE, count - taken))
            self._held = batch.slice(part.num_rows) if part.num_rows < batch.num_rows else None
            yield taken, part
            taken += part.num_rows
            self._done += part.num_rows
            self._progress(self._done, self._rows)


def _page(
    pattern: bytes, sheet: Sheet, about: About, batches: _Batches, count: int
) -> Iterator[bytes | memoryview]:
    """The XML of a sheet, with so many rows of values."""
    row = _PATTERN.search(pattern)
    if row is None:
        raise AssertionError("a sheet has no pattern")
    fields = people(sheet, text=False)
    size = f'<dimension ref="A1:{letters(len(fields) - 1)}{count + 1}"/>'.encode()
    yield _DIMENSION.sub(size, pattern[: row.start()])
    cells = Cells(fields, row[0], ZoneInfo(about.timezone))
    for first, batch in batches.take(count):
        yield cells.xml(batch, first + 2)
    yield pattern[row.end() :]


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
