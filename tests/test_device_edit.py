"""What commands do to device files: one entry changes, everything else stays as it is, byte for byte."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml12
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import device_edit, edit, registry, yaml
from devices.device_file import DeviceEntry, InstallationEntry
from devices.edit import Uneditable
from devices.explain import fields_of
from devices.yaml_write import scalar

TYPE = """
manufacturer: Acme
model: {name}
codec: lns
readings:
  - values:
      pm2_5: {{from: pm2_5, unit: ug/m3}}
examples:
  - {{source: none, own: true, decoded: {{pm2_5: 1}}, readings: []}}
"""
#: All ways of writing that the city's files and others' files have.
TOWN = """\
# yaml-language-server: $schema=../devices.schema.json
municipality: {id: giessen, ags: "06531005"}   # Gießen
timezone: Europe/Berlin

devices:
  # Air
  - id: luft-marktplatz              # the place
    site: Marktplatz
    location: {lat: 50.58410, lon: 8.67840, height: 3.50}
    interval: 10min   # often
    labels: {inventar: 020931, mast: 4711}
    dev_eui: 70b3d57ba0000a1c
    type: acme-one
    from: 2025-10-01 10:00           # local time
    calibration: {pm2_5: {factor: 0.920, offset: 0.4}}
  - dev_eui: 24e1246001439187   # first, and a number to YAML
    # what it is
    type: acme-one
    # where it is
    id: luft-eins
    site: "Straße: Süd"
    # how it is calibrated
    calibration:
      pm2_5:
        factor: 1.5   # measured
    # nothing more

  - {id: luft-zwei, site: T, dev_eui: 2222222222222222, type: acme-two, from: 2026-01-01}   # braces
  # Traffic
  - id: luft-drei
    installations:                   # hardware over time
      - {from: 2025-11-03 09:30, until: 2026-03-10 14:00, dev_eui: 0004a30b00f1c702, type: acme-one}
      - {from: 2026-03-10 14:15, dev_eui: 24e124600d142337, type: acme-two}   # now
    site: Platz
  - id: luft-vier
    site: Platz
    installations:
    - dev_eui: 0004a30b00f1c777
      type: acme-two
      # open
    district: Nord

