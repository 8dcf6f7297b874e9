"""The commands, as an operator types them: beside a running service and without one."""

import json
import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.type_file import SHIPPED_TYPES
from tests.conftest import StartMosquitto
from tests.fleet import Member, Publisher, members, register, uplink
from tests.servers.messnetz import COMMAND, Messnetz
from tests.servers.mosquitto import Mosquitto

DELTA = members("parametric-pcr2", 30)
STRANGER = Member("stranger", "70b3d57effff0001", "parametric-pcr2")


def said(member: Member, number: int) -> tuple[str, bytes]:
    return uplink(member, number, {"LTR": 1, "RTL": 2}, port=14)


def settings(broker: Mosquitto, **more: Any) -> dict[str, Any]:
    here = {"name": "town", "format": "chirpstack", "host": broker.host, "port": broker.port}
    return {"store": "embedded", "brokers": [here | more]}


@pytest.fixture
def broker(mosquitto: StartMosquitto) -> Mosquitto:
    return mosquitto(max_queued_messages=0)


@pytest.fixture
def one(broker: Mosquitto, tmp_path: Path) -> Iterator[Messnetz]:
    service = Messnetz(tmp_path / "service", settings(broker))
    register(service.folder, DELTA[:20])
    service.start()
    service.wait_subscribed()
    yield service
    service.kill()


def publish(broker: Mosquitto, *messages: tuple[str, bytes]) -> None:
    publisher = Publisher(broker.port)
    publisher.publish(messages, rate=1000)
    publisher.close()


def settled(service: Messnetz, received: int) -> bool:
    status = service.status_quick()
    return bool(status["received"] == received and not status["in_flight"] and not status["lines_waiting"])


def test_status_says_what_runs_and_is_ready(one: Messnetz, broker: Mosquitto) -> None:
    publish(broker, said(DELTA[0], 0), said(STRANGER, 0))
    one.wait_until(lambda: settled(one, 2), "both are settled")
    said_to_people = one.run_command("status")
    assert said_to_people.returncode == 0
    assert "ready" in said_to_people.stdout
    status = one.status()
    assert (status["stored"], status["quarantined"], status["devices"]) == (1, 1, 20)
    assert status["sources"][0] == {
        "name": "town",
        "connected": True,
        "trouble": "",
        "received": 2,
        "qos0": 0,
        "dropped": 0,
    }


def test_an_unknown_device_is_listed_registered_and_replayed(one: Messnetz, broker: Mosquitto) -> None:
    publish(broker, said(STRANGER, 0), said(STRANGER, 1))
    one.wait_until(lambda: settled(one, 2), "both are settled")
    [unknown] = one.command_json("devices", "unknown")
    assert (unknown["address"], unknown["messages"]) == (STRANGER.dev_eui, 2)
    assert "not registered" in unknown["reason"]
    assert STRANGER.dev_eui in one.run_command("devices", "unknown").stdout
    register(one.folder, [STRANGER], name="newcomer")
    one.wait_until(lambda: not one.command_json("devices", "unknown"), "the reload replays by itself")
    assert {device["id"] for device in one.command_json("devices", "list")} == {
        member.id for member in [*DELTA[:20], STRANGER]
    }


@pytest.mark.parametrize("running", [True, False], ids=["beside the service", "without it"])
def test_refused_messages_are_listed_replayed_and_dropped(
    one: Messnetz, broker: Mosquitto, running: bool
) -> None:
    publish(broker, said(STRANGER, 0), said(STRANGER, 1), ("application/a/device/b/event/up", b"{"))
    one.wait_until(lambda: settled(one, 3), "all are settled")
    if not running:
        one.stop()
    listed = one.command_json("quarantine", "list")
    assert [row["reason"] for row in listed].count("unknown_device") == 2
    people = one.run_command("quarantine", "list").stdout
    assert "3 messages" in people
    assert "not_json" in people
    assert one.command_json("quarantine", "replay", "--all") == {
        "rejected": 1,
        "quarantined": 2,
        "stored": 0,
        "duplicate": 0,
        "ignored": 0,
    }
    assert len(one.command_json("quarantine", "list")) == 3, "what is refused again stays"
    assert one.command_json("quarantine", "drop", "--reason", "not_json") == {"dropped": 1}
    assert len(one.command_json("quarantine", "list", "--address", STRANGER.dev_eui)) == 2
    careless = one.run_command("quarantine", "drop")
    assert careless.returncode != 0
    assert "--all" in careless.stderr
    assert len(one.command_json("quarantine", "list")) == 2


