"""What is said at a broker just now: by whom, and by which clock."""

import re
from collections.abc import Iterator, Sequence
from statistics import median

from devices.language import say
from ingest import lns
from ingest.doctor.converse import Conversation, Message
from ingest.doctor.finding import Finding, span
from ingest.doctor.patient import Patient
from ingest.doctor.subject import about
from ingest.pipeline import Heard, read
from ingest.seams import Delivery
from ingest.settings import Broker

#: Clocks of network servers and ours may be this far apart; what is later may be a backlog.
AHEAD_S, BEHIND_S = 10.0, 120.0
#: What a gateway of LoRaWAN is called, where the server does not give it a name.
_EUI = re.compile(r"[0-9a-f]{16}")


def judge_heard(broker: Broker, said: Conversation, patient: Patient) -> Iterator[Finding]:
    subject = about(broker, say("uplinks"))
    if not said.listened_s:
        return
    seconds = round(said.listened_s)
    if not said.count:
        if patient.counted(broker.name).get("received"):
            yield Finding(
                subject,
                "ok",
                say("none within {seconds} s, but the service heard some since its start", seconds=seconds),
            )
            return
        yield Finding(
            subject,
            "warning",
            say("none within {seconds} s", seconds=seconds),
            say(
                "listen longer with --listen 600. If nothing comes: may our user read these topics (Mosquitto"
                " grants a subscription and then withholds what its ACL forbids), does the network server"
                " publish here?"
            ),
        )
        return
    heard = [one for message in said.heard if (one := _read(broker, message)) is not None]
    yield _judge_senders(subject, said, heard, patient)
    if heard:
        yield from _judge_gateways(broker, heard, patient)
        yield from _judge_times(broker, heard)


def _judge_senders(subject: str, said: Conversation, heard: Sequence[Heard], patient: Patient) -> Finding:
    senders = {one.uplink.address for one in heard}
    strangers = [
        one
        for one in sorted(senders)
        if not patient.registry.installations(one) and one not in patient.registry.ignored
    ]
    if not heard:
        return Finding(
            subject,
            "warning",
            say("{count} messages heard, none of them an uplink that can be read", count=said.count),
            say("check `format` of this broker: it says whose events these are"),
        )
    what = say(
        "{count} messages heard in {seconds} s, of {senders} senders, {strangers} of them not registered",
        count=said.count,
        seconds=round(said.listened_s),
        senders=len(senders),
        strangers=len(strangers),
    )
    if strangers:
        shown = ", ".join(strangers[:3])
        return Finding(
            subject,
            "warning",
            what,
            say("messnetz devices unknown, then register or ignore them ({names})", names=shown),
        )
    return Finding(subject, "ok", what)


def _judge_gateways(broker: Broker, heard: Sequence[Heard], patient: Patient) -> Iterator[Finding]:
    """A gateway of ChirpStack tells of itself, and what it tells is only kept of a registered one."""
    if not broker.format.startswith(("chirpstack", "auto")):
        return
    gateways = {one for uplink in heard for one in uplink.uplink.heard_by if _EUI.fullmatch(one)}
    unknown = sorted(one for one in gateways if not patient.registry.installations(one))
    if unknown:
        yield Finding(
            about(broker, say("gateways")),
            "warning",
            say("not registered: {names}", names=", ".join(unknown[:3]) + (", …" if unknown[3:] else "")),
            say(
                "messnetz devices add --type chirpstack-gateway: so a dead gateway is told from dead sensors"
            ),
        )
    elif gateways:
        count = len(gateways)
        yield Finding(
            about(broker, say("gateways")),
            "ok",
            say("all {count} that were heard are registered", count=count),
        )


def _judge_times(broker: Broker, heard: Sequence[Heard]) -> Iterator[Finding]:
    """The network server's clock against ours, by the uplinks that came just now."""
    subject = about(broker, say("clock"))
    late_s = [(one.arrival_ns - one.uplink.time_ns) / 1e9 for one in heard]
    if min(late_s) < -AHEAD_S:
        ahead = span(-min(late_s))
        yield Finding(
            subject,
            "wrong",
            say("uplinks carry times up to {span} ahead of our clock", span=ahead),
            say("let both machines keep time by NTP; what lies too far ahead is refused"),
        )
    elif min(late_s) > BEHIND_S:
        behind = span(median(late_s))
        yield Finding(
            subject,
            "warning",
            say("every uplink is old when it comes, {span} in the middle", span=behind),
            say("a backlog, or a clock that is wrong: let both machines keep time by NTP"),
        )
    else:
        yield Finding(
            subject,
            "ok",
            say("times of uplinks agree with ours to within {span}", span=span(max(1, abs(median(late_s))))),
        )


def _read(broker: Broker, message: Message) -> Heard | None:
    delivery = Delivery(
        broker.name,
        lns.format_name(broker),
        message.topic,
        message.payload,
        message.arrival_ns,
        0,
        False,
        False,
        0,
        lambda _outcome: None,
    )
    heard = read(delivery, lns.formats((broker,)))
    return heard if isinstance(heard, Heard) else None
