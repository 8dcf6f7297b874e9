import asyncio
import itertools
import json
import re
from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import Any

import aiomqtt
import pytest

from devices.device import Device, Installation
from devices.path import compile_path
from devices.quantity import CATALOGUE
from devices.registry import Registry
from devices.type import DeviceType, ReadingSpec, TagSpec
from devices.uplink import Kind, Uplink
from ingest.broker import embedded_broker
from ingest.errors import CommandFailed
from ingest.line_protocol import parse
from ingest.lns import FORMATS
from ingest.seams import Outcome
from ingest.simulator import Published, simulate
from ingest.simulator.city import City, Message
from ingest.simulator.street import charge, filling, level, moment, place, traffic
from ingest.simulator.voice import Voice
from tests.city import day, delivery, judged, load_giessen
from tests.street import HOUR, MINUTE, NOON, SECOND, value

#: What each kind of message becomes when it reaches the service.
OUTCOMES = {
    "uplink": {Outcome.STORED},
    "duplicate": {Outcome.DUPLICATE},
    "unregistered": {Outcome.QUARANTINED},
    "garbled": {Outcome.REJECTED},
    "undecoded": {Outcome.REJECTED},
    "join": {Outcome.STORED, Outcome.IGNORED},
    "status": {Outcome.STORED},
}


@pytest.fixture(scope="module")
def giessen() -> Registry:
    return load_giessen()


def parsed(message: Message) -> Uplink:
    form = FORMATS[delivery(message).format]
    uplink = form.parse(message.topic, message.payload, NOON)
    assert isinstance(uplink, Uplink)
    return uplink


def test_the_same_seed_gives_the_same_city_and_another_seed_another(giessen: Registry) -> None:
    assert day(giessen, 7) == day(giessen, 7)
    assert day(giessen, 7) != day(giessen, 8)


def test_every_kind_of_message_becomes_what_it_is_meant_to(giessen: Registry) -> None:
    outcomes: dict[str, set[Outcome]] = {}
    for message, verdict in judged(day(giessen), giessen):
        outcomes.setdefault(message.kind, set()).add(verdict.outcome)
    assert outcomes == OUTCOMES


def test_no_value_of_a_day_is_refused_or_implausible(giessen: Registry) -> None:
    for _, verdict in judged(day(giessen), giessen):
        if verdict.outcome is Outcome.STORED:
            assert not verdict.dead
            assert not verdict.complaints
            doubts = {name for line in verdict.lines for name in re.findall(rb"\w+_(?:failed|qc)=", line)}
            assert doubts <= {b"pm1_qc=", b"pm2_5_qc=", b"pm4_qc=", b"pm10_qc="}  # in humid air


def test_every_registered_device_has_all_its_quantities_stored(giessen: Registry) -> None:
    stored: dict[str, set[str]] = {}
    for _, verdict in judged(day(giessen), giessen):
        for line in verdict.lines:
            _, tags, fields, _ = parse(line)
            stored.setdefault(tags["device"], set()).update(fields)
    for device in giessen.devices.values():
        (mounted,) = [one for one in device.installations if giessen.installation(one.address, NOON) == one]
        specs = [spec for reading in mounted.type.readings for spec in reading.values]
        assert {spec.quantity.name for spec in specs} <= stored[device.id]


def test_hardware_speaks_only_while_it_is_mounted(giessen: Registry) -> None:
    swap = next(device for device in giessen.devices.values() if len(device.installations) > 1)
    old, new = swap.installations
    assert old.end_ns is not None
    assert new.begin_ns is not None
    said = City(giessen).past(new.begin_ns + 2 * HOUR, 4)
    times: dict[str, list[int]] = {old.address: [], new.address: []}
    for message in said:
        if message.kind == "uplink" and parsed(message).address in times:
            times[parsed(message).address].append(parsed(message).time_ns)
    assert times[old.address]
    assert max(times[old.address]) < old.end_ns
    assert times[new.address]
    assert min(times[new.address]) >= new.begin_ns


def test_the_past_is_in_time_order_and_at_each_device_s_own_interval(giessen: Registry) -> None:
    uplinks = [parsed(message) for message in day(giessen) if message.kind in {"uplink", "undecoded"}]
    times = [uplink.time_ns for uplink in uplinks]
    assert times == sorted(times)
    assert times[0] >= NOON - 24 * HOUR
    assert times[-1] < NOON
    spoken = Counter(uplink.address for uplink in uplinks)
    for device in giessen.devices.values():
        assert device.interval_s is not None
        expected = 86_400 / device.interval_s
        assert 0.95 * expected - 1 <= sum(spoken[one.address] for one in device.installations) <= expected + 1


