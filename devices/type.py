"""A device type as the pipeline uses it: compiled once from its YAML file, walked on every uplink.

The YAML side (models, examples, error messages) is `devices.type_file`; this is what it compiles to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from devices.limits import Limits
from devices.quantity import Quantity

#: Takes the decoded object (or one item of `each`) and returns what stands there, or `MISSING`.
Getter = Callable[[Any], Any]


class _Missing:
    """The one value that means: nothing stands at this path."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """How one field of the decoded object becomes one value of a quantity.

    `factor` and `offset` turn the type's unit into the catalogue's: `factor * number + offset`.
    `counter` is None for plain values; `delta` counts since the last uplink, `total` counts for ever
    modulo `2 ** width`, `gauge` counts what is there now (never summed).
    `words` maps texts and booleans that devices say to numbers (`occupied` -> 1).
    `missing` are texts that mean: no value now (`No Sensor`).
    `limits` are the thresholds of its tests (None: the catalogue's). `optical` says that it counts particles
    by light without drying them, so that humidity makes it doubtful.
    """

    quantity: Quantity
    path: str  #: as written, for messages
    get: Getter
    factor: float = 1.0
    offset: float = 0.0
    counter: Literal["delta", "total", "gauge"] | None = None
    width: int | None = None
    words: Mapping[str, int] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    limits: Limits | None = None
    optical: bool = False


@dataclass(frozen=True, slots=True)
class TagSpec:
    """A tag of the reading: fixed (`value`), or said by the payload (`get`) out of `allowed`."""

    name: str
    value: str | None = None
    get: Getter | None = None
    path: str = ""
    allowed: Mapping[str, str] = field(default_factory=dict)  #: what the payload says -> the tag's value


@dataclass(frozen=True, slots=True)
class ReadingSpec:
    """One entry of a type's `readings`: one reading, or one for every item of the list at `each`.

    Items that have no time of their own lie `every` apart, the newest at the uplink's time.
    """

    values: tuple[ValueSpec, ...]
    tags: tuple[TagSpec, ...] = ()
    ports: frozenset[int] | None = None  #: only for uplinks on these ports
    each: Getter | None = None
    time: Getter | None = None  #: the reading's own time in the item
    time_is: Literal["end", "begin"] = "end"  #: what the device's time means for intervals
    interval: Getter | None = None  #: seconds, from the payload
    interval_s: int | None = None  #: fixed by the type
    every: Getter | None = None  #: seconds, from the payload
    every_s: int | None = None  #: fixed by the type
    newest: Literal["first", "last"] = "first"  #: where the newest item of `each` stands

    def read_on(self, f_port: int | None) -> bool:
        """Whether an uplink on this port says it. Some servers hand on no port with what they decoded."""
        return self.ports is None or f_port is None or f_port in self.ports


@dataclass(frozen=True, slots=True)
class Script:
    """A JavaScript codec (TS013). `digest` changes with its text, so that a new one is compiled anew."""

    file: str  #: as messages show it
    source: str = field(repr=False)
    digest: str


@dataclass(frozen=True, slots=True)
class DeviceType:
    """A model of sensor and how to read it. `codec` names who decodes, see `devices.codecs`."""

    id: str
    manufacturer: str
    model: str
    codec: str
    readings: tuple[ReadingSpec, ...]
    script: Script | None = None  #: where `codec` is a file
    version: int = 1
    interval_s: int | None = None  #: how often it speaks by the clock
    heartbeat_s: int | None = None  #: how often one that speaks of events speaks at least
    battery_low: tuple[str, float] | None = None  #: quantity, and the value below which it is to be changed
    ignore_ports: frozenset[int] = frozenset()
    ignore_fields: tuple[Getter, ...] = ()  #: of messages that say nothing we keep
    restart_ports: frozenset[int] = frozenset()  #: an uplink here says that the device started anew
    file: str = ""
    plan: Any = field(default=None, init=False, compare=False, repr=False)  #: kept here by `devices.plan`
