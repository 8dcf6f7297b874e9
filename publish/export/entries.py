"""Series by name: what files call them, for people and for machines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from devices.complaint import one_line
from devices.device import Device
from devices.language import say
from devices.quantity import CATALOGUE
from publish.export import vocabulary
from publish.export.ask import PROFILES
from publish.export.chosen import Chosen
from publish.export.series import Gathered, Series, Tally
from publish.export.sheet import Entry, Lang
from publish.export.without_eui import without_eui
from publish.hours.lots import lot_name, lot_named

#: Own tags of series and of places, in the order of columns.
TAGS = ("direction", "lane", "vehicle_class", "lot", "bay")


def entries(chosen: Chosen, gathered: Gathered, lang: Lang) -> tuple[Entry, ...]:
    """Every series by its number, with names that no other in this export has."""
    devices = {device.id: device for device in chosen.devices}
    raw = chosen.ask.every == "raw" and chosen.ask.figures is None
    mean = chosen.ask.every in PROFILES
    rule = _rule(chosen.ask.aggregate, lang)
    of_lots = {lot_name(lot): _district(sensors) for lot, sensors in chosen.lots.items()}
    found = [
        _entry(
            series, devices.get(series.device), gathered.tallies.get(number, Tally()), lang, raw, mean, rule
        )
        for number, series in enumerate(gathered.series)
    ]
    found = [
        replace(one, district=of_lots.get(series.device, one.district))
        for one, series in zip(found, gathered.series, strict=True)
    ]
    names = unique([one.name for one in found], [one.device for one in found])
    titles = unique([one.title for one in found], [one.device for one in found])
    return tuple(
        replace(one, name=name, title=title) for one, name, title in zip(found, names, titles, strict=True)
    )


def unique(wanted: Sequence[str], devices: Sequence[str]) -> list[str]:
    """Each as it is; those that are not alone with their device behind, then with a number."""
    several = Counter(wanted)
    by_device = [
        name if several[name] == 1 else f"{name}, {device}"
        for name, device in zip(wanted, devices, strict=True)
    ]
    return _numbered(by_device)


def _numbered(names: Iterable[str]) -> list[str]:
    taken: set[str] = set()
    found = []
    for name in names:
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name} {number}"
        taken.add(free)
        found.append(free)
    return found


def _entry(
    series: Series, device: Device | None, tally: Tally, lang: Lang, raw: bool, mean: bool, rule: str
) -> Entry:
    own = tuple((name, without_eui(said)) for name, said in series.tags)
    device_id, site, municipality, district = _place(series, device)
    measured = " ".join(part for part in (vocabulary.title(series.quantity, lang), rule) if part)
    telling = (
        own if device is not None else tuple(one for one in own if one[0] != "lot")
    )  # a lot names itself
    words = vocabulary.tag_words(telling, lang)
    return Entry(
        name=one_line(".".join([device_id, series.quantity, *(said for _, said in telling)])),
        title=one_line(f"{site} {measured}" + (f", {words}" if words else "")),
        device=device_id,
        site=site,
        municipality=municipality,
        district=district,
        tags=_tags(own, device),
        quantity=series.quantity,
        measured=measured,
        unit=vocabulary.ucum(series.quantity),
        sign=vocabulary.unit_sign(series.quantity),
        decimals=vocabulary.decimals(series.quantity, aggregated=not raw, mean=mean),
        integer=raw and series.quantity in CATALOGUE and CATALOGUE[series.quantity].decimals is None,
        tally=tally,
    )


def _rule(aggregate: str, lang: Lang) -> str:
    """What the head of a column says where not the mean or the sum of a window was asked for."""
    words = {"min": say("minimum"), "max": say("maximum")}
    return words[aggregate].in_language(lang) if aggregate in words else ""


def _place(series: Series, device: Device | None) -> tuple[str, str, str, str | None]:
    """Id, site, municipality and district of a device, or of a lot."""
    if device is not None:
        district = None if device.district is None else without_eui(device.district)
        return without_eui(device.id), without_eui(device.site), without_eui(device.municipality), district
    municipality, lot = lot_named(series.device) or ("", series.device)
    return without_eui(series.device), without_eui(lot), without_eui(municipality), None


def _district(sensors: Iterable[Device]) -> str | None:
    """That of a lot: where all its sensors share one."""
    districts = {one.district for one in sensors}
    district = districts.pop() if len(districts) == 1 else None
    return None if district is None else without_eui(district)


def _tags(own: tuple[tuple[str, str], ...], device: Device | None) -> tuple[tuple[str, str], ...]:
    """A series' own tags, and what else the registry says of where it is."""
    said = dict(own)
    if device is not None:
        for name, text in (("lane", device.lane), ("lot", device.lot), ("bay", device.bay)):
            if text is not None:
                said.setdefault(name, without_eui(text))
    return tuple((name, said[name]) for name in TAGS if name in said)
