"""What a device says: the decoded object of its type, made by walking the type's readings backwards.

The mapping reads a number at a path, turns it into the catalogue's unit and calls it a quantity. Here the
street gives the quantity, and the number is put where the mapping will look for it.
"""

import math
from collections.abc import Sequence
from random import Random
from typing import Any

from devices import path as paths
from devices.device import Device
from devices.type import DeviceType, Getter, ReadingSpec, TagSpec, ValueSpec
from ingest.simulator.street import Moment, Place, filling, level, traffic

#: Share of all vehicles by vehicle class; a type may count `all` of them at once.
_SHARES = {"car": 0.8, "bicycle": 0.12, "truck": 0.05, "bus": 0.02, "motorcycle": 0.03, "pedestrian": 0.3}
#: How long a car stays in a bay on average, and how likely one comes or goes between two uplinks at least.
_STAY_S, _LEAST_STIR = 2400.0, 0.03
#: How often a device of several ports speaks on the first, which has its readings; on others come heartbeats.
_FIRST_PORT = 0.9
_DEFAULT_PORT = 1
_CURVE_S = 600.0  # the curves of what falls or flows say how much of it ten minutes bring

_Tags = tuple[tuple[str, str], ...]


class Voice:
    """One device's memory of what it counted and saw."""

    def __init__(self, device: Device, device_type: DeviceType, where: Place, random: Random) -> None:
        self._device = device
        self._type = device_type
        self._place = where
        self._random = random
        self._ports = _ports(device_type)
        self._specs = [
            spec for spec in device_type.readings if not _idle(spec) and not _past(spec, device_type)
        ]
        self._bays: dict[_Tags, bool] = {}
        self._totals: dict[tuple[str, _Tags], float] = {}
        self._told: dict[tuple[str, _Tags], float] = {}

    def restart(self) -> None:
        """Count from nothing again, as a device does after a power cut."""
        self._totals = dict.fromkeys(self._totals, 0)

    def say(self, when: Moment, interval_s: int) -> tuple[int, dict[str, Any]]:
        """Port and decoded object of an uplink at this moment, of a device that should speak so often."""
        port = self._ports[0] if self._random.random() < _FIRST_PORT else self._random.choice(self._ports)
        said: dict[str, Any] = {}
        for spec in self._specs:
            if spec.ports is None or port in spec.ports:
                self._tell(said, spec, when, spec.interval_s or interval_s)
        return port, said

    def _tell(self, said: dict[str, Any], spec: ReadingSpec, when: Moment, interval_s: int) -> None:
        item = said
        if spec.each is not None:
            item = {}
            _put(said, _asked(spec.each), [item])
        if spec.time is not None:
            _put(item, _asked(spec.time), round(when.hours * 3_600_000))  # in milliseconds
        if spec.interval is not None:
            _put(item, _asked(spec.interval), interval_s)
        own = tuple((tag.name, self._tag(tag, item)) for tag in spec.tags)
        fixed = spec.interval is not None or spec.interval_s is not None
        for value in spec.values:
            if paths.is_expression(value.path):  # cannot be walked backwards
                continue
            key = (value.path, own)
            elapsed_s = (when.hours - self._told.get(key, when.hours - interval_s / 3600)) * 3600
            self._told[key] = when.hours
            seconds = interval_s if fixed and value.counter != "total" else elapsed_s
            _put(item, paths.items(value.path), self._number(value, own, when, seconds))

    def _tag(self, tag: TagSpec, item: dict[str, Any]) -> str:
        if tag.get is None:
            return tag.value or ""
        said = self._random.choice(sorted(tag.allowed) or sorted(self._device.direction) or [""])
        _put(item, paths.items(tag.path), said)
        return tag.allowed.get(said, said)

    def _number(self, spec: ValueSpec, own: _Tags, when: Moment, seconds: float) -> Any:
        name = spec.quantity.name
        if name == "occupied":
            return _word(spec, int(self._bay(own, when, seconds)))
        if spec.counter == "total" or name == "count_total":
            return self._total(spec, own, self._happened(spec, own, when, seconds))
        if name == "count":
            return self._happened(spec, own, when, seconds)
        if spec.quantity.measurement == "parking":
            return self._lot(name, when)
        return _unconverted(spec, level(spec.quantity, self._place, when))

    def _bay(self, own: _Tags, when: Moment, seconds: float) -> bool:
        taken = self._bays.get(own)
        stir = max(_LEAST_STIR, 1 - math.exp(-seconds / _STAY_S))
        if taken is None or self._random.random() < stir:
            taken = self._random.random() < filling(self._place, when)
        self._bays[own] = taken
        return taken

    def _lot(self, name: str, when: Moment) -> int:
        capacity = 24 + self._place.seed % 140
        return round(capacity * filling(self._place, when)) if name == "occupied_bays" else capacity

    def _happened(self, spec: ValueSpec, own: _Tags, when: Moment, seconds: float) -> float | int:
        """How much of a counted quantity there was in these seconds."""
        if spec.quantity.measurement != "traffic":
            return level(spec.quantity, self._place, when) * seconds / _CURVE_S
        tags = dict(own)
        flow = traffic(self._place, when, inbound=self._inbound(tags.get("direction", "")))
        flow *= _SHARES.get(tags.get("vehicle_class", "all"), 1.0)
        return _poisson(flow * seconds / 3600, self._random)

    def _total(self, spec: ValueSpec, own: _Tags, grown: float) -> float | int:
        key = (spec.quantity.name, own)
        total = self._totals.get(key, self._place.seed % 50_000) + grown
        self._totals[key] = total
        said = _unconverted(spec, total)
        return said if spec.width is None else said % (1 << spec.width)

    def _inbound(self, direction: str) -> bool:
        street = self._device.direction.get(direction)
        return direction in {"ltr", "in"} if street is None else "ein" in street