@pytest.mark.parametrize("running", [True, False], ids=["beside the service", "without it"])
def test_dead_letters_are_listed_replayed_and_dropped(
    one: Messnetz, broker: Mosquitto, running: bool
) -> None:
    old = 1_500_000_000_000_000_000  # 2017: ours to keep, but older than the embedded store holds
    publish(broker, uplink(DELTA[0], 0, {"LTR": 1, "RTL": 2}, port=14, time_ns=old))
    one.wait_until(lambda: settled(one, 1), "it is settled")
    lines = one.status()["lines_dead"]
    assert lines == 3, "both directions and how the device was heard"
    if not running:
        one.stop()
    listed = one.command_json("dead-letters", "list")
    assert len(listed) == lines
    assert all(letter["device"] == DELTA[0].id and letter["reason"] for letter in listed)
    assert one.command_json("dead-letters", "replay", "--device", DELTA[0].id) == {"replayed": lines}
    if not running:
        one.start()
    one.wait_until(
        lambda: len(one.command_json("dead-letters", "list")) == lines, "what is refused again comes back"
    )
    assert one.command_json("dead-letters", "drop", "--all") == {"dropped": lines}
    assert one.command_json("dead-letters", "list") == []


def test_a_bad_entry_keeps_the_last_good_one_and_a_great_removal_waits(one: Messnetz) -> None:
    file = one.folder / "devices" / "fleet.yaml"
    good = file.read_text()
    file.write_text(good.replace("parametric-pcr2-000003", "Spoilt_Id"))
    one.wait_until(lambda: one.status_quick()["complaints"], "the complaint is known")
    [complaint] = one.status_quick()["complaints"]
    assert "devices/fleet.yaml:" in complaint
    assert "Spoilt_Id" in complaint
    assert one.status_quick()["devices"] == 20, "the device keeps its last good entry"
    register(one.folder, DELTA[:5])
    one.wait_until(lambda: "reload --confirm" in " ".join(one.readiness()[1]), "it asks")
    assert one.status_quick()["devices"] == 20
    refused = one.run_command("devices", "reload")
    assert refused.returncode == 1
    assert "15 of 20" in refused.stdout
    assert one.command_json("devices", "reload", "--confirm")["removed"] == 15
    assert one.status_quick()["devices"] == 5
    assert one.readiness() == (True, [])


def test_a_second_service_on_the_same_state_says_so(one: Messnetz) -> None:
    second = one.run_command("run")
    assert second.returncode == 1
    assert str(one.pid) in second.stderr
    assert "what to do" in second.stderr
    assert one.healthy


def test_the_control_socket_and_the_spool_are_for_their_owner_only(one: Messnetz) -> None:
    for name in ("control.sock", "spool.db", "spool.db-wal"):
        assert stat.S_IMODE((one.state / name).stat().st_mode) == 0o600, name


def test_commands_that_need_the_service_say_how_to_start_it(one: Messnetz) -> None:
    one.stop()
    asked = one.run_command("status")
    assert asked.returncode == 1
    assert "messnetz run" in asked.stderr
    assert asked.stdout == ""


def test_check_names_file_line_and_device_and_exits_with_1(one: Messnetz) -> None:
    assert one.run_command("check").returncode == 0
    shipped = len(list(SHIPPED_TYPES.glob("*.yaml")))
    assert one.command_json("check") == {"devices": 20, "types": shipped, "complaints": []}
    file = one.folder / "devices" / "fleet.yaml"
    file.write_text(file.read_text().replace('"parametric-pcr2"', '"parametric-pcr3"', 1))
    checked = one.run_command("check")
    assert checked.returncode == 1
    assert "devices/fleet.yaml:" in checked.stderr
    assert "parametric-pcr2" in checked.stderr, "the nearest right word"


