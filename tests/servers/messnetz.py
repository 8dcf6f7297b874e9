"""The service as a real process, as an operator starts it."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from prometheus_client.parser import text_string_to_metric_families

from tests.servers.process import Process, free_port

COMMAND = (sys.executable, "-m", "ingest")


class Messnetz(Process):
    """`messnetz run` in a folder of its own; `settings` is what messnetz.yaml holds beside the port.

    `folder/devices` and `folder/types` are the registry's; they exist when it is made. `preexec` runs in the
    child before the program (for resource limits). Does not start by itself: `start()`.
    """

    def __init__(self, folder: Path, settings: dict[str, Any], *, wrap: tuple[str, ...] = ()) -> None:
        for name in ("devices", "types", "state"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.config = folder / "messnetz.yaml"
        self.configure(settings)
        super().__init__(
            [*wrap, *COMMAND, "run", "-c", str(self.config)],
            folder / "messnetz.log",
            lambda: self.healthy,
        )

    def configure(self, settings: dict[str, Any]) -> None:
        """Write messnetz.yaml (JSON is YAML) for the next start."""
        own = {
            "devices": "devices",
            "types": "types",
            "state": "state",
            "operators": {"port": self.port},
            "log": {"format": "json"},
        }
        self.config.write_text(json.dumps(own | settings, indent=1))

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.folder / "state"

    @property
    def healthy(self) -> bool:
        """Whether /healthz answers 200."""
        return self._get("/healthz")[0] == 200

    def readiness(self) -> tuple[bool, list[str]]:
        """What /readyz says: ready, and the reasons why not."""
        _, body = self._get("/readyz", accept="application/json")
        answer: dict[str, Any] = json.loads(body) if body else {"ready": False, "reasons": ["no answer"]}
        return answer["ready"] is True, [str(reason) for reason in answer["reasons"]]

    def metrics(self) -> dict[str, float]:
        """Every sample of one scrape, summed over its labels, and once more for each set of labels."""
        found: dict[str, float] = {}
        for family in text_string_to_metric_families(self._get("/metrics")[1]):
            for sample in family.samples:
                found[sample.name] = found.get(sample.name, 0) + sample.value
                if sample.labels:
                    labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
                    found[f"{sample.name}{{{labels}}}"] = sample.value
        return found

    def status(self) -> dict[str, Any]:
        """What `messnetz status --json` prints."""
        return dict(self.command_json("status"))

    def command_json(self, *arguments: str) -> Any:
        """One command on this service's settings, with --json, and what it prints."""
        done = self.run_command(*arguments, "--json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def run_command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """One command on this service's settings."""
        return subprocess.run(
            [*COMMAND, *arguments, "-c", str(self.config)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def wait_until(self, true: Callable[[], Any], what: str, *, seconds: float = 120) -> Any:
        """Poll until `true()` is, and return what it gave; fails with the service's log after `seconds`."""
        deadline = time.monotonic() + seconds
        while not (answer := true()):
            if time.monotonic() > deadline:
                log = self.log.read_text(errors="replace")[-4000:]
                raise AssertionError(f"never came true: {what}\n{self._get('/readyz')[1]}\n{log}")
            time.sleep(0.05)
        return answer

    def wait_subscribed(self) -> None:
        """Until every source's subscription stands."""
        self.wait_until(self._subscribed, "every source is connected")

    def _subscribed(self) -> bool:
        if not self.running:
            return False
        sources = self.status_quick()["sources"]
        return all(source["connected"] for source in sources)

    def status_quick(self) -> dict[str, Any]:
        """The status without a process a look, over the control socket."""
        return ask_socket(self.state / "control.sock", "/status")

    def _get(self, path: str, accept: str = "*/*") -> tuple[int, str]:
        request = Request(f"http://127.0.0.1:{self.port}{path}", headers={"Accept": accept})
        try:
            with urlopen(request, timeout=5) as answer:  # noqa: S310  our own http address
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except (URLError, OSError):
            return 0, ""


def ask_socket(path: Path, what: str) -> dict[str, Any]:
    """One GET on a Unix socket that speaks HTTP; an answer without sources when nobody listens."""
    import http.client  # noqa: PLC0415  used nowhere else
    import socket  # noqa: PLC0415

    class _Connection(http.client.HTTPConnection):
        def connect(self) -> None:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(5)
            self.sock.connect(str(path))

    try:
        with contextlib.closing(_Connection("messnetz")) as connection:
            connection.request("GET", what)
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {"sources": [{"connected": False}]}
    return answer
