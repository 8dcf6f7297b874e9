"""Whatever stands at any place of a technician's file: a line, our own words, both languages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml12

from devices import periods, registry, type_file
from devices.complaint import Complaint
from devices.language import Sentence, in_language
from devices.yaml_write import flow

DEVICES = """
municipality: {id: giessen, ags: "06531005"}
publisher: {name: Stadt, contact: a@example.org, licence: dl-de/by-2-0}
timezone: Europe/Berlin
devices:
  - id: luft-markt
    site: Markt
    district: Mitte
    location: {lat: 50.58, lon: 8.67, height: 3.5}
    interval: 10min
    publish: open
    labels: {inventar: x}
    from: 2025-10-01 10:00
    until: 2026-01-01 10:00
    dev_eui: 70b3d57ba0000a1c
    type: decentlab-dl-pm
    calibration: {pm2_5: {factor: 0.92, offset: 0.4}}
    variables: {a: b}
    qc: {pm2_5: {spike: 80, flat: 6h, plausible: [0, 500]}}
  - id: verkehr-ring
    site: Ring
    lane: A
    direction: {ltr: ein, rtl: aus}
    installations: [{from: 2025-11-03 09:30, dev_eui: 0004a30b00f1c702, type: parametric-pcr2}]
  - {id: parken-1, site: P, lot: L, bay: A1, address: name1, type: bosch-tps110}
"""
TYPE = """
manufacturer: Acme
model: X1
category: air
datasheet: https://example.org/x1.pdf
version: 1
codec: lns
interval: 10min
heartbeat: 24h
battery: {reports: battery, low: 20}
ignore_ports: [5]
ignore_fields: [firmware]
restart_ports: [6]
readings:
  - ports: [1, 2]
    time: at
    time_is: end
    interval: 15min
    values:
      pm2_5: {from: pm.value, unit: µg/m³, optical: true, missing: [none], qc: {spike: 50, flat: 6h}}
  - for: {line: [1, 2]}
    tags: {direction: in, lane: "{line}"}
    values: {count: {from: "line_{line}", counter: total, width: 32}}
  - each: history
    every: {from: period, unit: min}
    newest: last
    tags: {vehicle_class: {from: id, allowed: {a: b}}}
    values: {occupied: {from: "@", words: {occupied: 1}}}
examples:
  - source: x
    own: true
    description: y
    port: 1
    payload: "01ff"
    decoded: {pm: {value: 3}}
    variables: {a: b}
    time: 2026-01-01T00:00:00Z
    readings: [{measurement: air_quality, tags: {a: b}, values: {pm2_5: 3}}]
"""
PERIODS = """
version: 1
periods:
  - {device: luft-markt, from: 2026-03-10 09:30, to: 2026-03-11, kind: flag, reason: x, by: y, since: z}
  - {site: [Markt], from: 2026-03-10, kind: maintenance, reason: b}
"""
WRONG: Sequence[Any] = ("xyz", "", "a\tb", 10**30, True, None, [None], {}, {"xyz": {"a": None}}, {True: 1})
#: Words of pydantic, the YAML reader, jmespath and Python.
FOREIGN = re.compile(
    r"Input should|valid (string|dict|list|tuple|integer|number|bool)|pydantic|expected|Extra inputs"
    r"|Field required|not permitted|mapping values|while (scanning|parsing)|Traceback|\w(Error|Exception)\b"
    r"|object at 0x|unhashable|NoneType|Yaml\(|\b(None|True|False)\b"
)


def places(said: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place below the top."""
    if at:
        yield at
    if isinstance(said, dict):
        for key, one in said.items():
            yield from places(one, (*at, key))
    elif isinstance(said, list):
        for number, one in enumerate(said):
            yield from places(one, (*at, number))


def put(said: Any, at: Sequence[str | int], value: Any) -> Any:
    """The same with another value at a place."""
    if not at:
        return value
    if isinstance(said, dict):
        return {key: put(one, at[1:], value) if key == at[0] else one for key, one in said.items()}
    return [put(one, at[1:], value) if number == at[0] else one for number, one in enumerate(said)]


