"""Parking sensors whose payload is a few bits: TekZiPark, Netvox R719A, PlacePod, Libelium, Dingtek DO20x."""

from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_kind, unknown_port, wrong_begin, wrong_length

_STATUS_BITS = ("keepAlive", "reset", "No_Beacon", "Radar", "Obstruction", "Good_Battery")


def tekzipark(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Bits of the state, °C, number of the bay. Beacons of drivers are of persons and are not decoded.

    Source: vendor/tekzitel/tekzipark-codec.yaml of The Things Network lorawan-devices.
    """
    if f_port not in {1, 2}:
        raise unknown_port(f_port, 1, 2)
    status = payload[0]
    said: dict[str, Any] = {"occupied": status >> 7}
    said |= {name: status >> bit & 1 for bit, name in enumerate(_STATUS_BITS)}
    said["Temperature"] = int.from_bytes(payload[1:2], signed=True)
    said["Parking_ID"] = payload[2]
    if f_port == 2:
        said["Fault_Code"] = payload[9]
    return Decoded(said)


def netvox_r719a(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Volts, and whether a car stands there.

    Source: Netvox LoRaWAN Application Command, R719A; vendor/netvox/r719a-codec.yaml of The Things Network.
    """
    if f_port != 6:
        raise unknown_port(f_port, 6)
    if payload[:2] != b"\x01\x59":
        raise wrong_begin(payload, "0159")
    kind, voltage, state = payload[2], payload[3], payload[4]
    if kind == 0:
        return Decoded(
            {"Device": "R719A", "SWver": voltage / 10, "HWver": state, "Datecode": payload[5:9].hex()}
        )
    if kind != 1:
        raise unknown_kind(kind)
    return Decoded(
        {
            "Device": "R719A",
            "Volt": (voltage & 0x7F) / 10,
            "LowBattery": bool(voltage & 0x80),
            "CarOnOff": state,
        }
    )


#: PlacePod: name, size and divisor by channel and type.
_PLACEPOD: Mapping[tuple[int, int], tuple[str, int, int]] = {
    (0x01, 0x01): ("recalibrated", 1, 1),
    (0x02, 0x67): ("temperature", 2, 10),
    (0x03, 0x02): ("battery", 2, 100),
    (0x05, 0x02): ("internal_1", 2, 1),
    (0x06, 0x02): ("internal_2", 2, 1),
    (0x15, 0x66): ("parking_status", 1, 1),
    (0x1C, 0x01): ("deactivated", 1, 1),
    (0x21, 0x00): ("vehicle_count", 1, 1),
    (0x37, 0x66): ("keep_alive", 1, 1),
    (0x37, 0x00): ("keep_alive_count", 1, 1),
    (0x3F, 0x01): ("rebooted", 1, 1),
}


def placepod(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The state when it turns (`parking_status`) or as a sign of life (`keep_alive`), °C, volts.

    Source: PNI PlacePod Sensor, Communications Protocol, 2.1: as Cayenne LPP, with channels of a fixed
    meaning. The names of the decoded object are ours.
    """
    said: dict[str, Any] = {}
    at = 0
    while at < len(payload):
        channel, kind = payload[at], payload[at + 1]
        if (channel, kind) not in _PLACEPOD:
            raise unknown_kind(channel)
        name, size, divisor = _PLACEPOD[channel, kind]
        value = payload[at + 2 : at + 2 + size]
        if len(value) < size:
            raise IndexError(at)
        number = int.from_bytes(value, signed=size == 2)
        said[name] = number if divisor == 1 else number / divisor
        at += 2 + size
    if not said:
        raise IndexError(at)
    return Decoded(said)


_LIBELIUM_FRAMES = (
    "info",
    "keep_alive",
    "daily_update",
    "error",
    "start1",
    "start2",
    "service",
    "downlink",
    "rssi",
)


def libelium(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The state, whether the battery is to be changed, °C in frames that say it.

    Source: Libelium, Smart Parking v2 technical guide, 3.6.1: frames of 11 bytes, bit 7 of the first is the
    state, bits 3 to 0 the kind. The names of the decoded object are ours.
    """
    if len(payload) != 11:
        raise wrong_length(payload, 11)
    kind = payload[0] & 0x0F
    if kind >= len(_LIBELIUM_FRAMES):
        raise unknown_kind(kind)
    said: dict[str, Any] = {
        "frame_type": _LIBELIUM_FRAMES[kind],
        "battery_state": payload[0] >> 6 & 1,
        "frame_counter": payload[1],
    }
    if kind in {0, 1, 2}:  # the others come before anything is measured, or repeat it
        said["parking_slot_status"] = payload[0] >> 7
    if kind in {0, 1}:
        said |= {"sensor_error": payload[2], "temperature": int.from_bytes(payload[3:4], signed=True)}
    return Decoded(said)


def dingtek_do20x(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Distance in mm, volts, alarms (`alarmPark` is the bay's state), the magnetic field; °C from DO201 on.

    Source: vendor/dingtek/do200-, do201- and do202-codec.yaml of The Things Network lorawan-devices.
    """
    if f_port != 3:
        raise unknown_port(f_port, 3)
    if payload[:2] != b"\x80\x00":
        raise wrong_begin(payload, "8000")
    if payload[3] == 3:
        return Decoded({"firmware": f"{payload[5]}.{payload[6]}", "uploadInterval": payload[7]})
    if payload[3] not in {1, 2}:
        raise unknown_kind(payload[3])
    if len(payload) not in {21, 23}:
        raise wrong_length(payload, 21, 23)
    said: dict[str, Any] = {
        "level": int.from_bytes(payload[5:7]),
        "volt": int.from_bytes(payload[9:11]) / 100,
        "alarmPark": bool(payload[7] >> 4),
        "alarmLevel": bool(payload[7] & 15),
        "alarmMagnet": bool(payload[8] >> 4),
        "alarmBattery": bool(payload[8] & 15),
    }
    for at, axis in zip((11, 13, 15), "xyz", strict=True):
        said[f"{axis}Magnet"] = int.from_bytes(payload[at : at + 2], signed=True)
    if len(payload) == 23:
        said |= {"temperature": int.from_bytes(payload[17:18], signed=True), "humidity": payload[18]}
    return Decoded(said)


CODECS: Mapping[str, LocalCodec] = {
    "dingtek-do20x": dingtek_do20x,
    "libelium-parking": libelium,
    "netvox-r719a": netvox_r719a,
    "placepod": placepod,
    "tekzipark": tekzipark,
}
