"""`messnetz export`: options, help, refusals and what it prints, in both languages."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.main

from devices import language
from devices.german import GERMAN
from ingest import cli
from ingest.cli import export as command
from publish.export.ask import Ask
from publish.export.parse import KEYS
from tests.exports import Town

ONE_DAY = ("--from", "2026-01-01", "--to", "2026-01-01")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Three places, two days of a value every five minutes."""
    found = Town(tmp_path / "town").set_up()
    found.fill(600)
    return found


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the command line in an empty folder: its exit code, what it printed and complained of."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, locale: str = "C.UTF-8") -> tuple[int, str, str]:
        monkeypatch.setenv("LANG", locale)
        monkeypatch.setattr(sys, "argv", ["messnetz", *words])
        before = language.current()
        try:
            with pytest.raises(SystemExit) as ended:
                cli.main()
        finally:
            language.use(before)
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_an_export_is_a_file_with_its_package_and_a_summary(town: Town, run: Run) -> None:
    code, out, err = run("export", "-c", str(town.config), "--device", "luft-00", *ONE_DAY, "--out", "x.csv")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"{Path.cwd() / 'x.csv'}, described in x.csv.datapackage.json",
        "rows: 552, values: 552, series: 2",  # local midnight is 23:00 UTC
        "time: 2026-01-01 00:00 to 2026-01-02 00:00 (Europe/Berlin)",
        "newest value: 2026-01-01 23:55",
    ]
    assert sorted(one.name for one in Path.cwd().iterdir()) == ["x.csv", "x.csv.datapackage.json"]


def test_the_summary_is_german_where_the_settings_say_so(town: Town, run: Run) -> None:
    town.set_up(language="de")
    _, out, _ = run("export", "-c", str(town.config), "--device", "luft-00", *ONE_DAY)
    assert "beschrieben in" in out
    assert "Zeit: 2026-01-01 00:00 bis 2026-01-02 00:00 (Europe/Berlin)" in out
    assert "Datenstand: 2026-01-01 23:55" in out


def test_scripts_get_json(town: Town, run: Run) -> None:
    code, out, _ = run("export", "-c", str(town.config), "--site", "Platz 1", *ONE_DAY, "--json")
    assert code == 0
    assert json.loads(out) == {
        "file": str(Path.cwd() / "messnetz-Platz-1-2026-01-01-2026-01-01.csv"),
        "datapackage": str(Path.cwd() / "messnetz-Platz-1-2026-01-01-2026-01-01.csv.datapackage.json"),
        "rows": 552,
        "values": 552,
        "series": 2,
        "begin": "2025-12-31T23:00:00Z",
        "end": "2026-01-01T23:00:00Z",
        "timezone": "Europe/Berlin",
        "newest": "2026-01-01T22:55:00Z",
        "notes": [],
    }


