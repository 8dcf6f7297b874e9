"""Hours are finished when all of them is stored, again when lines come late, and once whatever happens."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingest.app import Core
from ingest.group import DeadLetter, Touched
from ingest.recompute import Asked, Recomputer
from ingest.seams import CannotRemove, Delivery, Row, Store, StoreUnavailable
from ingest.spool import DeadFilter
from ingest.store.embedded import EmbeddedStore
from ingest.store.influx import InfluxStore
from publish.hours import HourKeeper
from publish.hours import keeper as keeper_module
from publish.hours.row import HOUR_NS, fields_of, possible_fields
from tests.fleet import Member, uplink
from tests.servers.influxdb import Influxd
from tests.sourceless import sourceless
from tests.two_bays import two_bays

S = 1_000_000_000
#: Not long ago, for a store keeps 400 days; a full hour.
NOON = 1_790_000_000 // 3600 * 3600 * S
MINUTE = 60 * S
AFTER = 10 * MINUTE
ALL = ("occupied_coverage", "arrivals_coverage", "departures_coverage", "coverage")
NOBODY = {"arrivals_partial": 0, "departures_partial": 0}
FIELDS = {
    name: possible_fields(name, names)
    for name, names in {
        "air_quality": ["pm10", "pm2_5", "no2"],
        "traffic": ["count", "speed"],
        "parking": [],
        "weather": ["air_temperature"],
    }.items()
}
DEVICES: list[dict[str, Any]] = [
    {
        "id": "luft-1",
        "site": "Markt",
        "dev_eui": "70b3d57e00000001",
        "type": "decentlab-dl-pm",
        "interval": "10min",
    },
    {
        "id": "luft-2",
        "site": "Markt",
        "dev_eui": "70b3d57e00000002",
        "type": "decentlab-dl-pm",
        "interval": "10min",
    },
    {
        "id": "rad-1",
        "site": "Ring",
        "dev_eui": "70b3d57e00000003",
        "type": "parametric-pcr2",
        "interval": "15min",
    },
    *(
        {
            "id": f"parken-{bay}",
            "site": "Brandplatz",
            "district": "Mitte",
            "lot": "Brandplatz",
            "bay": f"{bay}",
            "dev_eui": f"70b3d57e0000001{bay}",
            "type": "bosch-tps110",
            "interval": "1h",
        }
        for bay in (1, 2, 3)
    ),
]


@dataclass
class Told:
    """What a keeper says."""

    finished: list[tuple[str, int, int, int]] = field(default_factory=list)
    rewritten: list[tuple[str, int, int]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)

    def hour_finished(self, measurement: str, hour_ns: int, rows: int, hours_left: int) -> None:
        self.finished.append((measurement, hour_ns, rows, hours_left))

    def hours_rewritten(self, measurement: str, hours: int, rows: int) -> None:
        self.rewritten.append((measurement, hours, rows))

    def hours_waiting(self, reason: str) -> None:
        self.waiting.append(reason)

    def hours_failed(self, device: str, error: Exception) -> None:
        self.failed.append((device, error))


@dataclass
class Town:
    """A service without sources, a store that is a file, and a keeper."""

    core: Core
    store: Store
    told: Told
    keeper: HourKeeper

    def say(self, *lines: str) -> None:
        """Lines whose time is minutes after noon."""
        moved = []
        for line in lines:
            head, _, minutes = line.rpartition(" ")
            moved.append(f"{head} {NOON + round(float(minutes) * 60) * S}".encode())
        assert self.core.intake.try_add(moved)

    def hear(self, number: int, pm10: float) -> None:
        """An uplink of the first device, ten minutes after the one before."""
        member = Member("luft-1", "70b3d57e00000001", "decentlab-dl-pm")
        said = {"pm10_mass_concentration": {"value": pm10}}
        later = NOON + 3 * HOUR_NS
        topic, payload = uplink(member, number, said, time_ns=NOON + number * 10 * MINUTE)
        self.core.intake.on_delivery(
            Delivery("town", "chirpstack", topic, payload, later, 1, False, False, 1, lambda _: None)
        )

    async def settled(self) -> None:
        await self.core.intake.flush()
        while self.core.spool.waiting_lines:  # noqa: ASYNC110  the writer has no end to await
            await asyncio.sleep(0.01)

    async def finish(self, hours: float = 1) -> int:
        """Finish what is over `hours` and the grace after noon."""
        await self.core.intake.flush()
        rows = await self.keeper.finish(NOON + round(hours * HOUR_NS) + AFTER)
        await self.settled()
        return rows

    async def begin(self) -> None:
        """As if the service had run up to noon."""
        await self.keeper.finish(NOON + AFTER)
        self.told.finished.clear()

    async def rows(self, measurement: str) -> list[Row]:
        return list(
            await self.store.window(
                f"{measurement}_1h", FIELDS[measurement], NOON - 48 * HOUR_NS, NOON + 48 * HOUR_NS
            )
        )

    async def hours(self, measurement: str, device: str) -> dict[int, dict[str, Any]]:
        """The rows of a device by hours after noon."""
        rows = await self.rows(measurement)
        return {(row.time_ns - NOON) // HOUR_NS: row.fields for row in rows if row.tags["device"] == device}


@contextlib.asynccontextmanager
async def town(
    folder: Path, devices: list[dict[str, Any]] | None = None, other: Store | None = None
) -> AsyncIterator[Town]:
    (folder / "devices").mkdir(exist_ok=True)
    head = {"municipality": {"id": "giessen"}, "devices": DEVICES if devices is None else devices}
    (folder / "devices" / "town.yaml").write_text(json.dumps(head, indent=1))
    store = other or EmbeddedStore(folder / "state" / "store.db", lambda: NOON)
    async with sourceless(folder, store, _soon) as (core, _writer):
        told = Told()
        yield Town(core, store, told, HourKeeper(core.intake, core.spool, store, told))


async def _soon(_seconds: float) -> None:
    await asyncio.sleep(0)


def in_town(
    folder: Path,
    story: Callable[[Town], Coroutine[Any, Any, None]],
    devices: list[dict[str, Any]] | None = None,
) -> None:
    async def run() -> None:
        async with town(folder, devices) as one:
            await one.begin()
            await story(one)

    asyncio.run(run())


def air(minutes: float, value: float, device: str = "luft-1", more: str = "") -> str:
    return f"air_quality,device={device},municipality=giessen,site=Markt pm10={value}{more},qc=1i {minutes}"


def counted(minutes: float, count: int, direction: str = "ltr") -> str:
    return f"traffic,device=rad-1,direction={direction} count={count}i,interval=900i,qc=1i {minutes}"


def bay(minutes: float, occupied: int, number: int = 1, more: str = "") -> str:
    place = "district=Mitte,lot=Brandplatz,municipality=giessen,site=Brandplatz"
    return f"parking,bay={number},device=parken-{number},{place} occupied={occupied}i{more},qc=1i {minutes}"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_module, "POLL_S", 0.005)


# --- what a row says ------------------------------------------------------------------------------------


def test_an_hour_of_air_has_means_coverage_and_indices(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 20.0 + n, more=",pm2_5=30.0") for n in range(6)))
        town.say(*(air(10 * n, 5.0, "luft-2") for n in range(3)), air(60, 99.0))
        assert await town.finish() == 2
        row, partial = await town.rows("air_quality")
        assert row.time_ns == NOON
        assert row.tags == {"device": "luft-1", "municipality": "giessen", "site": "Markt"}
        assert row.fields == {
            "pm10": 22.5,
            "pm10_coverage": 100.0,
            "pm2_5": 30.0,
            "pm2_5_coverage": 100.0,
            "coverage": 100.0,
            "lqi_uba_2025": 3,
            "lqi_uba_2025_of": "pm10,pm2_5",
            "lqi_uba_2025_by": "pm2_5",
            "lqi_uba_2025_sure": 3,
            "eaqi_2024": 3,
            "eaqi_2024_of": "pm10,pm2_5",
            "eaqi_2024_by": "pm2_5",
        }
        assert partial.fields == {"pm10_partial": 5.0, "pm10_coverage": 51.6, "coverage": 51.6}
        assert ("air_quality", NOON, 2, 0) in town.told.finished

    in_town(tmp_path, story)


def test_a_failed_value_costs_coverage_and_a_suspect_one_marks_the_hour(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 20.0, more=",pm10_qc=3i") for n in range(3)))
        town.say(*(air(10 * n, 20.0).replace("pm10=", "pm10_failed=") for n in range(3, 6)))
        await town.finish()
        assert await town.hours("air_quality", "luft-1") == {
            0: {"pm10_partial": 20.0, "pm10_qc": 3, "pm10_coverage": 50.0, "coverage": 50.0}
        }

    in_town(tmp_path, story)


def test_an_index_that_a_suspect_value_decides_is_marked_and_the_sure_one_goes_without(
    tmp_path: Path,
) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 4.0, more=",pm2_5=12.0") for n in range(5)))
        town.say(air(50, 700.0, more=",pm2_5=12.0,pm10_qc=3i"))
        town.say(*(air(10 * n, 700.0, "luft-2", more=",pm10_qc=3i") for n in range(6)))
        town.say(*(air(60 + 10 * n, 20.0, more=",pm2_5=40.0,pm10_qc=3i") for n in range(6)))
        await town.finish(2)
        first, decided = (await town.hours("air_quality", "luft-1")).values()
        names = ("lqi_uba_2025", "lqi_uba_2025_by", "lqi_uba_2025_qc", "lqi_uba_2025_sure", "eaqi_2024_qc")
        assert [first.get(name) for name in names] == [5, "pm10", 3, 2, 3]  # PM10 4, PM2.5 12 are sure
        assert (first["pm10"], first["pm10_qc"], first.get("pm2_5_qc")) == (120.0, 3, None)
        alone = (await town.hours("air_quality", "luft-2"))[0]
        assert [alone.get(name) for name in names] == [5, "pm10", 3, None, 3]
        assert decided["pm10_qc"] == 3
        assert [decided.get(name) for name in names] == [4, "pm2_5", None, 4, None]  # the doubt is PM10's

    in_town(tmp_path, story)


def test_no_doubt_is_left_where_a_recompute_took_it_away(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 700.0, more=",pm10_qc=3i") for n in range(6)))
        await town.finish()
        assert (await town.hours("air_quality", "luft-1"))[0]["lqi_uba_2025_qc"] == 3
        await town.store.remove("air_quality", "luft-1", NOON, NOON + HOUR_NS)
        again = [air(10 * n, 7.0).rpartition(" ")[0].encode() for n in range(6)]
        lines = [line + b" %d" % (NOON + 10 * n * MINUTE) for n, line in enumerate(again)]
        await town.core.intake.rewrite(lines, {}, [Touched("luft-1", NOON, NOON + HOUR_NS)])
        await town.finish()
        (row,) = (await town.hours("air_quality", "luft-1")).values()
        assert not [name for name in row if name.endswith("_qc")]
        assert (row["pm10"], row["lqi_uba_2025_sure"]) == (7.0, 1)

    in_town(tmp_path, story)


def test_doubts_about_bays_and_counts_reach_their_hours(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(bay(-30, 1), bay(45, 0, 1, ",stay=3e6,stay_qc=3i"), bay(-30, 1, 2, ",occupied_qc=3i"))
        town.say(*(counted(15 * n, 10).replace("qc=1i", "count_qc=3i") for n in range(4)))
        await town.finish(1.25)
        lot, first, second = (row.fields for row in await town.rows("parking") if row.time_ns == NOON)
        assert {name for name in first if name.endswith("_qc")} == {"stay_qc"}
        assert {name for name in second if name.endswith("_qc")} == {"occupied_qc"}
        assert {name for name in lot if name.endswith("_qc")} == {
            "stay_qc",
            "occupied_bays_qc",
            "occupancy_qc",
        }
        assert (await town.hours("traffic", "rad-1"))[0]["count_qc"] == 3

    in_town(tmp_path, story)


@pytest.mark.parametrize("minutes", [20, 22, 30, 45, 60])
def test_hours_are_whole_wherever_they_cut_what_a_device_says(tmp_path: Path, minutes: int) -> None:
    places = [{**one, "interval": f"{minutes}min"} if one["id"] == "luft-1" else one for one in DEVICES]

    async def story(town: Town) -> None:
        town.say(*(air(minutes * n - 59, 20.0) for n in range(600 // minutes)))
        await town.finish(8)
        hours = await town.hours("air_quality", "luft-1")
        assert [hours[n]["pm10_coverage"] for n in range(8)] == [100.0] * 8
        assert [hours[n]["pm10"] for n in range(8)] == [20.0] * 8

    in_town(tmp_path, story, places)


def test_what_speaks_every_six_hours_has_the_hours_in_which_it_spoke(tmp_path: Path) -> None:
    places = [{**one, "interval": "6h"} if one["id"] == "luft-1" else one for one in DEVICES]

    async def story(town: Town) -> None:
        town.say(*(air(60 * hour + 40, 20.0) for hour in (-5, 1, 13)))  # at 7 it was not heard
        await town.finish(15)
        hours = await town.hours("air_quality", "luft-1")
        assert {n: hours[n]["pm10_coverage"] for n in hours} == {-5: 33.3, 1: 100.0, 13: 33.3}
        town.say(air(7 * 60 + 39, 20.0))
        await town.finish(15)
        hours = await town.hours("air_quality", "luft-1")
        assert {n: hours[n]["pm10_coverage"] for n in hours} == {-5: 33.3, 1: 100.0, 7: 100.0, 13: 100.0}

    in_town(tmp_path, story, places)


def test_counts_wait_for_their_last_interval_and_only_whole_hours_are_sums(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(counted(15 * n - 5, 10) for n in range(6)), *(counted(15 * n, 3, "rtl") for n in range(3)))
        await town.finish(1)
        assert list(await town.hours("traffic", "rad-1")) == [-1]
        await town.finish(1.25)  # the interval that begins at 12:55 is heard of at 13:10
        _, ltr, rtl = await town.rows("traffic")
        assert (ltr.tags["direction"], rtl.tags["direction"]) == ("ltr", "rtl")
        assert ltr.fields == {"count": 40, "count_coverage": 100.0, "coverage": 100.0}
        assert rtl.fields == {"count_partial": 9, "count_coverage": 75.0, "coverage": 75.0}

    in_town(tmp_path, story)


def test_an_interval_over_a_lost_uplink_covers_what_it_reaches_of_the_next_hour(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(counted(-25, 9).replace("interval=900i", "interval=1800i"))
        town.say(*(counted(15 * n + 5, 10) for n in range(4)))
        await town.finish(2.25)
        hours = await town.hours("traffic", "rad-1")
        assert hours[0] == {"count": 40, "count_coverage": 100.0, "coverage": 100.0}

    in_town(tmp_path, story)


def test_an_interval_over_hours_covers_what_it_reaches_also_before_a_rewrite(tmp_path: Path) -> None:
    places = [{**one, "interval": "30min"} if one["id"] == "rad-1" else one for one in DEVICES]
    whole = {"count": 20, "count_coverage": 100.0, "coverage": 100.0}

    async def story(town: Town) -> None:
        town.say(counted(-140, 9).replace("interval=900i", "interval=9000i"))  # four uplinks were lost
        town.say(*(counted(30 * n + 10, 10).replace("=900i", "=1800i") for n in range(4)))
        await town.finish(2.5)
        assert (await town.hours("traffic", "rad-1"))[0] == whole
        town.say(counted(10, 10).replace("=900i", "=1800i"))
        await town.finish(2.5)
        assert (await town.hours("traffic", "rad-1"))[0] == whole

    in_town(tmp_path, story, places)


def test_bays_carry_their_last_state_in_and_a_lot_is_all_its_bays(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(bay(-30, 0, 1), bay(15, 1, 1, ",arrivals=1i"), bay(45, 0, 1, ",stay=1800.0"), bay(-60, 1, 2))
        await town.finish()
        lot, first, second = (row for row in await town.rows("parking") if row.time_ns == NOON)
        assert first.tags["bay"] == "1"
        assert first.fields == {
            "occupied": 0.5,
            "arrivals": 1,
            "departures": 1,
            "stay": 1800.0,
            "coverage": 100.0,
            **{f"{name}_coverage": 100.0 for name in ("occupied", "arrivals", "departures", "stay")},
        }
        assert second.fields["occupied"] == 1.0
        assert lot.tags == {
            "device": "lot:giessen:Brandplatz",
            "lot": "Brandplatz",
            "municipality": "giessen",
            "site": "Brandplatz",
            "district": "Mitte",
        }
        names = ("occupied_bays", "observed_bays", "capacity", "occupancy", "arrivals", "departures", "stay")
        assert [lot.fields[name] for name in names] == [1.5, 2.0, 3.0, 0.75, 1, 1, 1800.0]
        assert lot.fields["coverage"] == 100.0

    in_town(tmp_path, story)


def test_a_bay_is_unknown_once_its_sensor_counts_as_silent(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(bay(0, 1, 1))
        await town.finish(8)
        hours = await town.hours("parking", "parken-1")
        assert sorted(hours) == [0, 1, 2, 3, 4, 5]  # six intervals of an hour
        lot = await town.hours("parking", "lot:giessen:Brandplatz")
        assert lot[5]["observed_bays"] == 1.0
        assert 6 not in lot

    in_town(tmp_path, story)


def test_a_bay_that_nobody_knew_any_more_was_not_seen_to_turn_free(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(
            bay(-8 * 60, 1), bay(-5 * 60, 1, 2), bay(-100, 1, 2).replace("occupied=", "occupied_failed=")
        )
        town.say(bay(30, 0), bay(30, 0, 2), bay(-5 * 60, 1, 3), bay(30, 0, 3))
        await town.finish()
        hours = [(await town.hours("parking", f"parken-{number}"))[0] for number in (1, 2, 3)]
        assert [one.get("departures_partial") for one in hours] == [0, 0, None]
        assert hours[2]["departures"] == 1
        town.say(bay(31, 0), bay(31, 0, 2))  # done again, with all that lies before at hand
        await town.finish()
        again = [(await town.hours("parking", f"parken-{number}"))[0] for number in (1, 2, 3)]
        assert again == hours

    in_town(tmp_path, story)


def test_a_place_that_got_another_district_in_the_hour_has_one_row(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 1.0) for n in range(3)))
        town.say(*(air(10 * n, 3.0).replace("site=Markt", "district=Mitte,site=Markt") for n in range(3, 6)))
        await town.finish()
        (row,) = await town.rows("air_quality")
        assert row.fields["pm10"] == 2.0
        assert row.tags["district"] == "Mitte"

    in_town(tmp_path, story)


@pytest.mark.parametrize(("name", "before", "after"), [("lot", "Brandplatz", "Neu"), ("bay", "1", "1a")])
def test_a_bay_that_got_another_name_or_lot_in_the_hour_has_one_row(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    async def story(town: Town) -> None:
        town.say(bay(-30, 1), bay(30, 0).replace(f"{name}={before}", f"{name}={after}"))
        path = tmp_path / "devices" / "town.yaml"
        path.write_text(path.read_text().replace(f'"{name}": "{before}"', f'"{name}": "{after}"'))
        await town.core.keeper.reload()
        await town.finish(2)
        rows = [row for row in await town.rows("parking") if row.time_ns == NOON]
        lot, row = sorted(rows, key=lambda row: row.tags["device"])
        assert (row.tags[name], row.fields["occupied"], row.fields["departures"]) == (after, 0.5, 1)
        figures = ("occupied_bays", "observed_bays", "capacity")
        assert [lot.fields[one] for one in figures] == [0.5, 1.0, 3.0]
        assert (await town.hours("parking", "parken-1"))[1]["occupied"] == 0.0

    in_town(tmp_path, story)


#: A bin that tells in some uplinks whether it is full, in others how far.
BIN = """
manufacturer: Example
model: Bin
category: waste
codec: lns
readings:
  - values:
      bin_full: {from: full}
      fill_level: {from: level, unit: "%"}
