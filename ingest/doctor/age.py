"""How old is what waits: it must not be older than the store keeps points."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest import spool_read
from ingest.errors import SpoolError
from ingest.settings import Influx, Settings
from ingest.store.buckets import Buckets

#: Lines looked at: those that came first.
LINES = 5000


@dataclass(frozen=True, slots=True)
class OldLines:
    """The earliest time (UTC nanoseconds) of the lines that wait, by bucket, and of the quarantine."""

    by_bucket: Mapping[str, int] = field(default_factory=dict)
    kept_ns: int | None = None

    def of(self, influx: Influx, bucket: str) -> tuple[int | None, int | None]:
        """Of the lines for this bucket, and of the quarantine, which becomes readings."""
        return self.by_bucket.get(bucket), self.kept_ns if bucket == influx.bucket else None


def old_lines(settings: Settings) -> OldLines:
    """Look into the spool; an absent or unreadable one holds nothing, which another check says."""
    influx = settings.influx
    if influx is None:
        return OldLines()
    try:
        lines = spool_read.oldest_lines(settings.state, limit=LINES)
        kept_ns = spool_read.oldest_kept_ns(settings.state)
    except (SpoolError, OSError):
        return OldLines()
    parts = Buckets(influx).parts(lines)
    oldest = {
        bucket: min(int(lines[index].rsplit(b" ", 1)[-1]) for index in indexes)
        for bucket, indexes in parts
        if indexes
    }
    return OldLines(oldest, kept_ns)
