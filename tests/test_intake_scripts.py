"""Uplinks that need a JavaScript codec: batches, order within a device, registries that change meanwhile."""

import asyncio
import base64
import dataclasses
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from devices import registry
from devices.codecs import Decoded
from devices.errors import UplinkRefused
from devices.registry import Registry
from devices.type import Script
from ingest.archive import Archive
from ingest.counts import Counts
from ingest.events import Events
from ingest.frames import Frames
from ingest.group import Kept
from ingest.intake import GroupIntake
from ingest.pipeline import PARTLY_REFUSED, Heard
from ingest.replay import replay
from ingest.seams import Delivery, Outcome, ScriptJob
from ingest.settings import Archive as ArchiveSettings
from ingest.settings import Spool as SpoolSettings
from ingest.spool import KeptFilter, open_spool
from tests.fakes.scripts import FakeScripts
from tests.fleet import Member, members, register, uplink

SCRIPTED = members("parametric-pcr2", 2)
PLAIN = members("bosch-tps110", 1)
ARRIVAL_NS = 1_780_000_000_000_000_000


def counted(job: ScriptJob) -> Decoded:
    return Decoded({"LTR": job.payload[0], "RTL": 0})


class Street:
    """An intake with some devices whose type has a script."""

    def __init__(self, folder: Path, scripts: FakeScripts, source: str = "v1") -> None:
        register(folder, [*SCRIPTED, *PLAIN])
        self.folder = folder
        self.scripts = scripts
        self.counts = Counts()
        self.spool = open_spool(folder / "state", SpoolSettings())
        events = Events(self.counts)
        self.archive = Archive(folder / "state" / "archive", ArchiveSettings(), events)
        self.intake = GroupIntake(
            self.registry(source), {}, Frames(), self.spool, events, scripts, self.archive
        )
        self.answers: list[tuple[str, Outcome]] = []

    def plain(self) -> Registry:
        """The registry without a script."""
        return registry.load(self.folder / "devices", (registry.SHIPPED_TYPES,))

    def registry(self, source: str) -> Registry:
        """The registry, its counters' type decoded by a script of this text."""
        loaded = self.plain()
        script = Script("counter.js", source, source)
        kind = dataclasses.replace(loaded.types["parametric-pcr2"], codec="counter.js", script=script)
        by_address = {
            address: tuple(
                dataclasses.replace(one, type=kind) if one.type.id == kind.id else one for one in several
            )
            for address, several in loaded.by_address.items()
        }
        return dataclasses.replace(loaded, by_address=by_address)

    def deliver(self, member: Member, number: int, payload: bytes | None, name: str) -> None:
        topic, message = uplink(member, number, {"occupied": True}, port=14 if payload else 1)
        if payload is not None:
            event = json.loads(message)
            del event["object"]
            event["data"] = base64.b64encode(payload).decode()
            message = json.dumps(event).encode()
        self.intake.on_delivery(
            Delivery(
                "town",
                "chirpstack",
                topic,
                message,
                ARRIVAL_NS + number,
                1,
                False,
                False,
                1,
                lambda outcome: self.answers.append((name, outcome)),
            )
        )


def in_street(
    folder: Path, story: Callable[[Street], Coroutine[Any, Any, None]], scripts: FakeScripts
) -> Street:
    async def run() -> Street:
        street = Street(folder, scripts)
        turning = asyncio.create_task(street.intake.run())
        try:
            await story(street)
        finally:
            turning.cancel()
            street.archive.close()
            street.spool.close()
        return street

    return asyncio.run(run())


async def until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110  the test's own limit ends it
        await asyncio.sleep(0.001)


