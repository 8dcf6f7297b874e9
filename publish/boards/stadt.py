"""*Stadt*: where every site is, what state it is in, and its headline value."""

from grafana_foundation_sdk.models.dashboard import Panel

from devices.language import say
from publish.boards import variables
from publish.boards.board import Board, Section
from publish.boards.influxql import PLACE, Influxql, newest
from publish.boards.panels import Column, Look, Pair, Span, Tell, bars, listing, places, twin, words
from publish.boards.promql import Promql
from publish.boards.shared import NOW, state_history, status_columns
from publish.boards.sources import READINGS
from publish.boards.transformations import sort
from publish.boards.words import headline_fields, state_signs, states

_COLUMNS = '"state", "state_code", "lat", "lon", "age", "headline", "headline_field", "gateway"'
_TAGS = '"device", "site", "district", "municipality"'


def build() -> Board:
    """The board, in the language in force."""
    return Board(
        "stadt",
        say("City: map and all sites"),
        say("Where every sensor is, in which state it is, and what it said last."),
        [variables.municipality(), variables.site(), variables.device()],
        [
            Section(say("Now"), [_map(), _explained(), _table(), _by_state()]),
            Section(say("Over time"), [state_history()]),
        ],
        begin="now-24h",
    )


def _newest() -> str:
    return newest(_COLUMNS, "status", PLACE, _TAGS)


def _columns() -> dict[str, Column]:
    named = status_columns()
    value = {
        "headline": Column(say("Value")),
        "headline_field": Column(say("Value of"), words=headline_fields(), width=240),
        "district": Column(say("District")),
        "municipality": Column(say("Municipality")),
    }
    order = ("site", "device", "state_code", "age", *value, "gateway", "Time")
    return {name: (named | value)[name] for name in order}


def _map() -> Pair:
    # The map draws a row without coordinates at 0° north, 0° east; the outer query leaves it out.
    query = Influxql(
        READINGS,
        f'SELECT {_COLUMNS} FROM ({_newest()}) WHERE "lat" >= -90 AND "lon" >= -180 GROUP BY {_TAGS}',
        format="table",
    )
    axes = {
        "lat": Column(say("Latitude"), decimals=5),
        "lon": Column(say("Longitude"), decimals=5),
    }
    span = Span(only_last=NOW)
    chart = places(
        Tell(
            say("Map: the state of every site"),
            say(
                "One point a device with coordinates, from the newest status of the last 15 minutes. Its"
                " colour and the sign over it are its state, no sign: it speaks; a click shows the state in"
                " words and the value. Devices without coordinates are in the table “All sites” only. An"
                " empty map means that Messnetz does not run. The viewer's browser loads the background from"
                " the map server that Grafana is set to (`[geomap]`)."
            ),
        ),
        query,
        "state",
        "state_code",
        _columns()
        | {
            "state": Column(say("State"), words=states()),
            "state_code": Column(say("Sign"), words=state_signs()),
            **axes,
        },
        span=span,
        steps=[sort("state_code")],
    )
    return twin(
        chart,
        query,
        {
            **_columns(),
            **axes,
        },
        without=("state",),
        sort=("state_code", "down"),
    )


def _table() -> Panel:
    return listing(
        Tell(
            say("All sites"),
            say(
                "The newest status of every registered device, with coordinates or without, from the last 15"
                " minutes, the worst first. The value is the newest good one of the quantity beside it."
                " “Heard only by” is the one gateway that hears it, empty where several do: its name, or the"
                " network server's identifier of one that is not registered. Nothing here means that Messnetz"
                " does not run."
            ),
        ),
        Influxql(READINGS, _newest(), format="table"),
        _columns(),
        without=("state", "lat", "lon"),
        span=Span(only_last=NOW),
        sort=("state_code", "down"),
        nothing=_nothing(),
        size=(24, 14),
    )


def _nothing() -> str:
    return say("No status in the last 15 minutes: Messnetz does not run, or nothing is chosen.")


def _by_state() -> Pair:
    query = Promql("sum by (state) (messnetz_devices_by_state)", now=True, table=True)
    chart = bars(
        Tell(
            say("Devices by state"),
            say(
                "How many registered devices are in which state now, of all municipalities, whatever is"
                " chosen above; counted by the service itself."
            ),
        ),
        query,
        "state",
        Look(decimals=0, least=0),
        steps=[sort("Value", falling=True)],
        columns={
            "Value": Column(say("Devices"), decimals=0),
            "state": Column(say("State"), words=states()),
        },
    )
    return twin(
        chart,
        query,
        {"state": Column(say("State"), words=states()), "Value": Column(say("Devices"), decimals=0)},
        without=("Time",),
        sort=("Value", "down"),
    )


def _explained() -> Panel:
    return words(
        str(say("What the states mean")),
        str(
            say(
                "**● speaks**: heard in time; an empty chart is an empty street. **✕ sensor silent**:"
                " nothing for six of its intervals, at least an hour (sensors that speak on events: two"
                " heartbeats): look at the sensor. **▲ gateway down**: the only gateway that hears it is"
                " silent: look at the gateway, the sensor is well. **■ Messnetz stood still**: nobody"
                " listened, broker or service were away; nothing is known of the sensor. **◆ maintenance**,"
                " **○ being set up**, **– taken down**: as the registry says."
            )
        ),
    )
