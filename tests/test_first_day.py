"""An operator's first day: `messnetz init`, start, a day of a city, every panel, a dead sensor and its alarm.

Everything is real but Grafana: the shipped files, Mosquitto with its passwords and ACL, InfluxDB, the service
as a process of its own, Prometheus that scrapes it.
"""

import json
import shutil
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self
from urllib.parse import urlencode
from urllib.request import urlopen

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from devices import registry
from devices.registry import SHIPPED_TYPES
from tests import grafana_rules
from tests.clone import init
from tests.conftest import StartPrometheus
from tests.grafana.panel import Grafana, boards, step_ms
from tests.servers.go_template import GoTemplate
from tests.servers.influxdb import Influxd
from tests.servers.messnetz import Messnetz
from tests.servers.prometheus import Prometheus
from tests.simulated_day import DEAD_BAY, DEAD_SENSOR, REGISTRY, SOURCES, Day, Said, messages
from tests.test_compose_broker import Broker

#: What may be empty on the first day, and why.
EMPTY: Mapping[str, str] = {"Zertifikate: Tage bis zum Ablauf": "neither broker nor database speaks TLS here"}
DEAD = sorted([DEAD_SENSOR[0], DEAD_BAY[0]])
_SETTLED = "messnetz_messages_settled_total"
#: Prometheus has only looked for some seconds, and forgets a figure after five minutes: what is drawn in
#: longer steps has no point yet.
STEP_MS = 300_000


class Installation:
    """A folder that `messnetz init` wrote, and everything that runs on it."""

    def __init__(self, folder: Path, influxd: Influxd) -> None:
        folder.mkdir()
        done = init(folder)
        assert done.returncode == 0, done.stderr
        self.folder = folder
        self.broker = Broker(folder)
        self.databases = {uid: influxd.new_database(folder) for uid in SOURCES}
        readings, hours, bays = (self.databases[uid] for uid in SOURCES)
        if readings.token:
            (folder / "config/secrets/influxdb/token").write_text(readings.token)
        config = folder / "config/messnetz.yaml"
        written = config.read_text(encoding="utf-8")
        self.service = Messnetz(config.parent, {})
        for theirs, ours in (
            ("http://influxdb:8086", readings.url),
            ("org: messnetz", f"org: {readings.org or 'messnetz'}"),
            ("  bucket: readings", f"  bucket: {readings.bucket}"),
            ("hours_bucket: hours", f"hours_bucket: {hours.bucket}"),
            ("bays_bucket: bays", f"bays_bucket: {bays.bucket}"),
            ("host: mosquitto\n", f"host: {self.broker.host}\n    port: {self.broker.port}\n"),
            ("operators:\n  host: 0.0.0.0", f"operators:\n  host: 127.0.0.1\n  port: {self.service.port}"),
            ("exports:\n  host: 0.0.0.0", "exports:\n  host: 127.0.0.1\n  port: 0"),
            ("store: influx", "store: influx\nstate: state"),
        ):
            assert written.count(theirs) == 1, theirs
            written = written.replace(theirs, ours)
        config.write_text(written, encoding="utf-8")
        for name in ("devices", "types"):
            shutil.copytree(REGISTRY / name, config.parent / name, dirs_exist_ok=True)

    def __enter__(self) -> Self:
        self.broker.start()
        self.service.start()
        self.service.wait_subscribed()
        return self

    def __exit__(self, *_: object) -> None:
        self.service.kill()
        self.broker.kill()

    def publish(self, said: Sequence[Said]) -> None:
        """What network server and gateways say; returns when all is in the database."""
        before = self.service.metrics()[_SETTLED]
        for user, prefix in (("chirpstack", "application/"), ("gateways", "eu868/")):
            client = mqtt.Client(CallbackAPIVersion.VERSION2)
            client.username_pw_set(user, self.broker.password(user))
            client.max_queued_messages_set(0)
            client.max_inflight_messages_set(500)
            client.connect(self.broker.host, self.broker.port)
            client.loop_start()
            sent = [client.publish(one.topic, one.payload, 1) for one in said if one.topic.startswith(prefix)]
            for one in sent:
                one.wait_for_publish(60)
            client.disconnect()
            client.loop_stop()
        self.service.wait_until(lambda: self._all_written(before + len(said)), "all is in the database")

    def _all_written(self, settled: float) -> bool:
        found = self.service.metrics()
        return found.get(_SETTLED, 0) >= settled and found["messnetz_lines_waiting"] == 0


