"""A month of the sample city, October 2026 with its clock change, as planners export it: `fill` writes it.

All of it follows from the seed. In it happens what a planner has to see: a sensor is silent for two days,
another for an afternoon, somebody works at one for three hours, and one evening's values are suspect. Its
classifying counter is of a type of the city's own, as the shipped one tells to make it.
"""

import math
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from devices.device import Device
from devices.registry import SHIPPED_TYPES, load
from ingest.line_protocol import encode_row, tag
from ingest.store import FILE_NAME
from tests.installed import install, store_lines

ROOT = Path(__file__).resolve().parents[1]
ZONE = ZoneInfo("Europe/Berlin")
BEGIN, END = datetime(2026, 10, 1, tzinfo=ZONE), datetime(2026, 11, 1, tzinfo=ZONE)
Span = tuple[datetime, datetime]


def _span(begin: str, end: str) -> Span:
    first, last = (datetime.fromisoformat(f"2026-10-{text}").replace(tzinfo=ZONE) for text in (begin, end))
    return first, last


#: Nothing was heard of a place.
SILENT: Mapping[str, Span] = {
    "luft-wieseck": _span("14 08:00", "16 12:00"),
    "verkehr-marburger-strasse": _span("21 13:00", "21 17:30"),
}
#: Somebody worked at it: what it said failed.
WORK: Mapping[str, Span] = {"luft-johannesstrasse": _span("20 13:00", "20 16:00")}
#: Its values are suspect.
DOUBTED: Mapping[str, Span] = {"luft-marktplatz": _span("03 20:00", "03 23:00")}
PERIODS = """\
periods:
  - device: luft-johannesstrasse
    from: 2026-10-20 13:00
    to: 2026-10-20 16:00
    kind: maintenance
    reason: Ansaugung gereinigt
    since: 2026-10-20
"""
_CLASSES = {14: "bicycle", 15: "car", 16: "truck"}
_RADAR = "radar-klassen"
_RADAR_TYPE = """\
manufacturer: PMX
model: TCR, Klassen wie an der Licher Straße eingestellt
category: traffic
datasheet: https://docs.pmx.systems/parametric/tcr/manuals/lora_payload
codec: pmx-tcr
interval: 10min
battery: {reports: battery_voltage, low: 4.5}
readings:
  - ports: [14, 15, 16]
    values: {battery_voltage: {from: volts, unit: V}}
""" + "".join(
    f"""\
  - for: {{way: [ltr, rtl]}}
    ports: [{port}]
    tags: {{direction: "{{way}}", vehicle_class: {name}}}
    values: {{count: {{from: "cat{number}_{{way}}_cnt", counter: delta}}}}
"""
    for number, (port, name) in enumerate(_CLASSES.items(), 1)
)
_RADAR_TYPE += """\
examples:
  - source: Actility device-catalog, vendors/pmx/drivers/pmx-tcr/examples.json, category 1 (port 14)
    port: 14
    payload: "a2140a03e832044c3433"
    decoded: {cat1_ltr_cnt: 1000, cat1_rtl_cnt: 1100, volts: 5.1}
    readings:
      - {measurement: traffic, tags: {direction: ltr, vehicle_class: bicycle}, values: {count: 1000}}
      - {measurement: traffic, tags: {direction: rtl, vehicle_class: bicycle}, values: {count: 1100}}
      - {measurement: device, values: {battery_voltage: 5.1}}
"""
#: What passes in ten minutes at the busiest time, both ways.
_BUSY = {
    "verkehr-licher-strasse": {"car": 150.0, "truck": 13.0, "bicycle": 5.0},
    "verkehr-marburger-strasse": {"": 205.0},
    "verkehr-gruenberger-strasse": {"all": 96.0},
    "verkehr-rodheimer-strasse": {"all": 81.0},
    "verkehr-berliner-platz": {"pedestrian": 64.0},
    "rad-lahnuferweg": {"": 27.0},
    "fussgaenger-seltersweg-nord": {"pedestrian": 240.0},
    "fussgaenger-seltersweg-sued": {"pedestrian": 205.0},
}
#: How much more of the streets' dust there is at a place than in the open.
_STREET = {
    "luft-frankfurter-strasse": 2.1,
    "luft-westanlage": 2.6,
    "luft-johannesstrasse": 1.1,
    "luft-marktplatz": 0.8,
    "luft-wieseck": 0.5,
}

Row = tuple[str, Mapping[str, str], Mapping[str, float | int | str]]


def fill(folder: Path) -> Path:
    """An installation of the city, its `periods.yaml` and a full store; the file of settings."""
    config = install(folder)
    city = (ROOT / "config/sample/devices/giessen.yaml").read_text(encoding="utf-8")
    counter = "dev_eui: 0004a30b00f1c71a\n    type: parametric-pcr2\n"
    assert city.count(counter) == 1
    city = city.replace(counter, counter.replace("parametric-pcr2", _RADAR))
    (folder / "devices/giessen.yaml").write_text(city, encoding="utf-8")
    (folder / f"types/{_RADAR}.yaml").write_text(_RADAR_TYPE, encoding="utf-8")
    (folder / "periods.yaml").write_text(PERIODS, encoding="utf-8")
    registry = load(folder / "devices", (SHIPPED_TYPES, folder / "types"))
    assert not registry.complaints, [str(one) for one in registry.complaints]
    lines = [line for device in registry.devices.values() for line in _lines(device)]
    store_lines(folder / "state" / FILE_NAME, lines, lambda: _ns(END))
    return config


def copy(made: Path, folder: Path) -> None:
    """A city that was filled, once more: filling takes seconds."""
    shutil.copytree(made, folder, dirs_exist_ok=True)


