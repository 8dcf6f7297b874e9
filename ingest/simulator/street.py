"""What a street is like at a moment: daily curves as pure functions of place and time.

Nothing here is remembered, so the same seed, place and moment always give the same figure.
"""

import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from devices.quantity import Quantity

_ZONE = ZoneInfo("Europe/Berlin")  # rush hours follow the clock on the wall


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as a street knows it."""

    hour: float  #: of the local day, 0 to 24
    day: int  #: of the year
    weekend: bool
    hours: float  #: since 1970, for what has no daily rhythm


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its own character: `busy` is about 1, `seed` tells its noise from its neighbour's."""

    seed: int
    busy: float = 1.0
    evening: bool = False  #: fills in the evening (homes, restaurants), not during office hours


def moment(time_ns: int) -> Moment:
    """The moment of a UTC time in nanoseconds."""
    local = datetime.fromtimestamp(time_ns / 1e9, UTC).astimezone(_ZONE)
    hour = local.hour + local.minute / 60 + local.second / 3600
    return Moment(hour, local.timetuple().tm_yday, local.weekday() >= 5, time_ns / 3.6e12)


def place(name: str, seed: int, *, evening: bool = False) -> Place:
    """The place of that name in the city of that seed."""
    mixed = zlib.crc32(f"{seed}/{name}".encode())
    return Place(mixed, busy=0.7 + (mixed % 61) / 100, evening=evening)


def wobble(where: Place, when: Moment, topic: str, period_h: float) -> float:
    """Smooth noise between -1 and 1 with about the given period."""
    phase = zlib.crc32(f"{where.seed}/{topic}".encode()) / 2**32 * math.tau
    turn = when.hours / period_h * math.tau
    return 0.5 * math.sin(turn + phase) + 0.3 * math.sin(2.3 * turn + 2 * phase) + 0.2 * math.sin(5.1 * turn)


def traffic(where: Place, when: Moment, *, inbound: bool) -> float:
    """Vehicles an hour in one direction: into town in the morning, out of it in the afternoon."""
    if when.weekend:
        flow = 0.9 * _bump(when.hour, 14.5, 4.2) + 0.12
    else:
        morning, evening = (1.0, 0.62) if inbound else (0.55, 1.05)
        flow = morning * _bump(when.hour, 7.7, 1.1) + evening * _bump(when.hour, 16.8, 1.9)
        flow += 0.42 * _bump(when.hour, 12.4, 3.2) + 0.05
    return max(0.0, 420 * where.busy * flow * (1 + 0.12 * wobble(where, when, "traffic", 3)))


def filling(where: Place, when: Moment) -> float:
    """The share of parking bays that is taken, 0 to 1."""
    if where.evening:
        share = 0.25 + 0.6 * _bump(when.hour, 21.0, 3.6)
    else:
        day = 0.45 if when.weekend else 0.82
        share = 0.08 + day * _bump(when.hour, 11.5, 3.4) + 0.3 * _bump(when.hour, 16.0, 2.0)
    return min(0.98, max(0.02, share + 0.06 * wobble(where, when, "filling", 5)))


def level(quantity: Quantity, where: Place, when: Moment) -> float:
    """A believable value of the quantity in its own unit; in the middle of its range for an unknown one."""
    curve = _CURVES.get(quantity.name)
    value = (
        curve(where, when) if curve else _middle(quantity) * (1 + 0.1 * wobble(where, when, quantity.name, 6))
    )
    low, high = quantity.plausible
    return min(math.inf if high is None else high, max(-math.inf if low is None else low, value))


def _bump(hour: float, centre: float, width: float) -> float:
    away = min(abs(hour - centre), 24 - abs(hour - centre))
    return math.exp(-((away / width) ** 2))


def _middle(quantity: Quantity) -> float:
    low, high = (
        plausible if usual is None else usual
        for usual, plausible in zip(quantity.usual, quantity.plausible, strict=True)
    )
    return 1.0 if low is None or high is None else low + 0.3 * (high - low)


def _fumes(where: Place, when: Moment) -> float:
    return (traffic(where, when, inbound=True) + traffic(where, when, inbound=False)) / 800


def _inversion(when: Moment) -> float:
    """Still, cold air near the ground before dawn keeps down what chimneys and engines give."""
    return _bump(when.hour, 5.0, 3.5) * (1.2 if when.day < 90 or when.day > 280 else 0.6)


def _season(when: Moment) -> float:
    return -math.cos((when.day - 20) / 365 * math.tau)


def _pm2_5(where: Place, when: Moment) -> float:
    drift = 3.5 * (1 + wobble(where, when, "air", 31))
    return (
        3.5 + drift + 4.5 * _fumes(where, when) + 5 * _inversion(when) + 0.8 * wobble(where, when, "pm", 1.1)
    )


def _no2(where: Place, when: Moment) -> float:
    return 9 + 24 * _fumes(where, when) + 7 * _inversion(when) + 4 * wobble(where, when, "no2", 2)


