"""States by the clock in the service as an operator starts it: a real process, broker and spool."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import StartMosquitto
from tests.fleet import Publisher, members, register, uplink
from tests.servers.messnetz import Messnetz
from tests.servers.mosquitto import Mosquitto

FLEET = members("parametric-pcr2", 3)
HOUR = 3_600_000_000_000


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
    yield one
    one.kill()


def speak(broker: Mosquitto, ago_ns: int, number: int = 0) -> None:
    publisher = Publisher(broker.port)
    said = {"LTR": 1, "RTL": 2}
    message = uplink(FLEET[number], number, said, time_ns=time.time_ns() - ago_ns, port=14)
    publisher.publish([message], rate=1000)
    publisher.close()


def test_states_are_counted_listed_and_shown(service: Messnetz, broker: Mosquitto) -> None:
    speak(broker, 0, 0)
    speak(broker, 2 * HOUR, 1)
    service.wait_until(
        lambda: (
            service.status_quick()["states"] | {"ok": 1, "silent": 1, "commissioning": 1}
            == service.status_quick()["states"]
        ),
        "each of the three has its state",
    )
    metrics = service.metrics()
    assert metrics["messnetz_devices_by_state{state=silent}"] == 1
    assert metrics["messnetz_devices_by_state"] == 3
    assert metrics["messnetz_status_rows_total"] >= 3
    listed = {one["id"]: one["state"] for one in service.command_json("devices", "list")}
    assert listed == {FLEET[0].id: "ok", FLEET[1].id: "silent", FLEET[2].id: "commissioning"}
    assert "1 ok, 1 silent, 1 commissioning" in service.run_command("status").stdout
    assert "silent" in service.run_command("devices", "list").stdout
    assert service.command_json("devices", "show", FLEET[1].id)["state"] == "silent"


def test_a_process_that_was_killed_tells_of_it_after_its_restart(
    service: Messnetz, broker: Mosquitto
) -> None:
    speak(broker, 0, 0)
    service.wait_until(lambda: service.status_quick()["states"]["ok"] == 1, "it is ok")
    service.kill()
    notes = service.state / "status.json"
    noted = json.loads(notes.read_bytes())
    noted["heartbeat_ns"] -= 3 * HOUR  # as if it had been away for long
    notes.write_text(json.dumps(noted))
    service.start()
    service.wait_until(lambda: json.loads(notes.read_bytes())["ours"], "the downtime is noted")
    service.wait_until(
        lambda: service.metrics()["messnetz_status_rows_total"] >= 3 + 36 * 3, "all of it is told in rows"
    )


def test_a_service_that_ended_as_it_should_notes_when(service: Messnetz) -> None:
    before_ns = time.time_ns()
    service.stop()
    assert json.loads((service.state / "status.json").read_bytes())["heartbeat_ns"] >= before_ns
