import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from devices.uplink import Kind, Uplink
from ingest.lns import FORMATS, Ignored, Unreadable, chirpstack
from tests import wire
from tests.lns_examples import CHIRPSTACK_UP, GATEWAY_STATS

GOLDEN = Path(__file__).parent / "golden" / "lns"
TOPIC = "application/17c82e96-be03-4f38-aef3-f83d48582d97/device/0101010101010101/event/"
ARRIVAL_NS = 1_700_000_000_000_000_000
TIME_NS = 1_658_136_855_775_023_242  # 2022-07-18T09:34:15.775023242Z


def event(name: str, **changes: Any) -> bytes:
    golden = json.loads((GOLDEN / f"chirpstack_{name}.json").read_bytes())
    return msgspec.json.encode({k: v for k, v in {**golden, **changes}.items() if v != "ABSENT"})


def up(**changes: Any) -> Uplink:
    parsed = chirpstack.parse(TOPIC + "up", event("up", **changes), ARRIVAL_NS)
    assert isinstance(parsed, Uplink)
    return parsed


def refusal(kind: str, payload: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        chirpstack.parse(TOPIC + kind, payload, ARRIVAL_NS)
    return refused.value


@pytest.mark.parametrize("name", ["ack", "txack", "log", "location", "integration"])
def test_other_published_events_are_ignored(name: str) -> None:
    assert chirpstack.parse(TOPIC + name, event(name), ARRIVAL_NS) == Ignored(name)


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("eu868/gateway/0016c001f153a14c/event/up", "gateway"),
        ("gateway/0016c001f153a14c/event/ack", "gateway"),
        ("eu868/gateway/0016c001f153a14c/state/conn", "gateway"),
        ("application/1/device/0101010101010101/command/down", "down"),
    ],
)
def test_what_gateways_and_downlinks_say_is_ignored_whatever_it_is(topic: str, reason: str) -> None:
    assert chirpstack.parse(topic, b"\x0a\xff", ARRIVAL_NS) == Ignored(reason)


def test_a_decoded_object_and_the_counter_are_read() -> None:
    uplink = up(fCnt=70_000, object={"co2": 420.0, "door": None})
    assert uplink.decoded == {"co2": 420.0, "door": None}
    assert uplink.f_cnt == 70_000


@pytest.mark.parametrize("value", [None, "ABSENT"])
def test_an_absent_object_is_the_same_as_null(value: str | None) -> None:
    assert up(object=value).decoded is None


@pytest.mark.parametrize(("data", "payload"), [("", b""), ("ABSENT", None), (None, None)])
def test_data_may_be_empty_or_absent(data: str | None, payload: bytes | None) -> None:
    assert up(data=data).payload == payload


def test_fields_that_are_zero_may_be_left_out() -> None:
    uplink = up(fPort="ABSENT", fCnt="ABSENT", rxInfo=[{"gatewayId": "0016c001f153a14c"}], txInfo={})
    assert (uplink.f_port, uplink.f_cnt, uplink.rssi, uplink.snr, uplink.gateways) == (0, 0, 0.0, 0.0, 1)
    assert uplink.spreading_factor is None


def test_the_gateway_with_the_best_snr_speaks_and_each_counts_once() -> None:
    uplink = up(
        rxInfo=[
            {"gatewayId": "a", "rssi": -110, "snr": -3.0},
            {"gatewayId": "b", "rssi": -90, "snr": 7.5},
            {"gatewayId": "b", "rssi": -80, "snr": 7.5},
            {"gatewayId": "c", "rssi": -70, "snr": 2.0},
        ]
    )
    assert (uplink.rssi, uplink.snr, uplink.gateways) == (-80.0, 7.5, 3)
    assert uplink.heard_by == ("a", "b", "c")


def test_without_gateways_the_radio_is_unknown() -> None:
    uplink = up(rxInfo="ABSENT", txInfo="ABSENT")
    assert (uplink.rssi, uplink.snr, uplink.gateways, uplink.spreading_factor) == (None, None, None, None)


def test_fsk_has_no_spreading_factor() -> None:
    assert up(txInfo={"modulation": {"fsk": {"datarate": 50_000}}}).spreading_factor is None


@pytest.mark.parametrize(
    ("changes", "time_ns"),
    [
        ({"rxInfo": [{"gwTime": "2022-07-18T09:34:15Z", "nsTime": "2022-07-18T09:34:16Z"}]}, 1_658_136_855),
        ({"rxInfo": [{"nsTime": "2022-07-18T11:34:16+02:00"}]}, 1_658_136_856),
        ({}, 1_700_000_000),
    ],
)
def test_without_its_time_the_gateways_holds_else_the_arrival(changes: dict[str, Any], time_ns: int) -> None:
    assert up(time="ABSENT", **changes).time_ns == time_ns * 10**9


