"""What is looked at of a place: each series, and the sums over lanes, directions and classes.

A sensor's own sum is never added to its parts: neither `vehicle_class=all` to classes, nor what has no
lane (or no direction, or no class) to what has one, for nobody knows whether it is their sum.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from publish.export.figures.classes import MOTOR, Kind, kind_of

#: Classes of our own: sums of what sensors tell apart.
MOTOR_VEHICLES, HEAVY_VEHICLES = "motor_vehicles", "heavy_vehicles"
#: Between the names of what was added.
PLUS = " + "

_TAGS = ("direction", "lane", "vehicle_class")
#: In this order they are told, after our sums.
_KINDS: tuple[Kind, ...] = (
    "none",
    "sum",
    "light",
    "heavy",
    "unclassified",
    "bicycle",
    "pedestrian",
    "other",
    "unknown",
)


class Part(NamedTuple):
    """One series of a place; empty: the sensor does not tell it apart."""

    direction: str
    lane: str
    vehicle_class: str

    @property
    def cell(self) -> tuple[str, str]:
        """Where it counts."""
        return self.direction, self.lane


class View(NamedTuple):
    """What is added. `tags` name it: sums over lanes and directions by the names of all, as `1 + 2`.

    `single`: one lane of several, of which planners want no more than the daily volume.
    """

    tags: tuple[tuple[str, str], ...]
    parts: frozenset[Part]
    single: bool = False

    @property
    def vehicle_class(self) -> str:
        """What is counted."""
        return dict(self.tags).get("vehicle_class", "")

    @property
    def where(self) -> tuple[tuple[str, str], ...]:
        """The tags that say where."""
        return tuple(tag for tag in self.tags if tag[0] != "vehicle_class")


def part_of(tags: Iterable[tuple[str, str]]) -> Part:
    """The series with these own tags."""
    said = dict(tags)
    return Part(*(said.get(name, "") for name in _TAGS))


def views(parts: Iterable[Part]) -> list[View]:
    """Everything that can be said of a place that has these series.

    First what passes there in all, class by class, then that of each direction, then that of single lanes.
    """
    by_class: dict[str, set[Part]] = {}
    for part in sorted(set(parts)):
        by_class.setdefault(part.vehicle_class, set()).add(part)
    kinds = {name: kind_of(name) for name in by_class}
    told = {name: found for name, found in by_class.items() if kinds[name] in MOTOR}
    heavy = {name: found for name, found in told.items() if kinds[name] == "heavy"}
    sums = {MOTOR_VEHICLES: told, HEAVY_VEHICLES: heavy}
    for name, several in sums.items():
        if several and name not in by_class:
            by_class[name] = set().union(*several.values())
    wholes: list[View] = []
    parts_of_them: list[View] = []
    for name in sorted(by_class, key=_class_order):
        whole, *others = _places(name, by_class[name])
        wholes.append(whole)
        parts_of_them += others
    return [*wholes, *sorted(parts_of_them, key=_where_order)]


def _class_order(name: str) -> tuple[int, int, str]:
    order = (MOTOR_VEHICLES, HEAVY_VEHICLES)
    return order.index(name) if name in order else len(order), _KINDS.index(kind_of(name)), name


def _where_order(view: View) -> tuple[bool, tuple[tuple[str, str], ...]]:
    return view.single, view.where


def _places(vehicle_class: str, parts: set[Part]) -> Iterator[View]:
    """The sum over directions, and of each direction that over lanes and every lane."""
    by_direction: dict[str, set[Part]] = {}
    for part in parts:
        by_direction.setdefault(part.direction, set()).add(part)
    apart = sorted(by_direction.keys() - {""})
    if len(apart) > 1:
        several = [part for direction in apart for part in _whole(by_direction[direction])]
        yield View(_tags(PLUS.join(apart), "", vehicle_class), frozenset(several))
    for direction, found in sorted(by_direction.items()):
        lanes = _by_lane(found)
        named = sorted(lanes.keys() - {""})
        if len(named) > 1:
            yield View(_tags(direction, PLUS.join(named), vehicle_class), _whole(found))
        for lane, those in sorted(lanes.items()):
            single = len(named) > 1 and lane != ""
            yield View(_tags(direction, lane, vehicle_class), frozenset(those), single)


def _whole(parts: Iterable[Part]) -> frozenset[Part]:
    """All lanes of a direction: those that have a name, or what has none."""
    several = frozenset(parts)
    return frozenset(part for part in several if part.lane) or several


def _by_lane(parts: Iterable[Part]) -> Mapping[str, set[Part]]:
    found: dict[str, set[Part]] = {}
    for part in parts:
        found.setdefault(part.lane, set()).add(part)
    return found


def _tags(*values: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in zip(_TAGS, values, strict=True) if value)


def cells(parts: Iterable[Part]) -> frozenset[tuple[str, str]]:
    """Where these series count."""
    return frozenset(part.cell for part in parts)
