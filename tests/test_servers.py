"""The real servers do what the other tests take for granted."""

import time
from pathlib import Path

from tests.conftest import StartMosquitto
from tests.servers.influxdb import Influxd
from tests.servers.process import answers_tcp


def test_mosquitto_comes_back_on_its_port(mosquitto: StartMosquitto) -> None:
    broker = mosquitto("max_inflight_messages 5", max_queued_messages=0)
    broker.restart(lose_sessions=True)
    assert answers_tcp(broker.port)
    broker.kill()
    assert not answers_tcp(broker.port)


def test_influxdb_keeps_its_databases_over_a_restart(own_influxdb: Influxd, tmp_path: Path) -> None:
    database = own_influxdb.new_database(tmp_path, retention="30d")
    database.write(f"m,device=a v=1 {time.time_ns()}")
    own_influxdb.restart()
    assert database.count("m", "v") == 1
