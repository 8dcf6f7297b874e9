"""Our codecs read what the makers publish, and refuse every other payload with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import language
from devices.codecs import LOCAL, Decoded, run_local
from devices.errors import UplinkRefused

PORTS = st.one_of(st.sampled_from([1, 2, 3, 6, 13, 14, 15, 16, 17, 26, 27, 82, 83, 85]), st.integers(0, 255))


def beginnings() -> list[bytes]:
    """First bytes that lead into the depth of some codec."""
    return [
        bytes.fromhex(begin)
        for begin in (
            "",
            "20ce",
            "04c9",
            "03d2",
            "be0103",
            "be0104",
            "be0201",
            "be0202",
            "a2",
            "0206",
            "46",
            "5a",
        )
    ]


@pytest.mark.parametrize("codec", sorted(LOCAL))
@given(begin=st.sampled_from(beginnings()), rest=st.binary(max_size=60), port=PORTS)
def test_any_payload_is_read_or_refused_with_a_sentence(
    codec: str, begin: bytes, rest: bytes, port: int
) -> None:
    refusal, made = attempt(codec, begin + rest, port)
    if refusal is not None:
        said = refusal.args[0]
        assert refusal.reason == "codec_failed"
        assert language.in_language(said, "de") != said
    else:
        assert isinstance(made.data, dict)
        assert all(isinstance(warning, language.Sentence) for warning in made.warnings)


def attempt(codec: str, payload: bytes, port: int) -> tuple[UplinkRefused | None, Decoded]:
    try:
        return None, run_local(codec, payload, port, {})
    except UplinkRefused as refused:
        return refused, Decoded({})


def read(codec: str, payload: str, port: int = 85) -> dict[str, object]:
    return run_local(codec, bytes.fromhex(payload), port, {}).data


def test_a_milesight_payload_is_read_until_something_unknown() -> None:
    made = run_local("milesight-vs350", bytes.fromhex("017564 7f0100 03670c01"), 85, {})
    assert made.data == {"battery": 100}
    assert made.warnings == ("channel 7f of type 01 is not known",)


def test_milesight_says_who_it_is() -> None:
    assert read("milesight-vs132", "ff0101ff166614c39694870000ff090102ff1f84010001") == {
        "ipso_version": "v0.1",
        "sn": "6614c39694870000",
        "hardware_version": "v1.2",
        "firmware_version": "v132.1.0.1",
    }
    assert read("milesight-vs350", "ff090110ff0a0114ff0f00ff0bffffff0100fffeff") == {
        "hardware_version": "v1.1",
        "firmware_version": "v1.14",
        "lorawan_class": "Class A",
        "device_status": "on",
        "tsl_version": "v1.0",
        "reset_event": "reset",
    }


def test_milesight_counts_children_apart_and_says_how_long_people_stayed() -> None:
    assert read("milesight-vs13x", "11d20100000012d20200000013cc03000400") == {
        "line_1_child_total_in": 1,
        "line_1_child_total_out": 2,
        "line_1_child_period_in": 3,
        "line_1_child_period_out": 4,
    }
    assert read("milesight-vs13x", "10e40109101121 10e40476001387") == {
        "region_1_avg_dwell": 4105,
        "region_1_max_dwell": 8465,
        "region_4_avg_dwell": 118,
        "region_4_max_dwell": 34579,
    }
    assert read("milesight-vs13x", "20ce7b3af1642001050020ce7b3af1641e020600") == {
        "history": [
            {"timestamp": 1693530747, "region_1_max_dwell": 5},
            {"timestamp": 1693530747, "region_2_child_avg_dwell": 6},
        ]
    }


def test_a_record_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UplinkRefused, match="a message of kind 77 is not known"):
        read("milesight-vs350", "20ce7b3af16477")
