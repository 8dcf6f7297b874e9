"""*Pipeline*: what the service itself does, from Prometheus."""

from grafana_foundation_sdk.models.dashboard import Panel

from devices.language import say
from publish.boards.board import Board, Section
from publish.boards.panels import Column, Look, Named, Pair, Span, Tell, figure, lines, listing, twin
from publish.boards.promql import Promql
from publish.boards.shared import MINUTES, time_column
from publish.boards.words import outcomes, reasons, reload_results, spelled, write_results, yes_no

#: Of a small city few messages come in a minute: over less their rates would be spikes only.
_STEADY = "5m"


def build() -> Board:
    """The board, in the language in force."""
    return Board(
        "pipeline",
        say("Messnetz itself"),
        say("What comes in, what becomes of it, what waits, and what is wrong."),
        [],
        [
            Section(say("Now"), _now()),
            Section(say("Messages"), [_received(), _outcomes(), _reasons(), _reasons_over_time(), _qos0()]),
            Section(
                say("Spool and store"), [_waiting(), _oldest(), _depth(), _latency(), _failures(), _disk()]
            ),
            Section(say("Registry"), [_complaints(), _reloads()]),
            Section(say("Hours, status and certificates"), [_hours_behind(), _own_lines(), _certificates()]),
        ],
        begin="now-6h",
        refresh="30s",
    )


def _now() -> list[Panel]:
    return [
        _yes(say("Ready"), say("Nothing is wrong. Otherwise `/readyz` says what."), "messnetz_ready", "1"),
        figure(
            Tell(
                say("Brokers"),
                say("Whether the subscription at each broker stands. No: `/readyz` says why."),
            ),
            Promql("messnetz_source_connected", "{{source}}", now=True),
            Look(words=yes_no("1")),
            size=(8, 4),
        ),
        _yes(
            say("No room"),
            say(
                "Yes: all is held up for want of room. The spool is full and the brokers keep the messages."
                " Free the store."
            ),
            "messnetz_sources_paused",
            "0",
        ),
        _yes(
            say("Reload waits"),
            say(
                "Yes: the registry's files remove many devices; `messnetz devices reload` asks whether they"
                " shall."
            ),
            "messnetz_reload_waiting",
            "0",
        ),
        _yes(
            say("Spool damaged"),
            say("Yes: a damaged spool was set aside since the start; `/readyz` names the file."),
            "messnetz_spool_damaged",
            "0",
        ),
    ]


def _yes(title: str, description: str, metric: str, good: str) -> Panel:
    return figure(Tell(title, description), Promql(f"max({metric})", now=True), Look(words=yes_no(good)))


def _received() -> Pair:
    return _over_time(
        Tell(
            say("Messages received, by broker"),
            say(
                "Messages a minute. 0 for long: the broker is quiet or unreachable, or the subscription is"
                " wrong."
            ),
        ),
        "60 * sum by (source) (rate(messnetz_messages_received_total[$__rate_interval]))",
        "{{source}}",
        {"source": Column(say("Broker"))},
        _messages(),
        interval=_STEADY,
    )


def _outcomes() -> Pair:
    return _over_time(
        Tell(
            say("What became of messages"),
            say("Messages a minute by outcome. “quarantined” and “rejected” are kept with their reasons."),
        ),
        "60 * sum by (outcome) (rate(messnetz_messages_settled_total[$__rate_interval]))",
        "{{outcome}}",
        {"outcome": Column(say("Outcome"), words=outcomes())},
        _messages(),
        interval=_STEADY,
    )


def _reasons() -> Panel:
    return listing(
        Tell(
            say("Refusals by reason"),
            say(
                "Messages in the chosen time that were not plainly stored, by outcome and reason. `messnetz"
                " quarantine list` shows those that are kept."
            ),
        ),
        Promql(
            "sum by (outcome, reason) (increase(messnetz_messages_reasons_total[$__range]))",
            now=True,
            table=True,
        ),
        {
            "outcome": Column(say("Outcome"), words=outcomes()),
            "reason": Column(say("Reason"), words=reasons()),
            "Value": Column(say("Messages"), decimals=0),
        },
        without=("Time",),
        sort=("Value", "down"),
        nothing=say("None."),
        size=(12, 9),
    )


def _reasons_over_time() -> Pair:
    return _over_time(
        Tell(
            say("Refusals over time"),
            say("Messages a minute that were not plainly stored, by reason."),
        ),
        "60 * sum by (reason) (rate(messnetz_messages_reasons_total[$__rate_interval]))",
        "{{reason}}",
        {"reason": Column(say("Reason"), words=reasons())},
        _messages(),
        interval=_STEADY,
    )


def _qos0() -> Pair:
    return _over_time(
        Tell(
            say("Share of QoS 0, by broker"),
            say(
                "Messages that came at QoS 0 are lost while Messnetz is away. It should be 0 %: for"
                " ChirpStack set qos = 1 under [integration.mqtt]; The Things Stack can do no other."
            ),
        ),
        "100 * sum by (source) (rate(messnetz_messages_qos0_total[$__rate_interval]))"
        " / (sum by (source) (rate(messnetz_messages_received_total[$__rate_interval])) > 0)",
        "{{source}}",
        {"source": Column(say("Broker"))},
        Column(say("Share of QoS 0"), unit="percent", decimals=1),
        most=100,
        interval=_STEADY,
    )


