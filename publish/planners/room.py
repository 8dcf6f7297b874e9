"""Whether the disk has room for an export: the service's spool lies on the same one."""

import contextlib
import shutil
from pathlib import Path

from devices.language import say
from ingest.settings import Settings
from publish.planners.refused import Refused

#: What was read is kept while the result is written: together so many times what a result may have.
TIMES = 3


def no_room(folder: Path, limit: int, settings: Settings) -> Refused | None:
    """Why the export in this folder must not go on, where it must not. `limit` is in bytes."""
    if _size(folder) > TIMES * limit:
        return Refused(
            413,
            say("this becomes larger than the {size} MB that an export may have", size=limit // 10**6),
            hint=say(
                "ask for less at once: a shorter time, fewer sites, or windows (every=1h) instead of raw"
            ),
        )
    if shutil.disk_usage(folder).free < settings.alarms.disk_free_bytes:
        return Refused(
            503,
            say("the disk of the server has no room for exports now"),
            hint=say("tell those who run Messnetz; it needs that room for the readings that come in"),
            retry_after_s=600,
            ending="failed",
        )
    return None


def _size(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # renamed at this moment
            size += path.lstat().st_size
    return size
