"""JMESPath expressions as paths of device types."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.path import compile_path, is_expression
from devices.type import MISSING

#: Shapes of SenseCAP and Adeunis decoders: a list of measured things, and arrays of past values.
SAID: dict[str, Any] = {
    "messages": [
        {"measurementId": 4097, "measurementValue": 21.5},
        {"measurementId": 4098, "measurementValue": 60},
        {"measurementId": 4099, "measurementValue": None},
    ],
    "bytes": {"pm10": {"unit": "µg/m3", "values": [62, 58]}},
    "bays": [{"id": "A1", "full": True}, {"id": "A2", "full": False}],
    "Pd (P1-PBaro)": 7,
    "line_1_total_in": 5,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("messages[?measurementId==`4097`].measurementValue | [0]", 21.5),
        ("messages[?measurementId==`4098`] | [0].measurementValue", 60),
        ("messages[0].measurementValue", 21.5),
        ("messages[-2].measurementValue", 60),
        ("bytes.pm10.values[0]", 62),
        ("bytes.*.values | [0]", [62, 58]),
        ("length(bays[?full])", 1),
        ("bays[?id=='A2'].full | [0]", False),
        ("bays[?id==`A2`].full | [0]", False),
        ('"Pd (P1-PBaro)" || line_1_total_in', 7),
        ("[{line: '1', total: line_1_total_in}]", [{"line": "1", "total": 5}]),
    ],
)
def test_an_expression_finds_what_it_asks_for(path: str, found: object) -> None:
    assert is_expression(path)
    assert compile_path(path)(SAID) == found


def test_the_item_itself_is_a_path() -> None:
    assert compile_path("@")(62) == 62


@pytest.mark.parametrize(
    "path", ["pm2_5.value", "messages.0.value", 'air."pm2.5"', '"Pd (P1-PBaro)"', "temp-1", "größe", "a b"]
)
def test_a_path_without_signs_outside_of_quotes_is_a_plain_one(path: str) -> None:
    assert not is_expression(path)


@pytest.mark.parametrize(
    "path",
    [
        "messages[?measurementId==`4099`].measurementValue | [0]",
        "messages[?measurementId==`1`].measurementValue | [0]",
        "absent[0]",
        "bytes[0]",
        "line_1_total_in[?a=='b'] | [0]",
        "max(bays)",
        "sum(bytes)",
        "bays[::0]",
        "join(',', bays)",
        "sort_by(bays, &missing)",
    ],
)
def test_null_and_what_does_not_fit_the_object_are_missing(path: str) -> None:
    assert compile_path(path)(SAID) is MISSING


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("messages[?id=`1`]", "“=” at place 13 is not understood"),
        ("Pd (P1-PBaro)", "stands in double quotes"),
        ("bays]", "“]” at place 5"),
        ("bays[", "is not finished"),
        ("a | ", "is not finished"),
        ("lenght(bays)", "no function lenght (did you mean length?)"),
        ("max_by(bays)", "the number of arguments of max_by is 2, not 1"),
        ("length(bays, bays)", "arguments of length is 1, not 2"),
        ("sum(map(&size(@), bays))", "no function size"),
        ("[" + "a," * 300 + "a]", "longer than 500 characters"),
    ],
)
def test_what_is_wrong_in_an_expression_is_said_when_its_type_is_loaded(path: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  what it says is asserted below
        compile_path(path)
    assert said in str(caught.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "id", "value"]), inner)
    ),
    max_leaves=15,
)
_KEYS = [
    "a",
    "b",
    "id",
    "@",
    ".",
    "*",
    "'",
    "||",
    "|",
    "(",
    ")",
    "`{`",
    "`1`",
    "!a",
    "&a",
    "{a: b}",
    "[a, b]",
]
_ITEMS = ["[0]", "[]", "[*]", "[?a]", "[?id=='x']", "[?a>`1`]", "[::0]", "[1:2]"]
_CALLS = ["max_by(a, &b)", "sort_by(@, &value)", "sort(a)", "avg(b)", "to_number(a)", "join('', a)", "abs(a)"]
_PARTS = st.sampled_from(
    [*_KEYS, *_ITEMS, *_CALLS, "keys(@)", "length(@)", "sum(a)", "reverse(a)", "map(&b, a)"]
)


@given(st.lists(_PARTS, min_size=1, max_size=6).map("".join), _JSON)
def test_whatever_the_expression_and_the_object_nothing_else_is_raised(path: str, said: object) -> None:
    try:
        get = compile_path(path)
    except ValueError:
        return
    get(said)
