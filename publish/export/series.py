"""A series of an export: one quantity at one place, told apart by own tags where there are any."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Series:
    """`device` is the place's id in the registry, `lot:<municipality>:<lot>` for a lot; EUIs still in it.

    `quantity` is a name of the catalogue, or one of `publish.export.vocabulary` for what is computed only.
    """

    device: str
    measurement: str
    quantity: str
    tags: tuple[tuple[str, str], ...] = ()  #: own tags, sorted by name


@dataclass(slots=True)
class Tally:
    """What an export has of a series. Changed while it is gathered, read when it is written."""

    values: int = 0  #: rows with a value
    suspect: int = 0  #: of these, flagged 3
    failed: int = 0  #: left out
    dropped: int = 0  #: suspect ones left out because that was asked for
    windows: int = 0  #: windows (or hours of a profile) looked at; 0 for raw values
    coverage_sum: float = 0.0  #: of the coverage of all windows, in percent
    first_ns: int | None = None
    last_ns: int | None = None
    reasons: dict[str, int] = field(default_factory=dict)  #: windows without a figure, by reason


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was read, on the disk: `publish.export.spill` has the form of the file.

    `series` are numbered by their place; `tallies` go with them by number.
    """

    spill: Path  #: Parquet
    rows: int
    series: tuple[Series, ...]
    tallies: Mapping[int, Tally]
    newest_ns: int | None  #: the newest value read (Datenstand)
    notes: tuple[str, ...] = ()  #: sentences (`say`) of how it was read: hours where readings are gone …
