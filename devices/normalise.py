"""From a decoded object to readings: what an uplink means, under the memory of its device.

A value passes `devices.mapping` (number in the catalogue's unit) and `devices.quality` (calibrated, judged,
rounded); counters and bays also pass `devices.counter` and `devices.parking`. Values that share
measurement, time and tags become one row. Under the same memory the same uplink always gives the same rows.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from devices import counter, duplicates, health, mapping, parking, quality
from devices.device import Device, Installation
from devices.errors import UplinkRefused
from devices.mapping import Unreadable
from devices.plan import Plan, Rows, Specs, plans
from devices.reading import Flag, Reading, Value
from devices.state import BayState, CounterState, DeviceState, of_installation
from devices.type import MISSING, DeviceType, ReadingSpec, ValueSpec
from devices.uplink import Uplink

EARLIEST_NS = 1_420_070_400_000_000_000  #: 2015-01-01: no LoRaWAN sensor spoke before
AHEAD_NS = 3_600_000_000_000  #: clocks err; an hour is a wrong time zone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Tags = tuple[tuple[str, str], ...]


class Refused(msgspec.Struct, frozen=True):
    """A reading that was understood but must not become data.

    `kind` is `time` (before 2015, more than an hour ahead of the arrival, or outside of the installation)
    or `tag` (the payload says a tag's value that neither type nor device list); `reason` is a sentence.
    """

    reading: Reading
    kind: Literal["time", "tag"]
    reason: str


class Normalised(msgspec.Struct, frozen=True):
    """What an uplink became. `state` is the device's memory after it, the dedup key included.

    `complaints` name single values that could not be read (`path: what stands there`); they are absent
    from the readings and cost nothing else.
    """

    readings: tuple[Reading, ...]
    refused: tuple[Refused, ...]
    complaints: tuple[str, ...]
    state: DeviceState


class _Row(msgspec.Struct):
    values: dict[str, Value]
    interval_s: int | None


class _Item(msgspec.Struct):
    """One decoded object (or item of `each`): the time it speaks of, its tags in the type's own words.

    `refusal` says why it must not become data: kind and reason.
    """

    said: Any
    time_ns: int
    tags: Tags
    refusal: tuple[Literal["time", "tag"], str] | None


class _Walk(msgspec.Struct):
    """What is gathered on the way through one uplink."""

    uplink: Uplink
    installation: Installation
    arrival_ns: int
    before: DeviceState
    after: DeviceState
    rows: dict[tuple[str, int, Tags], _Row] = {}
    health: dict[str, Value] = {}
    refused: list[Refused] = []
    complaints: list[str] = []
    counters: dict[str, CounterState] | None = None  #: a copy, once one has moved
    bays: dict[str, BayState] | None = None  #: likewise
    field_known: bool = False
    port_read: bool = False


def normalise(
    uplink: Uplink,
    decoded: dict[str, Any],
    installation: Installation,
    state: DeviceState,
    arrival_ns: int,
) -> Normalised:
    """The readings of a data uplink, its device's health among them, and the memory after it.

    `installation` is the one in force at the uplink's time, `state` its memory before. Raises
    `UplinkRefused` when nothing at all could be read: `port_not_read`, `no_known_field`,
    `unreadable_values`; or `time`, `tag` when nothing of what was read may become data.
    """
    before = of_installation(state, installation.begin_ns)
    walk = _Walk(uplink, installation, arrival_ns, before, health.advance(uplink, installation, before))
    for plan in plans(installation.type):
        ports = plan.spec.ports
        if ports is None or uplink.f_port in ports:
            walk.port_read = True
            for item in _items(walk, plan.spec, decoded):
                _read_item(walk, plan, item)
    spoken = bool(walk.rows or walk.health)
    walk.health.update(health.health_values(uplink, before))
    if not spoken:
        _refuse_silence(walk, decoded)
    return _finish(walk)


def time_refusal(time_ns: int, arrival_ns: int) -> str:
    """Why a time cannot be that of an uplink or reading; empty when it can."""
    if time_ns < EARLIEST_NS:
        return f"{_iso(time_ns)} is before 2015: the clock of the device or gateway is not set"
    if time_ns > arrival_ns + AHEAD_NS:
        return f"{_iso(time_ns)} is more than an hour ahead of the arrival at {_iso(arrival_ns)}"
    return ""


def _items(walk: _Walk, spec: ReadingSpec, decoded: dict[str, Any]) -> list[_Item]:
    """What the reading is made of, in device time: counters are to see an older total first."""
    try:
        said = (decoded,) if spec.each is None else mapping.items(spec.each(decoded))
    except Unreadable as error:
        walk.complaints.append(f"each: {error}")
        return []
    found = [item for one in said if (item := _item(walk, spec, one)) is not None]
    if len(found) > 1:
        found.sort(key=_time_of)
    return found


def _time_of(item: _Item) -> int:
    return item.time_ns


def _item(walk: _Walk, spec: ReadingSpec, said: Any) -> _Item | None:
    time_ns: int | None = None
    if spec.time is not None:
        try:
            time_ns = mapping.time_ns(spec.time(said))
        except Unreadable as error:
            walk.complaints.append(f"time: {error}")
            return None
    if time_ns is None:
        time_ns = walk.uplink.time_ns
    late = _time_refusal(walk, time_ns)
    tags, unlisted = _tags(spec, said, walk.installation.device) if spec.tags else ((), "")
    if late:
        return _Item(said, time_ns, tags, ("time", late))
    return _Item(said, time_ns, tags, ("tag", unlisted) if unlisted else None)


def _time_refusal(walk: _Walk, time_ns: int) -> str:
    begin_ns, end_ns = walk.installation.begin_ns, walk.installation.end_ns
    if not EARLIEST_NS <= time_ns <= walk.arrival_ns + AHEAD_NS:
        return time_refusal(time_ns, walk.arrival_ns)
    if begin_ns is not None and time_ns < begin_ns:
        return f"{_iso(time_ns)} is before this device was installed at {_iso(begin_ns)}"
    if end_ns is not None and time_ns >= end_ns:
        return f"{_iso(time_ns)} is after this device was taken away at {_iso(end_ns)}"
    return ""


def _tags(spec: ReadingSpec, said: Any, device: Device) -> tuple[Tags, str]:
    """The tags in the type's own words, sorted by name, and why they must not become data."""
    tags: list[tuple[str, str]] = []
    refusals: list[str] = []
    for tag in spec.tags:
        value, refusal = mapping.tag(tag, said, device.direction if tag.name == "direction" else {})
        if value:
            tags.append((tag.name, value))
        if refusal:
            refusals.append(refusal)
    return tuple(sorted(tags)), "; ".join(refusals)


def _placed(tags: Tags, measurement: str, device: Device) -> Tags:
    """The tags in the street's words: the device's names of directions, its lot, bay and lane."""
    if not tags and measurement not in _PLACED:
        return tags
    placed = dict(tags)
    if "direction" in placed:
        placed["direction"] = device.direction.get(placed["direction"], placed["direction"])
    for name in _PLACED.get(measurement, ()):
        if (value := getattr(device, name)) is not None:
            placed.setdefault(name, value)
    return tuple(sorted(placed.items()))


#: Tags that a device gives to all its readings of a measurement.
_PLACED = {"parking": ("bay", "lot"), "traffic": ("lane",)}


def _read_item(walk: _Walk, plan: Plan, item: _Item) -> None:
    for spec in plan.health:
        if (value := _value(walk, spec, item.said)) is not None:
            walk.health[value.field] = value
    interval_s = _interval(walk, plan.spec, item.said) if plan.interval else None
    for rows in plan.rows:
        tags = _placed(item.tags, rows.measurement, walk.installation.device)
        _put(walk, item, rows.measurement, item.time_ns, tags, _values(walk, rows.instant, item.said))
        if rows.interval:
            begin_ns, length_s = _begin(walk, plan.spec, rows, item, interval_s)
            values = _values(walk, rows.interval, item.said)
            _put(walk, item, rows.measurement, begin_ns, tags, values, length_s)
        for spec in rows.totals:
            _read_total(walk, spec, item, tags)
        for spec in rows.bays:
            _read_bay(walk, spec, item, tags)


def _put(
    walk: _Walk,
    item: _Item,
    measurement: str,
    time_ns: int,
    tags: Tags,
    values: Sequence[Value],
    interval_s: int | None = None,
) -> None:
    """Put values into their row, or among the refused where the item must not become data."""
    if not values:
        return
    if item.refusal is not None:
        walk.refused.append(
            Refused(Reading(measurement, time_ns, tuple(values), tags, interval_s), *item.refusal)
        )
        return
    key = (measurement, time_ns, tags)
    row = walk.rows.get(key)
    if row is None:
        row = walk.rows[key] = _Row({}, interval_s)
    elif interval_s is not None:
        row.interval_s = interval_s
    for value in values:
        row.values[value.field] = value


def _values(walk: _Walk, specs: Specs, said: Any) -> list[Value]:
    return [value for spec in specs if (value := _value(walk, spec, said)) is not None]


def _value(walk: _Walk, spec: ValueSpec, said: Any) -> Value | None:
    number = _number(walk, spec, said)
    if number is None:
        return None
    return quality.value(spec.quantity, number, walk.installation.calibration.get(spec.quantity.name))


def _number(walk: _Walk, spec: ValueSpec, said: Any) -> float | int | None:
    found = spec.get(said)
    if found is MISSING:
        return None
    walk.field_known = True
    try:
        return mapping.number(found, spec)
    except Unreadable as error:
        walk.complaints.append(f"{spec.path}: {error}")
        return None


def _interval(walk: _Walk, spec: ReadingSpec, said: Any) -> int | None:
    """The interval that the payload says, else the type's, in seconds."""
    if spec.interval is not None:
        try:
            found = mapping.seconds(spec.interval(said))
        except Unreadable as error:
            walk.complaints.append(f"interval: {error}")
        else:
            if found is not None:
                return found
    return spec.interval_s


def _begin(
    walk: _Walk, spec: ReadingSpec, rows: Rows, item: _Item, interval_s: int | None
) -> tuple[int, int | None]:
    """When the interval began, and its length where it is known.

    A delta of which neither payload nor type name the interval was counted since the uplink before. Where
    that is not known it was counted before its time, not at it: the time itself belongs to the interval
    of the next delta, which would overwrite it.
    """
    if spec.time_is == "begin":
        return item.time_ns, interval_s
    if interval_s is not None:
        return item.time_ns - interval_s * 1_000_000_000, interval_s
    if not rows.delta:
        return item.time_ns, None
    seen_ns = walk.before.seen_ns
    if 0 < seen_ns < item.time_ns == walk.uplink.time_ns:
        return seen_ns, counter.whole_seconds(item.time_ns - seen_ns)
    return item.time_ns - 1, None


def _read_total(walk: _Walk, spec: ValueSpec, item: _Item, tags: Tags) -> None:
    number = _number(walk, spec, item.said)
    if number is None:
        return
    quantity, modulus = spec.quantity, counter.modulus(spec)
    total = counter.steps(number, quantity)
    if total is None or (modulus is not None and total >= modulus):
        bits = f" of {spec.width} bits" if spec.width else ""
        walk.complaints.append(f"{spec.path}: {mapping.shown(number)} is no total of a counter{bits}")
        return
    said = Value(f"{quantity.name}_total", counter.from_steps(total, quantity), Flag.NOT_EVALUATED)
    _put(walk, item, quantity.measurement, item.time_ns, tags, (said,))
    if item.refusal is not None:
        return
    if walk.counters is None:
        walk.counters = dict(walk.before.counters)
    series = _series(quantity.name, item.tags)
    previous = walk.counters.get(series)
    if previous is not None and not _usable(walk, previous.time_ns):
        previous = None
    if previous is not None and item.time_ns <= previous.time_ns:
        return
    walk.counters[series] = CounterState(total, item.time_ns)
    if previous is None:
        return
    restarted = counter.restarted_between(previous, walk.after.restarted_ns, walk.uplink.time_ns)
    counted = counter.from_steps(
        counter.increment(previous.total, total, modulus, restarted=restarted), quantity
    )
    value = quality.value(quantity, counted, walk.installation.calibration.get(quantity.name))
    length_s = counter.whole_seconds(item.time_ns - previous.time_ns)
    _put(walk, item, quantity.measurement, previous.time_ns, tags, (value,), length_s)


def _read_bay(walk: _Walk, spec: ValueSpec, item: _Item, tags: Tags) -> None:
    number = _number(walk, spec, item.said)
    if number is None:
        return
    value = quality.value(spec.quantity, number)
    turned: Value | None = None
    if item.refusal is None and value.flag is not Flag.FAIL:
        if walk.bays is None:
            walk.bays = dict(walk.before.bays)
        series = _series(spec.quantity.name, item.tags)
        previous = walk.bays.get(series)
        if previous is not None and not _usable(walk, previous.time_ns):
            previous = None
        walk.bays[series], turned = parking.turn(previous, bool(value.value), item.time_ns)
    values = (value,) if turned is None else (value, turned)
    _put(walk, item, spec.quantity.measurement, item.time_ns, tags, values)


def _usable(walk: _Walk, time_ns: int) -> bool:
    """What was said before the installation was said by other hardware, or elsewhere."""
    return walk.installation.begin_ns is None or time_ns >= walk.installation.begin_ns


def _series(name: str, tags: Tags) -> str:
    return "|".join([name, *(f"{tag}={value}" for tag, value in tags)])


def _finish(walk: _Walk) -> Normalised:
    readings = [
        Reading(measurement, time_ns, tuple(row.values.values()), tags, row.interval_s)
        for (measurement, time_ns, tags), row in walk.rows.items()
    ]
    if walk.health:
        readings.append(Reading(health.MEASUREMENT, walk.uplink.time_ns, tuple(walk.health.values())))
    after = walk.after
    state = DeviceState(
        after.seen_ns,
        after.f_cnt,
        after.restarted_ns,
        duplicates.remember(walk.uplink, after),
        after.counters if walk.counters is None else walk.counters,
        after.bays if walk.bays is None else walk.bays,
    )
    return Normalised(tuple(readings), tuple(walk.refused), tuple(walk.complaints), state)


def _refuse_silence(walk: _Walk, decoded: dict[str, Any]) -> None:
    """Raise `UplinkRefused` unless the uplink says something beside readings: a restart, or that it lives."""
    device_type = walk.installation.type
    if walk.refused:
        if not walk.health:
            raise UplinkRefused(walk.refused[0].kind, walk.refused[0].reason)
    elif walk.complaints:
        complaints = "; ".join(walk.complaints[:5])
        raise UplinkRefused(
            "unreadable_values", f"no value could be read: {complaints}", hint=_hint(device_type)
        )
    elif walk.uplink.f_port in device_type.restart_ports or (walk.field_known and walk.health):
        return
    elif walk.port_read:
        found = ", ".join(str(key)[:40] for key in list(decoded)[:12]) or "none"
        paths = ", ".join(dict.fromkeys(spec.path for spec in _read_on(device_type, walk.uplink.f_port)))
        raise UplinkRefused(
            "no_known_field",
            f"no field that {device_type.id} reads ({paths}) is among those found: {found}",
            hint=_hint(device_type),
        )
    else:
        ports = sorted({port for reading in device_type.readings for port in reading.ports or ()})
        raise UplinkRefused(
            "port_not_read",
            f"port {walk.uplink.f_port} is not one that {device_type.id} reads: {', '.join(map(str, ports))}",
            hint=f"{_hint(device_type)}; list the port under ignore_ports if nothing on it is data",
        )


def _read_on(device_type: DeviceType, port: int | None) -> list[ValueSpec]:
    readings = [reading for reading in device_type.readings if reading.ports is None or port in reading.ports]
    return [spec for reading in readings for spec in reading.values]


def _hint(device_type: DeviceType) -> str:
    return (
        f"compare with {device_type.file or device_type.id}: wrong type, other firmware, or a reading to add"
    )


def _iso(time_ns: int) -> str:
    return (_EPOCH + timedelta(microseconds=time_ns // 1000)).isoformat(sep=" ", timespec="seconds")
