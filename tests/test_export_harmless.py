"""No text of an export is run as a formula, and each can be told from what it was made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.export.harmless import harmless

_HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    '"=1+1"',
    "'=1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b@x",
    "\uff1d1+1",
    "\tx",
    "\rx",
)


@pytest.mark.parametrize("text", _HOSTILE)
def test_a_formula_becomes_a_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["Marktplatz", "B 3 - Nord", "1+1", "'s Platzl", "../../etc", "", "UTC+01:00", "a=b"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(st.text(alphabet=st.sampled_from("=+-@'\" \t\rab"), max_size=8), st.text(max_size=8))
def test_two_texts_never_become_the_same(one: str, other: str) -> None:
    assert (harmless(one) == harmless(other)) == (one == other)


@given(st.text(alphabet=st.sampled_from("=+-@'\" \t\rab;"), max_size=8))
def test_what_is_harmless_stays_so(text: str) -> None:
    first = harmless(text).lstrip(' "\u00a0')[:1]
    assert first not in set("=+-@")
