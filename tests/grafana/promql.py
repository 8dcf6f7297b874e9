"""Answers of Prometheus as frames, as Grafana 11.6 makes them (packages/grafana-prometheus).

A series is a frame with its labels on the value. Queries of format `table` are joined afterwards: time, every
label as a column, and `Value`, or `Value #A` where several such queries stand in one panel.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from tests.grafana.frame import Field, Frame

_LEGEND = re.compile(r"\{\{\s*(.+?)\s*\}\}")


def frames(result: Mapping[str, Any], target: Mapping[str, Any]) -> list[Frame]:
    """The frames of one query: `result` is the `data` of Prometheus's answer (a matrix, vector or scalar)."""
    if result["resultType"] == "scalar":
        time, value = result["result"]
        return [_frame({}, [(time, value)], target)]
    return [_frame(one["metric"], one.get("values") or [one["value"]], target) for one in result["result"]]


def as_tables(found: Sequence[Frame]) -> list[Frame]:
    """The frames of all queries of format `table` in a panel, one a query."""
    if not any(frame.length for frame in found):
        return list(found)
    grouped = [(ref_id, list(of)) for ref_id, of in groupby(found, key=lambda frame: frame.ref_id)]
    return [_joined(ref_id, of, several=len(grouped) > 1) for ref_id, of in grouped]


def _joined(ref_id: str, of: Sequence[Frame], *, several: bool) -> Frame:
    names = list(dict.fromkeys(name for frame in of for name in sorted(frame.fields[1].labels or {})))
    cells: dict[str, list[Any]] = {name: [] for name in names}
    times: list[Any] = []
    numbers: list[Any] = []
    for frame in of:
        times.extend(frame.fields[0].values)
        numbers.extend(frame.fields[1].values)
        for name in names:
            cells[name].extend([(frame.fields[1].labels or {}).get(name, "")] * frame.length)
    return Frame(
        [
            Field("Time", "time", times),
            *(Field(name, "string", cells[name]) for name in names),
            Field(f"Value #{ref_id}" if several else "Value", "number", numbers),
        ],
        ref_id=ref_id,
    )


def _frame(labels: Mapping[str, str], samples: Sequence[Sequence[Any]], target: Mapping[str, Any]) -> Frame:
    times = [round(float(time) * 1000) for time, _ in samples]
    numbers = [None if value == "NaN" else float(value) for _, value in samples]
    value = Field("Value", "number", numbers, dict(labels), shown=_legend(labels, target))
    return Frame([Field("Time", "time", times), value], ref_id=target["refId"])


def _legend(labels: Mapping[str, str], target: Mapping[str, Any]) -> str | None:
    said = target.get("legendFormat") or ""
    if said == "__auto":
        return None if labels else str(target["expr"])
    if said:
        return _LEGEND.sub(lambda match: labels.get(match[1], ""), said) or None
    rest = ", ".join(f'{name}="{labels[name]}"' for name in sorted(labels) if name != "__name__")
    named = labels.get("__name__", "") + (f"{{{rest}}}" if rest else "")
    return named or str(target["expr"])
