"""The brokers: can they be reached, do they let us in, what do they grant, what is heard there."""

import asyncio
from collections.abc import Iterator, Sequence

from devices.files import trouble
from devices.language import say
from ingest import lns
from ingest.dial import CannotConnect, words
from ingest.doctor.certificate import judge_file, judge_tls, judge_way
from ingest.doctor.converse import TALK_S, Conversation, converse
from ingest.doctor.finding import Finding
from ingest.doctor.heard import judge_heard
from ingest.doctor.limits import judge_limits, limits_of
from ingest.doctor.patience import PATIENCE_S, in_thread
from ingest.doctor.patient import Patient
from ingest.doctor.qos import judge_quality
from ingest.doctor.reach import Reached, reach
from ingest.doctor.subject import about
from ingest.settings import Broker
from ingest.tls_files import BadTlsFile, client_context, expired


async def check(patient: Patient) -> Sequence[Finding]:
    """Every broker of the settings, all at once."""
    found = await asyncio.gather(*(_look_at(broker, patient) for broker in patient.settings.brokers))
    return [finding for findings in found for finding in findings]


async def _look_at(broker: Broker, patient: Patient) -> list[Finding]:
    return [*await _visit(broker, patient), *judge_quality(broker, patient)]


async def _visit(broker: Broker, patient: Patient) -> list[Finding]:
    """As far as we come: the files, the way there, the conversation."""
    host, port = broker.address
    try:
        tls = broker.tls
        context = client_context(tls.ca_file, tls.cert_file, tls.key_file) if tls else None
    except BadTlsFile as error:
        return [judge_file(about(broker, "TLS"), error)]
    try:
        reached = await in_thread(lambda: reach(host, port, context), 4 * PATIENCE_S)
    except TimeoutError:
        reached = Reached("silent")
    setting = say("host and port of broker {name}", name=broker.name)
    found = [judge_way(about(broker, say("network")), reached, host, port, setting)]
    if found[0].state == "ok" and broker.tls is not None:
        found.append(judge_tls(about(broker, "TLS"), host, reached, "`tls.ca_file`", patient.now_ns()))
    elif found[0].state == "ok":
        found += _bare(broker, reached)
    if found[-1].state == "wrong":
        return found
    return [*found, *_own(broker), *await _talk(broker, patient)]


def _own(broker: Broker) -> Iterator[Finding]:
    """What is wrong with a certificate of ours that can be read."""
    file = broker.tls.cert_file if broker.tls else None
    if file is not None and (day := expired(file)) is not None:
        yield Finding(
            about(broker, "TLS"),
            "wrong",
            say("our own certificate, cert_file {file}, expired on {day}", file=file, day=day),
            say("have it renewed by whoever runs the broker, and replace the file"),
        )


def _bare(broker: Broker, reached: Reached) -> Iterator[Finding]:
    if not reached.address.startswith("127.") and reached.address != "::1" and broker.credentials_file:
        yield Finding(
            about(broker, "TLS"),
            "warning",
            say("the password and everything else crosses the network unencrypted"),
            say("set `tls: {{}}` and the broker's TLS port"),
        )


async def _talk(broker: Broker, patient: Patient) -> list[Finding]:
    filters = list(broker.topics or lns.FORMATS[broker.format].TOPICS)
    try:
        said = await in_thread(lambda: converse(broker, filters, patient.listen_s), patient.listen_s + TALK_S)
    except CannotConnect as error:
        return [
            Finding(
                about(broker, say("login")),
                "wrong",
                say("{file} {words}", file=broker.credentials_file, words=_words_of_file(error)),
                say("write the user name into its first line and the password into its second"),
            )
        ]
    except (OSError, ValueError) as error:
        return [_no_login(broker, say("the connection broke off: {words}", words=words(error)))]
    if said.refusal != 0:
        return [_judge_login(broker, said)]
    return [
        _judge_login(broker, said),
        *_judge_topics(broker, said),
        *judge_limits(broker, said, await limits_of(broker, said)),
        *judge_heard(broker, said, patient),
    ]


def _words_of_file(error: CannotConnect) -> str:
    cause = error.__cause__
    if isinstance(cause, OSError):
        return trouble(cause)
    return say("holds no user name, or is no text")


def _no_login(broker: Broker, what: str) -> Finding:
    if broker.tls is None:
        to_do = say("does this port speak MQTT? If it is the broker's TLS port, set `tls: {{}}`")
    elif broker.tls.cert_file is None:
        to_do = say("it may ask for a client certificate: set `tls.cert_file` and `tls.key_file`")
    else:
        to_do = say("it may not know our client certificate: check `tls.cert_file`")
    return Finding(about(broker, say("login")), "wrong", what, to_do)


def _judge_login(broker: Broker, said: Conversation) -> Finding:
    subject = about(broker, say("login"))
    match said.refusal:
        case 0:
            asked = say("accepted") if broker.credentials_file else say("accepted without a login")
            return Finding(subject, "ok", asked)
        case None if said.hung_up:
            return _no_login(broker, say("the broker closed the connection without a word"))
        case None:
            what = say("the broker takes the connection and does not answer within {s} s", s=int(PATIENCE_S))
            to_do = say("see on its machine whether it hangs; else check that this port speaks MQTT")
            return Finding(subject, "wrong", what, to_do)
        case 0x86 | 0x87:
            where = broker.credentials_file
            to_do = (
                say("check user name and password in {file}", file=where)
                if where
                else say("it asks for a login: set `credentials_file`")
            )
            return Finding(subject, "wrong", say("the broker refuses user name or password"), to_do)
        case 0x84:
            return Finding(
                subject,
                "wrong",
                say("the broker does not speak MQTT {version}", version=broker.protocol),
                say("set `protocol` to the other one"),
            )
        case 0x85:
            return Finding(
                subject,
                "unknown",
                say("the broker admits certain client ids only, and this one was made up"),
                say("let ids that begin with messnetz-doctor- in, or look at messnetz status"),
            )
    return Finding(
        subject,
        "wrong",
        say("the broker refuses us: {words}", words=said.refusal_words),
        say("see the broker's log"),
    )


def _judge_topics(broker: Broker, said: Conversation) -> Iterator[Finding]:
    subject = about(broker, say("topics"))
    if said.granted is None:
        yield Finding(
            subject,
            "wrong",
            say("the broker does not answer when asked for our topics"),
            say("check `topics` and our rights on the broker"),
        )
        return
    refused = [topic for topic, code in said.granted.items() if code >= 0x80]
    lowered = [topic for topic, code in said.granted.items() if code == 0]
    if refused:
        all_count = len(said.granted)
        needed = bool(broker.topics) or len(refused) == all_count
        yield Finding(
            subject,
            "wrong" if needed else "warning",
            say("refused: {topics}", topics=", ".join(refused)),
            say("give our user the right to read these topics, or name others under `topics`"),
        )
    if lowered:
        yield Finding(
            subject,
            "wrong",
            say("granted at QoS 0 only: {topics}", topics=", ".join(lowered)),
            say("allow QoS 1 on the broker: at QoS 0 it keeps nothing for us while we are away"),
        )
    if not refused and not lowered:
        count = len(said.granted)
        yield Finding(subject, "ok", say("QoS 1 is granted for all {count} topic filters", count=count))
