"""What the spool said is true after its process was killed, and while the disk takes nothing."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest import spool_read
from ingest.settings import Spool as Limits
from ingest.spool import KeptFilter, SpoolLocked, open_spool

ROOT = Path(__file__).parent.parent
ALL = 10**9


def start(what: str, state: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.spool_child", what, str(state)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def run_until_killed(what: str, state: Path, after_s: float) -> dict[str, int]:
    """Let the child work, kill it in the middle of it; returns the last number of each thing it said."""
    with start(what, state) as child:
        assert child.stdout is not None
        said = [child.stdout.readline()]
        time.sleep(after_s)
        child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
    assert child.returncode == -signal.SIGKILL
    last = {"committed": 0, "settled": 0}
    for line in said:
        if line.endswith("\n"):
            word, number = line.split()
            last[word] = int(number)
    return last


def test_what_was_said_to_be_committed_is_there_after_a_kill(tmp_path: Path) -> None:
    committed = settled = 0
    chance = random.Random(7)  # noqa: S311  no secret
    for _ in range(5):
        said = run_until_killed("commit", tmp_path, chance.uniform(0.05, 0.4))
        committed, settled = max(committed, said["committed"]), max(settled, said["settled"])
        lines, number = asyncio.run(look(tmp_path))
        assert number >= committed
        first = int(lines[0].split()[0]) if lines else number + 1
        assert settled < first
        assert lines == [b"%d %d" % (n, part) for n in range(first, number + 1) for part in range(3)]
        kept = spool_read.kept(tmp_path, KeptFilter(), limit=ALL)
        assert [row.time_ns for row in kept] == list(range(max(1, number - 1999), number + 1))
    assert committed > 0


async def look(state: Path) -> tuple[list[bytes], int]:
    spool = open_spool(state, Limits())
    try:
        assert not spool.damaged
        waiting = await spool.read(ALL, ALL)
        lines = waiting.lines if waiting else []
        assert spool.waiting_lines == len(lines)
        assert spool.waiting_bytes == sum(map(len, lines)) + len(lines) - len(lines) // 3
        return lines, (await spool.states())["number"].seen_ns
    finally:
        spool.close()


def test_every_key_has_its_newest_state_after_a_kill_between_or_within_folds(tmp_path: Path) -> None:
    committed = 0
    chance = random.Random(11)  # noqa: S311  no secret
    for _ in range(5):
        committed = max(committed, run_until_killed("fold", tmp_path, chance.uniform(0.05, 0.4))["committed"])
        states = asyncio.run(remembered(tmp_path))
        number = states.pop("number")
        assert number >= committed
        newest = {key: number - (number - key) % 5 for key in range(2000)}
        assert states == {f"{key}|1": said for key, said in newest.items() if said > 0}
    assert committed > 0


async def remembered(state: Path) -> dict[str, int]:
    spool = open_spool(state, Limits())
    try:
        assert not spool.damaged
        return {key: one.seen_ns for key, one in (await spool.states()).items()}
    finally:
        spool.close()


def test_a_full_disk_refuses_groups_whole_and_takes_them_when_there_is_room(tmp_path: Path) -> None:
    with start("starve", tmp_path) as child:
        output, _ = child.communicate(timeout=120)
    assert child.returncode == 0
    full, room, again, settled = output.splitlines()
    groups = int(full.split()[2])
    assert groups > 5
    assert full == f"full after {groups} with {100 * groups} waiting"
    assert room == f"settled {100 * groups} while full"
    assert again == "committed with 200 waiting"
    assert settled == "settled 200, 0 waiting, damaged ''"


def test_a_lock_ends_with_its_holder(tmp_path: Path) -> None:
    with start("hold", tmp_path) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        with pytest.raises(SpoolLocked, match=f"running process {child.pid}$"):
            open_spool(tmp_path, Limits())
        assert spool_read.figures(tmp_path).waiting_lines == 0
        child.kill()
    open_spool(tmp_path, Limits()).close()
    assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
