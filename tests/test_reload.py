"""Reloads: only what changed is read, and what comes of it is what a full look at all files would give."""

import gc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices import entries, registry, type_file
from devices.device import Device
from devices.registry import Registry, let_go, load, replaced_devices

HEAD = "municipality: {id: giessen}\ndevices:\n"
TYPE = """manufacturer: Acme
model: Dust
codec: lns
interval: 10min
readings: [{values: {pm10: {from: pm10, unit: ug/m3}}}]
examples: [{source: x, decoded: {pm10: 1}, readings: [{measurement: air_quality, values: {pm10: 1}}]}]
"""
FILES = ("a.yaml", "b.yaml", "c.yaml")


class City:
    def __init__(self, folder: Path) -> None:
        self.devices, self.types = folder / "devices", folder / "types"
        self.devices.mkdir()
        self.types.mkdir()
        self.write_type("acme", TYPE)
        for name in FILES:
            self.write(name, [])

    def write(self, name: str, listed: Sequence[str], below: str = "") -> None:
        (self.devices / name).write_text(HEAD + "".join(listed) + below, encoding="utf-8")

    def write_type(self, name: str, text: str) -> None:
        (self.types / f"{name}.yaml").write_text(text)

    def load(self, previous: Registry | None = None) -> Registry:
        return load(self.devices, (self.types,), previous=previous)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def entry(number: int, eui: int, kind: str = "acme", more: str = "") -> str:
    named = f"  - id: ort-{number}\n    site: Ort {number}\n    dev_eui: 70b3d57e{eui:08x}\n"
    return f"{named}    type: {kind}\n{more}"


class Reading:
    """Which files are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.devices: list[str] = []
        self.types: list[str] = []
        read_entries, read_type = entries.read_entries, type_file.read

        def device_file(source: bytes, file: str, *rest: Any) -> Any:
            self.devices.append(Path(file).name)
            return read_entries(source, file, *rest)

        def kind(path: Path, *rest: Any) -> Any:
            self.types.append(path.stem)
            return read_type(path, *rest)

        monkeypatch.setattr(registry, "read_entries", device_file)
        monkeypatch.setattr(type_file, "read", kind)

    def taken(self) -> tuple[list[str], list[str]]:
        """Device files and types that were read since it was asked last."""
        found = self.devices, self.types
        self.devices, self.types = [], []
        return found


def test_only_files_that_changed_are_read_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading(monkeypatch)
    for number, name in enumerate(FILES):
        city.write(name, [entry(number, number)])
    first = city.load()
    assert reading.taken() == (["a.yaml", "b.yaml", "c.yaml"], ["acme"])
    second = city.load(first)
    assert reading.taken() == ([], [])
    city.write("b.yaml", [entry(1, 1), entry(4, 4)])
    third = city.load(second)
    assert reading.taken() == (["b.yaml"], [])
    assert third.devices["ort-1"] is first.devices["ort-1"]
    assert set(third.devices) == {"ort-0", "ort-1", "ort-2", "ort-4"}


def test_a_file_that_is_only_touched_is_not_read_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    before = city.load()
    reading = Reading(monkeypatch)
    city.write("a.yaml", [])
    city.load(before)
    assert reading.taken() == ([], [])


def test_a_file_that_cannot_be_used_is_not_read_again_either(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.write("a.yaml", ["["])
    before = city.load()
    reading = Reading(monkeypatch)
    assert city.load(before).complaints == before.complaints
    assert reading.taken() == ([], [])


def test_a_changed_type_has_the_files_read_that_use_it_or_have_faults(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.write_type("other", TYPE)
    city.write("a.yaml", [entry(0, 0)])
    city.write("b.yaml", [entry(1, 1, "other")])
    city.write("c.yaml", [entry(2, 2, "othr")])
    before = city.load()
    reading = Reading(monkeypatch)
    city.write_type("other", TYPE.replace("10min", "5min"))
    after = city.load(before)
    assert reading.taken() == (["b.yaml", "c.yaml"], ["other"])
    assert after.devices["ort-0"] is before.devices["ort-0"]
    assert registry.changed_addresses(before, after) == {"70b3d57e00000001"}


ENTRIES = st.lists(
    st.one_of(
        st.builds(
            entry,
            st.integers(0, 5),
            st.integers(0, 5),
            st.sampled_from(["acme", "acme", "other", "nothing"]),
            st.sampled_from(["", "", "    from: 2026-03-01\n", "    until: 2026-03-01\n", "    typ: x\n"]),
        ),
        st.just("  - id: [\n"),
    ),
    max_size=4,
    unique=True,
)
CHANGES = st.one_of(
    st.tuples(st.sampled_from(FILES), ENTRIES),
    st.tuples(st.just("other"), st.sampled_from([TYPE, TYPE.replace("10min", "5min"), "nonsense", ""])),
    st.tuples(st.just("remove"), st.sampled_from(FILES)),
)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CHANGES, max_size=3), max_size=5))
def test_reading_what_changed_gives_what_reading_everything_gives(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, Any]]]
) -> None:
    city = City(tmp_path_factory.mktemp("city"))
    current = city.load()
    for changes in rounds:
        for what, to in changes:
            apply(city, what, to)
        after = city.load(current)
        # The types of `after`, for a type that is compiled twice equals itself only.
        everything = city.load(replace(current, files={}, sources=after.sources))
        assert told(after) == told(everything)
        gone = replaced_devices(current, after)
        before, current = told(after), after
        let_go(gone)
        assert told(current) == before


def apply(city: City, what: str, to: Any) -> None:
    if what == "remove":
        (city.devices / to).unlink(missing_ok=True)
    elif what == "other":
        (city.types / "other.yaml").unlink(missing_ok=True)
        if to:
            city.write_type("other", to)
    else:
        city.write(what, to)


def told(found: Registry) -> Any:
    """All that can be seen of a registry."""
    return (
        {name: (one, one.file, one.line, one.installations) for name, one in found.devices.items()},
        found.complaints,
        found.by_address,
        found.refused,
        dict(found.types),
    )


def test_what_a_reload_replaces_is_freed_without_a_search_for_cycles(city: City) -> None:
    city.write("a.yaml", [entry(number, number) for number in range(50)])
    gc.collect()
    gc.disable()
    try:
        alive = len(devices())
        old = city.load()
        city.write("a.yaml", [entry(number, number, more="    bay: 1\n") for number in range(50)])
        new = city.load(old)
        assert len(devices()) == alive + 100
        gone = replaced_devices(old, new)
        del old
        let_go(gone)
        assert len(devices()) == alive + 50
    finally:
        gc.enable()


def devices() -> list[Device]:
    return [one for one in gc.get_objects() if isinstance(one, Device)]
