"""What exports cost: 10 million raw values to Parquet, from the embedded store and from InfluxDB.

    python -m tests.bench.bench_export

50 sensors, two values a row. Each export is the real command in a process of its own. From InfluxDB it is
compared with what `curl` needs for the same question as chunked CSV, one for the whole time, thrown away.
"""

import argparse
import gzip
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from ingest.store import influxql
from tests.exports import Town
from tests.servers.influxdb import Database
from tests.servers.influxdb2 import any_influxd

SENSORS, STEP_S, BATCH = 50, 100, 20_000
COLUMNS = ("device", "site", "municipality", "pm2_5", "pm10")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--values", type=int, default=10_000_000)
    parser.add_argument("--format", default="parquet", help="what is written")
    parser.add_argument("--times", type=int, default=3, help="the best of so many counts")
    asked = parser.parse_args()
    rows = asked.values // 2 // SENSORS
    with tempfile.TemporaryDirectory(prefix="messnetz-bench-") as name:
        town = Town(Path(name), SENSORS, begin_ns=time.time_ns() - (rows + 1) * STEP_S * 10**9).set_up()
        town.fill(rows, STEP_S)
        print(f"{asked.values} values of {SENSORS} sensors to {asked.format}, the best of {asked.times}")
        seconds, megabytes = min(exported(town, asked.format) for _ in range(asked.times))
        print(f"embedded store: {asked.values / seconds:9.0f} values/s, {seconds:5.1f} s, {megabytes:.0f} MB")
        town.store.unlink()
        server = any_influxd(Path(name) / "influxd")
        server.start()
        try:
            database = server.new_database(Path(name))
            fill(database, town, rows)
            town.set_up(store="influx", influx=database.settings().model_dump(mode="json"))
            seconds, megabytes = min(exported(town, asked.format) for _ in range(asked.times))
            bare = min(timed(lambda: curl(database, town, rows)) for _ in range(asked.times))
        finally:
            server.kill()
        print(f"InfluxDB:       {asked.values / seconds:9.0f} values/s, {seconds:5.1f} s, {megabytes:.0f} MB")
        print(
            f"curl:           {asked.values / bare:9.0f} values/s, {bare:5.1f} s; ratio {seconds / bare:.2f}"
        )


def exported(town: Town, ending: str) -> tuple[float, float]:
    """Seconds and megabytes of one export, from the start of its process."""
    target = town.folder / f"out.{ending}"
    begin = time.monotonic()
    _, megabytes = town.measured(
        "--last", "400d", "--quantity", "pm2_5", "--quantity", "pm10", "--out", str(target)
    )
    seconds = time.monotonic() - begin
    target.unlink()
    return seconds, megabytes


def timed(work: Callable[[], None]) -> float:
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def curl(database: Database, town: Town, rows: int) -> None:
    """The same rows as chunked CSV, thrown away."""
    name, _, policy = database.bucket.partition("/")
    end_ns = town.begin_ns + rows * STEP_S * 10**9
    fields = [*COLUMNS, "pm2_5_failed", "pm2_5_qc", "pm10_failed", "pm10_qc"]
    text = influxql.columns("air_quality", fields, town.begin_ns, end_ns, None)
    what = {"db": name, "rp": policy, "q": text, "epoch": "ns", "chunked": "true"}
    data = [part for key, value in what.items() for part in ("--data-urlencode", f"{key}={value}")]
    login = ["-H", f"Authorization: Token {database.token}"] if database.token else []
    accept = ["-H", "Accept: application/csv", "-o", "/dev/null"]
    subprocess.run(["curl", "-sSf", *accept, *login, *data, f"{database.url}/query"], check=True)


def fill(database: Database, town: Town, rows: int) -> None:
    """The same values as in the embedded store."""
    where = urlencode({"org": database.org, "bucket": database.bucket})
    headers = {"Content-Encoding": "gzip"}
    if database.token:
        headers["Authorization"] = f"Token {database.token}"

    def send(lines: bytes) -> None:
        request = Request(f"{database.url}/api/v2/write?{where}", gzip.compress(lines, 1), headers)  # noqa: S310  our own http address
        with urlopen(request, timeout=300) as answer:  # noqa: S310  our own http address
            assert answer.status == 204

    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(send, batches(town, rows)):
            pass


def batches(town: Town, rows: int) -> Iterator[bytes]:
    for number in range(SENSORS):
        tags = f"device=luft-{number:02},municipality=giessen,site=Platz\\ {number}"
        for first in range(0, rows, BATCH):
            yield "\n".join(
                f"air_quality,{tags} pm10={(place * 7919 + number) % 1000 / 10},"
                f"pm2_5={(place * 1047 + number) % 500 / 10},qc=1i {town.begin_ns + place * STEP_S * 10**9}"
                for place in range(first, min(first + BATCH, rows))
            ).encode()


if __name__ == "__main__":
    main()
