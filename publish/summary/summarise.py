"""One figure a window by the catalogue's rule, and the share of the window that it rests on."""

import math
from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import median

import msgspec

from devices.quantity import Quantity
from publish.summary import rules
from publish.summary.hold import Later, hold_ns
from publish.summary.intervals import covered_ns
from publish.summary.sample import Sample
from publish.summary.states import Span, spans
from publish.summary.window import Window

#: Percent of a window from which means, maxima and states over time stand for it. 39. BImSchV Anlage 11 A
#: asks it of the data of an hour (45 minutes); that a sample stands for the time until the next one is our
#: reading of it for sensors that do not measure all the time.
CAPTURE = 75.0
#: Percent from which a sum does: a count of a part of the time is no count of the whole.
COMPLETE = 100.0
#: How far the intervals that begin in a window may be longer or shorter together than the window, so that
#: their sum is that of the window: two minutes of an hour. Our rule: begins of intervals wander by seconds.
_TOLERANCE = Fraction(1, 30)
#: And how much later they may begin or end together than the window, however long that is: of a month, a
#: thirtieth would be a day.
_SHIFT_NS = 3600 * 1_000_000_000

_Mean = Callable[[Sequence[float], Sequence[float]], float | None]
_MEANS: dict[str, _Mean] = {
    "mean": rules.mean,
    "energy_mean": rules.energy_mean,
    "circular_mean": rules.circular_mean,
}


class Summary(msgspec.Struct, frozen=True, gc=False):
    """A figure for a window, not rounded yet, and the percent of the window it rests on (one decimal).

    `value` is None where nothing valid was said (coverage 0), or where directions cancel each other out.
    `suspect`: a value that went into it was (`<field>_qc` 3).
    """

    value: float | int | None
    coverage: float
    suspect: bool = False


def summarise(
    quantity: Quantity,
    said: Sequence[Sample],
    window: Window,
    *,
    expected_s: int | None = None,
    known_s: int = 3600,
    ends: Collection[int] = (),
    later: Sequence[Later] = (),
) -> Summary | None:
    """What `said` of one series (oldest first) amounts to in the window; None where it says nothing of it.

    `said` may begin before the window: states and samples are carried in (give it the last one before), and
    intervals that reach in count for the coverage. `expected_s` is how often a value is expected (None: the
    median distance seen), `known_s` how long a state holds without a further word, `ends` when hardware was
    taken away. `later` has what goes for the values of hardware that came after, oldest first. Coverage is

    - of states: the share of the window in which the state was known (`publish.summary.states`);
    - of intervals: the share that their union covers (`publish.summary.intervals`);
    - of samples: the share in which one held, each until the next one comes or should have
      (`publish.summary.hold`). A failed one holds nothing, and ends the one before.

    An interval belongs to the window in which it begins. What begins in the window may be longer or shorter
    than it by more than a thirtieth (an uplink was lost at its end, a counter's increment over three hours):
    the coverage of such a sum is the smaller of what is covered and how well the lengths agree. Nor may they
    reach over its ends by more than an hour (a day of a month was counted in the month before).
    Means of intervals are weighted by their lengths; those of samples are the plain ones of the window's own:
    what is carried in says how much of the window is known and takes part in no figure, and a window without
    a sample of its own has none. So a device that speaks more seldom than windows are long has a figure for
    those in which it spoke, and only those.
    """
    if quantity.summary == "time_weighted":
        return _of_states(said, window, known_s, ends, later)
    inside = [one for one in said if window.begin_ns <= one.time_ns < window.end_ns]
    if not inside:
        return None
    valid = [one for one in inside if one.value is not None]
    if not valid:
        return Summary(None, 0.0)
    if quantity.interval and any(one.interval_s is not None for one in valid):
        coverage = _of_intervals([one for one in said if one.value is not None], valid, window, quantity)
    elif quantity.interval and quantity.summary == "sum":
        coverage = 0.0  # nobody knows since when it was counted
    else:
        coverage = _of_samples(said, window, expected_s, ends, later)
    went_in = valid[-1:] if quantity.summary == "last" else valid
    return Summary(_value(quantity, valid), coverage, any(one.suspect for one in went_in))


