"""A damaged spool is set aside, named, and a new one begun; what was in hand goes on there."""

import asyncio
import contextlib
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.state import DeviceState
from ingest import spool_read
from ingest.group import Group
from ingest.seams import RefusedLine
from ingest.settings import Spool as Limits
from ingest.spool import DeadFilter, KeptFilter, Spool, SpoolBusy, damage, open_spool
from ingest.store.embedded import EmbeddedStore
from tests.sourceless import sourceless
from tests.spool_rows import dead_letter, kept_row

ALL = 10**9
PAGE = 4096


class Witness:
    """What a spool tells of its damages."""

    def __init__(self) -> None:
        self.told: list[tuple[Path, int]] = []
        self.begun_anew = 0

    def on_damaged(self, path: Path, lines_lost: int) -> None:
        self.told.append((path, lines_lost))

    def on_begun_anew(self) -> None:
        self.begun_anew += 1


def with_spool(state: Path, work: Callable[[Spool, Witness], Awaitable[None]]) -> Witness:
    """Open the spool, run the test's steps on an event loop, close it; returns what it told."""
    witness = Witness()

    async def run() -> None:
        spool = open_spool(state, Limits(), witness.on_damaged)
        spool.on_begun_anew = witness.on_begun_anew
        try:
            await work(spool, witness)
        finally:
            spool.close()

    asyncio.run(run())
    return witness


async def fill(spool: Spool, _witness: Witness) -> None:
    """Something in every table, and more lines than a connection caches at its start."""
    for number in range(50):
        lines = [b"line %d %d " % (number, i) + b"x" * 500 for i in range(20)]
        await spool.commit(Group(lines=lines, kept=[kept_row(f"{number}")], dead=[dead_letter()]))
    await spool.commit(Group(states={"luft|1": DeviceState(seen_ns=1)}))


async def works(spool: Spool) -> None:
    """Whether the new spool does its work."""
    await spool.commit(Group(lines=[b"after"], kept=[kept_row("after")]))
    assert "after" in await spool.quarantined_addresses()
    waiting = await spool.read(ALL, ALL)
    assert waiting is not None
    assert b"after" in waiting.lines
    await spool.settle(waiting, [], [])
    assert spool.waiting_lines == 0


def make_noise(path: Path, begin: int = 0, end: int | None = None) -> None:
    """Overwrite bytes in place, the file keeping its size."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(begin)
        noise = random.Random(1)  # noqa: S311  no secret
        file.write(noise.randbytes((size if end is None else end) - begin))


def spoil_with(statement: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.executescript(statement)
        connection.close()

    return spoil


def other_database(path: Path) -> None:
    path.unlink()
    spoil_with("CREATE TABLE something (else_ TEXT)")(path)


DAMAGES = {
    "noise all over": make_noise,
    "noise over the first page": lambda path: make_noise(path, 0, PAGE),
    "noise behind the first page": lambda path: make_noise(path, PAGE),
    "not a database": lambda path: path.write_text("device: luft-marktplatz\n" * 500),
    "nothing in it": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[: 3 * PAGE]),
    "another database": other_database,
    "a missing table": spoil_with("DROP TABLE quarantine"),
    "a missing trigger": spoil_with("DROP TRIGGER waiting_out"),
    "missing totals": spoil_with("DELETE FROM totals"),
    "a version that never was": spoil_with("PRAGMA user_version = -1"),
}


@pytest.mark.parametrize("spoil", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_spool_damaged_between_two_runs_is_set_aside(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    with_spool(tmp_path, fill)
    spoil(tmp_path / "spool.db")
    content = (tmp_path / "spool.db").read_bytes()

    async def steps(spool: Spool, witness: Witness) -> None:
        await spool.read(1, 1)  # the latest moment at which it must be noticed
        ((path, _lost),) = witness.told
        assert path.name.startswith("spool.db.damaged-")
        assert path.read_bytes() == content
        assert f"is set aside as {path}" in spool.damaged
        await works(spool)

    with_spool(tmp_path, steps)

    async def calm(spool: Spool, witness: Witness) -> None:
        assert not spool.damaged
        assert not witness.told

    with_spool(tmp_path, calm)


def test_noise_within_a_blob_is_noticed_by_its_checksum(tmp_path: Path) -> None:
    async def write(spool: Spool, _witness: Witness) -> None:
        await spool.commit(Group(lines=[b"good"]))
        await spool.commit(Group(lines=[b"a" * 20_000, b"needle"]))

    async def steps(spool: Spool, witness: Witness) -> None:
        first = await spool.read(1, 1)
        assert first is not None
        assert first.lines == [b"good"]
        await spool.settle(first, [], [])
        assert await spool.read(1, 1) is None
        assert [lost for _, lost in witness.told] == [2]
        assert "row 2 of the waiting lines is not what was written" in spool.damaged

    with_spool(tmp_path, write)
    path = tmp_path / "spool.db"
    path.write_bytes(path.read_bytes().replace(b"needle", b"noodle"))
    with_spool(tmp_path, steps)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes().replace(b"needle", b"noodle")),
        spoil_with("DELETE FROM states_log WHERE log_end < 1000"),
    ],
    ids=["noise", "a missing row"],
)
def test_a_log_of_states_that_is_not_what_was_written_is_noticed_at_the_start(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    async def write(spool: Spool, _witness: Witness) -> None:
        await spool.commit(Group(states={"luft|1": DeviceState(keys=b"needle")}))
        await spool.commit(Group(states={"luft|1": DeviceState(keys=b"k" * 1000)}))

    async def steps(spool: Spool, witness: Witness) -> None:
        assert "the log of states is not what was written at byte 0" in spool.damaged
        assert len(witness.told) == 1
        assert await spool.states() == {}
        await works(spool)

    with_spool(tmp_path, write)
    spoil(tmp_path / "spool.db")
    with_spool(tmp_path, steps)


def test_states_that_were_logged_in_a_damaged_spool_stand_in_the_new_one_when_folded(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = DeviceState(seen_ns=1), DeviceState(seen_ns=2)

    async def steps(spool: Spool, witness: Witness) -> None:
        make_noise(filled / "spool.db")
        monkeypatch.setattr("ingest.spool.states.LOG_BYTES", 1)
        await spool.commit(Group(kept=[kept_row()], states={"stadt|2": new}))
        assert len(witness.told) == 1
        assert await spool.states() == {"luft|1": old, "stadt|2": new}

    with_spool(filled, steps)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A state folder whose spool holds 1000 waiting lines, 50 kept messages and 50 dead letters."""
    with_spool(tmp_path, fill)
    return tmp_path


