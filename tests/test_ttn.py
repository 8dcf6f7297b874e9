import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from devices.uplink import Uplink
from ingest.lns import FORMATS, Ignored, Unreadable, ttn

GOLDEN = Path(__file__).parent / "golden" / "lns"
TOPIC = "v3/app1@tenant1/devices/dev1/"
ARRIVAL_NS = 1_700_000_000_000_000_000
TIME_NS = 1_581_520_545_789_585_559  # 2020-02-12T15:15:45.789585559Z


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"ttn_{name}.json").read_bytes())


def event(**changes: Any) -> bytes:
    """The published uplink with other fields in its `uplink_message`."""
    published = golden("up")
    message = {**published["uplink_message"], **changes}
    published["uplink_message"] = {k: v for k, v in message.items() if v != "ABSENT"}
    return msgspec.json.encode(published)


def up(**changes: Any) -> Uplink:
    parsed = ttn.parse(TOPIC + "up", event(**changes), ARRIVAL_NS)
    assert isinstance(parsed, Uplink)
    return parsed


def refusal(kind: str, payload: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        ttn.parse(TOPIC + kind, payload, ARRIVAL_NS)
    return refused.value


@pytest.mark.parametrize(
    ("name", "payload", "reason"),
    [
        ("down/ack", msgspec.json.encode(golden("down_ack")), "down"),
        ("down/failed", msgspec.json.encode(golden("down_failed")), "down"),
        ("down/push", b"not read", "down"),
        ("down/queued", b"{}", "down"),
        ("location/solved", b"{}", "location"),
        ("service/data", b"{}", "service_data"),
        ("up/normalized", b"{}", "normalized"),
    ],
)
def test_what_is_no_uplink_is_ignored(name: str, payload: bytes, reason: str) -> None:
    assert ttn.parse(TOPIC + name, payload, ARRIVAL_NS) == Ignored(reason)


@pytest.mark.parametrize(("kind", "name"), [("up", "up"), ("join", "join")])
def test_what_the_console_simulates_is_ignored(kind: str, name: str) -> None:
    payload = msgspec.json.encode({**golden(name), "simulated": True})
    assert ttn.parse(TOPIC + kind, payload, ARRIVAL_NS) == Ignored("simulated")


def test_the_first_frame_after_a_join_has_counter_zero() -> None:
    uplink = up(f_cnt="ABSENT")
    assert (uplink.f_cnt, uplink.dedup_key) == (0, "AXA50tHUGUucuzS/bCGMNw==:0")


def test_fields_that_are_zero_or_empty_may_be_left_out() -> None:
    uplink = up(frm_payload="ABSENT", decoded_payload="ABSENT", settings="ABSENT", rx_metadata=[{}])
    assert (uplink.payload, uplink.decoded, uplink.spreading_factor) == (b"", None, None)
    assert (uplink.rssi, uplink.snr, uplink.gateways) == (0.0, 0.0, 1)


def test_gateways_of_other_networks_are_told_apart_by_their_own_id() -> None:
    def heard(gateway: str, rssi: int, snr: float) -> dict[str, Any]:
        return {
            "gateway_ids": {"gateway_id": "packetbroker"},
            "packet_broker": {"forwarder_gateway_id": gateway, "forwarder_gateway_eui": gateway.upper()},
            "rssi": rssi,
            "snr": snr,
        }

    own = {"gateway_ids": {"gateway_id": "gtw1"}, "rssi": -100, "snr": 1.0}
    uplink = up(rx_metadata=[heard("a", -110, -2.0), heard("b", -95, 3.5), heard("b", -94, 3.5), own])
    assert (uplink.gateways, uplink.rssi, uplink.snr) == (3, -94.0, 3.5)


def test_a_gateway_of_another_network_is_named_by_its_eui() -> None:
    forwarder = {"forwarder_gateway_id": "roof", "forwarder_gateway_eui": "A84041FFFF24A438"}
    uplink = up(rx_metadata=[{"gateway_ids": {"gateway_id": "packetbroker"}, "packet_broker": forwarder}])
    assert uplink.heard_by == ("a84041ffff24a438",)


def test_a_64_bit_integer_is_a_string_and_does_no_harm() -> None:
    assert (
        up(rx_metadata=[{"rssi": -80, "fine_timestamp": "955291031", "frequency_offset": "4464"}]).rssi
        == -80.0
    )


@pytest.mark.parametrize(
    ("changes", "time_ns"),
    [
        ({"rx_metadata": [{"time": "2020-02-12T15:15:45.787Z"}]}, 1_581_520_545_787_000_000),
        ({"rx_metadata": [{"gps_time": "2020-02-12T15:15:45Z", "time": "x"}]}, 1_581_520_545_000_000_000),
        ({"rx_metadata": "ABSENT"}, 1_581_520_546_014_773_143),  # the application server's
    ],
)
def test_without_the_network_servers_time_the_gateways_holds(changes: dict[str, Any], time_ns: int) -> None:
    assert up(received_at="ABSENT", **changes).time_ns == time_ns


def test_without_any_time_the_arrival_holds() -> None:
    published = golden("up")
    payload = {"end_device_ids": published["end_device_ids"], "uplink_message": {"f_cnt": 1}}
    uplink = ttn.parse(TOPIC + "up", msgspec.json.encode(payload), ARRIVAL_NS)
    assert isinstance(uplink, Uplink)
    assert uplink.time_ns == ARRIVAL_NS


def test_without_session_key_the_dedup_key_is_of_counter_and_payload() -> None:
    def key(**changes: Any) -> str:
        return up(session_key_id="ABSENT", **changes).dedup_key

    assert key().startswith("~")
    assert key() == key(received_at="2020-02-12T15:15:47Z")
    assert len({key(), key(f_cnt=2), key(frm_payload="gkHf"), key(frm_payload="ABSENT")}) == 4


def test_an_encrypted_payload_is_refused_and_its_radio_part_kept() -> None:
    refused = refusal("up", event(app_s_key={"key": "AA=="}, decoded_payload="ABSENT"))
    assert refused.reason == "encrypted"
    assert refused.radio is not None
    assert (refused.radio.payload, refused.radio.rssi, refused.address) == (None, -35.0, "0004a30b001c0530")


def test_an_encrypted_payload_with_a_decoded_one_is_read_by_it() -> None:
    uplink = up(app_s_key={"key": "AA=="})
    assert (uplink.payload, uplink.decoded) == (None, {"temperature": 1.0, "luminosity": 0.64})


def test_a_payload_that_is_no_base64_is_refused_and_the_radio_part_kept() -> None:
    refused = refusal("up", event(frm_payload="gkH"))
    assert refused.reason == "bad_base64"
    assert refused.radio is not None
    assert (refused.radio.payload, refused.radio.decoded, refused.radio.f_cnt) == (None, None, 1)


def test_a_device_without_dev_eui_is_refused_by_its_name() -> None:
    payload = msgspec.json.encode({**golden("up"), "end_device_ids": {"device_id": "abp-device"}})
    refused = refusal("up", payload)
    assert refused.reason == "bad_eui"
    assert "abp-device" in str(refused)


@pytest.mark.parametrize(
    ("kind", "payload", "reason"),
    [
        ("up", b"", "not_json"),
        ("up", b"null", "wrong_shape"),
        ("up", b"{}", "wrong_shape"),
        ("up", msgspec.json.encode(golden("join")), "wrong_shape"),
        ("join", msgspec.json.encode(golden("up")), "wrong_shape"),
        ("up", event(received_at="2020-02-12"), "bad_time"),
        ("up", event(f_port=300), "wrong_shape"),
        ("up", event(decoded_payload=[1]), "wrong_shape"),
        ("up", event() + b" " * 300_000, "too_large"),
        ("seen", event(), "unknown_event"),
    ],
)
def test_what_is_no_event_is_refused_with_its_reason(kind: str, payload: bytes, reason: str) -> None:
    assert refusal(kind, payload).reason == reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'"f_cnt":1,', b'"f_cnt":-1,', "wrong_shape"),
        (b'"f_cnt":1,', b'"f_cnt":NaN,', "not_json"),
        (b'"snr":5', b'"snr":1e400', ""),
        (b'"uplink_message":{', b'"uplink_message":{"f_port":"x",', "wrong_shape"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_an_event_with_one_wrong_field_is_still_its_senders(
    old: bytes, new: bytes, reason: str, indent: int | None
) -> None:
    payload = event()
    assert old in payload
    payload = payload.replace(old, new)
    if indent:
        payload = payload.replace(b'":', b'" : ').replace(b"{", b"{\n  ")
    refused = refusal("up", payload)
    assert refused.address == "0004a30b001c0530"
    assert refused.reason == (reason or refused.reason)


@pytest.mark.parametrize(
    "payload",
    [
        b'{"uplink_message":{"decoded_payload":{"dev_eui":"0004a30b001c0530"}',
        b'{"end_device_ids":{"device_id":"a"},"x":{"dev_eui":"0004a30b001c0530"}',
        b'{"end_device_ids":{"dev_eui":"0004a30b001c053"}',
        b'{"end_device_ids":{"a":' * 10_000,
        b'{"end_device_ids":{},' * 10_000,
        b'{"end_device_ids":{"a":{},' + b'"a":{},' * 30_000,
    ],
)
def test_no_other_number_is_taken_for_the_sender_of_an_unreadable_event(payload: bytes) -> None:
    assert refusal("up", payload).address == ""


@pytest.mark.parametrize("topic", ["", "v3", "v3/app1/devices", "v3/app1/devices/dev1", "up"])
def test_a_topic_of_another_shape_is_refused(topic: str) -> None:
    with pytest.raises(Unreadable) as refused:
        ttn.parse(topic, event(), ARRIVAL_NS)
    assert refused.value.reason == "unknown_event"


def test_the_format_is_listed_with_topics_of_what_it_reads() -> None:
    assert FORMATS["ttn"].TOPICS == ("v3/+/devices/+/up", "v3/+/devices/+/join")
