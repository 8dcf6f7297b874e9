"""How well the gateways of the city hear a place: distance, walls and a little luck."""

import math
from collections.abc import Sequence
from random import Random

from devices.device import Device
from ingest.simulator.events import GATEWAYS, Gateway, Hearing
from ingest.simulator.street import Place

_WEAKEST_DBM = -123
#: The slowest spreading factor is the last resort: the best SNR (dB) down to which each one still works.
_SLOWEST_FIRST = ((7, 1.0), (8, -2.5), (9, -5.0), (10, -8.0), (11, -11.0))


def hearings(device: Device, where: Place, random: Random) -> Sequence[Hearing]:
    """How each gateway that hears the device hears it now, the best first; at least one always does."""
    heard = [_hearing(device, where, gateway, random) for gateway in GATEWAYS]
    heard.sort(key=lambda hearing: hearing.rssi, reverse=True)
    return [hearing for hearing in heard if hearing.rssi > _WEAKEST_DBM] or heard[:1]


def spreading_factor(best: Hearing) -> int:
    """The spreading factor that adaptive data rate settles on for the best SNR."""
    return next((factor for factor, snr in _SLOWEST_FIRST if best.snr >= snr), 12)


def _hearing(device: Device, where: Place, gateway: Gateway, random: Random) -> Hearing:
    walls = (where.seed >> (GATEWAYS.index(gateway) * 4)) % 16 * 1.6
    rssi = -68 - 30 * math.log10(1 + _distance_m(device, gateway) / 60) - walls + random.gauss(0, 2.2)
    rssi = max(-130.0, min(-40.0, rssi))
    snr = max(-19.5, min(12.5, (rssi + 108) * 0.55 + random.gauss(0, 1.0)))
    return Hearing(gateway, round(rssi), round(snr * 4) / 4)


def _distance_m(device: Device, gateway: Gateway) -> float:
    if device.lat is None or device.lon is None:
        return 900.0
    east = (device.lon - gateway.lon) * math.cos(math.radians(gateway.lat))
    return 111_320 * math.hypot(device.lat - gateway.lat, east)