def _waiting() -> Pair:
    return _over_time(
        Tell(
            say("Lines that wait for the store"),
            say("How much stands in the spool. It rises while the store is away and falls when it is back."),
        ),
        "sum(messnetz_lines_waiting)",
        say("waiting lines"),
        {},
        Column(say("Waiting lines"), decimals=0),
    )


def _oldest() -> Pair:
    return _over_time(
        Tell(
            say("Age of the oldest waiting line"),
            say("How far the boards are behind. A few seconds are normal."),
        ),
        "max(messnetz_spool_oldest_waiting_seconds)",
        say("oldest line"),
        {},
        Column(say("Age"), unit="suffix:s", decimals=1),
    )


def _depth() -> Pair:
    return _over_time(
        Tell(
            say("Size of the waiting lines"),
            say(
                "Of at most `spool.waiting_bytes` (4 GiB unless set otherwise); then the brokers have to"
                " keep the rest."
            ),
        ),
        "sum(messnetz_spool_waiting_bytes)",
        say("waiting"),
        {},
        Column(say("Size"), unit="bytes", decimals=1),
    )


def _latency() -> Pair:
    return _over_time(
        Tell(
            say("How long a write to the store takes"),
            say(
                "Mean time of a batch until the store answered, by whether it took it. No line: nothing was"
                " written."
            ),
        ),
        "1000 * sum by (result) (rate(messnetz_store_seconds_total[$__rate_interval]))"
        " / (sum by (result) (rate(messnetz_store_requests_total[$__rate_interval])) > 0)",
        "{{result}}",
        {"result": Column(say("Result"), words=write_results())},
        Column(say("Time a batch"), unit="suffix:ms", decimals=1),
    )


def _failures() -> Pair:
    return _over_time(
        Tell(
            say("Batches, by result"),
            say(
                "Batches a minute that the store took, or that wait because it could not be reached or"
                " refuses us; `/readyz` says why."
            ),
        ),
        "60 * sum by (result) (rate(messnetz_store_requests_total[$__rate_interval]))",
        "{{result}}",
        {"result": Column(say("Result"), words=write_results())},
        Column(say("Batches a minute"), unit="suffix:/min", decimals=1),
    )


def _disk() -> Pair:
    return _over_time(
        Tell(
            say("Room left on the disk"),
            say("Of the file system of the state folder, where spool and archive lie."),
        ),
        "min(messnetz_disk_free_bytes)",
        say("free"),
        {},
        Column(say("Free"), unit="bytes", decimals=1),
    )


def _complaints() -> Pair:
    return _over_time(
        Tell(
            say("Mistakes in the registry's files"),
            say("A wrong entry leaves all others alone. `messnetz check` names file and line."),
        ),
        "max(messnetz_registry_complaints)",
        say("mistakes"),
        {},
        Column(say("Mistakes"), decimals=0),
    )


def _reloads() -> Pair:
    return _over_time(
        Tell(
            say("Reloads of the registry, by result"),
            say(
                "Read but for mistakes: the wrong entries stay as they were. Waits for a yes: it removes many"
                " devices, see `messnetz devices reload`. Not read: the old one goes on."
            ),
        ),
        "sum by (result) (increase(messnetz_reloads_total[$__rate_interval]))",
        "{{result}}",
        {"result": Column(say("Result"), words=reload_results())},
        Column(say("Reloads"), decimals=0),
    )


def _hours_behind() -> Pair:
    return _over_time(
        Tell(
            say("Finished hours: how far behind"),
            say(
                "Age of the oldest hour that is due and not written yet. Some minutes after each full hour"
                " are normal."
            ),
        ),
        "max(messnetz_hours_behind_seconds) / 60",
        say("oldest unfinished hour"),
        {},
        Column(say("Age"), unit=MINUTES, decimals=0),
    )


def _own_lines() -> Pair:
    return _over_time(
        Tell(
            say("Status rows written"),
            say(
                "Rows a minute of the devices' states, which are written by the clock. A pause of more than"
                " 5 minutes is a gap in the states."
            ),
        ),
        "60 * sum(rate(messnetz_status_rows_total[$__rate_interval]))",
        say("status rows"),
        {},
        Column(say("Rows a minute"), unit="suffix:/min", decimals=1),
        interval=_STEADY,
    )


def _certificates() -> Panel:
    return listing(
        Tell(
            say("Certificates: days until they expire"),
            say(
                "Of each broker that is reached over TLS and of InfluxDB. Renew below 30 days. Empty: none"
                " is used."
            ),
        ),
        Promql(
            "min by (name) ((messnetz_certificate_expires_timestamp_seconds - time()) / 86400)",
            now=True,
            table=True,
        ),
        {"name": Column(say("Of")), "Value": Column(say("Days left"), decimals=0)},
        without=("Time",),
        sort=("Value", "up"),
        nothing=say("No certificate is used."),
        size=(12, 9),
    )


def _over_time(
    tell: Tell,
    promql: str,
    legend: str,
    labels: dict[str, Column],
    column: Column,
    *,
    most: float | None = None,
    interval: str = "30s",
) -> Pair:
    query = Promql(promql, str(legend))
    look = Look(unit=column.unit, decimals=column.decimals, least=0, most=most)
    spoken = [pair for label in labels.values() for pair in spelled(label.words)]
    named = [Named(f"^{value}$", {"displayName": words}) for value, words in spoken]
    chart = lines(tell, query, look, span=Span(interval), named=named)
    return twin(chart, query, {"Time": time_column(), **labels, "Value": column})


def _messages() -> Column:
    return Column(say("Messages a minute"), unit="suffix:/min", decimals=1)
