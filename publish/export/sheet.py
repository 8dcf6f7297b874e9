"""What a format writes: named columns and batches of rows, already in the shape that was asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from publish.export.ask import Every
from publish.export.series import Tally

Kind = Literal["time", "text", "number", "integer"]
Lang = Literal["de", "en"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Its Arrow type follows from `kind`: `time` is int64 of UTC nanoseconds, `text` a dictionary
    of strings, `number` float64 (rounded already), `integer` int64; null is no value.
    """

    name: str  #: for machines, as `pm2_5` or `luft-marktplatz.pm2_5`
    title: str  #: for people, in the language asked for, with the unit, as `Marktplatz PM2,5 (µg/m³)`
    kind: Kind
    unit: str = ""  #: UCUM; empty where there is none
    decimals: int | None = None  #: of numbers: so many are written at most
    about: str = ""  #: one sentence for the data package
    series: int | None = None  #: in wide shape: the number of the series
    role: str = ""  #: `value`, `flag`, `coverage`, `reason`, `partial` … or empty


@dataclass(frozen=True, slots=True)
class Entry:
    """A series as it is named in files; no text has an EUI in it."""

    name: str  #: for machines, one in the export: `luft-marktplatz.pm2_5`
    title: str  #: for people, one in the export, without its unit: `Marktplatz PM2,5`
    device: str
    site: str
    municipality: str
    district: str | None
    tags: tuple[tuple[str, str], ...]
    quantity: str  #: as the catalogue calls it
    measured: str  #: for people: `PM2,5`
    unit: str  #: UCUM
    sign: str  #: of the unit, as it follows a number; empty for counts and states
    decimals: int  #: its values have so many at most
    integer: bool  #: whether they are whole numbers, for ever
    tally: Tally


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows are sorted by time. `batches` may be called more than once; each call reads from the begin."""

    columns: tuple[Column, ...]
    rows: int
    batches: Callable[[], Iterator[pa.RecordBatch]]
    shape: Literal["wide", "long"]
    entries: tuple[Entry, ...] = ()  #: the series, by their number
    lang: Lang = "de"  #: of the titles
    fractions: bool = True  #: whether a time may have a fraction of a second
    every: Every = "raw"  #: what a row of it stands for

    @property
    def has_days(self) -> bool:
        """Whether its windows begin and end at midnight of local time."""
        return self.every in {"1d", "1mo"}
