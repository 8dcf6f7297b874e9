"""What late lines make of hours that were written: which hours they reach, and what is stale there."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple, TypeVar

from devices.device import Device
from ingest.seams import Row
from publish.hours.hour import HourRow, Series
from publish.hours.lots import lot_name
from publish.hours.plan import Lot, Wanted, said_of
from publish.hours.row import HOUR_NS, Key, key_of

T = TypeVar("T")

#: A device (or a lot) and the begin of an hour.
Place = tuple[str, int]


class Changes(NamedTuple):
    """`stale` are to be removed first: what they hold would show through the rows that replace it."""

    stale: list[Place]
    rows: list[HourRow]


def reached(due: Iterable[Place], series: Sequence[Series], wanted: Wanted, done_ns: int) -> set[Place]:
    """The hours that are due and those after them that a late value or a late interval reaches into.

    An interval that begins in one hour covers what it reaches of the next ones, and so does a sample that
    holds. What is carried further (`Wanted.carried`) holds until the next one of its series, so the hours
    from a due one up to that of the next row that says of the same are other now; at most as long as it may
    hold. Never hours that are not finished.
    """
    marked = set(due)
    reach_ns = wanted.reach_s * 1_000_000_000
    found = marked | {
        (device, later)
        for device, hour_ns in marked
        for later in range(hour_ns + HOUR_NS, min(hour_ns + HOUR_NS + reach_ns, done_ns), HOUR_NS)
    }
    if not wanted.carried:
        return found
    times: dict[str, list[list[int]]] = {}
    for one in series:
        for quantity in wanted.carried:
            fields = said_of(quantity)
            said = [row.time_ns for row in one.rows if not row.fields.keys().isdisjoint(fields)]
            times.setdefault(one.device.id, []).append(said)
    for device, hour_ns in marked:
        end_ns = hour_ns + HOUR_NS
        furthest = min(end_ns + wanted.known_s * 1_000_000_000, done_ns)
        for several in times.get(device, ()):
            following = next((time_ns for time_ns in several if time_ns >= end_ns), furthest)
            last_ns = min(following, furthest - 1)
            found |= {(device, later) for later in range(end_ns, last_ns + 1, HOUR_NS)}
    return found


def with_lots(places: set[Place], lots: Mapping[Lot, Sequence[Device]]) -> set[Place]:
    """These places and, where a sensor of a lot is among them, the lot and all its sensors at that hour."""
    found = set(places)
    for lot, sensors in lots.items():
        names = {one.id for one in sensors}
        hours = {hour_ns for device, hour_ns in places if device in names}
        found |= {(name, hour_ns) for name in (*names, lot_name(lot)) for hour_ns in hours}
    return found


def changes(
    old: Iterable[Row], new: Iterable[HourRow], places: Iterable[Place], emptied: AbstractSet[str]
) -> Changes:
    """What is to be done so that the hours of these places are the new ones and nothing else.

    A place of which there is no new row keeps what it has: its readings may be older than the store keeps
    them. Not so where what was said comes to nothing (a new row without fields), or where rows of the device
    were taken away (`emptied`): then there are to be none.
    """
    before: dict[Place, dict[Key, Row]] = _by_place((row.time_ns, row.tags, row) for row in old)
    after: dict[Place, dict[Key, HourRow]] = _by_place((row.hour_ns, row.tags, row) for row in new)
    stale: list[Place] = []
    rows: list[HourRow] = []
    for place in sorted(set(places)):
        had, have = before.get(place, {}), after.get(place, {})
        if not have and place[0] not in emptied:
            continue
        if any(_shows_through(row, have.get(key)) for key, row in had.items()):
            stale.append(place)
            rows += have.values()
        else:
            rows += [row for key, row in have.items() if key not in had or had[key].fields != row.fields]
    return Changes(stale, [row for row in rows if row.fields])


def _shows_through(old: Row, new: HourRow | None) -> bool:
    return new is None or dict(new.tags) != old.tags or not old.fields.keys() <= new.fields.keys()


def _by_place(found: Iterable[tuple[int, Mapping[str, str], T]]) -> dict[Place, dict[Key, T]]:
    places: dict[Place, dict[Key, T]] = {}
    for hour_ns, tags, row in found:
        places.setdefault((tags.get("device", ""), hour_ns), {})[key_of(tags)] = row
    return places
