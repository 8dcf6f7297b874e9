"""Alarms on devices and gateways, from `status`, and the one that Messnetz itself writes nothing.

`state_code` tells in a number what `state` says in a word, because Grafana's expressions reduce numbers
only: ok 0, commissioning 1, maintenance 2, retired 3, silent 4, gateway_down 5, pipeline_down 6; a silent
gateway is 7, and gateway_down behind a gateway that is not registered 8.
"""

from devices.language import say
from ingest.settings import Alarms
from publish.alarms.alarm import (
    MINUTE,
    READINGS,
    Alarm,
    Math,
    Query,
    Reduce,
    Step,
    Text,
    Threshold,
)
from publish.alarms.influxql import over, select

#: Every device has a row at least this often.
HEARTBEAT_S = 5 * MINUTE
#: Where its newest row is looked for: one may be late.
WINDOW_S = 3 * HEARTBEAT_S

SILENT, GATEWAY_SILENT, CUT_OFF = 4, 7, 8

#: One series a place; every query of a rule has the same, so that its expressions find each other.
PLACE_TAGS = ("device", "site", "municipality")
DEVICE = "{{ $labels.device }}"
PLACE = "{{ $labels.device }}{{ with $labels.site }} ({{ . }}){{ end }}"


def device_alarms(alarms: Alarms) -> tuple[Alarm, ...]:
    """The alarms, in the order of their urgency."""
    return (_stopped(alarms), _gateway(alarms), _cut_off(alarms), _silent(alarms), _battery(alarms))


def state(ref: str, window_s: int = WINDOW_S) -> Query:
    """The newest code of each device."""
    return _status(ref, 'last("state_code")', window_s)


def _status(ref: str, what: str, window_s: int = WINDOW_S) -> Query:
    return Query(ref, READINGS, select(what, "status", *PLACE_TAGS), window_s)


def gated(wrong: str, code: str) -> str:
    """A number that is 13.5 where something is wrong with a device that is well otherwise.

    Below: nothing is wrong, or the device is retired, in maintenance or not yet in service. Above: it is
    wrong, and the device is silent or nobody hears it now. `wrong` is 0 or 1, `code` the state's.
    """
    return f"{wrong} * 10 + {code} + ({code} == 0) * 3.5"


def where_gated(ref: str, of: str) -> Threshold:
    """Begins on a device that is well otherwise, and stays while nobody can know."""
    return Threshold(ref, of, ("within_range", 13.4, 13.6), ("lt", 13.4))


def _steady(code: int, minutes: int) -> tuple[Step, ...]:
    """Begins when every row of the last `minutes` has this code, ends when the newest is well again.

    A duration of the rule would not do: a device that turns from silent to gateway_down within it would
    still be waiting for its alarm and get it.
    """
    window_s = max(WINDOW_S, minutes * MINUTE + HEARTBEAT_S)
    states = _status("A", '"state_code"', window_s)
    ages = _status("E", 'last("age")', window_s)
    return (
        states,
        Reduce("B", "A"),
        Reduce("M", "A", "mean"),
        Math("D", "$B + ($B > 3.5) * ($M != $B) * 100"),
        ages,
        Reduce("F", "E"),
        Threshold("C", "D", ("within_range", code - 0.5, code + 0.5), ("lt", 3.5)),
    )


def _age() -> str:
    """How long nothing was heard, at the time of the newest row."""
    return say(
        "{if_heard}no word for {age}{else_}no word ever{end}",
        if_heard="{{ if $values.F }}",
        age="{{ humanizeDuration $values.F.Value }}",
        else_="{{ else }}",
        end="{{ end }}",
    )


def _silent(alarms: Alarms) -> Alarm:
    return Alarm(
        uid="messnetz-silent",
        text=Text(
            title=say("Sensor is silent"),
            where=PLACE,
            since=_age(),
            cause=say(
                "battery empty, sensor damaged or gone, or something stands in the radio's way; gateway and"
                " Messnetz work"
            ),
            step=say(
                "`messnetz devices show {device}` shows battery and radio of its last uplinks; then look"
                " at it on the spot",
                device=DEVICE,
            ),
        ),
        steps=_steady(SILENT, alarms.silent_minutes),
        severity="warning",
        part="device",
    )


