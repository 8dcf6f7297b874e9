"""The mean hour of the day, hour of the week or day of the week of every series."""

from pathlib import Path

from ingest.store.tables import Tables
from publish.export.chosen import Chosen
from publish.export.series import Gathered
from publish.export.windows import Progress


async def gather_profiles(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Write the profile of `chosen.ask.every` to a spill of `publish.export.spill.PROFILES`.

    Of complete hours (or days), by the quantity's own mean; sums: the mean of sums. Both 2 o'clock hours of
    the autumn day count in slot 2; the one that spring leaves out is no hour. Raises
    `ingest.seams.StoreUnavailable`.
    """
    raise NotImplementedError
