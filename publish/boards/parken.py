"""*Parken*: free and occupied by lot, the day's curve, turnover and stay, and what nobody observes."""

from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, Panel

from devices.language import say
from publish.boards import variables
from publish.boards.board import Board, Section
from publish.boards.influxql import LOCAL, PLACE, Influxql, newest
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
    twin,
)
from publish.boards.shared import (
    DAYS,
    MINUTES,
    NOW,
    day_column,
    device_column,
    site_column,
    state_history,
    status_columns,
    time_column,
)
from publish.boards.sources import BAYS, HOURS, READINGS
from publish.boards.transformations import organize
from publish.boards.words import lots, occupancy

_LOT = (
    '"municipality" =~ /^${municipality:regex}$/ AND "site" =~ /^${site:regex}$/'
    ' AND "lot" =~ /^${lot:regex}$/'
)
_NAME = "${__field.labels.lot} (${__field.labels.municipality})"  # of several cities may have one name


def build() -> Board:
    """The board, in the language in force."""
    return Board(
        "parken",
        say("Parking"),
        say("Free and occupied bays by lot, turnover and stay."),
        [
            variables.municipality(READINGS, "parking"),
            variables.site(READINGS, "parking"),
            variables.lot(READINGS, "parking"),
            variables.device(
                BAYS, "parking", more=' AND "lot" =~ /^${lot:regex}$/ AND "bay" != \'\'', listed=True
            ),
        ],
        [
            Section(say("Now"), [_now(), _bays()]),
            Section(say("The day's curve"), [_occupied(), _share(), _unobserved()]),
            Section(say("Turnover and stay"), [_arrivals(), _stay(), _turnover(), _daily_stay()]),
            Section(say("Reasons for gaps"), [_silent_bays(), state_history()]),
        ],
        begin="now-24h",
    )


def _now() -> Pair:
    query = Influxql(
        READINGS,
        'SELECT last("occupied") AS "occupied", "known" - "occupied" AS "free",'
        f' "capacity" - "known" AS "unobserved", "capacity" FROM {_counts("occupied", "known", "capacity")}'
        ' WHERE $timeFilter GROUP BY "device", "lot", "municipality"',
        format="table",
    )
    columns = {
        "device": Column(say("Lot"), words=lots()),
        "free": Column(say("○ free"), decimals=0, colour="green"),
        "occupied": Column(say("● occupied"), decimals=0, colour="blue"),
        "unobserved": Column(say("? unobserved"), decimals=0, colour="gray"),
    }
    chart = bars(
        Tell(
            say("Free, occupied and unobserved bays now"),
            say(
                "The newest count of each lot from the last hour; the table says as of when. Unobserved are"
                " bays whose sensor is silent or that said nothing yet: they count neither as free nor as"
                " occupied. Free = observed − occupied; unobserved = capacity − observed. A system that"
                " counts at the entrance observes all its bays: free = capacity − occupied."
            ),
        ),
        query,
        "device",
        Look(decimals=0, least=0, nothing=say("No count in the last hour.")),
        span=Span(only_last="1h"),
        stacked=True,
        steps=[_only(columns, ("Time", "lot", "municipality", "capacity"))],
        columns=columns,
    )
    return twin(
        chart,
        query,
        {
            **columns,
            "capacity": Column(say("Capacity"), decimals=0),
            "Time": Column(say("As of"), unit=time_column().unit),
        },
        without=("lot", "municipality"),
        sort=("device", "up"),
    )


def _bays() -> Panel:
    return listing(
        Tell(
            say("Bays: what each said last"),
            say(
                "The newest report of every single bay in the chosen time. A bay speaks when it changes and"
                " at its heartbeat: an old report of a sensor that is well is still true. Empty where single"
                " bays are not kept that long."
            ),
        ),
        Influxql(
            BAYS,
            newest('"occupied"', "parking", f"{_LOT} AND {_BAY}", '"device", "lot", "bay", "site"'),
            format="table",
        ),
        {
            "lot": Column(say("Lot")),
            "bay": Column(say("Bay")),
            "occupied": Column(say("State of the bay"), words=occupancy()),
            "Time": Column(say("Since or as of"), unit=time_column().unit),
            "site": site_column(),
            "device": device_column(),
        },
        sort=("lot", "up"),
        size=(12, 9),
    )


