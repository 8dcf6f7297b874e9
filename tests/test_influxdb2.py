"""A real InfluxDB 2, where the environment names one: what compose sets up there, and its own rules."""

import asyncio
import base64
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from ingest.doctor import Finding, influx
from ingest.seams import StoreUnavailable
from ingest.settings import Influx, Settings
from ingest.store.influx import InfluxStore
from tests.doctored import patient_of, settings_of
from tests.servers.influxdb import Database
from tests.servers.influxdb2 import BOTH, READ, WRITE, Influxd2

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "ingest/setup/templates/influxdb"
PASSWORD = "grafanas-own-password"  # noqa: S105  of a database of the test's own
HOUR_NS = 3600 * 1_000_000_000


@pytest.fixture
def composed(tmp_path: Path) -> Influxd2:
    """A server that the scripts in `config/influxdb` have set up, as the image does it at the first start."""
    server = Influxd2(tmp_path / "composed")
    server.start()
    (tmp_path / "password").write_text(PASSWORD)
    for script in sorted(SCRIPTS.iterdir()):  # as `run-parts` does
        done = run_script(script.name, server, tmp_path)
        assert done.returncode == 0, done.stderr
    return server


def run_script(name: str, server: Influxd2, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    """The script's own text, with places of this test; the token comes to lie in `tmp_path/messnetz`."""
    program = tmp_path / "influx"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.influx_cli "$@"\n')
    program.chmod(0o755)
    mounted = tmp_path / "messnetz"
    mounted.mkdir(exist_ok=True)
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    places = {"/run/secrets/influx_grafana_password": tmp_path / "password", " /messnetz/": f" {mounted}/"}
    assert any(inside in text for inside in places)
    for inside, here in places.items():
        text = text.replace(inside, str(here))
    there = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "INFLUX_HOST": server.url,
        "INFLUX_TOKEN": server.operator,
        "DOCKER_INFLUXDB_INIT_ORG": server.org,
        "DOCKER_INFLUXDB_INIT_BUCKET": server.first_bucket,
        "DOCKER_INFLUXDB_INIT_USERNAME": "admin",
        "RETENTION_HOURS": "0",
        "RETENTION_BAYS": "90d",
    }
    command = ["bash", "-c", text]
    return subprocess.run(command, env=there, cwd=ROOT, capture_output=True, text=True, check=False)


def grafana_asks(server: Influxd2, bucket: str, influxql: str, password: str = PASSWORD) -> dict[str, Any]:
    """One question as Grafana's data source asks it: POST, user and password, the bucket as database."""
    login = base64.b64encode(f"grafana:{password}".encode()).decode()
    form = urlencode({"db": bucket, "q": influxql, "epoch": "ms"}).encode()
    headers = {"Authorization": f"Basic {login}"}
    request = Request(f"{server.url}/query", data=form, headers=headers)  # noqa: S310  our own http address
    with urlopen(request, timeout=30) as answer:  # noqa: S310  our own http address
        found: dict[str, Any] = json.load(answer)["results"][0]
    return found


def test_grafanas_login_reads_the_three_buckets_and_can_do_nothing_else(
    composed: Influxd2, tmp_path: Path
) -> None:
    try:
        kept = {
            one["name"]: one["retentionRules"][0]["everySeconds"] if one["retentionRules"] else 0
            for one in composed.ask("GET", "/api/v2/buckets", org=composed.org)["buckets"]
            if one["type"] == "user"
        }
        assert kept == {"readings": 0, "hours": 0, "bays": 90 * 86400}
        composed.new_bucket("secret")
        for name in (*kept, "secret"):
            one = Database(tmp_path, composed.url, name, composed.org, composed.operator)
            one.write(f"m,device=a v=1 {time.time_ns()}")
        for name in kept:
            assert len(grafana_asks(composed, name, 'SELECT "v" FROM "m"')["series"][0]["values"]) == 1
        assert "not found" in grafana_asks(composed, "secret", 'SELECT "v" FROM "m"')["error"]
        assert "permissions" in grafana_asks(composed, "readings", 'DELETE FROM "m"')["error"]
        assert "permissions" in grafana_asks(composed, "readings", 'DROP MEASUREMENT "m"')["error"]
        with pytest.raises(HTTPError, match="401"):
            grafana_asks(composed, "readings", 'SELECT "v" FROM "m"', "another")
        login = base64.b64encode(f"grafana:{PASSWORD}".encode()).decode()
        for path in ("/write?db=readings", "/api/v2/write?org=city&bucket=readings"):
            headers = {"Authorization": f"Basic {login}"}
            request = Request(f"{composed.url}{path}", data=b"m v=2", headers=headers)  # noqa: S310  as above
            with pytest.raises(HTTPError, match=r"40[13]"):
                urlopen(request, timeout=30)  # noqa: S310  as above
    finally:
        composed.kill()


