"""The Mosquitto of docker-compose.yml, run for real: who may in, who may say what, and what it keeps."""

import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from devices import yaml
from ingest import setup
from ingest.setup.owner import NOBODY_ELSE, Owner
from ingest.simulator import events
from tests.fleet import HEARD
from tests.servers.influxdb import Influxd
from tests.servers.messnetz import Messnetz
from tests.servers.mosquitto import HOW
from tests.servers.process import ROOT, Process, answers_tcp, find_program, free_port, missing

DEV_EUI = "70b3d57ba0000a1c"
UP = f"application/1/device/{DEV_EUI}/event/up"
GATEWAY_UP = "eu868/gateway/0016c001ff10a235/event/up"
#: The first published example of a Decentlab DL-PM: 3.9 µg/m³.
PARTICLES = bytes.fromhex("021b50000f0c25002500270027002701f50107012c012d012d012d67bd618dbd10")
TOWN = """\
municipality: {id: town}
devices:
  - {id: luft-markt, site: Markt, dev_eui: 70b3d57ba0000a1c, type: decentlab-dl-pm}
"""
HERE = Owner(os.geteuid() or NOBODY_ELSE, os.getegid() or NOBODY_ELSE)


class Broker(Process):
    """Mosquitto with the files that `messnetz init` wrote, their paths and ports put right for here."""

    def __init__(self, folder: Path) -> None:
        program = find_program("mosquitto", "MESSNETZ_TEST_MOSQUITTO") or missing(HOW)
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        config = folder / "config/mosquitto"
        for file in (config / "mosquitto.conf", *(config / "listeners").iterdir()):
            text = file.read_text(encoding="utf-8")
            text = text.replace("/mosquitto/config", str(config))
            text = text.replace("/mosquitto/data", str(folder / "data/mosquitto"))
            text = text.replace("listener 1883", f"listener {self.port} 127.0.0.1")
            file.write_text(text.replace("listener 8883", f"listener {self.tls_port} 127.0.0.1"))
        with (config / "mosquitto.conf").open("a") as end:
            end.write("\nuser root\n")  # in a container it is somebody else from the start
        super().__init__(
            [str(program), "-c", str(config / "mosquitto.conf")],
            folder / "mosquitto.log",
            lambda: answers_tcp(self.port),
        )

    host = "127.0.0.1"

    def password(self, user: str) -> str:
        """The second line of its file."""
        return (self.folder / "config/secrets" / f"mqtt_{user}").read_text().splitlines()[1]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    setup.write(tmp_path, HERE, "en")
    one = Broker(tmp_path)
    one.start()
    yield one
    one.kill()


