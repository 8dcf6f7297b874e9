"""*Verkehr*: by direction, lane and class; the day's profile, the week by hour, totals by day.

A device's own sum over classes (`vehicle_class=all`) is never added to its classes: where classes are summed,
the larger of the two is taken for each hour and place (`_counted`). Only complete hours have a `count`, and
only hours of which all that is summed is complete are shown.
"""

from collections.abc import Sequence

from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, Panel

from devices.language import say
from publish.boards import variables
from publish.boards.board import Board, Section
from publish.boards.influxql import LOCAL, PLACE, Influxql
from publish.boards.panels import (
    HOUR_MS,
    Column,
    Look,
    Named,
    Pair,
    Span,
    Tell,
    bars,
    lines,
    listing,
    position,
    shade,
    twin,
)
from publish.boards.shared import (
    DAYS,
    day_column,
    device_column,
    site_column,
    state_history,
    time_column,
)
from publish.boards.sources import HOURS
from publish.boards.transformations import (
    HOUR,
    WEEKDAY_AND_HOUR,
    format_time,
    group,
    matrix,
    sort,
    split,
)
from publish.boards.words import directions, doubts, spelled, vehicle_classes
from publish.summary import CAPTURE

_CLASS = '"vehicle_class" =~ /^${vehicle_class:regex}$/'


def build() -> Board:
    """The board, in the language in force."""
    return Board(
        "verkehr",
        say("Traffic"),
        say("Counts by direction, lane and class, the day's profile, the week and the days' totals."),
        [
            variables.municipality(HOURS, "traffic_1h"),
            variables.site(HOURS, "traffic_1h"),
            variables.device(HOURS, "traffic_1h", listed=True),
            variables.vehicle_class(HOURS, "traffic_1h"),
            variables.one_device("counter", say("Site of the week's table"), HOURS, "traffic_1h"),
        ],
        [
            Section(say("By hour"), [_by_direction(), _by_lane(), _by_class(), _speed()]),
            Section(say("Day and week"), [_profile(), _week()]),
            Section(say("By day"), [_by_day()]),
            Section(say("Reasons for gaps"), [state_history()]),
        ],
        begin="now-7d/d",
        refresh="5m",
    )


def _counted(where: str, *tags: str) -> str:
    """Hourly counts by tags as a subquery that gives `n`: all classes or a device's own sum, never both.

    By device, direction and lane at least, because only there the two say the same. An hour of which a class,
    a direction or a lane is not complete is left out: the others alone would look like less traffic.
    """
    by = ", ".join(f'"{tag}"' for tag in dict.fromkeys(("device", "direction", "lane", *tags)))
    single, own = (
        f'(SELECT sum("count") AS "n", min("count_coverage") AS "whole" FROM "traffic_1h" WHERE {where}'
        f" AND {_CLASS} AND $timeFilter AND \"vehicle_class\" {sign} 'all'"
        f" GROUP BY time(1h), {by} fill(none))"
        for sign in ("!=", "=")
    )
    either = (
        f'(SELECT max("n") AS "n", max("whole") AS "whole" FROM {single}, {own} WHERE $timeFilter'
        f" GROUP BY time(1h), {by} fill(none))"
    )
    return _complete(f'sum("n") AS "n", min("whole") AS "whole" FROM {either} WHERE $timeFilter', *tags)


def _complete(chosen: str, *tags: str) -> str:
    """The `n` of hours of which everything is complete, as a subquery."""
    by = ", ".join(f'"{tag}"' for tag in tags)
    return (
        f'(SELECT "n" FROM (SELECT {chosen} GROUP BY time(1h), {by} fill(none))'
        f' WHERE "whole" >= 100 AND $timeFilter GROUP BY {by})'
    )


def _by_direction() -> Pair:
    query = Influxql(
        HOURS,
        f'SELECT sum("n") AS "count" FROM {_counted(PLACE, "device", "site", "direction")} WHERE $timeFilter'
        f' GROUP BY time(1h), "device", "site", "direction" fill(none) {LOCAL}',
        alias="$tag_device $tag_direction",
    )
    chart = _chart(
        Tell(
            say("Counted by direction"),
            say(
                "Counts of each complete hour, drawn at its begin, a line a sensor and direction, all chosen"
                " classes and all lanes together. An hour that misses an interval is not drawn, so a gap is"
                " no empty street: that is a line at 0. The states below say why there is a gap."
            ),
        ),
        query,
        named=_directions(),
    )
    return twin(chart, query, {**_columns(), "direction": _direction(), "count": _count()})


