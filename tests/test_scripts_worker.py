"""The service's side of JavaScript codecs: answers as the pipeline takes them, and what is reported."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from devices.codecs import Decoded
from devices.errors import UplinkRefused
from devices.language import in_language
from ingest.counts import Counts
from ingest.events import Events
from ingest.scripts import ScriptWorker
from tests.scripts import GOOD, HANGS, decoding, job


class Log:
    """A logger that keeps what it was told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, _level: str) -> Callable[..., None]:
        return lambda event, **fields: self.said.append((event, fields))


def in_worker(story: Callable[[ScriptWorker], Awaitable[None]], events: Events | None = None) -> None:
    """Run a story with a worker that is closed at its end."""

    async def run() -> None:
        worker = ScriptWorker(events)
        try:
            await story(worker)
        finally:
            await worker.close()

    asyncio.run(run())


def test_answers_come_in_the_order_of_the_jobs_as_the_pipeline_takes_them() -> None:
    async def story(worker: ScriptWorker) -> None:
        warns = decoding("return { data: { a: 1 }, warnings: ['low battery'] };")
        one, two, three = await worker.decode(
            [job(GOOD), job(warns), job(decoding("throw new Error('no');"))]
        )
        assert one == Decoded({"sum": 2})
        assert two == Decoded({"a": 1}, ("low battery",))
        assert isinstance(three, UplinkRefused)
        assert (three.reason, str(three)) == (
            "codec_failed",
            "x.js cannot read 01 on port 1: Error: no (line 1)",
        )
        assert three.hint == "another firmware, or another type?"
        assert await worker.decode([]) == []

    in_worker(story)


@pytest.mark.parametrize(
    ("source", "reason", "german"),
    [
        (decoding("return { data: [1] };"), "codec_result", "der Codec gab eine Liste zurück, kein Objekt"),
        (decoding("return {};"), "codec_result", "der Codec gab kein Objekt zurück"),
        (decoding("return { errors: ['a', 'b'] };"), "codec_failed", "a; b"),
        (decoding("for (;;);"), "codec_timeout",
         "der Codec brauchte zu lange: erlaubt sind 0,1 s Rechenzeit"),
        (decoding("return { data: { a: 'x'.repeat(2 ** 29) } };"), "codec_memory",
         "der Codec brauchte zu viel Speicher: erlaubt sind 32 MiB"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_sentence_in_both_languages(source: str, reason: str, german: str) -> None:
    async def story(worker: ScriptWorker) -> None:
        (refused,) = await worker.decode([job(source)])
        assert isinstance(refused, UplinkRefused)
        assert refused.reason == reason
        said = in_language(refused.args[0], "de")
        assert said == f"x.js kann 01 auf Port 1 nicht lesen: {german}"
        assert in_language(refused.hint, "de") != refused.hint

    in_worker(story)


def test_what_happens_is_counted_and_logged() -> None:
    counts, log = Counts(), Log()

    async def story(worker: ScriptWorker) -> None:
        await worker.decode([job(GOOD)] * 3 + [job("for (;;);")] * 4)

    in_worker(story, Events(counts, log))
    assert (counts.scripts_run, counts.script_timeouts, counts.scripts_suspended) == (7, 3, 1)
    assert log.said == [
        ("script_timed_out", {"codec": "x.js", "count": 3}),
        ("script_suspended", {"codec": "x.js", "for_s": 300}),
    ]


def test_the_loop_goes_on_while_a_codec_hangs() -> None:
    async def story(worker: ScriptWorker) -> None:
        hanging = asyncio.ensure_future(worker.decode([job(HANGS)]))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not hanging.done()
        (refused,) = await hanging
        assert isinstance(refused, UplinkRefused)

    in_worker(story)


def test_it_ends_at_once_while_a_codec_hangs() -> None:
    async def run() -> None:
        worker = ScriptWorker()
        await worker.decode([job(GOOD)])
        hanging = asyncio.ensure_future(worker.decode([job(HANGS), job(GOOD)]))
        await asyncio.sleep(0)
        await worker.close()
        assert worker.pid is None
        refused = await hanging
        assert [one.reason for one in refused if isinstance(one, UplinkRefused)] == ["codec_crashed"] * 2
        (late,) = await worker.decode([job(GOOD)])
        assert isinstance(late, UplinkRefused)
        await worker.close()

    asyncio.run(run())


def test_a_fault_of_ours_costs_its_batch_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(worker: ScriptWorker) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(worker._runner, "_decode_batch", lambda _jobs: 1 / 0)
            (refused,) = await worker.decode([job(GOOD)])
            assert isinstance(refused, UplinkRefused)
            assert refused.reason == "codec_crashed"
        assert await worker.decode([job(GOOD)]) == [Decoded({"sum": 2})]

    in_worker(story)


def test_without_any_script_nothing_is_started() -> None:
    async def story(worker: ScriptWorker) -> None:
        assert worker.pid is None

    in_worker(story)
