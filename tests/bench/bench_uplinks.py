"""What an uplink costs, from a real Mosquitto to a real InfluxDB: prints figures, judges nothing.

    make bench                                   (or: python -m tests.bench.bench_uplinks --help)

CPU is the service's own (user and system, from /proc), over all its threads; a message is a ChirpStack event
of about 1.2 KB and of the present hour, whose eight values become three lines. Latency is from just before
the publication until a query finds the point. The same programs cost two to three times as much a message at
500/s as in a row: what `mosquitto_sub` needs for receiving alone is printed beside, to compare with.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

from tests.fleet import Member, Publisher, members, register, round_robin, uplink
from tests.servers.influxdb import Database
from tests.servers.influxdb2 import any_influxd
from tests.servers.messnetz import Messnetz
from tests.servers.mosquitto import Mosquitto
from tests.test_end_to_end import settings

TYPE = "uradmonitor-industrial"
TICKS = os.sysconf("SC_CLK_TCK")


def decoded(number: int) -> dict[str, float]:
    """Eight values of an air quality station."""
    return {
        "pm1": 4.0 + number % 7,
        "pm2_5": 6.0 + number % 9,
        "pm10": 9.0 + number % 11,
        "o3": 0.021,
        "no2": 0.013,
        "temperature": 8.5 + number % 3,
        "humidity": 61.5,
        "pressure": 99870 + number % 50,
    }


def cpu_s(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int, what: str) -> float:
    """`VmRSS` (now) or `VmHWM` (peak) of a process, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(what)


def burst(one: Messnetz, broker: Mosquitto, fleet: list[Member], first: int, total: int, rate: float) -> str:
    """Publish `total` uplinks at `rate` and say what each cost."""
    begin_ns = time.time_ns() - total * 1_000_000
    prepared = [
        uplink(member, first + number, decoded(number), time_ns=begin_ns + at * 1_000_000)
        for at, (member, number) in enumerate(round_robin(fleet, total))
    ]
    before = one.status_quick()["stored"]
    cpu, begin = cpu_s(one.pid), time.monotonic()
    publisher = Publisher(broker.port)
    publisher.publish(prepared, rate=rate)
    one.wait_until(lambda: one.status_quick()["stored"] == before + total, "all is stored", seconds=600)
    stored = time.monotonic() - begin
    one.wait_until(lambda: one.status_quick()["lines_waiting"] == 0, "all is written", seconds=600)
    spent = cpu_s(one.pid) - cpu
    publisher.close()
    return f"{total / stored:8.0f} messages/s stored, {spent / total * 1e6:6.1f} us CPU a message"


def yardstick(broker: Mosquitto, fleet: list[Member], total: int, rate: float) -> str:
    """What the same messages cost `mosquitto_sub`, which only receives: the machine's mood, so to speak."""
    program = shutil.which("mosquitto_sub")
    if program is None:
        return "mosquitto_sub is missing: apt-get install mosquitto-clients"
    command = [program, "-h", broker.host, "-p", str(broker.port), "-t", "application/#", "-q", "1"]
    child = subprocess.Popen([*command, "-i", "yardstick"], stdout=subprocess.DEVNULL)
    try:
        time.sleep(1)
        prepared = [uplink(member, number, decoded(number)) for member, number in round_robin(fleet, total)]
        cpu = cpu_s(child.pid)
        publisher = Publisher(broker.port)
        publisher.publish(prepared, rate=rate)
        publisher.close()
        time.sleep(1)
        spent = cpu_s(child.pid) - cpu
    finally:
        child.kill()
        child.wait()
    return f"{spent / total * 1e6:6.1f} us CPU a message"


def latencies(
    broker: Mosquitto, database: Database, fleet: list[Member], rate: float, seconds: float
) -> list[float]:
    """Seconds from publication to queryable of a marked uplink every 0.2 s, beside `rate` others a second."""
    stop = threading.Event()
    first = 1_000_000
    begin_ns = time.time_ns() // 1_000_000 * 1_000_000
    stream = (
        uplink(m, first + n, decoded(n), time_ns=begin_ns + n * 1_000_000) for m, n in _for_ever(fleet[1:])
    )
    publisher, marker = Publisher(broker.port), Publisher(broker.port)
    background = threading.Thread(target=lambda: publisher.publish(stream, rate=rate, stop=stop), daemon=True)
    background.start()
    time.sleep(2)
    found: list[float] = []
    device = fleet[0]
    for number in range(int(seconds / 0.2)):
        when = begin_ns + number * 1_000_000
        message = uplink(device, 2_000_000 + number, decoded(number), time_ns=when)
        begin = time.monotonic()
        marker.publish([message], rate=1e9)
        query = f"SELECT f_cnt FROM device WHERE device = '{device.id}' AND time = {when}"  # noqa: S608
        while not _ask(database, query):
            time.sleep(0.005)
        found.append(time.monotonic() - begin)
        time.sleep(max(0.0, begin + 0.2 - time.monotonic()))
    stop.set()
    background.join()
    publisher.close()
    marker.close()
    return found


def _ask(database: Database, query: str) -> bool:
    try:
        return bool(database.query(query))
    except HTTPError:
        return False


def _for_ever(fleet: list[Member]) -> Iterator[tuple[Member, int]]:
    yield from round_robin(fleet, 10**9)


def main() -> None:
    """Run all of it once."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=20_000, help="of each burst (default: 20000)")
    parser.add_argument("--protocol", choices=("3.1.1", "5"), default="3.1.1")
    parser.add_argument("--latency-seconds", type=float, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="messnetz-bench-") as where:
        folder = Path(where)
        broker, server = Mosquitto(folder / "broker", max_queued_messages=0), any_influxd(folder / "influxd")
        broker.start()
        server.start()
        for name, rate in (("as fast as it goes", 1e9), ("at 2000/s", 2000), ("at 500/s", 500)):
            print(
                f"mosquitto_sub {name}: {yardstick(broker, members(TYPE, 2_000), asked.messages // 2, rate)}"
            )
        for devices in (2_000, 10_000):
            _one_size(folder / str(devices), broker, server.new_database(folder), devices, asked)
        broker.kill()
        server.kill()


def _one_size(
    folder: Path, broker: Mosquitto, database: Database, devices: int, asked: argparse.Namespace
) -> None:
    fleet = members(TYPE, devices)
    register(folder, fleet)
    chosen = settings(broker, database)
    chosen["brokers"][0] |= {"protocol": asked.protocol, "client_id": f"bench{devices}"}
    one = Messnetz(folder, chosen)
    begin = time.monotonic()
    one.start()
    one.wait_subscribed()
    try:
        print(f"{devices} devices, MQTT {asked.protocol}: subscribed after {time.monotonic() - begin:.1f} s,"
              f" {memory_mb(one.pid, 'VmRSS'):.0f} MB")  # fmt: skip
        print("  as fast as it goes:", burst(one, broker, fleet, 0, asked.messages, 1e9))
        print("  at 2000/s:         ", burst(one, broker, fleet, 1000, asked.messages, 2000))
        print("  at 500/s:          ", burst(one, broker, fleet, 2000, asked.messages // 2, 500))
        if devices == 2_000:
            found = sorted(latencies(broker, database, fleet, 500, asked.latency_seconds))
            p99 = found[int(len(found) * 0.99)]
            middle = statistics.median(found)
            print(f"  latency at 500/s:   median {middle:.3f} s, p99 {p99:.3f} s of {len(found)}")
        print(f"  peak memory:        {memory_mb(one.pid, 'VmHWM'):.0f} MB")
    finally:
        one.kill()


if __name__ == "__main__":
    main()
