"""The preview's charts: one for each unit, at most three, each with a table that says the same."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

from devices.language import Language, say
from devices.moment import local
from devices.reading import Flag
from publish import chart
from publish.html import Markup, join, tag
from publish.planners import text
from publish.planners.wire import Line
from publish.readings import Point, Shown

#: Charts of a page, and times that a table tells.
CHARTS, TOLD = 3, 100
#: Steps of the time axis, in hours: the shortest of which not too many fit in; then months.
_STEPS = (1, 3, 6, 12, 24, 48, 7 * 24)
_MARKS = 9


def pictures(lines: Sequence[Line], zone: ZoneInfo, language: Language) -> Markup:
    """A figure for each unit, with as many lines as can be told apart."""
    units: dict[str, list[Line]] = {}
    for line in lines:
        if line.points:
            units.setdefault(line.unit, []).append(line)
    drawn = [
        _figure(members, unit, f"chart{number}", zone, language)
        for number, (unit, members) in enumerate(islice(units.items(), CHARTS))
    ]
    left = sum(len(members[len(chart.DASHES) :]) for members in islice(units.values(), CHARTS))
    left += sum(len(members) for members in islice(units.values(), CHARTS, None))
    more = say("{count} more series are in the file and not in these charts.", count=left).in_language(
        language
    )
    return join(*drawn, tag("p", more, class_="hint") if left else "")


def _figure(members: Sequence[Line], unit: str, name: str, zone: ZoneInfo, language: Language) -> Markup:
    shown = members[: len(chart.DASHES)]
    begin = min(line.points[0][0] for line in shown)
    end = max(line.points[-1][0] for line in shown)
    lines = [_line(one) for one in shown]
    window = chart.frame(lines, begin, max(end, begin + 1))
    titles = ", ".join(dict.fromkeys(line.title for line in shown))
    said = [_sentence(line, language) for line in shown]
    return tag(
        "figure",
        tag("figcaption", tag("strong", titles), tag("span", unit, class_="unit") if unit else ""),
        _legend(shown),
        chart.draw(
            lines,
            window,
            titles,
            " ".join(said),
            None,
            name=name,
            axis=partial(_axis, zone=zone, language=language),
            number=partial(_scale_number, language=language),
        ),
        tag("ul", *(tag("li", one) for one in said), class_="plain"),
        _table(shown, titles, zone, language),
    )


def _line(line: Line) -> chart.Line:
    return chart.Line(line.title, [Point(at, Shown(value, Flag.GOOD)) for at, value in line.points])


def _scale_number(value: float, decimals: int | None, *, language: Language) -> str:
    return text.number(value, decimals, language)


def _legend(lines: Sequence[Line]) -> Markup:
    if len(lines) < 2:
        return join()
    keys = [tag("li", chart.key(number), " ", line.title) for number, line in enumerate(lines)]
    return tag("ul", *keys, class_="plain legend")


def _sentence(line: Line, language: Language) -> str:
    values = [value for _, value in line.points]
    low, high = (_plain(edge, language) for edge in (min(values), max(values)))
    return say("{title}: lowest {low}, highest {high}.", title=line.title, low=low, high=high).in_language(
        language
    )


def _plain(value: float, language: Language) -> str:
    written = f"{value:.6g}"
    decimals = len(written.partition(".")[2]) if "e" not in written else 0
    return text.number(value, decimals, language)


def _axis(window: chart.Frame, *, zone: ZoneInfo, language: Language) -> list[Markup]:
    return [
        part
        for time_ns, words in _marks(window, zone, language)
        for part in chart.mark_time(f"{window.x(time_ns):.2f}%", words)
    ]


def _marks(window: chart.Frame, zone: ZoneInfo, language: Language) -> Iterator[tuple[int, str]]:
    """Round times within the window, and what stands under each."""
    hours = (window.end_ns - window.begin_ns) / 3.6e12
    step = next((one for one in _STEPS if hours / one <= _MARKS), None)
    when = local(window.begin_ns, zone).replace(minute=0, second=0, microsecond=0)
    if step is None:
        months = max(1, round(hours / 730 / _MARKS))
        yield from _months(window, when.replace(day=1, hour=0), months, language)
        return
    when = when.replace(hour=when.hour // min(step, 24) * min(step, 24) % 24)
    while (time_ns := int(when.timestamp()) * 1_000_000_000) <= window.end_ns:
        if time_ns >= window.begin_ns:
            yield time_ns, text.day(when, language) if not when.hour else f"{when:%H:%M}"
        when += timedelta(hours=step)  # on the clock of the zone: midnight stays midnight


def _months(window: chart.Frame, when: datetime, step: int, language: Language) -> Iterator[tuple[int, str]]:
    while (time_ns := int(when.timestamp()) * 1_000_000_000) <= window.end_ns:
        if time_ns >= window.begin_ns:
            yield time_ns, text.month(when, language)
        number = when.year * 12 + when.month - 1 + step
        when = when.replace(year=number // 12, month=number % 12 + 1)


def _table(lines: Sequence[Line], title: str, zone: ZoneInfo, language: Language) -> Markup:
    by_time: dict[int, dict[int, float]] = {}
    for column, line in enumerate(lines):
        for time_ns, value in line.points:
            by_time.setdefault(time_ns, {})[column] = value
    times = sorted(by_time)
    each = -(-len(times) // TOLD)
    # of each stretch the time at which most series have a value
    told = [
        max(times[at : at + each], key=lambda time_ns: len(by_time[time_ns]))
        for at in range(0, len(times), each)
    ]
    rows = [
        tag(
            "tr",
            tag("th", text.moment(time_ns, zone, language), scope="row"),
            *(
                tag("td", _plain(by_time[time_ns][column], language) if column in by_time[time_ns] else "–")
                for column in range(len(lines))
            ),
        )
        for time_ns in told
    ]
    heads = [tag("th", line.title, scope="col") for line in lines]
    clock = say("Local time").in_language(language)
    table = tag(
        "table",
        tag("caption", title),
        tag("thead", tag("tr", tag("th", clock, scope="col"), *heads)),
        tag("tbody", *rows),
        class_="day",
    )
    told_of = {"told": text.number(len(told), 0, language), "times": text.number(len(times), 0, language)}
    summary = say("The chart as a table ({told} of {times} times)", **told_of)
    region = say("Table: {title}", title=title).in_language(language)
    scroll = tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=region)
    return tag("details", tag("summary", summary.in_language(language)), scroll)