def _ports(device_type: DeviceType) -> Sequence[int]:
    named = {port for spec in device_type.readings for port in spec.ports or ()}
    return sorted(named - device_type.ignore_ports - device_type.restart_ports) or [_DEFAULT_PORT]


def _idle(spec: ReadingSpec) -> bool:
    """Whether it is of a counting line beyond the first, which few mount."""
    return any(tag.name == "lane" and tag.value not in {None, "1"} for tag in spec.tags)


def _past(spec: ReadingSpec, device_type: DeviceType) -> bool:
    """Whether it reads records of the past, of what other readings say as it happens."""
    live = {value.path for one in device_type.readings if one.each is None for value in one.values}
    return spec.each is not None and all(value.path in live for value in spec.values)


def _word(spec: ValueSpec, state: int) -> Any:
    """How the device spells a state: its own word or number for it, else true or false."""
    word = next((word for word, meaning in spec.words.items() if meaning == state), None)
    if word is None or word in {"true", "false"}:
        return bool(state) if word is None else word == "true"
    return int(word) if word.isdecimal() else word


def _unconverted(spec: ValueSpec, value: float) -> float | int:
    """A value in the type's unit, with one decimal more than is kept of it."""
    said = (value - spec.offset) / spec.factor
    digits = (spec.quantity.decimals or 0) + round(math.log10(abs(spec.factor))) + 1
    return round(said, digits) if spec.quantity.decimals is not None else round(said)


def _put(said: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Put `value` at `path`; a path through a list becomes one flat key, which the mapping reads as well."""
    if any(item.isdecimal() for item in path):
        said[".".join(path)] = value
        return
    for item in path[:-1]:
        said = said.setdefault(item, {})
    said[path[-1]] = value


class _Asked(dict[str, Any]):
    """An object that notes what it is asked for: a compiled path does not tell what it was."""

    def __init__(self, path: list[str]) -> None:
        super().__init__()
        self._path = path

    def get(self, key: str, default: Any = None, /) -> Any:
        del default
        self._path.append(key)
        return self


def _asked(getter: Getter) -> Sequence[str]:
    path: list[str] = []
    getter(_Asked(path))
    return path


def _poisson(mean: float, random: Random) -> int:
    """How many come when `mean` are expected (Knuth's product for few, the normal curve for many)."""
    if mean > 60:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count
