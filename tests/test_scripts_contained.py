"""JavaScript codecs that loop, eat memory or recurse cost their own uplink and nothing else."""

from collections.abc import Iterator

import msgspec
import pytest

from ingest.scripts.runner import STRIKES, SUSPEND_S, Runner
from tests.scripts import GOOD, HANGS, decoding, job, run, script


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.close()


#: Each ends by the limits of the engine or of the result.
CONTAINED = {
    "an infinite loop": decoding("for (;;);"),
    "an infinite loop that catches": decoding("for (;;) try { for (;;); } catch (e) {} finally { continue }"),
    "a loop at the top of the file": "while (true);",
    "a loop in a getter of the result": decoding("return { data: { get a() { for (;;); } } };"),
    "a loop in toJSON": decoding("return { data: { toJSON() { for (;;); } } };"),
    "a loop in a proxy": decoding("return new Proxy({}, { get() { for (;;); } });"),
    "a loop in what it throws": decoding("throw { toJSON() { for (;;); } };"),
    "a loop in its own error": decoding(
        "var e = new Error(); Object.defineProperty(e, 'stack', { get() { for (;;); } }); throw e;"
    ),
    "a memory bomb of arrays": decoding("var a = []; for (;;) a.push(new Array(1e4).fill(1));"),
    "a memory bomb of text": decoding("var s = 'x'; for (;;) s += s;"),
    "a memory bomb in one call": decoding("return { data: { a: 'x'.repeat(2 ** 29) } };"),
    "a memory bomb of buffers": decoding("return { data: { a: new ArrayBuffer(2 ** 31) } };"),
    "a memory bomb that catches": decoding(
        "var a = []; for (;;) try { for (;;) a.push(new Array(1e4).fill(1)) } catch (e) { a.push(1) }"
    ),
    "deep recursion": decoding("(function f() { f(); })();"),
    "deep recursion that catches": decoding("function f() { try { f(); } catch (e) { f(); } } f();"),
    "deep recursion in native code": decoding("var a = []; for (i = 0; i < 1e5; i++) a = [a]; a.flat(1e9);"),
    "a giant result": decoding("return { data: Array(1e6).fill('abc') };"),
    "a regular expression that never ends": decoding("/^(a+)+$/.test('a'.repeat(40) + 'b');"),
    "waiting for a shared buffer": decoding("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"),
    "a big number": decoding("return { data: { a: 2n ** (2n ** 40n) } };"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTAINED)
def test_it_is_contained_and_costs_its_own_uplink_alone(runner: Runner, name: str) -> None:
    run(runner, GOOD)
    process = runner.pid
    hostile, good = job(CONTAINED[name]), job(GOOD)
    said = runner.decode([good, hostile, good, good])
    assert [one.data for one in (said[0], *said[2:])] == [{"sum": 2}] * 3
    assert said[1].reason in {"codec_timeout", "codec_memory", "codec_result", "codec_failed"}
    assert runner.pid == process  # nothing worse than the engine's limits was needed


#: Each runs where no limit of the engine is looked at.
NATIVE = {
    "join": HANGS,
    "indexOf over long texts": decoding(
        "var s = 'a'.repeat(2 ** 22), t = 'a'.repeat(2 ** 21) + 'b'; for (;;) s.indexOf(t);"
    ),
    "includes": decoding("Array.prototype.includes.call({ length: 2 ** 52 }, 1);"),
    "lastIndexOf over nothing": decoding("Array.prototype.lastIndexOf.call({ length: 2 ** 52 }, 1);"),
}


@pytest.mark.parametrize("name", NATIVE)
def test_native_loops_are_ended_by_the_clock_and_cost_their_own_uplink_alone(name: str) -> None:
    runner = Runner()
    try:
        good, hostile = job(GOOD), job(NATIVE[name])
        said = runner.decode([good, hostile, good, good])
        assert [one.reason for one in said] == [None, "codec_timeout", None, None]
        assert [one.data for one in (said[0], *said[2:])] == [{"sum": 2}] * 3
    finally:
        runner.close()


def test_a_codec_that_takes_too_long_three_times_is_not_run_for_five_minutes() -> None:
    now = [1000.0]
    runner = Runner(clock=lambda: now[0])
    try:
        endless, good = job("for (;;);"), job(GOOD)
        said = runner.decode([endless, good] * 5)
        assert [one.reason for one in said[::2]] == ["codec_timeout"] * STRIKES + ["codec_suspended"] * 2
        assert [one.reason for one in said[1::2]] == [None] * 5
        happened = runner.take_happened()
        assert (happened.timeouts["x.js"], happened.suspended) == (STRIKES, ["x.js"])
        assert not runner.take_happened().timeouts
        now[0] += SUSPEND_S - 1
        assert runner.decode([endless])[0].reason == "codec_suspended"
        now[0] += 1
        assert runner.decode([endless])[0].reason == "codec_timeout"
        mended = msgspec.structs.replace(endless, script=script(GOOD + "// mended"))
        assert runner.decode([mended])[0].reason is None
    finally:
        runner.close()


def test_codecs_that_are_rarely_slow_are_not_suspended() -> None:
    now = [1000.0]
    runner = Runner(clock=lambda: now[0])
    try:
        for _ in range(STRIKES + 1):
            assert run(runner, "for (;;);").reason == "codec_timeout"
            now[0] += SUSPEND_S / 2
    finally:
        runner.close()


def test_the_result_of_one_that_took_too_long_but_ended_is_refused() -> None:
    runner = Runner()
    try:  # no instruction of this is JavaScript but one call
        source = decoding("Array.prototype.join.call({ length: 3e7 }); return { data: {} };")
        assert run(runner, source).reason == "codec_timeout"
    finally:
        runner.close()
