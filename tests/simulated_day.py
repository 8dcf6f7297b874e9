"""A believable day of a small city that does not exist, through the real pipeline into a real InfluxDB.

What goes in are the JSON events of network servers; what is in the store afterwards was written by the
intake, the spool, the writer, the states by clock and the finished hours. All of it follows from the seed and
the date: two runs store the same. In it happens what operators ask about: a sensor dies, a gateway dies, the
service stands still for half an hour, somebody works at a sensor, an uplink comes hours late.
"""

import asyncio
import contextlib
import json
import math
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from devices.device import Installation
from devices.registry import Registry
from ingest.app import Core, gauges, open_core
from ingest.metrics import create_metrics
from ingest.registry_files import load_registry
from ingest.seams import Delivery, Source, Store
from ingest.settings import Broker, Influx, Settings
from ingest.simulator import events
from ingest.simulator.events import GATEWAYS, Format, Frame
from ingest.simulator.radio import hearings, spreading_factor
from ingest.simulator.street import filling, moment, place
from ingest.simulator.voice import Voice
from ingest.status import StatusClock
from ingest.store import open_store
from ingest.writer import Writer
from publish.hours import HourKeeper
from tests.grafana.panel import Grafana
from tests.servers.influxdb import Influxd
from tests.servers.prometheus import Prometheus

ZONE = ZoneInfo("Europe/Berlin")
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
MUNICIPALITY = "musterstadt"
SCRAPED_HOURS = 6.5
#: The gateway on the hill, which alone hears the sensor beside it.
HILL = GATEWAYS[2]
SOURCES = ("messnetz-readings", "messnetz-hours", "messnetz-bays")
REGISTRY = Path(__file__).parent / "musterstadt"


@dataclass(frozen=True)
class Day:
    """What is simulated, and when."""

    date: str  #: local, as 2026-06-18
    end_hour: float = 20.0  #: local; "now" of the boards
    hours: float = 26.0  #: minute by minute; before that in coarse steps
    days: float = 3.0  #: of what all sensors say
    counter_days: float = 7.0  #: of what those say that count traffic
    seed: int = 7
    now_ns: int | None = None  #: instead: the day that ends now, `end_hour` being now
    one_server: bool = False  #: all devices are on ChirpStack

    @property
    def end_ns(self) -> int:
        """The boards' now."""
        return self.at(self.end_hour)

    @property
    def begin_ns(self) -> int:
        """When the first sensor speaks."""
        return self.end_ns - round(self.counter_days * 24 * HOUR)

    def first_ns(self, *, counts: bool) -> int:
        """When a sensor begins to speak."""
        return self.end_ns - round((self.counter_days if counts else self.days) * 24 * HOUR)

    def fine(self, now_ns: int) -> bool:
        """Whether states are told and the service's own figures are looked at."""
        return now_ns >= self.end_ns - round(self.hours * HOUR)

    def step_ns(self, now_ns: int) -> int:
        """How far the clock moves on; the newest hours are looked at as often as Prometheus does."""
        if now_ns >= self.end_ns - round(SCRAPED_HOURS * HOUR):
            return 20 * SECOND
        return MINUTE if self.fine(now_ns) else 5 * MINUTE

    def at(self, hour: float) -> int:
        """UTC nanoseconds of an hour of the local day."""
        if self.now_ns is not None:
            return self.now_ns - round((self.end_hour - hour) * HOUR)
        midnight = datetime.fromisoformat(self.date).replace(tzinfo=ZONE)
        there = midnight + timedelta(hours=math.floor(hour))  # the clock on the wall
        return round(there.timestamp()) * SECOND + round((hour - math.floor(hour)) * HOUR)


#: A Thursday in June.
SUMMER = Day("2026-06-18")

