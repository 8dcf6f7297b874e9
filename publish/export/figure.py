"""What a series amounts to in each window, by the functions that finished hours are made with."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

import msgspec

from devices.device import Device
from devices.quantity import Quantity
from publish.export.reasons import Reason
from publish.hours.rhythm import Rhythm, in_force, rhythm
from publish.summary import Sample, Summary, Window, good_enough, rounded, summarise

SECOND_NS = 1_000_000_000

_time_ns = attrgetter("time_ns")


class Figure(msgspec.Struct, frozen=True, gc=False):
    """What a series amounts to in a window, rounded as it is written. `value` is good enough; what is not
    stands in `partial`. `suspect`: suspect values went in. `reason` stands where there is no `value`.
    """

    value: float | int | None
    partial: float | int | None
    coverage: float
    suspect: bool = False
    reason: Reason | None = None


#: Nothing was said. Why, the states tell (`publish.export.reasons`).
NOTHING = Figure(None, None, 0.0, reason="nothing")


class Rhythms:
    """The rhythm of a place at any time."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._known: dict[int, Rhythm] = {}

    def at(self, time_ns: int) -> Rhythm:
        """That of the hardware in force."""
        hardware = id(in_force(self._device, time_ns))
        found = self._known.get(hardware)
        if found is None:
            found = self._known[hardware] = rhythm(self._device, time_ns)
        return found

    def back_s(self, quantity: Quantity) -> int:
        """How long before a window may lie what reaches into it, at any time."""
        begins = [one.begin_ns or 0 for one in self._device.installations]
        return max(self.at(begin_ns).back_s(quantity) for begin_ns in begins)


def figures(
    quantity: Quantity, rule: str, said: Sequence[Sample], windows: Sequence[Window], rhythms: Rhythms
) -> list[Figure]:
    """A figure a window from samples of one series, oldest first, some of them from before the first window.

    `rule` is one that `publish.export.aggregate` allows for the quantity.
    """
    # what makes the highest value stand for its window makes the lowest do so
    by = replace(quantity, summary="max") if rule in ("min", "max") else quantity
    times = [one.time_ns for one in said]
    found = []
    end = 0
    for window in windows:
        speaks = rhythms.at(window.begin_ns)
        end = bisect_left(times, window.end_ns, lo=end)
        begin = bisect_left(times, window.begin_ns - speaks.back_s(by) * SECOND_NS, hi=end)
        if begin == end:
            found.append(NOTHING)
            continue
        here = said[begin:end]
        summed = summarise(
            by,
            here,
            window,
            expected_s=speaks.expected_s,
            known_s=speaks.known_s,
            ends=speaks.ends,
            later=speaks.later,
        )
        if summed is not None and rule == "min" and summed.value is not None:
            summed = Summary(_lowest(here, window), summed.coverage, summed.suspect)
        found.append(_figure(by, summed, here, window))
    return found


def figure(quantity: Quantity, summed: Summary) -> Figure:
    """A summary as it is written."""
    if summed.value is None:
        return Figure(None, None, summed.coverage, reason="incomplete")
    value = rounded(quantity, summed.value)
    if good_enough(quantity, summed.coverage):
        return Figure(value, None, summed.coverage, summed.suspect)
    return Figure(None, value, summed.coverage, summed.suspect, "incomplete")


def of_fields(fields: Mapping[str, float | int | str], name: str) -> Figure:
    """A field of a row of finished hours, or of one made as they are."""
    coverage = fields.get(f"{name}_coverage")
    if coverage is None:
        return NOTHING
    value, partial = fields.get(name), fields.get(f"{name}_partial")
    assert not isinstance(value, str) and not isinstance(partial, str)  # noqa: S101, PT018  figures are numbers
    suspect = f"{name}_qc" in fields and (value is not None or partial is not None)
    reason: Reason | None = None if value is not None else "nothing" if partial is None else "incomplete"
    return Figure(value, partial, float(coverage), suspect, reason)


def _figure(quantity: Quantity, summed: Summary | None, here: Sequence[Sample], window: Window) -> Figure:
    if summed is None:
        return NOTHING
    if summed.value is None:
        inside = here[bisect_left(here, window.begin_ns, key=_time_ns) :]
        if inside and all(one.value is None for one in inside):
            dropped = any(one.suspect for one in inside)
            return Figure(None, None, summed.coverage, reason="suspect" if dropped else "failed")
    return figure(quantity, summed)


def _lowest(here: Sequence[Sample], window: Window) -> float | int:
    inside = here[bisect_left(here, window.begin_ns, key=_time_ns) :]
    return min(one.value for one in inside if one.value is not None)
