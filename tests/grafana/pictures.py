"""`python -m tests.grafana.pictures` draws the boards for the docs, from the tables that the tests compute.

Needs InfluxDB, Prometheus and Chromium, as the tests do. The pictures are not Grafana's drawing, and say so.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests import simulated_day
from tests.grafana import draw, png, timerange
from tests.grafana.draw import COLUMN_PX, LINES, Size
from tests.grafana.look import COLOURS
from tests.grafana.panel import ROOT, Board, Grafana, Panel, Shown, boards
from tests.grafana.variables import Choices
from tests.servers.influxdb import Influxd
from tests.servers.process import find_program, missing
from tests.servers.prometheus import Prometheus

FOLDER = ROOT / "docs" / "pictures"
ROW_PX, GAP_PX, HEAD_PX = 22, 8, 30
WIDTH_PX = 24 * COLUMN_PX
#: A picture shows a board's first panels, up to about here.
HEIGHT_PX = 1400
STYLE = """
body { margin: 0; background: #f4f5f7; font: 12px/1.35 "DejaVu Sans", sans-serif; color: #24292e; }
h1 { font-size: 19px; margin: 0; } h2 { font-size: 14px; margin: 0; line-height: 26px; }
h3 { font-size: 12px; margin: 0 0 4px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
h3 small { font-weight: 400; color: #5f6368; margin-left: 6px; }
.head { padding: 12px 10px 6px; } .head p { margin: 2px 0 0; color: #5f6368; }
.card { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #d8dbe0;
  border-radius: 3px; padding: 7px 9px; overflow: hidden; }
.row { position: absolute; left: 10px; }
svg text { font-size: 10.5px; fill: #5f6368; } svg text.in { fill: #fff; text-anchor: middle; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; color: #1f60c4; }
th, td { padding: 1px 8px 1px 0; white-space: nowrap; font-size: 11px; border-bottom: 1px solid #eceef0; }
td.number { font-variant-numeric: tabular-nums; }
.more, .text { margin: 3px 0; color: #5f6368; font-size: 11.5px; }
.legend { font-size: 10.5px; line-height: 16px; }
.legend span { display: inline-block; margin-right: 12px; white-space: nowrap; }
.legend i { font-style: normal; font-weight: 600; } .legend svg { vertical-align: -1px; margin-right: 4px; }
.stat { display: flex; gap: 18px; font-size: 19px; font-weight: 600; }
.stat small { display: block; font-size: 11px; font-weight: 400; color: #5f6368; }
"""
HONEST = "Gezeichnet aus den Tabellen der Tests, nicht von Grafana. Simulierte Stadt, {when}."


@dataclass(frozen=True)
class Placed:
    """A panel, or a heading, and where it stands."""

    panel: Panel | None
    heading: str
    x: int
    y: int
    width: int
    height: int


def main() -> None:
    """Write one picture a board."""
    program = find_program("chromium", "MESSNETZ_TEST_CHROMIUM") or missing("Chromium is missing")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        influxd = Influxd(folder / "influxd")
        influxd.start()
        try:
            server = Prometheus(folder / "prometheus")
            with simulated_day.stood_up(simulated_day.SUMMER, influxd, server, folder) as grafana:
                for board in boards("de"):
                    page, height = _page(board, grafana)
                    file = folder / f"{board.file.stem}.html"
                    file.write_text(page, encoding="utf-8")
                    _shoot(program, file, FOLDER / f"board-{board.file.stem}.png", height)
        finally:
            influxd.kill()


def _shoot(program: Path, page: Path, picture: Path, height: int) -> None:
    words = ["--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", "--disable-lcd-text"]
    whole = page.with_suffix(".png")
    size = f"--window-size={WIDTH_PX},{height}"
    command = [str(program), *words, size, f"--screenshot={whole}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    picture.write_bytes(png.shrunk(whole.read_bytes(), [*COLOURS.values(), *(hue for hue, _ in LINES)]))


def _page(board: Board, grafana: Grafana) -> tuple[str, int]:
    chosen = grafana.choices(board)
    shown = {
        one.id: grafana.show(board, one, chosen) if one.targets else Shown([], [], []) for one in board.panels
    }
    placed = list(_placed(board, shown))
    kept = [one for one in placed if one.y + one.height <= HEIGHT_PX]
    while kept[-1].panel is None:
        kept.pop()
    bottom = max(one.y + one.height for one in kept) + GAP_PX
    left = sum(one.panel is not None for one in placed) - sum(one.panel is not None for one in kept)
    begin = "".join(_card(board, grafana, chosen, shown, one) for one in kept)
    when = f"{simulated_day.SUMMER.date[8:]}.{simulated_day.SUMMER.date[5:7]}.{simulated_day.SUMMER.date[:4]}"
    rest = "1 weiteres Feld" if left == 1 else f"{left} weitere Felder"
    more = f" Darunter folgen {rest}" if left else " Darunter folgt"
    more += " und jedes Diagramm als Tabelle."
    head = (
        f'<div class="head"><h1>{escape(str(board.said["title"]))}</h1>'
        f"<p>{HONEST.format(when=when)}{more}</p></div>"
    )
    return f'<meta charset="utf-8"><style>{STYLE}</style>{head}{begin}', bottom


def _card(board: Board, grafana: Grafana, chosen: Choices, shown: Mapping[int, Shown], one: Placed) -> str:
    place = f"left:{one.x}px;top:{one.y}px"
    if one.panel is None:
        return f'<div class="row" style="{place}"><h2>{escape(one.heading)}</h2></div>'
    inside = draw.panel(
        one.panel, shown[one.panel.id], grafana.span(board, one.panel), Size(one.width - 20, one.height - 36)
    )
    name = one.panel.title
    for variable, choice in chosen.items():
        name = name.replace(f"${{{variable}}}", " + ".join(choice.values))
    own = f" <small>{timerange.told(begin)}</small>" if (begin := one.panel.said.get("timeFrom")) else ""
    size = f"width:{one.width}px;height:{one.height}px"
    return f'<div class="card" style="{place};{size}"><h3>{escape(name)}{own}</h3>{inside}</div>'


def _placed(board: Board, shown: Mapping[int, Shown]) -> Iterator[Placed]:
    """What is drawn, from top to bottom: no table that says the same as a chart, no heading of such ones."""
    y = 62
    for heading, panels in _sections(board):
        if not panels:
            continue
        yield Placed(None, heading, 10, y, WIDTH_PX, 26)
        y, x, tall = y + HEAD_PX, 0, 0
        for one in panels:
            place = one.said["gridPos"]
            if x + place["w"] > 24:
                x, y, tall = 0, y + tall + GAP_PX, 0
            height = draw.height(one, shown[one.id], place["h"] * ROW_PX)
            left, width = x * COLUMN_PX + GAP_PX // 2, place["w"] * COLUMN_PX - GAP_PX
            yield Placed(one, "", left, y, width, height)
            x, tall = x + place["w"], max(tall, height)
        y += tall + GAP_PX


def _sections(board: Board) -> Iterator[tuple[str, Sequence[Panel]]]:
    charts = {one.title for one in board.panels if one.type not in {"table", "text", "stat"}}
    heading, panels = "", list[Panel]()
    for said in board.said["panels"]:
        if said["type"] == "row":
            yield heading, panels
            heading, panels = said["title"], []
            continue
        one = Panel(said)
        if one.type != "table" or one.title.removesuffix(", als Tabelle") not in charts:
            panels.append(one)
    yield heading, panels


if __name__ == "__main__":
    main()
