"""A small line chart as inline SVG: one place, one quantity, one day.

Text keeps its size at every width: positions are percentages of the picture, and only the lines live in a
stretched inner coordinate system.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from devices.reading import Flag
from publish import german
from publish.html import Markup, join, tag
from publish.readings import Point

#: Line patterns, so that lines differ by more than their colour; as many series are drawn.
DASHES = ("", "9 5", "2 4", "12 4 2 4")
#: The share of the picture's height above the time axis.
_PLOT = 86.0
#: A line is broken where points are missing: at this many times the usual distance.
_GAP = 3.5
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
    lines: Sequence[Line], window: Frame, title: str, description: str, label: Callable[[float], str] | None
) -> Markup:
    """The picture with its accessible name and description.

    `label` names states: it writes the scale, and each state is held until the next. None: numbers.
    """
    drawn = lines[: len(DASHES)]
    return tag(
        "svg",
        tag("title", title, id="chart-title"),
        tag("desc", description, id="chart-description"),
        *_grid(window),
        *_hours(window),
        tag(
            "svg",
            *(_path(line, number, window, stepped=label is not None) for number, line in enumerate(drawn)),
            width="100%",
            height=f"{_PLOT:g}%",
            viewBox="0 0 100 100",
            preserveAspectRatio="none",
            aria_hidden="true",
        ),
        *(_marks(line, number, window) for number, line in enumerate(drawn)),
        *_scale(window, label),
        class_="chart",
        role="img",
        aria_labelledby="chart-title chart-description",
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


def _scale(window: Frame, label: Callable[[float], str] | None) -> list[Markup]:
    decimals = max(0, -math.floor(math.log10(window.step) + 1e-9))
    decimals += window.step * 10**decimals % 1 > 1e-6  # steps of 2.5 need one more
    return [
        tag("text", label(value) if label else german.number(value, decimals), x="0", y=f"{y:.2f}%", dy="-4")
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
    bottom = f"{_PLOT + (3 if labelled else 1.5):g}%"
    mark = tag("line", x1=x, x2=x, y1=f"{_PLOT:g}%", y2=bottom, class_="axis")
    if not labelled:
        return [mark]
    edge = float(x[:-1])
    anchor = "start" if edge < 6 else "end" if edge > 94 else "middle"
    return [mark, tag("text", f"{hour.hour} Uhr", x=x, y="98%", text_anchor=anchor, class_="hour")]


def _nanoseconds(when: datetime) -> int:
    return int(when.timestamp()) * 1_000_000_000


def _path(line: Line, number: int, window: Frame, *, stepped: bool) -> Markup:
    commands = []
    reach = _reach(line.points)
    before: Point | None = None
    for point in line.points:
        x, y = f"{window.x(point.time_ns):.3f}", f"{window.y(point.shown.value):.3f}"
        if before is None or point.time_ns - before.time_ns > reach:
            commands.append(f"M{x} {y}")
        else:
            commands.append(f"H{x}V{y}" if stepped else f"L{x} {y}")
        before = point
    if stepped and commands:
        commands.append("H100")
    return tag(
        "path",
        d="".join(commands),
        class_=f"line line-{number}",
        stroke_dasharray=DASHES[number] or None,
        vector_effect="non-scaling-stroke",
    )


def _reach(points: Sequence[Point]) -> float:
    steps = sorted(b.time_ns - a.time_ns for a, b in pairwise(points))
    return steps[len(steps) * 3 // 4] * _GAP if steps else math.inf


def _marks(line: Line, number: int, window: Frame) -> Markup:
    if not line.points:
        return Markup()
    odd = [point for point in line.points if point.shown.flag >= Flag.SUSPECT]
    shapes = [_mark(point, window, r="4", class_=f"odd odd-{number}") for point in odd]
    return join(*shapes, _mark(line.points[-1], window, r="4", class_=f"dot dot-{number}"))


def _mark(point: Point, window: Frame, **attributes: str) -> Markup:
    x, y = window.x(point.time_ns), window.y(point.shown.value) * _PLOT / 100
    return tag("circle", cx=f"{x:.2f}%", cy=f"{y:.2f}%", **attributes)
