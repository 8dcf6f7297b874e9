"""Thresholds of the tests that values pass, by quantity.

The tests are those of QARTOD (U.S. IOOS, Quality Assurance of Real-Time Oceanographic Data), the figures are
ours: engineering judgement for a sensor in a German street that speaks every minute to every hour, wide
enough that a cold front, fireworks or a lorry beside the sensor pass or are at most suspect. A type
or a device says its own under `qc`. What each test does stands in `devices.quality`.
"""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

Span = tuple[float | None, float | None]  #: from, to; None: open on that side
Pair = tuple[float | None, float | None]  #: from where on suspect, from where on failed; None: never

_HOUR, _DAY = 3600, 86_400


@dataclass(frozen=True, slots=True)
class Limits:
    """Every threshold of one value, in the quantity's unit.

    Outside of `plausible` a value fails, outside of `usual` it is suspect. `spike` is how far it may lie
    outside of the two values before it, `rate` how much it may change in a minute, `flat_s` how many seconds
    it may stay the same. After more than `gap_s` seconds without a value it is not compared with what was
    before (None: three of the device's intervals).
    """

    plausible: Span = (None, None)
    usual: Span = (None, None)
    spike: Pair = (None, None)
    rate: Pair = (None, None)
    flat_s: Pair = (None, None)
    gap_s: int | None = None
    good: tuple[float, float] = field(init=False, repr=False)  #: inside of both spans, ends included

    def __post_init__(self) -> None:
        """Join the spans once, for they are asked for every value."""
        spans = (self.plausible, self.usual)
        low = max(-math.inf if span[0] is None else span[0] for span in spans)
        high = min(math.inf if span[1] is None else span[1] for span in spans)
        object.__setattr__(self, "good", (low, high))

    @property
    def looks_back(self) -> bool:
        """Whether a test needs to know the values before."""
        return self.gap_s is not None or any(map(_tested, (self.spike, self.rate, self.flat_s)))


@dataclass(frozen=True, slots=True)
class Change:
    """What a type or a device says of a value's thresholds; None: as it was."""

    plausible: Span | None = None
    usual: Span | None = None
    spike: Pair | None = None
    rate: Pair | None = None
    flat_s: Pair | None = None
    gap_s: int | None = None


def changed(limits: Limits, change: Change) -> Limits:
    """The limits with what the change says."""
    said = {one.name: getattr(change, one.name) for one in dataclasses.fields(change)}
    return dataclasses.replace(limits, **{name: value for name, value in said.items() if value is not None})


def _tested(pair: Pair) -> bool:
    return pair != (None, None)


def _looking_back(spike: Pair = (None, None), rate: float | None = None, flat: Pair = (None, None)) -> Change:
    return Change(spike=spike, rate=(rate, None), flat_s=flat)


#: The tests that look back, where they make sense. Reasons for what is not plain:
#:
#: - `rate` knows no failure, as in QARTOD: which of the two values is wrong cannot be told. What is
#:   measured by the minute in a gust, a sun beam or a passing siren may change at any rate.
#: - Rates of temperature and humidity are those that guidelines for automatic weather stations doubt (3 K and
#:   10 to 15 % a minute); a cheap barometer in a housing gets more room than theirs.
#: - A bin is emptied and a lorry parks under a distance sensor in one go, and both may stay so for weeks: no
#:   test for `distance` and `fill_level`. Conductivities leap with the first rain, rain with the first drop.
#: - Flat: fog holds the humidity at 100 % for two days, melting ice a surface at 0 °C, calm a wind at 0
#:   for a night, still water its level for days. The sky is never dark for a day, and no microphone
#:   hears the same tenth of a decibel for half a day. NO, O3 and CO are 0 for a day where
#:   a maker cuts off what is below it, SO2 and NH3 always.
LOOKING_BACK: Mapping[str, Change] = {
    "pm1": _looking_back((100, None), 50, (_DAY, 7 * _DAY)),
    "pm2_5": _looking_back((100, None), 50, (_DAY, 7 * _DAY)),
    "pm4": _looking_back((150, None), 75, (_DAY, 7 * _DAY)),
    "pm10": _looking_back((200, None), 100, (_DAY, 7 * _DAY)),
    "no": _looking_back((200, None), 100, (2 * _DAY, None)),
    "no2": _looking_back((100, None), 50, (_DAY, 7 * _DAY)),
    "o3": _looking_back((60, None), 20, (2 * _DAY, None)),
    "so2": _looking_back((200, None), 100),
    "nh3": _looking_back((200, None), 100),
    "h2s": _looking_back((200, None), 100),
    "hcho": _looking_back((500, None), 250, (2 * _DAY, None)),
    "co": _looking_back((10, None), 5, (2 * _DAY, None)),
    "co2": _looking_back((1000, None), 500, (_DAY, 3 * _DAY)),
    "tvoc": _looking_back((2000, None), 1000, (2 * _DAY, None)),
    "tvoc_mass": _looking_back((5000, None), 2500, (2 * _DAY, None)),
    "air_temperature": _looking_back((10, 25), 3, (12 * _HOUR, 3 * _DAY)),
    "dew_point": _looking_back((10, 25), 3, (12 * _HOUR, 3 * _DAY)),
    "relative_humidity": _looking_back((40, None), 15, (2 * _DAY, None)),
    "air_pressure": _looking_back((5, 20), 1, (_DAY, 3 * _DAY)),
    "wind_speed": _looking_back((15, None), 20, (_DAY, None)),
    "wind_gust": _looking_back((25, None), None, (_DAY, None)),
    "wind_direction": _looking_back(flat=(_DAY, None)),
    "solar_radiation": _looking_back(flat=(_DAY, 3 * _DAY)),
    "illuminance": _looking_back(flat=(_DAY, None)),
    "uv_index": _looking_back(flat=(2 * _DAY, None)),
    "globe_temperature": _looking_back((20, 40), 5, (_DAY, None)),
    "surface_temperature": _looking_back((20, 40), 5, (2 * _DAY, None)),
    "sound_level": _looking_back(flat=(12 * _HOUR, 2 * _DAY)),
    "laeq": _looking_back(flat=(12 * _HOUR, 2 * _DAY)),
    "lafmax": _looking_back(flat=(12 * _HOUR, 2 * _DAY)),
    "sound_level_max": _looking_back(flat=(12 * _HOUR, 2 * _DAY)),
    "water_level": _looking_back((50, None), 10, (7 * _DAY, None)),
    "water_temperature": _looking_back((5, 15), 1, (7 * _DAY, None)),
    "soil_moisture": _looking_back((30, None), None, (14 * _DAY, None)),
    "soil_temperature": _looking_back((5, 15), 1, (7 * _DAY, None)),
}
