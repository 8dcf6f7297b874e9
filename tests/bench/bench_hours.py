"""What the finished hours of a city cost: seconds an hour of data, and the longest stall of the event loop.

    python -m tests.bench.bench_hours

2000 devices by default: half measure air every ten minutes (four quantities), a quarter counts traffic in two
directions and two classes every quarter of an hour, a quarter are bays in lots of 25 that turn three times an
hour. The hour is read from the embedded store and from a real InfluxDB, summed up, and put into the
spool; then the hours of a twentieth of the devices are due again, for lines came late. The event loop is
asked every millisecond meanwhile: a stall is by how much its answer is late.
"""

import argparse
import asyncio
import contextlib
import json
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import uvloop

from ingest import app
from ingest.app import Core
from ingest.seams import Store
from ingest.store.embedded import EmbeddedStore
from ingest.store.influx import InfluxStore
from publish.hours import GRACE_S, HourKeeper
from publish.hours.row import HOUR_NS
from tests.servers.influxdb2 import any_influxd
from tests.sourceless import sourceless

S = 1_000_000_000
HOUR = 1_790_000_000 // 3600 * HOUR_NS
LOT = 25
#: Traffic waits for its last interval.
OVER_NS = HOUR + HOUR_NS + (GRACE_S + 900) * S


def devices(count: int) -> Iterator[dict[str, object]]:
    """The registry's entries."""
    for number in range(count):
        common: dict[str, object] = {"site": f"Site {number // 4}", "dev_eui": f"70b3d57e{number:08x}"}
        kind = number % 4
        if kind < 2:
            yield {**common, "id": f"luft-{number}", "type": "decentlab-dl-pm", "interval": "10min"}
        elif kind == 2:
            yield {**common, "id": f"rad-{number}", "type": "parametric-pcr2", "interval": "15min"}
        else:
            bay = {"lot": f"P{number // 4 // LOT}", "bay": f"{number // 4 % LOT}", "interval": "1h"}
            yield {**common, **bay, "id": f"parken-{number}", "type": "bosch-tps110"}


def lines(count: int) -> Iterator[bytes]:
    """What they say in the hour, and the last that those who measure or watch said before it."""
    chance = Random(1)  # noqa: S311  no secret
    for number in range(count):
        kind, place = number % 4, f"municipality=giessen,site=Site\\ {number // 4}"
        if kind < 2:
            for minute in range(-10, 60, 10):
                values = ",".join(
                    f"{name}={chance.uniform(1, 60):.1f}" for name in ("pm1", "pm2_5", "pm4", "pm10")
                )
                yield _line(
                    f"air_quality,device=luft-{number},{place} {values},qc=1i", minute * 60 + number % 60
                )
        elif kind == 2:
            for minute in range(0, 60, 15):
                for direction in ("ltr", "rtl"):
                    for vehicle in ("bicycle", "car"):
                        tags = f"device=rad-{number},direction={direction},{place},vehicle_class={vehicle}"
                        said = f"count={chance.randrange(90)}i,speed={chance.uniform(9, 60):.1f}"
                        yield _line(f"traffic,{tags} {said},interval=900i,qc=1i", minute * 60 + number % 60)
        else:
            lot, bay = f"P{number // 4 // LOT}", number // 4 % LOT
            tags = f"bay={bay},device=parken-{number},lot={lot},{place}"
            for turn, second in enumerate((-1200, 300 + number % 300, 1500, 2700)):
                turned = (
                    f",arrivals=1i,occupied={turn % 2}i" if turn % 2 else f",occupied={turn % 2}i,stay=900.0"
                )
                yield _line(f"parking,{tags} {turned[1:]},qc=1i", second)


def _line(head: str, second: int) -> bytes:
    return f"{head} {HOUR + second * S}".encode()


class Printed:
    """What a keeper tells, but only faults are shown."""

    def hour_finished(self, measurement: str, hour_ns: int, rows: int, hours_left: int) -> None:
        """Not shown."""

    def hours_rewritten(self, measurement: str, hours: int, rows: int) -> None:
        """Not shown."""

    def hours_waiting(self, reason: str) -> None:
        """The store is away."""
        print(f"waiting: {reason}")

    def hours_failed(self, device: str, error: Exception) -> None:
        """A fault of ours."""
        print(f"failed: {device}: {error!r}")


async def stalls(found: list[float]) -> None:
    """Note for ever how late the loop is."""
    while True:
        begin = time.perf_counter()
        await asyncio.sleep(0.001)
        found.append(time.perf_counter() - begin - 0.001)


@contextlib.asynccontextmanager
async def opened(folder: Path, store: Store, count: int) -> AsyncIterator[tuple[Core, HourKeeper]]:
    """A service without sources on this store."""
    (folder / "devices").mkdir()
    town = {"municipality": {"id": "giessen"}, "devices": list(devices(count))}
    (folder / "devices" / "town.yaml").write_text(json.dumps(town, indent=1))
    async with sourceless(folder, store) as (core, _writer):
        yield core, HourKeeper(core.intake, core.spool, store, Printed())


async def say(core: Core, said: list[bytes]) -> None:
    """Put lines into the spool and wait until they are stored."""
    for begin in range(0, len(said), 2000):
        await core.intake.rewrite(said[begin : begin + 2000], {})
    while core.spool.waiting_lines:  # noqa: ASYNC110  the writer has no end to await
        await asyncio.sleep(0.05)


async def measure(name: str, store: Store, count: int) -> None:
    """One store."""
    with tempfile.TemporaryDirectory(prefix="messnetz-bench-") as folder:
        async with opened(Path(folder), store, count) as (core, keeper):
            said = list(lines(count))
            await say(core, [line for line in said if _time_ns(line) < HOUR])
            await keeper.finish(OVER_NS - HOUR_NS)  # whatever lies before
            said = [line for line in said if _time_ns(line) >= HOUR]
            await say(core, said)
            app.calm_collector()
            for what in ("an hour", "late lines of a twentieth"):
                late: list[float] = []
                watching = asyncio.create_task(stalls(late))
                begin, cpu = time.perf_counter(), time.process_time()
                rows = await keeper.finish(OVER_NS)
                wall, busy = time.perf_counter() - begin, time.process_time() - cpu
                watching.cancel()
                print(
                    f"{name}: {what}: {wall:.2f} s ({busy:.2f} s of CPU), {rows} rows of {len(said)},"
                    f" longest stall {max(late) * 1000:.0f} ms",
                    flush=True,
                )
                await say(core, [_again(line) for line in said if b"0,municipality" in line])


def _time_ns(line: bytes) -> int:
    return int(line.rpartition(b" ")[2])


def _again(line: bytes) -> bytes:
    return line.replace(b"pm10=", b"pm10=1").replace(b"count=", b"count=1")


async def main() -> None:
    """Measure as the arguments say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--devices", type=int, default=2000)
    count = parser.parse_args().devices
    with tempfile.TemporaryDirectory(prefix="messnetz-bench-") as folder:
        await measure("embedded", EmbeddedStore(Path(folder) / "store.db", lambda: HOUR), count)
        server = any_influxd(Path(folder) / "influxd")
        server.start()
        try:
            database = server.new_database(Path(folder))
            await measure("InfluxDB", InfluxStore(database.settings()), count)
        finally:
            server.kill()


if __name__ == "__main__":
    uvloop.run(main())
