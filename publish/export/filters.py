"""The places that filters leave, of those that the audience may have."""

import functools
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from devices.complaint import did_you_mean
from devices.device import Device
from devices.language import Sentence, say
from devices.registry import Registry
from publish.export.ask import Ask
from publish.export.asked import audience
from publish.export.errors import AskRefused, NothingFound
from publish.export.shown import NAMES, listed, shown
from publish.export.without_eui import without_eui
from publish.hours.lots import lot_name, lot_of

#: Whose `publish` allows which audience.
ALLOWS: Mapping[str, frozenset[str]] = {
    "internal": frozenset(("none", "partners", "open")),
    "partners": frozenset(("partners", "open")),
    "open": frozenset(("open",)),
}
#: What `without_eui` puts in the place of an address.
_MASK = "eui-"

#: So many names are held against one that there is not: those that begin like it.
_COMPARED = 2000

_Names = Callable[[Device], Iterable[str]]


class _Filter(NamedTuple):
    key: str
    said: Sequence[str]
    names: _Names  #: what a device has of it


def places(ask: Ask, registry: Registry) -> list[Device]:
    """The devices that all filters leave, never none.

    A message names no place that the audience may not have. Raises `AskRefused` for names that there are not
    and filters that have nothing in common, `NothingFound` where all is kept from the audience.
    """
    if not registry.devices:
        raise NothingFound(say("no place is registered"), hint=say("register one with messnetz devices add"))
    filters = _filters(ask)
    visible = [one for one in registry.devices.values() if one.publish in ALLOWS[ask.audience]]
    left = _left(filters, visible)
    for one in filters:
        if unknown := _unknown(one, left, registry):
            raise _no_such(one, unknown, visible, masked=ask.audience != "internal")
    if left:
        return left
    if withheld(ask, registry):
        raise kept_from(ask)
    said = functools.reduce(
        lambda one, other: say("{one}; {other}", one=one, other=other), map(_named, filters)
    )
    raise AskRefused(
        say("no place fits all of it: {filters}", filters=said),
        hint=say("each of these exists, but not at one place: leave one out"),
    )


def withheld(ask: Ask, registry: Registry) -> list[Device]:
    """The devices that all filters leave and the audience may not have."""
    allowed = ALLOWS[ask.audience]
    return _left(_filters(ask), [one for one in registry.devices.values() if one.publish not in allowed])


def _left(filters: Iterable[_Filter], devices: list[Device]) -> list[Device]:
    """Those that have one of the names of each filter."""
    for one in filters:
        wanted, names = frozenset(one.said), one.names
        devices = [device for device in devices if not wanted.isdisjoint(names(device))]
    return devices


def _filters(ask: Ask) -> list[_Filter]:
    """Those that were given."""
    every = (
        _Filter("municipality", ask.municipality, lambda one: (one.municipality,)),
        _Filter("district", ask.district, lambda one: (one.district,) if one.district else ()),
        _Filter("site", ask.site, _masked_too(ask.site, lambda one: (one.site,))),
        _Filter("device", ask.device, _masked_too(ask.device, _ids)),
        _Filter("label", ask.label, _labels),
    )
    return [one for one in every if one.said]


def _ids(device: Device) -> Iterator[str]:
    """Its own, and that of the car park it watches bays of."""
    yield device.id
    lot = lot_of(device)
    if lot is not None:
        yield lot_name(lot)


def _masked_too(said: Iterable[str], names: _Names) -> _Names:
    """With the names as exports have them, where one of those was said."""
    if not any(_MASK in one for one in said):
        return names
    return lambda device: [way for name in names(device) for way in (name, without_eui(name))]


def _labels(device: Device) -> Iterator[str]:
    for name, value in device.labels.items():
        yield name
        yield f"{name}={value}"


def _unknown(one: _Filter, left: Sequence[Device], registry: Registry) -> str | None:
    """The first name that nothing has, whoever may see it."""
    there = {name for device in left for name in one.names(device)}
    absent = [name for name in one.said if name not in there]
    if not absent:
        return None
    known = {name for device in registry.devices.values() for name in one.names(device)}
    return next((name for name in absent if name not in known), None)


def _no_such(one: _Filter, said: str, visible: Sequence[Device], *, masked: bool) -> AskRefused:
    names = {name for device in visible for name in one.names(device)}
    if masked:
        names = {without_eui(name) for name in names}
    if one.key == "label":
        begin = f"{said.partition('=')[0]}="
        values = {name for name in names if name.startswith(begin)}
        names = values or {name for name in names if "=" not in name}
    if not names:
        return AskRefused(
            _unknown_name(one.key, shown(said)),
            hint=say("no place has any: leave it out"),
        )
    near = did_you_mean(said, _beside(said, names, _COMPARED)[:_COMPARED])
    return AskRefused(
        _unknown_name(one.key, shown(said), near),
        hint=say("there are: {names}", names=listed(_beside(said, names, NAMES))),
    )


def _unknown_name(key: str, said: str, near: str = "") -> Sentence:
    """What is not there, called as people call it."""
    several = {
        "site": say("the site {said} is unknown{near}", said=said, near=near),
        "device": say("the place {said} is unknown{near}", said=said, near=near),
        "municipality": say("the municipality {said} is unknown{near}", said=said, near=near),
        "district": say("the district {said} is unknown{near}", said=said, near=near),
        "label": say("the label {said} is unknown{near}", said=said, near=near),
    }
    return several[key]


def _named(one: _Filter) -> Sentence:
    """A filter as people call it, with what was said."""
    names = ", ".join(map(shown, one.said[:5]))
    several = {
        "site": say("site {names}", names=names),
        "device": say("place {names}", names=names),
        "municipality": say("municipality {names}", names=names),
        "district": say("district {names}", names=names),
        "label": say("label {names}", names=names),
    }
    return several[one.key]


def _beside(said: str, names: Iterable[str], count: int) -> list[str]:
    """The names by the alphabet, beginning so that what was said would stand amid the first `count`."""
    there = sorted(names)
    begin = max(0, min(bisect_left(there, said) - count // 2, len(there) - count))
    return there[begin:] + there[:begin]


def kept_from(ask: Ask) -> NothingFound:
    """Where there would be something for another audience."""
    return NothingFound(
        say("none of these places is released {audience}", audience=audience(ask.audience)),
        hint=say(
            "their device file must say publish: {needed} first",
            needed="open" if ask.audience == "open" else "partners",
        ),
    )
