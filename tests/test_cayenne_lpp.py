"""Cayenne LPP: known frames, every type there and back, and whatever else may arrive."""

import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.codecs import run_local
from devices.codecs.cayenne_lpp import _TYPES, decode
from devices.codecs.decoded import Decoded


def read(payload: str) -> Decoded:
    return run_local("cayenne-lpp", bytes.fromhex(payload), 1, {})


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        # myDevices' documentation of the format: two temperatures; temperature and acceleration; GPS
        ("03670110056700ff", {"temperature_3": 27.2, "temperature_5": 25.5}),
        ("0167ffd7067104d2fb2e0000",
         {"temperature_1": -4.1, "accelerometer_6": {"x": 1.234, "y": -1.234, "z": 0.0}}),
        ("018806765ff2960a0003e8", {"gps_1": {"latitude": 42.3519, "longitude": -87.9094, "altitude": 10.0}}),
        # The Things Network's go-cayenne-lib, cayennelpp/decoder_test.go
        ("0100ff 020164 0302154a 0403eab6 056501f4 066632 0767ff64 0868a0",
         {"digital_in_1": 255, "digital_out_2": 100, "analog_in_3": 54.5, "analog_out_4": -54.5,
          "luminosity_5": 500, "presence_6": 50, "temperature_7": -15.6, "relative_humidity_8": 80.0}),
        ("0971fe58000f0682 0a7329ef 0b8601630231fe66 0c8807fd8700bef500086a 0d74154a",
         {"accelerometer_9": {"x": -0.424, "y": 0.015, "z": 1.666}, "barometric_pressure_10": 1073.5,
          "gyrometer_11": {"x": 3.55, "y": 5.61, "z": -4.1},
          "gps_12": {"latitude": 52.3655, "longitude": 4.8885, "altitude": 21.54}, "voltage_13": 54.5}),
        ("0164ffffffff 027504d2 0376000f4240 047832 0579fff6",
         {"generic_sensor_1": 4294967295, "current_2": 1.234, "frequency_3": 1000000, "percentage_4": 50,
          "altitude_5": -10}),
        ("067d0190 07800064 088200000bb8 0983000004d2 0a84010e 0b8565b0c780 0c87ff8000 0d8e01",
         {"concentration_6": 400, "power_7": 100, "distance_8": 3.0, "energy_9": 1.234, "direction_10": 270,
          "unix_time_11": 1706084224, "colour_12": {"red": 255, "green": 128, "blue": 0}, "switch_13": 1}),
        ("01f0 0a e6 000c66 00021f 11 f8",
         {"polyline_1": [{"latitude": 3.174, "longitude": 0.543}, {"latitude": 3.175, "longitude": 0.544},
                         {"latitude": 3.167, "longitude": 0.543}]}),
        ("016700ff01670100", {"temperature_1": 25.6}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_frame_is_read_by_the_names_of_the_things_stack(payload: str, said: dict[str, Any]) -> None:
    assert read(payload) == Decoded(said)


@pytest.mark.parametrize(
    ("payload", "said", "warning"),
    [
        ("016700ff 02ff01020304", {"temperature_1": 25.5}, "channel 2 has the unknown type 255"),
        ("02ff", {}, "channel 2 has the unknown type 255"),
        ("016700ff 026701", {"temperature_1": 25.5}, "the value of channel 2 is cut short"),
        ("016700ff 0267", {"temperature_1": 25.5}, "the value of channel 2 is cut short"),
        ("016700ff 02", {"temperature_1": 25.5}, "the value of channel 2 is cut short"),
        ("016700ff 02f0", {"temperature_1": 25.5}, "the value of channel 2 is cut short"),
        ("016700ff 02f0ff0102030405060708", {"temperature_1": 25.5}, "the value of channel 2 is cut short"),
    ],
)
def test_what_cannot_be_read_ends_it_with_what_was_read_so_far_and_a_warning(
    payload: str, said: dict[str, Any], warning: str
) -> None:
    decoded = read(payload)
    assert decoded.data == said
    assert len(decoded.warnings) == 1
    assert warning in decoded.warnings[0]


@st.composite
def frames(draw: st.DrawFn) -> list[tuple[int, int, bytes]]:
    """Channels (each once), known types and the bytes of their values."""
    channels = draw(st.lists(st.integers(0, 255), unique=True, max_size=8))
    found = []
    for channel in channels:
        kind = draw(st.sampled_from(sorted(_TYPES)))
        length = sum(length for length, _ in _TYPES[kind].parts)
        found.append((channel, kind, draw(st.binary(min_size=length, max_size=length))))
    return found


def joined(frame: list[tuple[int, int, bytes]]) -> bytes:
    return b"".join(bytes((channel, kind)) + value for channel, kind, value in frame)


@given(frames())
def test_every_value_that_was_written_is_read(frame: list[tuple[int, int, bytes]]) -> None:
    decoded = decode(joined(frame), 1, {})
    assert decoded.warnings == ()
    assert list(decoded.data) == [f"{_TYPES[kind].name}_{channel}" for channel, kind, _ in frame]
    for (_, kind, octets), value in zip(frame, decoded.data.values(), strict=True):
        (length, divisor), signed = _TYPES[kind].parts[0], _TYPES[kind].signed
        first = next(iter(value.values())) if isinstance(value, dict) else value
        expected = int.from_bytes(octets[:length], "big", signed=signed) / divisor
        assert math.isclose(first, expected, abs_tol=1e-12)


@given(frames(), st.integers(0, 100))
def test_a_frame_that_was_cut_says_as_much_as_is_whole(frame: list[tuple[int, int, bytes]], at: int) -> None:
    whole = decode(joined(frame), 1, {}).data
    cut = joined(frame)[:at]
    decoded = decode(cut, 1, {})
    assert decoded.data == dict(list(whole.items())[: len(decoded.data)])
    ends = [len(joined(frame[:count])) for count in range(len(frame) + 1)]
    assert (decoded.warnings == ()) == (len(cut) in ends)


@given(st.binary(max_size=250), st.integers(0, 255))
def test_no_payload_at_all_raises(payload: bytes, f_port: int) -> None:
    decoded = decode(payload, f_port, {})
    assert len(decoded.warnings) <= 1


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_is_read_where_it_was(latitude: float, longitude: float) -> None:
    octets = (
        struct.pack(">i", round(latitude * 10_000))[1:] + struct.pack(">i", round(longitude * 10_000))[1:]
    )
    said = decode(b"\x01\x88" + octets + bytes(3), 1, {}).data["gps_1"]
    assert math.isclose(said["latitude"], latitude, abs_tol=0.0001)
    assert math.isclose(said["longitude"], longitude, abs_tol=0.0001)