def test_without_deduplication_id_the_key_is_of_counter_and_payload() -> None:
    def key(**changes: Any) -> str:
        return up(deduplicationId="ABSENT", **changes).dedup_key

    assert key().startswith("~")
    assert key() == key(time="2022-07-18T09:34:17Z", rxInfo=[])
    assert len({key(), key(fCnt=1), key(data="qw=="), key(data="ABSENT"), key(data="")}) == 5


def test_a_status_shares_no_key_with_the_uplink_that_carried_it() -> None:
    status = chirpstack.parse(TOPIC + "status", event("status", deduplicationId=up().dedup_key), ARRIVAL_NS)
    assert isinstance(status, Uplink)
    assert status.dedup_key != up().dedup_key


@pytest.mark.parametrize(
    ("said", "battery", "external"),
    [
        ({"batteryLevel": 0.0, "externalPowerSource": True, "batteryLevelUnavailable": False}, None, True),
        ({"batteryLevel": 0.0, "externalPowerSource": False, "batteryLevelUnavailable": True}, None, False),
        ({"batteryLevel": "ABSENT", "margin": "ABSENT"}, None, False),
    ],
)
def test_a_status_without_battery_says_none(said: dict[str, Any], battery: float, external: bool) -> None:
    status = chirpstack.parse(TOPIC + "status", event("status", **said), ARRIVAL_NS)
    assert isinstance(status, Uplink)
    assert (status.battery, status.external_power) == (battery, external)


def test_an_upper_case_dev_eui_is_read() -> None:
    assert up(deviceInfo={"devEui": "24E124ABCDEF0001"}).address == "24e124abcdef0001"


ENCRYPTED = {"sessionKeyId": "01", "appSKey": {"kekLabel": "k", "aesKey": "AA=="}}


@pytest.mark.parametrize("context", [ENCRYPTED, {"sessionKeyId": "0102"}])
def test_an_encrypted_payload_is_refused_and_its_radio_part_kept(context: dict[str, Any]) -> None:
    refused = refusal("up", event("up", joinServerContext=context))
    assert refused.reason == "encrypted"
    assert refused.address == "0101010101010101"
    assert refused.radio is not None
    assert (refused.radio.payload, refused.radio.rssi, refused.radio.time_ns) == (None, -36.0, TIME_NS)


def test_an_encrypted_payload_with_an_object_is_read_by_its_object() -> None:
    uplink = up(joinServerContext=ENCRYPTED, object={"a": 1.0})
    assert (uplink.payload, uplink.decoded) == (None, {"a": 1.0})


def test_an_empty_join_server_context_is_no_encryption() -> None:
    assert up(joinServerContext={"sessionKeyId": ""}).payload == b"\xaa"


@pytest.mark.parametrize("data", ["qg", "q===", "qg==\n", "q_8=", "ä", "qg==qg=="])
def test_data_that_is_no_base64_is_refused_and_the_radio_part_kept(data: str) -> None:
    refused = refusal("up", event("up", data=data, object={"a": 1}))
    assert refused.reason == "bad_base64"
    assert refused.radio is not None
    assert (refused.radio.payload, refused.radio.decoded, refused.radio.snr) == (None, None, 10.5)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "wrong_shape"),
        (b"\x0a\x24\x33\x61", "not_protobuf"),
        (b"[]", "not_protobuf"),
        (b"{", "not_json"),
        (b"{}", "wrong_shape"),
        (b'{"devEUI":"0101010101010101","fCnt":1,"object":{}}', "wrong_shape"),
        (b'{"deviceInfo":{"devEui":"0101010101010101"}}', "wrong_shape"),
        (event("status"), "wrong_shape"),
        (event("up", deviceInfo={"devEui": "010101010101010"}), "bad_eui"),
        (event("up", deviceInfo={"devEui": "01010101010101 1"}), "bad_eui"),
        (event("up", deviceInfo={"devEui": "01010101_1010101"}), "bad_eui"),
        (event("up", deviceInfo={"devEui": "٠١٠١٠١٠١٠١٠١٠١٠١"}), "bad_eui"),
        (event("up", time="yesterday"), "bad_time"),
        (event("up", time="2022-02-30T00:00:00Z"), "bad_time"),
        (event("up", fCnt=-1), "wrong_shape"),
        (event("up", fCnt=2**32), "wrong_shape"),
        (event("up", fPort=256), "wrong_shape"),
        (event("up", fPort="1"), "wrong_shape"),
        (event("up") + b" " * 300_000, "too_large"),
    ],
)
def test_what_is_no_uplink_is_refused_with_its_reason(payload: bytes, reason: str) -> None:
    assert refusal("up", payload).reason == reason


