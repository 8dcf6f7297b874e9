"""Paths into decoded objects."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.path import compile_path, items
from devices.type import MISSING

SAID: dict[str, Any] = {
    "plain": 1,
    "nothing": None,
    "deep": {"value": 2, "list": [{"value": 3}, 4]},
    "pm2.5": 5,
    "air.temp": 9,
    "air": {"pm2.5": 6, "Pd (P1-PBaro)": 7, "0": 8},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("plain", 1),
        ("nothing", None),
        ("deep.value", 2),
        ("deep.list.0.value", 3),
        ("deep.list.1", 4),
        ("pm2.5", 5),
        ("air.temp", 9),
        ('"pm2.5"', 5),
        ('air."pm2.5"', 6),
        ('air."Pd (P1-PBaro)"', 7),
        ("air.0", 8),
    ],
)
def test_a_path_finds_what_stands_there(path: str, found: object) -> None:
    assert compile_path(path)(SAID) == found


@pytest.mark.parametrize(
    "path",
    ["absent", "deep.absent", "plain.value", "deep.list.2", "deep.list.value", "air.pm2.5", "nothing.x"],
)
def test_a_path_to_nothing_says_that_it_is_missing(path: str) -> None:
    assert compile_path(path)(SAID) is MISSING


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", '"a', '"a"b', 'a"b"', '""'])
def test_what_is_no_path_is_refused_with_an_example(path: str) -> None:
    with pytest.raises(ValueError, match="is no path: write keys with dots between them"):
        compile_path(path)


@given(st.lists(st.text(min_size=1).filter(lambda key: '"' not in key), min_size=1, max_size=4))
def test_any_keys_are_found_when_they_stand_in_quotes(keys: list[str]) -> None:
    path = ".".join(f'"{key}"' for key in keys)
    said: Any = "here"
    for key in reversed(keys):
        said = {key: said}
    assert items(path) == tuple(keys)
    assert compile_path(path)(said) == "here"


@given(
    st.text(),
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
)
def test_whatever_the_path_and_the_object_nothing_else_is_raised(path: str, said: object) -> None:
    try:
        get = compile_path(path)
    except ValueError:
        return
    found = get(said)
    assert found is MISSING or found is None or isinstance(found, float | int | str | list | dict)
