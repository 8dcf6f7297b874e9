"""One figure a window of every series, with its coverage and, where there is none, the reason."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ingest.store.tables import Tables
from publish.export.ask import Every
from publish.export.chosen import Chosen
from publish.export.reasons import Reason
from publish.export.series import Gathered, Series
from publish.summary import Window

#: Done, of so many (0: not known), and what is being done.
Progress = Callable[[int, int, str], None]


class Figure(msgspec.Struct, frozen=True, gc=False):
    """What a series amounts to in a window, rounded as it is written. `value` is good enough; what is not
    stands in `partial`. `suspect`: suspect values went in. `reason` stands where there is no `value`.
    """

    value: float | int | None
    partial: float | int | None
    coverage: float
    suspect: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class WindowRows:
    """One series over consecutive windows of a part of the period; `figures` go with `windows` by place."""

    series: Series
    windows: Sequence[Window]
    figures: Sequence[Figure]


async def figures_of(
    chosen: Chosen,
    tables: Tables,
    every: Every,
    progress: Progress,
    *,
    only: Collection[str] | None = None,
) -> AsyncIterator[WindowRows]:
    """Every series with every window of `chosen.period`, in parts of the period (a local month or less) that
    follow each other in time; within a part a series comes once, but one that is first heard of later has no
    rows in the parts before. `every` is a window, no profile. `only`: of these quantities (and computed ones),
    where not all that were chosen. Raises `ingest.seams.StoreUnavailable`.
    """
    raise NotImplementedError
    yield  # pragma: no cover


async def gather_windows(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Write the windows of `chosen.ask.every` to a spill of `publish.export.spill.WINDOWS`.

    Every window × every series that exists in the period. Raises `ingest.seams.StoreUnavailable`.
    """
    raise NotImplementedError
