"""The operations guide: each chapter's commands are run, in their order, and answer what it says."""

import asyncio
import contextlib
import difflib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml12

from ingest import settings_file
from ingest.group import Group
from ingest.line_protocol import encode_row, tag
from ingest.settings import Settings
from ingest.spool import open_spool
from tests import guide
from tests.conftest import StartMosquitto
from tests.fleet import Publisher, members, register, uplink
from tests.guide import Command, File, Step
from tests.servers.influxdb import CONFIG, Database, Influxd
from tests.servers.influxdb2 import BOTH, Influxd2
from tests.servers.messnetz import Messnetz
from tests.servers.mosquitto import Mosquitto
from tests.servers.process import free_port

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LANGUAGES = ("de", "en")
AIR = "decentlab-dl-pm"
OPERATORS, DATABASE = "http://localhost:9464", "http://localhost:8086"


def read(language: str) -> str:
    return (DOCS / f"operations.{language}.md").read_text(encoding="utf-8")


class Installed(Messnetz):
    """The service as the guide has it: config/ and state/ side by side."""

    @property
    def state(self) -> Path:
        return self.folder.parent / "state"


class Operator:
    """Someone who does what a chapter says, in the folder of an installation with a running service."""

    def __init__(self, folder: Path, broker: Mosquitto, language: str, **more: Any) -> None:
        self.folder = folder / "messnetz"
        self.broker = broker
        self.language = language
        here = {"name": "lorawan", "format": "chirpstack", "host": broker.host, "port": broker.port}
        self.settings = {
            "store": "embedded",
            "language": language,
            "brokers": [here],
            "state": "../state",
            **more,
        }
        self.service = Installed(self.folder / "config", self.settings)
        (self.folder / "config/state").rmdir()
        self.fleet = members(AIR, 2)
        register(self.folder / "config", self.fleet)
        self.database = DATABASE
        self._programs = folder / "bin"
        self._programs.mkdir()
        script = self._programs / "messnetz"
        locale = {"de": "de_DE", "en": "en_GB"}[language]  # what bash itself says stays English
        environment = f"LC_ALL={locale}.UTF-8 PYTHONPATH={ROOT}"
        script.write_text(f'#!/bin/sh\n{environment} exec {sys.executable} -m ingest "$@"\n')
        script.chmod(0o755)
        self._sent = 0

    def start(self) -> None:
        self.service.start()
        self.service.wait_subscribed()

    def send(self, count: int) -> None:
        """So many uplinks, of now; returns when the service has answered for them."""
        publisher = Publisher(self.broker.port)
        before = self.service.status_quick()["received"]
        numbers = range(self._sent, self._sent + count)
        self._sent += count
        now = time.time_ns() - 10**9
        publisher.publish(
            (
                uplink(self.fleet[0], n, {"pm2_5_mass_concentration": {"value": 5}}, time_ns=now + n * 10**6)
                for n in numbers
            ),
            rate=1000,
        )
        publisher.close()
        self.service.wait_until(
            lambda: self.service.status_quick()["received"] == before + count, "the uplinks came"
        )

    def settle(self) -> None:
        """Until everything is in the store."""
        self.service.wait_until(self._settled, "everything is written")

    def _settled(self) -> bool:
        status = self.service.status_quick()
        return not status["in_flight"] and not status["lines_waiting"] and bool(status["ready"])

    def do(self, step: Step) -> str | None:
        match step:
            case File("config/messnetz.yaml", text):
                changed: Any = yaml12.parse_yaml(text.replace(DATABASE, self.database))
                self.settings |= changed
                self.service.configure(self.settings)
            case Command(typed=typed):
                return self._run(typed)
        return None

    def _run(self, typed: str) -> str | None:
        if ours := re.fullmatch(r"systemctl (start|stop|restart|reload) (messnetz|mosquitto)", typed):
            self._serve(ours[1], ours[2])
            return None
        own = {OPERATORS: f"http://127.0.0.1:{self.service.port}", DATABASE: self.database}
        for told, real in own.items():
            typed = typed.replace(told, real)
        done = subprocess.run(
            ["bash", "-c", guide.today(typed)],
            cwd=self.folder,
            env=os.environ
            | {
                "PATH": f"{self._programs}:{os.environ['PATH']}",
                "LC_ALL": "C.UTF-8",
                "NO_COLOR": "1",
                "TERM": "dumb",
                "COLUMNS": "400",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        return done.stdout

    def _serve(self, what: str, name: str) -> None:
        if name == "mosquitto":
            os.kill(self.broker.pid, signal.SIGHUP)
            return
        if what != "start":
            self.service.stop()
        if what != "stop":
            self.start()


def follow(operator: Operator, number: int, *, before: dict[int, Callable[[], object]] | None = None) -> None:
    """Do a chapter; `before` prepares its n-th command, counted from 0."""
    commands = 0
    for step in guide.steps(guide.section(read(operator.language), number)):
        if isinstance(step, Command):
            prepare = (before or {}).get(commands)
            commands += 1
            if prepare is not None:
                prepare()
        said = operator.do(step)
        if isinstance(step, Command) and said is not None:
            assert guide.agrees(step.answer, said), "\n".join(
                [
                    f"$ {step.typed}",
                    *difflib.unified_diff(
                        step.answer.splitlines(), said.splitlines(), "guide", "said", lineterm=""
                    ),
                ]
            )


class Begin:
    """Makes an operator, who is stopped at the end."""

    def __init__(self, tmp_path: Path, language: str) -> None:
        self.tmp_path = tmp_path
        self.language = language
        self.made: list[Operator] = []

    def __call__(self, broker: Mosquitto, **more: Any) -> Operator:
        self.made.append(Operator(self.tmp_path, broker, self.language, **more))
        return self.made[-1]


@pytest.fixture(params=LANGUAGES)
def begin(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Begin]:
    one = Begin(tmp_path, request.param)
    yield one
    for operator in one.made:
        operator.service.kill()


def influx(url: str, **more: Any) -> dict[str, Any]:
    return {"store": "influx", "influx": {"url": url, "bucket": "messnetz", **more}}


def test_1_the_first_day(begin: Begin, mosquitto: StartMosquitto) -> None:
    operator = begin(mosquitto())

    def send() -> None:
        operator.send(1)
        operator.settle()

    follow(operator, 1, before={4: send})
    assert (operator.folder / ("neue-stadt" if begin.language == "de" else "new-town") / "config").is_dir()


def old_spool(path: Path) -> None:
    """The spool of version 2, as the version before wrote it."""
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE frames")
    connection.execute("PRAGMA user_version = 2")
    connection.commit()
    connection.close()


def test_2_upgrade_and_back(begin: Begin, mosquitto: StartMosquitto) -> None:
    operator = begin(mosquitto())
    operator.start()
    operator.send(3)
    operator.settle()
    spool = operator.folder / "state/spool.db"

    def upgrade() -> None:
        operator.service.stop()
        old_spool(spool)

    def written() -> None:
        operator.send(3)
        operator.settle()

    follow(operator, 2, before={2: upgrade, 4: written})
    connection = sqlite3.connect(spool)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT count(*) FROM states").fetchone()[0] >= 0
    connection.close()
    operator.start()  # of this version again: it takes the old one up once more
    operator.send(3)
    operator.settle()


def test_3_backup_and_restore(begin: Begin, mosquitto: StartMosquitto) -> None:
    operator = begin(mosquitto())
    operator.start()
    operator.send(3)
    operator.settle()
    follow(operator, 3)
    new = operator.folder.parent / ("neu" if begin.language == "de" else "new")
    rows = "SELECT * FROM points ORDER BY 1, 2"
    with contextlib.closing(sqlite3.connect(new / "state/store.db")) as restored:
        found = restored.execute(rows).fetchall()
    with contextlib.closing(sqlite3.connect(operator.folder / "state/store.db")) as old:
        assert set(found) <= set(old.execute(rows).fetchall())
    assert found


def test_4_a_full_disk(begin: Begin, mosquitto: StartMosquitto, small_disk: Path) -> None:
    operator = begin(mosquitto(max_queued_messages=0))
    shutil.rmtree(operator.folder / "state", ignore_errors=True)
    (operator.folder / "state").symlink_to(small_disk)
    operator.start()

    def fill() -> None:
        (small_disk / "spool.db.version-2").write_bytes(bytes(61 * 1024**2))
        publisher = Publisher(operator.broker.port)
        said = {"pm2_5_mass_concentration": {"value": 5}}
        publisher.publish((uplink(operator.fleet[0], n, said) for n in range(20_000)), rate=20_000)
        publisher.close()
        operator.service.wait_until(
            lambda: any("disk" in one for one in operator.service.readiness()[1]), "the disk is full"
        )

    follow(operator, 4, before={0: fill, 3: operator.settle})
    assert operator.service.status_quick()["stored"] == 20_000


def test_5_a_damaged_spool(begin: Begin, mosquitto: StartMosquitto, own_influxdb1: Influxd) -> None:
    database = own_influxdb1
    query(database, "CREATE DATABASE messnetz")
    operator = begin(mosquitto(), **influx(database.url))
    operator.database = database.url
    operator.service.folder.mkdir(exist_ok=True)
    asyncio.run(fill_spool(operator.folder / "state"))
    spool = operator.folder / "state/spool.db"
    with spool.open("r+b") as file:  # the table of totals is missed at the start
        whole = file.read()
        file.seek(0)
        file.write(whole.replace(b"CREATE TABLE totals", b"CREATE TABLE tatols"))
    operator.start()
    operator.service.wait_until(lambda: list(spool.parent.glob("*.damaged-*")), "it is set aside")
    follow(operator, 5)
    found = query(database, "SELECT count(pm2_5) FROM air_quality", db="messnetz")
    assert found[0]["values"][0][1] == 500


def test_5_what_was_salvaged_goes_into_three_buckets_of_influxdb_2(begin: Begin, influxd2: Influxd2) -> None:
    chapter = guide.section(read(begin.language), 5)
    part = [step.typed for step in guide.steps(chapter) if isinstance(step, Command) and "grep" in step.typed]
    [write] = re.findall(r"^```text\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)
    names = {name: f"{name}{uuid.uuid4().hex[:6]}" for name in ("readings", "hours", "bays")}
    token = influxd2.new_token(BOTH, [influxd2.new_bucket(name) for name in names.values()])
    folder = begin.tmp_path
    (folder / "config/secrets/influxdb").mkdir(parents=True)
    (folder / "config/secrets/influxdb/token").write_text(f"{token}\n")
    rows = {
        "readings": [
            "air_quality,device=luft pm2_5=5.0 1",
            "parking,device=lot:a:b,lot=b occupied_bays=1i 1",
        ],
        "hours": ["air_quality_1h,device=luft pm2_5=5.0 1", "parking_1h,device=p,bay=1 occupied=0.5 1"],
        "bays": ["parking,device=p,bay=1 occupied=1i 1"],
    }
    salvaged = "gerettet.txt" if begin.language == "de" else "salvaged.txt"
    (folder / salvaged).write_text("".join(f"{line}\n" for lines in rows.values() for line in lines))
    write = write.replace(DATABASE, influxd2.url).replace("org=messnetz", f"org={influxd2.org}")
    for name, real in names.items():
        (folder / f"{real}.txt").symlink_to(f"{name}.txt")
        write = re.sub(rf"\b{name}\b", real, write)
    said = subprocess.run(
        ["bash", "-c", "\n".join([*part, write])], cwd=folder, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["204"] * 3, said
    for name, lines in rows.items():
        where = Database(folder, influxd2.url, names[name], influxd2.org, token)
        stored = {name for (name,) in where.query("SHOW MEASUREMENTS")[0]["values"]}
        assert stored == {line.partition(",")[0] for line in lines}


async def fill_spool(state: Path) -> None:
    spool = open_spool(state, Settings.model_fields["spool"].default)
    now = time.time_ns()
    for group in range(50):
        lines = [
            encode_row("air_quality", tag("device", "luft"), {"pm2_5": 5.0}, now + 10 * group + n)
            for n in range(10)
        ]
        await spool.commit(Group(lines, [], [], {}))
    spool.close()


def query(server: Influxd, text: str, *, login: str = "", db: str = "") -> list[dict[str, Any]]:
    """One statement of InfluxQL."""
    words = ["curl", "-s", "-X", "POST", f"{server.url}/query", "--data-urlencode", f"q={text}"]
    words += ["--data-urlencode", f"db={db}"] if db else []
    words += ["-u", login] if login else []
    said = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    assert "error" not in said["results"][0], said
    return list(said["results"][0].get("series", []))


class InfluxdWithLogin(Influxd):
    """An InfluxDB 1.8 that asks for a user."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        config = folder / "influxdb.conf"
        config.write_text(config.read_text().replace("[http]", "[http]\nauth-enabled = true"))


def test_6_a_rotated_token(begin: Begin, mosquitto: StartMosquitto, tmp_path: Path) -> None:
    assert "[http]" in CONFIG
    server = InfluxdWithLogin(tmp_path / "influxd")
    server.start()
    try:
        query(server, "CREATE USER messnetz WITH PASSWORD 'alt' WITH ALL PRIVILEGES")
        query(server, "CREATE DATABASE messnetz", login="messnetz:alt")
        operator = begin(mosquitto(), **influx(server.url, token_file="secrets/influxdb/token"))  # noqa: S106  a path
        secrets = operator.folder / "config/secrets/influxdb"
        secrets.mkdir(parents=True)
        (secrets / "token").write_text("messnetz:alt\n")
        operator.start()
        operator.send(3)
        operator.settle()

        def rotate() -> None:
            new = "neues-passwort" if begin.language == "de" else "new-password"
            query(server, f"SET PASSWORD FOR messnetz = '{new}'", login="messnetz:alt")
            operator.send(3)
            operator.service.wait_until(
                lambda: any("401" in one for one in operator.service.readiness()[1]), "it is refused"
            )

        follow(operator, 6, before={0: rotate, 4: operator.settle})
    finally:
        server.kill()


def test_7_a_certificate(begin: Begin, mosquitto: StartMosquitto, certificates: Path, tmp_path: Path) -> None:
    shown, renewed = tmp_path / "messnetz/broker", tmp_path / "neues-zertifikat"
    if begin.language == "en":
        renewed = tmp_path / "new-certificate"
    for folder in (shown, renewed):
        folder.mkdir(parents=True)
        for name in ("server.pem", "server.key"):
            shutil.copy(certificates / name, folder)
    port = free_port()
    files = (f"certfile {shown}/server.pem", f"keyfile {shown}/server.key")
    broker = mosquitto(f"listener {port} 127.0.0.1", *files, "allow_anonymous true")
    here = {"name": "lorawan", "format": "chirpstack", "host": "127.0.0.1", "port": port}
    operator = begin(broker, brokers=[here | {"tls": {"ca_file": str(certificates / "ca.pem")}}])
    operator.start()
    follow(operator, 7)
    operator.service.wait_until(lambda: operator.service.metrics()["messnetz_source_connected"], "it stands")


def test_8_to_influxdb(begin: Begin, mosquitto: StartMosquitto, own_influxdb1: Influxd) -> None:
    operator = begin(mosquitto())
    operator.database = own_influxdb1.url
    operator.start()
    operator.send(20)
    operator.settle()
    follow(operator, 8)
    found = query(own_influxdb1, "SELECT count(pm2_5) FROM air_quality", db="messnetz")
    assert found[0]["values"][0][1] == 20


def test_8_to_influxdb_2(begin: Begin, mosquitto: StartMosquitto, influxd2: Influxd2, tmp_path: Path) -> None:
    operator = begin(mosquitto())
    operator.start()
    operator.send(20)
    operator.settle()
    database = influxd2.new_database(tmp_path)
    section = database.settings().model_dump(mode="json", exclude_defaults=True)
    for step in guide.steps(guide.section(read(begin.language), 8)):
        if isinstance(step, File):
            operator.settings |= {"store": "influx", "influx": section}
            operator.service.configure(operator.settings)
        elif isinstance(step, Command) and not step.typed.startswith("curl"):  # it makes a database of 1.8
            said = operator.do(step)
            assert said is None or guide.agrees(step.answer, said), said
    assert database.count("air_quality", "pm2_5") == 20


def test_9_the_settings_of_a_shared_subscription_are_taken(begin: Begin, mosquitto: StartMosquitto) -> None:
    operator = begin(mosquitto())
    for step in guide.steps(guide.section(read(begin.language), 9)):
        operator.do(step)
    [broker] = settings_file.load(operator.service.config).brokers
    assert (broker.share, broker.client_id) == ("messnetz", "messnetz-1")


def test_9_mosquitto_gives_one_topic_to_all_of_a_group(mosquitto: StartMosquitto) -> None:
    from paho.mqtt import client as paho  # noqa: PLC0415
    from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415

    broker = mosquitto()
    got: list[list[int]] = [[], []]
    clients = []
    for number in range(2):
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"group-{number}")
        subscribed: list[int] = []
        client.on_subscribe = lambda *_, done=subscribed: done.append(1)
        client.on_message = lambda _client, _data, message, mine=got[number]: mine.append(message.mid)
        client.connect(broker.host, broker.port)
        client.loop_start()
        client.subscribe("$share/messnetz/application/#", 1)
        while not subscribed:
            time.sleep(0.01)
        clients.append(client)
    publisher = Publisher(broker.port)
    publisher.publish((("application/a/device/b/event/up", b"x") for _ in range(20)), rate=1000)
    publisher.close()
    deadline = time.monotonic() + 60
    while len(got[0]) + len(got[1]) < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    for client in clients:
        client.disconnect()
        client.loop_stop()
    assert got[0]
    assert got[1]


def test_both_guides_have_the_same_chapters_and_ask_for_the_same_commands() -> None:
    german, english = (read(language) for language in LANGUAGES)
    assert [level for level, _ in guide.headings(german)] == [level for level, _ in guide.headings(english)]
    done = [[type(step) for step in guide.steps(text)] for text in (german, english)]
    assert done[0] == done[1]


def test_the_german_guide_addresses_nobody_by_sie_or_du() -> None:
    assert (
        re.findall(r"\b(?:Ihnen|Ihre?[mnrs]?\b(?= [a-z])|[Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b", read("de"))
        == []
    )


def test_every_chapter_of_the_table_is_there() -> None:
    for language in LANGUAGES:
        text = read(language)
        numbers = [int(number) for number in re.findall(r"^\| .* \| \[(\d+)\]", text, re.MULTILINE)]
        headings = [int(words.split(".")[0]) for level, words in guide.headings(text) if level == 2]
        assert numbers == headings == list(range(1, len(headings) + 1))


def test_noise_is_no_command() -> None:
    """What a chapter calls a console block is all run: there is no other kind of block but text and files."""
    kinds = set(re.findall(r"^ *```(\w*)$", read("de") + read("en"), re.MULTILINE)) - {""}
    assert kinds <= {"console", "text", "yaml"}
