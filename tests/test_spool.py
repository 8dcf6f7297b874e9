"""What the spool promises while nothing breaks: order, atomicity, budgets, one writer, readers beside it."""

import asyncio
import contextlib
import os
import sqlite3
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from devices.state import CounterState, DeviceState
from ingest import spool_read
from ingest.errors import SpoolError
from ingest.group import Group, Kept
from ingest.seams import RefusedLine
from ingest.settings import Spool as Limits
from ingest.spool import (
    DeadFilter,
    KeptFilter,
    Spool,
    SpoolBusy,
    SpoolLocked,
    SpoolTooNew,
    open_spool,
    schema,
    states,
)
from tests.spool_rows import dead_letter, kept_row

DAY_NS = 86_400 * 10**9
#: More than a test ever writes.
ALL = 10**9
EVERY = KeptFilter()


def with_spool(state: Path, work: Callable[[Spool], Awaitable[None]], **limits: int) -> None:
    """Open the spool, run the test's steps on an event loop, close it."""

    async def run() -> None:
        spool = open_spool(state, Limits(**limits))
        try:
            await work(spool)
        finally:
            spool.close()

    asyncio.run(run())


async def waiting_lines(spool: Spool) -> list[bytes]:
    waiting = await spool.read(ALL, ALL)
    return waiting.lines if waiting else []


async def every_kept(spool: Spool, chosen: KeptFilter = EVERY, page: int = 2) -> list[Kept]:
    rows: list[Kept] = []
    while found := await spool.kept(chosen, after=rows[-1] if rows else None, limit=page):
        rows += found
    return rows


# --- the way of the lines -------------------------------------------------------------------------


