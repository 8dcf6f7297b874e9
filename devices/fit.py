"""Which device types an unknown sender may be: those that find in its uplinks what they look for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from devices import codecs, mapping
from devices.health import MEASUREMENT
from devices.mapping import Unreadable
from devices.type import MISSING, DeviceType, ReadingSpec, ValueSpec
from devices.uplink import Kind, Uplink

_What = tuple[str, ...]
#: Less than this share of what a type looks for is a chance.
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a type fits: `found` of `wanted` values; `left_over` are keys that it does not ask for.

    `decoded` says whose object that was: the server's, or what the type's own codec made of the payload.
    `read` is the share of the uplinks in which it found anything.
    """

    type: DeviceType
    found: int
    wanted: int
    left_over: tuple[str, ...]
    decoded: bool
    read: float

    @property
    def score(self) -> float:
        """What more values say the more of what is looked for they are, and the more uplinks say them.

        A codec of a fixed layout reads two plausible values out of any payload, hardly ten.
        """
        return self.found * (self.found / self.wanted) * self.read


def fits(
    types: Mapping[str, DeviceType],
    uplinks: Sequence[Uplink],
    *,
    likely: Collection[str] = (),
    at_most: int = 3,
) -> list[Fit]:
    """The types that fit these uplinks of one sender, the best first; those in `likely` before all others.

    Never raises.
    """
    data = [one for one in uplinks if one.kind is Kind.DATA]
    found = [fit for one in types.values() if (fit := _fit(one, data)) is not None]
    found.sort(key=lambda fit: (fit.type.id not in likely, -fit.score, fit.type.id))
    nearest = [_with_left_over(fit, data) for fit in found[: 3 * at_most]]
    nearest.sort(key=lambda fit: (fit.type.id not in likely, -fit.score, len(fit.left_over)))
    return nearest[:at_most]


def fields(decoded: Mapping[str, Any]) -> list[str]:
    """The keys of a decoded object, those of objects inside with a dot, and `[]` for lists of them."""
    return list(dict.fromkeys(_fields(decoded, "")))


def _fields(said: Any, above: str) -> Iterator[str]:
    if isinstance(said, Mapping) and said:
        for key, value in said.items():
            yield from _fields(value, f"{above}.{key}" if above else str(key))
    elif isinstance(said, list) and said and isinstance(said[0], Mapping):
        yield from _fields(said[0], f"{above}[]")
    elif above:
        yield above


def _fit(one: DeviceType, uplinks: Sequence[Uplink]) -> Fit | None:
    found: set[_What] = set()
    wanted: set[_What] = set()
    heard = read = 0
    decoded = False
    for uplink in uplinks:
        if uplink.f_port in one.ignore_ports:
            continue
        heard += 1
        data, own = _decoded(one, uplink)
        specs = _specs(one, uplink)
        if data is None or not specs:
            continue
        here = {what for spec in specs for what in _found(spec, data, plausible=own)}
        wanted.update(_what(spec, value) for spec in specs for value in spec.values)
        found |= here
        read += bool(here)
        decoded = decoded or not own
    street = {_what(s, v) for s in one.readings for v in s.values if v.quantity.measurement != MEASUREMENT}
    if not found or len(found) < ENOUGH * len(wanted) or (street and not street & found):
        return None
    return Fit(one, len(found), len(wanted), (), decoded, read / heard)


def _specs(one: DeviceType, uplink: Uplink) -> list[ReadingSpec]:
    return [spec for spec in one.readings if spec.read_on(uplink.f_port)]


def _what(spec: ReadingSpec, value: ValueSpec) -> _What:
    """What is measured, wherever it stands: now or in a history, under this name or that."""
    return (value.quantity.name, *sorted(tag.value for tag in spec.tags if tag.value))


def _decoded(one: DeviceType, uplink: Uplink) -> tuple[dict[str, Any] | None, bool]:
    """What the type would read, and whether its own codec made it."""
    if uplink.decoded is None and uplink.payload and one.codec in codecs.LOCAL:
        try:
            return codecs.run_local(one.codec, uplink.payload, uplink.f_port or 0, {}).data, True
        except Exception:  # noqa: BLE001  the payload is another sensor's: any codec may stumble over it
            return None, True
    return uplink.decoded, False


def _found(spec: ReadingSpec, data: dict[str, Any], *, plausible: bool) -> Iterator[_What]:
    try:
        items = (data,) if spec.each is None else mapping.items(spec.each(data))
    except Unreadable:
        return
    for value in spec.values:
        if any(_says(value, item, plausible=plausible) for item in items):
            yield _what(spec, value)


def _says(spec: ValueSpec, item: Any, *, plausible: bool) -> bool:
    """Whether a value stands there; of a payload that we decoded on trial, a usual one."""
    said = spec.get(item)
    if said is MISSING:
        return False
    try:
        number = mapping.number(said, spec)
    except Unreadable:
        return False
    if number is None:
        return not plausible
    if not plausible or spec.counter is not None:  # a total may be anything
        return number >= 0 or not plausible
    return _lies(number, *spec.quantity.plausible) and _lies(number, *spec.quantity.usual)


def _lies(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or low <= number) and (high is None or number <= high)


def _with_left_over(fit: Fit, uplinks: Sequence[Uplink]) -> Fit:
    """With the keys whose absence the type would not notice."""
    left: dict[str, None] = {}
    used: set[str] = set()
    for uplink in uplinks:
        data, own = _decoded(fit.type, uplink)
        if data is None:
            continue
        specs = _specs(fit.type, uplink)
        whole = [set(_found(spec, data, plausible=own)) for spec in specs]
        for key in data:
            less = {name: value for name, value in data.items() if name != key}
            if [set(_found(spec, less, plausible=own)) for spec in specs] == whole:
                left.setdefault(key)
            else:
                used.add(key)
    return replace(fit, left_over=tuple(key for key in left if key not in used))
