"""The process of the JavaScript codecs: its start, its end, and what it has not."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sandbox.wire import Answer
from ingest.scripts import process
from ingest.scripts.process import Ended
from ingest.scripts.runner import Runner
from ingest.seams import ScriptJob
from tests.scripts import GOOD, HANGS, data, decoding, job, run


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.close()


def test_the_process_is_started_when_it_is_needed_and_stays() -> None:
    runner = Runner()
    assert runner.pid is None
    assert data(runner, GOOD) == {"sum": 2}
    first = runner.pid
    assert data(runner, GOOD) == {"sum": 2}
    assert first == runner.pid
    runner.close()
    assert runner.pid is None
    assert data(runner, GOOD) == {"sum": 2}
    runner.close()


def test_a_process_killed_from_outside_is_started_anew_and_nothing_is_lost() -> None:
    runner = Runner()
    try:
        assert data(runner, GOOD) == {"sum": 2}
        assert runner.pid is not None
        os.kill(runner.pid, signal.SIGKILL)
        assert [one.data for one in runner.decode([job(GOOD)] * 3)] == [{"sum": 2}] * 3
        assert len(runner.take_happened().died) == 1
    finally:
        runner.close()


def test_a_process_that_stands_still_is_replaced() -> None:
    runner = Runner()
    try:
        assert data(runner, GOOD) == {"sum": 2}
        assert runner.pid is not None
        os.kill(runner.pid, signal.SIGSTOP)
        assert data(runner, GOOD) == {"sum": 2}
    finally:
        runner.close()


class Dying(Runner):
    """Its process dies of every job on port 9, as of a fault of the engine."""

    def _ask(self, jobs: list[ScriptJob]) -> list[Answer]:  # type: ignore[override]  # a list is what it gets
        fatal = next((number for number, one in enumerate(jobs) if one.f_port == 9), None)
        if fatal is not None:
            raise Ended(fatal, "Segmentation fault", late=False)
        return super()._ask(jobs)


def test_a_job_that_the_process_dies_of_twice_is_refused_and_the_others_are_not() -> None:
    runner = Dying()
    try:
        said = runner.decode([job(GOOD), job(GOOD, f_port=9), job(GOOD)])
        assert [one.reason for one in said] == [None, "codec_crashed", None]
        assert "Segmentation fault" in said[1].errors[0]
        assert runner.take_happened().died == ["Segmentation fault"] * 2
        runner.decode([job(GOOD, f_port=9)] * 2)
        assert runner.decode([job(GOOD)])[0].reason == "codec_suspended"
    finally:
        runner.close()


def test_without_a_process_every_job_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    runner = Runner()
    said = runner.decode([job(GOOD)] * 2)
    assert [one.reason for one in said] == ["codec_crashed"] * 2
    assert "/nowhere/python" in said[0].errors[0]


def test_a_process_given_very_many_codecs_makes_room_for_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.scripts.runner.SOURCES", 1000)
    runner = Runner()
    try:
        pids = set()
        for number in range(4):
            assert data(runner, GOOD + f"// {number} {'x' * 400}") == {"sum": 2}
            pids.add(runner.pid)
        assert len(pids) == 2
    finally:
        runner.close()


def test_more_codecs_than_engines_are_kept_run_one_after_another(runner: Runner) -> None:
    jobs = [job(GOOD + f"// {number}") for number in range(70)] * 6
    assert [one.data for one in runner.decode(jobs)] == [{"sum": 2}] * len(jobs)


def test_promises_that_nobody_waits_for_do_not_fill_the_engine(runner: Runner) -> None:
    source = decoding(
        "let big = new Array(2000).fill(1); (async () => { await 1; return big; })();"
        " return { data: { a: 1 } };"
    )
    said = runner.decode([job(source)] * 3000)
    assert [one.data for one in said] == [{"a": 1}] * len(said)


def test_the_process_has_nothing_of_ours(runner: Runner) -> None:
    run(runner, GOOD)
    process = Path(f"/proc/{runner.pid}")
    files = sorted(str(file.readlink()).partition(":")[0] for file in (process / "fd").iterdir())
    assert files == ["/dev/null", "/memfd", "pipe", "socket"]
    assert b"HOME=" not in (process / "environ").read_bytes()
    assert (process / "cwd").readlink() == Path("/")
    limits = (process / "limits").read_text(encoding="ascii")
    for limit in (
        "Max open files            0",
        "Max file size             0",
        "Max core file size        0",
    ):
        assert limit in limits
    assert f"Max address space         {512 * 1024**2}" in limits
    if os.geteuid() == 0:
        assert "Uid:\t65534\t65534\t65534\t65534" in (process / "status").read_text(encoding="ascii")


_PARENT = """
import sys
from hashlib import blake2b
from devices.type import Script
from ingest.scripts.runner import Runner
from ingest.seams import ScriptJob
runner = Runner()
def ask(source):
    script = Script("x.js", source, blake2b(source.encode()).hexdigest())
    return runner.decode([ScriptJob(script, b"", 1, 0, {})])
ask("function Decoder() { return {}; }")
print(runner.pid, flush=True)
if sys.argv[1] == "busy":
    ask(%r)
else:
    sys.stdin.read()
"""


def cpu_ticks(process: Path) -> int:
    return int((process / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[11])


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_it_dies_with_the_service_however_that_dies(state: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT % HANGS, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with parent:
        assert parent.stdout is not None
        child = Path(f"/proc/{int(parent.stdout.readline())}")
        before = cpu_ticks(child)
        while state == "busy" and cpu_ticks(child) < before + 10:
            time.sleep(0.01)
        parent.kill()
    while child.exists() and "(zombie)" not in (child / "status").read_text(encoding="ascii"):
        time.sleep(0.05)  # the test's own time limit ends it where it never comes


def test_a_machine_that_is_slow_to_start_it_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.scripts.process.WALL_S", 0.3)
    slow = "import time; time.sleep(0.6); " + process._START
    monkeypatch.setattr("ingest.scripts.process._START", slow)
    runner = Runner()
    try:
        assert data(runner, GOOD) == {"sum": 2}
        assert runner.take_happened().died == []
    finally:
        runner.close()
