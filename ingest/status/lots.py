"""Car parks: what their bays say together, a row a lot every full minute."""

from collections.abc import Iterator
from typing import NamedTuple

from devices.device import Device
from devices.state import BayState, DeviceState
from devices.words import tag_prefix
from ingest.line_protocol import encode_row
from ingest.status.bays import known_bays
from ingest.status.known import Known

MEASUREMENT = "parking"
MINUTE_NS = 60_000_000_000


class _Bay(NamedTuple):
    time_ns: int  #: of what is known of it; 0: nothing
    occupied: bool
    observed: bool


class Lots:
    """The lots of one minute, bay by bay.

    A bay that several sensors watch is one bay, and the newest word counts. It is observed while its sensor
    is `ok` and its occupancy is known; `capacity` counts every bay that is registered and not retired.
    """

    def __init__(self) -> None:
        self._bays: dict[tuple[str, str], dict[str, _Bay]] = {}
        self._places: dict[tuple[str, str], set[tuple[str, str | None]]] = {}

    def add(self, known: Known, memory: DeviceState | None) -> None:
        """One sensor of a lot."""
        device = known.device
        if device.lot is None or known.state == "retired":
            return
        lot = (device.municipality, device.lot)
        self._places.setdefault(lot, set()).add((device.site, device.district))
        bays = self._bays.setdefault(lot, {})
        observed = known.state == "ok"
        for name, said in _bays(device, memory):
            bay = _Bay(0, occupied=False, observed=False)
            if said is not None:
                bay = _Bay(said.time_ns, said.occupied, observed)
            if name not in bays or (bay.observed, bay.time_ns) > (bays[name].observed, bays[name].time_ns):
                bays[name] = bay

    def rows(self, minute_ns: int) -> Iterator[bytes]:
        """One line a lot, at a full minute."""
        for (municipality, lot), bays in self._bays.items():
            places = self._places[municipality, lot]
            sites, districts = {site for site, _ in places}, {district for _, district in places}
            tags = tag_prefix(
                device=f"lot:{municipality}:{lot}",
                lot=lot,
                municipality=municipality,
                site=sites.pop() if len(sites) == 1 else None,
                district=districts.pop() if len(districts) == 1 else None,
            )
            observed = [bay for bay in bays.values() if bay.observed]
            fields: dict[str, float | int | str] = {
                "occupied_bays": sum(bay.occupied for bay in observed),
                "observed_bays": len(observed),
                "capacity": len(bays),
            }
            yield encode_row(MEASUREMENT, tags, fields, minute_ns)


def _bays(device: Device, memory: DeviceState | None) -> Iterator[tuple[str, BayState | None]]:
    """The bays of a sensor by their names in the street, with their newest state where it is known."""
    said = known_bays(device, memory)
    if device.bays:
        for own, name in device.bays.items():
            yield name, said.get(own)
    elif any(said):
        yield from said.items()
    else:
        yield device.bay or f"\0{device.id}", said.get("")
