"""GeoJSON (RFC 7946): a feature a row, at the place it was measured."""

from collections.abc import Callable
from pathlib import Path

from publish.export.about import About
from publish.export.sheet import Sheet


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write the rows to `target`; `progress` is told how many rows of how many are written."""
    raise NotImplementedError