# What happens, by local hours of the day.
STOPPED = (3.0, 3.5)  #: the service stands still
DEAD_SENSOR = ("luft-wieseck", 13.2)
DEAD_GATEWAY = 17.4
AWAY = ("fussgaenger-seltersweg", 6.0, 9.0)  #: without power
NEVER_HEARD = "luft-neustadt"
DEAD_BAY = ("parken-brandplatz-04", 10.0)
LATE = ("luft-marktplatz", 11.0, 14.0)  #: said at the one, heard at the other
MAINTENANCE = ("laerm-rathaus", 9.0, 10.5)


# --- what is said ------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Said:
    """One message and when it arrives."""

    arrival_ns: int
    number: int
    topic: str = field(compare=False)
    payload: bytes = field(compare=False)
    form: str = field(compare=False)


#: Percent, where it is not nearly full.
_BATTERIES = {"verkehr-licher-strasse": 14.0}
#: Those that are not on ChirpStack.
_ELSEWHERE: Mapping[str, Format] = {
    "wetter-klinikum": "ttn",
    "rad-lahnuferweg": "ttn",
    "pegel-lahn": "thingpark",
    "parkhaus-bahnhof": "thingpark",
}


class _Sensor:
    """One piece of hardware, speaking for itself."""

    def __init__(self, hardware: Installation, day: Day) -> None:
        self.id = hardware.device.id
        self.hardware = hardware
        self.day = day
        self.random = Random(f"{day.seed}/{self.id}")  # noqa: S311  it has to be believable, not secret
        self.place = place(self.id, day.seed, evening=hardware.device.lot == "Oswaldsgarten")
        self.voice = Voice(hardware.device, hardware.type, self.place, self.random)
        self.form: Format = "chirpstack" if day.one_server else _ELSEWHERE.get(self.id, "chirpstack")
        self.interval_s = hardware.device.interval_s or hardware.type.interval_s or 600
        self.f_cnt = self.place.seed % 60_000
        self.taken = False

    def speak(self) -> Iterator[Said]:
        """Everything it says, by time."""
        for time_ns in self._turns() if self.hardware.device.bay is not None else self._beat():
            if self._silent(time_ns):
                continue
            self.f_cnt += 1
            if self.random.random() < 0.006:
                continue  # lost in the air
            if (said := self._message(time_ns)) is None:
                continue
            yield said
            if self.form == "chirpstack" and self.f_cnt % 40 == 0:
                yield self._status(time_ns + SECOND)

    def _beat(self) -> Iterator[int]:
        step = self.interval_s * SECOND
        counts = any(
            value.quantity.measurement == "traffic"
            for spec in self.hardware.type.readings
            for value in spec.values
        )
        time_ns = self.day.first_ns(counts=counts) + self.random.randrange(step)
        begin_ns = self.hardware.begin_ns or 0
        while time_ns < self.day.end_ns:
            if time_ns >= begin_ns and (self.hardware.end_ns is None or time_ns < self.hardware.end_ns):
                yield time_ns
            time_ns += step + self.random.randrange(-step // 100, step // 100)

    def _turns(self) -> Iterator[int]:
        """A bay speaks when it turns, and every hour."""
        time_ns, spoke_ns = self.day.first_ns(counts=False) + self.random.randrange(5 * MINUTE), 0
        while time_ns < self.day.end_ns:
            wanted = self.random.random() < filling(self.place, moment(time_ns))
            stirs = self.random.random() < 1 - math.exp(-300 / 2400)
            turned = stirs and wanted != self.taken
            if turned:
                self.taken = wanted
            if turned or time_ns - spoke_ns >= HOUR:
                spoke_ns = time_ns
                yield time_ns
            time_ns += 5 * MINUTE + self.random.randrange(-20, 20) * SECOND

    def _silent(self, time_ns: int) -> bool:
        dead = dict([DEAD_SENSOR, DEAD_BAY])
        if self.id in dead and time_ns >= self.day.at(dead[self.id]):
            return True
        device, begin, end = AWAY
        away = self.id == device and self.day.at(begin) <= time_ns < self.day.at(end)
        return away or self.id == NEVER_HEARD

    def _message(self, time_ns: int) -> Said | None:
        frame = self._frame(time_ns)
        if frame is None:
            return None
        arrival_ns = time_ns + SECOND
        device, said, heard = LATE
        late_ns = self.day.at(said)
        if self.id == device and late_ns <= time_ns < late_ns + self.interval_s * SECOND:
            arrival_ns = self.day.at(heard)
        topic = events.topic(self.form, frame.dev_eui, self.id, "up")
        return Said(arrival_ns, self.f_cnt, topic, events.uplink(self.form, frame, self.random), self.form)

    def _status(self, time_ns: int) -> Said:
        topic = events.topic("chirpstack", self.hardware.address, self.id, "status")
        frame = self._frame(time_ns)
        assert frame is not None
        return Said(
            time_ns,
            self.f_cnt,
            topic,
            events.status(frame, _BATTERIES.get(self.id, 87.0), 10, self.random),
            self.form,
        )

    def _frame(self, time_ns: int) -> Frame | None:
        port, decoded = self.voice.say(moment(time_ns), self.interval_s)
        heard = hearings(self.hardware.device, self.place, self.random)
        if self.id == "luft-huegel":
            heard = [one for one in heard if one.gateway is HILL]
        if time_ns >= self.day.at(DEAD_GATEWAY):
            heard = [one for one in heard if one.gateway is not HILL]
        if not heard:
            return None
        return Frame(
            self.hardware.address,
            self.id,
            f"{self.hardware.type.manufacturer} {self.hardware.type.model}",
            time_ns,
            self.f_cnt,
            1 if self.hardware.device.bay is not None else port,
            b"",
            self._tweaked(decoded, time_ns),
            heard,
            spreading_factor(heard[0]),
        )

    def _tweaked(self, decoded: dict[str, Any], time_ns: int) -> dict[str, Any]:
        if self.hardware.device.bay is not None:
            return {"occupied": self.taken or self.id == "parken-brandplatz-06"}  # which is stuck
        if self.id.startswith("verkehr-"):
            return self._counted(decoded)
        if self.id == "rad-lahnuferweg":
            return decoded | {"BATT_MV": 7200}  # of a solar charger
        hour = (time_ns - self.day.at(0)) / HOUR
        if self.id == "luft-westanlage" and 11 <= hour < 12.4:
            decoded = decoded | {"pm2_5": 61.0, "pm10": 124.0}  # somebody saws stones
        if self.id == "laerm-rathaus" and 15 <= hour < 15.4:
            decoded = decoded | {"soundAvg": 12}  # suspect
        if self.id == "wetter-klinikum" and 15 <= hour < 15.4:
            decoded = decoded | {"relative_humidity": {"value": 131.0}}  # not possible
        return decoded

    def _counted(self, decoded: dict[str, Any]) -> dict[str, Any]:
        """A battery that is nearly empty at one of the two; bicycles are slower than the rest."""
        slow = {name: round(0.4 * decoded[name], 1) for name in decoded if name.endswith("bicycle_speed")}
        return decoded | slow | {"battery": _BATTERIES.get(self.id, 87.0)}


def messages(registry: Registry, day: Day) -> list[Said]:
    """Everything that the network server says, by arrival."""
    said: list[Said] = []
    hardware = [
        one
        for device in registry.devices.values()
        for one in device.installations
        if one.type.id != "chirpstack-gateway"
    ]
    for one in hardware:
        said.extend(_Sensor(one, day).speak())
    said.extend(_gateways(day))
    said.extend(_strangers(day))
    stopped, again = day.at(STOPPED[0]), day.at(STOPPED[1])
    # what is said while the service stands still waits in the broker
    return sorted(
        replace(one, arrival_ns=again + SECOND) if stopped <= one.arrival_ns < again else one for one in said
    )


def _gateways(day: Day) -> Iterator[Said]:
    random = Random(day.seed)  # noqa: S311
    for gateway in GATEWAYS:
        time_ns, number = day.first_ns(counts=False) + random.randrange(300) * SECOND, 0
        while time_ns < day.end_ns and (gateway is not HILL or time_ns < day.at(DEAD_GATEWAY)):
            received = random.randrange(3, 30)
            stats = {
                "gatewayId": gateway.eui,
                "time": datetime.fromtimestamp(time_ns / SECOND, ZONE).isoformat(),
                "rxPacketsReceived": received,
                "rxPacketsReceivedOk": received - random.randrange(3),
                "txPacketsReceived": 1,
                "txPacketsEmitted": 1,
            }
            topic = f"eu868/gateway/{gateway.eui}/event/stats"
            yield Said(time_ns + SECOND, number, topic, json.dumps(stats).encode(), "chirpstack")
            time_ns += 300 * SECOND
            number += 1


def _strangers(day: Day) -> Iterator[Said]:
    """A device that nobody registered, and what is not readable."""
    random = Random(day.seed)  # noqa: S311
    heard = GATEWAYS[0]
    for number in range(12):
        time_ns = day.at(6) + number * HOUR
        if time_ns >= day.end_ns:
            return
        frame = Frame(
            "24e124ff0badcafe",
            "karton-im-keller",
            "Unknown",
            time_ns,
            number,
            85,
            b"\x01\x75\x5c",
            None,
            [events.Hearing(heard, -101, 4.5)],
            9,
        )
        whole = events.uplink("chirpstack", frame, random)
        topic = events.topic("chirpstack", frame.dev_eui, frame.name, "up")
        yield Said(time_ns, number, topic, whole, "chirpstack")
        if number % 4 == 3:
            yield Said(time_ns + SECOND, number, topic, whole[:200] + b"\xff", "chirpstack")


# --- through the pipeline ----------------------------------------------------------------------------------


@contextlib.contextmanager
def stood_up(day: Day, server: Influxd, prometheus: Prometheus, folder: Path) -> Iterator[Grafana]:
    """The whole day in InfluxDB and Prometheus, and what stands in for Grafana before them at the day's end.

    Readings, hours and single bays have a database each: a board that asks the wrong one finds nothing.
    """
    bases = {uid: server.new_database(folder) for uid in SOURCES}
    readings, hours, bays = (bases[uid] for uid in SOURCES)
    influx = readings.settings(hours_bucket=hours.bucket, bays_bucket=bays.bucket)
    prometheus.fill(asyncio.run(_fill(influx, folder, day)))
    prometheus.start()
    try:
        yield Grafana(bases, prometheus.url, day.end_ns // 1_000_000)
    finally:
        prometheus.kill()


def _settings(influx: Influx, folder: Path) -> Settings:
    """The settings of Musterstadt's service."""
    return Settings(
        store="influx",
        influx=influx,
        brokers=(
            Broker(name="lorawan", format="chirpstack", host="localhost"),
            Broker(name="ttn", format="ttn", host="ttn.example", topics=("v3/+/devices/+/up",)),
            Broker(
                name="thingpark", format="thingpark", host="thingpark.example", topics=events.THINGPARK_TOPICS
            ),
        ),
        devices=REGISTRY / "devices",
        types=REGISTRY / "types",
        periods=REGISTRY / "periods.yaml",
        ignored=folder / "ignored.yaml",
        codecs=folder / "codecs",
        state=folder / "state",
    )


async def _fill(influx: Influx, folder: Path, day: Day) -> str:
    """Write everything; what Prometheus would have scraped meanwhile, in OpenMetrics with times."""
    said = _settings(influx, folder)
    scrapes: list[str] = []
    pending = deque(messages(load_registry(said), day))
    stopped = day.at(STOPPED[0])
    await _run(said, day, pending, day.begin_ns, stopped, scrapes)
    await _run(said, day, pending, day.at(STOPPED[1]), day.end_ns, scrapes)
    assert not pending, "messages are left over"
    return "".join([*scrapes, "# EOF\n"])


async def _run(
    said: Settings,
    day: Day,
    pending: deque[Said],
    begin_ns: int,
    end_ns: int,
    scrapes: list[str],
) -> None:
    """One life of the service, from its start to its end, its clock moved on by us."""
    async with open_core(said) as core, _writing(core) as (writer, store):
        now_ns = begin_ns
        clock = StatusClock(core.intake, None, core.events, said.state, lambda: now_ns)
        core.intake.on_answered = clock.answered
        hours = HourKeeper(core.intake, core.spool, store, core.events, now_ns=lambda: now_ns)
        while now_ns <= end_ns:
            while pending and pending[0].arrival_ns <= now_ns:
                core.intake.on_delivery(_delivery(pending.popleft()))
            await core.intake.flush()
            if day.fine(now_ns):
                if now_ns % MINUTE == 0:
                    clock.beat(now_ns)
                    clock.sweep(now_ns)
                scrapes.append(_scraped(core, clock, hours, now_ns))
            if now_ns % (HOUR if day.fine(now_ns) else 24 * HOUR) == 15 * MINUTE or now_ns == begin_ns:
                await hours.finish(now_ns)
            now_ns += day.step_ns(now_ns)
        await hours.finish(end_ns)
        clock.close(end_ns)
        await core.intake.flush()
        await _drained(core, writer)


def _scraped(core: Core, clock: StatusClock, hours: HourKeeper, now_ns: int) -> str:
    """The service's own figures now, as Prometheus would keep them."""
    sources: list[Source] = [_Connected(broker.name) for broker in core.settings.brokers]
    certificates = (("thingpark", now_ns / SECOND + 41 * 86_400),)
    now = replace(gauges(core, sources, clock.by_state, certificates), hours_behind_s=hours.behind_s(now_ns))
    registry = create_metrics(core.counts, lambda: now, list)
    lines = []
    for family in registry.collect():
        for sample in family.samples:
            if not sample.name.startswith("process_"):
                named = {"instance": "musterstadt:9464", "job": "messnetz"} | sample.labels
                labels = ",".join(f'{name}="{value}"' for name, value in named.items())
                lines.append(f"{sample.name}{{{labels}}} {float(sample.value)} {now_ns // SECOND}\n")
    return "".join(lines)


@dataclass
class _Connected:
    """A source whose connection stands."""

    name: str
    connected: bool = True
    trouble: str = ""

    async def run(self) -> None:
        """Nothing: messages are delivered by hand."""

    def pause(self) -> None:
        """Nothing."""

    def resume(self) -> None:
        """Nothing."""


@contextlib.asynccontextmanager
async def _writing(core: Core) -> AsyncIterator[tuple[Writer, Store]]:
    store = open_store(core.settings)
    writer = Writer(core.spool, store, core.events, sleep=lambda _seconds: asyncio.sleep(0))
    core.intake.on_committed = writer.wake
    task = asyncio.create_task(writer.run())
    try:
        yield writer, store
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await store.close()


async def _drained(core: Core, writer: Writer) -> None:
    """Until the store has everything."""
    while core.spool.waiting_lines:
        assert not writer.trouble, writer.trouble
        writer.wake()
        await asyncio.sleep(0.005)


def _delivery(one: Said) -> Delivery:
    return Delivery(
        source={"chirpstack": "lorawan"}.get(one.form, one.form),
        format=one.form,
        topic=one.topic,
        payload=one.payload,
        arrival_ns=one.arrival_ns,
        qos=1 if one.form != "ttn" else 0,
        retained=False,
        redelivered=False,
        connection=0,
        settle=lambda _outcome: None,
    )
