"""Rows of a store, which have a column a field, as rows of a value each. Nothing is done value by value."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from devices.quantity import Quantity
from devices.reading import TAGS, Flag
from publish.export.chosen import Chosen
from publish.export.counts import Counts
from publish.export.order import rank, renumber
from publish.export.series import Gathered, Series
from publish.export.spill import READINGS
from publish.hours.lots import lot_name, lot_named

_NO_INTERVAL = -1

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Own = tuple[tuple[str, str], ...]


class Cells(NamedTuple):
    """Places in a table of the store: row and number of the quantity."""

    row: Integers
    column: Integers


class Found(NamedTuple):
    """A measurement's rows of a slice: whose they are, and in which cells stands what."""

    measurement: str
    table: pa.Table
    groups: Integers  #: of each row, its place in `keys`
    keys: Sequence[tuple[str, Own]]  #: devices with their own tags
    values: Floats  #: a row a row of the table, a column a quantity
    suspect: Truths
    kept: Cells
    failed: Cells
    dropped: Cells


class Rows(NamedTuple):
    """Values side by side."""

    time: Integers
    series: Integers
    value: Floats
    suspect: Truths
    interval: Integers


class Values:
    """Turns tables of the store into rows of the spill, and counts."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self.places = frozenset(one.id for one in chosen.devices) | {lot_name(lot) for lot in chosen.lots}
        self._series: list[Series] = []
        self._numbers: dict[Series, int] = {}
        self._counts = Counts()

    def take(self, tables: Mapping[str, pa.Table]) -> pa.Table:
        """The spill's rows of one slice, whose rows came by measurement."""
        found = [self._found(name, table) for name, table in tables.items() if table.num_rows]
        numbers = self._numbered([self._used(one) for one in found])
        parts = [self._rows(one, those) for one, those in zip(found, numbers, strict=True)]
        rows = _sorted(_joined(parts)) if parts else None
        if rows is None or not len(rows.time):
            return READINGS.empty_table()
        self._counts.values(rows.time, rows.series, rows.suspect, len(self._series))
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
        """All that was taken and written there, the series in order; one heard of late costs another pass."""
        order = sorted(range(len(self._series)), key=lambda number: rank(self._series[number]))
        if order != list(range(len(order))):
            renumber(spill, np.argsort(order).tolist())
        counted = self._counts.tallies(len(self._series))
        tallies = {new: counted[old] for new, old in enumerate(order)}
        newest = [one.last_ns for one in tallies.values() if one.last_ns is not None]
        return Gathered(
            spill,
            rows=sum(one.values for one in tallies.values()),
            series=tuple(self._series[number] for number in order),
            tallies=tallies,
            newest_ns=max(newest, default=None),
        )

    def _found(self, measurement: str, table: pa.Table) -> Found:
        quantities = self._chosen.quantities[measurement]
        groups, keys = _groups(table)
        belongs = np.array([self._belongs(*key) for key in keys])[groups][:, np.newaxis]
        values = _side_by_side([_rounded(_floats(table, one.name), one) for one in quantities])
        there = ~np.isnan(values) & belongs
        failed = _side_by_side([_is_there(table, f"{one.name}_failed") for one in quantities]) & belongs
        suspect = _side_by_side([_floats(table, f"{one.name}_qc") == Flag.SUSPECT for one in quantities])
        dropped = there & suspect if self._chosen.ask.suspect == "drop" else np.zeros_like(there)
        kept = there & ~dropped
        return Found(
            measurement, table, groups, keys, values, suspect, _cells(kept), _cells(failed), _cells(dropped)
        )

    def _belongs(self, device: str, tags: Own) -> bool:
        single_bay = lot_named(device) is None and any(name == "bay" for name, _ in tags)
        return device in self.places and (self._chosen.single_bays or not single_bay)

    def _used(self, found: Found) -> dict[tuple[int, int], Series]:
        """The series of which anything was found, by group and column."""
        quantities = self._chosen.quantities[found.measurement]
        used = np.zeros((len(found.keys), len(quantities)), np.bool_)
        for cells in (found.kept, found.failed, found.dropped):
            used[found.groups[cells.row], cells.column] = True
        return {
            (group, column): Series(device, found.measurement, quantities[column].name, tags)
            for group, column in np.argwhere(used).tolist()
            for device, tags in [found.keys[group]]
        }

    def _numbered(self, used: Sequence[Mapping[tuple[int, int], Series]]) -> list[dict[tuple[int, int], int]]:
        """The numbers of these series; new ones get theirs in their order."""
        new = {series for those in used for series in those.values() if series not in self._numbers}
        for series in sorted(new, key=rank):
            self._numbers[series] = len(self._series)
            self._series.append(series)
        return [{cell: self._numbers[series] for cell, series in those.items()} for those in used]

    def _rows(self, found: Found, numbers: Mapping[tuple[int, int], int]) -> Rows:
        """The values that are kept; the others are counted."""
        quantities = self._chosen.quantities[found.measurement]
        by_cell = np.full((len(found.keys), len(quantities)), -1)
        for cell, number in numbers.items():
            by_cell[cell] = number

        def series(cells: Cells) -> Integers:
            return by_cell[found.groups[cells.row], cells.column]

        self._counts.left_out(series(found.failed), series(found.dropped), len(self._series))
        kept = found.kept
        return Rows(
            found.table.column("time").to_numpy()[kept.row],
            series(kept),
            found.values[kept],
            found.suspect[kept],
            _intervals(found.table, quantities, kept),
        )


def _cells(there: Truths) -> Cells:
    """Row by row, so that they are in the order of time."""
    places = np.flatnonzero(there)
    return Cells(*np.divmod(places, there.shape[1]))


def _joined(parts: Sequence[Rows]) -> Rows:
    return Rows(
        np.concatenate([one.time for one in parts]),
        np.concatenate([one.series for one in parts]),
        np.concatenate([one.value for one in parts]),
        np.concatenate([one.suspect for one in parts]),
        np.concatenate([one.interval for one in parts]),
    )


def _sorted(rows: Rows) -> Rows:
    """By time, then series, which the store's order nearly is already; of values at one time the last one.

    There are several where a place got another site or district and its rows were written once more.
    """
    later, next_series = np.diff(rows.time), np.diff(rows.series)
    if ((later > 0) | ((later == 0) & (next_series > 0))).all():
        return rows
    rows = _at(rows, np.lexsort((rows.series, rows.time)))
    twice = (np.diff(rows.time) == 0) & (np.diff(rows.series) == 0)
    return _at(rows, np.append(~twice, True)) if twice.any() else rows


def _at(rows: Rows, places: Integers | Truths) -> Rows:
    return Rows(
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


def _intervals(table: pa.Table, quantities: Sequence[Quantity], cells: Cells) -> Integers:
    """Seconds of each value's interval."""
    of_intervals = np.array([one.interval for one in quantities])
    if not of_intervals.any():
        return np.full(len(cells.row), _NO_INTERVAL)
    seconds = np.asarray(pc.fill_null(table.column("interval").cast(pa.int64()), _NO_INTERVAL).to_numpy())
    return np.where(of_intervals[cells.column], seconds[cells.row], _NO_INTERVAL)
