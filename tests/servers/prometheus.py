"""A real Prometheus on a free port of 127.0.0.1: scraping, or filled with what was scraped before."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.servers.process import Process, find_program, free_port, missing

HOW = "Prometheus is missing: `apt-get install prometheus`, or name it in MESSNETZ_TEST_PROMETHEUS"
CONFIG = """\
global: {{scrape_interval: {interval}, scrape_timeout: {interval}}}
scrape_configs:
  - job_name: messnetz
    static_configs: [{{targets: [{targets}]}}]
"""


class Prometheus(Process):
    """Scrapes `targets` (`host:port`) every `interval`, its data in `folder/data`.

    Does not start by itself: `start()`.
    """

    def __init__(self, folder: Path, targets: Sequence[str] = (), *, interval: str = "1s") -> None:
        program = find_program("prometheus", "MESSNETZ_TEST_PROMETHEUS") or missing(HOW)
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "prometheus.yml"
        config.write_text(CONFIG.format(interval=interval, targets=", ".join(f'"{one}"' for one in targets)))
        self.data = folder / "data"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [
            str(program),
            f"--config.file={config}",
            f"--storage.tsdb.path={self.data}",
            "--storage.tsdb.retention.time=100y",
            f"--web.listen-address=127.0.0.1:{port}",
        ]
        super().__init__(command, folder / "prometheus.log", lambda: _answers(self.url))

    def fill(self, samples: str) -> None:
        """Take samples of the past (OpenMetrics, each with its time); only while it is not running."""
        program = find_program("promtool", "MESSNETZ_TEST_PROMTOOL") or missing(HOW)
        self.data.mkdir(exist_ok=True)
        text = self.data.parent / "samples.txt"
        text.write_text(samples)
        words = ["tsdb", "create-blocks-from", "openmetrics", str(text), str(self.data)]
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/-/ready", timeout=1) as answer:  # noqa: S310  our own http address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
