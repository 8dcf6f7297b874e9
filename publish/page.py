"""The page that everyone can read: the latest reading of every place, and one day of one of them.

Plain HTML without a script: it works with a keyboard, a screen reader, 320 pixels, or no colours. It does
not reload by itself; it says of when it is.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from itertools import groupby

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from devices.device import Device
from devices.quantity import Quantity
from devices.reading import Flag
from devices.registry import Registry
from ingest.seams import Store, StoreUnavailable
from publish import chart, german
from publish.html import Markup, join, tag
from publish.readings import Latest, Point, Shown, day, everything, measured, quantities

_HOUR_NS = 3_600_000_000_000
#: Readings older than this are not the state of the city any more.
LATEST_NS = 48 * _HOUR_NS
CHART_NS = 24 * _HOUR_NS
#: A series of more points is told in the chart's table by one of every five minutes.
MOST_ROWS = 300
_FIVE_MINUTES_NS = 300_000_000_000
#: A table of more quantities is shown as cards, which need no scrolling.
MOST_COLUMNS = 5
#: Everything comes from this page's own address; there is no script, so none may run.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = resources.files("publish").joinpath("static/page.css")
_RELOAD = tag("a", "Seite neu laden", href="")
_FIRST = ("pm2_5", "count", "occupied")  # what the chart shows when nothing was chosen


@dataclass(frozen=True, slots=True)
class Choice:
    """One place and one quantity, as the chart's menu offers them."""

    device: Device
    quantity: Quantity

    @property
    def key(self) -> str:
        """Its value in the address."""
        return f"{self.device.id}/{self.quantity.name}"

    @property
    def where(self) -> str:
        """The place in words; bays of one site differ by their number."""
        bay = f", Stellplatz {self.device.bay}" if self.device.bay else ""
        return f"{self.device.site}{bay}"

    @property
    def rated(self) -> bool:
        """Whether it is counted over intervals, and therefore drawn as a rate."""
        return self.quantity.interval and self.quantity.summary == "sum"


def create_page(
    store: Store,
    registry: Callable[[], Registry],
    *,
    simulated: bool = False,
    now_ns: Callable[[], int] = time.time_ns,
) -> Starlette:
    """The page over a store and the registry in force. `simulated` says so to its readers."""

    async def page(request: Request) -> Response:
        try:
            content = await _content(store, registry(), request.query_params.get("reihe", ""), now_ns())
            status = 200
        except StoreUnavailable:
            content, status = _unavailable(), 503
        return HTMLResponse(
            _document(content, simulated=simulated), status, {**_HEADERS, "Cache-Control": "no-store"}
        )

    async def style(_: Request) -> Response:
        return Response(_STYLE.read_text("utf-8"), media_type="text/css", headers=_HEADERS)

    return Starlette(routes=[Route("/", page), Route("/page.css", style)])


async def _content(store: Store, registry: Registry, wanted: str, now_ns: int) -> Markup:
    found = await everything(store, registry, now_ns - LATEST_NS)
    if not found:
        return _nothing_yet(len(registry.devices))
    order = [*german.MEASUREMENTS, *sorted(found)]
    groups = {measurement: found[measurement] for measurement in order if measurement in found}
    choices = _choices(groups)
    chosen = _chosen(choices, wanted)
    series = await day(store, chosen.quantity, chosen.device.id, now_ns - CHART_NS, now_ns + 1)
    if chosen.rated:
        series = {
            own: [rate for point in points if (rate := point.per_hour())] for own, points in series.items()
        }
    return join(
        _overview(groups, now_ns),
        _chart_section(choices, chosen, series, now_ns),
        *(
            _group(measurement, quantities(registry)[measurement], entries, now_ns)
            for measurement, entries in groups.items()
        ),
    )


def _document(content: Markup, *, simulated: bool) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", "Messwerte aus der Stadt – Messnetz"),
        tag("link", rel="stylesheet", href="page.css"),
        tag("link", rel="icon", href="data:,"),
    )
    notice = tag(
        "p",
        tag("strong", "Simulierte Werte."),
        " Diese Vorführung zeigt eine erfundene Stadt.",
        class_="notice",
    )
    header = tag(
        "header",
        tag("p", "Messnetz", class_="brand"),
        tag("h1", "Messwerte aus der Stadt"),
        notice if simulated else "",
    )
    skip = tag("a", "Zum Inhalt", href="#inhalt", class_="skip")
    body = tag("body", skip, header, tag("main", content, id="inhalt", tabindex="-1"), _footer())
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="de")


