"""Air quality indices of hourly means: Umweltbundesamt 2025, European Environment Agency 2024.

Sources: Umweltbundesamt, "Der Luftqualitätsindex (LQI)", edition of 2025 (all five pollutants as hourly
means; the bands of the German page); European Air Quality Index, bands of ETC HE Report 2024/17 (hourly
concentrations of all five). Their names carry the edition: earlier ones took moving means of 24 hours for
particles and other bands, and are never mixed with these.

Both pages print bands of whole µg/m³ and no rule for what lies between: we round half up to whole µg/m³
first, and take what is below 0 (analysers near zero) as 0. That is our rule. Values of municipal sensors are
no official measurements, and neither is an index of them.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: The highest whole µg/m³ of each class but the last, by pollutant.
Bands = Mapping[str, tuple[int, ...]]

#: Classes 1 (sehr gut) to 5 (sehr schlecht).
UBA_2025: Bands = {
    "no2": (10, 30, 60, 100),
    "o3": (24, 72, 144, 240),
    "pm10": (9, 27, 54, 90),
    "pm2_5": (5, 15, 30, 50),
    "so2": (10, 30, 60, 100),
}
#: Classes 1 (good) to 6 (extremely poor).
EUROPEAN_2024: Bands = {
    "no2": (10, 25, 60, 100, 150),
    "o3": (60, 100, 120, 160, 180),
    "pm10": (15, 45, 120, 195, 270),
    "pm2_5": (5, 15, 50, 90, 140),
    "so2": (20, 40, 125, 190, 275),
}


@dataclass(frozen=True, slots=True)
class Index:
    """The worst class of any pollutant, 1 the best; the pollutants it rests on, and those that decide."""

    level: int
    of: tuple[str, ...]
    by: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether all five were measured; else its circle is incomplete, and it is for orientation only."""
        return len(self.of) == len(UBA_2025)


def uba_2025(means: Mapping[str, float]) -> Index | None:
    """The Luftqualitätsindex of an hour from hourly means in µg/m³; None without any of its pollutants."""
    return _index(means, UBA_2025)


def european_2024(means: Mapping[str, float]) -> Index | None:
    """The European Air Quality Index of an hour from hourly means in µg/m³; None without its pollutants."""
    return _index(means, EUROPEAN_2024)


def level(value: float, upper: tuple[int, ...]) -> int:
    """The class of one pollutant, 1 the best, from its hourly mean in µg/m³ and the ends of its bands."""
    return bisect_left(upper, _whole(value)) + 1


def _index(means: Mapping[str, float], bands: Bands) -> Index | None:
    levels = {name: level(means[name], upper) for name, upper in sorted(bands.items()) if name in means}
    if not levels:
        return None
    worst = max(levels.values())
    return Index(worst, tuple(levels), tuple(name for name, one in levels.items() if one == worst))


def _whole(value: float) -> int:
    return max(int(Decimal(repr(value)).quantize(Decimal(1), ROUND_HALF_UP)), 0)
