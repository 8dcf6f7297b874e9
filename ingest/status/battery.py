"""Whether a device's battery is to be changed: its newest value against the limit of its type.

Series carry no type, and most types speak of volts that mean nothing to another: so boards and alarms are
told the verdict (`battery_low`), not only the value.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from devices.quantity import CATALOGUE
from devices.reading import Flag, Reading
from devices.type import DeviceType

#: The quantity that is compared where a type names none.
FIELD = "battery"
MEASUREMENT = CATALOGUE[FIELD].measurement
#: Below so many %, where nobody says otherwise.
LOW_PERCENT = 20


class Limit(NamedTuple):
    """The quantity that tells, and the value below which the battery is to be changed."""

    field: str
    low: float


class Charge(NamedTuple):
    """The newest good value and its time."""

    value: float
    time_ns: int


def limit_of(device_type: DeviceType, low_percent: int) -> Limit:
    """The type's own limit, else `low_percent` of `battery`."""
    return Limit(*device_type.battery_low) if device_type.battery_low else Limit(FIELD, float(low_percent))


def of_readings(readings: Iterable[Reading], limit: Limit) -> Charge | None:
    """What an uplink's readings say of the battery; a suspect value says nothing."""
    for reading in readings:
        if reading.measurement == MEASUREMENT:
            for one in reading.values:
                if one.field == limit.field and one.flag <= Flag.NOT_EVALUATED:
                    return Charge(float(one.value), reading.time_ns)
    return None


def of_row(fields: Mapping[str, float | int | str], time_ns: int, limit: Limit) -> Charge | None:
    """What a row of the store says."""
    value = fields.get(limit.field)
    if not isinstance(value, int | float) or f"{limit.field}_qc" in fields:  # others may have written texts
        return None
    return Charge(float(value), time_ns)


def newer(known: Charge | None, found: Charge | None) -> Charge | None:
    """The newer of two."""
    if known is None or found is None:
        return found if known is None else known
    return found if found.time_ns >= known.time_ns else known