def limited(server: Influxd2, folder: Path, may: Sequence[str], *, retention: str = "INF") -> Influx:
    """The section `influx` with a fresh bucket and a token that may only do this with it."""
    made = server.new_database(folder, retention=retention)
    made.token = server.new_token(may, [server.id_of(made.bucket)])
    return made.settings()


def use(work: Callable[[InfluxStore], Awaitable[None]], section: Influx) -> None:
    """Runs `work` and lets go of the store."""

    async def run() -> None:
        store = InfluxStore(section)
        try:
            await work(store)
        finally:
            await store.close()

    asyncio.run(run())


def line(time_ns: int, value: str = "1.5", device: str = "a") -> bytes:
    return b"m,device=%s v=%s %d" % (device.encode(), value.encode(), time_ns)


def of_compose(server: Influxd2, tmp_path: Path) -> Influx:
    """The section `influx` as `messnetz init` writes it, with the token that the script has put there."""
    return Influx(
        url=server.url,
        org=server.org,
        bucket="readings",
        hours_bucket="hours",
        bays_bucket="bays",
        token_file=tmp_path / "messnetz/token",
    )


def test_the_token_of_compose_uses_the_three_buckets_and_can_do_nothing_else(
    composed: Influxd2, tmp_path: Path
) -> None:
    now = time.time_ns()
    hour = b"m_1h,device=a v=1.5 %d" % (now - HOUR_NS)
    bay = b"parking,device=a,bay=1 occupied=1i %d" % now

    async def work(store: InfluxStore) -> None:
        assert not await store.write([line(now), hour, bay])
        for measurement, field in (("m", "v"), ("m_1h", "v"), ("parking", "occupied")):
            assert await store.counts(measurement, now - 2 * HOUR_NS, now + 1) == {field: 1}
        await store.remove("m", "a", now, now + 1)
        assert await store.counts("m", now - HOUR_NS, now + 1) == {}

    try:
        section = of_compose(composed, tmp_path)
        use(work, section)
        assert section.token_file is not None
        assert stat.S_IMODE(section.token_file.stat().st_mode) == 0o600
        assert [path.name for path in section.token_file.parent.iterdir()] == ["token"]
        token = section.token_file.read_text().strip()
        assert permitted(composed, token) == {
            (action, composed.id_of(name)) for action in BOTH for name in ("readings", "hours", "bays")
        }
        composed.new_bucket("secret")
        with pytest.raises(HTTPError, match=r"40[134]"):
            Database(tmp_path, composed.url, "secret", composed.org, token).write(f"m v=1 {now}")
        settings = settings_of(tmp_path, store="influx", influx=section)
        findings = asyncio.run(looked_at(settings))
        assert [one for one in findings if one.state != "ok"] == []
        assert ("bucket bays", "keeps points for 90 days") in {(one.subject, one.what) for one in findings}
        assert {"bucket readings", "bucket hours"} < {one.subject for one in findings}
    finally:
        composed.kill()


def test_the_script_makes_another_token_and_ends_its_older_ones_only(
    composed: Influxd2, tmp_path: Path
) -> None:
    try:
        section = of_compose(composed, tmp_path)
        assert section.token_file is not None
        first = section.token_file.read_text().strip()
        theirs = composed.new_token(READ)
        done = run_script("token.sh", composed, tmp_path)
        assert done.returncode == 0, done.stderr
        second = section.token_file.read_text().strip()
        assert not {first, second} & set((done.stdout + done.stderr).split())
        known = {
            one["token"]
            for one in composed.ask("GET", "/api/v2/authorizations", org=composed.org)["authorizations"]
        }
        assert known == {composed.operator, theirs, second}
        assert first != second
    finally:
        composed.kill()


