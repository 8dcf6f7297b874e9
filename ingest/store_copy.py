"""From the embedded store to the InfluxDB of the settings: every row, the newest day first.

A day is read in pages, written by the store's own way of writing (halved around what is refused) and then
counted on both sides. The place reached is kept in `<state>/store-copy.json`, so that an interrupted copy
goes on at its day; a point that is written twice is one point. Nothing is removed from the file: what
InfluxDB refuses is reported and still lies there.
"""

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from devices.language import say
from ingest.errors import CommandFailed
from ingest.read_only import database_trouble, is_damaged
from ingest.seams import RefusedLine, StoreUnavailable
from ingest.settings import Influx
from ingest.store.embedded_read import Reader, Stored
from ingest.writer import BACK_OFF_S, BATCH_LINES

T = TypeVar("T")

#: Where an interrupted copy goes on, in the state folder.
PLACE = "store-copy.json"
DAY_NS = 86_400_000_000_000
#: Attempts at one request, some three minutes; then the command ends, to be given again.
ATTEMPTS = 12
#: Reasons that are told apart in the report.
REASONS = 100
_DIGITS = re.compile(r"\d+")


class Target(Protocol):
    """What the copy asks of a store; `ingest.store.influx.InfluxStore` is one."""

    async def write(self, lines: Sequence[bytes]) -> Sequence[RefusedLine]:
        """See `ingest.seams.Store.write`."""
        ...

    async def counts(self, measurement: str, begin_ns: int, end_ns: int) -> Mapping[str, int]:
        """How many values each field has in `[begin_ns, end_ns)`."""
        ...


class Refused(msgspec.Struct):
    """Rows that the target refused for one reason."""

    measurement: str
    reason: str
    rows: int
    oldest_ns: int
    newest_ns: int
    example: str  #: the first of them, as a line


class Missing(msgspec.Struct, frozen=True):
    """A field of which the target has fewer values of a day than were written there."""

    measurement: str
    field: str
    day_ns: int
    expected: int
    found: int


class Copied(msgspec.Struct):
    """What was copied so far; kept between two runs."""

    target: str  #: address and buckets: for another target a copy begins anew
    next_day_ns: int  #: begin of the newest day that is still to be copied (UTC)
    rows: dict[str, int]  #: read, by measurement
    refused: list[Refused]
    missing: list[Missing]

    @property
    def whole(self) -> bool:
        """Whether everything is in the target."""
        return not self.refused and not self.missing


