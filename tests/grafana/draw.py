"""Panels drawn as HTML and SVG from the tables that the tests computed. It is not Grafana's drawing."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from itertools import pairwise
from typing import Any

from tests.grafana.frame import Field
from tests.grafana.look import Look, colour, look
from tests.grafana.panel import Panel, Shown
from tests.grafana.timerange import ZONE, TimeRange

#: Lines differ by their pattern too, not by their colour alone.
LINES = (
    ("#1f60c4", ""),
    ("#c2571a", "6 3"),
    ("#37872d", "2 3"),
    ("#8f3bb8", "9 3 2 3"),
    ("#8a6d00", "4 2 1 2"),
    ("#0a8080", "12 4"),
    ("#b0305a", "1 2"),
    ("#4d4d4d", "7 2 2 2"),
)
_NAMED = len(LINES)  #: lines that the legend names
COLUMN_PX = 50  #: of the 24 columns of a board
LANES = 20  #: of a chart of states, as many as Grafana shows on a page (`perPage`)
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 8, 6, 20
_LINE_PX = 17
_AXIS, _GRID = "#5f6368", "#e3e5e8"


@dataclass(frozen=True)
class Size:
    """Of a panel's inside, in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Series:
    """A line of a chart: values by milliseconds, None where it is interrupted."""

    look: Look
    points: Sequence[tuple[int, Any]]


