"""Device types: every example runs, and a type file that is wrong says where and what is allowed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices import examples
from devices.codecs import lns
from devices.device import Device, Installation
from devices.errors import UplinkRefused
from devices.quantity import CATALOGUE
from devices.reading import TAGS
from devices.type import DeviceType
from devices.type_file import SHIPPED_TYPES, Example, TagName, read
from devices.uplink import Kind, Uplink
from devices.yaml import Lines

CITY_TYPES = Path(__file__).parents[1] / "config" / "types"
FILES = sorted([*SHIPPED_TYPES.glob("*.yaml"), *CITY_TYPES.glob("*.yaml")])


def shipped_examples() -> Iterator[object]:
    for path in FILES:
        compiled, described, _ = read(path)
        for number, example in enumerate(described.examples if described else ()):
            yield pytest.param(compiled, example, id=f"{path.stem}-{number}")


@pytest.mark.parametrize(("kind", "example"), list(shipped_examples()))
def test_an_example_means_what_it_says(kind: DeviceType, example: Example) -> None:
    ran = examples.run(kind, example)
    assert list(ran.mismatches) == [], ran.refused
    for reading in ran.readings:
        _, _, fields = examples.written(reading)
        assert {name: type(value) for name, value in fields.items()} == {
            name: int if name.endswith("_qc") else _type_of(name) for name in fields
        }


def _type_of(field: str) -> type:
    return int if CATALOGUE[field.removesuffix("_failed")].decimals is None else float


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_a_type_can_be_read_and_brings_two_examples_with_sources(path: Path) -> None:
    compiled, described, complaints = read(path)
    assert list(complaints) == []
    assert compiled is not None
    assert described is not None
    assert len(described.examples) >= 2
    assert all(example.source for example in described.examples)


@pytest.mark.parametrize("path", sorted(SHIPPED_TYPES.glob("*.yaml")), ids=lambda path: str(path.stem))
def test_a_shipped_type_says_all_that_a_catalogue_and_a_watch_over_sensors_need(path: Path) -> None:
    _, described, _ = read(path)
    assert described is not None
    assert described.category
    assert (described.datasheet or "").startswith(("http://", "https://"))
    assert described.battery is not None
    assert described.interval or described.heartbeat


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_no_key_of_a_type_stands_twice(path: Path) -> None:
    assert Lines(path.read_text(encoding="utf-8")).doubles() == []


def test_there_are_two_types_each_for_air_parking_and_traffic() -> None:
    measured: dict[str, set[str]] = {}
    for path in FILES:
        compiled, _, _ = read(path)
        for reading in compiled.readings if compiled else ():
            for value in reading.values:
                measured.setdefault(value.quantity.measurement, set()).add(path.stem)
    assert all(len(measured[name]) >= 2 for name in ("air_quality", "parking", "traffic"))


def test_the_tags_of_a_type_file_are_the_tags_of_readings() -> None:
    assert TagName.__args__ == TAGS  # type: ignore[attr-defined]  # what Literal lists


GOOD = """manufacturer: Acme
model: X1
codec: lns
readings:
  - values:
      pm2_5: {from: dust, unit: ug/m3}
examples:
  - source: data sheet
    port: 1
    decoded: {dust: 3.0}
    readings: [{measurement: air_quality, values: {pm2_5: 3.0}}]
