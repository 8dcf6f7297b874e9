"""*Geräte*: battery, silence, radio, lost uplinks, gateways, quarantine."""

from grafana_foundation_sdk.models.dashboard import Panel

from devices.language import say
from publish.boards import variables
from publish.boards.board import Board, Section
from publish.boards.influxql import LOCAL, PLACE, Influxql, newest
from publish.boards.panels import Column, Look, Pair, Span, Tell, lines, listing, twin
from publish.boards.promql import Promql
from publish.boards.shared import (
    MINUTES,
    NOW,
    device_column,
    site_column,
    state_history,
    status_columns,
    time_column,
)
from publish.boards.sources import READINGS
from publish.boards.words import reasons

_LOW = "#b05f1a"


def build() -> Board:
    """The board, in the language in force."""
    return Board(
        "geraete",
        say("Devices and radio"),
        say("Batteries, silence, radio, lost uplinks, gateways and the quarantine."),
        [variables.municipality(), variables.site(), variables.device()],
        [
            Section(say("Silence"), [_silence(), state_history()]),
            Section(say("Battery"), [*_weakest(), _battery(), _voltage()]),
            Section(say("Radio"), [_rssi(), _snr(), _spreading_factor(), _heard_by()]),
            Section(say("Lost uplinks"), [_lost(), _gap()]),
            Section(say("Gateways"), [_gateways(), _heard(), _damaged()]),
            Section(say("Quarantine"), [_quarantine(), _why()]),
        ],
        begin="now-7d",
        refresh="5m",
    )


def _silence() -> Panel:
    columns = status_columns() | {"intervals": Column(say("Intervals without a word"), decimals=1)}
    order = ("site", "device", "state_code", "age", "intervals", "interval", "gateway", "Time")
    return listing(
        Tell(
            say("Silence: who has been quiet for how long"),
            say(
                "Every chosen device by its newest status of the last 15 minutes. “Intervals without a word”"
                " is the time since its last uplink divided by how often it speaks: from 6 on, and after an"
                " hour at least, a sensor counts as silent (sensors that speak on events: from 2 heartbeats"
                " on). “Heard only by”: the one gateway that hears it, empty where several do: its name, or"
                " the network server's identifier of one that is not registered."
            ),
        ),
        Influxql(
            READINGS,
            newest(
                '"state_code", "age", "interval", "age" / "interval" AS "intervals", "gateway"',
                "status",
                PLACE,
                '"device", "site"',
            ),
            format="table",
        ),
        {name: columns[name] for name in order},
        span=Span(only_last=NOW),
        sort=("intervals", "down"),
        nothing=say("No status in the last 15 minutes: Messnetz does not run, or nothing is chosen."),
        size=(24, 12),
    )


def _weakest() -> tuple[Panel, Panel]:
    return (
        _newest_battery(
            Tell(
                say("Weakest batteries, in percent"),
                say(
                    "What every chosen device that says percent said last of its battery in the chosen time,"
                    " the weakest first."
                ),
            ),
            "battery",
            Column(say("Battery"), unit="percent", decimals=0),
        ),
        _newest_battery(
            Tell(
                say("Weakest batteries, in volts"),
                say(
                    "What every chosen device that says volts said last of its battery in the chosen time,"
                    " the lowest first. What a voltage means depends on the battery (3.6 V lithium cells fall"
                    " late and fast)."
                ),
            ),
            "battery_voltage",
            Column(say("Battery voltage"), unit="volt", decimals=2),
        ),
    )


def _newest_battery(tell: Tell, field: str, column: Column) -> Panel:
    return listing(
        tell,
        Influxql(READINGS, newest(f'"{field}"', "device", PLACE, '"device", "site"'), format="table"),
        {
            "site": site_column(),
            "device": device_column(),
            field: column,
            "Time": Column(say("As of"), unit=time_column().unit),
        },
        sort=(field, "up"),
        nothing=say("No device said anything of its battery."),
        size=(12, 9),
    )


