"""What editors are told of the files: every key explained, mistakes marked, nothing good marked as wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml12

from devices.device_file import DeviceFile
from devices.ignored import IgnoredFile
from devices.periods import PeriodsFile
from devices.registry import SHIPPED_TYPES, load
from devices.type_file import TypeFile
from ingest.settings import Settings
from tests.json_schema import marks

CONFIG = Path(__file__).parents[1] / "config"
SAMPLE = CONFIG / "sample"
HEAD = "municipality: {id: giessen}\ndevices:\n"
MARKT = """  - id: luft-markt
    site: Marktplatz
    dev_eui: 70b3d57ba0000a1c
    type: acme
"""
TYPE = """manufacturer: Acme
model: X1
codec: lns
readings:
  - values:
      pm2_5: {from: pm2_5, unit: ug/m3}
      count: {from: count, counter: delta}
    tags: {lane: "1", direction: {from: d, allowed: {in: ltr, out: rtl}}}
    ports: [1, 2]
    interval: {from: seconds, unit: s}
examples:
  - source: x
    payload: 0102
    decoded: {pm2_5: 1}
    readings: [{measurement: air_quality, values: {pm2_5: 1}}]
"""


def marked(schema: Path, text: str) -> list[str]:
    """What an editor would mark, by its path."""
    described = json.loads(schema.read_text(encoding="utf-8"))
    return sorted(set(marks(yaml12.parse_yaml(text), described, described)))


def marked_in_devices(text: str) -> list[str]:
    return marked(CONFIG / "devices.schema.json", text)


@pytest.mark.parametrize("model", [DeviceFile, TypeFile, PeriodsFile, IgnoredFile, Settings])
def test_every_key_is_explained(model: Any) -> None:
    described = model.model_json_schema()
    for section in [described, *described["$defs"].values()]:
        assert section["description"]
        for key, field in section["properties"].items():
            assert field.get("description") or "$ref" in field, key


def test_the_sample_names_its_schema() -> None:
    sample = SAMPLE / "devices" / "giessen.yaml"
    first = sample.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../devices.schema.json"
    assert (CONFIG / "devices.schema.json").is_file()


def test_nothing_of_the_samples_is_marked() -> None:
    assert marked_in_devices((SAMPLE / "devices" / "giessen.yaml").read_text(encoding="utf-8")) == []
    assert marked(CONFIG / "messnetz.schema.json", (SAMPLE / "messnetz.yaml").read_text()) == []


@pytest.mark.parametrize("path", sorted(SHIPPED_TYPES.glob("*.yaml")), ids=lambda path: path.stem)
def test_nothing_of_the_shipped_types_is_marked(path: Path) -> None:
    assert marked(CONFIG / "types.schema.json", path.read_text(encoding="utf-8")) == []


GOOD = [
    "dev_eui: 24e1241234567890",
    "dev_eui: 0012345678901234",
    "dev_eui: 1234567890123456",
    "dev_eui: 70-B3-D5-7B-A0-00-0A-1C",
    "dev_eui: 00:12:34:56:78:90:12:34",
    "id: 12",
    "site: 1900",
    "district:",
    "location: {lat: 50.58, lon: 8}",
    "location:",
    "labels: {a: 007, b: true, c: x}",
    "variables: {gap: 1.10}",
    "bay: 007",
    "publish: partners",
    "interval: 10 min",
    "from: 2025-11-03 09:30",
    "until: 2025-11-03",
    "from: 2025-11-03T09:30:00+01:00",
    "calibration: {pm2_5: {factor: 2}, pm10: {offset: -1}}",
]


@pytest.mark.parametrize("line", GOOD)
def test_nothing_that_we_take_is_marked(tmp_path: Path, line: str) -> None:
    key = line.partition(":")[0]
    kept = "".join(f"{one}\n" for one in MARKT.splitlines() if f" {key}:" not in one)
    text = HEAD + (f"  - {line}\n{kept.replace('  - ', '    ')}" if key == "id" else f"{kept}    {line}\n")
    for name in ("devices", "types"):
        (tmp_path / name).mkdir()
    (tmp_path / "devices" / "a.yaml").write_text(text)
    (tmp_path / "types" / "acme.yaml").write_text(
        TYPE.replace(
            "pm2_5: {from: pm2_5, unit: ug/m3}",
            "pm2_5: {from: a, unit: ug/m3}\n      pm10: {from: b, unit: ug/m3}",
        )
    )
    assert load(tmp_path / "devices", (tmp_path / "types",)).complaints == ()
    assert marked_in_devices(text) == []


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("typ: x", ".typ"),
        ("site: [Markt]", ".site"),
        ('site: ""', ".site"),
        ("id: Luft_Markt", ".id"),
        ("dev_eui: 7,0B3D5E+15", ".dev_eui"),
        ("dev_eui: 70b3d57ba0000a1", ".dev_eui"),
        ("dev_eui: 70b3d57ba0000a1cc", ".dev_eui"),
        ("dev_eui: 70b3d57ba0000a1O", ".dev_eui"),
        ("address: x", ""),
        ("location: {lat: '50,58', lon: 8.6}", ".location.lat"),
        ("location: {lat: 50,58, lon: 8.6}", ".location.58"),
        ("location: {lat: 50.58}", ".location"),
        ("location: {lat: 505841, lon: 8.6}", ".location.lat"),
        ("location: [50.58, 8.6]", ".location"),
        ("location: {lat: 50.58, lon: 8.6, hoehe: 3}", ".location.hoehe"),
        ("calibration: {pm2_5: {factor: '0,92'}}", ".calibration.pm2_5.factor"),
        ("calibration: {pm2_5: {factor: 0}}", ".calibration.pm2_5.factor"),
        ("calibration: 0.92", ".calibration"),
        ("publish: yes", ".publish"),
        ("interval: 10", ".interval"),
        ("interval: 10 Minuten", ".interval"),
        ("from: 10.3.2026 14:00", ".from"),
        ("labels: x", ".labels"),
        ("labels: {a: [1]}", ".labels.a"),
        ("installations: []", ".installations"),
        ("installations: [{dev_eui: 70b3d57ba0000a1c, type: acme}]", ".dev_eui"),
        ("installations: [{type: acme}]", ".installations.0"),
    ],
)
def test_a_mistake_is_marked_as_far_as_a_schema_can_say_it(line: str, path: str) -> None:
    key = line.partition(":")[0]
    kept = (
        [one for one in MARKT.splitlines() if f" {key}:" not in one]
        if key != "id"
        else MARKT.splitlines()[1:]
    )
    entry = "\n".join([f"    {line}", *kept]).replace("  - id", "    id")
    text = f"{HEAD}  - {entry.lstrip()}\n"
    assert f".devices.0{path}" in marked_in_devices(text)


@pytest.mark.parametrize("left", ["id", "site", "dev_eui", "type"])
def test_a_missing_key_is_marked(left: str) -> None:
    kept = [one for one in MARKT.replace("  - ", "    ").splitlines() if f" {left}:" not in one]
    assert marked_in_devices(HEAD + "  - " + "\n".join(kept).lstrip()) == [".devices.0"]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("model: X1\n", "", ""),
        ("codec: lns", "codek: lns", ".codek"),
        ("counter: delta", "counter: sum", ".readings.0.values.count.counter"),
        ("ports: [1, 2]", "ports: [300]", ".readings.0.ports.0"),
        ("ports: [1, 2]", "ports: []", ".readings.0.ports"),
        ("payload: 0102", "payload: 01 02 xx", ".examples.0.payload"),
        ("model: X1", "model: X1\ninterval: 10", ".interval"),
        ("model: X1", "model: X1\ncategory: luft", ".category"),
        ("model: X1", "model: X1\nbattery: {reports: battery}", ".battery"),
        ("lane:", "spur:", ".readings.0.tags"),
    ],
)
def test_a_mistake_in_a_type_is_marked(old: str, new: str, path: str) -> None:
    assert marked(CONFIG / "types.schema.json", TYPE) == []
    assert old in TYPE
    assert path in marked(CONFIG / "types.schema.json", TYPE.replace(old, new))
