"""Before and after: what a recompute changes, by field and row."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from devices.state import DeviceState
from ingest.recompute.record import Asked

#: Rows shown one by one in a report.
SAMPLES = 10

#: (measurement, own tags as text, time): a row; what it holds by field.
Rows = dict[tuple[str, str, int], Mapping[str, float | int]]


class Span(msgspec.Struct, frozen=True):
    """`[begin_ns, end_ns)`, UTC nanoseconds."""

    begin_ns: int
    end_ns: int


class Figures(msgspec.Struct, frozen=True):
    """The values of one field over the whole time."""

    rows: int
    lowest: float
    mean: float
    highest: float


class Change(msgspec.Struct, frozen=True):
    """One field of one series, before and after; None where it had no value."""

    measurement: str
    tags: str
    field: str
    before: Figures | None
    after: Figures | None


class Sample(msgspec.Struct, frozen=True):
    """One row that changes."""

    measurement: str
    tags: str
    time_ns: int
    before: Mapping[str, float | int] | None
    after: Mapping[str, float | int] | None


class Report(msgspec.Struct, frozen=True):
    """What a recompute does. `gone` counts rows that have no successor at their time.

    Of `missing` uplinks rows are stored, but they are not in the archive: what lies in `kept` stays as it is.
    """

    device: str
    begin_ns: int
    end_ns: int
    dry_run: bool
    uplinks: int
    unreadable: int
    rows_before: int
    rows_after: int
    gone: int
    changes: tuple[Change, ...]
    samples: tuple[Sample, ...]
    missing: int = 0
    kept: tuple[Span, ...] = ()


def covers(spans: Sequence[Span]) -> Callable[[int], bool]:
    """What tells whether a time lies in one of the spans, which are sorted."""
    begins = [span.begin_ns for span in spans]

    def within(time_ns: int) -> bool:
        at = bisect_right(begins, time_ns) - 1
        return at >= 0 and time_ns < spans[at].end_ns

    return within


@dataclass(slots=True)
class Judged:
    """What the archive's uplinks become today: lines and rows of the time, and the memory after all of them.

    `times_ns` are the archived uplinks', sorted, those before and after the time too.
    """

    uplinks: int = 0
    unreadable: int = 0
    times_ns: list[int] = field(default_factory=list)
    lines: list[tuple[int, bytes]] = field(default_factory=list)
    rows: Rows = field(default_factory=dict)
    states: dict[str, DeviceState] = field(default_factory=dict)
    frames: set[bytes] = field(default_factory=set)  #: stored ones: what came anew is archived twice


def own_tags(tags: Mapping[str, str]) -> str:
    """The tags of a row beside its place's, as text."""
    common = {"device", "site", "district", "municipality"}
    return ", ".join(f"{name}={value}" for name, value in sorted(tags.items()) if name not in common)


def report(asked: Asked, before: Rows, judged: Judged, missing: int, kept: Sequence[Span]) -> Report:
    """What becomes of the rows `before`; nothing of what is `kept`."""
    before, after = _without(before, kept), _without(judged.rows, kept)
    different = [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]
    return Report(
        device=asked.device,
        begin_ns=asked.begin_ns,
        end_ns=asked.end_ns,
        dry_run=asked.dry_run,
        uplinks=judged.uplinks,
        unreadable=judged.unreadable,
        rows_before=len(before),
        rows_after=len(after),
        gone=len(before.keys() - after.keys()),
        changes=tuple(_changes(before, after)),
        samples=tuple(
            Sample(measurement, tags, time_ns, before.get(key), after.get(key))
            for key in sorted(different, key=lambda one: one[2])[:SAMPLES]
            for measurement, tags, time_ns in (key,)
        ),
        missing=missing,
        kept=tuple(kept),
    )


def _without(rows: Rows, kept: Sequence[Span]) -> Rows:
    if not kept:
        return rows
    stays = covers(kept)
    return {key: fields for key, fields in rows.items() if not stays(key[2])}


def _changes(before: Rows, after: Rows) -> list[Change]:
    old, new = _by_field(before), _by_field(after)
    return [
        Change(*key, _figures(old.get(key)), _figures(new.get(key)))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _by_field(rows: Rows) -> dict[tuple[str, str, str], list[tuple[int, float | int]]]:
    found: dict[tuple[str, str, str], list[tuple[int, float | int]]] = {}
    for (measurement, tags, time_ns), fields in sorted(rows.items(), key=lambda row: row[0][2]):
        for name, value in fields.items():
            found.setdefault((measurement, tags, name), []).append((time_ns, value))
    return found


def _figures(values: Sequence[tuple[int, float | int]] | None) -> Figures | None:
    if values is None:
        return None
    plain = [float(value) for _, value in values]
    return Figures(len(plain), min(plain), sum(plain) / len(plain), max(plain))
