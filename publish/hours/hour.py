"""From the rows of a measurement to its finished hours, a few series at a time."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from devices.device import Device
from devices.registry import Registry
from ingest.seams import Row
from publish.hours.lots import LotHour, bay_hour, lot_of
from publish.hours.plan import Lot, Wanted
from publish.hours.rhythm import rhythm
from publish.hours.row import HOUR_NS, Fields, Key, fields_of, key_of, with_indices
from publish.parking import bay_fields
from publish.summary import Window

#: Rows sorted by their series between two pauses: a millisecond or two.
SLICE = 1000

_time_ns = attrgetter("time_ns")


class HourRow(NamedTuple):
    """One row of finished hours before it is a line; without fields where nothing comes of what was said."""

    hour_ns: int
    tags: Mapping[str, str]
    fields: Fields

    @property
    def key(self) -> Key:
        """What names its series."""
        return key_of(self.tags)


class Series(NamedTuple):
    """All rows at hand of one series, oldest first, and where they were measured."""

    device: Device
    rows: list[Row]


def by_series(rows: Iterable[Row], registry: Registry) -> Iterator[list[Series] | None]:
    """The rows of registered devices by device and own tags; None at each pause, then all of it."""
    found: dict[Key, list[Row]] = {}
    for number, row in enumerate(rows, 1):
        found.setdefault(key_of(row.tags), []).append(row)
        if number % SLICE == 0:
            yield None
    series: dict[Key, Series] = {}
    for number, (key, several) in enumerate(found.items(), 1):
        if number % SLICE == 0:
            yield None
        device = registry.devices.get(dict(key).get("device", ""))
        if device is not None:
            series.setdefault(_lasting(key, device), Series(device, [])).rows.extend(several)
    for number, one in enumerate(series.values(), 1):
        if number % SLICE == 0:
            yield None
        one.rows.sort(key=_time_ns)
    yield list(series.values())


def _lasting(key: Key, device: Device) -> Key:
    """What stays when a place gets another lot, or its bay another name: as with site and district, the rows
    of an hour are one series then. Bays that a sensor of several tells apart itself stay apart.
    """
    parting = "" if device.bay is None or tells_bays(device) else "bay"
    return tuple([one for one in key if one[0] not in ("lot", parting)])


def tells_bays(device: Device) -> bool:
    return any(
        tag.name == "bay" for one in device.installations for said in one.type.readings for tag in said.tags
    )


def hours_of(
    measurement: str,
    wanted: Wanted,
    series: Sequence[Series],
    hours: Callable[[Device], Iterable[int]],
    failed: Callable[[Device, Exception], None],
) -> Iterator[list[HourRow]]:
    """The rows of the hours that are wanted of each device, a list a series; those of lots at the end.

    What fails on one series (a fault of ours) is told to `failed` and costs its hours only.
    """
    lots: dict[tuple[Lot, int], LotHour] = {}
    for one in series:
        rows: list[HourRow] = []
        try:
            for hour_ns in hours(one.device):
                rows += _hour(measurement, wanted, one, hour_ns, lots)
        except Exception as error:  # noqa: BLE001  a fault of ours costs this series alone
            failed(one.device, error)
        yield rows
    yield [HourRow(hour_ns, lot.tags, lot.fields) for (_, hour_ns), lot in lots.items()]


def _hour(
    measurement: str,
    wanted: Wanted,
    series: Series,
    hour_ns: int,
    lots: dict[tuple[Lot, int], LotHour],
) -> Iterator[HourRow]:
    device, window = series.device, Window(hour_ns, hour_ns + HOUR_NS)
    rows = _at_hand(series.rows, window, max(wanted.known_s, wanted.reach_s))
    if not rows:
        return
    tags = rows[-1].tags
    if measurement == "parking" and any(
        "occupied" in row.fields or "occupied_failed" in row.fields for row in rows
    ):
        found = bay_hour(device, rows, window)
        yield HourRow(hour_ns, tags, bay_fields(found, window) if found else {})
        lot = lot_of(device)
        if lot is not None:
            if (lot, hour_ns) not in lots:
                lots[lot, hour_ns] = LotHour(lot, wanted.lots.get(lot, ()), window)
            if found:
                lots[lot, hour_ns].add(device, tags, found)
        return
    speaks = rhythm(device, hour_ns)
    fields = fields_of(wanted.quantities.values(), rows, window, speaks)
    if fields and measurement == "air_quality":
        fields = with_indices(fields, rows, window, speaks)
    yield HourRow(hour_ns, tags, fields)


def _at_hand(rows: list[Row], window: Window, back_s: int) -> list[Row]:
    """The rows of a window and those before it that may reach into it."""
    end = bisect_left(rows, window.end_ns, key=_time_ns)
    begin = bisect_left(rows, window.begin_ns - back_s * 1_000_000_000, hi=end, key=_time_ns)
    return rows[begin:end]
