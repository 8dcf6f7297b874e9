"""All that is read for an export, from the store to the spill."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from ingest.settings import Settings
from ingest.store import open_tables
from ingest.store.tables import Tables
from publish.export.ask import PROFILES, Ask
from publish.export.chosen import Chosen
from publish.export.patient import PatientTables
from publish.export.progress import Progress
from publish.export.readings import gather_readings
from publish.export.series import Gathered

Gather = Callable[[Chosen, Tables, Path, Progress], Awaitable[Gathered]]


@contextlib.asynccontextmanager
async def opened(
    settings: Settings, chosen: Chosen, patience_s: float | None = None
) -> AsyncIterator[Tables]:
    """The store that the settings name; where it is away, `read` raises `StoreAway` (see `PatientTables`)."""
    tables = PatientTables(open_tables(settings), chosen.zone, patience_s)
    try:
        yield tables
    finally:
        await tables.close()


async def gather(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Values, windows, profiles or figures, whichever was asked for."""
    return await _way(chosen.ask)(chosen, tables, spill, progress)


def _way(ask: Ask) -> Gather:
    """What reads it; each loads what it needs only."""
    if ask.figures is not None:
        from publish.export.figures.gather import gather_figures  # noqa: PLC0415  not needed by others

        return gather_figures
    if ask.every == "raw":
        return gather_readings
    if ask.every in PROFILES:
        from publish.export.profiles import gather_profiles  # noqa: PLC0415  not needed by others

        return gather_profiles
    from publish.export.windows import gather_windows  # noqa: PLC0415  not needed by others

    return gather_windows
