"""The guarantees, with real processes: a Mosquitto, an InfluxDB, the service, and what kills them."""

import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Protocol

import pytest

from tests.conftest import StartMosquitto
from tests.fleet import Member, Publisher, members, register, round_robin, uplink
from tests.servers.influxdb import Database, Influxd
from tests.servers.messnetz import Messnetz
from tests.servers.mosquitto import Mosquitto

AIR, DELTA, TOTAL = "decentlab-dl-pm", "parametric-pcr2", "nwave-ncc405"
PORT = {AIR: 1, DELTA: 14, TOTAL: 1}
IDENTITY = ("stored", "duplicate", "quarantined", "rejected", "ignored", "in_flight")


def settings(broker: Mosquitto, database: Database, **more: Any) -> dict[str, Any]:
    """messnetz.yaml for this broker and this database."""
    return {
        "store": "influx",
        "influx": database.settings(timeout=10).model_dump(mode="json"),
        "brokers": [
            {"name": "town", "format": "chirpstack", "host": broker.host, "port": broker.port, "keepalive": 5}
        ],
        **more,
    }


class Start(Protocol):
    """Starts a service with this fleet; `wrap` goes before its command, `more` into its settings."""

    def __call__(
        self,
        broker: Mosquitto,
        database: Database,
        fleet: list[Member],
        *,
        wrap: tuple[str, ...] = (),
        subscribed: bool = True,
        **more: Any,
    ) -> Messnetz: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A factory of services that are killed at the end."""
    started: list[Messnetz] = []

    def start_one(
        broker: Mosquitto,
        database: Database,
        fleet: list[Member],
        *,
        wrap: tuple[str, ...] = (),
        subscribed: bool = True,
        **more: Any,
    ) -> Messnetz:
        one = Messnetz(tmp_path / "service", settings(broker, database, **more), wrap=wrap)
        started.append(one)
        register(one.folder, fleet)
        one.start()
        if subscribed:
            one.wait_subscribed()
        return one

    yield start_one
    for one in started:
        one.kill()


def publish(broker: Mosquitto, what: Iterable[tuple[str, bytes]], *, rate: float = 1000) -> None:
    """Publish all of it at QoS 1; returns when the broker has it."""
    publisher = Publisher(broker.port)
    publisher.publish(what, rate=rate)
    publisher.close()


def decoded(member: Member, number: int) -> dict[str, Any]:
    """What a device of the fleet says in its `number`-th uplink, in its maker's shape."""
    if member.type == AIR:
        return {
            "pm1_0_mass_concentration": {"displayName": "PM1.0", "unit": "µg⋅m⁻³", "value": 4.0 + number % 7},
            "pm2_5_mass_concentration": {"displayName": "PM2.5", "unit": "µg⋅m⁻³", "value": 6.0 + number % 9},
            "pm10_mass_concentration": {"displayName": "PM10", "unit": "µg⋅m⁻³", "value": 9.0 + number % 11},
            "air_temperature": {"displayName": "Air temperature", "unit": "°C", "value": 8.5},
            "air_humidity": {"displayName": "Air humidity", "unit": "%", "value": 61.5},
            "barometric_pressure": {"displayName": "Pressure", "unit": "Pa", "value": 99870 + number % 50},
            "battery_voltage": {"displayName": "Battery voltage", "unit": "V", "value": 3.05},
        }
    if member.type == DELTA:
        return {
            "LTR": number % 5 + 1,
            "RTL": 2,
            "LTR_SUM": number,
            "RTL_SUM": 2 * number,
            "DIFF": 0,
            "SBX_BATT": 3600,
        }
    return {"type": "counter_update", "counter_value": (7 * number) % 65536}


def consistent(figures: dict[str, Any]) -> bool:
    """Both identities."""
    settled_or_under_way = sum(figures[name] for name in IDENTITY)
    lines = figures["lines_written"] + figures["lines_dead"] + figures["lines_waiting"]
    return bool(figures["received"] == settled_or_under_way and figures["lines_spooled"] == lines)


def settled(one: Messnetz) -> bool:
    """Whether nothing is under way, and both identities hold at this look."""
    figures = one.status_quick()
    if "received" not in figures:
        return False
    assert consistent(figures), figures
    return bool(figures["in_flight"] == 0 and figures["lines_waiting"] == 0)


