"""What a store holds, as readers of a page want it: the latest of each place, a day of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from devices.device import Device
from devices.quantity import Quantity
from devices.reading import TAGS, Flag
from devices.registry import Registry
from ingest.seams import Row, Store


@dataclass(frozen=True, slots=True)
class Shown:
    """One value with its quality; `value` is the refused one where the flag is FAIL."""

    value: float
    flag: Flag


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest row of one series. `tags` are the reading's own; `interval_s` is None for moments."""

    device: Device
    tags: Mapping[str, str]
    time_ns: int
    interval_s: int | None
    values: Mapping[str, Shown]  #: by quantity

    @property
    def said_ns(self) -> int:
        """When it was known: the interval's end, or the moment."""
        return self.time_ns + (self.interval_s or 0) * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series at a UTC time: a moment, or the begin of an interval."""

    time_ns: int
    shown: Shown
    interval_s: int | None = None

    def per_hour(self) -> "Point | None":
        """What was counted in the interval as a rate, so that intervals of any length compare.

        None where the interval is not known, as with the first count of a device.
        """
        if not self.interval_s:
            return None
        return replace(self, shown=replace(self.shown, value=self.shown.value * 3600 / self.interval_s))


def quantities(registry: Registry) -> dict[str, list[Quantity]]:
    """What the registered devices measure, by measurement, in the order of their types."""
    found: dict[str, dict[str, Quantity]] = {}
    for device in registry.devices.values():
        for quantity in measured(device):
            found.setdefault(quantity.measurement, {}).setdefault(quantity.name, quantity)
    return {measurement: list(named.values()) for measurement, named in found.items()}


def measured(device: Device) -> list[Quantity]:
    """What the hardware at a place measures or has measured, each quantity once."""
    found = {
        spec.quantity.name: spec.quantity
        for installation in device.installations
        for reading in installation.type.readings
        for spec in reading.values
        if _shows(spec.quantity)
    }
    return list(found.values())


def _shows(quantity: Quantity) -> bool:
    """Health of devices is no reading of the street, and a counter's total says nothing by itself."""
    return quantity.measurement not in {"device", "gateway"} and not quantity.name.endswith("_total")


async def everything(store: Store, registry: Registry, since_ns: int) -> dict[str, list[Latest]]:
    """The newest rows of all registered devices by measurement; measurements without any are left out."""
    found = {
        measurement: await latest(store, registry, measurement, wanted, since_ns)
        for measurement, wanted in quantities(registry).items()
    }
    return {measurement: entries for measurement, entries in found.items() if entries}


async def latest(
    store: Store, registry: Registry, measurement: str, wanted: Sequence[Quantity], since_ns: int
) -> list[Latest]:
    """The newest row since `since_ns` of every series of registered devices, by site and tags."""
    rows = await store.latest(measurement, _fields(wanted), since_ns)
    found = [
        Latest(device, own_tags(row), row.time_ns, _interval(row), values)
        for row in rows
        if (device := registry.devices.get(row.tags.get("device", ""))) is not None
        and (values := _values(row, wanted))
    ]
    return sorted(found, key=lambda entry: (entry.device.site, entry.device.id, sorted(entry.tags.items())))


async def day(
    store: Store, quantity: Quantity, device: str, begin_ns: int, end_ns: int
) -> dict[tuple[tuple[str, str], ...], list[Point]]:
    """One quantity of one device in `[begin_ns, end_ns)`, oldest first, by the reading's own tags."""
    rows = await store.series(quantity.measurement, _fields([quantity]), device, begin_ns, end_ns)
    found: dict[tuple[tuple[str, str], ...], list[Point]] = {}
    for row in rows:
        shown = _values(row, [quantity]).get(quantity.name)
        if shown is not None:
            series = found.setdefault(tuple(sorted(own_tags(row).items())), [])
            series.append(Point(row.time_ns, shown, _interval(row)))
    return dict(sorted(found.items()))


def own_tags(row: Row) -> dict[str, str]:
    """The tags of a row that its reading brought, without those of the registry."""
    return {name: row.tags[name] for name in TAGS if row.tags.get(name)}


def _fields(wanted: Sequence[Quantity]) -> list[str]:
    named = [field for q in wanted for field in (q.name, f"{q.name}_qc", f"{q.name}_failed")]
    return [*named, "interval"]


def _values(row: Row, wanted: Sequence[Quantity]) -> dict[str, Shown]:
    found = {quantity.name: _shown(row, quantity.name) for quantity in wanted}
    return {name: shown for name, shown in found.items() if shown is not None}


def _shown(row: Row, name: str) -> Shown | None:
    value, failed = row.fields.get(name), row.fields.get(f"{name}_failed")
    if value is not None:
        return Shown(float(value), Flag(int(row.fields.get(f"{name}_qc") or Flag.GOOD)))
    return None if failed is None else Shown(float(failed), Flag.FAIL)


def _interval(row: Row) -> int | None:
    seconds = row.fields.get("interval")
    return None if seconds is None else int(seconds)
