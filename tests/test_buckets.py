"""Readings, finished hours and single bays each go to their bucket, and are found and removed there."""

import asyncio
from pathlib import Path

import pytest

from ingest.seams import StoreUnavailable
from ingest.settings import Influx
from ingest.store.buckets import Buckets
from ingest.store.influx import InfluxStore
from tests.servers.influxdb import Database, Influxd

NOW = 1_700_000_000_000_000_000
LINES = [
    b"air_quality,device=luft-1 pm10=1.5 %d" % NOW,
    b"air_quality_1h,device=luft-1 pm10=1.5,coverage=100.0 %d" % NOW,
    b"parking,bay=7,device=p-7,lot=Brandplatz occupied=1i %d" % NOW,
    rb"parking,device=lot:giessen:Am\ Ring\,bay\=x,lot=Am\ Ring occupied_bays=3i %d" % NOW,
    rb"parking,bay=7\ b,device=p-8 occupied=0i %d" % NOW,
    b"parking,device=garage occupied_bays=30i %d" % NOW,
    b"parking_1h,bay=7,device=p-7,lot=Brandplatz occupied=1.0 %d" % NOW,
]


def test_a_line_belongs_to_the_bucket_of_its_kind() -> None:
    named = Influx(url="http://x", bucket="city", hours_bucket="hours", bays_bucket="bays")
    assert dict(Buckets(named).parts(LINES)) == {"city": [0, 3, 5], "hours": [1, 6], "bays": [2, 4]}
    one = Influx(url="http://x", bucket="city", hours_bucket="city")
    assert Buckets(one).parts(LINES) == [("city", list(range(7)))]
    assert (Buckets(named).of("parking"), Buckets(one).of("parking")) == (("city", "bays"), ("city",))


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Database]:
    """Three databases on a real InfluxDB, of which the one for bays keeps points for 30 days."""
    server: Influxd = request.getfixturevalue("shared_influxd")
    kept = {"city": "INF", "hours": "INF", "bays": "30d"}
    return {name: server.new_database(tmp_path, retention=long) for name, long in kept.items()}


def store(databases: dict[str, Database], **more: str) -> InfluxStore:
    names = {f"{name}_bucket": databases[name].bucket for name in ("hours", "bays")}
    return InfluxStore(databases["city"].settings(**{**names, **more}))


def test_each_bucket_gets_its_lines_and_gives_them_back(databases: dict[str, Database]) -> None:
    async def work(opened: InfluxStore) -> None:
        bays = databases["bays"]
        assert bays.server is not None
        bays.server.keep_for_ever(bays)
        assert await opened.write(LINES) == []
        bays_stored = {row["device"] for row in bays.rows("parking")}
        assert bays_stored == {"p-7", "p-8"}
        assert {row["device"] for row in databases["hours"].rows("parking_1h")} == {"p-7"}
        assert databases["hours"].count("air_quality_1h", "pm10") == 1
        assert databases["city"].count("air_quality_1h", "pm10") == 0
        found = await opened.window("parking", ["occupied", "occupied_bays"], NOW, NOW + 1)
        devices = ["garage", "lot:giessen:Am Ring,bay=x", "p-7", "p-8"]
        assert [row.tags["device"] for row in found] == devices
        newest = await opened.latest("parking", ["occupied", "occupied_bays"], NOW)
        assert [row.tags["device"] for row in newest] == devices
        assert len(await opened.series("parking_1h", ["occupied"], "p-7", NOW, NOW + 1)) == 1
        await opened.remove("parking", "p-7", NOW, NOW + 1)
        await opened.remove("air_quality_1h", "luft-1", NOW, NOW + 1)
        assert [row["device"] for row in bays.rows("parking")] == ["p-8"]
        assert databases["hours"].rows("air_quality_1h") == []
        await opened.close()

    asyncio.run(work(store(databases)))


def test_what_one_bucket_refuses_costs_the_others_nothing(databases: dict[str, Database]) -> None:
    old = b"parking,bay=7,device=p-7 occupied=1i 1500000000000000000"

    async def work(opened: InfluxStore) -> None:
        refused = await opened.write([LINES[0], old, LINES[1]])
        assert [one.index for one in refused] == [1]
        assert "retention" in refused[0].reason
        assert databases["city"].count("air_quality", "pm10") == 1
        assert databases["hours"].count("air_quality_1h", "pm10") == 1
        await opened.close()

    asyncio.run(work(store(databases)))


def test_a_batch_waits_as_a_whole_while_one_bucket_is_missing(databases: dict[str, Database]) -> None:
    async def work(opened: InfluxStore) -> None:
        with pytest.raises(StoreUnavailable) as caught:
            await opened.write(LINES)
        assert caught.value.held
        await opened.close()
        again = store(databases)
        assert await again.write(LINES[:2]) == []
        assert databases["city"].count("air_quality", "pm10") == 1
        await again.close()

    asyncio.run(work(store(databases, hours_bucket="nowhere/street")))
