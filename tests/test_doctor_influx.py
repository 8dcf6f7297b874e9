"""The doctor at databases: reached, let in, with room for what waits; and not a point is written."""

import asyncio
import dataclasses
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request as UrlRequest
from urllib.request import urlopen

import pytest

from ingest.doctor import Finding, influx
from ingest.group import Group
from ingest.settings import Influx, Spool
from ingest.spool import open_spool
from tests.doctored import found, patient_of, settings_of
from tests.fakes.influx import Answer, FakeInflux, Request, said
from tests.servers.influxdb import Database, Influxd
from tests.servers.influxdb2 import BOTH, READ, WRITE, Influxd2
from tests.servers.process import free_port
from tests.spool_rows import kept_row

DAY_NS = 86_400 * 1_000_000_000
TOKEN = "a-token-that-nobody-shows"  # noqa: S105  of a database of the test's own


def visit(tmp_path: Path, section: Influx, *, now_ns: Callable[[], int] = time.time_ns) -> dict[str, Finding]:
    """What is found at one database, by subject."""
    settings = settings_of(tmp_path, store="influx", influx=section)
    rows = found(influx.check, patient_of(settings, now_ns=now_ns))
    assert not any(TOKEN in one.what or TOKEN in one.to_do for one in rows.values())
    return {name.removeprefix("InfluxDB: "): one for name, one in rows.items()}


def token_file(folder: Path, text: str = TOKEN) -> Path:
    file = folder / "token"
    file.write_text(f"{text}\n")
    return file


def written(database: Database) -> list[object]:
    """What a write would leave: measurements, and the shards they would lie in where those are told."""
    is_first = database.server is not None and not isinstance(database.server, Influxd2)
    return [database.query("SHOW MEASUREMENTS"), database.query("SHOW SHARDS") if is_first else None]


def test_a_database_that_is_right_is_said_to_be_and_nothing_is_written(
    influxdb: Database, tmp_path: Path
) -> None:
    before = written(influxdb)
    rows = visit(tmp_path, influxdb.settings())
    states = {name: one.state for name, one in rows.items() if not name.startswith("bucket")}
    assert states == dict.fromkeys(("network", "version", "clock", "token"), "ok")
    assert written(influxdb) == before


def test_buckets_are_looked_at_one_by_one(own_influxdb: Influxd, tmp_path: Path) -> None:
    one = own_influxdb.new_database(tmp_path, retention="30d")
    rows = visit(tmp_path, one.settings(hours_bucket="no_such_database"))
    assert (
        rows[f"bucket {one.bucket}"].what == "keeps points for 30 days"
        or rows[f"bucket {one.bucket}"].state == "ok"
    )
    assert rows["bucket no_such_database"].state == "wrong"
    assert "it is not there" in rows["bucket no_such_database"].what


def test_a_retention_policy_that_is_missing_is_named(own_influxdb1: Influxd, tmp_path: Path) -> None:
    database = own_influxdb1.new_database(tmp_path).bucket.partition("/")[0]
    rows = visit(tmp_path, Influx(url=own_influxdb1.url, bucket=f"{database}/no_such_policy"))
    assert rows[f"bucket {database}/no_such_policy"].state == "wrong"


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Influxd]:
    """An InfluxDB 1.8 that asks for a login: `admin`, and `guest`, who may only read."""
    server = Influxd(tmp_path / "locked")
    config = tmp_path / "locked/influxdb.conf"
    config.write_text(
        config.read_text().replace("log-enabled = false\n", "log-enabled = false\nauth-enabled = true\n")
    )
    server.start()
    login = {"Authorization": f"Token admin:{TOKEN}"}
    for words, headers in (
        (f"CREATE USER admin WITH PASSWORD '{TOKEN}' WITH ALL PRIVILEGES", {}),
        ("CREATE DATABASE town", login),
        (f"CREATE USER guest WITH PASSWORD '{TOKEN}'", login),
        ("GRANT READ ON town TO guest", login),
    ):
        address = f"{server.url}/query?{urlencode({'q': words})}"
        asked = UrlRequest(address, method="POST", headers=headers)  # noqa: S310  our own http address
        with urlopen(asked, timeout=30) as answer:  # noqa: S310  our own http address
            assert b"error" not in answer.read()
    yield server
    server.kill()


@pytest.mark.parametrize(
    ("login", "row", "state", "words"),
    [
        (f"admin:{TOKEN}", "bucket town", "ok", ""),
        (f"admin:{TOKEN}-2", "token", "wrong", "refused"),
        (None, "token", "wrong", "refused"),
        (f"guest:{TOKEN}", "bucket town", "wrong", "may not write"),
    ],
)
def test_a_token_is_judged_by_what_it_may(
    locked: Influxd, tmp_path: Path, login: str | None, row: str, state: str, words: str
) -> None:
    file = token_file(tmp_path, login) if login else None
    rows = visit(tmp_path, Influx(url=locked.url, bucket="town", token_file=file))
    assert rows[row].state == state
    assert words in rows[row].what


