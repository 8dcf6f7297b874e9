"""What is known of an export beside its values: whose data they are, where from, how sure, of when.

The data package, the workbook's sheet of sources and the layer of sites are made of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.language import Language
from devices.publisher import Publisher


@dataclass(frozen=True, slots=True)
class Hardware:
    """One installation at a place; times are UTC nanoseconds, None is open. No address, no DevEUI."""

    manufacturer: str
    model: str
    type: str
    begin_ns: int | None
    end_ns: int | None
    calibration: Mapping[str, tuple[float, float]] = field(default_factory=dict)  #: quantity: factor, offset


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the export, retired ones too. All texts are free of EUIs."""

    device: str
    site: str
    municipality: str
    district: str | None
    lat: float | None
    lon: float | None
    height_m: float | None
    publish: str
    interval_s: int | None
    labels: Mapping[str, str]
    hardware: tuple[Hardware, ...]
    lot: str | None = None
    bay: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which values of a place are not valid, or were computed anew; UTC nanoseconds."""

    device: str
    kind: str  #: `maintenance`, `flag` or `recompute`
    begin_ns: int
    end_ns: int | None
    reason: str
    at_ns: int | None = None  #: when it was computed anew


@dataclass(frozen=True, slots=True)
class About:
    """All of it, in the language asked for. Times are UTC nanoseconds."""

    title: str
    asked: Mapping[str, str]  #: the filters as they were said, for people
    begin_ns: int
    end_ns: int
    timezone: str
    made_ns: int
    newest_ns: int | None  #: Datenstand: the newest value in it
    software: str  #: `Messnetz 0.1.0`
    registry: str  #: version of the registry: the start of its files' hash
    publishers: tuple[Publisher, ...]
    places: tuple[Place, ...]
    spans: tuple[Span, ...]
    statements: tuple[str, ...]  #: what must be known: not official, flags, rules, source
    lang: Language = "de"
    audience: str = "internal"
    request: Mapping[str, str | list[str]] = field(default_factory=dict)  #: the filters as they were given
