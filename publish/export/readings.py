"""Raw values: what the store has, value by value, each by its own flag.

The period is read in slices, each as long as those before say that the memory bears; while one is worked on
the next is asked for. Nothing is done value by value: columns come in and columns go out.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pyarrow as pa

from devices.language import say
from devices.quantity import Quantity
from ingest.store.tables import Tables
from publish.export.chosen import Chosen
from publish.export.progress import Progress
from publish.export.series import Gathered
from publish.export.spill import READINGS, SpillWriter
from publish.export.threads import in_thread
from publish.export.values import Values
from publish.hours.plan import said_of
from publish.summary import Window

#: Rows of the store in one slice, about. With twice as many an export from InfluxDB took up to 530 MB.
ROWS = 50_000
#: So many values weigh as much as a row with its time and tags.
_VALUES_A_ROW = 4
#: How often a place speaks that does not say it.
_INTERVAL_S = 300
#: By how much places may speak more often, or less, than they say.
_CAUTION = 8
_SHORTEST_NS = 60 * 10**9
#: Of more places all rows are read and those of others left out here: names cost the store time, too.
_NAMED = 1000


async def gather_readings(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Write every value in the period to a spill of `publish.export.spill.READINGS`.

    Values that failed are counted and left out, and so are suspect ones where that was asked for; a series of
    which there are only such stands among the series, too.
    """
    values = Values(chosen)
    writer = SpillWriter(spill, READINGS)
    begin_ns, seconds = chosen.period.begin_ns, chosen.period.length_ns // 10**9
    try:
        async with aclosing(_slices(chosen, tables, values.places)) as slices:
            async for window, found in slices:
                await in_thread(_work, values, writer, found)
                progress((window.end_ns - begin_ns) // 10**9, seconds, say("reading"))
    finally:
        writer.close()
    return await in_thread(values.gathered, spill)


def _work(values: Values, writer: SpillWriter, found: Mapping[str, pa.Table]) -> None:
    writer.write(values.take(found))


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
    fields = [field for one in quantities for field in said_of(one.name)]
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