def test_damage_met_by_a_commit_puts_the_group_into_the_new_spool(filled: Path) -> None:
    async def steps(spool: Spool, witness: Witness) -> None:
        assert spool.waiting_lines == 1000
        make_noise(filled / "spool.db")
        group = Group(lines=[b"a", b"b"], kept=[kept_row("new")], states={"luft|1": DeviceState(seen_ns=2)})
        committed = await spool.commit(group)
        assert committed.dropped == {}
        assert [lost for _, lost in witness.told] == [1000]
        assert witness.begun_anew == 1
        assert "1000 lines that waited" in spool.damaged
        assert (spool.waiting_lines, await spool.states()) == (2, group.states)
        assert [row.id for row in await spool.kept(KeptFilter(), limit=9)] == [51], "ids go on"
        await works(spool)
        assert len(witness.told) == 1

    with_spool(filled, steps)


def test_lines_in_the_writers_hand_survive_damage_met_by_a_commit(filled: Path) -> None:
    async def steps(spool: Spool, witness: Witness) -> None:
        in_hand = await spool.read(40, ALL)
        assert in_hand is not None
        make_noise(filled / "spool.db")
        await spool.commit(Group(lines=[b"new"], kept=[kept_row()]))
        assert [lost for _, lost in witness.told] == [960]
        assert spool.waiting_lines == 41
        await spool.settle(in_hand, [RefusedLine(0, "no")], [dead_letter(in_hand.lines[0])])
        left = await spool.read(ALL, ALL)
        assert left is not None
        assert left.lines == [b"new"]
        assert left.first_id > in_hand.last_id

    with_spool(filled, steps)
    assert spool_read.figures(filled).dead_letters_rows == 1


def test_damage_met_by_settling_keeps_the_dead_letters(filled: Path) -> None:
    async def steps(spool: Spool, witness: Witness) -> None:
        in_hand = await spool.read(40, ALL)
        assert in_hand is not None
        make_noise(filled / "spool.db")
        while not witness.told:  # a small deletion may happen within the pages that are cached
            await spool.settle(in_hand, [RefusedLine(0, "no")], [dead_letter(b"l" * 10_000)])
        assert [lost for _, lost in witness.told] == [960]
        assert spool.waiting_lines == 0
        await works(spool)

    with_spool(filled, steps)
    (letter,) = spool_read.dead_letters(filled, DeadFilter(), limit=9)
    assert letter.id > 50


def test_damage_met_by_reading_loses_the_waiting_lines_only(filled: Path) -> None:
    async def steps(spool: Spool, witness: Witness) -> None:
        make_noise(filled / "spool.db")
        assert await spool.read(ALL, ALL) is None
        assert [lost for _, lost in witness.told] == [1000]
        assert (spool.waiting_lines, spool.waiting_bytes, spool.full) == (0, 0, False)
        await works(spool)

    with_spool(filled, steps)


def test_a_table_that_disappears_while_running_is_damage(filled: Path) -> None:
    async def steps(spool: Spool, witness: Witness) -> None:
        spoil_with("DROP TABLE quarantine")(filled / "spool.db")
        await spool.commit(Group(kept=[kept_row()]))
        assert len(witness.told) == 1
        assert "no such table" in spool.damaged
        await works(spool)

    with_spool(filled, steps)


