"""One published message or more of every format, and what it means: the contract that all formats share.

Sources: `tests/golden/lns/README.md`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cbor2

from devices.uplink import Kind, Uplink
from ingest import lns
from ingest.lns import Ignored
from ingest.settings import Broker, Custom
from tests import wire

GOLDEN = Path(__file__).parent / "golden" / "lns"
ARRIVAL_NS = 1_700_000_000_000_000_000

CHIRPSTACK = "application/17c82e96-be03-4f38-aef3-f83d48582d97/device/0101010101010101/event/"
V3 = "application/123/device/0202020202020202/event/"
TTN = "v3/app1@tenant1/devices/dev1/"


@dataclass(frozen=True)
class Example:
    """A message of a format, and what it means; `~` in the expected key stands for any that begins so."""

    format: str
    name: str
    topic: str
    payload: bytes
    means: Uplink | Ignored

    @property
    def is_json(self) -> bool:
        """Whether it is JSON, else Protocol Buffers or CBOR."""
        return self.payload[:1] in b"{["

    @property
    def event(self) -> Any:
        """The JSON, as Python has it."""
        return json.loads(self.payload)


def golden(name: str) -> bytes:
    """A published message."""
    return (GOLDEN / f"{name}.json").read_bytes()


CUSTOM = Custom.model_validate(
    {
        "address": "device.eui",
        "payload": "data.payload",
        "encoding": "hex",
        "object": "data.values",
        "f_port": "data.port",
        "f_cnt": "data.counter",
        "time": "received_at",
        "id": "message_id",
        "rssi": "radio.rssi",
        "snr": "radio.snr",
        "gateways": "radio.gateways",
        "spreading_factor": "radio.sf",
    }
)
CUSTOM_BROKER = Broker(name="town", format="custom", host="localhost", topics=("town/#",), custom=CUSTOM)
FORMATS = lns.formats([CUSTOM_BROKER])

_DEVICE_INFO: wire.Fields = [
    (3, "17c82e96-be03-4f38-aef3-f83d48582d97"),
    (4, "Test application"),
    (8, "0101010101010101"),
    (9, [(1, "key"), (2, "value")]),
]
#: The published events of ChirpStack, by the field numbers of its integration.proto and gw.proto.
CHIRPSTACK_UP = wire.encode(
    [
        (1, "3ac7e3c4-4401-4b8d-9386-a5c902f9202d"),
        (2, [(1, 1_658_136_855), (2, 775_023_242)]),
        (3, _DEVICE_INFO),
        (4, "00189440"),
        (6, 1),
        (8, 1),
        (10, b"\xaa"),
        (
            12,
            [
                (1, "0016c001f153a14c"),
                (2, 4_217_106_255),
                (6, -36),
                (7, 10.5),
                (13, b"\x13\x73\x96\x39"),
                (15, [(1, "region_name"), (2, "eu868")]),
            ],
        ),
        (13, [(1, 867_100_000), (2, [(3, [(1, 125_000), (2, 11), (5, 1)])])]),
    ]
)
CHIRPSTACK_JOIN = wire.encode(
    [
        (1, "c9dbe358-2578-4fb7-b295-66b44edc45a6"),
        (2, [(1, 1_658_136_808), (2, 823_500_726)]),
        (3, _DEVICE_INFO),
        (4, "00189440"),
    ]
)
CHIRPSTACK_STATUS = wire.encode(
    [
        (1, "bf2a9746-1c8b-49be-a92e-f0b89c8534e4"),
        (2, [(1, 1_658_136_906), (2, 927_172_638)]),
        (3, _DEVICE_INFO),
        (5, 10),
        (8, 88.3),
    ]
)
GATEWAY_STATS = wire.encode(
    [
        (2, [(1, 1_532_612_191)]),
        (4, "1.2.3"),
        (5, 4),
        (6, 1),
        (8, 1),
        (17, "7276ff002e062c18"),
    ]
)

_UP = Uplink(
    kind=Kind.DATA,
    address="0101010101010101",
    time_ns=1_658_136_855_775_023_242,
    dedup_key="3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
    f_port=1,
    f_cnt=0,
    payload=b"\xaa",
    rssi=-36.0,
    snr=10.5,
    gateways=1,
    heard_by=("0016c001f153a14c",),
    spreading_factor=11,
)
_JOIN = Uplink(
    kind=Kind.JOIN,
    address="0101010101010101",
    time_ns=1_658_136_808_823_500_726,
    dedup_key="join:c9dbe358-2578-4fb7-b295-66b44edc45a6",
)
_STATUS = Uplink(
    kind=Kind.STATUS,
    address="0101010101010101",
    time_ns=1_658_136_906_927_172_638,
    dedup_key="status:bf2a9746-1c8b-49be-a92e-f0b89c8534e4",
    battery=88.3,
)
_STATS = Uplink(
    kind=Kind.DATA,
    address="7276ff002e062c18",
    time_ns=1_532_612_191_000_000_000,
    dedup_key="~",
    decoded={
        "rxPacketsReceived": 4,
        "rxPacketsReceivedOk": 1,
        "txPacketsReceived": 0,
        "txPacketsEmitted": 1,
    },
)
_LORIOT = Uplink(
    kind=Kind.DATA,
    address="0102030405060708",
    time_ns=1_470_850_675_433_000_000,
    dedup_key="~",
    f_port=1,
    f_cnt=1,
    payload=b"\x01\x02\xaa\xbb",
)
_SENML = Uplink(
    kind=Kind.DATA,
    address="urn:dev:ow:10e2073a0108006",
    time_ns=1_276_020_076_001_000_000,
    dedup_key="~",
    decoded={
        "voltage": 120.1,
        "current": 1.7,
        "history": [
            {"current": 1.2, "time": 1276020071.001},
            {"current": 1.3, "time": 1276020072.001},
            {"current": 1.4, "time": 1276020073.001},
            {"current": 1.5, "time": 1276020074.001},
            {"current": 1.6, "time": 1276020075.001},
            {"voltage": 120.1, "current": 1.7, "time": 1276020076.001},
        ],
    },
)
_LABELS = {"bn": -2, "bt": -3, "bu": -4, "bver": -1, "n": 0, "u": 1, "v": 2, "t": 6}
SENML_CBOR = cbor2.dumps(
    [
        {_LABELS[key]: value for key, value in record.items()}
        for record in json.loads(golden("senml_multiple"))
    ]
)

EXAMPLES: tuple[Example, ...] = (
    Example("chirpstack", "up", CHIRPSTACK + "up", golden("chirpstack_up"), _UP),
    Example("chirpstack", "join", CHIRPSTACK + "join", golden("chirpstack_join"), _JOIN),
    Example("chirpstack", "status", CHIRPSTACK + "status", golden("chirpstack_status"), _STATUS),
    Example("chirpstack", "log", CHIRPSTACK + "log", golden("chirpstack_log"), Ignored("log")),
    Example(
        "chirpstack",
        "stats",
        "eu868/gateway/7276ff002e062c18/event/stats",
        golden("chirpstack_gateway_stats"),
        _STATS,
    ),
    Example("chirpstack_protobuf", "up", CHIRPSTACK + "up", CHIRPSTACK_UP, _UP),
    Example("chirpstack_protobuf", "join", CHIRPSTACK + "join", CHIRPSTACK_JOIN, _JOIN),
    Example("chirpstack_protobuf", "status", CHIRPSTACK + "status", CHIRPSTACK_STATUS, _STATUS),
    Example(
        "chirpstack_protobuf",
        "stats",
        "gateway/7276ff002e062c18/event/stats",
        GATEWAY_STATS,
        _STATS,
    ),
    Example(
        "chirpstack_v3",
        "stats",
        "gateway/7276ff002e062c18/event/stats",
        golden("chirpstack_v3_gateway_stats"),
        _STATS,
    ),
    Example(
        "chirpstack_v3",
        "json_v3 up",
        V3 + "up",
        golden("chirpstack_v3_json_v3_up"),
        Uplink(
            kind=Kind.DATA,
            address="0202020202020202",
            time_ns=1_480_091_077_295_915_988,
            dedup_key="~",
            f_port=5,
            f_cnt=10,
            payload=b"\x01\x02\x03",
            decoded={"temperatureSensor": {"1": 25}, "humiditySensor": {"1": 32}},
            rssi=-57.0,
            snr=10.0,
            gateways=1,
            heard_by=("0303030303030303",),
        ),
    ),
    Example(
        "chirpstack_v3",
        "json up",
        V3 + "up",
        golden("chirpstack_v3_json_up"),
        Uplink(
            kind=Kind.DATA,
            address="0202020202020202",
            time_ns=1_573_221_565_048_445_000,
            dedup_key="~",
            f_port=5,
            f_cnt=10,
            payload=b"\x01\x02\x03",
            decoded={"temperatureSensor": 25, "humiditySensor": 32},
            rssi=-48.0,
            snr=9.0,
            gateways=1,
            heard_by=("0303030303030303",),
            spreading_factor=11,
        ),
    ),
    Example(
        "chirpstack_v3",
        "json join",
        "application/123/device/0202020202020202/join",  # as before 3.11
        golden("chirpstack_v3_json_join"),
        Uplink(
            kind=Kind.JOIN,
            address="0202020202020202",
            time_ns=1_573_221_565_048_445_000,
            dedup_key="~",
        ),
    ),
    Example(
        "chirpstack_v3",
        "json_v3 status",
        V3 + "status",
        golden("chirpstack_v3_json_v3_status"),
        Uplink(kind=Kind.STATUS, address="0202020202020202", time_ns=ARRIVAL_NS, dedup_key="~", battery=75.5),
    ),
    Example(
        "custom:town",
        "uplink",
        "town/sensors",
        golden("custom"),
        Uplink(
            kind=Kind.DATA,
            address="70b3d57ba0000a1c",
            time_ns=1_767_225_600_123_000_000,
            dedup_key="70b3d57ba0000a1c:4711",
            f_port=7,
            f_cnt=12,
            payload=b"\x01\x02\xaa\xbb",
            decoded={"pm10": 12.5},
            rssi=-101.0,
            snr=-3.5,
            gateways=2,
            heard_by=("0016c001f153a14c", "roof"),
            spreading_factor=9,
        ),
    ),
    Example(
        "everynet",
        "uplink",
        "messages/uplink",
        golden("everynet_uplink"),
        Uplink(
            kind=Kind.DATA,
            address="0018b20000000001",
            time_ns=1_707_734_445_123_000_000,
            dedup_key="~",
            f_port=10,
            f_cnt=125,
            payload=b"\x01\x02\x03\x04",
            rssi=-85.0,
            snr=10.5,
            gateways=1,
            heard_by=("FF0106DE",),
            spreading_factor=7,
        ),
    ),
    Example(
        "helium",
        "uplink",
        "helium/7c523974-4ce7-4a92-948b-55171a6e4d77/rx",
        golden("helium_uplink"),
        Uplink(
            kind=Kind.DATA,
            address="1c29fbd1d2084e21",
            time_ns=1_586_868_546_000_000_000,
            dedup_key="~",
            f_port=1,
            f_cnt=19,
            payload=b"Hello, world!",
            rssi=-54.0,
            snr=9.800000190734863,
            gateways=2,
            heard_by=(
                "11KHJW1ePkfhLYptMwKyDzn4opLc62daahbi35uxhH3wwi7p6xr",
                "11ni2CACdVUAshDvXif2pYUduAsvoawoxvVub6aqgHjSNsPEapZ",
            ),
            spreading_factor=9,
        ),
    ),
    Example(
        "kerlink",
        "dataUp",
        "wmc/dataUp",
        golden("kerlink_data_up"),
        Uplink(
            kind=Kind.DATA,
            address="343737394a336f09",
            time_ns=1_562_591_916_089_000_000,
            dedup_key="5d2342ac71a1270001035042",
            f_port=2,
            f_cnt=6940,
            payload=bytes.fromhex("0027800bddfd773b447bf9fede870046"),
            rssi=-107.0,
            snr=-7.0,
            gateways=1,
            heard_by=("7276ff0039030436",),
            spreading_factor=12,
        ),
    ),
    Example("loriot", "rx", "loriot/app", golden("loriot_rx"), _LORIOT),
    Example(
        "loriot",
        "gw",
        "loriot/app",
        golden("loriot_gw"),
        Uplink(
            kind=_LORIOT.kind,
            address=_LORIOT.address,
            time_ns=_LORIOT.time_ns,
            dedup_key="~",
            f_port=_LORIOT.f_port,
            f_cnt=_LORIOT.f_cnt,
            payload=_LORIOT.payload,
            rssi=-130.0,
            snr=1.2,
            gateways=2,
            heard_by=("0102030405060709", "010203040506070a"),
            spreading_factor=12,
            completes=True,
        ),
    ),
    Example(
        "milesight",
        "data",
        "milesight/uplink",
        golden("milesight_data"),
        Uplink(
            kind=Kind.DATA,
            address="24e124136b502217",
            time_ns=1_672_125_687_078_763_000,
            dedup_key="~",
            f_port=85,
            f_cnt=128,
            payload=bytes.fromhex("0367ea0004684f050000"),
            rssi=-51.0,
            snr=13.8,
            gateways=1,
            heard_by=("24e124fffef54092",),
            spreading_factor=7,
        ),
    ),
    Example(
        "milesight",
        "codec",
        "milesight/24E124136B502217/uplink",
        golden("milesight_codec"),
        Uplink(
            kind=Kind.DATA,
            address="24e124136b502217",
            time_ns=1_672_125_687_078_763_000,
            dedup_key="~",
            f_cnt=128,
            decoded={"temperature": 23.4, "humidity": 39.5},
        ),
    ),
    Example(
        "niotix",
        "state",
        "niotix/states",
        golden("niotix_state"),
        Uplink(
            kind=Kind.DATA,
            address="a81758fffe05b852",
            time_ns=1_713_364_582_594_000_000,
            dedup_key="~",
            decoded={"light": 98},
        ),
    ),
    Example("senml", "json", "sensors/a", golden("senml_multiple"), _SENML),
    Example(
        "senml",
        "bases",
        "sensors/a",
        b'[{"bn":"urn:dev:DEVEUI:0059AC0000152A8F:","bt":1700000000,"bv":20.0,"bs":1,"n":"t","v":1.5,"s":2},'
        b'{"n":"state","vs":"wet"},{"n":"open","vb":true,"t":60},{"n":"rain","s":7,"t":60}]',
        Uplink(
            kind=Kind.DATA,
            address="0059ac0000152a8f",
            time_ns=1_700_000_060_000_000_000,
            dedup_key="~",
            decoded={
                "t": 21.5,
                "t_sum": 3.0,
                "state": "wet",
                "open": True,
                "rain": 8.0,
                "history": [
                    {"t": 21.5, "t_sum": 3.0, "state": "wet", "time": 1700000000.0},
                    {"open": True, "rain": 8.0, "time": 1700000060.0},
                ],
            },
        ),
    ),
    Example("senml", "cbor", "sensors/a", SENML_CBOR, _SENML),
    Example(
        "sensor_community",
        "push",
        "airrohr/push",
        golden("sensor_community_push"),
        Uplink(
            kind=Kind.DATA,
            address="esp8266-12331981",
            time_ns=ARRIVAL_NS,
            dedup_key="~",
            decoded={"SDS_P1": "0.40", "SDS_P2": "0.20", "BME280_pressure": "100613.25", "signal": "-94"},
        ),
    ),
    Example(
        "thingpark",
        "texts",
        "thingpark/uplink",
        golden("thingpark_texts"),
        Uplink(
            kind=Kind.DATA,
            address="0018b20000000b20",
            time_ns=1_538_573_926_882_000_000,
            dedup_key="~",
            f_port=1,
            f_cnt=1174,
            payload=bytes.fromhex("9e1c4852512000220020e3831071"),
            rssi=-80.0,
            snr=7.0,
            gateways=1,
            heard_by=("004A18E3",),
            spreading_factor=7,
        ),
    ),
    Example(
        "thingpark",
        "numbers",
        "thingpark/uplink",
        golden("thingpark_numbers"),
        Uplink(
            kind=Kind.DATA,
            address="70b3d5e75e00d57f",
            time_ns=1_702_393_518_519_000_000,
            dedup_key="~",
            f_port=2,
            f_cnt=53,
            payload=bytes.fromhex("02300040a0"),
            rssi=-83.0,
            snr=9.5,
            gateways=2,
            heard_by=("3C200E92", "1000027C"),
            spreading_factor=7,
        ),
    ),
    Example(
        "thingpark",
        "downlink",
        "thingpark/uplink",
        golden("thingpark_downlink_sent"),
        Ignored("not_uplink"),
    ),
    Example(
        "ttn",
        "up",
        TTN + "up",
        golden("ttn_up"),
        Uplink(
            kind=Kind.DATA,
            address="0004a30b001c0530",
            time_ns=1_581_520_545_789_585_559,
            dedup_key="AXA50tHUGUucuzS/bCGMNw==:1",
            f_port=0,
            f_cnt=1,
            payload=b"\x82\x41\xde",
            decoded={"temperature": 1.0, "luminosity": 0.64},
            rssi=-35.0,
            snr=5.0,
            gateways=1,
            heard_by=("9c5c8e00001a05c4",),
            spreading_factor=7,
        ),
    ),
    Example(
        "ttn",
        "join",
        TTN + "join",
        golden("ttn_join"),
        Uplink(
            kind=Kind.JOIN,
            address="0004a30b001c0530",
            time_ns=1_581_925_749_736_532_315,
            dedup_key="join:AXBSH1Pk6Z0G166RlH16CQ==",
        ),
    ),
    Example("ttn", "down", TTN + "down/ack", golden("ttn_down_ack"), Ignored("down")),
    Example(
        "ttn_normalized",
        "wind",
        TTN + "up/normalized",
        golden("ttn_normalized"),
        Uplink(
            kind=Kind.DATA,
            address="0004a30b001c0530",
            time_ns=1_581_520_545_789_585_559,
            dedup_key="AXA50tHUGUucuzS/bCGMNw==:1:~",
            f_port=1,
            f_cnt=1,
            decoded={"wind": {"direction": 0, "speed": 16.4608}},
            rssi=-35.0,
            snr=5.0,
            gateways=1,
            heard_by=("9c5c8e00001a05c4",),
            spreading_factor=7,
        ),
    ),
)
UPLINKS = tuple(example for example in EXAMPLES if isinstance(example.means, Uplink))
