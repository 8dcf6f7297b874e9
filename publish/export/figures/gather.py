"""All figures that were asked for, written to a spill."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pyarrow as pa

from devices.language import Language, Sentence, in_language, say
from ingest.store.tables import Tables
from publish.export.chosen import Chosen
from publish.export.figures.parking import parking
from publish.export.figures.row import FigureRow, FigureSet, Found
from publish.export.figures.traffic import traffic
from publish.export.progress import Progress
from publish.export.series import Gathered, Tally
from publish.export.spill import FIGURES, SpillWriter
from publish.export.what import language

_HOW: dict[str, Callable[[Chosen, Tables, Progress], Awaitable[Found]]] = {
    "traffic": traffic,
    "parking": parking,
}


async def gather_figures(chosen: Chosen, tables: Tables, spill: Path, progress: Progress) -> Gathered:
    """Write the figures of `chosen.ask.figures` to a spill of `publish.export.spill.FIGURES`.

    They rest on the whole local days in the period. Nothing in it makes no rows. Raises
    `ingest.seams.StoreUnavailable`.
    """
    asked = chosen.ask.figures
    if asked is None:
        raise ValueError("no figures were asked for")
    found = await _HOW[asked](chosen, tables, progress)
    writer = SpillWriter(spill, FIGURES)
    try:
        for number, one in enumerate(found.sets):
            writer.write(_table(number, one.rows, language(chosen.ask)))
    finally:
        writer.close()
    return Gathered(
        spill,
        sum(len(one.rows) for one in found.sets),
        tuple(one.series for one in found.sets),
        dict(enumerate(map(_tally, found.sets))),
        found.newest_ns,
        (*found.notes, *_notes(asked)),
    )


def _tally(found: FigureSet) -> Tally:
    first = found.rows[0]
    return Tally(
        values=sum(row.value is not None for row in found.rows),
        suspect=sum(row.value is not None and row.suspect for row in found.rows),
        windows=first.of_days,
        coverage_sum=first.coverage * first.of_days,
        first_ns=found.first_ns,
        last_ns=found.last_ns,
    )


def _table(number: int, found: Sequence[FigureRow], lang: Language) -> pa.Table:
    columns = {
        "series": [number] * len(found),
        "figure": [row.figure for row in found],
        "value": [row.value for row in found],
        "days": [row.days for row in found],
        "of_days": [row.of_days for row in found],
        "coverage": [row.coverage for row in found],
        "flag": [None if row.value is None else 3 if row.suspect else 1 for row in found],
        "note": ["; ".join(in_language(note, lang) for note in row.notes) or None for row in found],
    }
    return pa.table(columns, schema=FIGURES)


def _notes(asked: str) -> tuple[Sentence, ...]:
    if asked == "traffic":
        return (
            say("public holidays are not known here: they count as the day of the week they are"),
            say("counts of several places are not added, even where they share a site"),
        )
    return (say("there is no official definition of occupancy: each figure has its formula beside it"),)
