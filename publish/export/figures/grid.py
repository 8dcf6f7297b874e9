"""Counts of one place by day or hour: what each series says, and which of them should have said something."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.device import Device
from publish.export.figures.views import Part, View, cells
from publish.export.walk import WindowRows
from publish.summary import Window

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Counts:
    """One series by window. A count that is not whole is NaN; `coverage` in percent."""

    counted: Floats
    coverage: Floats
    suspect: Bools

    @classmethod
    def of(cls, length: int) -> "Counts":
        """Nothing was counted."""
        return cls(np.full(length, np.nan), np.zeros(length), np.zeros(length, dtype=np.bool_))

    def put(self, rows: WindowRows, places: Mapping[int, int]) -> None:
        """Put a part of the period where it belongs; `places` by a window's begin."""
        for window, figure in zip(rows.windows, rows.figures, strict=True):
            at = places[window.begin_ns]
            self.coverage[at] = figure.coverage
            if figure.value is not None:
                self.counted[at] = figure.value
                self.suspect[at] = figure.suspect


@dataclass(frozen=True, slots=True)
class Sums:
    """A view by window: whole where all was counted that should have been."""

    whole: Bools
    counted: Floats  #: of a window that is not whole, no figure
    coverage: Floats  #: the least of all that were added, percent
    suspect: Bools


def expected(device: Device, windows: Sequence[Window], parts: Mapping[Part, Counts]) -> Mapping[Part, Bools]:
    """When each series should have said something: as long as hardware was there that ever did.

    So a lane that falls silent for good takes its sums with it, instead of leaving a smaller one. In windows
    in which hardware was changed all of both are wanted.
    """
    begins = np.array([window.begin_ns for window in windows], dtype=np.int64)
    ends = np.array([window.end_ns for window in windows], dtype=np.int64)
    wanted = {part: counts.coverage > 0 for part, counts in parts.items()}
    for one in device.installations:
        begin_ns = begins[0] if one.begin_ns is None else one.begin_ns
        end_ns = ends[-1] if one.end_ns is None else one.end_ns
        within = (begins >= begin_ns) & (ends <= end_ns)
        touched = (begins < end_ns) & (ends > begin_ns)
        for part, counts in parts.items():
            if (counts.coverage[within] > 0).any():
                wanted[part] = wanted[part] | touched
    return wanted


def sums(view: View, parts: Mapping[Part, Counts], wanted: Mapping[Part, Bools]) -> Sums:
    """The view by window. It is whole where each of its lanes and directions should have counted, and all
    that should have did.
    """
    length = len(next(iter(parts.values())).counted)
    whole = everywhere(view.parts, wanted, length)
    counted, coverage = np.zeros(length), np.where(whole, 100.0, 0.0)
    suspect = np.zeros(length, dtype=np.bool_)
    for part in view.parts:
        counts, there = parts[part], wanted[part]
        whole = whole & (~there | ~np.isnan(counts.counted))
        counted = counted + np.where(there & ~np.isnan(counts.counted), counts.counted, 0.0)
        coverage = np.where(there, np.minimum(coverage, counts.coverage), coverage)
        suspect = suspect | (there & counts.suspect)
    return Sums(whole, counted, coverage, suspect)


def everywhere(parts: Iterable[Part], wanted: Mapping[Part, Bools], length: int) -> Bools:
    """Where each lane and direction of these has a series that should say something."""
    found = np.ones(length, dtype=np.bool_)
    there = list(parts)
    for cell in cells(there):
        found = found & np.logical_or.reduce([wanted[part] for part in there if part.cell == cell])
    return found
