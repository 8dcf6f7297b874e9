"""From what was asked for to places, quantities and a time; or a refusal that says what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from devices.complaint import did_you_mean
from devices.device import Device
from devices.language import say
from devices.quantity import CATALOGUE, Quantity
from devices.registry import Registry
from publish.export.aggregate import ALLOWED, aggregate
from publish.export.ask import Ask
from publish.export.car_parks import car_parks
from publish.export.chosen import Chosen
from publish.export.combination import check_combination
from publish.export.errors import AskRefused, NothingFound
from publish.export.filters import kept_from, places, withheld
from publish.export.measured import BAY, OF_BAYS, Measured, exportable, unasked
from publish.export.period import period
from publish.export.shown import listed, shown
from publish.export.vocabulary import COMPUTED


def choose(ask: Ask, registry: Registry, now_ns: int) -> Chosen:
    """What the export is about. `now_ns` is the time of asking (UTC nanoseconds).

    Raises `AskRefused` for what makes no sense or does not exist, with what does; `NothingFound` where all of
    it is kept from the audience. Names of places that the audience may not have are never listed.
    """
    check_combination(ask)
    names = _names(ask)
    there = places(ask, registry)
    measured = Measured()
    devices, have = [], set[str]()
    for device in there:
        if here := measured.at(device) & names:
            devices.append(device)
            have |= here
    if ask.audience == "open" and ask.every == "raw" and ask.figures is None:
        devices, have = _without_bays(devices, have, measured)
    _check_measured(ask, names, have, there, registry, measured)
    quantities = _by_measurement(have)
    _check_aggregate(ask, quantities)
    zone = _zone(devices)
    devices.sort(key=lambda one: one.id)
    return Chosen(
        ask,
        tuple(devices),
        quantities,
        period(ask, zone, now_ns),
        zone,
        now_ns,
        lots=car_parks(ask, devices, registry) if BAY & have else {},
        periods={one.id: found for one in devices if (found := registry.periods.get(one.id))},
    )


def _names(ask: Ask) -> frozenset[str]:
    """Names in the catalogue of what is wanted. Raises `AskRefused` for one that there is not."""
    if ask.figures is not None:
        return frozenset(one.name for one in exportable() if one.measurement == ask.figures and unasked(one))
    if not ask.quantity:
        return frozenset(one.name for one in exportable() if unasked(one))
    allowed = [*(one.name for one in exportable()), *COMPUTED]
    for said in ask.quantity:
        if said not in allowed:
            raise AskRefused(
                say(
                    "the quantity {said} is unknown{near}", said=shown(said), near=did_you_mean(said, allowed)
                ),
                hint=say("there are: {names}", names=listed(allowed, len(allowed))),
            )
    return frozenset(name for said in ask.quantity for name in _catalogued(said, ask))


def _catalogued(name: str, ask: Ask) -> tuple[str, ...]:
    """What a quantity is made of, as the catalogue has it; in windows, car parks are made of bays."""
    if name in COMPUTED:
        return COMPUTED[name].of
    return (name, "occupied") if name in OF_BAYS and ask.every != "raw" else (name,)


def _without_bays(
    devices: Iterable[Device], have: set[str], measured: Measured
) -> tuple[list[Device], set[str]]:
    """Without what single bays say, which is open to nobody."""
    left = have - BAY
    if have and not left:
        raise NothingFound(
            say("single parking bays are never open"),
            hint=say("give every, as every 1h: that has the car parks"),
        )
    return [device for device in devices if not left.isdisjoint(measured.at(device))], left


def _check_measured(
    ask: Ask,
    wanted: frozenset[str],
    have: set[str],
    there: Sequence[Device],
    registry: Registry,
    measured: Measured,
) -> None:
    """All that was named is measured at one of the places, and anything at all.

    What is measured only where the audience may not see it is left out, as those places are.
    """
    missing = [said for said in ask.quantity if have.isdisjoint(_catalogued(said, ask))]
    if have and not missing:
        return
    kept = frozenset[str]().union(*map(measured.at, withheld(ask, registry)))
    missing = [said for said in missing if kept.isdisjoint(_catalogued(said, ask))]
    if have and not missing:
        return
    if not missing and not kept.isdisjoint(wanted):
        raise kept_from(ask)
    names = frozenset[str]().union(*map(measured.at, there))
    instead = [one.name for one in exportable() if one.name in names and unasked(one)]
    hint = say("measured there: {names}", names=listed(instead)) if instead else say("choose other places")
    if missing:
        near = did_you_mean(missing[0], instead)
        said = say("{quantity} is not measured at these places{near}", quantity=missing[0], near=near)
    elif ask.figures == "traffic":
        said = say("none of these places counts traffic")
    elif ask.figures == "parking":
        said = say("none of these places watches parking")
    else:
        said = say("nothing that can be exported is measured at these places")
    raise AskRefused(said, hint=hint)


def _check_aggregate(ask: Ask, quantities: Mapping[str, Sequence[Quantity]]) -> None:
    every = [one for several in quantities.values() for one in several]
    for quantity in every:
        try:
            aggregate(quantity, ask.aggregate)
        except AskRefused:
            fitting = [one.name for one in every if ask.aggregate in ALLOWED[one.summary]]
            if ask.quantity or not fitting:
                raise
            raise AskRefused(
                say(
                    "aggregate {asked} makes no sense for {quantity}, which is measured there, too",
                    asked=ask.aggregate,
                    quantity=quantity.name,
                ),
                hint=say("name the quantities that it fits: {names}", names=listed(fitting)),
            ) from None


def _by_measurement(names: Iterable[str]) -> Mapping[str, tuple[Quantity, ...]]:
    wanted = frozenset(names)
    found: dict[str, list[Quantity]] = {}
    for quantity in CATALOGUE.values():
        if quantity.name in wanted:
            found.setdefault(quantity.measurement, []).append(quantity)
    return {measurement: tuple(several) for measurement, several in found.items()}


def _zone(devices: Iterable[Device]) -> ZoneInfo:
    names = sorted({device.timezone for device in devices})
    if len(names) > 1:
        raise AskRefused(
            say("these places lie in several time zones: {names}", names=listed(names)),
            hint=say("export one municipality at a time"),
        )
    return ZoneInfo(names[0])
