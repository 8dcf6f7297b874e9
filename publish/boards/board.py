"""A board of its parts: sections of panels on Grafana's grid of 24 columns, links to the other boards."""

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import (
    Dashboard,
    DashboardCursorSync,
    DashboardDashboardTemplating,
    DashboardDashboardTime,
    DashboardLink,
    DashboardLinkType,
    GridPos,
    Panel,
    RowPanel,
    VariableModel,
)

from devices.language import current, say
from publish.boards.panels import Pair, position

COLUMNS = 24
TAG = "messnetz"


@dataclass(frozen=True)
class Section:
    """A heading and its panels. A pair's table goes under a heading of its own, behind all charts."""

    title: str
    parts: Sequence[Panel | Pair]


@dataclass(frozen=True)
class Board:
    """One board; `name` names its file and, behind `messnetz-`, its uid. `begin` is `now-24h`, say."""

    name: str
    title: str
    description: str
    variables: Sequence[Builder[VariableModel]]
    sections: Sequence[Section]
    begin: str
    end: str = "now"
    refresh: str = "1m"


def dashboard(board: Board) -> Dashboard:
    """The board as Grafana's SDK has it, in the language in force."""
    made = Dashboard(
        uid=uid(board.name),
        title=str(board.title),
        description=str(board.description),
        tags=[_tag()],
        timezone="Europe/Berlin",
        graph_tooltip=DashboardCursorSync.CROSSHAIR,
        time=DashboardDashboardTime(from_val=board.begin, to=board.end),
        refresh=board.refresh,
        week_start="monday",
        links=[_link_to_others()],
        panels=list(_placed(board.sections)),
        templating=DashboardDashboardTemplating(list_val=[one.build() for one in board.variables]),
    )
    for number, panel in enumerate(made.panels or (), start=1):
        panel.id_val = number
    return made


def uid(name: str) -> str:
    """The board's uid in the language in force."""
    return f"messnetz-{name}" + ("" if current() == "de" else "-en")


def text(board: Board) -> str:
    """The file's text."""
    encoded = json.dumps(dashboard(board), cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False)
    return encoded + "\n"


def _tag() -> str:
    return TAG if current() == "de" else f"{TAG}-en"


def _link_to_others() -> DashboardLink:
    return DashboardLink(
        title=str(say("Boards")),
        type_val=DashboardLinkType.DASHBOARDS,
        icon="external link",
        tooltip=str(say("The other boards, with what is chosen here")),
        tags=[_tag()],
        as_dropdown=False,
        include_vars=True,
        keep_time=False,
    )


def _placed(sections: Iterable[Section]) -> Iterator[Panel | RowPanel]:
    """All panels from top to bottom, none over another."""
    y = 0
    for section in sections:
        charts = [part.chart if isinstance(part, Pair) else part for part in section.parts]
        tables = [part.table for part in section.parts if isinstance(part, Pair)]
        heading = say("{what}, as tables", what=section.title)
        for title, panels in ((section.title, charts), (heading, tables)):
            if panels:
                yield RowPanel(title=str(title), grid_pos=GridPos(h=1, w=COLUMNS, x=0, y=y))
                y += 1
                y = yield from _in_lines(panels, y)


def _in_lines(panels: Iterable[Panel], y: int) -> Generator[Panel, None, int]:
    """Panels from left to right, a new line where one does not fit; returns the first free line.

    The last one of a line is as wide as there is room.
    """
    x = height = 0
    last: GridPos | None = None
    for panel in panels:
        place = position(panel)
        if last is not None and x + place.w > COLUMNS:
            last.w += COLUMNS - x
            x, y, height = 0, y + height, 0
        place.x, place.y = x, y
        x, height, last = x + place.w, max(height, place.h), place
        yield panel
    if last is not None:
        last.w += COLUMNS - x
    return y + height
