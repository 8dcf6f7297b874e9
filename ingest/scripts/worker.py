"""The service's JavaScript codecs: batches go to a thread, which asks the codecs' process."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from devices.codecs import Decoded
from devices.errors import UplinkRefused
from ingest.scripts.runner import SUSPEND_S, Happened, Runner
from ingest.scripts.said import Said, crashed, decoded
from ingest.seams import ScriptJob
from ingest.spool.worker import Worker


class ScriptEvents(Protocol):
    """What the codecs report."""

    def scripts_run(self, count: int) -> None:
        """So many uplinks were given to their codecs."""

    def script_timed_out(self, file: str, count: int) -> None:
        """A codec took too long, so many times."""

    def script_suspended(self, file: str, seconds: float) -> None:
        """A codec took too long too often and is not run for a while."""

    def scripts_died(self, words: str) -> None:
        """The codecs' process ended by itself; the next uplink starts one anew."""


class ScriptWorker:
    """An `ingest.seams.Scripts`. Process and thread are started when they are needed first."""

    def __init__(self, events: ScriptEvents | None = None) -> None:
        self._events = events
        self._runner = Runner()
        self._thread: Worker | None = None

    @property
    def pid(self) -> int | None:
        """The id of the codecs' process; None while there is none."""
        return self._runner.pid

    async def decode(self, jobs: Sequence[ScriptJob]) -> Sequence[Decoded | UplinkRefused]:
        """One answer a job, in their order. Never raises for what a script does."""
        if self._thread is None:
            self._thread = Worker("scripts")
        said, happened = await self._thread.call(partial(self._decode, jobs))
        if self._events is not None:
            _report(self._events, len(jobs), happened)
        return [decoded(job, one) for job, one in zip(jobs, said, strict=True)]

    async def close(self) -> None:
        """End the process and the thread; what is being decoded is refused."""
        if self._thread is not None:
            self._runner.interrupt()
            await self._thread.call(self._runner.close)
            self._thread.stop()
            self._thread = None

    def _decode(self, jobs: Sequence[ScriptJob]) -> tuple[list[Said], Happened]:
        try:
            said = self._runner.decode(jobs)
        except Exception as error:  # noqa: BLE001  a fault of ours costs these uplinks alone, and they are kept
            self._runner.close()
            said = [crashed(repr(error))] * len(jobs)
        return said, self._runner.take_happened()


def _report(events: ScriptEvents, count: int, happened: Happened) -> None:
    events.scripts_run(count)
    for file, times in happened.timeouts.items():
        events.script_timed_out(file, times)
    for file in happened.suspended:
        events.script_suspended(file, SUSPEND_S)
    for words in happened.died:
        events.scripts_died(words)
