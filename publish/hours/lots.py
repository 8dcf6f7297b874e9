"""Hours of parking: a row a bay, and a row a lot of all its bays."""

from collections.abc import Mapping, Sequence

from devices.device import Device
from ingest.seams import Row
from publish.hours.plan import Lot
from publish.hours.rhythm import rhythm
from publish.parking import Bay, Fields, bay, lot_fields
from publish.summary import Window

_LOT = "lot:"


def lot_name(lot: Lot) -> str:
    """The `device` of a lot's rows."""
    return f"{_LOT}{lot[0]}:{lot[1]}"


def lot_named(device: str) -> Lot | None:
    """The lot whose rows have this `device`; None for a sensor's."""
    if not device.startswith(_LOT):
        return None
    municipality, _, lot = device.removeprefix(_LOT).partition(":")
    return municipality, lot


def lot_of(device: Device) -> Lot | None:
    """The lot that a device watches bays of."""
    return None if device.lot is None else (device.municipality, device.lot)


class LotHour:
    """The bays of one lot in one window. Of several sensors at a bay, the one that knew it longest counts."""

    def __init__(self, lot: Lot, sensors: Sequence[Device], window: Window) -> None:
        self._lot = lot
        self._window = window
        self._sensors = [one for one in sensors if _stood(one, window)]
        self._bays: dict[str, Bay] = {}
        self._heard: set[str] = set()
        self._told: set[str] = set()

    def add(self, device: Device, tags: Mapping[str, str], found: Bay) -> None:
        """What is known of one bay."""
        self._heard.add(device.id)
        name = tags.get("bay") or device.id
        if not unlisted(device, tags):
            self._told.add(name)
        other = self._bays.get(name)
        if other is None or other.known_ns < found.known_ns:
            self._bays[name] = found

    @property
    def fields(self) -> Fields:
        """The row's fields; empty where nothing is known of any bay."""
        if not self._bays:
            return {}
        return lot_fields(self.bays, self.capacity, self._window)

    @property
    def bays(self) -> Sequence[Bay]:
        """The bays of which anything is known, each once."""
        return list(self._bays.values())

    @property
    def capacity(self) -> int:
        """How many bays there are, heard or not."""
        return len(self._names())

    def _names(self) -> set[str]:
        """Every bay of the lot, heard or not; of a sensor of several without a list, those it told of.

        With a list, a bay of another name is one that had it once: it is there under its new name.
        """
        named = {name for one in self._sensors for name in one.bays.values()}
        single = {one.bay or one.id for one in self._sensors if not one.bays and one.id not in self._heard}
        return named | single | self._told

    @property
    def tags(self) -> Mapping[str, str]:
        """The row's tags: `site` and `district` where all sensors of the lot share them."""
        tags = {"device": lot_name(self._lot), "lot": self._lot[1], "municipality": self._lot[0]}
        sites = {one.site for one in self._sensors}
        districts = {one.district for one in self._sensors}
        if len(sites) == 1:
            tags["site"] = sites.pop()
        if len(districts) == 1 and (district := districts.pop()):
            tags["district"] = district
        return tags


def unlisted(device: Device, tags: Mapping[str, str]) -> bool:
    """Whether a row is of a bay that the sensor's list (`bays`) does not have, or not any more."""
    return bool(device.bays) and tags.get("bay") not in device.bays.values()


def bay_hour(device: Device, rows: Sequence[Row], window: Window) -> Bay | None:
    """One bay's hour; None where nothing is known of it. What it was under an old name ends with its rows."""
    speaks = rhythm(device, window.begin_ns)
    ends = (*speaks.ends, rows[-1].time_ns + 1) if unlisted(device, rows[-1].tags) else speaks.ends
    return bay(rows, window, speaks.known_s, ends, speaks.later)


def _stood(device: Device, window: Window) -> bool:
    """Whether the place was in service in the window, also while its hardware was being changed."""
    begin_ns, end_ns = device.installations[0].begin_ns, device.installations[-1].end_ns
    return (begin_ns is None or begin_ns < window.end_ns) and (end_ns is None or end_ns > window.begin_ns)