# the end
"""
JSON_TOWN = """\
{
 "municipality": {"id": "giessen"},
 "devices": [
  {
   "id": "a",
   "site": "A",
   "dev_eui": "1111111111111111",
   "type": "acme-one"
  },
  {"id": "b", "site": "B", "type": "acme-two", "dev_eui": "2222222222222222"}
 ]
}
"""


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("types")
    for name in ("acme-one", "acme-two"):
        (folder / f"{name}.yaml").write_text(TYPE.format(name=name))
    return folder


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("devices") / "town.yaml"


def parsed(text: str) -> Any:
    return yaml12.parse_yaml(text)


def change(raw: bytes, make: Callable[..., Any], *arguments: Any) -> bytes:
    text = yaml.decode(raw)
    return edit.spliced_bytes(raw, make(text, yaml12.parse_yaml(text), *arguments))


def changed(text: str, make: Callable[..., Any], *arguments: Any) -> str:
    return change(text.encode(), make, *arguments).decode()


def items(raw: bytes) -> dict[str, str]:
    """The text of each entry by its id."""
    text = yaml.decode(raw)
    said = parsed(text)["devices"]
    listed = yaml.list_items(text, "devices", len(said))
    assert listed is not None
    return {one["id"]: item.text for one, item in zip(said, listed, strict=True)}


def comments(raw: bytes) -> list[str]:
    return sorted(re.findall(r"#.*", yaml.decode(raw)))


def new_sensor(number: int, when: str) -> dict[str, Any]:
    return {"from": when, "dev_eui": f"24e1{number:012d}", "type": ("acme-one", "acme-two")[number % 2]}


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "swap", "retire", "move"]), st.integers(0, 20)), max_size=8
    ),
    written=st.sampled_from(["as it is", "windows", "no last line feed", "dashes at the margin"]),
)
def test_after_any_changes_the_file_is_good_and_the_rest_is_as_it_was(
    steps: list[tuple[str, int]], written: str, types: Path, town: Path
) -> None:
    raw = {
        "as it is": TOWN,
        "windows": "\ufeff" + TOWN.replace("\n", "\r\n"),
        "no last line feed": TOWN.rstrip().removesuffix("# the end").rstrip(),
        "dashes at the margin": re.sub(r"(?m)^  ", "", TOWN),
    }[written].encode()
    ids = list(items(raw))
    for number, (step, pick) in enumerate(steps):
        device, when = ids[pick % len(ids)], f"2026-05-{number + 1:02} 12:00"
        before, said_before = items(raw), comments(raw)
        mounted = device_edit._mounted(yaml12.parse_yaml(yaml.decode(raw)), ids.index(device)) is not None
        touched = {device}
        if step == "add" or (step == "move" and mounted):
            new = {"id": f"neu-{number}", "site": "Neu: 1", **new_sensor(number, when)}
            ids.append(f"neu-{number}")
            touched = {device} if step == "move" else set()
            after = change(raw, device_edit.end, device, when) if step == "move" else raw
            after = change(after, device_edit.add, [new])
        elif step == "swap":
            after = change(raw, device_edit.swap, device, when, new_sensor(number, when))
        elif mounted:
            after = change(raw, device_edit.end, device, when)
        else:
            continue
        town.write_bytes(after)
        loaded = registry.load(town.parent, [types])
        assert loaded.complaints == ()
        assert set(loaded.devices) == set(ids)
        now = items(after)
        for name, text in before.items():
            if name not in touched:
                own = now[name] if name == list(now)[-1] else now[name].rstrip("\n")  # then others follow
                assert text.startswith(own), name
                assert name == list(before)[-1] or text == now[name]
        assert comments(after) == said_before
        assert after.startswith(b"\xef\xbb\xbf") == raw.startswith(b"\xef\xbb\xbf")
        assert after.count(b"\r\n") in (0, after.count(b"\n"))
        raw = after


def test_a_swap_moves_the_sensor_with_its_comments_into_the_list_of_installations() -> None:
    after = changed(
        TOWN, device_edit.swap, "luft-marktplatz", "2026-03-10 14:00", new_sensor(1, "2026-03-10 14:00")
    )
    assert (
        """\
    labels: {inventar: 020931, mast: 4711}
    installations:
      - dev_eui: 70b3d57ba0000a1c
        type: acme-one
        from: 2025-10-01 10:00           # local time
        until: 2026-03-10 14:00
        calibration: {pm2_5: {factor: 0.920, offset: 0.4}}
      - from: 2026-03-10 14:00
        dev_eui: "24e1000000000001"
        type: acme-two
  - dev_eui: 24e1246001439187   # first, and a number to YAML
"""
        in after
    )


def test_a_swap_of_an_entry_that_begins_with_its_sensor_gives_the_dash_to_the_next_line() -> None:
    after = changed(
        TOWN, device_edit.swap, "luft-eins", "2026-03-10 14:00", new_sensor(2, "2026-03-10 14:00")
    )
    assert (
        """\
  - id: luft-eins
    # where it is
    installations:
      - dev_eui: 24e1246001439187   # first, and a number to YAML
        # what it is
        type: acme-one
        # how it is calibrated
        calibration:
          pm2_5:
            factor: 1.5   # measured
        until: 2026-03-10 14:00
      - from: 2026-03-10 14:00
        dev_eui: "24e1000000000002"
        type: acme-one
    site: "Straße: Süd"
    # nothing more

