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
        said: dict[int, Said] = {}
        deaths: Counter[int | None] = Counter()
        while waiting := self._waiting(jobs, said):
            try:
                answers = self._ask([jobs[number] for number in waiting])
            except Ended as ended:
                culprit = None if ended.job is None else waiting[ended.job]
                deaths[culprit] += 1
                self._settle_end(ended, jobs, said, culprit, again=deaths[culprit] > 1)
                continue
            for number, answer in zip(waiting, answers, strict=False):
                said[number] = of_answer(answer)
                if answer.kind == "timeout":
                    self._strike(jobs[number].script)
        return [said[number] for number in range(len(jobs))]

    def _waiting(self, jobs: Sequence[ScriptJob], said: dict[int, Said]) -> list[int]:
        waiting = [number for number in range(len(jobs)) if number not in said]
        if self._interrupted.is_set():
            said |= dict.fromkeys(waiting, refused("codec_crashed", say("Messnetz is being stopped")))
        elif self._suspended:
            for number in waiting:
                if self._is_suspended(jobs[number].script):
                    said[number] = refused(
                        "codec_suspended",
                        say("the codec took too long several times and is not run for 5 minutes"),
                    )
        return [number for number in waiting if number not in said]

    def _settle_end(
        self,
        ended: Ended,
        jobs: Sequence[ScriptJob],
        said: dict[int, Said],
        culprit: int | None,
        *,
        again: bool,
    ) -> None:
        if ended.late and culprit is not None:
            said[culprit] = of_answer(Answer("timeout"))
            self._strike(jobs[culprit].script)
            return
        if self._interrupted.is_set():
            return
        self._happened.died.append(str(ended))
        if not again:
            return
        why = crashed(str(ended))
        if culprit is None:
            said |= {number: why for number in range(len(jobs)) if number not in said}
        else:
            said[culprit] = why
            self._strike(jobs[culprit].script)

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


def _start() -> Process:
    try:
        return Process()
    except (OSError, ImportError) as error:
        raise Ended(None, str(error), late=False) from error


def _job(job: ScriptJob) -> Job:
    variables = msgspec.json.encode(dict(job.variables)).decode()
    return Job(job.script.digest, job.payload, job.f_port, job.time_ns // 1_000_000, variables)
