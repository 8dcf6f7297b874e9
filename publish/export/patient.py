"""A store that may be away for a moment."""

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from devices.language import say
from devices.moment import written
from ingest.seams import StoreUnavailable
from ingest.store.tables import Tables
from publish.export.errors import StoreAway

if TYPE_CHECKING:
    import pyarrow as pa

#: A store that is started anew is back by then; who waits for a file should not wait much longer.
PATIENCE_S = 20.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 5.0
_clock = time.monotonic


class PatientTables:
    """A `Tables` that asks again for about `patience_s` where waiting may help, then raises `StoreAway`.

    None: as long as exports do. `zone` is that of the times in its message.
    """

    def __init__(self, tables: Tables, zone: ZoneInfo, patience_s: float | None = None) -> None:
        self._tables = tables
        self._zone = zone
        self._patience_s = PATIENCE_S if patience_s is None else patience_s
        self._has_answered = False

    async def read(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> "pa.Table":
        """See `ingest.store.tables.Tables.read`; raises `StoreAway` instead of `StoreUnavailable`."""
        give_up: float | None = None
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                table = await self._tables.read(measurement, fields, begin_ns, end_ns, devices)
            except StoreUnavailable as error:
                give_up = _clock() + self._patience_s if give_up is None else give_up
                pause_s = max(pause_s, error.retry_after_s or 0)
                if error.held or _clock() + pause_s > give_up:
                    raise self._away(error, begin_ns) from error
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            else:
                self._has_answered = True
                return table

    async def close(self) -> None:
        """Let go of the store."""
        await self._tables.close()

    def _away(self, error: StoreUnavailable, begin_ns: int) -> StoreAway:
        hint = error.hint or say("when the store is back, ask again: nothing is left of this export")
        if not self._has_answered:
            return StoreAway(say("the store does not answer: {why}", why=error), hint=hint)
        return StoreAway(
            say(
                "the store stopped answering, at the values from {when} on: {why}",
                when=written(begin_ns, self._zone),
                why=error,
            ),
            hint=hint,
        )
