"""JavaScript codecs in the running service: a type added while it runs, hostile codecs beside good ones."""

import contextlib
import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ingest.simulator import events
from tests.conftest import StartMosquitto
from tests.fleet import EPOCH_NS, HEARD, Member, Publisher, members, register
from tests.scripts import HANGS, decoding
from tests.servers.messnetz import Messnetz
from tests.servers.mosquitto import Mosquitto

#: As a maker writes it: an undeclared variable, a Buffer, a table, and a function for the way down.
LAMP_JS = """
/* Lamp 7, payload formatter, (c) its maker */
var PORT_DATA = 10;
function decodeUplink(input) {
  var data = {};
  if (input.fPort !== PORT_DATA) {
    return { errors: ["unknown FPort " + input.fPort] };
  }
  buf = Buffer.from(input.bytes);
  data.temperature = buf.readInt16BE(0) / 10;
  data.battery = buf.readUInt16BE(2) / 1000;
  console.log(data);
  return { data: data, warnings: [] };
}
function encodeDownlink(input) {
  return { bytes: [input.data.on ? 1 : 0], fPort: 11 };
}
"""
LAMP_YAML = """\
manufacturer: Werkhof
model: Lampe 7
category: weather
codec: lamp.js
interval: 10min
battery: {reports: battery_voltage, low: 3.0}
readings:
  - values:
      air_temperature: {from: temperature, unit: Cel}
      battery_voltage: {from: battery, unit: V}
examples:
  - source: its maker's formatter
    port: 10
    payload: "00e10c80"
    readings: [{measurement: weather, values: {air_temperature: 22.5}}]
"""
HOSTILE = {
    "loops": "function decodeUplink() { for (;;); }",
    "hangs": HANGS,
    "grows": decoding("var a = []; for (;;) a.push(new Array(1e4).fill(1));"),
    "recurses": decoding("(function f() { f(); })();"),
    "floods": decoding("return { data: { temperature: 'x'.repeat(1e6) } };"),
    "pollutes": decoding(
        "Object.prototype.temperature = 99; Array.prototype.slice = JSON.parse = null;"
        " constructor.constructor('return this')().temperature = 99; throw new Error('done');"
    ),
}
REASONS = {
    "loops": "codec_timeout",
    "hangs": "codec_timeout",
    "grows": "codec_memory",
    "recurses": "codec_failed",
    "floods": "codec_result",
    "pollutes": "codec_failed",
}
LAMP, AIR = "lamp", "decentlab-dl-pm"


@pytest.fixture
def service(tmp_path: Path, mosquitto: StartMosquitto) -> Iterator[tuple[Messnetz, Mosquitto]]:
    """A service with a store of its own, not yet started, and its broker."""
    broker = mosquitto()
    town = {"name": "town", "format": "chirpstack", "host": broker.host, "port": broker.port}
    one = Messnetz(tmp_path / "service", {"store": "embedded", "brokers": [town]})
    (one.folder / "codecs").mkdir()
    yield one, broker
    one.kill()


def write_type(folder: Path, name: str, script: str, description: str = LAMP_YAML) -> None:
    (folder / "codecs" / f"{name}.js").write_text(script, encoding="utf-8")
    text = description.replace("lamp.js", f"{name}.js")
    (folder / "types" / f"{name}.yaml").write_text(text, encoding="utf-8")


def undecoded(member: Member, number: int, payload: bytes, port: int = 10) -> tuple[str, bytes]:
    """A device's `number`-th uplink from a network server that has no codec for it."""
    when = EPOCH_NS + number * 600_000_000_000
    frame = events.Frame(member.dev_eui, member.id, member.type, when, number, port, payload, None, HEARD, 9)
    random = Random(f"{member.id} {number}")  # noqa: S311  the same uplink has the same ids
    topic = events.topic("chirpstack", member.dev_eui, member.id, "up")
    return topic, events.uplink("chirpstack", frame, random)


def publish(broker: Mosquitto, messages: list[tuple[str, bytes]], rate: float = 500) -> None:
    publisher = Publisher(broker.port)
    publisher.publish(messages, rate=rate)
    publisher.close()


def temperatures(one: Messnetz) -> dict[str, list[float]]:
    """What stands in the store, by device, oldest first."""
    found: dict[str, list[float]] = {}
    try:
        with contextlib.closing(sqlite3.connect(f"file:{one.state / 'store.db'}?mode=ro", uri=True)) as store:
            for device, fields in store.execute(
                "SELECT device, fields FROM series JOIN points ON series = id WHERE measurement = 'weather'"
                " ORDER BY device, time_ns"
            ):
                found.setdefault(device, []).append(json.loads(fields)["air_temperature"])
    except sqlite3.OperationalError:
        return {}  # it is only begun with the first line
    return found


def settled(one: Messnetz, received: int) -> dict[str, Any]:
    """The figures, once so many messages were received and nothing is under way."""
    figures: dict[str, Any] = one.wait_until(lambda: _settled(one, received), f"{received} are answered for")
    return figures


