"""Windows of which the readings are not kept any more, made of finished hours instead."""

from collections.abc import Sequence

from devices.device import Device
from ingest.store.tables import Tables
from publish.export import kept_hours
from publish.export.ask import Every
from publish.export.bite import Bite, Biter, Part
from publish.export.chosen import Chosen
from publish.export.figure import NOTHING
from publish.export.parking_windows import place_of
from publish.export.threads import in_thread


class Gone:
    """Takes windows that begin before the oldest reading of their device from its finished hours.

    So far as these have them: hours cannot be cut, and the highest value of an hour is not in its mean.
    `used` tells whether it came to that.
    """

    def __init__(self, chosen: Chosen, tables: Tables, every: Every, biter: Biter) -> None:
        self.used = False
        self._chosen = chosen
        self._tables = tables
        self._biter = biter
        self._wanted = chosen.hours_kept and every != "15min" and chosen.ask.aggregate not in ("min", "max")
        self._since: dict[tuple[str, str], int] = {}  #: the oldest reading, by measurement and device

    async def replace(self, part: Part, measurement: str, group: Sequence[Device], bite: Bite) -> None:
        """Put such windows into the bite of a part; parts in their order. Raises `StoreUnavailable`."""
        if not self._wanted:
            return
        for name, first_ns in bite.first_ns.items():
            self._since.setdefault((measurement, name), first_ns)
        gone = self._gone(part, measurement, group)
        if not gone:
            return
        names, of_lots = self._biter.names(measurement), self._biter.parking.of_lot
        table = await self._tables.read(
            kept_hours.measurement_of(measurement),
            kept_hours.fields_of([*names, *of_lots]),
            part.begin_ns,
            max(one.end_ns for one in part.windows if one.begin_ns < max(gone.values())),
            sorted(gone),
        )
        devices = {one.id: one for one in group if one.id in gone}
        lots = [lot for lot in self._biter.lots_within(measurement, group) if place_of(lot).device in gone]
        drop = self._chosen.ask.suspect == "drop"
        found = await in_thread(
            kept_hours.of_devices, measurement, table, devices, names, part.windows, drop=drop
        )
        found |= await in_thread(kept_hours.of_lots, table, lots, of_lots, part.windows, drop=drop)
        for place, named in found.items():
            if not self._biter.may_leave(place):
                continue
            here = bite.found.setdefault(place, {})
            for name, several in named.items():
                read = here.get(name, [NOTHING] * len(part.windows))
                here[name] = [
                    hours if window.begin_ns < gone[place.device] and hours is not NOTHING else own
                    for window, hours, own in zip(part.windows, several, read, strict=True)
                ]
                self.used = self.used or here[name] != read

    def _gone(self, part: Part, measurement: str, group: Sequence[Device]) -> dict[str, int]:
        """Devices and car parks that have no reading at the part's begin, and from when on they have."""
        chosen = {one.id for one in self._chosen.devices}
        owners = {one.id: [one.id] for one in group if one.id in chosen}
        for lot, sensors in self._biter.lots_within(measurement, group).items():
            owners[place_of(lot).device] = [one.id for one in sensors]
        since = {
            owner: min(self._since.get((measurement, name), part.end_ns) for name in names)
            for owner, names in owners.items()
        }
        return {owner: since_ns for owner, since_ns in since.items() if since_ns > part.begin_ns}
