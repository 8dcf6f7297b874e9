"""A store that is away for a moment is asked again, one that stays away ends the export."""

import asyncio
from itertools import chain, repeat
from typing import Any
from unittest.mock import AsyncMock
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from ingest.seams import StoreUnavailable
from publish.export.errors import StoreAway
from publish.export.patient import PatientTables

BERLIN = ZoneInfo("Europe/Berlin")
ANSWER = pa.table({"time": [1]})
NOON_NS = 1_767_265_200 * 10**9


def store(*answers: Any) -> Any:
    """A store that gives these answers, one after the other, and the last one for ever."""
    return AsyncMock(**{"read.side_effect": chain(answers[:-1], repeat(answers[-1]))})


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, by a clock that stands still but for that."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("publish.export.patient.asyncio.sleep", sleep)
    monkeypatch.setattr("publish.export.patient._clock", lambda: sum(slept))
    return slept


def read(tables: PatientTables) -> Any:
    return asyncio.run(tables.read("air_quality", ("pm10",), NOON_NS, NOON_NS + 1))


def test_it_asks_again_in_growing_steps(slept: list[float]) -> None:
    away = store(StoreUnavailable("a"), StoreUnavailable("b"), ANSWER)
    assert read(PatientTables(away, BERLIN)) is ANSWER
    assert slept == [0.5, 1]


def test_it_gives_up_after_its_patience_and_says_what_the_store_said(slept: list[float]) -> None:
    away = store(StoreUnavailable("nothing listens there", hint="start it"))
    with pytest.raises(StoreAway, match="the store does not answer: nothing listens there") as told:
        read(PatientTables(away, BERLIN, 20))
    assert told.value.hint == "start it"
    assert told.value.status == 503
    assert 15 <= sum(slept) <= 20


def test_it_says_how_far_it_got(slept: list[float]) -> None:
    tables = PatientTables(store(ANSWER, StoreUnavailable("gone")), BERLIN)
    read(tables)
    with pytest.raises(
        StoreAway, match="stopped answering, at the values from 2026-01-01 12:00 on: gone"
    ) as away:
        read(tables)
    assert "nothing is left of this export" in away.value.hint


def test_what_waiting_does_not_mend_is_not_waited_for(slept: list[float]) -> None:
    with pytest.raises(StoreAway, match="the token is wrong"):
        read(PatientTables(store(StoreUnavailable("the token is wrong", held=True)), BERLIN))
    assert slept == []


def test_it_waits_as_long_as_the_store_wants_where_its_patience_lasts(slept: list[float]) -> None:
    away = store(StoreUnavailable("busy", retry_after_s=7), ANSWER)
    assert read(PatientTables(away, BERLIN)) is ANSWER
    assert slept == [7]
    with pytest.raises(StoreAway):
        read(PatientTables(store(StoreUnavailable("busy", retry_after_s=60)), BERLIN))
    assert slept == [7]


def test_closing_closes_the_store() -> None:
    away = store(ANSWER)
    asyncio.run(PatientTables(away, BERLIN).close())
    away.close.assert_awaited_once()
