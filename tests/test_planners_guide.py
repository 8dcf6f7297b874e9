"""The planners' guide: each command is run in its order, answers what it says, and draws what it shows.

With `MESSNETZ_WRITE_PICTURES=1` the pictures in docs/ are what the examples drew.
"""

import asyncio
import contextlib
import csv
import difflib
import inspect
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self, get_args

import openpyxl
import pytest

from devices import language as languages
from devices.language import Language
from ingest import settings_file
from ingest.counts import Counts
from ingest.events import Events
from ingest.registry_files import load_registry
from ingest.settings import Settings
from publish.export import heads, reasons, vocabulary
from publish.export.ask import FORMATS, Every
from publish.planners import login
from publish.planners.app import planners
from tests import guide, planners_city
from tests.guide import Command, File
from tests.installed import install
from tests.planners import Log
from tests.servers.process import ROOT, find_program, missing

DOCS = ROOT / "docs"
LANGUAGES: tuple[Language, ...] = ("de", "en")
ADDRESS = "localhost:9465"
LOGIN = ("planung", "geheim")
DRAWN = ROOT / "tests/drawn.py"
#: Of lines in charts: ours in workbooks, and those that the scripts take.
LINES = ("#0072b2", "#d55e00")
WRITES = os.environ.get("MESSNETZ_WRITE_PICTURES") == "1"


def read(language: str) -> str:
    return (DOCS / f"planners.{language}.md").read_text(encoding="utf-8")


class Address:
    """The planners' address of a city in a thread of its own: nobody takes its old values away."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._ready, self._end = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self.port = 0

    async def _serve(self) -> None:
        registry = load_registry(self._settings)
        async with planners(self._settings, lambda: registry, Events(Counts(), Log())) as port:
            self.port = port
            self._ready.set()
            await self._end.wait()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._loop.close()


class Planner:
    """Someone who does what the guide says, in a folder of their own."""

    def __init__(self, folder: Path, city: Path, port: int, language: Language) -> None:
        self.folder = folder / "desk"
        self.language = language
        self._port = port
        self._here = {"/opt/messnetz/config": ROOT / "config"}
        for told in ("/etc/systemd/system", "/srv/share"):
            self._here[told] = folder / told.lstrip("/")
            self._here[told].mkdir(parents=True)
        self.folder.mkdir()
        programs = folder / "bin"
        programs.mkdir()
        for name, line in (
            ("messnetz", f'exec {sys.executable} -m ingest "$@"'),
            ("python3", 'exec /usr/bin/python3 "$@"'),
            ("systemctl", f'echo "$*" >> {folder}/asked'),
        ):
            (programs / name).write_text(f"#!/bin/sh\n{line}\n")
            (programs / name).chmod(0o755)
        self._environment = os.environ | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "MESSNETZ_CONFIG": str(city / f"{language}.yaml"),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            "QT_QPA_PLATFORM": "offscreen",
            "MPLCONFIGDIR": str(folder),
            "NO_COLOR": "1",
            "TERM": "dumb",
            "COLUMNS": "400",
        }
        self._done: set[int] = set()

    def follow(self, number: int) -> None:
        """Do a chapter, after the first one, whose files the others need."""
        for chapter in sorted({1, number} - self._done):
            self._done.add(chapter)
            for step in guide.steps(guide.section(read(self.language), chapter)):
                match step:
                    case File(path, text):
                        guide.write(self.folder, File(path, text.replace(ADDRESS, self.address)))
                    case Command():
                        self._agree(step)

    def run(self, typed: str) -> "subprocess.CompletedProcess[str]":
        """One command, as at this desk."""
        typed = typed.replace(ADDRESS, self.address)
        for told, real in self._here.items():
            typed = typed.replace(told, str(real))
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", typed],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def word(self, german: str, english: str) -> str:
        """The guide's own word."""
        return german if self.language == "de" else english

    def has(self, command: str) -> bool:
        """Whether a program is there."""
        return self.run(command).returncode == 0

    def place(self, told: str) -> Path:
        """Where a folder of the guide's server is here."""
        return self._here[told]

    def _agree(self, command: Command) -> None:
        done = self.run(command.typed)
        assert done.returncode == 0, (command.typed, done.stdout, done.stderr)
        said = done.stdout
        for told, real in self._here.items():
            said = said.replace(str(real), told)
        differs = difflib.unified_diff(command.answer.splitlines(), said.splitlines(), lineterm="")
        assert guide.agrees(command.answer, said), "\n".join([f"$ {command.typed}", *differs])

    @property
    def address(self) -> str:
        """Of the city, in the place of the guide's."""
        return f"localhost:{self._port}"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of the city, its logins and settings in either language."""
    folder = tmp_path_factory.mktemp("city")
    planners_city.fill(folder)
    (folder / "login").write_text("\n".join(LOGIN) + "\n", encoding="utf-8")
    exports = {"exports": {"login_file": "login", "port": 0}, "alarms": {"disk_free_bytes": 0}}
    for language in LANGUAGES:
        install(folder, f"{language}.yaml", language=language, **exports)
    return folder


@pytest.fixture(scope="module", params=LANGUAGES)
def planner(
    request: pytest.FixtureRequest, city: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Planner]:
    language: Language = request.param
    before = languages.current()
    languages.use(language)
    settings = settings_file.load(city / f"{language}.yaml")
    try:
        with Address(settings) as address:
            yield Planner(tmp_path_factory.mktemp(language), city, address.port, language)
    finally:
        languages.use(before)


# --- what is true -----------------------------------------------------------------------------------------


def stored(city: Path, measurement: str, device: str) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """What a place said, oldest first: fields and tags together."""
    rows = (
        "SELECT time_ns, tags, fields FROM points JOIN series ON series = id"
        " WHERE measurement = ? AND device = ? ORDER BY time_ns"
    )
    with contextlib.closing(sqlite3.connect(city / "state/store.db")) as store:
        for time_ns, tags, fields in store.execute(rows, (measurement, device)):
            yield datetime.fromtimestamp(time_ns // 10**9, UTC), json.loads(tags) | json.loads(fields)


def counted(city: Path, device: str, way: str) -> list[int | None]:
    """What passed in that direction on each day of October, None for days that were not counted whole."""
    found: dict[date, list[int]] = {date(2026, 10, day): [] for day in range(1, 32)}
    for when, said in stored(city, "traffic", device):
        if said["direction"] == way:
            found[when.astimezone(planners_city.ZONE).date()].append(said["count"])
    whole = {day: 150 if day == date(2026, 10, 25) else 144 for day in found}
    return [sum(counts) if len(counts) == whole[day] else None for day, counts in found.items()]


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def run_python(*words: str) -> "subprocess.CompletedProcess[str]":
    """Debian's Python, for what has no place in our environment."""
    return subprocess.run(["/usr/bin/python3", *words], capture_output=True, text=True, check=False)