"""
        in after
    )


def test_an_entry_in_braces_stays_in_braces() -> None:
    after = changed(
        TOWN, device_edit.swap, "luft-zwei", "2026-03-10 14:00", new_sensor(3, "2026-03-10 14:00")
    )
    assert (
        "  - {id: luft-zwei, site: T, installations: [{dev_eui: 2222222222222222, type: acme-two,"
        " from: 2026-01-01, until: 2026-03-10 14:00}, {from: 2026-03-10 14:00,"
        ' dev_eui: "24e1000000000003", type: acme-two}]}   # braces\n'
    ) in after


def test_a_retired_sensor_gets_an_end_behind_its_begin() -> None:
    after = changed(TOWN, device_edit.end, "luft-drei", "2026-05-01 12:00")
    assert (
        "      - {from: 2026-03-10 14:15, until: 2026-05-01 12:00, dev_eui: 24e124600d142337, type: acme-two}"
        "   # now\n"
    ) in after


def test_every_key_of_a_device_file_has_its_place() -> None:
    assert set(device_edit.HARDWARE) == set(fields_of(InstallationEntry))
    assert set(device_edit.ORDER) == set(fields_of(DeviceEntry))


def test_json_stays_json(types: Path, town: Path) -> None:
    after = changed(JSON_TOWN, device_edit.swap, "a", "2026-03-10 14:00", new_sensor(4, "2026-03-10 14:00"))
    after = changed(after, device_edit.end, "b", "2026-03-10 14:00")
    after = changed(after, device_edit.add, [{"id": "c", "site": "C", **new_sensor(5, "2026-03-10 14:00")}])
    town.write_text(after)
    assert registry.load(town.parent, [types]).complaints == ()
    import json  # noqa: PLC0415  used nowhere else

    assert [one["id"] for one in json.loads(after)["devices"]] == ["a", "b", "c"]
    assert json.loads(after)["devices"][1]["until"] == "2026-03-10 14:00"


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("devices: []  # none yet\n# end\n", "devices:  # none yet\n  - id: x\n    site: S\n# end\n"),
        ("devices:\n", "devices:\n  - id: x\n    site: S\n"),
        ("devices: # none yet", "devices: # none yet\n  - id: x\n    site: S\n"),
        ("devices: [ ]\ntimezone: UTC\n", "devices:\n  - id: x\n    site: S\ntimezone: UTC\n"),
        ("devices:\n- id: a\n\n- id: b\n\n- id: c\n# about c\n\n# end\n",
         "devices:\n- id: a\n\n- id: b\n\n- id: c\n# about c\n\n- id: x\n  site: S\n\n# end\n"),
    ],
)  # fmt: skip
def test_the_first_and_the_next_entry_come_where_the_list_is(above: str, expected: str) -> None:
    assert changed(above, device_edit.add, [{"id": "x", "site": "S"}]) == expected


@given(st.text(max_size=30))
def test_any_text_that_is_written_is_read_as_it_was(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    for document in (f"a: {scalar(text)}\n", f"{{a: {scalar(text)}, b: 1}}"):
        assert parsed(document)["a"] == text


@pytest.mark.parametrize(
    "text",
    [
        "devices:\n  - &one {id: a, site: b, dev_eui: '1', type: t}\n  - {<<: *one, id: c}\n",
        "devices:\n  - {id: c, site: b,  # here\n     dev_eui: '1', type: t}\n",
    ],
)
def test_what_only_a_person_can_change_is_left_alone(text: str) -> None:
    with pytest.raises(Uneditable):
        changed(text, device_edit.swap, "c", "2026-01-01", {"dev_eui": "2"})


def test_an_ended_place_cannot_end_again_but_can_get_other_hardware() -> None:
    ended = changed(TOWN, device_edit.end, "luft-marktplatz", "2026-03-10 14:00")
    with pytest.raises(Uneditable, match="has ended already"):
        changed(ended, device_edit.end, "luft-marktplatz", "2026-03-11 14:00")
    again = changed(ended, device_edit.swap, "luft-marktplatz", "2026-04-01", new_sensor(6, "2026-04-01"))
    said = parsed(again)["devices"][0]
    assert [one["from"] for one in said["installations"]] == ["2025-10-01 10:00", "2026-04-01"]
    assert said["installations"][0]["until"] == "2026-03-10 14:00"
