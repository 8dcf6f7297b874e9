"""The codecs' process as seen from here: started, asked, ended. Blocks."""

import mmap
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import msgspec

from ingest.sandbox.wire import LENGTH, NONE, RUNNING, STARTING, Answer, Batch, Job

#: The longest that one job may take by the wall clock, in seconds; before, the engine's own limits end it.
WALL_S = 1.0
#: The longest that its start may take; a fiftieth is usual.
START_S = 20.0
#: The most that it may answer to one job.
ANSWER_BYTES = 100_000
#: How much of what it says at its end is kept.
WORDS = 300

_START = "import sys; sys.path += sys.argv[2:]; from ingest.sandbox.child import main; main()"


class Ended(Exception):
    """The process ended, or was ended (`late`), at the job with this number of the batch, if at any."""

    def __init__(self, job: int | None, words: str, *, late: bool) -> None:
        super().__init__(words)
        self.job = job
        self.late = late


class Process:
    """One such process. It finds no environment, file or socket of ours; its end leaves nothing behind."""

    def __init__(self) -> None:
        with ExitStack() as passed, ExitStack() as kept:
            shared = os.memfd_create("codecs")
            passed.callback(os.close, shared)
            os.truncate(shared, RUNNING.size)
            self._running = kept.enter_context(mmap.mmap(shared, RUNNING.size))
            RUNNING.pack_into(self._running, 0, STARTING, time.monotonic_ns())
            ours, its = socket.socketpair()
            self._connection = kept.enter_context(ours)
            passed.enter_context(its)
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-I", "-S", "-c", _START, str(shared), *_folders()],
                stdin=its.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                env={"TZ": "UTC"} | {name: os.environ[name] for name in _KEPT if name in os.environ},
                pass_fds=(shared,),
                start_new_session=True,
            )
            self._kept = kept.pop_all()
        self._decode = msgspec.msgpack.Decoder(list[Answer]).decode
        self._encode = msgspec.msgpack.Encoder().encode

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def ask(self, sources: Mapping[str, str], jobs: Sequence[Job]) -> list[Answer]:
        """The answers to the first of these jobs, at least to one; raises `Ended`, and is of no use then."""
        if self._at()[0] != STARTING:
            RUNNING.pack_into(self._running, 0, NONE, time.monotonic_ns())
        batch = self._encode(Batch(dict(sources), list(jobs)))
        try:
            self._connection.settimeout(self._left_s())
            self._connection.sendall(LENGTH.pack(len(batch)) + batch)
            (length,) = LENGTH.unpack(self._receive(LENGTH.size))
            if length > len(jobs) * ANSWER_BYTES:
                raise ConnectionError
            answers = self._decode(self._receive(length))
        except TimeoutError:
            raise self._end(late=True) from None
        except (OSError, msgspec.DecodeError):
            raise self._end(late=False) from None
        if not 1 <= len(answers) <= len(jobs):
            raise self._end(late=False)
        return answers

    def kill(self) -> None:
        """Let it die; who asks it at this moment gets `Ended`. For other threads, too."""
        self._process.kill()

    def end(self) -> str:
        """Kill it, whatever it does, and let go of it; what it said last."""
        self._process.kill()
        _, said = self._process.communicate()
        words = said.decode(errors="replace").strip()
        self._kept.close()
        return words[-WORDS:]

    def _end(self, *, late: bool) -> Ended:
        job, _ = self._at()
        words = self.end()
        return Ended(
            job if job not in (NONE, STARTING) else None,
            words or f"it ended with status {self._process.returncode}",
            late=late,
        )

    def _at(self) -> tuple[int, float]:
        """The number of the job it is at (or NONE or STARTING), and for how many seconds."""
        number, since_ns = RUNNING.unpack_from(self._running)
        return number, (time.monotonic_ns() - since_ns) / 1e9

    def _left_s(self) -> float:
        """How long it may still go on with what it is at."""
        number, for_s = self._at()
        return (START_S if number == STARTING else WALL_S) - for_s

    def _receive(self, count: int) -> bytes:
        parts = []
        while count:
            part = self._wait_for(count)
            if not part:
                raise ConnectionError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _wait_for(self, count: int) -> bytes:
        while True:
            self._connection.settimeout(min(max(0.001, self._left_s()), WALL_S))  # it may go on meanwhile
            try:
                return self._connection.recv(min(count, 1024**2))
            except TimeoutError:
                if self._left_s() <= 0:
                    raise


#: What Python itself may need to start.
_KEPT = ("LD_LIBRARY_PATH",)


def _folders() -> list[str]:
    """Where the process finds its two libraries and our own modules."""
    found = [find_spec(name) for name in ("_quickjs", "msgspec", "ingest")]
    folders = []
    for spec in found:
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("quickjs-ng and msgspec are needed for JavaScript codecs")
        here = Path(spec.origin).parent
        folders.append(str(here if spec.submodule_search_locations is None else here.parent))
    return list(dict.fromkeys(folders))
