"""uRADMonitor: one layout a model, told apart by its length, all big-endian.

Source: the field lists of the A3 and INDUSTRIAL data sheets (www.uradmonitor.com). Signed numbers carry
their sign in the highest bit, the amount in the others. The checksum at the end is not looked at: LoRaWAN
has its own.
"""

import math
import struct
from collections.abc import Mapping
from typing import Any

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import wrong_length

# id, hardware, firmware, seconds since the start, temperature, pressure, humidity, VOC in ohms, sound, ...
_A3 = struct.Struct(">IBBI HHB3sB HHH HHH B")
# the same with latitude, longitude, altitude and speed before the temperature
_INDUSTRIAL = struct.Struct(">IBBI 3s3sHH HHB3sB 4s4s4s4s BHB B")

#: Pressures count from here, in Pa.
_PRESSURE = 65535

_GASES = {
    0x02: "nh3",
    0x03: "h2s",
    0x04: "co",
    0x2A: "o3",
    0x2B: "so2",
    0x2C: "no2",
    0x31: "cl2",
}


def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The decoded object, with the keys of the maker's decoder. Raises `ValueError` for another length."""
    if len(payload) == _A3.size:
        return Decoded(_a3(payload))
    if len(payload) == _INDUSTRIAL.size:
        return Decoded(_industrial(payload))
    raise wrong_length(payload, _A3.size, _INDUSTRIAL.size)


def _a3(payload: bytes) -> dict[str, Any]:
    (_, hardware, firmware, _, temperature, pressure, humidity, voc, sound, *rest, _) = _A3.unpack(payload)
    common = _common("A3", hardware, firmware, temperature, pressure, humidity, voc, sound)
    return common | dict(zip(("co2", "ch20", "o3", "pm1", "pm2_5", "pm10"), rest, strict=True))


def _industrial(payload: bytes) -> dict[str, Any]:
    unpacked = _INDUSTRIAL.unpack(payload)
    (_, hardware, firmware, _, _, _, _, _, temperature, pressure, humidity, voc, sound, *rest) = unpacked
    *cells, below, pm2_5, above, _ = rest
    said = _common("Industrial", hardware, firmware, temperature, pressure, humidity, voc, sound)
    for cell in cells:
        gas = _GASES.get(cell[0])
        if gas is not None:
            said[gas] = _signed(int.from_bytes(cell[1:]), 24) / 1000
    return said | {"pm1": pm2_5 - below, "pm2_5": pm2_5, "pm10": pm2_5 + above}


def _common(
    model: str,
    hardware: int,
    firmware: int,
    temperature: int,
    pressure: int,
    humidity: int,
    voc: bytes,
    sound: int,
) -> dict[str, Any]:
    ohms = int.from_bytes(voc)
    said = {
        "model": model,
        "hardware_version": f"HW{hardware}",
        "firmware_version": firmware,
        "temperature": _signed(temperature, 16) / 100,
        "pressure": pressure + _PRESSURE,
        "humidity": humidity / 2,
        "gas_resistance": ohms,
        "sound": sound / 2,
    }
    if ohms:
        said["iaq"] = int(math.log(ohms) + 0.04 * humidity / 2)
    return said


def _signed(number: int, bits: int) -> int:
    sign = 1 << (bits - 1)
    return number if number < sign else sign - number


CODECS: Mapping[str, LocalCodec] = {"uradmonitor": decode}
