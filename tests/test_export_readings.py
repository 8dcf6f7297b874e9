"""Raw values: what stands in the store, value by value."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import Device
from devices.quantity import CATALOGUE
from ingest.seams import StoreUnavailable
from ingest.store.tables import TAG_COLUMNS
from publish.export import order, readings, values
from publish.export.ask import Ask
from publish.export.chosen import Chosen
from publish.export.readings import gather_readings
from publish.export.series import Gathered, Series
from publish.summary import Window

HOUR_NS = 3600 * 10**9
BEGIN_NS = 1_767_225_600 * 10**9
PERIOD = Window(BEGIN_NS, BEGIN_NS + 24 * HOUR_NS)

Row = tuple[int, Mapping[str, str], Mapping[str, float | int]]


class Rows:
    """A store of these rows by measurement, as `ingest.store.tables.Tables` gives them."""

    def __init__(self, **rows: Sequence[Row]) -> None:
        self.rows = rows
        self.asked: list[Window] = []

    async def read(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> pa.Table:
        self.asked.append(Window(begin_ns, end_ns))
        found = [
            row
            for row in self.rows.get(measurement, ())
            if begin_ns <= row[0] < end_ns
            and not row[2].keys().isdisjoint(fields)
            and (devices is None or row[1]["device"] in devices)
        ]
        found.sort(key=lambda row: (row[0], [row[1].get(name, "") for name in TAG_COLUMNS]))
        columns: dict[str, Any] = {"time": pa.array([row[0] for row in found], pa.int64())}
        for name in TAG_COLUMNS:
            column = pa.array([row[1].get(name) for row in found], pa.string())
            columns[name] = column.dictionary_encode()
        for field in fields:
            values = [row[2].get(field) for row in found]
            whole = any(isinstance(value, int) for value in values)
            columns[field] = pa.array(values, pa.int64() if whole else pa.float64())
        return pa.table(columns)

    async def close(self) -> None: ...


def chosen(
    *quantities: str,
    devices: Sequence[Device] = (),
    period: Window = PERIOD,
    lots: Mapping[tuple[str, str], tuple[Device, ...]] | None = None,
    **ask: Any,
) -> Chosen:
    by_measurement: dict[str, list[Any]] = {}
    for name in quantities:
        by_measurement.setdefault(CATALOGUE[name].measurement, []).append(CATALOGUE[name])
    return Chosen(
        Ask(**ask),
        tuple(devices) or (Device("a", "A", "giessen"), Device("b", "B", "giessen")),
        {name: tuple(several) for name, several in by_measurement.items()},
        period,
        ZoneInfo("Europe/Berlin"),
        PERIOD.end_ns,
        lots=lots or {},
    )


def gathered(what: Chosen, store: Rows, folder: Path) -> Gathered:
    return asyncio.run(gather_readings(what, store, folder / "spill.parquet", lambda *_: None))


def spilled(found: Gathered) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(found.spill).to_pylist()
    return rows


def air(hours: float, device: str = "a", **fields: float) -> Row:
    return BEGIN_NS + int(hours * HOUR_NS), {"device": device, "site": "S", "municipality": "giessen"}, fields


def test_each_value_is_a_row_sorted_by_time_then_series(tmp_path: Path) -> None:
    store = Rows(
        air_quality=[
            air(1, "b", pm10=4.0),
            air(1, "a", pm10=3.0, pm2_5=2.5),
            air(0, "b", pm10=1.0, pm2_5=0.5),
        ],
        weather=[air(1, "a", air_temperature=7.25), air(0.5, "a", air_temperature=7.0)],
    )
    found = gathered(chosen("pm2_5", "pm10", "air_temperature"), store, tmp_path)
    rows = spilled(found)
    assert [(row["time"], row["series"]) for row in rows] == sorted(
        (row["time"], row["series"]) for row in rows
    )
    read = {
        (row["time"], found.series[row["series"]].device, found.series[row["series"]].quantity): row["value"]
        for row in rows
    }
    assert read == {
        (BEGIN_NS, "b", "pm10"): 1.0,
        (BEGIN_NS, "b", "pm2_5"): 0.5,
        (BEGIN_NS + HOUR_NS // 2, "a", "air_temperature"): 7.0,
        (BEGIN_NS + HOUR_NS, "a", "pm2_5"): 2.5,
        (BEGIN_NS + HOUR_NS, "a", "pm10"): 3.0,
        (BEGIN_NS + HOUR_NS, "b", "pm10"): 4.0,
        (BEGIN_NS + HOUR_NS, "a", "air_temperature"): 7.25,
    }
    assert found.rows == 7
    assert found.newest_ns == BEGIN_NS + HOUR_NS


def test_each_value_has_its_own_flag_and_not_that_of_its_row(tmp_path: Path) -> None:
    rows = [air(1, pm10=3.0, pm2_5=2.5, pm10_qc=3, qc=3), air(2, pm10_failed=9000.0, pm2_5=2.0, qc=4)]
    found = gathered(chosen("pm2_5", "pm10"), Rows(air_quality=rows), tmp_path)
    flags = [(found.series[row["series"]].quantity, row["value"], row["flag"]) for row in spilled(found)]
    assert sorted(flags) == [("pm10", 3.0, 3), ("pm2_5", 2.0, 1), ("pm2_5", 2.5, 1)]
    tallies = {one.quantity: found.tallies[number] for number, one in enumerate(found.series)}
    assert (tallies["pm10"].values, tallies["pm10"].suspect, tallies["pm10"].failed) == (1, 1, 1)
    assert (tallies["pm2_5"].values, tallies["pm2_5"].suspect, tallies["pm2_5"].failed) == (2, 0, 0)
    assert (tallies["pm2_5"].first_ns, tallies["pm2_5"].last_ns) == (
        BEGIN_NS + HOUR_NS,
        BEGIN_NS + 2 * HOUR_NS,
    )


def test_suspect_values_are_dropped_only_where_that_is_asked_for(tmp_path: Path) -> None:
    store = Rows(air_quality=[air(1, pm10=3.0, pm10_qc=3, pm2_5=1.0), air(2, pm10=3.5)])
    kept = gathered(chosen("pm2_5", "pm10"), store, tmp_path)
    assert sorted(row["value"] for row in spilled(kept)) == [1.0, 3.0, 3.5]
    dropped = gathered(chosen("pm2_5", "pm10", suspect="drop"), store, tmp_path)
    assert sorted(row["value"] for row in spilled(dropped)) == [1.0, 3.5]
    assert sum(one.dropped for one in dropped.tallies.values()) == 1
    assert sum(one.suspect for one in dropped.tallies.values()) == 0


def test_a_series_of_which_all_values_failed_is_there_without_a_value(tmp_path: Path) -> None:
    found = gathered(chosen("pm10"), Rows(air_quality=[air(1, pm10_failed=9000.0)]), tmp_path)
    assert found.rows == 0
    assert found.series == (Series("a", "air_quality", "pm10"),)
    assert found.tallies[0].failed == 1
    assert found.tallies[0].first_ns is None
    assert found.newest_ns is None


@pytest.mark.parametrize("named", [0, 1000])
def test_rows_of_places_that_were_not_chosen_are_left_out_however_many_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: int
) -> None:
    monkeypatch.setattr(readings, "_NAMED", named)  # the store's part, and ours
    store = Rows(air_quality=[air(1, "a", pm10=1.0), air(1, "stranger", pm10=2.0, pm10_failed=1.0)])
    found = gathered(chosen("pm10"), store, tmp_path)
    assert [one.device for one in found.series] == ["a"]
    assert found.rows == 1


def test_own_tags_tell_series_apart_and_the_places_tags_do_not(tmp_path: Path) -> None:
    def count(hours: float, value: int, **tags: str) -> Row:
        base = {"device": "a", "site": f"moved at {hours}", "municipality": "giessen"}
        return BEGIN_NS + int(hours * HOUR_NS), base | tags, {"count": value, "interval": 900}

    store = Rows(
        traffic=[
            count(1, 5, direction="in", vehicle_class="car"),
            count(1, 2, direction="out", vehicle_class="car"),
            count(2, 6, direction="in", vehicle_class="car"),
            count(2, 7, lane='1, "left"'),
        ]
    )
    found = gathered(chosen("count"), store, tmp_path)
    own = {
        found.series[row["series"]].tags: row["value"]
        for row in spilled(found)
        if row["time"] == BEGIN_NS + 2 * HOUR_NS
    }
    assert own == {
        (("direction", "in"), ("vehicle_class", "car")): 6.0,
        (("lane", '1, "left"'),): 7.0,
    }
    assert len(found.series) == 3


def test_a_value_that_was_written_once_more_with_another_site_is_one_value(tmp_path: Path) -> None:
    old = (BEGIN_NS, {"device": "a", "site": "Alt"}, {"pm10": 1.0})
    new = (BEGIN_NS, {"device": "a", "site": "Neu"}, {"pm10": 2.0})
    found = gathered(chosen("pm10"), Rows(air_quality=[old, new, air(1, pm10=3.0)]), tmp_path)
    assert [row["value"] for row in spilled(found)] == [2.0, 3.0]
    assert (found.rows, found.tallies[0].values) == (2, 2)


def test_an_interval_goes_with_what_is_measured_over_one(tmp_path: Path) -> None:
    row = (BEGIN_NS, {"device": "a"}, {"count": 3, "present": 1, "interval": 300})
    found = gathered(chosen("count", "present"), Rows(traffic=[row]), tmp_path)
    intervals = {found.series[one["series"]].quantity: one["interval"] for one in spilled(found)}
    assert intervals == {"count": 300, "present": None}


def test_single_bays_are_left_out_where_they_must_not_leave_and_lots_stay(tmp_path: Path) -> None:
    place = Device("p", "P", "giessen", lot="Platz")
    bay = (BEGIN_NS, {"device": "p", "lot": "Platz", "bay": "7"}, {"occupied": 1})
    lot = (BEGIN_NS, {"device": "lot:giessen:Platz", "lot": "Platz"}, {"occupied_bays": 4})
    other = (BEGIN_NS, {"device": "lot:giessen:Hof", "lot": "Hof"}, {"occupied_bays": 5})
    store = Rows(parking=[bay, lot, other])
    both: dict[str, Any] = {"devices": [place], "lots": {("giessen", "Platz"): (place,)}}
    inside = gathered(chosen("occupied", "occupied_bays", **both), store, tmp_path)
    assert {one.device for one in inside.series} == {"p", "lot:giessen:Platz"}
    outside = gathered(chosen("occupied", "occupied_bays", audience="open", **both), store, tmp_path)
    assert {one.device for one in outside.series} == {"lot:giessen:Platz"}


def test_the_period_is_read_once_without_a_gap_however_much_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "ROWS", 10)
    rows = [air(place / 60, "ab"[place % 2], pm10=float(place)) for place in range(24 * 60)]
    store = Rows(air_quality=rows)
    found = gathered(chosen("pm10"), store, tmp_path)
    assert [row["value"] for row in spilled(found)] == [float(place) for place in range(24 * 60)]
    assert len(store.asked) > 24
    assert [one.begin_ns for one in store.asked] == [
        PERIOD.begin_ns,
        *(one.end_ns for one in store.asked[:-1]),
    ]
    assert store.asked[-1].end_ns == PERIOD.end_ns


def test_progress_tells_seconds_of_the_period(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "ROWS", 10)
    told: list[tuple[int, int]] = []
    store = Rows(air_quality=[air(place / 60, pm10=1.0) for place in range(24 * 60)])
    asyncio.run(
        gather_readings(
            chosen("pm10"), store, tmp_path / "spill.parquet", lambda done, of, _: told.append((done, of))
        )
    )
    assert told == sorted(told)
    assert told[-1] == (86400, 86400)
    assert len(told) > 24


def test_series_are_in_order_whichever_is_heard_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "ROWS", 10)
    monkeypatch.setattr(order, "ROW_GROUP", 100)  # times go on in the next batch
    rows = [air(place / 60, "b", pm10=1.0) for place in range(24 * 60)]
    rows += [air(place / 60, "a", pm2_5=2.0, pm10=3.0) for place in range(12 * 60, 24 * 60)]
    warm = [air(place / 60, "b", air_temperature=4.0) for place in range(24 * 60)]
    store = Rows(air_quality=rows, weather=warm)
    found = gathered(chosen("pm2_5", "pm10", "air_temperature"), store, tmp_path)
    assert [(one.device, one.quantity) for one in found.series] == [
        ("a", "pm2_5"),
        ("a", "pm10"),
        ("b", "pm10"),
        ("b", "air_temperature"),
    ]
    read = spilled(found)
    assert [row["value"] for row in read[-4:]] == [2.0, 3.0, 1.0, 4.0]
    assert [(row["time"], row["series"]) for row in read] == sorted(
        (row["time"], row["series"]) for row in read
    )
    assert len(read) == found.rows == 24 * 60 * 3
    values = {0: 2.0, 1: 3.0, 2: 1.0, 3: 4.0}
    assert all(row["value"] == values[row["series"]] for row in read)
    assert [found.tallies[number].values for number in range(4)] == [720, 720, 1440, 1440]


def test_lots_come_last_and_quantities_as_in_the_catalogue() -> None:
    first = Series("z", "air_quality", "pm2_5")
    assert order.rank(first) < order.rank(Series("lot:a:b", "parking", "occupancy"))
    assert order.rank(first) < order.rank(Series("z", "air_quality", "pm10"))
    assert order.rank(Series("z", "parking", "stay")) < order.rank(Series("z", "parking", "departures"))


def test_a_fault_of_the_store_ends_it_and_the_file_is_let_go(tmp_path: Path) -> None:
    class Broken(Rows):
        async def read(self, *args: Any, **more: Any) -> pa.Table:
            if self.asked:
                raise StoreUnavailable("gone")
            return await super().read(*args, **more)

    week = Window(BEGIN_NS, BEGIN_NS + 10_000 * 24 * HOUR_NS)
    with pytest.raises(StoreUnavailable):
        gathered(chosen("pm10", period=week), Broken(air_quality=[air(1, pm10=1.0)]), tmp_path)
    assert pq.read_table(tmp_path / "spill.parquet").num_rows == 1  # it was closed


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20),
            st.sampled_from("abx"),
            st.dictionaries(
                st.sampled_from(["pm10", "pm2_5", "pm10_failed", "pm10_qc", "pm2_5_qc"]),
                st.floats(-5, 5000, allow_nan=False),
                min_size=1,
            ),
        ),
        max_size=40,
        unique_by=lambda row: row[:2],
    ),
    st.sampled_from(["keep", "drop"]),
)
def test_what_is_read_equals_what_a_loop_over_all_values_finds(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str, dict[str, float]]], suspect: Any
) -> None:
    flagged = [
        air(hour, device, **{name: 3 if name.endswith("_qc") else value for name, value in fields.items()})
        for hour, device, fields in rows
    ]
    found = gathered(
        chosen("pm2_5", "pm10", suspect=suspect), Rows(air_quality=flagged), tmp_path_factory.mktemp("spill")
    )
    expected = sorted(
        (time_ns, tags["device"], name, round(value, 1) + 0.0, 3 if fields.get(f"{name}_qc") == 3 else 1)
        for time_ns, tags, fields in flagged
        for name in ("pm2_5", "pm10")
        if (value := fields.get(name)) is not None
        and tags["device"] in "ab"
        and not (suspect == "drop" and fields.get(f"{name}_qc") == 3)
    )
    got = sorted(
        (row["time"], one.device, one.quantity, row["value"], row["flag"])
        for row in spilled(found)
        for one in [found.series[row["series"]]]
    )
    assert got == expected


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1))
def test_values_are_rounded_as_python_rounds_and_rounded_ones_stay(said: list[float]) -> None:
    quantity = CATALOGUE["pm10"]
    once = values._rounded(pa.array(said, pa.float64()).to_numpy().copy(), quantity)
    assert once.tolist() == [round(value, 1) for value in said]
    assert values._rounded(once.copy(), quantity).tolist() == once.tolist()