def test_a_refusal_of_an_unreadable_payload_names_the_device_of_the_topic() -> None:
    assert refusal("up", b"\xff").address == "0101010101010101"


def test_an_event_of_version_3_is_refused_with_the_setting_to_change() -> None:
    v3 = b'{"applicationID":"1","devEUI":"0101010101010101","fCnt":1,"object":{}}'
    assert "`format: chirpstack_v3`" in str(refusal("up", v3))
    assert str(refusal("up", v3)).startswith("deviceInfo is missing; ")


def test_json_and_protocol_buffers_are_told_apart_by_their_first_byte_and_mean_the_same() -> None:
    assert chirpstack.parse(TOPIC + "up", CHIRPSTACK_UP, ARRIVAL_NS) == up()


def test_a_binary_payload_may_be_empty() -> None:
    uplink = chirpstack.parse(TOPIC + "up", CHIRPSTACK_UP + wire.encode([(10, b"")]), ARRIVAL_NS)
    assert isinstance(uplink, Uplink)
    assert uplink.payload == b""


def test_a_binary_payload_that_is_encrypted_is_refused_and_its_radio_part_kept() -> None:
    context = wire.encode([(15, [(1, "01"), (2, [(1, "k"), (2, b"\x00")])])])
    refused = refusal("up", CHIRPSTACK_UP + context)
    assert refused.reason == "encrypted"
    assert refused.radio is not None
    assert (refused.radio.payload, refused.radio.rssi) == (None, -36.0)


@pytest.mark.parametrize("field", [(8, 256), (13, [(2, [(3, [(2, 13)])])])])
def test_a_binary_port_or_spreading_factor_that_is_none_is_refused(field: tuple[int, Any]) -> None:
    refused = refusal("up", CHIRPSTACK_UP + wire.encode([field]))
    assert (refused.reason, refused.address) == ("wrong_shape", "0101010101010101")


def test_a_binary_snr_that_is_no_number_is_left_out() -> None:
    rx: wire.Fields = [(12, [(1, "0016c001f153a14d"), (6, -30), (7, float("nan"))])]
    uplink = chirpstack.parse(TOPIC + "up", CHIRPSTACK_UP + wire.encode(rx), ARRIVAL_NS)
    assert isinstance(uplink, Uplink)
    assert (uplink.rssi, uplink.snr, uplink.gateways) == (-36.0, 10.5, 2)


STATS_TOPIC = "eu868/gateway/7276FF002E062C18/event/stats"


def stats(payload: bytes) -> Uplink:
    parsed = chirpstack.parse(STATS_TOPIC, payload, ARRIVAL_NS)
    assert isinstance(parsed, Uplink)
    return parsed


def test_what_a_gateway_counted_is_an_uplink_of_the_gateway_and_what_is_left_out_is_zero() -> None:
    uplink = stats(b'{"gatewayId":"7276ff002e062c18","time":"2018-07-26T13:36:31Z"}')
    assert (uplink.address, uplink.kind) == ("7276ff002e062c18", Kind.DATA)
    assert (uplink.f_cnt, uplink.rssi) == (None, None)
    assert set(uplink.decoded or ()) == {
        "rxPacketsReceived",
        "rxPacketsReceivedOk",
        "txPacketsReceived",
        "txPacketsEmitted",
    }
    assert set((uplink.decoded or {}).values()) == {0}


def test_json_and_protocol_buffers_of_one_report_have_one_key() -> None:
    plain = (GOLDEN / "chirpstack_gateway_stats.json").read_bytes()
    assert stats(plain).dedup_key == stats(GATEWAY_STATS).dedup_key
    assert stats(plain).dedup_key.startswith("~")
    another = plain.replace(b"36:31Z", b"37:01Z")
    assert stats(plain).dedup_key != stats(another).dedup_key


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b"{", b"\xff", b'{"gatewayId":1}', b'{"rxPacketsReceived":-1}']
)
def test_a_report_that_cannot_be_read_names_its_gateway(payload: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        chirpstack.parse(STATS_TOPIC, payload, ARRIVAL_NS)
    assert refused.value.address == "7276ff002e062c18"


@pytest.mark.parametrize("kind", ["join", "status"])
def test_an_uplink_on_another_events_topic_is_refused(kind: str) -> None:
    assert refusal(kind, event("up")).reason == "wrong_shape"


def test_an_unknown_event_is_refused() -> None:
    refused = refusal("error", b"{}")
    assert (refused.reason, refused.address) == ("unknown_event", "0101010101010101")


def test_the_format_is_listed_with_topics_of_what_it_reads() -> None:
    topics = [f"application/+/device/+/event/{kind}" for kind in ("up", "join", "status")]
    assert [*topics, "gateway/+/event/stats", "+/gateway/+/event/stats"] == list(FORMATS["chirpstack"].TOPICS)
