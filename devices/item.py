"""What one reading of an uplink speaks of: when, which way, how long, and whether that may become data."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from devices import mapping
from devices.device import Device, Installation
from devices.language import say
from devices.mapping import Unreadable
from devices.type import ReadingSpec
from devices.uplink import Uplink

EARLIEST_NS = 1_420_070_400_000_000_000  #: 2015-01-01: no LoRaWAN sensor spoke before
AHEAD_NS = 3_600_000_000_000  #: clocks err; an hour is a wrong time zone

Tags = tuple[tuple[str, str], ...]
Refusal = tuple[Literal["time", "tag"], str]

#: Tags that a device gives to all its readings of a measurement.
PLACED: Mapping[str, tuple[str, ...]] = {"parking": ("bay", "lot"), "traffic": ("lane",)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Item(msgspec.Struct):
    """The decoded object, or one item of `each`.

    `time_ns` is its own time, else the uplink's; `tags` are in the type's own words, sorted by name;
    `refusal` says why it must not become data, as kind and reason; `step_s` how far apart the items lie.
    `aside` says that it is no measure for what comes after it.
    """

    said: Any
    time_ns: int
    tags: Tags
    refusal: Refusal | None
    step_s: int | None = None
    aside: bool = False


def items(
    spec: ReadingSpec,
    decoded: dict[str, Any],
    uplink: Uplink,
    installation: Installation,
    *,
    arrival_ns: int,
    complaints: list[str],
) -> list[Item]:
    """What a reading is made of, oldest first; complaints are added for what cannot be read."""
    if spec.each is None and spec.time is None:  # most
        return [_item(spec, decoded, uplink.time_ns, installation, arrival_ns)]
    try:
        said = (decoded,) if spec.each is None else mapping.items(spec.each(decoded))
    except Unreadable as error:
        complaints.append(say("{at}: {what}", at="each", what=error.args[0]))
        return []
    step_s = spec.every_s
    if spec.every is not None or step_s is not None:
        try:
            step_s = _step_s(spec, decoded)
        except Unreadable as error:
            complaints.append(say("{at}: {what}", at="every", what=error.args[0]))
            return []
    found = []
    for place, one in enumerate(said):
        try:
            own_ns = None if spec.time is None else mapping.time_ns(spec.time(one))
        except Unreadable as error:
            complaints.append(say("{at}: {what}", at="time", what=error.args[0]))
            continue
        time_ns = uplink.time_ns if own_ns is None else own_ns
        if step_s is not None:
            older = place if spec.newest == "first" else len(said) - 1 - place
            time_ns -= older * step_s * 1_000_000_000
        found.append(_item(spec, one, time_ns, installation, arrival_ns, step_s))
    if len(found) > 1:
        found.sort(key=_time_of)
    return found


def time_refusal(time_ns: int, arrival_ns: int) -> str:
    """Why a time cannot be that of an uplink or reading; empty when it can."""
    if time_ns < EARLIEST_NS:
        return say("{time} is before 2015: the clock of the device or gateway is not set", time=_iso(time_ns))
    if time_ns > arrival_ns + AHEAD_NS:
        arrival = _iso(arrival_ns)
        return say(
            "{time} is more than an hour ahead of the arrival at {arrival}",
            time=_iso(time_ns),
            arrival=arrival,
        )
    return ""


def placed(tags: Tags, measurement: str, device: Device) -> Tags:
    """Tags in the street's words: the device's names of directions, its lot, bay and lane."""
    own = PLACED.get(measurement, ())
    if not tags and not own:
        return tags
    street = dict(tags)
    if "direction" in street:
        street["direction"] = device.direction.get(street["direction"], street["direction"])
    if "bay" in street:
        street["bay"] = device.bays.get(street["bay"], street["bay"])
    for name in own:
        value: str | None = getattr(device, name)
        if value is not None:
            street.setdefault(name, value)
    return tuple(sorted(street.items()))


def series(name: str, tags: Tags) -> str:
    """The key of a field's memory: the tags in the type's words, so that renaming a direction keeps it."""
    return "|".join([name, *(f"{tag}={value}" for tag, value in tags)])


def interval_s(spec: ReadingSpec, item: Item, complaints: list[str]) -> int | None:
    """The interval that the payload says, else the type's, else the distance of the items, in seconds."""
    fixed = item.step_s if spec.interval_s is None else spec.interval_s
    if spec.interval is None:
        return fixed
    try:
        found = mapping.seconds(spec.interval(item.said))
    except Unreadable as error:
        complaints.append(say("{at}: {what}", at="interval", what=error.args[0]))
        return fixed
    return fixed if found is None else found


def _step_s(spec: ReadingSpec, decoded: dict[str, Any]) -> int:
    """How far apart the items lie, from the payload or the type; raises `Unreadable`."""
    found = None if spec.every is None else mapping.seconds(spec.every(decoded))
    if found is None:
        found = spec.every_s
    if found is None:
        raise Unreadable(say("nothing stands there, so that the times of the list are not known"))
    return found


def _time_of(item: Item) -> int:
    return item.time_ns


def _impossible(time_ns: int, arrival_ns: int, installation: Installation) -> str:
    begin_ns, end_ns = installation.begin_ns, installation.end_ns
    if not EARLIEST_NS <= time_ns <= arrival_ns + AHEAD_NS:
        return time_refusal(time_ns, arrival_ns)
    if begin_ns is not None and time_ns < begin_ns:
        begin = _iso(begin_ns)
        return say("{time} is before the device was installed at {begin}", time=_iso(time_ns), begin=begin)
    if end_ns is not None and time_ns >= end_ns:
        end = _iso(end_ns)
        return say("{time} is after the device was taken away at {end}", time=_iso(time_ns), end=end)
    return ""


def _item(
    spec: ReadingSpec,
    said: Any,
    time_ns: int,
    installation: Installation,
    arrival_ns: int,
    step_s: int | None = None,
) -> Item:
    tags, unlisted = _tags(spec, said, installation.device) if spec.tags else ((), "")
    refusal: Refusal | None = ("tag", unlisted) if unlisted else None
    if impossible := _impossible(time_ns, arrival_ns, installation):
        refusal = ("time", impossible)
    return Item(said, time_ns, tags, refusal, step_s, refusal is not None)


def _tags(spec: ReadingSpec, said: Any, device: Device) -> tuple[Tags, str]:
    tags: list[tuple[str, str]] = []
    refusals: list[str] = []
    for tag in spec.tags:
        value, refusal = mapping.tag(tag, said, _listed(tag.name, device))
        if value:
            tags.append((tag.name, value))
        if refusal:
            refusals.append(refusal)
    return tuple(sorted(tags)), "; ".join(refusals)


def _listed(name: str, device: Device) -> Mapping[str, str]:
    """What the payload may say because the device lists it."""
    return device.direction if name == "direction" else device.bays if name == "bay" else {}


def _iso(time_ns: int) -> str:
    try:
        return f"{_EPOCH + timedelta(microseconds=time_ns // 1000):%Y-%m-%d %H:%M:%SZ}"
    except OverflowError:  # beyond the year 9999
        return f"{time_ns} ns"
