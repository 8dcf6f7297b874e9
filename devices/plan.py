"""How a type's readings fall into rows of the time series: sorted once a type, walked on every uplink."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from devices.device import Installation
from devices.health import MEASUREMENT, silence_ns
from devices.item import PLACED, series
from devices.limits import Change, Limits, Pair, changed
from devices.quantity import CATALOGUE, Quantity
from devices.type import DeviceType, Getter, ReadingSpec, ValueSpec


class Back(NamedTuple):
    """How a value is compared with those before it.

    `key` names its series in the memory (empty: its tags are said by the payload). `gap_ns` is its own
    (None: the device's).
    """

    key: str
    gap_ns: int | None
    limits: Limits


class Step(NamedTuple):
    """One value to read: its `spec`, and at hand what the common case asks for every value.

    A plain number that `factor` and `offset` bring between `low` and `high` is good in itself and needs no
    more than rounding. No number lies between them where the spec wants more: words, or integers. Where
    `key` is not None it is also compared with those before it in that series: one that has moved by at most
    `calm` and was the same for at most `still_ns` passes; others are looked at as `back` says.
    """

    get: Getter
    field: str
    factor: float
    offset: float
    low: float
    high: float
    decimals: int
    key: str | None
    calm: float
    still_ns: float
    back: Back | None
    spec: ValueSpec


Steps = tuple[Step, ...]
Specs = tuple[ValueSpec, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The values of one `ReadingSpec` in one measurement, by what time they carry."""

    measurement: str
    placed: bool  #: whether the device gives them tags of its own
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
    derived: tuple[tuple[ValueSpec, Quantity, Limits, Back | None], ...]


@dataclass(frozen=True, slots=True)
class Plans:
    """All of an installation: a plan a reading of its type.

    `back` says whether a value is compared with those before it; `optical` are the fields of particles that
    are counted by light without a dryer; `silence_ns` is how long the device may say nothing.
    """

    readings: tuple[Plan, ...]
    back: bool
    optical: frozenset[str]
    silence_ns: int | None = None


def plans(installation: Installation) -> Plans:
    """Made on the first use and kept with the installation; what is its type's alone, with the type."""
    made: Plans | None = installation.plan
    if made is None:
        device_type, changes = installation.type, installation.device.qc
        shared: Plans | None = None if changes else device_type.plan
        if shared is None:
            shared = _plans(device_type, changes)
            if not changes:
                object.__setattr__(device_type, "plan", shared)
        made = replace(shared, silence_ns=silence_ns(installation))
        object.__setattr__(installation, "plan", made)
    return made


def _plans(device_type: DeviceType, changes: Mapping[str, Change]) -> Plans:
    names = derivable(device_type)
    readings = tuple(_plan(_changed(spec, changes), names, changes) for spec in device_type.readings)
    values = [value for spec in device_type.readings for value in spec.values]
    return Plans(
        readings,
        back=any(_looks_back(plan) for plan in readings),
        optical=frozenset(value.quantity.name for value in values if value.optical),
    )


def _changed(spec: ReadingSpec, changes: Mapping[str, Change]) -> ReadingSpec:
    """The reading with the device's thresholds."""
    if not changes:
        return spec
    values = [
        replace(value, limits=changed(value.limits or value.quantity.limits, changes[value.quantity.name]))
        if value.quantity.name in changes
        else value
        for value in spec.values
    ]
    return replace(spec, values=tuple(values))


def _looks_back(plan: Plan) -> bool:
    steps = [step for row in plan.rows for step in (*row.instant, *row.interval)]
    derived = [back for _, _, _, back in plan.derived]
    return any(back is not None for back in (*(step.back for step in (*plan.health, *steps)), *derived))


def derivable(device_type: DeviceType) -> frozenset[str]:
    """Quantities that a type does not say but that a calibration can make of what it says."""
    said = {value.quantity.name: value.quantity for one in device_type.readings for value in one.values}
    return frozenset(name for quantity in said.values() for name in quantity.becomes) - said.keys()


def _plan(spec: ReadingSpec, derivable_names: frozenset[str], changes: Mapping[str, Change]) -> Plan:
    names = dict.fromkeys(value.quantity.measurement for value in spec.values)
    rows = tuple(
        _rows(name, spec, [value for value in spec.values if value.quantity.measurement == name])
        for name in names
        if name != MEASUREMENT
    )
    health = tuple(_step(value, spec) for value in spec.values if value.quantity.measurement == MEASUREMENT)
    derived = tuple(
        (value, *_derived(CATALOGUE[name], spec, changes))
        for value in spec.values
        for name in value.quantity.becomes
        if name in derivable_names
    )
    return Plan(spec, health, rows, any(row.interval for row in rows), derived)


def _derived(
    quantity: Quantity, spec: ReadingSpec, changes: Mapping[str, Change]
) -> tuple[Quantity, Limits, Back | None]:
    limits = changed(quantity.limits, changes.get(quantity.name, Change()))
    return quantity, limits, _back(quantity, limits, spec)


def _rows(measurement: str, spec: ReadingSpec, values: Iterable[ValueSpec]) -> Rows:
    sorted_out: dict[str, list[ValueSpec]] = {"instant": [], "interval": [], "totals": [], "bays": []}
    for value in values:
        sorted_out[_kind(value)].append(value)
    return Rows(
        measurement,
        placed=measurement in PLACED,
        instant=tuple(_step(value, spec) for value in sorted_out["instant"]),
        interval=tuple(_step(value, spec) for value in sorted_out["interval"]),
        totals=tuple(sorted_out["totals"]),
        bays=tuple(sorted_out["bays"]),
        delta=any(value.counter == "delta" for value in sorted_out["interval"]),
    )


def _step(value: ValueSpec, spec: ReadingSpec) -> Step:
    quantity = value.quantity
    limits = value.limits or quantity.limits
    plain = quantity.decimals is not None and not value.words
    low, high = limits.good if plain else (math.inf, -math.inf)
    back = None if value.counter == "delta" else _back(quantity, limits, spec)
    decimals = quantity.decimals or 0
    calm = min(_first(limits.spike), _first(limits.rate))
    return Step(
        value.get,
        quantity.name,
        value.factor,
        value.offset,
        low,
        high,
        decimals,
        None if back is None else back.key,
        calm if back is None or back.gap_ns is None else -1.0,
        _first(limits.flat_s) * 1_000_000_000,
        back,
        value,
    )


def _back(quantity: Quantity, limits: Limits, spec: ReadingSpec) -> Back | None:
    if not limits.looks_back or quantity.decimals is None:
        return None
    fixed = all(tag.get is None for tag in spec.tags)
    own = tuple(sorted((tag.name, tag.value or "") for tag in spec.tags))
    gap_ns = None if limits.gap_s is None else limits.gap_s * 1_000_000_000
    return Back(series(quantity.name, own) if fixed else "", gap_ns, limits)


def _first(pair: Pair) -> float:
    """From where on a test has something to say."""
    return min(math.inf if one is None else one for one in pair)


def _kind(value: ValueSpec) -> str:
    if value.counter == "total":
        return "totals"
    if value.quantity.name == "occupied":
        return "bays"
    if value.counter == "delta" or (value.quantity.interval and value.counter is None):
        return "interval"
    return "instant"
