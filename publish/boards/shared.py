"""What several boards show: the states that explain gaps, and columns under the same names."""

from devices.language import say
from publish.boards.influxql import LOCAL, PLACE, Influxql
from publish.boards.panels import Column, Look, Pair, Span, Tell, timeline, twin
from publish.boards.sources import READINGS
from publish.boards.transformations import group, keep_known, matrix
from publish.boards.words import state_codes, state_names, states

#: Every device has a row at least every 5 minutes: in 10 minutes there is one, or nobody wrote.
STATES_INTERVAL = "10m"
#: What is true now stands in the last rows; older ones say nothing of now.
NOW = "15m"
#: Sums and means by day show whole days: today and so many before it, however short the chosen time is.
#: Grafana keeps to a chosen time that is no "last …" but has a begin and an end.
DAYS = "now-14d/d"
#: Durations as `06:54:00` or `2 d 06:54:00`; Grafana's usual unit says "hours" and "mins" in every language.
DURATION = "dtdhms"
MINUTES = "suffix:min"


def state_history() -> Pair:
    """The states of the chosen devices over time: which of four reasons a gap in the charts above has."""
    query = Influxql(
        READINGS,
        f'SELECT last("state") AS "state" FROM "status" WHERE {PLACE} AND $timeFilter'
        f' GROUP BY time($__interval), "device" fill(null) {LOCAL}',
        alias="$tag_device",
    )
    chart = timeline(
        Tell(
            say("Why is there a gap? The state of every device"),
            say(
                "Explains gaps in the charts: “speaks” and no values mean a quiet street; “sensor silent”"
                " that the sensor said nothing for six intervals, at least an hour; “gateway down” that its"
                " only gateway is off; “Messnetz stood still” that nobody listened. Where nothing is drawn"
                " at all, Messnetz does not run now: it writes what it missed when it starts again. Each"
                " stretch is the last state of an interval of at least 10 minutes; look closer by choosing a"
                " shorter time."
            ),
        ),
        query,
        Look(words=states(), nothing=say("No states: nothing is chosen, or Messnetz does not run.")),
        span=Span(STATES_INTERVAL),
    )
    names = {name: Column(words) for name, words in state_names().items()}
    return twin(
        chart,
        query,
        {"device\\state": Column(say("Device: intervals in each state")), **names},
        steps=(
            keep_known("state"),
            group(["device", "state"], "Time", "count"),
            matrix("device", "state", "Time (count)"),
        ),
    )


def time_column() -> Column:
    """The time of a row, as people write it."""
    return Column(say("Time"), unit=f"time:{say('YYYY-MM-DD HH:mm')}")


def day_column() -> Column:
    """The time of a row that stands for a day."""
    return Column(say("Day"), unit=f"time:{say('YYYY-MM-DD')}")


def status_columns() -> dict[str, Column]:
    """What several tables show of the newest `status`; its `state_code` puts the worst first."""
    return {
        "site": site_column(),
        "device": device_column(),
        "state_code": Column(say("State"), words=state_codes(), width=200),
        "age": Column(say("Last uplink, ago"), unit=DURATION),
        "interval": Column(say("Speaks every"), unit=DURATION),
        "gateway": Column(say("Heard only by")),
        "Time": Column(say("As of"), unit=time_column().unit),
    }


def site_column() -> Column:
    """The tag `site`."""
    return Column(say("Site"))


def device_column() -> Column:
    """The tag `device`."""
    return Column(say("Device"))