def test_the_ending_names_the_format_and_a_folder_gets_a_made_name(town: Town, run: Run) -> None:
    both = ("export", "-c", str(town.config), "--device", "luft-00", "--quantity", "pm10", *ONE_DAY)
    assert run(*both, "--out", "x.de.csv")[0] == 0
    assert Path("x.de.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    Path("share").mkdir()
    assert run(*both, "--format", "parquet", "--out", "share")[0] == 0
    (made,) = Path("share").glob("*.parquet")
    assert made.name == "messnetz-luft-00-pm10-2026-01-01-2026-01-01.parquet"
    assert made.read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize(
    ("words", "english", "german"),
    [
        (
            ("--site", "Plaz 1", "--last", "1d"),
            "the site Plaz 1 is unknown (did you mean Platz 1?)",
            "der Standort Plaz 1 ist unbekannt (ist Platz 1 gemeint?)",
        ),
        (("--last", "0d"), "last 0d is no length of time", "last 0d ist keine Zeitdauer"),
        ((), "no time was asked for", "es ist keine Zeit verlangt"),
        (("--every", "1week", "--last", "1y"), "every 1week is not known", "every 1week ist nicht bekannt"),
        (("--last", "1d", "--from", "2026-01-01"), "exclude each other", "schließen einander aus"),
        (
            ("--last", "1d", "--out", "x.txt"),
            "x.txt: its ending names no format",
            "die Endung nennt kein Format",
        ),
        (("--last", "1d", "--out", "x.csv", "--format", "xlsx"), "x.csv ends as csv", "x.csv endet wie csv"),
        (("--last", "1d", "--out", "-"), "does not go to standard output", "nicht auf die Standardausgabe"),
        (("--from", "2026-03-29 02:30"), "the clocks go forward", "wird die Uhr vorgestellt"),
        (("--last", "1d", "--site", "a\x1b[31mb"), r"a\x1b[31mb", r"a\x1b[31mb"),
        (("--last", "1d", "--out", "nowhere/x.csv"), "there is no folder", "nowhere"),
        (
            ("--last", "1d", "--audience", "partners", "--device", "x"),
            "the place x is unknown",
            "die Messstelle x ist unbekannt",
        ),
    ],
)
def test_a_refusal_says_what_to_do_and_leaves_nothing(
    town: Town, run: Run, words: tuple[str, ...], english: str, german: str
) -> None:
    for said, locale in ((english, "C.UTF-8"), (german, "de_DE.UTF-8")):
        town.set_up(language=locale[:2] if locale[:2] == "de" else "en")
        code, out, err = run("export", "-c", str(town.config), *words, locale=locale)
        assert (code, out) == (1, "")
        assert said in err
        first, hint, *more = err.splitlines()
        assert first.startswith("messnetz: ")
        assert hint.startswith("  was zu tun ist: " if locale.startswith("de") else "  what to do: ")
        assert more == []
        assert list(Path.cwd().iterdir()) == []


def test_the_help_is_grouped_and_teaches_by_examples(run: Run) -> None:
    for locale, panels in (
        ("C.UTF-8", ("Which places", "Which time", "What", "File")),
        ("de_DE.UTF-8", ("Welche Messstellen", "Welche Zeit", "Was", "Datei")),
    ):
        code, out, _ = run("export", "--help", locale=locale)
        assert code == 0
        for panel in panels:
            assert f"─ {panel} ─" in out
        assert out.count("messnetz export --") == 5
        for key in KEYS:
            assert f"--{key} " in out


def examples(text: str) -> list[list[str]]:
    """The commands of a help text, as a shell splits them."""
    joined = text.replace("\\\n", " ")
    return [shlex.split(one) for one in re.findall(r"^  (messnetz export .*)", joined, re.MULTILINE)]


@pytest.mark.parametrize(
    "words",
    [one for text in (str(command.HELP), GERMAN[str(command.HELP)]) for one in examples(text)],
    ids=" ".join,
)
def test_an_example_of_the_help_asks_for_what_can_be(
    words: list[str], run: Run, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Ask, Path | None]] = []

    def note(ask: Ask, _settings: Any, out: Path | None) -> Any:
        asked.append((ask, out))
        raise typer.Exit

    monkeypatch.setattr(command, "_export", note)
    assert run(*words[1:], "-c", str(town.config))[0] == 0
    ((ask, out),) = asked
    assert out is not None
    assert out.suffix.removeprefix(".") in {ask.format, "csv"}


def test_every_option_reaches_what_is_asked(run: Run, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Ask] = []

    def note(ask: Ask, _settings: Any, _out: Path | None) -> Any:
        asked.append(ask)
        raise typer.Exit

    monkeypatch.setattr(command, "_export", note)
    said = {
        "site": "s",
        "device": "d",
        "quantity": "q",
        "municipality": "m",
        "district": "i",
        "label": "l",
        "begin": "b",
        "to": "t",
        "last": "a",
        "every": "1h",
        "aggregate": "max",
        "figures": "traffic",
        "suspect": "drop",
        "format": "gpkg",
        "shape": "long",
        "audience": "open",
        "lang": "en",
    }
    names = {field: key for key, field in KEYS.items()}
    words = [word for field, value in said.items() for word in (f"--{names[field]}", value)]
    assert run("export", *words, "--site", "z", "-c", str(town.config))[0] == 0
    several = {"device", "quantity", "municipality", "district", "label"}
    wanted = {field: (value,) if field in several else value for field, value in said.items()}
    assert asked == [Ask(**(wanted | {"site": ("s", "z")}))]


def test_every_key_is_an_option() -> None:
    params: list[Any] = typer.main.get_command(cli.app).commands["export"].params  # type: ignore[attr-defined]  # a group
    options = {word.removeprefix("--") for one in params for word in one.opts if word.startswith("--")}
    assert options - KEYS.keys() == {"out", "config", "json"}
    assert KEYS.keys() <= options


def test_the_command_line_starts_without_the_libraries_of_exports() -> None:
    heavy = ("pyarrow", "pyogrio", "xlsxwriter", "publish.export.run", "publish.export.choose")
    code = f"import ingest.cli, sys; print([one for one in {heavy!r} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
