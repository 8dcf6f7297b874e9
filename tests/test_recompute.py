"""A wrong calibration, type or unit found later is mended by one command, and nothing else changes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest import app, recompute
from ingest.app import Core
from ingest.errors import CommandFailed
from ingest.group import Group
from ingest.lns.custom import CustomFormat
from ingest.recompute import Asked, Recomputer
from ingest.recompute import service as recompute_service
from ingest.replay import replay
from ingest.seams import CannotRemove, Delivery, Outcome, Row, StoreUnavailable
from ingest.settings import Custom
from ingest.spool import Committed, KeptFilter
from ingest.store.embedded import EmbeddedStore
from ingest.writer import Writer
from tests.fleet import EPOCH_NS, Member, members, register, uplink
from tests.sourceless import sourceless

AIR = members("decentlab-dl-pm", 2)
COUNTER = members("nwave-ncc405", 1)[0]
STEP_NS = 600_000_000_000
ARRIVAL_NS = 1_790_000_000_000_000_000


@dataclass
class Town:
    """A service without sources, whose store is a file."""

    folder: Path
    core: Core
    store: EmbeddedStore
    writer: Writer

    @property
    def recomputer(self) -> Recomputer:
        return app.recomputer(self.core, self.store, self.writer)

    def say(
        self,
        member: Member,
        number: int,
        decoded: dict[str, Any],
        port: int = 1,
        *,
        redelivered: bool = False,
    ) -> None:
        topic, payload = uplink(member, number, decoded, port=port)
        arrival_ns = ARRIVAL_NS + redelivered
        delivery = Delivery(
            "town", "chirpstack", topic, payload, arrival_ns, 1, False, redelivered, 1, lambda _outcome: None
        )
        self.core.intake.on_delivery(delivery)

    async def written(self) -> None:
        await self.core.intake.flush()
        while self.core.spool.waiting_lines:  # noqa: ASYNC110  the writer has no end to await
            await asyncio.sleep(0.01)

    async def rows(self, measurement: str, field: str, member: Member) -> list[Row]:
        names = [field, f"{field}_raw", f"{field}_failed"]
        return list(await self.store.series(measurement, names, member.id, 0, ARRIVAL_NS))

    async def values(self, measurement: str, field: str, member: Member) -> list[Any]:
        return [row.fields.get(field) for row in await self.rows(measurement, field, member)]

    async def rewrite_registry(self, old: str, new: str) -> None:
        path = self.folder / "devices" / "fleet.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        await self.core.keeper.reload()


@contextlib.asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    store = EmbeddedStore(folder / "state" / "store.db")
    async with sourceless(folder, store) as (core, writer):
        yield Town(folder, core, store, writer)


def in_town(folder: Path, story: Callable[[Town], Coroutine[Any, Any, None]]) -> None:
    register(folder, [*AIR, COUNTER])

    async def run() -> None:
        async with town(folder) as one:
            await story(one)

    asyncio.run(run())


def dust(value: float) -> dict[str, Any]:
    return {"pm2_5_mass_concentration": {"value": value}}


def asked(member: Member, first: int, last: int, *, dry_run: bool = False) -> Asked:
    """Uplinks `first` to `last`, by their numbers."""
    begin, end = EPOCH_NS + first * STEP_NS, EPOCH_NS + last * STEP_NS + 1
    return Asked(member.id, begin, end, "anna", "factor", dry_run=dry_run)


CALIBRATED = '"type": "decentlab-dl-pm",\n   "calibration": {"pm2_5": {"factor": 0.5}},'
PLAIN = '"type": "decentlab-dl-pm",'


def test_a_wrong_calibration_is_mended_in_its_time_only(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        for number in range(6):
            for member in AIR:
                town.say(member, number, dust(10.0 + number))
        await town.written()
        await town.rewrite_registry(PLAIN, CALIBRATED)

        shown = await town.recomputer.recompute(asked(AIR[0], 2, 4, dry_run=True))
        assert await town.values("air_quality", "pm2_5", AIR[0]) == [10, 11, 12, 13, 14, 15]
        done = await town.recomputer.recompute(asked(AIR[0], 2, 4))
        await town.written()

        assert await town.values("air_quality", "pm2_5", AIR[0]) == [10, 11, 6, 6.5, 7, 15]
        assert await town.values("air_quality", "pm2_5_raw", AIR[0]) == [12, 13, 14]
        assert await town.values("air_quality", "pm2_5", AIR[1]) == [10, 11, 12, 13, 14, 15]
        assert (shown.rows_before, shown.rows_after, shown.gone) == (6, 6, 0)
        change = next(one for one in done.changes if one.field == "pm2_5")
        assert change.before is not None
        assert change.after is not None
        assert (change.before.mean, change.after.mean) == (13, 6.5)
        begun, ended = recompute.read_record(tmp_path / "state")
        assert (begun.phase, ended.phase) == ("begun", "done")
        assert (ended.asked.by, ended.asked.reason) == ("anna", "factor")

    in_town(tmp_path, story)


def test_another_type_takes_the_old_types_rows_along(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(AIR[0], 0, dust(10.0) | {"distance": 900})
        await town.written()
        (tmp_path / "types" / "level.yaml").write_text(
            "manufacturer: Acme\nmodel: L\ncodec: lns\nreadings:\n"
            "  - values: {air_temperature: {from: distance, unit: Cel, }}\n"
            "examples:\n  - {source: us, own: true, decoded: {distance: 1}, readings: []}\n"
        )
        await town.rewrite_registry(
            f'"{AIR[0].dev_eui}",\n   "type": "decentlab-dl-pm"', f'"{AIR[0].dev_eui}",\n   "type": "level"'
        )
        done = await town.recomputer.recompute(asked(AIR[0], 0, 0))
        await town.written()
        assert await town.rows("air_quality", "pm2_5", AIR[0]) == []
        assert await town.values("weather", "air_temperature_failed", AIR[0]) == [900]
        assert done.gone == 1

    in_town(tmp_path, story)


def test_a_counters_increments_follow_from_the_totals_before(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        for number, total in enumerate((100, 110, 130, 160, 200)):
            town.say(COUNTER, number, {"type": "counter_update", "counter_value": total})
        await town.written()
        before = await town.values("traffic", "count", COUNTER)
        assert before == [10, 20, 30, 40]
        await town.recomputer.recompute(asked(COUNTER, 2, 4))
        town.say(COUNTER, 5, {"type": "counter_update", "counter_value": 250})
        await town.written()
        assert await town.values("traffic", "count", COUNTER) == [10, 20, 30, 40, 50]

    in_town(tmp_path, story)


def test_what_a_broker_sent_anew_is_counted_once(tmp_path: Path) -> None:
    counter = members("parametric-pcr2", 1)[0]

    async def story(town: Town) -> None:
        register(town.folder, [counter])
        await town.core.keeper.reload()
        for redelivered in (False, True):
            for number in range(80):
                said = {"LTR": number + 1, "RTL": 0}
                town.say(counter, number, said, port=14, redelivered=redelivered)
            await town.written()
        before = await town.rows("traffic", "count", counter)
        counted = sum(row.fields["count"] or 0 for row in before)
        assert counted == sum(range(1, 81))
        await town.recomputer.recompute(asked(counter, 0, 79))
        await town.written()
        assert await town.rows("traffic", "count", counter) == before

    in_town(tmp_path, story)


def test_what_was_not_committed_at_a_kill_is_not_archived_and_is_stored_when_it_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committing: list[Group] = []

    async def never(group: Group) -> Committed:
        committing.append(group)
        await asyncio.Event().wait()
        raise AssertionError

    async def before(town: Town) -> None:
        for number in range(3):
            town.say(AIR[0], number, dust(10.0 + number))
        await town.written()
        monkeypatch.setattr(town.core.spool, "commit", never)
        monkeypatch.setattr(app, "FLUSH_S", 0.1)
        for number in range(10, 30):
            town.say(AIR[0], number, dust(10.0 + number))
        while not committing:  # noqa: ASYNC110  nothing tells it
            await asyncio.sleep(0.01)

    async def after(town: Town) -> None:
        archived = await town.core.archive.read(AIR[0].dev_eui, EPOCH_NS, EPOCH_NS + 30 * STEP_NS)
        assert len(archived) == 3
        await town.recomputer.recompute(asked(AIR[0], 0, 2))
        await town.written()
        assert len(await town.values("air_quality", "pm2_5", AIR[0])) == 3
        for number in range(10, 30):
            town.say(AIR[0], number, dust(10.0 + number), redelivered=True)
        await town.written()
        assert len(await town.values("air_quality", "pm2_5", AIR[0])) == 23

    in_town(tmp_path, before)
    monkeypatch.undo()
    in_town(tmp_path, after)


def test_an_uplink_that_was_archived_before_and_after_its_reading_was_mended_stays(tmp_path: Path) -> None:
    paths = {"address": "eui", "time": "t", "f_cnt": "n"}

    async def story(town: Town) -> None:
        intake = town.core.intake

        def read_by(where: str) -> None:
            form = CustomFormat(Custom.model_validate({**paths, "object": where}))
            intake._formats = {**intake._formats, "custom:town": form}

        def say(number: int) -> None:
            said = {"eui": AIR[0].dev_eui, "t": (EPOCH_NS + number * STEP_NS) // 10**9, "n": number}
            body = json.dumps({**said, "meta": {"fw": "1"}, "values": dust(10.0 + number)}).encode()
            intake.on_delivery(
                Delivery(
                    "town", "custom:town", "t", body, ARRIVAL_NS, 1, False, False, 1, lambda _outcome: None
                )
            )

        read_by("meta")
        for number in range(3):
            say(number)
        await town.written()
        read_by("values")
        assert await replay(intake, town.core.spool, KeptFilter()) == {Outcome.STORED: 3}
        await town.written()
        assert await town.values("air_quality", "pm2_5", AIR[0]) == [10, 11, 12]
        done = await town.recomputer.recompute(asked(AIR[0], 0, 2))
        await town.written()
        assert await town.values("air_quality", "pm2_5", AIR[0]) == [10, 11, 12]
        assert done.gone == 0

    in_town(tmp_path, story)


def test_a_recompute_that_changes_nothing_changes_nothing(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        for number in range(4):
            town.say(AIR[0], number, dust(10.0 + number))
        await town.written()
        before = await town.rows("air_quality", "pm2_5", AIR[0])
        done = await town.recomputer.recompute(asked(AIR[0], 0, 3))
        await town.written()
        assert await town.rows("air_quality", "pm2_5", AIR[0]) == before
        assert done.changes == ()
        assert done.gone == 0

    in_town(tmp_path, story)


def test_what_lies_before_the_archive_is_not_touched(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(AIR[0], 0, dust(10.0))
        await town.written()
        early = Asked(AIR[0].id, EPOCH_NS - 86_400_000_000_000, EPOCH_NS + 1, "anna", "factor")
        with pytest.raises(CommandFailed, match="the archive of uplinks begins on 2026-01-01"):
            await town.recomputer.recompute(early)
        assert await town.values("air_quality", "pm2_5", AIR[0]) == [10]

    in_town(tmp_path, story)


def test_a_store_that_cannot_remove_says_so_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cannot(_self: EmbeddedStore) -> None:
        raise CannotRemove("InfluxDB 3 has no way to remove rows")

    monkeypatch.setattr(EmbeddedStore, "check_removal", cannot)

    async def story(town: Town) -> None:
        town.say(AIR[0], 0, dust(10.0))
        await town.written()
        with pytest.raises(CommandFailed, match="this store cannot remove rows"):
            await town.recomputer.recompute(asked(AIR[0], 0, 0))
        assert recompute.read_record(tmp_path / "state") == []

    in_town(tmp_path, story)


def test_a_device_that_is_not_registered_is_named_with_the_nearest(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        with pytest.raises(CommandFailed, match=f"did you mean {AIR[0].id}"):
            await town.recomputer.recompute(Asked(f"{AIR[0].id}x", 0, 1, "anna", "factor"))

    in_town(tmp_path, story)


def test_what_was_interrupted_between_removal_and_writing_is_done_at_the_next_start(tmp_path: Path) -> None:
    class Killed(Exception):
        pass

    async def first(town: Town) -> None:
        for number in range(3):
            town.say(AIR[0], number, dust(10.0 + number))
        await town.written()

        async def killed(*_said: object) -> None:
            raise Killed

        town.core.intake.rewrite = killed  # type: ignore[method-assign, assignment]  # the end of the process
        with pytest.raises(Killed):
            await town.recomputer.recompute(asked(AIR[0], 0, 2))
        assert await town.values("air_quality", "pm2_5", AIR[0]) == []

    async def second(town: Town) -> None:
        await town.recomputer.finish_interrupted()
        await town.written()
        assert await town.values("air_quality", "pm2_5", AIR[0]) == [10, 11, 12]
        assert recompute.interrupted(tmp_path / "state") == []

    in_town(tmp_path, first)
    in_town(tmp_path, second)


def test_uplinks_that_come_meanwhile_wait_and_are_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = EmbeddedStore.remove

    async def story(town: Town) -> None:
        async def slow(self: EmbeddedStore, *said: Any) -> None:
            town.say(AIR[0], 3, dust(13.0))
            town.say(AIR[1], 3, dust(13.0))
            await remove(self, *said)

        for number in range(3):
            town.say(AIR[0], number, dust(10.0 + number))
        await town.written()
        monkeypatch.setattr(EmbeddedStore, "remove", slow)
        await town.recomputer.recompute(asked(AIR[0], 0, 99))
        await town.written()
        assert await town.values("air_quality", "pm2_5", AIR[0]) == [10, 11, 12, 13]
        assert await town.values("air_quality", "pm2_5", AIR[1]) == [13]
        assert town.core.intake.in_flight == 0

    in_town(tmp_path, story)


def test_a_long_recompute_lets_others_have_their_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_page = Recomputer._judge_page
    turns: list[int] = []
    turn = 0

    async def noted(self: Recomputer, *said: Any) -> None:
        turns.append(turn)
        await judge_page(self, *said)

    async def story(town: Town) -> None:
        async def others() -> None:
            nonlocal turn
            while True:
                turn += 1
                await asyncio.sleep(0)

        for number in range(6):
            town.say(AIR[0], number, dust(10.0 + number))
        await town.written()
        ticking = asyncio.create_task(others())
        await town.recomputer.recompute(asked(AIR[0], 0, 99))
        ticking.cancel()

    monkeypatch.setattr(recompute_service, "PAGE", 1)
    monkeypatch.setattr(Recomputer, "_judge_page", noted)
    in_town(tmp_path, story)
    assert len(set(turns)) == 6


def test_a_store_that_is_down_is_named_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(_self: EmbeddedStore, *_said: Any) -> None:
        raise StoreUnavailable("no route")

    async def story(town: Town) -> None:
        town.say(AIR[0], 0, dust(10.0))
        await town.written()
        monkeypatch.setattr(EmbeddedStore, "series", down)
        with pytest.raises(CommandFailed, match="the store does not answer: no route"):
            await town.recomputer.recompute(asked(AIR[0], 0, 0))
        monkeypatch.undo()
        assert await town.values("air_quality", "pm2_5", AIR[0]) == [10]
        assert recompute.read_record(tmp_path / "state") == []

    in_town(tmp_path, story)
