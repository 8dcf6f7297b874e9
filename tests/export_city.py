"""A city whose texts are hostile and full of EUIs, and what an export has of it, made by hand."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import structs

from devices.registry import Registry
from ingest.recompute import record
from ingest.registry_files import load_registry
from ingest.settings import Broker, Settings
from publish.export import spill
from publish.export.ask import PROFILES, Ask
from publish.export.choose import choose
from publish.export.chosen import Chosen
from publish.export.period import step_of, windows
from publish.export.series import Gathered, Series, Tally

#: As 16 digits; each stands somewhere in the city in one of its spellings.
EUIS = (
    "70b3d57ba0000a1c",
    "70b3d57ba0000a1f",
    "a84041b571826d5e",
    "0004a30b00e4c178",
    "24e124126a148401",
    "647fda000000abcd",
    "10ce45fffe00db02",
    "ac1f09fffe0b1f2a",
    "e24f43fffe44c3d7",
)
#: Both changes of the clock lie between.
NOW_NS = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()) * 10**9
HOUR_NS = 3600 * 10**9

_CITY = r"""
municipality: {id: giessen, ags: "06531005"}
publisher: {name: "=HYPERLINK(\"x\");Stadt Gießen 70-B3-D5-7B-A0-00-0A-1C", contact: iot@example.org,
            licence: dl-de/by-2-0}
devices:
  - id: luft-marktplatz
    site: Marktplatz
    district: Innenstadt
    location: {lat: 50.5841, lon: 8.6784, height: 3.5}
    interval: 10min
    publish: open
    labels: {inventar: 20931, eui: "70B3D57BA0000A1F", "a8:40:41:b5:71:82:6d:5e": x}
    installations:
      - {dev_eui: 70b3d57ba0000a1c, type: decentlab-dl-pm, from: 2025-10-01 10:00, until: 2026-03-01 10:00,
         calibration: {pm2_5: {factor: 0.92, offset: 0.4}}}
      - {dev_eui: 70b3d57ba0000a1f, type: decentlab-dl-pm, from: 2026-03-01 10:00}
  - id: 0004a30b00e4c178
    site: "=cmd|' /C calc'!A0; \"00-04-A3-0B-00-E4-C1-78\" ../../etc"
    district: "@SUM(1+1), 24:E1:24:12:6A:14:84:01"
    location: {lat: 50.5822, lon: 8.6731}
    publish: partners
    dev_eui: 0004a30b00e4c178
    type: decentlab-dl-pm
  - id: luft-nirgends
    site: 24E124126A148401
    dev_eui: 24e124126a148401
    type: decentlab-dl-pm
    from: 2025-01-01
    until: 2026-02-01
  - id: parken-1
    site: Brandplatz
    lot: Brandplatz 64:7f:da:00:00:00:ab:cd
    bay: "1"
    location: {lat: 50.5850, lon: 8.6780}
    publish: open
    dev_eui: 647fda000000abcd
    type: bosch-tps110
"""
_OTHER = """
municipality: {id: wetzlar, ags: "06532023"}
publisher: {name: Stadt Wetzlar, contact: Rathaus, licence: nur für uns}
devices:
  - id: luft-dom
    site: Dom
    location: {lat: 50.5560, lon: 8.5040}
    dev_eui: 10ce45fffe00db02
    type: decentlab-dl-pm
"""
_PERIODS = """
version: 1
periods:
  - {device: luft-marktplatz, from: 2026-03-10 09:30, to: 2026-03-10 11:00, kind: maintenance,
     reason: "Tausch von AC1F09FFFE0B1F2A", by: mm}
  - {site: Dom, from: 2026-10-20 09:30, kind: flag, reason: "Baustelle"}
  - {device: luft-marktplatz, from: 2024-03-10 09:30, to: 2024-03-10 11:00, kind: flag, reason: lange her}
"""


def city(folder: Path) -> tuple[Registry, Settings]:
    """The city's registry and settings, all in this folder."""
    (folder / "devices").mkdir(parents=True)
    (folder / "state").mkdir()
    (folder / "devices" / "giessen.yaml").write_text(_CITY, "utf-8")
    (folder / "devices" / "wetzlar.yaml").write_text(_OTHER, "utf-8")
    (folder / "periods.yaml").write_text(_PERIODS, "utf-8")
    settings = Settings(
        store="embedded",
        brokers=(Broker(name="main", format="chirpstack", host="localhost"),),
        devices=folder / "devices",
        types=folder / "types",
        codecs=folder / "codecs",
        ignored=folder / "ignored.yaml",
        periods=folder / "periods.yaml",
        state=folder / "state",
    )
    asked = record.Asked(
        "luft-marktplatz",
        time_ns("2026-04-01"),
        time_ns("2026-04-03"),
        "mm",
        "falscher Faktor an e24f43fffe44c3d7",
    )
    record.append(settings.state, record.Entry(time_ns("2026-04-05"), "begun", asked))
    record.append(settings.state, record.Entry(time_ns("2026-04-05"), "done", asked, 288, 288))
    early = structs.replace(asked, begin_ns=time_ns("2020-01-01"), end_ns=time_ns("2020-01-02"))
    record.append(settings.state, record.Entry(time_ns("2026-04-05"), "done", early, 1, 1))
    registry = load_registry(settings)
    assert [str(one) for one in registry.complaints] == []
    return registry, settings


