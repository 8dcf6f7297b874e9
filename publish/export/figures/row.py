"""One figure, before it is written."""

from collections.abc import Sequence
from typing import NamedTuple

from devices.language import Sentence
from publish.export import vocabulary
from publish.export.series import Series


class FigureRow(NamedTuple):
    """A word of `publish.export.vocabulary.FIGURES`, and what it amounts to; None: see `notes`.

    `days` are the local days that went in, of `of_days` in the period; `coverage` in percent.
    """

    figure: str
    value: float | None
    days: int
    of_days: int
    coverage: float
    suspect: bool = False
    notes: Sequence[Sentence] = ()


class FigureSet(NamedTuple):
    """All figures of one series, and the time from which on and until which anything is known of it."""

    series: Series
    rows: Sequence[FigureRow]
    first_ns: int | None = None
    last_ns: int | None = None


class Found(NamedTuple):
    """All figures that were asked for. `newest_ns` is the newest value that was read (UTC)."""

    sets: Sequence[FigureSet]
    newest_ns: int | None
    notes: Sequence[Sentence] = ()


def rounded(figure: str, value: float) -> float:
    """A figure as it is written."""
    return round(float(value), vocabulary.FIGURES[figure].decimals) + 0.0


def percent(share: float) -> float:
    """A share as coverage is written: one decimal, cut and not rounded, so that 100.0 is all of it."""
    return min(int(share * 1000 + 1e-9), 1000) / 10
