"""What an export is about, once it was found out: places, quantities, time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from devices.device import Device
from devices.period import Period
from devices.quantity import Quantity
from publish.export.ask import Ask
from publish.summary import Window


@dataclass(frozen=True, slots=True)
class Chosen:
    """`devices` are never empty, nor is a measurement of `quantities`.

    `period` is UTC; `zone` that of the devices' days. `now_ns` is the time of asking (UTC nanoseconds).
    """

    ask: Ask
    devices: tuple[Device, ...]  #: by id
    quantities: Mapping[str, tuple[Quantity, ...]]  #: by measurement, both in the catalogue's order
    period: Window
    zone: ZoneInfo
    now_ns: int
    #: Car parks whose windows are made, by municipality and lot, each with the sensors of all its bays: those
    #: of which a bay was chosen, where not a single bay was asked for. For `open`: only where all bays are.
    lots: Mapping[tuple[str, str], tuple[Device, ...]] = field(default_factory=dict)
    #: Times in which what devices measured is not valid, by id.
    periods: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)

    #: Whether finished hours are kept elsewhere than readings, and maybe for longer.
    hours_kept: bool = False

    @property
    def single_bays(self) -> bool:
        """Whether rows that carry a `bay` may be in it; else parking is there by lot only."""
        return self.ask.audience != "open"
