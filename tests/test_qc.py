"""What type and device files say of tests, of past values and of lines that are alike."""

from pathlib import Path

import pytest

from devices import registry
from devices.language import in_language
from devices.limits import Limits
from devices.quantity import CATALOGUE
from devices.registry import SHIPPED_TYPES, Registry
from devices.type import DeviceType
from devices.type_file import read
from tests.street import MINUTE, NOON, fields, installation
from tests.street import read as read_uplink

TYPE = """\
manufacturer: Acme
model: X1
codec: lns
readings:
{readings}
examples:
  - {{source: data sheet, decoded: {{}}, readings: []}}
"""
PARTICLES = "  - values:\n      pm2_5: {{from: dust, unit: ug/m3{more}}}"


def type_of(folder: Path, readings: str) -> tuple[DeviceType | None, list[str]]:
    path = folder / "acme-x1.yaml"
    path.write_text(TYPE.format(readings=readings))
    compiled, _, complaints = read(path)
    return compiled, [str(one).removeprefix(f"{folder}/acme-x1.yaml:") for one in complaints]


def limits_of(folder: Path, said: str) -> Limits | None:
    compiled, complaints = type_of(folder, PARTICLES.format(more=f", qc: {{{said}}}"))
    assert complaints == []
    assert compiled is not None
    return compiled.readings[0].values[0].limits


def test_a_type_changes_the_thresholds_that_it_names(tmp_path: Path) -> None:
    usual = CATALOGUE["pm2_5"].limits
    found = limits_of(
        tmp_path, "plausible: [0, 500], usual: [null, 99.5], spike: 80, rate: [5, 50], flat: 6h"
    )
    assert found == Limits((0, 500), (None, 99.5), (80, None), (5, 50), (6 * 3600, None))
    assert limits_of(tmp_path, "flat: [12h, 3d], gap: 2h") == Limits(
        usual.plausible, usual.usual, usual.spike, usual.rate, (43_200, 259_200), 7200
    )
    off = limits_of(tmp_path, "spike: none, rate: none, flat: none")
    assert off is not None
    assert not off.looks_back


def test_a_value_that_says_nothing_has_the_catalogues(tmp_path: Path) -> None:
    compiled, _ = type_of(tmp_path, PARTICLES.format(more=""))
    assert compiled is not None
    assert compiled.readings[0].values[0].limits is None
    assert not compiled.readings[0].values[0].optical


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("spike: -1", "write a number above 0 from which a value is suspect"),
        ("spike: [80, 20]", "80 is not below 20: write the lowest number first"),
        ("spike: much", "write a number above 0"),
        ("spike: [1, 2, 3]", "write a number above 0"),
        ("rate: true", "write a number above 0"),
        ("flat: 6", "write how long a value may stay the same"),
        ("flat: [3d, 12h]", "3d is not below 12h"),
        ("flat: 6 hours", "write how long a value may stay the same"),
        ("gap: soon", "write a duration with s, min, h or d"),
        ("usual: [5, 1]", "5 is not below 1"),
        ("usual: 5", "write the lowest and the highest number"),
        ("plausible: [null, null]", "write the lowest and the highest number"),
        ("spikes: 5", "no such key (did you mean spike?)"),
    ],
)
def test_a_threshold_that_is_none_says_how_to_write_one(tmp_path: Path, said: str, complaint: str) -> None:
    compiled, complaints = type_of(tmp_path, PARTICLES.format(more=f", qc: {{{said}}}"))
    assert compiled is None
    (one,) = complaints
    assert one.startswith("6: acme-x1: ")
    assert complaint in one


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("count: {from: n, counter: delta, qc: {flat: 6h}}", "count is not compared with values before it"),
        ("occupied: {from: n, qc: {spike: 1, gap: 1h}}", "leave out spike, gap"),
        (
            "precipitation: {from: n, unit: mm, counter: total, qc: {rate: 1}}",
            "precipitation is not compared with values before it: leave out rate",
        ),
        ("wind_direction: {from: n, unit: deg, qc: {spike: 9}}", "wind_direction goes round in a circle"),
    ],
)
def test_what_cannot_be_compared_has_no_thresholds_for_it(tmp_path: Path, value: str, complaint: str) -> None:
    compiled, complaints = type_of(tmp_path, f"  - values:\n      {value}")
    assert compiled is None
    assert complaint in complaints[0]


def test_counts_may_have_spans_of_their_own(tmp_path: Path) -> None:
    compiled, complaints = type_of(
        tmp_path, "  - values: {count: {from: n, counter: delta, qc: {usual: [null, 3000]}}}"
    )
    assert complaints == []
    assert compiled is not None
    assert compiled.readings[0].values[0].limits == Limits((0, 2**53), (None, 3000))


# Entries that are said once for several lines


LINES = """\
  - for: {line: [1, 2], way: [in, out]}
    tags: {direction: "{way}", lane: "{line}"}
    values: {count: {from: "line_{line}.total_{way}", counter: total, width: 32}}"""


