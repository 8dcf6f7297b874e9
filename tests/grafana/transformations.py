"""A panel's transformations, applied to frames as @grafana/data 11.6 does.

The closed list of what our boards use; another one raises. Held against what the library itself answered, as
`tests/grafana/record.cjs` wrote it down.
"""

import json
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.grafana.frame import Field, Frame, title

Options = Mapping[str, Any]
Frames = list[Frame]


def apply(frames: Frames, transformations: Sequence[Mapping[str, Any]]) -> Frames:
    """All transformations of a panel, in their order. Raises `KeyError` for one that is not known here."""
    for one in transformations:
        if not one.get("disabled"):
            if "filter" in one or "topic" in one:
                raise ValueError(f"a transformation of some frames only is not understood here: {one}")
            frames = KNOWN[one["id"]](frames, one.get("options") or {})
    return frames


def organize(frames: Frames, options: Options) -> Frames:
    """Leave out, order and rename columns by what they are called."""
    excluded = {name for name, yes in (options.get("excludeByName") or {}).items() if yes}
    included = {name for name, yes in (options.get("includeByName") or {}).items() if yes}
    found = []
    for frame in frames:
        kept = [one for one in frame.fields if title(one, frame, frames) not in excluded]
        if included:
            kept = [one for one in kept if title(one, frame, frames) in included]
        if kept:
            found.append(frame.with_fields(kept))
    places = options.get("indexByName") or {}
    if places:
        found = [
            frame.with_fields(
                sorted(frame.fields, key=lambda one: places.get(title(one, frame, found), math.inf))
            )
            for frame in found
        ]
    names = options.get("renameByName") or {}
    return [
        frame.with_fields([_renamed(one, names.get(title(one, frame))) for one in frame.fields])
        for frame in found
    ]


def filter_by_value(frames: Frames, options: Options) -> Frames:
    """Rows that match any or all of the filters, or those that do not."""
    filters = options.get("filters") or []
    if not filters:
        return frames
    every, include = options.get("match") == "all", options.get("type", "include") == "include"
    found = []
    for frame in frames:
        by_name = {title(one, frame, frames): one for one in frame.fields}
        keep = []
        for at in range(frame.length):
            hits = [
                one["fieldName"] in by_name and _matches(by_name[one["fieldName"]].values[at], one["config"])
                for one in filters
            ]
            if (all(hits) if every else any(hits)) is include:
                keep.append(at)
        found.append(frame.only(keep))
    return found


def group_by(frames: Frames, options: Options) -> Frames:
    """One row a group, with sums and the like of the other columns."""
    wanted = options.get("fields") or {}
    if not any(one.get("operation") == "groupby" for one in wanted.values()):
        return frames
    found = []
    for frame in frames:
        keys = [one for one in frame.fields if wanted.get(title(one), {}).get("operation") == "groupby"]
        if not keys:
            continue
        groups: dict[str, list[int]] = {}
        for at in range(frame.length):
            groups.setdefault("\0".join(_spelt(one.values[at]) for one in keys), []).append(at)
        fields = [one.with_values([one.values[of[0]] for of in groups.values()]) for one in keys]
        for one in frame.fields:
            asked = wanted.get(title(one), {})
            if asked.get("operation") != "aggregate":
                continue
            for reducer in asked.get("aggregations") or ():
                values = [reduced(reducer, [one.values[at] for at in of]) for of in groups.values()]
                kind = one.kind if reducer == "lastNotNull" else "number"
                fields.append(Field(f"{title(one)} ({reducer})", kind, values))
        found.append(frame.with_fields(fields))
    return found


def grouping_to_matrix(frames: Frames, options: Options) -> Frames:
    """One column's values as columns, another's as rows."""
    if len(frames) != 1:
        return frames
    across, down, value = (
        _named(frames[0], options.get(name) or default)
        for name, default in (("columnField", "Time"), ("rowField", "Time"), ("valueField", "Value"))
    )
    if across is None or down is None or value is None:
        return frames
    columns, rows = list(dict.fromkeys(across.values)), list(dict.fromkeys(down.values))
    cells = {
        (column, row): cell
        for column, row, cell in zip(across.values, down.values, value.values, strict=True)
    }
    empty = {"null": None, "zero": 0, "true": True, "false": False}.get(options.get("emptyValue", ""), "")
    head = f"{options.get('rowField') or 'Time'}\\{options.get('columnField') or 'Time'}"
    made = [Field(head, down.kind, rows)]
    for column in columns:
        values = [cells.get((column, row)) for row in rows]
        shown = [empty if cell is None else cell for cell in values]
        made.append(
            Field(_spelt(column), value.kind, shown, shown=value.shown, renamed=value.renamed),
        )
    return [Frame(made)]