def in_background(work: Any) -> threading.Thread:
    """A thread that is already running."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def messages(fleet: list[Member], total: int) -> Iterator[tuple[str, bytes]]:
    """The fleet's first `total` uplinks, each device in turn."""
    for member, number in round_robin(fleet, total):
        yield said(member, number)


def said(member: Member, number: int, time_ns: int | None = None) -> tuple[str, bytes]:
    """Topic and payload of a device's `number`-th uplink."""
    return uplink(member, number, decoded(member, number), time_ns=time_ns, port=PORT[member.type])


def assert_every_uplink_is_there_once(database: Database, fleet: list[Member], each: int) -> None:
    """Every device's every uplink is one point, and every count is there once."""
    points = by_device(database.rows("device", ("device", "f_cnt")), "f_cnt")
    assert {device: len(values) for device, values in points.items()} == {one.id: each for one in fleet}
    assert all(sorted(values) == list(range(each)) for values in points.values())
    counts = database.rows("traffic", ("device", "direction", "count"))
    sums: dict[str, int] = {}
    for row in counts:
        sums[row["device"]] = sums.get(row["device"], 0) + (row["count"] or 0)
    for one in fleet:
        if one.type == DELTA:
            assert sums[one.id] == sum(number % 5 + 1 + 2 for number in range(each)), one.id
        if one.type == TOTAL:
            assert sums[one.id] == 7 * (each - 1), one.id


