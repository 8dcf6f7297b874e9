"""The demo in a terminal: what came in, whether the sums hold, and the latest readings of the city."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from devices.quantity import CATALOGUE
from devices.reading import Flag
from publish import german
from publish.readings import Latest, Shown

#: How often the view is drawn, and how often a line is printed where nobody can watch.
DRAW_S = 0.5
LINE_S = 5.0
#: Lines of the view that are no readings.
_FRAME_LINES = 13

_MESSAGES = ("received", "stored", "duplicate", "quarantined", "rejected", "ignored", "in_flight")
_LINES = ("lines_spooled", "lines_written", "lines_waiting", "lines_dead")
_NAMED_TAGS = frozenset({"lane", "lot", "bay"})  # the others speak for themselves
_FLAGS = {
    Flag.GOOD: ("good", "green"),
    Flag.NOT_EVALUATED: ("not tested", "dim"),
    Flag.SUSPECT: ("suspect", "yellow"),
    Flag.FAIL: ("failed", "red"),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The demo at one moment. `figures` has the terms of both identities, `broken` those that do not hold."""

    elapsed_s: float
    seconds: float | None  #: how long it is to run; None: until it is stopped
    figures: Mapping[str, int]
    broken: Sequence[str]
    latest: Sequence[Latest]
    now_ns: int
    page_url: str


async def show(take: Callable[[], Awaitable[Snapshot]], console: Console) -> None:
    """Show what `take` returns until cancelled: drawn anew on a terminal, else as a line now and then."""
    if console.is_terminal:
        await _draw(take, console)
    while True:
        await asyncio.sleep(LINE_S)
        console.print(line(await take()), markup=False, highlight=False, soft_wrap=True)


async def _draw(take: Callable[[], Awaitable[Snapshot]], console: Console) -> None:
    rates: deque[float] = deque(maxlen=24)
    before = await take()
    with Live(console=console, auto_refresh=False, transient=False) as live:
        while True:
            rows = max(3, console.size.height - _FRAME_LINES)
            live.update(render(before, rates, rows), refresh=True)
            await asyncio.sleep(DRAW_S)
            now = await take()
            rates.append(rate(before, now))
            before = now


def rate(before: Snapshot, now: Snapshot) -> float:
    """Messages a second between two moments."""
    seconds = now.elapsed_s - before.elapsed_s
    return (now.figures["received"] - before.figures["received"]) / seconds if seconds > 0 else 0.0


def line(snapshot: Snapshot) -> str:
    """The demo in one line, for logs and pipes."""
    figures = snapshot.figures
    messages = " + ".join(f"{figures[name]} {_label(name)}" for name in _MESSAGES[1:])
    lines = " + ".join(f"{figures[name]} {_label(name)}" for name in _LINES[1:])
    verdict = "; ".join(snapshot.broken) or "both sums hold"
    return (
        f"{snapshot.elapsed_s:.0f} s: {figures['received']} received = {messages}; "
        f"{figures['lines_spooled']} spooled lines = {lines}; {verdict}"
    )


def render(snapshot: Snapshot, rates: Sequence[float] = (), rows: int = 40) -> RenderableType:
    """The view: a header, both sums, and at most `rows` of the latest readings."""
    return Group(
        _header(snapshot, rates),
        Text(),
        _sum(snapshot.figures, _MESSAGES),
        Text(),
        _sum(snapshot.figures, _LINES),
        _verdict(snapshot.broken),
        Text(),
        _readings(snapshot, rows),
    )


