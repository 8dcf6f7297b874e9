"""What becomes of deliveries: group commits, one exit, holding, replay, and identities that can break."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from devices import registry
from devices.registry import Registry
from ingest import app
from ingest import intake as intake_module
from ingest.archive import Archive
from ingest.counts import Counts
from ingest.errors import SpoolBusy
from ingest.events import Events
from ingest.frames import Frames, unpack
from ingest.group import Group
from ingest.intake import GroupIntake
from ingest.metrics import identities
from ingest.pipeline import Heard
from ingest.replay import replay, replay_addresses
from ingest.seams import Delivery, Outcome
from ingest.settings import Archive as ArchiveSettings
from ingest.settings import Spool as SpoolSettings
from ingest.spool import Committed, DeadFilter, KeptFilter, Spool, open_spool
from tests.fakes.scripts import FakeScripts
from tests.fakes.source import FakeSource
from tests.fleet import Member, members, register, uplink

DELTA = members("parametric-pcr2", 3)
STRANGER = Member("stranger", "70b3d57effff0001", "parametric-pcr2")


class Nothing:
    """No reload waits; the disk is that of the tests."""

    waiting = ""
    state = Path()


class Called(FakeSource):
    """A source that knows whether it was sent away."""

    paused = False

    def pause(self) -> None:
        self.paused = True
        super().pause()

    def resume(self) -> None:
        self.paused = False
        super().resume()


class Town:
    """An intake over a real spool, with what it answered."""

    def __init__(self, folder: Path, registered: Registry, limits: SpoolSettings) -> None:
        self.counts = Counts()
        self.spool = open_spool(folder / "state", limits)
        events = Events(self.counts)
        self.archive = Archive(folder / "state" / "archive", ArchiveSettings(), events)
        self.intake = GroupIntake(registered, {}, Frames(), self.spool, events, FakeScripts(), self.archive)
        self.answers: list[tuple[str, Outcome]] = []
        self.source = Called(self.intake, name="town")
        self.intake.sources = (self.source,)
        # the settings and the registry's keeper have no part in what is tested
        unused: Any = Nothing()
        self.core = app.Core(
            unused, self.counts, events, self.spool, self.intake, unused, self.archive, unused
        )

    async def remember(self) -> None:
        """What the spool has from an earlier run, as the service takes it up at its start."""
        self.counts.lines_spooled += self.spool.waiting_lines
        self.intake.states.update(await self.spool.states())
        self.intake._frames = Frames(await self.spool.frames())

    def deliver(
        self,
        message: tuple[str, bytes],
        name: str = "",
        *,
        qos: int = 1,
        redelivered: bool = False,
    ) -> None:
        topic, payload = message
        self.intake.on_delivery(
            Delivery(
                "town",
                "chirpstack",
                topic,
                payload,
                1_780_000_000_000_000_000,
                qos,
                False,
                redelivered,
                1,
                lambda outcome: self.answers.append((name, outcome)),
            )
        )

    def broken(self) -> list[str]:
        gauges = app.gauges(self.core, (self.source,))
        return identities(self.counts, gauges)


def said(member: Member, number: int) -> tuple[str, bytes]:
    return uplink(member, number, {"LTR": 1, "RTL": 2}, port=14)


def registered(folder: Path, fleet: list[Member]) -> Registry:
    register(folder, fleet)
    return registry.load(folder / "devices", (registry.SHIPPED_TYPES,))


def in_town(
    folder: Path,
    story: Callable[[Town], Coroutine[Any, Any, None]],
    fleet: list[Member] = DELTA,
    **limits: int,
) -> Town:
    """Run a story with its intake committing beside it."""

    async def run() -> Town:
        town = Town(folder, registered(folder, fleet), SpoolSettings(**limits))
        await town.remember()
        committing = asyncio.create_task(town.intake.run())
        try:
            await story(town)
        finally:
            committing.cancel()
            town.archive.close()
            town.spool.close()
        return town

    return asyncio.run(run())


def test_nothing_is_answered_before_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk = asyncio.Event()

    async def story(town: Town) -> None:
        commit = town.spool.commit

        async def slow(group: Group) -> Committed:
            done = await commit(group)
            await on_disk.wait()
            return done

        monkeypatch.setattr(town.spool, "commit", slow)
        town.deliver(said(DELTA[0], 0))
        flushed = asyncio.create_task(town.intake.flush())
        while not town.spool.waiting_lines:  # noqa: ASYNC110  the commit itself is what is waited for
            await asyncio.sleep(0.001)
        assert town.answers == []
        assert town.intake.in_flight == 1
        assert town.counts.received.total() == 1
        on_disk.set()
        await flushed

    town = in_town(tmp_path, story)
    assert town.answers == [("", Outcome.STORED)]


def test_each_outcome_is_answered_once_and_in_the_order_of_receipt(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.deliver(said(DELTA[0], 0), "stored")
        town.deliver(said(DELTA[0], 0), "duplicate")
        town.deliver(said(STRANGER, 0), "quarantined")
        town.deliver(("application/a/device/b/event/up", b"garbled"), "rejected")
        topic, payload = said(DELTA[0], 1)
        town.deliver((topic.replace("/event/up", "/event/txack"), payload), "ignored")
        await town.intake.flush()

    town = in_town(tmp_path, story)
    assert [(name, outcome.value) for name, outcome in town.answers] == [
        (name, name) for name in ("stored", "duplicate", "quarantined", "rejected", "ignored")
    ]
    assert town.broken() == []


@pytest.mark.parametrize("late", [True, False])
def test_what_a_broker_sends_anew_after_a_kill_changes_nothing_and_what_was_under_way_is_stored(
    late: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = [said(DELTA[0], number) for number in range(20, 120)]
    stored.append(said(DELTA[0], 1))  # late: the order of frames is not that of their times
    under_way = said(DELTA[0], 2 if late else 120)
    lines: list[bytes] = []

    async def never(_group: Group) -> Committed:
        await asyncio.Event().wait()
        raise AssertionError

    async def before(town: Town) -> None:
        for one in stored:
            town.deliver(one)
        await town.intake.flush()
        lines.extend(await _all_lines(town.spool))
        monkeypatch.setattr(town.spool, "commit", never)
        town.deliver(under_way, "under way")
        await asyncio.sleep(0)

    assert ("under way", Outcome.STORED) not in in_town(tmp_path, before).answers

    async def after(town: Town) -> None:
        for one in stored:
            town.deliver(one, redelivered=True)
        await town.intake.flush()
        assert await _all_lines(town.spool) == lines
        town.deliver(under_way, "under way", redelivered=True)
        await town.intake.flush()
        assert len(await _all_lines(town.spool)) > len(lines)

    town = in_town(tmp_path, after)
    assert [one for _, one in town.answers] == [Outcome.DUPLICATE] * len(stored) + [Outcome.STORED]
    assert town.broken() == []


@pytest.mark.parametrize(
    "step", ["_book", "_take", "_hold"], ids=["a verdict", "a taken message", "a held message"]
)
def test_a_step_that_swallows_a_message_breaks_the_identity(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swallow(intake: GroupIntake, delivery: Delivery, *_rest: object) -> None:
        if step == "_hold":
            intake._events.received(delivery)

    async def story(town: Town) -> None:
        town.deliver(said(DELTA[0], 0))
        await town.intake.flush()
        assert town.broken() == []
        monkeypatch.setattr(GroupIntake, step, swallow)
        if step == "_hold":
            monkeypatch.setattr(GroupIntake, "_has_room", lambda _intake: False)
        town.deliver(said(DELTA[0], 1))
        await town.intake.flush()
        assert "2 received" in town.broken()[0]

    in_town(tmp_path, story)


def test_a_group_that_the_disk_refuses_is_committed_later_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[Group] = []
    monkeypatch.setattr(intake_module, "RETRY_S", (0.0,))

    async def story(town: Town) -> None:
        commit = town.spool.commit

        async def refusing(group: Group) -> Committed:
            groups.append(group)
            if len(groups) < 4:
                assert town.answers == []
                raise SpoolBusy("no room", hint="make room")
            return await commit(group)

        monkeypatch.setattr(town.spool, "commit", refusing)
        town.deliver(said(DELTA[0], 0))
        await town.intake.flush()

    town = in_town(tmp_path, story)
    assert all(group is groups[0] for group in groups)
    assert [outcome for _, outcome in town.answers] == [Outcome.STORED]
    assert town.counts.commit_failures == 3
    assert town.intake.trouble == ""


def test_a_full_spool_holds_messages_then_sends_the_sources_away_and_calls_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "HELD_BYTES", 20_000)

    async def story(town: Town) -> None:
        number = 0
        while not town.spool.full:
            town.deliver(said(DELTA[0], number))
            number += 1
            if number % 50 == 0:
                await town.intake.flush()
        answered = len(town.answers)
        while not town.intake.paused:
            town.deliver(said(DELTA[0], number))
            number += 1
        assert town.source.paused
        assert len(town.answers) == answered, "what is held is not acknowledged"
        assert town.intake.held_bytes <= 20_000
        assert town.broken() == []
        town.deliver(said(DELTA[1], 0), qos=0)
        assert town.counts.dropped["town"] == 1
        received = town.counts.received.total()
        town.deliver(said(DELTA[1], 1))
        assert town.counts.received.total() == received, "the broker keeps it for our return"
        while (waiting := await town.spool.read(100_000, 10**9)) is not None:
            await town.spool.settle(waiting, (), ())
            town.counts.lines_written += len(waiting.lines)
            town.intake.on_room()
            await town.intake.flush()
        assert not town.source.paused
        assert len(town.answers) == received
        assert town.intake.held_bytes == 0
        assert town.broken() == []

    in_town(tmp_path, story, waiting_bytes=65_536)


def test_a_fault_of_ours_costs_that_message_alone_and_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(heard: Heard, *_rest: object) -> None:
        raise ZeroDivisionError("ours")

    async def story(town: Town) -> None:
        with monkeypatch.context() as faulty:
            faulty.setattr(intake_module, "judge", judge)
            town.deliver(said(DELTA[0], 0))
        town.deliver(said(DELTA[0], 1))
        await town.intake.flush()
        [kept] = await town.spool.kept(KeptFilter(), limit=10)
        assert kept.reason == "internal_error"
        assert kept.payload == said(DELTA[0], 0)[1]
        assert (await replay(town.intake, town.spool, KeptFilter()))[Outcome.STORED] == 1
        assert await town.spool.kept(KeptFilter(), limit=10) == []

    town = in_town(tmp_path, story)
    assert [outcome for _, outcome in town.answers] == [Outcome.REJECTED, Outcome.STORED]


def test_live_messages_of_a_newly_registered_device_wait_for_its_replay(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        for number in range(1200):  # more than two pages
            town.deliver(said(STRANGER, number))
        await town.intake.flush()
        known = registered(tmp_path, [*DELTA, STRANGER])
        town.intake.adopt(known, [STRANGER.dev_eui])
        town.deliver(said(STRANGER, 1200), "live")
        assert town.broken() == []
        assert town.intake.in_flight == 1
        outcomes = await replay_addresses(town.intake, town.spool, [STRANGER.dev_eui])
        assert outcomes == {Outcome.STORED: 1200}
        await town.intake.flush()
        assert town.answers[-1] == ("live", Outcome.STORED)
        assert town.broken() == []
        lines = await _all_lines(town.spool)
        counted = [int(line.rsplit(b" ", 1)[1]) for line in lines if b"f_cnt=" in line]
        assert counted == sorted(counted)
        assert len(counted) == 1201
        assert not any(b"lost=" in line for line in lines)

    in_town(tmp_path, story)


async def _all_lines(spool: Spool) -> list[bytes]:
    waiting = await spool.read(1_000_000, 10**9)
    return waiting.lines if waiting else []


def test_what_a_replay_refuses_again_stays_and_is_told_why(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.deliver(said(STRANGER, 0))
        await town.intake.flush()
        before = await town.spool.kept(KeptFilter(), limit=10)
        outcomes = await replay(town.intake, town.spool, KeptFilter())
        assert outcomes == {Outcome.QUARANTINED: 1}
        assert await town.spool.kept(KeptFilter(), limit=10) == before
        undecodable = Member(STRANGER.id, STRANGER.dev_eui, "decentlab-dl-pm")
        town.intake.adopt(registered(tmp_path, [undecodable]), [])
        assert await replay(town.intake, town.spool, KeptFilter()) == {Outcome.REJECTED: 1}
        [after] = await town.spool.kept(KeptFilter(), limit=10)
        assert (after.outcome, after.reason) == ("rejected", "no_known_field")

    in_town(tmp_path, story)


def test_two_replays_at_once_judge_every_message_once(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        for number in range(700):
            town.deliver(said(STRANGER, number))
        await town.intake.flush()
        town.intake.adopt(registered(tmp_path, [*DELTA, STRANGER]), [])
        first, second = await asyncio.gather(
            replay(town.intake, town.spool, KeptFilter()), replay(town.intake, town.spool, KeptFilter())
        )
        assert (first, second) == ({Outcome.STORED: 700}, {})
        assert town.broken() == []

    in_town(tmp_path, story)


GATE = """
manufacturer: Somebody
model: Gate
codec: lns
readings:
  - each: classes
    tags: {vehicle_class: {from: class, allowed: {car: car%s}}}
    values:
      count: {from: count, counter: delta}
