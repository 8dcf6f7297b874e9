"""What hardware would say by its type: the series of a device that never spoke."""

from collections.abc import Iterable, Iterator, Sequence

from devices import item
from devices.device import Device, Installation
from devices.plan import derivable
from devices.quantity import CATALOGUE
from publish.export.parking_windows import MEASUREMENT, OF_BAY
from publish.export.series import Series


def expected(device: Device, wanted: Iterable[str]) -> Iterator[Series]:
    """The series of these quantities (computed ones too) that are to be expected at a place.

    Tags are those that the type fixes; what a payload tells apart is one series.
    """
    for name in wanted:
        hardware = measuring(device, name)
        if hardware:
            measurement = CATALOGUE[name].measurement if name in CATALOGUE else MEASUREMENT
            for tags in _tags(hardware[-1], _source(name)):
                yield Series(device.id, measurement, name, item.placed(tags, measurement, device))


def measuring(device: Device, name: str) -> Sequence[Installation]:
    """The hardware that measures a quantity, or of which it is computed."""
    return [one for one in device.installations if _measures(one, _source(name)) or _measures(one, name)]


def _source(name: str) -> str:
    return "occupied" if name in OF_BAY else name


def _measures(hardware: Installation, name: str) -> bool:
    said = any(spec.quantity.name == name for one in hardware.type.readings for spec in one.values)
    return said or (name in hardware.calibration and name in derivable(hardware.type))


def _tags(hardware: Installation, name: str) -> list[tuple[tuple[str, str], ...]]:
    found = [
        tuple(sorted((tag.name, tag.value) for tag in one.tags if tag.value is not None))
        for one in hardware.type.readings
        if any(spec.quantity.name == name for spec in one.values)
    ]
    return list(dict.fromkeys(found)) or [()]
