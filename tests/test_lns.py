"""Every format: its published examples mean what they should, and `auto` tells whose they are."""

import re
from dataclasses import replace

import msgspec
import pytest

from devices.language import Sentence
from devices.uplink import Uplink
from ingest import lns
from ingest.lns import Ignored, Unreadable
from ingest.pipeline import Verdict, read
from ingest.seams import Delivery, Outcome
from ingest.settings import FORMATS_WITHOUT_TOPICS, Broker
from tests.lns_examples import ARRIVAL_NS, CUSTOM_BROKER, EXAMPLES, FORMATS, SENML_CBOR, UPLINKS, Example

each = pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.format} {one.name}")
each_uplink = pytest.mark.parametrize("example", UPLINKS, ids=lambda one: f"{one.format} {one.name}")


def parse(example: Example, form: str = "") -> Uplink | Ignored:
    return FORMATS[form or example.format].parse(example.topic, example.payload, ARRIVAL_NS)


def without_hash(parsed: Uplink | Ignored) -> Uplink | Ignored:
    """Hashes differ with every byte of what they were made of: their length is enough."""
    if isinstance(parsed, Ignored):
        return parsed
    key = re.sub(r"~[0-9a-f]{16}$", "~", parsed.dedup_key)
    return msgspec.structs.replace(parsed, dedup_key=key)


@each
def test_a_published_message_means_what_it_should(example: Example) -> None:
    assert without_hash(parse(example)) == example.means


@each
def test_auto_tells_whose_it_is_by_its_shape(example: Example) -> None:
    if example.name == "codec" or example.format.startswith("custom"):
        with pytest.raises(Unreadable) as refused:
            parse(example, "auto")
        assert refused.value.reason == "unknown_format"
    else:
        assert parse(example, "auto") == parse(example)


def test_every_format_has_an_example() -> None:
    assert {example.format for example in UPLINKS} == set(FORMATS) - {"auto"}


@each_uplink
def test_the_same_message_has_the_same_key_and_time_when_it_comes_later(example: Example) -> None:
    first = parse(example)
    again = FORMATS[example.format].parse(example.topic, example.payload, ARRIVAL_NS + 10**9)
    assert isinstance(first, Uplink)
    assert isinstance(again, Uplink)
    assert again.dedup_key == first.dedup_key
    assert first.time_ns in (again.time_ns, ARRIVAL_NS)  # a message that says no time


@each_uplink
@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"\xff\x00", b"{" + b" " * 300_000])
def test_a_refusal_is_said_in_both_languages(example: Example, payload: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(replace(example, payload=payload))
    sentence = refused.value.args[0]
    assert isinstance(sentence, Sentence)
    assert sentence.in_language("de") != sentence.in_language("en") == str(refused.value)


def test_the_settings_and_the_formats_name_the_same() -> None:
    allowed = set(Broker.model_fields["format"].annotation.__args__)  # type: ignore[union-attr]  # a Literal
    assert allowed == {*lns.FORMATS, "custom"}
    assert {name for name, form in lns.FORMATS.items() if not form.TOPICS} | {
        "custom"
    } == FORMATS_WITHOUT_TOPICS


def test_topic_filters_are_well_formed() -> None:
    for form in lns.FORMATS.values():
        for topic in form.TOPICS:
            levels = topic.split("/")
            assert all(level == "+" or not set(level) & set("+#") for level in levels), topic


def test_each_broker_has_its_own_custom_format() -> None:
    other = CUSTOM_BROKER.model_copy(update={"name": "village", "client_id": "village"})
    chirpstack = Broker(name="lora", format="chirpstack", host="localhost", custom=CUSTOM_BROKER.custom)
    formats = lns.formats([CUSTOM_BROKER, other, chirpstack])
    assert set(formats) - set(lns.FORMATS) == {"custom:town", "custom:village"}
    assert formats["chirpstack"] is lns.FORMATS["chirpstack"]
    assert lns.format_name(other) == "custom:village"
    assert lns.format_name(chirpstack) == "chirpstack"


def test_a_kept_message_of_a_broker_that_is_gone_is_refused_and_says_why() -> None:
    delivery = Delivery("town", "custom:town", "t", b"{}", ARRIVAL_NS, 1, False, True, 0, lambda _: None)
    verdict = read(delivery)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, "unknown_format")
    assert "custom:town" in verdict.detail


def test_the_cbor_example_is_the_one_of_rfc_8428() -> None:
    begin = (
        "87a721781b75726e3a6465763a6f773a31306532303733613031303830303" + "63a22fb41d303a15b00106223614120"
    )
    assert SENML_CBOR.hex().startswith(begin)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("a/b", b""),
        ("a/b", b"hello"),
        ("a/b", b'{"temperature": 21.5}'),
        ("a/b", b'{"devEUI": "24e124136b502217", "temperature": 21.5}'),
        ("a/b", b'{"meta": {}, "value": 1}'),
        ("a/b", b'{"cmd": "rx"}'),
        ("a/b", b"\x0a\x05abcde"),
    ],
)
def test_what_fits_no_shape_is_refused_with_what_is_known(topic: str, payload: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        lns.FORMATS["auto"].parse(topic, payload, ARRIVAL_NS)
    assert refused.value.reason == "unknown_format"
    assert "chirpstack, ttn_normalized, ttn, thingpark" in str(refused.value)
    assert "format: custom" in str(refused.value)