def test_every_panel_has_data_and_a_sensor_s_death_is_told_in_the_right_words(
    tmp_path: Path, shared_influxd: Influxd, prometheus: StartPrometheus
) -> None:
    day = Day("", now_ns=time.time_ns(), days=2.2, counter_days=2.2, one_server=True)
    known = registry.load(REGISTRY / "devices", (SHIPPED_TYPES, REGISTRY / "types"))
    said = messages(known, day)
    newest = bisect_left(said, day.at(16.5), key=lambda one: one.arrival_ns)
    with Installation(tmp_path / "city", shared_influxd) as installed:
        service = installed.service
        scraped = prometheus(f"127.0.0.1:{service.port}")
        installed.publish(said[:newest])
        service.stop()  # the first thing after a start is to finish the hours that are over
        service.start()
        service.wait_subscribed()
        service.wait_until(lambda: _scraped(scraped, "messnetz_ready"), "Prometheus looks")
        installed.publish(said[newest:])
        service.wait_until(lambda: _hours_are_there(installed), "finished hours are there", seconds=200)
        received = "messnetz_messages_reasons_total"
        service.wait_until(lambda: _scraped(scraped, received), "Prometheus has looked again")
        grafana = Grafana(installed.databases, scraped.url, time.time_ns() // 1_000_000)
        assert "\n".join(_empty(grafana)) == ""
        service.wait_until(
            lambda: {_state(installed, device) for device in DEAD} == {"silent"}, f"{DEAD} are silent"
        )
        assert _alarms(installed, GoTemplate(tmp_path)) == [
            f"Sensor schweigt: {device} ({known.devices[device].installations[-1].device.site})"
            " · Seit wann: keine Meldung"
            for device in DEAD
        ]


def _empty(grafana: Grafana) -> Iterator[str]:
    """The panels that have no data and should; every panel's query is asked."""
    for board in boards("de"):
        chosen = grafana.choices(board)
        for panel in board.panels:
            over_time = any("expr" in one and not one["instant"] for one in panel.targets)
            apart_ms = step_ms(panel.said, grafana.span(board, panel), "prometheus") if over_time else 1
            at_ms = -(-grafana.now_ms // apart_ms) * apart_ms  # where the step ends that is drawn now
            shown = replace(grafana, now_ms=at_ms).show(board, panel, chosen)
            if panel.targets and not shown.rows and panel.title not in EMPTY and apart_ms <= STEP_MS:
                yield f"{board.uid}: {panel}"


def _state(installed: Installation, device: str) -> str:
    """The newest state of a device."""
    readings = installed.databases["messnetz-readings"]
    (found,) = readings.query(f"SELECT last(state) FROM status WHERE device = '{device}'")  # noqa: S608  our own words
    return str(found["values"][0][1])


def _alarms(installed: Installation, template: GoTemplate) -> list[str]:
    """Who is called silent a quarter of an hour later, as long as Grafana waits for, and since when."""
    rules = grafana_rules.load(
        (installed.folder / "config/grafana/messnetz-rules.yaml").read_text(encoding="utf-8")
    )
    (rule,) = (one for one in rules if one.uid == "messnetz-silent")
    readings = installed.databases["messnetz-readings"]
    (newest,) = readings.query(f"SELECT last(state) FROM status WHERE device = '{DEAD[0]}'")  # noqa: S608  our own words
    at_s = newest["values"][0][0] / 1e9
    raised = rule.step(at_s + 899, grafana_rules.of_databases(installed.databases))
    assert {one.kind for one in raised} <= {"alarm"}
    told = []
    for event in sorted(raised, key=lambda one: one.labels["device"]):
        summary, description = (
            template.annotation(rule.body["annotations"][name], event.labels, event.values)
            for name in ("summary", "description")
        )
        told.append(f"{summary} · {description.partition(' seit ')[0]}")
    return told


def _hours_are_there(installed: Installation) -> bool:
    hours = installed.databases["messnetz-hours"]
    return all(
        hours.count(*what)
        for what in (("air_quality_1h", "lqi_uba_2025"), ("traffic_1h", "count"), ("parking_1h", "arrivals"))
    )


def _scraped(server: Prometheus, metric: str) -> bool:
    """Whether a metric was seen twice, so that rates can be told."""
    what = urlencode({"query": f"max(count_over_time({metric}[1m]))"})
    with urlopen(f"{server.url}/api/v1/query?{what}", timeout=10) as answer:  # noqa: S310  our own http address
        found = json.load(answer)["data"]["result"]
    return bool(found) and int(found[0]["value"][1]) > 1
