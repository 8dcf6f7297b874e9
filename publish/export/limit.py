"""How large an export may become."""

from pathlib import Path

from devices.language import say
from publish.export.errors import TooLarge
from publish.export.progress import Progress
from publish.summary import Window

_DAY_NS = 86400 * 10**9
_HOUR_NS = 3600 * 10**9


class Limit:
    """At most so many bytes (None: as many as it takes) for what is asked of a period."""

    def __init__(self, limit_bytes: int | None, period: Window) -> None:
        self._limit_bytes = limit_bytes
        self._period = period

    def watched(self, file: Path, progress: Progress) -> Progress:
        """The same progress, which raises `TooLarge` once the file is."""

        def show(done: int, total: int, what: str) -> None:
            self.check(file, done / total if total else 1)
            progress(done, total, what)

        return show

    def check(self, file: Path, share: float = 1) -> None:
        """Raise `TooLarge` if the file is, of which this share is written."""
        if self._limit_bytes is None or not file.exists():
            return
        size = file.stat().st_size
        if size > self._limit_bytes:
            raise TooLarge(
                say(
                    "the file would have about {size} MB, and {limit} MB are allowed",
                    size=_megabytes(size / max(share, 0.001)),
                    limit=_megabytes(self._limit_bytes),
                ),
                hint=say(
                    "about {time} of that time would fit; or ask for fewer places, or for longer windows, as"
                    " every 1h",
                    time=self._fitting(size, share),
                ),
            )

    def _fitting(self, size: int, share: float) -> str:
        """How much of the period fits, cut to days or hours."""
        assert self._limit_bytes is not None  # noqa: S101  asked only where there is one
        fits_ns = int(self._period.length_ns * share * self._limit_bytes / size)
        return f"{fits_ns // _DAY_NS} d" if fits_ns >= _DAY_NS else f"{max(fits_ns // _HOUR_NS, 1)} h"


def _megabytes(size: float) -> int:
    return max(round(size / 1e6), 1)
