"""Names of exported files: made of what was asked for, or naming the format themselves."""

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.export.ask import FORMATS, Ask
from publish.export.chosen import Chosen
from publish.export.ending import ENDINGS, format_of
from publish.export.errors import AskRefused
from publish.export.name import file_name, named
from publish.summary import Window

#: October 2026 in Berlin.
OCTOBER = Window(1_790_805_600 * 10**9, 1_793_487_600 * 10**9)
CHOSEN = Chosen(Ask(), (), {}, OCTOBER, ZoneInfo("Europe/Berlin"), OCTOBER.end_ns)


def name_of(ask: Ask) -> str:
    return file_name(replace(CHOSEN, ask=ask))


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (Ask(), "messnetz-2026-10-01-2026-10-31.csv"),
        (
            Ask(site=("Marktplatz",), quantity=("pm2_5",), every="1h", format="csv-de"),
            "messnetz-Marktplatz-pm2_5-2026-10-01-2026-10-31-1h.de.csv",
        ),
        (
            Ask(site=("Frankfurter Straße",), format="xlsx"),
            "messnetz-Frankfurter-Strasse-2026-10-01-2026-10-31.xlsx",
        ),
        (Ask(device=("a", "b", "c"), format="gpkg"), "messnetz-a-3-2026-10-01-2026-10-31.gpkg"),
        (Ask(label=("inventar=20931",)), "messnetz-inventar-20931-2026-10-01-2026-10-31.csv"),
        (Ask(figures="traffic"), "messnetz-2026-10-01-2026-10-31-traffic.csv"),
        (Ask(site=("../../etc/passwd",)), "messnetz-etc-passwd-2026-10-01-2026-10-31.csv"),
        (Ask(site=("=cmd|' /C calc'!A0",)), "messnetz-cmd-C-calc-A0-2026-10-01-2026-10-31.csv"),
        (Ask(site=("😀",)), "messnetz-2026-10-01-2026-10-31.csv"),
    ],
)
def test_a_file_is_called_by_what_was_asked_for(ask: Ask, name: str) -> None:
    assert name_of(ask) == name


@pytest.mark.parametrize("site", ["70b3d57ba0000a1c", "Mast 70/b3/d5/7b/a0/00/0a/1c", "eui-70B3D57BA0000A1C"])
def test_no_eui_is_in_a_name(site: str) -> None:
    assert re.search("eui-[0-9a-f]{6}-2026", name_of(Ask(site=(site,))))


@given(texts=st.lists(st.text(max_size=300), max_size=5), form=st.sampled_from(FORMATS))
def test_a_name_is_one_that_every_file_system_takes(texts: list[str], form: str) -> None:
    ask = Ask(site=tuple(texts), district=tuple(texts[:1]), format=form)
    name = name_of(ask)
    assert re.fullmatch(r"messnetz[A-Za-z0-9_-]*-2026-10-01-2026-10-31(\.[a-z]+)+", name)
    assert len(name) < 150
    assert format_of("", Path(name)) == form


def test_in_a_folder_a_name_is_made(tmp_path: Path) -> None:
    assert named(None, CHOSEN) == Path("messnetz-2026-10-01-2026-10-31.csv")
    assert named(tmp_path, CHOSEN) == tmp_path / "messnetz-2026-10-01-2026-10-31.csv"
    assert named(tmp_path / "x.csv", CHOSEN) == tmp_path / "x.csv"


@pytest.mark.parametrize("form", FORMATS)
def test_the_ending_names_the_format(form: str) -> None:
    ending = ENDINGS[form]  # type: ignore[index]  # one of FORMATS
    assert format_of("", Path(f"x{ending}")) == form
    assert format_of("", Path(f"X{ending.upper()}")) == form
    assert format_of(form, Path(f"x{ending}")) == form
    assert format_of(form, Path("x")) == form
    assert format_of(form, None) == form


def test_without_a_file_nothing_is_known_of_the_format(tmp_path: Path) -> None:
    assert format_of("", None) == format_of("", tmp_path) == ""
    assert format_of("csv-de", Path("x.csv")) == "csv-de"
    assert format_of("nonsense", Path("x.csv")) == "nonsense"  # refused where all words are


@pytest.mark.parametrize(
    ("said", "file", "words", "hint"),
    [
        ("", "x.txt", "x.txt: its ending names no format", ".parquet"),
        ("", "x", "names no format", "give format"),
        ("xlsx", "x.csv", "x.csv ends as csv, and xlsx was asked for", "end with .xlsx"),
        ("csv", "x.gpkg", "x.gpkg ends as gpkg, and csv", "end with .csv"),
        ("", "x\x00y", r"x\x00y: its ending", "give format"),
    ],
)
def test_an_ending_of_another_format_is_refused(said: str, file: str, words: str, hint: str) -> None:
    with pytest.raises(AskRefused) as error:
        format_of(said, Path(file))
    assert words in str(error.value)
    assert hint in error.value.hint
