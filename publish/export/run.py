"""An export from its beginning to its end: what is asked, read, shaped, written, described and put in place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.settings import Settings
from publish.export.ask import Ask

#: Done, of how much (0: not known yet), and what is being done.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What was made. `notes` are sentences (`say`) on what must be known of it."""

    files: tuple[Path, ...]  #: the data, then its data package
    rows: int  #: of the file
    values: int
    series: int
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
    """Write what is asked for to `target` (None: a name made of what was asked, in the current folder).

    `<stem>.datapackage.json` is written beside it. Both appear when they are whole, and replace what was there;
    else nothing is left. Raises `publish.export.errors.ExportFailed`; SIGTERM and SIGINT clean up likewise.
    """
    raise NotImplementedError
