"""What reading a store in columns costs, beside `curl` that asks InfluxDB the same and throws it away.

    python -m tests.bench.bench_tables

Ten million values by default: 50 devices that say six values every ten minutes, read in slices of some
200 000 rows. Of InfluxDB the best of several rounds counts, in which both take turns.
"""

import argparse
import asyncio
import gc
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from ingest.seams import Store
from ingest.store import influxql
from ingest.store.embedded import EmbeddedStore
from ingest.store.embedded_tables import EmbeddedTables
from ingest.store.influx import InfluxStore
from ingest.store.influx_tables import InfluxTables
from ingest.store.tables import Tables
from tests.servers.influxdb import Database
from tests.servers.influxdb2 import any_influxd

S = 1_000_000_000
FIELDS = ("pm1", "pm2_5", "pm10", "no2", "o3", "co2")
TAGS = ("device", "site", "municipality", "district")
DEVICES = 50
EVERY_NS = 600 * S
SLICE_NS = 200_000 // DEVICES * EVERY_NS
ROUNDS = 3


def lines(begin_ns: int, rounds: int) -> Iterator[list[bytes]]:
    """What the devices say, a few hundred times each at once."""
    chance = Random(1)  # noqa: S311  no secret
    batch: list[bytes] = []
    for number in range(rounds):
        for device in range(DEVICES):
            values = ",".join(f"{name}={chance.randrange(999) / 10}" for name in FIELDS)
            place = f"district=Bezirk\\ {device % 7},municipality=giessen,site=Straße\\ {device}"
            time_ns = begin_ns + number * EVERY_NS + device * S
            batch.append(f"air_quality,device=luft-{device},{place} {values},qc=1i {time_ns}".encode())
        if len(batch) >= 20_000:
            yield batch
            batch = []
    yield batch


async def fill(store: Store, begin_ns: int, rounds: int) -> None:
    for batch in lines(begin_ns, rounds):
        assert await store.write(batch) == []
    await store.close()


async def read(tables: Tables, begin_ns: int, end_ns: int) -> tuple[int, float]:
    """The values of all slices, and the seconds that they took."""
    values = 0
    begun = time.perf_counter()
    for begin in range(begin_ns, end_ns, SLICE_NS):
        table = await tables.read("air_quality", FIELDS, begin, min(begin + SLICE_NS, end_ns))
        values += sum(len(table) - table.column(name).null_count for name in FIELDS)
    seconds = time.perf_counter() - begun
    await tables.close()
    return values, seconds


def curl(database: Database, begin_ns: int, end_ns: int) -> float:
    """The seconds that `curl` takes for all of it."""
    text = influxql.columns("air_quality", [*TAGS, *FIELDS], begin_ns, end_ns, None)
    name, _, policy = database.bucket.partition("/")
    form = {"db": name, "rp": policy, "q": text, "epoch": "ns", "chunked": "true"}
    words = [word for key, value in form.items() if value for word in ("--data-urlencode", f"{key}={value}")]
    heads = ["-H", "Accept: application/csv", "-H", f"Authorization: Token {database.token}"]
    begun = time.perf_counter()
    subprocess.run(["curl", "-sf", "-o", "/dev/null", *heads, *words, f"{database.url}/query"], check=True)
    return time.perf_counter() - begun


def say(what: str, values: int, seconds: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what}: {values} values, {seconds:.2f} s, {values / seconds / 1e6:.2f} million/s; peak {peak} MB")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=10_000_000)
    rounds = parser.parse_args(arguments).values // len(FIELDS) // DEVICES
    end_ns = time.time_ns() // EVERY_NS * EVERY_NS
    begin_ns = end_ns - rounds * EVERY_NS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "store.db"
        asyncio.run(fill(EmbeddedStore(path), begin_ns, rounds))
        gc.collect()
        say("embedded", *asyncio.run(read(EmbeddedTables(path), begin_ns, end_ns)))
        if not shutil.which("curl"):
            raise SystemExit("curl is missing: `apt-get install curl`")
        server = any_influxd(folder / "influxd")
        server.start()
        try:
            database = server.new_database(folder)
            settings = database.settings()
            asyncio.run(fill(InfluxStore(settings), begin_ns, rounds))
            curls, reads = [], []
            for _ in range(ROUNDS):
                curls.append(curl(database, begin_ns, end_ns))
                reads.append(asyncio.run(read(InfluxTables(settings), begin_ns, end_ns)))
                say("influx", *reads[-1])
                print(f"  curl: {curls[-1]:.2f} s")
            print(f"influx: {min(seconds for _, seconds in reads) / min(curls):.2f} of the time of curl")
        finally:
            server.kill()


if __name__ == "__main__":
    main()