def _lines(device: Device) -> Iterator[bytes]:
    random = Random(device.id)  # noqa: S311  a city, no secret
    common = device.installations[-1].tag_prefix
    kinds: dict[str, Callable[[Device, Random], Iterator[tuple[datetime, Row]]]] = {
        "luft": _air,
        "parken": _bay,
    }
    rows = kinds.get(device.id.partition("-")[0], _traffic)
    for when, (measurement, own, fields) in rows(device, random):
        if _is(SILENT, device, when):
            continue
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


def _is(spans: Mapping[str, Span], device: Device, when: datetime) -> bool:
    span = spans.get(device.id)
    return span is not None and span[0] <= when < span[1]


def _air(device: Device, random: Random) -> Iterator[tuple[datetime, Row]]:
    gases = device.installations[-1].type.id == "uradmonitor-industrial"
    for when in _times(timedelta(seconds=device.interval_s or 600)):
        hour = when.hour + when.minute / 60
        day = (when.timestamp() - BEGIN.timestamp()) / 86400
        rush = math.exp(-((hour - 8) ** 2) / 5) + math.exp(-((hour - 17.5) ** 2) / 8)
        cars = _STREET.get(device.id, 0.15) * (0.35 + rush) * (0.5 if when.weekday() > 4 else 1.0)
        # still air lets it rise, and rain washes it out
        stale = 1 + 0.45 * math.sin(2 * math.pi * day / 9.3) + 0.3 * math.sin(2 * math.pi * day / 4.1 + 1)
        night = 1 + 0.25 * math.cos(2 * math.pi * (hour - 3) / 24)
        dust = stale * (6.2 * night + 3.6 * cars) * random.uniform(0.9, 1.1)
        values = {"pm1": 0.7 * dust, "pm2_5": dust, "pm10": 1.7 * dust}
        if gases:
            values |= {
                "no2": stale * (8 + 9 * cars) * random.uniform(0.9, 1.1),
                "o3": 30 + 25 * math.sin(math.pi * max(0.0, hour - 7) / 12) * random.uniform(0.9, 1.1),
            }
        fields: dict[str, float | int | str] = {name: round(value, 1) for name, value in values.items()}
        if _is(WORK, device, when):
            fields = {f"{name}_failed": value for name, value in fields.items()} | {"qc": 4}
        elif _is(DOUBTED, device, when):
            fields |= {f"{name}_qc": 3 for name in values} | {"qc": 3}
        else:
            fields["qc"] = 1
        yield when, ("air_quality", {}, fields)


def _traffic(device: Device, random: Random) -> Iterator[tuple[datetime, Row]]:
    ways = list(device.direction.values())[:2] or [""]
    inwards = next((way for way in ways if way == "stadteinwärts"), ways[0])
    crossing = device.installations[-1].type.id == "milesight-vs135"
    for when in _times(timedelta(minutes=10)):
        hour = when.hour + when.minute / 60
        for way in ways:
            share = _share(hour, when.weekday(), morning=way == inwards) / len(ways)
            for name, most in _BUSY[device.id].items():
                busy = most * (min(share, 0.6) if name == "truck" else share)
                if name == "truck" and when.weekday() > 4:
                    busy *= 0.25 if when.weekday() == 5 else 0.1
                count = max(0, round(random.gauss(busy, 0.8 * math.sqrt(busy))))
                own = {"direction": way, "vehicle_class": name, "lane": device.lane or ""}
                if crossing:
                    own["lane"] = "1"
                fields = {"count": count, "interval": 600, "qc": 1}
                yield when, ("traffic", {key: said for key, said in own.items() if said}, fields)


def _share(hour: float, weekday: int, *, morning: bool) -> float:
    """Of what passes at the busiest time, about; working days have two peaks, of which one is higher."""
    if weekday > 4:
        later = 14.5 if weekday == 5 else 15.5
        most = 0.72 if weekday == 5 else 0.55
        return 0.04 + most * math.exp(-((hour - later) ** 2) / 24) + 0.05 * math.exp(-(hour**2) / 2)
    early = math.exp(-((hour - 7.6) ** 2) / 1.8)
    late = math.exp(-((hour - (15.8 if weekday == 4 else 16.9)) ** 2) / 4.5)
    between = 0.45 * math.exp(-(((hour - 12.5) / 5.5) ** 4))
    return 0.03 + between + (0.65 * early + 0.4 * late if morning else 0.3 * early + 0.75 * late)


def _bay(device: Device, random: Random) -> Iterator[tuple[datetime, Row]]:
    """It says when it turns, and every hour what it is."""
    own = {"lot": device.lot or "", "bay": device.bay or ""}
    turned, occupied, until = BEGIN, False, _turns(BEGIN, random, occupied=False)
    for when in _times(timedelta(minutes=1)):
        if when >= until:
            fields: dict[str, float | int | str] = {"occupied": int(not occupied), "qc": 1}
            if occupied:
                fields["stay"] = when.timestamp() - turned.timestamp()
            else:
                fields["arrivals"] = 1
            turned, occupied, until = when, not occupied, _turns(when, random, occupied=not occupied)
            yield when, ("parking", own, fields)
        elif when.minute == 0:
            yield when, ("parking", own, {"occupied": int(occupied), "qc": 1})


def _turns(when: datetime, random: Random, *, occupied: bool) -> datetime:
    """When a bay turns next."""
    is_day = 8 <= when.hour < 19 and when.weekday() < 6
    if occupied:
        minutes = random.lognormvariate(math.log(70 if is_day else 240), 0.7)
    else:
        minutes = random.expovariate(1 / (14 if is_day else 210))
    return datetime.fromtimestamp(when.timestamp() + max(1, round(minutes)) * 60, ZONE)


def _ns(when: datetime) -> int:
    return int(when.timestamp()) * 1_000_000_000
