"""What can be chosen: what the registry in force has, as far as the reader may see it."""

from collections.abc import Iterable
from dataclasses import dataclass

from devices.language import Language
from devices.registry import Registry
from publish import german
from publish.export.measured import Measured, exportable, unasked
from publish.export.vocabulary import title, unit_sign
from publish.planners.login import Who

#: More than these are typed instead of ticked.
TICKED = 40
#: Names that are suggested while typing.
SUGGESTED = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """Each sorted as people look for it. `quantities` are names by measurement."""

    sites: tuple[str, ...]
    districts: tuple[str, ...]
    municipalities: tuple[str, ...]
    labels: tuple[str, ...]
    quantities: dict[str, tuple[str, ...]]


def choices(registry: Registry, who: Who) -> Choices:
    """What the reader may choose from."""
    allowed = {"partners", "open"} if who == "partners" else {"none", "partners", "open"}
    devices = [device for device in registry.devices.values() if device.publish in allowed]
    measured = Measured()
    there = frozenset[str]().union(*(measured.at(device) for device in devices))
    found: dict[str, list[str]] = {name: [] for name in german.MEASUREMENTS}
    for quantity in exportable():
        if quantity.name in there and unasked(quantity):
            found.setdefault(quantity.measurement, []).append(quantity.name)
    return Choices(
        _sorted(device.site for device in devices),
        _sorted(device.district for device in devices if device.district),
        _sorted(device.municipality for device in devices),
        _sorted(
            word
            for device in devices
            for name, value in device.labels.items()
            for word in (name, f"{name}={value}")
        ),
        {measurement: tuple(names) for measurement, names in found.items() if names},
    )


def measurement_title(measurement: str, language: Language) -> str:
    """The heading of a group of quantities."""
    return (
        german.measurement_name(measurement)
        if language == "de"
        else measurement.replace("_", " ").capitalize()
    )


def quantity_title(name: str, language: Language) -> str:
    """What people call a quantity, with its unit."""
    sign = unit_sign(name)
    return f"{title(name, language)} ({sign})" if sign else title(name, language)


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=lambda name: (name.casefold(), name)))
