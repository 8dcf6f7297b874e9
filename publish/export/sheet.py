"""What a format writes: named columns and batches of rows, already in the shape that was asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

Kind = Literal["time", "text", "number", "integer"]


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
class Sheet:
    """Rows are sorted by time. `batches` may be called more than once; each call reads from the begin."""

    columns: tuple[Column, ...]
    rows: int
    batches: Callable[[], Iterator[pa.RecordBatch]]
    shape: Literal["wide", "long"]
