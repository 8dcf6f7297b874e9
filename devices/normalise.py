"""From a decoded object to readings: what an uplink means, under the memory of its device.

A value passes `devices.mapping` (number in the catalogue's unit) and `devices.quality` (calibrated, judged,
rounded); counters and bays also pass `devices.counter` and `devices.parking`. Values that share
measurement, time and tags become one row; what its humidity and the periods that technicians name make
of a row is judged when it is whole. Under the same memory the same uplink always gives the same rows.
"""

import functools
from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from devices import counter, duplicates, health, mapping, parking, quality
from devices.device import Installation
from devices.errors import UplinkRefused
from devices.item import AHEAD_NS, EARLIEST_NS, Item, Tags, interval_s, items, placed, series, time_refusal
from devices.language import say
from devices.mapping import Unreadable
from devices.period import Period, covering
from devices.plan import Back, Plan, Rows, Steps, plans
from devices.reading import Flag, Reading, Value
from devices.state import BayState, CounterState, DeviceState, SeriesState, of_installation
from devices.type import MISSING, DeviceType, ReadingSpec, ValueSpec
from devices.uplink import Uplink

__all__ = ["AHEAD_NS", "EARLIEST_NS", "Normalised", "Refused", "normalise", "time_refusal"]

Values = dict[str, Value]  #: by field
Key = tuple[str, int, Tags]  #: of a row: measurement, time, tags in the street's words


#: Integers up to here are floats, exactly.
_EXACT = 2**53
_SECOND_NS = 1_000_000_000
_HOUR_NS = 3600 * _SECOND_NS
#: How old a value may be to be compared with, of a device of which nobody says how often it speaks.
_UNKNOWN_GAP_NS = 3 * _HOUR_NS


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
    values: Values
    interval_s: int | None


class _Walk(msgspec.Struct):
    """What is gathered on the way through one uplink."""

    uplink: Uplink
    installation: Installation
    before: DeviceState
    after: DeviceState
    rows: dict[Key, _Row] = {}
    health: Values = {}
    refused: list[Refused] = []
    complaints: list[str] = []
    counters: dict[str, CounterState] | None = None  #: a copy, once one has moved
    bays: dict[str, BayState] | None = None  #: likewise
    series: dict[str, SeriesState] = {}  #: a copy
    gap_ns: int = _UNKNOWN_GAP_NS  #: how old a value may be to be compared with
    silent_ns: int = 0  #: the longest silence of a value that has a threshold of its own for it
    periods: Sequence[Period] = ()
    field_known: bool = False
    port_read: bool = False


def normalise(
    uplink: Uplink,
    decoded: dict[str, Any],
    installation: Installation,
    state: DeviceState,
    arrival_ns: int,
    periods: Sequence[Period] = (),
) -> Normalised:
    """The readings of a data uplink, its device's health among them, and the memory after it.

    `installation` is the one in force at the uplink's time, `state` its memory before. Values whose time lies
    in one of the `periods` are not valid; those of the device itself are left as they are. Raises
    `UplinkRefused` when nothing at all could be read: `port_not_read`, `no_known_field`,
    `unreadable_values`; or `time`, `tag` when nothing of what was read may become data.
    """
    before = of_installation(state, installation.begin_ns)
    walk = _Walk(uplink, installation, before, health.advance(uplink, installation, before))
    planned = plans(installation)
    if planned.back:
        walk.series = dict(before.series)
        walk.gap_ns = planned.silence_ns or _UNKNOWN_GAP_NS
    walk.periods = periods
    for plan in planned.readings:
        if plan.spec.read_on(uplink.f_port):
            walk.port_read = True
            for item in items(
                plan.spec, decoded, uplink, installation, arrival_ns=arrival_ns, complaints=walk.complaints
            ):
                if periods and covering(periods, item.time_ns) is not None:
                    item.aside = True
                _read_item(walk, plan, item)
    spoken = bool(walk.rows or walk.health)
    walk.health.update(health.health_values(uplink, before, planned.silence_ns))
    if not spoken:
        _refuse_silence(walk, decoded)
    if planned.optical:
        _doubt_humid(walk, planned.optical)
    if periods:
        _void(walk)
    return _finish(walk)


