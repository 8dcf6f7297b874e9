"""One figure a window of every series, with its coverage and, where there is none, the reason."""

from collections.abc import AsyncIterator, Collection
from pathlib import Path

from ingest.store.tables import Tables
from publish.export.ask import Every
from publish.export.chosen import Chosen

# parts of this module's interface
from publish.export.figure import Figure as Figure  # noqa: PLC0414
from publish.export.in_order import InOrder
from publish.export.progress import Progress as Progress  # noqa: PLC0414
from publish.export.series import Gathered
from publish.export.walk import Walk
from publish.export.walk import WindowRows as WindowRows  # noqa: PLC0414


async def figures_of(
    chosen: Chosen,
    tables: Tables,
    every: Every,
    progress: Progress,
    *,
    only: Collection[str] | None = None,
) -> AsyncIterator[WindowRows]:
    """Every series with every window of `chosen.period`, once each.

    They come in parts of the period (a local month or less) that follow each other in time. A series that is
    first heard of later, or never, has the rows of the parts before (or all of them) behind those of all
    others, by time again. `every` is a window, no profile. `only`: of these quantities (and computed ones),
    where not all that were chosen. Raises `ingest.seams.StoreUnavailable`.
    """
    walk = Walk(chosen, tables, every, progress, only)
    async for _, rows in walk.heard():
        yield rows
    async for _, rows in walk.unheard():
        yield rows


async def gather_windows(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Write the windows of `chosen.ask.every` to a spill of `publish.export.spill.WINDOWS`.

    Every window × every series that exists in the period. Raises `ingest.seams.StoreUnavailable`.
    """
    walk = Walk(chosen, tables, chosen.ask.every, progress)
    with InOrder(spill) as order:
        async for part, rows in walk.heard():
            order.add(part, rows)
        series = order.sort_series(walk.series)
        async for part, rows in walk.unheard():
            order.add_late(part, rows)
        order.finish()
    walk.tell(order.tallies)
    tallies = {number: order.tallies[one] for number, one in enumerate(series)}
    return Gathered(spill, order.rows, series, tallies, walk.newest_ns, walk.notes)
