"""The one value of a device that its map shows: the newest good one of the first quantity it has."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from devices.plan import derivable
from devices.reading import Flag, Reading
from devices.state import BayState
from devices.type import DeviceType

#: What is shown, the first that a device says: what it was mounted for comes before what it also measures.
FIELDS: tuple[str, ...] = (
    *("pm2_5", "pm10", "no2", "o3", "pm1", "pm4", "so2", "co", "no", "nh3", "h2s", "hcho"),
    *("occupied_bays", "occupied", "count", "present", "speed"),
    *("water_level", "fill_level", "bin_full", "water_detected", "distance"),
    *("laeq", "sound_level", "precipitation", "precipitation_rate", "soil_moisture", "co2", "tvoc"),
    *("air_temperature", "water_temperature", "soil_temperature", "surface_temperature", "wind_speed"),
    *("relative_humidity", "air_pressure", "illuminance", "solar_radiation", "uv_index", "rx_received"),
)
#: Those of which the parts of one moment (directions, lanes, classes) make a whole.
SUMMED = frozenset({"count", "present"})

_RANKS = {field: rank for rank, field in enumerate(FIELDS)}


class Headline(NamedTuple):
    """A value of one moment; `rank` is the place of its quantity in `FIELDS`."""

    rank: int
    value: float
    time_ns: int

    @property
    def field(self) -> str:
        """The catalogue's name of the quantity."""
        return FIELDS[self.rank]


def ranks(device_type: DeviceType) -> Mapping[str, int]:
    """The fields of a type that may be shown, with their places in `FIELDS`."""
    names = {value.quantity.name for reading in device_type.readings for value in reading.values}
    return {name: _RANKS[name] for name in names | derivable(device_type) if name in _RANKS}


def of_readings(readings: Iterable[Reading], wanted: Mapping[str, int]) -> Headline | None:
    """The good value of the first field wanted, of the newest moment that the readings tell it for."""
    best: Headline | None = None
    for reading in readings:
        for one in reading.values:
            rank = wanted.get(one.field)
            if rank is not None and one.flag <= Flag.NOT_EVALUATED:
                best = joined(best, Headline(rank, float(one.value), reading.time_ns))
    return best


def joined(one: Headline | None, other: Headline) -> Headline:
    """The better of two values of one uplink, or their sum where they are parts of a whole."""
    if one is None or other.rank < one.rank:
        return other
    if other.rank > one.rank or other.time_ns < one.time_ns:
        return one
    if other.time_ns == one.time_ns and other.field in SUMMED:
        return other._replace(value=one.value + other.value)
    return other


def of_bays(bays: Collection[BayState], seen_ns: int) -> Headline | None:
    """Whether the bay is taken; of a sensor that watches several, how many are. As of its newest uplink."""
    if not bays:
        return None
    field = "occupied" if len(bays) == 1 else "occupied_bays"
    return Headline(_RANKS[field], float(sum(one.occupied for one in bays)), seen_ns)


def newer(known: Headline | None, found: Headline, lasts_ns: int) -> Headline:
    """What is shown after `found` came: a field of lower rank only when the other's value has become old."""
    if known is None or found.rank < known.rank:
        return found
    if found.rank == known.rank:
        return found if found.time_ns >= known.time_ns else known
    return found if found.time_ns - known.time_ns > lasts_ns else known
