"""Lists of devices from others: whatever is in them, a row a device or a sentence, and never a secret."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import imports
from devices.imports.rows import fitting_types, is_secret
from devices.type import DeviceType

KEY = "00112233445566778899aabbccddeeff"
PAIRS = [KEY[at : at + 2] for at in range(0, 32, 2)]
NAMES = (
    "DevEUI",
    "dev_eui",
    "Kennung",
    "Standort",
    "Breite",
    "lon",
    "AppKey",
    "labels",
    "Label: x",
    "Richtung ltr",
    "von",
)


def read(raw: bytes) -> Any:
    try:
        return imports.read(raw)
    except ValueError:
        return None


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_a_sentence(raw: bytes) -> None:
    read(raw)


@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=8),
    st.lists(st.lists(st.text(max_size=8) | st.sampled_from((KEY, f"a=1,b={KEY}")), max_size=9), max_size=4),
    st.sampled_from(";,\t"),
)
def test_any_table_is_rows_or_a_sentence_and_its_keys_stay_outside(
    heads: list[str], rows: list[list[str]], delimiter: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(heads)
    writer.writerows(rows)
    listing = read(text.getvalue().encode())
    for row in listing.rows if listing else ():
        assert KEY not in str(row.entry.get("labels", {}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(KEY),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ("result", "end_devices", "ids", "dev_eui", "devEui", "tags", "attributes", "locations", "user",
             "latitude", "longitude", "version_ids", "name", "device", "app_key", "deviceProfileName")
        )
        | st.text(max_size=4),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(JSON, min_size=1, max_size=3), st.sampled_from(["\n", " ", ",", ""]))
def test_any_json_is_rows_or_a_sentence_and_its_keys_stay_outside(documents: list[Any], between: str) -> None:
    listing = read(between.join(map(json.dumps, documents)).encode())
    for row in listing.rows if listing else ():
        assert KEY not in str(row.entry.get("labels", {}))


@pytest.mark.parametrize(
    ("name", "said", "secret"),
    [
        ("AppKey", "", True),
        ("nwk_s_key", "", True),
        ("Passwort", "", True),
        ("claim authentication code", "", True),
        ("API-Token", "", True),
        ("otaa", KEY, True),
        ("note", "00-11-22-33-44-55-66-77-88-99-AA-BB-CC-DD-EE-FF", True),
        ("inventar", "4711", False),
        ("Standort", "Am Schlüsselberg", False),
        ("tags", "['00112233445566778899aabbccddeeff']", True),
        ("note", "OTAA: 00112233445566778899aabbccddeeff (Werk)", True),
        (KEY, "x", True),
        ("note", "\xa0".join(PAIRS), True),
        ("note", " ".join(PAIRS[:8]) + "\r\n" + " ".join(PAIRS[8:]), True),
        ("note", "\u2011".join(PAIRS), True),
        ("note", "{ 0x" + ", 0x".join(PAIRS) + " }", True),
        ("note", "0x" + ",0X".join(PAIRS), True),
        ("note", "_".join(PAIRS), True),
        ("note", f"0x{KEY[:8]}, 0x{KEY[8:16]}, 0x{KEY[16:24]}, 0x{KEY[24:]}", True),
        ("note", f"{KEY[:20]}\u200b{KEY[20:]}", True),
        ("termine", "01.03.2026, 01.06.2026, 01.09.2026, 01.12.2026", False),
        ("Telefon", "0641 306-1234, 0641 306-1235", False),
        ("inventar", "20931, 20932, 20933, 20934, 20935, 20936, 20937", False),
        ("dev_eui", "70b3d57ba0000a1c", False),
    ],
)
def test_secrets_are_known_by_name_and_by_shape(name: str, said: str, secret: bool) -> None:
    assert is_secret(name, said) is secret


@pytest.mark.parametrize(
    ("tags", "kept", "hidden"),
    [
        ({"otaa": [KEY], "inventar": "4711"}, {"inventar": "4711"}, ["otaa"]),
        ({"otaa": {"werk": f"Code {KEY}"}}, {}, ["otaa"]),
        ({"otaa": PAIRS}, {}, ["otaa"]),
        ({"otaa": [[f"{KEY[:16]}\xa0{KEY[16:]}"], f"{KEY[:16]}\n{KEY[16:]}"]}, {}, ["otaa"]),
        ({"inventar": ["4711"]}, {"inventar": "['4711']"}, []),
    ],
)
def test_a_key_inside_a_tag_is_never_taken_over(
    tags: dict[str, Any], kept: dict[str, str], hidden: list[str]
) -> None:
    listing = read(json.dumps({"result": [{"devEui": "70b3d57ba0000a1c", "tags": tags}]}).encode())
    assert listing.rows[0].entry.get("labels", {}) == kept
    assert listing.secrets == hidden


@pytest.mark.parametrize(
    ("heads", "cells", "hidden"),
    [
        ("labels", f"inventar=4711, otaa={KEY}", ["otaa"]),
        ("labels;label: otaa", f"inventar=4711;{KEY}", ["otaa"]),
        ("labels;Richtung ltr", f"inventar=4711;{KEY}", ["ltr"]),
    ],
)
def test_a_key_inside_a_cell_is_never_taken_over_and_said(heads: str, cells: str, hidden: list[str]) -> None:
    listing = read(f"DevEUI;{heads}\n70b3d57ba0000a1c;{cells}\n".encode())
    row = listing.rows[0]
    assert row.entry["labels"] == {"inventar": "4711"}
    assert "direction" not in row.entry
    assert (row.wrong, listing.secrets) == ([], hidden)


def test_the_first_line_of_excel_that_names_the_delimiter_is_no_row() -> None:
    listing = imports.read(b'sep=;\r\ndev_eui;site\r\n70b3d57ba0000a1c;"a;\r\nb"\r\n\r\n1;c\r\n')
    assert [(row.number, row.entry["site"]) for row in listing.rows] == [(3, "a;\r\nb"), (6, "c")]


def test_the_better_named_column_counts() -> None:
    listing = imports.read("DevEUI;Ort;Standort;Höhe [m]\n1;Gießen;Markt;3\n".encode())
    assert listing.rows[0].entry["site"] == "Markt"
    assert listing.left_out == ["Ort"]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("decentlab-dl-pm", ["decentlab-dl-pm"]),
        ("Decentlab DL-PM", ["decentlab-dl-pm"]),
        ("DL PM", ["decentlab-dl-pm"]),
        ("milesight-iot vs135", ["milesight-vs135"]),
        ("Milesight VS135-P (EU868)", ["milesight-vs135"]),
        ("Milesight", []),
        ("", []),
    ],
)
def test_a_type_is_known_by_maker_and_model(model: str, expected: list[str]) -> None:
    types = [
        DeviceType("decentlab-dl-pm", "Decentlab", "DL-PM", "lns", ()),
        DeviceType("milesight-vs135", "Milesight", "VS135", "lns", ()),
    ]
    assert fitting_types(model, types) == expected