def by_device(rows: Iterable[dict[str, Any]], field: str) -> dict[str, list[Any]]:
    """The values of one field by device, oldest first."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        if row[field] is not None:
            found.setdefault(row["device"], []).append(row[field])
    return found


def test_killed_five_times_at_2000_uplinks_a_second_every_point_is_there_once(
    mosquitto: StartMosquitto, influxdb: Database, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    fleet = members(DELTA, 40) + members(TOTAL, 40) + members(AIR, 20)
    one = start(broker, influxdb, fleet)
    publisher = Publisher(broker.port)
    publishing = in_background(lambda: publisher.publish(messages(fleet, 20_000), rate=2000))
    random = Random(time.time_ns())  # noqa: S311  moments nobody chose
    for _kill in range(5):
        time.sleep(random.uniform(0.2, 1.8))
        one.kill()
        one.start()
    publishing.join(300)
    assert not publishing.is_alive()
    publisher.close()
    one.wait_subscribed()
    one.wait_until(lambda: settled(one) and influxdb.count("device", "f_cnt") >= 20_000, "all is written")
    assert_every_uplink_is_there_once(influxdb, fleet, 200)


def test_stock_mosquitto_and_a_database_frozen_for_40_s_and_stopped_for_20_s_lose_nothing(
    mosquitto: StartMosquitto, own_influxdb: Influxd, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto()
    database = own_influxdb.new_database(tmp_path)
    fleet = members(DELTA, 40) + members(TOTAL, 40) + members(AIR, 20)
    one = start(broker, database, fleet)
    publisher = Publisher(broker.port)
    total = 35_000  # 70 s at 500/s: longer than both faults together
    publishing = in_background(lambda: publisher.publish(messages(fleet, total), rate=500))
    time.sleep(4)
    own_influxdb.freeze()
    time.sleep(40)
    own_influxdb.thaw()
    time.sleep(2)
    own_influxdb.stop()
    time.sleep(20)
    assert one.status_quick()["lines_waiting"] > 0
    own_influxdb.start()
    publishing.join(300)
    assert not publishing.is_alive()
    publisher.close()
    one.wait_until(lambda: settled(one), "all is written")
    figures = one.status_quick()
    assert figures["received"] == figures["stored"] == total
    assert_every_uplink_is_there_once(database, fleet, 350)


def test_conflicting_types_and_points_outside_retention_cost_the_good_ones_nothing(
    mosquitto: StartMosquitto, own_influxdb: Influxd, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    database = own_influxdb.new_database(tmp_path, retention="30d")
    good, conflicting, late = members(DELTA, 5), members(AIR, 1), members(TOTAL, 1)
    now = time.time_ns()
    for time_ns in (
        now - 40 * 60_000_000_000,
        now,
    ):  # a shard fixes the types, and a new one begins at midnight
        database.write(f'air_quality,device=else pm10="text" {time_ns}')
    one = start(broker, database, good + conflicting + late)
    publisher = Publisher(broker.port)

    def publish(first: int) -> None:
        for number in range(first, first + 20):
            batch = [
                said(member, number, now - (40 - number) * 60_000_000_000) for member in good + conflicting
            ]
            old = now - (60 * 86_400 - number * 60) * 1_000_000_000
            batch.append(said(late[0], number, old))
            publisher.publish(batch, rate=1000)

    publish(0)
    one.wait_until(lambda: settled(one) and one.status_quick()["received"] == 140, "all is settled")
    publish(20)
    one.wait_until(lambda: settled(one) and one.status_quick()["received"] == 280, "later ones flow")
    publisher.close()
    points = by_device(database.rows("device", ("device", "f_cnt")), "f_cnt")
    assert {device: len(values) for device, values in points.items()} == {
        member.id: 40 for member in good + conflicting
    }
    dead = one.command_json("dead-letters", "list", "--limit", "1000")
    conflicts = [letter for letter in dead if letter["device"] == conflicting[0].id]
    assert len(conflicts) == 40
    assert all("pm10" in letter["reason"] and "type" in letter["reason"] for letter in conflicts)
    outside = [letter for letter in dead if letter["device"] == late[0].id]
    assert outside
    assert all("retention policy" in letter["reason"] for letter in outside)
    assert len(conflicts) + len(outside) == len(dead) == one.status_quick()["lines_dead"]


def test_strangers_and_undecodable_payloads_at_100_a_second_cost_the_others_nothing(
    mosquitto: StartMosquitto, influxdb: Database, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    budgets = {"quarantine_bytes": 1_000_000, "refusals_per_device": 500}
    good = members(DELTA, 10)
    undecodable = members(AIR, 1)[0]
    stranger = Member("stranger", "70b3d57effff0001", AIR)
    one = start(broker, influxdb, [*good, undecodable], spool=budgets)
    publisher, noisy = Publisher(broker.port), Publisher(broker.port)

    def bad() -> Iterator[tuple[str, bytes]]:
        for number in range(1000):
            yield uplink(stranger, number, decoded(stranger, number))
            yield uplink(undecodable, number, None)

    noise = in_background(lambda: noisy.publish(bad(), rate=200))
    publisher.publish(messages(good, 1000), rate=100)
    noise.join(120)
    assert not noise.is_alive()
    one.wait_until(lambda: settled(one) and one.status_quick()["received"] == 3000, "all is settled")
    figures = one.status_quick()
    assert figures["stored"] == 1000
    assert figures["quarantined"] == 1000
    assert figures["rejected"] == 1000
    assert_every_uplink_is_there_once_for(influxdb, good, 100)
    heard = by_device(influxdb.rows("device", ("device", "rssi")), "rssi")
    assert len(heard[undecodable.id]) == 1000, "the radio of an undecodable device is still written"
    kept = one.command_json("quarantine", "list", "--limit", "100000")
    by_sender: dict[str, int] = {}
    for row in kept:
        by_sender[row["address"]] = by_sender.get(row["address"], 0) + 1
    assert set(by_sender) == {stranger.dev_eui, undecodable.dev_eui}
    assert all(0 < count <= 500 for count in by_sender.values())
    assert sum(len(row["payload"]) for row in kept) <= 1_000_000


def assert_every_uplink_is_there_once_for(database: Database, fleet: list[Member], each: int) -> None:
    """As `assert_every_uplink_is_there_once`, where other devices wrote too."""
    points = by_device(database.rows("device", ("device", "f_cnt")), "f_cnt")
    for one in fleet:
        assert sorted(points[one.id]) == list(range(each)), one.id


def test_a_device_that_is_registered_gets_what_it_said_before_its_first_live_increment(
    mosquitto: StartMosquitto, influxdb: Database, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    one = start(broker, influxdb, members(AIR, 1))
    newcomer = members(TOTAL, 1)
    publisher = Publisher(broker.port)
    backlog = list(messages(newcomer, 300))
    publisher.publish(backlog[:200], rate=1000)
    one.wait_until(lambda: one.status_quick()["quarantined"] == 200, "the stranger is in quarantine")
    live = in_background(lambda: publisher.publish(backlog[200:], rate=50))
    register(one.folder, newcomer, name="newcomer")
    live.join(60)
    one.wait_until(lambda: settled(one) and influxdb.count("device", "f_cnt") == 300, "all 300 are points")
    publisher.close()
    assert_every_uplink_is_there_once(influxdb, newcomer, 300)
    assert one.command_json("quarantine", "list") == []


@pytest.mark.parametrize("how", ["restart", "kill"])
def test_a_broker_that_lost_its_sessions_is_found_again_and_nothing_new_is_deleted(
    how: str, mosquitto: StartMosquitto, influxdb: Database, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    fleet = members(DELTA, 10)
    one = start(broker, influxdb, fleet)
    publish(broker, list(messages(fleet, 500)))
    one.wait_until(lambda: one.status_quick()["stored"] == 500, "the first half is stored")
    if how == "kill":
        broker.kill()
    broker.restart(lose_sessions=True)
    one.wait_until(lambda: not one.status_quick()["sources"][0]["connected"], "the loss is noticed")
    one.wait_subscribed()
    publish(broker, list(messages(fleet, 1000))[500:])
    one.wait_until(
        lambda: settled(one) and influxdb.count("device", "f_cnt") == 1000, "both halves are there"
    )
    assert_every_uplink_is_there_once(influxdb, fleet, 100)


def test_it_starts_with_everything_down_and_says_what_is_missing(
    mosquitto: StartMosquitto, own_influxdb: Influxd, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    database = own_influxdb.new_database(tmp_path)
    broker.stop()
    own_influxdb.stop()
    fleet = members(DELTA, 2)
    one = start(broker, database, fleet, subscribed=False)
    ready, reasons = one.readiness()
    assert not ready
    assert any("town" in reason and str(broker.port) in reason for reason in reasons), reasons
    broker.start()
    one.wait_subscribed()
    publish(broker, messages(fleet, 20))
    one.wait_until(lambda: one.status_quick()["stored"] == 20, "stored without a database")
    one.wait_until(
        lambda: any(database.url[7:] in reason for reason in one.readiness()[1]), "the database is named"
    )
    own_influxdb.start()
    one.wait_until(lambda: settled(one) and one.readiness()[0], "ready when all is up")
    assert_every_uplink_is_there_once(database, fleet, 10)


def test_a_database_that_refuses_us_is_waited_for_and_named(
    mosquitto: StartMosquitto, own_influxdb: Influxd, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    database = own_influxdb.new_database(tmp_path)
    name = database.bucket.partition("/")[0]
    own_influxdb.drop(database)
    fleet = members(DELTA, 2)
    one = start(broker, database, fleet)
    publish(broker, messages(fleet, 20))
    one.wait_until(
        lambda: any(name in reason for reason in one.readiness()[1]), "the missing bucket is named"
    )
    assert one.status_quick()["lines_dead"] == 0
    again = own_influxdb.new_database(tmp_path)
    one.stop()
    one.configure(settings(broker, again))
    one.start()
    one.wait_until(
        lambda: settled(one) and again.count("device", "f_cnt") == 20, "written after the mistake is mended"
    )
    assert one.status_quick()["lines_dead"] == 0


def test_noise_over_the_spool_is_set_aside_and_the_stream_goes_on(
    mosquitto: StartMosquitto, influxdb: Database, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    fleet = members(DELTA, 2)
    one = start(broker, influxdb, fleet)
    publisher = Publisher(broker.port)
    everything = list(messages(fleet, 60))
    publisher.publish(everything[:20], rate=1000)
    one.wait_until(lambda: settled(one) and one.status_quick()["stored"] == 20, "the first are written")
    one.kill()
    for leftover in one.state.glob("spool.db-*"):
        leftover.unlink()
    (one.state / "spool.db").write_bytes(Random(1).randbytes(200_000))  # noqa: S311  any noise
    one.start()
    one.wait_subscribed()
    publisher.publish(everything[20:40], rate=1000)
    one.wait_until(lambda: settled(one) and one.status_quick()["stored"] == 20, "stored in the new spool")
    aside = list(one.state.glob("spool.db.damaged-*"))
    assert len(aside) == 1
    assert any(aside[0].name in reason for reason in one.readiness()[1])
    with (one.state / "spool.db").open("r+b") as file:  # and while it runs
        file.write(Random(2).randbytes(one_size(one.state / "spool.db")))  # noqa: S311  any noise
    publisher.publish(everything[40:], rate=1000)
    publisher.close()
    one.wait_until(lambda: settled(one) and influxdb.count("device", "f_cnt") == 60, "the stream goes on")
    assert_every_uplink_is_there_once(influxdb, fleet, 30)


def one_size(path: Path) -> int:
    """Bytes of a file."""
    return path.stat().st_size


def test_a_full_disk_holds_everything_and_goes_on_when_there_is_room(
    mosquitto: StartMosquitto, influxdb: Database, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    nobody = {"url": "http://127.0.0.1:9", "bucket": "nobody"}  # so that lines pile up
    fleet = members(AIR, 10)
    one = start(broker, influxdb, fleet, wrap=("prlimit", "--fsize=400000"), influx=nobody)
    publish(broker, messages(fleet, 4000), rate=4000)
    one.wait_until(lambda: any("spool" in reason for reason in one.readiness()[1]), "the full disk is named")
    figures = one.status_quick()
    assert consistent(figures), figures
    assert figures["rejected"] == 0
    one.kill()
    one.command = one.command[2:]  # the same without the limit
    one.configure(settings(broker, influxdb))
    one.start()
    one.wait_until(lambda: settled(one) and influxdb.count("device", "f_cnt") == 4000, "all is written")
    assert_every_uplink_is_there_once(influxdb, fleet, 400)


def test_a_full_spool_stops_acknowledging_and_the_broker_keeps_the_rest(
    mosquitto: StartMosquitto, own_influxdb: Influxd, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    database = own_influxdb.new_database(tmp_path)
    own_influxdb.stop()
    fleet = members(AIR, 10)
    one = start(broker, database, fleet, spool={"waiting_bytes": 65536})
    publish(broker, messages(fleet, 3000), rate=3000)
    one.wait_until(
        lambda: any("budget" in reason for reason in one.readiness()[1]), "the full spool is named"
    )
    figures = one.status_quick()
    assert consistent(figures), figures
    assert figures["stored"] < 3000
    own_influxdb.start()
    one.wait_until(lambda: settled(one) and database.count("device", "f_cnt") == 3000, "all is written")
    assert_every_uplink_is_there_once(database, fleet, 300)


def test_times_of_1970_and_2100_and_garbage_of_all_kinds_end_with_a_reason(
    mosquitto: StartMosquitto, influxdb: Database, tmp_path: Path, start: Start
) -> None:
    broker = mosquitto(max_queued_messages=0)
    fleet = members(AIR, 1)
    one = start(broker, influxdb, fleet)
    device = fleet[0]
    topic, good = uplink(device, 0, decoded(device, 0))
    bad = {
        "1970": uplink(device, 1, decoded(device, 1), time_ns=0)[1],
        "2100": uplink(device, 2, decoded(device, 2), time_ns=4_102_444_800_000_000_000)[1],
        "random bytes": Random(3).randbytes(500),  # noqa: S311  any noise
        "truncated": good[: len(good) // 2],
        "deep nesting": b"[" * 100_000,
        "deep object": good.replace(b'"object":{', b'"object":{"x":' + b"[" * 5000 + b"]" * 5000 + b",", 1),
        "1 MB": good.replace(b'"object":{', b'"object":{"x":"' + b"a" * 1_000_000 + b'",', 1),
        "wrong types": good.replace(b'"fPort":1', b'"fPort":"one"'),
        "NaN": good.replace(b"4.0", b"NaN"),
        "invalid UTF-8": good.replace(b"decentlab", b"decent\xff\xfe"),
        "no object": uplink(device, 3, None)[1],
        "nothing known": uplink(device, 4, {"hello": "world"})[1],
        "empty": b"",
    }
    publisher = Publisher(broker.port)
    publisher.publish([(topic, payload) for payload in bad.values()], rate=100)
    publisher.publish([(topic, good)], rate=100)
    publisher.close()
    one.wait_until(lambda: settled(one) and one.status_quick()["received"] == len(bad) + 1, "all is settled")
    figures = one.status_quick()
    assert figures["stored"] == 1
    assert figures["rejected"] + figures["quarantined"] == len(bad)
    kept = one.command_json("quarantine", "list", "--limit", "100")
    assert len(kept) == len(bad)
    assert all(row["reason"] and row["detail"] for row in kept)
    assert not any(row["reason"] == "internal_error" for row in kept)
    assert influxdb.count("air_quality", "pm10") == 1
