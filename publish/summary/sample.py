"""One value of a series, as a store's row holds it."""

from collections.abc import Iterable

import msgspec

from devices.reading import Flag
from ingest.seams import Row

#: What `<field>_qc` says, of a value in the readings and of a figure that such values went into.
SUSPECT = int(Flag.SUSPECT)


class Sample(msgspec.Struct, frozen=True, gc=False):
    """A value at a UTC time, or over the interval that begins there; None is one that failed its test."""

    time_ns: int
    value: float | int | None
    interval_s: int | None = None
    suspect: bool = False

    @property
    def end_ns(self) -> int:
        """Where its interval ends."""
        return self.time_ns + (self.interval_s or 0) * 1_000_000_000


def samples(rows: Iterable[Row], field: str) -> list[Sample]:
    """What the rows of one series say of a field, as `ingest.line_protocol` wrote them, oldest first.

    A value that failed (`<field>_failed`) is None: it takes part in nothing, and it ends a state. A suspect
    one (`<field>_qc` 3) is a value like others, for it may well be true; what comes of it is marked.
    """
    failed, flag = f"{field}_failed", f"{field}_qc"
    found = []
    for row in rows:
        fields = row.fields
        value = fields.get(field)
        if value is not None or failed in fields:
            found.append(Sample(row.time_ns, value, fields.get("interval"), fields.get(flag) == SUSPECT))
    found.sort(key=_time_ns)
    return found


def _time_ns(sample: Sample) -> int:
    return sample.time_ns
