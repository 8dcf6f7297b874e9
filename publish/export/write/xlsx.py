"""An Excel workbook: real dates, units in the heads, a sheet of sources and quality, a chart."""

from collections.abc import Callable
from pathlib import Path

from publish.export.about import About
from publish.export.sheet import Sheet


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write the rows to `target`; `progress` is told how many rows of how many are written.

    Raises `publish.export.errors.TooLarge` before anything is written.
    """
    raise NotImplementedError