def good_enough(quantity: Quantity, coverage: float) -> bool:
    """Whether a figure with this coverage stands for its window; the last value always does."""
    if quantity.summary == "last":
        return True
    return coverage >= (COMPLETE if quantity.summary == "sum" else CAPTURE)


def rounded(quantity: Quantity, value: float) -> float | int:
    """A figure as it is written: sums, maxima and last values as the quantity itself, the rest as floats.

    Shares of time have four decimals, means of whole numbers three.
    """
    if quantity.summary in ("sum", "max", "last"):
        return int(value) if quantity.decimals is None else round(float(value), quantity.decimals) + 0.0
    if quantity.summary == "time_weighted":
        return round(float(value), 4) + 0.0
    number = round(float(value), 3 if quantity.decimals is None else quantity.decimals) + 0.0
    return number % 360 if quantity.summary == "circular_mean" else number


def _of_states(
    said: Sequence[Sample], window: Window, known_s: int, ends: Collection[int], later: Sequence[Later]
) -> Summary | None:
    then = [(one.since_ns, one.known_s * 1_000_000_000) for one in later]
    known = spans(said, window, known_s * 1_000_000_000, ends, then)
    if not known:
        heard = any(window.begin_ns <= one.time_ns < window.end_ns for one in said)
        return Summary(None, 0.0) if heard else None
    known_ns = _length_ns(known)
    weighted = math.fsum(one.value * (one.end_ns - one.begin_ns) for one in known)
    return Summary(weighted / known_ns, window.share(known_ns), any(one.suspect for one in known))


def _value(quantity: Quantity, valid: Sequence[Sample]) -> float | int | None:
    values = [one.value for one in valid if one.value is not None]
    if quantity.summary == "last":
        return values[-1]
    if quantity.summary == "max":
        return max(values)
    if quantity.summary == "sum":
        return sum(values) if quantity.decimals is None else math.fsum(values)
    lengths = [float(one.interval_s or 0) for one in valid] if quantity.interval else []
    return _MEANS[quantity.summary](values, lengths if any(lengths) else [1.0] * len(values))


def _of_intervals(
    known: Sequence[Sample], inside: Sequence[Sample], window: Window, quantity: Quantity
) -> float:
    covered = covered_ns(known, window)
    if quantity.summary == "sum":
        length_ns = sum(one.end_ns - one.time_ns for one in inside)
        share = Fraction(length_ns, window.length_ns)
        if abs(share - 1) > _TOLERANCE:
            agreement = min(share, 1 / share)
            covered = min(covered, int(agreement * window.length_ns))
        elif (shift_ns := abs(inside[-1].end_ns - inside[0].time_ns - window.length_ns)) > _SHIFT_NS:
            covered = min(covered, max(0, window.length_ns - shift_ns))
    return window.share(covered)


def _of_samples(
    said: Sequence[Sample],
    window: Window,
    expected_s: int | None,
    ends: Collection[int],
    later: Sequence[Later],
) -> float:
    interval_ns = expected_s * 1_000_000_000 if expected_s else _distance_ns(said)
    if not interval_ns:
        return 0.0  # one value, and nobody says how many there should be
    then = [
        (one.since_ns, hold_ns(one.expected_s * 1_000_000_000 if one.expected_s else interval_ns))
        for one in later
    ]
    return window.share(_length_ns(spans(said, window, hold_ns(interval_ns), ends, then)))


def _distance_ns(said: Sequence[Sample]) -> int:
    distances = [later.time_ns - sooner.time_ns for sooner, later in pairwise(said)]
    return round(median(distances)) if distances else 0


def _length_ns(known: Sequence[Span]) -> int:
    return sum([one.end_ns - one.begin_ns for one in known])
