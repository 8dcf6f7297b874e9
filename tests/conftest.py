"""Real servers for the tests: `mosquitto`, `influxdb`, `own_influxdb`, `prometheus`; and the like.

`MESSNETZ_TEST_INFLUXD2` names an InfluxDB 2 that takes the place of version 1.8 in all of them.

`musterstadt` is what stands in for Grafana over a simulated day of a city.

A server that is missing skips its tests with a sentence that says how to get it;
`MESSNETZ_REQUIRE_REAL=1` turns such a skip into a failure.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

from tests.grafana.panel import Grafana
from tests.servers.certificates import make_certificates
from tests.servers.influxdb import Database, Influxd
from tests.servers.influxdb2 import Influxd2, any_influxd
from tests.servers.mosquitto import Mosquitto
from tests.servers.named import named_influxd
from tests.servers.prometheus import Prometheus

# No test depends on time: a slow machine is no fault of the code.
settings.register_profile("messnetz", deadline=None)
settings.load_profile("messnetz")


class StartMosquitto(Protocol):
    """Starts a broker with these further lines in its configuration; see `Mosquitto`."""

    def __call__(self, *lines: str, max_queued_messages: int | None = None) -> Mosquitto: ...


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[StartMosquitto]:
    """A factory of brokers: `broker = mosquitto("max_inflight_messages 1", max_queued_messages=0)`."""
    brokers: list[Mosquitto] = []

    def start(*lines: str, max_queued_messages: int | None = None) -> Mosquitto:
        folder = tmp_path / f"mosquitto{len(brokers)}"
        broker = Mosquitto(folder, *lines, max_queued_messages=max_queued_messages)
        brokers.append(broker)
        broker.start()
        return broker

    yield start
    for broker in brokers:
        broker.kill()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system needs root and the right to mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of certificates; see `make_certificates`."""
    folder = tmp_path_factory.mktemp("certificates")
    make_certificates(folder)
    return folder


@pytest.fixture(scope="session")
def shared_influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """One InfluxDB for all tests that only write and read: the one that the environment names, or ours."""
    server = named_influxd() or any_influxd(tmp_path_factory.mktemp("influxd"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def influxdb(shared_influxd: Influxd, tmp_path: Path) -> Database:
    """A fresh database on the shared server (never stop that)."""
    return shared_influxd.new_database(tmp_path)


@pytest.fixture
def own_influxdb(tmp_path: Path) -> Iterator[Influxd]:
    """A running InfluxDB of the test's own, to freeze and stop; see `any_influxd`, `Influxd.new_database`."""
    server = any_influxd(tmp_path / "influxd")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def own_influxdb1(tmp_path: Path) -> Iterator[Influxd]:
    """A running InfluxDB 1.8 of the test's own, for what only that version has."""
    server = Influxd(tmp_path / "influxd1")
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def influxd2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd2]:
    """One InfluxDB 2 for all tests of what only that version has; never stop it."""
    server = Influxd2(tmp_path_factory.mktemp("influxd2"))
    server.start()
    yield server
    server.kill()


class StartPrometheus(Protocol):
    """Starts a Prometheus that scrapes these `host:port`; see `Prometheus`."""

    def __call__(self, *targets: str) -> Prometheus: ...


@pytest.fixture
def prometheus(tmp_path: Path) -> Iterator[StartPrometheus]:
    """A factory of Prometheus servers: `server = prometheus("127.0.0.1:9464")`."""
    servers: list[Prometheus] = []

    def start(*targets: str) -> Prometheus:
        server = Prometheus(tmp_path / f"prometheus{len(servers)}", targets)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def musterstadt(shared_influxd: Influxd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grafana]:
    """Musterstadt's summer day in a real InfluxDB and a real Prometheus, filled in once."""
    from tests import simulated_day  # noqa: PLC0415  it imports half of the service

    folder = tmp_path_factory.mktemp("musterstadt")
    server = Prometheus(folder / "prometheus")
    with simulated_day.stood_up(simulated_day.SUMMER, shared_influxd, server, folder) as grafana:
        yield grafana