"""


def complaints_of(folder: Path, text: str, name: str = "acme-x1.yaml") -> list[str]:
    path = folder / name
    path.write_text(text)
    compiled, _, complaints = read(path)
    assert (compiled is None) == bool(complaints)
    return [str(complaint).removeprefix(f"{folder}/") for complaint in complaints]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "pm2_5: {from: dust",
            "pm25: {from: dust",
            "6: acme-x1: pm25 is no quantity of the catalogue (did you mean pm2_5?)",
        ),
        (
            "unit: ug/m3",
            "unit: ppb",
            "6: acme-x1: pm2_5 is a mass of particles, and ppb is for gases: say one of ug/m3, mg/m3, ng/m3",
        ),
        (", unit: ug/m3", "", "6: acme-x1: pm2_5 needs its unit: say one of ug/m3, mg/m3, ng/m3"),
        (
            "unit: ug/m3",
            "unit: ug/m3, counter: delta",
            "6: acme-x1: pm2_5 is not summed: leave `counter` out, or say gauge",
        ),
        ("pm2_5: {from: dust, unit: ug/m3}", "count: {from: dust}", "6: acme-x1: count needs `counter`"),
        (
            "pm2_5: {from: dust, unit: ug/m3}",
            "arrivals: {from: dust, counter: total}",
            "6: acme-x1: the catalogue has no arrivals_total",
        ),
        (
            "pm2_5: {from: dust, unit: ug/m3}",
            "count: {from: d, counter: delta, width: 16}",
            "6: acme-x1: only a counter: total has a width",
        ),
        (
            "unit: ug/m3",
            "units: ug/m3",
            "6: acme-x1: readings.0.values.pm2_5.units: no such key (did you mean unit?)",
        ),
        ("from: dust", "from: dust..x", "6: acme-x1: “dust..x” is no path"),
        (
            "unit: ug/m3",
            "counter: totl",
            "6: acme-x1: readings.0.values.pm2_5.counter: totl is not allowed (did you mean total?): delta,",
        ),
        (
            "codec: lns",
            "codec: magic",
            "3: acme-x1: magic is no codec: write the name of a file as sensor.js, or",
        ),
        ("model: X1\n", "", "1: acme-x1: model: is missing. What the maker calls it."),
        ("codec: lns", "codec: lns\ninterval: 10 minutes", "4: acme-x1: interval: 10 minutes"),
        ("  - values:", "  - tags: {colour: red}\n    values:", "5: acme-x1: readings.0.tags"),
        (
            "  - values:",
            "  - interval: {from: i, unit: fortnight}\n    values:",
            "5: acme-x1: fortnight is no unit of time",
        ),
        ("codec: lns", "codec: [", "3: acme-x1: [ is not closed: ] is missing"),
        ("codec: lns", "codec: lns\nmodel: X2", "4: acme-x1: model stands twice: keep one"),
        ("port: 1", "port: 300", "9: acme-x1: examples.0.port: 300 is too large: at most 255"),
    ],
)
def test_a_wrong_type_file_says_where_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    text = GOOD.replace(old, new)
    assert text != GOOD
    said = complaints_of(tmp_path, text)
    assert any(one.startswith(f"acme-x1.yaml:{complaint}") for one in said), said


def test_a_good_type_file_has_no_complaints(tmp_path: Path) -> None:
    assert complaints_of(tmp_path, GOOD) == []


def test_the_name_of_a_type_file_is_an_id(tmp_path: Path) -> None:
    assert complaints_of(tmp_path, GOOD, "Acme X1.yaml") == [
        "Acme X1.yaml: Acme X1: name the file with lower-case letters, digits and - only"
    ]


def test_tags_intervals_words_and_widths_are_compiled(tmp_path: Path) -> None:
    path = tmp_path / "acme-x2.yaml"
    path.write_text(
        GOOD.replace(
            "  - values:",
            """  - ports: [2]
    each: history
    time: ts
    time_is: begin
    interval: {from: minutes, unit: min}
    tags: {vehicle_class: bicycle, direction: {from: way, allowed: {A: in, B: out}}}
    values:
      count: {from: n, counter: total, width: 16}
  - values:
      occupied: {from: state, words: {Besetzt: 1, frei: 0, true: 1}, missing: [kaputt]}
      air_temperature: {from: t, unit: °F}
  - interval: 15min
    values:""",
        )
    )
    compiled, _, complaints = read(path)
    assert list(complaints) == []
    assert compiled is not None
    first, second, third = compiled.readings
    assert first.ports == frozenset({2})
    assert first.each is not None
    assert first.each({"history": [1]}) == [1]
    assert first.time_is == "begin"
    assert first.interval is not None
    assert first.interval({"minutes": 15}) == first.interval({"minutes": "15,0"}) == 900
    assert first.interval({"minutes": {"value": 5}}) == 300
    assert first.interval({"minutes": 10**400}) == 10**400  # `seconds` refuses it, as it does any too long
    assert [(tag.name, tag.value, dict(tag.allowed)) for tag in first.tags] == [
        ("vehicle_class", "bicycle", {}),
        ("direction", None, {"A": "in", "B": "out"}),
    ]
    assert (first.values[0].counter, first.values[0].width) == ("total", 16)
    occupied, temperature = second.values
    assert occupied.words == {"besetzt": 1, "frei": 0, "true": 1}
    assert occupied.missing == frozenset({"kaputt"})
    assert temperature.factor * 212 + temperature.offset == pytest.approx(100)
    assert third.interval_s == 900


def test_without_a_decoded_object_the_network_server_is_named() -> None:
    compiled, _, _ = read(SHIPPED_TYPES / "decentlab-dl-pm.yaml")
    assert compiled is not None
    bare = Uplink(kind=Kind.DATA, address="sender", time_ns=examples.NOON_NS, dedup_key="x", payload=b"\x01")
    with pytest.raises(UplinkRefused) as refused:
        lns.decode(bare, Installation(Device("place", "Site", "giessen"), bare.address, compiled))
    assert refused.value.reason == "no_decoded_object"
    assert "payload codec" in refused.value.hint
