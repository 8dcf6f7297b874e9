"""People counters of Terabee and IMBuildings, and the ESP32 paxcounter."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_kind, unknown_port, wrong_begin, wrong_length

_FLOW_L_XL = ("TPC_STOPPED", "TPC_STUCK", "MULTI_DEV_ISSUE", "WIFI_AP_ENABLED")
_FLOW_M = ("TPC_STOPPED", "TPC_STUCK", "NETWORK_ON")
_OCCUPANCY = ("STOPPED", "STUCK", "WIFI_ACCESS_POINT_ON", "WARMUP")


def terabee_l_xl(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Totals in both directions and what is amiss.

    Source: Terabee People Flow Counting L-XL, LoRa; vendor/terabee of The Things Network lorawan-devices.
    """
    return _terabee_flow(payload, f_port, 1, _FLOW_L_XL)


def terabee_m(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Totals in both directions and what is amiss.

    Source: vendors/terabee/drivers/tb-pcm of actility/device-catalog.
    """
    return _terabee_flow(payload, f_port, 82, _FLOW_M)


def _terabee_flow(payload: bytes, f_port: int, port: int, names: Sequence[str]) -> Decoded:
    if f_port != port:
        raise unknown_port(f_port, port)
    count_in, count_out, flags = struct.unpack_from(">IIB", payload)
    return Decoded({"count_in": count_in, "count_out": count_out, "flags": _flags(flags, names)})


def terabee_occupancy(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """How many people there are, in all and in each of eight zones.

    Source: vendors/terabee/drivers/tb-poc of actility/device-catalog.
    """
    if f_port != 83:
        raise unknown_port(f_port, 83)
    if len(payload) != 10:
        raise wrong_length(payload, 10)
    said: dict[str, Any] = {"flags": _flags(payload[0], _OCCUPANCY), "zone_global": payload[1]}
    for zone, people in enumerate(payload[2:]):
        said[f"zone_{zone}"] = "not set" if people == 0xFF else people
    return Decoded(said)


def _flags(bits: int, names: Sequence[str]) -> dict[str, int]:
    return {name: 1 for bit, name in enumerate(names) if bits >> bit & 1}


_SINCE = ("counter_a", "counter_b", "sensor_status")
_TOTALS = ("total_counter_a", "total_counter_b")

#: What follows the voltage, by the variant of the payload.
_IMBUILDINGS: Mapping[int, tuple[str, Sequence[str]]] = {
    5: (">HHBB", (*_SINCE, "payload_counter")),
    6: (">HHBHHB", (*_SINCE, *_TOTALS, "payload_counter")),
    7: (">BHH", ("sensor_status", *_TOTALS)),
}


def imbuildings(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Counts since the uplink before (`counter_a`, `counter_b`), totals modulo 65536, volts.

    Ports 26 and 27 leave out the head that says type and variant. Source: vendor/imbuildings of
    The Things Network lorawan-devices, people counter, variants 5 to 7.
    """
    if f_port in {26, 27}:
        variant, body, said = f_port - 20, payload, dict[str, Any]()
    else:
        if payload[:1] != b"\x02":
            raise wrong_begin(payload, "02")
        variant, body = payload[1], payload[10:]
        said = {
            "device_type": "People Counter",
            "device_type_variant": variant,
            "device_id": payload[2:10].hex(),
        }
    said["device_status"] = body[0]
    said["battery_voltage"] = int.from_bytes(body[1:3]) / 100
    if variant not in _IMBUILDINGS:
        raise unknown_kind(variant)
    form, names = _IMBUILDINGS[variant]
    said |= zip(names, struct.unpack_from(form, body, 3), strict=True)
    return Decoded(said)


def paxcounter(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """How many devices are around by WiFi and Bluetooth (`pax` is their sum); mV, °C of the processor.

    Source: cyberman54/ESP32-Paxcounter, payload format "packed": little-endian, ports 1, 2 and 8.
    """
    match f_port:
        case 1:
            said = _pax(payload)
        case 2:
            voltage, uptime, temperature = struct.unpack_from("<HQB", payload)
            said = {"voltage": voltage, "uptime": uptime, "cputemp": temperature}
        case 8:
            said = {"voltage": struct.unpack("<H", payload)[0]}
        case _:
            raise unknown_port(f_port, 1, 2, 8)
    return Decoded(said)


def _pax(payload: bytes) -> dict[str, Any]:
    """Counts, at the end where coordinates stand before them, at the begin where more follows."""
    lengths = {2: (0, 1), 4: (0, 2), 8: (0, 2), 10: (8, 1), 12: (8, 2), 15: (0, 1), 17: (0, 2)}
    if len(payload) not in lengths:
        raise wrong_length(payload, *lengths)
    begin, many = lengths[len(payload)]
    counts = struct.unpack_from(f"<{many}H", payload, begin)
    return {**dict(zip(("wifi", "ble"), counts, strict=False)), "pax": sum(counts)}


CODECS: Mapping[str, LocalCodec] = {
    "imbuildings": imbuildings,
    "paxcounter": paxcounter,
    "terabee-l-xl": terabee_l_xl,
    "terabee-m": terabee_m,
    "terabee-occupancy": terabee_occupancy,
}