def sort_by(frames: Frames, options: Options) -> Frames:
    """Rows by one column. Where it is missing, Grafana leaves all as it is; here that is a fault."""
    asked = (options.get("sort") or [{}])[0]
    if "field" not in asked:
        return frames
    found = []
    for frame in frames:
        at = next((at for at, one in enumerate(frame.fields) if title(one, frame) == asked["field"]), None)
        if at is None:
            raise ValueError(f"sortBy: there is no column {asked['field']!r}")
        rank = _text_rank if frame.fields[at].kind == "string" else _number_rank
        ranks = [rank(value) for value in frame.fields[at].values]
        falling = bool(asked.get("desc"))
        found.append(frame.only(sorted(range(frame.length), key=ranks.__getitem__, reverse=falling)))
    return found


def format_time(frames: Frames, options: Options) -> Frames:
    """A time column as text."""
    zone = ZoneInfo("UTC" if options.get("timezone") == "utc" else options.get("timezone") or "Europe/Berlin")
    return [
        frame.with_fields(
            [
                replace(
                    one,
                    kind="string",
                    values=[
                        _time_text(value, options.get("outputFormat") or "", zone) for value in one.values
                    ],
                )
                if title(one, frame, frames) == options.get("timeField")
                else one
                for one in frame.fields
            ]
        )
        for frame in frames
    ]


def extract_fields(frames: Frames, options: Options) -> Frames:
    """A column of JSON objects as a column a key, behind the others."""
    if options.get("format") != "json" or options.get("replace"):
        raise ValueError(f"extractFields is understood with format json and without replace only: {options}")
    found = []
    for frame in frames:
        source = next(one for one in frame.fields if title(one, frame, frames) == options["source"])
        objects = [json.loads(text) if text else {} for text in source.values]
        names = dict.fromkeys(name for one in objects for name in one)
        added = [_guessed(name, [one.get(name) for one in objects]) for name in names]
        found.append(frame.with_fields([*frame.fields, *added]))
    return found


def reduced(reducer: str, values: Sequence[Any]) -> Any:
    """What a reducer of Grafana makes of a group's values."""
    there = [value for value in values if value is not None]
    known: Mapping[str, Callable[[], Any]] = {
        "count": lambda: len(there),
        "lastNotNull": lambda: there[-1] if there else None,
        "sum": lambda: sum(there),
        "mean": lambda: sum(there) / len(there) if there else None,
        "max": lambda: max(there, default=None),
        "min": lambda: min(there, default=None),
    }
    return known[reducer]()


KNOWN: Mapping[str, Callable[[Frames, Options], Frames]] = {
    "organize": organize,
    "filterByValue": filter_by_value,
    "groupBy": group_by,
    "extractFields": extract_fields,
    "groupingToMatrix": grouping_to_matrix,
    "sortBy": sort_by,
    "formatTime": format_time,
}

#: Letters of moment.js as those of strftime; what stands in square brackets is taken as it is.
_TOKENS = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "E": "%u"}
_TOKEN = re.compile(r"\[([^\]]*)\]|" + "|".join(_TOKENS))


def _renamed(one: Field, name: str | None) -> Field:
    return replace(one, renamed=name) if name else one


def _spelt(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _guessed(name: str, values: Sequence[Any]) -> Field:
    """Texts that look like numbers make a column of numbers, whose cells stay texts."""
    first = next((value for value in values if value is not None), "")
    return Field(name, "number" if re.fullmatch(r"-?\d+(\.\d+)?", str(first)) else "string", values)


def _named(frame: Frame, name: str) -> Field | None:
    return next((one for one in frame.fields if title(one) == name), None)


def _matches(value: Any, config: Mapping[str, Any]) -> bool:
    options = config.get("options") or {}
    known: Mapping[str, Callable[[], bool]] = {
        "isNull": lambda: value is None,
        "isNotNull": lambda: value is not None,
        "equal": lambda: _loosely_equal(value, options["value"]),
        "notEqual": lambda: not _loosely_equal(value, options["value"]),
        "greater": lambda: value is not None and value > options["value"],
        "greaterOrEqual": lambda: value is not None and value >= options["value"],
        "lower": lambda: (value or 0) < options["value"],
        "lowerOrEqual": lambda: (value or 0) <= options["value"],
        "regex": lambda: re.search(options["value"], _spelt(value)) is not None,
    }
    return known[config["id"]]()


def _loosely_equal(value: Any, other: Any) -> bool:
    """`==` of JavaScript, of numbers and texts."""
    if value is None or other is None:
        return value is None and other is None
    return _spelt(value) == _spelt(other)


def _number_rank(value: Any) -> float:
    return float(value or 0)


def _text_rank(value: Any) -> tuple[bool, str]:
    """Without regard to case and accents, what is empty behind."""
    letters = unicodedata.normalize("NFD", str(value or ""))
    return not value, "".join(one for one in letters if not unicodedata.combining(one)).casefold()


def _time_text(value: Any, form: str, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    local = datetime.fromtimestamp(value / 1000, zone)
    return _TOKEN.sub(
        lambda match: match[1] if match[1] is not None else local.strftime(_TOKENS[match[0]]), form
    )
