"""What a device says about the street: one frozen value a row of the time series."""

import enum
from typing import Literal

import msgspec

#: The tests of QARTOD (gross range, spike, rate of change, flat line), the humidity at an optical particle
#: counter, and what technicians say of a period.
Test = Literal["range", "spike", "rate", "flat", "humidity", "maintenance", "flag"]


class Flag(enum.IntEnum):
    """QARTOD quality flags (IOOS manual of flags), of which a municipal sensor can earn these."""

    GOOD = 1
    NOT_EVALUATED = 2
    SUSPECT = 3
    FAIL = 4


#: Own tags a reading may carry; anything else is refused when a type is loaded.
TAGS = ("direction", "lane", "vehicle_class", "lot", "bay")


class Value(msgspec.Struct, frozen=True, gc=False):
    """One value in the catalogue's unit, calibrated, judged and rounded to the quantity's decimals.

    `raw` is the value before calibration (same unit and rounding), None where none applies. `test` names what
    a flag worse than good comes from: a test of `devices.quality`, or a period of `devices.period`.
    """

    field: str
    value: float | int
    flag: Flag = Flag.GOOD
    raw: float | int | None = None
    test: Test | None = None


class Reading(msgspec.Struct, frozen=True):
    """One row: a measurement at one time with the values that share it.

    `time_ns` is UTC; for quantities measured over an interval it is the interval's begin and
    `interval_s` its length in whole seconds, windows being `[begin, end)`; else `interval_s` is None.
    `tags` are the reading's own tags, sorted by name, names out of `TAGS`.
    """

    measurement: str
    time_ns: int
    values: tuple[Value, ...]
    tags: tuple[tuple[str, str], ...] = ()
    interval_s: int | None = None
