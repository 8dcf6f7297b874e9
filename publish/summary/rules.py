"""How values become one: the rules of `devices.quantity.Quantity.summary` but for states over time."""

import math
from collections.abc import Sequence


def mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """The weighted arithmetic mean."""
    return math.fsum(map(_product, values, weights)) / math.fsum(weights)


def energy_mean(levels: Sequence[float], weights: Sequence[float]) -> float:
    """The level in dB whose energy is the mean of the energies: 10·lg(Σ wᵢ·10^(Lᵢ/10) / Σ wᵢ).

    The equivalent continuous level of DIN 45641 where the weights are durations.
    """
    return 10 * math.log10(mean([10 ** (level / 10) for level in levels], weights))


def circular_mean(degrees: Sequence[float], weights: Sequence[float]) -> float | None:
    """The direction of the sum of unit vectors, in `[0, 360)`; None where they cancel each other out."""
    angles = [math.radians(degree) for degree in degrees]
    east = mean([math.sin(angle) for angle in angles], weights)
    north = mean([math.cos(angle) for angle in angles], weights)
    if math.hypot(east, north) < 1e-9:  # below what rounding leaves of nothing
        return None
    return math.degrees(math.atan2(east, north)) % 360


def _product(value: float, weight: float) -> float:
    return value * weight
