"""A town whose values lie around both changes of the clock, its exports, and what must stand in these.

`TRUTH` is what is written to the store; every format must give it back, to the last value.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from devices.quantity import CATALOGUE
from ingest.line_protocol import encode_row, tag
from ingest.registry_files import load_registry
from ingest.settings import Settings
from ingest.store import FILE_NAME
from publish.export.ask import Ask
from publish.export.run import Result, export
from publish.export.series import Gathered
from tests import installed

BERLIN = ZoneInfo("Europe/Berlin")
NOW_NS = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()) * 10**9
#: Local days of 23 and of 25 hours, each with the hour before and after it.
SPRING = (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC))
AUTUMN = (datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 10, 26, 0, tzinfo=UTC))
PERIOD = {"begin": "2026-03-28", "to": "2026-10-26"}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOWN = r"""
municipality: {id: giessen, ags: "06531005"}
publisher: {name: Stadt Gießen, contact: iot@example.org, licence: dl-de/by-2-0}
devices:
  - {id: luft-marktplatz, site: Marktplatz, district: Innenstadt, location: {lat: 50.5841, lon: 8.6784},
     interval: 10min, publish: open, dev_eui: 70b3d57ba0000a1c, type: uradmonitor-industrial}
  - {id: luft-boese, site: "=cmd|' /C calc'!A0; \"Süd\", ../../etc", district: "@SUM(1+1),;",
     interval: 10min, publish: open, dev_eui: 70b3d57ba0000a1f, type: uradmonitor-industrial}
  - {id: wetter-schloss, site: "  +Schloss\u202e <r>Nord & Süd</r>", interval: 10min, publish: partners,
     dev_eui: 24e124126a148401, type: sensecap-s2120}
  - {id: verkehr-bruecke, site: Brücke, district: Ost, interval: 10min, publish: open,
     dev_eui: a84041b571826d5e, type: parametric-pcr2}
"""
_MEASURED: dict[str, tuple[tuple[str, str], ...]] = {
    "luft-marktplatz": tuple(("air_quality", name) for name in ("pm2_5", "no2", "co")),
    "luft-boese": (("air_quality", "pm2_5"),),
    "wetter-schloss": (
        ("weather", "air_temperature"),
        ("weather", "precipitation"),
        ("weather", "wind_direction"),
        ("weather", "illuminance"),
    ),
    "verkehr-bruecke": (("traffic", "count"),),
}
_WAYS = ("stadteinwärts", '-stadtauswärts; "B 3", =1+1')

#: Device, quantity and own tags.
Key = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Point:
    """One value as it lies in the store."""

    time_ns: int
    value: float | int
    flag: int
    interval_s: int | None


@cache
def truth() -> dict[Key, tuple[Point, ...]]:
    """Every value of the town that is to be exported, by series, in the order of time."""
    random = Random(6)  # noqa: S311  a town, no secret
    found: dict[Key, tuple[Point, ...]] = {}
    for device, several in _MEASURED.items():
        moments = [when for span in (SPRING, AUTUMN) for when in _times(span, device)]
        for measurement, name in several:
            ways = _WAYS if measurement == "traffic" else ()
            tags: list[tuple[tuple[str, str], ...]] = [(("direction", way),) for way in ways]
            for own in tags or [()]:
                found[device, name, own] = tuple(_points(name, moments, random))
    return found


def set_up(folder: Path) -> Settings:
    """An installation with the town and all its values in the embedded store."""
    settings = installed.installed(folder, _TOWN)
    registry = load_registry(settings)
    assert not registry.complaints, registry.complaints
    lines = []
    for (device, name, own), points in truth().items():
        tags = registry.devices[device].installations[-1].tag_prefix
        tags += "".join(tag(one, said) for one, said in own)
        lines += [_line(name, tags, point) for point in points]
    installed.store_lines(settings.state / FILE_NAME, lines, lambda: NOW_NS)
    return settings


def exported(settings: Settings, target: Path, **ask: Any) -> Result:
    """One export of all that was measured, unless `ask` says otherwise."""
    whole = Ask(**({**PERIOD, **ask}))
    return asyncio.run(export(whole, settings, target, now_ns=NOW_NS, progress=lambda *_: None))


def gathered(settings: Settings, spill: Path, **ask: Any) -> tuple[Gathered, pa.Table]:
    """What is read for the same export: windows and profiles, to which its file is compared."""
    found = installed.gathered(settings, spill, NOW_NS, **{**PERIOD, **ask})
    return found, pq.read_table(spill)


def utc(time_ns: int) -> datetime:
    """The time to the microsecond, below which Python has none."""
    return _EPOCH + timedelta(microseconds=time_ns // 1000)


def _line(name: str, tags: str, point: Point) -> bytes:
    fields: dict[str, float | int | str] = {name: point.value, "qc": point.flag}
    if point.flag == 3:
        fields[f"{name}_qc"] = 3
    if point.interval_s is not None:
        fields["interval"] = point.interval_s
    return encode_row(CATALOGUE[name].measurement, tags, fields, point.time_ns)


def _times(span: Sequence[datetime], device: str) -> Iterator[int]:
    """Every ten minutes; each sixth beside its time: by milliseconds, microseconds or nanoseconds."""
    count = int((span[1] - span[0]) / timedelta(minutes=10))
    for place in range(count):
        beside = (7_000_000, 120_003_000, 999_999_999)[place // 6 % 3] if place % 6 == 4 else 0
        beside = 0 if device == "verkehr-bruecke" else beside
        yield int((span[0] - _EPOCH).total_seconds()) * 10**9 + place * 600 * 10**9 + beside


def _points(name: str, moments: Iterable[int], random: Random) -> Iterator[Point]:
    quantity = CATALOGUE[name]
    low, high = {"no2": (-4, 90), "co": (0, 3), "air_temperature": (-9, 9), "illuminance": (0, 90_000)}.get(
        name, (0, 200)
    )
    for time_ns in moments:
        value = (
            random.randint(0, 300)
            if quantity.decimals is None
            else _rounded(random, low, high, quantity.decimals)
        )
        yield Point(time_ns, value, 3 if random.random() < 0.1 else 1, 600 if quantity.interval else None)


def _rounded(random: Random, low: float, high: float, decimals: int) -> float:
    return float(round(random.uniform(low, high), decimals))