def _by_lane() -> Pair:
    where = f"{PLACE} AND \"lane\" != ''"
    query = Influxql(
        HOURS,
        f'SELECT sum("n") AS "count" FROM {_counted(where, "device", "site", "lane")} WHERE $timeFilter'
        f' GROUP BY time(1h), "device", "site", "lane" fill(none) {LOCAL}',
        alias="$tag_device $tag_lane",
    )
    chart = _chart(
        Tell(
            say("Counted by lane"),
            say(
                "As by direction, a line a sensor and lane, both directions of a lane together. Only sensors"
                " that tell lanes or counting lines apart."
            ),
        ),
        query,
    )
    return twin(chart, query, {**_columns(), "lane": Column(say("Lane")), "count": _count()})


def _by_class() -> Pair:
    chosen = (
        'sum("count") AS "n", min("count_coverage") AS "whole" FROM "traffic_1h"'
        f" WHERE {PLACE} AND {_CLASS} AND $timeFilter"
    )
    query = Influxql(
        HOURS,
        f'SELECT sum("n") AS "count" FROM {_complete(chosen, "device", "site", "vehicle_class")}'
        f' WHERE $timeFilter GROUP BY time(1h), "device", "site", "vehicle_class" fill(none) {LOCAL}',
        alias="$tag_device $tag_vehicle_class",
    )
    chart = _chart(
        Tell(
            say("Counted by class"),
            say(
                "As by direction, a line a sensor and class, directions and lanes together. “all” is a"
                " sensor's own sum over its classes; a line without a class is of a sensor that tells none"
                " apart. A maker's own classes (class1, cat2) mean what its data sheet says. Classes of"
                " different lines are never added here."
            ),
        ),
        query,
        named=_classes("${__field.labels.device}"),
    )
    return twin(chart, query, {**_columns(), "vehicle_class": _vehicle_class(), "count": _count()})


def _speed() -> Pair:
    rows = (
        f' FROM "traffic_1h" WHERE {PLACE} AND {_CLASS} AND "speed_coverage" >= {CAPTURE:g} AND $timeFilter'
        ' GROUP BY "device", "site", "direction", "lane", "vehicle_class"'
    )
    query = Influxql(
        HOURS, f'SELECT "speed"{rows}', alias="$tag_device $tag_direction $tag_lane $tag_vehicle_class"
    )
    chart = lines(
        Tell(
            say("Mean speed"),
            say(
                "Hourly means of the mean speeds that sensors report, in km/h, a line a sensor, direction,"
                " lane and class; not weighted by counts. Empty where no chosen sensor measures speed."
            ),
        ),
        query,
        Look(unit="velocitykmh", decimals=0, least=0, nothing=say("No chosen sensor measured a speed.")),
        named=_classes("${__field.labels.device} ${__field.labels.direction} ${__field.labels.lane}"),
        gap_ms=HOUR_MS,
    )
    return twin(
        chart,
        Influxql(HOURS, f'SELECT "speed", "speed_qc"{rows}'),
        {
            **_columns(),
            "direction": _direction(),
            "lane": Column(say("Lane")),
            "vehicle_class": _vehicle_class(),
            "speed": Column(say("Mean speed"), unit="velocitykmh", decimals=1),
            "speed_qc": Column(say("doubt"), words=doubts()),
        },
    )


def _profile() -> Pair:
    query = Influxql(
        HOURS,
        f'SELECT sum("n") AS "count" FROM {_counted(PLACE, "device")} WHERE $timeFilter'
        f' GROUP BY time(1h), "device" fill(none) {LOCAL}',
        format="table",
    )
    steps: Sequence[DataTransformerConfig] = (
        format_time(HOUR),
        group(["Time", "device"], "count", "mean"),
        sort("Time"),
        matrix("Time", "device", "count (mean)"),
    )
    head = "Time\\device"
    chart = bars(
        Tell(
            say("The day's profile"),
            say(
                "For each hour of the day (German time) the mean of its complete hours in the chosen time, a"
                " bar a sensor, all chosen classes, directions and lanes together. “07” is 7 to 8 o'clock."
                " Choose whole weeks for a profile that no weekday outweighs; this is no DTV, which needs a"
                " year."
            ),
        ),
        query,
        head,
        Look(decimals=0, least=0, nothing=_nothing()),
        steps=steps,
    )
    position(chart).w = 24
    return twin(chart, query, {head: Column(say("Hour"))}, steps=steps)


