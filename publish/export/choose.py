"""From what was asked for to places, quantities and a time; or a refusal that says what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from devices.complaint import did_you_mean
from devices.device import Device
from devices.language import Sentence, say
from devices.plan import derivable
from devices.quantity import CATALOGUE, Quantity
from devices.registry import Registry
from devices.type import DeviceType
from publish.export.aggregate import aggregate, check_word
from publish.export.ask import Ask
from publish.export.chosen import Chosen
from publish.export.errors import AskRefused, NothingFound
from publish.export.period import period
from publish.export.shown import listed, shown
from publish.export.vocabulary import COMPUTED

#: Whose `publish` allows which audience.
_ALLOWS: Mapping[str, frozenset[str]] = {
    "internal": frozenset(("none", "partners", "open")),
    "partners": frozenset(("partners", "open")),
    "open": frozenset(("open",)),
}
#: Measurements that are never exported, and what goes with every interval.
_NEVER = frozenset(("gateway", "status", ""))
_ON_REQUEST = "device"
_FIGURES = {"traffic": "traffic", "parking": "parking"}
#: A bay that turns occupied or free says these, too.
_WITH_OCCUPIED = ("arrivals", "stay")

_Names = Callable[[Device], Iterable[str]]


def choose(ask: Ask, registry: Registry, now_ns: int) -> Chosen:
    """What the export is about. `now_ns` is the time of asking (UTC nanoseconds).

    Raises `AskRefused` for what makes no sense or does not exist, with what does; `NothingFound` where all of
    it is kept from the audience. Names of places that the audience may not see are never listed.
    """
    _check_combination(ask)
    devices = _devices(ask, registry)
    measured = _Measured()
    names = _quantity_names(ask)
    found = [(device, wanted) for device in devices if (wanted := measured.at(device) & names)]
    if not found:
        raise _not_measured(ask, devices, measured)
    _check_each_is_there(ask, found, devices, measured)
    quantities = _by_measurement(frozenset[str]().union(*(wanted for _, wanted in found)))
    for quantity in (one for several in quantities.values() for one in several):
        aggregate(quantity, ask.aggregate)
    chosen = tuple(sorted((device for device, _ in found), key=lambda one: one.id))
    zone = _zone(chosen)
    return Chosen(ask, chosen, quantities, period(ask, zone, now_ns), zone, now_ns)


def exportable() -> tuple[Quantity, ...]:
    """Every quantity that can be named, in the catalogue's order."""
    return tuple(one for one in CATALOGUE.values() if one.measurement not in _NEVER)


def _check_combination(ask: Ask) -> None:
    """What makes no sense together, whatever is registered."""
    check_word(ask.aggregate)
    if ask.last is not None and (ask.begin is not None or ask.to is not None):
        raise AskRefused(say("last and from (or to) exclude each other"), hint=say("leave one of them out"))
    if ask.figures is not None and ask.every != "raw":
        raise AskRefused(
            say("figures are for the whole time: every {every} does not go with them", every=ask.every),
            hint=say("leave out every, or figures"),
        )
    if ask.aggregate != "auto" and (ask.figures is not None or ask.every == "raw"):
        raise AskRefused(
            say("aggregate {asked} needs windows, and none were asked for", asked=ask.aggregate),
            hint=say("give every, as every 1h, or leave out aggregate"),
        )
    if ask.shape == "wide" and ask.figures is not None:
        raise AskRefused(
            say("figures have a row each: shape wide does not go with them"), hint=say("leave out shape")
        )
    if ask.shape == "wide" and ask.format in ("geojson", "gpkg"):
        raise AskRefused(
            say("{format} has a row a value: shape wide does not go with it", format=ask.format),
            hint=say("leave out shape, or take another format, as xlsx or csv"),
        )
    for name in ask.quantity:
        if name in COMPUTED and (ask.every == "raw" and ask.figures is None):
            raise AskRefused(
                say("{quantity} is computed of windows, and none were asked for", quantity=name),
                hint=say("give every, as every 1h"),
            )


def _devices(ask: Ask, registry: Registry) -> list[Device]:
    """The places that all filters leave and the audience may have."""
    allows = _ALLOWS[ask.audience]
    visible = [device for device in registry.devices.values() if device.publish in allows]
    left, hidden = visible, False
    if not registry.devices:
        raise NothingFound(say("no place is registered"), hint=say("register one with messnetz devices add"))
    for key, said, names_of in _filters(ask):
        wanted = frozenset(said)
        known = {name for device in visible for name in names_of(device)}
        if unknown := [name for name in said if name not in known]:
            kept = {name for device in registry.devices.values() for name in names_of(device)}
            if not wanted & known and wanted & kept:
                hidden = True
            else:
                raise _unknown(key, next((one for one in unknown if one not in kept), unknown[0]), known)
        left = [device for device in left if not wanted.isdisjoint(names_of(device))]
    if left:
        return left
    if hidden or not visible or _fits_any(ask, registry):
        raise _kept_from(ask)
    raise AskRefused(
        say("no place fits all of it: {filters}", filters=_said_filters(ask)),
        hint=say("each of these exists, but not at one place: leave one out"),
    )


def _fits_any(ask: Ask, registry: Registry) -> bool:
    """Whether a place of any audience fits all filters."""
    wanted = [(frozenset(said), names_of) for _, said, names_of in _filters(ask)]
    return any(
        all(not one.isdisjoint(names_of(device)) for one, names_of in wanted)
        for device in registry.devices.values()
    )