def _footer() -> Markup:
    marks = [
        tag("li", tag("span", shape, class_=f"shape q{int(flag)}", aria_hidden="true"), f" {word}: {meaning}")
        for flag, meaning in _MEANINGS.items()
        for word, shape in [german.QUALITY[flag]]
    ]
    return tag(
        "footer",
        tag("h2", "Hinweise"),
        tag(
            "p",
            "Die Sensoren sind keine amtlichen Messgeräte, ihre Werte keine amtlichen Messungen.",
        ),
        tag("p", "Die Qualität jedes Werts wird selbsttätig geprüft:"),
        tag("ul", *marks, class_="plain"),
        tag(
            "p",
            "Alle Zeiten sind Ortszeit (MEZ, im Sommer MESZ). Diese Seite lädt sich nicht von selbst neu.",
        ),
    )


_MEANINGS = {
    Flag.GOOD: "liegt im üblichen Bereich",
    Flag.SUSPECT: "ist möglich, aber ungewöhnlich",
    Flag.FAIL: "kann nicht stimmen und zählt nirgends mit",
}


def _nothing_yet(devices: int) -> Markup:
    text = f"Registrierte Messstellen: {devices}. Sobald eine von ihnen sendet, steht ihr Wert hier."
    return tag("section", tag("h2", "Noch keine Messwerte"), tag("p", text), tag("p", _RELOAD), class_="card")


def _unavailable() -> Markup:
    text = (
        "Die Datenbank antwortet gerade nicht. Es geht nichts verloren; bitte laden Sie die Seite später neu."
    )
    return tag(
        "section", tag("h2", "Zurzeit keine Messwerte"), tag("p", text), tag("p", _RELOAD), class_="card"
    )


def _overview(groups: Mapping[str, Sequence[Latest]], now_ns: int) -> Markup:
    entries = [entry for group in groups.values() for entry in group]
    places = len({entry.device.id for entry in entries})
    newest = max(entry.said_ns for entry in entries)
    stand = german.full_time(german.local(now_ns))
    many = "Messstelle" if places == 1 else "Messstellen"
    words = f"{places} {many}, jüngster Wert {_age(newest, now_ns)}. Stand dieser Seite: "
    links = [
        tag("li", tag("a", german.measurement_name(measurement), href=f"#{_anchor(measurement)}"))
        for measurement in groups
    ]
    return tag(
        "div",
        tag("p", words, _time(now_ns, stand), ". ", _RELOAD, class_="stand"),
        tag(
            "nav",
            tag("ul", tag("li", tag("a", "Tagesverlauf", href="#verlauf")), *links),
            aria_label="Abschnitte",
        ),
        class_="overview",
    )


def _choices(groups: Mapping[str, Sequence[Latest]]) -> list[Choice]:
    seen: dict[str, Choice] = {}
    for measurement, entries in groups.items():
        for entry in entries:
            for quantity in measured(entry.device):
                if quantity.measurement == measurement and quantity.name in entry.values:
                    choice = Choice(entry.device, quantity)
                    seen.setdefault(choice.key, choice)
    return list(seen.values())


def _chosen(choices: Sequence[Choice], wanted: str) -> Choice:
    for choice in choices:
        if choice.key == wanted:
            return choice
    for name in _FIRST:
        for choice in choices:
            if choice.quantity.name == name:
                return choice
    return choices[0]


def _chart_section(
    choices: Sequence[Choice],
    chosen: Choice,
    series: Mapping[tuple[tuple[str, str], ...], Sequence[Point]],
    now_ns: int,
) -> Markup:
    name = german.quantity_name(chosen.quantity)
    lines = [
        chart.Line(german.tags(dict(own)), kept)
        for own, points in series.items()
        if (kept := [point for point in points if point.shown.flag is not Flag.FAIL])
    ]
    heading = tag("h2", "Tagesverlauf", id="verlauf")
    if not lines:
        none = tag("p", f"Für {name}, {chosen.where}, gibt es aus den letzten 24 Stunden keine Werte.")
        return tag("section", heading, _menu(choices, chosen), none, class_="card")
    states = chosen.quantity.name == "occupied"
    window = (chart.states if states else partial(chart.frame, lines))(now_ns - CHART_NS, now_ns)
    label = partial(german.value, chosen.quantity) if states else None
    title = f"{name}, {chosen.where}: die letzten 24 Stunden"
    said = [_sentence(chosen.quantity, line) for line in lines]
    return tag(
        "section",
        heading,
        _menu(choices, chosen),
        tag(
            "figure",
            tag("figcaption", tag("strong", title), tag("span", _unit_line(chosen), class_="unit")),
            _legend(lines),
            chart.draw(lines, window, title, " ".join(said), label),
            tag("ul", *(tag("li", sentence) for sentence in said), class_="plain"),
        ),
        _day_table(chosen, series, title),
        class_="card",
    )


