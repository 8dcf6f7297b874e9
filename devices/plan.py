"""How a type's readings fall into rows of the time series: sorted once a type, walked on every uplink."""

from collections.abc import Iterable
from dataclasses import dataclass

from devices.health import MEASUREMENT
from devices.type import DeviceType, ReadingSpec, ValueSpec

Specs = tuple[ValueSpec, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The values of one `ReadingSpec` in one measurement, by what time they carry."""

    measurement: str
    instant: Specs  #: the reading's time
    interval: Specs  #: the begin of the interval they were measured over
    totals: Specs  #: counters that the device counts for ever
    bays: Specs  #: states of parking bays
    delta: bool  #: whether one of `interval` counts since the uplink before


@dataclass(frozen=True, slots=True)
class Plan:
    """One `ReadingSpec`; `health` are its values in measurement `device`, which share one row an uplink."""

    spec: ReadingSpec
    health: Specs
    rows: tuple[Rows, ...]
    interval: bool  #: whether the interval matters to any row


def plans(device_type: DeviceType) -> tuple[Plan, ...]:
    """One plan a reading of the type, made on the first use and kept with the type."""
    made: tuple[Plan, ...] | None = device_type.plan
    if made is None:
        made = tuple(_plan(spec) for spec in device_type.readings)
        object.__setattr__(device_type, "plan", made)
    return made


def _plan(spec: ReadingSpec) -> Plan:
    names = dict.fromkeys(value.quantity.measurement for value in spec.values)
    rows = tuple(
        _rows(name, [value for value in spec.values if value.quantity.measurement == name])
        for name in names
        if name != MEASUREMENT
    )
    health = tuple(value for value in spec.values if value.quantity.measurement == MEASUREMENT)
    return Plan(spec, health, rows, any(row.interval for row in rows))


def _rows(measurement: str, values: Iterable[ValueSpec]) -> Rows:
    sorted_out: dict[str, list[ValueSpec]] = {"instant": [], "interval": [], "totals": [], "bays": []}
    for value in values:
        sorted_out[_kind(value)].append(value)
    return Rows(
        measurement,
        **{kind: tuple(specs) for kind, specs in sorted_out.items()},
        delta=any(value.counter == "delta" for value in sorted_out["interval"]),
    )


def _kind(value: ValueSpec) -> str:
    if value.counter == "total":
        return "totals"
    if value.quantity.name == "occupied":
        return "bays"
    if value.counter == "delta" or (value.quantity.interval and value.counter is None):
        return "interval"
    return "instant"
