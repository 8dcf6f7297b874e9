"""A fleet of devices for tests and benchmarks: its registry file, and its network server's events."""

import json
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from ingest.simulator import events

#: The first uplink of every fleet: a fixed day, so that golden figures never move.
EPOCH_NS = 1_767_225_600 * 1_000_000_000  # 2026-01-01T00:00:00Z
HEARD = (events.Hearing(events.GATEWAYS[0], -97, 6.2),)


@dataclass(frozen=True, slots=True)
class Member:
    """One device of a fleet."""

    id: str
    dev_eui: str
    type: str


def members(kind: str, count: int) -> list[Member]:
    """`count` devices of one type; ids and EUIs differ for different types and numbers."""
    maker = sum(map(ord, kind)) & 0xFFFF
    return [Member(f"{kind}-{number:06d}", f"70b3d5{maker:04x}{number:06x}", kind) for number in range(count)]


def register(folder: Path, fleet: Iterable[Member], name: str = "fleet") -> None:
    """Write the fleet's registry file into `folder/devices`."""
    devices = [
        {
            "id": one.id,
            "site": f"Site {one.id}",
            "dev_eui": one.dev_eui,
            "type": one.type,
            "interval": "10min",
        }
        for one in fleet
    ]
    head = {
        "municipality": {"id": "giessen", "ags": "06531005"},
        "publisher": {"name": "Stadt Gießen", "contact": "a@example.org", "licence": "dl-de/by-2-0"},
    }
    (folder / "devices").mkdir(parents=True, exist_ok=True)
    (folder / "devices" / f"{name}.yaml").write_text(json.dumps(head | {"devices": devices}, indent=1))


def uplink(
    member: Member, number: int, decoded: dict[str, Any] | None, *, time_ns: int | None = None, port: int = 1
) -> tuple[str, bytes]:
    """Topic and payload of a device's `number`-th uplink, ten minutes after the one before."""
    when = EPOCH_NS + number * 600_000_000_000 if time_ns is None else time_ns
    payload = bytes(12) if decoded is None else b""  # codecs of ours would read it instead
    frame = events.Frame(
        member.dev_eui, member.id, member.type, when, number, port, payload, decoded, HEARD, 9
    )
    random = Random(f"{member.id} {number}")  # noqa: S311  the same uplink has the same ids
    return (
        events.topic("chirpstack", member.dev_eui, member.id, "up"),
        events.uplink("chirpstack", frame, random),
    )


class Publisher:
    """A network server's side of the broker: publishes at a pace and waits for every PUBACK."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.max_inflight_messages_set(2000)
        self._client.max_queued_messages_set(0)
        self._client.connect(host, port)
        self._client.loop_start()

    def publish(
        self,
        messages: Iterable[tuple[str, bytes]],
        *,
        rate: float,
        qos: int = 1,
        stop: threading.Event | None = None,
    ) -> int:
        """Publish all of them at `rate` a second; returns how many, when the broker has acknowledged each."""
        begin = time.monotonic()
        pending = []
        for number, (topic, payload) in enumerate(messages):
            if stop is not None and stop.is_set():
                break
            if (ahead := begin + number / rate - time.monotonic()) > 0:
                time.sleep(ahead)
            pending.append(self._client.publish(topic, payload, qos))
        for info in pending:
            info.wait_for_publish(60)
            assert info.is_published(), "the broker did not acknowledge a publication"
        return len(pending)

    def close(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()


def round_robin(fleet: list[Member], total: int) -> Iterator[tuple[Member, int]]:
    """(device, its uplink's number) for `total` uplinks, each device in turn."""
    for number in range(total):
        yield fleet[number % len(fleet)], number // len(fleet)