def _read_item(walk: _Walk, plan: Plan, item: Item) -> None:
    if plan.health:
        walk.health.update(_values(walk, plan.health, item))
    length_s = interval_s(plan.spec, item, walk.complaints) if plan.interval else None
    for rows in plan.rows:
        tags = item.tags
        if tags or rows.placed:
            tags = placed(tags, rows.measurement, walk.installation.device)
        here = (rows.measurement, item.time_ns, tags)
        if rows.instant:
            _put(walk, item, here, _values(walk, rows.instant, item))
        if rows.interval and (values := _values(walk, rows.interval, item)):
            if len(values) > 1:
                _drop_speed_of_nobody(values)
            begin_ns, lasted_s = _begin(walk, plan.spec, rows, item, length_s)
            _put(walk, item, (rows.measurement, begin_ns, tags), values, lasted_s)
        for spec in rows.totals:
            _read_total(walk, spec, item, here)
        for spec in rows.bays:
            _read_bay(walk, spec, item, here)
    if plan.derived and walk.installation.calibration:
        _derive(walk, plan, item)


def _put(walk: _Walk, item: Item, key: Key, values: Values, lasted_s: int | None = None) -> None:
    """Put values into their row, or among the refused where the item must not become data."""
    if not values:
        return
    if item.refusal is not None:
        measurement, time_ns, tags = key
        reading = Reading(measurement, time_ns, tuple(values.values()), tags, lasted_s)
        walk.refused.append(Refused(reading, *item.refusal))
        return
    row = walk.rows.get(key)
    if row is None:
        walk.rows[key] = _Row(values, lasted_s)
        return
    row.values.update(values)
    if lasted_s is not None:
        row.interval_s = lasted_s


def _values(walk: _Walk, steps: Steps, item: Item) -> Values:
    calibration = walk.installation.calibration
    remembered, gap_ns = walk.series, walk.gap_ns
    said, time_ns = item.said, 0 if item.aside else item.time_ns
    values: Values = {}
    for get, field, factor, offset, low, high, decimals, key, calm, still_ns, back, spec in steps:
        found = get(said)
        kind = type(found)
        # The common case, for speed: what the calls below it make of a plain number that is good.
        if (kind is float or (kind is int and -_EXACT <= found <= _EXACT)) and not calibration:
            plain = factor * found + offset
            if low <= plain <= high:
                number = round(plain, decimals) + 0.0
                if key is None:
                    values[field] = Value(field, number)
                    continue
                seen = remembered.get(key)
                if seen is not None and 0 < time_ns - seen.time_ns <= gap_ns:
                    was = seen.number
                    since_ns = seen.since_ns if number == was else time_ns
                    if -calm <= number - was <= calm and time_ns - since_ns <= still_ns:
                        remembered[key] = SeriesState(number, time_ns, was, since_ns)
                        values[field] = Value(field, number)
                        continue
        understood = _number(walk, spec, found)
        if understood is not None:
            judged = quality.value(spec.quantity, understood, calibration.get(field), spec.limits)
            values[field] = judged if back is None else _look_back(walk, back, item, judged)
    return values


def _look_back(walk: _Walk, back: Back, item: Item, judged: Value) -> Value:
    """The value judged by those before it, which it joins."""
    if item.aside:
        return judged
    key = back.key or series(judged.field, item.tags)
    seen = _known(walk, walk.series.get(key))
    gap_ns = walk.gap_ns if back.gap_ns is None else back.gap_ns
    if seen is not None and back.gap_ns is not None and item.time_ns - seen.time_ns > gap_ns:
        walk.silent_ns = max(walk.silent_ns, item.time_ns - seen.time_ns)
    judged, newest = quality.look_back(judged, back.limits, seen, item.time_ns, gap_ns)
    if newest is not None:
        walk.series[key] = newest
    return judged


def _derive(walk: _Walk, plan: Plan, item: Item) -> None:
    """What the installation's calibration makes of another quantity: a water level of a distance."""
    calibration = walk.installation.calibration
    for spec, quantity, limits, back in plan.derived:
        rule, found = calibration.get(quantity.name), spec.get(item.said)
        if rule is None or found is MISSING:
            continue
        try:
            number = mapping.number(found, spec)
        except Unreadable:  # the value itself has complained
            continue
        if number is None:
            continue
        basis = quality.value(spec.quantity, number, calibration.get(spec.quantity.name), spec.limits)
        if basis.flag is not Flag.FAIL:
            made = quality.value(quantity, rule.factor * basis.value + rule.offset, limits=limits)
            if back is not None:
                made = _look_back(walk, back, item, made)
            tags = placed(item.tags, quantity.measurement, walk.installation.device)
            _put(walk, item, (quantity.measurement, item.time_ns, tags), {made.field: made})