def _ozone(where: Place, when: Moment) -> float:
    sun = 34 * _bump(when.hour, 15, 4.5) + 12 * _season(when)
    return max(4.0, 38 + sun - 0.5 * _no2(where, when))


def _temperature(where: Place, when: Moment) -> float:
    day = 3.8 * math.cos((when.hour - 15) / 24 * math.tau)
    return 10.5 + 9.0 * _season(when) + day + 2.5 * wobble(where, when, "weather", 60)


def _humidity(where: Place, when: Moment) -> float:
    day = -16 * math.cos((when.hour - 15) / 24 * math.tau) - 6 * _season(when)
    return min(98.0, max(25.0, 74 + day + 7 * wobble(where, when, "rain", 40)))


def _noise(where: Place, when: Moment) -> float:
    return 47 + 9 * math.log10(1 + 30 * _fumes(where, when)) + 1.5 * wobble(where, when, "noise", 0.7)


def charge(where: Place, when: Moment) -> float:
    """Battery charge in percent: each place is somewhere on its way from 100 to about 5, at its own pace."""
    days = 300 + where.seed % 900
    age = (when.hours / 24 + where.seed % 997) % days / days
    return 100 - 95 * math.pow(age, 1.3)


def _daylight(when: Moment) -> float:
    return max(0.0, math.cos((when.hour - 13.2) / (12 + 3.5 * _season(when)) * math.pi))


def _rain(where: Place, when: Moment) -> float:
    return max(0.0, 1.6 * wobble(where, when, "rain", 17) - 0.7)


#: By the catalogue's name of the quantity, in the catalogue's unit.
_CURVES: Mapping[str, Callable[[Place, Moment], float]] = {
    "pm1": lambda where, when: 0.68 * _pm2_5(where, when),
    "pm2_5": _pm2_5,
    "pm4": lambda where, when: 1.2 * _pm2_5(where, when),
    "pm10": lambda where, when: 1.35 * _pm2_5(where, when) + 5 * _fumes(where, when),
    "no": lambda where, when: 3 + 20 * _fumes(where, when) ** 1.5,
    "no2": _no2,
    "o3": _ozone,
    "so2": lambda where, when: 2 + wobble(where, when, "so2", 9),
    "nh3": lambda where, when: 9 + 3 * wobble(where, when, "fields", 20),
    "h2s": lambda where, when: 4 + 2 * wobble(where, when, "drains", 9),
    "hcho": lambda where, when: 12 + 6 * _fumes(where, when) + 2 * wobble(where, when, "hcho", 9),
    "co": lambda where, when: 0.22 + 0.25 * _fumes(where, when),
    "co2": lambda where, when: 428 + 18 * _inversion(when) + 14 * _fumes(where, when),
    "tvoc": lambda where, when: 60 + 70 * _fumes(where, when),
    "tvoc_mass": lambda where, when: 150 + 160 * _fumes(where, when),
    "present": lambda where, when: traffic(where, when, inbound=True) / 20,
    "speed": lambda where, when: (
        44 - 11 * min(1.5, _fumes(where, when)) + 2 * wobble(where, when, "speed", 1)
    ),
    "air_temperature": _temperature,
    "surface_temperature": lambda where, when: _temperature(where, when) + 9 * _daylight(when) - 1.5,
    "relative_humidity": _humidity,
    "air_pressure": lambda where, when: 1004 + 9 * wobble(where, when, "pressure", 90),
    "wind_speed": lambda where, when: 2.6 + 1.8 * wobble(where, when, "wind", 7) ** 2,
    "wind_gust": lambda where, when: 5.2 + 4.5 * wobble(where, when, "wind", 7) ** 2,
    "wind_direction": lambda where, when: (240 + 70 * wobble(where, when, "from", 50)) % 360,
    "precipitation": _rain,
    "precipitation_rate": _rain,
    "solar_radiation": lambda where, when: (
        640 * _daylight(when) * (0.75 + 0.25 * wobble(where, when, "clouds", 2))
    ),
    "illuminance": lambda where, when: 15 + 52_000 * _daylight(when) * where.busy,
    "uv_index": lambda where, when: 6 * _daylight(when) * where.busy,
    "globe_temperature": lambda where, when: _temperature(where, when) + 12 * _daylight(when),
    "laeq": _noise,
    "sound_level": _noise,
    "sound_level_max": lambda where, when: _noise(where, when) + 12,
    "lafmax": lambda where, when: _noise(where, when) + 14,
    "water_level": lambda where, when: 148 + 22 * wobble(where, when, "river", 130),
    "water_temperature": lambda where, when: 11 + 6 * _season(when) + 0.5 * wobble(where, when, "river", 30),
    "fill_level": lambda where, when: (when.hours * (0.9 + where.seed % 7 / 10) + where.seed) % 96,
    "battery": charge,
    "battery_voltage": lambda where, when: 2.9 + 0.7 * charge(where, when) / 100,
    "device_temperature": lambda where, when: _temperature(where, when) + 4 * _daylight(when),
}