class Client:
    """An MQTT client with everything it got; `code` is how the broker answered its CONNECT."""

    def __init__(
        self,
        port: int,
        user: str | None = None,
        password: str | None = None,
        *,
        session: str = "",
        ca: str = "",
    ) -> None:
        self.got: list[str] = []
        self.code: Any = None
        self._confirmed: set[int] = set()
        self._connected = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=session, clean_session=not session)
        self._client.on_connect = self._on_connect
        self._client.on_message = lambda _client, _data, message: self.got.append(message.topic)
        self._client.on_publish = lambda _client, _data, mid, *_: self._confirmed.add(mid)
        self._client.username_pw_set(user, password)
        if ca:
            self._client.tls_set(ca_certs=ca, tls_version=ssl.PROTOCOL_TLS_CLIENT)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._connected.wait(30)

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, code: Any, _properties: Any) -> None:
        self.code = code
        self._connected.set()

    def subscribe(self, topics: str) -> None:
        """Until the broker has confirmed it."""
        done = threading.Event()
        self._client.on_subscribe = lambda *_: done.set()
        self._client.subscribe(topics, qos=1)
        assert done.wait(30)

    def publish(self, *topics: str, payload: bytes = b"{}") -> None:
        """At QoS 1, in this order, until the broker has confirmed all.

        It ends the connection of who says what is refused; the client comes back and says the rest.
        """
        sent = {self._client.publish(topic, payload, qos=1).mid for topic in topics}
        self._poll(lambda: sent <= self._confirmed)

    def wait_for(self, true: Callable[[list[str]], bool]) -> None:
        """Until that is true of the topics that came."""
        self._poll(lambda: true(self.got))

    def _poll(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not true():
            assert time.monotonic() < deadline, (self.got, self._confirmed)
            time.sleep(0.02)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def connect(broker: Broker) -> Iterator[Callable[..., Client]]:
    """A client of that user with its own password."""
    clients: list[Client] = []

    def start(user: str, **more: Any) -> Client:
        clients.append(Client(broker.port, user, broker.password(user), **more))
        assert clients[-1].code == 0, clients[-1].code
        return clients[-1]

    yield start
    for one in clients:
        one.close()


def test_nobody_gets_in_without_a_password_or_with_a_wrong_one(broker: Broker) -> None:
    for user, password in ((None, None), ("messnetz", None), ("messnetz", "x"), ("admin", "admin")):
        client = Client(broker.port, user, password)
        assert client.code.is_failure, (user, client.code)
        client.close()


# what may be said comes last: had the broker passed on what came before it, that would have come first
@pytest.mark.parametrize(
    ("user", "refused", "allowed"),
    [
        ("chirpstack", "v3/app@tenant/devices/x/up", UP),
        ("chirpstack", GATEWAY_UP.replace("/up", "/stats"), UP),
        ("gateways", UP, GATEWAY_UP.replace("/up", "/stats")),
    ],
)
def test_each_user_says_only_what_is_its_own(
    connect: Callable[..., Client], user: str, refused: str, allowed: str
) -> None:
    reader = connect("messnetz")
    reader.subscribe("#")
    connect(user).publish(refused, allowed)
    reader.wait_for(lambda got: allowed in got)
    assert reader.got == [allowed]


def test_messnetz_says_nothing_and_reads_only_what_it_needs(connect: Callable[..., Client]) -> None:
    reader = connect("messnetz")
    reader.subscribe("#")
    connect("messnetz").publish(UP, UP.replace("event/up", "command/down"))
    server = connect("chirpstack")
    server.publish(UP.replace("event/up", "event/ack"), GATEWAY_UP, UP.replace("up", "join"), UP)
    reader.wait_for(lambda got: UP in got)
    assert reader.got == [UP.replace("up", "join"), UP]


def test_chirpstack_hears_gateways_and_nothing_else(connect: Callable[..., Client]) -> None:
    server = connect("chirpstack")
    server.subscribe("#")
    server.publish(UP)
    connect("gateways").publish(GATEWAY_UP)
    server.wait_for(lambda got: GATEWAY_UP in got)
    assert server.got == [GATEWAY_UP]


def test_a_simulated_city_may_say_all_it_says_as_chirpstacks_user(
    broker: Broker, connect: Callable[..., Client]
) -> None:
    config = broker.folder / "config"
    shutil.copy2(ROOT / "config/sample/devices/giessen.yaml", config / "devices")
    ours = connect("messnetz")
    ours.subscribe("application/+/device/+/event/up")
    address = f"mqtt://chirpstack:{broker.password('chirpstack')}@127.0.0.1:{broker.port}"
    words = ("simulate", "-c", str(config / "messnetz.yaml"), "--broker", address, "--rate", "200")
    done = subprocess.run(
        [sys.executable, "-m", "ingest", *words, "--seconds", "2", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["published"] > 20
    ours.wait_for(lambda got: len(got) >= said["uplink"])


def test_what_waits_has_no_limit_by_number_and_survives_a_restart(
    broker: Broker, connect: Callable[..., Client]
) -> None:
    reader = connect("messnetz", session="messnetz")
    reader.subscribe("application/+/device/+/event/up")
    reader.close()
    server = connect("chirpstack")
    server.publish(*[UP] * 1500)  # its own limit would be 1000
    server.close()
    broker.stop()
    broker.start()
    reader = connect("messnetz", session="messnetz")
    reader.wait_for(lambda got: len(got) >= 1500)


def test_the_health_check_asks_with_a_name_and_fails_without(broker: Broker) -> None:
    said = yaml.read(ROOT / "docker-compose.yml")[1]
    asked = [str(word) for word in said["services"]["mosquitto"]["healthcheck"]["test"]]
    assert asked[0] == "CMD"
    command = [*(word.replace("$$", "$") for word in asked[1:]), "-h", "127.0.0.1", "-p", str(broker.port)]
    program = find_program("mosquitto_sub", "MESSNETZ_TEST_MOSQUITTO_SUB")
    command[0] = str(program or missing("mosquitto_sub is missing: `apt-get install mosquitto-clients`"))
    named = os.environ | {"XDG_CONFIG_HOME": str(broker.folder / "config/mosquitto/health")}
    for environment, well in ((named, True), ({**named, "XDG_CONFIG_HOME": "/nowhere"}, False)):
        done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
        assert (done.returncode == 0) is well, done


def test_tls_is_off_until_it_is_switched_on_and_then_as_its_file_says(
    tmp_path: Path, certificates: Path
) -> None:
    setup.write(tmp_path, HERE, "en")
    config = tmp_path / "config/mosquitto"
    off = config / "listeners/tls.conf.off"
    moved = re.search(r"mv (\S+) (\S+)", off.read_text(encoding="utf-8"))
    assert moved is not None
    (tmp_path / moved[1]).rename(tmp_path / moved[2])
    for kind in ("pem", "key"):
        certificate = (certificates / f"server.{kind}").read_bytes()
        (config / "certificates" / f"server.{kind}").write_bytes(certificate)
    broker = Broker(tmp_path)
    broker.start()
    try:
        client = Client(
            broker.tls_port, "messnetz", broker.password("messnetz"), ca=str(certificates / "ca.pem")
        )
        assert client.code == 0
        client.close()
        stranger = Client(broker.tls_port, "messnetz", "x", ca=str(certificates / "ca.pem"))
        assert stranger.code.is_failure
        stranger.close()
    finally:
        broker.kill()


def test_the_service_stores_what_chirpstacks_user_publishes(
    broker: Broker, connect: Callable[..., Client], own_influxdb: Influxd
) -> None:
    database = own_influxdb.new_database(broker.folder)
    config = broker.folder / "config/messnetz.yaml"
    written = config.read_text(encoding="utf-8")
    service = Messnetz(config.parent, {})
    here = (
        ("http://influxdb:8086", database.url),
        ("hours_bucket: hours", f"hours_bucket: {database.bucket}"),
        ("bays_bucket: bays", f"bays_bucket: {database.bucket}"),
        ("  bucket: readings", f"  bucket: {database.bucket}"),
        ("  org: messnetz", f"  org: {database.org or 'messnetz'}"),
        ("host: mosquitto\n", f"host: {broker.host}\n    port: {broker.port}\n"),
        ("operators:\n  host: 0.0.0.0", f"operators:\n  host: 127.0.0.1\n  port: {service.port}"),
        ("exports:\n  host: 0.0.0.0", "exports:\n  host: 127.0.0.1\n  port: 0"),
        ("store: influx", "store: influx\nstate: state"),
    )
    for theirs, ours in here:
        assert written.count(theirs) == 1, theirs
        written = written.replace(theirs, ours)
    config.write_text(written, encoding="utf-8")
    (config.parent / "secrets/influxdb/token").write_text(database.token, encoding="utf-8")
    (config.parent / "devices/town.yaml").write_text(TOWN, encoding="utf-8")
    service.start()
    try:
        service.wait_subscribed()
        frame = events.Frame(DEV_EUI, DEV_EUI, "", time.time_ns(), 1, 1, PARTICLES, None, HEARD, 9)
        server = connect("chirpstack")
        server.publish(
            events.topic("chirpstack", DEV_EUI, DEV_EUI, "up"),
            payload=events.uplink("chirpstack", frame, Random(1)),  # noqa: S311  ids of a frame
        )
        service.wait_until(lambda: database.count("air_quality", "pm2_5"), "the uplink is stored")
        [row] = database.rows("air_quality", ["device", "pm2_5"])
        assert (row["device"], row["pm2_5"]) == ("luft-markt", 3.9)
    finally:
        service.kill()
