"""The archive: a file a day, bounded, read by address and time, and never in the intake's way."""

import asyncio
import datetime as dt
import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import pytest

from devices.uplink import Kind, Uplink
from ingest import archive as archive_module
from ingest.archive import Accepted, Archive, Archived
from ingest.settings import Archive as ArchiveSettings

DAY = 86_400_000_000_000
MARCH_NS = int(dt.datetime(2026, 3, 1, tzinfo=dt.UTC).timestamp()) * 1_000_000_000
DEVICE = "luft-bahnhof"
ROOT = Path(__file__).parents[1]


class Noted:
    """What an archive says of itself."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.dropped: list[tuple[str, str]] = []

    def archived(self, uplinks: int) -> None:
        self.counts["archived"] += uplinks

    def not_archived(self, uplinks: int, reason: str) -> None:  # noqa: ARG002  the seam's signature
        self.counts["not_archived"] += uplinks

    def archive_day_dropped(self, day: str, reason: str) -> None:
        self.dropped.append((day, reason))


def said(time_ns: int, address: str = "a", size: int = 4) -> Archived:
    uplink = Uplink(
        kind=Kind.DATA,
        address=address,
        time_ns=time_ns,
        dedup_key=str(time_ns),
        payload=Random(time_ns).randbytes(size),  # noqa: S311  no secret
        decoded={"value": 1.5, "list": [1, None, "ä"]},
        heard_by=("gw",),
    )
    return Archived(uplink, time_ns + 1)


def with_archive(
    folder: Path,
    story: Callable[[Archive], Awaitable[None]],
    noted: Noted | None = None,
    days: int = 90,
    bytes: int = 10**9,  # noqa: A002  the setting's name
) -> Noted:
    noted = noted or Noted()

    async def run() -> None:
        archive = Archive(folder, ArchiveSettings(days=days, bytes=bytes), noted)
        try:
            await story(archive)
        finally:
            archive.close()
            await asyncio.sleep(0)

    asyncio.run(run())
    return noted


async def keep(archive: Archive, *uplinks: Archived) -> None:
    archive.begin([Accepted(one, DEVICE, len(one.uplink.payload or b"")) for one in uplinks])
    await archive.finish()
    await asyncio.sleep(0)


def test_what_was_kept_is_read_back_by_address_and_time_oldest_first(tmp_path: Path) -> None:
    later, first, other = said(MARCH_NS + DAY + 5), said(MARCH_NS), said(MARCH_NS, "b")

    async def story(archive: Archive) -> None:
        await keep(archive, later, other, first)
        assert await archive.read("a", MARCH_NS, MARCH_NS + 2 * DAY) == [first, later]
        assert await archive.read("a", MARCH_NS + 1, MARCH_NS + DAY + 5) == []
        assert await archive.first_day_ns() == MARCH_NS

    noted = with_archive(tmp_path, story)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-03-01.db", "2026-03-02.db"]
    assert noted.counts == {"archived": 3}


def test_a_new_process_reads_and_goes_on_with_the_files_of_the_old(tmp_path: Path) -> None:
    async def first(archive: Archive) -> None:
        await keep(archive, said(MARCH_NS))

    async def second(archive: Archive) -> None:
        await keep(archive, said(MARCH_NS + 1))
        assert len(await archive.read("a", 0, MARCH_NS + DAY)) == 2

    with_archive(tmp_path, first)
    with_archive(tmp_path, second)


def test_uplinks_are_kept_compressed(tmp_path: Path) -> None:
    one = said(MARCH_NS)
    assert len(archive_module._pack(one, archive_module._DICTIONARY)) < len(
        archive_module._encoder.encode(one)
    )


def test_the_oldest_day_goes_when_it_is_too_old(tmp_path: Path) -> None:
    async def story(archive: Archive) -> None:
        for day in range(5):
            await keep(archive, said(MARCH_NS + day * DAY))
        assert await archive.first_day_ns() == MARCH_NS + 2 * DAY

    noted = with_archive(tmp_path, story, days=3)
    assert [day for day, _ in noted.dropped] == ["2026-03-01", "2026-03-02"]
    assert noted.counts == {"archived": 5}


def test_the_oldest_days_go_for_want_of_room_and_the_newest_alone_is_not_let_grow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "LOOK_EVERY", 1)

    async def story(archive: Archive) -> None:
        for day in range(3):
            await keep(archive, *(said(MARCH_NS + day * DAY + n, size=3000) for n in range(200)))
        assert archive.trouble == ""
        await keep(archive, *(said(MARCH_NS + 2 * DAY + n, size=3000) for n in range(900)))
        await keep(archive, said(MARCH_NS + 2 * DAY))
        assert "only this day is left" in archive.trouble
        await keep(archive, said(MARCH_NS + 3 * DAY))
        assert archive.trouble == ""

    noted = with_archive(tmp_path, story, bytes=2**20)
    assert [day for day, _ in noted.dropped] == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert noted.counts["not_archived"] == 1


def test_a_damaged_day_is_set_aside_and_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "2026-03-01.db").write_bytes(b"no database at all" * 100)
    (tmp_path / "2026-03-01.db-wal").write_bytes(b"its log")

    async def story(archive: Archive) -> None:
        await keep(archive, said(MARCH_NS))
        assert archive.trouble
        await keep(archive, said(MARCH_NS + 1))
        assert archive.trouble == ""
        assert len(await archive.read("a", 0, MARCH_NS + DAY)) == 1

    noted = with_archive(tmp_path, story)
    assert (tmp_path / "2026-03-01.damaged").exists()
    assert noted.counts == {"not_archived": 1, "archived": 1}
    assert [day for day, _ in noted.dropped] == ["2026-03-01"]


def test_a_disk_that_takes_nothing_is_counted_and_stops_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("this is no folder")

    async def story(archive: Archive) -> None:
        await keep(archive, said(MARCH_NS))
        assert "not archived" in archive.trouble

    assert with_archive(folder, story).counts == {"not_archived": 1}


def test_an_archive_on_the_spools_disk_gives_way_before_that_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [50.0, 50.0, 0.5, 0.5, 0.5, 50.0]

    def look(_folder: Path) -> os.statvfs_result:
        mebibytes = round(free.pop(0) * 256)
        return os.statvfs_result((4096, 4096, 25_600, mebibytes, mebibytes, 0, 0, 0, 0, 255))

    monkeypatch.setattr(os, "statvfs", look)
    monkeypatch.setattr(archive_module, "RESERVE_BYTES", 2**20)

    async def story(archive: Archive) -> None:
        await keep(archive, said(MARCH_NS))
        await keep(archive, said(MARCH_NS + DAY))
        assert archive.trouble == ""
        await keep(archive, said(MARCH_NS + 2 * DAY))
        assert "its disk has only 0 MiB left, and only this day is left" in archive.trouble
        await keep(archive, said(MARCH_NS + 2 * DAY))
        assert archive.trouble == ""
        assert await archive.first_day_ns() == MARCH_NS + 2 * DAY

    noted = with_archive(tmp_path, story)
    assert [day for day, _ in noted.dropped] == ["2026-03-01", "2026-03-02"]
    assert noted.counts == {"archived": 3, "not_archived": 1}


def test_a_file_that_a_full_disk_left_empty_holds_nothing_and_is_filled_later(tmp_path: Path) -> None:
    (tmp_path / "2026-03-01.db").touch()

    async def story(archive: Archive) -> None:
        assert await archive.read("a", MARCH_NS, MARCH_NS + DAY) == []
        assert await archive.first_of("a", MARCH_NS, MARCH_NS + DAY) is None
        await keep(archive, said(MARCH_NS))
        assert len(await archive.read("a", MARCH_NS, MARCH_NS + DAY)) == 1

    assert with_archive(tmp_path, story).counts == {"archived": 1}


def test_the_next_uplink_of_an_address_and_what_a_device_said_are_found_over_days(tmp_path: Path) -> None:
    async def story(archive: Archive) -> None:
        await keep(archive, said(MARCH_NS), said(MARCH_NS + 3 * DAY), said(MARCH_NS + DAY, "b"))
        assert await archive.first_of("a", MARCH_NS + 1, MARCH_NS + 9 * DAY) == MARCH_NS + 3 * DAY
        assert await archive.first_of("a", MARCH_NS + 1, MARCH_NS + 3 * DAY) is None
        asked = [MARCH_NS, MARCH_NS + 1, MARCH_NS + DAY, MARCH_NS + 2 * DAY]
        assert await archive.holds(DEVICE, asked) == {MARCH_NS, MARCH_NS + DAY}
        assert await archive.holds("another", asked) == set()

    with_archive(tmp_path, story)


class Stuck:
    """A disk that does not answer until `answer` is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answer = threading.Event()
        monkeypatch.setattr(archive_module, "PATIENCE_S", 0.01)
        monkeypatch.setattr(archive_module, "CLOSE_PATIENCE_S", 0.01)
        monkeypatch.setattr(archive_module, "READ_PATIENCE_S", 0.01)
        write = archive_module._Days.write

        def slow(days: archive_module._Days, uplinks: list[Accepted]) -> None:
            self.answer.wait()
            write(days, uplinks)

        monkeypatch.setattr(archive_module._Days, "write", slow)


