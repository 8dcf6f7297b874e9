"""The processes that make exports, as seen from the service: started, waited for, ended."""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from typing import cast

import msgspec

from devices.language import say
from ingest.events import Events
from publish.planners.refused import Refused
from publish.planners.wire import Answer, Failed, Job

#: The longest answer; a preview of many columns has a few hundred thousand bytes.
ANSWER_BYTES = 16 * 1024**2
#: Seconds between two looks at what it takes on the disk.
LOOK_S = 0.5
#: How much of what it says at its end is kept.
WORDS = 4000
#: `-P`: no module of the working folder takes the place of ours.
COMMAND = (sys.executable, "-P", "-m", "publish.planners.child")

_decode = msgspec.json.Decoder(Answer).decode


class Processes:
    """All that run now. `close` ends them, and no other is started."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._running: set[asyncio.subprocess.Process] = set()
        self._closed = False

    async def do(
        self, job: Job, *, seconds: float, refuse: Callable[[], Refused | None] = lambda: None
    ) -> Answer:
        """What a process of its own makes of the job; it is ended when this is cancelled.

        Raises `Refused`: with what the process says, after so many `seconds`, or as soon as `refuse`, which
        is asked twice a second, gives a reason.
        """
        process = await self._start()
        said = asyncio.create_task(_tail(_stream(process.stderr)))
        try:
            answer = await _answer(process, job, seconds, refuse)
        except (OSError, ValueError, msgspec.DecodeError):  # it ended, or said what is no answer
            raise await self._died(process, said) from None
        finally:
            await _end(process, said)
            self._running.discard(process)
        if isinstance(answer, Failed):
            if answer.status >= 500 and (words := said.result()):
                self._events.export_process_failed(words)
            raise Refused(answer.status, answer.message, hint=answer.hint, field=answer.field)
        return answer

    def close(self) -> None:
        """End all of them, and whoever waits for one."""
        self._closed = True
        for process in self._running:
            _kill(process)

    async def _start(self) -> asyncio.subprocess.Process:
        if self._closed:
            raise _ending()
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, limit=ANSWER_BYTES, start_new_session=True
        )
        self._running.add(process)
        return process

    async def _died(self, process: asyncio.subprocess.Process, said: "asyncio.Task[str]") -> Refused:
        if self._closed:
            return _ending()
        await _end(process, said)
        words = said.result() or f"it ended with status {process.returncode}"
        self._events.export_process_failed(words)
        return Refused(
            500,
            say("the process that made this ended in the middle of it, maybe for want of memory"),
            hint=say("ask for less at once, or ask those who run Messnetz: its log tells more"),
        )


async def _answer(
    process: asyncio.subprocess.Process, job: Job, seconds: float, refuse: Callable[[], Refused | None]
) -> Answer:
    stdin = cast("asyncio.StreamWriter", process.stdin)
    stdin.write(msgspec.json.encode(job) + b"\n")
    reading = asyncio.create_task(_stream(process.stdout).readline())
    try:
        async with asyncio.timeout(seconds):
            await stdin.drain()
            while not reading.done():
                if reason := refuse():
                    raise reason
                await asyncio.wait({reading}, timeout=LOOK_S)
    except TimeoutError:
        raise Refused(
            504,
            say(
                "this takes longer than the {minutes} minutes that an export may take",
                minutes=round(seconds / 60),
            ),
            hint=say(
                "ask for less at once: a shorter time, fewer sites, or windows (every=1h) instead of raw"
            ),
        ) from None
    finally:
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await reading
    return cast("Answer", _decode(reading.result()))


async def _tail(stream: asyncio.StreamReader) -> str:
    kept = b""
    while part := await stream.read(WORDS):
        kept = (kept + part)[-WORDS:]
    return kept.decode(errors="replace").strip()


async def _end(process: asyncio.subprocess.Process, said: "asyncio.Task[str]") -> None:
    _kill(process)
    cast("asyncio.StreamWriter", process.stdin).close()
    await process.wait()
    await said


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


def _stream(stream: asyncio.StreamReader | None) -> asyncio.StreamReader:
    return cast("asyncio.StreamReader", stream)


def _ending() -> Refused:
    return Refused(503, say("Messnetz is being stopped"), hint=say("try again in a minute"), retry_after_s=60)
