"""What states by the clock cost a service with many devices: prints figures, judges nothing.

    python -m tests.bench.bench_status --help

A real intake and spool, a store that takes everything, uplinks of some devices all the while. Measured are
the longest time for which the event loop was held up (a task that wants to run every millisecond tells it)
and how long uplinks waited for their answer, without the clock and with it: at its first look, afterwards,
and when the broker's connection goes, so that every device changes its state at once.
"""

import argparse
import asyncio
import contextlib
import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from random import Random

from devices import registry
from devices.device import Device, Installation
from devices.registry import Registry
from devices.state import DeviceState
from devices.words import tag_prefix
from ingest import app
from ingest.archive import Archive
from ingest.cli.run import runner
from ingest.counts import Counts
from ingest.events import Events
from ingest.frames import Frames
from ingest.intake import GroupIntake
from ingest.seams import Delivery, Outcome, RefusedLine
from ingest.settings import Archive as ArchiveSettings
from ingest.settings import Spool as SpoolSettings
from ingest.spool import open_spool
from ingest.status import StatusClock
from ingest.writer import Writer
from tests.fakes.scripts import FakeScripts
from tests.fleet import Member, members, uplink

TYPE = "parametric-pcr2"


class Takes:
    """A store that takes every line."""

    name = "takes"

    async def write(self, _lines: Sequence[bytes]) -> Sequence[RefusedLine]:
        return ()


class Connection:
    """A broker's connection that can be cut."""

    name, trouble, connected = "town", "", True

    def pause(self) -> None:
        """Nothing."""

    def resume(self) -> None:
        """Nothing."""


def registered(fleet: Sequence[Member], folder: Path) -> Registry:
    """The fleet, without its files."""
    (folder / "devices").mkdir()
    types = registry.load(folder / "devices", [registry.SHIPPED_TYPES]).types
    devices, by_address = {}, {}
    for number, one in enumerate(fleet):
        place = Device(one.id, f"Site {number // 10}", "giessen", lat=50.5, lon=8.6, interval_s=600)
        tags = tag_prefix(device=one.id, municipality=place.municipality, site=place.site)
        there = Installation(place, one.dev_eui, types[TYPE], tag_prefix=tags)
        object.__setattr__(place, "installations", (there,))
        devices[one.id] = place
        by_address[one.dev_eui] = (there,)
    return Registry(devices=devices, types=types, by_address=by_address)


def memories(fleet: Sequence[Member]) -> dict[str, DeviceState]:
    """Everybody spoke within the last ten minutes, each heard by one or two of a few gateways."""
    random, now_ns = Random(0), time.time_ns()  # noqa: S311  the same fleet each time
    found = {}
    for one in fleet:
        seen_ns = now_ns - random.randrange(600_000_000_000)
        heard = {f"0016c001f15{random.randrange(200):05x}": seen_ns for _ in range(random.randrange(1, 3))}
        found[f"{one.id}|{one.dev_eui}"] = DeviceState(seen_ns, 1, heard_by=heard, source="town")
    return found


class Measured:
    """Delays of uplinks and stalls of the loop, since `begin`."""

    def __init__(self) -> None:
        self.delays_ms: list[float] = []
        self.stalls_ms: list[float] = []
        self.cpu = time.process_time()
        self.wall = time.monotonic()

    def report(self, what: str) -> None:
        cpu = (time.process_time() - self.cpu) / (time.monotonic() - self.wall) * 100
        delays = sorted(self.delays_ms)
        print(
            f"{what:34} longest stall {max(self.stalls_ms):6.1f} ms;  uplinks answered after"
            f" {statistics.median(delays):5.1f} ms (median), {delays[int(len(delays) * 0.99)]:5.1f} (99 %),"
            f" {delays[-1]:6.1f} (longest) of {len(delays)};  CPU {cpu:3.0f} %"
        )


