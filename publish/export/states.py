"""Why windows have no figure: the states that were told by clock, of those devices that have gaps."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from devices.device import Device, Installation
from devices.period import Period
from ingest.store.tables import Tables
from publish.export.figure import SECOND_NS, Figure
from publish.export.reasons import REASONS, Reason
from publish.summary import Window

MEASUREMENT = "status"
#: A state holds until the next row of its device, but no longer than this: rows come every 300 s at most, and
#: a lost one or two do not matter.
HOLD_NS = 900 * SECOND_NS
#: Gaps that lie nearer to each other are asked for together, and all of them where they would be more.
_NEAR_NS = 6 * 3600 * SECOND_NS
_MOST_QUESTIONS = 8
_OK = "ok"


class Run(NamedTuple):
    """A state that was told over and over in `[begin_ns, end_ns)`."""

    begin_ns: int
    end_ns: int
    state: str


class States:
    """What was told of the devices, as far as it was asked for."""

    def __init__(self, tables: Tables, periods: Mapping[str, Sequence[Period]]) -> None:
        self._tables = tables
        self._periods = periods
        self._runs: dict[str, list[Run]] = defaultdict(list)
        self._asked: dict[str, list[Window]] = defaultdict(list)

    async def ask(self, gaps: Mapping[str, Iterable[Window]]) -> None:
        """Read what was told of devices in these windows; each in the order of time, and once."""
        fresh: list[tuple[Window, str]] = []
        for device, windows in gaps.items():
            asked = self._asked[device]
            fresh += [(near, device) for near in _near(windows, _NEAR_NS) if not _holds(asked, near)]
        ranges = _near(sorted({window for window, _ in fresh}, key=_begin_ns), _NEAR_NS)
        if len(ranges) > _MOST_QUESTIONS:
            ranges = [Window(ranges[0].begin_ns, ranges[-1].end_ns)]
        for one in ranges:
            devices = sorted({device for window, device in fresh if _holds([one], window)})
            table = await self._tables.read(
                MEASUREMENT, ["state"], one.begin_ns - HOLD_NS, one.end_ns, devices
            )
            rows = table.select(["device", "time", "state"])
            told: dict[str, list[tuple[int, str]]] = defaultdict(list)
            for device, time_ns, state in zip(*(column.to_pylist() for column in rows.columns), strict=True):
                told[device].append((time_ns, state))
            for device in devices:
                before = _without(self._runs[device], one)
                self._runs[device] = _joined([*before, *_runs(told.get(device, ()), one)])
                self._asked[device] = _near([*self._asked[device], one], 0)

    def reason(
        self,
        device: Device,
        window: Window,
        found: Reason,
        hardware: Sequence[Installation] | None = None,
    ) -> Reason:
        """Why a device's window has no figure, where `found` is what its values say of that.

        Wholly outside of all installations (of `hardware`, where not all of them measure it):
        `not_installed`, after the last one `retired`. Else, unless its values were refused, the state other
        than `ok` that held longest in the window; where there was none, what the values say, and of no value
        at all `unknown` where nothing was told.
        """
        outside = _outside(hardware or device.installations, window)
        if sum(outside.values()) >= window.length_ns:
            return max(outside, key=outside.__getitem__)
        if found == "suspect":
            return found
        held = self._held(device, window)
        if found == "failed":
            worked_on = held["maintenance"] > held[_OK]
            return self._period(device, window) or ("maintenance" if worked_on else found)
        known = bool(held)
        held.pop(_OK, None)
        for reason, length_ns in outside.items():
            held[reason] = max(held[reason], length_ns)
        if held:
            longest = max(held, key=held.__getitem__)
            if longest == "maintenance":
                return self._period(device, window) or "maintenance"
            return next((one for one in REASONS if one == longest), "unknown")
        return found if known or found != "nothing" else "unknown"

    def of_all(self, devices: Sequence[Device], window: Window, found: Reason) -> Reason:
        """The same of what several devices make together: the reason of most."""
        reasons = Counter(self.reason(device, window, found) for device in devices)
        return reasons.most_common(1)[0][0] if reasons else found

    def _held(self, device: Device, window: Window) -> Counter[str]:
        runs = self._runs.get(device.id, [])
        held: Counter[str] = Counter()
        for at in range(max(0, bisect_right(runs, window.begin_ns, key=_begin) - 1), len(runs)):
            run = runs[at]
            if run.begin_ns >= window.end_ns:
                break
            length_ns = min(run.end_ns, window.end_ns) - max(run.begin_ns, window.begin_ns)
            if length_ns > 0:
                held[run.state] += length_ns
        return held

    def _period(self, device: Device, window: Window) -> Reason | None:
        """The kind of period in which most of a window lies."""
        held: Counter[Reason] = Counter()
        for one in self._periods.get(device.id, ()):
            end_ns = window.end_ns if one.end_ns is None else min(one.end_ns, window.end_ns)
            if end_ns > max(one.begin_ns, window.begin_ns):
                held[one.kind] += end_ns - max(one.begin_ns, window.begin_ns)
        return held.most_common(1)[0][0] if held else None


def with_reason(figure: Figure, reason: Reason) -> Figure:
    """A figure that has no value, and why; what is known of to some part was in order, though nobody told."""
    if reason == "unknown" and figure.coverage:
        reason = "nothing"
    return Figure(None, figure.partial, figure.coverage, figure.suspect, reason)


def _outside(installations: Sequence[Installation], window: Window) -> Counter[Reason]:
    """For how long nothing was installed at a place."""
    lengths: Counter[Reason] = Counter()
    reached = window.begin_ns
    for one in installations:
        begin_ns = window.begin_ns if one.begin_ns is None else one.begin_ns
        if min(begin_ns, window.end_ns) > reached:
            lengths["not_installed"] += min(begin_ns, window.end_ns) - reached
        reached = max(reached, window.end_ns if one.end_ns is None else one.end_ns)
    if reached < window.end_ns:
        lengths["retired"] += window.end_ns - reached
    return lengths


def _runs(told: Sequence[tuple[int, str]], within: Window) -> Iterator[Run]:
    for at, (time_ns, state) in enumerate(told):
        following = told[at + 1][0] if at + 1 < len(told) else within.end_ns
        begin_ns, end_ns = max(time_ns, within.begin_ns), min(following, time_ns + HOLD_NS, within.end_ns)
        if begin_ns < end_ns:
            yield Run(begin_ns, end_ns, state)


def _without(runs: Iterable[Run], window: Window) -> Iterator[Run]:
    """What of the runs lies outside of a window."""
    for run in runs:
        if run.begin_ns < window.begin_ns:
            yield Run(run.begin_ns, min(run.end_ns, window.begin_ns), run.state)
        if run.end_ns > window.end_ns:
            yield Run(max(run.begin_ns, window.end_ns), run.end_ns, run.state)


def _joined(runs: Iterable[Run]) -> list[Run]:
    found: list[Run] = []
    for run in sorted(runs):
        if found and found[-1].state == run.state and found[-1].end_ns == run.begin_ns:
            found[-1] = Run(found[-1].begin_ns, run.end_ns, run.state)
        else:
            found.append(run)
    return found


def _near(windows: Iterable[Window], gap_ns: int) -> list[Window]:
    """The windows as fewer ones: those that are no farther apart than this are one."""
    found: list[Window] = []
    for one in sorted(windows, key=_begin_ns):
        if found and one.begin_ns - found[-1].end_ns <= gap_ns:
            found[-1] = Window(found[-1].begin_ns, max(found[-1].end_ns, one.end_ns))
        else:
            found.append(one)
    return found


def _holds(windows: Iterable[Window], other: Window) -> bool:
    return any(one.begin_ns <= other.begin_ns and other.end_ns <= one.end_ns for one in windows)


def _begin_ns(window: Window) -> int:
    return window.begin_ns


_begin = itemgetter(0)
