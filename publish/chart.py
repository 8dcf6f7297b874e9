"""A small line chart as inline SVG: one place, one quantity, one day.

Text keeps its size at every width: positions are percentages of the picture, and only the lines live in a
stretched inner coordinate system.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from statistics import median

from devices.reading import Flag
from publish import german
from publish.html import Markup, join, tag
from publish.readings import Point

#: Line patterns, so that lines differ by more than their colour; as many series are drawn.
DASHES = ("", "9 5", "2 4", "12 4 2 4")
#: The share of the picture's height above the time axis.
_PLOT = 86.0
#: A line is broken where points are missing: at this many times the usual step around it,
_GAP = 3.5
#: which is the median of so many steps before or after it, whichever is longer.
_AROUND = 5
#: More columns than this no picture of a page has pixels for.
_COLUMNS = 1000
_LEAST_SPAN = 0.004  # no quantity has more than three decimals


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; `name` is empty when there is only one."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Frame:
    """The window of a chart: times in UTC nanoseconds, values from `low` to `high` in steps of `step`."""

    begin_ns: int
    end_ns: int
    low: float
    high: float
    step: float

    @property
    def column_ns(self) -> int:
        """What is nearer together than this cannot be told apart in the picture."""
        return (self.end_ns - self.begin_ns) // _COLUMNS or 1

    def x(self, time_ns: int) -> float:
        """Percent from the left."""
        return 100 * (time_ns - self.begin_ns) / (self.end_ns - self.begin_ns)

    def y(self, value: float) -> float:
        """Percent of the plot from its top."""
        return 100 * (self.high - value) / (self.high - self.low)


def frame(lines: Sequence[Line], begin_ns: int, end_ns: int) -> Frame:
    """A window that shows all points, its scale on round numbers, from zero unless that wastes most of it."""
    values = [point.shown.value for line in lines for point in line.points] or [0.0]
    low, high = min(values), max(values)
    if 0 <= low < 0.7 * high:
        low = 0.0
    step = _round_step(max(high - low or abs(high), _LEAST_SPAN))
    bottom = math.floor(low / step) * step
    return Frame(
        begin_ns, end_ns, bottom, max(math.ceil(high / step), math.floor(low / step) + 1) * step, step
    )


def states(begin_ns: int, end_ns: int) -> Frame:
    """A window for what is 0 or 1, with room for the upper label."""
    return Frame(begin_ns, end_ns, 0, 1.25, 1)


def draw(
    lines: Sequence[Line],
    window: Frame,
    title: str,
    description: str,
    label: Callable[[float], str] | None,
    *,
    name: str = "chart",
    axis: Callable[[Frame], Sequence[Markup]] | None = None,
    number: Callable[[float, int | None], str] = german.number,
) -> Markup:
    """The picture with its accessible name and description.

    `label` names states: it writes the scale, and each state is held until the next. None: numbers, as
    `number` writes them with so many decimals. `axis` draws the marks of time (None: the hours of a day).
    Pictures of one page differ by `name`.
    """
    stepped = label is not None
    drawn = [
        (number, line, [line.points] if stepped else _stretches(line.points, window))
        for number, line in enumerate(lines[: len(DASHES)])
    ]
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-description"),
        *_grid(window),
        *(axis or _hours)(window),
        tag(
            "svg",
            *(_path(stretches, number, window, stepped=stepped) for number, _, stretches in drawn),
            width="100%",
            height=f"{_PLOT:g}%",
            viewBox="0 0 100 100",
            preserveAspectRatio="none",
            aria_hidden="true",
        ),
        *(_marks(line, stretches, number, window) for number, line, stretches in drawn),
        *_scale(window, label, number),
        class_="chart",
        role="img",
        aria_labelledby=f"{name}-title {name}-description",
    )


def key(number: int) -> Markup:
    """The sample of a line for the legend."""
    line = tag(
        "line", x1="0", y1="6", x2="34", y2="6", class_=f"line line-{number}", stroke_dasharray=DASHES[number]
    )
    return tag("svg", line, width="34", height="12", aria_hidden="true", class_="key")


def _round_step(span: float) -> float:
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * 0.999)


def _steps(window: Frame) -> list[tuple[float, float]]:
    """Values of the scale and how far down they stand, in percent of the picture."""
    count = math.floor((window.high - window.low) / window.step + 1e-9)
    values = [window.low + number * window.step for number in range(count + 1)]
    return [(value, window.y(value) * _PLOT / 100) for value in values]


def _grid(window: Frame) -> list[Markup]:
    return [
        tag("line", x1="0", x2="100%", y1=f"{y:.2f}%", y2=f"{y:.2f}%", class_="grid")
        for _, y in _steps(window)
    ]


def _scale(
    window: Frame, label: Callable[[float], str] | None, number: Callable[[float, int | None], str]
) -> list[Markup]:
    decimals = max(0, -math.floor(math.log10(window.step) + 1e-9))
    decimals += window.step * 10**decimals % 1 > 1e-6  # steps of 2.5 need one more
    return [
        tag("text", label(value) if label else number(value, decimals), x="0", y=f"{y:.2f}%", dy="-4")
        for value, y in _steps(window)
        if y > 5  # a label at the very top would stand outside the picture
    ]


def _hours(window: Frame) -> list[Markup]:
    marks = []
    hour = german.local(window.begin_ns).replace(minute=0, second=0, microsecond=0)
    while (time_ns := _nanoseconds(hour)) < window.end_ns:
        if time_ns >= window.begin_ns and hour.hour % 3 == 0:
            marks.extend(_hour(hour, f"{window.x(time_ns):.2f}%", labelled=hour.hour % 6 == 0))
        hour = german.local(_nanoseconds(hour) + 3_600_000_000_000)
    return marks


def _hour(hour: datetime, x: str, *, labelled: bool) -> list[Markup]:
    return mark_time(x, f"{hour.hour} Uhr" if labelled else "")


def mark_time(x: str, words: str) -> list[Markup]:
    """A mark on the time axis at so many percent (`12.50%`), and what stands under it."""
    bottom = f"{_PLOT + (3 if words else 1.5):g}%"
    mark = tag("line", x1=x, x2=x, y1=f"{_PLOT:g}%", y2=bottom, class_="axis")
    if not words:
        return [mark]
    edge = float(x[:-1])
    anchor = "start" if edge < 6 else "end" if edge > 94 else "middle"
    return [mark, tag("text", words, x=x, y="98%", text_anchor=anchor, class_="hour")]


def _nanoseconds(when: datetime) -> int:
    return int(when.timestamp()) * 1_000_000_000


def _path(stretches: Sequence[Sequence[Point]], number: int, window: Frame, *, stepped: bool) -> Markup:
    commands = []
    for stretch in stretches:
        for index, point in enumerate(_thinned(stretch, window)):
            x, y = f"{window.x(point.time_ns):.3f}", f"{window.y(point.shown.value):.3f}"
            if index == 0:
                commands.append(f"M{x} {y}")
            else:
                commands.append(f"H{x}V{y}" if stepped else f"L{x} {y}")
    if stepped and commands:
        commands.append("H100")
    return tag(
        "path",
        d="".join(commands),
        class_=f"line line-{number}",
        stroke_dasharray=DASHES[number] or None,
        vector_effect="non-scaling-stroke",
    )


def _stretches(points: Sequence[Point], window: Frame) -> list[Sequence[Point]]:
    """The points, parted where some are missing.

    What is usual is asked only around a step, for a place may change how often it speaks.
    """
    steps = [after.time_ns - before.time_ns for before, after in pairwise(points)]
    gaps = [
        index + 1
        for index, step in enumerate(steps)
        if step > window.column_ns and step > _GAP * _usual(steps, index)
    ]
    return [points[begin:end] for begin, end in pairwise([0, *gaps, len(points)])]


def _usual(steps: Sequence[int], index: int) -> float:
    sides = steps[max(0, index - _AROUND) : index], steps[index + 1 : index + 1 + _AROUND]
    return max((median(side) for side in sides if side), default=0) or math.inf


def _thinned(points: Iterable[Point], window: Frame) -> list[Point]:
    """Of each column's points those that show: the first, the lowest, the highest and the last."""
    kept: list[Point] = []
    for _, members in groupby(points, key=lambda point: point.time_ns // window.column_ns):
        by_value = sorted(column := list(members), key=lambda point: point.shown.value)
        shown = {column[0], by_value[0], by_value[-1], column[-1]}
        kept += sorted(shown, key=lambda point: point.time_ns)
    return kept


def _marks(line: Line, stretches: Sequence[Sequence[Point]], number: int, window: Frame) -> Markup:
    """The last point, those that are suspect, and stretches too short to be seen as a line."""
    if not line.points:
        return Markup()
    lone = [part[-1] for part in stretches if part[-1].time_ns - part[0].time_ns < window.column_ns]
    odd = [point for point in line.points if point.shown.flag >= Flag.SUSPECT]
    return join(
        *(_mark(point, window, r="2", class_=f"dot dot-{number}") for point in _thinned(lone, window)),
        *(_mark(point, window, r="4", class_=f"odd odd-{number}") for point in _thinned(odd, window)),
        _mark(line.points[-1], window, r="4", class_=f"dot dot-{number}"),
    )


def _mark(point: Point, window: Frame, **attributes: str) -> Markup:
    x, y = window.x(point.time_ns), window.y(point.shown.value) * _PLOT / 100
    return tag("circle", cx=f"{x:.2f}%", cy=f"{y:.2f}%", **attributes)
