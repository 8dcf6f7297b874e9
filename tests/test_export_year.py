"""A year of raw values of 50 sensors, 15 million of them, through the real command."""

import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.exports import Town

SENSORS, ROWS = 50, 150_000
STEP_S = 200
VALUES = SENSORS * ROWS * 2
MEGABYTES = 500


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Its newest values are of yesterday, for the command asks by today's clock."""
    begin_ns = (time.time_ns() // 10**9 - ROWS * STEP_S - 86400) * 10**9
    town = Town(tmp_path_factory.mktemp("year"), sensors=SENSORS, begin_ns=begin_ns).set_up()
    town.fill(ROWS, STEP_S)
    yield town
    town.store.unlink()  # pytest keeps the rest for a while


@pytest.mark.timeout(900)
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_it_comes_about_in_bounded_memory(town: Town, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"year.{ending}"
    said, megabytes = town.measured("--last", "400d", "--out", str(target))
    assert f"values: {VALUES:,}".replace(",", " ") in said
    assert megabytes < MEGABYTES
    assert _rows(target) == VALUES
    target.unlink()


def _rows(file: Path) -> int:
    if file.suffix == ".parquet":
        rows: int = pq.read_metadata(file).num_rows
        return rows
    with file.open("rb") as lines:
        return sum(part.count(b"\n") for part in iter(lambda: lines.read(1 << 20), b"")) - 1