def test_a_token_file_that_cannot_be_read_is_named(own_influxdb: Influxd, tmp_path: Path) -> None:
    rows = visit(tmp_path, Influx(url=own_influxdb.url, bucket="x", token_file=tmp_path / "nowhere"))
    assert rows["token"].state == "wrong"
    assert "nowhere" in rows["token"].to_do


def test_a_database_that_is_frozen_ends_in_a_line(own_influxdb: Influxd, tmp_path: Path) -> None:
    section = own_influxdb.new_database(tmp_path).settings()
    own_influxdb.freeze()
    try:
        rows = visit(tmp_path, section)
    finally:
        own_influxdb.thaw()
    assert rows["answers"].state == "wrong"


def test_a_database_that_is_down_is_named(tmp_path: Path) -> None:
    rows = visit(tmp_path, Influx(url=f"http://127.0.0.1:{free_port()}", bucket="x"))
    assert rows["network"].state == "wrong"
    assert set(rows) == {"network"}


def put(state: Path, group: Group) -> None:
    """What a service left waiting."""

    async def run() -> None:
        spool = open_spool(state, Spool())
        await spool.commit(group)
        spool.close()

    asyncio.run(run())


def test_lines_that_wait_longer_than_their_bucket_keeps_points_are_told(
    own_influxdb: Influxd, tmp_path: Path
) -> None:
    readings = own_influxdb.new_database(tmp_path, retention="30d")
    hours = own_influxdb.new_database(tmp_path, retention="400d")
    settings_of(tmp_path)
    old_ns = time.time_ns() - 40 * DAY_NS
    waiting = [b"%s,device=a pm1=1 %d" % (name, old_ns) for name in (b"air_quality_1h", b"air_quality")]
    put(tmp_path / "state", Group(lines=waiting))
    rows = visit(tmp_path, readings.settings(hours_bucket=hours.bucket))
    assert rows[f"bucket {readings.bucket}"].state == "wrong"
    assert "dead letters" in rows[f"bucket {readings.bucket}"].to_do
    assert rows[f"bucket {hours.bucket}"].state == "ok"


def test_a_bucket_that_keeps_points_too_short_for_finished_hours_is_told(
    own_influxdb1: Influxd, tmp_path: Path
) -> None:
    readings = own_influxdb1.new_database(tmp_path)
    database, _, policy = readings.bucket.partition("/")
    readings.query(
        f'ALTER RETENTION POLICY "{policy}" ON "{database}" DURATION 1h SHARD DURATION 1h', post=True
    )
    rows = visit(tmp_path, readings.settings())
    assert rows[f"bucket {readings.bucket}"].state == "warning"
    assert rows[f"bucket {readings.bucket}"].what == "keeps points for 60 min only"


def test_messages_in_the_quarantine_older_than_the_retention_are_told(
    own_influxdb: Influxd, tmp_path: Path
) -> None:
    readings = own_influxdb.new_database(tmp_path, retention="30d")
    settings_of(tmp_path)
    put(tmp_path / "state", Group(kept=[kept_row(time_ns=time.time_ns() - 31 * DAY_NS)]))
    rows = visit(tmp_path, readings.settings())
    assert rows[f"bucket {readings.bucket}"].state == "warning"
    assert "quarantine" in rows[f"bucket {readings.bucket}"].what


@pytest.mark.parametrize(
    ("ahead_s", "state", "words"),
    [(7300, "wrong", "2 h behind ours"), (-50, "warning", "ahead of ours"), (0, "ok", "agrees")],
)
def test_a_clock_that_differs_from_the_databases_is_told(
    own_influxdb: Influxd, tmp_path: Path, ahead_s: int, state: str, words: str
) -> None:
    section = own_influxdb.new_database(tmp_path).settings()
    rows = visit(tmp_path, section, now_ns=lambda: time.time_ns() + ahead_s * 1_000_000_000)
    assert rows["clock"].state == state
    assert words in rows["clock"].what


