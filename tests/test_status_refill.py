"""The values that the map shows after a restart, while the database is still away: real processes."""

import time
from pathlib import Path

from tests.conftest import StartMosquitto
from tests.fleet import Publisher, members, register, uplink
from tests.servers.influxdb import Influxd
from tests.servers.messnetz import Messnetz

(AIR,) = members("decentlab-dl-pm", 1)
SAID = {"pm2_5_mass_concentration": {"value": 12.4}, "battery_voltage": {"value": 3.0}}


def test_values_come_back_once_a_database_answers_that_was_away_at_the_start(
    mosquitto: StartMosquitto, own_influxdb: Influxd, tmp_path: Path
) -> None:
    broker = mosquitto(max_queued_messages=0)
    database = own_influxdb.new_database(tmp_path)
    one = Messnetz(
        tmp_path / "service",
        {
            "store": "influx",
            "influx": database.settings(timeout=10).model_dump(mode="json"),
            "brokers": [{"name": "town", "format": "chirpstack", "host": broker.host, "port": broker.port}],
        },
    )
    register(one.folder, [AIR])

    def shown() -> list[object]:
        return [row.get("headline") for row in database.rows("status", ("state", "headline"))]

    one.start()
    try:
        one.wait_subscribed()
        publisher = Publisher(broker.port)
        publisher.publish([uplink(AIR, 0, SAID, time_ns=time.time_ns())], rate=1000)
        publisher.close()
        one.wait_until(lambda: 12.4 in shown(), "its value is in a row")
        one.stop()
        own_influxdb.stop()
        one.start()
        one.wait_until(
            lambda: one.metrics()["messnetz_status_rows_total"] >= 1, "its state is told, the database away"
        )
        own_influxdb.start()
        before = len(shown())
        one.wait_until(lambda: len(shown()) > before, "what waited is written")
        one.wait_until(lambda: shown()[-1] == 12.4, "its value is shown again")
    finally:
        one.kill()