async def looked_at(settings: Settings) -> Sequence[Finding]:
    """What the doctor says of the database."""
    return await influx.check(patient_of(settings))


def permitted(server: Influxd2, token: str) -> set[tuple[str, str]]:
    """What a token may do with which bucket; a right to anything else fails the test."""
    asked = server.ask("GET", "/api/v2/authorizations", org=server.org)["authorizations"]
    [one] = [each for each in asked if each["token"] == token]
    assert {right["resource"]["type"] for right in one["permissions"]} == {"buckets"}
    return {(right["action"], right["resource"]["id"]) for right in one["permissions"]}


def test_a_token_of_one_bucket_is_enough_to_write_read_and_remove(influxd2: Influxd2, tmp_path: Path) -> None:
    now = time.time_ns()

    async def work(store: InfluxStore) -> None:
        assert not await store.write([line(now), line(now - HOUR_NS), line(now, device="b")])
        await store.remove("m", "a", now, now + 1)
        left = await store.window("m", ["v"], now - HOUR_NS, now + 1)
        assert [(row.tags["device"], row.time_ns) for row in left] == [("a", now - HOUR_NS), ("b", now)]

    use(work, limited(influxd2, tmp_path, BOTH))


@pytest.mark.parametrize(("may", "held"), [(READ, "403"), (WRITE, "database not found")])
def test_a_right_that_lacks_holds_the_lines_or_the_question(
    influxd2: Influxd2, tmp_path: Path, may: tuple[str, ...], held: str
) -> None:
    now = time.time_ns()

    async def work(store: InfluxStore) -> None:
        asked = store.write([line(now)]) if may == READ else store.latest("m", ["v"], now - HOUR_NS)
        with pytest.raises(StoreUnavailable, match=held) as caught:
            await asked
        assert caught.value.held

    use(work, limited(influxd2, tmp_path, may))


def test_points_older_than_an_hour_are_refused_in_words_and_cost_the_others_nothing(
    influxd2: Influxd2, tmp_path: Path
) -> None:
    now = time.time_ns()
    lines = [line(now - number * HOUR_NS // 4) for number in range(40)]  # ten hours

    async def work(store: InfluxStore) -> None:
        refused = await store.write([*lines, line(now, '"text"', "b")])
        old = {one.index for one in refused} - {40}
        # A point a little too old is taken in a batch with younger ones of its shard, an hour long, and
        # refused without them: it may be stored and yet be told as refused, never the other way round.
        assert set(range(8, 40)) <= old <= set(range(4, 40))
        assert all(("outside retention policy" in one.reason) == (one.index in old) for one in refused)
        assert "type conflict" in next(one.reason for one in refused if one.index not in old)
        stored = {row.time_ns for row in await store.window("m", ["v"], now - 20 * HOUR_NS, now + 1)}
        assert stored >= {now - number * HOUR_NS // 4 for number in set(range(40)) - old}

    use(work, limited(influxd2, tmp_path, BOTH, retention="1h"))


def test_a_body_of_many_megabytes_is_taken(influxd2: Influxd2, tmp_path: Path) -> None:
    now = time.time_ns()
    text = b"x" * 30_000
    lines = [b'm,device=a v="%s" %d' % (text, now - number) for number in range(1000)]

    async def work(store: InfluxStore) -> None:
        assert not await store.write(lines)
        assert await store.counts("m", now - 1000, now + 1) == {"v": 1000}

    use(work, limited(influxd2, tmp_path, BOTH))


def test_a_token_is_rotated_while_lines_wait(influxd2: Influxd2, tmp_path: Path) -> None:
    section = limited(influxd2, tmp_path, BOTH)
    first = influxd2.ask("GET", "/api/v2/authorizations", org=influxd2.org)["authorizations"][-1]
    now = time.time_ns()

    async def work(store: InfluxStore) -> None:
        assert not await store.write([line(now)])
        influxd2.ask("DELETE", f"/api/v2/authorizations/{first['id']}")
        with pytest.raises(StoreUnavailable, match="401") as caught:
            await store.write([line(now + 1)])
        assert "token_file" in caught.value.hint
        assert section.token_file is not None
        section.token_file.write_text(influxd2.new_token(BOTH, [influxd2.id_of(section.bucket)]))
        assert not await store.write([line(now + 1)])
        assert await store.counts("m", now, now + 2) == {"v": 2}

    use(work, section)