def look(picture: Path) -> dict[str, Any]:
    """Its size, and how often it has which colour."""
    done = run_python(str(DRAWN), "look", str(picture))
    if "No module named 'PIL'" in done.stderr:
        missing("Pillow is missing: apt-get install python3-pil")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def keep(planner: Planner, name: str, *pictures: Path) -> None:
    """Make it a picture of the docs."""
    target = DOCS / f"pictures/planners-{name}.{planner.language}.png"
    done = run_python(str(DRAWN), "save", str(target), *map(str, pictures))
    assert done.returncode == 0, done.stderr


def photograph(url: str, target: Path, language: str) -> None:
    """The upper part of a page in Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where pictures are made

    program = find_program("chromium", "MESSNETZ_TEST_CHROMIUM") or missing(
        "Chromium is missing: apt-get install chromium"
    )
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 1150, "height": 1000},
            locale={"de": "de-DE", "en": "en-GB"}[language],
            http_credentials={"username": LOGIN[0], "password": LOGIN[1]},
        )
        page.goto(f"http://{url}")
        chart = page.locator("svg").last.bounding_box()
        assert chart is not None
        height = chart["y"] + chart["height"] + 68
        page.screenshot(path=target, full_page=True, clip={"x": 0, "y": 0, "width": 1150, "height": height})
        browser.close()


# --- the chapters -----------------------------------------------------------------------------------------


def test_1_a_file(planner: Planner, city: Path) -> None:
    planner.follow(1)
    rows = read_csv(planner.folder / planner.word("marktplatz.csv", "marktplatz.csv"))
    assert [(row["time"], float(row["value"]), int(row["flag"])) for row in rows] == [
        (f"{when:%Y-%m-%dT%H:%M:%SZ}", fields["pm2_5"], fields["qc"])
        for when, fields in stored(city, "air_quality", "luft-marktplatz")
    ]


def test_1_the_page_shows_what_the_picture_shows(planner: Planner, tmp_path: Path) -> None:
    query = f"lang={planner.language}&quantity=pm2_5&site=Marktplatz&site=Westanlage&values=1h&format=xlsx"
    url = f"{ADDRESS}/?{query}&from=2026-10-12&to=2026-10-18"
    page = planner.run(f"curl --silent --fail --user {':'.join(LOGIN)} 'http://{url}'").stdout
    assert "<svg" in page
    assert "Westanlage PM2" in page
    if WRITES:
        photograph(url.replace(ADDRESS, planner.address), tmp_path / "page.png", planner.language)
        keep(planner, "page", tmp_path / "page.png")


def test_2_excel(planner: Planner, city: Path) -> None:
    planner.follow(2)
    file = planner.folder / planner.word("verkehr.xlsx", "traffic.xlsx")
    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    heads = [str(head) for head in rows[0]]
    for way in ("stadteinwärts", "stadtauswärts"):
        days = counted(city, "verkehr-marburger-strasse", way)
        [column] = [number for number, head in enumerate(heads) if head.endswith(way)]
        assert [row[column] for row in rows[1:]] == days
        assert days.count(None) == 1


def test_2_libreoffice_shows_the_workbook(planner: Planner, tmp_path: Path) -> None:
    office = find_program("soffice", "MESSNETZ_TEST_SOFFICE") or missing(
        "LibreOffice is missing: apt-get install libreoffice-calc"
    )
    pages = shutil.which("pdftoppm") or missing("pdftoppm is missing: apt-get install poppler-utils")
    planner.follow(2)
    file = planner.folder / planner.word("verkehr.xlsx", "traffic.xlsx")
    locale = planner.word("de_DE", "en_GB")
    made = planner.run(
        f"LC_ALL={locale}.UTF-8 {office} -env:UserInstallation=file://{tmp_path}/profile --headless"
        f" --convert-to pdf --outdir {tmp_path} {file}"
        f" && {pages} -r 120 -png {tmp_path}/{file.stem}.pdf {tmp_path}/page"
    )
    assert made.returncode == 0, made.stderr
    found = sorted(tmp_path.glob("page*.png"))
    charts = [one for one in found if {*LINES} <= set(look(one)["colours"])]
    assert len(charts) == 1
    if WRITES:
        keep(planner, "excel", found[0], charts[0])


def test_3_qgis(planner: Planner, city: Path) -> None:
    if run_python("-c", "import qgis.core").returncode:
        missing("PyQGIS is missing: apt-get install python3-qgis")
    planner.follow(3)
    drawn = planner.folder / planner.word("karte.png", "map.png")
    seen = look(drawn)
    assert seen["size"] == [1286, 909]
    assert sum(seen["colours"].get(colour, 0) > 300 for colour in ("#fee8c8", "#fdbb84", "#ef6548")) >= 3
    if WRITES:
        keep(planner, "map", drawn)


def test_4_r_and_python(planner: Planner) -> None:
    if not planner.has("Rscript -e 'library(readr)'"):
        missing("R with readr is missing: apt-get install r-base-core r-cran-readr")
    if not planner.has("python3 -c 'import matplotlib, pandas'"):
        missing("pandas or matplotlib is missing: apt-get install python3-pandas python3-matplotlib")
    planner.follow(4)
    week = planner.folder / planner.word("wochengang.png", "week.png")
    days = planner.folder / planner.word("tagesmittel.png", "days.png")
    seen = look(week)
    assert seen["size"] == [1400, 640]
    assert all(seen["colours"][colour] > 2000 for colour in LINES)
    seen = look(days)
    assert seen["size"] == [1404, 598]
    assert all(seen["colours"][colour] > 1000 for colour in LINES)
    assert seen["colours"]["#e0edf5"] > 10_000  # days without a mean
    if WRITES:
        keep(planner, "week", week)
        keep(planner, "days", days)


def test_5_figures(planner: Planner, city: Path) -> None:
    planner.follow(5)
    rows = read_csv(planner.folder / planner.word("kennzahlen.csv", "figures.csv"))
    [cars] = [
        float(row["value"])
        for row in rows
        if (row["vehicle_class"], row["figure"]) == ("car", "daily_volume") and " + " in row["direction"]
    ]
    [heavy] = [
        float(row["value"])
        for row in rows
        if (row["vehicle_class"], row["figure"]) == ("motor_vehicles", "heavy_share")
        and " + " in row["direction"]
    ]
    sums = dict.fromkeys(("car", "truck"), 0)
    for _, fields in stored(city, "traffic", "verkehr-licher-strasse"):
        if fields["vehicle_class"] in sums:
            sums[fields["vehicle_class"]] += fields["count"]
    assert cars == round(sums["car"] / 31, 1)
    assert heavy == round(100 * sums["truck"] / sum(sums.values()), 1)


def test_6_every_month(planner: Planner) -> None:
    planner.follow(6)
    asked = (planner.folder.parent / "asked").read_text(encoding="utf-8")
    assert asked == "enable --now messnetz-export.timer\n"
    assert {path.name for path in planner.place("/etc/systemd/system").iterdir()} == {
        "messnetz-export.service",
        "messnetz-export.timer",
    }


def test_8_what_is_wrong(planner: Planner) -> None:
    planner.follow(8)


@pytest.mark.parametrize("language", LANGUAGES)
def test_8_every_message_of_the_table_is_one_of_ours(language: Language) -> None:
    """`…` stands for what differs."""
    said = languages._german().values() if language == "de" else languages._german().keys()
    known = [re.sub(r"\{\w+\}", "…", words) for words in (*said, login._WORDS)]
    told = re.findall(r"^\| (\d{3}): `([^`]+)`", guide.section(read(language), 8), re.MULTILINE)
    assert {status for status, _ in told} == {"401", "400", "404", "413", "503", "504"}
    for _, words in told:
        assert any(words in one for one in known), words


def test_8_what_is_too_large_is_413(city: Path) -> None:
    settings = settings_file.load(city / "de.yaml")
    small = settings.model_copy(update={"exports": settings.exports.model_copy(update={"megabytes": 1})})
    with Address(small) as address:
        query = "from=2026-10-01&to=2026-10-31&lang=de"
        url = f"http://localhost:{address.port}/export?{query}"
        how = ["--silent", "--user", ":".join(LOGIN), "--write-out", "%{http_code}"]
        said = subprocess.run(["curl", *how, url], capture_output=True, text=True, check=True).stdout
    assert "erlaubt sind 1 MB" in said
    assert said.endswith("413")


# --- what comes from the code is all there ----------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_window_reason_column_and_figure_is_explained(language: Language) -> None:
    text = read(language)
    formats = {guide.in_code(row[0]) for row in guide.rows(guide.section(text, 1))}
    assert formats == set(FORMATS)
    chapter = guide.section(text, 7)
    for every in get_args(Every):
        assert f"`{every}`" in chapter
    tables = [guide.rows(part) for part in re.split(r"\n\n(?!\|)", chapter) if "\n|---" in f"\n{part}"]
    columns, _flags, reasons_told = tables
    assert {guide.in_code(row[0]): row[1] for row in columns} == {
        name: heads.head(name, language) for name in column_names()
    }
    assert {guide.in_code(row[0]): row[1] for row in reasons_told} == {
        reason: reasons.word(reason).in_language(language) for reason in reasons.REASONS
    }
    assert {guide.in_code(row[1]): (row[0], row[3]) for row in guide.rows(guide.section(text, 5))} == {
        name: (vocabulary.title(name, language), vocabulary.formula(name, language))
        for name in vocabulary.FIGURES
    }


def column_names() -> list[str]:
    """Every column that has a head."""
    return re.findall(r'^ +"(\w+)": \(', inspect.getsource(heads._said), re.MULTILINE)


def test_both_guides_have_the_same_chapters_and_commands() -> None:
    german, english = (read(language) for language in LANGUAGES)
    assert [level for level, _ in guide.headings(german)] == [level for level, _ in guide.headings(english)]
    done = [
        [step.typed.split()[0] if isinstance(step, Command) else type(step) for step in guide.steps(text)]
        for text in (german, english)
    ]
    assert done[0] == done[1]


def test_the_german_guide_addresses_nobody_by_sie_or_du() -> None:
    words = r"\b(?:Ihnen|Ihre?[mnrs]?\b(?= [a-z])|[Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b|(?<![.:] )\bSie\b"
    assert re.findall(words, read("de")) == []


def test_every_chapter_of_the_table_is_there() -> None:
    for language in LANGUAGES:
        text = read(language)
        numbers = [int(number) for number in re.findall(r"^\| .* \| \[(\d+)\]", text, re.MULTILINE)]
        titles = [int(words.split(".")[0]) for level, words in guide.headings(text) if level == 2]
        assert numbers == titles == list(range(1, len(titles) + 1))


def test_every_picture_is_there_and_small() -> None:
    for language in LANGUAGES:
        pictures = re.findall(r"\]\((pictures/[^)]+)\)", read(language))
        assert len(pictures) == 5
        for name in pictures:
            assert name.endswith(f".{language}.png")
            assert 10_000 < (DOCS / name).stat().st_size < 150_000
