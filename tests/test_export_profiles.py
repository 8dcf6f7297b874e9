"""Profiles are means of complete hours and days of local time, by each quantity's own rule."""

import asyncio
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

from devices.registry import Registry
from publish.export import parts
from publish.export.ask import Ask
from publish.export.choose import choose
from publish.export.profiles import gather_profiles, mean
from publish.export.series import Gathered
from tests.held_tables import HeldTables, town

ZONE = ZoneInfo("Europe/Berlin")
S = 1_000_000_000
MINUTE, HOUR = 60 * S, 3600 * S
NOW = int(datetime(2026, 12, 1, 12, tzinfo=ZONE).timestamp()) * S
RAD = {"device": "rad-1", "site": "Ring", "direction": "ltr"}
AIR = {"device": "luft-1", "site": "Markt"}


def at(text: str) -> int:
    """UTC nanoseconds of a local time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()) * S


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return town(tmp_path_factory.mktemp("town"))


def profile(
    registry: Registry, rows: Iterable[Any], folder: Path, **asked: Any
) -> tuple[Gathered, list[dict[str, Any]]]:
    chosen = choose(Ask(**asked), registry, NOW)
    spill = folder / "spill.parquet"
    spill.unlink(missing_ok=True)
    found = asyncio.run(gather_profiles(chosen, HeldTables(rows), spill, lambda *_: None))
    said = pq.read_table(spill).to_pylist()
    assert found.rows == len(said)
    assert [(row["slot"], row["series"]) for row in said] == sorted(
        (row["slot"], row["series"]) for row in said
    )
    return found, said


def counts(begin: str, end: str, lost: Iterable[int] = ()) -> list[Any]:
    """What is counted in quarters of an hour: the number of the quarter since the begin, modulo 50."""
    quarters = range(at(begin), at(end), 15 * MINUTE)
    return [
        ("traffic", RAD, {"count": number % 50, "interval": 900}, time_ns)
        for number, time_ns in enumerate(quarters)
        if number not in set(lost)
    ]


def test_both_hours_of_two_in_autumn_count_and_the_one_of_spring_is_none(
    registry: Registry, tmp_path: Path
) -> None:
    autumn = counts("2026-10-24", "2026-10-27")
    asked: dict[str, Any] = {"every": "hour-of-day", "quantity": ("count",)}
    _, rows = profile(registry, autumn, tmp_path, begin="2026-10-24", to="2026-10-26", **asked)
    assert [row["slot"] for row in rows] == list(range(24))
    assert [row["windows"] for row in rows] == [3, 3, 4, *([3] * 21)]
    assert [row["used"] for row in rows] == [row["windows"] for row in rows]
    spring = counts("2026-03-28", "2026-03-31")
    _, rows = profile(registry, spring, tmp_path, begin="2026-03-28", to="2026-03-30", **asked)
    assert [row["windows"] for row in rows] == [3, 3, 2, *([3] * 21)]


@pytest.mark.parametrize("every", ["hour-of-day", "hour-of-week", "day-of-week"])
def test_each_slot_is_the_mean_of_the_sums_of_its_complete_windows(
    registry: Registry, tmp_path: Path, every: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, end = "2026-10-12", "2026-11-09"
    lost = Random(every).sample(range(28 * 96), 40)  # noqa: S311  no secret
    rows = counts(begin, end, lost)
    counted = {row[3]: row[2]["count"] for row in rows}
    monkeypatch.setattr(parts, "FIGURES", 100)
    found, said = profile(
        registry, rows, tmp_path, begin=begin, to="2026-11-08", every=every, quantity=("count",)
    )
    sums: Mapping[int, list[int]] = defaultdict(list)
    windows: dict[int, int] = defaultdict(int)
    for first, last in _windows(begin, end, daily=every == "day-of-week"):
        local = datetime.fromtimestamp(first / S, UTC).astimezone(ZONE)
        slot = {
            "hour-of-day": local.hour,
            "hour-of-week": local.weekday() * 24 + local.hour,
            "day-of-week": local.isoweekday(),
        }[every]
        quarters = [counted.get(time_ns) for time_ns in range(first, last, 15 * MINUTE)]
        windows[slot] += 1
        if None not in quarters:
            sums[slot].append(sum(one for one in quarters if one is not None))
    for row in said:
        slot = row["slot"]
        assert (row["windows"], row["used"]) == (windows[slot], len(sums[slot]))
        expected = round(sum(sums[slot]) / len(sums[slot]), 3) if sums[slot] else None
        assert row["value"] == expected
        assert row["flag"] == (None if expected is None else 1)
    (tally,) = found.tallies.values()
    assert tally.windows == sum(windows.values())
    assert tally.values == sum(map(len, sums.values()))


def _windows(begin: str, end: str, *, daily: bool) -> list[tuple[int, int]]:
    if not daily:
        return [(first, first + HOUR) for first in range(at(begin), at(end), HOUR)]
    first, found = datetime.fromisoformat(begin), []
    while first < datetime.fromisoformat(end):
        found.append((at(first.isoformat()), at((first + timedelta(days=1)).isoformat())))
        first += timedelta(days=1)
    return found


def test_levels_are_averaged_by_energy_and_directions_on_the_circle() -> None:
    assert mean("sound_level", [50.0, 60.0]) == round(10 * math.log10((1e5 + 1e6) / 2), 1) == 57.4
    assert mean("wind_direction", [350.0, 10.0, 359.6]) == 0.0
    assert mean("wind_direction", [90.0, 270.0]) is None
    assert mean("pm10", [1.0, 2.0]) == 1.5
    assert mean("occupancy", [0.25, 0.75001]) == 0.5
    assert mean("departures", [1, 2, 2]) == 1.667
    assert mean("sound_level", [50.0, 60.0], "mean") == 55.0


def test_a_slot_with_suspect_values_is_marked_and_one_without_a_window_empty(
    registry: Registry, tmp_path: Path
) -> None:
    rows = [
        (
            "air_quality",
            AIR,
            {"pm10": 8.0, **({"pm10_qc": 3} if minute == 70 else {})},
            at("2026-06-01") + minute * MINUTE,
        )
        for minute in range(0, 120, 10)
    ]
    asked: dict[str, Any] = {"begin": "2026-06-01", "to": "2026-06-01 03:00", "every": "hour-of-day"}
    _, said = profile(registry, rows, tmp_path, **asked, quantity=("pm10",), device=("luft-1",))
    columns = ("value", "used", "windows", "flag")
    assert [tuple(row[name] for name in columns) for row in said[:4]] == [
        (8.0, 1, 1, 1),
        (8.0, 1, 1, 3),
        (None, 0, 1, None),
        (None, 0, 0, None),
    ]
    highest, said = profile(
        registry,
        rows,
        tmp_path,
        **asked,
        quantity=("pm10",),
        device=("luft-1",),
        aggregate="max",
        suspect="drop",
    )
    assert [row["value"] for row in said[:2]] == [8.0, 8.0]
    (tally,) = highest.tallies.values()
    assert (tally.dropped, tally.windows, tally.reasons) == (1, 3, {"unknown": 1})
