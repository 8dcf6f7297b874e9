"""An installation to export from. Its values are written past the service, years of them in no time."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from ingest import settings_file
from ingest.settings import Settings
from ingest.store import FILE_NAME, embedded
from publish.export.ask import Ask
from publish.export.run import Result, export
from tests.installed import install, store_lines

BEGIN_NS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 10**9
#: When all of it is asked for.
NOW_NS = int(datetime(2027, 1, 10, tzinfo=UTC).timestamp()) * 10**9
#: An export as a process that sends itself a signal at the n-th time that it tells this of its progress.
_SIGNALLED = """
import asyncio, os, signal, sys
from pathlib import Path
from ingest import settings_file
from publish.export.ask import Ask
from publish.export.run import export

config, target, ask, what, times, number = sys.argv[1:]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background begins with it ignored
told = []

def progress(_done, _of, said):
    told.append(str(said))
    if told.count(what) == int(times):
        os.kill(os.getpid(), int(number))

asyncio.run(export(Ask.model_validate_json(ask), settings_file.load(Path(config)), Path(target),
                   now_ns={now_ns}, progress=progress))
"""
#: The real command, which tells at its end how much memory it had at most: what the system counts of a child
#: begins with what its parent has.
_MEASURED = """
import atexit, sys
from pathlib import Path
from ingest.cli import main

def tell():
    said = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    Path(told).write_text(said.split()[0])

told = sys.argv.pop(1)
atexit.register(tell)
main()
"""
_DEVICE = """
  - id: luft-{number:02}
    site: Platz {number}
    location: {{lat: 50.58, lon: 8.67}}
    interval: {interval}
    publish: open
    dev_eui: 70b3d57ba00{number:05x}
    type: decentlab-dl-pm
{since}"""
_FILL = """
WITH RECURSIVE beat(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM beat WHERE i < :rows - 1)
INSERT INTO points SELECT :series, :begin + i * :step,
    '{"pm10":' || (((i * 7919 + :series) % 1000) / 10.0) ||
    ',"pm2_5":' || (((i * 1047 + :series) % 500) / 10.0) || ',"qc":1}'
FROM beat
"""


@dataclass(frozen=True)
class Town:
    """A folder with messnetz.yaml, `sensors` places `luft-00` … that measure fine dust, and maybe values."""

    folder: Path
    sensors: int = 3
    since: str = ""  #: lines of each device's entry: `    from: 2026-01-01`
    begin_ns: int = BEGIN_NS  #: of what is written

    def set_up(self, **settings: Any) -> "Town":
        """Write the folder; `settings` is what messnetz.yaml has beside the ordinary."""
        install(self.folder, **{"language": "en", **settings})
        told = [_DEVICE.format(number=one, interval="5min", since=self.since) for one in range(self.sensors)]
        text = "municipality: {id: giessen}\ndevices:" + "".join(told)
        (self.folder / "devices" / "town.yaml").write_text(text)
        return self

    @property
    def config(self) -> Path:
        return self.folder / "messnetz.yaml"

    @property
    def settings(self) -> Settings:
        return settings_file.load(self.config)

    @property
    def store(self) -> Path:
        return self.folder / "state" / FILE_NAME

    def lines(self, fields: Sequence[str], number: int = 0, step_s: int = 300) -> list[str]:
        """A line of line protocol each for one sensor."""
        tags = f"device=luft-{number:02},municipality=giessen,site=Platz\\ {number}"
        return [
            f"air_quality,{tags} {one} {self.begin_ns + place * step_s * 10**9}"
            for place, one in enumerate(fields)
        ]

    def write(self, lines: Iterable[str]) -> None:
        """Put lines into the embedded store."""
        store_lines(self.store, (one.encode() for one in lines), lambda: self.begin_ns)

    def fill(self, rows: int, step_s: int = 300) -> None:
        """So many rows of two values for each sensor, straight into the tables of a new embedded store."""
        connection = sqlite3.connect(self.store, isolation_level=None)
        connection.executescript(f"{embedded._SCHEMA} PRAGMA user_version = {embedded.VERSION};")
        connection.execute("BEGIN")
        for field, kind in (("pm10", "float"), ("pm2_5", "float"), ("qc", "integer")):
            connection.execute("INSERT INTO field_types VALUES ('air_quality', ?, ?)", (field, kind))
        for number in range(self.sensors):
            name = f"luft-{number:02}"
            tags = msgspec.json.encode({"device": name, "municipality": "giessen", "site": f"Platz {number}"})
            connection.execute(
                "INSERT INTO series VALUES (?, 'air_quality', ?, ?)", (number + 1, name, tags.decode())
            )
            what = {"series": number + 1, "rows": rows, "begin": self.begin_ns, "step": step_s * 10**9}
            connection.execute(_FILL, what)
        connection.execute("COMMIT")
        connection.close()

    async def exported(
        self,
        target: Path | None,
        *,
        progress: Callable[..., None] = lambda *_: None,
        limit_bytes: int | None = None,
        **ask: Any,
    ) -> Result:
        """One export in this process, asked for at the begin of 2027."""
        return await export(
            Ask(**ask), self.settings, target, now_ns=NOW_NS, progress=progress, limit_bytes=limit_bytes
        )

    def export(self, target: Path | None, **ask: Any) -> Result:
        """The same, run to its end."""
        return asyncio.run(self.exported(target, **ask))

    def signalled(self, target: Path, signal: int, what: str, times: int = 1, **ask: Any) -> int:
        """An export in a process of its own that gets a signal in its middle; its exit code."""
        script = _SIGNALLED.replace("{now_ns}", str(NOW_NS))
        told = [str(self.config), str(target), json.dumps(ask), what, str(times), str(int(signal))]
        return subprocess.run([sys.executable, "-c", script, *told], check=False, timeout=120).returncode

    def measured(self, *arguments: str) -> tuple[str, float]:
        """The real command to its end: what it said, and the megabytes that it had at most."""
        told = self.folder / "kilobytes"
        done = subprocess.run(
            [sys.executable, "-c", _MEASURED, str(told), "export", *arguments, "-c", str(self.config)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout, int(told.read_text()) * 1.024e-3

    def command(self, *arguments: str) -> "subprocess.Popen[str]":
        """The real command, started."""
        return subprocess.Popen(
            [sys.executable, "-m", "ingest", "export", *arguments, "-c", str(self.config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # a job in the background begins with SIGINT ignored, and so would its children
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads here
        )
