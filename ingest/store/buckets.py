"""Which bucket a line belongs to, so that readings, hours and single bays can each have their retention."""

from collections.abc import Sequence

from ingest.settings import Influx

#: What every measurement of finished hours ends with.
HOURS = "_1h"
_PARKING = "parking"


class Buckets:
    """The buckets of the settings: finished hours, rows of single parking bays, and everything else."""

    def __init__(self, settings: Influx) -> None:
        self._readings = settings.bucket
        self._hours = settings.hours_bucket or settings.bucket
        self._bays = settings.bays_bucket or settings.bucket
        self._one = self._readings == self._hours == self._bays

    def of(self, measurement: str) -> Sequence[str]:
        """Every bucket that may hold rows of a measurement."""
        if measurement.endswith(HOURS):
            return (self._hours,)
        if measurement == _PARKING and self._bays != self._readings:
            return (self._readings, self._bays)
        return (self._readings,)

    def parts(self, lines: Sequence[bytes]) -> list[tuple[str, list[int]]]:
        """The places of the lines by the bucket that they belong to; readings first."""
        if self._one:
            return [(self._readings, list(range(len(lines))))]
        found: dict[str, list[int]] = {self._readings: []}
        for index, line in enumerate(lines):
            found.setdefault(self._of_line(line), []).append(index)
        return list(found.items())

    def _of_line(self, line: bytes) -> str:
        head = line.replace(b"\\ ", b"_").partition(b" ")[0]  # a backslash before a space: within a tag
        measurement = head.partition(b",")[0]
        if measurement.endswith(b"_1h"):
            return self._hours
        # within a tag's text, commas and equals signs stand behind a backslash
        if measurement == b"parking" and b",bay=" in head and b",device=lot:" not in head:
            return self._bays
        return self._readings
