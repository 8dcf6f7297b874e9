"""Registering beside a running service: unknown senders become readings, a neighbour's are let go."""

import json
import os
import pty
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices import answer
from tests.conftest import StartMosquitto
from tests.fleet import Member, Publisher, members, register, uplink
from tests.servers.messnetz import COMMAND, Messnetz
from tests.servers.mosquitto import Mosquitto

FLEET = members("parametric-pcr2", 3)
STRANGER = Member("stranger", "70b3d57effff0001", "decentlab-dl-pm")
DECODED = {
    "pm1_0_mass_concentration": {"value": 3.7, "unit": "µg⋅m⁻³"},
    "pm2_5_mass_concentration": {"value": 3.9, "unit": "µg⋅m⁻³"},
    "pm4_mass_concentration": {"value": 3.9, "unit": "µg⋅m⁻³"},
    "pm10_mass_concentration": {"value": 3.9, "unit": "µg⋅m⁻³"},
    "air_temperature": {"value": 24.4, "unit": "°C"},
    "air_humidity": {"value": 41.6, "unit": "%"},
    "barometric_pressure": {"value": 96800, "unit": "Pa"},
    "battery_voltage": {"value": 3.1, "unit": "V"},
    "device_id": 6992,
}
#: Numbers of uplinks (ten minutes apart) that lie in the last days, so that the embedded store keeps them.
NOW = time.time_ns() // 1_000_000_000 * 1_000_000_000


def said(member: Member, number: int, decoded: Any = None) -> tuple[str, bytes]:
    when = NOW - 3_600_000_000_000 + number * 60_000_000_000
    return uplink(member, number, decoded or DECODED, time_ns=when)


@pytest.fixture
def broker(mosquitto: StartMosquitto) -> Mosquitto:
    return mosquitto(max_queued_messages=0)


@pytest.fixture
def service(broker: Mosquitto, tmp_path: Path) -> Iterator[Messnetz]:
    here = {"name": "town", "format": "chirpstack", "host": broker.host, "port": broker.port}
    one = Messnetz(tmp_path / "service", {"store": "embedded", "brokers": [here]})
    register(one.folder, FLEET)
    one.start()
    one.wait_subscribed()
    publisher = Publisher(broker.port)
    publisher.publish([said(STRANGER, number) for number in range(5)], rate=1000)
    publisher.close()
    one.wait_until(lambda: one.status_quick()["quarantined"] == 5, "the stranger is heard")
    yield one
    one.kill()


def test_who_is_unknown_is_listed_with_its_fields_and_the_type_that_fits(service: Messnetz) -> None:
    [unknown] = service.command_json("devices", "unknown")
    assert (unknown["address"], unknown["messages"]) == (STRANGER.dev_eui, 5)
    assert {"pm2_5_mass_concentration.value", "device_id"} <= set(unknown["fields"])
    best = unknown["types"][0]
    assert (best["type"], best["found"], best["wanted"]) == ("decentlab-dl-pm", 8, 8)
    assert best["left_over"] == ["device_id"]
    shown = service.run_command("devices", "unknown", "--address", STRANGER.dev_eui).stdout
    assert "decentlab-dl-pm (Decentlab DL-PM): 8 of 8 values; not asked for: device_id" in shown
    assert "messnetz devices add --from-unknown 70b3d57effff0001" in shown


def test_an_unknown_sender_is_registered_since_it_was_heard_and_its_messages_become_readings(
    service: Messnetz,
) -> None:
    options = ("--from-unknown", STRANGER.dev_eui, "--id", "luft-neu", "--site", "Neu")
    without_type = service.run_command("devices", "add", *options)
    assert without_type.returncode == 1
    assert "decentlab-dl-pm" in without_type.stderr, "the type that fits is named"
    added = service.run_command("devices", "add", *options, "--type", "decentlab-dl-pm")
    assert added.returncode == 0, added.stderr
    assert "5 of 5 kept messages became readings" in added.stdout
    entry = (service.folder / "devices" / "fleet.yaml").read_text()
    assert '"from": "20' in entry
    assert service.command_json("devices", "unknown") == []
    service.wait_until(
        lambda: service.command_json("devices", "show", "luft-neu")["values"], "the readings are stored"
    )
    shown = service.command_json("devices", "show", "luft-neu")
    assert {row["measurement"] for row in shown["values"]} == {"air_quality", "weather", "device"}
    assert shown["last_heard_ns"] > NOW - 3_600_000_000_000
    people = service.run_command("devices", "show", "luft-neu").stdout
    assert re.search(r"pm2_5 +3\.9 ", people)


