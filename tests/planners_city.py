"""A month of the sample city, October 2026 with its clock change, as planners export it: `fill` writes it.

All of it follows from the seed. In it happens what a planner has to see: a sensor is silent for two days,
somebody works at one for an afternoon, and one night's values are suspect.
"""

import asyncio
import math
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from devices.device import Device
from devices.registry import SHIPPED_TYPES, load
from ingest.line_protocol import encode_row, tag
from ingest.store import FILE_NAME
from ingest.store.embedded import EmbeddedStore

ROOT = Path(__file__).resolve().parents[1]
ZONE = ZoneInfo("Europe/Berlin")
BEGIN, END = datetime(2026, 10, 1, tzinfo=ZONE), datetime(2026, 11, 1, tzinfo=ZONE)
SILENT = ("luft-wieseck", datetime(2026, 10, 14, 8, tzinfo=ZONE), datetime(2026, 10, 16, 12, tzinfo=ZONE))
WORK = (
    "luft-johannesstrasse",
    datetime(2026, 10, 20, 13, tzinfo=ZONE),
    datetime(2026, 10, 20, 16, tzinfo=ZONE),
)
DOUBTED = (
    "luft-marktplatz",
    datetime(2026, 10, 3, 20, tzinfo=ZONE),
    datetime(2026, 10, 3, 23, tzinfo=ZONE),
)
PERIODS = """\
periods:
  - device: luft-johannesstrasse
    from: 2026-10-20 13:00
    to: 2026-10-20 16:00
    kind: maintenance
    reason: Ansaugung gereinigt
    since: 2026-10-20
"""
#: Vehicles in ten minutes at the busiest time.
_STREETS = {
    "verkehr-berliner-platz": 61.0,
    "verkehr-licher-strasse": 95.0,
    "verkehr-marburger-strasse": 118.0,
    "rad-lahnuferweg": 14.0,
}

Row = tuple[str, Mapping[str, str], Mapping[str, float | int | str]]


def fill(folder: Path) -> None:
    """Make `folder/devices`, `folder/types`, `folder/periods.yaml` and `folder/state/store.db`."""
    for name in ("devices", "types", "state"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "config/sample/devices/giessen.yaml", folder / "devices")
    (folder / "periods.yaml").write_text(PERIODS, encoding="utf-8")
    registry = load(folder / "devices", (SHIPPED_TYPES, folder / "types"))
    lines = [line for device in registry.devices.values() for line in _lines(device)]
    asyncio.run(_write(folder / "state" / FILE_NAME, lines))


async def _write(path: Path, lines: list[bytes]) -> None:
    store = EmbeddedStore(path, now_ns=lambda: _ns(END))
    for begin in range(0, len(lines), 20_000):
        assert await store.write(lines[begin : begin + 20_000]) == []
    await store.close()


def _lines(device: Device) -> Iterator[bytes]:
    random = Random(device.id)  # noqa: S311  a city, no secret
    turned = [BEGIN]  # when a bay turned occupied or free last
    kind = device.id.partition("-")[0]
    common = device.installations[-1].tag_prefix
    step = timedelta(seconds=device.interval_s or 600)
    for when in _times(step):
        rows = {"luft": _air, "verkehr": _traffic, "rad": _traffic, "parken": _bay}.get(kind)
        if rows is None or _is(SILENT, device, when):
            continue
        for measurement, own, fields in rows(device, when, random, turned):
            tags = common + "".join(tag(name, value) for name, value in sorted(own.items()))
            yield encode_row(measurement, tags, fields, _ns(when))
    for when in _times(timedelta(minutes=30)):
        yield encode_row("status", common, {"state": _state(device, when)}, _ns(when))


def _times(step: timedelta) -> Iterator[datetime]:
    """Moments of the month, in steps of real time."""
    for second in range(0, int(END.timestamp() - BEGIN.timestamp()), int(step.total_seconds())):
        yield datetime.fromtimestamp(BEGIN.timestamp() + second, ZONE)