def test_what_comes_while_the_disk_does_not_answer_waits_for_it_and_nobody_waits_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = Stuck(monkeypatch)

    async def story(archive: Archive) -> None:
        await keep(archive, said(MARCH_NS))
        await keep(archive, said(MARCH_NS + 1))
        await keep(archive, said(MARCH_NS + 2))
        with pytest.raises(TimeoutError, match="does not answer"):
            await archive.read("a", 0, MARCH_NS + DAY)
        monkeypatch.undo()
        stuck.answer.set()
        assert len(await archive.read("a", 0, MARCH_NS + DAY)) == 3
        assert archive.trouble == ""

    assert with_archive(tmp_path, story).counts == {"archived": 3}


def test_only_so_much_waits_in_memory_and_the_rest_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = Stuck(monkeypatch)
    monkeypatch.setattr(archive_module, "WAITING_BYTES", 10)

    async def story(archive: Archive) -> None:
        for number in range(4):  # the first is under way, two of 4 bytes wait
            await keep(archive, said(MARCH_NS + number))
        assert "does not answer" in archive.trouble
        monkeypatch.undo()
        stuck.answer.set()
        assert len(await archive.read("a", 0, MARCH_NS + DAY)) == 3

    assert with_archive(tmp_path, story).counts == {"archived": 3, "not_archived": 1}