def test_without_a_service_the_next_one_replays_what_was_kept(service: Messnetz) -> None:
    service.stop()
    added = service.command_json(
        *("devices", "add", "--from-unknown", STRANGER.dev_eui, "--id", "luft-neu", "--site", "Neu"),
        *("--type", "decentlab-dl-pm"),
    )
    assert (added["kept"], added["became_readings"]) == (5, None)
    service.start()
    service.wait_until(lambda: not service.command_json("devices", "unknown"), "it is replayed")


def test_a_neighbour_s_device_is_let_go_and_what_is_kept_of_it_given_up(
    service: Messnetz, broker: Mosquitto
) -> None:
    ignored = service.command_json("devices", "ignore", STRANGER.dev_eui, "--reason", "Nachbar", "--drop")
    assert (ignored["dropped"], ignored["kept"]) == (5, 0)
    service.run_command("devices", "reload")
    publisher = Publisher(broker.port)
    publisher.publish([said(STRANGER, number) for number in range(5, 8)], rate=1000)
    publisher.close()
    service.wait_until(lambda: service.status_quick()["ignored"] == 3, "they are ignored")
    assert service.command_json("devices", "unknown") == []
    assert service.command_json("devices", "ignore", STRANGER.dev_eui, "--undo")["ignored"] is False


def test_a_change_in_the_past_names_the_command_that_corrects_what_is_stored(service: Messnetz) -> None:
    service.run_command(
        *("devices", "add", "--from-unknown", STRANGER.dev_eui, "--id", "luft-neu", "--site", "Neu"),
        *("--type", "decentlab-dl-pm"),
    )
    service.wait_until(
        lambda: service.command_json("devices", "show", "luft-neu")["last_heard_ns"],
        "its memory is on the disk",
    )
    flagged = service.run_command(
        *("devices", "flag", "luft-neu", "--from", "2026-01-01", "--reason", "construction site")
    )
    assert 'messnetz recompute --device luft-neu --from "2026-01-01 00:00" --to' in flagged.stdout
    at = answer.written_ns(NOW - 3_500_000_000_000, "Europe/Berlin")
    swapped = service.run_command(
        *("devices", "swap", "luft-neu", "--dev-eui", "70b3d57effff0002", "--at", at, "--no-calibration")
    )
    assert swapped.returncode == 0, swapped.stderr
    assert f'messnetz recompute --device luft-neu --from "{at}" --to' in swapped.stdout


def test_the_questions_are_asked_at_a_real_terminal(service: Messnetz) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "devices", "add", "--from-unknown", STRANGER.dev_eui, "-c", str(service.config)],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=os.environ | {"LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    os.close(follower)
    seen = ""

    def until(words: str) -> None:
        nonlocal seen
        while words not in seen:
            try:
                seen += os.read(leader, 4096).decode(errors="replace")
            except OSError:  # the process has closed it
                break
        assert words in seen, seen

    for question, typed in (
        ("decentlab-dl-pm passt: 8 von 8 Werten", ""),
        ("Gerätetyp [decentlab-dl-pm]", "\n"),
        ("Standort", "Neu\n"),
        ("Kennung des Ortes", "\n"),
        ("Stadtteil", "\n"),
        ("Breite und Länge", "\n"),
        ("Wie oft", "\n"),
        ("Montiert seit", "\n"),
        ("Kalibrierung, wie", "\n"),
        ("Labels", "\n"),
        ("Wer darf", "\n"),
        ("schreiben? [J/n]", "j\n"),
        ("aus 5 von 5 wartenden Nachrichten wurden", ""),
    ):
        until(question)
        os.write(leader, typed.encode())
    assert process.wait(60) == 0
    os.close(leader)
    registered = json.loads((service.folder / "devices" / "fleet.yaml").read_text())["devices"][-1]
    assert registered["id"] == "luft-neu"
