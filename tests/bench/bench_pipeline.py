"""What the pure way of an uplink costs, step by step: prints figures, judges nothing.

    python -m tests.bench.bench_pipeline --help

CPU microseconds a message, the best of several rounds with the garbage collector off, so that two versions
can be told apart. A message is a ChirpStack event of about 1.9 KB whose values become three lines, from
a device whose memory is full. The steps are parts of `read` and `judge`; the rest is joinery.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from devices import duplicates, normalise, registry, timestamp
from devices.device import Installation
from devices.normalise import Normalised
from devices.reading import Reading
from devices.registry import Registry
from devices.state import DeviceState
from ingest import line_protocol, pipeline
from ingest.lns import chirpstack, event
from ingest.pipeline import Heard
from ingest.seams import Delivery
from tests.fleet import EPOCH_NS, Member, members, register, round_robin, uplink
from tests.test_end_to_end import AIR, DELTA, PORT, TOTAL, decoded

T = TypeVar("T")
TIME = "2026-01-01T00:00:00.775023242+00:00"
ARRIVAL_NS = EPOCH_NS + 365 * 86_400 * 1_000_000_000


def cost_us(step: Callable[[T], object], inputs: Sequence[T], rounds: int) -> float:
    """Microseconds of CPU that a step takes for one input, in the best round."""
    found = []
    for _ in range(rounds):
        begin = time.process_time()
        for one in inputs:
            step(one)
        found.append(time.process_time() - begin)
        gc.collect()
    return min(found) / len(inputs) * 1e6


def deliveries(fleet: list[Member], each: int) -> list[Delivery]:
    """The first uplinks of every device, `each` of them, in the order of sending."""
    return [
        Delivery("town", "chirpstack", topic, payload, ARRIVAL_NS, 1, False, False, 1, lambda _: None)
        for topic, payload in (
            uplink(member, number, decoded(member, number), port=PORT[member.type])
            for member, number in round_robin(fleet, each * len(fleet))
        )
    ]


def carried(delivery: Delivery) -> Heard:
    """The uplink of a message that is known to carry one."""
    found = pipeline.read(delivery)
    assert isinstance(found, Heard)
    return found


def memory(uplinks: Sequence[Heard], registered: Registry) -> dict[str, DeviceState]:
    """What is known of every device after these."""
    states: dict[str, DeviceState] = {}
    for one in uplinks:
        verdict = pipeline.judge(one, registered, states)
        if verdict.state is not None:
            states[verdict.key] = verdict.state
    return states


def report(kind: str, devices: int, rounds: int) -> None:
    """Measure a fleet of one type."""
    fleet = members(kind, devices)
    with tempfile.TemporaryDirectory(prefix="messnetz-bench-") as name:
        register(Path(name), fleet)
        registered = registry.load(Path(name) / "devices", [registry.SHIPPED_TYPES])
    sent = deliveries(fleet, duplicates.MEMORY + 1)
    uplinks = [carried(one) for one in sent]
    states = memory(uplinks[:-devices], registered)
    print(f"{kind}, {len(sent[-1].payload)} bytes:")
    for step, us in steps(sent[-devices:], uplinks[-devices:], registered, states, rounds):
        print(f"  {step:28}{us:6.2f} us")


def steps(
    messages: list[Delivery],
    uplinks: list[Heard],
    registered: Registry,
    states: dict[str, DeviceState],
    rounds: int,
) -> Iterator[tuple[str, float]]:
    """What each step costs a message."""
    here = [registered.by_address[one.uplink.address][0] for one in uplinks]
    known = [states[f"{there.device.id}|{there.address}"] for there in here]
    remembered = list(zip(uplinks, known, strict=True))
    inputs = list(zip(uplinks, here, known, strict=True))
    read = [(there, _normalise(one).readings) for there, one in zip(here, inputs, strict=True)]
    yield "read", cost_us(pipeline.read, messages, rounds)
    yield "  JSON", cost_us(_decode, messages, rounds)
    yield "  time", cost_us(timestamp.parse, [TIME] * len(messages), rounds)
    yield "judge", cost_us(lambda one: pipeline.judge(one, registered, states), uplinks, rounds)
    yield "  whose it is", cost_us(lambda one: _whose(one, registered), uplinks, rounds)
    yield "  whether stored before", cost_us(_was_stored, remembered, rounds)
    yield "  normalise", cost_us(_normalise, inputs, rounds)
    yield f"  {len(read[0][1])} lines", cost_us(_encode, read, rounds)


def _decode(delivery: Delivery) -> object:
    return event.decode(chirpstack._decoder, delivery.payload, hint="")


def _whose(one: Heard, registered: Registry) -> object:
    return registered.installation(one.uplink.address, one.uplink.time_ns)


def _was_stored(one: tuple[Heard, DeviceState]) -> bool:
    uplink, nothing = one[0].uplink, set[bytes]()
    return duplicates.is_duplicate(uplink, one[1]) or duplicates.frame("device|address", uplink) in nothing


def _normalise(one: tuple[Heard, Installation, DeviceState]) -> Normalised:
    heard, installation, state = one
    said = heard.uplink.decoded or {}
    return normalise.normalise(heard.uplink, said, installation, state, heard.arrival_ns)


def _encode(one: tuple[Installation, tuple[Reading, ...]]) -> list[bytes]:
    installation, readings = one
    return [line_protocol.encode(installation, reading) for reading in readings]


def main() -> None:
    """Run all of it once."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--devices", type=int, default=500, help="messages of a round (default: 500)")
    parser.add_argument("--rounds", type=int, default=40, help="default: 40")
    asked = parser.parse_args()
    gc.disable()
    for kind in (AIR, DELTA, TOTAL):
        report(kind, asked.devices, asked.rounds)


if __name__ == "__main__":
    main()
