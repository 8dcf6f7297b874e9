"""Messages whose fields a technician names by path: what is found, and what each mistake is answered with."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from devices.uplink import Uplink
from ingest.lns import Unreadable
from ingest.lns.custom import CustomFormat
from ingest.settings import Broker, Custom

ARRIVAL_NS = 1_700_000_000_000_000_000
TOPIC = "works/70b3d57ba0000a1c/measured"


def parse(message: Any, topic: str = TOPIC, **paths: Any) -> Uplink:
    form = CustomFormat(Custom.model_validate({"address_level": 2, "object": "@", **paths}))
    uplink = form.parse(topic, json.dumps(message).encode(), ARRIVAL_NS)
    assert isinstance(uplink, Uplink)
    return uplink


def refusal(message: Any, topic: str = TOPIC, **paths: Any) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        parse(message, topic, **paths)
    return refused.value


def test_a_whole_message_may_be_the_decoded_object_and_a_level_of_the_topic_the_sender() -> None:
    uplink = parse({"pm10": 12.5})
    assert (uplink.address, uplink.decoded) == ("70b3d57ba0000a1c", {"pm10": 12.5})
    assert (uplink.payload, uplink.time_ns, uplink.rssi) == (None, ARRIVAL_NS, None)


@pytest.mark.parametrize(
    ("level", "address"), [(1, "works"), (2, "70b3d57ba0000a1c"), (-1, "measured"), (-3, "works")]
)
def test_levels_of_the_topic_are_counted_from_either_end(level: int, address: str) -> None:
    assert parse({}, address_level=level).address == address


@pytest.mark.parametrize("level", [4, -4, 100])
def test_a_level_that_the_topic_does_not_have_is_named(level: int) -> None:
    refused = refusal({}, address_level=level)
    assert refused.reason == "bad_address"
    assert f"has no level {level}" in str(refused)


def test_the_sender_is_in_the_message_or_else_in_the_topic() -> None:
    assert parse({"id": "well 7"}, address="id").address == "well 7"
    assert parse({}, address="id").address == "70b3d57ba0000a1c"
    refused = refusal({}, address="id", address_level=None)
    assert str(refused).startswith("id is missing; ")


def test_a_payload_is_read_as_base64_or_as_hex() -> None:
    assert parse({"d": "AQID"}, payload="d").payload == b"\x01\x02\x03"
    assert parse({"d": "0102AA"}, payload="d", encoding="hex").payload == b"\x01\x02\xaa"
    refused = refusal({"d": "0102AA0", "r": -80}, payload="d", encoding="hex", rssi="r")
    assert refused.reason == "bad_hex"
    assert refused.radio is not None
    assert refused.radio.rssi == -80


def test_lists_are_reached_by_number_and_by_expression() -> None:
    message = {"rx": [{"gw": "0016C001F153A14C", "rssi": -97}, {"gw": "B", "rssi": -110}], "v": {}}
    uplink = parse(message, object="v", rssi="max(rx[].rssi)", gateways="rx[].gw")
    assert (uplink.rssi, uplink.gateways, uplink.heard_by) == (-97.0, 2, ("0016c001f153a14c", "B"))
    assert parse(message, object="v", rssi="rx.1.rssi", gateways="rx").gateways == 2
    assert parse({"n": 3}, gateways="n").gateways == 3


@pytest.mark.parametrize(
    ("said", "time_ns"),
    [
        ("2026-03-01T12:00:00Z", 1_772_366_400),
        ("2026-03-01T13:00:00+01:00", 1_772_366_400),
        (1_772_366_400, 1_772_366_400),
        (1_772_366_400_000, 1_772_366_400),
        ("1772366400", 1_772_366_400),
        (None, 1_700_000_000),
    ],
)
def test_times_are_texts_or_counts_since_1970_in_any_unit(said: Any, time_ns: int) -> None:
    assert parse({"t": said}, time="t").time_ns == time_ns * 10**9


def test_without_an_id_the_key_is_of_counter_and_payload_else_of_the_whole_message() -> None:
    def key(message: dict[str, Any], **paths: str) -> str:
        return parse(message, **paths).dedup_key

    paths = {"payload": "d", "f_cnt": "n"}
    assert key({"d": "AQ==", "n": 1, "x": 1}, **paths) == key({"d": "AQ==", "n": 1, "x": 2}, **paths)
    assert key({"d": "AQ==", "n": 1}, **paths) != key({"d": "AQ==", "n": 2}, **paths)
    assert key({"v": 1}) != key({"v": 2})
    assert key({"v": 1}).startswith("~")
    assert key({"i": 4711, "v": 1}, id="i") == key({"i": 4711, "v": 2}, id="i") == "70b3d57ba0000a1c:4711"


@pytest.mark.parametrize(
    ("message", "paths", "says"),
    [
        ({"p": 256}, {"f_port": "p"}, "`f_port` is none: 256"),
        ({"p": -1}, {"f_port": "p"}, "`f_port` is none: -1"),
        ({"p": 1.5}, {"f_cnt": "p"}, "`f_cnt` is none: 1.5"),
        ({"p": "x"}, {"f_cnt": "p"}, "`f_cnt` is none: 'x'"),
        ({"p": True}, {"rssi": "p"}, "`rssi` is none: True"),
        ({"p": "nan"}, {"snr": "p"}, "`snr` is none: 'nan'"),
        ({"p": {}}, {"gateways": "p"}, "`gateways` is none: {}"),
        ({"p": 13}, {"spreading_factor": "p"}, "`spreading_factor` is none: 13"),
        ({"p": 5}, {"payload": "p"}, "`payload` is none: 5"),
        ({"p": 5}, {"object": "p"}, "`object` is none: 5"),
        ({"p": 5}, {"object": "q"}, "neither payload nor object"),
    ],
)
def test_what_stands_at_a_wrong_path_is_shown(message: Any, paths: dict[str, str], says: str) -> None:
    refused = refusal(message, **paths)
    assert (refused.reason, refused.address) == ("wrong_shape", "70b3d57ba0000a1c")
    assert says in str(refused)


@pytest.mark.parametrize(
    ("custom", "says"),
    [
        ({"object": "@"}, "custom needs the sender"),
        ({"object": "@", "address_level": 0}, "custom needs the sender"),
        ({"address": "a"}, "custom needs what was said"),
        ({"address": "a[", "object": "@"}, "no JMESPath"),
        ({"address": "a..b", "object": "@"}, "is no path"),
        ({"address": "a", "object": "@", "encoding": "octal"}, "base64"),
        ({"address": "a", "object": "@", "port": "b"}, "port"),
    ],
)
def test_settings_that_say_too_little_or_no_path_are_refused(custom: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match="validation error") as refused:
        Custom.model_validate(custom)
    assert says in str(refused.value)


def test_the_example_of_the_manual_reads_such_a_message() -> None:
    manual = (Path(__file__).parents[1] / "config" / "README.md").read_text(encoding="utf-8")
    (shown,) = (block for block in re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL) if "custom:" in block)
    broker = Broker.model_validate(YAML(typ="safe").load(shown)["brokers"][0])
    assert broker.custom is not None
    frame = {"data": "0102", "port": 3, "counter": 7, "received": "2026-03-01T12:00:00Z"}
    message = {"frame": frame, "gateways": [{"id": "A", "rssi": -88}, {"id": "B", "rssi": -99}]}
    uplink = CustomFormat(broker.custom).parse(TOPIC, json.dumps(message).encode(), ARRIVAL_NS)
    assert isinstance(uplink, Uplink)
    assert (uplink.address, uplink.payload, uplink.f_port) == ("70b3d57ba0000a1c", b"\x01\x02", 3)
    assert (uplink.f_cnt, uplink.rssi, uplink.gateways) == (7, -88.0, 2)
    assert uplink.time_ns == 1_772_366_400 * 10**9


@pytest.mark.parametrize(
    ("broker", "says"),
    [
        ({"format": "custom", "topics": ("a",)}, "needs a section `custom`"),
        ({"format": "thingpark"}, "format: thingpark has no usual topics: name yours under `topics`"),
        (
            {"format": "custom", "custom": {"address_level": 1, "object": "@"}},
            "format: custom has no usual topics",
        ),
    ],
)
def test_a_broker_whose_format_is_not_whole_is_refused(broker: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Broker.model_validate({"name": "a", "host": "localhost", **broker})
    assert says in str(refused.value)
