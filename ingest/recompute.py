"""A mistake found later, mended: what a device said is judged again, and what the old rule wrote is replaced.

The archive's uplinks of a time are judged under today's registry, with the memory that their predecessors
leave. The device's rows of that time are removed from the store and the new ones written through the spool;
live uplinks of the device wait meanwhile. Who, when and why is recorded in `<state>/recomputed.jsonl`, begun
before anything is removed: what was interrupted is done again at the next start.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from devices.complaint import did_you_mean
from devices.device import Device
from devices.language import say
from devices.quantity import CATALOGUE
from devices.registry import Registry
from devices.state import DeviceState
from ingest.archive import Archive, Archived
from ingest.errors import CommandFailed
from ingest.events import Events
from ingest.intake import GroupIntake
from ingest.line_protocol import parse
from ingest.pipeline import Heard, judge, script_job
from ingest.seams import CannotRemove, Store, StoreUnavailable
from ingest.spool import Spool

#: The record's name in the state folder.
RECORD = "recomputed.jsonl"
#: So far back uplinks are judged for what they leave in memory: totals of counters, states of bays.
WARM_UP_NS = 32 * 86_400_000_000_000
#: So far ahead uplinks are judged: what a total counted lies at the total before it.
AHEAD_NS = 2 * 86_400_000_000_000
#: Uplinks judged between two turns of the event loop.
PAGE = 100
#: Rows shown one by one in a report.
SAMPLES = 10

_MEASUREMENTS = sorted({one.measurement for one in CATALOGUE.values() if one.measurement})
_SUFFIXES = ("", "_raw", "_failed", "_qc")

#: (measurement, own tags as text, time): a row; what it holds by field.
Rows = dict[tuple[str, str, int], Mapping[str, float | int]]


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be computed anew: `[begin_ns, end_ns)` in UTC nanoseconds; by whom and why."""

    device: str
    begin_ns: int
    end_ns: int
    by: str
    reason: str
    dry_run: bool = False


class Figures(msgspec.Struct, frozen=True):
    """The values of one field over the whole time."""

    rows: int
    lowest: float
    mean: float
    highest: float


class Change(msgspec.Struct, frozen=True):
    """One field of one series, before and after; None where it had no value."""

    measurement: str
    tags: str
    field: str
    before: Figures | None
    after: Figures | None


class Sample(msgspec.Struct, frozen=True):
    """One row that changes."""

    measurement: str
    tags: str
    time_ns: int
    before: Mapping[str, float | int] | None
    after: Mapping[str, float | int] | None


class Report(msgspec.Struct, frozen=True):
    """What a recompute does. `gone` counts rows that have no successor at their time."""

    device: str
    begin_ns: int
    end_ns: int
    dry_run: bool
    uplinks: int
    unreadable: int
    rows_before: int
    rows_after: int
    gone: int
    changes: tuple[Change, ...]
    samples: tuple[Sample, ...]


class Entry(msgspec.Struct, frozen=True):
    """One line of the record."""

    at_ns: int
    phase: Literal["begun", "done"]
    asked: Asked
    rows_before: int = 0
    rows_after: int = 0