def test_times_of_a_device_grow_even_when_it_is_asked_at_one_moment(giessen: Registry) -> None:
    city = City(giessen)
    times: dict[str, list[int]] = {}
    for message in itertools.chain.from_iterable(city.present(NOON) for _ in range(300)):
        if message.kind in {"uplink", "undecoded", "join"}:
            uplink = parsed(message)
            times.setdefault(uplink.address, []).append(uplink.time_ns)
    assert any(len(several) > 5 for several in times.values())
    for several in times.values():
        assert several == sorted(set(several))
        assert several[0] >= NOON
        assert several[-1] < NOON + MINUTE


def test_devices_that_count_wait_a_minute_between_two_live_uplinks(giessen: Registry) -> None:
    city = City(giessen)
    counter = giessen.devices["fussgaenger-seltersweg-nord"].installations[-1].address
    counted = [
        parsed(message).time_ns
        for tick in range(600)
        for message in city.present(NOON + tick * SECOND)
        if message.kind == "uplink" and parsed(message).address == counter
    ]
    assert len(counted) > 5
    assert all(later - earlier >= MINUTE for earlier, later in itertools.pairwise(counted))


def test_a_duplicate_repeats_an_uplink_byte_for_byte(giessen: Registry) -> None:
    said: set[tuple[str, bytes]] = set()
    for message in day(giessen):
        if message.kind == "duplicate":
            assert (message.topic, message.payload) in said
        said.add((message.topic, message.payload))


def test_after_a_join_the_frame_counter_and_the_totals_begin_anew(giessen: Registry) -> None:
    last: dict[str, Uplink] = {}
    joined: set[str] = set()
    begun_anew = 0
    for message in day(giessen):
        if message.kind not in {"uplink", "join"}:
            continue
        uplink = parsed(message)
        if uplink.kind is Kind.JOIN:
            joined.add(uplink.address)
        elif uplink.address in joined and uplink.address in last:
            assert (uplink.f_cnt or 0) <= 1
            joined.discard(uplink.address)
            begun_anew += 1
        last[uplink.address] = uplink
    assert begun_anew > 3


