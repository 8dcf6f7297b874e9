"""What a registry of 100 000 devices costs, in 100 files and in one.

    python -m tests.bench.bench_registry [--devices N]

Prints the time and peak memory of reading it at the start (the whole process, with its libraries), and for
reloads in a running service their time, its peak memory and how long a task of its event loop that asks to
run every millisecond was kept waiting at most: once with nothing to do but that, then in each reload.
"""

import argparse
import asyncio
import contextlib
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import structlog

from ingest import app, settings_file
from ingest.cli.run import runner
from ingest.registry_files import load_registry
from ingest.settings import Settings

TYPES = ("decentlab-dl-pm", "milesight-vs135", "nwave-nps405", "parametric-pcr2")
SETTINGS = """store: embedded
brokers:
  - {name: none, format: chirpstack, host: localhost}
"""


def write(folder: Path, devices: int, files: int) -> None:
    """A folder of settings and so many devices."""
    (folder / "devices").mkdir()
    (folder / "messnetz.yaml").write_text(SETTINGS)
    each = devices // files
    for number in range(files):
        entries = "".join(map(entry, range(number * each, (number + 1) * each)))
        head = "municipality: {id: giessen}\ndevices:\n"
        (folder / "devices" / f"part-{number:03}.yaml").write_text(head + entries)


def entry(number: int) -> str:
    """One device; a third of the DevEUIs are numbers to YAML."""
    dev_eui = f"24e1{number:012}" if number % 3 == 0 else f"70b3d57e{number:08x}"
    kind = TYPES[number % len(TYPES)]
    calibration = "    calibration: {pm2_5: {factor: 0.92, offset: 0.4}}\n" if kind == TYPES[0] else ""
    return f"""  - id: ort-{number}
    site: Platz {number}, Ecke {number % 17}
    district: Innenstadt {number % 20}
    location: {{lat: 50.{5000 + number % 1000}, lon: 8.{6000 + number % 900}, height: 3.5}}
    dev_eui: {dev_eui}
    type: {kind}
    labels: {{inventar: {number:06}}}
{calibration}"""


def peak_mb() -> int:
    """Peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def load(folder: Path) -> None:
    """Read the registry once."""
    begin, cpu = time.perf_counter(), time.process_time()
    registry = load_registry(settings_file.load(folder / "messnetz.yaml"))
    took, used = time.perf_counter() - begin, time.process_time() - cpu
    assert not registry.complaints, registry.complaints[0]
    print(f"  start           {took:.2f} s ({used:.2f} s of CPU), peak {peak_mb()} MB")


async def reloads(folder: Path, settings: Settings) -> None:
    """Reload it beside an event loop that does nothing else."""
    async with app.open_core(settings) as core:
        app.calm_collector()
        async with ticking() as longest:
            await asyncio.sleep(2)
            print(f"  idle            longest stall {longest():5.1f} ms")
        for name, change in CHANGES.items():
            change(folder / "devices")
            begin = time.perf_counter()
            async with ticking() as longest:
                done = await core.keeper.reload(confirm=True)
                took = time.perf_counter() - begin
                print(
                    f"  {name:16}longest stall {longest():5.1f} ms, {took:.2f} s, peak {peak_mb()} MB,"
                    f" {done.changed} addresses changed, {len(done.complaints)} complaints shown"
                )


@contextlib.asynccontextmanager
async def ticking() -> AsyncIterator[Callable[[], float]]:
    """Gives a function that says the longest wait so far, in ms, of a task that sleeps 1 ms at a time."""
    waits = [0.0]

    async def tick() -> None:
        while True:
            begin = time.perf_counter()
            await asyncio.sleep(0.001)
            waits[0] = max(waits[0], time.perf_counter() - begin - 0.001)

    task = asyncio.create_task(tick())
    try:
        yield lambda: waits[0] * 1000
    finally:
        task.cancel()


def _one_site(folder: Path) -> None:
    path = min(folder.glob("*.yaml"))
    path.write_text(path.read_text().replace("site: Platz 7,", "site: Place 7,"))


def _all_sites(folder: Path) -> None:
    for path in folder.glob("*.yaml"):
        path.write_text(path.read_text().replace("site: P", "site: Der P"))


def _one_type(folder: Path) -> None:
    path = min(folder.glob("*.yaml"))
    path.write_text(path.read_text().replace(f"type: {TYPES[1]}\n", f"type: {TYPES[1]}x\n", 20))


def _broken(folder: Path) -> None:
    path = min(folder.glob("*.yaml"))
    text = path.read_text()
    at = text.index("\n", len(text) * 9 // 10)
    path.write_text(text[:at] + '"' + text[at:])


CHANGES = {
    "nothing": lambda _folder: None,
    "one site": _one_site,
    "every site": _all_sites,
    "20 wrong types": _one_type,
    "no YAML": _broken,
}


def main() -> None:
    """Run each part in a process of its own, for its memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=100_000)
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reload", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if asked.load:
        load(asked.load)
    elif asked.reload:
        with runner() as loop:
            loop.run(reloads(asked.reload, settings_file.load(asked.reload / "messnetz.yaml")))
    else:
        for files in (100, 1):
            print(f"{asked.devices} devices in {files} file{'s'[: files > 1]}:")
            with folder(asked.devices, files) as made:
                for part in ("--load", "--reload"):
                    subprocess.run([sys.executable, "-m", __spec__.name, part, str(made)], check=True)


@contextlib.contextmanager
def folder(devices: int, files: int) -> Iterator[Path]:
    """A folder that is there for as long as it is used."""
    with tempfile.TemporaryDirectory(prefix="messnetz-bench-") as name:
        made = Path(name) / "config"
        made.mkdir()
        write(made, devices, files)
        yield made


if __name__ == "__main__":
    main()