_BAY = "\"bay\" != ''"


def _occupied() -> Pair:
    return _over_time(
        Tell(
            say("Occupied bays"),
            say("Means of the counts of every minute, a line a lot."),
        ),
        'mean("occupied") AS "occupied"',
        ("occupied",),
        Column(say("● occupied"), decimals=1),
    )


def _share() -> Pair:
    return _over_time(
        Tell(
            say("Occupied share of the observed bays"),
            say(
                "Occupied / observed, both summed over the interval. Unobserved bays are left out of the"
                " share; how many those are stands beside it. No line: no bay was observed."
            ),
        ),
        '100 * sum("occupied") / sum("known") AS "share"',
        ("occupied", "known"),
        Column(say("Occupied share"), unit="percent", decimals=0),
        # InfluxDB divides by zero without a word and says 0: a lot that nobody observes is not empty.
        where='"known" > 0 AND ',
    )


def _unobserved() -> Pair:
    return _over_time(
        Tell(
            say("Unobserved bays"),
            say(
                "Capacity less observed bays, means over the interval: how far the counts cannot be trusted."
            ),
        ),
        'mean("capacity") - mean("known") AS "unobserved"',
        ("known", "capacity"),
        Column(say("? unobserved"), decimals=1),
    )


def _counts(*columns: str) -> str:
    """What is counted of each lot as a subquery: `occupied`, `known` or `capacity`, of those what is wanted.

    Known are a lot's observed bays, and all bays of a system that counts at the entrance.
    """
    parts = []
    for known, sign in (("observed_bays", "=~"), ("capacity", "!~")):
        fields = {"occupied": "occupied_bays", "known": known, "capacity": "capacity"}
        chosen = ", ".join(f'"{fields[column]}" AS "{column}"' for column in columns)
        parts.append(
            f'(SELECT {chosen} FROM "parking" WHERE "device" {sign} /^lot:/ AND {_LOT} AND $timeFilter'
            ' GROUP BY "device", "lot", "municipality")'
        )
    return ", ".join(parts)


def _over_time(tell: Tell, chosen: str, of: tuple[str, ...], column: Column, *, where: str = "") -> Pair:
    name = chosen.rsplit(" AS ", 1)[1].strip('"')
    query = Influxql(
        READINGS,
        f"SELECT {chosen} FROM {_counts(*of)} WHERE {where}$timeFilter"
        f' GROUP BY time($__interval), "device", "lot", "municipality" fill(none) {LOCAL}',
        alias="$tag_device",
    )
    look = Look(
        unit=column.unit,
        decimals=column.decimals,
        least=0,
        most=100 if column.unit == "percent" else None,
        nothing=say("No counts in the chosen time."),
    )
    chart = lines(tell, query, look, span=Span("5m"), named=[_lot_names()], gap_ms=2 * HOUR_MS)
    return _twin_of_lots(chart, query, {"Time": time_column(), name: column})


def _twin_of_lots(chart: Panel, query: Influxql, columns: dict[str, Column]) -> Pair:
    """The chart with its table: the time, the lot by its name, and the other columns."""
    named = {"Time": columns["Time"], "device": Column(say("Lot"), words=lots())} | columns
    return twin(chart, query, named, without=("lot", "municipality"))


def _arrivals() -> Pair:
    return _by_hour(
        Tell(
            say("Arrivals by hour"),
            say("How many bays of a lot turned occupied in each finished hour, drawn at the hour's begin."),
        ),
        '"arrivals"',
        Column(say("Arrivals"), decimals=0),
        as_bars=True,
    )


def _stay() -> Pair:
    return _by_hour(
        Tell(
            say("Mean stay by hour of departure"),
            say("Mean of the stays that ended in the hour; no point where none ended."),
        ),
        '"stay" / 60 AS "stay"',
        Column(say("Mean stay"), unit=MINUTES, decimals=0),
        as_bars=False,
    )


def _by_hour(tell: Tell, chosen: str, column: Column, *, as_bars: bool) -> Pair:
    name = chosen.rsplit(" AS ", 1)[-1].strip('"')
    query = Influxql(
        HOURS,
        f'SELECT {chosen} FROM "parking_1h" WHERE {_LOT} AND "device" =~ /^lot:/ AND $timeFilter'
        ' GROUP BY "device", "lot", "municipality"',
        alias="$tag_device",
    )
    look = Look(unit=column.unit, decimals=column.decimals, least=0, nothing=_no_hours())
    chart = lines(tell, query, look, named=[_lot_names()], bars=as_bars, gap_ms=None if as_bars else HOUR_MS)
    return _twin_of_lots(chart, query, {"Time": time_column(), name: column})


