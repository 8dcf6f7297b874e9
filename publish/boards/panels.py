"""What boards are made of: charts, each with its table twin, texts and figures.

A chart is drawn on a canvas that no screen reader reads, so each comes with a table of the same query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from grafana_foundation_sdk.builders import barchart, common, geomap, stat, statetimeline, table, text
from grafana_foundation_sdk.builders import timeseries as lines_of_time
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import common as kinds
from grafana_foundation_sdk.models import geomap as map_kinds
from grafana_foundation_sdk.models import text as text_kinds
from grafana_foundation_sdk.models.dashboard import (
    DashboardFieldConfigSourceOverrides,
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColor,
    FieldColorModeId,
    FieldConfigSource,
    GridPos,
    MatcherConfig,
    Panel,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
)

from devices.language import say
from publish.boards.influxql import Influxql
from publish.boards.promql import Promql
from publish.boards.sources import PROMETHEUS, reference
from publish.boards.transformations import organize
from publish.boards.words import Mappings, coloured

Query = Influxql | Promql
T = TypeVar("T")
#: A line ends after so long without a point: hours that are missing are no straight line.
HOUR_MS = 3_600_000
#: Points of a table over time from Prometheus; a chart takes as many as it has pixels.
TABLE_POINTS = 24


@dataclass(frozen=True)
class Column:
    """A column of a table: what it is called, its unit as Grafana names it, its values' words."""

    title: str
    unit: str = ""
    decimals: int | None = None
    words: Mappings = ()
    colour: str = ""  #: of its bars, which the legend names
    width: int = 0  #: in pixels, where a table's usual 150 are too few


@dataclass(frozen=True)
class Look:
    """How values look. `lines` are thresholds, value and colour; the panel's text tells them in words."""

    unit: str = ""
    decimals: int | None = None
    least: float | None = None
    most: float | None = None
    words: Mappings = ()
    lines: Sequence[tuple[float, str]] = ()
    nothing: str = ""


@dataclass(frozen=True)
class Named:
    """Lines whose names match, as a regular expression without slashes, and what is different about them."""

    pattern: str
    properties: Mapping[str, object]


@dataclass(frozen=True)
class Pair:
    """A chart and its table."""

    chart: Panel
    table: Panel


@dataclass(frozen=True)
class Tell:
    """What a panel is called and what is to be known about it: what is seen, how computed, what gaps mean."""

    title: str
    description: str


@dataclass(frozen=True)
class Span:
    """Which time a panel asks about: the shortest `$__interval`, a range of its own up to now, points."""

    interval: str = ""
    only_last: str = ""
    points: int | None = field(default=None)


def lines(
    tell: Tell,
    query: Query,
    look: Look = Look(),
    *,
    span: Span = Span(),
    named: Sequence[Named] = (),
    bars: bool = False,
    gap_ms: int | None = None,
) -> Panel:
    """A chart over time: lines, or bars for sums."""
    made = (
        lines_of_time.Panel()
        .draw_style(kinds.GraphDrawStyle.BARS if bars else kinds.GraphDrawStyle.LINE)
        .fill_opacity(60 if bars else 0)
        .line_width(1)
        .show_points(kinds.VisibilityMode.NEVER if bars else kinds.VisibilityMode.AUTO)
        .span_nulls(False)
        .legend(_legend())
        .tooltip(
            common.VizTooltipOptions().mode(kinds.TooltipDisplayMode.MULTI).sort(kinds.SortOrder.DESCENDING)
        )
    )
    if gap_ms is not None:
        made = made.insert_nulls(gap_ms)
    if look.lines:
        made = made.thresholds_style(
            common.GraphThresholdsStyleConfig().mode(kinds.GraphThresholdsStyleMode.DASHED)
        )
    return _finished(made, tell, query, look, span, size=(12, 9), named=named)


def timeline(
    tell: Tell,
    query: Query,
    look: Look,
    *,
    span: Span = Span(),
    gap_ms: int | None = None,
) -> Panel:
    """States over time, a lane a device, twenty lanes a page, each stretch with its words."""
    made = (
        statetimeline.Panel()
        .show_value(kinds.VisibilityMode.AUTO)
        .merge_values(True)
        .row_height(0.8)
        .per_page(20)
        .legend(_legend())
    )
    panel = _finished(made, tell, query, look, span, size=(24, 12))
    if gap_ms is not None:
        _overrides(panel).append(_override("byRegexp", "/.*/", {"custom.insertNulls": gap_ms}))
    return panel


def bars(
    tell: Tell,
    query: Query,
    x: str,
    look: Look = Look(),
    *,
    span: Span = Span(),
    stacked: bool = False,
    steps: Sequence[DataTransformerConfig] = (),
    columns: Mapping[str, Column] | None = None,
) -> Panel:
    """Bars by the column `x` of a table."""
    made = (
        barchart.Panel()
        .x_field(x)
        .stacking(kinds.StackingMode.NORMAL if stacked else kinds.StackingMode.NONE)
        .show_value(kinds.VisibilityMode.AUTO)
        .fill_opacity(70)
        .legend(_legend())
    )
    panel = _finished(made, tell, query, look, span, size=(12, 9))
    panel.transformations = list(steps)
    # The x axis is found by what its column is called, which therefore stays its name.
    _name_columns(panel, columns or {}, but=x)
    return panel