async def copy(
    file: Path,
    target: Target,
    influx: Influx,
    state: Path,
    *,
    on_day: Callable[[int, int], None],
    on_trouble: Callable[[str], None],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Copied:
    """Copy all rows of the embedded store `file`, which no service may write meanwhile.

    `on_day` is told days done and days in all, `on_trouble` why the target does not answer; then it is tried
    again. Raises `CommandFailed` when the file cannot be read or the target takes nothing; what was done by
    then is kept in mind.
    """
    try:
        reader = Reader(file)
        try:
            return await _Copy(reader, target, influx, state, on_day, _Insisting(on_trouble, sleep)).run()
        finally:
            reader.close()
    except sqlite3.Error as error:
        raise CommandFailed(
            say("{file} {trouble}", file=file, trouble=database_trouble(error)),
            hint=say("restore a backup that holds it into another folder, and copy from there")
            if is_damaged(error)
            else say("name the state folder in which the embedded store was, under `state` in the settings"),
        ) from error


class _Insisting:
    """Calls of the target, repeated while it is away."""

    def __init__(self, on_trouble: Callable[[str], None], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._on_trouble = on_trouble
        self._sleep = sleep

    async def do(self, call: Callable[[], Awaitable[T]]) -> T:
        first, longest = BACK_OFF_S
        attempt = 0
        while True:
            attempt += 1
            try:
                return await call()
            except StoreUnavailable as error:
                if error.held or attempt == ATTEMPTS:
                    hint = say("the same command goes on where it stopped")
                    raise CommandFailed(
                        say("the copy stopped: {error}", error=error),
                        hint=say("{first}; then {then}", first=error.hint, then=hint) if error.hint else hint,
                    ) from error
                self._on_trouble(str(error))
                await self._sleep(max(min(longest, first * 2**attempt), error.retry_after_s or 0.0))


class _Copy:
    def __init__(
        self,
        reader: Reader,
        target: Target,
        influx: Influx,
        state: Path,
        on_day: Callable[[int, int], None],
        insisting: _Insisting,
    ) -> None:
        self._reader = reader
        self._target = target
        self._place = state / PLACE
        self._name = " ".join(filter(None, (influx.url, *_buckets(influx))))
        self._on_day = on_day
        self._insisting = insisting

    async def run(self) -> Copied:
        span = self._reader.span()
        if span is None:
            return Copied(self._name, 0, {}, [], [])
        oldest, newest = (time_ns // DAY_NS * DAY_NS for time_ns in span)
        copied = self._resumed() or Copied(self._name, newest, {}, [], [])
        days = (newest - oldest) // DAY_NS + 1
        while copied.next_day_ns >= oldest:
            self._on_day((newest - copied.next_day_ns) // DAY_NS, days)
            # noted only when the day is done: an interrupted one is copied again and counted once
            await self._day(copied)
            copied.next_day_ns -= DAY_NS
            self._note(copied)
        self._on_day(days, days)
        self._place.unlink(missing_ok=True)
        return copied

    async def _day(self, copied: Copied) -> None:
        begin, end = copied.next_day_ns, copied.next_day_ns + DAY_NS
        written: Counter[tuple[str, str]] = Counter()
        after: Stored | None = None
        while page := self._reader.page(begin, end, after, BATCH_LINES):
            after = page[-1]
            lines = [row.line for row in page]
            refused = await self._insisting.do(lambda: self._target.write(lines))  # noqa: B023  awaited here
            reasons = {one.index: one.reason for one in refused}
            for index, row in enumerate(page):
                copied.rows[row.measurement] = copied.rows.get(row.measurement, 0) + 1
                if index in reasons:
                    _note_refused(copied.refused, row, reasons[index])
                else:
                    written.update((row.measurement, field) for field in row.fields)
        for measurement in sorted({name for name, _ in written}):
            found = await self._insisting.do(lambda: self._target.counts(measurement, begin, end))  # noqa: B023  awaited here
            for (name, field), expected in written.items():
                if name == measurement and found.get(field, 0) < expected:
                    copied.missing.append(Missing(name, field, begin, expected, found.get(field, 0)))

    def _resumed(self) -> Copied | None:
        try:
            copied = msgspec.json.decode(self._place.read_bytes(), type=Copied)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return copied if copied.target == self._name else None

    def _note(self, copied: Copied) -> None:
        half = self._place.with_suffix(".half")
        half.write_bytes(msgspec.json.encode(copied))
        half.replace(self._place)


def _buckets(influx: Influx) -> tuple[str | None, ...]:
    return influx.org, influx.bucket, influx.hours_bucket, influx.bays_bucket


def _note_refused(refused: list[Refused], row: Stored, reason: str) -> None:
    alike = _DIGITS.sub("", reason)  # words that differ by counts and times are one reason
    known = next(
        (
            one
            for one in refused
            if one.measurement == row.measurement and _DIGITS.sub("", one.reason) == alike
        ),
        None,
    )
    if known is None and len(refused) >= REASONS:
        known = next((one for one in refused if one.measurement == row.measurement), refused[-1])
    if known is None:
        example = row.line.decode()
        refused.append(Refused(row.measurement, reason, 1, row.time_ns, row.time_ns, example))
        return
    known.rows += 1
    known.oldest_ns = min(known.oldest_ns, row.time_ns)
    known.newest_ns = max(known.newest_ns, row.time_ns)
