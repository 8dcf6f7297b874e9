"""States by the clock, over a real intake, spool and embedded store, with a clock that the test drives."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from devices import registry, status
from devices.period import Period
from devices.reading import Flag, Reading, Value
from devices.type import DeviceType
from ingest.app import Core, gauges
from ingest.archive import Archive
from ingest.counts import Counts
from ingest.events import Events
from ingest.flush import replace_file
from ingest.frames import Frames
from ingest.intake import GroupIntake
from ingest.line_protocol import parse
from ingest.metrics import identities
from ingest.seams import Delivery, Outcome, Row
from ingest.settings import Archive as ArchiveSettings
from ingest.settings import Spool as SpoolSettings
from ingest.simulator import events
from ingest.simulator.events import Gateway, Hearing
from ingest.spool import open_spool
from ingest.status import StatusClock, battery, brokers, clock, downtimes, gateways, past, rows
from ingest.status.downtimes import FILE_NAME
from ingest.status.headline import FIELDS, Headline, newer
from ingest.store.embedded import EmbeddedStore
from ingest.writer import Writer
from publish.alarms import devices as alarms
from tests.fakes.scripts import FakeScripts
from tests.two_bays import two_bays

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
NOON = 1_772_366_400 * SECOND

HILL = Gateway("0016c001f1500a03", "hill", 50.5, 8.7)
ROOF = Gateway("0016c001f1500a01", "roof", 50.6, 8.7)
AIR, BAY, COUNTER, GATEWAY = "decentlab-dl-pm", "bosch-tps110", "parametric-pcr2", "chirpstack-gateway"


@dataclass(frozen=True)
class Thing:
    """Something in the street that speaks."""

    id: str
    dev_eui: str
    type: str
    extra: tuple[tuple[str, Any], ...] = ()

    @property
    def entry(self) -> dict[str, Any]:
        extra = dict(self.extra)
        hardware = {} if "installations" in extra else {"dev_eui": self.dev_eui, "type": self.type}
        location = {"lat": 50.58, "lon": 8.67}
        return {"id": self.id, "site": "Marktplatz", **hardware, "location": location, **extra}


def air(number: int, interval: str = "10min") -> Thing:
    return Thing(f"luft-{number}", f"70b3d57ba0000a{number:02x}", AIR, (("interval", interval),))


def bay(number: int, **extra: Any) -> Thing:
    return Thing(f"platz-{number}", f"70b3d57ba0000b{number:02x}", BAY, tuple(extra.items()))


def counter(number: int) -> Thing:
    return Thing(f"rad-{number}", f"70b3d57ba0000c{number:02x}", COUNTER, (("interval", "10min"),))


def gateway(place: Gateway) -> Thing:
    return Thing(f"gw-{place.name}", place.eui, GATEWAY)


def out_of_service(one: Thing) -> Thing:
    """The same, at 13:00."""
    ended = [{"dev_eui": one.dev_eui, "type": one.type, "until": "2026-03-01T13:00:00Z"}]
    return replace(one, extra=(*one.extra, ("installations", ended)))


class Source:
    """A broker's connection that the test cuts."""

    trouble = ""

    def __init__(self, name: str) -> None:
        self.name = name
        self.connected = True

    async def run(self) -> None:
        """Nothing: messages are delivered by hand."""

    def pause(self) -> None:
        """Nothing."""

    def resume(self) -> None:
        """Nothing."""


