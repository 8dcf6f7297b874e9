"""What the service and a process that makes an export say to each other: a line of JSON each way."""

from typing import Literal

import msgspec


class Job(msgspec.Struct, frozen=True):
    """One piece of work. `settings` and `ask` are their models as JSON; all is written in `folder`."""

    what: Literal["export", "preview"]
    language: Literal["de", "en"]
    settings: msgspec.Raw
    ask: msgspec.Raw
    now_ns: int
    folder: str = ""
    limit_bytes: int = 0
    zipped: bool = False  #: data and data package in one file


class Made(msgspec.Struct, frozen=True, tag="made"):
    """Names of the files beside the target, and what is in them."""

    data: str
    package: str
    rows: int
    notes: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """One series of the chart; points are UTC nanoseconds and values, in order of time."""

    title: str
    unit: str
    points: tuple[tuple[int, float], ...]


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """What an export would be, as `publish.export.preview.Preview`."""

    exact: bool
    rows: int
    values: int
    series: int
    bytes: dict[str, int]
    heads: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    chart: tuple[Line, ...]
    notes: tuple[str, ...] = ()


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Why it did not come about; see `publish.planners.refused.Refused`."""

    status: int
    message: str
    hint: str = ""
    field: str = ""


Answer = Made | Looked | Failed
