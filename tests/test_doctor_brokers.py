"""The doctor at brokers: everything that can be wrong there is named, and no session notices the visit."""

import asyncio
import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from ingest.doctor import brokers
from ingest.doctor.patient import Service
from ingest.doctor.qos import judge_quality
from ingest.settings import Broker, Settings
from ingest.simulator.events import GATEWAYS
from tests.conftest import StartMosquitto
from tests.doctored import broker_of, found, patient_of, settings_of
from tests.fleet import Publisher, members, register, uplink
from tests.servers.messnetz import Messnetz
from tests.servers.mosquitto import Mosquitto
from tests.servers.process import free_port

FLEET = members("parametric-pcr2", 5)
SECRET = "not-to-be-shown"  # noqa: S105  a password for a broker of the test's own


def visit(tmp_path: Path, broker: Broker, **more: Any) -> dict[str, Any]:
    """What is found at one broker, by subject without the broker's name."""
    rows = found(brokers.check, patient_of(settings_of(tmp_path, brokers=[broker]), **more))
    assert not any(SECRET in one.what or SECRET in one.to_do for one in rows.values())
    return {name.removeprefix("town: "): one for name, one in rows.items()}


def said(member: Any, number: int, *, time_ns: int | None = None) -> tuple[str, bytes]:
    return uplink(member, number, {"LTR": 1, "RTL": 2}, port=14, time_ns=time_ns)


def credentials(folder: Path, password: str = SECRET) -> Path:
    file = folder / "broker.login"
    file.write_text(f"messnetz\n{password}\n")
    return file


def passwords(folder: Path) -> Path:
    file = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(file), "messnetz", SECRET], check=True)
    return file


