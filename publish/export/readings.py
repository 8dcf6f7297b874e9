"""Raw values: what the store has, value by value."""

from pathlib import Path

from ingest.store.tables import Tables
from publish.export.chosen import Chosen
from publish.export.run import Progress
from publish.export.series import Gathered


async def gather_readings(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Write every value in the period to a spill of `publish.export.spill.READINGS`."""
    raise NotImplementedError
