"""An export from beginning to end: what is asked, read, shaped, written, described and put in place."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from devices.language import say
from ingest.registry_files import load_registry
from ingest.settings import Settings
from publish.export.about import About
from publish.export.ask import Ask, Format
from publish.export.choose import choose
from publish.export.describe import describe
from publish.export.empty import is_empty, why_nothing
from publish.export.gather import gather, opened
from publish.export.kept_hours import hours_outlive
from publish.export.limit import Limit
from publish.export.name import named
from publish.export.notes import notes
from publish.export.package import package
from publish.export.place import real, settle, workplace
from publish.export.progress import Progress
from publish.export.shape import shape
from publish.export.sheet import Sheet
from publish.export.signals import ended_by_signals
from publish.export.threads import in_stoppable_thread, in_thread
from publish.export.write import WRITERS


@dataclass(frozen=True, slots=True)
class Result:
    """What was made. `notes` are sentences (`say`) on what must be known of it."""

    files: tuple[Path, ...]  #: the data, then its data package
    rows: int  #: of the file
    values: int
    series: int
    begin_ns: int  #: of the period, UTC
    end_ns: int
    timezone: str  #: of the places' days
    newest_ns: int | None  #: Datenstand: the newest value in it
    notes: tuple[str, ...] = ()


async def export(
    ask: Ask,
    settings: Settings,
    target: Path | None,
    *,
    now_ns: int,
    progress: Progress,
    limit_bytes: int | None = None,
) -> Result:
    """Write what is asked for to `target` (None or a folder: a name made of what was asked, in it).

    `<name>.datapackage.json` is written beside it. Both appear when they are whole, and replace what was
    there; else nothing is left. Raises `publish.export.errors.ExportFailed`; SIGTERM and SIGINT clean up
    likewise.
    """
    with ended_by_signals():
        registry = await in_thread(load_registry, settings)
        chosen = replace(choose(ask, registry, now_ns), hours_kept=hours_outlive(settings))
        target = real(named(target, chosen))
        with workplace(target) as folder:
            data, descriptor = folder / "made" / target.name, folder / "datapackage.json"
            data.parent.mkdir()
            limit = Limit(limit_bytes, chosen.period)
            spill = folder / "spill.parquet"
            async with opened(settings, chosen) as tables:
                gathered = await gather(chosen, tables, spill, limit.watched(spill, progress))
                if is_empty(gathered):
                    raise await why_nothing(chosen, gathered, tables)
            sheet = await in_thread(shape, chosen, gathered)
            about = await in_thread(describe, chosen, gathered, registry, settings, ask.lang)
            await _write(ask.format, sheet, about, data, limit.watched(data, progress))
            limit.check(data)
            descriptor.write_bytes(await in_thread(package, sheet, about, gathered, data, ask.format))
            beside = target.with_name(f"{target.name}.datapackage.json")
            settle([(data, target), (descriptor, beside)])
    return Result(
        files=(target, beside),
        rows=sheet.rows,
        values=sum(one.values for one in gathered.tallies.values()),
        series=sum(one.values > 0 for one in gathered.tallies.values()),
        notes=notes(chosen, gathered),
        begin_ns=about.begin_ns,
        end_ns=about.end_ns,
        timezone=about.timezone,
        newest_ns=about.newest_ns,
    )


async def _write(format: Format, sheet: Sheet, about: About, data: Path, progress: Progress) -> None:  # noqa: A002  as the option is called
    """Write the file beside the event loop; cancelled, it ends at the next batch of rows."""

    def write(go_on: Callable[[], None]) -> None:
        def show(done: int, total: int) -> None:
            go_on()
            progress(done, total, say("writing"))

        WRITERS[format](sheet, about, data, show)

    await in_stoppable_thread(write)
