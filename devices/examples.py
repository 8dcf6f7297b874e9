"""The examples of type files: run as an uplink would be, and compared with what they state."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import msgspec

from devices import codecs, timestamp
from devices.codecs import Decoded
from devices.device import Device, Installation
from devices.errors import UplinkRefused
from devices.language import say
from devices.normalise import normalise
from devices.reading import Flag, Reading
from devices.state import EMPTY
from devices.type import MISSING, DeviceType, Script
from devices.type_file import Example, ExampleReading
from devices.uplink import Kind, Uplink

#: When an uplink came whose example names no time: 2026-03-10T12:00:00Z.
NOON_NS = 1_773_144_000_000_000_000

#: How far a figure of a decoded object may be from the example's, as a part of it: decoders round.
TOLERANCE = 1e-6

#: Runs a JavaScript codec on `(script, payload, f_port, variables, time_ns)`; raises `UplinkRefused`.
ScriptCodec = Callable[[Script, bytes, int, Mapping[str, str], int], Decoded]

Fields = dict[str, float]
Series = tuple[str, tuple[tuple[str, str], ...]]  #: measurement, tags
Row = tuple[str, tuple[tuple[str, str], ...], Fields]  #: measurement, tags, fields as written


class Compared(msgspec.Struct, frozen=True):
    """One field of an example. `expected` or `got` is `MISSING` where nothing was stated or came."""

    place: str  #: `decoded pm2_5.value`, or a row and its field: `traffic direction=in count`
    expected: Any
    got: Any
    agrees: bool


class Run(msgspec.Struct, frozen=True):
    """What became of an example."""

    compared: tuple[Compared, ...]
    decoded: dict[str, Any] | None = None  #: what the readings were made of
    readings: tuple[Reading, ...] = ()
    warnings: tuple[str, ...] = ()  #: of the codec
    complaints: tuple[str, ...] = ()  #: single values that could not be read
    refused: UplinkRefused | None = None  #: why there are no readings at all

    @property
    def mismatches(self) -> tuple[Compared, ...]:
        """What differs from what the example states."""
        return tuple(one for one in self.compared if not one.agrees)


def run(kind: DeviceType, example: Example, script_codec: ScriptCodec | None = None) -> Run:
    """Take an example through codec and mapping as the first uplink of a device, and compare.

    A payload goes through the type's own codec, and what the example states as decoded is compared with what
    comes out (the keys that it states; figures within `TOLERANCE`). Without a payload, for `lns`, and for
    a `.js` file where no `script_codec` is given, the readings are made of the stated object. The fields
    of the rows are compared exactly; an example without rows expects none, refused or not.
    """
    uplink = heard(example)
    installation = Installation(
        Device("place", "Site", "giessen"), uplink.address, kind, variables=example.variables
    )
    try:
        made = _decode(uplink, installation, script_codec)
    except UplinkRefused as refused:
        stated = () if example.decoded is None else _compare_objects("decoded", example.decoded, MISSING)
        return Run((*stated, *_compare_rows(example.readings, ())), refused=refused)
    compared: list[Compared] = []
    if example.decoded is not None and made.data is not uplink.decoded:
        compared += _compare_objects("decoded", example.decoded, made.data)
    try:
        meant = normalise(uplink, made.data, installation, EMPTY, uplink.time_ns)
    except UplinkRefused as refused:
        compared += _compare_rows(example.readings, ())
        return Run(tuple(compared), made.data, warnings=made.warnings, refused=refused)
    compared += _compare_rows(example.readings, meant.readings)
    complaints = (*meant.complaints, *(one.reason for one in meant.refused))
    return Run(tuple(compared), made.data, meant.readings, made.warnings, complaints)


def heard(example: Example) -> Uplink:
    """The uplink that an example describes, at `NOON_NS` unless it names its time."""
    return Uplink(
        kind=Kind.DATA,
        address="70b3d57ba0000a1c",
        time_ns=NOON_NS if example.time is None else timestamp.parse(example.time),
        dedup_key="example",
        f_port=example.port,
        payload=None if example.payload is None else bytes.fromhex(example.payload),
        decoded=example.decoded,
    )


def written(reading: Reading) -> Row:
    """A reading as rows are written: what failed beside its name, doubts as `_qc`."""
    fields: Fields = {}
    for value in reading.values:
        failed = value.flag is Flag.FAIL
        fields[f"{value.field}_failed" if failed else value.field] = value.value
        if value.flag is Flag.SUSPECT:
            fields[f"{value.field}_qc"] = int(value.flag)
    return reading.measurement, reading.tags, fields


def _decode(uplink: Uplink, installation: Installation, script_codec: ScriptCodec | None) -> Decoded:
    script = installation.type.script
    if script is None or uplink.payload is None or (script_codec is None and uplink.decoded is not None):
        return codecs.decode(uplink, installation)
    if script_codec is None:
        raise UplinkRefused("codec_failed", say("{file} is not run here", file=script.file))
    return script_codec(script, uplink.payload, uplink.f_port or 0, installation.variables, uplink.time_ns)


def _compare_rows(expected: Sequence[ExampleReading], got: Sequence[Reading]) -> Iterator[Compared]:
    """Row by row in the order of measurement and tags; rows that share those in the order of time."""
    stated = _by_series(
        (one.measurement, tuple(sorted(one.tags.items())), dict(one.values)) for one in expected
    )
    came = _by_series(written(one) for one in got)
    nothing: Fields = {}
    for series in sorted(stated.keys() | came.keys()):
        measurement, tags = series
        place = " ".join((measurement, *(f"{name}={value}" for name, value in tags)))
        for mine, theirs in zip_longest(stated.get(series, ()), came.get(series, ()), fillvalue=nothing):
            for field in {**mine, **theirs}:
                one, other = mine.get(field, MISSING), theirs.get(field, MISSING)
                yield Compared(f"{place} {field}", one, other, agrees=one == other)


def _by_series(rows: Iterable[Row]) -> dict[Series, list[Fields]]:
    found: dict[Series, list[Fields]] = {}
    for measurement, tags, fields in rows:
        found.setdefault((measurement, tags), []).append(fields)
    return found


def _compare_objects(place: str, expected: Any, got: Any) -> Iterator[Compared]:
    """What is stated of a decoded object against what a codec made; its further keys may say anything."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key, value in expected.items():
            yield from _compare_objects(f"{place}.{key}", value, got.get(key, MISSING))
    elif isinstance(expected, list) and isinstance(got, list):
        for number, (one, other) in enumerate(zip_longest(expected, got, fillvalue=MISSING)):
            yield from _compare_objects(f"{place}.{number}", one, other)
    else:
        yield Compared(place, expected, got, agrees=_same(expected, got))


def _same(expected: Any, got: Any) -> bool:
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, int | float) and isinstance(got, int | float):
        return math.isclose(expected, got, rel_tol=TOLERANCE)
    return bool(expected == got)
