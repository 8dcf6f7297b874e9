"""What an uplink costs that a JavaScript codec decodes: prints figures, judges nothing.

    python -m tests.bench.bench_scripts --help

CPU microseconds of both processes together, service and codecs, as the service asks: batches through
`ScriptWorker` on its event loop. The codecs of `tests/codecs` are written as makers write theirs. `open` is
what the same uplink costs in an engine of its own, as the first uplinks of a codec run.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import uvloop

from devices.codecs import Decoded
from devices.type import Script
from ingest.sandbox import child
from ingest.sandbox.wire import Job
from ingest.scripts import ScriptWorker
from ingest.seams import ScriptJob

FOLDER = Path(__file__).parents[1] / "codecs"
#: File, port, payload.
CODECS = (
    ("tlv.js", 85, "01755f03670c0104687f077d6202087d1e0009733c270b7d0c000c7d1100"),
    ("table.js", 1, "02030e000f0028003c0055020001f4012c5d6ae14bc2c30c1c"),
    ("sloppy.js", 2, "0cbc00e1020f000af0"),
    ("buffered.js", 7, "010c80" + "000a1e" * 6),
)


def jobs(file: str, port: int, payload: str, count: int) -> list[ScriptJob]:
    """So many different uplinks of one codec."""
    source = (FOLDER / file).read_text(encoding="utf-8")
    script = Script(file, source, blake2b(source.encode()).hexdigest())
    octets = bytes.fromhex(payload)
    return [ScriptJob(script, octets[:-1] + bytes([number % 100]), port, 0, {}) for number in range(count)]


def cpu_s(pid: int) -> float:
    """CPU of this process and the other, which has one thread."""
    return time.process_time() + int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


async def batched_us(worker: ScriptWorker, uplinks: Sequence[ScriptJob], size: int, rounds: int) -> float:
    """Microseconds an uplink, in batches of this size, in the best round."""
    found = []
    for _ in range(rounds + 1):  # the first proves the codec
        pid = worker.pid
        before = cpu_s(pid) if pid else 0.0
        for begin in range(0, len(uplinks), size):
            for said in await worker.decode(uplinks[begin : begin + size]):
                assert isinstance(said, Decoded), said
        if pid:
            found.append((cpu_s(pid) - before) / len(uplinks) * 1e6)
    return min(found)


def open_us(job: ScriptJob, rounds: int) -> float:
    """Microseconds an uplink in an engine of its own, without what goes between the processes."""
    payload, given = str(list(job.payload)), Job("", job.payload, job.f_port, 0, "{}")
    begin = time.process_time()
    for _ in range(rounds):
        child._Engine(job.script.source, "open").decode(given, payload)
    return (time.process_time() - begin) / rounds * 1e6


async def measure(sizes: Sequence[int], uplinks: int, rounds: int) -> None:
    """Print a row a codec and the median of all."""
    worker = ScriptWorker()
    print(f"{'us CPU an uplink':20}" + "".join(f"{size:>9}" for size in sizes) + f"{'open':>9}   batch of")
    rows = []
    for codec in CODECS:
        asked = jobs(*codec, uplinks)
        await worker.decode(asked[:1])
        costs = [await batched_us(worker, asked, size, rounds) for size in sizes]
        rows.append(costs)
        print(f"{codec[0]:20}" + "".join(f"{cost:9.1f}" for cost in [*costs, open_us(asked[0], 200)]))
    print(
        f"{'median':20}" + "".join(f"{statistics.median(column):9.1f}" for column in zip(*rows, strict=True))
    )
    await worker.close()


def main() -> None:
    """Parse the arguments and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 16, 100], help="uplinks a batch")
    parser.add_argument("--uplinks", type=int, default=4000, help="uplinks a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the best counts")
    asked = parser.parse_args()
    uvloop.run(measure(asked.sizes, asked.uplinks, asked.rounds))


if __name__ == "__main__":
    main()
