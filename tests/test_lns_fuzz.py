"""Whatever arrives: each format's `parse` gives an `Uplink` or an `Ignored` or raises `Unreadable`."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devices import timestamp
from devices.uplink import Uplink
from ingest.lns import FORMATS, Ignored, Unreadable

GOLDEN = Path(__file__).parent / "golden" / "lns"
ARRIVAL_NS = 1_700_000_000_000_000_000
TOPICS = {
    "chirpstack": "application/1/device/0101010101010101/event/",
    "ttn": "v3/app1/devices/dev1/",
}
REASONS = {
    "bad_base64",
    "bad_eui",
    "bad_time",
    "encrypted",
    "not_json",
    "too_deep",
    "too_large",
    "unknown_event",
    "wrong_shape",
}
EVENTS = [
    ("chirpstack", "up"),
    ("chirpstack", "join"),
    ("chirpstack", "status"),
    ("ttn", "up"),
    ("ttn", "join"),
]
each_event = pytest.mark.parametrize(("name", "kind"), EVENTS)


def read(name: str, topic: str, payload: bytes) -> Uplink | Ignored | Unreadable:
    """What `parse` returns or raises; another error fails the test."""
    try:
        return FORMATS[name].parse(topic, payload, ARRIVAL_NS)
    except Unreadable as refused:
        return refused


def outcome(name: str, kind: str, payload: bytes) -> Uplink | Ignored | Unreadable:
    end = read(name, TOPICS[name] + kind, payload)
    if isinstance(end, Unreadable):
        assert end.reason in REASONS
        assert 0 < len(str(end)) < 500
    if isinstance(end, Uplink):
        assert 0 <= end.time_ns < 2**63
        assert len(end.address) == 16
        assert end.dedup_key
    return end


def golden(name: str, kind: str) -> Any:
    return json.loads((GOLDEN / f"{name}_{kind}.json").read_bytes())


def places(node: Any) -> Iterator[Callable[[Any], None]]:
    """A setter for every place in a JSON value."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in list(items):
        yield partial(node.__setitem__, key)
        yield from places(child)


@each_event
@given(payload=st.binary(max_size=300))
def test_random_bytes_end_with_a_reason(name: str, kind: str, payload: bytes) -> None:
    assert isinstance(outcome(name, kind, payload), Unreadable)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@each_event
@given(value=json_values)
def test_random_json_ends_with_a_reason(name: str, kind: str, value: Any) -> None:
    assert isinstance(outcome(name, kind, json.dumps(value).encode()), Unreadable)


@given(topic=st.text(max_size=80), payload=st.binary(max_size=50))
@example(topic="////", payload=b"{}")
@example(topic="application/\ud800/up", payload=b"{}")
def test_random_topics_end_as_ignored_or_with_a_reason(topic: str, payload: bytes) -> None:
    for name in FORMATS:
        end = read(name, topic, payload)
        assert isinstance(end, Ignored) or (isinstance(end, Unreadable) and end.reason in REASONS)


@each_event
def test_an_event_cut_short_anywhere_ends_with_a_reason(name: str, kind: str) -> None:
    payload = msgspec.json.encode(golden(name, kind))
    for length in range(len(payload)):
        assert isinstance(outcome(name, kind, payload[:length]), Unreadable)


@each_event
@pytest.mark.parametrize(
    "value", [None, True, -1, 1.5, 2**70, "", "x", [], [None], {}, {"a": []}, "2100-01-01T00:00:00Z"]
)
def test_another_type_anywhere_ends_as_an_uplink_or_with_a_reason(name: str, kind: str, value: Any) -> None:
    number = len(list(places(golden(name, kind))))
    for index in range(number):
        event = golden(name, kind)
        list(places(event))[index](value)
        outcome(name, kind, json.dumps(event).encode())


@each_event
@given(data=st.data())
def test_random_values_at_random_places_end_as_an_uplink_or_with_a_reason(
    name: str, kind: str, data: st.DataObject
) -> None:
    event = golden(name, kind)
    data.draw(st.sampled_from(list(places(event))))(data.draw(json_values))
    outcome(name, kind, json.dumps(event).encode())


@each_event
@given(data=st.data())
def test_random_bytes_inside_an_event_end_as_an_uplink_or_with_a_reason(
    name: str, kind: str, data: st.DataObject
) -> None:
    payload = bytearray(msgspec.json.encode(golden(name, kind)))
    begin = data.draw(st.integers(0, len(payload) - 1))
    payload[begin : begin + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    outcome(name, kind, bytes(payload))


#: Where each format carries what a device's codec made of the payload.
DECODED = {"chirpstack": b'"object":', "ttn": b'"decoded_payload":'}


def with_decoded(name: str, text: bytes) -> bytes:
    """An uplink whose decoded object is this very JSON text."""
    event = golden(name, "up")
    if name == "chirpstack":
        return msgspec.json.encode({"object": 0, **event}).replace(b'"object":0', DECODED[name] + text)
    event["uplink_message"]["decoded_payload"] = 0
    return msgspec.json.encode(event).replace(b'"decoded_payload":0', DECODED[name] + text)


@pytest.mark.parametrize("name", FORMATS)
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
def test_hostile_json_inside_an_uplink_ends_with_a_reason(name: str, text: bytes, reason: str) -> None:
    refused = outcome(name, "up", with_decoded(name, text))
    assert isinstance(refused, Unreadable)
    assert refused.reason == reason


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        (b'{"a":1,"a":2}', {"a": 2}),
        (b'{"a":123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
        (b'{"a":1e-400,"b":-0.0}', {"a": 0.0, "b": 0.0}),
        (b'{"":{"a.b":[]}}', {"": {"a.b": []}}),
    ],
)
def test_odd_but_valid_json_is_read(name: str, text: bytes, decoded: dict[str, Any]) -> None:
    uplink = outcome(name, "up", with_decoded(name, text))
    assert isinstance(uplink, Uplink)
    assert uplink.decoded == decoded


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
