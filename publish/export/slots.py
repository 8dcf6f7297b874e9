"""The rows of a profile: hours, hours of the week and days, in numbers and words."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from publish.export.ask import Every
from publish.export.heads import about, head, weekdays
from publish.export.sheet import Column, Lang

_HOURS = 24


def slot_columns(every: Every, lang: Lang) -> list[Column]:
    """The columns that tell a profile's slot."""
    names = {"hour-of-day": ["hour"], "day-of-week": ["weekday", "weekday_name"]}
    return [
        Column(
            name, head(name, lang), "text" if name == "weekday_name" else "integer", about=about(name, lang)
        )
        for name in names.get(every, ["weekday", "weekday_name", "hour"])
    ]


def slot_arrays(slots: npt.NDArray[Any], every: Every, lang: Lang) -> list[pa.Array]:
    """Their cells, in the same order."""
    slots = slots.astype(np.int64)
    if every == "hour-of-day":
        return [pa.array(slots)]
    days = slots if every == "day-of-week" else slots // _HOURS + 1
    names = pa.DictionaryArray.from_arrays(pa.array((days - 1).astype(np.int32)), pa.array(weekdays(lang)))
    found = [pa.array(days), names]
    return found if every == "day-of-week" else [*found, pa.array(slots % _HOURS)]
