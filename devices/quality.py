"""From a number in the catalogue's unit to a judged value.

The steps, in this order: calibration (the uncalibrated number stays as `raw`), range test, rounding, and for
quantities that have thresholds for them the tests that look back. Each value is judged once, when it comes,
because the store cannot take a value back. The tests are QARTOD's, with the thresholds of `devices.limits`:

- **range** (gross range): outside `plausible` fails, outside `usual` is suspect.
- **spike**: how far the value lies outside of the span of the two before it. QARTOD judges a value by both
  its neighbours when the next one has come; so this one also doubts the first value of a step, once.
- **rate** (rate of change): the change since the value before, a minute of their distance, which counts as
  a minute at least. A value that is back where the series was before an outlier is not doubted for that: of
  the two values before it the nearer counts.
- **flat** (flat line): for how long the value has been the same, after rounding.
- **gap**: QARTOD flags the data that have not arrived, which no store can hold. So it flags no value, but
  a value after a gap is not compared with those before it, and `devices.health` writes the silence.

A value that comes late, older in device time than the newest known one, passes the range test only. One that
fails the range test is no measure for those after it; others are, so that a step that stays is
believed. What flags a value is said in its `test`; of several the worst, and of equals the first.
"""

from devices.device import Calibration
from devices.language import Sentence, say
from devices.limits import Limits, Pair
from devices.quantity import Quantity
from devices.reading import Flag, Test, Value
from devices.state import SeriesState

#: Above this relative humidity (%) drops count as particles where they are counted by light without a dryer.
HUMID = 80.0

_GOOD, _SUSPECT, _FAIL = Flag.GOOD, Flag.SUSPECT, Flag.FAIL
_MINUTE_NS = 60_000_000_000
_SECOND_NS = 1_000_000_000


def value(
    quantity: Quantity, number: float, calibration: Calibration | None = None, limits: Limits | None = None
) -> Value:
    """The number, calibrated, judged by its range and rounded to the quantity's decimals."""
    decimals = quantity.decimals
    raw = None
    if calibration is not None:
        raw = rounded(number, decimals)
        number = calibration.factor * number + calibration.offset
    limits = limits or quantity.limits
    low, high = limits.good
    if low <= number <= high:
        return Value(quantity.name, rounded(number, decimals), _GOOD, raw)
    return Value(quantity.name, rounded(number, decimals), _outside(number, limits), raw, "range")


def _outside(number: float, limits: Limits) -> Flag:
    """The flag of a number that is not good by itself."""
    low, high = limits.plausible
    if (low is not None and number < low) or (high is not None and number > high):
        return _FAIL
    return _SUSPECT


def look_back(
    value: Value, limits: Limits, seen: SeriesState | None, time_ns: int, gap_ns: int
) -> tuple[Value, SeriesState | None]:
    """The value judged by those before it, and what is to be remembered of its series.

    `seen` is what was remembered; `gap_ns` how old it may be. `time_ns` is the value's device time.
    """
    if value.flag is _FAIL or (seen is not None and time_ns <= seen.time_ns):
        return value, seen
    number = float(value.value)
    if seen is None or time_ns - seen.time_ns > gap_ns:
        return value, SeriesState(number, time_ns, None, time_ns)
    since_ns = seen.since_ns if number == seen.number else time_ns
    found: tuple[tuple[Test, Flag], ...] = (
        ("spike", _reached(_outlying(number, seen), limits.spike)),
        ("rate", _reached(_a_minute(number, time_ns, seen), limits.rate)),
        ("flat", _reached((time_ns - since_ns) / _SECOND_NS, limits.flat_s)),
    )
    for test, flag in found:
        if flag > value.flag:
            value = flagged(value, flag, test)
    return value, SeriesState(number, time_ns, seen.number, since_ns)


def flagged(value: Value, flag: Flag, test: Test) -> Value:
    """The value with another flag."""
    return Value(value.field, value.value, flag, value.raw, test)


def _outlying(number: float, seen: SeriesState) -> float:
    """How far the number lies outside of the two before it; 0 where only one is known."""
    if seen.before is None:
        return 0.0
    low, high = sorted((seen.number, seen.before))
    return max(low - number, number - high, 0.0)


def _a_minute(number: float, time_ns: int, seen: SeriesState) -> float:
    before = seen.number if seen.before is None else seen.before
    moved = min(abs(number - seen.number), abs(number - before))
    return moved / max((time_ns - seen.time_ns) / _MINUTE_NS, 1.0)


def _reached(found: float, limits: Pair) -> Flag:
    suspect, fail = limits
    if fail is not None and found > fail:
        return _FAIL
    return _SUSPECT if suspect is not None and found > suspect else _GOOD


def why(test: Test) -> Sentence:
    """What a test has found, for people."""
    return {
        "range": say("outside of the usual range"),
        "spike": say("far from the values before it"),
        "rate": say("changed too fast"),
        "flat": say("the same for too long"),
        "humidity": say("too humid to count particles by light"),
        "maintenance": say("in a time of maintenance"),
        "flag": say("in a time marked as not valid"),
    }[test]


def rounded(number: float, decimals: int | None) -> float | int:
    """A float of so many decimals (half to even, never `-0.0`), for None an exact integer."""
    if decimals is None:
        return number if type(number) is int else round(number)
    return round(float(number), decimals) + 0.0
