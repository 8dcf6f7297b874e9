"""What an export would be, before it is made."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest

from publish.export import looked
from publish.export.ask import FORMATS, Ask
from publish.export.errors import NothingFound, StoreAway
from publish.export.preview import Preview, preview
from tests.exports import NOW_NS, Town

WEEK: dict[str, Any] = {"begin": "2026-01-01", "to": "2026-01-07"}


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Three sensors, a week of values, and a folder for temporary files of its own."""
    town = Town(tmp_path / "town").set_up()
    town.fill(7 * 288)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return town


def seen(town: Town, *, rows: int = 20, seconds: float = 60, **ask: Any) -> Preview:
    found = asyncio.run(preview(Ask(**ask), town.settings, now_ns=NOW_NS, rows=rows, seconds=seconds))
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
    return found


def test_it_says_exactly_how_much_the_file_will_hold(town: Town, tmp_path: Path) -> None:
    found = seen(town, **WEEK)
    made = town.export(tmp_path / "a.csv", **WEEK)
    assert found.exact
    assert (found.rows, found.values, found.series) == (made.rows, made.values, made.series)
    assert found.bytes.keys() == set(FORMATS)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("every", ["raw", "1h"])
def test_it_says_about_how_large_each_file_will_be(
    town: Town,
    tmp_path: Path,
    format: str,  # noqa: A002  as the option is called
    every: str,
) -> None:
    made = town.export(tmp_path / "a", format=format, every=every, **WEEK)
    size = seen(town, every=every, **WEEK).bytes[format]  # type: ignore[index]  # pytest knows no literals
    assert size == pytest.approx(made.files[0].stat().st_size, rel=0.3)


def test_its_rows_are_the_first_ones_as_people_read_them(town: Town) -> None:
    german = seen(town, rows=2, format="xlsx", device=("luft-01",), **WEEK)
    assert german.heads[:4] == ("Zeit (UTC)", "Ortszeit", "UTC-Versatz", "Platz 1 PM2,5 (µg/m³)")
    assert [row[:4] for row in german.table] == [
        ("01.01.2026 00:00:00", "01.01.2026 01:00:00", "UTC+01:00", "0,2"),
        ("01.01.2026 00:05:00", "01.01.2026 01:05:00", "UTC+01:00", "4,9"),
    ]
    english = seen(town, rows=1, device=("luft-01",), lang="en", **WEEK)
    assert english.heads[:3] == ("Time (UTC)", "Local time", "Offset from UTC")
    assert english.table[0][:5] == (
        "2026-01-01 00:00:00",
        "2026-01-01 01:00:00",
        "UTC+01:00",
        "luft-01",
        "Platz 1",
    )
    assert len(english.table) == 1
    assert {len(row) for row in english.table} == {len(english.heads)}


def test_its_lines_keep_peaks_and_are_few_points_of_few_series(town: Town) -> None:
    found = seen(town, quantity=("pm10",), **WEEK)
    assert [line.title for line in found.chart] == ["Platz 0 PM10", "Platz 1 PM10", "Platz 2 PM10"]
    assert {line.unit for line in found.chart} == {"µg/m³"}
    for line in found.chart:
        times = [time_ns for time_ns, _ in line.points]
        assert times == sorted(set(times))
        assert len(times) <= 400
        assert max(value for _, value in line.points) == 99.9
        assert min(value for _, value in line.points) == 0.0
    few = seen(town, begin="2026-01-02 00:00", to="2026-01-02 01:00", quantity=("pm10",))
    assert len(few.chart[0].points) == 12


def test_of_a_great_deal_it_looks_at_parts(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked, "_FOR_ALL", 0)  # it is never done in time
    monkeypatch.setattr(looked, "_LEAST", 0.1)
    found = seen(town, **WEEK)
    assert not found.exact
    assert found.rows == pytest.approx(7 * 288 * 6, rel=0.1)
    assert found.values == found.rows
    assert found.series == 6
    assert found.table[0][0] == "01.01.2026 00:00:00"
    assert {line.points[0][0] < line.points[-1][0] - 6 * 86400 * 10**9 for line in found.chart} == {True}
    assert "estimated" in found.notes[0]
    exact = 7 * 288 * 6 * 70  # bytes
    assert found.bytes["csv"] == pytest.approx(exact, rel=0.2)


def test_of_windows_it_looks_at_whole_ones(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked, "_FOR_ALL", 0)
    days: dict[str, Any] = {"begin": "2026-01-02", "to": "2026-01-06"}
    found = seen(town, every="1h", **days)
    assert not found.exact
    assert found.rows == 5 * 24 * 6
    assert seen(town, every="1d", **days).rows == 5 * 6


def test_there_is_none_where_not_even_a_part_comes_in_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreAway, match="there is no preview within 0 s"):
        seen(town, seconds=0, **WEEK)


def test_of_nothing_it_says_why(town: Town) -> None:
    with pytest.raises(NothingFound, match="there is no value"):
        seen(town, begin="2026-06-01", to="2026-06-02")