def listing(
    tell: Tell,
    query: Query,
    columns: Mapping[str, Column],
    *,
    without: Sequence[str] = (),
    steps: Sequence[DataTransformerConfig] = (),
    span: Span = Span(),
    sort: tuple[str, Literal["up", "down"]] | None = None,
    nothing: str = "",
    size: tuple[int, int] = (24, 10),
) -> Panel:
    """A table: `columns` in their order, without the query's others (`without`), sorted by a column."""
    made = table.Panel().cell_height(kinds.TableCellHeight.SM).filterable(True)
    if sort:
        by = kinds.TableSortByFieldState(display_name=str(columns[sort[0]].title), desc=sort[1] == "down")
        made = made.sort_by([_Built(by)])
    panel = _finished(made, tell, query, Look(nothing=nothing), span, size=size)
    titles = {name: str(column.title) for name, column in columns.items()}
    panel.transformations = [*steps, organize(titles, without)]
    _style_columns(panel, columns)
    return panel


def twin(
    chart: Panel,
    query: Query,
    columns: Mapping[str, Column],
    *,
    without: Sequence[str] = (),
    steps: Sequence[DataTransformerConfig] = (),
    sort: tuple[str, Literal["up", "down"]] | None = None,
) -> Pair:
    """The chart with a table of the same query."""
    tell = Tell(str(say("{what}, as a table", what=chart.title or "")), chart.description or "")
    if isinstance(query, Influxql):
        query = replace(query, format="table", alias="")
    else:
        query = replace(query, table=True, legend="")
    overall = isinstance(query, Promql) and not query.now
    span = Span(chart.interval or "", chart.time_from or "", TABLE_POINTS if overall else None)
    if sort is None and "Time" in columns and "Time" not in without:
        sort = ("Time", "down")
    listed = listing(tell, query, columns, without=without, steps=steps, sort=sort, span=span, size=(12, 9))
    position(listed).w = position(chart).w
    return Pair(chart, listed)


def places(
    tell: Tell,
    query: Query,
    colour: str,
    sign: str,
    columns: Mapping[str, Column],
    *,
    span: Span,
    steps: Sequence[DataTransformerConfig] = (),
) -> Panel:
    """A map of the rows of one table by its columns `lat` and `lon`, which must have a value in every row.

    A place's colour is that of the column `colour`, the sign over it the words of the column `sign`: whole
    words of many places would lie over each other. Grafana's legend knows thresholds only and stays away.
    The last row is drawn on top (`steps`).
    """
    style = {
        "color": {"field": colour, "fixed": "gray"},
        "opacity": 0.9,
        "size": {"fixed": 7, "min": 2, "max": 15},
        "symbol": {"mode": "fixed", "fixed": "img/icons/marker/circle.svg"},
        "symbolAlign": {"horizontal": "center", "vertical": "center"},
        "text": {"mode": "field", "field": sign, "fixed": ""},
        "textConfig": {
            "fontSize": 16,
            "offsetX": 0,
            "offsetY": -15,
            "textAlign": "center",
            "textBaseline": "middle",
        },
        "rotation": {"mode": "mod", "fixed": 0, "min": -360, "max": 360},
    }
    location = kinds.FrameGeometrySource(
        kinds.FrameGeometrySourceMode.COORDS, latitude="lat", longitude="lon"
    )
    layer = kinds.MapLayerOptions(
        type_val="markers",
        name=str(tell.title),
        config={"showLegend": False, "style": style},
        location=location,
        tooltip=True,
    )
    made = (
        geomap.Panel()
        .view(_Built(map_kinds.MapViewConfig(id_val="fit", lat=51, lon=10, zoom=15, padding=10)))
        .basemap(_Built(kinds.MapLayerOptions(type_val="default", name="Basemap")))
        .layers([_Built(layer)])
        .controls(geomap.ControlsOptions().show_zoom(True).show_attribution(True).mouse_wheel_zoom(False))
        .tooltip(geomap.TooltipOptions().mode(map_kinds.TooltipMode.DETAILS))
    )
    panel = _finished(made, tell, query, Look(), span, size=(24, 16))
    panel.transformations = list(steps)
    _name_columns(panel, columns)
    return panel


def figure(tell: Tell, query: Query, look: Look, *, size: tuple[int, int] = (4, 4)) -> Panel:
    """One figure or a few, as text."""
    made = (
        stat.Panel()
        .graph_mode(kinds.BigValueGraphMode.NONE)
        .color_mode(kinds.BigValueColorMode.VALUE)
        .text_mode(kinds.BigValueTextMode.VALUE_AND_NAME if query_has_legend(query) else _VALUE)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    )
    return _finished(made, tell, query, look, Span(), size=size)