def _menu(choices: Sequence[Choice], chosen: Choice) -> Markup:
    groups = []
    for measurement, members in groupby(choices, key=lambda choice: choice.quantity.measurement):
        options = [
            tag(
                "option",
                f"{choice.where} – {german.quantity_name(choice.quantity)}",
                value=choice.key,
                selected=choice.key == chosen.key,
            )
            for choice in members
        ]
        groups.append(tag("optgroup", *options, label=german.measurement_name(measurement)))
    return tag(
        "form",
        tag("label", "Standort und Messgröße", for_="reihe"),
        tag("select", *groups, id="reihe", name="reihe"),
        tag("button", "Anzeigen", type="submit"),
        action="#verlauf",
        method="get",
    )


def _unit_line(choice: Choice) -> str:
    if choice.rated:
        return "je Stunde, gerechnet aus dem Messintervall"
    words, sign = german.unit_words(choice.quantity), german.unit_sign(choice.quantity)
    return f"in {words} ({sign})" if words else ""


def _sentence(quantity: Quantity, line: chart.Line) -> str:
    values = [point.shown.value for point in line.points]
    last = german.clock(german.local(line.points[-1].time_ns))
    who = f"{line.name}: zuletzt" if line.name else "Zuletzt"
    said = (
        f"{who} {german.value(quantity, values[-1])} {german.unit_sign(quantity)}".rstrip()
        + f" um {last} Uhr"
    )
    if quantity.name == "occupied":
        return f"{said}."
    low, high = (german.value(quantity, edge) for edge in (min(values), max(values)))
    return f"{said}; niedrigster Wert {low}, höchster {high}."


def _legend(lines: Sequence[chart.Line]) -> Markup:
    if len(lines) < 2:
        return Markup()
    drawn = [tag("li", chart.key(n), " ", line.name) for n, line in enumerate(lines[: len(chart.DASHES)])]
    return tag("ul", *drawn, class_="plain legend")


def _day_table(
    chosen: Choice, series: Mapping[tuple[tuple[str, str], ...], Sequence[Point]], title: str
) -> Markup:
    quantity = chosen.quantity
    by_time: dict[int, dict[int, Shown]] = {}
    for column, points in enumerate(series.values()):
        for point in _told(points):
            by_time.setdefault(point.time_ns, {})[column] = point.shown
    names = [german.tags(dict(own)) or german.quantity_name(quantity) for own in series]
    rows = [
        tag(
            "tr",
            tag("th", _time(time_ns, german.full_time(german.local(time_ns))), scope="row"),
            *(_plain_cell(quantity, shown.get(column)) for column in range(len(names))),
        )
        for time_ns, shown in sorted(by_time.items(), reverse=True)
    ]
    sign = german.unit_sign(quantity)
    heads = [tag("th", f"{name} ({sign})" if sign else name, scope="col") for name in names]
    table = tag(
        "table",
        tag("caption", f"{title}, jüngste zuerst"),
        tag("thead", tag("tr", tag("th", "Zeit", scope="col"), *heads)),
        tag("tbody", *rows),
        class_="day",
    )
    scroll = tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=f"Tabelle: {title}")
    told, there = (german.number(many, None) for many in (len(rows), _count_times(series.values())))
    words = (
        f"Dieselben {told} Zeilen als Tabelle"
        if told == there
        else f"{told} von {there} Zeilen als Tabelle: die jüngste aus je fünf Minuten"
    )
    return tag("details", tag("summary", words), scroll)