examples:
  - source: "of the test's own"
    port: 1
    decoded: {full: 1}
    readings:
      - {measurement: waste, values: {bin_full: 1}}
"""


def test_a_bay_under_its_old_name_leaves_the_lot_with_its_last_row(tmp_path: Path) -> None:
    place = {"id": "paar", "site": "Ring", "lot": "Ring", "dev_eui": "70b3d57e00000021", "type": "two-bays"}

    def said(minutes: float, name: str) -> str:
        tags = f"bay={name},device=paar,lot=Ring,municipality=giessen,site=Ring"
        return f"parking,{tags} occupied=1i,qc=1i {minutes}"

    async def story(town: Town) -> None:
        town.say(said(-10, "A1"), said(-10, "A2"), said(15, "A1"), said(15, "A2"))
        path = tmp_path / "devices/town.yaml"
        path.write_text(path.read_text().replace('"right": "A2"', '"right": "B2"'))
        await town.core.keeper.reload()
        town.say(said(45, "A1"), said(45, "B2"))
        await town.finish(3)
        lot = await town.hours("parking", "lot:giessen:Ring")
        figures = ("occupied_bays", "observed_bays", "capacity")
        assert [lot[0][one] for one in figures] == [1.5, 1.5, 2.0]
        assert [lot[1][one] for one in figures] == [2.0, 2.0, 2.0]
        hours = await town.rows("parking")
        old = [row.time_ns for row in hours if row.tags.get("bay") == "A2"]
        assert old == [NOON - HOUR_NS, NOON]

    (tmp_path / "types").mkdir()
    (tmp_path / "types/two-bays.yaml").write_text(two_bays("1h"))
    in_town(tmp_path, story, [place | {"bays": {"left": "A1", "right": "A2"}}])


@pytest.mark.parametrize("swapped", [False, True])
def test_what_was_taken_away_says_no_more_how_its_bay_is(tmp_path: Path, *, swapped: bool) -> None:
    def local(hours: float) -> str:
        return datetime.fromtimestamp(NOON / S + hours * 3600, ZoneInfo("Europe/Berlin")).strftime(
            "%Y-%m-%d %H:%M"
        )

    first = {"from": local(-100), "until": local(0.5), "dev_eui": "70b3d57e00000011", "type": "bosch-tps110"}
    second = {"from": local(2.5), "dev_eui": "70b3d57e00000fff", "type": "bosch-tps110"}
    place = {"id": "parken-1", "site": "Brandplatz", "lot": "Brandplatz", "bay": "1", "interval": "1h"}
    devices = [place | {"installations": [first, second] if swapped else [first]}, *DEVICES[4:]]

    async def story(town: Town) -> None:
        town.say(bay(-10, 1), bay(-10, 0, 2))
        await town.finish(3)
        assert await town.hours("parking", "parken-1") == {
            -1: {**dict.fromkeys(ALL, 16.6), "occupied_partial": 1.0, **NOBODY},
            0: {**dict.fromkeys(ALL, 50.0), "occupied_partial": 1.0, **NOBODY},
        }
        lot = await town.hours("parking", "lot:giessen:Brandplatz")
        assert [lot[n]["occupied_bays"] for n in (0, 1, 2)] == [0.5, 0.0, 0.0]
        assert [lot[n]["observed_bays"] for n in (0, 1, 2)] == [1.5, 1.0, 1.0]
        names = {"parken-1", "parken-2", "parken-3"} if swapped else {"parken-2", "parken-3"}
        assert lot[1]["capacity"] == len(names)  # a bay is there, though its sensor is being changed

    in_town(tmp_path, story, devices)


def test_devices_that_are_not_registered_have_no_hours(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 1.0, "stranger") for n in range(6)))
        assert await town.finish() == 0

    in_town(tmp_path, story)


# --- when -----------------------------------------------------------------------------------------------


def test_nothing_is_finished_before_its_grace_is_over(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 1.0) for n in range(6)))
        await town.core.intake.flush()
        assert await town.keeper.finish(NOON + HOUR_NS + AFTER - 1) == 0
        assert await town.keeper.finish(NOON + HOUR_NS + AFTER) == 1
        assert await town.keeper.finish(NOON + HOUR_NS + AFTER) == 0

    in_town(tmp_path, story)


def test_the_first_start_goes_a_day_back_and_a_later_one_catches_up_hour_by_hour(tmp_path: Path) -> None:
    async def first(town: Town) -> None:
        town.say(*(air(-60 * n + 5, 1.0) for n in range(1, 30)))
        await town.finish(0)
        assert sorted(await town.hours("air_quality", "luft-1")) == list(range(-24, 0))

    async def later() -> None:
        async with town(tmp_path) as again:
            again.say(*(air(60 * n + 5, 1.0) for n in range(5)))
            await again.finish(5)
            finished = [
                (hour - NOON) // HOUR_NS for name, hour, _, _ in again.told.finished if name == "air_quality"
            ]
            assert finished == [0, 1, 2, 3, 4]
            left = [left for name, _, _, left in again.told.finished if name == "air_quality"]
            assert left == [4, 3, 2, 1, 0]

    async def run() -> None:
        async with town(tmp_path) as one:
            await first(one)
        await later()

    asyncio.run(run())


def test_it_waits_until_what_is_in_the_spool_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(town: Town) -> None:
        opened = asyncio.Event()
        write = town.store.write

        async def held(lines: Any) -> Any:
            await opened.wait()
            return await write(lines)

        monkeypatch.setattr(town.store, "write", held)
        town.say(*(air(10 * n, 1.0) for n in range(6)))
        finishing = asyncio.create_task(town.finish())
        for _ in range(50):
            await asyncio.sleep(0)
        assert not finishing.done()
        opened.set()
        assert await finishing == 1

    in_town(tmp_path, story)


def test_a_full_spool_makes_it_wait_and_nothing_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 1.0) for n in range(6)))
        await town.settled()
        take = town.core.intake.try_add
        answers = [False, False]

        def reluctant(lines: Any) -> bool:
            return answers.pop() if answers else take(lines)

        monkeypatch.setattr(town.core.intake, "try_add", reluctant)
        assert await town.finish() == 1
        assert not answers
        assert await town.hours("air_quality", "luft-1")

    in_town(tmp_path, story)


def test_how_far_it_is_behind_is_known(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        assert town.keeper.behind_s(NOON + AFTER) == 0
        assert town.keeper.behind_s(NOON + 3 * HOUR_NS + AFTER) == 2.75 * 3600  # counts wait for an interval
        await town.finish(3)
        assert town.keeper.behind_s(NOON + 3 * HOUR_NS + AFTER) == 0

    in_town(tmp_path, story)


# --- late ------------------------------------------------------------------------------------------------


def test_late_lines_rewrite_the_hours_they_belong_to_and_no_others(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 10.0) for n in range(4)), *(air(10 * n, 10.0, "luft-2") for n in range(6)))
        await town.finish(2)
        before = await town.hours("air_quality", "luft-2")
        town.say(air(40, 40.0), air(50, 40.0), air(70, 7.0))
        assert await town.finish(2) == 3  # a stale row removed, two written
        assert town.told.rewritten == [("air_quality", 2, 3)]
        hours = await town.hours("air_quality", "luft-1")
        assert hours[0]["pm10"] == 20.0
        assert "pm10_partial" not in hours[0]
        assert hours[1] == {"pm10_partial": 7.0, "pm10_coverage": 20.0, "coverage": 20.0}
        assert await town.hours("air_quality", "luft-2") == before
        assert await town.finish(2) == 0

    in_town(tmp_path, story)


@pytest.mark.parametrize(("minutes", "late"), [(10, -1), (40, -10), (60, -1)])
def test_a_late_sample_completes_the_hour_that_it_holds_into(tmp_path: Path, minutes: int, late: int) -> None:
    places = [{**one, "interval": f"{minutes}min"} if one["id"] == "luft-1" else one for one in DEVICES]

    async def story(town: Town) -> None:
        town.say(*(air(late + minutes * n, 10.0) for n in range(1, 600 // minutes)))
        await town.finish(4)
        before = await town.hours("air_quality", "luft-1")
        assert before[0]["coverage"] == (60 - late - minutes) * 1000 // 60 / 10
        town.say(air(late, 30.0))
        await town.finish(4)
        hours = await town.hours("air_quality", "luft-1")
        assert (hours[0]["pm10"], hours[0]["coverage"]) == (10.0, 100.0)
        assert "pm10_partial" not in hours[0]
        assert hours[-1]["pm10_partial"] == 30.0
        assert [hours[n] for n in (1, 2, 3)] == [before[n] for n in (1, 2, 3)]

    in_town(tmp_path, story, places)


def test_a_late_state_reaches_the_hours_until_the_next_one_and_the_lot(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(bay(-10, 0), bay(200, 0))
        await town.finish(5)
        hours = await town.hours("parking", "parken-1")
        assert [hours[n]["occupied"] for n in range(5)] == [0.0] * 5
        town.say(bay(30, 1, more=",arrivals=1i"))
        await town.finish(5)
        hours = await town.hours("parking", "parken-1")
        assert [hours[n]["occupied"] for n in range(5)] == [0.5, 1.0, 1.0, 0.3333, 0.0]
        lot = await town.hours("parking", "lot:giessen:Brandplatz")
        assert [lot[n]["occupancy"] for n in range(5)] == [0.5, 1.0, 1.0, 0.3333, 0.0]
        assert (hours[0]["arrivals"], lot[0]["arrivals"]) == (1, 1)

    in_town(tmp_path, story)


def test_an_hour_that_late_states_reach_into_keeps_what_was_said_at_its_end(tmp_path: Path) -> None:
    places = [{**one, "interval": "15min"} if "bay" in one else one for one in DEVICES]

    async def story(town: Town) -> None:
        town.say(bay(-30, 0), bay(130, 1, more=",arrivals=1i"), bay(170, 0, more=",stay=2400.0"))
        await town.finish(4)
        before = await town.hours("parking", "parken-1")
        town.say(bay(50, 0))  # known for 90 minutes: until 14:20
        await town.finish(4)
        hours = await town.hours("parking", "parken-1")
        assert hours[2]["stay"] == before[2]["stay"] == 2400.0
        assert hours[2]["occupied"] == 0.6667

    in_town(tmp_path, story, places)


def test_a_late_state_reaches_past_rows_that_do_not_say_of_it(tmp_path: Path) -> None:
    place = {"id": "tonne", "site": "Ring", "dev_eui": "70b3d57e00000021", "type": "bin", "interval": "1h"}

    def said(minutes: float, what: str) -> str:
        return f"waste,device=tonne,municipality=giessen,site=Ring {what},qc=1i {minutes}"

    async def story(town: Town) -> None:
        town.say(said(-10, "bin_full=0i"), *(said(60 * n + 20, "fill_level=50.0") for n in range(4)))
        await town.finish(4)
        town.say(said(10, "bin_full=1i"))
        await town.finish(4)
        rows = await town.store.window("waste_1h", ["bin_full"], NOON, NOON + 4 * HOUR_NS)
        assert [row.fields["bin_full"] for row in rows] == [0.8333, 1.0, 1.0, 1.0]

    (tmp_path / "types").mkdir()
    (tmp_path / "types/bin.yaml").write_text(BIN)
    in_town(tmp_path, story, [place])


def test_a_late_word_that_nothing_is_known_takes_away_what_was_carried_on(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(bay(10, 1), bay(200, 0))
        await town.finish(5)
        assert sorted(await town.hours("parking", "parken-1")) == [0, 1, 2, 3, 4]
        town.say(bay(30, 1).replace("occupied=", "occupied_failed="))
        await town.finish(5)
        hours = await town.hours("parking", "parken-1")
        assert sorted(hours) == sorted(await town.hours("parking", "lot:giessen:Brandplatz")) == [0, 3, 4]
        assert hours[0]["occupied_coverage"] == 33.3

    in_town(tmp_path, story)


def test_a_late_interval_completes_the_hour_that_it_reaches_into(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(counted(15 * n + 5, 10) for n in range(5)))
        await town.finish(2.25)
        assert (await town.hours("traffic", "rad-1"))[0]["count_partial"] == 40
        town.say(counted(-10, 7))
        await town.finish(2.25)
        hours = await town.hours("traffic", "rad-1")
        assert hours[0] == {"count": 40, "count_coverage": 100.0, "coverage": 100.0}
        assert hours[-1]["count_partial"] == 7

    in_town(tmp_path, story)


def test_dead_letters_that_are_sent_again_rewrite_their_hours(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        await town.finish()
        line = air(10, 4.0).rpartition(" ")[0].encode() + b" %d" % (NOON + 10 * MINUTE)
        town.core.intake._open.group.dead.append(DeadLetter(line, "refused", "type", "luft-1", NOON))
        await town.core.intake.flush()
        await town.core.spool.requeue_dead(DeadFilter(), lambda _lines: None)
        town.core.intake.on_committed()
        await town.finish()
        assert (await town.hours("air_quality", "luft-1"))[0]["pm10_partial"] == 4.0

    in_town(tmp_path, story)


def test_hours_whose_rows_were_taken_away_are_gone(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 10.0) for n in range(12)))
        await town.finish(2)
        await town.store.remove("air_quality", "luft-1", NOON, NOON + HOUR_NS + HOUR_NS // 2)
        touched = [Touched("luft-1", NOON, NOON + HOUR_NS + HOUR_NS // 2)]
        again = air(65, 30.0).rpartition(" ")[0].encode() + b" %d" % (NOON + 65 * MINUTE)
        await town.core.intake.rewrite([again], {}, touched)
        await town.finish(2)
        hours = await town.hours("air_quality", "luft-1")
        assert list(hours) == [1]
        assert hours[1]["pm10_partial"] == 15.0

    in_town(tmp_path, story)


def test_an_hour_is_gone_where_what_a_recompute_wrote_in_its_place_says_nothing(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(counted(15 * n, 10) for n in range(4)))
        await town.finish(1.25)
        assert (await town.hours("traffic", "rad-1"))[0]["count"] == 40
        await town.store.remove("traffic", "rad-1", NOON, NOON + HOUR_NS)
        line = f"traffic,device=rad-1,direction=ltr count_total=7i,qc=1i {NOON + 5 * MINUTE}"
        await town.core.intake.rewrite([line.encode()], {}, [Touched("rad-1", NOON, NOON + HOUR_NS)])
        await town.finish(1.25)
        assert 0 not in await town.hours("traffic", "rad-1")

    in_town(tmp_path, story)


def test_hours_of_readings_that_the_store_keeps_no_more_stay(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 10.0) for n in range(6)))
        await town.finish()
        before = await town.hours("air_quality", "luft-1")
        await town.store.remove("air_quality", "luft-1", NOON, NOON + HOUR_NS)  # as a retention does
        late = air(10, 10.0).replace("pm10=10.0", "pm10=10i")  # which the store refuses
        town.say(late)
        await town.finish()
        assert await town.hours("air_quality", "luft-1") == before

    in_town(tmp_path, story)


def test_where_nothing_can_be_removed_the_new_rows_are_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: Any) -> None:
        raise CannotRemove("InfluxDB 3 has no way to remove rows")

    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 10.0) for n in range(4)))
        await town.finish()
        monkeypatch.setattr(town.store, "remove", refuse)
        town.say(air(40, 40.0), air(50, 40.0))
        await town.finish()
        assert (await town.hours("air_quality", "luft-1"))[0]["pm10"] == 20.0

    in_town(tmp_path, story)


def test_hours_in_an_influxdb_of_three_buckets(shared_influxd: Influxd, tmp_path: Path) -> None:
    readings, hours, bays = (shared_influxd.new_database(tmp_path) for _ in range(3))
    settings = readings.settings(hours_bucket=hours.bucket, bays_bucket=bays.bucket)

    async def run() -> None:
        async with town(tmp_path, other=InfluxStore(settings)) as one:
            await one.begin()
            one.say(*(air(10 * n, 10.0) for n in range(4)), bay(-30, 1), bay(30, 0))
            await one.finish()
            assert (await one.hours("air_quality", "luft-1"))[0]["pm10_partial"] == 10.0
            assert (await one.hours("parking", "parken-1"))[0]["occupied"] == 0.5
            one.say(air(40, 40.0), air(50, 40.0), bay(15, 0))
            await one.finish()
            row = (await one.hours("air_quality", "luft-1"))[0]
            assert row["pm10"] == 20.0
            assert row["lqi_uba_2025_of"] == "pm10"
            assert "pm10_partial" not in row
            assert (await one.hours("parking", "lot:giessen:Brandplatz"))[0]["occupancy"] == 0.25

    asyncio.run(run())
    assert {row["device"] for row in bays.rows("parking")} == {"parken-1"}
    assert hours.count("parking_1h", "occupancy") == 1
    assert readings.count("air_quality_1h", "pm10") == 0


def test_a_recompute_rewrites_the_hours_it_touches(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        for number in range(12):
            town.hear(number, 10.0)
        await town.finish(2)
        path = tmp_path / "devices" / "town.yaml"
        plain, mended = (
            '"type": "decentlab-dl-pm"',
            '"type": "decentlab-dl-pm", "calibration": {"pm10": {"factor": 2}}',
        )
        path.write_text(path.read_text().replace(plain, mended, 1))
        await town.core.keeper.reload()
        core = town.core
        recomputer = Recomputer(
            core.intake, core.spool, core.archive, town.store, core.events, core.settings.state, str
        )
        await recomputer.recompute(Asked("luft-1", NOON, NOON + HOUR_NS, "anna", "factor"))
        await town.finish(2)
        found = await town.hours("air_quality", "luft-1")
        assert [found[n]["pm10"] for n in (0, 1)] == [20.0, 10.0]

    in_town(tmp_path, story)


# --- faults ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["window", "latest", "try_add", "flush", "put_hours"])
def test_what_ends_halfway_is_done_again_and_the_same_rows_come_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class PowerCut(Exception):
        pass

    async def first(town: Town) -> None:
        town.say(*(air(10 * n, 10.0 * hour) for n in range(6) for hour in (0,)), bay(5, 1), bay(70, 0))
        await town.settled()
        owner = {"window": town.store, "latest": town.store, "put_hours": town.core.spool}.get(
            step, town.core.intake
        )
        real = getattr(owner, step)
        calls = 0

        def broken(*args: Any, **more: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == 2:
                raise PowerCut
            return real(*args, **more)

        monkeypatch.setattr(owner, step, broken)
        with pytest.raises(PowerCut):
            await _often(town)
        monkeypatch.undo()

    async def run() -> None:
        async with town(tmp_path) as one:
            await one.begin()
            await first(one)
        async with town(tmp_path) as again:
            again.say(air(61, 3.0))
            await again.finish(2)
            assert (await again.hours("air_quality", "luft-1"))[0]["pm10"] == 0.0
            assert (await again.hours("air_quality", "luft-1"))[1]["pm10_partial"] == 3.0
            hours = await again.hours("parking", "parken-1")
            assert [hours[n]["occupied"] for n in (0, 1)] == [1.0, 0.1667]

    asyncio.run(run())


async def _often(town: Town) -> None:
    for _ in range(3):
        await town.finish(2)


def test_a_fault_of_ours_costs_one_series_its_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(town: Town) -> None:
        def broken(quantities: Any, rows: Any, window: Any, rhythm: Any) -> Any:
            if rows[0].tags["device"] == "luft-1":
                raise ZeroDivisionError
            return fields_of(quantities, rows, window, rhythm)

        monkeypatch.setattr("publish.hours.hour.fields_of", broken)
        town.say(*(air(10 * n, 1.0, device) for n in range(6) for device in ("luft-1", "luft-2")))
        assert await town.finish() == 1
        assert [device for device, _ in town.told.failed] == ["luft-1"]

    in_town(tmp_path, story)


def test_a_silent_store_is_told_and_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 1.0) for n in range(6)))
        await town.settled()
        real, failures = town.store.window, [True]

        async def silent(*args: Any) -> Any:
            if failures:
                failures.pop()
                raise StoreUnavailable("the store does not answer")
            return await real(*args)

        monkeypatch.setattr(town.store, "window", silent)
        monkeypatch.setattr(town.keeper, "_now_ns", lambda: NOON + HOUR_NS + AFTER)
        monkeypatch.setattr(keeper_module, "EVERY_S", 0.0)
        running = asyncio.create_task(town.keeper.run())
        while ("air_quality", NOON, 1, 0) not in town.told.finished:  # noqa: ASYNC110  it has no end to await
            await asyncio.sleep(0.01)
        running.cancel()
        assert town.told.waiting == ["the store does not answer"]

    in_town(tmp_path, story)


def test_lines_of_a_device_that_is_registered_meanwhile_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(town: Town) -> None:
        await town.finish(2)
        real, begun = town.core.spool.due_hours, asyncio.Event()

        async def later(limit: int) -> Any:
            if not begun.is_set():
                begun.set()
                path = tmp_path / "devices" / "town.yaml"
                places = [*DEVICES, {**DEVICES[0], "id": "luft-3", "dev_eui": "70b3d57e00000009"}]
                path.write_text(json.dumps({"municipality": {"id": "giessen"}, "devices": places}))
                await town.core.keeper.reload()
                town.say(*(air(10 * n, 8.0, "luft-3") for n in range(6)))
                await town.core.intake.flush()
            return await real(limit)

        monkeypatch.setattr(town.core.spool, "due_hours", later)
        await town.finish(2)
        assert (await town.hours("air_quality", "luft-3"))[0]["pm10"] == 8.0

    in_town(tmp_path, story)


def test_after_the_spool_was_begun_anew_the_last_day_is_done_again(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        await town.finish(30)
        town.told.finished.clear()
        spool = town.core.spool
        spool.on_begun_anew = town.keeper.begin_anew

        def damage() -> None:
            spool.disk.close()
            spool.disk.path.write_bytes(b"noise" * 100_000)

        await spool._worker.call(damage)
        town.say(air(29 * 60, 3.0))
        await town.finish(30)
        finished = [
            (hour - NOON) // HOUR_NS for name, hour, _, _ in town.told.finished if name == "air_quality"
        ]
        assert finished == list(range(6, 30))
        assert (await town.hours("air_quality", "luft-1"))[29]["pm10_partial"] == 3.0

    in_town(tmp_path, story)


def test_an_hour_that_is_done_again_leaves_nothing_of_what_it_was(tmp_path: Path) -> None:
    async def story(town: Town) -> None:
        town.say(*(air(10 * n, 50.0, more=",pm10_qc=3i") for n in range(4)))
        await town.finish()
        assert (await town.hours("air_quality", "luft-1"))[0]["pm10_partial"] == 50.0
        town.say(*(air(10 * n, 20.0) for n in range(6)))
        await town.settled()
        await town.store.remove("air_quality", "luft-1", NOON, NOON + HOUR_NS)
        lines = [air(10 * n, 20.0).rpartition(" ")[0].encode() for n in range(6)]
        await town.store.write([line + b" %d" % (NOON + 10 * n * MINUTE) for n, line in enumerate(lines)])
        spool = town.core.spool
        await spool.settle_hours(await spool.due_hours(100))  # the marks are lost with a spool
        town.keeper.begin_anew()
        await town.finish()
        row = (await town.hours("air_quality", "luft-1"))[0]
        assert row["pm10"] == 20.0
        assert not [name for name in row if name.endswith(("_partial", "_qc"))]

    in_town(tmp_path, story)


def test_many_devices_are_asked_for_in_pages_and_lots_stay_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(town: Town) -> None:
        monkeypatch.setattr(keeper_module, "DEVICES_ASKED", 1)
        town.say(*(air(10 * n, 1.0, device) for n in range(6) for device in ("luft-1", "luft-2")))
        town.say(bay(-5, 1, 1), bay(-5, 1, 2), bay(-5, 0, 3))
        await town.finish()
        assert len(await town.hours("air_quality", "luft-2")) == 1
        lot = await town.hours("parking", "lot:giessen:Brandplatz")
        assert lot[0]["occupied_bays"] == 2.0

    in_town(tmp_path, story)
