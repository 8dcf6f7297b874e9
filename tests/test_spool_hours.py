"""A line that comes for a finished hour leaves a mark in the same transaction, by whatever way it comes."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

from ingest.group import DeadLetter, Group, Touched
from ingest.settings import Spool as Limits
from ingest.spool import DeadFilter, Progress, Spool, open_spool, schema

HOUR = 3_600_000_000_000
NOON = 1_767_268_800_000_000_000
Key = tuple[str, str, int]


def line(hours: float, *, measurement: str = "air_quality", device: str = "luft-1") -> bytes:
    """A line so many hours after noon."""
    return f"{measurement},device={device} pm10=1.5 {NOON + int(hours * HOUR)}".encode()


def with_spool(state: Path, work: Callable[[Spool], Awaitable[None]]) -> None:
    async def run() -> None:
        spool = open_spool(state, Limits())
        try:
            await work(spool)
        finally:
            spool.close()

    asyncio.run(run())


async def keys(spool: Spool) -> list[Key]:
    found = await spool.due_hours(1000)
    return [(one.measurement, one.device, (one.hour_ns - NOON) // HOUR) for one in found]


FINISHED = {"air_quality": Progress(NOON, NOON), "traffic": Progress(NOON - HOUR, NOON - HOUR)}


def test_only_lines_of_finished_hours_leave_a_mark(tmp_path: Path) -> None:
    async def work(spool: Spool) -> None:
        await spool.commit(Group(lines=[line(-0.5)]))
        assert await keys(spool) == []
        await spool.put_hours(FINISHED)
        await spool.commit(
            Group(
                lines=[
                    line(-0.5),
                    line(-0.25),
                    line(-3, device=r"Am\ Ring"),
                    line(0),
                    line(1),
                    line(-0.5, measurement="traffic"),
                    line(-1.5, measurement="traffic"),
                    line(-2, measurement="device"),
                    line(-2, measurement="air_quality_1h"),
                    b"garbage 12",
                    b"air_quality,device=x pm10=oops 1",
                ]
            )
        )
        assert await keys(spool) == [
            ("air_quality", "Am Ring", -3),
            ("air_quality", "luft-1", -1),
            ("traffic", "luft-1", -2),
        ]

    with_spool(tmp_path, work)


def test_what_is_closed_and_not_finished_is_marked_and_not_yet_due(tmp_path: Path) -> None:
    async def work(spool: Spool) -> None:
        await spool.put_hours({"air_quality": Progress(NOON, NOON - HOUR)})
        await spool.commit(Group(lines=[line(-0.5)]))
        assert await keys(spool) == []
        await spool.put_hours({"air_quality": Progress(NOON, NOON)})
        assert await keys(spool) == [("air_quality", "luft-1", -1)]

    with_spool(tmp_path, work)


def test_a_mark_stays_when_more_lines_have_come_since_it_was_read(tmp_path: Path) -> None:
    async def work(spool: Spool) -> None:
        await spool.put_hours(FINISHED)
        await spool.commit(Group(lines=[line(-0.5), line(-2)]))
        read = await spool.due_hours(1000)
        await spool.commit(Group(lines=[line(-0.25)]))
        await spool.settle_hours(read)
        (left,) = await spool.due_hours(1000)
        assert (left.device, left.hour_ns, left.marked_ns) == ("luft-1", NOON - HOUR, read[1].marked_ns)
        await spool.settle_hours([left])
        assert await spool.due_hours(1000) == []

    with_spool(tmp_path, work)


def test_times_that_rows_were_removed_from_are_marked_in_every_measurement(tmp_path: Path) -> None:
    async def work(spool: Spool) -> None:
        await spool.put_hours(FINISHED)
        await spool.commit(Group(touched=[Touched("luft-1", NOON - 5 * HOUR // 2, NOON + 9 * HOUR)]))
        assert await keys(spool) == [
            *(("air_quality", "luft-1", hour) for hour in (-3, -2, -1)),
            *(("traffic", "luft-1", hour) for hour in (-3, -2)),
        ]

    with_spool(tmp_path, work)


def test_dead_letters_that_wait_again_are_marked(tmp_path: Path) -> None:
    async def work(spool: Spool) -> None:
        await spool.put_hours(FINISHED)
        await spool.commit(Group(dead=[DeadLetter(line(-0.5), "refused", "type", "luft-1", NOON)]))
        assert await keys(spool) == []
        assert await spool.requeue_dead(DeadFilter(), lambda _lines: None) == 1
        assert await keys(spool) == [("air_quality", "luft-1", -1)]

    with_spool(tmp_path, work)


def test_progress_and_marks_outlive_the_process(tmp_path: Path) -> None:
    async def mark(spool: Spool) -> None:
        await spool.put_hours(FINISHED)
        await spool.commit(Group(lines=[line(-0.5)]))

    async def look(spool: Spool) -> None:
        assert spool.hours == FINISHED
        await spool.commit(Group(lines=[line(-2)]))
        assert await keys(spool) == [("air_quality", "luft-1", -2), ("air_quality", "luft-1", -1)]

    with_spool(tmp_path, mark)
    with_spool(tmp_path, look)


def test_the_oldest_row_that_waits_is_known(tmp_path: Path) -> None:
    async def work(spool: Spool) -> None:
        before = spool.figures
        assert before.first_waiting_id is None
        await spool.commit(Group(lines=[line(0)]))
        await spool.commit(Group(lines=[line(1)]))
        assert (spool.figures.first_waiting_id, spool.figures.last_waiting_id) == (1, 2)

    with_spool(tmp_path, work)


def test_a_spool_of_version_1_gets_its_tables(tmp_path: Path) -> None:
    async def write(spool: Spool) -> None:
        await spool.commit(Group(lines=[line(0)]))

    with_spool(tmp_path, write)
    with contextlib.closing(sqlite3.connect(tmp_path / "spool.db")) as file:
        file.executescript(
            "DROP TABLE hours; DROP TABLE hours_due; DROP TABLE frames; PRAGMA user_version = 1"
        )

    async def look(spool: Spool) -> None:
        assert not spool.damaged
        assert spool.waiting_lines == 1
        await spool.put_hours(FINISHED)
        await spool.commit(Group(lines=[line(-0.5)]))
        assert await keys(spool) == [("air_quality", "luft-1", -1)]

    with_spool(tmp_path, look)
    assert (tmp_path / "spool.db.version-1").exists()


def test_a_spool_of_version_2_gets_its_log_of_frames(tmp_path: Path) -> None:
    async def write(spool: Spool) -> None:
        await spool.commit(Group(lines=[line(0)]))

    with_spool(tmp_path, write)
    with contextlib.closing(sqlite3.connect(tmp_path / "spool.db")) as file:
        file.executescript("DROP TABLE frames; PRAGMA user_version = 2")

    async def look(spool: Spool) -> None:
        assert not spool.damaged
        assert (spool.waiting_lines, await spool.frames()) == (1, b"")
        await spool.commit(Group(frames=[b"12345678"]))
        assert await spool.frames() == b"12345678"

    with_spool(tmp_path, look)
    assert (tmp_path / "spool.db.version-2").exists()
    assert schema.VERSION == 3


def test_after_damage_lines_go_on_being_marked(tmp_path: Path) -> None:
    async def work(spool: Spool) -> None:
        await spool.put_hours(FINISHED)
        await spool.commit(Group(lines=[line(0)]))
        begun_anew: list[bool] = []
        spool.on_begun_anew = lambda: begun_anew.append(True)
        await spool._worker.call(spool.disk.close)
        (tmp_path / "spool.db").write_bytes(b"noise" * 100_000)
        await spool.commit(Group(lines=[line(-0.5)]))
        assert begun_anew
        await spool.put_hours(spool.hours)
        assert await keys(spool) == [("air_quality", "luft-1", -1)]

    with_spool(tmp_path, work)
