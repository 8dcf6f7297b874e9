"""The catalogue of quantities: one unit, one type, one range a field, for ever."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Summary = Literal["mean", "energy_mean", "circular_mean", "sum", "time_weighted", "last"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured. `name` is the field's name in `measurement` and is never renamed or reused.

    `decimals` is None for integers (counts, states), else the rounding of the float. Values outside
    `plausible` fail, values outside `usual` are suspect (None: open on that side). `units` maps every
    UCUM code it takes to `(factor, offset)` into `unit`: `factor * number + offset`.
    `interval` says that it is measured over an interval and its point carries the interval's begin.
    """

    name: str
    measurement: str
    unit: str  #: UCUM
    decimals: int | None
    plausible: tuple[float | None, float | None]
    usual: tuple[float | None, float | None] = (None, None)
    summary: Summary = "mean"
    interval: bool = False
    units: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    title: str = ""  #: what a person calls it, English