def _filters(ask: Ask) -> list[tuple[str, Sequence[str], _Names]]:
    """Those that were given: key, what was said, what a device has of it."""
    every: list[tuple[str, Sequence[str], _Names]] = [
        ("municipality", ask.municipality, lambda one: (one.municipality,)),
        ("district", ask.district, lambda one: (one.district,) if one.district else ()),
        ("site", ask.site, lambda one: (one.site,)),
        ("device", ask.device, lambda one: (one.id,)),
        ("label", ask.label, _labels),
    ]
    return [one for one in every if one[1]]


def _labels(device: Device) -> list[str]:
    """`name=value` and `name` of each."""
    return [word for name, value in device.labels.items() for word in (name, f"{name}={value}")]


def _unknown(key: str, said: str, known: Iterable[str]) -> AskRefused:
    if key == "label":
        name, _, _ = said.partition("=")
        known = [one for one in known if one.startswith(f"{name}=")] or [
            one for one in known if "=" not in one
        ]
    names = sorted(known)
    return AskRefused(
        say("there is no {key} {said}{near}", key=key, said=shown(said), near=did_you_mean(said, names)),
        hint=say("there are: {names}", names=listed(names)) if names else say("none has any: leave it out"),
    )


def _kept_from(ask: Ask) -> NothingFound:
    needed = "open" if ask.audience == "open" else "partners"
    return NothingFound(
        say("none of these places may be given to the audience {audience}", audience=ask.audience),
        hint=say("their device file must say publish: {needed} first", needed=needed),
    )


def _said_filters(ask: Ask) -> str:
    return ", ".join(f"{key} {listed([shown(one) for one in said])}" for key, said, _ in _filters(ask))


class _Measured:
    """What is measured at devices; of one type it is found once."""

    def __init__(self) -> None:
        self._by_type: dict[int, tuple[frozenset[str], frozenset[str]]] = {}

    def at(self, device: Device) -> frozenset[str]:
        """Names of all that the hardware at a place measures or has measured."""
        found: frozenset[str] = frozenset()
        for one in device.installations:
            said, possible = self._of(one.type)
            found |= said
            if possible and one.calibration:
                found |= possible.intersection(one.calibration)
        return found

    def _of(self, kind: DeviceType) -> tuple[frozenset[str], frozenset[str]]:
        known = self._by_type.get(id(kind))
        if known is None:
            said = {spec.quantity.name for one in kind.readings for spec in one.values}
            if "occupied" in said:
                said.update(_WITH_OCCUPIED)
            known = self._by_type[id(kind)] = (frozenset(said), derivable(kind))
        return known


def _quantity_names(ask: Ask) -> frozenset[str]:
    """The names in the catalogue of what is wanted. Raises `AskRefused` for one that there is not."""
    allowed = [one.name for one in exportable()]
    names: set[str] = set()
    for said in ask.quantity:
        if said in COMPUTED:
            names.update(COMPUTED[said].of)
        elif said in allowed:
            names.add(said)
        else:
            words = [*allowed, *COMPUTED]
            raise AskRefused(
                say("there is no quantity {said}{near}", said=shown(said), near=did_you_mean(said, words)),
                hint=say("there are: {names}", names=listed(words)),
            )
    if not names:
        names.update(
            one.name
            for one in exportable()
            if one.measurement != _ON_REQUEST and not one.name.endswith("_total")
        )
    if ask.figures is not None:
        wanted = {name for name in names if CATALOGUE[name].measurement == _FIGURES[ask.figures]}
        if not wanted:
            raise AskRefused(
                say(
                    "figures of {figures} are not made of {names}",
                    figures=ask.figures,
                    names=listed(sorted(names)),
                ),
                hint=say("leave out quantity"),
            )
        names = wanted
    return frozenset(names)


def _not_measured(ask: Ask, devices: Sequence[Device], measured: _Measured) -> AskRefused:
    there = _there(devices, measured)
    if ask.figures is not None and not ask.quantity:
        what: Sentence = say("none of these places measures {figures}", figures=ask.figures)
    else:
        what = say(
            "{names}: not measured at these places", names=listed([shown(one) for one in ask.quantity])
        )
    return AskRefused(what, hint=say("measured there: {names}", names=listed(there) if there else "-"))


def _check_each_is_there(
    ask: Ask, found: Sequence[tuple[Device, frozenset[str]]], devices: Sequence[Device], measured: _Measured
) -> None:
    """Each quantity that was named is measured somewhere among them."""
    have = frozenset[str]().union(*(wanted for _, wanted in found))
    for said in ask.quantity:
        if have.isdisjoint(COMPUTED[said].of if said in COMPUTED else (said,)):
            if ask.figures is not None and CATALOGUE[said].measurement != _FIGURES[ask.figures]:
                continue
            there = _there(devices, measured)
            raise AskRefused(
                say(
                    "{quantity} is not measured at these places{near}",
                    quantity=said,
                    near=did_you_mean(said, there),
                ),
                hint=say("measured there: {names}", names=listed(there)),
            )


def _there(devices: Sequence[Device], measured: _Measured) -> list[str]:
    names = frozenset[str]().union(*(measured.at(device) for device in devices))
    return [one.name for one in exportable() if one.name in names]


def _by_measurement(names: frozenset[str]) -> Mapping[str, tuple[Quantity, ...]]:
    found: dict[str, list[Quantity]] = {}
    for quantity in CATALOGUE.values():
        if quantity.name in names:
            found.setdefault(quantity.measurement, []).append(quantity)
    return {measurement: tuple(several) for measurement, several in found.items()}


def _zone(devices: Sequence[Device]) -> ZoneInfo:
    names = sorted({device.timezone for device in devices})
    if len(names) > 1:
        raise AskRefused(
            say("these places lie in several time zones: {names}", names=listed(names)),
            hint=say("export one municipality at a time"),
        )
    return ZoneInfo(names[0])