def _state(device: Device, when: datetime) -> str:
    if _is(SILENT, device, when):
        return "silent"
    return "maintenance" if _is(WORK, device, when) else "ok"


def _is(span: tuple[str, datetime, datetime], device: Device, when: datetime) -> bool:
    return device.id == span[0] and span[1] <= when < span[2]


def _air(device: Device, when: datetime, random: Random, _turned: list[datetime]) -> Iterator[Row]:
    hour = when.hour + when.minute / 60
    rush = math.exp(-((hour - 8) ** 2) / 5) + math.exp(-((hour - 17.5) ** 2) / 8)
    weekday = 0.55 if when.weekday() > 4 else 1.0
    stale = 1 + 0.6 * math.sin(2 * math.pi * when.day / 9)  # weather that comes and goes
    street = 1.6 if "westanlage" in device.id or "frankfurter" in device.id else 1.0
    dust = stale * (6 + 7 * street * rush * weekday) * random.uniform(0.85, 1.15)
    values = {"pm1": 0.7 * dust, "pm2_5": dust, "pm10": 1.7 * dust}
    if device.installations[-1].type.id == "uradmonitor-industrial":
        values |= {
            "no2": stale * (9 + 22 * street * rush * weekday) * random.uniform(0.9, 1.1),
            "o3": 30 + 25 * math.sin(math.pi * max(0.0, hour - 7) / 12) * random.uniform(0.9, 1.1),
        }
    fields: dict[str, float | int | str] = {name: round(value, 1) for name, value in values.items()}
    if _is(WORK, device, when):
        fields = {f"{name}_failed": value for name, value in fields.items()} | {"qc": 4}
    elif _is(DOUBTED, device, when):
        fields |= {f"{name}_qc": 3 for name in values} | {"qc": 3}
    else:
        fields["qc"] = 1
    yield "air_quality", {}, fields
    warm = 11 + 5 * math.sin(math.pi * (hour - 8) / 12) - 0.1 * when.day + random.uniform(-0.3, 0.3)
    yield "weather", {}, {"air_temperature": round(warm, 2), "qc": 1}


def _traffic(device: Device, when: datetime, random: Random, _turned: list[datetime]) -> Iterator[Row]:
    hour = when.hour + when.minute / 60
    busy = _STREETS.get(device.id)
    if busy is None:
        return
    inwards = 0.06 + math.exp(-((hour - 7.7) ** 2) / 3) + 0.7 * math.exp(-((hour - 16) ** 2) / 14)
    outwards = 0.06 + 0.7 * math.exp(-((hour - 9) ** 2) / 10) + math.exp(-((hour - 17.2) ** 2) / 4)
    weekend = 0.6 if when.weekday() > 4 else 1.0
    for name, share in zip(("ltr", "rtl"), (inwards, outwards), strict=True):
        count = max(0, round(random.gauss(busy * share * weekend, 2)))
        direction = device.direction[name]
        yield "traffic", {"direction": direction}, {"count": count, "interval": 600, "qc": 1}


def _bay(device: Device, when: datetime, random: Random, turned: list[datetime]) -> Iterator[Row]:
    """A bay that turns over at full hours; sensors speak every hour."""
    own = {"lot": device.lot or "", "bay": device.bay or ""}
    busy = 0.85 if 9 <= when.hour < 19 else 0.3
    before = len(turned) % 2 == 0
    occupied = random.random() < busy
    fields: dict[str, float | int | str] = {"occupied": int(occupied), "qc": 1}
    if occupied != before:
        if occupied:
            fields["arrivals"] = 1
        else:
            fields["stay"] = when.timestamp() - turned[-1].timestamp()
        turned.append(when)
    yield "parking", own, fields


def _ns(when: datetime) -> int:
    return int(when.timestamp()) * 1_000_000_000