def _header(snapshot: Snapshot, rates: Sequence[float]) -> Table:
    table = Table.grid(expand=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    of = f" of {snapshot.seconds:.0f}" if snapshot.seconds else ""
    table.add_row(Text("Messnetz demo: a simulated city", "bold"), f"{snapshot.elapsed_s:.0f}{of} s")
    now = f" {rates[-1]:.0f}/s" if rates else ""
    table.add_row(Text(snapshot.page_url, "cyan"), Text(sparkline(rates), "cyan") + Text(now))
    return table


def sparkline(values: Sequence[float]) -> str:
    """Bars of an eighth to a whole line, the highest value the whole."""
    top = max(values, default=0) or 1
    return "".join("▁▂▃▄▅▆▇█"[min(7, int(value / top * 7.99))] for value in values)


def _sum(figures: Mapping[str, int], names: Sequence[str]) -> Table:
    table = Table(box=None, padding=0, show_edge=False, header_style="dim")
    cells: list[str] = []
    for number, name in enumerate(names):
        if number:
            table.add_column(width=3, justify="center")
            cells.append("=" if number == 1 else "+")
        table.add_column(_label(name), justify="right", no_wrap=True)
        cells.append(f"{figures[name]}")
    table.add_row(*cells, style="bold")
    return table


def _label(name: str) -> str:
    return name.removeprefix("lines_").replace("_", " ") + (" lines" if name == "lines_spooled" else "")


def _verdict(broken: Sequence[str]) -> Text:
    if broken:
        return Text("The sums do not hold: " + "; ".join(broken), "bold red")
    return Text("Both sums hold: nothing has vanished.", "green")


def _readings(snapshot: Snapshot, rows: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, padding=(0, 1), show_edge=False)
    table.add_column("Site", no_wrap=True, overflow="ellipsis", ratio=3)
    table.add_column("Latest reading", no_wrap=True, overflow="ellipsis", ratio=6)
    table.add_column("Quality", no_wrap=True)
    table.add_column("Age", justify="right", no_wrap=True)
    for entry in chosen(snapshot.latest, rows):
        word, style = _FLAGS[max(shown.flag for shown in entry.values.values())]
        age_s = (snapshot.now_ns - entry.said_ns) / 1e9
        table.add_row(_text(entry.device.site), _values(entry), Text(word, style), _age(age_s))
    if not snapshot.latest:
        table.add_row(Text("no readings yet", "dim"))
    return table


def chosen(latest: Sequence[Latest], rows: int) -> list[Latest]:
    """As many as fit, some of each measurement, always the same ones in the same order."""
    groups: dict[tuple[str, ...], list[Latest]] = {}
    for entry in latest:
        groups.setdefault(_measurement(entry), []).append(entry)
    in_turn = (entry for turn in zip_longest(*groups.values()) for entry in turn if entry is not None)
    kept = list(islice(in_turn, rows))
    return [entry for group in groups.values() for entry in group if any(entry is one for one in kept)]


def _measurement(entry: Latest) -> tuple[str, ...]:
    return tuple(sorted({CATALOGUE[name].measurement for name in entry.values if name in CATALOGUE}))


def _values(entry: Latest) -> Text:
    tags = ", ".join(f"{name} {said}" if name in _NAMED_TAGS else said for name, said in entry.tags.items())
    parts = [_text(f"{tags}: ")] if tags else []
    for number, (name, shown) in enumerate(entry.values.items()):
        parts.append(Text(", " if number else "") + _value(name, shown))
    return Text.assemble(*parts)


def _value(name: str, shown: Shown) -> Text:
    quantity = CATALOGUE.get(name)
    if quantity is None:
        return _text(f"{name} {shown.value:g}")
    if name == "occupied":
        return Text("occupied" if shown.value else "free")
    sign = german.unit_sign(quantity)
    return Text.assemble(
        (f"{quantity.title} ", "dim"), f"{shown.value:.{quantity.decimals or 0}f}", f" {sign}" if sign else ""
    )


def _text(said: str) -> Text:
    """Text of others, as it is: no markup, no control characters that a terminal would obey."""
    return Text("".join(letter if letter.isprintable() else "�" for letter in said))


def _age(seconds: float) -> str:
    if seconds < 120:
        return f"{max(0, seconds):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
