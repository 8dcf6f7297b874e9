"""Whatever arrives: each format's `parse` gives an `Uplink` or an `Ignored` or raises `Unreadable`."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import cbor2
import msgspec
import pytest
from hypothesis import example as this
from hypothesis import given
from hypothesis import strategies as st

from devices import timestamp
from devices.uplink import Uplink
from ingest.lns import Ignored, Unreadable
from tests import wire
from tests.lns_examples import (
    ARRIVAL_NS,
    CHIRPSTACK,
    CHIRPSTACK_UP,
    EXAMPLES,
    FORMATS,
    SENML_CBOR,
    UPLINKS,
    Example,
)

REASONS = {
    "bad_address",
    "bad_base64",
    "bad_eui",
    "bad_hex",
    "bad_object",
    "bad_time",
    "encrypted",
    "not_cbor",
    "not_json",
    "not_protobuf",
    "several_senders",
    "too_deep",
    "too_large",
    "unknown_event",
    "unknown_field",
    "unknown_format",
    "unknown_version",
    "wrong_shape",
}
End = Uplink | Ignored | Unreadable
JSON = [example for example in EXAMPLES if example.is_json]
BINARY = [example for example in EXAMPLES if not example.is_json]


def several(examples: list[Example]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("example", examples, ids=lambda one: f"{one.format} {one.name}")


each = several(list(EXAMPLES))
each_json = several(JSON)
each_binary = several(BINARY)


def read(name: str, topic: str, payload: bytes) -> End:
    """What `parse` returns or raises; another error fails the test."""
    try:
        end: End = FORMATS[name].parse(topic, payload, ARRIVAL_NS)
    except Unreadable as refused:
        end = refused
    if isinstance(end, Unreadable):
        assert end.reason in REASONS
        assert 0 < len(str(end)) < 500
        if end.radio:
            _check(end.radio)
    if isinstance(end, Uplink):
        _check(end)
    return end


def _check(uplink: Uplink) -> None:
    assert 0 <= uplink.time_ns < 2**63
    assert 0 < len(uplink.address) <= 200
    assert uplink.dedup_key
    for number in (uplink.rssi, uplink.snr, uplink.battery):
        assert number is None or abs(number) < 1e309  # neither NaN nor infinity
    assert uplink.f_port is None or 0 <= uplink.f_port <= 255
    assert uplink.f_cnt is None or 0 <= uplink.f_cnt < 2**32
    assert uplink.spreading_factor is None or 0 < uplink.spreading_factor <= 12


def outcome(example: Example, payload: bytes) -> End:
    """What the example's own format makes of it; `auto` must not fail, either."""
    read("auto", example.topic, payload)
    return read(example.format, example.topic, payload)


