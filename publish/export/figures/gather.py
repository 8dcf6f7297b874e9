"""All figures that were asked for, written to a spill."""

from pathlib import Path

from ingest.store.tables import Tables
from publish.export.chosen import Chosen
from publish.export.series import Gathered
from publish.export.windows import Progress


async def gather_figures(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Write the figures of `chosen.ask.figures` to a spill of `publish.export.spill.FIGURES`.

    They rest on the whole local days in the period. Raises `publish.export.errors.NothingFound` where there
    is no such day, or nothing chosen that counts (or parks), and `ingest.seams.StoreUnavailable`.
    """
    raise NotImplementedError