def height(one: Panel, shown: Shown, usual: int) -> int:
    """How high a panel is drawn: tables no higher than they need, states so that each can be read."""
    if one.type == "table":
        return min(usual, 74 + 17 * max(2, shown.rows))
    if one.type == "state-timeline":
        return max(usual // 2, 92 + 15 * min(LANES, len(shown.frames)))
    if one.type == "timeseries":
        names = [each.look.name for each in _series(one, shown) if not each.look.hidden]
        width = one.said["gridPos"]["w"] * COLUMN_PX - 30
        return usual + max(0, _legend_px(names, Size(width, 0)) - 2 * _LINE_PX)
    return usual + 16 if one.type == "text" else usual


def panel(one: Panel, shown: Shown, span: TimeRange, size: Size) -> str:
    """A panel's inside."""
    if one.type == "text":
        return f'<p class="text">{_markdown(one.said["options"]["content"])}</p>'
    if not shown.rows:
        nothing = one.said.get("fieldConfig", {}).get("defaults", {}).get("noValue", "")
        return f'<p class="text">{escape(nothing)}</p>'
    return _KNOWN[one.type](one, shown, span, size)


def _markdown(text: str) -> str:
    parts = escape(text).split("**")
    return "".join(f"<b>{part}</b>" if at % 2 else part for at, part in enumerate(parts))


# --- tables and figures ------------------------------------------------------------------------------------


def _table(one: Panel, shown: Shown, _span: TimeRange, size: Size) -> str:
    frame = shown.frames[0]
    looks = [look(one.said, column, frame, shown.frames) for column in frame.fields]
    rows = frame.rows()
    if sort := one.said.get("options", {}).get("sortBy"):
        at = [each.name for each in looks].index(sort[0]["displayName"])
        rows.sort(
            key=lambda row: (row[at] is not None, _sortable(row[at])), reverse=bool(sort[0].get("desc"))
        )
    fitting = max(1, (size.height - 36) // 17)
    head = "".join(f"<th>{escape(each.name)}</th>" for each in looks)
    body = "".join(f"<tr>{''.join(map(_cell, looks, row, frame.fields))}</tr>" for row in rows[:fitting])
    rest = len(rows) - fitting
    more = f"… und {rest} weitere {'Zeile' if rest == 1 else 'Zeilen'}" if rest > 0 else ""
    return f'<table><tr>{head}</tr>{body}</table><p class="more">{more}</p>'


def _sortable(value: Any) -> Any:
    return value if isinstance(value, (int, float)) else str(value)


def _cell(each: Look, value: Any, column: Field) -> str:
    words, hue = each.mapped(value)
    style = f' style="color:{hue}"' if hue else ""
    kind = ' class="number"' if column.kind == "number" and not each.mappings else ""
    return f"<td{kind}{style}>{escape(words)}</td>"


def _stat(one: Panel, shown: Shown, _span: TimeRange, _size: Size) -> str:
    cells = []
    for frame in shown.frames:
        value = frame.fields[-1]
        each = look(one.said, value, frame, shown.frames)
        words, hue = each.mapped(value.values[-1])
        name = each.name if len(shown.frames) > 1 else ""
        cells.append(
            f'<span style="color:{hue or _AXIS}">{escape(words)}</span><small>{escape(name)}</small>'
        )
    return '<div class="stat">' + "".join(f"<div>{cell}</div>" for cell in cells) + "</div>"


# --- charts over time --------------------------------------------------------------------------------------


def _lines(one: Panel, shown: Shown, span: TimeRange, size: Size) -> str:
    series = [each for each in _series(one, shown) if not each.look.hidden]
    legend = _legend([each.look.name for each in series])
    plot = Size(size.width, size.height - _legend_px([each.look.name for each in series], size))
    defaults = one.said["fieldConfig"]["defaults"]
    limits = [(float(step["value"]), step["color"]) for step in _steps(defaults)]
    low, high, step = _scale(series, defaults, limits)
    y = _axis(plot, low, high)
    parts = [_y_grid(plot, low, high, step, series[0].look), _x_grid(plot, span)]
    bars = [each for each in series if each.look.custom.get("drawStyle") == "bars"]
    for number, each in enumerate(series):
        hue, dash = LINES[number % len(LINES)]
        if each in bars:
            parts.append(_bars_of_time(each, bars.index(each), len(bars), plot, span, y, hue))
        else:
            parts.append(_line(each, plot, span, y, hue, dash))
    for value, hue in limits:
        parts.append(
            f'<line x1="{_LEFT}" x2="{plot.width - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"'
            f' stroke="{colour(hue)}" stroke-dasharray="7 4" stroke-width="1.3"/>'
        )
    return _svg(plot, parts) + legend


def _series(one: Panel, shown: Shown) -> Iterator[Series]:
    for frame in shown.frames:
        times = frame.fields[0].values
        for column in frame.fields[1:]:
            if column.kind == "number" and any(value is not None for value in column.values):
                each = look(one.said, column, frame, shown.frames)
                yield Series(each, list(zip(times, column.values, strict=True)))


def _steps(defaults: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [step for step in defaults.get("thresholds", {}).get("steps", ()) if step["value"] is not None]


def _scale(
    series: Sequence[Series], defaults: Mapping[str, Any], limits: Sequence[tuple[float, str]]
) -> tuple[float, float, float]:
    values = [value for each in series for _, value in each.points if value is not None] or [0.0]
    values += [value for value, _ in limits]
    low, high = min(values), max(values)
    if 0 <= low < 0.7 * high:
        low = 0.0
    low, high = defaults.get("min", low), defaults.get("max", high)
    step = _round((high - low) / 4 or abs(high) / 4 or 1.0)
    return math.floor(low / step) * step, math.ceil(high / step) * step or step, step


def _round(raw: float) -> float:
    size = 10.0 ** math.floor(math.log10(raw))
    return next(size * factor for factor in (1, 2, 2.5, 5, 10) if raw <= size * factor * 1.0001)


def _axis(plot: Size, low: float, high: float) -> Callable[[float], float]:
    height = plot.height - _TOP - _BOTTOM
    return lambda value: _TOP + height * (high - value) / ((high - low) or 1)


def _x(plot: Size, span: TimeRange, time_ms: float) -> float:
    return _LEFT + (plot.width - _LEFT - _RIGHT) * (time_ms - span.begin_ms) / span.length_ms


def _y_grid(plot: Size, low: float, high: float, step: float, each: Look) -> str:
    y = _axis(plot, low, high)
    count = round((high - low) / step)
    parts = []
    for number in range(count + 1):
        value = low + number * step
        parts.append(
            f'<line x1="{_LEFT}" x2="{plot.width - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"'
            f' stroke="{_GRID}"/>' + _text(_LEFT - 5, y(value) + 4, each.tick(value), anchor="end")
        )
    return "".join(parts)


def _x_grid(plot: Size, span: TimeRange) -> str:
    days = span.length_ms / 86_400_000
    begin = datetime.fromtimestamp(span.begin_ms / 1000, ZONE)
    if days > 2:
        apart = math.ceil(days * 44 / (plot.width - _LEFT - _RIGHT))  # so that dates do not touch
        step, form = timedelta(days=apart), "%d.%m."
        at = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    else:
        hours = 1 if days < 0.4 else 3
        step, form = timedelta(hours=hours), "%H:%M"
        at = begin.replace(hour=begin.hour // hours * hours, minute=0, second=0, microsecond=0)
    parts = []
    while (time_ms := at.timestamp() * 1000) <= span.end_ms:
        x = _x(plot, span, time_ms)
        if x >= _LEFT:
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{plot.height - _BOTTOM}" stroke="{_GRID}"/>'
            )
            if x < plot.width - 20:
                parts.append(
                    f'<text x="{x:.1f}" y="{plot.height - 6}" text-anchor="middle">{at.strftime(form)}</text>'
                )
        at += step
    return "".join(parts)


def _line(each: Series, plot: Size, span: TimeRange, y: Callable[[float], float], hue: str, dash: str) -> str:
    if each.look.custom.get("drawStyle") == "points":
        return "".join(
            f'<circle cx="{_x(plot, span, time):.1f}" cy="{y(value):.1f}" r="3" fill="none" stroke="{hue}"/>'
            for time, value in each.points
            if value is not None
        )
    gap = each.look.custom.get("insertNulls") or 0
    path, before = [], None
    for time, value in each.points:
        if value is None:
            before = None
            continue
        begins = before is None or (gap and time - before > gap)
        path.append(f"{'M' if begins else 'L'}{_x(plot, span, time):.1f} {y(value):.1f}")
        before = time
    return (
        f'<path d="{"".join(path)}" fill="none" stroke="{hue}" stroke-width="1.4" stroke-dasharray="{dash}"/>'
    )


def _bars_of_time(
    each: Series,
    number: int,
    of: int,
    plot: Size,
    span: TimeRange,
    y: Callable[[float], float],
    hue: str,
) -> str:
    times = sorted({time for time, _ in each.points})
    apart = min((b - a for a, b in pairwise(times)), default=3_600_000)
    width = max(0.6, (plot.width - _LEFT - _RIGHT) * apart / span.length_ms * 0.8 / of)
    ground = y(0.0)
    return "".join(
        f'<rect x="{_x(plot, span, time) + number * width:.1f}" y="{min(y(value), ground):.1f}"'
        f' width="{width:.1f}" height="{abs(ground - y(value)):.1f}" fill="{hue}"/>'
        for time, value in each.points
        if value is not None and time >= span.begin_ms
    )


def _timeline(one: Panel, shown: Shown, span: TimeRange, size: Size) -> str:
    lanes = [
        (
            look(one.said, column, frame, shown.frames),
            list(zip(frame.fields[0].values, column.values, strict=True)),
        )
        for frame in shown.frames
        for column in frame.fields[1:]
    ]
    more = len(lanes) - LANES
    lanes = lanes[:LANES]
    left = 170
    plot = Size(size.width, size.height - 2 * _LINE_PX)
    tall = (plot.height - _BOTTOM) / len(lanes)
    parts = [_shifted_x_grid(plot, span, left)]
    seen: dict[str, str] = {}
    for number, (each, points) in enumerate(lanes):
        top = number * tall
        parts.append(
            f'<text x="{left - 6}" y="{top + tall / 2 + 4:.1f}" text-anchor="end">{escape(each.name)}</text>'
        )
        for begin, end, value in _stretches(points, each.custom.get("insertNulls") or 0, span):
            words, hue = each.mapped(value)
            seen.setdefault(words, hue)
            x = left + (plot.width - left - _RIGHT) * (begin - span.begin_ms) / span.length_ms
            wide = (plot.width - left - _RIGHT) * (end - begin) / span.length_ms
            parts.append(
                f'<rect x="{x:.1f}" y="{top + 1:.1f}" width="{max(wide, 1):.1f}" height="{tall - 2:.1f}"'
                f' fill="{hue or _AXIS}" fill-opacity="0.85"/>'
            )
            text = words if wide > 8 * len(words) else words.split(" ")[0] if wide > 11 else ""
            style = "" if text == words else ' style="font-size:8px"'
            place = f'x="{x + wide / 2:.1f}" y="{top + tall / 2 + 3.5:.1f}"'
            parts.append(f'<text class="in"{style} {place}>{escape(text)}</text>')
    legend = "".join(
        f'<span><i style="color:{hue}">{escape(words)}</i></span>' for words, hue in seen.items()
    )
    if more > 0:
        legend += f"<span>… und {more} weitere auf der nächsten Seite</span>"
    return _svg(plot, parts) + f'<div class="legend">{legend}</div>'


def _shifted_x_grid(plot: Size, span: TimeRange, left: int) -> str:
    """The time axis of a chart with wide names at its left."""
    shifted = Size(plot.width - left + _LEFT, plot.height)
    return f'<g transform="translate({left - _LEFT} 0)">{_x_grid(shifted, span)}</g>'


def _stretches(
    points: Sequence[tuple[int, Any]], gap: int, span: TimeRange
) -> Iterator[tuple[int, int, Any]]:
    """Neighbours of one value as one stretch: begin, end, value."""
    apart = min((b[0] - a[0] for a, b in pairwise(points)), default=3_600_000)
    begun: tuple[int, Any] | None = None
    before = 0
    for time, value in [*points, (span.end_ms + apart, None)]:
        broken = begun is not None and (value != begun[1] or (gap and time - before > gap))
        if broken and begun is not None:
            yield max(begun[0], span.begin_ms), min(before + apart, span.end_ms), begun[1]
            begun = None
        if begun is None and value is not None:
            begun = (time, value)
        before = time


# --- bars and the map --------------------------------------------------------------------------------------


def _bars(one: Panel, shown: Shown, _span: TimeRange, size: Size) -> str:
    (frame,) = shown.frames
    options = one.said["options"]
    named = [(look(one.said, column, frame, shown.frames), column) for column in frame.fields]
    x_field = next((each, column) for each, column in named if options["xField"] in {each.name, _raw(column)})
    series = [
        (each, column) for each, column in named if column.kind == "number" and column is not x_field[1]
    ]
    stacked = options.get("stacking") == "normal"
    hues = [each.fixed or LINES[number % len(LINES)][0] for number, (each, _) in enumerate(series)]
    legend = _legend([each.name for each, _ in series], hues) if len(series) > 1 else ""
    plot = Size(
        size.width, size.height - (_legend_px([each.name for each, _ in series], size) if legend else 6)
    )
    columns = [[value or 0.0 for value in column.values] for _, column in series]
    tops = [sum(row) if stacked else max(row) for row in zip(*columns, strict=True)]
    group = (plot.width - _LEFT - _RIGHT) / len(tops)
    wraps = any(_wraps(x_field[0].words(value), group) for value in x_field[1].values)
    whole, plot = plot, Size(plot.width, plot.height - (12 if wraps else 0))
    step = _round((max(tops) or 1) / 4)
    high = math.ceil((max(tops) or 1) / step) * step
    y = _axis(plot, 0, high)
    parts = [_y_grid(plot, 0, high, step, series[0][0])]
    for at, value in enumerate(x_field[1].values):
        middle = _LEFT + group * (at + 0.5)
        words = x_field[0].words(value)
        parts.append(_below(words, middle, plot.height - 6, group))
        width = group * 0.7 / (1 if stacked else len(series))
        ground = 0.0
        for number, column in enumerate(columns):
            x = middle - group * 0.35 + (0 if stacked else number * width)
            size_px = y(ground) - y(ground + column[at])
            parts.append(_bar(x, y(ground + column[at]), width, size_px, hues[number]))
            shown_words = series[number][0].words(column[at])
            if column[at] and (size_px > 14 if stacked else len(series) == 1):
                place = y(ground + column[at]) + (13 if stacked else -4)
                kind = ' class="in"' if stacked else ' text-anchor="middle"'
                parts.append(f'<text{kind} x="{x + width / 2:.1f}" y="{place:.1f}">{shown_words}</text>')
            ground += column[at] if stacked else 0
    return _svg(whole, parts) + legend


def _below(words: str, x: float, y: float, width: float) -> str:
    """Words under a bar, in two lines where they are wider than it."""
    begin, _, end = words.rpartition(" ") if _wraps(words, width) else ("", "", words)
    return (_text(x, y, begin) + _text(x, y + 12, end)) if begin else _text(x, y, end)


def _wraps(words: str, width: float) -> bool:
    return 6.2 * len(words) > width and " " in words


def _raw(column: Field) -> str:
    return column.renamed or column.name


def _bar(x: float, y: float, width: float, height: float, hue: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{hue}"/>'


def _map(one: Panel, shown: Shown, _span: TimeRange, size: Size) -> str:
    (frame,) = shown.frames
    by = {column.name: (look(one.said, column, frame, shown.frames), column) for column in frame.fields}
    style = one.said["options"]["layers"][0]["config"]["style"]
    states, signs = by[style["color"]["field"]], by[style["text"]["field"]]
    places = [by[axis][1].values for axis in ("lat", "lon")]
    wide = math.cos(math.radians(sum(places[0]) / len(places[0])))
    lows = [min(places[0]), min(places[1])]
    spans = [max(places[0]) - lows[0], (max(places[1]) - lows[1]) * wide]
    scale = min((size.height - 60) / spans[0], (size.width - 60) / spans[1])
    parts = [f'<rect width="{size.width}" height="{size.height}" fill="#f1f4f2"/>']
    for row in range(frame.length):
        hue = states[0].colour(states[1].values[row])
        x = size.width / 2 + (places[1][row] - lows[1] - spans[1] / wide / 2) * wide * scale
        y = size.height - 30 - (places[0][row] - lows[0]) * scale
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{hue}" fill-opacity="0.9"/>')
        sign = signs[0].words(signs[1].values[row])
        parts.append(_text(x, y - 10, sign, style=f"fill:{hue};font-size:16px"))
    note = "Hier ohne Hintergrundkarte; in Grafana liegt eine Karte darunter."
    return _svg(size, [*parts, _text(12, size.height - 8, note, anchor="start")])


def _legend_px(names: Sequence[str], size: Size) -> int:
    """How high the legend of these becomes, about."""
    lines, x = 1, 0.0
    for name in [*names[:_NAMED], *(["… und 10 weitere"] if len(names) > _NAMED else [])]:
        wide = 44 + 6.2 * len(name)
        if x + wide > size.width:
            lines, x = lines + 1, 0.0
        x += wide
    return lines * _LINE_PX + 6


def _legend(names: Sequence[str], boxes: Sequence[str] = ()) -> str:
    """Lines, or `boxes` of these colours."""
    parts = []
    for number, name in enumerate(names[:_NAMED]):
        hue, dash = (boxes[number], "") if boxes else LINES[number]
        line = (
            f'<line x1="0" x2="22" y1="6" y2="6" stroke="{hue}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        box = f'<rect width="14" height="10" y="1" fill="{hue}"/>'
        parts.append(f'<span><svg width="24" height="11">{box if boxes else line}</svg>{escape(name)}</span>')
    if len(names) > _NAMED:
        parts.append(f"<span>… und {len(names) - _NAMED} weitere</span>")
    return f'<div class="legend">{"".join(parts)}</div>'


def _text(x: float, y: float, words: str, *, anchor: str = "middle", style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{style}">{escape(words)}</text>'


def _svg(size: Size, parts: Sequence[str]) -> str:
    return f'<svg width="{size.width}" height="{max(size.height, 1):.0f}">{"".join(parts)}</svg>'


_KNOWN: Mapping[str, Callable[[Panel, Shown, TimeRange, Size], str]] = {
    "barchart": _bars,
    "geomap": _map,
    "stat": _stat,
    "state-timeline": _timeline,
    "table": _table,
    "timeseries": _lines,
}
