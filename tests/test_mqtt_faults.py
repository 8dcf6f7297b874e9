"""What goes wrong between a broker and us, and that the source comes through it with nothing lost."""

import asyncio
import base64
import contextlib
import gc
import hashlib
import math
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from random import Random
from typing import Any

import aiomqtt
import paho.mqtt.client as paho
import pytest

from ingest import dial, mqtt
from ingest.broker import embedded_broker
from ingest.mqtt import MqttSource
from ingest.settings import Broker, Tls
from tests.conftest import StartMosquitto
from tests.contracts.source import LOOPS, Recorder, eventually, running, settle
from tests.fakes.source import RecordedEvents
from tests.proxy import Proxy
from tests.servers.mosquitto import Mosquitto
from tests.servers.process import free_port

Run = Callable[[Coroutine[Any, Any, None]], None]
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(params=LOOPS, ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    def run(main: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(main)

    return run


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "FIRST_DELAY_S", 0.01)
    monkeypatch.setattr(mqtt, "LONGEST_DELAY_S", 0.02)
    monkeypatch.setattr(mqtt, "TICK_S", 0.02)


def settings(port: int, **more: Any) -> Broker:
    """Settings of a broker; `more` may be outside what a file may say."""
    broker = Broker(name="stadt", format="chirpstack", host="127.0.0.1", port=port, topics=("t/#",))
    return broker.model_copy(update=more)


def connect(port: int, **more: Any) -> tuple[MqttSource, Recorder, RecordedEvents]:
    intake, events = Recorder(), RecordedEvents()
    return MqttSource(settings(port, **more), intake, events), intake, events


async def publish(port: int, *payloads: bytes) -> None:
    async with aiomqtt.Client("127.0.0.1", port) as publisher:
        for payload in payloads:
            await publisher.publish("t/1", payload, qos=1)


def numbered(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def acknowledged(broker: Mosquitto) -> list[int]:
    """Packet ids in the order in which the broker saw their PUBACK (needs `log_type all`)."""
    return [int(mid) for mid in re.findall(r"PUBACK from messnetz \(Mid: (\d+)", broker.log.read_text())]


# --- connections that break ----------------------------------------------------------------------------


def test_answers_for_a_lost_session_do_not_delete_messages_of_the_new_one(
    run: Run, mosquitto: StartMosquitto
) -> None:
    broker = mosquitto("log_type all")

    async def main() -> None:
        source, intake, events = connect(broker.port)
        async with running(source):
            await publish(broker.port, b"1", b"2", b"3")
            stale = await intake.receives(b"1", b"2", b"3")
            await asyncio.to_thread(broker.restart, lose_sessions=True)
            await eventually(lambda: len(events.all("connected")) == 2)
            assert "session_present=False" in events.all("connected")[1]
            await publish(broker.port, b"4", b"5", b"6")
            fresh = await intake.receives(b"4", b"5", b"6")
            settle(*stale)
            settle(fresh[0])
            await eventually(lambda: acknowledged(broker) == [1])
            await asyncio.to_thread(broker.restart)
            await intake.receives(b"5", b"6")

    run(main())


def test_a_reset_connection_comes_back_into_its_session(run: Run, mosquitto: StartMosquitto) -> None:
    broker = mosquitto()

    async def main() -> None:
        async with Proxy(broker.port) as proxy:
            source, _, events = connect(proxy.port)
            async with running(source):
                proxy.reset()
                await eventually(lambda: len(events.all("connected")) == 2)
                assert "session_present=True" in events.all("connected")[1]
                assert "broke off" in events.all("disconnected")[0]

    run(main())


def test_a_half_open_connection_is_noticed_and_replaced(
    run: Run, mosquitto: StartMosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "PATIENCE_S", 0.2)
    broker = mosquitto()

    async def main() -> None:
        async with Proxy(broker.port) as proxy:
            source, intake, events = connect(proxy.port, keepalive=1)
            async with running(source):
                proxy.freeze()
                await publish(broker.port, b"1")
                await eventually(lambda: bool(events.all("disconnected")))
                assert "did not answer our ping" in events.all("disconnected")[0]
                await eventually(lambda: "did not answer CONNECT" in source.trouble)
                proxy.thaw()
                await eventually(lambda: intake.payloads[-1:] == [b"1"])
                await eventually(lambda: source.connected)

    run(main())


def test_a_broker_that_accepts_and_says_nothing_is_given_up(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "PATIENCE_S", 0.1)

    async def main() -> None:
        async with scripted(lambda reader, _writer: swallow(reader)) as port:
            source, _, events = connect(port)
            async with running(source, connected=False):
                await eventually(lambda: len(events.all("connect_failed")) >= 2)
                assert "did not answer CONNECT" in source.trouble

    run(main())


def test_a_broker_that_leaves_the_subscription_unanswered_is_given_up(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "PATIENCE_S", 0.1)

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_packet(reader)
        writer.write(CONNACK)
        await swallow(reader)

    async def main() -> None:
        async with scripted(script) as port:
            source, _, events = connect(port)
            async with running(source, connected=False):
                await eventually(lambda: len(events.all("connect_failed")) >= 2)
                assert "did not answer SUBSCRIBE" in source.trouble
                assert not source.connected

    run(main())


def test_brokers_that_hang_in_the_handshake_delay_no_other(run: Run, mosquitto: StartMosquitto) -> None:
    broker = mosquitto()
    hanging: list[asyncio.StreamReader] = []

    async def script(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        hanging.append(reader)
        await swallow(reader)

    async def main() -> None:
        async with scripted(script) as port, contextlib.AsyncExitStack() as stack:
            many = 40  # more than the default pool of threads would take
            for _ in range(many):
                source, _, _ = connect(port, tls=Tls())
                await stack.enter_async_context(running(source, connected=False))
            await eventually(lambda: len(hanging) == many)
            source, intake, _ = connect(broker.port)
            async with running(source):
                await publish(broker.port, b"1")
                await intake.receives(b"1")

    run(main())


def test_a_broker_that_is_down_at_the_start_is_waited_for(run: Run, mosquitto: StartMosquitto) -> None:
    broker = mosquitto()
    broker.stop()

    async def main() -> None:
        source, intake, _ = connect(broker.port)
        async with running(source, connected=False):
            await eventually(lambda: "nothing listens there" in source.trouble)
            await asyncio.to_thread(broker.start)
            await eventually(lambda: source.connected)
            await publish(broker.port, b"1")
            await intake.receives(b"1")

    run(main())


def test_it_sends_its_answers_and_a_goodbye_when_it_is_stopped(run: Run, mosquitto: StartMosquitto) -> None:
    broker = mosquitto("log_type all")

    async def main() -> None:
        source, intake, _ = connect(broker.port)
        async with running(source):
            await publish(broker.port, *numbered(3))
            settle(*await intake.receives(*numbered(3)))
        await eventually(lambda: "Client messnetz disconnected" in broker.log.read_text())
        assert acknowledged(broker) == [1, 2, 3]

    run(main())


def block_sends(monkeypatch: pytest.MonkeyPatch, times: float) -> None:
    """Let the next `times` sends of paho find no room in the socket's buffer."""
    real = paho.Client._sock_send
    left = times

    def send(client: paho.Client, data: bytes | bytearray) -> int:
        nonlocal left
        left -= 1
        if left >= 0:
            client._call_socket_register_write()
            raise BlockingIOError
        return real(client, data)

    monkeypatch.setattr(paho.Client, "_sock_send", send)


def test_answers_wait_for_room_in_the_socket(
    run: Run, mosquitto: StartMosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = mosquitto("log_type all")

    async def main() -> None:
        source, intake, _ = connect(broker.port)
        async with running(source):
            await publish(broker.port, *numbered(3))
            deliveries = await intake.receives(*numbered(3))
            block_sends(monkeypatch, 5)
            settle(*deliveries)
            await eventually(lambda: acknowledged(broker) == [1, 2, 3])

    run(main())


def test_a_goodbye_that_finds_no_room_does_not_keep_the_socket(
    run: Run, mosquitto: StartMosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = mosquitto("log_type all")

    async def main() -> None:
        source, intake, events = connect(broker.port)
        async with running(source):
            await publish(broker.port, b"1")
            settle(*await intake.receives(b"1"))
            block_sends(monkeypatch, math.inf)
        await eventually(lambda: "Client messnetz closed its connection" in broker.log.read_text())
        gc.collect()  # paho closes once more
        assert events.all("source_error") == []

    run(main())


def test_a_killed_process_is_sent_again_what_it_did_not_answer(
    run: Run, mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    broker = mosquitto()
    started, taken = tmp_path / "started", tmp_path / "taken"
    program = f"""
import asyncio, pathlib
from ingest.mqtt import MqttSource
from tests.fakes.source import RecordedEvents
from tests.test_mqtt_faults import settings
class Keep:
    def on_delivery(self, delivery): pathlib.Path({str(taken)!r}).touch()
    def on_drained(self): pass
async def main():
    source = MqttSource(settings({broker.port}), Keep(), RecordedEvents())
    running = asyncio.create_task(source.run())
    while not source.connected: await asyncio.sleep(0.01)
    pathlib.Path({str(started)!r}).touch()
    await running
asyncio.run(main())
"""
    child = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[1])

    async def main() -> None:
        await eventually(started.exists)
        await publish(broker.port, b"1")
        await eventually(taken.exists)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        source, intake, _ = connect(broker.port)
        async with running(source):
            (again,) = await intake.receives(b"1")
            assert again.redelivered

    try:
        run(main())
    finally:
        child.kill()
        child.wait()


# --- brokers that refuse us -----------------------------------------------------------------------------


def password_line(user: str, password: str) -> str:
    """A line of Mosquitto's password file (PBKDF2, as mosquitto_passwd writes it)."""
    salt = b"twelve bytes"
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101)
    return f"{user}:$7$101${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}\n"


def test_a_rotated_password_is_read_at_the_next_attempt_and_never_told(
    run: Run, mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    passwords, credentials = tmp_path / "passwords", tmp_path / "credentials"
    passwords.write_text(password_line("city", "right-secret"))
    broker = mosquitto("allow_anonymous false", f"password_file {passwords}")

    async def main() -> None:
        source, _, events = connect(broker.port, credentials_file=credentials)
        async with running(source, connected=False):
            await eventually(lambda: f"`credentials_file` {credentials} is not there" in source.trouble)
            credentials.write_text("city\nwrong-secret\n")
            await eventually(lambda: "it refused us" in source.trouble)
            assert f"check user name and password in {credentials}" in source.trouble
            credentials.write_bytes(b"\xef\xbb\xbfcity\r\nright-secret\r\n")  # as an editor on Windows may
            await eventually(lambda: source.connected)
        assert "secret" not in repr(events.seen)

    run(main())


def test_a_broker_that_wants_a_login_is_named_so(run: Run, mosquitto: StartMosquitto) -> None:
    broker = mosquitto("allow_anonymous false")

    async def main() -> None:
        for protocol in ("3.1.1", "5"):
            source, _, _ = connect(broker.port, protocol=protocol)
            async with running(source, connected=False):
                await eventually(lambda: "set `credentials_file`" in source.trouble)  # noqa: B023

    run(main())


def test_a_refused_subscription_is_trouble_and_tried_again(run: Run) -> None:
    granted = iter([0x80, 0x80, 1])

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accept(reader, writer, granted=next(granted))
        await swallow(reader)

    async def main() -> None:
        async with scripted(script) as port:
            source, _, events = connect(port)
            async with running(source):
                assert len(events.all("connect_failed")) == 2
                assert "it refused to subscribe us to t/#" in events.all("connect_failed")[0]

    run(main())


def test_default_topics_that_a_broker_keeps_from_us_are_named_and_the_others_stand(run: Run) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accept(reader, writer, granted=1, more=[1, 1, 0x80, 0x80])
        await swallow(reader)

    async def main() -> None:
        async with scripted(script) as port:
            source, _, events = connect(port, topics=())
            async with running(source):
                assert events.all("connect_failed") == []
                (words,) = events.all("subscribed_in_part")
                assert "gateway/+/event/stats" in words
                assert "/event/up" not in words
                assert "qos=1" in events.all("connected")[0]

    run(main())


def test_a_broker_that_ends_the_connection_is_quoted_with_advice(run: Run) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accept(reader, writer, protocol="5")
        writer.write(bytes([0xE0, 1, 0x8E]))  # DISCONNECT: session taken over
        await swallow(reader)

    async def main() -> None:
        async with scripted(script) as port:
            source, _, events = connect(port, protocol="5")
            async with running(source, connected=False):
                await eventually(lambda: bool(events.all("disconnected")))
        assert "it ended the connection (Session taken over)" in events.all("disconnected")[0]
        assert "`client_id` must be unique" in events.all("disconnected")[0]

    run(main())


# --- TLS -------------------------------------------------------------------------------------------------


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority `ca`, `server` (for 127.0.0.1) and `client` signed by it, and a stranger."""
    folder = tmp_path_factory.mktemp("certificates")
    new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    for name in ("ca", "stranger"):
        openssl(
            folder, *new, "-x509", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem"
        )
    (folder / "server.ext").write_text("subjectAltName=IP:127.0.0.1\n")
    (folder / "client.ext").write_text("keyUsage=digitalSignature\n")
    for name in ("server", "client"):
        openssl(folder, *new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        signer = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", f"{name}.ext")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", *signer, "-out", f"{name}.pem")
    return folder


@pytest.fixture
def tls_broker(mosquitto: StartMosquitto, certificates: Path) -> tuple[Mosquitto, int]:
    """A broker that asks for client certificates on its port, and its second port without TLS."""
    plain = free_port()
    broker = mosquitto(
        f"cafile {certificates}/ca.pem",
        f"certfile {certificates}/server.pem",
        f"keyfile {certificates}/server.key",
        "require_certificate true",
        f"listener {plain} 127.0.0.1",
    )
    return broker, plain


def client_tls(folder: Path) -> Tls:
    return Tls(ca_file=folder / "ca.pem", cert_file=folder / "client.pem", key_file=folder / "client.key")


def test_tls_with_a_client_certificate_delivers_everything_in_bounded_turns(
    run: Run, tls_broker: tuple[Mosquitto, int], certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "MESSAGES_A_TURN", 5)
    broker, plain = tls_broker
    payloads = [bytes([number]) * (200_000 if number == 3 else number) for number in range(19)]

    async def main() -> None:
        source, intake, _ = connect(broker.port, tls=client_tls(certificates))
        turns: list[int] = []
        intake.on_each = lambda _delivery: turns.append(intake.undrained)
        async with running(source):
            source.pause()
            await publish(plain, *payloads)
            source.resume()
            settle(*await intake.receives(*payloads))
        assert max(turns) <= 5

    run(main())


def test_messages_that_tls_has_read_ahead_are_not_left_lying(
    run: Run, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "MESSAGES_A_TURN", 5)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificates / "server.pem", certificates / "server.key")

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accept(reader, writer)
        packets = [publish_packet(b"t/1", payload, mid=int(payload) + 1) for payload in numbered(18)]
        writer.write(b"".join(packets))  # one TLS record: the socket is readable once
        await swallow(reader)

    async def main() -> None:
        async with scripted(script, tls=server) as port:
            source, intake, _ = connect(port, tls=client_tls(certificates))
            async with running(source):
                await intake.receives(*numbered(18))

    run(main())


def test_trouble_with_tls_is_told_in_words_that_help(
    run: Run, tls_broker: tuple[Mosquitto, int], certificates: Path
) -> None:
    broker, plain = tls_broker
    good = client_tls(certificates)
    cases = {
        "set `tls: {}`": settings(broker.port),
        "its certificate is not trusted": settings(
            broker.port, tls=Tls(ca_file=certificates / "stranger.pem")
        ),
        "set `tls.cert_file`": settings(broker.port, tls=Tls(ca_file=good.ca_file)),
        "missing.pem is not there": settings(broker.port, tls=Tls(ca_file=certificates / "missing.pem")),
        "stranger.key is not the key of the certificate in": settings(
            broker.port, tls=good.model_copy(update={"key_file": certificates / "stranger.key"})
        ),
        "check that `port` is its TLS port": settings(plain, tls=good),
    }

    async def main() -> None:
        for words, broker in cases.items():
            source = MqttSource(broker, Recorder(), RecordedEvents())
            async with running(source, connected=False):
                await eventually(lambda: words in source.trouble)  # noqa: B023

    run(main())


# --- what brokers send -----------------------------------------------------------------------------------


def test_a_shared_subscription_divides_the_messages(run: Run, mosquitto: StartMosquitto) -> None:
    broker = mosquitto()

    async def main() -> None:
        one, some, _ = connect(broker.port, client_id="one", share="messnetz")
        two, others, _ = connect(broker.port, client_id="two", share="messnetz")
        async with running(one), running(two):
            await publish(broker.port, *numbered(20))
            await eventually(lambda: len(some.payloads) + len(others.payloads) == 20)
        assert some.payloads
        assert others.payloads
        assert sorted(some.payloads + others.payloads) == sorted(numbered(20))

    run(main())


def test_answers_settled_in_any_order_reach_the_broker_in_order(run: Run, mosquitto: StartMosquitto) -> None:
    broker = mosquitto("log_type all")

    async def main() -> None:
        source, intake, _ = connect(broker.port)
        async with running(source):
            await publish(broker.port, *numbered(12))
            deliveries = await intake.receives(*numbered(12))
            settle(*Random(7).sample(deliveries, 12))  # noqa: S311  the same order every time
            await eventually(lambda: len(acknowledged(broker)) == 12)
        assert acknowledged(broker) == list(range(1, 13))

    run(main())


def test_no_more_than_the_receive_maximum_is_sent_ahead(run: Run, mosquitto: StartMosquitto) -> None:
    broker = mosquitto()

    async def main() -> None:
        source, intake, _ = connect(broker.port, protocol="5", receive_maximum=7)
        async with running(source):
            await publish(broker.port, *numbered(20))
            first = await intake.receives(*numbered(7))
            await asyncio.sleep(0.1)
            assert intake.payloads == []
            settle(*first)
            await intake.receives(*numbered(20)[7:])  # Mosquitto 2.0.11 then sends all that it has queued

    run(main())


def test_a_topic_that_is_no_utf_8_is_delivered_with_its_bytes_spelled_out(run: Run) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accept(reader, writer)
        writer.write(publish_packet(b"t/\xff\xc3\xa4", b"1", mid=1) + publish_packet(b"t/1", b"2", mid=2))
        await swallow(reader)

    async def main() -> None:
        async with scripted(script) as port:
            source, intake, events = connect(port)
            async with running(source):
                broken, sound = await intake.receives(b"1", b"2")
        assert (broken.topic, sound.topic) == ("t/\\xffä", "t/1")
        assert events.all("source_error") == []

    run(main())


def test_a_message_of_qos_2_is_completed_when_it_is_settled(run: Run) -> None:
    """We subscribe at QoS 1, but a session may hold messages of an older subscription of another program."""
    completed = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accept(reader, writer)
        writer.write(publish_packet(b"t/1", b"1", mid=9, qos=2))
        assert await read_packet(reader) == (0x50, bytes([0, 9]))  # PUBREC
        writer.write(bytes([0x62, 2, 0, 9]))  # PUBREL
        assert await read_packet(reader) == (0x70, bytes([0, 9]))  # PUBCOMP
        completed.set()
        await swallow(reader)

    async def main() -> None:
        async with scripted(script) as port:
            source, intake, _ = connect(port)
            async with running(source):
                (delivery,) = await intake.receives(b"1")
                assert delivery.qos == 2
                settle(delivery)
                await completed.wait()

    run(main())


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
def test_a_broker_that_sends_noise_costs_its_connection_only(run: Run, protocol: str) -> None:
    random = Random(11)  # noqa: S311  the same noise every time
    noise = [random.randbytes(random.randrange(1, 60)) for _ in range(60)]
    noise += [
        bytes([header]) + bytes([len(body)]) + body for header in range(0x20, 0x100, 7) for body in noise[:2]
    ]
    left = iter(noise)

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accept(reader, writer, protocol=protocol)
        if (bytes_of_noise := next(left, None)) is not None:
            writer.write(bytes_of_noise)
            writer.close()
            return
        writer.write(publish_packet(b"t/1", b"sound", mid=1, protocol=protocol))
        await swallow(reader)

    async def main() -> None:
        async with scripted(script) as port:
            source, intake, _ = connect(port, protocol=protocol)
            async with running(source, connected=False):
                await eventually(lambda: intake.payloads[-1:] == [b"sound"])

    run(main())


def test_a_fault_of_the_intakes_is_reported_and_stops_nothing(run: Run, mosquitto: StartMosquitto) -> None:
    broker = mosquitto()

    class Clumsy(Recorder):
        def on_drained(self) -> None:
            super().on_drained()
            raise ValueError("a bug of the intake's")

    async def main() -> None:
        intake, events = Clumsy(), RecordedEvents()
        async with running(MqttSource(settings(broker.port), intake, events)):
            await publish(broker.port, b"1")
            settle(*await intake.receives(b"1"))
            await publish(broker.port, b"2")
            await intake.receives(b"2")
        assert "a bug of the intake's" in events.all("source_error")[0]
        assert len(events.all("connected")) == 1

    run(main())


def test_the_embedded_broker_keeps_our_session_too(run: Run) -> None:
    async def main() -> None:
        async with embedded_broker() as (_, port):
            source, intake, _ = connect(port)
            intake.on_each = settle  # amqtt resumes a session only when its messages are answered for
            async with running(source):
                await publish(port, b"1", b"2")
                await intake.receives(b"1", b"2")
            await publish(port, b"3")
            async with running(source):
                await intake.receives(b"3")

    run(main())


# --- sentences -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "its name cannot be resolved"),
        (ssl.SSLError(1, "wrong version number"), "check that `port` is its TLS port"),
        (ConnectionResetError(104, "Connection reset by peer"), "check that `port` is its TLS port"),
        (TimeoutError("timed out"), "no answer within 10 s"),
        (ConnectionRefusedError(111, "Connection refused"), "nothing listens there"),
        (OSError(101, "Network is unreachable"), "Network is unreachable"),
    ],
)
def test_each_way_not_to_reach_a_broker_has_its_sentence(
    error: OSError, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr("paho.mqtt.client.Client.connect", fail)
    with pytest.raises(dial.CannotConnect, match=words):
        asyncio.run(dial.dial(settings(1883, tls=Tls())))


@pytest.mark.parametrize("content", [b"", b"\n", b"\npassword\n", b"\xff\xfe"])
def test_a_credentials_file_without_a_user_name_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(content)
    with pytest.raises(dial.CannotConnect, match=str(path)):
        asyncio.run(dial.dial(settings(1883, credentials_file=path)))


# --- a broker that follows a script ------------------------------------------------------------------------

CONNACK = bytes([0x20, 2, 0, 0])


@contextlib.asynccontextmanager
async def scripted(script: Script, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve every connection by the script; yields the port."""
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await script(reader, writer)

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        serving.add(task)
        task.add_done_callback(lambda _task: writer.close())

    server = await asyncio.start_server(begin, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await asyncio.sleep(0)  # the transports close in the next turn


async def read_packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """One packet shorter than 128 bytes: first byte and body."""
    header, length = await reader.readexactly(2)
    return header, await reader.readexactly(length)


async def swallow(reader: asyncio.StreamReader) -> None:
    """Read until the client goes."""
    while await reader.read(65536):
        pass


async def accept(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    granted: int = 1,
    more: Sequence[int] = (),
    protocol: str = "3.1.1",
) -> None:
    """Accept the client and answer its subscription to one topic, or to `more`."""
    nothing = b"\0" if protocol == "5" else b""  # no properties
    await read_packet(reader)
    writer.write(bytes([0x20, 2 + len(nothing), 0, 0]) + nothing)
    _, body = await read_packet(reader)
    codes = bytes([granted, *more])
    writer.write(bytes([0x90, 2 + len(nothing) + len(codes)]) + body[:2] + nothing + codes)


def publish_packet(topic: bytes, payload: bytes, *, mid: int, qos: int = 1, protocol: str = "3.1.1") -> bytes:
    nothing = b"\0" if protocol == "5" else b""
    body = len(topic).to_bytes(2) + topic + mid.to_bytes(2) + nothing + payload
    return bytes([0x30 | qos << 1, len(body)]) + body
