"""Codecs of sensors for water, soil and bins: what their examples do not show."""

import pytest

from devices.codecs import run_local
from devices.errors import UplinkRefused


def read(codec: str, payload: str, port: int = 85) -> dict[str, object]:
    return run_local(codec, bytes.fromhex(payload), port, {}).data


@pytest.mark.parametrize(
    ("codec", "payload", "said"),
    [
        ("milesight-em500-swl", "0377ffff", {"depth_error": "collection failed"}),
        ("milesight-em500-swl", "0377fdff", {"depth_error": "out of range"}),
        ("milesight-em500-smtc", "0367fdff", {"temperature_error": "out of range"}),
        ("milesight-em400", "0367f6ff", {"temperature": -1.0}),
        ("milesight-em410-rdl", "0482feff", {"distance_error": "disabled"}),
        (
            "milesight-em410-rdl",
            "94820a00fbff02",
            {"distance": 10, "distance_mutation": -5, "distance_alarm": "mutation_alarm"},
        ),
    ],
)
def test_milesights_probes_say_why_there_is_no_value(
    codec: str, payload: str, said: dict[str, object]
) -> None:
    assert read(codec, payload) == said


def test_history_is_a_list_of_records_with_their_times() -> None:
    assert read("milesight-em500-smtc", "20ceb0f9af692c0100010a00") == {
        "history": [{"timestamp": 1773140400, "electricity": 300, "temperature": 25.6, "moisture": 0.1}]
    }


def test_an_alarms_figures_of_unknown_unit_are_no_distance() -> None:
    assert read("milesight-em500-udl", "83e9e803640001") == {
        "alarm_distance": 1000,
        "alarm_mutation": 100,
        "distance_alarm": "threshold_alarm",
    }


def test_raw_figures_of_a_soil_probe_are_not_taken_for_moisture() -> None:
    said = read("dragino-lse01", "0cd0000000322710189c81", 2)
    assert said["Raw_water_SOIL"] == 10000
    assert "water_SOIL" not in said


def test_soil_in_frost_is_below_zero() -> None:
    assert read("dragino-lse01", "0cd00000033fff7e189c01", 2)["temp_SOIL"] == "-1.30"


def test_a_bin_in_frost_is_below_zero_and_its_settings_are_no_levels() -> None:
    assert read("dingtek-df702", "800001011107d000f60000000000000081", 3)["temperature"] == "-10 ℃"
    settings = "8000010319010418011e4b1e00000000000000000000000081"
    assert "level" not in read("dingtek-df702", settings, 3)


def test_wilsen_skips_what_it_does_not_know() -> None:
    assert read("pepperl-fuchs-wilsen", "04f10a0001030b065d", 1) == {"fillinglvl": 93}


@pytest.mark.parametrize(
    ("codec", "payload", "port", "complaint"),
    [
        ("keller", "010c0001bf78937d", 1, "a message of kind 0c is not known"),
        ("keller", "02", 1, "a message of kind 02 is not known"),
        ("keller", "01030003bf78937d", 1, "it has 8 bytes, not one of: 12"),
        ("dingtek-df702", "8000", 3, "it has 2 bytes, not one of: 17, 25"),
        ("dingtek-dc410", "81", 3, "it begins with 81, not with 80"),
        ("dragino-ldds75", "0d3b0aef00000001", 42, "port 42 is none of this device's: 2"),
        ("dragino-lwl03a", "01", 2, "it has 1 bytes, not one of: 11"),
        ("teneo-iot", "0c00", 1, "it has 2 bytes, not one of: 3, 4, 7, 8"),
        ("terabee-level", "05", 1, "the payload ends too early"),
        ("pepperl-fuchs-wilsen", "040b01", 1, "the payload ends too early"),
    ],
)
def test_a_payload_of_another_kind_is_refused_with_a_reason(
    codec: str, payload: str, port: int, complaint: str
) -> None:
    with pytest.raises(UplinkRefused) as refused:
        read(codec, payload, port)
    assert str(refused.value).endswith(complaint)