def _told(points: Sequence[Point]) -> Sequence[Point]:
    """All of them, or of too many the newest of every five minutes."""
    if len(points) <= MOST_ROWS:
        return points
    return list({point.time_ns // _FIVE_MINUTES_NS: point for point in points}.values())


def _count_times(series: Iterable[Sequence[Point]]) -> int:
    return len({point.time_ns for points in series for point in points})


def _plain_cell(quantity: Quantity, shown: Shown | None) -> Markup:
    if shown is None:
        return tag("td", "–")
    return tag(
        "td", german.value(quantity, shown.value), _mark(shown.flag) if shown.flag is not Flag.GOOD else ""
    )


def _group(measurement: str, wanted: Sequence[Quantity], entries: Sequence[Latest], now_ns: int) -> Markup:
    name = german.measurement_name(measurement)
    columns = [quantity for quantity in wanted if any(quantity.name in entry.values for entry in entries)]
    heads = [tag("th", german.quantity_name(quantity), **_HEAD) for quantity in columns]
    table = tag(
        "table",
        tag("caption", f"{name}: der jüngste Wert jeder Messstelle.", _units(columns)),
        tag(
            "thead",
            tag("tr", tag("th", "Standort", **_HEAD), *heads, tag("th", "Gemessen", **_HEAD), role="row"),
            role="rowgroup",
        ),
        tag("tbody", *(_row(entry, columns, now_ns) for entry in entries), role="rowgroup"),
        class_="latest" if len(columns) <= MOST_COLUMNS else "latest cards",
        role="table",
    )
    return tag("section", tag("h2", name, id=_anchor(measurement)), table, class_="card")


#: The roles hold the table together for screen readers where narrow screens show its rows as blocks.
_HEAD: dict[str, str] = {"scope": "col", "role": "columnheader"}


def _units(columns: Sequence[Quantity]) -> str:
    words = {german.unit_sign(q): german.unit_words(q) for q in columns if german.unit_words(q)}
    sentences = ["; ".join(f"{sign} bedeutet {word}" for sign, word in words.items())] if words else []
    if any(quantity.interval for quantity in columns):
        sentences.append("Gezählt und gemittelt wird über die Zeit, die bei jedem Wert steht")
    return "".join(f" {sentence}." for sentence in sentences)


def _row(entry: Latest, columns: Sequence[Quantity], now_ns: int) -> Markup:
    details = ", ".join(part for part in (entry.device.district or "", german.tags(dict(entry.tags))) if part)
    site = tag(
        "th",
        entry.device.site,
        tag("span", details, class_="unit") if details else "",
        scope="row",
        role="rowheader",
    )
    return tag(
        "tr",
        site,
        *(_cell(quantity, entry.values.get(quantity.name)) for quantity in columns),
        tag("td", _measured(entry, now_ns), role="cell", data_label="Gemessen", class_="when"),
        role="row",
    )


def _cell(quantity: Quantity, shown: Shown | None) -> Markup:
    label = german.quantity_name(quantity)
    if shown is None:
        return tag("td", "–", role="cell", data_label=label, class_="none")
    sign = german.unit_sign(quantity)
    unit = tag("span", f" {sign}", class_="sign") if sign else ""
    amount = tag("span", german.value(quantity, shown.value), unit, class_="value")
    return tag("td", amount, _mark(shown.flag), role="cell", data_label=label)


def _mark(flag: Flag) -> Markup:
    word, shape = german.QUALITY[flag]
    return tag(
        "span",
        tag("span", shape, class_=f"shape q{int(flag)}", aria_hidden="true"),
        f" {word}",
        class_="quality",
    )


def _measured(entry: Latest, now_ns: int) -> Markup:
    begin, end = german.local(entry.time_ns), german.local(entry.said_ns)
    words = f"{german.clock(end)} Uhr"
    if entry.interval_s:
        words = f"{german.clock(begin)} bis {german.clock(end)} Uhr"
    if begin.date() != german.local(now_ns).date():
        words = f"{german.date(begin)}, {words}"
    return join(_time(entry.time_ns, words), tag("span", _age(entry.said_ns, now_ns), class_="unit"))


def _age(time_ns: int, now_ns: int) -> str:
    return german.age((now_ns - time_ns) / 1e9)


def _time(time_ns: int, words: str) -> Markup:
    return tag("time", words, datetime=german.local(time_ns).isoformat())


def _anchor(measurement: str) -> str:
    return f"gruppe-{measurement}"