@dataclass(slots=True)
class _Judged:
    uplinks: int = 0
    unreadable: int = 0
    lines: list[bytes] = field(default_factory=list)
    rows: Rows = field(default_factory=dict)
    states: dict[str, DeviceState] = field(default_factory=dict)


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
        """Do it, or only say what it would do. Raises `CommandFailed` before anything has changed."""
        device = _device(asked.device, self.intake.registry)
        await self._check(asked)
        if asked.dry_run:
            judged = await self._judge(asked, device)
            return _report(asked, await self._rows(asked), judged)
        async with self.intake.one_replay:
            return await self._replace(asked, device)

    def interrupted(self) -> list[Asked]:
        """What was begun and not done, oldest first; blocks."""
        entries = read_record(self.state)
        last = {entry.asked: entry.phase for entry in entries}
        return [asked for asked, phase in last.items() if phase == "begun"]

    async def _check(self, asked: Asked) -> None:
        try:
            await self.store.check_removal()
        except CannotRemove as error:
            raise CommandFailed(
                say("nothing was changed: this store cannot remove rows ({error})", error=error),
                hint=say("keep the data in InfluxDB 1.8 or 2 or in the embedded store to correct it later"),
            ) from None
        except StoreUnavailable as error:
            raise CommandFailed(
                say("nothing was changed: the store does not answer: {error}", error=error), hint=error.hint
            ) from None
        first_ns = await self.archive.first_day_ns()
        if first_ns is None or first_ns > asked.begin_ns:
            begins = "-" if first_ns is None else time.strftime("%Y-%m-%d", time.gmtime(first_ns // 10**9))
            raise CommandFailed(
                say("nothing was changed: the archive of uplinks begins on {day} (UTC)", day=begins),
                hint=say("give a later --from: older rows could be removed, but not computed anew"),
            )

    async def _replace(self, asked: Asked, device: Device) -> Report:
        addresses = {one.address for one in device.installations}
        self.intake.adopt(self.intake.registry, addresses)
        try:
            await self.intake.flush()
            await self._settled()
            judged = await self._judge(asked, device)
            before = await self._rows(asked)
            await self._note("begun", asked, len(before), len(judged.rows))
            for measurement in _MEASUREMENTS:
                await self.store.remove(measurement, asked.device, asked.begin_ns, asked.end_ns)
            await self.intake.rewrite(judged.lines, judged.states)
        except StoreUnavailable as error:
            raise CommandFailed(
                say("the store does not answer: {error}", error=error),
                hint=say("run the same command again; what was removed is computed anew then"),
            ) from None
        finally:
            self.intake.finish_replay(addresses)
        await self._note("done", asked, len(before), len(judged.rows))
        self.events.recomputed(asked.device, judged.uplinks, len(before), len(judged.rows))
        return _report(asked, before, judged)

    async def _settled(self) -> None:
        """Return when all lines that are in the spool now are in the store."""
        now_ns = time.time_ns()
        while (oldest_ns := self.spool.oldest_waiting_ns) is not None and oldest_ns <= now_ns:
            if trouble := self.store_trouble():
                raise CommandFailed(
                    say("nothing was changed: the store does not take lines now: {error}", error=trouble)
                )
            await asyncio.sleep(0.05)

    async def _judge(self, asked: Asked, device: Device) -> _Judged:
        judged = _Judged()
        uplinks: list[Archived] = []
        for address in sorted({one.address for one in device.installations}):
            uplinks += await self.archive.read(address, asked.begin_ns - WARM_UP_NS, asked.end_ns + AHEAD_NS)
        uplinks.sort(key=lambda one: one.uplink.time_ns)
        for begin in range(0, len(uplinks), PAGE):
            await self._judge_page(asked, uplinks[begin : begin + PAGE], judged)
        return judged

    async def _judge_page(self, asked: Asked, page: Sequence[Archived], judged: _Judged) -> None:
        registry = self.intake.registry
        heard = [Heard(one.uplink, one.arrival_ns) for one in page]
        jobs = [script_job(one, registry, judged.states) for one in heard]
        for one in await self.intake.run_scripts(heard, jobs):
            verdict = judge(one, registry, judged.states)
            if not verdict.key.startswith(f"{asked.device}|"):
                continue
            if verdict.state is not None:
                judged.states[verdict.key] = verdict.state
            inside = asked.begin_ns <= one.uplink.time_ns < asked.end_ns
            judged.uplinks += inside
            judged.unreadable += inside and bool(verdict.reason)
            for line in verdict.lines:
                measurement, tags, fields, time_ns = parse(line)
                if asked.begin_ns <= time_ns < asked.end_ns:
                    judged.lines.append(line)
                    key = measurement, _own(tags), time_ns
                    judged.rows[key] = {**judged.rows.get(key, {}), **fields}

    async def _rows(self, asked: Asked) -> Rows:
        rows: Rows = {}
        for measurement in _MEASUREMENTS:
            found = await self.store.series(
                measurement, _fields(measurement), asked.device, asked.begin_ns, asked.end_ns
            )
            for row in found:
                said = {name: value for name, value in row.fields.items() if value is not None}
                rows[measurement, _own(row.tags), row.time_ns] = said
        return rows

    async def _note(self, phase: Literal["begun", "done"], asked: Asked, before: int, after: int) -> None:
        entry = msgspec.json.encode(Entry(time.time_ns(), phase, asked, before, after)) + b"\n"
        await asyncio.to_thread(_append, self.state / RECORD, entry)


def read_record(state: Path) -> list[Entry]:
    """Everything that was ever recomputed, oldest first."""
    try:
        lines = (state / RECORD).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [msgspec.json.decode(line, type=Entry) for line in lines if line.endswith(b"}")]


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as file:
        file.write(line)


def _device(name: str, registry: Registry) -> Device:
    device = registry.devices.get(name)
    if device is None:
        near = did_you_mean(name, registry.devices)
        raise CommandFailed(
            say("there is no device {name}{near}", name=name, near=near),
            hint=say("`messnetz devices list` shows all"),
        )
    return device


def _own(tags: Mapping[str, str]) -> str:
    common = {"device", "site", "district", "municipality"}
    return ", ".join(f"{name}={value}" for name, value in sorted(tags.items()) if name not in common)


def _fields(measurement: str) -> list[str]:
    names = [one.name for one in CATALOGUE.values() if one.measurement == measurement]
    return [f"{name}{suffix}" for name in names for suffix in _SUFFIXES] + ["interval", "qc"]


def _report(asked: Asked, before: Rows, judged: _Judged) -> Report:
    after = judged.rows
    different = [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]
    return Report(
        device=asked.device,
        begin_ns=asked.begin_ns,
        end_ns=asked.end_ns,
        dry_run=asked.dry_run,
        uplinks=judged.uplinks,
        unreadable=judged.unreadable,
        rows_before=len(before),
        rows_after=len(after),
        gone=len(before.keys() - after.keys()),
        changes=tuple(_changes(before, after)),
        samples=tuple(
            Sample(measurement, tags, time_ns, before.get(key), after.get(key))
            for key in sorted(different, key=lambda one: one[2])[:SAMPLES]
            for measurement, tags, time_ns in (key,)
        ),
    )


def _changes(before: Rows, after: Rows) -> list[Change]:
    old, new = _by_field(before), _by_field(after)
    return [
        Change(*key, _figures(old.get(key)), _figures(new.get(key)))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _by_field(rows: Rows) -> dict[tuple[str, str, str], list[tuple[int, float | int]]]:
    found: dict[tuple[str, str, str], list[tuple[int, float | int]]] = {}
    for (measurement, tags, time_ns), fields in sorted(rows.items(), key=lambda row: row[0][2]):
        for name, value in fields.items():
            found.setdefault((measurement, tags, name), []).append((time_ns, value))
    return found


def _figures(values: Sequence[tuple[int, float | int]] | None) -> Figures | None:
    if values is None:
        return None
    plain = [float(value) for _, value in values]
    return Figures(len(plain), min(plain), sum(plain) / len(plain), max(plain))
