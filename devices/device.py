"""The place a sensor stands at, and the hardware that stood there over time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from devices.limits import Change
from devices.type import DeviceType


@dataclass(frozen=True, slots=True)
class Calibration:
    """`factor * value + offset`, in the catalogue's unit, before any test."""

    factor: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Device:
    """A place that is measured; `id` alone names its series, for ever. Built by `devices.registry`."""

    id: str
    site: str
    municipality: str
    district: str | None = None
    lat: float | None = None
    lon: float | None = None
    height_m: float | None = None
    interval_s: int | None = None  #: how often it should speak
    publish: Literal["none", "partners", "open"] = "none"
    labels: Mapping[str, str] = field(default_factory=dict)
    direction: Mapping[str, str] = field(default_factory=dict)  #: the type's direction -> the street's
    lot: str | None = None
    bay: str | None = None
    lane: str | None = None
    bays: Mapping[str, str] = field(default_factory=dict)  #: what the sensor calls a bay -> the street's
    qc: Mapping[str, Change] = field(default_factory=dict)  #: by quantity, over the type's thresholds
    timezone: str = "Europe/Berlin"  #: of its days and of the times in its file
    file: str = field(default="", compare=False)  #: where it is registered, as written in messages
    line: int = field(default=0, compare=False)
    installations: tuple["Installation", ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Installation:
    """One piece of hardware at one place during `[begin_ns, end_ns)` (None: open), UTC.

    Everything that shapes a point is taken from the installation in force at the point's own time.
    `tag_prefix` is the common tag set rendered for line protocol once
    (`,device=…,district=…,municipality=…,site=…`), so that a line costs no escaping.
    """

    device: Device
    address: str
    type: DeviceType
    begin_ns: int | None = None
    end_ns: int | None = None
    calibration: Mapping[str, Calibration] = field(default_factory=dict)  #: by quantity
    variables: Mapping[str, str] = field(default_factory=dict)  #: for codecs
    tag_prefix: str = ""
    plan: Any = field(default=None, init=False, compare=False, repr=False)  #: kept here by `devices.plan`