def test_a_broker_that_is_right_is_said_to_be(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto(f"password_file {passwords(tmp_path)}")
    rows = visit(tmp_path, broker_of(broker.port, credentials_file=credentials(tmp_path)))
    assert {name: rows[name].state for name in ("network", "login", "topics")} == {
        "network": "ok",
        "login": "ok",
        "topics": "ok",
    }
    assert "mosquitto version" in rows["queue"].what
    assert "max_queued_messages" in rows["queue"].to_do
    assert rows["QoS 0"].state == "unknown"


def test_a_service_that_hangs_is_not_called_stopped(tmp_path: Path) -> None:
    broker = broker_of(1)
    settings = settings_of(tmp_path, brokers=[broker])
    (stopped,) = judge_quality(broker, patient_of(settings))
    assert "does not run" in stopped.what
    (hangs,) = judge_quality(broker, patient_of(settings, Service("mute", {})))
    assert "tells nothing of this broker" in hangs.what


def test_a_wrong_password_is_named_and_not_shown(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto(f"password_file {passwords(tmp_path)}")
    file = credentials(tmp_path, f"{SECRET}-2")
    rows = visit(tmp_path, broker_of(broker.port, credentials_file=file))
    assert rows["login"].state == "wrong"
    assert str(file) in rows["login"].to_do
    assert "topics" not in rows


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
def test_a_login_that_is_missing_is_asked_for(
    mosquitto: StartMosquitto, tmp_path: Path, protocol: str
) -> None:
    broker = mosquitto(f"password_file {passwords(tmp_path)}", "allow_anonymous false")
    rows = visit(tmp_path, broker_of(broker.port, protocol=protocol))
    assert rows["login"].state == "wrong"
    assert "credentials_file" in rows["login"].to_do


def test_limits_of_the_broker_are_seen_although_the_service_speaks_311(
    mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    broker = mosquitto("max_packet_size 100000", "max_inflight_messages 7")
    what = visit(tmp_path, broker_of(broker.port))["queue"].what
    assert "98 KiB" in what
    assert ", 7 messages" in what


def test_a_broker_that_is_down_is_named(tmp_path: Path) -> None:
    port = free_port()
    rows = visit(tmp_path, broker_of(port))
    assert rows["network"].state == "wrong"
    assert str(port) in rows["network"].what
    assert set(rows) == {"network", "QoS 0"}


def test_a_name_that_nobody_knows_is_named(tmp_path: Path) -> None:
    rows = visit(tmp_path, broker_of(1883, host="no-such-broker.invalid"))
    assert rows["network"].state == "wrong"
    assert "no-such-broker.invalid" in rows["network"].what


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """A port whose queue is full: who connects hears nothing, not even a refusal."""
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port: int = listener.getsockname()[1]
        for _ in range(4):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        yield port


def test_an_address_that_swallows_everything_ends_in_a_line(tmp_path: Path) -> None:
    with black_hole() as port:
        rows = visit(tmp_path, broker_of(port))
    assert rows["network"].state == "wrong"
    assert "no answer" in rows["network"].what


@pytest.mark.parametrize("tls", [False, True])
def test_a_broker_that_hangs_ends_in_a_line(
    mosquitto: StartMosquitto, tmp_path: Path, certificates: Path, tls: bool
) -> None:
    more = {"tls": {"ca_file": certificates / "ca.pem"}} if tls else {}
    broker = mosquitto()
    broker.freeze()
    try:
        rows = visit(tmp_path, broker_of(broker.port, **more))
    finally:
        broker.thaw()
    row = rows["TLS" if tls else "login"]
    assert row.state == "wrong"
    assert "takes the connection and does not answer within 5 s" in row.what
    assert "see on its machine whether it hangs" in row.to_do


@pytest.mark.parametrize(
    ("certificate", "authority", "state", "words"),
    [
        ("server", "ca", "warning", "days more"),  # it is made for 30 days
        ("expired", "ca", "wrong", "expired on 2020-02-01"),
        ("elsewhere", "ca", "wrong", "elsewhere.example"),
        ("server", "other", "wrong", "not trusted"),
    ],
)
def test_a_certificate_is_judged_by_authority_name_and_date(
    mosquitto: StartMosquitto,
    tmp_path: Path,
    certificates: Path,
    certificate: str,
    authority: str,
    state: str,
    words: str,
) -> None:
    files = (
        f"{kind}file {certificates}/{certificate}.{end}" for kind, end in (("cert", "pem"), ("key", "key"))
    )
    broker = mosquitto(*files)
    rows = visit(tmp_path, broker_of(broker.port, tls={"ca_file": certificates / f"{authority}.pem"}))
    assert (rows["TLS"].state, words in rows["TLS"].what) == (state, True)
    assert ("login" in rows) is (state == "warning")


def test_a_client_certificate_that_is_missing_is_asked_for(
    mosquitto: StartMosquitto, tmp_path: Path, certificates: Path
) -> None:
    names = ("cafile {}/ca.pem", "certfile {}/server.pem", "keyfile {}/server.key")
    broker = mosquitto(*(name.format(certificates) for name in names), "require_certificate true")
    rows = visit(tmp_path, broker_of(broker.port, tls={"ca_file": certificates / "ca.pem"}))
    assert rows["login"].state == "wrong"
    assert "tls.cert_file" in rows["login"].to_do


def test_plain_mqtt_at_a_tls_port_is_told(
    mosquitto: StartMosquitto, tmp_path: Path, certificates: Path
) -> None:
    broker = mosquitto(f"certfile {certificates}/server.pem", f"keyfile {certificates}/server.key")
    rows = visit(tmp_path, broker_of(broker.port))
    assert rows["login"].state == "wrong"
    assert "tls: {}" in rows["login"].to_do


class Stubborn:
    """A broker of a few bytes that grants what a test says, as real ones do by their rules."""

    def __init__(self, code: bytes) -> None:
        self._code = code
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                with connection, contextlib.suppress(OSError):
                    self._speak(connection)

    def _speak(self, connection: socket.socket) -> None:
        while packet := connection.recv(4096):
            kind = packet[0] >> 4
            if kind == 1:
                connection.sendall(b"\x20\x02\x00\x00")
            elif kind == 8:  # SUBSCRIBE: the packet's id, then a code for its one filter
                connection.sendall(b"\x90\x03" + packet[2:4] + self._code)
            elif kind == 10:
                connection.sendall(b"\xb0\x02" + packet[2:4])

    def close(self) -> None:
        self._server.close()


@pytest.mark.parametrize(("code", "words"), [(b"\x80", "refused: a/+/up"), (b"\x00", "QoS 0 only: a/+/up")])
def test_what_a_broker_does_not_grant_is_named(tmp_path: Path, code: bytes, words: str) -> None:
    broker = Stubborn(code)
    try:
        rows = visit(tmp_path, broker_of(broker.port, topics=["a/+/up"]))
    finally:
        broker.close()
    assert rows["topics"].state == "wrong"
    assert words in rows["topics"].what


def test_an_acl_that_grants_nothing_shows_as_silence(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    """Mosquitto's own ACL never refuses a subscription: it withholds the messages."""
    acl = tmp_path / "acl"
    acl.write_text("topic read $SYS/#\ntopic write application/#\n")
    broker = mosquitto(f"acl_file {acl}")
    with speaking(broker):
        rows = visit(tmp_path, broker_of(broker.port), listen_s=1)
    assert rows["topics"].state == "ok"
    assert rows["uplinks"].state == "warning"
    assert "ACL" in rows["uplinks"].to_do


@contextlib.contextmanager
def speaking(broker: Mosquitto, *, ahead_s: float = 0, registered: int = len(FLEET)) -> Iterator[None]:
    """Somebody publishes uplinks of the fleet meanwhile."""
    stop = threading.Event()

    def speak() -> None:
        publisher = Publisher(broker.port)
        number = 0
        while not stop.wait(0.05):
            now_ns = time.time_ns() + int(ahead_s * 1e9)
            publisher.publish([said(FLEET[number % registered], number, time_ns=now_ns)], rate=1000)
            number += 1
        publisher.close()

    thread = threading.Thread(target=speak)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_uplinks_are_heard_and_strangers_and_clocks_told(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto()
    register(tmp_path, FLEET[:-1])
    with speaking(broker):
        rows = visit(tmp_path, broker_of(broker.port), listen_s=2)
    assert rows["uplinks"].state == "warning"
    assert FLEET[-1].dev_eui in rows["uplinks"].to_do
    assert rows["clock"].state == "ok"


def test_a_network_server_whose_clock_is_ahead_is_told(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto()
    register(tmp_path, FLEET)
    with speaking(broker, ahead_s=400):
        rows = visit(tmp_path, broker_of(broker.port), listen_s=1)
    assert rows["uplinks"].state == "ok"
    assert rows["clock"].state == "wrong"


def test_a_wrong_format_is_told(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto()
    with speaking(broker):
        rows = visit(tmp_path, broker_of(broker.port, format="ttn", topics=["application/#"]), listen_s=1)
    assert rows["uplinks"].state == "warning"
    assert "`format`" in rows["uplinks"].to_do


@pytest.mark.parametrize(
    ("form", "setting"),
    [
        ("chirpstack", "qos=1 under [integration.mqtt]"),
        ("chirpstack_v3", "[application_server.integration.mqtt]"),
        ("ttn", "QoS 0 only"),
        ("auto", "qos=1"),
    ],
)
def test_the_share_of_qos_0_comes_from_the_service_with_the_setting_to_change(
    tmp_path: Path, form: str, setting: str
) -> None:
    counted = {"name": "town", "received": 200, "qos0": 50, "dropped": 0}
    rows = visit(
        tmp_path, broker_of(free_port(), format=form), service=Service("runs", {"sources": [counted]})
    )
    assert rows["QoS 0"].state == "warning"
    assert "50 of 200 messages (25 %)" in rows["QoS 0"].what
    assert setting in rows["QoS 0"].to_do


def session(broker: Mosquitto) -> paho.Client:
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="messnetz", clean_session=False)
    client.connect(broker.host, broker.port)
    return client


def with_session(broker: Mosquitto) -> None:
    """A session of the service's name, whose client is away."""
    client = session(broker)
    granted: list[Any] = []
    client.on_subscribe = lambda *_: granted.append(True)
    client.subscribe("application/#", qos=1)
    while not granted:
        client.loop(0.1)
    client.disconnect()
    client.loop(0.1)


def test_what_the_broker_dropped_for_want_of_room_is_told(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto("sys_interval 1", max_queued_messages=5)
    with_session(broker)
    publisher = Publisher(broker.port)
    publisher.publish([said(FLEET[0], number) for number in range(40)], rate=1000)
    publisher.close()
    until = time.monotonic() + 60
    while (row := visit(tmp_path, broker_of(broker.port))["queue"]).state != "warning":
        assert time.monotonic() < until, "the broker never told"
    assert "max_queued_messages" in row.to_do


def test_a_session_with_queued_messages_keeps_all_of_them(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto(max_queued_messages=0)
    with_session(broker)
    publisher = Publisher(broker.port)
    publisher.publish([said(FLEET[0], number) for number in range(40)], rate=1000)
    shared = {"share": "all", "client_id": "messnetz"}
    for more in ({}, {"protocol": "5"}, shared):
        rows = visit(tmp_path, broker_of(broker.port, **more), listen_s=0.5)
        assert rows["topics"].state == "ok"
    publisher.publish([said(FLEET[0], number) for number in range(40, 50)], rate=1000)
    publisher.close()
    broker.restart()  # which writes every session down
    assert b"messnetz-doctor" not in (broker.folder / "sessions/mosquitto.db").read_bytes()
    client = session(broker)
    heard: list[bytes] = []
    client.on_message = lambda _client, _data, message: heard.append(bytes(message.payload))
    until = time.monotonic() + 30
    while len(heard) < 50 and time.monotonic() < until:
        client.loop(0.1)
    client.disconnect()
    assert len(heard) == 50


def test_a_running_service_loses_nothing_by_a_visit(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto(max_queued_messages=0)
    here = {"name": "town", "format": "chirpstack", "host": broker.host, "port": broker.port}
    service = Messnetz(tmp_path / "service", {"store": "embedded", "brokers": [here]})
    register(service.folder, FLEET)
    service.start()
    try:
        service.wait_subscribed()
        publisher = Publisher(broker.port)
        messages = [said(FLEET[number % 5], number) for number in range(300)]
        visiting = threading.Thread(
            target=lambda: [service.run_command("doctor", "--listen", "1") for _ in range(2)]
        )
        visiting.start()
        publisher.publish(messages, rate=60)
        visiting.join()
        publisher.close()
        status = service.wait_until(
            lambda: (now := service.status_quick())["stored"] == 300 and now, "all are stored"
        )
        assert (status["received"], status["duplicate"]) == (300, 0)
        assert service.metrics()["messnetz_source_disconnects_total"] == 0
    finally:
        service.kill()


def test_several_brokers_are_visited_at_once(tmp_path: Path) -> None:
    """One that swallows everything keeps nobody waiting."""
    with black_hole() as port:
        two = [broker_of(port), broker_of(free_port(), name="other")]
        settings: Settings = settings_of(tmp_path, brokers=two)
        rows = {one.subject: one for one in asyncio.run(brokers.check(patient_of(settings)))}
    assert "no answer" in rows["town: network"].what
    assert "nothing listens" in rows["other: network"].what


def test_gateways_that_are_not_registered_are_told(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto()
    register(tmp_path, FLEET)
    with speaking(broker):
        rows = visit(tmp_path, broker_of(broker.port), listen_s=1)
    assert rows["gateways"].state == "warning"
    assert GATEWAYS[0].eui in rows["gateways"].what
