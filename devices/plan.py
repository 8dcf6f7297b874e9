"""How a type's readings fall into rows of the time series: sorted once a type, walked on every uplink."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from devices.health import MEASUREMENT
from devices.quantity import CATALOGUE, Quantity
from devices.type import DeviceType, Getter, ReadingSpec, ValueSpec


class Step(NamedTuple):
    """One value to read: its `spec`, and at hand what the common case asks for every value.

    A plain number that `factor` and `offset` bring between `low` and `high` is good and needs no more than
    rounding. No number lies between them where the spec wants more: words, or integers.
    """

    get: Getter
    field: str
    factor: float
    offset: float
    low: float
    high: float
    decimals: int
    spec: ValueSpec


Steps = tuple[Step, ...]
Specs = tuple[ValueSpec, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The values of one `ReadingSpec` in one measurement, by what time they carry."""

    measurement: str
    instant: Steps  #: the reading's time
    interval: Steps  #: the begin of the interval they were measured over
    totals: Specs  #: counters that the device counts for ever
    bays: Specs  #: states of parking bays
    delta: bool  #: whether one of `interval` counts since the uplink before


@dataclass(frozen=True, slots=True)
class Plan:
    """One `ReadingSpec`; `health` are its values in measurement `device`, which share one row an uplink.

    `derived` are quantities that an installation's calibration makes of a value, where it does.
    """

    spec: ReadingSpec
    health: Steps
    rows: tuple[Rows, ...]
    interval: bool  #: whether the interval matters to any row
    derived: tuple[tuple[ValueSpec, Quantity], ...]


def plans(device_type: DeviceType) -> tuple[Plan, ...]:
    """One plan a reading of the type, made on the first use and kept with the type."""
    made: tuple[Plan, ...] | None = device_type.plan
    if made is None:
        names = derivable(device_type)
        made = tuple(_plan(spec, names) for spec in device_type.readings)
        object.__setattr__(device_type, "plan", made)
    return made


def derivable(device_type: DeviceType) -> frozenset[str]:
    """Quantities that a type does not say but that a calibration can make of what it says."""
    said = {value.quantity.name: value.quantity for one in device_type.readings for value in one.values}
    return frozenset(name for quantity in said.values() for name in quantity.becomes) - said.keys()


def _plan(spec: ReadingSpec, derivable_names: frozenset[str]) -> Plan:
    names = dict.fromkeys(value.quantity.measurement for value in spec.values)
    rows = tuple(
        _rows(name, [value for value in spec.values if value.quantity.measurement == name])
        for name in names
        if name != MEASUREMENT
    )
    health = tuple(_step(value) for value in spec.values if value.quantity.measurement == MEASUREMENT)
    derived = tuple(
        (value, CATALOGUE[name])
        for value in spec.values
        for name in value.quantity.becomes
        if name in derivable_names
    )
    return Plan(spec, health, rows, any(row.interval for row in rows), derived)


def _rows(measurement: str, values: Iterable[ValueSpec]) -> Rows:
    sorted_out: dict[str, list[ValueSpec]] = {"instant": [], "interval": [], "totals": [], "bays": []}
    for value in values:
        sorted_out[_kind(value)].append(value)
    return Rows(
        measurement,
        instant=tuple(map(_step, sorted_out["instant"])),
        interval=tuple(map(_step, sorted_out["interval"])),
        totals=tuple(sorted_out["totals"]),
        bays=tuple(sorted_out["bays"]),
        delta=any(value.counter == "delta" for value in sorted_out["interval"]),
    )


def _step(value: ValueSpec) -> Step:
    quantity = value.quantity
    plain = quantity.decimals is not None and not value.words
    low, high = quantity.limits.good if plain else (math.inf, -math.inf)
    decimals = quantity.decimals or 0
    return Step(value.get, quantity.name, value.factor, value.offset, low, high, decimals, value)


def _kind(value: ValueSpec) -> str:
    if value.counter == "total":
        return "totals"
    if value.quantity.name == "occupied":
        return "bays"
    if value.counter == "delta" or (value.quantity.interval and value.counter is None):
        return "interval"
    return "instant"
