"""What an export would be, shown before it is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.settings import Settings
from publish.export.ask import Ask, Format


@dataclass(frozen=True, slots=True)
class Line:
    """One series of the chart: its name for people, and its points in order of time (UTC nanoseconds)."""

    title: str
    unit: str  #: as people write it
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """`exact` is False where rows and bytes are estimated from parts of the period."""

    exact: bool
    rows: int
    values: int
    series: int
    bytes: Mapping[Format, int]  #: about how large each format would be
    heads: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]  #: the first rows, as people read them
    chart: tuple[Line, ...]
    notes: tuple[str, ...] = ()


async def preview(
    ask: Ask, settings: Settings, *, now_ns: int, rows: int = 20, seconds: float = 5
) -> Preview:
    """Look at what is asked for, for about so many seconds. Raises `publish.export.errors.ExportFailed`."""
    raise NotImplementedError
