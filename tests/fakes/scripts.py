"""An `ingest.seams.Scripts` that answers from a function, when it is told to."""

import asyncio
from collections.abc import Callable, Sequence

from devices.codecs import Decoded
from devices.errors import UplinkRefused
from ingest.seams import ScriptJob

Answer = Callable[[ScriptJob], Decoded | UplinkRefused]


def _hex(job: ScriptJob) -> Decoded:
    return Decoded({"hex": job.payload.hex()})


class FakeScripts:
    """Keeps the batches it was asked; while `gate` is cleared, answers wait."""

    def __init__(self, answer: Answer = _hex) -> None:
        self.batches: list[list[ScriptJob]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._answer = answer

    async def decode(self, jobs: Sequence[ScriptJob]) -> Sequence[Decoded | UplinkRefused]:
        self.batches.append(list(jobs))
        await self.gate.wait()
        return [self._answer(job) for job in jobs]

    async def close(self) -> None:
        """Nothing runs."""
