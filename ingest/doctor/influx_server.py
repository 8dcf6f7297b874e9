"""What an InfluxDB says of itself: version, time, and whether our token is known there."""

import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime

from devices.language import Sentence, say
from ingest.doctor.ask_influx import Answer, Ask
from ingest.doctor.finding import Finding, State, span
from ingest.settings import Influx
from ingest.store.version import major

#: The answer's date has whole seconds only.
CLOCK_WARN_S, CLOCK_WRONG_S = 5.0, 60.0
_OLDEST = (1, 8)


def about(what: str) -> Sentence:
    """The subject of a row."""
    return say("InfluxDB: {what}", what=what)


def version_of(ping: Answer) -> tuple[int, str]:
    """1, 2 or 3, and how it calls itself."""
    said = ping.headers.get("X-Influxdb-Version", "")
    if not said and isinstance(ping.json, dict):
        said = str(ping.json.get("version", ""))
    return major(said), said


def judge_version(ping: Answer, version: str) -> Finding:
    subject = about(say("version"))
    if ping.status in (401, 403):
        return Finding(
            subject,
            "wrong",
            say("it refuses our token: {words}", words=ping.words),
            say("check influx.token_file"),
        )
    if ping.status not in (200, 204) or not version:
        return Finding(
            subject,
            "wrong",
            say("what answers there is not InfluxDB (HTTP {status})", status=ping.status),
            say("check influx.url"),
        )
    number = re.search(r"(\d+)\.(\d+)", version)
    if number and (int(number[1]), int(number[2])) < _OLDEST:
        return Finding(
            subject,
            "wrong",
            say("version {version} is too old", version=version),
            say("update it to 1.8 or newer"),
        )
    if number is None:
        return Finding(subject, "ok", say("a build of version 1 that does not name its number"))
    return Finding(subject, "ok", say("version {version}", version=version))


def judge_clock(ping: Answer, now_ns: int) -> Iterator[Finding]:
    subject = about(say("clock"))
    try:
        said = parsedate_to_datetime(ping.headers.get("Date", ""))
    except ValueError:
        yield Finding(subject, "unknown", say("it does not tell its time"))
        return
    apart_s = said.replace(tzinfo=said.tzinfo or UTC).timestamp() + 0.5 - now_ns / 1e9
    apart = span(abs(apart_s))
    if abs(apart_s) < CLOCK_WARN_S:
        yield Finding(subject, "ok", say("agrees with ours"))
        return
    what = say("{span} ahead of ours", span=apart) if apart_s > 0 else say("{span} behind ours", span=apart)
    state: State = "wrong" if abs(apart_s) >= CLOCK_WRONG_S else "warning"
    yield Finding(
        subject,
        state,
        what,
        say("let both machines keep time by NTP (timedatectl set-ntp true)"),
    )


async def login(ask: Ask, influx: Influx, major: int) -> Answer:
    """A question that needs a login wherever one is asked for."""
    if major == 2:
        return await ask("/api/v2/buckets", org=influx.org, name=influx.bucket)
    if major == 3:
        return await ask("/query", q="SHOW MEASUREMENTS LIMIT 1", db=influx.bucket)
    return await ask("/query", q="SHOW DATABASES")


def judge_login(login: Answer, influx: Influx, major: int) -> Finding:
    subject = about(say("token"))
    if login.status == 401:
        to_do = (
            say("write a valid one into {file} (version 1.8: user:password)", file=influx.token_file)
            if influx.token_file
            else say("it asks for a login: set influx.token_file")
        )
        return Finding(subject, "wrong", say("refused: {words}", words=login.words), to_do)
    if login.status in (403, 404) and "organization" in login.words:
        return Finding(
            subject,
            "wrong",
            say("the organisation {org} is not there, or not this token's", org=influx.org or "-"),
            say("check influx.org"),
        )
    if major == 2 and not influx.org:
        return Finding(
            subject,
            "wrong",
            say("version 2 wants to know the organisation"),
            say("set influx.org to its name"),
        )
    if influx.token_file is None:
        return Finding(subject, "ok", say("accepted without a login"))
    return Finding(subject, "ok", say("accepted"))
