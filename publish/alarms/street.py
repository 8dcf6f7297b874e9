"""Alarms on what is measured: bad air for an hour, and a parking sensor that hangs."""

from devices.language import say
from ingest.settings import Alarms
from publish.alarms.alarm import BAYS, DAY, HOURS, MINUTE, Alarm, Math, Query, Reduce, Text, Threshold
from publish.alarms.devices import DEVICE, PLACE, PLACE_TAGS, gated, state, where_gated
from publish.alarms.influxql import quoted, select

#: Where the newest two finished hours are looked for. A row carries its hour's begin and comes ten minutes
#: after its end, so the older of the two is 130 to 190 minutes old; another ten are for what comes later.
_AIR_WINDOW_S = 200 * MINUTE
#: A bay is a series of its own where one device has several.
_BAY_TAGS = (*PLACE_TAGS, "lot", "bay")


def street_alarms(alarms: Alarms) -> tuple[Alarm, ...]:
    """The alarms."""
    return (_air(alarms), _stuck(alarms))


def _air(alarms: Alarms) -> Alarm:
    titles = {
        2: say("The air is only good for an hour"),
        3: say("The air is only moderate for an hour"),
        4: say("The air is poor for an hour"),
        5: say("The air is very poor for an hour"),
    }
    return Alarm(
        uid="messnetz-air",
        text=Text(
            title=titles[alarms.air_class],
            where=PLACE,
            since=say(
                "the last finished hour; its UBA index is class {number} of 5", number="{{ $values.B.Value }}"
            ),
            cause=say(
                "traffic, fire, fireworks or weather without wind; with a single sensor also a disturbed"
                " measurement"
            ),
            step=say(
                "compare with neighbouring sensors on the air board, which names the pollutant; such sensors"
                " prove no limit value exceeded"
            ),
        ),
        steps=(
            Query(
                "A",
                HOURS,
                _air_class(),
                _AIR_WINDOW_S,
            ),
            Reduce("B", "A"),
            Threshold("C", "B", ("gt", alarms.air_class - 1)),
        ),
        severity="warning",
        part="street",
    )


def _air_class() -> str:
    """The newest class by values that are not suspect; or, if worse, the better one of the newest two hours.

    One suspect value may make a class and is no alarm; two hours of them are: fires and fireworks go beyond
    what is usual.
    """
    sure = select('last("lqi_uba_2025_sure") AS "class"', "air_quality_1h", *PLACE_TAGS)
    lowest = select(
        'min("lqi_uba_2025") AS "class", count("lqi_uba_2025") AS "n"', "air_quality_1h", *PLACE_TAGS
    )
    tags = ",".join(map(quoted, PLACE_TAGS))
    lasting = f'SELECT "class" FROM ({lowest}) WHERE "n" > 1 GROUP BY {tags}'  # noqa: S608  names of our own
    return f'SELECT max("class") FROM ({sure}),({lasting}) GROUP BY {tags}'  # noqa: S608  likewise


def _stuck(alarms: Alarms) -> Alarm:
    window_s = alarms.stuck_days * DAY

    def bays(ref: str, what: str, window_s: int = window_s, until_s: int = 0) -> Query:
        return Query(ref, BAYS, select(f'{what}("occupied")', "parking", *_BAY_TAGS), window_s, until_s)

    return Alarm(
        uid="messnetz-stuck",
        text=Text(
            title=say("Parking sensor hangs"),
            where=f"{PLACE}{{{{ with $labels.bay }}}} [{{{{ . }}}}]{{{{ end }}}}",
            since=say(
                "more than {days} days: it says {if_occupied}occupied{else_}free{end} without a change",
                days=alarms.stuck_days,
                if_occupied="{{ if eq $values.L.Value 1.0 }}",
                else_="{{ else }}",
                end="{{ end }}",
            ),
            cause=say("sensor stuck, dirty or covered by snow; or the same car stands there all the time"),
            step=say(
                "look at the bay; if it is not as {device} says, calibrate or change the sensor",
                device=DEVICE,
            ),
        ),
        steps=(
            bays("A", "spread"),
            Reduce("B", "A"),
            bays(
                "D", "count", 2 * window_s, window_s
            ),  # it was there before: a new sensor has not changed either
            Reduce("E", "D"),
            bays("K", "last"),
            Reduce("L", "K"),
            state("G"),
            Reduce("H", "G"),
            Math("F", gated("($B == 0) * ($E > 0)", "$H")),
            where_gated("C", "F"),
        ),
        severity="info",
        part="street",
    )
