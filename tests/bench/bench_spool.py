"""What a spool commit costs: prints CPU microseconds (user and system, all threads) by messages a commit.

    python -m tests.bench.bench_spool

A message is three lines of about 120 bytes and the new state of one of 2000 devices (about 600 bytes). The
waiting lines are settled between the measurements, not within.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from devices.state import DeviceState
from ingest.group import Group
from ingest.settings import Spool as Limits
from ingest.spool import Spool, open_spool

LINE = (
    b"air_quality,device=decentlab-dl-pm-%06d,municipality=giessen,site=Marktplatz"
    b" pm10=12.3,pm2_5=8.1,qc=1i 1700000000%09d"
)
GROUPS_BETWEEN_SETTLING = 500


def groups(messages: int, count: int, devices: int) -> Iterator[Group]:
    """Groups in which any devices say something new."""
    chance = random.Random(1)  # noqa: S311  no secret
    noise = chance.randbytes(4096)
    for first in range(0, messages * count, messages):
        chosen = {chance.randrange(devices): number for number in range(first, first + messages)}
        yield Group(
            lines=[LINE % (device, part) for device in chosen for part in range(3)],
            frames=[chance.randbytes(8) for _ in chosen],
            states={
                f"decentlab-dl-pm-{device:06d}|70b3d57e{device:08d}": DeviceState(
                    seen_ns=1_700_000_000 * 10**9 + number,
                    f_cnt=number,
                    keys=noise[number % 3584 : number % 3584 + 512],
                )
                for device, number in chosen.items()
            },
        )


async def measure(spool: Spool, messages: int, total: int, devices: int) -> str:
    """Commit about `total` messages, `messages` a commit."""
    user = system = longest = 0.0
    prepared = list(groups(messages, max(total // messages, 500), devices))
    for begin in range(0, len(prepared), GROUPS_BETWEEN_SETTLING):
        before = resource.getrusage(resource.RUSAGE_SELF)
        for group in prepared[begin : begin + GROUPS_BETWEEN_SETTLING]:
            since = time.perf_counter()
            await spool.commit(group)
            longest = max(longest, time.perf_counter() - since)
        after = resource.getrusage(resource.RUSAGE_SELF)
        user += after.ru_utime - before.ru_utime
        system += after.ru_stime - before.ru_stime
        while waiting := await spool.read(2000, 2**20):
            await spool.settle(waiting, [], [])
    each, spent = 1e6 / len(prepared), user + system
    return (
        f"{messages:4d} messages a commit: {spent * each:6.0f} us (user {user * each:4.0f},"
        f" system {system * each:4.0f}), {spent * each / messages:6.1f} us a message,"
        f" longest commit {longest * 1000:4.0f} ms"
    )


async def main() -> None:
    """Measure as the arguments say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--messages", type=int, default=40_000, help="a measurement")
    parser.add_argument("--devices", type=int, default=2000)
    parser.add_argument("--folder", type=Path, help="where the spool lies (default: the temporary folder)")
    arguments = parser.parse_args()
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            spool = open_spool(Path(folder), Limits())
            total = min(arguments.messages, 5000 * size)
            print(await measure(spool, size, total, arguments.devices), flush=True)
            spool.close()


if __name__ == "__main__":
    uvloop.run(main())