def _week() -> Panel:
    where = '"device" =~ /^${counter:regex}$/'
    query = Influxql(
        HOURS,
        f'SELECT sum("n") AS "count" FROM {_counted(where, "device")} WHERE $timeFilter'
        f" GROUP BY time(1h) fill(none) {LOCAL}",
        format="table",
    )
    weekdays = {
        "1": Column(say("Mon")),
        "2": Column(say("Tue")),
        "3": Column(say("Wed")),
        "4": Column(say("Thu")),
        "5": Column(say("Fri")),
        "6": Column(say("Sat")),
        "7": Column(say("Sun")),
    }
    made = listing(
        Tell(
            say("The week by hour at {place}", place="${counter}"),
            say(
                "For each hour and weekday (German time) the mean of the complete hours in the chosen time"
                " at the one site that is chosen above as “Site of the week's table”, all chosen classes,"
                " directions and lanes together. “07” is 7 to 8 o'clock. Darker is more; the number says how"
                " much. Holidays count as the weekday they fall on."
            ),
        ),
        query,
        {"hour\\weekday": Column(say("Hour")), **weekdays},
        steps=(
            format_time(WEEKDAY_AND_HOUR),
            split("Time"),
            group(["weekday", "hour"], "count", "mean"),
            sort("hour"),
            matrix("hour", "weekday", "count (mean)"),
        ),
        nothing=_nothing(),
        size=(24, 26),
    )
    shade(made, [str(column.title) for column in weekdays.values()])
    return made


def _by_day() -> Pair:
    query = Influxql(
        HOURS,
        'SELECT sum("n") AS "count", count("n") AS "hours"'
        f" FROM {_counted(PLACE, 'device', 'site', 'direction')}"
        f' WHERE $timeFilter GROUP BY time(1d), "device", "site", "direction" fill(none) {LOCAL}',
        alias="$tag_device $tag_direction $col",
    )
    chart = lines(
        Tell(
            say("Totals by day"),
            say(
                "The sum of the complete hours of a calendar day in German time, a bar a sensor and"
                " direction, all chosen classes and lanes together. The table says of how many hours; fewer"
                " than 24 make the total too small (23 and 25 where the clock changes). The last 14 days and"
                " today, which is not over; for others choose a time from … to …."
            ),
        ),
        query,
        Look(decimals=0, least=0, nothing=_nothing()),
        named=[
            Named(" hours$", {"custom.hideFrom": {"legend": True, "tooltip": True, "viz": True}}),
            Named(" count$", {"displayName": "${__field.labels.device} ${__field.labels.direction}"}),
            *_directions(" count"),
        ],
        span=Span(only_last=DAYS),
        bars=True,
    )
    position(chart).w = 24
    return twin(
        chart,
        query,
        {
            "Time": day_column(),
            "site": site_column(),
            "device": device_column(),
            "direction": _direction(),
            "count": _count(),
            "hours": Column(say("Hours that count"), decimals=0),
        },
    )


def _chart(tell: Tell, query: Influxql, named: Sequence[Named] = ()) -> Panel:
    look = Look(decimals=0, least=0, nothing=_nothing())
    return lines(tell, query, look, named=named, gap_ms=HOUR_MS)


def _columns() -> dict[str, Column]:
    return {
        "Time": Column(say("Hour from"), unit=time_column().unit),
        "site": site_column(),
        "device": device_column(),
    }


def _count() -> Column:
    return Column(say("Counted"), decimals=0)


def _direction() -> Column:
    return Column(say("Direction"), words=directions())


def _vehicle_class() -> Column:
    return Column(say("Class"), words=vehicle_classes())


def _classes(before: str) -> list[Named]:
    """Lines that end in a class say it in words."""
    return [
        Named(f" {value}$", {"displayName": f"{before} {words}"})
        for value, words in spelled(vehicle_classes())
        if value
    ]


def _directions(behind: str = "") -> list[Named]:
    """Lines that end in a sensor's own direction say it in words."""
    return [
        Named(f" {value}{behind}$", {"displayName": "${__field.labels.device} " + words})
        for value, words in spelled(directions())
        if value
    ]


def _nothing() -> str:
    return say("No complete hours in the chosen time; the states below say why.")