def test_an_entry_is_said_once_for_every_line(tmp_path: Path) -> None:
    compiled, complaints = type_of(tmp_path, LINES)
    assert complaints == []
    assert compiled is not None
    assert [(one.values[0].path, {tag.name: tag.value for tag in one.tags}) for one in compiled.readings] == [
        (f"line_{line}.total_{way}", {"direction": way, "lane": line})
        for line in ("1", "2")
        for way in ("in", "out")
    ]
    assert compiled.readings[3].values[0].get({"line_2": {"total_out": 7}}) == 7


def test_a_name_that_stands_nowhere_is_a_complaint(tmp_path: Path) -> None:
    _, complaints = type_of(tmp_path, LINES.replace("{line: [1, 2]", "{line: [1, 2], bay: [1]"))
    assert complaints == ["5: acme-x1: bay stands nowhere in this entry: write {bay} into its paths and tags"]


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (
            "  - every: 10min\n    values: {pm10: {from: '@', unit: ug/m3}}",
            "every is for a list without times",
        ),
        (
            "  - each: list\n    time: ts\n    every: 10min\n    values: {pm10: {from: v, unit: ug/m3}}",
            "every is for a list without times",
        ),
        (
            "  - tags: {lane: {from: lane}}\n    values: {count: {from: n, counter: delta}}",
            "lane needs `allowed`",
        ),
        ("  - values: {pm10: {from: 'list[', unit: ug/m3}}", "list[ is not finished"),
        ("  - each: 'size(list)'\n    values: {pm10: {from: v, unit: ug/m3}}", "no function size"),
    ],
)
def test_what_does_not_go_together_is_said(tmp_path: Path, entry: str, complaint: str) -> None:
    compiled, complaints = type_of(tmp_path, entry)
    assert compiled is None
    assert complaint in complaints[0]


def test_a_mistake_in_a_path_is_said_in_german_too(tmp_path: Path) -> None:
    path = tmp_path / "acme-x1.yaml"
    path.write_text(TYPE.format(readings="  - values: {pm10: {from: 'list[', unit: ug/m3}}"))
    (complaint,) = read(path)[2]
    assert in_language(complaint.message, "de") == (
        "list[ ist nicht zu Ende geschrieben: so ist es kein JMESPath"
    )


def test_the_shapes_that_the_readme_shows_are_read(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "config" / "README.md").read_text(encoding="utf-8")
    shapes = readme.split("come in other shapes too:\n\n```yaml\nreadings:\n")[1].split("```")[0]
    compiled, complaints = type_of(tmp_path, shapes)
    assert complaints == []
    assert compiled is not None
    place = installation(*compiled.readings, bays={"7": "A17"})
    said = {
        "messages": [{"type": "humidity", "value": 60}, {"type": "temperature", "value": 8.5}],
        "bytes": {"pm10": {"values": [12.0, 11.0]}},
        "line_2_total_in": 5,
        "bays": [{"id": 7, "full": True}],
    }
    rows = [
        (one.measurement, one.time_ns - NOON, one.tags, fields(one))
        for one in read_uplink(place, said).readings
    ]
    assert rows == [
        ("weather", 0, (), {"air_temperature": 8.5}),
        ("air_quality", -10 * MINUTE, (), {"pm10": 11.0}),
        ("air_quality", 0, (), {"pm10": 12.0}),
        ("traffic", 0, (("direction", "in"), ("lane", "2")), {"count_total": 5}),
        ("parking", 0, (("bay", "A17"),), {"occupied": 1}),
    ]


# Devices


DEVICES = """\
municipality: {{id: giessen}}
devices:
  - id: luft-markt
    site: Marktplatz
    dev_eui: 70b3d57ba0000a1c
    type: decentlab-dl-pm
{more}
"""


def registry_of(folder: Path, more: str) -> tuple[Registry, list[str]]:
    (folder / "devices").mkdir()
    (folder / "devices" / "a.yaml").write_text(DEVICES.format(more=f"    {more}"))
    loaded = registry.load(folder / "devices", [SHIPPED_TYPES])
    return loaded, [str(one).removeprefix(f"{folder}/devices/") for one in loaded.complaints]


def test_a_device_changes_thresholds_at_its_place(tmp_path: Path) -> None:
    loaded, complaints = registry_of(
        tmp_path, "qc: {pm2_5: {spike: 80, flat: 6h}, battery_voltage: {gap: 2h}}"
    )
    assert complaints == []
    changes = loaded.devices["luft-markt"].qc
    assert (changes["pm2_5"].spike, changes["pm2_5"].flat_s) == ((80, None), (21_600, None))
    assert changes["battery_voltage"].gap_s == 7200


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ("qc: {pm25: {spike: 80}}", "a.yaml:7: luft-markt: pm25 is not measured here (did you mean pm2_5?)"),
        ("qc: {pm2_5: {spike: 0}}", "a.yaml:7: luft-markt: "),
        ("bays: {1: A17}", "a.yaml:7: luft-markt: bays is for sensors of several bays"),
    ],
)
def test_what_a_device_cannot_change_is_a_complaint(tmp_path: Path, more: str, complaint: str) -> None:
    _, complaints = registry_of(tmp_path, more)
    assert complaints[0].startswith(complaint)