def variants(text: str) -> Iterator[str]:
    """The file with something else at one place, or with one more key there."""
    said = yaml12.parse_yaml(text)
    for at in places(said):
        for wrong in WRONG:
            yield flow(put(said, at, wrong))


def judge(found: Sequence[Complaint], text: str) -> None:
    for one in found:
        assert one.line > 0, text
        assert isinstance(one.message, Sentence), text
        english, german = in_language(one.message, "en"), in_language(one.message, "de")
        assert english != german, text
        assert FOREIGN.search(english) is None, english
        assert FOREIGN.search(german) is None, german


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> registry.Registry:
    """What the device file says as it is."""
    folder = tmp_path_factory.mktemp("devices")
    (folder / "giessen.yaml").write_text(DEVICES)
    found = registry.load(folder, (registry.SHIPPED_TYPES,))
    assert found.complaints == ()
    return found


def test_whatever_stands_in_a_device_file_is_said_in_our_words(
    tmp_path: Path, good: registry.Registry
) -> None:
    for text in variants(DEVICES):
        (tmp_path / "giessen.yaml").write_text(text)
        found = registry.load(tmp_path, (registry.SHIPPED_TYPES,), previous=good)
        judge(found.complaints, text)


def test_whatever_stands_in_a_type_file_is_said_in_our_words(tmp_path: Path) -> None:
    path = tmp_path / "acme-x1.yaml"
    path.write_text(TYPE)
    assert type_file.read(path)[2] == ()
    for text in variants(TYPE):
        path.write_text(text)
        judge(type_file.read(path)[2], text)


def test_whatever_stands_in_the_file_of_periods_is_said_in_our_words(
    tmp_path: Path, good: registry.Registry
) -> None:
    path = tmp_path / "periods.yaml"
    path.write_text(PERIODS)
    assert periods.load(path, good.devices).complaints == ()
    for text in variants(PERIODS):
        path.write_text(text)
        judge(periods.load(path, good.devices, {"luft-markt": ()}).complaints, text)


@pytest.mark.parametrize(
    ("wrong", "line", "german"),
    [
        (
            "battery: {reports: batery, low: 20}",
            10,
            "battery.reports: batery ist nicht erlaubt (ist battery gemeint?): battery, battery_voltage",
        ),
        (
            "battery: {reports: battery, low: '2,2'}",
            10,
            "battery.low: 2,2 ist keine Zahl: mit Punkt schreiben, 2.2",
        ),
        ("battery: []", 10, "battery: [] ist nicht erlaubt: none, silent"),
    ],
)
def test_where_a_word_or_keys_may_stand_the_complaint_is_about_what_stands_there(
    tmp_path: Path, wrong: str, line: int, german: str
) -> None:
    path = tmp_path / "acme-x1.yaml"
    path.write_text(TYPE.replace("battery: {reports: battery, low: 20}", wrong))
    said: Mapping[int, str] = {one.line: in_language(one.message, "de") for one in type_file.read(path)[2]}
    assert said == {line: german}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("version: 1", "version: true"),
        ("ignore_ports: [5]", "ignore_ports: [true]"),
        ("low: 20", "low: true"),
        ("port: 1", "port: false"),
        ("values: {pm2_5: 3}", "values: {pm2_5: true}"),
    ],
)
def test_a_truth_is_no_number_in_a_type_either(tmp_path: Path, right: str, wrong: str) -> None:
    path = tmp_path / "acme-x1.yaml"
    path.write_text(TYPE.replace(right, wrong, 1))
    found = type_file.read(path)[2]
    assert [one.message.rpartition(": ")[2] for one in found] == [
        f"{wrong.strip('}]').split()[-1].strip('[')} is no number"
    ]


@pytest.mark.parametrize("said", ["{}", "''", "false", "0"])
def test_periods_that_are_no_list_are_a_complaint(tmp_path: Path, said: str) -> None:
    path = tmp_path / "periods.yaml"
    path.write_text(f"version: 1\nperiods: {said}\n")
    assert [one.line for one in periods.load(path, {}).complaints] == [2]