def _settled(one: Messnetz, received: int) -> dict[str, Any] | None:
    figures = one.status_quick()
    under_way = figures["in_flight"] or figures["lines_waiting"]
    return figures if figures["received"] == received and not under_way else None


def codecs_process(one: Messnetz) -> int:
    """The id of the process that runs its codecs, once there is one."""
    found: int = one.wait_until(lambda: _codecs_process(one.pid), "it runs a process for codecs")
    return found


def _codecs_process(service: int) -> int | None:
    for task in Path(f"/proc/{service}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            if b"ingest.sandbox" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    return None


def test_a_type_is_added_with_a_makers_codec_and_15_lines_and_its_uplinks_arrive_without_a_restart(
    service: tuple[Messnetz, Mosquitto],
) -> None:
    one, broker = service
    (lamp,) = members(LAMP, 1)
    one.start()
    one.wait_subscribed()
    publish(broker, [undecoded(lamp, 0, bytes.fromhex("00e10c80"))])
    assert settled(one, 1)["quarantined"] == 1

    assert len(LAMP_YAML.splitlines()) <= 15
    write_type(one.folder, LAMP, LAMP_JS)
    register(one.folder, [lamp])
    one.wait_until(lambda: temperatures(one), "what it said before has been read")
    publish(
        broker, [undecoded(lamp, number, bytes.fromhex(f"00{number:02x}0c80")) for number in range(1, 41)]
    )
    settled(one, 41)
    assert temperatures(one) == {lamp.id: [22.5, *(number / 10 for number in range(1, 41))]}

    (one.folder / "codecs" / "lamp.js").write_text(LAMP_JS.replace("/ 10", "/ 100"), encoding="utf-8")
    one.wait_until(lambda: one.metrics()["messnetz_reloads_total"] >= 2, "the mended codec is in force")
    publish(broker, [undecoded(lamp, 41, bytes.fromhex("00e10c80"))])
    settled(one, 42)
    assert temperatures(one)[lamp.id][-1] == 2.25


def test_hostile_codecs_cost_their_own_uplinks_and_no_others(service: tuple[Messnetz, Mosquitto]) -> None:
    one, broker = service
    lamps = members(LAMP, 20)
    write_type(one.folder, LAMP, LAMP_JS)
    hostile = {name: members(name, 1)[0] for name in HOSTILE}
    for name, script in HOSTILE.items():
        write_type(one.folder, name, script)
    register(one.folder, [*lamps, *hostile.values()])
    one.start()
    one.wait_subscribed()

    each = 30
    messages = []
    for number in range(each):
        messages += [undecoded(lamp, number, bytes([0, number, 0x0C, 0x80])) for lamp in lamps]
        if number % 10 == 5:
            messages += [undecoded(member, number, b"\x00\x01") for member in hostile.values()]
    publish(broker, messages)
    figures = settled(one, len(messages))

    assert temperatures(one) == {lamp.id: [number / 10 for number in range(each)] for lamp in lamps}
    assert figures["stored"] == each * len(lamps)
    assert figures["rejected"] == 3 * len(hostile)
    kept = {row["address"]: row for row in one.command_json("quarantine", "list")}
    assert {name: kept[member.dev_eui]["reason"] for name, member in hostile.items()} == REASONS
    metrics = one.metrics()
    assert metrics["messnetz_scripts_run_total"] == len(messages)
    assert metrics["messnetz_scripts_suspended_total"] == 2
    assert metrics["messnetz_script_timeouts_total"] == 6


def test_the_codecs_process_may_be_killed_at_any_moment(service: tuple[Messnetz, Mosquitto]) -> None:
    one, broker = service
    lamps = members(LAMP, 20)
    write_type(one.folder, LAMP, LAMP_JS)
    register(one.folder, lamps)
    one.start()
    one.wait_subscribed()
    for number in range(8):
        publish(broker, [undecoded(lamp, number, bytes([0, number, 0x0C, 0x80])) for lamp in lamps])
        if number > 0:
            os.kill(codecs_process(one), signal.SIGKILL)  # at work or not
        settled(one, (number + 1) * len(lamps))
    assert temperatures(one) == {lamp.id: [number / 10 for number in range(8)] for lamp in lamps}
    assert one.metrics()["messnetz_scripts_died_total"] >= 1


def test_the_codecs_process_ends_with_the_service(service: tuple[Messnetz, Mosquitto]) -> None:
    one, broker = service
    (lamp,) = members(LAMP, 1)
    write_type(one.folder, LAMP, LAMP_JS)
    register(one.folder, [lamp])
    one.start()
    one.wait_subscribed()
    publish(broker, [undecoded(lamp, 0, bytes.fromhex("00e10c80"))])
    settled(one, 1)
    process = Path(f"/proc/{codecs_process(one)}")
    one.stop()
    while process.exists():
        time.sleep(0.01)  # the test's own time limit ends it where it never comes
