"""Batches of jobs for the codecs' process: it is started, watched, ended and started anew here. Blocks.

A job that takes too long by the wall clock (a native loop, which no limit of the engine ends) costs the
process, and that job alone is refused; the others of its batch are given to a new one. A process that dies
gets its batch once more, and the job at which it dies again is refused. A codec with `STRIKES` such jobs in
`SUSPEND_S` is not run for as long.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence

import msgspec

from devices.language import say
from devices.type import Script
from ingest.sandbox.wire import Answer, Job
from ingest.scripts.process import Ended, Process
from ingest.scripts.said import Said, crashed, of_answer, refused
from ingest.seams import ScriptJob

#: Jobs given at a time.
BATCH = 128
#: So many jobs that took too long, or that the process died of, suspend a codec, if they came in so many
#: seconds, and for as long.
STRIKES = 3
SUSPEND_S = 300.0
#: A process that was given so many characters of codecs makes room for a new one; few cities have a tenth.
SOURCES = 32 * 1024**2


#: A job at which the process died so often is refused; a whole batch, when it died so often at none.
DEATHS = 2
STARTS = 5


class Happened(msgspec.Struct):
    """What happened since this was taken last; codecs by the name that messages give them."""

    timeouts: Counter[str] = msgspec.field(default_factory=Counter)
    suspended: list[str] = []
    died: list[str] = []  #: last words of processes that ended by themselves


class Runner:
    """Runs codecs in a process of their own, of one thread; only `interrupt` is for others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._process: Process | None = None
        self._known: set[str] = set()
        self._room = 0
        self._strikes: dict[str, deque[float]] = {}
        self._suspended: dict[str, float] = {}
        self._happened = Happened()
        self._interrupted = threading.Event()

    @property
    def pid(self) -> int | None:
        """The process's id; None while there is none."""
        return None if self._process is None else self._process.pid

    def decode(self, jobs: Sequence[ScriptJob]) -> list[Said]:
        """One answer a job, in their order. Does not raise for what a codec does."""
        said: list[Said] = []
        for begin in range(0, len(jobs), BATCH):
            said += self._decode_batch(jobs[begin : begin + BATCH])
        return said

    def take_happened(self) -> Happened:
        """What happened since the last call."""
        happened, self._happened = self._happened, Happened()
        return happened

    def interrupt(self) -> None:
        """End the process now and for good: what it is asked is refused. From any thread."""
        self._interrupted.set()
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process; the next `decode` starts one anew."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    # --- one batch -------------------------------------------------------------------------------------

    def _decode_batch(self, jobs: Sequence[ScriptJob]) -> list[Said]:
        batch = _Batch(jobs)
        while waiting := self._waiting(batch):
            try:
                answers = self._ask([jobs[number] for number in waiting])
            except Ended as ended:
                self._settle_end(ended, batch, waiting)
                continue
            for number, answer in zip(waiting, answers, strict=False):
                batch.said[number] = of_answer(answer)
                if answer.kind == "timeout":
                    self._strike(jobs[number].script)
        return [batch.said[number] for number in range(len(jobs))]

    def _waiting(self, batch: "_Batch") -> list[int]:
        """Jobs to be done; those of which nothing will come are settled."""
        waiting = batch.waiting()
        if self._interrupted.is_set():
            batch.said |= dict.fromkeys(waiting, refused("codec_crashed", say("Messnetz is being stopped")))
        elif self._suspended:
            why = say("the codec took too long several times and is not run for 5 minutes")
            for number in waiting:
                if self._is_suspended(batch.jobs[number].script):
                    batch.said[number] = refused("codec_suspended", why)
        return batch.waiting()

    def _settle_end(self, ended: Ended, batch: "_Batch", asked: Sequence[int]) -> None:
        """Refuse the job that the process was ended for, or died of again; the others are asked anew."""
        culprit = None if ended.job is None else asked[ended.job]
        if ended.late and culprit is not None:
            batch.said[culprit] = of_answer(Answer("timeout"))
            self._strike(batch.jobs[culprit].script)
            return
        if self._interrupted.is_set():
            return
        self._happened.died.append(str(ended))
        batch.deaths[culprit] += 1
        if culprit is None and batch.deaths[None] == STARTS:
            batch.said |= dict.fromkeys(asked, crashed(str(ended)))
        elif culprit is not None and batch.deaths[culprit] == DEATHS:
            batch.said[culprit] = crashed(str(ended))
            self._strike(batch.jobs[culprit].script)

    # --- the process -----------------------------------------------------------------------------------

    def _ask(self, jobs: Sequence[ScriptJob]) -> list[Answer]:
        new = self._new(jobs)
        if self._process is not None and sum(map(len, new.values())) > self._room:
            self.close()
        process = self._process
        if process is None:
            process = self._process = _start()
            self._known, self._room = set(), SOURCES
            new = self._new(jobs)
        if self._interrupted.is_set():
            process.kill()
        try:
            answers = process.ask(new, [_job(job) for job in jobs])
        except Ended:
            self._process = None
            raise
        self._known |= new.keys()
        self._room -= sum(map(len, new.values()))
        return answers

    def _new(self, jobs: Sequence[ScriptJob]) -> dict[str, str]:
        """The codecs that the process does not know yet."""
        return {job.script.digest: job.script.source for job in jobs if job.script.digest not in self._known}

    # --- codecs that take too long ---------------------------------------------------------------------

    def _strike(self, script: Script) -> None:
        now = self._clock()
        self._happened.timeouts[script.file] += 1
        strikes = self._strikes.setdefault(script.digest, deque(maxlen=STRIKES))
        strikes.append(now)
        if len(strikes) == STRIKES and now - strikes[0] < SUSPEND_S:
            del self._strikes[script.digest]
            self._suspended[script.digest] = now + SUSPEND_S
            self._happened.suspended.append(script.file)

    def _is_suspended(self, script: Script) -> bool:
        until = self._suspended.get(script.digest)
        if until is not None and self._clock() >= until:
            del self._suspended[script.digest]
            return False
        return until is not None


class _Batch(msgspec.Struct):
    """Jobs, by their numbers what came of them, and how often the process died at each or at none."""

    jobs: Sequence[ScriptJob]
    said: dict[int, Said] = {}
    deaths: Counter[int | None] = msgspec.field(default_factory=Counter)

    def waiting(self) -> list[int]:
        return [number for number in range(len(self.jobs)) if number not in self.said]


def _start() -> Process:
    try:
        return Process()
    except (OSError, ImportError) as error:
        raise Ended(None, str(error), late=False) from error


def _job(job: ScriptJob) -> Job:
    variables = msgspec.json.encode(dict(job.variables)).decode()
    return Job(job.script.digest, job.payload, job.f_port, job.time_ns // 1_000_000, variables)
