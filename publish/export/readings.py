"""Raw values: what the store has, value by value, each by its own flag.

The period is read in slices, each as long as those before say that the memory bears; while one is worked on
the next is asked for. Nothing is done value by value: columns come in and columns go out.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from devices.language import say
from devices.quantity import Quantity
from devices.reading import TAGS, Flag
from ingest.store.tables import Tables
from publish.export.chosen import Chosen
from publish.export.progress import Progress
from publish.export.series import Gathered, Series, Tally
from publish.export.spill import READINGS, SpillWriter
from publish.export.threads import in_thread
from publish.hours.lots import lot_name
from publish.summary import Window

#: Rows of the store in one slice, about; as columns they are some 15 MB.
ROWS = 100_000
#: So many values weigh as much as a row with its time and tags.
_VALUES_A_ROW = 4
#: How often a place speaks that does not say it.
_INTERVAL_S = 300
#: By how much places may speak more often, or less, than they say.
_CAUTION = 8
_SHORTEST_NS = 60 * 10**9
#: Of more places all rows are read and those of others left out here: names cost the store time, too.
_NAMED = 1000
_NO_INTERVAL = -1
_NEVER = np.iinfo(np.int64).max

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Own = tuple[tuple[str, str], ...]


async def gather_readings(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Write every value in the period to a spill of `publish.export.spill.READINGS`.

    Values that failed are counted and left out, and so are suspect ones where that was asked for; a series of
    which there are only such stands among the series, too.
    """
    readings = _Readings(chosen)
    writer = SpillWriter(spill, READINGS)
    begin_ns, seconds = chosen.period.begin_ns, chosen.period.length_ns // 10**9
    try:
        async with aclosing(_slices(chosen, tables, readings.places)) as slices:
            async for window, found in slices:
                await in_thread(_work, readings, writer, found)
                progress((window.end_ns - begin_ns) // 10**9, seconds, say("reading"))
    finally:
        writer.close()
    return readings.gathered(spill)


def _work(readings: "_Readings", writer: SpillWriter, found: Mapping[str, pa.Table]) -> None:
    writer.write(readings.take(found))


# --- reading -----------------------------------------------------------------------------------------------


async def _slices(
    chosen: Chosen, tables: Tables, places: frozenset[str]
) -> AsyncGenerator[tuple[Window, Mapping[str, pa.Table]]]:
    """The rows of the period by measurement, slice by slice, the next one under way already."""
    pace = _Pace(chosen)
    named = sorted(places) if len(places) <= _NAMED else None
    end_ns = chosen.period.end_ns

    async def read(begin_ns: int) -> tuple[Window, Mapping[str, pa.Table]]:
        window = Window(begin_ns, min(begin_ns + pace.length_ns, end_ns))
        found = {
            measurement: await tables.read(
                measurement, _fields(several), window.begin_ns, window.end_ns, named
            )
            for measurement, several in chosen.quantities.items()
        }
        pace.learn(window, sum(_weight(found[name], several) for name, several in chosen.quantities.items()))
        return window, found

    ahead: asyncio.Task[Any] | None = asyncio.create_task(read(chosen.period.begin_ns))
    try:
        while ahead is not None:
            window, found = await ahead
            ahead = asyncio.create_task(read(window.end_ns)) if window.end_ns < end_ns else None
            yield window, found
    finally:
        if ahead is not None:
            ahead.cancel()
            await asyncio.wait((ahead,))
            if not ahead.cancelled():
                ahead.exception()  # nobody else asks for it


def _fields(quantities: Sequence[Quantity]) -> list[str]:
    """What is read for them: values, those that failed, flags; and the length of intervals."""
    fields = [f"{one.name}{suffix}" for one in quantities for suffix in ("", "_failed", "_qc")]
    return [*fields, "interval"] if any(one.interval for one in quantities) else fields


def _weight(table: pa.Table, quantities: Sequence[Quantity]) -> int:
    rows: int = table.num_rows
    values: int = sum(rows - table.column(one.name).null_count for one in quantities)
    return max(rows, values // _VALUES_A_ROW)


class _Pace:
    """How long the next slice is: as long as the last ones say, and never far beyond what is to be expected.

    One that follows a long silence may be full, so that it must not have grown for as long as nothing came.
    """

    def __init__(self, chosen: Chosen) -> None:
        rows_a_second = sum(1 / (one.interval_s or _INTERVAL_S) for one in chosen.devices)
        self._densest = rows_a_second * len(chosen.quantities) / 10**9  #: rows in a nanosecond
        self.length_ns = self._within(ROWS / self._densest / _CAUTION)

    def learn(self, window: Window, weight: int) -> None:
        """What was in a slice."""
        self._densest = max(self._densest, weight / window.length_ns)
        most = ROWS / self._densest * (_CAUTION if weight else 2)
        self.length_ns = self._within(min(window.length_ns * min(ROWS / max(weight, 1), 2), most))

    def _within(self, length_ns: float) -> int:
        return max(int(length_ns), _SHORTEST_NS)


# --- values ------------------------------------------------------------------------------------------------


class _Values(NamedTuple):
    """Values of one slice side by side, in the spill's order or not yet."""

    time: Integers
    series: Integers
    value: Floats
    suspect: Truths
    interval: Integers


class _Readings:
    """Turns tables of the store into rows of the spill, and counts."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self.places = frozenset(one.id for one in chosen.devices) | {lot_name(lot) for lot in chosen.lots}
        self._drops = chosen.ask.suspect == "drop"
        self._series: list[Series] = []
        self._numbers: dict[tuple[str, str, Own], Integers] = {}
        self._counts = _Counts()

    def take(self, found: Mapping[str, pa.Table]) -> pa.Table:
        """The spill's rows of one slice."""
        parts = [self._values(name, table) for name, table in found.items() if table.num_rows]
        if not parts:
            return READINGS.empty_table()
        rows = _sorted(_joined(parts))
        self._counts.values(rows, len(self._series))
        return pa.table(
            [
                rows.time,
                rows.series.astype(np.int32),
                rows.value,
                np.where(rows.suspect, int(Flag.SUSPECT), int(Flag.GOOD)).astype(np.int8),
                pa.array(rows.interval.astype(np.int32), mask=rows.interval == _NO_INTERVAL),
            ],
            schema=READINGS,
        )

    def gathered(self, spill: Path) -> Gathered:
        """All that was taken."""
        tallies = self._counts.tallies(len(self._series))
        newest = [one.last_ns for one in tallies.values() if one.last_ns is not None]
        rows = sum(one.values for one in tallies.values())
        return Gathered(spill, rows, tuple(self._series), tallies, max(newest, default=None))

    def _values(self, measurement: str, table: pa.Table) -> _Values:
        quantities = self._chosen.quantities[measurement]
        groups, keys = _groups(table)
        belongs = np.array([self._belongs(*key) for key in keys])[groups]
        values = _side_by_side([_rounded(_floats(table, one.name), one) for one in quantities])
        there = ~np.isnan(values) & belongs[:, np.newaxis]
        failed = _side_by_side([_is_there(table, f"{one.name}_failed") for one in quantities])
        failed &= belongs[:, np.newaxis]
        suspect = _side_by_side([_floats(table, f"{one.name}_qc") == Flag.SUSPECT for one in quantities])
        dropped = there & suspect if self._drops else np.zeros_like(there)
        kept = there & ~dropped

        width = len(quantities)
        used = np.zeros((len(keys), width), np.bool_)
        cells = {
            name: np.flatnonzero(of)
            for name, of in (("kept", kept), ("failed", failed), ("dropped", dropped))
        }
        rows = {name: places // width for name, places in cells.items()}
        columns = {name: places % width for name, places in cells.items()}
        for name in cells:
            used[groups[rows[name]], columns[name]] = True
        numbers = self._numbered(measurement, quantities, keys, used)
        series = {name: numbers[groups[rows[name]], columns[name]] for name in cells}
        self._counts.left_out(series["failed"], series["dropped"], len(self._series))
        row, column = rows["kept"], columns["kept"]
        return _Values(
            table.column("time").to_numpy()[row],
            series["kept"],
            values.ravel()[cells["kept"]],
            suspect.ravel()[cells["kept"]],
            _intervals(table, quantities, row, column),
        )

    def _belongs(self, device: str, tags: Own) -> bool:
        single_bay = device in self.places and any(name == "bay" for name, _ in tags)
        return device in self.places and (self._chosen.single_bays or not single_bay)

    def _numbered(
        self, measurement: str, quantities: Sequence[Quantity], keys: Sequence[tuple[str, Own]], used: Truths
    ) -> Integers:
        """The numbers of series by group and quantity; those that are used and new get one."""
        nothing = np.full(len(quantities), -1)
        numbers = np.array([self._numbers.get((measurement, *key), nothing) for key in keys])
        for group, column in np.argwhere(used & (numbers < 0)).tolist():
            device, tags = keys[group]
            numbers[group, column] = len(self._series)
            self._series.append(Series(device, measurement, quantities[column].name, tags))
            self._numbers[measurement, device, tags] = numbers[group].copy()
        return numbers


class _Counts:
    """What there is of each series, by its number."""

    def __init__(self) -> None:
        self._of = {
            name: np.zeros(0, np.int64) for name in ("values", "suspect", "failed", "dropped", "last")
        }
        self._first = np.zeros(0, np.int64)

    def values(self, rows: _Values, size: int) -> None:
        """Count the rows of a slice, which are sorted by time."""
        self._grow(size)
        self._of["values"] += np.bincount(rows.series, minlength=size)
        self._of["suspect"] += np.bincount(rows.series[rows.suspect], minlength=size)
        self._of["last"][rows.series] = rows.time  # of several for one place the last one stays
        first = np.full(size, _NEVER)
        first[rows.series[::-1]] = rows.time[::-1]
        self._first = np.minimum(self._first, first)

    def left_out(self, failed: Integers, dropped: Integers, size: int) -> None:
        """Count what does not become rows."""
        self._grow(size)
        self._of["failed"] += np.bincount(failed, minlength=size)
        self._of["dropped"] += np.bincount(dropped, minlength=size)

    def tallies(self, size: int) -> dict[int, Tally]:
        """By number."""
        self._grow(size)
        counted = zip(*(self._of[name].tolist() for name in self._of), self._first.tolist(), strict=True)
        return {
            number: Tally(
                values=values,
                suspect=suspect,
                failed=failed,
                dropped=dropped,
                first_ns=first if values else None,
                last_ns=last if values else None,
            )
            for number, (values, suspect, failed, dropped, last, first) in enumerate(counted)
        }

    def _grow(self, size: int) -> None:
        more = size - len(self._first)
        if more > 0:
            self._of = {name: np.pad(counts, (0, more)) for name, counts in self._of.items()}
            self._first = np.pad(self._first, (0, more), constant_values=_NEVER)


def _joined(parts: Sequence[_Values]) -> _Values:
    return _Values(
        np.concatenate([one.time for one in parts]),
        np.concatenate([one.series for one in parts]),
        np.concatenate([one.value for one in parts]),
        np.concatenate([one.suspect for one in parts]),
        np.concatenate([one.interval for one in parts]),
    )


def _sorted(rows: _Values) -> _Values:
    """By time, then series, which the store's order nearly is already; of values at one time the last one.

    There are several where a place got another site or district and its rows were written once more.
    """
    later, next_series = np.diff(rows.time), np.diff(rows.series)
    if ((later > 0) | ((later == 0) & (next_series > 0))).all():
        return rows
    rows = _at(rows, np.lexsort((rows.series, rows.time)))
    twice = (np.diff(rows.time) == 0) & (np.diff(rows.series) == 0)
    return _at(rows, np.append(~twice, True)) if twice.any() else rows


def _at(rows: _Values, places: Integers | Truths) -> _Values:
    return _Values(
        rows.time[places],
        rows.series[places],
        rows.value[places],
        rows.suspect[places],
        rows.interval[places],
    )


def _groups(table: pa.Table) -> tuple[Integers, list[tuple[str, Own]]]:
    """For each row the number of its device and own tags, and what each number stands for."""
    codes = np.zeros(table.num_rows, np.int64)
    names, texts = [], []
    for name in ("device", *TAGS):
        column = table.column(name)
        if column.null_count < table.num_rows:
            one = pa.concat_arrays(column.chunks)
            known = [None, *one.dictionary.to_pylist()]
            codes *= len(known)
            codes += pc.fill_null(one.indices, -1).to_numpy(zero_copy_only=False) + 1
            names.append(name)
            texts.append(known)
    found = pa.array(codes).dictionary_encode()
    keys = [_key(names, _decoded(code, texts)) for code in found.dictionary.to_pylist()]
    return found.indices.to_numpy(), keys


def _decoded(code: int, texts: Sequence[Sequence[str | None]]) -> list[str | None]:
    said = []
    for known in reversed(texts):
        code, place = divmod(code, len(known))
        said.append(known[place])
    return said[::-1]


def _key(names: Sequence[str], said: Sequence[str | None]) -> tuple[str, Own]:
    tags = {name: text for name, text in zip(names, said, strict=True) if text}
    return tags.pop("device", ""), tuple(sorted(tags.items()))


def _floats(table: pa.Table, name: str) -> Floats:
    """A column of numbers, NaN where there is none (the store has no NaN of its own)."""
    column = pc.cast(table.column(name), pa.float64(), safe=False)
    return np.array(pc.fill_null(column, np.nan).to_numpy())


def _is_there(table: pa.Table, name: str) -> Truths:
    return np.asarray(table.column(name).is_valid().to_numpy())


def _side_by_side(columns: Sequence[Any]) -> Any:
    """A row's values beside each other, so that all of them follow each other in the order of time."""
    return np.column_stack(columns)


def _rounded(values: Floats, quantity: Quantity) -> Floats:
    """As many decimals as the quantity has, as Python rounds; what was rounded once stays as it is."""
    decimals = quantity.decimals or 0
    odd = np.flatnonzero((np.round(values, decimals) != values) & ~np.isnan(values))
    if odd.size:
        values[odd] = [round(value, decimals) for value in values[odd].tolist()]
    return values + 0.0  # no -0.0


def _intervals(table: pa.Table, quantities: Sequence[Quantity], row: Integers, column: Integers) -> Integers:
    """Seconds of each value's interval."""
    of_intervals = np.array([one.interval for one in quantities])
    if not of_intervals.any():
        return np.full(len(row), _NO_INTERVAL)
    seconds = np.asarray(pc.fill_null(table.column("interval").cast(pa.int64()), _NO_INTERVAL).to_numpy())
    return np.where(of_intervals[column], seconds[row], _NO_INTERVAL)