def places(node: Any) -> Iterator[Callable[[Any], None]]:
    """A setter for every place in a JSON value."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in list(items):
        yield partial(node.__setitem__, key)
        yield from places(child)


@each
@given(payload=st.binary(max_size=300))
def test_random_bytes_end_with_a_reason_or_mean_nothing(example: Example, payload: bytes) -> None:
    assert not isinstance(outcome(example, payload), Uplink)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@several([one for one in UPLINKS if one.name != "codec"])  # where any object is a codec's
@given(value=json_values)
@this(value=[{"v": 0}])
def test_random_json_ends_with_a_reason_or_means_nothing(example: Example, value: Any) -> None:
    end = outcome(example, json.dumps(value).encode())
    assert not isinstance(end, Uplink) or (example.format == "senml" and _has_values(value))


def _has_values(records: list[dict[str, Any]]) -> bool:
    """A sender named by its topic needs no more than a value: `[{"v":0}]` is SenML (RFC 8428, 4.1)."""
    return any({"v", "vs", "vb", "vd", "s"} & record.keys() for record in records)


@given(topic=st.text(max_size=80), payload=st.binary(max_size=50))
@this(topic="////", payload=b"{}")
@this(topic="application/\ud800/up", payload=b"{}")
@this(topic="\ud800", payload=b'[{"v":1}]')
def test_random_topics_end_with_a_reason_or_mean_nothing(topic: str, payload: bytes) -> None:
    for name in FORMATS:
        end = read(name, topic, payload)
        assert not isinstance(end, Uplink) or name in {"senml", "auto"}  # there a topic may name the sender


@each
def test_an_event_cut_short_anywhere_ends_with_a_reason(example: Example) -> None:
    payload = msgspec.json.encode(example.event) if example.is_json else example.payload
    for length in range(len(payload)):
        end = outcome(example, payload[:length])
        # a binary event has no end of its own: cut between two fields it is an event without the second
        assert not isinstance(end, Uplink) or example.format == "chirpstack_protobuf"


@each_json
@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -1,
        1.5,
        2**70,
        10**400,
        "",
        "x",
        "1e999",
        [],
        [None],
        {},
        {"a": []},
        "2100-01-01T00:00:00Z",
    ],
    ids=lambda value: repr(value)[:12],
)
def test_another_type_anywhere_ends_as_an_uplink_or_with_a_reason(example: Example, value: Any) -> None:
    for index in range(len(list(places(example.event)))):
        event = example.event
        list(places(event))[index](value)
        outcome(example, json.dumps(event).encode())


HOSTILE = [
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b"[" * 50_000 + b"]" * 50_000,
    b'{"a":' + b"[" * 500 + b"]" * 500 + b"}",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-1e400",
    b"9" * 4000,
    b"9" * 5000,
    b"1e-400",
    b'"\xff\xfe"',
    b'"\\ud800"',
    b'"\\u0000"',
    b'"' + b"x" * 300_000 + b'"',
    b"01",
    b'{"a":1,"a":2}',
]


@each_json
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_json_anywhere_ends_as_an_uplink_or_with_a_reason(example: Example, text: bytes) -> None:
    for index in range(len(list(places(example.event)))):
        event = example.event
        list(places(event))[index]("@here")
        outcome(example, json.dumps(event).encode().replace(b'"@here"', text))


@each_json
@given(data=st.data())
def test_random_values_at_random_places_end_as_an_uplink_or_with_a_reason(
    example: Example, data: st.DataObject
) -> None:
    event = example.event
    data.draw(st.sampled_from(list(places(event))))(data.draw(json_values))
    outcome(example, json.dumps(event).encode())


@each
@given(data=st.data())
def test_random_bytes_inside_an_event_end_as_an_uplink_or_with_a_reason(
    example: Example, data: st.DataObject
) -> None:
    payload = bytearray(msgspec.json.encode(example.event) if example.is_json else example.payload)
    begin = data.draw(st.integers(0, len(payload) - 1))
    payload[begin : begin + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    outcome(example, bytes(payload))


# --- Protocol Buffers --------------------------------------------------------------------------------------


@each_binary
def test_each_byte_of_a_binary_event_may_be_any_other(example: Example) -> None:
    for index in range(len(example.payload)):
        for other in (0x00, 0x01, 0x0A, 0x7F, 0x80, 0x9F, 0xC4, 0xFF):
            outcome(example, example.payload[:index] + bytes([other]) + example.payload[index + 1 :])


WIRE_VALUES = [
    (0, b"\x01"),
    (0, b"\xff" * 9 + b"\x01"),
    (0, b"\xff" * 12),
    (1, b"\x00\x00\x00\x00\x00\x00\xf8\x7f"),
    (2, b"\x00"),
    (2, b"\x03\xff\xfe\xfd"),
    (2, b"\xff\xff\xff\xff\x0f"),
    (3, b""),
    (4, b""),
    (5, b"\x00\x00\xc0\x7f"),
    (5, b"\x00\x00\x80\x7f"),
    (7, b""),
]


@each_binary
@pytest.mark.parametrize(("wire_type", "value"), WIRE_VALUES)
def test_a_field_of_another_wire_type_ends_as_an_uplink_or_with_a_reason(
    example: Example, wire_type: int, value: bytes
) -> None:
    for number in range(20):
        outcome(example, example.payload + wire.tag(number, wire_type) + value)
        inside = wire.tag(number, wire_type) + value  # of device_info, rx_info, object …
        for outer in (2, 3, 11, 12, 13, 15):
            outcome(example, example.payload + wire.encode([(outer, inside)]))


def _struct(value: bytes) -> bytes:
    """An uplink whose decoded object has one member of this value."""
    return CHIRPSTACK_UP + wire.encode([(11, [(1, [(1, "a"), (2, value)])])])


@pytest.mark.parametrize(
    ("value", "decoded"),
    [
        (wire.encode([(1, 0)]), None),
        (wire.double(8.0), 8.0),
        (wire.double(float("nan")), None),
        (wire.double(float("-inf")), None),
        (wire.encode([(3, "wet")]), "wet"),
        (wire.encode([(4, 1)]), True),
        (wire.encode([(5, [(1, [(1, "b"), (2, wire.double(1.5))])])]), {"b": 1.5}),
        (wire.encode([(6, [(1, wire.double(1.0)), (1, wire.encode([(1, 0)]))])]), [1.0, None]),
        (b"", None),
    ],
)
def test_every_kind_of_value_of_a_binary_object_is_read(value: bytes, decoded: Any) -> None:
    uplink = read("chirpstack", CHIRPSTACK + "up", _struct(value))
    assert isinstance(uplink, Uplink)
    assert uplink.decoded == {"a": decoded}


def test_a_binary_object_of_many_floors_ends_with_a_reason() -> None:
    value = wire.double(1.0)
    for _ in range(5000):
        value = wire.encode([(6, [(1, value)])])
    refused = read("chirpstack", CHIRPSTACK + "up", _struct(value))
    assert isinstance(refused, Unreadable)
    assert refused.reason == "not_protobuf"
    assert refused.address == "0101010101010101"


@pytest.mark.parametrize("seconds", [-(2**63), -1, 2**40, 2**63 - 1])
@pytest.mark.parametrize("nanos", [-1, 0, 2**31 - 1])
def test_a_binary_time_that_is_none_is_refused(seconds: int, nanos: int) -> None:
    refused = read(
        "chirpstack", CHIRPSTACK + "up", CHIRPSTACK_UP + wire.encode([(2, [(1, seconds), (2, nanos)])])
    )
    assert isinstance(refused, Unreadable)
    assert refused.reason == "bad_time"


def test_a_binary_event_that_is_too_large_is_refused() -> None:
    refused = read("chirpstack", CHIRPSTACK + "up", CHIRPSTACK_UP + wire.encode([(10, b"x" * 300_000)]))
    assert isinstance(refused, Unreadable)
    assert refused.reason == "too_large"


# --- CBOR --------------------------------------------------------------------------------------------------

CBOR_VALUES: list[Any] = [
    None,
    cbor2.undefined,
    cbor2.CBORSimpleValue(99),
    True,
    -1,
    2**64 - 1,
    2**200,
    1.5,
    float("nan"),
    float("inf"),
    b"\xff",
    "x",
    "",
    [],
    {},
    {1: {2: {3: 4}}},
    {"bn_": 1},
    Decimal("1.5"),
    Decimal("NaN"),
    Fraction(1, 3),
    datetime(2026, 1, 1, tzinfo=UTC),
    cbor2.CBORTag(4, [999_999, 1]),
    cbor2.CBORTag(4, [2**62, 1]),
    cbor2.CBORTag(35, "(a{1,999}){1,999}"),
    cbor2.CBORTag(28, [cbor2.CBORTag(29, 0)]),
    {(1, 2): 3},
    {None: 1, True: 2, 1.5: 3, b"n": 4},
]


@pytest.mark.parametrize("value", CBOR_VALUES, ids=lambda value: repr(value)[:20])
def test_another_type_anywhere_in_cbor_ends_as_an_uplink_or_with_a_reason(value: Any) -> None:
    senml = next(one for one in EXAMPLES if one.payload == SENML_CBOR)
    outcome(senml, cbor2.dumps(value))
    outcome(senml, cbor2.dumps([value]))
    for index in range(len(list(places(cbor2.loads(SENML_CBOR))))):
        records = cbor2.loads(SENML_CBOR)
        list(places(records))[index](value)
        outcome(senml, cbor2.dumps(records))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\x9b" + b"\xff" * 8, "not_cbor"),
        (b"\x81\x5b\x7f" + b"\xff" * 7, "not_cbor"),
        (b"\x81" * 100_000, "not_cbor"),
        (b"\x9f" * 100_000, "not_cbor"),
        (b"\x81\xd9\x01\x05\x44\x7f\x00\x00\x01", "not_cbor"),
        (b"\x81\xa1\x00\x62\xff\xfe", "not_cbor"),
        (b"\xa1\x00\x01", "wrong_shape"),
        (b"\x81\x01", "wrong_shape"),
        (b"\x80", "wrong_shape"),
        (b"\x81\xa0" + b"\x00" * 300_000, "too_large"),
    ],
)
def test_hostile_cbor_ends_with_a_reason(payload: bytes, reason: str) -> None:
    refused = read("senml", "a/b", payload)
    assert isinstance(refused, Unreadable)
    assert refused.reason == reason


# --- decoded objects ---------------------------------------------------------------------------------------

#: Where each format carries what a device's codec made of the payload.
DECODED = {
    ("chirpstack", "up"): ("object",),
    ("chirpstack_v3", "json_v3 up"): ("object",),
    ("thingpark", "texts"): ("DevEUI_uplink", "payload"),
    ("ttn", "up"): ("uplink_message", "decoded_payload"),
    ("ttn_normalized", "wind"): ("uplink_normalized", "normalized_payload"),
}
each_decoded = several([one for one in EXAMPLES if (one.format, one.name) in DECODED])


def with_decoded(example: Example, text: bytes) -> bytes:
    """The uplink with a decoded object that is this very JSON text."""
    event = here = example.event
    *way, last = DECODED[example.format, example.name]
    for key in way:
        here = here[key]
    here[last] = "@here"
    return json.dumps(event).encode().replace(b'"@here"', text)


@each_decoded
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[" * 100_000, "wrong_shape"),
        (b'{"a":' * 20_000, "too_deep"),
        (b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}", "too_deep"),
        (b'{"a":NaN}', "not_json"),
        (b'{"a":Infinity}', "not_json"),
        (b'{"a":1e999}', "wrong_shape"),
        (b'{"a":"\xff\xfe"}', "not_json"),
        (b'{"a":"\\ud800"}', "not_json"),
        (b'{"a":"\x00"}', "not_json"),
        (b'{"a":01}', "not_json"),
        (b'{"a":1,}', "not_json"),
        (b'"text"', "wrong_shape"),
        (b'{"a":"' + b"x" * 1_000_000 + b'"}', "too_large"),
    ],
)
def test_hostile_json_inside_an_uplink_ends_with_a_reason(example: Example, text: bytes, reason: str) -> None:
    refused = outcome(example, with_decoded(example, text))
    assert isinstance(refused, Unreadable)
    assert refused.reason == reason


@each_decoded
@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        (b'{"a":1,"a":2}', {"a": 2}),
        (b'{"a":123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
        (b'{"a":1e-400,"b":-0.0}', {"a": 0.0, "b": 0.0}),
        (b'{"":{"a.b":[]}}', {"": {"a.b": []}}),
    ],
)
def test_odd_but_valid_json_is_read(example: Example, text: bytes, decoded: dict[str, Any]) -> None:
    uplink = outcome(example, with_decoded(example, text))
    assert isinstance(uplink, Uplink)
    assert uplink.decoded == decoded


# --- times -------------------------------------------------------------------------------------------------


@given(
    seconds=st.integers(86_400, 9_223_200_000),  # 1970 to 2262, a day from each end
    ns=st.integers(0, 999_999_999),
    digits=st.integers(0, 9),
    offset=st.integers(-1439, 1439),
)
def test_timestamps_are_read_to_the_nanosecond(seconds: int, ns: int, digits: int, offset: int) -> None:
    local = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=offset)))
    fraction = f"{ns:09}"[:digits]
    sign = "-" if offset < 0 else "+"
    text = f"{local:%Y-%m-%dT%H:%M:%S}{'.' if digits else ''}{fraction}{sign}"
    text += f"{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    assert timestamp.parse(text) == seconds * 10**9 + int(fraction.ljust(9, "0"))


@pytest.mark.parametrize(
    ("text", "time_ns"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("2100-03-01t00:00:00z", 4_107_542_400_000_000_000),
        ("2024-02-29 23:59:59.5-00:00", 1_709_251_199_500_000_000),
        ("2024-01-01T00:00:00.1234567899Z", 1_704_067_200_123_456_789),
    ],
)
def test_timestamps_of_rfc_3339_are_read(text: str, time_ns: int) -> None:
    assert timestamp.parse(text) == time_ns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-01-01",
        "2024-01-01T00:00:00",
        "2024-01-01T00:00:00+0100",
        "2024-01-01T00:00:00+01",
        "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00+00:60",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00,5Z",
        "2024-01-01T00:00:00.5 Z",
        "2024-01-01T00:00:00.٣Z",
        "2024-01-01T00:00:60Z",
        "2024-01-01T24:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-W01-1T00:00:00Z",
        "2024-1-01T00:00:00Z",
        "+024-01-01T00:00:00Z",
        "2024-01-01T00:00:+1Z",
        "1969-12-31T23:59:59Z",
        "2262-04-12T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "1658136855",
    ],
)
def test_other_timestamps_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        timestamp.parse(text)


@given(text=st.text(max_size=40))
def test_random_text_is_no_timestamp(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        timestamp.parse(text)