def _battery() -> Pair:
    return _over_time(
        Tell(
            say("Battery (dashed: 20 %)"),
            say("The last value of each interval in percent, a line a device that says percent."),
        ),
        'last("battery") AS "battery"',
        Column(say("Battery"), unit="percent", decimals=0),
        Look(unit="percent", decimals=0, least=0, most=100, lines=[(20, _LOW)]),
    )


def _voltage() -> Pair:
    return _over_time(
        Tell(
            say("Battery voltage"),
            say("The last value of each interval in volts, a line a device that says volts."),
        ),
        'last("battery_voltage") AS "battery_voltage"',
        Column(say("Battery voltage"), unit="volt", decimals=2),
        Look(unit="volt", decimals=2),
    )


def _rssi() -> Pair:
    return _over_time(
        Tell(
            say("Signal strength (RSSI; dashed: −120 dBm)"),
            say(
                "Means of the strongest gateway's RSSI in dBm. About −120 dBm and below, uplinks begin to be"
                " lost; a sudden fall is often an aerial, a parked lorry or a dead gateway near by."
            ),
        ),
        'mean("rssi") AS "rssi"',
        Column(say("RSSI"), unit="suffix:dBm", decimals=0),
        Look(unit="suffix:dBm", decimals=0, lines=[(-120, _LOW)]),
    )


def _snr() -> Pair:
    return _over_time(
        Tell(
            say("Signal-to-noise ratio (SNR)"),
            say(
                "Means in dB. LoRa still reads −7.5 dB at spreading factor 7 and −20 dB at 12; a fall"
                " without one of the RSSI is interference."
            ),
        ),
        'mean("snr") AS "snr"',
        Column(say("SNR"), unit="dB", decimals=1),
        Look(unit="dB", decimals=1),
    )


def _spreading_factor() -> Pair:
    return _over_time(
        Tell(
            say("Spreading factor"),
            say(
                "The highest of each interval: 7 is fast and near, 12 slow and far, and costs battery and"
                " air time."
            ),
        ),
        'max("spreading_factor") AS "spreading_factor"',
        Column(say("Spreading factor"), decimals=0),
        Look(decimals=0, least=5, most=12),
    )


def _heard_by() -> Pair:
    return _over_time(
        Tell(
            say("Gateways that hear it"),
            say(
                "Mean number of gateways that heard an uplink. At 1 the device goes silent with its gateway."
            ),
        ),
        'mean("gateways") AS "gateways"',
        Column(say("Gateways"), decimals=1),
        Look(decimals=1, least=0),
    )


def _lost() -> Pair:
    return _over_time(
        Tell(
            say("Lost uplinks"),
            say(
                "How many uplinks the frame counter says were lost on the way, by interval of at least an"
                " hour. A device that is silent loses none here: what is lost is seen with the next uplink"
                " only."
            ),
        ),
        'sum("lost") AS "lost"',
        Column(say("Lost uplinks"), decimals=0),
        Look(decimals=0, least=0),
        interval="1h",
        as_bars=True,
    )


def _gap() -> Pair:
    return _over_time(
        Tell(
            say("Longest silence between two uplinks"),
            say("The longest time between two uplinks that ended in an interval of at least an hour."),
        ),
        'max("gap") / 60 AS "gap"',
        Column(say("Longest silence"), unit=MINUTES, decimals=0),
        Look(unit=MINUTES, decimals=0, least=0),
        interval="1h",
    )


def _over_time(
    tell: Tell, chosen: str, column: Column, look: Look, *, interval: str = "10m", as_bars: bool = False
) -> Pair:
    name = chosen.rsplit(" AS ", 1)[1].strip('"')
    query = Influxql(
        READINGS,
        f'SELECT {chosen} FROM "device" WHERE {PLACE} AND $timeFilter'
        f' GROUP BY time($__interval), "device", "site" fill(none) {LOCAL}',
        alias="$tag_device",
    )
    chart = lines(tell, query, look, span=Span(interval), bars=as_bars)
    return twin(
        chart, query, {"Time": time_column(), "site": site_column(), "device": device_column(), name: column}
    )


