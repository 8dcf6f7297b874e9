"""Small parts to build uplinks, types and installations from, for tests of what an uplink means."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from devices.device import Calibration, Device, Installation
from devices.normalise import Normalised, normalise
from devices.path import compile_path
from devices.quantity import CATALOGUE, factors
from devices.reading import Reading, Value
from devices.state import EMPTY, DeviceState
from devices.type import DeviceType, ReadingSpec, TagSpec, ValueSpec
from devices.uplink import Kind, Uplink
from devices.words import tag_prefix

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
NOON = 1_772_366_400 * SECOND  #: 2026-03-01 12:00 UTC

ADDRESS = "70b3d57ba0000a1c"


def value(
    quantity: str,
    path: str | None = None,
    *,
    unit: str | None = None,
    counter: Literal["delta", "total", "gauge"] | None = None,
    width: int | None = None,
    words: Mapping[str, int] | None = None,
    missing: Sequence[str] = (),
) -> ValueSpec:
    """A value at a path (by default the quantity's name), in a unit (by default the catalogue's)."""
    found = CATALOGUE[quantity]
    factor, offset = factors(found, unit or found.unit)
    path = path or quantity
    return ValueSpec(
        found, path, compile_path(path), factor, offset, counter, width, words or {}, frozenset(missing)
    )


def tag(name: str, path: str, **allowed: str) -> TagSpec:
    """A tag that the payload says."""
    return TagSpec(name, get=compile_path(path), path=path, allowed=allowed)


def device_type(*readings: ReadingSpec, restart_ports: Sequence[int] = ()) -> DeviceType:
    """A type that reads these."""
    return DeviceType(
        "some-type", "Somebody", "Some", "lns", readings, restart_ports=frozenset(restart_ports)
    )


def installation(
    *readings: ReadingSpec,
    restart_ports: Sequence[int] = (),
    calibration: Mapping[str, Calibration] | None = None,
    begin_ns: int | None = None,
    end_ns: int | None = None,
    **device: Any,
) -> Installation:
    """A device at one place with a type that reads these."""
    place = Device("some-place", "Marktplatz", "giessen", **device)
    return Installation(
        place,
        ADDRESS,
        device_type(*readings, restart_ports=restart_ports),
        begin_ns,
        end_ns,
        calibration or {},
        tag_prefix=tag_prefix(device=place.id, municipality=place.municipality, site=place.site),
    )


def uplink(time_ns: int = NOON, *, kind: Kind = Kind.DATA, **said: Any) -> Uplink:
    """An uplink without radio values, but for those given."""
    said.setdefault("dedup_key", f"{kind.value}-{time_ns}-{said.get('f_cnt')}")
    return Uplink(kind=kind, address=ADDRESS, time_ns=time_ns, **said)


def read(
    place: Installation,
    decoded: dict[str, Any],
    time_ns: int = NOON,
    state: DeviceState = EMPTY,
    **said: Any,
) -> Normalised:
    """What an uplink with this decoded object becomes, arrived a second after its time."""
    return normalise(uplink(time_ns, **said), decoded, place, state, time_ns + SECOND)


def fields(reading: Reading) -> dict[str, float | int]:
    """The plain values of a reading by field."""
    return {one.field: one.value for one in reading.values}


def only(reading: Reading) -> Value:
    """The one value of a reading that has one."""
    (one,) = reading.values
    return one
