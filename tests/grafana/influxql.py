"""Answers of InfluxDB as frames, as Grafana's InfluxQL backend makes them (pkg/tsdb/influxdb/influxql, 11.6).

`time_series` gives a frame a column and series, the series' tags as labels. `table` gives one frame for all:
time, tags, columns. Grafana adds the tags in the order of a Go map, which changes from query to query; here
it is the alphabet's, and a test holds that no panel relies on it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.grafana.frame import Field, Frame, Kind

_ALIAS = re.compile(r"\$(\w+)|\[\[([\s\S]+?)\]\]")


def frames(series: Sequence[Mapping[str, Any]], target: Mapping[str, Any], interval_ms: int) -> list[Frame]:
    """The frames of one query's series (`name`, `tags`, `columns`, `values` with epoch milliseconds)."""
    ref_id = target["refId"]
    if not series:
        return []
    if target.get("resultFormat") == "table":
        return [_table(series, ref_id)]
    found = []
    for one in series:
        for at, column in enumerate(one["columns"]):
            if column != "time":
                found.append(_series(one, at, column, target, interval_ms))
    return found


def values(series: Sequence[Mapping[str, Any]], statement: str) -> list[str]:
    """What a variable's query offers, in the order of the answer, each once."""
    second = "SHOW TAG VALUES" in statement.upper()
    timed = statement.lstrip().upper().startswith("SELECT")
    listed = [row[1 if second or timed else 0] for one in series for row in one["values"]]
    return list(dict.fromkeys(str(one) for one in listed if one is not None))


def tag_order(tags: Iterable[str]) -> list[str]:
    """The order of a table's tags."""
    return sorted(tags)


def _series(
    one: Mapping[str, Any], at: int, column: str, target: Mapping[str, Any], interval_ms: int
) -> Frame:
    tags = dict(one.get("tags") or {})
    cells = [row[at] for row in one["values"]]
    if one["columns"][0] != "time":
        return Frame([Field("Value", "string", [str(cell) for cell in cells])], one["name"], target["refId"])
    name = _name(one["name"], column, tags, target.get("alias") or "", interval_ms)
    times = Field("Time", "time", [row[0] for row in one["values"]])
    return Frame(
        [times, Field("Value", _kind(cells), cells, tags, shown=name)],
        name,
        target["refId"],
    )


def _name(measurement: str, column: str, tags: Mapping[str, str], alias: str, interval_ms: int) -> str:
    if not alias:
        listed = ", ".join(f"{name}: {tags[name]}" for name in sorted(tags))
        return f"{measurement}.{column}" + (f" {{ {listed} }}" if tags else "")
    parts = measurement.split(".")

    def said(match: re.Match[str]) -> str:
        word = match[1] or match[2]
        known = {
            "m": measurement,
            "measurement": measurement,
            "col": column,
            "__interval": f"{interval_ms}ms",
            "__interval_ms": str(interval_ms),
        }
        if word in known:
            return known[word]
        if word.isdecimal() and int(word) < len(parts):
            return parts[int(word)]
        return tags.get(word.removeprefix("tag_"), match[0]) if word.startswith("tag_") else match[0]

    return _ALIAS.sub(said, alias)


def _table(series: Sequence[Mapping[str, Any]], ref_id: str) -> Frame:
    first = series[0]
    columns = list(first["columns"])
    rows = [(one.get("tags") or {}, row) for one in series for row in one["values"]]
    begin = 1 if columns[0] == "time" else 0
    made = [Field("Time", "time", [row[0] for _, row in rows])] if begin else []
    made += [
        Field(name, "string", [tags.get(name, "") for tags, _ in rows], shown=name)
        for name in tag_order(first.get("tags") or {})
    ]
    for at in range(begin, len(columns)):
        cells = [row[at] for _, row in rows]
        made.append(Field(columns[at], _kind(cells), cells, shown=columns[at]))
    return Frame(made, first["name"], ref_id)


def _kind(cells: Sequence[Any]) -> Kind:
    first = next((cell for cell in cells if cell is not None), None)
    if isinstance(first, bool):
        return "boolean"
    return "string" if isinstance(first, str) else "number"