def test_check_names_a_file_that_is_not_there_and_the_service_runs_without_it(
    mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    broker = mosquitto(max_queued_messages=0)
    service = Messnetz(tmp_path / "service", settings(broker, credentials_file="login"))
    service.start()
    try:
        line = service.config.read_text().partition("credentials_file")[0].count("\n") + 1
        gone = f"{service.folder / 'login'} is not there: make it, or name the right file"
        checked = service.run_command("check")
        assert checked.returncode == 1
        assert checked.stderr == f"{service.config}:{line}: brokers.0.credentials_file: {gone}\n"
        assert checked.stdout.endswith("complaints: 1\n")
        asked = service.run_command("check", "--json")
        [complaint] = json.loads(asked.stdout)["complaints"]
        assert (complaint["file"], complaint["line"], complaint["device"]) == (str(service.config), line, "")
        assert service.healthy
    finally:
        service.kill()


def test_no_secret_is_ever_logged(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    broker = mosquitto(max_queued_messages=0)
    secret = "Geheim-4711"  # noqa: S105  it is the test's
    (tmp_path / "login").write_text(f"messnetz\n{secret}\n")
    (tmp_path / "token").write_text(f"{secret}-token\n")
    configured = settings(broker, credentials_file=str(tmp_path / "login"))
    configured |= {
        "store": "influx",
        "influx": {"url": "http://127.0.0.1:9", "bucket": "b", "token_file": str(tmp_path / "token")},
        "log": {"format": "json", "level": "debug"},
    }
    service = Messnetz(tmp_path / "service", configured)
    register(service.folder, DELTA[:1])
    service.start()
    try:
        service.wait_subscribed()
        publish(broker, said(DELTA[0], 0))
        service.wait_until(lambda: not service.readiness()[0], "the database is missed")
        shown = service.log.read_text() + json.dumps(service.readiness()) + json.dumps(service.status())
    finally:
        service.stop()
    assert secret not in shown + service.log.read_text()


def test_the_things_stack_and_mqtt_5_side_by_side(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    from random import Random  # noqa: PLC0415  used nowhere else

    from ingest.simulator import events  # noqa: PLC0415
    from tests.fleet import EPOCH_NS, HEARD  # noqa: PLC0415

    broker = mosquitto(max_queued_messages=0)
    configured = settings(broker)
    configured["brokers"].append(
        configured["brokers"][0] | {"name": "stack", "format": "ttn", "protocol": "5", "client_id": "stack"}
    )
    service = Messnetz(tmp_path / "service", configured)
    register(service.folder, DELTA[:2])
    service.start()
    try:
        service.wait_subscribed()
        member = DELTA[1]
        frame = events.Frame(
            member.dev_eui, member.id, "m", EPOCH_NS, 0, 14, b"", {"LTR": 1, "RTL": 2}, HEARD, 9
        )
        publish(
            broker,
            said(DELTA[0], 0),
            (events.topic("ttn", member.dev_eui, member.id, "up"), events.uplink("ttn", frame, Random(1))),  # noqa: S311
            (events.topic("ttn", member.dev_eui, member.id, "join"), events.join("ttn", frame, Random(1))),  # noqa: S311
        )
        service.wait_until(lambda: settled(service, 3), "all three are settled")
        status = service.status_quick()
    finally:
        service.stop()
    assert status["stored"] == 3
    assert [source["received"] for source in status["sources"]] == [1, 2]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_demo_that_is_stopped_leaves_nothing_behind(
    how: signal.Signals, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("demo")  # a short one: 107 bytes are the most for the path of a socket
    demo = subprocess.Popen(
        [*COMMAND, "demo", "--json"],
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert demo.stderr is not None
    assert "The city's page" in demo.stderr.readline()
    assert list(folder.iterdir())
    demo.send_signal(how)
    printed, _ = demo.communicate(timeout=60)
    assert demo.returncode == 0
    assert json.loads(printed.splitlines()[-1])["in_flight"] >= 0
    assert list(folder.iterdir()) == []


def test_a_demo_ends_by_itself_and_both_identities_hold() -> None:
    demo = subprocess.run(
        [*COMMAND, "demo", "--seconds", "8", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert demo.returncode == 0, demo.stderr
    figures = json.loads(demo.stdout.splitlines()[-1])
    outcomes = ("stored", "duplicate", "quarantined", "rejected", "ignored", "in_flight")
    assert figures["published"] == figures["received"] == sum(figures[name] for name in outcomes)
    assert figures["lines_spooled"] == (
        figures["lines_written"] + figures["lines_dead"] + figures["lines_waiting"]
    )
    assert figures["in_flight"] == figures["lines_waiting"] == 0
    assert all(figures[name] > 0 for name in ("stored", "duplicate", "quarantined", "rejected"))