def test_all_network_servers_speak_and_say_what_they_would_say(giessen: Registry) -> None:
    messages = [message for message in day(giessen) if message.kind == "uplink"]
    chirpstack = next(m for m in messages if m.topic.startswith("application/"))
    event = json.loads(chirpstack.payload)
    assert {"deduplicationId", "time", "deviceInfo", "devAddr", "fCnt", "rxInfo", "txInfo", "object"} <= set(
        event
    )
    assert chirpstack.topic.endswith(f"/device/{event['deviceInfo']['devEui']}/event/up")
    ttn = next(m for m in messages if m.topic.startswith("v3/"))
    event = json.loads(ttn.payload)
    assert event["end_device_ids"]["dev_eui"].isupper()
    assert {"session_key_id", "f_port", "frm_payload", "rx_metadata", "settings"} <= set(
        event["uplink_message"]
    )
    thingpark = next(m for m in messages if m.topic.startswith("thingpark/"))
    event = json.loads(thingpark.payload)["DevEUI_uplink"]
    assert {"Time", "DevEUI", "FPort", "FCntUp", "payload_hex", "LrrRSSI", "Lrrs", "payload"} <= set(event)
    sizes = sorted(len(message.payload) for message in messages)
    assert 900 < sizes[len(sizes) // 2] < 1800


def test_every_network_server_has_devices_of_several_makers(giessen: Registry) -> None:
    makers: dict[str, set[str]] = {}
    for message in day(giessen):
        if message.kind == "uplink":
            (installation, *_) = giessen.installations(parsed(message).address)
            makers.setdefault(delivery(message).format, set()).add(installation.type.manufacturer)
    assert set(makers) == {"chirpstack", "ttn", "thingpark"}
    assert all(len(several) >= 2 for several in makers.values())
    assert len(set().union(*makers.values())) >= 5


@pytest.mark.parametrize("one", ["chirpstack", "ttn", "thingpark"])
def test_it_speaks_only_as_the_network_servers_that_are_wanted(giessen: Registry, one: str) -> None:
    said = list(City(giessen, servers=(one, "loriot")).past(NOON, 12))
    assert {delivery(message).format for message in said} == {one}
    assert {"uplink", "unregistered", "garbled", "undecoded"} <= {message.kind for message in said}


def test_where_it_can_speak_as_none_of_them_it_speaks_as_all(giessen: Registry) -> None:
    said = City(giessen, servers=("loriot",)).past(NOON, 1)
    assert {delivery(message).format for message in said} == {"chirpstack", "ttn", "thingpark"}


def test_places_are_heard_differently_by_one_to_three_gateways(giessen: Registry) -> None:
    uplinks = [parsed(message) for message in day(giessen) if message.kind == "uplink"]
    assert {uplink.gateways for uplink in uplinks} >= {1, 2}
    assert len({uplink.spreading_factor for uplink in uplinks}) >= 3
    strengths: dict[str, list[float]] = {}
    for uplink in uplinks:
        assert uplink.rssi is not None
        strengths.setdefault(uplink.address, []).append(uplink.rssi)
    means = [sum(several) / len(several) for several in strengths.values()]
    assert max(means) - min(means) > 8


def at(hour: int, day: int = 3) -> int:
    """A Tuesday of March 2026 by default, in local winter time."""
    return int(datetime(2026, 3, day, hour - 1, tzinfo=UTC).timestamp()) * SECOND


def test_traffic_comes_in_the_morning_and_leaves_in_the_afternoon() -> None:
    where = place("verkehr-berliner-platz", 1)
    morning, night, afternoon = (moment(at(hour)) for hour in (8, 3, 17))
    assert traffic(where, morning, inbound=True) > 4 * traffic(where, night, inbound=True)
    assert traffic(where, morning, inbound=True) > traffic(where, morning, inbound=False)
    assert traffic(where, afternoon, inbound=False) > traffic(where, afternoon, inbound=True)


def test_offices_fill_in_the_morning_and_homes_in_the_evening() -> None:
    offices, homes = place("brandplatz", 1), place("oswaldsgarten", 1, evening=True)
    assert filling(offices, moment(at(11))) > 2 * filling(offices, moment(at(3)))
    assert filling(homes, moment(at(21))) > filling(homes, moment(at(11)))


def test_air_is_worse_at_the_rush_hour_than_at_night_and_ozone_peaks_in_the_afternoon() -> None:
    where = place("luft-marktplatz", 1)
    no2, o3 = CATALOGUE["no2"], CATALOGUE["o3"]
    assert level(no2, where, moment(at(8))) > level(no2, where, moment(at(2)))
    assert level(o3, where, moment(at(15))) > level(o3, where, moment(at(6)))


def test_every_quantity_of_the_catalogue_stays_plausible_all_year() -> None:
    where = place("anywhere", 3)
    for name, quantity in CATALOGUE.items():
        low, high = quantity.plausible
        for hours in range(0, 365 * 24, 37):
            found = level(quantity, where, moment(NOON + hours * HOUR))
            assert low is None or found >= low, name
            assert high is None or found <= high, name


def test_batteries_fade() -> None:
    where = place("luft-marktplatz", 1)
    charges = [charge(where, moment(NOON + days * 24 * HOUR)) for days in range(30)]
    falls = [later < earlier for earlier, later in itertools.pairwise(charges)]
    assert falls.count(False) <= 1  # a fresh battery now and then
    assert all(0 <= one <= 100 for one in charges)


def voice(kind: DeviceType) -> Voice:
    random = Random(1)  # noqa: S311  it has to repeat, not to be secret
    return Voice(Device("here", "Here", "giessen"), kind, place("here", 1), random)


def says(*readings: ReadingSpec) -> dict[str, Any]:
    kind = DeviceType("own", "Town", "Own", "lns", readings)
    _, said = voice(kind).say(moment(NOON), 600)
    return said


def test_a_city_s_own_type_is_spoken_by_its_paths_units_and_words() -> None:
    said = says(
        ReadingSpec((value("pm2_5", "air.fine", unit="mg/m3"), value("air_pressure", "air.p", unit="Pa"))),
        ReadingSpec((value("occupied", "state", words={"belegt": 1, "frei": 0}),)),
        ReadingSpec((value("pm10", "messages.0.value"),)),
    )
    assert 0 < said["air"]["fine"] < 0.2
    assert 90_000 < said["air"]["p"] < 107_000
    assert said["state"] in {"belegt", "frei"}
    assert "messages.0.value" in said


def test_lists_times_intervals_and_tags_of_the_payload_are_spoken_as_well() -> None:
    where = TagSpec("direction", get=compile_path("way.name"), path="way.name", allowed={"A": "ltr"})
    spec = ReadingSpec(
        (value("count", "n", counter="delta"),),
        (where,),
        each=compile_path("data.history"),
        time=compile_path("at"),
        interval=compile_path("seconds"),
    )
    said = says(spec)
    (item,) = said["data"]["history"]
    assert item["at"] * 1_000_000 == NOON
    assert item["seconds"] == 600
    assert item["way"] == {"name": "A"}
    assert item["n"] >= 0


def test_a_total_wraps_at_its_width() -> None:
    kind = DeviceType(
        "own", "Town", "Own", "lns", (ReadingSpec((value("count", counter="total", width=8),)),)
    )
    counter = voice(kind)
    totals = [counter.say(moment(NOON + hour * HOUR), 3600)[1]["count"] for hour in range(24)]
    assert all(0 <= total < 256 for total in totals)
    assert any(later < earlier for earlier, later in itertools.pairwise(totals))


def test_a_rain_gauge_that_counts_for_ever_never_goes_down() -> None:
    gauge = ReadingSpec((value("precipitation", "rain", counter="total"),))
    counter = voice(DeviceType("own", "Town", "Own", "lns", (gauge,)))
    totals = [counter.say(moment(NOON + hour * HOUR), 3600)[1]["rain"] for hour in range(72)]
    assert totals == sorted(totals)
    assert totals[0] < totals[-1] < totals[0] + 500


def test_a_registry_without_lorawan_hardware_is_no_city() -> None:
    sensor = Device("here", "Here", "giessen")
    named = Installation(sensor, "esp8266-1", DeviceType("own", "Town", "Own", "lns", ()))
    object.__setattr__(sensor, "installations", (named,))
    with pytest.raises(ValueError, match="no registered device has hardware with a DevEUI"):
        City(Registry(devices={"here": sensor}))


def test_the_publisher_counts_what_a_subscriber_receives(giessen: Registry) -> None:
    async def run() -> tuple[Published, Counter[str]]:
        async with embedded_broker() as (host, port), aiomqtt.Client(host, port) as client:
            await client.subscribe("#", qos=1)
            published = await simulate(
                giessen, f"mqtt://{host}:{port}", rate=200, seconds=1.5, past_hours=0.5
            )
            received: Counter[str] = Counter()
            async for message in client.messages:
                received[message.topic.value.rpartition("/")[2]] += 1
                if received.total() == published.total:
                    break
            return published, received

    published, received = asyncio.run(asyncio.wait_for(run(), 60))
    assert published.total > 50
    assert received["status"] == published.kinds["status"]
    assert received["join"] == published.kinds["join"]


def test_user_and_password_of_the_address_reach_the_broker(giessen: Registry) -> None:
    async def first_packet() -> bytes:
        taken: asyncio.Queue[bytes] = asyncio.Queue()

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken.put_nowait(await reader.read(1000))
            writer.write(b"\x20\x02\x00\x05")  # CONNACK: not authorised
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(CommandFailed) as failed:
                await simulate(giessen, f"mqtt://anna:gehe%40im@127.0.0.1:{port}", rate=1, seconds=5)
            assert "gehe" not in str(failed.value)
            assert "name a user who may" in failed.value.hint
            return await taken.get()

    packet = asyncio.run(asyncio.wait_for(first_packet(), 60))
    assert b"\x00\x04anna" in packet
    assert b"\x00\x07gehe@im" in packet
    assert b"messnetz-simulator-" in packet


@pytest.mark.parametrize(
    ("address", "why", "hint"),
    [
        ("localhost:1883", "a broker is written mqtt://", "mqtt://localhost is"),
        ("http://localhost", "a broker is written mqtt://", "mqtt://localhost is"),
        ("mqtt://", "a broker is written mqtt://", "mqtt://localhost is"),
        ("mqtt://localhost:99999", "its port is no number from 1 to 65535", "mqtt://localhost is"),
        ("mqtt://localhost:mqtt", "its port is no number from 1 to 65535", "mqtt://localhost is"),
        ("mqtt://127.0.0.1:1", "nothing listens there", "start the broker"),
        ("mqtt://nobody.invalid", "its name cannot be resolved", "check the host's name"),
    ],
)
def test_an_address_that_is_none_or_does_not_answer_ends_with_a_sentence(
    giessen: Registry, address: str, why: str, hint: str
) -> None:
    with pytest.raises(CommandFailed, match=rf"^cannot simulate at \S*: {why}") as failed:
        asyncio.run(simulate(giessen, address, rate=1, seconds=1))
    assert failed.value.hint.startswith(hint)
