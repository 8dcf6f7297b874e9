"""Device files read quickly give what they give read slowly: the same devices, complaints and lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from devices import entries, yaml
from devices.device_file import DeviceEntry, InstallationEntry, Types
from devices.explain import fields_of
from devices.plain_entry import PlainDevice, PlainHardware, plain
from devices.registry import SHIPPED_TYPES, load

CONFIG = Path(__file__).parents[1] / "config" / "sample"
TYPES = Types(load(CONFIG / "devices", (SHIPPED_TYPES,)).types, {})
HEAD = "municipality: {id: giessen}\n"


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "SLICE", 150)


def read(text: str) -> Any:
    """Everything that a reader of the file could tell from what was read."""
    try:
        found = entries.read_entries(text.encode(), "x.yaml", TYPES, {}, lambda: None)
    except yaml.Unreadable as error:
        return str(error), error.line
    assert all(one.complaints for one in found.bad)
    devices = [(device, device.file, device.line, device.installations) for device in found.good]
    return devices, found.bad


def read_slowly(text: str) -> Any:
    """The same with every entry looked at closely, in a file parsed as a whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entries, "plain", lambda _said, _text: None)
        patch.setattr(yaml, "cut", lambda _text, _key: None)
        return read(text)


def check_same(text: str) -> None:
    """Hold both ways of reading against each other."""
    quickly, slowly = read(text), read_slowly(text)
    if slowly[1] == 1:  # of some files ruamel.yaml knows no lines, but of their parts
        quickly = (quickly[0], 1)
    assert quickly == slowly


#: One a line.
VALUES = """
~
null
true
No
007
1.10
1e3
.inf
.nan
0x1F
1_000
-0
50.58
8.67
8,67
47
'0012'
"a b"
a b
ä/ö
a: b
a #b
*a
&a b
!a b
|
2025-11-03 09:30
2026-03-29 02:30
2026
10min
10 min
decentlab-dl-pm
parametric-pcr2
none
open
70b3d57ba0000a1c
70-B3-D5-7B-A0-00-0A-1C
24e1241234567890
0012345678901234
1234567890123456
[]
{}
[a, b]
{a: 1}
{[a]: b}
'
"a
{a: 1
[
{a: 007, b: 1.10}
{pm2_5: {factor: 0.92}}
{pm10: {factor: 0}}
{ltr: in}
{lat: 50.5, lon: 8.6, height: 3.5}
{lat: 50, lon: 8}
{lat: 8.6, lon: 50.5}
"""
SCALARS = st.one_of(
    st.sampled_from([*VALUES.split("\n"), " padded ", "\t", '"a\n  - id: b"']),
    st.text(
        st.characters(exclude_categories=("Cc", "Cs")), max_size=6
    ),  # ruamel.yaml refuses control characters
)
KEYS = st.sampled_from([*fields_of(DeviceEntry), "typ", '"id"', "?", "- x", "#", "devices", "---"])
GOOD = {
    "id": st.integers(0, 30).map("ort-{}".format),
    "site": st.sampled_from(["Markt", "Am Platz, Ecke A=B", "1900", "ä"]),
    "dev_eui": st.sampled_from(
        ["70b3d57ba0000a1c", "24e1241234567890", "0012345678901234", "70B3D57BA0000A1C"]
    ),
    "type": st.sampled_from(["decentlab-dl-pm", "parametric-pcr2"]),
}


@st.composite
def entry(draw: st.DrawFn) -> str:
    """An entry that is good but for some keys."""
    said = {key: draw(value) for key, value in GOOD.items()}
    said |= draw(st.dictionaries(KEYS, SCALARS, max_size=3))
    if draw(st.booleans()):
        del said[draw(st.sampled_from(sorted(GOOD)))]
    lines = [f"{key}: {value}" for key, value in said.items()]
    if draw(st.integers(0, 9)) == 0:
        lines.append(draw(st.sampled_from(lines)))  # a key that stands twice
    return f"  - {lines[0]}\n" + "".join(f"    {line}\n" for line in lines[1:])


LISTED = st.lists(entry(), max_size=6).map("".join)
AROUND = st.sampled_from(
    ["", "timezone: Europe/Lisbon\n", "publisher: x\n", "# remark\n", "devices: []\n", "---\n", "x: '"]
)


@settings(deadline=None, max_examples=400)
@given(AROUND, LISTED, AROUND)
@example("", "  - id: a\n    site: 'b\n  - id: c'\n", "")
@example("", "  - &one {id: a}\n  - *one\n", "")
@example("", "  - id: a\n    labels: {a: b\n  - id: c\n", "timezone: Europe/Lisbon\n")
def test_read_quickly_or_slowly_a_file_says_the_same(above: str, listed: str, below: str) -> None:
    text = f"{HEAD}{above}devices:\n{listed}{below}"
    check_same(text)


@settings(deadline=None, max_examples=200)
@given(LISTED, st.data())
def test_a_garbled_file_says_the_same_too(listed: str, data: st.DataObject) -> None:
    text = f"{HEAD}devices:\n{listed}"
    for _ in range(data.draw(st.integers(1, 3))):
        at, cut = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 9))
        text = (
            text[:at]
            + data.draw(st.text(max_size=4, alphabet=" \t\n\r-:,#'\"[]{}&*!|>%@?x0é"))
            + text[at + cut :]
        )
    check_same(text)


def test_the_sample_is_plain() -> None:
    text, said = yaml.read(CONFIG / "devices" / "giessen.yaml")
    items = yaml.list_items(text, "devices", len(said["devices"])) or ()
    assert [
        item for item, one in zip(items, said["devices"], strict=True) if plain(one, item.text) is None
    ] == []
    assert items


def keys(struct: type[PlainHardware]) -> Iterator[str]:
    yield from struct.__struct_encode_fields__


def test_every_key_of_an_entry_is_known_to_the_quick_way_or_left_to_the_slow_one() -> None:
    assert set(keys(PlainHardware)) == set(fields_of(InstallationEntry))
    assert set(keys(PlainDevice)) <= set(fields_of(DeviceEntry))
    left = set(DeviceEntry.model_fields) - set(PlainDevice.__struct_fields__)
    assert [name for name in left if getattr(PlainDevice, name) != {}] == []