@pytest.mark.parametrize(
    ("certificate", "state"), [("server", "warning"), ("expired", "wrong"), ("elsewhere", "wrong")]
)
def test_https_is_judged_like_a_brokers_tls(
    tmp_path: Path, certificates: Path, certificate: str, state: str
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{certificate}.pem", certificates / f"{certificate}.key")

    async def run() -> list[Finding]:
        async with FakeInflux(lambda _request: Answer()).running(context) as fake:
            section = Influx(url=fake.url, bucket="x", ca_file=certificates / "ca.pem")
            patient = patient_of(settings_of(tmp_path, store="influx", influx=section))
            return list(await influx.check(patient))

    rows = {str(one.subject): one for one in asyncio.run(run())}
    assert rows["InfluxDB: TLS"].state == state


class Second:
    """What an InfluxDB 2 answers, as its handlers in `http/` and `v1/` do; `may` are the token's rights."""

    def __init__(
        self, *, may: str = "rw", keeps_s: int = 0, mapped: bool = True, version: str = "v2.7.12"
    ) -> None:
        self.may, self.keeps_s, self.mapped, self.version = may, keeps_s, mapped, version
        self.written: list[bytes] = []

    def __call__(self, request: Request) -> Answer:
        url = urlsplit(request.target)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/ping":
            date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
            return Answer(headers={"X-Influxdb-Version": self.version, "Date": date})
        if request.headers.get("authorization") != f"Token {TOKEN}":
            return said(401, code="unauthorized", message="unauthorized access")
        if url.path == "/api/v2/buckets":
            rules = [{"type": "expire", "everySeconds": self.keeps_s}] if self.keeps_s else []
            bucket = {"name": "town", "retentionRules": rules}
            return said(200, buckets=[bucket] if "r" in self.may and asked["name"] == "town" else [])
        if url.path == "/api/v2/write":
            return self._write(request, asked)
        if not self.mapped or "r" not in self.may:
            return said(200, results=[{"error": "database not found: town"}])
        return said(200, results=[{"statement_id": 0}])

    def _write(self, request: Request, asked: dict[str, str]) -> Answer:
        if asked["bucket"] != "town":
            return said(404, code="not found", message='bucket "x" not found')
        if "w" not in self.may:
            return said(403, code="forbidden", message="insufficient permissions for write")
        if not request.body:
            return said(400, code="invalid", message="writing requires points")
        self.written.append(request.body)
        return Answer()


def visit_fake(tmp_path: Path, answer: Callable[[Request], Answer], **more: Any) -> dict[str, Finding]:
    """What is found at a server that answers so; all rows of one subject in a line."""

    async def run() -> list[Finding]:
        async with FakeInflux(answer).running() as fake:
            named = {"bucket": "town", "org": "o", "token_file": token_file(tmp_path)}
            section = Influx(**{"url": fake.url, **named, **more})
            return list(await influx.check(patient_of(settings_of(tmp_path, store="influx", influx=section))))

    rows: dict[str, Finding] = {}
    for one in asyncio.run(run()):
        rows.setdefault(f"{one.subject} {one.state}", one)
    return rows


def test_version_2_is_read_without_a_point_being_written(tmp_path: Path) -> None:
    second = Second(keeps_s=30 * 86400)
    rows = visit_fake(tmp_path, second)
    assert rows["InfluxDB: version ok"].what == "version v2.7.12"
    assert rows["bucket town ok"].what == "is there and may be written to"
    assert not any(name.endswith(("wrong", "warning", "unknown")) for name in rows)
    assert second.written == []


@pytest.mark.parametrize(
    ("server", "more", "row", "words"),
    [
        (Second(may="r"), {}, "bucket town wrong", "may not write"),
        (Second(), {"bucket": "x"}, "bucket x wrong", "not found"),
        (Second(mapped=False), {}, "bucket town wrong", "InfluxQL"),
        (Second(), {"org": ""}, "InfluxDB: token wrong", "organisation"),
        (Second(may="w"), {}, "bucket town unknown", "how long it keeps points"),
        (Second(version="1.7.10"), {}, "InfluxDB: version wrong", "too old"),
        (lambda _request: said(200, hello="world"), {}, "InfluxDB: version wrong", "not InfluxDB"),
        (lambda _request: Answer(302), {}, "InfluxDB: version wrong", "302"),
        (lambda _request: Answer(200, b"x", cut=3), {}, "InfluxDB: answers wrong", "broke off"),
    ],
)
def test_what_a_server_lacks_is_named(
    tmp_path: Path, server: Callable[[Request], Answer], more: dict[str, Any], row: str, words: str
) -> None:
    rows = visit_fake(tmp_path, server, **more)
    assert words in rows[row].what


NONSENSE = [
    b"[1, 2]",
    b'{"buckets": 5, "results": "x"}',
    b'{"buckets": [null, {"name": "town", "retentionRules": [{"everySeconds": "x"}]}], "results": [null]}',
    b'{"results": [{"series": [{"columns": 5, "values": 7}]}], "buckets": [{"name": "town"}]}',
    b"\xff\xfe\x00" * 100,
]


@pytest.mark.parametrize("version", ["1.8.10", "v2.7.12", "\xe4", "9" * 30 + ".1"])
@pytest.mark.parametrize("body", NONSENSE)
def test_a_server_that_talks_nonsense_costs_no_check(tmp_path: Path, body: bytes, version: str) -> None:
    rows = visit_fake(tmp_path, lambda _request: Answer(200, body, {"X-Influxdb-Version": version}))
    assert rows["InfluxDB: clock unknown"].what == "it does not tell its time"


def test_a_server_that_speaks_something_else_is_told(tmp_path: Path) -> None:
    rows = visit_fake(tmp_path, lambda _request: Answer(raw=b"SSH-2.0-OpenSSH_9\r\n"))
    assert rows["InfluxDB: answers wrong"].what == "what answers there does not speak HTTP"


def test_an_answer_that_comes_in_pieces_is_read_whole(tmp_path: Path) -> None:
    second = Second(keeps_s=30 * 86400)

    def slowly(request: Request) -> Answer:
        answer = second(request)
        return dataclasses.replace(answer, body=b" " * 900_000 + answer.body) if answer.body else answer

    rows = visit_fake(tmp_path, slowly)
    assert not any(name.endswith(("wrong", "warning", "unknown")) for name in rows)


def test_a_wrong_token_of_version_2_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other.token"
    other.write_text("something else\n")
    rows = visit_fake(tmp_path, Second(), token_file=other)
    assert str(other) in rows["InfluxDB: token wrong"].to_do
    assert "something else" not in str(rows)


@pytest.mark.parametrize(
    ("may", "org", "row", "state", "words"),
    [
        (BOTH, "city", "bucket town", "ok", ""),
        (READ, "city", "bucket town", "wrong", "may not write"),
        (WRITE, "city", "bucket town", "wrong", "cannot be read by InfluxQL"),
        (BOTH, "no such", "token", "wrong", "organisation no such is not there"),
        (BOTH, "", "token", "wrong", "wants to know the organisation"),
        (None, "city", "token", "wrong", "refused"),
    ],
)
def test_rights_are_learned_from_a_real_version_2(
    influxd2: Influxd2,
    tmp_path: Path,
    may: tuple[str, ...] | None,
    org: str,
    row: str,
    state: str,
    words: str,
) -> None:
    database = influxd2.new_database(tmp_path, retention="30d")
    token = influxd2.new_token(may, [influxd2.id_of(database.bucket)]) if may else "nobody's"
    section = database.settings(org=org, token_file=token_file(tmp_path, token))
    rows = visit(tmp_path, section)
    named = rows[row.replace("town", database.bucket)]
    assert (named.state, words in named.what) == (state, True)
    assert database.query("SHOW MEASUREMENTS") == []


def test_what_version_2_keeps_is_told_by_a_token_of_one_bucket(influxd2: Influxd2, tmp_path: Path) -> None:
    database = influxd2.new_database(tmp_path, retention="30d")
    token = influxd2.new_token(BOTH, [influxd2.id_of(database.bucket)])
    settings_of(tmp_path)
    put(tmp_path / "state", Group(lines=[b"m,device=a v=1 %d" % (time.time_ns() - 40 * DAY_NS)]))
    rows = visit(tmp_path, database.settings(token_file=token_file(tmp_path, token)))
    assert "keeps points for 30 days, but lines of" in rows[f"bucket {database.bucket}"].what


def test_a_bucket_of_version_2_that_is_missing_or_anothers_is_named(
    influxd2: Influxd2, tmp_path: Path
) -> None:
    ours, theirs = (influxd2.new_database(tmp_path) for _ in range(2))
    token = influxd2.new_token(BOTH, [influxd2.id_of(ours.bucket)])
    more = {"hours_bucket": "no_such", "bays_bucket": theirs.bucket}
    rows = visit(tmp_path, ours.settings(token_file=token_file(tmp_path, token), **more))
    assert rows[f"bucket {ours.bucket}"].state == "ok"
    assert "it is not there" in rows["bucket no_such"].what
    assert "may not write" in rows[f"bucket {theirs.bucket}"].what


def test_a_token_of_another_organisation_is_named(influxd2: Influxd2, tmp_path: Path) -> None:
    stranger = influxd2.new_token(BOTH, org_id=influxd2.new_organisation())
    database = influxd2.new_database(tmp_path)
    rows = visit(tmp_path, database.settings(token_file=token_file(tmp_path, stranger)))
    assert "may not write" in rows[f"bucket {database.bucket}"].what


def test_version_3_is_never_asked_to_write(tmp_path: Path) -> None:
    asked: list[str] = []

    def third(request: Request) -> Answer:
        asked.append(f"{request.method} {urlsplit(request.target).path}")
        if request.target == "/ping":
            return said(200, version="3.4.1", revision="x")
        return said(200, results=[{"statement_id": 0}])

    rows = visit_fake(tmp_path, third)
    assert rows["InfluxDB: version ok"].what == "version 3.4.1"
    assert "first line" in rows["bucket town unknown"].what
    assert set(asked) == {"GET /ping", "GET /query"}
