"""The types that may be an unknown sender's: its own is found, and nothing stumbles over what it says."""

from functools import cache
from typing import Any

import pytest
import yaml12
from hypothesis import given
from hypothesis import strategies as st

from devices import codecs, fit, type_file
from devices.type import DeviceType
from devices.uplink import Kind, Uplink


@cache
def types() -> dict[str, DeviceType]:
    found = {}
    for path in sorted(type_file.SHIPPED_TYPES.glob("*.yaml")):
        compiled, _, complaints = type_file.read(path)
        assert compiled is not None, complaints
        found[compiled.id] = compiled
    return found


def uplink(**said: Any) -> Uplink:
    return Uplink(kind=Kind.DATA, address="x", time_ns=1, dedup_key="x", **said)


def examples(name: str) -> list[Uplink]:
    """What a type's examples say: the payload for a codec of ours, else the decoded object."""
    said: Any = yaml12.parse_yaml((type_file.SHIPPED_TYPES / f"{name}.yaml").read_text())
    found = []
    for one in said["examples"]:
        port, payload = one.get("port", 1), one.get("payload")
        if payload is not None and types()[name].codec in codecs.LOCAL:
            found.append(uplink(f_port=port, payload=bytes.fromhex(str(payload))))
        elif one.get("decoded"):
            found.append(uplink(f_port=port, decoded=one["decoded"]))
    return found


@pytest.mark.parametrize("name", sorted(types()))
def test_a_type_is_among_the_five_that_fit_its_own_examples_best(name: str) -> None:
    said = examples(name)
    if not said:
        pytest.skip("its examples are payloads of a script, which is not run here")
    found = fit.fits(types(), said, at_most=5)
    assert name in [one.type.id for one in found], [(one.type.id, one.found, one.wanted) for one in found]


def test_what_a_type_does_not_ask_for_is_left_over() -> None:
    decoded = {"LTR": 1, "RTL": 2, "TEMP": 20, "BATT_MV": 3600, "extra": {"a": 1}, "DIFF": 1}
    best = fit.fits(types(), [uplink(f_port=14, decoded=decoded)])[0]
    assert best.type.id == "parametric-pcr2"
    assert best.left_over == ("extra", "DIFF")


def test_a_type_that_such_devices_have_already_comes_first() -> None:
    said = examples("dragino-ldds75")
    assert fit.fits(types(), said, likely={"dragino-ldds75"})[0].type.id == "dragino-ldds75"


def test_a_battery_alone_is_no_sensor() -> None:
    assert [one.type.id for one in fit.fits(types(), [uplink(decoded={"battery": 90})])] == []


def test_fields_are_named_with_what_is_inside_of_them() -> None:
    decoded = {"a": 1, "b": {"c": 2, "d": {}}, "e": [{"f": 1}], "g": [1, 2]}
    assert fit.fields(decoded) == ["a", "b.c", "b.d", "e[].f", "g"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KEYS = ("battery", "temperature", "value", "LTR", "pm2_5", "distance", "history", "object", "messages")


@given(
    st.none() | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), JSON, max_size=5),
    st.none() | st.binary(max_size=30),
    st.none() | st.integers(0, 255),
)
def test_whatever_it_says_nothing_is_raised(
    decoded: dict[str, Any] | None, payload: bytes | None, port: int | None
) -> None:
    for one in fit.fits(types(), [uplink(decoded=decoded, payload=payload, f_port=port)]):
        assert 0 < one.found <= one.wanted
    fit.fields(decoded or {})
