"""The places of an export, with all hardware that ever stood there."""

from collections.abc import Iterable, Iterator, Mapping

from devices.device import Device, Installation
from devices.registry import Registry
from publish.export.about import Hardware, Place
from publish.export.chosen import Chosen
from publish.export.series import Gathered
from publish.export.without_eui import without_eui
from publish.hours.lots import lot_name, lot_named, lot_of
from publish.hours.plan import Lot

_RANK = ("none", "partners", "open")


def places(chosen: Chosen, gathered: Gathered, registry: Registry) -> tuple[Place, ...]:
    """Every device of the export and every lot that has a series in it, by name.

    Past installations are all there, whether or not they reach into the time asked for. Who may see what is
    open to all sees no single bays.
    """
    bays_too = chosen.ask.audience != "open"
    found = [_place(device) for device in chosen.devices if bays_too or device.bay is None]
    found += [_lot(lot, chosen, registry) for lot in _lots(gathered)]
    return tuple(sorted(found, key=lambda place: place.device))


def municipalities(chosen: Chosen, gathered: Gathered) -> list[str]:
    """Ids of all whose data are in it, as the registry has them."""
    of_devices = {one.municipality for one in chosen.devices}
    of_lots = {municipality for municipality, _ in _lots(gathered)}
    return sorted(of_devices | of_lots)


def _lots(gathered: Gathered) -> set[Lot]:
    return {lot for one in gathered.series if (lot := lot_named(one.device)) is not None}


def _place(device: Device) -> Place:
    return Place(
        device=without_eui(device.id),
        site=without_eui(device.site),
        municipality=without_eui(device.municipality),
        district=_clean(device.district),
        lat=device.lat,
        lon=device.lon,
        height_m=device.height_m,
        publish=device.publish,
        interval_s=device.interval_s,
        labels=_labels(device.labels),
        hardware=tuple(_hardware(device.installations)),
        lot=_clean(device.lot),
        bay=_clean(device.bay),
    )


def _hardware(installations: Iterable[Installation]) -> Iterator[Hardware]:
    for one in sorted(installations, key=lambda one: (one.begin_ns or 0, one.end_ns or 2**63)):
        yield Hardware(
            manufacturer=without_eui(one.type.manufacturer),
            model=without_eui(one.type.model),
            type=without_eui(one.type.id),
            begin_ns=one.begin_ns,
            end_ns=one.end_ns,
            calibration={name: (by.factor, by.offset) for name, by in sorted(one.calibration.items())},
        )


def _lot(lot: Lot, chosen: Chosen, registry: Registry) -> Place:
    """A lot stands in the middle of its bays; the least open of them say who may have it.

    Its bays are those of the export, or all where none of them is in it.
    """
    municipality, name = lot
    fits = [one for one in registry.devices.values() if lot_of(one) == lot]
    ids = {one.id for one in chosen.devices}
    bays = [one for one in fits if one.id in ids] or fits
    points = [(one.lat, one.lon) for one in bays if one.lat is not None and one.lon is not None]
    districts = {one.district for one in bays}
    return Place(
        device=without_eui(lot_name(lot)),
        site=without_eui(name),
        municipality=without_eui(municipality),
        district=_clean(districts.pop()) if len(districts) == 1 else None,
        lat=round(sum(lat for lat, _ in points) / len(points), 6) if points else None,
        lon=round(sum(lon for _, lon in points) / len(points), 6) if points else None,
        height_m=None,
        publish=min((one.publish for one in bays), key=_RANK.index, default="none"),
        interval_s=None,
        labels={},
        hardware=(),
        lot=without_eui(name),
    )


def _labels(labels: Mapping[str, str]) -> Mapping[str, str]:
    return {without_eui(name): without_eui(text) for name, text in sorted(labels.items())}


def _clean(text: str | None) -> str | None:
    return None if text is None else without_eui(text)
