"""What there is of each series of values, counted slice by slice."""

import numpy as np
import numpy.typing as npt

from publish.export.series import Tally

Integers = npt.NDArray[np.int64]
_NEVER = np.iinfo(np.int64).max


class Counts:
    """By the number of the series, of which there are more from slice to slice (`size`)."""

    def __init__(self) -> None:
        self._of = {
            name: np.zeros(0, np.int64) for name in ("values", "suspect", "failed", "dropped", "last")
        }
        self._first = np.zeros(0, np.int64)

    def values(self, time: Integers, series: Integers, suspect: npt.NDArray[np.bool_], size: int) -> None:
        """Count the rows of a slice, which are sorted by time."""
        self._grow(size)
        self._of["values"] += np.bincount(series, minlength=size)
        self._of["suspect"] += np.bincount(series[suspect], minlength=size)
        self._of["last"][series] = time  # of several for one place the last one stays
        first = np.full(size, _NEVER)
        first[series[::-1]] = time[::-1]
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