def test_what_came_in_one_drain_is_one_batch(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        for number, member in enumerate([*SCRIPTED, *SCRIPTED]):
            street.deliver(member, number, bytes([number + 1]), str(number))
        await street.intake.flush()

    street = in_street(tmp_path, story, FakeScripts(counted))
    assert [[job.payload[0] for job in batch] for batch in street.scripts.batches] == [[1, 2, 3, 4]]
    assert {outcome for _, outcome in street.answers} == {Outcome.STORED}
    assert street.counts.outcomes[Outcome.STORED] == 4


def test_a_devices_uplinks_keep_their_order_and_other_devices_go_on_meanwhile(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        street.scripts.gate.clear()
        street.deliver(SCRIPTED[0], 1, b"\x01", "first")
        await until(lambda: bool(street.scripts.batches))
        street.deliver(SCRIPTED[0], 2, b"\x02", "second")
        street.deliver(PLAIN[0], 3, None, "other")
        await until(lambda: bool(street.answers))
        assert street.answers == [("other", Outcome.STORED)]
        assert street.intake.in_flight == 2
        street.scripts.gate.set()
        await street.intake.flush()

    street = in_street(tmp_path, story, FakeScripts(counted))
    assert street.answers == [
        ("other", Outcome.STORED),
        ("first", Outcome.STORED),
        ("second", Outcome.STORED),
    ]
    assert street.intake.in_flight == 0
    assert street.intake.held_bytes == 0


def test_what_a_script_refuses_is_kept_and_costs_that_uplink_alone(tmp_path: Path) -> None:
    def picky(job: ScriptJob) -> Decoded | UplinkRefused:
        return UplinkRefused("codec_failed", "no") if job.payload == b"\x07" else counted(job)

    async def story(street: Street) -> None:
        street.deliver(SCRIPTED[0], 1, b"\x07", "bad")
        street.deliver(SCRIPTED[0], 2, b"\x02", "good")
        await street.intake.flush()
        (row,) = await street.spool.kept(KeptFilter(), after=None, limit=9)
        assert (row.outcome, row.reason) == ("rejected", "codec_failed")

    street = in_street(tmp_path, story, FakeScripts(picky))
    assert street.answers == [("bad", Outcome.REJECTED), ("good", Outcome.STORED)]


def test_a_script_that_changed_while_it_ran_is_asked_anew(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        street.scripts.gate.clear()
        street.deliver(SCRIPTED[0], 1, b"\x01", "first")
        await until(lambda: bool(street.scripts.batches))
        street.deliver(SCRIPTED[0], 2, b"\x02", "second")
        street.intake.adopt(street.registry("v2"), ())
        street.scripts.gate.set()
        await street.intake.flush()

    street = in_street(tmp_path, story, FakeScripts(counted))
    asked = [[(job.script.source, job.payload[0]) for job in batch] for batch in street.scripts.batches]
    assert asked == [[("v1", 1)], [("v2", 1), ("v2", 2)]]
    assert street.answers == [("first", Outcome.STORED), ("second", Outcome.STORED)]


def test_a_frame_that_comes_twice_is_decoded_for_the_first_only(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        street.deliver(SCRIPTED[0], 1, b"\x01", "first")
        await street.intake.flush()
        street.deliver(SCRIPTED[0], 1, b"\x01", "again")
        await street.intake.flush()

    street = in_street(tmp_path, story, FakeScripts(counted))
    assert len(street.scripts.batches) == 1
    assert street.answers == [("first", Outcome.STORED), ("again", Outcome.DUPLICATE)]


def test_a_replay_asks_the_script_again(tmp_path: Path) -> None:
    broken = True

    def mended(job: ScriptJob) -> Decoded | UplinkRefused:
        return UplinkRefused("codec_failed", "no") if broken else counted(job)

    async def story(street: Street) -> None:
        nonlocal broken
        street.deliver(SCRIPTED[0], 1, b"\x01", "first")
        await street.intake.flush()
        broken = False
        outcomes = await replay(street.intake, street.spool, KeptFilter(reason="codec_failed"))
        assert dict(outcomes) == {Outcome.STORED: 1}

    street = in_street(tmp_path, story, FakeScripts(mended))
    assert street.answers == [("first", Outcome.REJECTED)]


def test_uplinks_of_a_newcomer_wait_for_its_replay_behind_their_script(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        street.scripts.gate.clear()
        street.deliver(SCRIPTED[0], 1, b"\x01", "first")
        await until(lambda: bool(street.scripts.batches))
        street.intake.adopt(street.intake.registry, (SCRIPTED[0].dev_eui,))
        street.deliver(SCRIPTED[0], 2, b"\x02", "second")
        street.scripts.gate.set()
        await until(lambda: len(street.scripts.batches) == 2)
        await asyncio.sleep(0)
        assert street.answers == []
        street.intake.finish_replay((SCRIPTED[0].dev_eui,))
        await street.intake.flush()

    street = in_street(tmp_path, story, FakeScripts(counted))
    assert street.answers == [("first", Outcome.STORED), ("second", Outcome.STORED)]


def test_what_waited_for_a_replay_goes_before_what_is_at_its_script(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        street.intake.adopt(street.intake.registry, (SCRIPTED[0].dev_eui,))
        street.deliver(SCRIPTED[0], 1, b"\x01", "first")
        await until(lambda: bool(street.intake._waiting[SCRIPTED[0].dev_eui]))
        street.scripts.gate.clear()
        street.deliver(SCRIPTED[0], 2, b"\x02", "second")
        await until(lambda: len(street.scripts.batches) == 2)
        street.intake.finish_replay((SCRIPTED[0].dev_eui,))
        street.scripts.gate.set()
        await street.intake.flush()

    street = in_street(tmp_path, story, FakeScripts(counted))
    assert street.answers == [("first", Outcome.STORED), ("second", Outcome.STORED)]
    assert (street.intake.in_flight, street.intake.held_bytes) == (0, 0)


def test_what_waited_for_a_replay_is_decoded_where_its_type_has_a_script_now(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        scripted = street.intake.registry
        street.intake.adopt(street.plain(), (SCRIPTED[0].dev_eui,))
        for number in (1, 2):
            street.deliver(SCRIPTED[0], number, bytes([number]), str(number))
        assert street.scripts.batches == []
        street.intake.adopt(scripted, (SCRIPTED[0].dev_eui,))
        street.intake.finish_replay((SCRIPTED[0].dev_eui,))
        street.deliver(SCRIPTED[0], 3, b"\x03", "3")
        await street.intake.flush()

    street = in_street(tmp_path, story, FakeScripts(counted))
    assert [job.payload[0] for batch in street.scripts.batches for job in batch] == [1, 2, 3]
    assert street.answers == [(str(number), Outcome.STORED) for number in (1, 2, 3)]
    assert (street.intake.in_flight, street.intake.held_bytes) == (0, 0)
    assert not street.intake._behind


def test_what_waited_for_a_replay_is_decoded_before_what_is_being_decoded(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        scripted = street.intake.registry
        street.intake.adopt(street.plain(), (SCRIPTED[0].dev_eui,))
        street.deliver(SCRIPTED[0], 1, b"\x01", "first")
        street.intake.adopt(scripted, (SCRIPTED[0].dev_eui,))
        street.scripts.gate.clear()
        street.deliver(SCRIPTED[0], 2, b"\x02", "second")
        await until(lambda: len(street.scripts.batches) == 1)
        street.intake.finish_replay((SCRIPTED[0].dev_eui,))
        assert street.intake.in_flight == 2
        street.scripts.gate.set()
        await street.intake.flush()

    street = in_street(tmp_path, story, FakeScripts(counted))
    assert street.answers == [("first", Outcome.STORED), ("second", Outcome.STORED)]
    assert (street.intake.in_flight, street.intake.held_bytes) == (0, 0)
    assert not street.intake._behind


def test_a_replay_of_the_rest_of_a_message_asks_the_script_though_it_was_stored(tmp_path: Path) -> None:
    async def story(street: Street) -> None:
        delivered: list[Delivery] = []
        street.intake.on_answered = lambda delivery, _verdict: delivered.append(delivery)
        street.deliver(SCRIPTED[0], 1, b"\x01", "first")
        await street.intake.flush()
        (one,) = delivered
        row = Kept(
            "rejected",
            PARTLY_REFUSED,
            "",
            one.source,
            one.format,
            one.topic,
            SCRIPTED[0].dev_eui,
            one.arrival_ns,
            one.arrival_ns,
            one.payload,
        )
        (heard,) = await street.intake.read_again([row])
        assert isinstance(heard, Heard)
        assert heard.again
        assert heard.decoded == Decoded({"LTR": 1, "RTL": 0})

    street = in_street(tmp_path, story, FakeScripts(counted))
    assert len(street.scripts.batches) == 2