def _gateway(alarms: Alarms) -> Alarm:
    return Alarm(
        uid="messnetz-gateway",
        text=Text(
            title=say("Gateway is silent"),
            where=PLACE,
            since=_age(),
            cause=say(
                "no power or no network at the gateway; the sensors that only it hears are not broken and"
                " raise no alarms of their own"
            ),
            step=say(
                "look at the gateway in the network server, ask who feeds it with power and network there,"
                " switch it off and on"
            ),
        ),
        steps=_steady(GATEWAY_SILENT, alarms.silent_minutes),
        severity="critical",
        part="gateway",
        labels={"gateway": DEVICE},
    )


def _cut_off(alarms: Alarms) -> Alarm:
    """Sensors whose one gateway is not in the registry, so that it has no alarm of its own."""
    by_site = ("site", "municipality")
    newest = select('last("state_code") AS "code"', "status", *PLACE_TAGS)
    # 8 is the highest code: of it alone an eighth is one
    cut = select(f'floor(last("state_code") / {CUT_OFF}) AS "cut"', "status", *PLACE_TAGS)
    return Alarm(
        uid="messnetz-cut-off",
        text=Text(
            title=say("Sensors are cut off"),
            where=say("{count} at {site}", count="{{ $values.E.Value }}", site="{{ $labels.site }}"),
            since=say("at least {minutes} minutes", minutes=alarms.silent_minutes),
            cause=say("the one gateway that hears them is silent; it is not in the registry"),
            step=say(
                "look for the gateway in the network server; register it as a device, and the alarm names it"
            ),
        ),
        steps=(
            Query("A", READINGS, over('max("code")', newest, *by_site), WINDOW_S),
            Reduce("B", "A"),
            Query("D", READINGS, over('sum("cut")', cut, *by_site), WINDOW_S),
            Reduce("E", "D"),
            # the highest code of a site is 8 where a sensor is cut off; 6 says that nobody can know
            Threshold("C", "B", ("gt", CUT_OFF - 0.5), ("lt", 5.5)),
        ),
        severity="critical",
        part="gateway",
        lasting_s=alarms.silent_minutes * MINUTE,
    )


def _battery(alarms: Alarms) -> Alarm:
    return Alarm(
        uid="messnetz-battery",
        text=Text(
            title=say("Battery is low"),
            where=PLACE,
            since=say("the begin of this alarm; the value is that of its newest uplink with one"),
            cause=say(
                "the battery is at its end: below the limit of the device's type, or below {percent} %",
                percent=alarms.battery_percent,
            ),
            step=say("order a battery and plan the change; the board for devices shows how it fell"),
        ),
        steps=(
            _status("A", 'last("battery_low")'),
            Reduce("B", "A"),
            state("D"),
            Reduce("E", "D"),
            Math("F", gated("$B", "$E")),
            where_gated("C", "F"),
        ),
        severity="info",
        part="device",
    )


def _stopped(alarms: Alarms) -> Alarm:
    return Alarm(
        uid="messnetz-stopped",
        text=Text(
            title=say("Messnetz writes nothing"),
            where=say("the database holds no new row of any device"),
            since=say("more than {minutes} minutes", minutes=alarms.stopped_minutes),
            cause=say(
                "the service stands still, or it cannot write to the database, or the database is down;"
                " nothing can be said of any sensor meanwhile"
            ),
            step=say(
                "`messnetz status` on its machine; where it runs, `messnetz doctor` says what is in the way."
                " What the brokers and the spool hold comes in later"
            ),
        ),
        steps=(
            Query(
                "A",
                READINGS,
                select('count("state_code")', "status"),
                alarms.stopped_minutes * MINUTE,
            ),
            Reduce("B", "A"),
            Threshold("C", "B", ("lt", 1)),
        ),
        severity="critical",
        part="pipeline",
        lasting_s=2 * MINUTE,
        no_data="Alerting",  # no row is what it is about
        on_error="Alerting",  # neither does anything come into a database that does not answer
    )
