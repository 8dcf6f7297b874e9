"""The planners' page in a browser: the form, the preview, every file that it gives, what axe-core says."""

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Download, Page, sync_playwright
from pyarrow import parquet

from publish.export.ask import FORMATS
from tests.planners import FIRST, LOGIN, PARTNERS, set_up
from tests.servers.messnetz import Messnetz
from tests.servers.process import find_program, missing

LANGUAGES = ("de", "en")
WIDE, NARROW = 1280, 320
#: Three days in which all sensors spoke from their begin to their end, on the clock of the sites.
_ZONE = ZoneInfo("Europe/Berlin")
BEGIN = FIRST.replace(tzinfo=_ZONE) + timedelta(days=1)
END = BEGIN + timedelta(days=3)
#: Values in that time, one in five minutes, of one of the sites.
VALUES = int(END.timestamp() - BEGIN.timestamp()) // 300


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Messnetz]:
    """The real service with values of three sites."""
    folder = tmp_path_factory.mktemp("town")
    town = set_up(folder, sensors=3)
    town.fill(2000)
    running = Messnetz(folder, json.loads(town.config.read_text()))
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def base(service: Messnetz) -> str:
    return f"http://127.0.0.1:{service.status()['planners_port']}/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = find_program("chromium", "MESSNETZ_TEST_CHROMIUM")
    program = program or missing("Chromium is missing: `apt-get install chromium`")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[Open]:
    """Opens a page of the address in a window of its own: language, width, login, script or none."""
    contexts = []

    def opened(
        path: str = "",
        *,
        language: str = "de",
        width: int = WIDE,
        login: tuple[str, str] = LOGIN,
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            locale=f"{language}-{language.upper()}" if language == "de" else "en-GB",
            viewport={"width": width, "height": 900},
            http_credentials={"username": login[0], "password": login[1]},
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{base}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()


def fill_in(page: Page, form: str) -> None:
    """Choose one quantity at one site, three days, every value, and the format."""
    page.get_by_label("PM10 (µg/m³)").check()
    page.get_by_label("Platz 1", exact=True).check()
    page.get_by_label("von", exact=True).fill(f"{BEGIN:%Y-%m-%d}")
    page.get_by_label("bis einschließlich").fill(f"{END - timedelta(days=1):%Y-%m-%d}")
    page.get_by_label("Werte", exact=True).select_option("raw")
    page.locator(f'input[name="format"][value="{form}"]').check()
    page.get_by_role("button", name="Vorschau zeigen").click()


def read_csv(path: Path) -> list[float]:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert {row["device"] for row in rows} == {"luft-01"}
    return [float(row["value"]) for row in rows]


def read_german_csv(path: Path) -> list[float]:
    text = path.read_text(encoding="utf-8-sig")
    heads, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert heads[:3] == ["Zeit (UTC)", "Ortszeit", "UTC-Versatz"]
    column = next(n for n, head in enumerate(heads) if head.startswith("Platz 1 PM10"))
    return [float(row[column].replace(",", ".")) for row in rows if row[column]]


def read_workbook(path: Path) -> list[float]:
    book = openpyxl.load_workbook(path, read_only=True)
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        for row in rows:
            heads = [str(cell) for cell in row if cell is not None]
            if any(head.startswith("Platz 1 PM10") for head in heads) and "Ortszeit" in heads:
                column = next(n for n, cell in enumerate(row) if str(cell).startswith("Platz 1 PM10"))
                return [float(cells[column]) for cells in rows if cells[column] is not None]
    raise AssertionError(book.sheetnames)


def read_parquet(path: Path) -> list[float]:
    return [float(value) for value in parquet.read_table(path).column("value").to_pylist()]


def read_geojson(path: Path) -> list[float]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [float(one["properties"]["value"]) for one in features]


def read_geopackage(path: Path) -> list[float]:
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("SELECT count(*) FROM standorte").fetchone()[0] == 1
        return [float(value) for (value,) in connection.execute("SELECT value FROM messwerte")]
    finally:
        connection.close()


def read_ndjson(path: Path) -> list[float]:
    return [float(json.loads(line)["value"]) for line in path.read_text(encoding="utf-8").splitlines()]


READERS: dict[str, Callable[[Path], list[float]]] = {
    "csv": read_csv,
    "csv-de": read_german_csv,
    "xlsx": read_workbook,
    "parquet": read_parquet,
    "geojson": read_geojson,
    "gpkg": read_geopackage,
    "ndjson": read_ndjson,
}


def saved(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_the_form_gives_the_file_that_its_preview_shows(open_page: Open, form: str, tmp_path: Path) -> None:
    page = open_page()
    fill_in(page, form)
    assert "PM10; Platz 1;" in page.locator(".asked").inner_text()
    assert f"Werte: {VALUES}." in page.locator("section.card").first.inner_text()
    assert page.locator("table.preview caption").inner_text().startswith("Die ersten 20 ")
    assert page.locator("svg.chart path").count() == 1
    button = page.locator("a.button")
    assert "etwa" in button.inner_text()
    with page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename.startswith("messnetz-Platz-1-pm10-")
    assert READERS[form](saved(waiting.value, tmp_path)) == written()


def written() -> list[float]:
    """What `tests.exports.Town.fill` wrote for the second sensor in that time."""
    first = (int(BEGIN.timestamp()) - int(FIRST.timestamp())) // 300
    return [(place * 7919 + 2) % 1000 / 10 for place in range(first, first + VALUES)]


def test_other_formats_and_the_description_are_a_click_away(open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    fill_in(page, "xlsx")
    page.get_by_text("Andere Formate").click()
    links = page.locator("section.card").first.locator("details a")
    formats = {
        parse_qs(urlsplit(str(one.get_attribute("href"))).query)["format"][0]: one for one in links.all()
    }
    assert set(formats) == set(FORMATS) - {"xlsx"}
    with page.expect_download() as waiting:
        formats["csv"].click()
    assert read_csv(saved(waiting.value, tmp_path)) == written()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="ZIP").click()
    assert "datapackage.json" in zipfile.ZipFile(saved(waiting.value, tmp_path)).namelist()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSON").first.click()
    assert json.loads(saved(waiting.value, tmp_path).read_text(encoding="utf-8"))["resources"]


def test_the_address_to_copy_gives_the_same_file(open_page: Open, base: str) -> None:
    page = open_page()
    fill_in(page, "csv")
    address = page.get_by_label("Adresse dieser Datei").input_value()
    assert address.startswith(f"{base}export?")
    answer = page.request.get(address)
    assert answer.status == 200
    assert len(answer.text().splitlines()) == VALUES + 1


def test_the_form_keeps_what_was_chosen_and_begins_anew_when_told_to(open_page: Open) -> None:
    page = open_page()
    fill_in(page, "csv-de")
    assert page.get_by_label("PM10 (µg/m³)").is_checked()
    assert not page.get_by_label("PM2,5 (µg/m³)").is_checked()
    assert page.get_by_label("Platz 1", exact=True).is_checked()
    assert page.get_by_label("von", exact=True).input_value() == f"{BEGIN:%Y-%m-%d}"
    assert page.get_by_label("Werte", exact=True).input_value() == "raw"
    assert page.get_by_label("CSV für deutsches Excel").is_checked()
    page.get_by_role("link", name="English").click()
    assert page.get_by_label("PM10 (µg/m³)").is_checked()
    assert page.get_by_role("button", name="Show preview").is_visible()
    page.get_by_role("link", name="Start anew").click()
    assert not page.get_by_label("PM10 (µg/m³)").is_checked()


def test_it_works_with_the_keyboard_alone_and_without_scripts(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Zum Inhalt"
    page.locator('input[name="quantity"]').first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # sends a form from any of its fields
    page.wait_for_url("**/*quantity=*")
    assert page.locator("form").is_visible()


def test_a_wrong_entry_is_said_first_and_leads_to_its_field(open_page: Open) -> None:
    page = open_page("?site=Platz+9&last=30d&format=csv")
    alert = page.get_by_role("alert")
    assert "Platz 9" in alert.inner_text()
    assert "Was zu tun ist: " in alert.inner_text()
    alert.get_by_role("link", name="Zum Feld").click()
    target = page.locator(urlsplit(page.url).fragment.join(("#", "")))
    assert target.get_attribute("name") == "site"
    assert target.get_attribute("aria-invalid") == "true"
    assert "Platz 9" in page.locator("#wrong").inner_text()


PAGES = {
    "form": "?lang={lang}",
    "preview": "?lang={lang}&quantity=pm10&quantity=pm2_5&last=90d&format=xlsx",
    "wrong entry": "?lang={lang}&site=nowhere&last=30d",
    "no file": "export?lang={lang}&last=3x",
    "nothing there": "nowhere?lang={lang}",
    "nothing in that time": "?lang={lang}&from=2020-01-01&to=2020-01-02",
}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    open_page: Open, language: str, width: int, scheme: str
) -> None:
    page = open_page(language=language, width=width, color_scheme=scheme)
    for name, path in PAGES.items():
        page.goto(urlsplit(page.url)._replace(path="/", query="").geturl() + path.format(lang=language))
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page).response
        wrong = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
        assert wrong == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("document.documentElement.lang") == language


def test_axe_finds_nothing_where_sites_are_many(browser: Browser, tmp_path: Path) -> None:
    town = set_up(tmp_path, sensors=60)
    service = Messnetz(tmp_path, json.loads(town.config.read_text()))
    service.start()
    try:
        context = browser.new_context(
            http_credentials={"username": LOGIN[0], "password": LOGIN[1]},
            viewport={"width": NARROW, "height": 900},
        )
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{service.status()['planners_port']}/?site=Platz+7&site=Nirgends&last=1d")
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
        context.close()
    finally:
        service.kill()


def test_partners_are_offered_what_is_for_them(open_page: Open) -> None:
    page = open_page(login=PARTNERS)
    offered = page.get_by_label("Für wen es ist").locator("option").all_inner_texts()
    assert "für den internen Gebrauch" not in offered
