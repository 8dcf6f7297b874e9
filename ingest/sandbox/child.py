"""The process that runs codecs: reads batches of jobs from its standard input, a socket, and answers each.

It gives up what it can: environment, folder, files, user; its memory is bounded, and an alarm ends it when a
job hangs and nobody is left who would.
"""

import contextlib
import mmap
import os
import re
import resource
import signal
import socket
import sys
import time
from collections import OrderedDict
from pathlib import Path
from typing import Literal

import _quickjs  # type: ignore[import-not-found]  # a C module; its package starts a thread when imported
import msgspec

from ingest.sandbox.wire import LENGTH, NONE, RUNNING, Answer, Batch, Job, Kind

#: What one engine may use: seconds of CPU, bytes of memory, bytes of stack.
CPU_S = 0.1
MEMORY = 32 * 1024**2
STACK = 256 * 1024
#: The largest result, as JSON.
RESULT_BYTES = 64 * 1024
#: All of this process, in bytes, and the seconds after which a hanging job ends it if nobody else does.
PROCESS_MEMORY = 512 * 1024**2
ALARM_S = 3.0
#: Sealed engines kept, the one that was used last at the end; each holds about 300 KB.
ENGINES = 64
#: What an uplink leaves that nobody can reach (promises) stays in its engine: it is looked at after so many
#: uplinks, and the engine goes when it holds more than this.
LOOK_EVERY = 256
LEFT_BYTES = 8 * 1024**2
#: A codec runs sealed once that gave what an open engine gives so many times; a slow one gains nothing.
#: One that finds its functions by name on the global object never does, as sealed ones are not there, nor one
#: that gives the language's objects methods, maybe in a function that is not called while it is watched.
PROOFS = 4
QUICK_S = 0.02
_NEVER_SEALED = re.compile(
    r"\bglobalThis\b|\bthis\s*\[|\bFunction\s*\(|"
    r"\b(?:Array|Boolean|Date|Function|Map|Number|Object|RegExp|Set|String)\.prototype\.\w+\s*=(?!=)"
)

#: Lines before our own JavaScript, so that a stack trace tells it from the codec's.
OURS = 20_000
_HERE = Path(__file__).parent
_SANDBOX = "\n" * OURS + (_HERE / "sandbox.js").read_text(encoding="utf-8")
_BUFFER = "\n" * OURS + (_HERE / "buffer.js").read_text(encoding="utf-8")

#: Half a character in a JSON text, which no other text can hold.
_HALF = re.compile(r"(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}")


class _Engine:
    """An engine with one codec in it, see sandbox.js."""

    def __init__(self, source: str, way: Literal["open", "watched", "sealed"]) -> None:
        self._context = _quickjs.Context()
        self._context.set_memory_limit(MEMORY)
        self._context.set_max_stack_size(STACK)
        self._context.set_time_limit(CPU_S)
        buffer = _BUFFER if "Buffer" in source else ""
        self._run = self._context.eval(_SANDBOX)(source, buffer, way, OURS)
        self._runs = 0
        self.spent = False
        self.spoilt = False

    def decode(self, job: Job, payload: str) -> Answer:
        """The answer to one job. Afterwards the engine has to go where it is `spent`.

        `spoilt` says that the codec left something that cannot be removed, or changed the language.
        """
        self.spent = True
        begin = time.process_time()
        try:
            time_ms = float(job.time_ms)  # the engine's integers have 32 bits
            said: str = self._run(payload, job.f_port, time_ms, job.variables)
        except (_quickjs.JSException, MemoryError, TypeError, ValueError) as error:
            return _without_answer(error)
        if time.process_time() - begin > CPU_S:
            return Answer("timeout")
        self._runs += 1
        self.spoilt = said[1] == "1"
        self.spent = self.spoilt or (self._runs % LOOK_EVERY == 0 and self._holds() > LEFT_BYTES)
        return _answer(said[0], said[2:])

    def _holds(self) -> int:
        held: int = self._context.memory()["malloc_size"]
        return held


def _without_answer(error: Exception) -> Answer:
    """The engine stopped, or the codec has bent what answers are made with."""
    if isinstance(error, _quickjs.JSException) and "interrupted" in str(error):
        return Answer("timeout")
    if isinstance(error, MemoryError) or "out of memory" in str(error) or str(error).strip() == "null":
        return Answer("memory")
    return Answer("no_result", '"no_json"')


def _answer(kind: str, text: str) -> Answer:
    if "\\ud" in text:
        text = _HALF.sub(r"\1\\ufffd", text)
    size = len(text.encode())
    if size > RESULT_BYTES:
        return Answer("too_large", str(size))
    if kind == "!" and "InternalError: out of memory" in text:
        return Answer("memory")
    return Answer(_KINDS[kind], text)


