"""One bucket: is it there, may we write and read, and does it keep points as long as they may wait here.

Nothing is written: rights are looked at by a write without a single point, which versions 1.8 and 2 judge
like any other (the token, the bucket, the right to write) before they find that there is nothing to store.
Reading is looked at by a SELECT: SHOW MEASUREMENTS finds nothing wrong with a database that is not there, nor
does version 2 with a bucket that the token may not read.
Version 3 makes databases as it goes, so it is not asked that way.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from devices.language import say
from ingest.doctor.age import OldLines
from ingest.doctor.ask_influx import Answer, Ask
from ingest.doctor.finding import Finding, span
from ingest.settings import Influx

#: What some of version 2 say of a write without points, once it has found that the points may come.
_NO_POINTS = "writing requires points"
_SELECT = 'SELECT "f_cnt" FROM "device" WHERE time > now() - 1m LIMIT 1'
#: An hour is finished from readings that are an hour old and more, and again when late ones come.
SHORTEST_S = 86_400
_UNITS_S = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}


async def look_into(
    ask: Ask, influx: Influx, name: str, major: int, old: OldLines, now_ns: int
) -> list[Finding]:
    subject = say("bucket {name}", name=name)
    if major == 3:
        return await _look_into_v3(ask, name)
    right = await _judge_right(ask, influx, name, subject)
    if right.state == "wrong":
        return [right]
    read = await _judge_reading(ask, name, subject)
    keeps_s = await (_kept_v1(ask, name) if major == 1 else _kept_v2(ask, influx, name))
    return [right, *read, *_judge_retention(subject, keeps_s, old.of(influx, name), now_ns)]


async def _look_into_v3(ask: Ask, name: str) -> list[Finding]:
    subject = say("bucket {name}", name=name)
    answer = await ask("/query", q="SHOW MEASUREMENTS LIMIT 1", db=name)
    if answer.status == 200:
        return [
            Finding(
                subject,
                "unknown",
                say("it can be read; whether it may be written to shows with the first line"),
                say("look at messnetz status"),
            )
        ]
    return [
        Finding(
            subject,
            "unknown",
            say("it cannot be read ({words}); version 3 makes it with the first line", words=answer.words),
            say("look at messnetz status"),
        )
    ]


async def _judge_right(ask: Ask, influx: Influx, name: str, subject: str) -> Finding:
    """Whether lines would be taken, by a write without any."""
    answer = await ask("/api/v2/write", method="POST", org=influx.org, bucket=name, precision="ns")
    if answer.status in (200, 204) or _NO_POINTS in answer.body:
        return Finding(subject, "ok", say("is there and may be written to"))
    if answer.status in (401, 403):
        return Finding(
            subject,
            "wrong",
            say("we may not write to it: {words}", words=answer.words),
            say("give the token the right to read and write this bucket"),
        )
    missing = answer.status == 404 or "not found" in answer.words
    if missing:
        return Finding(
            subject,
            "wrong",
            say("it is not there: {words}", words=answer.words),
            say("make it, or name the right one (version 1.8: database/retention_policy)"),
        )
    return Finding(
        subject,
        "unknown",
        say("whether it may be written to cannot be told (HTTP {status})", status=answer.status),
        say("look at messnetz status"),
    )


async def _judge_reading(ask: Ask, name: str, subject: str) -> list[Finding]:
    """Whether the hours and boards can ask it in InfluxQL; an old version 2 needs a mapping for that."""
    database, _, policy = name.partition("/")
    named = {"rp": policy} if policy else {}
    answer = await ask("/query", q=_SELECT, db=database, **named)
    error = answer.words if answer.status != 200 else _error(answer)
    if not error:
        return []
    return [
        Finding(
            subject,
            "wrong",
            say("it cannot be read by InfluxQL, so there will be no finished hours: {words}", words=error),
            say(
                "give the token the right to read this bucket, too; an old version 2 may also need: influx v1"
                " dbrp create --db {database} --rp autogen --default --bucket-id …",
                database=database,
            ),
        )
    ]


def _error(answer: Answer) -> str:
    return _result(answer).error[:200]


class _Series(msgspec.Struct):
    columns: list[str] = []
    values: list[list[Any]] = []


class _Result(msgspec.Struct):
    """Of one statement of InfluxQL."""

    error: str = ""
    series: list[_Series] = []


class _Results(msgspec.Struct):
    results: list[_Result]


def _result(answer: Answer) -> _Result:
    said = answer.read(_Results)
    return said.results[0] if said and said.results else _Result()


async def _kept_v1(ask: Ask, name: str) -> float | None:
    """Seconds that the policy keeps points, 0 for ever; None where it is not told."""
    database, _, policy = name.partition("/")
    answer = await ask("/query", q=f'SHOW RETENTION POLICIES ON "{database}"')
    for series in _result(answer).series:
        for row in series.values:
            said = dict(zip(series.columns, row, strict=False))
            if said.get("name") == policy or (not policy and said.get("default")):
                parts = re.findall(r"(\d+)([wdhms])", str(said.get("duration", "")))
                return float(sum(int(count) * _UNITS_S[unit] for count, unit in parts))
    return None


class _Rule(msgspec.Struct):
    seconds: int = msgspec.field(name="everySeconds", default=0)


class _Bucket(msgspec.Struct):
    name: str
    rules: list[_Rule] = msgspec.field(name="retentionRules", default_factory=list)


class _Buckets(msgspec.Struct):
    buckets: list[_Bucket]


async def _kept_v2(ask: Ask, influx: Influx, name: str) -> float | None:
    """As `_kept_v1`; a token that may only write sees no bucket."""
    answer = await ask("/api/v2/buckets", org=influx.org, name=name)
    said = answer.read(_Buckets)
    for bucket in said.buckets if said else ():
        if bucket.name == name:
            return float(bucket.rules[0].seconds if bucket.rules else 0)
    return None


def _judge_retention(
    subject: str, keeps_s: float | None, oldest_ns: tuple[int | None, int | None], now_ns: int
) -> Iterator[Finding]:
    """Whether what waits for this bucket (in the spool, in the quarantine) would still be taken."""
    if keeps_s is None:
        yield Finding(
            subject,
            "unknown",
            say("how long it keeps points cannot be told"),
            say("let the token read buckets, or look there"),
        )
        return
    if keeps_s == 0:
        yield Finding(subject, "ok", say("keeps points for ever"))
        return
    keeps = span(keeps_s)
    lines_ns, kept_ns = oldest_ns
    begin_ns = now_ns - int(keeps_s * 1e9)
    if lines_ns is not None and lines_ns < begin_ns:
        yield Finding(
            subject,
            "wrong",
            say("keeps points for {keeps}, but lines of {day} wait for it", keeps=keeps, day=_day(lines_ns)),
            say("they will be refused and become dead letters: lengthen the retention before it takes them"),
        )
    elif kept_ns is not None and kept_ns < begin_ns:
        yield Finding(
            subject,
            "warning",
            say(
                "keeps points for {keeps}, but the quarantine holds messages of {day}",
                keeps=keeps,
                day=_day(kept_ns),
            ),
            say("lengthen the retention before they are replayed, or their points will be refused"),
        )
    elif keeps_s < SHORTEST_S:
        yield Finding(
            subject,
            "warning",
            say("keeps points for {keeps} only", keeps=keeps),
            say("finished hours and late uplinks need a day at least: lengthen the retention"),
        )
    else:
        yield Finding(subject, "ok", say("keeps points for {keeps}", keeps=keeps))


def _day(time_ns: int) -> str:
    return f"{datetime.fromtimestamp(time_ns / 1e9, UTC):%Y-%m-%d}"