def test_a_new_spool_is_private_and_empty(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        assert await spool.read(ALL, ALL) is None
        assert (spool.waiting_lines, spool.waiting_bytes, spool.oldest_waiting_ns) == (0, 0, None)
        assert not spool.full
        assert not spool.damaged
        assert await spool.states() == {}

    with_spool(tmp_path / "deep" / "state", steps)
    assert (tmp_path / "deep" / "state").stat().st_mode & 0o777 == 0o700


def test_lines_come_back_in_the_order_they_were_committed_and_leave_when_settled(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        for lines in ([b"a", b"b"], [b"c"], [b"d", b"e"]):
            await spool.commit(Group(lines=lines))
        assert (spool.waiting_lines, spool.waiting_bytes) == (5, 3 + 1 + 3)
        first = await spool.read(3, ALL)
        assert first is not None
        assert first.lines == [b"a", b"b", b"c"]
        assert await spool.read(3, ALL) == first
        await spool.settle(first, [], [])
        assert await waiting_lines(spool) == [b"d", b"e"]
        assert spool.waiting_lines == 2

    with_spool(tmp_path, steps)


def test_lines_wait_across_a_restart(tmp_path: Path) -> None:
    async def write(spool: Spool) -> None:
        await spool.commit(Group(lines=[b"a", b"b"]))
        assert spool.oldest_waiting_ns is not None

    async def look(spool: Spool) -> None:
        assert (spool.waiting_lines, spool.waiting_bytes) == (2, 3)
        assert await waiting_lines(spool) == [b"a", b"b"]

    with_spool(tmp_path, write)
    with_spool(tmp_path, look)


def test_a_group_larger_than_both_limits_is_read_alone(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(lines=[b"large"] * 10))
        await spool.commit(Group(lines=[b"small"]))
        for limits in ((3, ALL), (ALL, 7)):
            waiting = await spool.read(*limits)
            assert waiting is not None
            assert waiting.lines == [b"large"] * 10

    with_spool(tmp_path, steps)


def test_settling_takes_only_what_was_read(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(lines=[b"a"]))
        waiting = await spool.read(ALL, ALL)
        assert waiting is not None
        await spool.commit(Group(lines=[b"b"]))
        await spool.settle(waiting, [], [])
        assert await waiting_lines(spool) == [b"b"]
        await spool.settle(waiting, [], [])
        assert await waiting_lines(spool) == [b"b"]

    with_spool(tmp_path, steps)


def test_a_line_with_a_line_feed_stays_one_line(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(lines=[b"a", b"b\nc"]))
        assert await waiting_lines(spool) == [b"a", b"b c"]

    with_spool(tmp_path, steps)


def test_refused_lines_leave_only_as_dead_letters(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(lines=[b"good", b"bad"]))
        waiting = await spool.read(ALL, ALL)
        assert waiting is not None
        with pytest.raises(ValueError, match="1 refused lines, but 0 dead letters"):
            await spool.settle(waiting, [RefusedLine(1, "no")], [])
        assert spool.waiting_lines == 2
        await spool.settle(waiting, [RefusedLine(1, "no")], [dead_letter(b"bad")])
        assert (spool.waiting_lines, spool.figures.dead_letters_rows) == (0, 1)

    with_spool(tmp_path, steps)
    assert [row.line for row in spool_read.dead_letters(tmp_path, DeadFilter(), limit=10)] == [b"bad"]


def test_the_budget_for_waiting_lines_says_full_and_takes_the_group_under_way(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(lines=[b"x" * 65535]))
        assert not spool.full
        await spool.commit(Group(lines=[b"x"]))
        assert spool.full
        await spool.commit(Group(lines=[b"y"]))
        assert spool.waiting_lines == 3

    with_spool(tmp_path, steps, waiting_bytes=65536)


def test_what_a_group_holds_arrives_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = Group(
        lines=[b"a"], dead=[dead_letter()], kept=[kept_row()], states={"luft|1": DeviceState(seen_ns=7)}
    )

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    async def steps(spool: Spool) -> None:
        with monkeypatch.context() as broken:
            broken.setattr("ingest.spool.states.append", fail)
            with pytest.raises(SpoolBusy, match="disk I/O error") as caught:
                await spool.commit(group)
        assert "make room" in caught.value.hint
        assert (spool.waiting_lines, await every_kept(spool), await spool.states()) == (0, [], {})
        await spool.commit(group)
        assert (spool.waiting_lines, len(await every_kept(spool))) == (1, 1)
        assert await spool.states() == group.states

    with_spool(tmp_path, steps)


def test_commits_leave_the_last_of_the_disk_to_the_deletions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.statvfs(tmp_path)
    # 1000 blocks in all, none of them available.
    full = os.statvfs_result((4096, 4096, 1000, 0, 0, *real[5:]))

    async def steps(spool: Spool) -> None:
        await spool.commit(Group(lines=[b"a" * 1024**2]))
        with monkeypatch.context() as filled:
            filled.setattr(os, "statvfs", lambda _path: full)
            with pytest.raises(SpoolBusy, match="only 0 KiB are free"):
                await spool.commit(Group(lines=[b"b"]))
            waiting = await spool.read(ALL, ALL)
            assert waiting is not None
            await spool.settle(waiting, [], [])
            await spool.commit(Group(lines=[b"into the room that the file has"]))
        assert spool.waiting_lines == 1

    with_spool(tmp_path, steps)


def test_a_commit_returns_only_after_the_disk_has_it(tmp_path: Path) -> None:
    connection = schema.connect(tmp_path / "spool.db")
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL: an fsync a commit in WAL mode
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_pipeline_and_writer_may_call_at_once(tmp_path: Path) -> None:
    async def commit(spool: Spool) -> None:
        for number in range(50):
            await spool.commit(Group(lines=[b"%d" % number]))

    async def write(spool: Spool) -> list[bytes]:
        written: list[bytes] = []
        while len(written) < 50:
            if waiting := await spool.read(7, ALL):
                await spool.settle(waiting, [], [])
                written += waiting.lines
        return written

    async def steps(spool: Spool) -> None:
        _, written = await asyncio.gather(commit(spool), write(spool))
        assert written == [b"%d" % number for number in range(50)]
        assert spool.waiting_lines == 0

    with_spool(tmp_path, steps)


# --- memory ---------------------------------------------------------------------------------------


def test_states_are_replaced_by_key_and_survive(tmp_path: Path) -> None:
    old = DeviceState(seen_ns=1, f_cnt=9, keys=b"\x00\xff" * 8)
    new = DeviceState(seen_ns=2, counters={"count|direction=ltr": CounterState(5, 2)})

    async def write(spool: Spool) -> None:
        await spool.commit(Group(states={"luft|1": old, "größe|2": old}))
        await spool.commit(Group(states={"luft|1": new}))

    async def look(spool: Spool) -> None:
        assert await spool.states() == {"luft|1": new, "größe|2": old}
        assert spool.unreadable_states == []

    with_spool(tmp_path, write)
    with_spool(tmp_path, look)


def in_table_and_log(state: Path) -> tuple[set[str], int]:
    """The keys in the table of states, and how many rows the log has."""
    with contextlib.closing(sqlite3.connect(state / "spool.db")) as connection:
        keys = {key for (key,) in connection.execute("SELECT key FROM states")}
        return keys, connection.execute("SELECT count(*) FROM states_log").fetchone()[0]


def test_the_log_of_states_is_folded_into_the_table_when_it_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = DeviceState(seen_ns=1, keys=b"k" * 100), DeviceState(seen_ns=2, keys=b"l" * 100)
    monkeypatch.setattr(states, "LOG_BYTES", 300)

    async def begin(spool: Spool) -> None:
        await spool.commit(Group(states={"a|1": old}))
        await spool.commit(Group(lines=[b"without states"]))
        await spool.commit(Group(states={"a|1": new}))
        assert in_table_and_log(tmp_path) == (set(), 2)

    async def go_on(spool: Spool) -> None:
        await spool.commit(Group(states={"b|2": old}))
        assert in_table_and_log(tmp_path) == ({"a|1", "b|2"}, 0)
        await spool.commit(Group(states={"b|2": new, "c|3": old}))
        assert await spool.states() == {"a|1": new, "b|2": new, "c|3": old}
        assert in_table_and_log(tmp_path) == ({"a|1", "b|2"}, 1)

    with_spool(tmp_path, begin)
    with_spool(tmp_path, go_on)


def test_a_fold_that_the_disk_refused_leaves_the_log_and_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = DeviceState(seen_ns=1), DeviceState(seen_ns=2)

    def fail(_connection: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    async def steps(spool: Spool) -> None:
        await spool.commit(Group(states={"a|1": old, "b|2": old}))
        monkeypatch.setattr(states, "LOG_BYTES", 1)
        with monkeypatch.context() as broken:
            broken.setattr("ingest.spool.disk.read_figures", fail)  # the last before COMMIT
            with pytest.raises(SpoolBusy):
                await spool.commit(Group(states={"a|1": new, "c|3": new}))
        await spool.commit(Group(lines=[b"without states"]))
        await spool.commit(Group(states={"b|2": new}))
        assert in_table_and_log(tmp_path) == ({"a|1", "b|2"}, 0)
        assert await spool.states() == {"a|1": old, "b|2": new}

    with_spool(tmp_path, steps)


def test_states_of_a_commit_that_nobody_waited_for_are_folded_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = DeviceState(seen_ns=1)

    async def steps(spool: Spool) -> None:
        given_up = asyncio.create_task(spool.commit(Group(states={"a|1": state})))
        await asyncio.sleep(0)
        given_up.cancel()
        assert await spool.states() == {"a|1": state}
        monkeypatch.setattr(states, "LOG_BYTES", 1)
        await spool.commit(Group(states={"b|2": state}))
        assert in_table_and_log(tmp_path) == ({"a|1", "b|2"}, 0)

    with_spool(tmp_path, steps)


def test_a_state_that_cannot_be_decoded_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = DeviceState(seen_ns=1)

    async def write(spool: Spool) -> None:
        await spool.commit(Group(states={"good|1": good, "bad|2": "no state"}))  # type: ignore[dict-item]

    async def look(spool: Spool) -> None:
        assert await spool.states() == {"good|1": good}
        assert spool.unreadable_states == ["bad|2"]

    async def fold(spool: Spool) -> None:
        await spool.commit(Group(states={"good|1": good}))
        await look(spool)

    with_spool(tmp_path, write)
    with_spool(tmp_path, look)
    monkeypatch.setattr(states, "LOG_BYTES", 1)
    with_spool(tmp_path, fold)
    assert in_table_and_log(tmp_path) == ({"good|1", "bad|2"}, 0)
    with_spool(tmp_path, look)


# --- refusals -------------------------------------------------------------------------------------


def test_kept_messages_come_back_whole_in_the_order_of_their_own_time(tmp_path: Path) -> None:
    rows = [
        kept_row("b", time_ns=3, payload=bytes(range(256))),
        kept_row("a", time_ns=1, payload=b""),
        kept_row("", time_ns=2, outcome="rejected", reason="not_json", detail="Zeile 1: »{«", topic="a/b"),
        kept_row("a", time_ns=2),
    ]

    async def steps(spool: Spool) -> None:
        await spool.commit(Group(kept=rows))
        found = await every_kept(spool)
        assert [(row.id, row.time_ns) for row in found] == [(2, 1), (3, 2), (4, 2), (1, 3)]
        for row in found:
            sent = rows[row.id - 1]
            assert row == msgspec.structs.replace(sent, id=row.id)

    with_spool(tmp_path, steps)


def test_an_empty_payload_and_an_empty_line_are_kept_too(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(lines=[b""], kept=[kept_row(payload=b"")], dead=[dead_letter(b"")]))
        assert [row.payload for row in await every_kept(spool)] == [b""]
        assert await spool.requeue_dead(DeadFilter(), lambda _lines: None) == 1
        assert await waiting_lines(spool) == [b"", b""]

    with_spool(tmp_path, steps)


@pytest.mark.parametrize(
    ("chosen", "ids"),
    [
        (KeptFilter(), {1, 2, 3, 4}),
        (KeptFilter(id=3), {3}),
        (KeptFilter(address="a"), {1, 2}),
        (KeptFilter(address=""), {4}),
        (KeptFilter(outcome="rejected"), {2, 4}),
        (KeptFilter(reason="other"), {3}),
        (KeptFilter(since_ns=20), {2, 3, 4}),
        (KeptFilter(address="a", outcome="rejected", since_ns=20), {2}),
        (KeptFilter(address="nobody"), set()),
    ],
)
def test_a_filter_chooses_the_same_rows_to_list_and_to_drop(
    tmp_path: Path, chosen: KeptFilter, ids: set[int]
) -> None:
    rows = [
        kept_row("a", time_ns=10),
        kept_row("a", time_ns=20, outcome="rejected"),
        kept_row("b", time_ns=30, reason="other"),
        kept_row("", time_ns=40, outcome="rejected"),
    ]

    async def steps(spool: Spool) -> None:
        await spool.commit(Group(kept=rows))
        assert {row.id for row in await every_kept(spool, chosen)} == ids
        assert await spool.drop_kept(chosen) == len(ids)
        assert {row.id for row in await every_kept(spool)} == {1, 2, 3, 4} - ids
        assert spool.figures.quarantine_rows == 4 - len(ids)

    with_spool(tmp_path, steps)


def test_a_page_holds_no_more_payload_than_memory_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.spool.quarantine.PAGE_BYTES", 100)
    rows = [kept_row(payload=b"x" * size) for size in (60, 40, 1, 500, 1)]

    async def steps(spool: Spool) -> None:
        await spool.commit(Group(kept=rows))
        assert [row.id for row in await spool.kept(KeptFilter(), limit=10)] == [1, 2]
        assert [row.id for row in await every_kept(spool, page=10)] == [1, 2, 3, 4, 5]

    with_spool(tmp_path, steps)
    assert len(spool_read.kept(tmp_path, KeptFilter(), limit=4)) == 4


def test_released_rows_end_with_the_group_they_became(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(kept=[kept_row("a"), kept_row("b"), kept_row("a")]))
        await spool.commit(Group(lines=[b"replayed"], released=[1, 3, 99]))
        assert [row.id for row in await every_kept(spool)] == [2]
        assert await spool.quarantined_addresses() == {"b"}

    with_spool(tmp_path, steps)


def test_only_messages_of_unregistered_devices_name_their_address(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(
            Group(kept=[kept_row("a"), kept_row("a", outcome="rejected"), kept_row("b", outcome="rejected")])
        )
        assert await spool.quarantined_addresses() == {"a"}
        await spool.drop_kept(KeptFilter(outcome="quarantined"))
        assert await spool.quarantined_addresses() == set()

    with_spool(tmp_path, steps)


def test_an_id_is_never_used_twice(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(kept=[kept_row()], dead=[dead_letter()]))
        await spool.drop_kept(KeptFilter())
        await spool.drop_dead(DeadFilter())
        await spool.commit(Group(kept=[kept_row()], dead=[dead_letter()]))

    with_spool(tmp_path, steps)
    assert [row.id for row in spool_read.kept(tmp_path, KeptFilter(), limit=9)] == [2]
    assert [row.id for row in spool_read.dead_letters(tmp_path, DeadFilter(), limit=9)] == [2]


def test_what_neither_sqlite_nor_utf8_can_hold_does_not_hold_up_its_group(tmp_path: Path) -> None:
    odd = kept_row("a\0b", detail="\ud800", time_ns=10**30)

    async def steps(spool: Spool) -> None:
        await spool.commit(Group(lines=[b"good"], kept=[odd], states={"\udfff|1": DeviceState()}))
        (row,) = await every_kept(spool, KeptFilter(address="a\0b"))
        assert (row.address, row.detail, row.time_ns) == ("a\N{REPLACEMENT CHARACTER}b", "?", 2**63 - 1)
        assert spool.waiting_lines == 1

    with_spool(tmp_path, steps)


def test_dead_letters_wait_for_the_store_again_when_asked(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        dead = [dead_letter(b"1", device="a"), dead_letter(b"2", device="b"), dead_letter(b"3", device="a")]
        await spool.commit(Group(lines=[b"0"], dead=dead))
        told: list[int] = []
        assert await spool.requeue_dead(DeadFilter(device="a"), told.append) == 2
        assert told == [2]
        assert await waiting_lines(spool) == [b"0", b"1", b"3"]
        assert (spool.waiting_lines, spool.figures.dead_letters_rows) == (3, 1)
        assert await spool.requeue_dead(DeadFilter(device="a"), told.append) == 0
        assert await spool.drop_dead(DeadFilter(id=2, kind="refused")) == 1
        assert spool.figures.dead_letters_rows == 0

    with_spool(tmp_path, steps)


def test_many_rows_are_taken_in_chunks_and_none_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("service", "budget"):
        monkeypatch.setattr(f"ingest.spool.{module}.CHUNK", 3)

    async def steps(spool: Spool) -> None:
        group = Group(kept=[kept_row(time_ns=n) for n in range(10)], dead=[dead_letter() for _ in range(10)])
        await spool.commit(group)
        told: list[int] = []
        assert await spool.requeue_dead(DeadFilter(), told.append) == 10
        assert told == [3, 3, 3, 1]
        assert await spool.drop_kept(KeptFilter(since_ns=2)) == 8
        assert await spool.expire(31 * DAY_NS) == {"quarantine.age": 2}
        await spool.commit(group)
        assert await spool.expire(31 * DAY_NS) == {"quarantine.age": 10, "dead_letters.age": 10}

    with_spool(tmp_path, steps)


# --- budgets --------------------------------------------------------------------------------------


def test_a_device_keeps_its_newest_refusals(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        rows = (
            [kept_row("hog") for _ in range(5)] + [kept_row("", topic="t") for _ in range(4)] + [kept_row()]
        )
        committed = await spool.commit(Group(kept=rows, dead=[dead_letter() for _ in range(4)]))
        assert committed.dropped == {"quarantine.device": 3, "dead_letters.device": 1}
        assert sorted(row.id for row in await every_kept(spool)) == [3, 4, 5, 7, 8, 9, 10]

    with_spool(tmp_path, steps, refusals_per_device=3)


def test_the_device_that_holds_most_gives_way_to_the_others(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(kept=[kept_row("quiet", payload=b"q" * 1000)]))
        for _ in range(20):
            await spool.commit(Group(kept=[kept_row("hog", payload=b"h" * 10_000)]))
        committed = await spool.commit(Group(kept=[kept_row("quiet", payload=b"q" * 20_000)]))
        assert committed.dropped == {"quarantine.bytes": 2}
        assert spool.figures.quarantine_bytes <= 65536
        addresses = [row.address for row in await every_kept(spool)]
        assert addresses.count("quiet") == 2
        assert addresses.count("hog") == 4

    with_spool(tmp_path, steps, quarantine_bytes=65536)


def test_a_refusal_larger_than_the_budget_costs_only_itself(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(Group(kept=[kept_row("quiet")], dead=[dead_letter(device="quiet")]))
        committed = await spool.commit(
            Group(kept=[kept_row("hog", payload=b"h" * 70_000)], dead=[dead_letter(b"l" * 70_000)])
        )
        assert committed.dropped == {"quarantine.bytes": 1, "dead_letters.bytes": 1}
        assert [row.address for row in await every_kept(spool)] == ["quiet"]

    with_spool(tmp_path, steps, quarantine_bytes=65536, dead_letter_bytes=65536)


def test_refusals_end_with_their_age_by_arrival(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        rows = [kept_row(time_ns=time_ns) for time_ns in (5 * DAY_NS, DAY_NS, 3 * DAY_NS)]
        await spool.commit(Group(lines=[b"a"], kept=rows, dead=[dead_letter(arrival_ns=DAY_NS)]))
        assert await spool.expire(3 * DAY_NS) == {}
        assert await spool.expire(4 * DAY_NS) == {"quarantine.age": 1, "dead_letters.age": 1}
        assert [row.id for row in await every_kept(spool)] == [3, 1]
        assert spool.waiting_lines == 1

    with_spool(tmp_path, steps, refusals_days=2)


def test_the_file_gives_its_space_back_after_an_outage(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"

    async def outage(spool: Spool) -> None:
        for _ in range(16):
            await spool.commit(Group(lines=[os.urandom(2 * 1024**2).replace(b"\n", b" ")]))

    async def recovery(spool: Spool) -> None:
        assert path.stat().st_size > 30 * 1024**2
        while waiting := await spool.read(1, 1):
            await spool.settle(waiting, [], [])
        await spool.expire(0)

    with_spool(tmp_path, outage)
    with_spool(tmp_path, recovery)
    assert path.stat().st_size < 20 * 1024**2


# --- one writer, many readers ---------------------------------------------------------------------


def test_a_second_writer_is_told_who_holds_the_state_folder(tmp_path: Path) -> None:
    async def steps(_spool: Spool) -> None:
        with pytest.raises(SpoolLocked, match=f"running process {os.getpid()}$") as caught:
            open_spool(tmp_path, Limits())
        assert "state" in caught.value.hint

    with_spool(tmp_path, steps)
    open_spool(tmp_path, Limits()).close()


def test_a_state_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(SpoolError, match=r"state folder .*/state cannot be used") as caught:
        open_spool(tmp_path / "state", Limits())
    assert caught.value.hint


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, Limits())
    spool.close()
    spool.close()
    assert not Path(f"{tmp_path}/spool.db-wal").exists()


def test_readers_see_what_is_committed_while_the_service_runs_and_after(tmp_path: Path) -> None:
    async def steps(spool: Spool) -> None:
        await spool.commit(
            Group(
                lines=[b"a"],
                kept=[
                    kept_row("a", time_ns=5, detail="old"),
                    kept_row("a", time_ns=9, detail="new"),
                    kept_row("b"),
                ],
                dead=[dead_letter(arrival_ns=2), dead_letter(arrival_ns=8), dead_letter(device="other")],
            )
        )
        look()

    def look() -> None:
        assert spool_read.figures(tmp_path).waiting_lines == 1
        (first, second), there = spool_read.kept_summary(tmp_path, limit=9)
        assert there == 2
        assert (first.address, first.count, first.first_ns, first.last_ns, first.detail) == (
            "a",
            2,
            5,
            9,
            "new",
        )
        assert second.address == "b"
        summary, there = spool_read.dead_summary(tmp_path, limit=9)
        assert there == 2
        assert [(one.device, one.count, one.first_ns, one.last_ns) for one in summary] == [
            ("luft", 2, 2, 8),
            ("other", 1, 1, 1),
        ]
        assert [row.id for row in spool_read.dead_letters(tmp_path, DeadFilter(device="luft"), limit=9)] == [
            1,
            2,
        ]
        assert [row.id for row in spool_read.kept(tmp_path, KeptFilter(address="a"), limit=1)] == [1]

    with_spool(tmp_path, steps)
    look()


def test_summaries_are_limited_the_most_first_then_the_newest(tmp_path: Path) -> None:
    kept = [kept_row(f"stranger-{number}", time_ns=number) for number in range(5000)]
    kept += [kept_row("loud"), kept_row("loud"), kept_row("", outcome="rejected", reason="not_json")]
    dead = [dead_letter(device=f"d{number}") for number in (1, 2, 3, 1)]

    async def steps(spool: Spool) -> None:
        await spool.commit(Group(kept=kept, dead=dead))

    with_spool(tmp_path, steps)
    rows, there = spool_read.kept_summary(tmp_path, outcome="quarantined", limit=3)
    assert [(row.address, row.count) for row in rows] == [
        ("loud", 2),
        ("stranger-4999", 1),
        ("stranger-4998", 1),
    ]
    assert there == 5001
    assert spool_read.kept_summary(tmp_path, limit=1)[1] == 5002
    assert spool_read.kept_summary(tmp_path, outcome="none", limit=1) == ([], 0)
    lines, there = spool_read.dead_summary(tmp_path, limit=2)
    assert ([row.device for row in lines], there) == (["d1", "d3"], 3)


def test_reading_where_nothing_ran_says_so(tmp_path: Path) -> None:
    with pytest.raises(SpoolError, match="there is no spool in"):
        spool_read.figures(tmp_path)


def test_reading_a_damaged_spool_says_so_and_leaves_it(tmp_path: Path) -> None:
    (tmp_path / "spool.db").write_bytes(b"noise" * 1000)
    with pytest.raises(SpoolError, match="is damaged, or is no database"):
        spool_read.figures(tmp_path)
    assert (tmp_path / "spool.db").read_bytes() == b"noise" * 1000


# --- versions -------------------------------------------------------------------------------------


def change_version(state: Path, version: int) -> None:
    connection = sqlite3.connect(state / "spool.db")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


def test_a_newer_spool_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    open_spool(tmp_path, Limits()).close()
    change_version(tmp_path, schema.VERSION + 1)
    with pytest.raises(SpoolTooNew, match=f"has version {schema.VERSION + 1}") as caught:
        open_spool(tmp_path, Limits())
    assert "newer Messnetz" in caught.value.hint
    change_version(tmp_path, schema.VERSION)
    open_spool(tmp_path, Limits()).close()


def fabricate_version_0(state: Path) -> None:
    """A spool with one waiting line, as if there had been a version before the first."""

    async def write(spool: Spool) -> None:
        await spool.commit(Group(lines=[b"a"]))

    with_spool(state, write)
    connection = sqlite3.connect(state / "spool.db")
    connection.execute("ALTER TABLE states RENAME TO memory")
    for newer in ("hours", "hours_due", "frames"):
        connection.execute(f"DROP TABLE {newer}")
    connection.close()
    change_version(state, 0)


def rename_memory(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE memory RENAME TO states")


def test_an_older_spool_is_copied_then_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fabricate_version_0(tmp_path)
    monkeypatch.setattr(schema, "MIGRATIONS", {**schema.MIGRATIONS, 0: rename_memory})

    async def look(spool: Spool) -> None:
        assert not spool.damaged
        assert await waiting_lines(spool) == [b"a"]
        assert await spool.states() == {}

    with_spool(tmp_path, look)
    copy = sqlite3.connect(tmp_path / "spool.db.version-0")
    assert copy.execute("PRAGMA user_version").fetchone() == (0,)
    assert copy.execute("SELECT lines FROM waiting").fetchall() == [(b"a",)]
    assert copy.execute("SELECT count(*) FROM memory").fetchone() == (0,)
    copy.close()
    assert stat.S_IMODE((tmp_path / "spool.db.version-0").stat().st_mode) == 0o600
    with_spool(tmp_path, look)


def test_a_migration_that_fails_leaves_the_older_spool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fabricate_version_0(tmp_path)

    def half(connection: sqlite3.Connection) -> None:
        rename_memory(connection)
        raise RuntimeError("power cut")

    monkeypatch.setattr(schema, "MIGRATIONS", {**schema.MIGRATIONS, 0: half})
    with pytest.raises(RuntimeError, match="power cut"):
        open_spool(tmp_path, Limits())
    monkeypatch.setattr(schema, "MIGRATIONS", {**schema.MIGRATIONS, 0: rename_memory})

    async def look(spool: Spool) -> None:
        assert await waiting_lines(spool) == [b"a"]

    with_spool(tmp_path, look)


def test_an_older_spool_that_cannot_be_copied_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fabricate_version_0(tmp_path)
    monkeypatch.setattr(schema, "MIGRATIONS", {**schema.MIGRATIONS, 0: rename_memory})
    blocked = tmp_path / "spool.db.version-0"
    blocked.mkdir()
    with pytest.raises(SpoolError, match="no copy of it could be made") as caught:
        open_spool(tmp_path, Limits())
    assert "make room" in caught.value.hint
    blocked.rmdir()
    with_spool(tmp_path, _nothing)


def test_half_a_copy_of_an_older_spool_is_not_taken_for_it(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def fill(spool: Spool) -> None:
        for _ in range(20):
            await spool.commit(Group([os.urandom(1024**2).replace(b"\n", b"")]))

    with_spool(small_disk, fill)
    change_version(small_disk, 0)
    (small_disk / "other").write_bytes(bytes(34 * 1024**2))
    monkeypatch.setattr(schema, "MIGRATIONS", {**schema.MIGRATIONS, 0: lambda _connection: None})
    with pytest.raises(SpoolError, match="no copy of it could be made"):
        open_spool(small_disk, Limits())
    assert not list(small_disk.glob("spool.db.version-*"))


async def _nothing(_spool: Spool) -> None:
    return
