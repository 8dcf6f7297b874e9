"""An export looked at for a few seconds: all of it where that is enough, else parts that stand for it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from devices.language import say
from ingest.settings import Settings
from ingest.store.tables import Tables
from publish.export.ask import PROFILES
from publish.export.chosen import Chosen
from publish.export.empty import is_empty, why_nothing
from publish.export.errors import StoreAway
from publish.export.gather import gather, opened
from publish.export.period import windows
from publish.export.series import Gathered
from publish.summary import Window

#: Of the time there is, for trying to read all; the rest is for parts of it.
_FOR_ALL = 0.6
#: Parts, spread over the period evenly, and how much of what would have been read in the time they are.
_PARTS, _CAUTION = 8, 0.4
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Part:
    """What was read of a part of the period, which is that of `chosen`."""

    chosen: Chosen
    gathered: Gathered


@dataclass(frozen=True, slots=True)
class Looked:
    """`parts` have rows, in order of time; `scale` is how many times as much the whole period has."""

    parts: tuple[Part, ...]
    scale: float
    exact: bool

    @property
    def values(self) -> int:
        """Values in the whole period, about."""
        found = sum(one.values for part in self.parts for one in part.gathered.tallies.values())
        return round(found * self.scale)

    @property
    def series(self) -> int:
        """Different series that have a value."""
        return len(
            {
                series
                for part in self.parts
                for number, series in enumerate(part.gathered.series)
                if part.gathered.tallies[number].values
            }
        )


async def look(chosen: Chosen, settings: Settings, folder: Path, seconds: float) -> Looked:
    """Read for about so many seconds, into files of `folder`.

    Raises `NothingFound`, and `StoreAway` where not even a part can be had in that time.
    """
    done = [0.0]

    def progress(now: int, total: int, _what: str) -> None:
        done[0] = now / total if total else 0.0

    async with opened(settings, chosen, patience_s=0) as tables:
        try:
            async with asyncio.timeout(seconds * _FOR_ALL):
                gathered = await gather(chosen, tables, folder / "whole.parquet", progress)
        except TimeoutError:
            return await _parts(chosen, tables, folder, max(done[0] * _CAUTION, _LEAST), seconds)
        if is_empty(gathered):
            raise await why_nothing(chosen, gathered, tables)
    return Looked((Part(chosen, gathered),), 1, exact=True)


async def _parts(chosen: Chosen, tables: Tables, folder: Path, share: float, seconds: float) -> Looked:
    """Parts that are so large a share of the period together, as many as fit into the time."""
    parts: list[Part] = []
    length_ns = 0
    try:
        async with asyncio.timeout(seconds):
            for number, window in enumerate(_spread(chosen, share)):
                part = replace(chosen, period=window)
                spill = folder / f"part-{number}.parquet"
                gathered = await gather(part, tables, spill, lambda _done, _total, _what: None)
                length_ns += window.length_ns
                if gathered.rows:
                    parts.append(Part(part, gathered))
    except TimeoutError:
        pass
    if not parts:
        raise StoreAway(
            say("there is no preview within {seconds} s", seconds=round(seconds)),
            hint=say("the file can be had all the same; or ask for less"),
        )
    once = chosen.ask.every in PROFILES or chosen.ask.figures is not None  # a longer time has no more rows
    return Looked(tuple(parts), 1 if once else chosen.period.length_ns / length_ns, exact=False)


def _spread(chosen: Chosen, share: float) -> Iterator[Window]:
    """Parts of the period that no window is cut by, the first at its begin and the last at its end."""
    period = chosen.period
    if chosen.ask.every == "raw" and chosen.ask.figures is None:
        length_ns = int(period.length_ns * share / _PARTS)
        for number in range(_PARTS):
            begin_ns = period.begin_ns + (period.length_ns - length_ns) * number // (_PARTS - 1)
            yield Window(begin_ns, begin_ns + length_ns)
        return
    every = "1d" if chosen.ask.figures is not None else chosen.ask.every
    found = list(windows(every, period, chosen.zone))
    count = max(round(len(found) * share / _PARTS), 1)
    for place in sorted({(len(found) - count) * number // (_PARTS - 1) for number in range(_PARTS)}):
        yield Window(found[place].begin_ns, found[place + count - 1].end_ns)
