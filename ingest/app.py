"""The composition root: settings in, a running service out."""

import asyncio
import contextlib
import gc
import shutil
import signal
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from devices.complaint import some
from devices.registry import Registry
from devices.status import STATES
from ingest import lns
from ingest.archive import FOLDER as ARCHIVE
from ingest.archive import Archive
from ingest.certificates import Certificates
from ingest.control import create_control
from ingest.counts import Counts
from ingest.errors import SpoolBusy
from ingest.events import Events
from ingest.frames import Frames
from ingest.http import serve
from ingest.intake import GroupIntake
from ingest.metrics import Gauges, SourceGauges
from ingest.mqtt import MqttSource
from ingest.operators import create_operators
from ingest.pipeline import Verdict
from ingest.recompute import Recomputer
from ingest.registry_files import load_registry
from ingest.reload import RegistryKeeper
from ingest.replay import replay_addresses
from ingest.scripts import ScriptWorker
from ingest.seams import Delivery, Outcome, Source, Store
from ingest.settings import CONTROL_SOCKET, Settings
from ingest.spool import Spool, open_spool
from ingest.status import StatusClock
from ingest.store import open_store
from ingest.watch import Watch
from ingest.writer import Writer
from publish.hours import HourKeeper
from publish.planners.app import planners
from publish.watch import create_watch

#: Seconds that the last group gets at the end to reach the disk.
FLUSH_S = 5.0
#: Seconds between two looks at the age of what is kept.
EXPIRE_EVERY_S = 600.0
#: Seconds between attempts to finish a recompute that was interrupted.
RECOMPUTE_EVERY_S = 60.0

NOTHING: Mapping[str, int] = MappingProxyType({})
NO_SECONDS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Core:
    """The intake without anything that comes in: what offline commands need."""

    settings: Settings
    counts: Counts
    events: Events
    spool: Spool
    intake: GroupIntake
    keeper: RegistryKeeper
    archive: Archive
    committing: "asyncio.Task[None]"


@dataclass(frozen=True, slots=True)
class Service:
    """A running service, as the demo and the operators' address look at it."""

    core: Core
    store: Store
    writer: Writer
    sources: tuple[MqttSource, ...]
    clock: StatusClock
    hours: HourKeeper
    operators_port: int
    planners_port: int | None  #: None where that address is off

    @property
    def registry(self) -> Registry:
        """The registry in force now."""
        return self.core.intake.registry