class Bench:
    """A service with its clock, and what is measured of it."""

    def __init__(self, folder: Path, fleet: Sequence[Member], rate: float) -> None:
        self.fleet, self.rate = fleet, rate
        self.counts = Counts()
        events = Events(self.counts)
        self.spool = open_spool(folder / "state", SpoolSettings())
        self.archive = Archive(folder / "state" / "archive", ArchiveSettings(), events)
        self.intake = GroupIntake(
            registered(fleet, folder),
            memories(fleet),
            Frames(),
            self.spool,
            events,
            FakeScripts(),
            self.archive,
        )
        self.connection = Connection()
        self.intake.sources = (self.connection,)  # type: ignore[assignment]  # nobody runs it
        self.writer = Writer(self.spool, Takes(), events)  # type: ignore[arg-type]  # it only writes
        self.intake.on_committed = self.writer.wake
        self.clock = StatusClock(self.intake, None, events, folder / "state")
        self.measured = Measured()

    async def feed(self) -> None:
        """Uplinks at a steady rate, each device in turn."""
        begin, number = time.monotonic(), 0
        while True:
            if (ahead := begin + number / self.rate - time.monotonic()) > 0:
                await asyncio.sleep(ahead)
            member = self.fleet[number * 7919 % len(self.fleet)]
            said = uplink(member, 2 + number, {"LTR": 1, "RTL": 2}, time_ns=time.time_ns(), port=14)
            self._deliver(*said)
            number += 1

    def _deliver(self, topic: str, payload: bytes) -> None:
        at = time.monotonic()

        def settled(_outcome: Outcome) -> None:
            self.measured.delays_ms.append((time.monotonic() - at) * 1e3)

        self.intake.on_delivery(
            Delivery("town", "chirpstack", topic, payload, time.time_ns(), 1, False, False, 1, settled)
        )

    async def watch(self) -> None:
        """How much later than wanted a task has its turn."""
        while True:
            at = time.monotonic()
            await asyncio.sleep(0.001)
            self.measured.stalls_ms.append((time.monotonic() - at - 0.001) * 1e3)

    async def phase(self, what: str, seconds: float) -> None:
        """Measure for so long."""
        rows = self.counts.status_rows
        self.measured = Measured()
        await asyncio.sleep(seconds)
        self.measured.report(f"{what} ({self.counts.status_rows - rows} rows)")


@contextlib.asynccontextmanager
async def running(bench: Bench) -> AsyncIterator[None]:
    """Everything but the clock, until the context ends."""
    tasks = [
        asyncio.create_task(one)
        for one in (bench.intake.run(), bench.writer.run(), bench.feed(), bench.watch())
    ]
    yield
    for task in tasks:
        task.cancel()
    bench.archive.close()
    bench.spool.close()


async def run(devices: int, rate: float, seconds: float) -> None:
    """All phases."""
    with tempfile.TemporaryDirectory(prefix="messnetz-bench-") as name:
        bench = Bench(Path(name), members(TYPE, devices), rate)
        app.calm_collector()
        sweeps(bench)
        async with running(bench):
            await asyncio.sleep(1)
            await bench.phase("without the clock", seconds)
            clock = asyncio.create_task(bench.clock.run())
            await bench.phase("first look", 15)
            await bench.phase("steady", seconds)
            bench.connection.connected = False
            await asyncio.sleep(55)
            await bench.phase("all change", 25)
            clock.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await clock


def sweeps(bench: Bench) -> None:
    """What one look costs in one go, with a row for everybody and with none."""
    taken: list[bytes] = []
    real = bench.intake.try_add
    bench.intake.try_add = lambda lines: not taken.extend(lines)  # type: ignore[method-assign,func-returns-value]  # None
    clock = StatusClock(bench.intake, None, bench.clock._events, Path("/nonexistent"))
    for what in ("a row for everybody, all new", "no row due"):
        del taken[:]
        begin, now_ns = time.process_time(), time.time_ns()
        clock.sweep(now_ns)
        cpu = time.process_time() - begin
        print(f"one look in one go, {what:30} {cpu * 1e3:7.0f} ms CPU, {len(taken)} rows")
    print(f"a row has {sum(map(len, taken)) // max(1, len(taken)) if taken else 0} bytes")
    bench.intake.try_add = real  # type: ignore[method-assign]
    gc.collect()


def main() -> None:
    """Run all of it once."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--devices", type=int, default=100_000, help="default: 100000")
    parser.add_argument("--rate", type=float, default=170, help="uplinks a second (default: 170)")
    parser.add_argument("--seconds", type=float, default=30, help="of each phase (default: 30)")
    asked = parser.parse_args()
    with runner() as loop:
        loop.run(run(asked.devices, asked.rate, asked.seconds))


if __name__ == "__main__":
    main()
