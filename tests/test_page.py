import asyncio
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import Device
from devices.quantity import CATALOGUE, Quantity
from devices.reading import Flag
from devices.registry import Registry
from ingest.seams import Row, Store, StoreUnavailable
from ingest.store.embedded import EmbeddedStore
from publish import chart, german
from publish.html import Markup, join, tag
from publish.page import create_page
from publish.readings import Point, Shown
from tests.city import day, judged, load_giessen
from tests.fakes.store import FakeStore
from tests.street import HOUR, MINUTE, NOON, SECOND

STYLE = Path(__file__).parent.parent / "publish" / "static" / "page.css"
VOID = {"br", "input", "link", "meta"}


@dataclass
class Element:
    """An element of a page with what it holds."""

    name: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def all(self, *names: str) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                if not names or child.name in names:
                    yield child
                yield from child.all(*names)

    def one(self, name: str) -> "Element":
        (found,) = self.all(name)
        return found

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(name, {key: value or "" for key, value in attributes})
        assert len(element.attributes) == len(attributes)
        self._open[-1].children.append(element)
        if name not in VOID:
            self._open.append(element)

    def handle_endtag(self, name: str) -> None:
        assert self._open.pop().name == name

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def read(self, text: str) -> Element:
        self.feed(text)
        self.close()
        assert self._open == [self.root]
        return self.root


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def root(self) -> Element:
        return Reader().read(self.body)


async def ask(store: Store, registry: Registry, path: str = "/", query: str = "", **options: Any) -> Answer:
    app = create_page(store, lambda: registry, now_ns=lambda: NOON, **options)
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [],
        "root_path": "",
    }
    await app(scope, receive, send)
    headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:]).decode())


@pytest.fixture(scope="module")
def giessen() -> Registry:
    return load_giessen()


