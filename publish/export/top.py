"""The first rows of an export, as people read them."""

from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from devices.moment import local
from publish.export.sheet import Sheet
from publish.export.write import times
from publish.export.write.fields import Field, people


def top(sheet: Sheet, zone: ZoneInfo, rows: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Heads, and so many rows at most; in the language of the sheet."""
    fields = people(sheet, text=False)
    table: list[tuple[str, ...]] = []
    for batch in sheet.batches():
        columns = [
            [_cell(value, field, sheet, zone) for value in batch.column(field.source)[:rows].to_pylist()]
            for field in fields
        ]
        table += zip(*columns, strict=True)
        if len(table) >= rows:
            break
    return tuple(field.column.name for field in fields), tuple(table[:rows])


def _cell(value: Any, field: Field, sheet: Sheet, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    match field.part:
        case "utc":
            return _time(value, UTC, sheet)
        case "local":
            return _time(value, zone, sheet)
        case "offset":
            return str(times.offset_texts(times.offsets(np.array([value]), zone))[0])
    if not isinstance(value, float):
        return str(value)
    decimals = field.column.decimals
    written = repr(value) if decimals is None else f"{value:.{decimals}f}"
    return written.replace(".", ",").replace("-", "−") if sheet.lang == "de" else written


def _time(time_ns: int, zone: tzinfo, sheet: Sheet) -> str:
    when = local(time_ns, zone)
    return f"{when:%d.%m.%Y %H:%M:%S}" if sheet.lang == "de" else f"{when:%Y-%m-%d %H:%M:%S}"
