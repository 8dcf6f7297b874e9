"""What the published examples of the smaller formats do not show."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from devices.uplink import Kind, Uplink
from ingest.lns import FORMATS, Ignored, Unreadable
from tests.lns_examples import ARRIVAL_NS, EXAMPLES, TTN, V3, Example

SECOND = 10**9


def example(form: str, name: str) -> Example:
    return next(one for one in EXAMPLES if (one.format, one.name) == (form, name))


def changed(form: str, name: str, change: Callable[[Any], Any], topic: str | None = None) -> Uplink | Ignored:
    """The example with a change made to its JSON."""
    one = example(form, name)
    event = one.event
    change(event)
    return FORMATS[form].parse(one.topic if topic is None else topic, json.dumps(event).encode(), ARRIVAL_NS)


def up(form: str, name: str, change: Callable[[Any], Any], topic: str | None = None) -> Uplink:
    parsed = changed(form, name, change, topic)
    assert isinstance(parsed, Uplink)
    return parsed


def refusal(form: str, name: str, change: Callable[[Any], Any], topic: str | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        changed(form, name, change, topic)
    return refused.value


def unchanged(_event: Any) -> None:
    pass


# --- encrypted, spoilt and odd payloads, wherever there is a payload ---


@pytest.mark.parametrize(
    ("form", "name", "change"),
    [
        ("thingpark", "texts", lambda e: e["DevEUI_uplink"].update(PayloadEncryption="1")),
        ("loriot", "gw", lambda e: e.update(encdata=e.pop("data"))),
        ("kerlink", "dataUp", lambda e: e.update(encrypted=True)),
        ("everynet", "uplink", lambda e: e["params"].pop("payload")),
    ],
)
def test_an_encrypted_payload_is_refused_and_its_radio_part_kept(
    form: str, name: str, change: Callable[[Any], Any]
) -> None:
    refused = refusal(form, name, change)
    assert refused.reason == "encrypted"
    assert "AppSKey" in str(refused)
    assert refused.radio is not None
    assert refused.radio.payload is None
    assert refused.radio.rssi is not None


@pytest.mark.parametrize(
    ("form", "name", "change", "reason"),
    [
        ("thingpark", "texts", lambda e: e["DevEUI_uplink"].update(payload_hex="9e1"), "bad_hex"),
        ("loriot", "gw", lambda e: e.update(data="0102 AABB"), "bad_hex"),
        ("kerlink", "dataUp", lambda e: e.update(payload="zz"), "bad_hex"),
        ("kerlink", "dataUp", lambda e: e.update(payload="0g==", encodingType="BASE64"), ""),
        ("everynet", "uplink", lambda e: e["params"].update(payload="AQIDBA"), "bad_base64"),
        ("helium", "uplink", lambda e: e.update(payload="?"), "bad_base64"),
        ("milesight", "data", lambda e: e.update(data="A2fqAARoTwUAAA"), "bad_base64"),
        ("chirpstack_v3", "json up", lambda e: e.update(data="AQI"), "bad_base64"),
        ("chirpstack_v3", "json up", lambda e: e.update(objectJSON="{"), "bad_object"),
        ("chirpstack_v3", "json up", lambda e: e.update(objectJSON="[1]"), "bad_object"),
        ("chirpstack_v3", "json up", lambda e: e.update(objectJSON="[" * 100_000), "bad_object"),
    ],
)
def test_a_spoilt_payload_is_refused_and_its_radio_part_kept(
    form: str, name: str, change: Callable[[Any], Any], reason: str
) -> None:
    if not reason:
        assert up(form, name, change).payload == b"\xd2"
        return
    refused = refusal(form, name, change)
    assert refused.reason == reason
    assert refused.radio is not None
    assert (refused.radio.payload, refused.radio.decoded) == (None, None)
    assert refused.radio.rssi is not None


@pytest.mark.parametrize(
    ("form", "name", "change"),
    [
        ("thingpark", "texts", lambda e: e["DevEUI_uplink"].update(payload_hex="")),
        ("loriot", "rx", lambda e: e.pop("data")),
        ("kerlink", "dataUp", lambda e: e.update(payload="")),
        ("everynet", "uplink", lambda e: e["params"].update(payload="", encrypted_payload="")),
        ("helium", "uplink", lambda e: e.update(payload="")),
        ("milesight", "data", lambda e: e.update(data="")),
    ],
)
def test_a_payload_may_be_empty(form: str, name: str, change: Callable[[Any], Any]) -> None:
    assert up(form, name, change).payload == b""


# --- keys ---


@pytest.mark.parametrize(
    ("form", "name", "counter", "payload"),
    [
        (
            "chirpstack_v3",
            "json up",
            lambda e: e.update(fCnt=11),
            lambda e: e.update(data="AQIE"),
        ),
        (
            "thingpark",
            "texts",
            lambda e: e["DevEUI_uplink"].update(FCntUp="1175"),
            lambda e: e["DevEUI_uplink"].update(payload_hex="9e"),
        ),
        ("loriot", "rx", lambda e: e.update(fcnt=2), lambda e: e.update(data="0102")),
        ("helium", "uplink", lambda e: e.update(fcnt=20), lambda e: e.update(payload="AQ==")),
        (
            "everynet",
            "uplink",
            lambda e: e["params"].update(counter_up=126),
            lambda e: e["params"].update(payload="AQ=="),
        ),
        ("milesight", "data", lambda e: e.update(fCnt=129), lambda e: e.update(data="AQ==")),
        ("milesight", "codec", lambda e: e.update(fCnt=129), lambda e: e.update(temperature=23.5)),
    ],
)
def test_without_an_id_the_key_is_of_sender_counter_and_payload(
    form: str, name: str, counter: Callable[[Any], Any], payload: Callable[[Any], Any]
) -> None:
    keys = {up(form, name, change).dedup_key for change in (unchanged, counter, payload)}
    assert len(keys) == 3
    assert all(key.startswith("~") for key in keys)


def test_both_messages_of_a_frame_of_loriot_have_one_key_and_one_time() -> None:
    rx, gw = (up("loriot", name, unchanged) for name in ("rx", "gw"))
    assert (rx.dedup_key, rx.time_ns) == (gw.dedup_key, gw.time_ns)
    assert (rx.completes, gw.completes) == (False, True)
    assert (rx.rssi, gw.rssi) == (None, -130.0)


def test_two_gateways_messages_of_a_frame_of_everynet_have_one_key() -> None:
    other = up(
        "everynet", "uplink", lambda e: (e["meta"].update(gateway="x"), e["params"].update(duplicate=True))
    )
    assert other.dedup_key == up("everynet", "uplink", unchanged).dedup_key


def test_two_variables_of_one_moment_of_niotix_have_two_keys() -> None:
    light = up("niotix", "state", unchanged)
    noise = up("niotix", "state", lambda e: e["meta"].update(parser_variable="noise"))
    assert light.dedup_key != noise.dedup_key
    assert noise.decoded == {"noise": 98}


def test_two_measurements_of_one_frame_of_the_things_stack_have_two_keys() -> None:
    wind = up("ttn_normalized", "wind", unchanged)
    air = up(
        "ttn_normalized",
        "wind",
        lambda e: e["uplink_normalized"].update(normalized_payload={"air": {"temperature": 20}}),
    )
    assert wind.dedup_key != air.dedup_key
    assert (
        wind.dedup_key.partition("~")[0] == air.dedup_key.partition("~")[0] == "AXA50tHUGUucuzS/bCGMNw==:1:"
    )
    unknown = up("ttn_normalized", "wind", lambda e: e["uplink_normalized"].pop("session_key_id"))
    assert unknown.dedup_key.startswith("~")


# --- time ---


@pytest.mark.parametrize(
    ("form", "name", "change", "time_ns"),
    [
        ("thingpark", "texts", lambda e: e["DevEUI_uplink"].pop("Time"), ARRIVAL_NS),
        ("loriot", "rx", lambda e: e.pop("ts"), ARRIVAL_NS),
        ("kerlink", "dataUp", lambda e: e.update(recvTime=None, gwRecvTime=1_000), 1000 * SECOND),
        ("helium", "uplink", lambda e: e.update(reported_at=1_586_868_546_123), 1_586_868_546_123 * 10**6),
        ("everynet", "uplink", lambda e: e["params"].pop("rx_time"), 1_707_734_445_123 * 10**6),
        ("milesight", "data", lambda e: e.pop("time"), 1_672_125_687_078_763_000),
        (
            "niotix",
            "state",
            lambda e: e["meta"].update(timestamp=1_713_364_582_594),
            1_713_364_582_594 * 10**6,
        ),
        ("niotix", "state", lambda e: e["meta"].pop("timestamp"), ARRIVAL_NS),
        (
            "chirpstack_v3",
            "json up",
            lambda e: (e.pop("rxInfo"), e.update(publishedAt="2019-11-08T13:59:26Z")),
            1_573_221_566 * SECOND,
        ),
        (
            "chirpstack_v3",
            "json up",
            lambda e: e["rxInfo"].insert(0, {"time": "2019-11-08T13:59:27Z"}),
            1_573_221_565_048_445_000,
        ),
        ("chirpstack_v3", "json up", lambda e: e["rxInfo"][0].update(time=None), ARRIVAL_NS),
    ],
)
def test_the_servers_time_holds_else_the_gateways_else_the_arrival(
    form: str, name: str, change: Callable[[Any], Any], time_ns: int
) -> None:
    assert up(form, name, change).time_ns == time_ns


@pytest.mark.parametrize(
    ("form", "name", "change"),
    [
        ("thingpark", "texts", lambda e: e["DevEUI_uplink"].update(Time="now")),
        ("loriot", "rx", lambda e: e.update(ts=-1)),
        ("kerlink", "dataUp", lambda e: e.update(recvTime=2**63)),
        ("helium", "uplink", lambda e: e.update(reported_at=99_999_999_999)),
        ("everynet", "uplink", lambda e: e["params"].update(rx_time=-1.5)),
        ("niotix", "state", lambda e: e["meta"].update(timestamp="yesterday")),
        ("chirpstack_v3", "json up", lambda e: e["rxInfo"][0].update(time="x")),
        ("sensor_community", "push", lambda e: e.update(timestamp="2026-02-30 00:00:00")),
        ("sensor_community", "push", lambda e: e.update(timestamp="2026-02-28T00:00:00Z")),
    ],
)
def test_a_time_that_is_none_is_refused_and_names_the_sender(
    form: str, name: str, change: Callable[[Any], Any]
) -> None:
    refused = refusal(form, name, change)
    assert refused.reason == "bad_time"
    means = example(form, name).means
    assert isinstance(means, Uplink)
    assert refused.address == means.address


# --- ThingPark ---


def test_what_a_driver_of_thingpark_decoded_is_taken_else_its_points() -> None:
    points = {"temperature": {"unitId": "Cel", "record": 21.5}}
    both = up(
        "thingpark", "texts", lambda e: e["DevEUI_uplink"].update(payload={"temp": 21.5}, points=points)
    )
    assert both.decoded == {"temp": 21.5}
    assert both.payload is not None
    assert up("thingpark", "texts", lambda e: e["DevEUI_uplink"].update(points=points)).decoded == points


def test_thingpark_counts_gateways_beyond_those_it_lists() -> None:
    assert up("thingpark", "numbers", lambda e: e["DevEUI_uplink"].update(DevLrrCnt=7)).gateways == 7
    assert up("thingpark", "numbers", lambda e: e["DevEUI_uplink"].update(DevLrrCnt=1)).gateways == 2


def test_without_a_list_of_gateways_the_best_one_of_thingpark_holds() -> None:
    uplink = up("thingpark", "numbers", lambda e: e["DevEUI_uplink"].pop("Lrrs"))
    assert (uplink.rssi, uplink.snr, uplink.heard_by) == (-83.0, 9.5, ("3C200E92",))
    silent = up(
        "thingpark",
        "numbers",
        lambda e: [e["DevEUI_uplink"].pop(name) for name in ("Lrrs", "LrrRSSI", "LrrSNR")],
    )
    assert (silent.rssi, silent.snr, silent.gateways, silent.heard_by) == (None, None, None, ())


def test_numbers_of_thingpark_that_are_none_are_no_radio_figures() -> None:
    uplink = up(
        "thingpark",
        "numbers",
        lambda e: e["DevEUI_uplink"].update(Lrrs={"Lrr": [{"LrrSNR": "nan", "LrrRSSI": "inf"}]}),
    )
    assert (uplink.rssi, uplink.snr) == (None, None)


@pytest.mark.parametrize("eui", ["", "0018B2", "0018B20000000B2G"])
def test_a_dev_eui_of_thingpark_that_is_none_is_refused(eui: str) -> None:
    assert refusal("thingpark", "texts", lambda e: e["DevEUI_uplink"].update(DevEUI=eui)).reason == "bad_eui"


# --- messages that are no uplinks ---


@pytest.mark.parametrize(
    ("form", "payload"),
    [
        ("thingpark", b'{"DevEUI_location":{"DevEUI":"20635F0161000022"}}'),
        ("loriot", b'{"cmd":"tx","EUI":"0102030405060708"}'),
        ("everynet", b'{"type":"downlink","meta":{"device":"x"},"params":[]}'),
    ],
)
def test_other_messages_of_a_server_are_ignored(form: str, payload: bytes) -> None:
    assert FORMATS[form].parse("a", payload, ARRIVAL_NS) == Ignored("not_uplink")


@pytest.mark.parametrize("name", ["ack", "txack", "error", "location", "integration"])
def test_other_events_of_chirpstack_v3_are_ignored(name: str) -> None:
    assert FORMATS["chirpstack_v3"].parse(V3 + name, b"not read", ARRIVAL_NS) == Ignored(name)


@pytest.mark.parametrize(
    ("topic", "reason"), [("up", "up"), ("down/ack", "down"), ("location/solved", "location")]
)
def test_other_events_of_the_things_stack_are_ignored_beside_normalized_ones(topic: str, reason: str) -> None:
    assert FORMATS["ttn_normalized"].parse(TTN + topic, b"not read", ARRIVAL_NS) == Ignored(reason)


def test_joins_are_read_beside_normalized_uplinks_and_simulated_ones_ignored() -> None:
    join = example("ttn", "join")
    parsed = FORMATS["ttn_normalized"].parse(join.topic, join.payload, ARRIVAL_NS)
    assert isinstance(parsed, Uplink)
    assert parsed.kind is Kind.JOIN
    assert changed("ttn_normalized", "wind", lambda e: e.update(simulated=True)) == Ignored("simulated")


# --- ChirpStack v3 ---


def test_the_empty_object_of_a_codec_that_nobody_has_written_leaves_the_payload_to_our_own() -> None:
    uplink = up("chirpstack_v3", "json up", lambda e: e.update(objectJSON="{}"))
    assert uplink.payload
    assert uplink.decoded is None


def test_events_of_chirpstack_v3_are_read_on_the_topics_of_before_3_11_and_of_lora_server() -> None:
    for topic in ("application/1/device/0202020202020202/up", "application/1/device/0202020202020202/rx"):
        assert up("chirpstack_v3", "json_v3 up", unchanged, topic).f_cnt == 10


@pytest.mark.parametrize(
    "payload",
    [
        b'{"devEUI":"AgICAgICAg=="}',  # seven bytes
        b'{"devEUI":"020202020202"}',
        b'{"devEUI":""}',
        b"{",
        b'{"deviceInfo":{}}',
    ],
)
def test_an_event_of_chirpstack_v3_that_cannot_be_read_names_the_device_of_the_topic(payload: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        FORMATS["chirpstack_v3"].parse(V3 + "up", payload, ARRIVAL_NS)
    assert refused.value.address == "0202020202020202"


def test_an_event_of_version_4_is_refused_with_the_setting_to_change() -> None:
    v4 = example("chirpstack", "up").payload
    with pytest.raises(Unreadable) as refused:
        FORMATS["chirpstack_v3"].parse(V3 + "up", v4, ARRIVAL_NS)
    assert "`format: chirpstack`" in str(refused.value)


def test_another_join_of_a_device_of_chirpstack_v3_has_another_key() -> None:
    first = up("chirpstack_v3", "json join", unchanged)
    again = up("chirpstack_v3", "json join", lambda e: e.update(devAddr="AFE5Qw=="))
    assert first.dedup_key != again.dedup_key


@pytest.mark.parametrize(
    ("said", "battery", "external"),
    [
        ({"externalPowerSource": True}, None, True),
        ({"batteryLevelUnavailable": True}, None, False),
    ],
)
def test_a_status_of_chirpstack_v3_without_battery_says_none(
    said: dict[str, bool], battery: float | None, external: bool
) -> None:
    status = up("chirpstack_v3", "json_v3 status", lambda e: e.update(said))
    assert (status.kind, status.battery, status.external_power) == (Kind.STATUS, battery, external)


# --- Milesight ---


def test_the_dev_eui_of_a_milesight_uplink_is_its_own_else_the_topics() -> None:
    own = up("milesight", "data", unchanged, "a/24E124FFFFFFFFFF")
    assert own.address == "24e124136b502217"
    topics = up("milesight", "data", lambda e: e.pop("devEUI"), "a/24E124FFFFFFFFFF/uplink")
    assert topics.address == "24e124ffffffffff"
    refused = refusal("milesight", "data", lambda e: e.pop("devEUI"))
    assert refused.reason == "bad_eui"
    assert "$deveui" in str(refused)


def test_the_newer_gateways_of_milesight_say_numbers_and_a_time_of_their_own() -> None:
    uplink = up(
        "milesight",
        "data",
        lambda e: (
            e.update(applicationID=1, deviceID=22, gatewayTime="2026-03-23T15:45:04+08:00"),
            e.pop("time"),
            e["rxInfo"][0].pop("time"),
        ),
    )
    assert uplink.time_ns == 1_774_251_904 * SECOND


def test_the_time_of_receipt_holds_before_that_of_a_milesight_gateways_report() -> None:
    def later(event: Any) -> None:
        event.update(gatewayTime="2026-03-23T15:45:04+08:00")

    assert up("milesight", "data", later).time_ns == up("milesight", "data", unchanged).time_ns


def test_what_a_milesight_gateway_adds_is_not_its_codecs() -> None:
    added = {"rxInfo": [{"mac": "24e124fffef54092"}], "fPort": 85, "metadata": {}, "gatewaySN": "6438F3"}
    own = up("milesight", "codec", unchanged).decoded
    assert up("milesight", "codec", lambda e: e.update(added)).decoded == own


def test_metadata_alone_is_nothing_that_a_codec_of_milesight_said() -> None:
    refused = refusal("milesight", "codec", lambda e: (e.pop("temperature"), e.pop("humidity")))
    assert (refused.reason, refused.address) == ("wrong_shape", "24e124136b502217")


# --- Helium, Kerlink, niotix, sensor.community ---


@pytest.mark.parametrize(
    ("said", "decoded"),
    [
        ({"payload": {"t": 1}, "status": "success"}, {"t": 1}),
        ({"payload": {"t": 1}, "status": "error"}, None),
        ({"payload": [1], "status": "success"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_what_a_function_of_helium_decoded_is_taken_if_it_went_well(said: Any, decoded: Any) -> None:
    assert up("helium", "uplink", lambda e: e.update(decoded=said)).decoded == decoded


def test_kerlink_counts_gateways_that_it_does_not_list() -> None:
    assert up("kerlink", "dataUp", lambda e: (e.pop("gwInfo"), e.update(gwCnt=3))).gateways == 3
    assert up("kerlink", "dataUp", lambda e: (e.pop("gwInfo"), e.update(gwCnt=0))).gateways is None
    assert up("kerlink", "dataUp", lambda e: e.pop("id")).dedup_key.startswith("~")


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("a8-17-58-ff-fe-05-b8-52", "a81758fffe05b852"),
        ("counter 7", "counter 7"),
        (4711, "4711"),
    ],
)
def test_a_source_of_niotix_is_a_dev_eui_in_any_spelling_or_a_name(source: Any, address: str) -> None:
    assert up("niotix", "state", lambda e: e["meta"].update(source_identifier=source)).address == address


@pytest.mark.parametrize("source", [None, "", "  ", "a\nb", "a\\b", "x" * 201])
def test_a_source_of_niotix_that_is_no_name_is_refused(source: Any) -> None:
    refused = refusal("niotix", "state", lambda e: e["meta"].update(source_identifier=source))
    assert refused.reason == "bad_address"


def test_a_data_point_of_niotix_is_called_by_its_own_identifier_where_no_parser_named_it() -> None:
    assert up("niotix", "state", lambda e: e["meta"].pop("parser_variable")).decoded == {"light": 98}
    refused = refusal(
        "niotix", "state", lambda e: [e["meta"].pop(key) for key in ("parser_variable", "state_identifier")]
    )
    assert refused.reason == "wrong_shape"


def test_a_sensor_of_sensor_community_is_called_by_its_chip_else_its_number_else_the_topic() -> None:
    def sender(change: Callable[[Any], Any], topic: str = "airrohr") -> str:
        return up("sensor_community", "push", change, topic).address

    assert sender(lambda e: e.update(esp8266id=12331981)) == "esp8266-12331981"
    assert sender(lambda e: (e.pop("esp8266id"), e.update(esp32id="ab12"))) == "esp32-ab12"
    assert sender(lambda e: (e.pop("esp8266id"), e.update(sensor={"id": 92}))) == "92"
    assert sender(lambda e: e.pop("esp8266id"), "airrohr/esp8266-77/data") == "esp8266-77"
    assert refusal("sensor_community", "push", lambda e: e.pop("esp8266id")).reason == "wrong_shape"


def test_a_record_of_the_public_api_of_sensor_community_is_in_utc() -> None:
    uplink = up("sensor_community", "push", lambda e: e.update(timestamp="2026-03-01 12:00:00"))
    assert uplink.time_ns == 1_772_366_400 * SECOND


# --- SenML ---


def senml(*records: dict[str, Any], topic: str = "sensors/well-7") -> Uplink:
    parsed = FORMATS["senml"].parse(topic, msgspec.json.encode(records), ARRIVAL_NS)
    assert isinstance(parsed, Uplink)
    return parsed


def test_without_a_base_name_the_last_level_of_the_topic_is_the_sender() -> None:
    uplink = senml({"n": "level", "u": "m", "v": 1.75})
    assert (uplink.address, uplink.time_ns) == ("well-7", ARRIVAL_NS)
    assert uplink.decoded == {"level": 1.75, "history": [{"level": 1.75, "time": ARRIVAL_NS / 1e9}]}


def test_times_before_1978_are_relative_to_now() -> None:
    uplink = senml({"bt": -60, "n": "level", "v": 1}, {"n": "level", "v": 2, "t": 60})
    assert uplink.time_ns == ARRIVAL_NS
    assert uplink.decoded is not None
    assert [item["time"] for item in uplink.decoded["history"]] == [ARRIVAL_NS / 1e9 - 60, ARRIVAL_NS / 1e9]
    assert senml({"n": "level", "v": 1, "t": 2**28}).time_ns == 2**28 * SECOND
    assert senml({"n": "level", "v": 1, "t": 2**28 - 1}).time_ns == ARRIVAL_NS + (2**28 - 1) * SECOND


def test_a_record_may_set_base_values_only_and_a_value_may_have_no_name() -> None:
    uplink = senml({"bn": "urn:dev:mac:0024befffe804ff1/"}, {"v": 3})
    assert uplink.address == "0024befffe804ff1"
    assert uplink.decoded is not None
    assert uplink.decoded["value"] == 3


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ([], "wrong_shape"),
        ([{"bn": "a"}], "wrong_shape"),
        ([{"n": "a", "v": 1, "vs": "x"}], "wrong_shape"),
        ([{"n": "a", "v": True}], "wrong_shape"),
        ([{"n": "a", "v": 1, "rotation_": 3}], "unknown_field"),
        ([{"n": "a", "v": 1, "bver": 11}], "unknown_version"),
        ([{"bn": "a:", "v": 1}, {"bn": "b:", "v": 2}], "several_senders"),
        ([{"n": "a", "v": 1, "t": 1e10}], "bad_time"),
        ([{"n": "a", "v": 1, "t": -1e10}], "bad_time"),
        ([{"n": "a", "v": 1, "t": -1.8e9}], "bad_time"),
    ],
)
def test_records_that_senml_does_not_allow_are_refused(records: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        senml(*records)
    assert refused.value.reason == reason