class Street:
    """A service with a clock of its own: `at` is now."""

    def __init__(self, folder: Path, things: Sequence[Thing], sources: Sequence[str]) -> None:
        self.folder = folder
        self.things = {thing.id: thing for thing in things}
        self.now_ns = NOON
        self.counts = Counts()
        self.events = Events(self.counts)
        self.spool = open_spool(folder / "state", SpoolSettings())
        self.counts.lines_spooled += self.spool.waiting_lines
        self.archive = Archive(folder / "state" / "archive", ArchiveSettings(), self.events)
        registered = load_types(folder)
        self.store = EmbeddedStore(folder / "state" / "store.db", lambda: self.now_ns)
        self.registered = registered
        self.sources = [Source(name) for name in sources]
        self.killed = False  #: it notes nothing at its end
        self._number = 0

    async def open(self) -> None:
        self.intake = GroupIntake(
            self.registered,
            await self.spool.states(),
            Frames(await self.spool.frames()),
            self.spool,
            self.events,
            FakeScripts(),
            self.archive,
        )
        self.intake.sources = self.sources
        self.clock = StatusClock(
            self.intake, self.store, self.events, self.folder / "state", lambda: self.now_ns
        )
        self.intake.on_answered = self.clock.answered
        self.clock.beat(self.now_ns)

    # --- what happens ---------------------------------------------------------------------------------

    async def say(self, name: str, decoded: dict[str, Any] | None = None, *heard_by: Gateway) -> None:
        """One uplink now."""
        thing = self.things[name]
        self._number += 1
        if thing.type == GATEWAY:
            topic = f"gateway/{thing.dev_eui}/event/stats"
            said = {"gatewayId": thing.dev_eui, "rxPacketsReceived": self._number, "txPacketsEmitted": 0}
            payload = json.dumps(said).encode()
        else:
            hearings = [Hearing(one, -97, 6.2) for one in heard_by or (HILL,)]
            port, default = _SAID[thing.type]
            frame = events.Frame(
                thing.dev_eui,
                thing.id,
                thing.type,
                self.now_ns,
                self._number,
                port,
                b"",
                default if decoded is None else decoded,
                hearings,
                9,
            )
            topic = events.topic("chirpstack", thing.dev_eui, thing.id, "up")
            payload = events.uplink("chirpstack", frame, Random(self._number))  # noqa: S311  ids of frames
        self.intake.on_delivery(
            Delivery(
                self.sources[0].name,
                "chirpstack",
                topic,
                payload,
                self.now_ns,
                1,
                False,
                False,
                1,
                lambda _outcome: None,
            )
        )
        await self.intake.flush()

    async def pass_time(self, length_ns: int, *speakers: str, every_ns: int = 10 * MINUTE) -> None:
        """Minute by minute; gateways among the speakers speak each minute, the others as they do."""
        end_ns = self.now_ns + length_ns
        while self.now_ns < end_ns:
            self.now_ns += MINUTE
            for number, name in enumerate(speakers):
                own = MINUTE if self.things[name].type == GATEWAY else every_ns
                if (self.now_ns // MINUTE + number) % (own // MINUTE) == 0:
                    await self.say(name)
            await self.tick()

    async def tick(self) -> None:
        """What the service does by its clock, now."""
        self.clock.beat(self.now_ns)
        self.clock.sweep(self.now_ns)
        await self.intake.flush()

    def word(self, name: str) -> str | None:
        return self.clock.state(name)

    # --- what was written -----------------------------------------------------------------------------

    async def rows(self, measurement: str, device: str) -> Sequence[Row]:
        writer = Writer(self.spool, self.store, self.events)
        writing = asyncio.create_task(writer.run())
        while self.spool.waiting_lines:
            writer.wake()
            await asyncio.sleep(0.001)
        writing.cancel()
        return await self.store.series(measurement, _FIELDS, device, 0, 2**62)

    async def told(self, device: str) -> list[str]:
        """The states of a device's rows, each once in a run."""
        states = [row.fields["state"] for row in await self.rows("status", device)]
        return [state for number, state in enumerate(states) if number == 0 or states[number - 1] != state]

    def broken(self) -> list[str]:
        # the settings and the registry's keeper have no part in what is counted
        unused: Any = Unused(self.folder)
        core = Core(unused, self.counts, self.events, self.spool, self.intake, unused, self.archive, unused)
        return identities(self.counts, gauges(core, self.sources))


@dataclass(frozen=True)
class Unused:
    state: Path
    waiting: str = ""


_SAID: dict[str, tuple[int, dict[str, Any]]] = {
    "two-bays": (1, {}),
    AIR: (1, {"pm2_5_mass_concentration": {"value": 12.4}, "battery_voltage": {"value": 3.0}}),
    BAY: (1, {"occupied": True}),
    COUNTER: (14, {"LTR": 0, "RTL": 0}),
}
_FIELDS = (
    *("state", "state_code", "lat", "lon", "age", "interval", "headline", "headline_field", "gateway"),
    *("battery_low", "occupied_bays", "observed_bays", "capacity"),
)

Story = Callable[[Street], Awaitable[None]]


def load_types(folder: Path) -> registry.Registry:
    """The registry, with types of the test's own where there are any."""
    own = (folder / "types",) if (folder / "types").exists() else ()
    registered = registry.load(folder / "devices", (registry.SHIPPED_TYPES, *own))
    assert registered.complaints == ()
    return registered


def register(folder: Path, things: Sequence[Thing]) -> None:
    head = {
        "municipality": {"id": "giessen", "ags": "06531005"},
        "publisher": {"name": "Stadt Gießen", "contact": "a@example.org", "licence": "dl-de/by-2-0"},
    }
    (folder / "devices").mkdir(exist_ok=True)
    entries = {"devices": [thing.entry for thing in things]}
    (folder / "devices" / "street.yaml").write_text(json.dumps(head | entries))


def live(
    folder: Path, things: Sequence[Thing], *stories: Story, sources: Sequence[str] = ("town",)
) -> list[Street]:
    """Live each story in a life of the service of its own; the next one begins when the one before ended."""
    register(folder, things)

    async def run(story: Story, now_ns: int | None) -> Street:
        street = Street(folder, things, sources)
        street.now_ns = street.now_ns if now_ns is None else now_ns
        await street.open()
        committing = asyncio.create_task(street.intake.run())
        try:
            await story(street)
            await street.intake.flush()
            assert street.broken() == []
        finally:
            committing.cancel()
            if not street.killed:
                street.clock.close(street.now_ns)
            street.archive.close()
            street.spool.close()
            await street.store.close()
        return street

    lived: list[Street] = []
    for story in stories:
        lived.append(asyncio.run(run(story, lived[-1].now_ns if lived else None)))
    return lived


# --- four stories, four words ---------------------------------------------------------------------------

ALL = (air(1), air(2), bay(1), counter(1), gateway(HILL))
NAMES = tuple(thing.id for thing in ALL)


def test_a_dead_sensor_is_silent_and_the_others_are_not(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(HOUR, *NAMES)
        assert {street.word(name) for name in NAMES} == {"ok"}
        await street.pass_time(2 * HOUR, *NAMES[1:])
        assert street.word("luft-1") == "silent"
        assert {street.word(name) for name in NAMES[1:]} == {"ok"}
        await street.say("luft-1")
        await street.pass_time(MINUTE)
        assert await street.told("luft-1") == ["commissioning", "ok", "silent", "ok"]

    live(tmp_path, ALL, story)


def test_a_dead_gateway_is_the_word_for_whom_it_alone_hears(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(HOUR, *NAMES)
        await street.pass_time(2 * HOUR)
        assert {street.word(name) for name in NAMES} == {"gateway_down"}
        await street.say("gw-hill")
        await street.pass_time(30 * MINUTE, "gw-hill")
        assert {street.word(name) for name in NAMES} == {"ok"}  # the clock stood still
        await street.pass_time(35 * MINUTE, "gw-hill", "rad-1")
        assert street.word("luft-1") == "silent"
        assert await street.told("luft-1") == ["commissioning", "ok", "gateway_down", "ok", "silent"]
        assert (await street.rows("status", "luft-1"))[-1].fields["gateway"] == "gw-hill"

    live(tmp_path, ALL, story)


@pytest.mark.parametrize("killed", [True, False])
def test_a_stopped_messnetz_is_told_as_pipeline_down_from_its_last_heartbeat_on(
    tmp_path: Path, *, killed: bool
) -> None:
    async def before(street: Street) -> None:
        await street.pass_time(HOUR, *NAMES)
        if not killed:
            street.clock.close(street.now_ns)
        replace_file(tmp_path / "state" / FILE_NAME, street.clock.beat(street.now_ns))
        street.killed = True
        street.now_ns += 3 * HOUR

    async def after(street: Street) -> None:
        assert {street.word(name) for name in NAMES} == {None}
        await street.tick()
        assert {street.word(name) for name in NAMES} == {"ok"}  # nobody is silent for our absence
        await street.pass_time(20 * MINUTE, *NAMES)
        assert {street.word(name) for name in NAMES} == {"ok"}
        assert await street.told("luft-1") == ["commissioning", "ok", "pipeline_down", "ok"]
        rows = await street.rows("status", "luft-1")
        down = [row.time_ns for row in rows if row.fields["state"] == "pipeline_down"]
        assert down == [NOON + HOUR + n * 300 * SECOND for n in range(36)]

    live(tmp_path, ALL, before, after)


def test_the_past_is_told_of_every_device_as_it_would_have_been(tmp_path: Path) -> None:
    def mounted(number: int, *spans: tuple[str, str | None]) -> Thing:
        one = air(number)
        parts = [
            {"dev_eui": f"{one.dev_eui[:-4]}0{part + 10:x}{number:02x}", "type": AIR, "from": begin}
            | ({} if end is None else {"until": end})
            for part, (begin, end) in enumerate(spans)
        ]
        return replace(one, extra=(("installations", parts),))

    began, changed = "2026-03-01T00:00:00Z", "2026-03-01T14:00:00Z"  # NOON is 12:00, the downtime from 13:00
    things = [
        air(1),
        air(2),
        air(3),
        mounted(4, (began, changed)),
        mounted(5, (changed, None)),
        mounted(6, (began, changed), (changed, None)),
    ]

    async def before(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1", "luft-3", "luft-4")
        street.killed = True
        street.now_ns += 3 * HOUR

    async def after(street: Street) -> None:
        period = Period(NOON, NOON + 9 * HOUR, "maintenance", "cleaned")
        street.intake.registry = replace(street.intake.registry, periods={"luft-3": (period,)})
        await street.tick()

        async def past_of(name: str) -> list[str]:
            times = [NOON + HOUR + n * 300 * SECOND for n in range(36)]
            found = {row.time_ns: str(row.fields["state"]) for row in await street.rows("status", name)}
            return list(dict.fromkeys(found[time_ns] for time_ns in times))

        assert await past_of("luft-1") == ["pipeline_down"]
        assert await past_of("luft-2") == ["commissioning"]  # never heard
        assert await past_of("luft-3") == ["maintenance"]
        assert await past_of("luft-4") == ["pipeline_down", "retired"]
        assert await past_of("luft-5") == ["commissioning"]
        assert await past_of("luft-6") == ["pipeline_down", "commissioning"]

    live(tmp_path, things, before, after)


def test_an_empty_street_is_in_order(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.say("platz-1")
        await street.pass_time(24 * HOUR, "rad-1")  # nobody passes, no car parks
        await street.say("platz-1")  # its heartbeat
        await street.pass_time(20 * HOUR, "rad-1")
        assert street.word("rad-1") == street.word("platz-1") == "ok"
        assert await street.told("platz-1") == ["ok"]
        shown = (await street.rows("status", "rad-1"))[-1].fields
        assert (shown["headline"], shown["headline_field"]) == (0.0, "count")

    live(tmp_path, (bay(1), counter(1)), story)


def test_a_network_server_that_dies_while_its_gateways_speak_on_is_the_pipelines(tmp_path: Path) -> None:
    sensors = NAMES[:4]

    async def story(street: Street) -> None:
        await street.pass_time(HOUR, *NAMES)
        assert street.clock.quiet_s() == {"town": 0.0}
        heard_ns = street.now_ns
        await street.pass_time(8 * HOUR, "gw-hill")
        assert {street.word(name) for name in sensors} == {"pipeline_down"}
        assert street.word("gw-hill") == "ok"
        assert 8 * 3600 <= street.clock.quiet_s()["town"] <= 8 * 3600 + 600
        await street.pass_time(30 * MINUTE, "rad-1", "gw-hill")
        assert {street.word(name) for name in NAMES} == {"ok"}  # the clock stood still
        assert street.clock.quiet_s() == {"town": 0.0}
        await street.pass_time(2 * HOUR, *NAMES[1:])
        for name in NAMES[1:4]:
            assert await street.told(name) == ["commissioning", "ok", "pipeline_down", "ok"]
        assert await street.told("luft-1") == ["commissioning", "ok", "pipeline_down", "ok", "silent"]
        assert await street.told("gw-hill") == ["ok"]
        rows = await street.rows("status", "luft-2")
        first_ns = next(row.time_ns for row in rows if row.fields["state"] == "pipeline_down")
        assert first_ns - heard_ns <= 40 * MINUTE  # three of them, each ten minutes
        assert rows[-1].fields["state_code"] == 0

    live(tmp_path, ALL, story)


# --- at the edges ---------------------------------------------------------------------------------------


def test_a_sensor_whose_limit_passes_just_before_its_gateway_counts_as_down_is_never_silent(
    tmp_path: Path,
) -> None:
    """Nobody registered the gateway, and all that tells of its end are two sensors of different rhythm."""

    async def story(street: Street) -> None:
        for minute in range(180):
            street.now_ns += MINUTE
            if minute % 10 == 0:
                await street.say("luft-1")
            if minute % 60 == 5:
                await street.say("luft-2")
            await street.tick()
        await street.pass_time(4 * HOUR)
        assert await street.told("luft-1") == ["ok", "gateway_down"]
        assert await street.told("luft-2") == ["commissioning", "ok", "gateway_down"]
        assert (await street.rows("status", "luft-1"))[-1].fields["gateway"] == HILL.eui

    live(tmp_path, (air(1), air(2, "60min")), story)


def test_a_dead_sensor_beside_a_slow_one_is_silent_once_that_one_has_spoken(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        for minute in range(360):
            street.now_ns += MINUTE
            if minute % 10 == 0 and minute < 180:
                await street.say("luft-1")
            if minute % 60 == 5:
                await street.say("luft-2")
            await street.tick()
        assert await street.told("luft-1") == ["ok", "silent"]
        assert await street.told("luft-2") == ["commissioning", "ok"]

    live(tmp_path, (air(1), air(2, "60min")), story)


def test_a_sensor_alone_behind_a_gateway_that_nobody_registered_is_silent(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1")
        await street.pass_time(2 * HOUR)
        assert await street.told("luft-1") == ["commissioning", "ok", "silent"]

    live(tmp_path, (air(1),), story)


def test_who_is_heard_by_a_second_gateway_is_not_down_with_the_first(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        for minute in range(240):
            street.now_ns += MINUTE
            if minute < 60:
                await street.say("gw-hill")
            if minute % 10 == 0:
                await street.say("luft-1", None, *((HILL, ROOF) if minute < 60 else (ROOF,)))
                if minute < 60:
                    await street.say("luft-2")
            await street.tick()
        assert await street.told("luft-1") == ["ok"]
        assert await street.told("luft-2") == ["ok", "gateway_down"]

    live(tmp_path, (air(1), air(2), gateway(HILL)), story)


def test_the_end_of_all_gateways_at_once_is_the_pipelines(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        for minute in range(180):
            street.now_ns += MINUTE
            if not 60 <= minute < 120:
                await street.say("gw-hill")
                if minute != 120:  # one comes back a minute later
                    await street.say("gw-roof")
                if minute % 10 == 1:
                    await street.say("luft-1")
                    await street.say("luft-2", None, ROOF)
            await street.tick()
        for name in ("luft-1", "luft-2"):
            assert await street.told(name) == ["commissioning", "ok", "pipeline_down", "ok"]
        for name in ("gw-hill", "gw-roof"):
            assert await street.told(name) == ["ok", "pipeline_down", "ok"]

    live(tmp_path, (air(1), air(2), gateway(HILL), gateway(ROOF)), story)


def test_a_broker_that_is_gone_for_more_than_a_minute_is_pipeline_down_for_its_devices(
    tmp_path: Path,
) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(30 * MINUTE, "luft-1")
        street.sources[0].connected = False
        await street.pass_time(MINUTE)
        assert street.word("luft-1") == "ok"
        await street.pass_time(5 * HOUR)
        assert street.word("luft-1") == "pipeline_down"
        street.sources[0].connected = True
        await street.pass_time(50 * MINUTE)
        assert street.word("luft-1") == "ok"  # the clock stood still
        await street.pass_time(15 * MINUTE)
        assert street.word("luft-1") == "silent"
        assert await street.told("luft-1") == ["commissioning", "ok", "pipeline_down", "ok", "silent"]

    live(tmp_path, (air(1),), story, sources=("town", "other"))


def test_an_outage_of_a_broker_in_which_we_are_killed_explains_a_silence(tmp_path: Path) -> None:
    async def before(street: Street) -> None:
        await street.pass_time(30 * MINUTE, "luft-1")
        street.sources[0].connected = False
        await street.pass_time(5 * HOUR)
        replace_file(tmp_path / "state" / FILE_NAME, street.clock.beat(street.now_ns))
        street.killed = True
        street.now_ns += HOUR

    async def after(street: Street) -> None:
        await street.tick()
        assert street.word("luft-1") == "ok"
        await street.pass_time(65 * MINUTE)
        assert street.word("luft-1") == "silent"

    live(tmp_path, (air(1),), before, after)


def test_sensors_that_several_unknown_gateways_hear_are_cut_off_together(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        for minute in range(300):
            street.now_ns += MINUTE
            if minute % 10 == 0 and not 60 <= minute < 240:
                await street.say("luft-1", None, HILL, ROOF)
            if minute % 10 == 5 and not 60 <= minute < 240:
                await street.say("luft-2", None, HILL, ROOF)
            await street.tick()
        assert await street.told("luft-1") == ["ok", "pipeline_down", "ok"]
        assert await street.told("luft-2") == ["commissioning", "ok", "pipeline_down", "ok"]

    live(tmp_path, (air(1), air(2)), story)


def test_a_restart_does_not_end_what_cuts_the_sensors_off(tmp_path: Path) -> None:
    async def before(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1", "luft-2", "gw-hill")
        await street.pass_time(3 * HOUR, "gw-hill")

    async def after(street: Street) -> None:
        street.now_ns += 2 * HOUR
        assert street.clock.quiet_s()["town"] == 5 * 3600
        await street.pass_time(20 * MINUTE, "gw-hill")
        assert {street.word("luft-1"), street.word("luft-2")} == {"pipeline_down"}
        await street.pass_time(10 * MINUTE, "gw-hill", "luft-1")
        assert {street.word("luft-1"), street.word("luft-2")} == {"ok"}

    live(tmp_path, (air(1), air(2), gateway(HILL)), before, after)


def test_a_broker_of_which_no_sensor_was_ever_heard_is_quiet_since_the_start(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(HOUR, "gw-hill")
        assert street.clock.quiet_s() == {"town": 3600.0}
        await street.say("luft-1")
        await street.tick()
        assert street.clock.quiet_s() == {"town": 0.0}

    live(tmp_path, (air(1), gateway(HILL)), story)


def test_a_broker_that_brings_only_strangers_or_what_another_brought_before_is_not_quiet(
    tmp_path: Path,
) -> None:
    async def story(street: Street) -> None:
        street.things["luft-9"] = air(9)
        for _ in range(2 * 6):
            await street.pass_time(10 * MINUTE, "luft-9", "gw-hill")
            await street.say("luft-1")
            street.sources.reverse()  # the same frame by the other broker
            street._number -= 1
            await street.say("luft-1")
            street.sources.reverse()
        await street.tick()
        assert street.counts.outcomes[Outcome.DUPLICATE] == 12
        assert street.clock.quiet_s() == {"town": 0.0, "second": 0.0, "third": 7200.0}

    live(tmp_path, (air(1), gateway(HILL)), story, sources=("town", "third", "second"))


def test_sensors_that_are_taken_out_of_service_cut_nobody_off(tmp_path: Path) -> None:
    sensors = [air(number) for number in range(4)]
    ended = [out_of_service(one) for one in sensors]

    async def cut_off(street: Street) -> None:
        await street.pass_time(HOUR, *(one.id for one in sensors), "gw-hill")
        await street.pass_time(3 * HOUR, "gw-hill")
        assert street.word("luft-1") == "pipeline_down"

    async def reload(street: Street) -> None:
        await street.pass_time(MINUTE, "gw-hill")
        assert street.word("luft-1") == "pipeline_down"
        register(street.folder, [*ended, gateway(HILL)])
        street.intake.registry = load_types(street.folder)
        await street.pass_time(MINUTE, "gw-hill")
        assert street.word("luft-1") == "retired"
        assert street.clock.quiet_s() == {"town": 0.0}

    async def restart(street: Street) -> None:
        street.intake.registry = load_types(street.folder)
        await street.pass_time(30 * MINUTE, "gw-hill")
        assert street.word("luft-1") == "retired"
        assert street.clock.quiet_s() == {"town": 0.0}

    live(tmp_path, [*sensors, gateway(HILL)], cut_off, reload, restart)


@pytest.mark.parametrize("before", [True, False])
def test_gateways_that_are_taken_out_of_service_leave_no_broker_down(tmp_path: Path, *, before: bool) -> None:
    network = [air(1), air(2), gateway(HILL), gateway(ROOF)]
    ended = [out_of_service(one) for one in network]

    async def story(street: Street) -> None:
        await street.pass_time(59 * MINUTE, *(one.id for one in network))
        await street.pass_time(2 * HOUR)
        assert street.word("gw-hill") == ("retired" if before else "pipeline_down")
        register(street.folder, ended)
        street.intake.registry = load_types(street.folder)
        await street.pass_time(MINUTE)
        assert {street.word(one.id) for one in network} == {"retired"}
        assert street.clock.quiet_s() == {"town": 0.0}

    live(tmp_path, ended if before else network, story)


@pytest.mark.parametrize("back", [2 * HOUR, 24 * HOUR])
def test_who_speaks_again_after_the_clock_was_set_back_is_not_cut_off(tmp_path: Path, back: int) -> None:
    names = ["luft-1", "luft-2"]

    async def story(street: Street) -> None:
        await street.pass_time(HOUR, *names, "gw-hill")
        await street.pass_time(3 * HOUR, "gw-hill")
        assert street.word("luft-1") == "pipeline_down"
        street.now_ns -= back
        await street.pass_time(10 * MINUTE, *names, "gw-hill")
        for _ in range(50):
            await street.pass_time(MINUTE, *names, "gw-hill")
            assert {street.word(name) for name in names} == {"ok"}
            assert street.clock.quiet_s() == {"town": 0.0}

    live(tmp_path, (air(1), air(2), gateway(HILL)), story)


def test_a_clock_that_is_set_makes_no_broker_quiet(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(HOUR)
        street.now_ns += 72 * HOUR
        await street.pass_time(HOUR)
        street.now_ns -= 96 * HOUR
        await street.pass_time(HOUR)
        assert street.clock.quiet_s() == {"town": 3 * 3600 - 2 * 60}  # it jumped in the minute of a beat

    live(tmp_path, (air(1),), story)


def test_one_sensor_alone_is_silent_whatever_its_gateway_says(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1", "platz-1", "gw-hill")
        await street.pass_time(9 * HOUR, "gw-hill")
        assert await street.told("luft-1") == ["commissioning", "ok", "silent"]
        assert street.word("platz-1") == "ok"
        assert street.clock.quiet_s() == {"town": 0.0}

    live(tmp_path, (air(1), bay(1), gateway(HILL)), story)


@pytest.mark.parametrize("registered", [True, False])
def test_a_night_in_which_no_car_moves_is_in_order(tmp_path: Path, *, registered: bool) -> None:
    bays = [bay(number) for number in range(40)]

    async def story(street: Street) -> None:
        for number, one in enumerate(bays):
            await street.say(one.id, None, HILL if number % 2 else ROOF)
        await street.pass_time(HOUR, *(["gw-hill", "gw-roof"] if registered else []))
        await street.pass_time(12 * HOUR, *(["gw-hill", "gw-roof"] if registered else []))
        assert {street.word(one.id) for one in bays} == {"ok"}
        for one in bays[:4]:
            assert await street.told(one.id) == ["ok"]
        assert street.clock.quiet_s() == {"town": 0.0}

    live(tmp_path, [*bays, *([gateway(HILL), gateway(ROOF)] if registered else [])], story)


@pytest.mark.parametrize("minute_of_death", [2, 8])
def test_the_end_of_the_one_gateway_is_never_the_pipelines(tmp_path: Path, minute_of_death: int) -> None:
    """Its sensors speak in step, so that many uplinks are missing before it counts as down."""
    sensors = [air(number) for number in range(20)]

    async def story(street: Street) -> None:
        for minute in range(180):
            street.now_ns += MINUTE
            if minute < 60 + minute_of_death:
                await street.say("gw-hill")
                if minute % 10 == 0:
                    for one in sensors:
                        await street.say(one.id)
            await street.tick()
        for one in (*sensors[:3], gateway(HILL)):
            assert await street.told(one.id) == ["ok", "gateway_down"]
        assert street.clock.quiet_s() == {"town": 0.0}

    live(tmp_path, [*sensors, gateway(HILL)], story)


def test_an_unknown_gateways_end_is_its_own_while_another_has_only_slow_sensors(tmp_path: Path) -> None:
    fast, slow = [air(number) for number in range(20)], [air(20 + number, "60min") for number in range(3)]

    async def story(street: Street) -> None:
        for minute in range(180):
            street.now_ns += MINUTE
            await street.say("gw-roof")
            if minute % 10 == 0 and minute < 65:
                for one in fast:
                    await street.say(one.id)
            if minute % 60 == 0:
                for one in slow:
                    await street.say(one.id, None, ROOF)
            await street.tick()
        assert await street.told(fast[0].id) == ["ok", "gateway_down"]
        assert await street.told(slow[0].id) == ["ok"]

    live(tmp_path, [*fast, *slow, gateway(ROOF)], story)


def test_a_gateways_downtime_before_a_restart_still_explains_a_silence_after_it(tmp_path: Path) -> None:
    async def before(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1", "luft-2", "gw-hill")
        await street.pass_time(4 * HOUR)

    async def after(street: Street) -> None:
        await street.say("gw-hill")
        await street.pass_time(30 * MINUTE, "gw-hill")
        assert street.word("luft-1") == "ok"

    live(tmp_path, (air(1), air(2), gateway(HILL)), before, after)


def test_a_process_that_stood_still_was_down(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(30 * MINUTE, "luft-1")
        street.now_ns += 6 * HOUR
        await street.pass_time(30 * MINUTE)
        assert street.word("luft-1") == "ok"
        assert await street.told("luft-1") == ["commissioning", "ok", "pipeline_down", "ok"]

    live(tmp_path, (air(1),), story)


def test_a_clock_that_ran_ahead_and_is_set_back_hides_no_dead_sensor(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1", "luft-2", "gw-hill")
        right_ns = street.now_ns
        street.now_ns += 24 * HOUR
        await street.tick()
        street.now_ns = right_ns
        await street.pass_time(2 * HOUR, "luft-2", "gw-hill")
        assert (street.word("luft-1"), street.word("luft-2")) == ("silent", "ok")
        assert json.loads(street.clock.beat(street.now_ns))["ours"] == [[right_ns, right_ns + MINUTE]]

    live(tmp_path, (air(1), air(2), gateway(HILL)), story)


def test_rows_that_lie_ahead_of_a_clock_that_is_set_back_are_written_over_as_their_time_comes(
    tmp_path: Path,
) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1", "luft-2", "gw-hill")
        right_ns = street.now_ns
        street.now_ns += 6 * HOUR
        await street.tick()
        ahead = [right_ns + n * 300 * SECOND for n in range(72)]

        async def said(name: str) -> list[object]:
            found = {row.time_ns: row.fields["state"] for row in await street.rows("status", name)}
            return [found[time_ns] for time_ns in ahead]

        assert await said("luft-2") == ["pipeline_down"] * 72
        street.now_ns = right_ns
        await street.pass_time(2 * HOUR, "luft-2", "gw-hill")
        assert await said("luft-2") == ["pipeline_down"] + ["ok"] * 24 + ["pipeline_down"] * 47
        assert (await said("luft-1"))[20:25] == ["silent"] * 5
        street.now_ns += HOUR  # now it is true
        await street.pass_time(4 * HOUR, "luft-2", "gw-hill")
        assert (await said("luft-2"))[25:36] == ["pipeline_down"] * 11
        assert (await said("luft-2"))[37:] == ["ok"] * 35
        assert street.clock._noted.ahead == []

    live(tmp_path, (air(1), air(2), gateway(HILL)), story)


def test_a_clock_that_is_set_back_stops_no_row(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        street.now_ns += HOUR
        await street.say("platz-1")
        await street.pass_time(5 * MINUTE)
        street.now_ns = NOON
        street.sources[0].connected = False
        await street.pass_time(5 * MINUTE)
        lots = await street.rows("parking", "lot:giessen:L")
        assert [row.time_ns for row in lots if row.time_ns < NOON + HOUR] == [
            NOON + n * MINUTE for n in range(1, 6)
        ]
        assert street.word("platz-1") == "pipeline_down"

    live(tmp_path, (bay(1, lot="L", bay="1"),), story)


def test_notes_that_cannot_be_read_make_nobody_silent_after_a_restart(tmp_path: Path) -> None:
    async def before(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1")

    async def after(street: Street) -> None:
        street.now_ns += MINUTE
        await street.tick()
        assert street.word("luft-1") == "ok"

    (first,) = live(tmp_path, (air(1),), before)
    (tmp_path / "state" / FILE_NAME).write_bytes(b"{")

    async def later(street: Street) -> None:
        street.now_ns = first.now_ns + 3 * HOUR
        street.clock = StatusClock(street.intake, None, street.events, tmp_path / "state")
        street.clock.beat(street.now_ns)
        await after(street)

    live(tmp_path, (air(1),), later)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        bytes(1000),
        b'{"heartbeat_ns": "now"}',
        b'{"ours": [[1]]}',
    ],
)
def test_notes_that_are_damaged_are_no_notes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert downtimes.load(tmp_path / FILE_NAME) is None


def test_a_short_sleep_is_not_the_newest_that_is_told(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(30 * MINUTE, "luft-1")
        street.now_ns += 2 * MINUTE
        await street.tick()
        street.now_ns += 10 * SECOND
        await street.tick()
        assert await street.told("luft-1") == ["commissioning", "ok", "pipeline_down", "ok"]

    live(tmp_path, (air(1),), story)


# --- rows -----------------------------------------------------------------------------------------------


def test_a_row_comes_at_once_with_a_change_and_else_every_five_minutes(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(3 * HOUR, "luft-1", "platz-1")
        rows = await street.rows("status", "luft-1")
        apart = {after.time_ns - before.time_ns for before, after in itertools.pairwise(rows)}
        assert max(apart) <= 300 * SECOND + MINUTE  # the test's clock moves by minutes
        assert len(rows) < 3 * 60 / 4
        assert rows[0].tags == {"device": "luft-1", "municipality": "giessen", "site": "Marktplatz"}
        assert rows[-1].fields == {
            "state": "ok",
            "state_code": 0,
            "lat": 50.58,
            "lon": 8.67,
            "age": rows[-1].fields["age"],
            "interval": 600,
            "headline": 12.4,
            "headline_field": "pm2_5",
            "gateway": HILL.eui,
            "battery_low": 0,
        }
        parked = (await street.rows("status", "platz-1"))[-1].fields
        assert (parked["headline"], parked["headline_field"]) == (1.0, "occupied")

    live(tmp_path, (air(1), bay(1)), story)


def test_rows_that_find_no_room_are_told_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(street: Street) -> None:
        with monkeypatch.context() as full:
            full.setattr(street.intake, "try_add", lambda _lines: False)
            await street.pass_time(10 * MINUTE, "luft-1")
            assert await street.rows("status", "luft-1") == []
        await street.pass_time(MINUTE)
        assert await street.told("luft-1") == ["ok"]
        assert street.counts.status_rows == 1

    live(tmp_path, (air(1),), story)


def test_a_time_without_room_is_told_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(10 * MINUTE, "luft-1")
        street.intake.trouble = "full"
        with monkeypatch.context() as full:
            full.setattr(street.intake, "try_add", lambda _lines: False)
            await street.pass_time(30 * MINUTE)
            assert street.word("luft-1") == "pipeline_down"
        street.intake.trouble = ""
        await street.pass_time(10 * MINUTE, "luft-1")
        assert await street.told("luft-1") == ["commissioning", "ok", "pipeline_down", "ok"]
        rows = await street.rows("status", "luft-1")
        apart = {after.time_ns - before.time_ns for before, after in itertools.pairwise(rows)}
        assert max(apart) <= 300 * SECOND + MINUTE  # the test's clock moves by minutes

    live(tmp_path, (air(1),), story)


def test_an_uplink_mends_a_silent_device_before_the_next_look(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1")
        await street.pass_time(2 * HOUR)
        assert street.word("luft-1") == "silent"
        await street.say("luft-1")
        street.clock._judge_hurried(street.now_ns)
        assert street.word("luft-1") == "ok"
        assert +street.clock.by_state == {"ok": 1}

    live(tmp_path, (air(1),), story)


def test_a_period_and_an_end_have_their_words_and_a_removed_device_has_none(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(20 * MINUTE, "luft-1", "luft-2", "gw-hill")
        period = Period(street.now_ns, street.now_ns + 70 * MINUTE, "maintenance", "cleaned")
        street.intake.registry = replace(street.intake.registry, periods={"luft-1": (period,)})
        await street.pass_time(2 * HOUR, "gw-hill")
        assert street.word("luft-2") == "silent"
        assert await street.told("luft-1") == ["commissioning", "ok", "maintenance", "silent"]
        devices = dict(street.intake.registry.devices)
        del devices["luft-2"]
        street.intake.registry = replace(street.intake.registry, devices=devices)
        await street.pass_time(MINUTE, "gw-hill")
        assert street.word("luft-2") is None
        assert +street.clock.by_state == {"silent": 1, "ok": 1}

    live(tmp_path, (air(1), air(2), gateway(HILL)), story)


def test_a_gateway_that_was_changed_or_removed_gives_its_old_address_free(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        await street.pass_time(20 * MINUTE, "luft-1", "gw-hill")
        register(tmp_path, [air(1), replace(gateway(HILL), dev_eui=ROOF.eui)])
        street.intake.registry = registry.load(tmp_path / "devices", (registry.SHIPPED_TYPES,))
        await street.pass_time(5 * MINUTE)
        row = (await street.rows("status", "luft-1"))[-1]
        assert row.fields["gateway"] == HILL.eui
        await street.say("luft-1", None, ROOF)
        for _ in range(10):
            await street.pass_time(10 * MINUTE)
            await street.say("luft-1", None, ROOF)
        row = (await street.rows("status", "luft-1"))[-1]
        assert row.fields["gateway"] == "gw-hill"

    live(tmp_path, (air(1), gateway(HILL)), story)


def test_a_lot_is_told_every_full_minute_from_the_bays_that_are_observed(tmp_path: Path) -> None:
    lot = {"lot": "Tiefgarage 1"}
    things = [bay(number, bay=str(number), **lot) for number in range(1, 4)]
    things.append(replace(bay(4, bay="4", **lot), extra=(("bay", "4"), ("lot", "Tiefgarage 1"))))

    async def story(street: Street) -> None:
        await street.say("platz-1", {"occupied": True})
        await street.say("platz-2", {"occupied": False})
        await street.pass_time(52 * HOUR)
        assert street.word("platz-1") == "silent"
        rows = await street.rows("parking", "lot:giessen:Tiefgarage 1")
        assert [row.time_ns for row in rows] == [NOON + n * MINUTE for n in range(1, 52 * 60 + 1)]
        assert rows[0].tags == {
            "device": "lot:giessen:Tiefgarage 1",
            "lot": "Tiefgarage 1",
            "municipality": "giessen",
            "site": "Marktplatz",
        }
        assert rows[0].fields == {"occupied_bays": 1, "observed_bays": 2, "capacity": 4}
        assert rows[-1].fields == {"occupied_bays": 0, "observed_bays": 0, "capacity": 4}

    live(tmp_path, things, story)


def test_a_bay_that_is_renamed_keeps_its_state_and_one_that_is_another_has_none(tmp_path: Path) -> None:
    def watching(**bays: str) -> Thing:
        extra = {"bays": bays, "lot": "L"}
        return Thing("paar", "70b3d57ba0000d01", "two-bays", tuple(extra.items()))

    async def story(street: Street) -> None:
        async def now(thing: Thing) -> tuple[dict[str, Any], tuple[Any, Any]]:
            register(tmp_path, [thing])
            street.intake.adopt(load_types(tmp_path), ())
            await street.pass_time(6 * MINUTE)
            lot = (await street.rows("parking", "lot:giessen:L"))[-1]
            row = (await street.rows("status", "paar"))[-1]
            return dict(lot.fields), (row.fields.get("headline"), row.fields.get("headline_field"))

        await street.say("paar", {"bays": [{"id": name, "full": True} for name in ("left", "right")]})
        both = {"occupied_bays": 2, "observed_bays": 2, "capacity": 2}
        assert await now(watching(left="A1", right="A2")) == (both, (2, "occupied_bays"))
        assert await now(watching(left="A1", right="B2")) == (both, (2, "occupied_bays"))
        one = {"occupied_bays": 1, "observed_bays": 1, "capacity": 2}
        assert await now(watching(left="A1", behind="A2")) == (one, (1, "occupied"))
        none = {"occupied_bays": 0, "observed_bays": 0, "capacity": 1}
        assert (await now(watching(behind="A2")))[0] == none

    (tmp_path / "types").mkdir()
    (tmp_path / "types/two-bays.yaml").write_text(two_bays("10min"))
    live(tmp_path, [watching(left="A1", right="A2")], story)


def test_a_lots_first_full_minute_after_the_start_is_told(tmp_path: Path) -> None:
    async def before(street: Street) -> None:
        await street.say("platz-1")
        street.now_ns += 30 * SECOND

    async def after(street: Street) -> None:
        street.now_ns = NOON + MINUTE + SECOND // 1000
        await street.tick()
        rows = await street.rows("parking", "lot:giessen:L")
        assert [row.time_ns for row in rows] == [NOON + MINUTE]

    live(tmp_path, (bay(1, lot="L", bay="1"),), before, after)


# --- what alarms are told -----------------------------------------------------------------------------


def test_every_state_has_its_code_and_alarms_mean_the_same() -> None:
    assert rows.CODES.keys() == set(status.STATES)
    codes = [*rows.CODES.values(), rows.GATEWAY_DOWN_ITSELF, rows.CUT_OFF]
    assert sorted(codes) == list(range(9))
    assert rows.CODES["silent"] == alarms.SILENT
    assert rows.GATEWAY_DOWN_ITSELF == alarms.GATEWAY_SILENT
    assert rows.CUT_OFF == alarms.CUT_OFF


@pytest.mark.parametrize("registered", [True, False])
def test_a_dead_gateway_has_a_code_of_its_own_and_so_have_devices_that_only_strangers_hear(
    tmp_path: Path, *, registered: bool
) -> None:
    sensors = tuple(thing.id for thing in ALL[:4])

    async def story(street: Street) -> None:
        await street.pass_time(HOUR, *sensors, *(["gw-hill"] if registered else []))
        await street.pass_time(5 * HOUR)
        assert {street.word(name) for name in sensors} == {"gateway_down"}
        for name in sensors:
            assert (await street.rows("status", name))[-1].fields["state_code"] == (5 if registered else 8)
        if registered:
            assert (await street.rows("status", "gw-hill"))[-1].fields["state_code"] == 7

    live(tmp_path, ALL if registered else ALL[:4], story)


def test_a_battery_is_judged_by_the_limit_of_its_type_and_remembered_over_a_restart(tmp_path: Path) -> None:
    empty = {"pm2_5_mass_concentration": {"value": 12.4}, "battery_voltage": {"value": 2.1}}

    async def before(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1", "luft-2", "platz-1")
        await street.say("luft-1", empty)
        await street.pass_time(6 * MINUTE)
        assert (await street.rows("status", "luft-1"))[-1].fields["battery_low"] == 1
        assert (await street.rows("status", "luft-2"))[-1].fields["battery_low"] == 0
        assert "battery_low" not in (await street.rows("status", "platz-1"))[-1].fields

    async def after(street: Street) -> None:
        await street.tick()
        await street.clock._fill()
        await street.pass_time(6 * MINUTE)
        assert (await street.rows("status", "luft-1"))[-1].fields["battery_low"] == 1
        await street.say("luft-1")
        await street.pass_time(6 * MINUTE)
        assert (await street.rows("status", "luft-1"))[-1].fields["battery_low"] == 0

    live(tmp_path, (air(1), air(2), bay(1)), before, after)


def test_a_battery_without_a_limit_of_its_type_is_judged_by_the_settings() -> None:
    without = DeviceType("x", "Maker", "X", "lns", ())
    limit = battery.limit_of(without, 30)
    assert limit == ("battery", 30.0)

    def said(*values: Value) -> Sequence[Reading]:
        return [Reading("device", NOON, values), Reading("weather", NOON, (Value("air_temperature", 3.0),))]

    assert battery.of_readings(said(Value("rssi", -90.0), Value("battery", 25.0)), limit) == (25.0, NOON)
    assert battery.of_readings(said(Value("battery", 25.0, Flag.SUSPECT)), limit) is None
    assert battery.of_readings(said(Value("battery_voltage", 3.0)), limit) is None


# --- what is bounded ------------------------------------------------------------------------------------


@pytest.mark.parametrize("devices", [1, 24, 2000, 100_000, 1_000_000])
@pytest.mark.parametrize("hours", [1, 24, 24 * 7, 24 * 365])
def test_a_downtime_is_told_in_bounded_rows_from_its_first_moment_on(devices: int, hours: int) -> None:
    moments = past.moments((NOON, NOON + hours * HOUR), devices)
    assert len(moments) * devices <= max(past.MOST_ROWS, devices)
    assert moments[0] == max(NOON, NOON + hours * HOUR - past.MOST_NS)
    assert moments.step % (300 * SECOND) == 0


def test_a_look_pauses_after_every_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "SLICE", 2)

    async def story(street: Street) -> None:
        looked: list[int] = []
        teller = street.clock._teller
        monkeypatch.setattr(teller, "tell", lambda judged, _now_ns: looked.append(len(list(judged))))
        pauses = len(list(street.clock._look(lambda: street.now_ns)))
        assert looked == [2, 2, 1]
        assert pauses == 6

    live(tmp_path, [air(number) for number in range(5)], story)


def test_a_look_pauses_too_while_brokers_and_many_gateways_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brokers, "_SLICE", 2)
    monkeypatch.setattr(gateways, "_SLICE", 2)

    async def story(street: Street) -> None:
        for number in range(6):
            await street.say(f"luft-{number}", None, Gateway(f"0016c001f15000{number:02x}", "", 50.5, 8.7))
        street.now_ns += 9 * MINUTE  # nothing is missing yet
        # a slice of all, twice; three of the broker's sensors, of the gateways' and at the broker's end
        assert len(list(street.clock._look(lambda: street.now_ns))) == 2 + 3 + 3 + 1

    live(tmp_path, [air(number) for number in range(6)], story)


# --- the value that is shown ----------------------------------------------------------------------------


def test_the_store_gives_the_first_values_after_a_restart(tmp_path: Path) -> None:
    async def before(street: Street) -> None:
        await street.pass_time(HOUR, "luft-1")
        await street.rows("status", "luft-1")  # all is in the store

    async def after(street: Street) -> None:
        await street.tick()
        await street.clock._fill()
        await street.pass_time(6 * MINUTE)
        assert (await street.rows("status", "luft-1"))[-1].fields["headline"] == 12.4

    live(tmp_path, (air(1),), before, after)


def test_what_others_wrote_into_the_store_is_no_value(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        street.clock.sweep(street.now_ns)
        tags = b"device=luft-1,municipality=giessen,site=Marktplatz"
        fields = b'pm2_5="text",battery_voltage="text"'
        line = b"%s,%s %s %d"
        for measurement in (b"air_quality", b"device"):
            await street.store.write([line % (measurement, tags, fields, street.now_ns)])
        await street.clock._fill()
        street.clock.sweep(street.now_ns + 6 * MINUTE)
        await street.intake.flush()
        shown = (await street.rows("status", "luft-1"))[-1].fields
        assert "headline" not in shown
        assert street.counts.internal_errors == 0

    live(tmp_path, (air(1),), story)


def test_a_lesser_value_is_shown_only_when_the_better_one_is_old() -> None:
    particles = Headline(FIELDS.index("pm2_5"), 12.4, NOON)
    warmth = Headline(FIELDS.index("air_temperature"), 21.5, NOON + MINUTE)
    assert newer(None, warmth, HOUR) == warmth
    assert newer(warmth, particles, HOUR) == particles
    assert newer(particles, warmth, HOUR) == particles
    late = warmth._replace(time_ns=NOON + 2 * HOUR)
    assert newer(particles, late, HOUR) == late
    assert newer(particles, particles._replace(value=1.0, time_ns=NOON - 1), HOUR) == particles


def test_a_line_of_a_state_can_be_read_back(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        taken: list[bytes] = []
        street.intake.try_add = lambda lines: not taken.extend(lines)  # type: ignore[method-assign,func-returns-value]  # it is None
        street.clock.sweep(street.now_ns + 1)
        (line,) = taken
        measurement, tags, fields, time_ns = parse(line)
        assert (measurement, tags["device"], time_ns) == ("status", "luft-1", NOON)
        assert fields == {
            "state": "commissioning",
            "state_code": 1,
            "lat": 50.58,
            "lon": 8.67,
            "interval": 600,
        }

    live(tmp_path, (air(1),), story)