@pytest.fixture(scope="module")
def stored(giessen: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of the sample city in a store."""
    path = tmp_path_factory.mktemp("page") / "store.db"
    lines = [line for _, verdict in judged(day(giessen), giessen) for line in verdict.lines]

    async def write() -> None:
        store = EmbeddedStore(path, lambda: NOON)
        assert list(await store.write(lines)) == []
        await store.close()

    asyncio.run(write())
    return path


def city_page(path: Path, registry: Registry, query: str = "", **options: Any) -> Answer:
    async def run() -> Answer:
        store = EmbeddedStore(path, lambda: NOON)
        try:
            return await ask(store, registry, query=query, **options)
        finally:
            await store.close()

    return asyncio.run(run())


@pytest.fixture(scope="module")
def answer(stored: Path, giessen: Registry) -> Answer:
    return city_page(stored, giessen, simulated=True)


@pytest.fixture(scope="module")
def page(answer: Answer) -> Element:
    return answer.root


class Rows(FakeStore):
    """A store of these rows."""

    def __init__(self, *rows: tuple[str, Row]) -> None:
        super().__init__()
        self.rows = rows

    async def latest(
        self, measurement: str, fields: Sequence[str], since_ns: int, before_ns: int | None = None
    ) -> Sequence[Row]:
        del fields, since_ns, before_ns
        return [row for name, row in self.rows if name == measurement]

    async def series(
        self, measurement: str, fields: Sequence[str], device: str, begin_ns: int, end_ns: int
    ) -> Sequence[Row]:
        del fields, device, begin_ns, end_ns
        return [row for name, row in self.rows if name == measurement]


def made(giessen: Registry, row: Row, measurement: str = "air_quality", query: str = "") -> Element:
    answer = asyncio.run(ask(Rows((measurement, row)), giessen, query=query))
    assert answer.status == 200
    return answer.root


def test_every_place_that_spoke_has_its_latest_readings(page: Element, giessen: Registry) -> None:
    sites = {cell.text for cell in page.all("th") if cell.attributes.get("role") == "rowheader"}
    for device in giessen.devices.values():
        assert any(device.site in site for site in sites)


def test_it_speaks_german_has_a_title_and_a_way_past_the_header(page: Element) -> None:
    html = page.one("html")
    assert html.attributes["lang"] == "de"
    assert html.one("head").one("title").text == "Messwerte aus der Stadt – Messnetz"
    first_link = next(html.all("a"))
    assert first_link.text == "Zum Inhalt"
    assert first_link.attributes["href"] == "#" + html.one("main").attributes["id"]


def test_headings_go_down_step_by_step(page: Element) -> None:
    levels = [int(heading.name[1]) for heading in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_headers_that_say_what_they_head(page: Element) -> None:
    tables = list(page.all("table"))
    assert len(tables) > 4
    for table in tables:
        assert table.one("caption").text
        assert all(head.attributes["scope"] in {"col", "row"} for head in table.all("th"))
        width = len(list(next(table.all("tr")).all("th", "td")))
        assert all(len(list(row.all("th", "td"))) == width for row in table.all("tr"))


def test_tables_that_become_blocks_keep_their_roles(page: Element) -> None:
    for table in page.all("table"):
        if "latest" in table.attributes["class"]:
            roles = {
                element.name: element.attributes.get("role") for element in table.all("tbody", "tr", "td")
            }
            assert roles == {"tbody": "rowgroup", "tr": "row", "td": "cell"}
            assert all(cell.attributes["data-label"] for cell in table.all("td"))


def test_every_control_has_a_label_and_every_id_is_one_element_s(page: Element) -> None:
    labels = {label.attributes["for"] for label in page.all("label")}
    assert {select.attributes["id"] for select in page.all("select")} == labels
    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    targets = [
        link.attributes["href"][1:] for link in page.all("a") if link.attributes["href"].startswith("#")
    ]
    assert set(targets) <= set(ids)


def test_nothing_comes_from_elsewhere_and_nothing_runs(answer: Answer, page: Element) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not list(page.all("script", "style", "iframe", "img"))
    for element in page.all():
        assert not any(name.startswith("on") or name == "style" for name in element.attributes)
        for name in ("href", "src", "action"):
            assert not re.match(r"(?i)https?:|//|javascript:", element.attributes.get(name, ""))
    assert not any(meta.attributes.get("http-equiv") for meta in page.all("meta"))  # no reload by itself


def test_the_style_sheet_is_served_and_loads_nothing(giessen: Registry) -> None:
    answer = asyncio.run(ask(FakeStore(), giessen, "/page.css"))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.body == STYLE.read_text("utf-8")
    assert "url(" not in answer.body
    assert "@import" not in answer.body


def test_units_are_spelled_out_where_their_signs_stand(page: Element) -> None:
    for section in page.all("section"):
        signs = {sign.text.strip() for sign in section.all("span") if sign.attributes.get("class") == "sign"}
        words = "".join(caption.text for caption in section.all("caption"))
        assert all(f"{sign} bedeutet " in words for sign in signs)


def test_a_simulated_city_says_so_and_another_does_not(
    page: Element, stored: Path, giessen: Registry
) -> None:
    assert "Simulierte Werte." in page.text
    assert "keine amtlichen Messungen" in page.text
    assert "Simulierte" not in city_page(stored, giessen).root.text


def test_the_chart_has_a_name_a_description_and_the_same_values_as_a_table(page: Element) -> None:
    picture = next(svg for svg in page.all("svg") if svg.attributes.get("role") == "img")
    named = picture.attributes["aria-labelledby"].split()
    assert [element.attributes["id"] for element in picture.all("title", "desc")] == named
    assert picture.one("title").text == "Feinstaub PM2,5, Alte Schule Wieseck: die letzten 24 Stunden"
    assert picture.one("desc").text in page.one("figure").text
    table = page.one("details").one("table")
    drawn = sum(len(re.findall("[ML]", path.attributes["d"])) for path in picture.all("path"))
    assert len(list(table.one("tbody").all("tr"))) == drawn
    assert drawn > 100


def test_counts_are_drawn_as_rates_and_lines_differ_by_more_than_colour(
    stored: Path, giessen: Registry
) -> None:
    page = city_page(stored, giessen, urlencode({"reihe": "rad-lahnuferweg/count"})).root
    assert "je Stunde" in page.one("figcaption").text
    lines = [path for path in page.all("path") if path.attributes["class"].startswith("line")]
    assert len(lines) == 2
    assert len({line.attributes.get("stroke-dasharray", "") for line in lines}) == 2
    legend = next(part for part in page.all("ul") if "legend" in part.attributes.get("class", ""))
    assert [entry.text.strip() for entry in legend.all("li")] == ["Richtung Marburg", "Richtung Wetzlar"]


def test_a_parking_bay_is_drawn_with_words_and_its_last_state_lasts(stored: Path, giessen: Registry) -> None:
    page = city_page(stored, giessen, urlencode({"reihe": "parken-brandplatz-02/occupied"})).root
    picture = next(svg for svg in page.all("svg") if svg.attributes.get("role") == "img")
    labels = {text.text for text in picture.all("text")}
    assert {"frei", "belegt"} <= labels
    (line,) = picture.all("path")
    assert line.attributes["d"].endswith("H100")
    assert {cell.text for cell in page.one("details").all("td")} <= {"frei", "belegt"}


def test_the_chosen_series_stays_chosen_and_an_unknown_one_is_none(stored: Path, giessen: Registry) -> None:
    chosen = "luft-westanlage/no2"
    page = city_page(stored, giessen, urlencode({"reihe": chosen})).root
    assert [o.attributes["value"] for o in page.all("option") if "selected" in o.attributes] == [chosen]
    odd = city_page(stored, giessen, "reihe=" + quote("../<b>\x00/pm10"))
    assert odd.status == 200
    assert "<b>" not in odd.body


def test_before_the_first_reading_it_says_so(giessen: Registry) -> None:
    answer = asyncio.run(ask(FakeStore(), giessen))
    assert answer.status == 200
    assert "Noch keine Messwerte" in answer.root.text
    assert not list(answer.root.all("table", "svg"))


def test_a_store_that_is_away_gives_503_and_a_sentence(giessen: Registry) -> None:
    class Away(FakeStore):
        async def latest(
            self, measurement: str, fields: Sequence[str], since_ns: int, before_ns: int | None = None
        ) -> Sequence[Row]:
            raise StoreUnavailable("down", hint=f"{measurement}{fields}{since_ns}{before_ns}")

    answer = asyncio.run(ask(Away(), giessen))
    assert answer.status == 503
    assert "Es geht nichts verloren" in answer.root.text


def test_hostile_names_are_text(giessen: Registry) -> None:
    evil = "<script>alert('x')</script>\"'&"
    device = replace(giessen.devices["luft-westanlage"], site=evil, district=evil)
    row = Row(NOON, {"device": device.id, "direction": evil}, {"pm2_5": 3.0})
    page = made(replace(giessen, devices={device.id: device}), row)
    assert not list(page.all("script"))
    heads = [head.text for head in page.all("th") if head.attributes.get("role") == "rowheader"]
    assert heads == [f"{evil}{evil}, {evil}"]


def test_quality_is_a_word_and_a_shape(giessen: Registry) -> None:
    tags = {"device": "luft-westanlage"}
    for fields, word in (
        ({"pm2_5": 3.0}, "● plausibel"),
        ({"pm2_5": 300.0, "pm2_5_qc": 3, "qc": 3}, "▲ auffällig"),
        ({"pm2_5_failed": -99.0, "qc": 4}, "✕ unplausibel"),
    ):
        page = made(giessen, Row(NOON, tags, fields))
        (cell,) = [td for td in page.all("td") if td.attributes.get("data-label") == "Feinstaub PM2,5"]
        assert cell.text.endswith(word)


def test_a_value_that_cannot_be_right_is_not_drawn(giessen: Registry) -> None:
    page = made(giessen, Row(NOON, {"device": "luft-westanlage"}, {"pm2_5_failed": -99.0}))
    assert "keine Werte" in page.one("main").text
    assert not list(page.all("svg"))


def test_devices_of_which_the_registry_knows_nothing_are_left_out(giessen: Registry) -> None:
    page = made(giessen, Row(NOON, {"device": "gone"}, {"pm2_5": 3.0}))
    assert "Noch keine Messwerte" in page.text


def test_an_interval_says_from_when_to_when(giessen: Registry) -> None:
    fields = {"count": 42, "interval": 600}
    row = Row(NOON - 10 * MINUTE, {"device": "rad-lahnuferweg", "direction": "A"}, fields)
    page = made(giessen, row, "traffic")
    (cell,) = [td for td in page.all("td") if td.attributes.get("data-label") == "Gemessen"]
    assert cell.text == "12:50 bis 13:00 Uhrgerade eben"


# --- colours


def schemes() -> list[dict[str, str]]:
    text = STYLE.read_text("utf-8")
    light, dark = re.findall(r":root \{([^}]*)\}", text)
    first = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return [first, first | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", schemes(), ids=["light", "dark"])
def test_contrast_is_enough_for_text_and_for_lines(colours: dict[str, str]) -> None:
    for ink in ("ink", "soft", "accent", "good", "suspect", "fail"):
        for ground in ("paper", "card"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert contrast(colours["notice-ink"], colours["notice"]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    for line in ("line-0", "line-1", "line-2", "line-3", "edge", "suspect"):
        assert contrast(colours[line], colours["card"]) >= 3, line


# --- markup, German and the chart's arithmetic


@given(st.text(), st.text())
def test_text_and_attributes_survive_as_they_are(text: str, value: str) -> None:
    printable = "".join(letter for letter in text if letter not in "\r\x00")
    attribute = "".join(letter for letter in value if letter not in "\r\x00")
    read = Reader().read(tag("p", printable, title=attribute)).one("p")
    assert read.text == printable
    assert read.attributes["title"] == attribute


def test_markup_is_not_escaped_twice_and_empty_attributes_are_left_out() -> None:
    assert join("a<", tag("b", "c&", hidden=True, id=None, lang=False)) == "a&lt;<b hidden>c&amp;</b>"
    assert isinstance(join("a"), Markup)


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [(1234.56, 1, "1.234,6"), (-0.25, 2, "−0,25"), (7, None, "7"), (1234567, None, "1.234.567")],
)
def test_numbers_are_german(number: float, decimals: int | None, text: str) -> None:
    assert german.number(number, decimals) == text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "gerade eben"),
        (59, "gerade eben"),
        (60, "vor 1 Minute"),
        (7199, "vor 1 Stunde"),
        (7200, "vor 2 Stunden"),
        (90_000, "vor 1 Tag"),
        (3 * 86_400, "vor 3 Tagen"),
    ],
)
def test_ages_are_words(seconds: float, words: str) -> None:
    assert german.age(seconds) == words


def test_times_are_local_with_their_zone() -> None:
    assert german.full_time(german.local(NOON)) == "01.03.2026, 13:00 Uhr MEZ"
    assert german.full_time(german.local(NOON + 90 * 24 * HOUR)) == "30.05.2026, 14:00 Uhr MESZ"


@pytest.mark.parametrize("quantity", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_quantity_that_a_page_can_show_has_a_german_name_and_unit(quantity: Quantity) -> None:
    if quantity.measurement in {"device", "gateway", ""} or quantity.name.endswith("_total"):
        return
    assert quantity.name in german.QUANTITIES
    assert quantity.unit in german.UNITS
    assert quantity.measurement in german.MEASUREMENTS


def points(values: Sequence[float]) -> list[Point]:
    return [
        Point(NOON - (len(values) - n) * MINUTE, Shown(value, Flag.GOOD)) for n, value in enumerate(values)
    ]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_every_point_lies_in_the_picture_and_the_scale_is_round(values: list[float]) -> None:
    line = chart.Line("", points(values))
    window = chart.frame([line], NOON - 24 * HOUR, NOON)
    for point in line.points:
        assert 0 <= window.x(point.time_ns) <= 100
        assert -1e-6 <= window.y(point.shown.value) <= 100 + 1e-6
    assert 0.999 <= (window.high - window.low) / window.step <= 7
    picture = Reader().read(chart.draw([line], window, "t", "d", None))
    assert list(picture.all("path"))


def test_a_line_is_broken_where_points_are_missing() -> None:
    gap = points([1, 2, 3, 4, 5, 6])
    later = [replace(point, time_ns=point.time_ns + 2 * HOUR) for point in points([7, 8])]
    window = chart.frame([chart.Line("", gap)], NOON - 24 * HOUR, NOON + 3 * HOUR)
    picture = chart.draw([chart.Line("", [*gap, *later])], window, "t", "d", None)
    (path,) = Reader().read(picture).all("path")
    assert path.attributes["d"].count("M") == 2


def spoken(*steps: tuple[int, int]) -> list[Point]:
    """Points that end at noon, `count` of them every `step_ns`, one after the other."""
    times = list(itertools.accumulate(itertools.chain(*([step] * count for count, step in steps))))
    return [Point(NOON - times[-1] + time, Shown(time % 7, Flag.GOOD)) for time in times]


def drawn(line: list[Point], label: Callable[[float], str] | None = None) -> tuple[str, list[Element]]:
    """The path and the marks of a day."""
    window = chart.frame([chart.Line("", line)], NOON - 24 * HOUR, NOON)
    picture = Reader().read(chart.draw([chart.Line("", line)], window, "t", "d", label))
    return picture.one("path").attributes["d"], list(picture.all("circle"))


def test_a_day_stays_one_line_when_a_place_begins_to_speak_more_often() -> None:
    path, marks = drawn(spoken((140, 10 * MINUTE), (600, 2 * SECOND)))
    assert path.count("M") == 1
    assert path.count("L") >= 140
    assert len(marks) == 1
    path, _ = drawn(spoken((600, 2 * SECOND), (140, 10 * MINUTE)))
    assert path.count("M") == 1


def test_a_point_alone_between_two_gaps_is_a_dot() -> None:
    path, marks = drawn(spoken((30, 10 * MINUTE), (1, 3 * HOUR), (1, 3 * HOUR), (30, 10 * MINUTE)))
    assert path.count("M") == 3
    assert len(marks) == 2, "itself and the last one"


def test_a_state_is_held_however_long_it_lasts() -> None:
    path, _ = drawn(spoken((30, 10 * MINUTE), (1, 8 * HOUR), (30, 10 * MINUTE)), str)
    assert path.count("M") == 1


def test_more_points_than_pixels_are_thinned_and_keep_their_extremes() -> None:
    many = spoken((43_000, 2 * SECOND))
    for index, value in ((20_000, 90.0), (20_001, -90.0)):
        many[index] = replace(many[index], shown=Shown(value, Flag.SUSPECT))
    path, marks = drawn(many)
    window = chart.frame([chart.Line("", many)], NOON - 24 * HOUR, NOON)
    assert path.count("M") == 1
    assert 1000 <= path.count("L") <= 4100
    for value in (90, -90):
        assert f" {window.y(value):.3f}" in path
    assert len(marks) == 3


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 2 * HOUR)), min_size=1, max_size=8))
def test_every_point_of_any_day_is_on_a_line_or_a_dot(steps: list[tuple[int, int]]) -> None:
    line = [point for point in spoken(*steps) if point.time_ns >= NOON - 24 * HOUR]
    path, marks = drawn(line)
    for stretch in path.split("M")[1:]:
        xs = [float(place.split()[0]) for place in stretch.split("L")]
        seen = xs[-1] - xs[0] >= 0.09
        assert seen or any(abs(float(mark.attributes["cx"][:-1]) - xs[-1]) < 0.01 for mark in marks)


def test_the_table_of_a_day_of_too_many_rows_says_that_it_leaves_some_out(giessen: Registry) -> None:
    rows = [
        ("air_quality", Row(NOON - n * 2 * SECOND, {"device": "luft-westanlage"}, {"pm2_5": 3.0}))
        for n in reversed(range(43_000))
    ]
    page = asyncio.run(ask(Rows(*rows), giessen)).root
    details = page.one("details")
    assert details.one("summary").text == (
        "288 von 43.000 Zeilen als Tabelle: die jüngste aus je fünf Minuten"
    )
    assert len(list(details.one("tbody").all("tr"))) == 288


def test_suspect_points_are_marked_by_shape() -> None:
    odd = [replace(point, shown=Shown(point.shown.value, Flag.SUSPECT)) for point in points([3.0])]
    line = chart.Line("", points([1.0, 2.0]) + odd)
    window = chart.frame([line], NOON - HOUR, NOON)
    marks = [
        mark.attributes["class"]
        for mark in Reader().read(chart.draw([line], window, "t", "d", None)).all("circle")
    ]
    assert marks == ["odd odd-0", "dot dot-0"]


def test_a_rate_needs_its_interval() -> None:
    assert Point(NOON, Shown(5, Flag.GOOD)).per_hour() is None
    rate = Point(NOON, Shown(5, Flag.GOOD), 600).per_hour()
    assert rate is not None
    assert rate.shown.value == 30


def test_a_clock_change_keeps_the_hours_in_their_places() -> None:
    begin = 1_774_738_800 * SECOND  # 2026-03-29 00:00 in Berlin; at 02:00 it turns 03:00
    line = chart.Line(
        "", [Point(begin, Shown(1, Flag.GOOD)), Point(begin + 23 * HOUR - 1, Shown(2, Flag.GOOD))]
    )
    window = chart.frame([line], begin, begin + 23 * HOUR)
    texts = [text.text for text in Reader().read(chart.draw([line], window, "t", "d", None)).all("text")]
    assert [text for text in texts if text.endswith("Uhr")] == ["0 Uhr", "6 Uhr", "12 Uhr", "18 Uhr"]


def test_devices_are_shown_with_their_newest_hardware_s_quantities() -> None:
    assert german.tags({"lot": "Brandplatz", "bay": "3"}) == "Stellplatz 3, Parkplatz Brandplatz"
    assert german.tags({"direction": "ltr", "vehicle_class": "bicycle"}) == "nach rechts, Fahrrad"
    assert german.tags({"direction": "stadteinwärts"}) == "stadteinwärts"
    assert Device("a", "A", "b").installations == ()
