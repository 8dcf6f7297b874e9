"""Texts that leave have no EUI in them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.export.without_eui import without_eui

EUI = "70b3d57ba0000a1c"
MASK = re.compile(r"eui-[0-9a-f]{6}")


@pytest.mark.parametrize(
    "text",
    [
        EUI,
        EUI.upper(),
        "70-B3-D5-7B-A0-00-0A-1C",
        "70:b3:d5:7b:a0:00:0a:1c",
        "70.b3.d5.7b.a0.00.0a.1c",
        "70 b3 d5 7b a0 00 0a 1c",
        "70b3:d57b:a000:0a1c",
        "70b3-d57b-a000-0a1c",
        "70B3D57B A0000A1C",
        "70\u00a0b3\u00a0d5\u00a07b\u00a0a0\u00a000\u00a00a\u00a01c",
        "70‑b3‑d5‑7b‑a0‑00‑0a‑1c",
        f"eui-{EUI}",
        f"EUI-{EUI.upper()}",
        f"eui_{EUI}",
    ],
)
def test_an_eui_is_one_mask_however_it_is_written(text: str) -> None:
    assert without_eui(text) == without_eui(EUI)
    assert MASK.fullmatch(without_eui(text))


@pytest.mark.parametrize(
    "text",
    [
        f"Sensor {EUI}, Mast 4711",
        f"sensor{EUI}",
        f"luft-{EUI}-alt",
        f"({EUI})",
        f"dev_eui={EUI}&x=1",
        f"{EUI};{EUI}",
        f"ä{EUI}ö",
        f"Cafe {EUI}",
    ],
)
def test_an_eui_among_other_words_is_masked_alone(text: str) -> None:
    assert without_eui(text) == text.replace(EUI, without_eui(EUI))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Marktplatz",
        "2026-01-01 2026-01-31",
        "messnetz-pm2_5-2026-01-01-2026-01-31",
        "2026-01-01 00:00:00 2026-02-01",
        "31.12.2025 10:30:45",
        "gesperrt ab 2026-03-10 08:00 12",
        "0.1.0 12345678",
        "deadbeef",
        "eui-0a1b2c",
        "06531005",
        "+49 641 306-1234 5678",
        "d41d8cd98f00b204e9800998ecf8427e",  # a hash: 32 digits
        "2026-01-01T00:00:00+01:00/2026-02-01T00:00:00+01:00",
    ],
)
def test_what_is_no_eui_stays(text: str) -> None:
    assert without_eui(text) == text


def test_a_mask_stays_itself_and_two_euis_have_two() -> None:
    assert without_eui(without_eui(f"{EUI} x")) == without_eui(f"{EUI} x")
    assert without_eui(EUI) != without_eui(EUI[:-1] + "d")


pairs = st.lists(st.sampled_from([f"{number:02x}" for number in range(256)]), min_size=8, max_size=8)


@given(
    pairs=pairs,
    between=st.sampled_from(["", "-", ":", ".", " ", "_"]),
    before=st.text("gxyz äÖ/=_([,;\n", max_size=5),
    after=st.text("gxyz äÖ/=_)],;\n", max_size=5),
    upper=st.booleans(),
)
def test_no_eui_comes_through(pairs: list[str], between: str, before: str, after: str, upper: bool) -> None:
    written = between.join(pairs)
    text = f"{before}{written.upper() if upper else written}{after}"
    masked = without_eui(text)
    assert "".join(pairs) not in re.sub(r"[-:. _]", "", masked.lower())
    assert MASK.search(masked)
    assert masked == f"{before}{without_eui(''.join(pairs))}{after}"


@given(st.text())
def test_any_text_has_a_masked_one(text: str) -> None:
    assert without_eui(without_eui(text)) == without_eui(text)
