"""Judging a device's archived uplinks again and replacing its rows, beside the running intake."""

import asyncio
import sqlite3
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, cast

import msgspec

from devices.complaint import did_you_mean
from devices.device import Device
from devices.duplicates import frame
from devices.language import say
from devices.quantity import CATALOGUE
from devices.registry import Registry
from devices.state import DeviceState
from ingest.archive import Archive, Archived
from ingest.errors import CommandFailed
from ingest.events import Events
from ingest.group import Touched
from ingest.intake import GroupIntake
from ingest.line_protocol import parse
from ingest.pipeline import Heard, judge, script_job
from ingest.recompute.holes import between, holes, suspects
from ingest.recompute.record import Asked, Entry, append, interrupted
from ingest.recompute.report import Judged, Report, Rows, Span, covers, own_tags, report
from ingest.seams import CannotRemove, Outcome, Store, StoreUnavailable
from ingest.spool import Spool

T = TypeVar("T")

#: So far back uplinks are judged for what they leave in memory: totals of counters, states of bays.
WARM_UP_NS = 32 * 86_400_000_000_000
#: So far ahead uplinks are judged, at least the next one: what a total counted lies at the total before it.
AHEAD_NS = 2 * 86_400_000_000_000
#: Uplinks judged between two turns of the event loop.
PAGE = 100
#: Rows that one question to the store is to bring, so that its answer does not hold up the event loop.
ROWS_ASKED = 2000
#: The time that the first question is about, and the most that one is: from minutes to months of rows.
ASKED_NS, MOST_ASKED_NS = 86_400_000_000_000, 64 * 86_400_000_000_000

