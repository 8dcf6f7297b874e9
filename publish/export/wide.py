"""The wide shape: a row a time (or slot of a profile), a column a series."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from devices.language import say
from publish.export import reasons, spilled
from publish.export.chosen import Chosen
from publish.export.errors import TooLarge
from publish.export.heads import about, head
from publish.export.series import Gathered
from publish.export.sheet import Column, Entry, Kind, Lang, Sheet
from publish.export.slots import slot_arrays, slot_columns
from publish.export.what import What, what

#: Columns of values: a spreadsheet has 16 384 columns, of which each series takes up to four.
MOST = 1000
#: Cells of one role that are held at once, and times that are worth the while of going through all columns.
_CELLS, _TIMES = 2_000_000, 500
#: What each series has a column for, in their order: values of all series first, then flags of all.
_ROLES: dict[What, tuple[str, ...]] = {
    "readings": ("value", "flag"),
    "windows": ("value", "flag", "coverage", "reason"),
    "profiles": ("value", "flag", "used", "windows"),
}
_Rows = npt.NDArray[np.int64]


def wide(
    chosen: Chosen, gathered: Gathered, entries: tuple[Entry, ...], lang: Lang, *, people: bool
) -> Sheet:
    """What was gathered, a row a time. Raises `TooLarge` for more series than a table can show."""
    if len(entries) > MOST:
        raise TooLarge(
            say(
                "{count} series are too many columns: wide has {most} at most", count=len(entries), most=MOST
            ),
            hint=say("take --shape long, or fewer sites or quantities"),
        )
    kind = what(chosen.ask)
    columns = _first(chosen, lang)
    for role in _ROLES[kind]:
        columns += [_column(role, number, entry, lang) for number, entry in enumerate(entries)]
    key = "slot" if kind == "profiles" else "time"

    def batches() -> Iterator[pa.RecordBatch]:
        for part in _parts(gathered, key, max(1, len(entries))):
            arrays = list(_arrays(part, key, chosen, entries, lang, people=people))
            yield pa.RecordBatch.from_arrays(arrays, [column.name for column in columns])

    return Sheet(tuple(columns), _count(gathered, key), batches, "wide", entries, lang)


def _first(chosen: Chosen, lang: Lang) -> list[Column]:
    """The columns that say which row it is."""
    if what(chosen.ask) == "profiles":
        return slot_columns(chosen.ask.every, lang)
    names = ["time", "end"] if what(chosen.ask) == "windows" else ["time"]
    return [Column(name, head(name, lang), "time", about=about(name, lang)) for name in names]


def _column(role: str, number: int, entry: Entry, lang: Lang) -> Column:
    if role == "value":
        sign = f" ({entry.sign})" if entry.sign else ""
        kind: Kind = "integer" if entry.integer else "number"
        return Column(
            entry.name, entry.title + sign, kind, entry.unit, entry.decimals, series=number, role=role
        )
    kinds: dict[str, Kind] = {"coverage": "number", "reason": "text"}
    return Column(
        f"{entry.name}.{role}",
        f"{entry.title}: {head(role, lang)}",
        kinds.get(role, "integer"),
        "%" if role == "coverage" else "",
        1 if role == "coverage" else None,
        about(role, lang),
        number,
        role,
    )


def _count(gathered: Gathered, key: str) -> int:
    """How many different times (or slots) there are."""
    count, last = 0, -1
    for batch in spilled.batches(gathered.spill, [key]):
        keys = np.asarray(batch[key])
        count += int(np.count_nonzero(np.diff(keys))) + int(keys[0] != last)
        last = int(keys[-1])
    return count


def _parts(gathered: Gathered, key: str, series: int) -> Iterator[pa.Table]:
    """Parts of the spill that never cut a time in two, each of as many times as can be held."""
    most = max(1, _CELLS // series)
    held: pa.Table | None = None
    for batch in spilled.batches(gathered.spill, rows=min(_CELLS, max(spilled.ROWS, _TIMES * series))):
        table = pa.Table.from_batches([batch])
        held = table if held is None else pa.concat_tables([held, table])
        starts = _starts(held[key].to_numpy())
        bounds = [*starts[:-1:most], starts[-1]]  # the last time may go on in the next batch
        for begin, end in pairwise(bounds):
            yield held.slice(begin, end - begin)
        held = held.slice(starts[-1])
    if held is not None:
        yield held


def _starts(keys: _Rows) -> _Rows:
    """Where each time begins."""
    return np.concatenate([[0], np.flatnonzero(np.diff(keys)) + 1])


def _arrays(
    part: pa.Table, key: str, chosen: Chosen, entries: tuple[Entry, ...], lang: Lang, *, people: bool
) -> Iterator[pa.Array]:
    keys = part[key].to_numpy()
    starts = _starts(keys)
    rows = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(keys))))
    if key == "slot":
        yield from slot_arrays(keys[starts], chosen.ask.every, lang)
    else:
        yield pa.array(keys[starts])
    if "end" in part.schema.names:
        yield pa.array(part["end"].to_numpy()[starts])
    series = part["series"].to_numpy()
    for role in _ROLES[what(chosen.ask)]:
        column = part[role].combine_chunks()
        if role == "reason":
            yield from _reasons(column, series, rows, (len(entries), len(starts)), lang, people=people)
        else:
            yield from _numbers(role, column, series, rows, len(starts), entries)


def _numbers(
    role: str, column: pa.Array, series: _Rows, rows: _Rows, count: int, entries: tuple[Entry, ...]
) -> Iterator[pa.Array]:
    kind = np.float64 if role in {"value", "coverage"} else np.int64
    cells, empty = _scattered(
        column.fill_null(0).to_numpy(zero_copy_only=False).astype(kind),
        column,
        series,
        rows,
        (len(entries), count),
    )
    for entry, said, none in zip(entries, cells, empty, strict=True):
        array = pa.array(said, mask=none)
        yield array.cast(pa.int64()) if role == "value" and entry.integer else array


def _reasons(
    column: pa.Array, series: _Rows, rows: _Rows, size: tuple[int, int], lang: Lang, *, people: bool
) -> Iterator[pa.Array]:
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    said = [
        reasons.word(word).in_language(lang) if people else word for word in encoded.dictionary.to_pylist()
    ]
    words = pa.array(said, pa.string())
    indices = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int32)
    for numbers, none in zip(*_scattered(indices, column, series, rows, size), strict=True):
        yield pa.DictionaryArray.from_arrays(pa.array(numbers, mask=none), words)


def _scattered(
    values: npt.NDArray[Any], column: pa.Array, series: _Rows, rows: _Rows, size: tuple[int, int]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Values put where series and row meet, and where nothing is."""
    cells, empty = np.zeros(size, values.dtype), np.ones(size, np.bool_)
    cells[series, rows] = values
    empty[series, rows] = column.is_null().to_numpy(zero_copy_only=False)
    return cells, empty