def _number(walk: _Walk, spec: ValueSpec, found: Any) -> float | int | None:
    if found is MISSING:
        return None
    walk.field_known = True
    try:
        return mapping.number(found, spec)
    except Unreadable as error:
        walk.complaints.append(say("{at}: {what}", at=spec.path, what=error.args[0]))
        return None


def _begin(
    walk: _Walk, spec: ReadingSpec, rows: Rows, item: Item, length_s: int | None
) -> tuple[int, int | None]:
    """When the interval began, and its length where it is known.

    A delta of which neither payload nor type name the interval was counted since the one before of the same
    tags: some devices say each class in an uplink of its own. Where that is not known it was counted before
    its time, not at it: the time itself is the begin of the next delta, which would overwrite it.
    """
    if spec.time_is == "begin":
        return item.time_ns, length_s
    if length_s is not None:
        return item.time_ns - length_s * 1_000_000_000, length_s
    if not rows.delta:
        return item.time_ns, None
    if walk.counters is None:
        walk.counters = dict(walk.before.counters)
    key = series(f"{rows.measurement} since", item.tags)
    old = _known(walk, walk.counters.get(key))
    if item.refusal is None and (old is None or old.time_ns < item.time_ns):
        walk.counters[key] = CounterState(0, item.time_ns)
    if old is None or old.time_ns >= item.time_ns:
        return item.time_ns - 1, None
    return old.time_ns, counter.whole_seconds(item.time_ns - old.time_ns)


def _drop_speed_of_nobody(values: Values) -> None:
    """A mean speed of nobody is none; devices say 0."""
    count = values.get("count")
    if count is not None and count.value == 0:
        values.pop("speed", None)


def _read_total(walk: _Walk, spec: ValueSpec, item: Item, here: Key) -> None:
    quantity, modulus = spec.quantity, counter.modulus(spec)
    number = _number(walk, spec, spec.get(item.said))
    if number is None:
        return
    total = counter.steps(number, quantity)
    if total is None or (modulus is not None and total >= modulus):
        given = mapping.shown(number)
        what = (
            say("{given} is no total of a counter of {bits} bits", given=given, bits=spec.width)
            if spec.width
            else say("{given} is no total of a counter", given=given)
        )
        walk.complaints.append(say("{at}: {what}", at=spec.path, what=what))
        return
    said = Value(f"{quantity.name}_total", counter.from_steps(total, quantity), Flag.NOT_EVALUATED)
    _put(walk, item, here, {said.field: said})
    if item.refusal is None:
        _count(walk, spec, item, here, CounterState(total, item.time_ns))


def _count(walk: _Walk, spec: ValueSpec, item: Item, here: Key, new: CounterState) -> None:
    """What was counted since the total before, at the time of that, if this total is the newest."""
    if walk.counters is None:
        walk.counters = dict(walk.before.counters)
    quantity = spec.quantity
    key = series(quantity.name, item.tags)
    old = _known(walk, walk.counters.get(key))
    if old is not None and new.time_ns <= old.time_ns:
        return
    walk.counters[key] = new
    if old is None:
        return
    restarted = counter.restarted_between(old, walk.after.restarted_ns, walk.uplink.time_ns)
    increment = counter.increment(old.total, new.total, counter.modulus(spec), restarted=restarted)
    calibration = walk.installation.calibration.get(quantity.name)
    counted = quality.value(quantity, counter.from_steps(increment, quantity), calibration, spec.limits)
    measurement, _, tags = here
    since = (measurement, old.time_ns, tags)
    _put(walk, item, since, {counted.field: counted}, counter.whole_seconds(new.time_ns - old.time_ns))


def _read_bay(walk: _Walk, spec: ValueSpec, item: Item, here: Key) -> None:
    number = _number(walk, spec, spec.get(item.said))
    if number is None:
        return
    value = quality.value(spec.quantity, number, limits=spec.limits)
    values = {value.field: value}
    if item.refusal is None and value.flag is not Flag.FAIL:
        if walk.bays is None:
            walk.bays = dict(walk.before.bays)
        key = series(spec.quantity.name, item.tags)
        old = _known(walk, walk.bays.get(key))
        walk.bays[key], turned = parking.turn(old, occupied=bool(value.value), time_ns=item.time_ns)
        if turned is not None:
            values[turned.field] = turned
    _put(walk, item, here, values)


class _Timed(Protocol):
    @property
    def time_ns(self) -> int: ...


_T = TypeVar("_T", bound=_Timed)