_MEASUREMENTS = sorted({one.measurement for one in CATALOGUE.values() if one.measurement})
_SUFFIXES = ("", "_raw", "_failed", "_qc")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is known before anything is changed."""

    judged: Judged
    replaced: Sequence[Span]
    report: Report


@dataclass(frozen=True, slots=True)
class Recomputer:
    """What recomputing needs. `store_trouble` says why the store takes nothing now (empty: it does)."""

    intake: GroupIntake
    spool: Spool
    archive: Archive
    store: Store
    events: Events
    state: Path
    store_trouble: Callable[[], str]

    async def recompute(self, asked: Asked) -> Report:
        """Do it, or only say what it would do.

        Raises `CommandFailed`, and says whether anything was changed by then.
        """
        device = _device(asked.device, self.intake.registry)
        await self._check(asked)
        if asked.dry_run:
            return (await self._plan(asked, device)).report
        async with self.intake.one_replay:
            return await self._replace(asked, device)

    async def finish_interrupted(self) -> None:
        """Do again what was begun and not done: its rows may be gone. What fails is said and tried later."""
        if not await asyncio.to_thread(interrupted, self.state):
            return
        async with self.intake.one_replay:  # nothing is under way now
            for asked in await asyncio.to_thread(interrupted, self.state):
                try:
                    device = _device(asked.device, self.intake.registry)
                    await self._check(asked)
                    await self._replace(asked, device)
                except Exception as error:  # noqa: BLE001  neither the stream nor the next one depends on it
                    self.events.recompute_failed(asked.device, error)

    async def _check(self, asked: Asked) -> None:
        try:
            await self.store.check_removal()
        except CannotRemove as error:
            raise CommandFailed(
                say("nothing was changed: this store cannot remove rows ({error})", error=error),
                hint=say("keep the data in InfluxDB 1.8 or 2 or in the embedded store to correct it later"),
            ) from None
        except StoreUnavailable as error:
            raise _silent_store(error) from None
        first_ns = await _archived(self.archive.first_day_ns())
        if first_ns is None or first_ns > asked.begin_ns:
            begins = "-" if first_ns is None else time.strftime("%Y-%m-%d", time.gmtime(first_ns // 10**9))
            raise CommandFailed(
                say("nothing was changed: the archive of uplinks begins on {day} (UTC)", day=begins),
                hint=say("give a later --from: older rows could be removed, but not computed anew"),
            )

    async def _replace(self, asked: Asked, device: Device) -> Report:
        addresses = {one.address for one in device.installations}
        self.intake.hold(addresses)
        try:
            await self.intake.flush()
            await self._settled()
            plan = await self._plan(asked, device)
            await self._note("begun", asked, plan.report)
            await self._remove(asked.device, plan.replaced)
            replaced = covers(plan.replaced)
            lines = [line for time_ns, line in plan.judged.lines if replaced(time_ns)]
            touched = [Touched(asked.device, one.begin_ns, one.end_ns) for one in plan.replaced]
            await self.intake.rewrite(lines, self._memory(plan.judged), touched)
        finally:
            self.intake.release(addresses)
        await self._note("done", asked, plan.report)
        done = plan.report
        self.events.recomputed(asked.device, done.uplinks, done.rows_before, done.rows_after)
        return done

    async def _settled(self) -> None:
        """Return when all lines that are in the spool now are in the store."""
        now_ns = time.time_ns()
        while (oldest_ns := self.spool.oldest_waiting_ns) is not None and oldest_ns <= now_ns:
            if trouble := self.store_trouble():
                raise CommandFailed(
                    say("nothing was changed: the store does not take lines now: {error}", error=trouble)
                )
            await asyncio.sleep(0.05)

    async def _remove(self, device: str, replaced: Sequence[Span]) -> None:
        try:
            for span in replaced:
                for measurement in _MEASUREMENTS:
                    await self.store.remove(measurement, device, span.begin_ns, span.end_ns)
        except StoreUnavailable as error:
            raise CommandFailed(
                say("the store fell silent: {error}", error=error),
                hint=say(
                    "rows may be removed; the service computes them anew as soon as the store answers, or the"
                    " same command does"
                ),
            ) from None

    # --- looking -----------------------------------------------------------------------------------------

    async def _plan(self, asked: Asked, device: Device) -> _Plan:
        judged = await self._judge(asked, device)
        try:
            before = await self._rows(asked)
        except StoreUnavailable as error:
            raise _silent_store(error) from None
        missing = await asyncio.to_thread(suspects, before, judged.times_ns)
        if missing:
            missing -= await _archived(
                self.archive.holds(asked.device, missing)
            )  # said by what is registered elsewhere now
        kept = holes(missing, judged.times_ns, asked.begin_ns, asked.end_ns)
        shown = await asyncio.to_thread(report, asked, before, judged, len(missing), kept)
        return _Plan(judged, between(kept, asked.begin_ns, asked.end_ns), shown)

    async def _judge(self, asked: Asked, device: Device) -> Judged:
        judged, registry = Judged(), self.intake.registry
        uplinks: list[Archived] = []
        for address in sorted({one.address for one in device.installations}):
            uplinks += await self._said(asked, address)
        # as they were judged when they came: what comes late moves no memory
        uplinks.sort(key=lambda one: one.arrival_ns)
        judged.times_ns = sorted({one.uplink.time_ns for one in uplinks})
        for begin in range(0, len(uplinks), PAGE):
            await self._judge_page(asked, uplinks[begin : begin + PAGE], registry, judged)
            await asyncio.sleep(0)  # without a script to ask, nothing of a page gives the event loop its turn
        return judged

    async def _said(self, asked: Asked, address: str) -> list[Archived]:
        begin_ns, end_ns = asked.begin_ns - WARM_UP_NS, asked.end_ns + AHEAD_NS
        uplinks = await _archived(self.archive.read(address, begin_ns, end_ns))
        if not any(one.uplink.time_ns >= asked.end_ns for one in uplinks):
            latest_ns = time.time_ns() + AHEAD_NS
            next_ns = await _archived(self.archive.first_of(address, end_ns, latest_ns))
            if next_ns is not None:
                uplinks += await _archived(self.archive.read(address, next_ns, next_ns + 1))
        return uplinks

    async def _judge_page(
        self, asked: Asked, page: Sequence[Archived], registry: Registry, judged: Judged
    ) -> None:
        heard = [Heard(one.uplink, one.arrival_ns) for one in page]
        jobs = [script_job(one, registry, judged.states, judged.frames) for one in heard]
        for one in await self.intake.run_scripts(heard, jobs):
            try:
                verdict = judge(one, registry, judged.states, judged.frames)
            except Exception as error:
                raise CommandFailed(
                    say(
                        "nothing was changed: Messnetz failed on an uplink ({error})",
                        error=f"{type(error).__name__}: {error}",
                    )
                ) from error
            if not verdict.key.startswith(f"{asked.device}|"):
                continue
            if verdict.state is not None:
                judged.states[verdict.key] = verdict.state
            if verdict.outcome is Outcome.STORED:
                judged.frames.add(frame(verdict.key, one.uplink))
            inside = asked.begin_ns <= one.uplink.time_ns < asked.end_ns
            judged.uplinks += inside
            judged.unreadable += inside and bool(verdict.reason)
            for line in verdict.lines:
                measurement, tags, fields, time_ns = parse(line)
                if asked.begin_ns <= time_ns < asked.end_ns:
                    judged.lines.append((time_ns, line))
                    key = measurement, own_tags(tags), time_ns
                    numbers = cast("dict[str, float | int]", fields)  # readings hold no strings
                    judged.rows[key] = {**judged.rows.get(key, {}), **numbers}

    async def _rows(self, asked: Asked) -> Rows:
        rows: Rows = {}
        for measurement in _MEASUREMENTS:
            fields, begin_ns, length_ns = _fields(measurement), asked.begin_ns, ASKED_NS
            while begin_ns < asked.end_ns:
                end_ns = min(begin_ns + length_ns, asked.end_ns)
                found = await self.store.series(measurement, fields, asked.device, begin_ns, end_ns)
                for row in found:
                    said = {name: value for name, value in row.fields.items() if value is not None}
                    key = measurement, own_tags(row.tags), row.time_ns
                    rows[key] = {**rows.get(key, {}), **said}
                if len(found) * 2 <= ROWS_ASKED:
                    length_ns = min(length_ns * 2, MOST_ASKED_NS)
                elif len(found) > ROWS_ASKED:
                    length_ns //= 2
                begin_ns = end_ns
        return rows

    def _memory(self, judged: Judged) -> Mapping[str, DeviceState]:
        """What the uplinks left in memory, with the totals and bays that were last heard of before them."""
        first_ns = judged.times_ns[0] if judged.times_ns else 0
        return {
            key: _with_older(new, self.intake.states[key], first_ns) if key in self.intake.states else new
            for key, new in judged.states.items()
        }

    async def _note(self, phase: Literal["begun", "done"], asked: Asked, shown: Report) -> None:
        entry = Entry(time.time_ns(), phase, asked, shown.rows_before, shown.rows_after)
        await asyncio.to_thread(append, self.state, entry)


def _with_older(new: DeviceState, old: DeviceState, before_ns: int) -> DeviceState:
    counters = {key: one for key, one in old.counters.items() if one.time_ns < before_ns}
    bays = {key: one for key, one in old.bays.items() if one.time_ns < before_ns}
    return msgspec.structs.replace(
        new, counters=counters | new.counters, bays=bays | new.bays, source=new.source or old.source
    )


def _silent_store(error: StoreUnavailable) -> CommandFailed:
    return CommandFailed(
        say("nothing was changed: the store does not answer: {error}", error=error), hint=error.hint
    )


async def _archived(answer: Awaitable[T]) -> T:
    try:
        return await answer
    except (OSError, sqlite3.Error, zlib.error, msgspec.DecodeError) as error:
        raise CommandFailed(
            say("nothing was changed: the archive of uplinks cannot be read: {error}", error=error),
            hint=say("is its disk full or damaged? A damaged day is to be moved away from `archive`"),
        ) from None


def _device(name: str, registry: Registry) -> Device:
    device = registry.devices.get(name)
    if device is None:
        near = did_you_mean(name, registry.devices)
        raise CommandFailed(
            say("there is no device {name}{near}", name=name, near=near),
            hint=say("`messnetz devices list` shows all"),
        )
    return device


def _fields(measurement: str) -> list[str]:
    names = [one.name for one in CATALOGUE.values() if one.measurement == measurement]
    return [f"{name}{suffix}" for name in names for suffix in _SUFFIXES] + ["interval", "qc"]