_KINDS: dict[str, Kind] = {"=": "said", "!": "thrown", "?": "no_result"}


class _Script:
    """One codec, run in open engines until a sealed one has proved to answer the same.

    The sealed way takes a tenth of the time. What goes wrong in it is asked again in an open engine: the
    codec may depend on something that is sealed. One that changes what the language brings (gives String a
    method of its own, say) never runs sealed.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._proofs = 0
        self._sealable = not _NEVER_SEALED.search(source)
        self._engine: _Engine | None = None

    def decode(self, job: Job) -> Answer:
        payload = str(list(job.payload))
        if self._sealable and self._proofs == PROOFS:
            answer = self._sealed(job, payload)
            if answer.kind in {"timeout", "memory"} or (answer.kind == "said" and self._sealable):
                return answer
            proper = self._open(job, payload)
            self._sealable &= proper.kind != "said"
            return proper
        if not self._sealable:
            return self._open(job, payload)
        begin = time.process_time()
        proper, changed = self._watched(job, payload)
        if changed:
            self._sealable = False
        elif proper.kind == "said" and time.process_time() - begin < QUICK_S:
            self._prove(job, payload, proper)
        return proper

    def rest(self) -> None:
        """Let the engine go; the next job makes one anew."""
        self._engine = None

    def _open(self, job: Job, payload: str) -> Answer:
        try:
            return _Engine(self._source, "open").decode(job, payload)
        except (_quickjs.JSException, MemoryError):
            return Answer("memory")

    def _watched(self, job: Job, payload: str) -> tuple[Answer, bool]:
        try:
            engine = _Engine(self._source, "watched")
        except (_quickjs.JSException, MemoryError):
            return Answer("memory"), False
        return engine.decode(job, payload), engine.spoilt

    def _sealed(self, job: Job, payload: str) -> Answer:
        try:
            engine = self._engine or _Engine(self._source, "sealed")
        except (_quickjs.JSException, MemoryError):
            return Answer("no_result")
        answer = engine.decode(job, payload)
        self._engine = None if engine.spent else engine
        self._sealable &= not engine.spoilt
        return answer

    def _prove(self, job: Job, payload: str, proper: Answer) -> None:
        if self._sealed(job, payload) == proper:
            self._proofs += 1
        elif self._open(job, payload) == proper:  # else it says something else each time, of the clock say
            self._sealable = False


class _Scripts:
    """All codecs of this process."""

    def __init__(self) -> None:
        self._known: dict[str, _Script] = {}
        self._used: OrderedDict[str, None] = OrderedDict()

    def learn(self, sources: dict[str, str]) -> None:
        self._known.update((name, _Script(source)) for name, source in sources.items())

    def decode(self, job: Job) -> Answer:
        self._used[job.script] = None
        self._used.move_to_end(job.script)
        if len(self._used) > ENGINES:
            oldest, _ = self._used.popitem(last=False)
            self._known[oldest].rest()
        return self._known[job.script].decode(job)


def _run(scripts: _Scripts, batch: Batch, running: mmap.mmap) -> list[Answer]:
    scripts.learn(batch.sources)
    answers = []
    for number, job in enumerate(batch.jobs):
        RUNNING.pack_into(running, 0, number, time.monotonic_ns())
        signal.setitimer(signal.ITIMER_REAL, ALARM_S)
        answers.append(scripts.decode(job))
        if answers[-1].kind == "timeout":
            break
    signal.setitimer(signal.ITIMER_REAL, 0)
    RUNNING.pack_into(running, 0, NONE, time.monotonic_ns())
    return answers


def _give_up_rights() -> None:
    os.chdir("/")
    for what, most in (
        (resource.RLIMIT_AS, PROCESS_MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    if os.geteuid() == 0:
        nobody = 65534
        os.setgroups([])
        os.setresgid(nobody, nobody, nobody)
        os.setresuid(nobody, nobody, nobody)


def _receive(connection: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = connection.recv(min(count, 1024**2))
        if not part:
            os._exit(0)  # the other side is gone
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def main() -> None:
    """Answer batches until the other side closes the connection."""
    connection = socket.socket(fileno=0)
    running = mmap.mmap(int(sys.argv[1]), RUNNING.size)
    os.close(int(sys.argv[1]))
    decode, encode = msgspec.msgpack.Decoder(Batch).decode, msgspec.msgpack.Encoder().encode
    scripts = _Scripts()
    _give_up_rights()
    RUNNING.pack_into(running, 0, NONE, time.monotonic_ns())
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while True:
            (length,) = LENGTH.unpack(_receive(connection, LENGTH.size))
            answers = encode(_run(scripts, decode(_receive(connection, length)), running))
            connection.sendall(LENGTH.pack(len(answers)) + answers)


if __name__ == "__main__":
    main()