def _gateways() -> Panel:
    return listing(
        Tell(
            say("Gateways"),
            say(
                "What each registered gateway reported in the chosen time: packets heard, those among them"
                " that were whole, packets sent. A gateway that is silent stands in the table of silence as"
                " “gateway down”, as do the sensors that only it hears."
            ),
        ),
        Influxql(
            READINGS,
            'SELECT sum("rx_received") AS "rx_received", sum("rx_ok") AS "rx_ok",'
            ' sum("rx_received") - sum("rx_ok") AS "damaged", sum("tx_emitted") AS "tx_emitted"'
            f' FROM "gateway" WHERE {PLACE} AND $timeFilter GROUP BY "device", "site"',
            format="table",
        ),
        {
            "site": site_column(),
            "device": device_column(),
            "rx_received": Column(say("Packets heard"), decimals=0),
            "rx_ok": Column(say("of them whole"), decimals=0),
            "damaged": Column(say("Damaged packets"), decimals=0),
            "tx_emitted": Column(say("Packets sent"), decimals=0),
        },
        without=("Time",),
        sort=("site", "up"),
        nothing=say("No gateway is registered, or none reported."),
        size=(24, 7),
    )


def _heard() -> Pair:
    return _of_gateways(
        Tell(
            say("Packets that gateways heard"),
            say(
                "By interval of at least 10 minutes, of all senders near by. No point: the gateway was"
                " silent."
            ),
        ),
        'sum("rx_received") AS "rx_received"',
        Column(say("Packets heard"), decimals=0),
    )


def _damaged() -> Pair:
    return _of_gateways(
        Tell(
            say("Packets that came damaged"),
            say(
                "Heard less whole ones, by interval of at least 10 minutes: collisions and noise on the air."
            ),
        ),
        'sum("rx_received") - sum("rx_ok") AS "damaged"',
        Column(say("Damaged packets"), decimals=0),
    )


def _of_gateways(tell: Tell, chosen: str, column: Column) -> Pair:
    name = chosen.rsplit(" AS ", 1)[1].strip('"')
    query = Influxql(
        READINGS,
        f'SELECT {chosen} FROM "gateway" WHERE {PLACE} AND $timeFilter'
        f' GROUP BY time($__interval), "device", "site" fill(none) {LOCAL}',
        alias="$tag_device",
    )
    chart = lines(tell, query, Look(decimals=0, least=0), span=Span("10m"))
    return twin(
        chart, query, {"Time": time_column(), "site": site_column(), "device": device_column(), name: column}
    )


def _quarantine() -> Pair:
    query = Promql("sum(messnetz_quarantine_rows)", say("kept messages"))
    chart = lines(
        Tell(
            say("Quarantine: messages that wait for a repair"),
            say(
                "Messages of unknown devices and unreadable ones that are kept, of the whole service."
                " `messnetz quarantine list` shows each with its reason; once the mistake is mended"
                " `messnetz quarantine replay` makes data of them."
            ),
        ),
        query,
        Look(decimals=0, least=0),
    )
    return twin(chart, query, {"Time": time_column(), "Value": Column(say("Kept messages"), decimals=0)})


def _why() -> Panel:
    return listing(
        Tell(
            say("Why messages were quarantined"),
            say(
                "Messages by reason in the chosen time, of the whole service. `messnetz devices unknown`"
                " names those that speak and are not registered."
            ),
        ),
        Promql(
            'sum by (reason) (increase(messnetz_messages_reasons_total{outcome="quarantined"}[$__range]))',
            now=True,
            table=True,
        ),
        {"reason": Column(say("Reason"), words=reasons()), "Value": Column(say("Messages"), decimals=0)},
        without=("Time",),
        sort=("Value", "down"),
        nothing=say("None."),
        size=(12, 9),
    )
