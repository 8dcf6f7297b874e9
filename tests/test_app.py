"""The composition root: what happens to the whole service."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ingest import app
from ingest.seams import Delivery
from ingest.settings import Broker, Operators, Settings
from ingest.spool import Spool
from tests.fleet import members, register, uplink


def test_a_fault_of_ours_that_ends_the_commits_ends_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_self: Spool, _group: Any) -> None:
        raise RuntimeError("no disk knows this")

    monkeypatch.setattr(Spool, "commit", broken)
    fleet = members("decentlab-dl-pm", 1)
    register(tmp_path, fleet)
    settings = Settings(
        store="embedded",
        brokers=(Broker(name="town", format="chirpstack", host="127.0.0.1", port=1),),
        devices=tmp_path / "devices",
        types=tmp_path / "types",
        state=tmp_path / "state",
        operators=Operators(port=0),
    )

    async def run() -> None:
        async with app.running(settings) as service:
            topic, payload = uplink(fleet[0], 1, {"battery_voltage": {"value": 3.0}})
            service.core.intake.on_delivery(
                Delivery("town", "chirpstack", topic, payload, 1, 1, False, False, 1, lambda _outcome: None)
            )
            await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as ended:
        asyncio.run(run())
    assert "no disk knows this" in repr(ended.value.exceptions)


def test_a_sentence_of_two_languages_is_kept_as_text(tmp_path: Path) -> None:
    from devices.language import say  # noqa: PLC0415  of this test alone
    from ingest.spool import bulk  # noqa: PLC0415  likewise

    said = say("{device}: {what}", device="a", what="ü")
    assert bulk.pack([(b"x", (said, 1))])[0] == '[[1,1,"a: ü",1]]'


def test_a_demo_ends_although_a_library_swallows_a_cancellation() -> None:
    from ingest.cli.demo import _until  # noqa: PLC0415  of this test alone

    async def stubborn(begun: asyncio.Event) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.Event().wait()

    async def run() -> None:
        begun, stop = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(stubborn(begun))
        await begun.wait()
        stop.set()
        await _until(task, stop)
        assert task.cancelled()

    asyncio.run(run())
