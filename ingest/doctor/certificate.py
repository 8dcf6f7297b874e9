"""What a server's certificate means for us, the same for brokers and databases."""

from datetime import UTC, datetime

from devices.language import say
from ingest.doctor.finding import Finding
from ingest.doctor.patience import PATIENCE_S
from ingest.doctor.reach import Reached
from ingest.tls_files import BadTlsFile

#: From here on a certificate is to be renewed.
RENEW_DAYS = 30


def judge_file(subject: str, fault: BadTlsFile) -> Finding:
    """The row for a file of TLS that cannot be used."""
    return Finding(subject, "wrong", fault.what, fault.to_do)


def judge_tls(subject: str, host: str, reached: Reached, ca_setting: str, now_ns: int) -> Finding:
    """The row for TLS; of a server that was reached, or whose certificate or TLS is at fault."""
    shown = reached.certificate
    if reached.fault == "no_tls" and not reached.words:
        return Finding(
            subject,
            "wrong",
            say("the server takes the connection and does not answer within {s} s", s=int(PATIENCE_S)),
            say("see on its machine whether it hangs; else check that this is its TLS port"),
        )
    if reached.fault == "no_tls":
        return Finding(
            subject,
            "wrong",
            say("the server answers, but there is no TLS with it: {words}", words=reached.words),
            say("check that this is its TLS port, and what TLS it speaks"),
        )
    if reached.fault == "expired":
        ended = say("the certificate expired on {day}", day=f"{shown.expires:%Y-%m-%d}") if shown else None
        return Finding(
            subject,
            "wrong",
            ended or say("the certificate has expired"),
            say("renew it on the server; until then nothing connects"),
        )
    if reached.fault == "not_yet_valid":
        return Finding(
            subject,
            "wrong",
            say("the certificate is not valid yet"),
            say("see to the clocks here and where it was made"),
        )
    if reached.fault == "other_name":
        names = ", ".join(shown.names) if shown and shown.names else say("no name at all")
        return Finding(
            subject,
            "wrong",
            say("the certificate is not for {host}, but for {names}", host=host, names=names),
            say("name the server as its certificate does, or give it a certificate for this name"),
        )
    if reached.fault == "untrusted":
        return Finding(
            subject,
            "wrong",
            say("the certificate is not trusted: {words}", words=reached.words),
            say("name the authority that signed it in {setting}", setting=ca_setting),
        )
    if shown is None:
        return Finding(subject, "ok", reached.tls)
    days = (shown.expires - datetime.fromtimestamp(now_ns / 1e9, UTC)).days
    valid = say(
        "{version}; the certificate is valid until {day}, {days} days more",
        version=reached.tls,
        day=f"{shown.expires:%Y-%m-%d}",
        days=days,
    )
    if days < RENEW_DAYS:
        return Finding(subject, "warning", valid, say("renew it on the server before that day"))
    return Finding(subject, "ok", valid)


def judge_way(subject: str, reached: Reached, host: str, port: int, setting: str) -> Finding:
    """The row for name and TCP."""
    at = f"{host}:{port}" if reached.address in ("", host) else f"{host}:{port} ({reached.address})"
    where = say("check {setting}", setting=setting)
    match reached.fault:
        case "no_name":
            return Finding(
                subject,
                "wrong",
                say("the name {host} cannot be resolved", host=host),
                say("check {setting}, and the name server of this machine", setting=setting),
            )
        case "refused":
            return Finding(
                subject,
                "wrong",
                say("nothing listens at {at}", at=at),
                say("start the server, or check {setting}", setting=setting),
            )
        case "silent":
            return Finding(
                subject,
                "wrong",
                say("no answer from {at}", at=at),
                say("is the machine on, is a firewall between? Else check {setting}", setting=setting),
            )
        case "unreachable":
            words = say("{at} cannot be reached: {words}", at=at, words=reached.words)
            return Finding(subject, "wrong", words, where)
    return Finding(subject, "ok", say("{at} answers", at=at))
