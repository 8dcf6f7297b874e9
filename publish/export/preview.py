"""What an export would be, shown before it is made: its size, its first rows, a chart."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from devices.language import say
from ingest.registry_files import load_registry
from ingest.settings import Settings
from publish.export.ask import Ask, Format
from publish.export.choose import choose
from publish.export.describe import describe
from publish.export.drawn import Line, lines
from publish.export.ending import ENDINGS
from publish.export.kept_hours import hours_outlive
from publish.export.looked import Looked, look
from publish.export.notes import notes
from publish.export.place import workplace
from publish.export.shape import shape
from publish.export.sizes import size
from publish.export.threads import in_thread
from publish.export.top import top

__all__ = ["Line", "Preview", "preview"]


@dataclass(frozen=True, slots=True)
class Preview:
    """`exact` is False where rows, values and bytes are estimated from parts of the period."""

    exact: bool
    rows: int  #: of the format asked for
    values: int
    series: int
    bytes: Mapping[
        Format, int
    ]  #: about how large each format would be; those that cannot hold it are missing
    heads: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]  #: the first rows, as people read them
    chart: tuple[Line, ...]  #: none for profiles and figures
    notes: tuple[str, ...] = ()  #: sentences (`say`)


async def preview(
    ask: Ask, settings: Settings, *, now_ns: int, rows: int = 20, seconds: float = 5
) -> Preview:
    """Look at what is asked for, for about so many seconds. Raises `publish.export.errors.ExportFailed`."""
    registry = await in_thread(load_registry, settings)
    chosen = replace(choose(ask, registry, now_ns), hours_kept=hours_outlive(settings))
    with workplace(Path(tempfile.gettempdir()) / "preview") as folder:
        looked = await look(chosen, settings, folder, seconds)
        first = looked.parts[0]
        sheets = [await in_thread(shape, part.chosen, part.gathered) for part in looked.parts]
        about = await in_thread(describe, first.chosen, first.gathered, registry, settings, ask.lang)
        many = round(sum(sheet.rows for sheet in sheets) * looked.scale)
        scale = many / max(sheets[0].rows, 1)
        sizes = {name: await in_thread(size, name, first, scale, about, folder) for name in ENDINGS}
        heads, table = await in_thread(top, sheets[0], chosen.zone, rows)
        return Preview(
            exact=looked.exact,
            rows=many,
            values=looked.values,
            series=looked.series,
            bytes={name: found for name, found in sizes.items() if found is not None},
            heads=heads,
            table=table,
            chart=await in_thread(lines, looked),
            notes=_notes(looked),
        )


def _notes(looked: Looked) -> tuple[str, ...]:
    if looked.exact:
        return notes(looked.parts[0].chosen, looked.parts[0].gathered)
    return (say("that is a great deal: sizes are estimated, and the chart shows parts of the time"),)
