"""Arwin LRS10701, air quality: what it measures is split over ports 10 and 11, all big-endian.

Source: the payload table of its user manual. Port 10: events (8 bits), then 32 bits with air quality index
(9), CO2 in ppm (13) and temperature as 0.1 degrees above -30 (10), humidity in 0.5 %, two gases in ppb,
battery in %. Port 11: TVOC in ppb, then PM1, PM2.5 and PM10 in ng/m³ of 24 bits each.
"""

import struct
from collections.abc import Mapping

from devices.codecs.decoded import Decoded, LocalCodec
from devices.codecs.refusal import unknown_port

_FIRST, _SECOND = 10, 11
_AIR = struct.Struct(">BIBHHB")
_DUST = struct.Struct(">H3s3s3s")
_EVENTS = ("heartbeat/button", "rsvd", "T/H", "CO2", "EC1", "EC2", "TVOC", "PMx")


def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """The decoded object. Raises `ValueError` for another port."""
    if f_port == _FIRST:
        events, packed, humidity, gas1, gas2, battery = _AIR.unpack_from(payload)
        said = {
            "event": ",".join(name for bit, name in enumerate(_EVENTS) if events >> bit & 1),
            "aqi": packed >> 23,
            "co2": packed >> 10 & 0x1FFF,
            "temperature": ((packed & 0x3FF) - 300) / 10,
            "humidity": humidity / 2,
            "gas1": gas1 / 1000,
            "gas2": gas2 / 1000,
            "battery": battery,
        }
        return Decoded(said)
    if f_port == _SECOND:
        tvoc, *dust = _DUST.unpack_from(payload)
        micrograms = (int.from_bytes(size) / 1000 for size in dust)
        return Decoded({"tvoc": tvoc, **dict(zip(("pm1.0", "pm2.5", "pm10"), micrograms, strict=True))})
    raise unknown_port(f_port, _FIRST, _SECOND)


CODECS: Mapping[str, LocalCodec] = {"arwin-lrs10701": decode}