def shade(panel: Panel, columns: Sequence[str]) -> None:
    """Shade the cells of these columns of a table by their numbers, which stay in them."""
    for column in columns:
        properties = {
            "color": {"mode": "continuous-blues"},
            "custom.cellOptions": {"type": "color-background", "mode": "gradient"},
            "decimals": 0,
        }
        _overrides(panel).append(_override("byName", column, properties))


def query_has_legend(query: Query) -> bool:
    """Whether what it draws has names worth showing."""
    return isinstance(query, Promql) and bool(query.legend)


def position(panel: Panel) -> GridPos:
    """Where a panel is and how large; every one that is made here has it."""
    panel.grid_pos = panel.grid_pos or GridPos()
    return panel.grid_pos


def words(title: str, markdown: str, *, height: int = 4) -> Panel:
    """A text."""
    panel = text.Panel().mode(text_kinds.TextMode.MARKDOWN).content(markdown).build()
    panel.title = title
    panel.grid_pos = GridPos(h=height, w=24, x=0, y=0)
    return panel


_VALUE = kinds.BigValueTextMode.VALUE


class _Built(Builder[T]):
    """What is built already, for steps of the SDK that want a builder."""

    def __init__(self, made: T) -> None:
        self._made = made

    def build(self) -> T:
        return self._made


def _finished(
    made: Builder[Panel],
    tell: Tell,
    query: Query,
    look: Look,
    span: Span,
    *,
    size: tuple[int, int],
    named: Sequence[Named] = (),
) -> Panel:
    panel = made.build()
    panel.title, panel.description = str(tell.title), str(tell.description)
    panel.targets = [query.build()]
    panel.datasource = reference(query.source if isinstance(query, Influxql) else PROMETHEUS)
    panel.grid_pos = GridPos(w=size[0], h=size[1], x=0, y=0)
    panel.interval, panel.time_from = span.interval or None, span.only_last or None
    panel.max_data_points = span.points
    panel.field_config = panel.field_config or FieldConfigSource()
    defaults = panel.field_config.defaults
    defaults.unit, defaults.decimals = look.unit or None, look.decimals
    defaults.min_val, defaults.max_val = look.least, look.most
    defaults.mappings = list(look.words)
    defaults.no_value = str(look.nothing) or None
    if look.lines:
        steps = [Threshold(value=None, color="transparent")]
        steps += [Threshold(value=value, color=color) for value, color in look.lines]
        defaults.thresholds = ThresholdsConfig(mode=ThresholdsMode.ABSOLUTE, steps=steps)
        defaults.color = FieldColor(mode=FieldColorModeId.PALETTE_CLASSIC)
    # Grafana writes what it says of an empty panel into every empty cell too, unless a column says otherwise.
    panel.field_config.overrides = [_override("byRegexp", "/.*/", {"noValue": ""})] if look.nothing else []
    panel.field_config.overrides += [
        _override("byRegexp", f"/{one.pattern}/", one.properties) for one in named
    ]
    return panel


def _name_columns(panel: Panel, columns: Mapping[str, Column], *, but: str = "") -> None:
    """Show the columns by their titles; they keep their names, by which the panel finds them."""
    for name, column in columns.items():
        properties = ({} if name == but else {"displayName": str(column.title)}) | _properties(column)
        _overrides(panel).append(_override("byName", name, properties))


def _style_columns(panel: Panel, columns: Mapping[str, Column]) -> None:
    for column in columns.values():
        properties = _properties(column) | ({"custom.width": column.width} if column.width else {})
        if properties:
            _overrides(panel).append(_override("byName", str(column.title), properties))


def _properties(column: Column) -> dict[str, object]:
    properties: dict[str, object] = {}
    if column.unit:
        properties["unit"] = column.unit
    if column.decimals is not None:
        properties["decimals"] = column.decimals
    if column.colour:
        properties["color"] = {"mode": "fixed", "fixedColor": column.colour}
    if column.words:
        properties["mappings"] = list(column.words)
        if coloured(column.words):
            properties["custom.cellOptions"] = {"type": "color-text"}
    return properties


def _overrides(panel: Panel) -> list[DashboardFieldConfigSourceOverrides]:
    panel.field_config = panel.field_config or FieldConfigSource()
    return panel.field_config.overrides


def _override(matcher: str, of: str, properties: Mapping[str, object]) -> DashboardFieldConfigSourceOverrides:
    return DashboardFieldConfigSourceOverrides(
        matcher=MatcherConfig(id_val=matcher, options=of),
        properties=[DynamicConfigValue(id_val=name, value=value) for name, value in properties.items()],
    )


def _legend() -> common.VizLegendOptions:
    return (
        common.VizLegendOptions()
        .show_legend(True)
        .display_mode(kinds.LegendDisplayMode.LIST)
        .placement(kinds.LegendPlacement.BOTTOM)
        .calcs([])
    )