@contextlib.asynccontextmanager
async def open_core(settings: Settings) -> AsyncIterator[Core]:
    """Open the spool (taking its lock) and commit groups until the context ends.

    Raises `SpoolLocked` when a service already runs on this state folder.
    """
    counts = Counts()
    events = Events(counts)
    spool = open_spool(settings.state, settings.spool, events.spool_damaged)
    archive = Archive(settings.state / ARCHIVE, settings.archive, events)
    scripts = ScriptWorker(events)
    try:
        registry = load_registry(settings)
        events.registry_loaded(len(registry.devices), registry.complaints)
        counts.lines_spooled += spool.waiting_lines
        formats = lns.formats(settings.brokers)
        states, frames = await spool.states(), Frames(await spool.frames())
        intake = GroupIntake(registry, states, frames, spool, events, scripts, archive, formats)
        spool.on_begun_anew = intake.rewrite_states
        if spool.damaged:  # perhaps by the log of frames, when the states were read already
            intake.rewrite_states()
        keeper = RegistryKeeper(settings, intake, spool, events)
        committing = asyncio.create_task(intake.run(), name="intake")
        try:
            yield Core(settings, counts, events, spool, intake, keeper, archive, committing)
        finally:
            with contextlib.suppress(TimeoutError):  # a disk that takes nothing; the broker sends it again
                await asyncio.wait_for(intake.flush(), FLUSH_S)
            await _cancelled(committing)
            events.stopped(intake.in_flight)
    finally:
        await scripts.close()
        archive.close()
        spool.close()


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Service]:
    """The whole service until the context ends; everything around it may be down at the start."""
    async with open_core(settings) as core, contextlib.AsyncExitStack() as stack:
        store = open_store(settings)
        stack.push_async_callback(store.close)
        writer = Writer(core.spool, store, core.events)
        sources = tuple(MqttSource(broker, core.intake, core.events) for broker in settings.brokers)
        core.intake.sources = sources
        hours = HourKeeper(core.intake, core.spool, store, core.events)
        core.spool.on_begun_anew = lambda: _begin_anew(core.intake, hours)
        core.intake.on_committed = writer.wake
        writer.on_settled = core.intake.on_room
        waiting = await core.spool.quarantined_addresses()
        newcomers = [address for address in waiting if core.intake.registry.installations(address)]
        core.intake.adopt(core.intake.registry, newcomers)
        certificates = Certificates(settings)
        for source, broker in zip(sources, settings.brokers, strict=True):
            source.on_certificate = partial(certificates.seen, broker.name)
        watch = Watch()
        percent = settings.alarms.battery_percent
        clock = StatusClock(core.intake, store, core.events, settings.state, battery_percent=percent)
        stack.callback(lambda: clock.close(time.time_ns()))

        def answered(delivery: Delivery, verdict: Verdict) -> None:
            watch.answered(delivery, verdict)
            clock.answered(delivery, verdict)

        core.intake.on_answered = answered
        application = create_operators(
            core.counts,
            lambda: gauges(
                core,
                sources,
                clock.by_state,
                tuple(certificates.expires.items()),
                hours.behind_s(time.time_ns()),
                clock.quiet_s(),
            ),
            lambda: troubles(service),
            create_watch(watch, lambda: core.intake.registry),
        )
        port = await stack.enter_async_context(
            serve(application, host=settings.operators.host, port=settings.operators.port)
        )
        planners_port = None
        if settings.exports.login_file is not None:
            entered = planners(settings, lambda: core.intake.registry, core.events)
            planners_port = await stack.enter_async_context(entered)
        service = Service(core, store, writer, sources, clock, hours, port, planners_port)
        control = create_control(
            core.spool,
            core.intake,
            core.keeper,
            core.events,
            writer.wake,
            recomputer(core, store, writer),
            watch,
            lambda: status(service),
            clock.states,
        )
        await stack.enter_async_context(serve(control, uds=settings.state / CONTROL_SOCKET))
        names = [source.name for source in sources]
        core.events.started(port, len(core.intake.registry.devices), names, planners_port)
        async with asyncio.TaskGroup() as tasks:
            started = [
                # without commits nothing is answered any more: better ended, and started anew
                tasks.create_task(_until_done(core.committing), name="commits"),
                tasks.create_task(writer.run(), name="writer"),
                tasks.create_task(certificates.watch(), name="certificates"),
                tasks.create_task(clock.run(), name="status"),
                tasks.create_task(core.keeper.watch(), name="registry"),
                tasks.create_task(hours.run(), name="hours"),
                tasks.create_task(_expire(core.spool, core.events), name="expire"),
                tasks.create_task(_finish_recomputes(recomputer(core, store, writer)), name="recompute"),
                tasks.create_task(replay_addresses(core.intake, core.spool, newcomers), name="replay"),
                *(tasks.create_task(source.run(), name=f"source {source.name}") for source in sources),
            ]
            try:
                yield service
            finally:
                for task in started:
                    task.cancel()


