"""An export of windows in bites: parts of the period, and devices that are read together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from devices.device import Device
from devices.moment import local
from publish.hours.plan import Lot
from publish.summary import Window

#: Figures of one part, which are sorted in memory: some 100 bytes each.
FIGURES = 250_000
#: Rows of the store that are read at once, about: as samples some 100 bytes a value.
ROWS = 100_000
#: How often a device speaks that does not say it.
_INTERVAL_S = 600
_SECOND_NS = 1_000_000_000
#: Devices that are named in one question.
_MOST_DEVICES = 500


def parts(windows: Iterable[Window], zone: ZoneInfo, series: int) -> Iterator[list[Window]]:
    """Consecutive windows in lists: of a local month, or less where there are so many series."""
    most = max(1, FIGURES // max(1, series))

    def month(window: Window) -> tuple[int, int]:
        when = local(window.begin_ns, zone)
        return when.year, when.month

    for _, of_month in groupby(windows, month):
        several = list(of_month)
        count = -(-len(several) // most)
        size = -(-len(several) // count)
        for begin in range(0, len(several), size):
            yield several[begin : begin + size]


class Pace:
    """How many devices are read together: as many as the memory bears, as those before say."""

    def __init__(self) -> None:
        self._factor = 1.0

    def groups(
        self,
        devices: Sequence[Device],
        lots: Mapping[Lot, Sequence[Device]],
        length_ns: int,
        expected_s: Callable[[Device], int | None],
    ) -> Iterator[list[Device]]:
        """The devices in lists; the sensors of one lot stay together."""
        group: list[Device] = []
        weight = 0.0
        for several in _together(devices, lots):
            rows = sum(length_ns / _SECOND_NS / (expected_s(one) or _INTERVAL_S) for one in several)
            if group and ((weight + rows) * self._factor > ROWS or len(group) + len(several) > _MOST_DEVICES):
                yield group
                group, weight = [], 0.0
            group += several
            weight += rows
        if group:
            yield group

    def learn(
        self, group: Sequence[Device], length_ns: int, expected_s: Callable[[Device], int | None], rows: int
    ) -> None:
        """So many rows were there."""
        expected = sum(length_ns / _SECOND_NS / (expected_s(one) or _INTERVAL_S) for one in group)
        self._factor = max(rows / expected, self._factor / 2, 0.05)


def _together(devices: Sequence[Device], lots: Mapping[Lot, Sequence[Device]]) -> Iterator[list[Device]]:
    placed: set[str] = set()
    for several in (*lots.values(), *([one] for one in devices)):
        fresh = [one for one in several if one.id not in placed]
        placed.update(one.id for one in fresh)
        if fresh:
            yield fresh