def test_what_waits_at_the_end_is_written_and_a_disk_that_does_not_answer_is_let_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = Stuck(monkeypatch)

    async def ends(archive: Archive) -> None:
        await keep(archive, said(MARCH_NS))
        await keep(archive, said(MARCH_NS + 1))

    async def answers_at_the_end(archive: Archive) -> None:
        await keep(archive, said(MARCH_NS + 2))
        await keep(archive, said(MARCH_NS + 3))
        monkeypatch.undo()
        threading.Timer(0.1, stuck.answer.set).start()

    async def look(archive: Archive) -> None:
        times = [one.uplink.time_ns for one in await archive.read("a", 0, MARCH_NS + DAY)]
        assert times == [MARCH_NS + 2, MARCH_NS + 3]

    with_archive(tmp_path / "one", ends)  # and comes back
    with_archive(tmp_path / "other", answers_at_the_end)
    with_archive(tmp_path / "other", look)


CHILD = """
import asyncio, os, sys
from pathlib import Path
from tests.test_archive import *
async def run():
    archive = Archive(Path(sys.argv[1]), ArchiveSettings(), Noted())
    for number in range(50):
        await keep(archive, said(MARCH_NS + number))
    os.kill(os.getpid(), 9)
asyncio.run(run())
"""


def test_the_end_of_the_process_costs_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path)], cwd=ROOT, check=False)
    assert done.returncode == -9

    async def story(archive: Archive) -> None:
        assert len(await archive.read("a", 0, MARCH_NS + DAY)) == 50

    with_archive(tmp_path, story)
    with sqlite3.connect(tmp_path / "2026-03-01.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
