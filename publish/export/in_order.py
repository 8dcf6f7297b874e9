"""Windows that come by part of the period and device, as a spill that is sorted by time and series."""

import math
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from devices.reading import Flag
from publish.export.figure import Figure
from publish.export.order import rank
from publish.export.reasons import REASONS
from publish.export.series import Series, Tally
from publish.export.spill import ROW_GROUP, WINDOWS, SpillWriter
from publish.export.walk import WindowRows
from publish.summary import SUSPECT, Window

_REASONS = pa.array(REASONS)
_REASON_NUMBERS = {reason: number for number, reason in enumerate(REASONS)}


class InOrder:
    """A part is written to a file of its own, with series numbered as they come; then all of them go into
    the spill, one after the other, sorted, with what is told later of each. `with` removes the files.
    """

    def __init__(self, spill: Path) -> None:
        self.rows = 0
        self.tallies: dict[Series, Tally] = {}
        self._spill = spill
        self._folder = spill.with_name(f"{spill.name}.parts")
        self._numbers: dict[Series, int] = {}
        self._part = -1
        self._writer: SpillWriter | None = None
        self._fresh: list[pa.Table] = []
        self._fresh_rows = 0
        self._sorted: Mapping[Series, int] = {}
        self._late: list[pa.Table] = []
        self._into: SpillWriter | None = None
        self._done = 0  #: parts that are in the spill
        self._times: tuple[Sequence[Window], pa.Array, pa.Array] | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in (self._writer, self._into):
            if writer is not None:
                writer.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, part: int, rows: WindowRows) -> None:
        """Rows of a part, not before those of the parts before it."""
        if part != self._part:
            self._close()
            self._part, self._writer = part, SpillWriter(self._file(part), WINDOWS)
        assert self._writer is not None  # noqa: S101  just opened
        number = self._numbers.setdefault(rows.series, len(self._numbers))
        self._fresh.append(self._table(rows, number))
        self._fresh_rows += len(rows.windows)
        if self._fresh_rows >= ROW_GROUP:
            self._write()

    def sort_series(self, series: Iterable[Series]) -> tuple[Series, ...]:
        """All series there are, in the order in which they are numbered: by device, car parks last."""
        ordered = tuple(sorted(series, key=rank))
        self._close()
        self._sorted = {one: number for number, one in enumerate(ordered)}
        self._into = SpillWriter(self._spill, WINDOWS)
        return ordered

    def add_late(self, part: int, rows: WindowRows) -> None:
        """Rows of a part that were not known before, by part."""
        while self._done < part:
            self._place()
        self._late.append(self._table(rows, self._sorted[rows.series]))

    def finish(self) -> None:
        """Place what is left."""
        while self._done <= self._part or self._late:
            self._place()

    def _place(self) -> None:
        """The next part into the spill, whole and sorted."""
        tables = self._late
        path = self._file(self._done)
        if path.exists():
            new = [self._sorted[one] for one in self._numbers]
            table = pq.read_table(path, schema=WINDOWS)
            series = pa.array(new, pa.int32()).take(table.column("series").combine_chunks())
            tables = [
                *tables,
                table.set_column(WINDOWS.get_field_index("series"), WINDOWS.field("series"), series),
            ]
            path.unlink()
        self._late = []
        self._done += 1
        if tables and self._into is not None:
            whole = pa.concat_tables(tables)
            self.rows += whole.num_rows
            self._into.write(whole.sort_by([("time", "ascending"), ("series", "ascending")]))

    def _table(self, rows: WindowRows, number: int) -> pa.Table:
        tally(self.tallies.setdefault(rows.series, Tally()), rows)
        if self._times is None or self._times[0] is not rows.windows:
            begins = pa.array([one.begin_ns for one in rows.windows], pa.int64())
            self._times = rows.windows, begins, pa.array([one.end_ns for one in rows.windows], pa.int64())
        figures = rows.figures
        reasons = [None if one.reason is None else _REASON_NUMBERS[one.reason] for one in figures]
        columns = [
            self._times[1],
            self._times[2],
            pa.repeat(pa.scalar(number, pa.int32()), len(figures)),
            pa.array([one.value for one in figures], pa.float64()),
            pa.array([one.partial for one in figures], pa.float64()),
            pa.array([one.coverage for one in figures], pa.float64()),
            pa.array([_flag(one) for one in figures], pa.int8()),
            pa.DictionaryArray.from_arrays(pa.array(reasons, pa.int8()), _REASONS),
        ]
        return pa.table(columns, schema=WINDOWS)

    def _write(self) -> None:
        if self._fresh and self._writer is not None:
            self._writer.write(pa.concat_tables(self._fresh))
        self._fresh, self._fresh_rows = [], 0

    def _close(self) -> None:
        self._write()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _file(self, part: int) -> Path:
        return self._folder / f"{part}.parquet"


def _flag(figure: Figure) -> int | None:
    if figure.value is None and figure.partial is None:
        return None
    return SUSPECT if figure.suspect else int(Flag.GOOD)


def tally(into: Tally, rows: WindowRows) -> None:
    """Count windows, those with a value, and why others have none."""
    into.windows += len(rows.figures)
    into.coverage_sum += math.fsum([one.coverage for one in rows.figures])
    for window, one in zip(rows.windows, rows.figures, strict=True):
        if one.value is None:
            reason = one.reason or "unknown"
            into.reasons[reason] = into.reasons.get(reason, 0) + 1
            continue
        into.values += 1
        into.suspect += one.suspect
        if into.first_ns is None or window.begin_ns < into.first_ns:
            into.first_ns = window.begin_ns
        if into.last_ns is None or window.begin_ns > into.last_ns:
            into.last_ns = window.begin_ns