examples:
  - {source: made up, port: 1, decoded: {classes: []}, readings: []}
"""


def gates(folder: Path, more: str = "") -> Registry:
    (folder / "types").mkdir(exist_ok=True)
    (folder / "types" / "gate.yaml").write_text(GATE % more)
    register(folder, [Member("gate", "70b3d57effff0002", "gate")])
    return registry.load(folder / "devices", (registry.SHIPPED_TYPES, folder / "types"))


def test_a_reading_that_was_refused_is_written_once_its_rule_is_mended_and_the_others_never_again(
    tmp_path: Path,
) -> None:
    gate = Member("gate", "70b3d57effff0002", "gate")
    counted = {"classes": [{"class": "car", "count": 3}, {"class": "bike,evil=1", "count": 5}]}

    async def story(town: Town) -> None:
        town.intake.adopt(gates(tmp_path), [])
        for number in range(3):
            town.deliver(uplink(gate, number, counted))
        await town.intake.flush()
        assert [outcome for _, outcome in town.answers] == [Outcome.STORED] * 3
        assert town.spool.figures.dead_letters_rows == 3
        assert (await replay(town.intake, town.spool, KeptFilter()))[Outcome.REJECTED] == 3
        assert await town.spool.requeue_dead(DeadFilter(), lambda _rows: None) == 0, (
            "a refused line is no data"
        )
        before = await _all_lines(town.spool)
        assert not any(b"evil" in line for line in before)
        town.intake.adopt(gates(tmp_path, ', "bike,evil=1": bicycle'), [])
        assert (await replay(town.intake, town.spool, KeptFilter()))[Outcome.STORED] == 3
        added = (await _all_lines(town.spool))[len(before) :]
        assert len(added) == 3
        assert all(b"vehicle_class=bicycle" in line and b"count=5i" in line for line in added)
        assert await town.spool.kept(KeptFilter(), limit=10) == []
        assert town.broken() == []

    in_town(tmp_path, story)


def test_what_a_newcomer_said_is_kept_where_only_a_part_of_it_was_refused(tmp_path: Path) -> None:
    gate = Member("gate", "70b3d57effff0002", "gate")
    counted = {"classes": [{"class": "car", "count": 3}, {"class": "bike,evil=1", "count": 5}]}

    async def story(town: Town) -> None:
        town.deliver(uplink(gate, 0, counted))
        await town.intake.flush()
        town.intake.adopt(gates(tmp_path), [])
        assert await replay(town.intake, town.spool, KeptFilter()) == {Outcome.STORED: 1}
        [kept] = await town.spool.kept(KeptFilter(), limit=10)
        assert kept.reason == "partly_refused"
        town.intake.adopt(gates(tmp_path, ', "bike,evil=1": bicycle'), [])
        assert await replay(town.intake, town.spool, KeptFilter()) == {Outcome.STORED: 1}
        assert await town.spool.kept(KeptFilter(), limit=10) == []

    in_town(tmp_path, story)


def test_the_memory_of_every_device_is_written_again_into_a_new_spool(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        for member in DELTA:
            town.deliver(said(member, 0))
        await town.intake.flush()
        await town.spool._do(lambda connection: connection.execute("DELETE FROM states_log").rowcount)
        await town.spool._do(lambda connection: connection.execute("DELETE FROM frames").rowcount)
        assert await town.spool.states() == {}
        assert await town.spool.frames() == b""
        town.intake.rewrite_states()
        await town.intake.flush()
        assert await town.spool.states() == town.intake.states
        frames = await town.spool.frames()
        assert set(unpack(frames)) == set(town.intake._frames)
        assert len(frames) == 8 * len(DELTA)

    in_town(tmp_path, story)