async def run(settings: Settings) -> None:
    """Run the service until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings):
        calm_collector()
        await stop.wait()


def _begin_anew(intake: GroupIntake, hours: HourKeeper) -> None:
    """A damaged spool was set aside: the new one lacks what is in memory."""
    intake.rewrite_states()
    hours.begin_anew()


def recomputer(core: Core, store: Store, writer: Writer) -> Recomputer:
    """What computes stored rows anew."""
    return Recomputer(
        core.intake,
        core.spool,
        core.archive,
        store,
        core.events,
        core.settings.state,
        lambda: writer.trouble,
    )


async def _finish_recomputes(recomputer: Recomputer) -> None:
    """What the end of the process or a silent store interrupted; what was removed then must come back."""
    while True:
        await recomputer.finish_interrupted()
        await asyncio.sleep(RECOMPUTE_EVERY_S)


def troubles(service: Service) -> list[str]:
    """Everything that keeps the service from being ready, one sentence each."""
    core = service.core
    found = [source.trouble for source in service.sources if source.trouble]
    found += [core.intake.trouble, service.writer.trouble, core.spool.damaged, core.keeper.waiting]
    if core.spool.full:
        found.append(
            f"the spool's budget for waiting lines is full ({core.spool.waiting_bytes} bytes): nothing more"
            " is acknowledged until the store takes them; free the store or raise spool.waiting_bytes"
        )
    return [" ".join(sentence.split()) for sentence in found if sentence]


def gauges(
    core: Core,
    sources: Sequence[Source],
    states: Mapping[str, int] = NOTHING,
    certificates: tuple[tuple[str, float], ...] = (),
    hours_behind_s: float = 0.0,
    quiet_s: Mapping[str, float] = NO_SECONDS,
) -> Gauges:
    """What is true now, for one scrape; `states` counts the devices by state.

    `quiet_s` says for how long no sensor of a broker has been heard although they should.
    """
    return Gauges(
        in_flight=core.intake.in_flight,
        held_bytes=core.intake.held_bytes,
        paused=core.intake.paused,
        lines_waiting=core.spool.waiting_lines,
        waiting_bytes=core.spool.waiting_bytes,
        oldest_waiting_ns=core.spool.oldest_waiting_ns,
        quarantine_rows=core.spool.figures.quarantine_rows,
        quarantine_bytes=core.spool.figures.quarantine_bytes,
        dead_letters_rows=core.spool.figures.dead_letters_rows,
        dead_letters_bytes=core.spool.figures.dead_letters_bytes,
        spool_damaged=bool(core.spool.damaged),
        devices=len(core.intake.registry.devices),
        complaints=len(core.intake.registry.complaints),
        reload_waiting=bool(core.keeper.waiting),
        disk_free_bytes=_disk_free(core.settings.state),
        sources=tuple(
            SourceGauges(source.name, source.connected, quiet_s.get(source.name, 0.0)) for source in sources
        ),
        certificates=certificates,
        hours_behind_s=hours_behind_s,
        states=dict(states),
    )


def _disk_free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:  # the disk is gone: nothing fits there, and the other figures are still to be had
        return 0


def status(service: Service) -> dict[str, Any]:
    """What `messnetz status --json` prints."""
    core = service.core
    now = gauges(core, service.sources, service.clock.by_state)
    return {
        "ready": not troubles(service),
        "reasons": troubles(service),
        "operators_port": service.operators_port,
        "planners_port": service.planners_port,
        "sources": [
            {
                "name": source.name,
                "connected": source.connected,
                "trouble": source.trouble,
                "received": core.counts.received[source.name],
                "qos0": core.counts.received_qos0[source.name],
                "dropped": core.counts.dropped[source.name],
            }
            for source in service.sources
        ],
        "store": service.store.name,
        "archive_trouble": core.archive.trouble,
        "devices": now.devices,
        "states": {state: now.states.get(state, 0) for state in STATES},
        "complaint_count": now.complaints,
        "complaints": some(core.intake.registry.complaints),
        "reload_waiting": core.keeper.waiting,
        **figures(service),
    }


def figures(service: Service) -> dict[str, int]:
    """The terms of both identities, as `messnetz demo --json` prints them."""
    counts, spool = service.core.counts, service.core.spool
    return {
        "received": counts.received.total(),
        **{outcome.value: counts.outcomes[outcome] for outcome in _ORDER},
        "in_flight": service.core.intake.in_flight,
        "lines_spooled": counts.lines_spooled,
        "lines_written": counts.lines_written,
        "lines_waiting": spool.waiting_lines,
        "lines_dead": counts.lines_dead,
    }


def calm_collector() -> None:
    """Look for cycles rarely, and never among what stays: registry, types, libraries.

    With Python's defaults a third of the time of reading an event goes into looking (measured: 15 us against
    9); what an uplink leaves behind is freed by its reference counts.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


_ORDER = (Outcome.STORED, Outcome.DUPLICATE, Outcome.QUARANTINED, Outcome.REJECTED, Outcome.IGNORED)


async def _expire(spool: Spool, events: Events) -> None:
    while True:
        with contextlib.suppress(SpoolBusy):  # the intake alarms; this can wait for the next time
            events.kept_dropped(await spool.expire(time.time_ns()))
        await asyncio.sleep(EXPIRE_EVERY_S)


async def _until_done(task: "asyncio.Task[None]") -> None:
    """Raise what ended the task; being cancelled does not cancel it."""
    await asyncio.shield(task)


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