def time_ns(text: str) -> int:
    """A UTC time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**9


def asked(registry: Registry, **ask: Any) -> Chosen:
    """What these options choose."""
    return choose(Ask(**{"begin": "2026-03-01", "to": "2026-10-31", **ask}), registry, NOW_NS)


def gathered(chosen: Chosen, file: Path, rows: int = 400) -> Gathered:
    """Made-up values of the chosen devices, of the kind that was asked for."""
    series = tuple(_series(chosen))
    every = chosen.ask.every
    if chosen.ask.figures is not None:
        table = _figures(series)
    elif every in PROFILES:
        table = _profiles(every, series)
    elif every == "raw":
        table = _readings(chosen, series, rows)
    else:
        table = _windows(chosen, series, rows)
    pq.write_table(table, file)
    newest = max(table["time"].to_pylist(), default=None) if "time" in table.schema.names else NOW_NS
    tallies = {
        number: Tally(
            values=3,
            suspect=1,
            failed=2,
            windows=0 if every == "raw" else 4,
            coverage_sum=350.0,
            first_ns=chosen.period.begin_ns,
            last_ns=newest,
            reasons={"silent": 1},
        )
        for number in range(len(series))
    }
    return Gathered(file, table.num_rows, series, tallies, newest)


def _series(chosen: Chosen) -> Iterator[Series]:
    for device in chosen.devices:
        for quantity in ("pm2_5", "pm10") if device.bay is None else ("arrivals",):
            measurement = "air_quality" if device.bay is None else "parking"
            yield Series(device.id, measurement, quantity)
    if "parking" in chosen.quantities:
        yield Series("lot:giessen:Brandplatz 64:7f:da:00:00:00:ab:cd", "parking", "occupied_bays")
    if any(device.id == "luft-marktplatz" for device in chosen.devices):
        yield Series(
            "luft-marktplatz", "air_quality", "no2", (("direction", '=1+1;\n"10ce45fffe00db02", ä\r\n'),)
        )


def _readings(chosen: Chosen, series: tuple[Series, ...], rows: int) -> pa.Table:
    step = chosen.period.length_ns // rows
    found: list[dict[str, Any]] = [
        {
            "time": chosen.period.begin_ns + at * step + (at % 3) * 1_000_000,
            "series": number,
            "value": float(at % 7) if one.quantity in ("arrivals", "occupied_bays") else at * 0.1 + number,
            "flag": 3 if at % 5 == 0 else 1,
            "interval": None,
        }
        for at in range(rows)
        for number, one in enumerate(series)
        if (at + number) % 3
    ]
    for row in found:
        row["value"] = round(row["value"], 1)
    return pa.Table.from_pylist(found, schema=spill.READINGS)


def _windows(chosen: Chosen, series: tuple[Series, ...], rows: int) -> pa.Table:
    cut = windows(step_of(chosen.ask.every), chosen.period, chosen.zone)
    found = []
    for at, window in enumerate(itertools.islice(cut, rows)):
        for number in range(len(series)):
            good = (at + number) % 4 != 0
            found.append(
                {
                    "time": window.begin_ns,
                    "end": window.end_ns,
                    "series": number,
                    "value": round(at * 0.1, 1) if good else None,
                    "partial": None if good else 1.0,
                    "coverage": 90.0 if good else 12.5,
                    "flag": (3 if at % 5 == 0 else 1) if good else None,
                    "reason": None if good else "silent",
                }
            )
    return pa.Table.from_pylist(found, schema=spill.WINDOWS)


def _profiles(every: str, series: tuple[Series, ...]) -> pa.Table:
    slots = {"hour-of-day": range(24), "hour-of-week": range(168), "day-of-week": range(1, 8)}[every]
    found = [
        {
            "slot": slot,
            "series": number,
            "value": None if slot == 3 else slot + 0.5,
            "used": 3,
            "windows": 4,
            "flag": None if slot == 3 else 1,
        }
        for slot in slots
        for number in range(len(series))
    ]
    return pa.Table.from_pylist(found, schema=spill.PROFILES)


def _figures(series: tuple[Series, ...]) -> pa.Table:
    found = [
        {
            "series": number,
            "figure": figure,
            "value": None if number % 3 == 0 else 1.5,
            "days": 3,
            "of_days": 4,
            "coverage": 75.0,
            "flag": 1,
        }
        for number in range(len(series))
        for figure in ("occupancy", "departures")
    ]
    return pa.Table.from_pylist(found, schema=spill.FIGURES)