def _known(walk: _Walk, remembered: _T | None) -> _T | None:
    """The memory, unless it is from before the installation: then other hardware said it, or elsewhere."""
    begin_ns = walk.installation.begin_ns
    if remembered is None or (begin_ns is not None and remembered.time_ns < begin_ns):
        return None
    return remembered


def _doubt_humid(walk: _Walk, optical: frozenset[str]) -> None:
    """Particles counted by light in humid air are suspect: drops count as particles."""
    for (_, time_ns, _), row in walk.rows.items():
        if optical.isdisjoint(row.values) or _humidity(walk, time_ns) <= quality.HUMID:
            continue
        for field in optical & row.values.keys():
            if row.values[field].flag < Flag.SUSPECT:
                row.values[field] = quality.flagged(row.values[field], Flag.SUSPECT, "humidity")


def _humidity(walk: _Walk, time_ns: int) -> float:
    """The relative humidity said for this time, else the newest one known within an hour before; else 0."""
    known = walk.series.get("relative_humidity")
    if known is not None and known.time_ns == time_ns:  # most
        return known.number
    said = walk.rows.get(("weather", time_ns, ()))
    value = None if said is None else said.values.get("relative_humidity")
    if value is not None and value.flag is not Flag.FAIL:
        return value.value
    return 0.0 if known is None or not 0 <= time_ns - known.time_ns <= _HOUR_NS else known.number


def _void(walk: _Walk) -> None:
    """Values of a period that a technician named are not valid."""
    for (_, time_ns, _), row in walk.rows.items():
        end_ns = None if row.interval_s is None else time_ns + row.interval_s * _SECOND_NS
        period = covering(walk.periods, time_ns, end_ns)
        if period is not None:
            for field, value in row.values.items():
                row.values[field] = quality.flagged(value, Flag.FAIL, period.kind)


def _finish(walk: _Walk) -> Normalised:
    readings = [
        Reading(measurement, time_ns, tuple(row.values.values()), tags, row.interval_s)
        for (measurement, time_ns, tags), row in walk.rows.items()
    ]
    if walk.silent_ns:
        walk.health.setdefault("gap", health.gap(walk.silent_ns))
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
        walk.series or after.series,
        after.heard_by,
        after.source,
    )
    return Normalised(tuple(readings), tuple(walk.refused), tuple(walk.complaints), state)


def _refuse_silence(walk: _Walk, decoded: dict[str, Any]) -> None:
    """Raise `UplinkRefused` unless the uplink says something beside readings: a restart, or that it lives."""
    device_type = walk.installation.type
    heard = bool(walk.health)
    if walk.refused:
        if not heard:
            raise UplinkRefused(walk.refused[0].kind, walk.refused[0].reason)
    elif walk.complaints:
        complaints = functools.reduce(_both, walk.complaints[:5])
        wrong = say("nothing could be read: {complaints}", complaints=complaints)
        raise UplinkRefused("unreadable_values", wrong, hint=_hint(device_type))
    elif walk.uplink.f_port in device_type.restart_ports or any(
        get(decoded) is not MISSING for get in device_type.ignore_fields
    ):
        return
    elif walk.field_known:
        if not heard:
            raise UplinkRefused("unreadable_values", say("the device has no value now"))
    else:
        raise _unknown(walk, decoded)


def _unknown(walk: _Walk, decoded: dict[str, Any]) -> UplinkRefused:
    device_type, port = walk.installation.type, walk.uplink.f_port
    if not walk.port_read:
        ports = sorted({port for reading in device_type.readings for port in reading.ports or ()})
        return UplinkRefused(
            "port_not_read",
            say(
                "port {port} is not one that {type} reads: {ports}",
                port=port,
                type=device_type.id,
                ports=", ".join(map(str, ports)),
            ),
            hint=say(
                "{hint} List the port under ignore_ports if nothing on it is data.", hint=_hint(device_type)
            ),
        )
    found = ", ".join(str(key)[:40] for key in list(decoded)[:12]) or say("nothing")
    read = [spec for spec in device_type.readings if spec.read_on(port)]
    paths = ", ".join(dict.fromkeys(value.path for spec in read for value in spec.values))
    return UplinkRefused(
        "no_known_field",
        say(
            "no field that {type} reads ({paths}) is among those found: {names}",
            type=device_type.id,
            paths=paths,
            names=found,
        ),
        hint=_hint(device_type),
    )


def _hint(device_type: DeviceType) -> str:
    file = device_type.file or device_type.id
    return say("Compare with {file}: another firmware, or another type?", file=file)


def _both(one: str, other: str) -> str:
    return say("{one}; {other}", one=one, other=other)