def _turnover() -> Pair:
    query = Influxql(
        HOURS,
        'SELECT sum("arrivals") / max("capacity") AS "turnover", count("arrivals") AS "hours"'
        f' FROM "parking_1h" WHERE {_LOT} AND "device" =~ /^lot:/ AND $timeFilter'
        f' GROUP BY time(1d), "device", "lot", "municipality" fill(none) {LOCAL}',
        alias="$tag_device $col",
    )
    chart = lines(
        Tell(
            say("Turnover by day: arrivals a bay"),
            say(
                "Arrivals of a calendar day in German time, divided by the lot's capacity. The table says of"
                " how many hours; fewer than 24 make it too small (23 and 25 where the clock changes). The"
                " last 14 days and today, which is not over; for others choose a time from … to …."
            ),
        ),
        query,
        Look(decimals=2, least=0, nothing=_no_hours()),
        named=[_lot_names(), _hidden("hours")],
        span=Span(only_last=DAYS),
        bars=True,
    )
    return _twin_of_lots(
        chart,
        query,
        {
            "Time": day_column(),
            "turnover": Column(say("Arrivals a bay"), decimals=2),
            "hours": Column(say("Hours that count"), decimals=0),
        },
    )


def _daily_stay() -> Pair:
    query = Influxql(
        HOURS,
        'SELECT sum("total") / sum("ended") / 60 AS "stay", sum("ended") AS "ended" FROM (SELECT "stay" *'
        ' "departures" AS "total", "departures" AS "ended" FROM "parking_1h"'
        f' WHERE {_LOT} AND "device" =~ /^lot:/ AND "stay" >= 0 AND $timeFilter'
        ' GROUP BY "device", "lot", "municipality")'
        f' WHERE $timeFilter GROUP BY time(1d), "device", "lot", "municipality" fill(none) {LOCAL}',
        alias="$tag_device $col",
    )
    chart = lines(
        Tell(
            say("Mean stay by day"),
            say(
                "Mean of all stays that ended on a calendar day in German time: the hours' means, weighted by"
                " their departures. The last 14 days and today, which is not over; for others choose a time"
                " from … to …."
            ),
        ),
        query,
        Look(unit=MINUTES, decimals=0, least=0, nothing=_no_hours()),
        named=[_lot_names(), _hidden("ended")],
        span=Span(only_last=DAYS),
        bars=True,
    )
    return _twin_of_lots(
        chart,
        query,
        {
            "Time": day_column(),
            "stay": Column(say("Mean stay"), unit=MINUTES, decimals=0),
            "ended": Column(say("Stays that ended"), decimals=0),
        },
    )


def _silent_bays() -> Panel:
    columns = '"state_code", "age", "interval", "gateway"'
    inner = newest(columns, "status", PLACE, '"device", "site"')
    return listing(
        Tell(
            say("Bays that are not observed now"),
            say(
                "Every chosen bay whose newest state of the last 15 minutes is another than “speaks”, with"
                " the time since its last uplink, the worst first. An empty table means that all are"
                " observed, or that Messnetz does not run (then the states below end too)."
            ),
        ),
        Influxql(
            READINGS,
            f'SELECT {columns} FROM ({inner}) WHERE "state_code" > 0 GROUP BY "device", "site"',
            format="table",
        ),
        status_columns(),
        span=Span(only_last=NOW),
        sort=("state_code", "down"),
        nothing=say("Every chosen bay is observed."),
    )


def _only(columns: dict[str, Column], without: tuple[str, ...]) -> DataTransformerConfig:
    return organize({name: name for name in columns}, without)


def _lot_names() -> Named:
    return Named("^lot:", {"displayName": _NAME})


def _hidden(column: str) -> Named:
    return Named(f" {column}$", {"custom.hideFrom": {"legend": True, "tooltip": True, "viz": True}})


def _no_hours() -> str:
    return say("No finished hours in the chosen time; the states below say why.")
