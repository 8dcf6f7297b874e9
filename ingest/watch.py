"""The newest uplink of each sender, for somebody who stands in front of the sensor and waits for it.

It is looked at when it has been answered for: what is shown is what became of it. Only the newest of the
`REMEMBERED` senders heard last are kept, and none outlives the process.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from devices import words
from devices.device import Device
from devices.language import Language, in_language
from devices.quantity import CATALOGUE
from devices.reading import Reading
from devices.registry import Registry
from ingest.pipeline import Verdict
from ingest.seams import Delivery

#: Senders of which the newest uplink is kept: some 5 MB.
REMEMBERED = 1000
#: Bytes of a message that could not be read which are shown.
SHOWN_BYTES = 2000

#: The signal-to-noise ratio in dB below which a spreading factor cannot be heard any more (Semtech
#: SX1276/77/78/79 datasheet, table 13, LoRa demodulator SNR).
FLOOR_DB = {7: -7.5, 8: -10.0, 9: -12.5, 10: -15.0, 11: -17.5, 12: -20.0}


class Seen(msgspec.Struct, frozen=True):
    """A message that was answered for, and what became of it."""

    address: str
    delivery: Delivery
    verdict: Verdict


class Watch:
    """What was seen last. All methods are called on the event loop's thread."""

    def __init__(self) -> None:
        self._newest: OrderedDict[str, Seen] = OrderedDict()
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}

    def answered(self, delivery: Delivery, verdict: Verdict) -> None:
        """Remember a message and wake who waits for its sender."""
        address = verdict.address
        if not address:
            return
        self._newest[address] = Seen(address, delivery, verdict)
        self._newest.move_to_end(address)
        if len(self._newest) > REMEMBERED:
            self._newest.popitem(last=False)
        for future in self._waiting.pop(address, ()):
            if not future.done():
                future.set_result(None)

    def newest(self, addresses: Iterable[str]) -> Seen | None:
        """What was seen last of any of these senders."""
        found = [seen for address in addresses if (seen := self._newest.get(address)) is not None]
        return max(found, key=lambda seen: seen.delivery.arrival_ns, default=None)

    def last(self, count: int) -> list[Seen]:
        """The senders heard last, the newest first."""
        return list(self._newest.values())[: -count - 1 : -1]

    async def after(self, addresses: Sequence[str], arrival_ns: int, seconds: float) -> Seen | None:
        """The newest of these senders if it came after `arrival_ns`; waits so long for one, else None."""
        seen = self.newest(addresses)
        if seen is None or seen.delivery.arrival_ns <= arrival_ns:
            future = asyncio.get_running_loop().create_future()
            for address in addresses:
                self._waiting.setdefault(address, set()).add(future)
            await asyncio.wait((future,), timeout=seconds)
            for address in addresses:
                waiting = self._waiting.get(address)
                if waiting is not None:
                    waiting.discard(future)
                    if not waiting:
                        del self._waiting[address]
            seen = self.newest(addresses)
        return seen if seen is not None and seen.delivery.arrival_ns > arrival_ns else None


def senders(name: str, registry: Registry) -> tuple[Device | None, tuple[str, ...]]:
    """The device that `name` means (its id or its DevEUI) and its senders; for a stranger only the sender."""
    device = registry.devices.get(name)
    if device is not None:
        return device, tuple(dict.fromkeys(one.address for one in device.installations))
    try:
        address = words.dev_eui(name)
    except ValueError:
        address = name
    known = registry.installations(address)
    return (known[-1].device if known else None), (address,)


def describe(seen: Seen, registry: Registry, language: Language) -> dict[str, Any]:
    """One message as JSON for pages and commands; sentences in this language, times in UTC nanoseconds."""
    delivery, verdict = seen.delivery, seen.verdict
    device, _ = senders(seen.address, registry)
    uplink = verdict.uplink
    said: dict[str, Any] = {
        "address": seen.address,
        "device": device.id if device else None,
        "site": device.site if device else None,
        "source": delivery.source,
        "format": delivery.format,
        "topic": delivery.topic,
        "arrival_ns": delivery.arrival_ns,
        "time_ns": verdict.time_ns,
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "detail": in_language(verdict.detail, language),
        "complaints": [in_language(one, language) for one in verdict.complaints],
        "readings": [_reading(one) for one in verdict.readings],
        "decoded": verdict.decoded,
        "payload": None,
        "f_port": None,
        "f_cnt": None,
        "radio": None,
        "message": None,
    }
    if uplink is None:
        said["message"] = delivery.payload[:SHOWN_BYTES].decode(errors="replace")
        return said
    said["payload"] = None if uplink.payload is None else uplink.payload.hex()
    said["f_port"], said["f_cnt"] = uplink.f_port, uplink.f_cnt
    if uplink.rssi is not None or uplink.snr is not None or uplink.gateways is not None:
        said["radio"] = {
            "rssi": uplink.rssi,
            "snr": uplink.snr,
            "spreading_factor": uplink.spreading_factor,
            "margin": margin_db(uplink.snr, uplink.spreading_factor),
            "gateways": uplink.gateways,
            "heard_by": list(uplink.heard_by),
        }
    return said


def margin_db(snr: float | None, spreading_factor: int | None) -> float | None:
    """How many dB the best gateway had to spare; None where that is not known."""
    floor = FLOOR_DB.get(spreading_factor or 0)
    return None if snr is None or floor is None else round(snr - floor, 1)


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "measurement": reading.measurement,
        "time_ns": reading.time_ns,
        "interval_s": reading.interval_s,
        "tags": dict(reading.tags),
        "values": [
            {
                "field": one.field,
                "value": one.value,
                "unit": CATALOGUE[one.field].unit if one.field in CATALOGUE else "",
                "flag": int(one.flag),
                "test": one.test,
                "raw": one.raw,
            }
            for one in reading.values
        ],
    }
