"""What an export looks like as lines: few points of few series."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from publish.export import spilled
from publish.export.looked import Looked, Part
from publish.export.series import Series
from publish.export.shape import shape

#: Series that a chart can tell apart, and points of each that it has room for.
_SERIES, _POINTS = 12, 400


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its name for people, and its points in order of time (UTC nanoseconds)."""

    title: str
    unit: str  #: as people write it
    points: tuple[tuple[int, float], ...]


def lines(looked: Looked) -> tuple[Line, ...]:
    """Those with most values; none of profiles and figures, which have no time."""
    named: dict[Series, tuple[str, str]] = {}
    points: dict[Series, list[tuple[int, float]]] = {}
    for part in looked.parts:
        chosen = _chosen(part)
        entries = shape(part.chosen, part.gathered).entries
        for number, found in _points(part, chosen, _POINTS // len(looked.parts)).items():
            series = part.gathered.series[number]
            named[series] = entries[number].title, entries[number].sign
            points.setdefault(series, []).extend(found)
    return tuple(Line(*named[series], tuple(found)) for series, found in points.items())


def _chosen(part: Part) -> list[int]:
    """Numbers of the series to draw."""
    tallies = part.gathered.tallies
    most = sorted(tallies, key=lambda number: (-tallies[number].values, number))
    return [number for number in most[:_SERIES] if tallies[number].values]


def _points(part: Part, numbers: list[int], limit: int) -> dict[int, list[tuple[int, float]]]:
    found: dict[int, list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]] = {
        one: [] for one in numbers
    }
    for batch in spilled.batches(part.gathered.spill):
        if "time" not in batch.schema.names:
            return {}
        series, values = np.asarray(batch["series"]), batch["value"].to_numpy(zero_copy_only=False)
        times = np.asarray(batch["time"])
        for number, parts in found.items():
            wanted = (series == number) & ~np.isnan(values)
            parts.append((times[wanted], values[wanted]))
    return {
        number: _few(
            np.concatenate([one for one, _ in parts]), np.concatenate([one for _, one in parts]), limit
        )
        for number, parts in found.items()
        if parts
    }


def _few(
    times: npt.NDArray[np.int64], values: npt.NDArray[np.float64], limit: int
) -> list[tuple[int, float]]:
    """At most about so many points: of each stretch the lowest and the highest, so that no peak is lost."""
    if len(times) > limit:
        edges = np.linspace(0, len(times), max(limit // 2, 1) + 1).astype(int).tolist()
        kept: set[int] = set()
        for begin, end in pairwise(edges):
            kept |= {begin + int(values[begin:end].argmin()), begin + int(values[begin:end].argmax())}
        places = sorted(kept)
        times, values = times[places], values[places]
    return list(zip(times.tolist(), values.tolist(), strict=True))