def test_waiting_lines_that_vanished_are_damage_and_not_waited_for(filled: Path) -> None:
    async def steps(spool: Spool, witness: Witness) -> None:
        spoil_with(
            "CREATE TEMP TABLE t AS SELECT * FROM totals; DELETE FROM waiting; DELETE FROM totals;"
            " INSERT INTO totals SELECT * FROM t"
        )(filled / "spool.db")
        assert await spool.read(ALL, ALL) is None
        assert [lost for _, lost in witness.told] == [1000]
        assert "50 rows of waiting lines are gone" in spool.damaged

    with_spool(filled, steps)


def test_a_new_spool_that_cannot_be_begun_yet_is_begun_later(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_path: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("database or disk is full")

    async def steps(spool: Spool, witness: Witness) -> None:
        in_hand = await spool.read(20, ALL)
        assert in_hand is not None
        make_noise(filled / "spool.db")
        group = Group(lines=[b"a"], kept=[kept_row()])
        with monkeypatch.context() as full:
            full.setattr("ingest.spool.schema.connect", no_room)
            for _ in range(2):
                with pytest.raises(SpoolBusy, match="disk is full"):
                    await spool.commit(group)
        assert [lost for _, lost in witness.told] == [980]
        assert spool.waiting_lines == 20
        await spool.commit(group)
        assert spool.waiting_lines == 21
        left = await spool.read(ALL, ALL)
        assert left is not None
        assert left.lines == [*in_hand.lines, b"a"]
        assert len(witness.told) == 1

    with_spool(filled, steps)


def test_two_spools_damaged_in_one_second_lie_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
    names = []
    for number in range(3):
        for suffix in ("", "-wal"):
            Path(f"{tmp_path}/spool.db{suffix}").write_text(f"{number}")
        names.append(damage.set_aside(tmp_path / "spool.db").name)
    stem = "spool.db.damaged-20270115T080000Z"
    assert names == [stem, f"{stem}-2", f"{stem}-3"]
    assert (tmp_path / f"{stem}-2-wal").read_text() == "1"


_template: list[Path] = []


def template() -> Path:
    """A filled spool, made once."""
    if not _template:
        folder = Path(tempfile.mkdtemp(prefix="messnetz-spool-"))
        with_spool(folder, fill)
        _template.append(folder / "spool.db")
    return _template[0]


@pytest.fixture(scope="module", autouse=True)
def _remove_template() -> Iterator[None]:
    yield
    for path in _template:
        shutil.rmtree(path.parent)


@settings(max_examples=40, deadline=None)
@given(
    holes=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 20)), min_size=1, max_size=4),
    while_running=st.booleans(),
)
def test_wherever_noise_falls_only_true_lines_come_out_and_work_goes_on(
    holes: list[tuple[int, int]], while_running: bool
) -> None:
    def spoil(path: Path) -> None:
        pages = path.stat().st_size // PAGE
        for begin, length in holes:
            first = begin % pages
            make_noise(path, first * PAGE, min(first + length, pages) * PAGE)

    async def steps(spool: Spool, _witness: Witness) -> None:
        if while_running:
            spoil(path)
        await spool.commit(Group(lines=[b"line new"], kept=[kept_row("new")], dead=[dead_letter()]))
        await spool.states()
        await spool.kept(KeptFilter(), limit=100)
        seen = []
        while waiting := await spool.read(100, ALL):
            seen += waiting.lines
            await spool.settle(waiting, [], [])
        assert all(line.startswith(b"line ") and len(line) <= 520 for line in seen)
        assert b"line new" in seen or spool.damaged
        assert spool.waiting_lines == 0
        await spool.drop_kept(KeptFilter())
        await spool.expire(10**18)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spool.db"
        shutil.copyfile(template(), path)
        if not while_running:
            spoil(path)
        with_spool(Path(folder), steps)


def test_a_damaged_log_of_frames_does_not_cost_the_states_that_were_read_before_it(tmp_path: Path) -> None:
    memory = {"luft|1": DeviceState(seen_ns=5)}

    async def fill_frames() -> None:
        spool = open_spool(tmp_path / "state", Limits())
        for number in range(600):
            await spool.commit(Group(states=memory, frames=[number.to_bytes(8, "big")]))
        spool.close()

    asyncio.run(fill_frames())
    path = tmp_path / "state" / "spool.db"
    with contextlib.closing(sqlite3.connect(path)) as file:
        (root,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'frames'").fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
    pages = bytearray(path.read_bytes())
    begin = (root - 1) * size
    assert pages[begin] == 5, "an inner page, whose last page is named behind its head"
    last = int.from_bytes(pages[begin + 8 : begin + 12], "big")
    pages[(last - 1) * size : last * size] = b"\xa5" * size
    path.write_bytes(pages)

    async def start() -> None:
        async with sourceless(tmp_path, EmbeddedStore(tmp_path / "state" / "store.db")) as (core, _):
            assert core.spool.damaged
            await core.intake.flush()
            assert await core.spool.states() == core.intake.states == memory

    asyncio.run(start())
