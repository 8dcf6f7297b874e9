"""Messages of several network servers through the whole service, as far as its store."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiomqtt

from ingest.app import Service, figures, recomputer, running
from ingest.broker import embedded_broker
from ingest.recompute import Asked
from ingest.replay import replay
from ingest.seams import Row
from ingest.settings import Operators, Settings
from ingest.spool import KeptFilter
from tests import wire

NOON_MS = 1_767_268_800_000  # 2026-01-01T12:00:00Z
NOON_NS = NOON_MS * 10**6
COUNTER = "0004a30b00f1c702"
GATEWAY = "7276ff002e062c18"
#: Of the type's own example: three and four people so far, one and two of them since the uplink before.
PAYLOAD = "be010400010002000300041c200ce40139"
REGISTRY = {
    "municipality": {"id": "giessen"},
    "devices": [
        {"id": "bridge", "site": "Bridge", "dev_eui": COUNTER, "type": "parametric-pcr2"},
        {"id": "roof", "site": "Roof", "dev_eui": GATEWAY, "type": "chirpstack-gateway"},
    ],
}
BROKERS: list[dict[str, Any]] = [
    {"name": "loriot", "format": "loriot", "topics": ["loriot/#"]},
    {"name": "chirpstack", "format": "chirpstack"},
    {
        "name": "works",
        "format": "custom",
        "topics": ["works/+/measured"],
        "custom": {
            "address_level": 2,
            "payload": "frame.data",
            "encoding": "hex",
            "f_port": "frame.port",
            "f_cnt": "frame.counter",
            "time": "frame.received",
            "rssi": "gateways[0].rssi",
            "gateways": "gateways[].id",
        },
    },
]
Publish = Callable[[str, bytes], Awaitable[None]]
Story = Callable[[Service, Publish], Awaitable[None]]


def in_service(folder: Path, story: Story) -> None:
    """Run a story with a service that reads all `BROKERS` and keeps in a store of its own."""
    (folder / "devices").mkdir()
    (folder / "devices" / "town.yaml").write_text(json.dumps(REGISTRY))

    async def run() -> None:
        async with embedded_broker() as (host, port), aiomqtt.Client(host, port) as client:
            here = [one | {"host": host, "port": port, "client_id": one["name"]} for one in BROKERS]
            settings = Settings.model_validate(
                {
                    "store": "embedded",
                    "brokers": here,
                    "devices": folder / "devices",
                    "state": folder / "state",
                }
            ).model_copy(update={"operators": Operators(port=0)})
            async with running(settings) as service:
                while not all(source.connected for source in service.sources):  # noqa: ASYNC110  once
                    await asyncio.sleep(0.01)
                sent = 0

                async def publish(topic: str, payload: bytes) -> None:
                    nonlocal sent
                    await client.publish(topic, payload, qos=1)
                    sent += 1
                    while not _settled(service, sent):  # noqa: ASYNC110  the order of messages matters here
                        await asyncio.sleep(0.01)

                await story(service, publish)

    asyncio.run(asyncio.wait_for(run(), 120))


def _settled(service: Service, sent: int) -> bool:
    now = figures(service)
    return now["received"] == sent and now["in_flight"] == 0 and now["lines_waiting"] == 0


async def rows(service: Service, measurement: str, fields: list[str], device: str) -> list[Row]:
    return list(await service.store.series(measurement, fields, device, 0, 2**62))


def loriot(cmd: str, **more: Any) -> bytes:
    frame = {"EUI": COUNTER.upper(), "ts": NOON_MS, "fcnt": 7, "port": 14, "data": PAYLOAD}
    return json.dumps({"cmd": cmd, **frame, **more}).encode()


RX = loriot("rx")
GW = loriot(
    "gw",
    dr="SF9 BW125 4/5",
    gws=[{"rssi": -97, "snr": 6.25, "gweui": "A"}, {"rssi": -110, "snr": 1.0, "gweui": "B"}],
)
RADIO = ["rssi", "snr", "gateways", "spreading_factor", "f_cnt", "battery_voltage"]
HEARD = {
    "rssi": -97.0,
    "snr": 6.2,
    "gateways": 2,
    "spreading_factor": 9,
    "f_cnt": 7,
    "battery_voltage": 7.2,
}


def test_a_frame_of_loriot_counts_once_and_its_radio_joins_its_point_in_either_order(tmp_path: Path) -> None:
    for name, order in (("rx-gw", (RX, GW, GW)), ("gw-rx", (GW, RX, RX))):

        async def story(service: Service, publish: Publish, order: tuple[bytes, ...] = order) -> None:
            for message in order:
                await publish("loriot/app", message)
            now = figures(service)
            assert (now["stored"], now["duplicate"]) == (1, 2)
            people = await rows(service, "traffic", ["count", "count_total"], "bridge")
            assert sum(row.fields.get("count", 0) for row in people) == 1 + 2
            (health,) = await rows(service, "device", RADIO, "bridge")
            assert health.time_ns == NOON_NS
            assert health.fields == HEARD

        (tmp_path / name).mkdir()
        in_service(tmp_path / name, story)


def test_the_radio_of_a_frame_joins_its_point_when_it_is_told_with_another_time(tmp_path: Path) -> None:
    later = json.dumps(json.loads(GW) | {"ts": NOON_MS + 400}).encode()

    async def story(service: Service, publish: Publish) -> None:
        await publish("loriot/app", RX)
        await publish("loriot/app", later)
        (health,) = await rows(service, "device", RADIO, "bridge")
        assert (health.time_ns, health.fields) == (NOON_NS, HEARD)

    in_service(tmp_path, story)


def test_a_frame_without_payload_says_how_it_was_heard_and_is_no_fault(tmp_path: Path) -> None:
    empty = json.dumps(json.loads(GW) | {"data": "", "port": 0}).encode()

    async def story(service: Service, publish: Publish) -> None:
        await publish("loriot/app", empty)
        assert figures(service)["stored"] == 1
        (health,) = await rows(service, "device", RADIO, "bridge")
        assert health.fields == {name: said for name, said in HEARD.items() if name != "battery_voltage"}

    in_service(tmp_path, story)


def test_what_is_computed_anew_keeps_the_radio_of_both_messages_of_a_frame(tmp_path: Path) -> None:
    async def story(service: Service, publish: Publish) -> None:
        await publish("loriot/app", RX)
        await publish("loriot/app", GW)
        before = await rows(service, "device", RADIO, "bridge")
        asked = Asked("bridge", NOON_NS - 10**9, NOON_NS + 10**9, by="test", reason="test", dry_run=True)
        report = await recomputer(service.core, service.store, service.writer).recompute(asked)
        assert (report.uplinks, report.changes) == (2, ())
        assert before[0].fields == HEARD

    in_service(tmp_path, story)


def test_what_a_gateway_counts_is_a_measurement_of_its_own(tmp_path: Path) -> None:
    def stats(seconds: int, received: int) -> bytes:
        said = {
            "gatewayId": GATEWAY,
            "time": f"2026-01-01T12:00:{seconds:02}Z",
            "rxPacketsReceived": received,
        }
        return json.dumps(said).encode()

    async def story(service: Service, publish: Publish) -> None:
        topic = f"eu868/gateway/{GATEWAY}/event/stats"
        await publish(topic, stats(0, 4))
        await publish(topic, stats(30, 9))
        await publish(topic, stats(30, 9))
        binary = wire.encode([(2, [(1, NOON_MS // 1000 + 60)]), (5, 2), (17, GATEWAY)])
        await publish(f"gateway/{GATEWAY}/event/stats", binary)
        now = figures(service)
        assert (now["stored"], now["duplicate"], now["rejected"]) == (3, 1, 0)
        found = await rows(service, "gateway", ["rx_received", "rx_ok", "tx_emitted", "interval"], "roof")
        assert [(row.time_ns - NOON_NS, row.fields) for row in found[1:]] == [
            (0, {"rx_received": 9, "rx_ok": 0, "tx_emitted": 0, "interval": 30}),
            (30 * 10**9, {"rx_received": 2, "rx_ok": 0, "tx_emitted": 0, "interval": 30}),
        ]

    in_service(tmp_path, story)


def test_a_message_whose_fields_the_settings_name_is_stored_and_a_kept_one_replayed(tmp_path: Path) -> None:
    def frame(counter: int) -> bytes:
        said = {"data": PAYLOAD, "port": 14, "counter": counter, "received": NOON_MS // 1000 + counter}
        return json.dumps({"frame": said, "gateways": [{"id": "A", "rssi": -88}, {"id": "B"}]}).encode()

    async def story(service: Service, publish: Publish) -> None:
        await publish(f"works/{COUNTER}/measured", frame(1))
        await publish("works/well-7/measured", frame(2))
        now = figures(service)
        assert (now["stored"], now["quarantined"]) == (1, 1)
        (health,) = await rows(service, "device", ["rssi", "gateways", "f_cnt"], "bridge")
        assert health.fields == {"rssi": -88.0, "gateways": 2, "f_cnt": 1}
        assert health.time_ns == NOON_NS + 10**9
        (kept,) = await service.core.spool.kept(KeptFilter(), limit=10)
        assert (kept.format, kept.address) == ("custom:works", "well-7")

        registry = dict(REGISTRY)
        well = {"id": "well", "site": "Well", "address": "well-7", "type": "parametric-pcr2"}
        registry["devices"] = [*REGISTRY["devices"], well]
        devices = service.core.settings.devices
        (devices / "town.yaml").write_text(json.dumps(registry))
        await service.core.keeper.reload(confirm=True)
        await replay(service.core.intake, service.core.spool, KeptFilter())
        assert await service.core.spool.kept(KeptFilter(), limit=10) == []
        while figures(service)["lines_waiting"] != 0:  # noqa: ASYNC110  until it is written
            await asyncio.sleep(0.01)
        people = await rows(service, "traffic", ["count"], "well")
        assert sum(row.fields.get("count", 0) for row in people) == 1 + 2

    in_service(tmp_path, story)
