"""An hour of an export is the finished hour: a day of 25 hours in a small city, with bays and car parks."""

import asyncio
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from devices.quantity import CATALOGUE
from ingest.registry_files import load_registry
from ingest.settings import Settings
from ingest.store import open_store, open_tables
from publish.export.ask import Ask, Every
from publish.export.choose import choose
from publish.export.kept_hours import hours_outlive
from publish.export.series import Gathered
from publish.export.windows import gather_windows
from publish.hours.plan import MEASUREMENTS
from publish.hours.row import HOUR_NS, SUFFIX, possible_fields
from publish.summary import Window
from tests.servers.influxdb import Influxd
from tests.simulated_day import Day, _fill, _settings

#: The clocks go back.
DAY = Day("2026-10-25", hours=24, days=1.5, counter_days=1.5)
Exported = tuple[Gathered, list[dict[str, Any]]]
Key = tuple[str, str, tuple[tuple[str, str], ...], int]
Row = tuple[float | None, float | None, float, bool]


@pytest.fixture(scope="module")
def city(shared_influxd: Influxd, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A day and a half of Musterstadt; readings, hours and bays have a bucket each."""
    folder = tmp_path_factory.mktemp("musterstadt")
    readings, hours, bays = (shared_influxd.new_database(folder) for _ in range(3))
    influx = readings.settings(hours_bucket=hours.bucket, bays_bucket=bays.bucket)
    asyncio.run(_fill(influx, folder, DAY))
    return _settings(influx, folder)


@pytest.fixture(scope="module")
def exported(city: Settings, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Every hour of it."""
    return export(city, tmp_path_factory.mktemp("export"), "1h")


def export(
    city: Settings, folder: Path, every: Every, *, hours_kept: bool = False, period: Window | None = None
) -> Exported:
    ask = Ask(begin="2026-10-24", to="2026-10-25 19:00", every=every)
    chosen = replace(choose(ask, load_registry(city), DAY.end_ns), hours_kept=hours_kept)
    chosen = replace(chosen, period=period or chosen.period)
    folder.mkdir(exist_ok=True)

    async def gather() -> Gathered:
        tables = open_tables(city)
        try:
            return await gather_windows(chosen, tables, folder / "spill.parquet", lambda *_: None)
        finally:
            await tables.close()

    found = asyncio.run(gather())
    return found, pq.read_table(found.spill).to_pylist()


def of_export(exported: Exported) -> Iterator[tuple[Key, Row]]:
    gathered, rows = exported
    for row in rows:
        series = gathered.series[row["series"]]
        tags = tuple(one for one in series.tags if one[0] != "lot")
        key = (series.device, series.quantity, tags, row["time"])
        yield key, (row["value"], row["partial"], row["coverage"], row["flag"] == 3)


def of_store(city: Settings, begin_ns: int, end_ns: int) -> dict[Key, Row]:
    async def read() -> dict[Key, Row]:
        store = open_store(city)
        found = {}
        for measurement in MEASUREMENTS:
            names = [one.name for one in CATALOGUE.values() if one.measurement == measurement]
            fields = possible_fields(measurement, names)
            names += ["departures", "occupancy"] if measurement == "parking" else []
            for row in await store.window(f"{measurement}{SUFFIX}", fields, begin_ns, end_ns):
                own = {"direction", "lane", "vehicle_class", "bay"} & row.tags.keys()
                tags = tuple((name, row.tags[name]) for name in sorted(own))
                for name in names:
                    if f"{name}_coverage" in row.fields:
                        said = (
                            row.fields.get(name),
                            row.fields.get(f"{name}_partial"),
                            row.fields[f"{name}_coverage"],
                            f"{name}_qc" in row.fields,
                        )
                        found[row.tags["device"], name, tags, row.time_ns] = said
        await store.close()
        return found

    return asyncio.run(read())


def test_an_hour_of_an_export_is_the_finished_hour(city: Settings, exported: Exported) -> None:
    hours = dict(of_export(exported))
    # before the keeper began there are none
    begin_ns, end_ns = DAY.end_ns - 23 * HOUR_NS, DAY.at(19)
    stored = of_store(city, begin_ns, end_ns)
    assert len(stored) > 2000
    assert {name for _, name, _, _ in stored} >= {
        "pm10",
        "count",
        "sound_level",
        "occupied",
        "occupancy",
        "stay",
    }
    differing = {key: (row, hours.get(key)) for key, row in stored.items() if hours.get(key) != row}
    assert differing == {}
    silent = {key: row for key, row in hours.items() if key[3] >= begin_ns and key not in stored}
    assert {row[:2] for row in silent.values()} == {(None, None)}


def test_every_series_has_every_hour_and_each_missing_one_its_reason(
    exported: Exported,
) -> None:
    gathered, rows = exported
    assert gathered.rows == len(rows) == len(gathered.series) * (24 + 20)
    assert [(row["time"], row["series"]) for row in rows] == sorted(
        (row["time"], row["series"]) for row in rows
    )
    assert all((row["value"] is None) == (row["reason"] is not None) for row in rows)
    assert not any(row["value"] is not None and math.isnan(row["value"]) for row in rows)


def test_where_readings_are_gone_finished_hours_stand_for_them(
    city: Settings, shared_influxd: Influxd, tmp_path: Path
) -> None:
    assert city.influx is not None
    empty = shared_influxd.new_database(tmp_path)
    gone = {"bucket": empty.bucket, "bays_bucket": empty.bucket}
    without = city.model_copy(update={"influx": city.influx.model_copy(update=gone)})
    assert hours_outlive(without)
    hours = dict(of_export(export(without, tmp_path, "1h", hours_kept=True)))
    stored = of_store(city, DAY.end_ns - 23 * HOUR_NS, DAY.at(19))
    assert {key: (row, hours.get(key)) for key, row in stored.items() if hours.get(key) != row} == {}


def test_a_day_of_finished_hours_is_that_of_the_readings(
    city: Settings, shared_influxd: Influxd, tmp_path: Path
) -> None:
    """But for how much of an hour each value stood for, which hours do not tell: so not to the last digit."""
    assert city.influx is not None
    empty = shared_influxd.new_database(tmp_path)
    gone = {"bucket": empty.bucket, "bays_bucket": empty.bucket}
    without = city.model_copy(update={"influx": city.influx.model_copy(update=gone)})
    day = Window(DAY.at(-3), DAY.at(19))  # 23 hours: before that there are no finished ones
    readings, hours = (
        dict(of_export(export(one, tmp_path / name, "1d", hours_kept=one is without, period=day)))
        for one, name in ((city, "readings"), (without, "hours"))
    )
    known = {key: row for key, row in readings.items() if row[2]}
    assert len(known) > 150
    assert known.keys() <= hours.keys()
    for key, (value, partial, coverage, suspect) in known.items():
        value_h, partial_h, coverage_h, suspect_h = hours[key]
        said, said_h = (
            one if other is None else other for one, other in ((value, partial), (value_h, partial_h))
        )
        assert said_h == (said if said is None else pytest.approx(said, rel=0.03, abs=0.15)), key
        # an increment over several hours is whole in a day, and in no hour
        assert coverage_h <= coverage + 0.5, key
        assert suspect_h == suspect, key
