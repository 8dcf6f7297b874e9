"""Our codecs of air, noise and weather: what the examples of their types do not show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import language
from devices.codecs import (
    LOCAL,
    Decoded,
    adeunis_breath,
    arwin,
    browan,
    decentlab,
    dragino,
    elsys,
    milesight_air,
    netvox,
    run_local,
    sensecap,
    uradmonitor,
)
from devices.errors import UplinkRefused

FAMILIES = (
    adeunis_breath,
    arwin,
    browan,
    decentlab,
    dragino,
    elsys,
    milesight_air,
    netvox,
    sensecap,
    uradmonitor,
)
MINE = sorted(name for family in FAMILIES for name in family.CODECS)

#: First bytes that lead into the depth of some codec.
BEGINNINGS = [
    bytes.fromhex(begin)
    for begin in (
        "",
        "02",
        "0200000001",
        "020000ffff",
        "6d",
        "6e",
        "0105",
        "01090c",
        "20ce",
        "055b",
        "4a",
        "03",
    )
]
CELLS = ("NO2_WE_0", "NO2_AUX_0", "NO2_S", "NO_S", "resolution")
NUMBERS = st.one_of(st.text(max_size=8), st.floats().map(str), st.integers().map(str))


def read(codec: str, payload: str, port: int = 1, variables: dict[str, str] | None = None) -> Decoded:
    return run_local(codec, bytes.fromhex(payload), port, variables or {})


def refusal(codec: str, payload: str, port: int = 1, variables: dict[str, str] | None = None) -> str:
    with pytest.raises(UplinkRefused) as refused:
        read(codec, payload, port, variables)
    assert refused.value.reason == "codec_failed"
    return str(refused.value)


@pytest.mark.parametrize("codec", MINE)
@given(
    begin=st.sampled_from(BEGINNINGS),
    rest=st.binary(max_size=80),
    port=st.one_of(st.sampled_from([2, 6, 10, 11, 105]), st.integers(0, 255)),
    variables=st.dictionaries(st.sampled_from(CELLS), NUMBERS),
)
def test_any_payload_port_and_variables_are_read_or_refused_with_a_sentence(
    codec: str, begin: bytes, rest: bytes, port: int, variables: dict[str, str]
) -> None:
    said = sentences(codec, begin + rest, port, variables)
    assert all(isinstance(one, language.Sentence) for one in said)
    assert all(language.in_language(one, "de") != one for one in said)


def sentences(codec: str, payload: bytes, port: int, variables: dict[str, str]) -> list[str]:
    """Why a payload is refused, or what its codec warns of."""
    try:
        return list(run_local(codec, payload, port, variables).warnings)
    except UplinkRefused as refused:
        return [refused.args[0]]


def test_all_of_them_are_known_by_name() -> None:
    assert set(MINE) <= set(LOCAL)


AC = "020fa0003f66b49b8c8c8981758c9681958c80818090378fcc158a"
SHEET = {"NO2_WE_0": "256", "NO2_AUX_0": "227", "NO2_S": "0,256"}


def test_a_gas_without_its_calibration_sheet_is_left_out_with_a_warning() -> None:
    made = read("decentlab-dl-ac", AC, variables=SHEET)
    assert made.data["ch4_no2_concentration_we_aux"]["value"] == pytest.approx(20.113945)
    assert "ch5_no_concentration_we_aux" not in made.data
    assert "variable NO_WE_0 of the installation is missing" in made.warnings


def test_a_variable_that_is_no_number_is_refused_by_name() -> None:
    said = refusal("decentlab-dl-ac", AC, variables={**SHEET, "NO2_S": "about 0.3"})
    assert "variable NO2_S is about 0.3: write a number, as in 0.256" in said


def test_a_sensitivity_of_nothing_gives_no_concentration() -> None:
    made = read("decentlab-dl-ac", AC, variables={**SHEET, "NO2_S": "0"})
    assert "ch4_no2_concentration_we_aux" not in made.data


def test_the_resolution_of_a_rain_gauge_is_a_variable() -> None:
    made = read("decentlab-dl-tbrg", "0202f8000300040258409a00000c54", variables={"resolution": "0.2"})
    assert made.data["cumulative_precipitation"]["value"] == pytest.approx(3307.6)


def test_the_payload_of_another_decentlab_model_is_warned_of() -> None:
    made = read("decentlab-dl-sht35", "02030e000764a079b10c600000")
    assert made.warnings == ("the payload says more than this model does: another type?",)
    assert "protocol version 3 is not known, only 2" in refusal("decentlab-dl-pm", "031b5000010c25")
    assert "the payload ends too early" in refusal("decentlab-dl-pm", "021b5000010c")


def test_a_broken_thermistor_has_no_temperature() -> None:
    made = read("decentlab-dl-blg", "0230c5000300000000" + "0c60")
    assert "temperature" not in made.data
    assert made.data["battery_voltage"]["value"] == pytest.approx(3.168)


def test_elsys_probes_that_say_the_same_become_a_list() -> None:
    assert read("elsys", "0c00e10c00f00cffec").data == {"externalTemperature": [22.5, 24.0, -2.0]}


def test_elsys_is_read_until_something_unknown() -> None:
    made = read("elsys", "0100e2ee01")
    assert made.data == {"temperature": 22.6}
    assert made.warnings == ("a value of type ee is not known",)
    assert "a value of type ee is not known" in refusal("elsys", "ee01")


def test_elsys_says_what_it_has() -> None:
    made = read("elsys", "0300ff7f0b00000010140007a12010005a0064151e14")
    assert made.data == {
        "x": 0,
        "y": -1,
        "z": 127,
        "pulseAbs": 16,
        "pressure": 500.0,
        "irInternalTemperature": 9.0,
        "irExternalTemperature": 10.0,
        "soundPeak": 30,
        "soundAvg": 20,
    }


def test_signed_numbers_of_uradmonitor_have_their_sign_apart() -> None:
    frost = "8200029a6c4e00000258815e8ee470032dd33b0236000700140008000a000bd5"
    assert read("uradmonitor", frost).data["temperature"] == -3.5
    assert "it has 3 bytes, not one of: 32, 50" in refusal("uradmonitor", "820002")


def test_netvox_says_the_voltage_of_a_low_battery_too() -> None:
    assert read("netvox-ra07", "010901bd006400c802bc00", 6).data["Volt"] == 6.1
    assert "port 7 is none of this device's: 6" in refusal("netvox-ra07", "8105000000", 7)
    assert "a message of kind 63 is not known" in refusal("netvox-ra07", "0105637800", 6)


def test_a_microphone_that_gave_nothing_has_no_level() -> None:
    assert read("browan-tbsl100", "000b36ff", 105).data == {
        "status": 0,
        "battery": 3.6,
        "temperatureBoard": 22,
    }


def test_arwin_says_what_made_it_speak() -> None:
    assert read("arwin-lrs10701", "0d1108aa0f7d3a9809295a", 10).data["event"] == "heartbeat/button,T/H,CO2"
    assert "port 12 is none of this device's: 10, 11" in refusal("arwin-lrs10701", "00", 12)


def test_half_a_measurement_of_a_breath_is_refused() -> None:
    assert "the payload ends too early" in refusal("adeunis-breath", "6d8001b3003e001e")
    assert "a message of kind 77 is not known" in refusal("adeunis-breath", "7780")


def test_stored_values_of_a_dragino_are_not_taken_for_new_ones() -> None:
    said = refusal("dragino-lht65n", "cbf60b0d0376810add7fff", 2)
    assert "stored values that were asked for are not read" in said


def test_a_dragino_that_says_when_has_its_probe_in_front() -> None:
    made = read("dragino-lht65n", "0add0b0dc3760969b003e8", 2)
    assert made.data == {"TempC_SHT": 28.29, "Hum_SHT": 88.6, "Bat_status": 3, "TempC_DS": 27.81}


def test_another_working_mode_is_refused() -> None:
    assert "working mode 2 is not known" in refusal("dragino-laq4", "0d07090012020b00fb01b3", 2)


def test_a_sensecap_says_how_it_is() -> None:
    made = read("sensecap-s2120", "0464010101030005000a 0600 0500050014 030a 1009 2cf7f1c04530009b", 3)
    assert made.data["messages"] == [
        [
            {
                "Battery(%)": 100,
                "Hardware Version": "1.1",
                "Firmware Version": "1.3",
                "measureInterval": 300,
                "gpsInterval": 600,
            }
        ],
        [{"measurementId": "4101", "type": "sensor_error_event", "errCode": "00"}],
        [{"measureInterval": 300, "gpsInterval": 1200}],
        [{"Battery(%)": 10}],
        [{"status": 1, "channelType": 1, "sensorEui": "2CF7F1C04530009B"}],
    ]


def test_a_sensecap_is_read_until_something_unknown() -> None:
    made = read("sensecap-s2120", "036477", 3)
    assert made.data["messages"] == [[{"Battery(%)": 100}]]
    assert made.warnings == ("a message of kind 77 is not known",)
    assert "a message of kind 77 is not known" in refusal("sensecap-s2120", "77", 3)


def test_sound_of_an_unknown_weighting_is_refused() -> None:
    assert "a message of kind 07 is not known" in refusal("milesight-ws302", "055b073f02da016a02", 85)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("8367ff0001", {"temperature": 25.5, "temperature_alarm": "threshold alarm"}),
        ("86734f2701", {"pressure": 1006.3, "pressure_alarm": "threshold alarm"}),
        ("8792320001", {"wind_speed": 5.0, "wind_speed_alarm": "threshold alarm"}),
        (
            "88ec8d1300000201",
            {"rainfall_total": 50.05, "rainfall_counter": 2, "rainfall_alarm": "threshold alarm"},
        ),
        ("08ec7b00000001", {"rainfall_total": 1.23, "rainfall_counter": 1}),
    ],
)
def test_the_alarms_of_a_weather_station_are_read_as_its_readme_says(
    payload: str, said: dict[str, object]
) -> None:
    assert read("milesight-wts506", payload, 85).data == said


def test_volatile_compounds_are_an_index_or_micrograms_by_their_type() -> None:
    assert read("milesight-am308", "087d2500", 85).data == {"tvoc": 0.37}
    assert read("milesight-am308", "08e62500", 85).data == {"tvoc": 37}
