"""A real server as a child process: started, stopped, killed, frozen; and what to do where it is missing."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Generous, for a machine that runs much else; polled, so a fast server costs nothing.
DEADLINE_S = 60.0


def missing(sentence: str) -> NoReturn:
    """Skip the test with a sentence that says how to get the part; fail where CI requires real parts."""
    if os.environ.get("MESSNETZ_REQUIRE_REAL") == "1":
        pytest.fail(f"MESSNETZ_REQUIRE_REAL=1: {sentence}", pytrace=False)
    pytest.skip(sentence)


def find_program(name: str, variable: str) -> Path | None:
    """The program that the environment names, else ours in `.cache/bin`, else on PATH or in /usr/sbin."""
    if named := os.environ.get(variable):
        return Path(named)
    found = shutil.which(name, path=f"{ROOT / '.cache/bin'}:{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    return Path(found) if found else None


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers_tcp(port: int) -> bool:
    """Whether something accepts connections on this port of 127.0.0.1."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Process:
    """A child process that writes to a log file and is ready when `ready` says so."""

    def __init__(self, command: Sequence[str], log: Path, ready: Callable[[], bool]) -> None:
        self.command = list(command)
        self.log = log
        self._ready = ready
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The running child's process id."""
        assert self._child is not None, f"{self.command[0]} is not running"
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the child is there (frozen counts as there)."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start and wait until it answers."""
        assert not self.running, f"{self.command[0]} is running already"
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + DEADLINE_S
        while not self._ready():
            if not self.running or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(
                    f"{self.command} did not start:\n{self.log.read_text(errors='replace')[-3000:]}"
                )
            time.sleep(0.02)

    def stop(self) -> None:
        """SIGTERM, as a service manager does, and wait until it is gone. Nothing to do when it is."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, as a power cut does, and wait until it is gone. Nothing to do when it is."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """SIGSTOP: its sockets accept and keep silent."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.poll() is None:
            child.send_signal(how)
            child.send_signal(signal.SIGCONT)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
