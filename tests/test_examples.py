"""Examples of type files: they run as uplinks do, and what differs is named field by field."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from devices import codecs, examples
from devices.codecs import Decoded
from devices.errors import UplinkRefused
from devices.type import MISSING, DeviceType, Script
from devices.type_file import read

TYPE = """manufacturer: Acme
model: X1
codec: {codec}
readings:
  - values:
      water_level: {{from: level, unit: mm}}
      battery_voltage: {{from: power.volt, unit: V}}
examples:
  - source: data sheet
    port: 2
    {said}
    readings:
      - {{measurement: water, values: {{water_level: 12.3}}}}
      - {{measurement: device, values: {{battery_voltage: 3.6}}}}
"""


def two_bytes(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
    """Millimetres in one byte and tenths of a volt in the next, with a rounding fault of a decoder."""
    return Decoded({"level": payload[0], "power": {"volt": payload[1] / 10 + 1e-9}, "port": f_port}, ("odd",))


def run(folder: Path, said: str, codec: str = "lns", script: str | None = None) -> examples.Run:
    path = folder / "acme-x1.yaml"
    path.write_text(TYPE.format(codec=codec, said=said))
    if script is not None:
        (folder / codec).write_text(script)
    compiled, described, complaints = read(path, folder)
    assert not complaints
    assert isinstance(compiled, DeviceType)
    assert described is not None
    return examples.run(compiled, described.examples[0])


def test_an_example_that_is_right_agrees_in_every_field(tmp_path: Path) -> None:
    ran = run(tmp_path, "decoded: {level: 123, power: {volt: 3.6}}")
    assert [(one.place, one.expected, one.got) for one in ran.compared] == [
        ("device battery_voltage", 3.6, 3.6),
        ("water water_level", 12.3, 12.3),
    ]
    assert ran.mismatches == ()


def test_a_wrong_a_missing_and_a_needless_field_are_named(tmp_path: Path) -> None:
    ran = run(tmp_path, "decoded: {level: 124, power: {}}")
    assert [(one.place, one.expected, one.got) for one in ran.mismatches] == [
        ("device battery_voltage", 3.6, MISSING),
        ("water water_level", 12.3, 12.4),
    ]


def test_a_payload_goes_through_our_codec_and_what_it_makes_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(codecs.LOCAL, "two-bytes", two_bytes)
    said = "payload: 7b24\n    decoded: {level: 123, power: {volt: 3.6}}"
    ran = run(tmp_path, said, "two-bytes")
    assert ran.mismatches == ()
    assert ran.decoded == {"level": 123, "power": {"volt": pytest.approx(3.6)}, "port": 2}
    assert ran.warnings == ("odd",)
    said = "payload: 7b24\n    decoded: {level: 122, power: {amps: 3}, port: [2]}"
    ran = run(tmp_path, said, "two-bytes")
    assert [(one.place, one.expected, one.got) for one in ran.mismatches] == [
        ("decoded.level", 122, 123),
        ("decoded.power.amps", 3, MISSING),
        ("decoded.port", [2], 2),
    ]


def test_a_payload_that_no_codec_can_read_is_a_mismatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(codecs.LOCAL, "two-bytes", two_bytes)
    ran = run(tmp_path, "payload: 7b\n    decoded: {level: 123}", "two-bytes")
    assert isinstance(ran.refused, UplinkRefused)
    assert ran.refused.reason == "codec_failed"
    assert [(one.place, one.got) for one in ran.mismatches] == [
        ("decoded", MISSING),
        ("device battery_voltage", MISSING),
        ("water water_level", MISSING),
    ]


def test_a_script_runs_where_one_is_given_and_else_its_stated_object_is_taken(tmp_path: Path) -> None:
    def scripted(
        script: Script, payload: bytes, f_port: int, variables: Mapping[str, str], time_ns: int
    ) -> Decoded:
        assert script.source == "// none"
        assert time_ns == examples.NOON_NS
        return two_bytes(payload, f_port, variables)

    said = "payload: 7b25\n    decoded: {level: 123, power: {volt: 3.6}}"
    assert run(tmp_path, said, "x1.js", "// none").mismatches == ()
    compiled, described, _ = read(tmp_path / "acme-x1.yaml", tmp_path)
    assert compiled is not None
    assert described is not None
    ran = examples.run(compiled, described.examples[0], scripted)
    assert [one.place for one in ran.mismatches] == ["decoded.power.volt", "device battery_voltage"]


def test_a_script_that_nobody_runs_says_so(tmp_path: Path) -> None:
    ran = run(tmp_path, "payload: 7b25", "x1.js", "// none")
    assert str(ran.refused).endswith("x1.js is not run here")
