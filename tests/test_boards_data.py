"""Every panel and variable of the boards asked on a simulated day: real InfluxDB, real Prometheus.

The tables that the panels show are held against `tests/golden/boards/`, so that a renamed field, tag or
column breaks the test. `MESSNETZ_WRITE_GOLDEN=1` writes them anew; read what changed before committing it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from publish.boards import sources, words
from publish.boards import transformations as allowed
from tests.grafana import draw, golden, influxql
from tests.grafana.draw import Size
from tests.grafana.panel import Board, Grafana, Panel, Shown, boards

GERMAN = boards("de")
ENGLISH = boards("en")
CHARTS = frozenset({"barchart", "geomap", "state-timeline", "timeseries"})
NOTHING = Shown([], [], [])
TYPES = CHARTS | {"stat", "table", "text"}
UIDS = frozenset({sources.READINGS, sources.HOURS, sources.BAYS, sources.PROMETHEUS})
#: Columns of states that nobody may have been in.
STATES = frozenset(
    {"■ Messnetz stand still", "▲ Gateway ausgefallen", "◆ Wartung", "○ Einrichtung", "– abgebaut"}
) | {text for _, text in words.spelled(words.states())}


def _panels(listed: list[Board]) -> Iterator[Any]:
    for board in listed:
        for panel in board.panels:
            yield pytest.param(board, panel, id=f"{board.uid}-{panel.id}")


PANELS = pytest.mark.parametrize(("board", "panel"), list(_panels(GERMAN)))


@PANELS
def test_a_panel_has_data_and_shows_the_table_that_it_should(
    board: Board, panel: Panel, musterstadt: Grafana
) -> None:
    shown = musterstadt.show(board, panel, musterstadt.choices(board))
    if panel.targets:
        assert shown.rows, [one.text for one in shown.asked]
    golden.compare(board, panel, shown)


EVERY = pytest.mark.parametrize(("board", "panel"), list(_panels([*GERMAN, *ENGLISH])))


@EVERY
def test_types_sources_and_transformations_of_a_panel_are_of_closed_lists(board: Board, panel: Panel) -> None:
    assert panel.type in TYPES
    assert {one["datasource"]["uid"] for one in panel.targets} <= UIDS
    assert {one["id"] for one in panel.transformations} <= allowed.KNOWN
    letters = [one["refId"] for one in panel.targets]
    assert letters == list("ABCDEFGH"[: len(letters)])
    assert panel.said["datasource"]["uid"] in UIDS if panel.targets else not panel.transformations


@EVERY
def test_a_query_of_influxdb_is_written_by_hand_in_influxql(board: Board, panel: Panel) -> None:
    for target in _influx(panel):
        assert target["rawQuery"] is True
        assert target["resultFormat"] in {"time_series", "table"}
        assert target["query"].startswith("SELECT ")
        assert "|>" not in target["query"]
        assert "$timeFilter" in target["query"], "it would read all that there ever was"
        assert "now()" not in target["query"]


@EVERY
def test_what_is_grouped_by_days_has_days_that_begin_in_germany(board: Board, panel: Panel) -> None:
    for target in _influx(panel):
        for select in _selects(target["query"]):
            if re.search(r"\btime\((\d+[dw]|\$__interval)\)", select):
                assert "tz('Europe/Berlin')" in select, select


@EVERY
def test_every_chart_has_a_table_that_asks_the_same(board: Board, panel: Panel) -> None:
    tables = [one for one in board.panels if one.type == "table"]
    if panel.type in CHARTS:  # the table may ask for doubts as well
        assert any(_asks(panel) <= _asks(table) for table in tables), panel


@EVERY
def test_columns_that_a_panel_names_are_in_its_table(
    board: Board, panel: Panel, musterstadt: Grafana
) -> None:
    shown = musterstadt.show(board, panel, musterstadt.choices(board))
    columns = {name for table in shown.tables for name in table.columns}
    options = panel.said.get("options", {})
    named = {one["displayName"] for one in options.get("sortBy", ())}
    if panel.type == "barchart":
        named.add(options["xField"])
    for override in panel.said.get("fieldConfig", {}).get("overrides", ()):
        if override["matcher"]["id"] == "byName":
            named.add(override["matcher"]["options"])
    for step in panel.transformations:
        if step["id"] == "organize":
            renamed = step["options"]["renameByName"]
            named |= {renamed.get(name, name) for name in step["options"]["indexByName"]}
    assert named - columns <= STATES


@PANELS
def test_a_query_names_no_column_that_nobody_writes(board: Board, panel: Panel, musterstadt: Grafana) -> None:
    for target in _influx(panel):
        assert _unknown(musterstadt, target["datasource"]["uid"], target["query"]) == set()


@pytest.mark.parametrize("board", GERMAN, ids=lambda board: board.uid)
def test_every_variable_offers_something_and_names_no_column_that_nobody_writes(
    board: Board, musterstadt: Grafana
) -> None:
    chosen = musterstadt.choices(board)
    for variable in board.variables:
        assert variable["type"] == "query"
        assert variable["query"].startswith("SHOW TAG VALUES ")
        assert musterstadt.offers(board, variable, chosen), variable["name"]
        assert _unknown(musterstadt, variable["datasource"]["uid"], variable["query"]) == set()


@pytest.mark.parametrize("site", ["Alte Schule (Hof)", "Lahn / Wehr", "Müller's Garten"])
def test_a_site_s_name_breaks_no_query(site: str, musterstadt: Grafana) -> None:
    (board,) = (one for one in GERMAN if one.uid == "messnetz-stadt")
    chosen = musterstadt.choices(board, {"municipality": ["musterstadt"], "site": [site, "Marktplatz"]})
    assert set(chosen["device"].values) >= {"luft-marktplatz"}
    (listed,) = (one for one in board.panels if one.title == "Alle Orte")
    (shown,) = musterstadt.show(board, listed, chosen).tables
    assert len(shown.rows) == 2


def test_a_point_on_the_map_always_has_a_place(musterstadt: Grafana) -> None:
    maps = [(board, panel) for board in GERMAN for panel in board.panels if panel.type == "geomap"]
    assert maps
    for board, panel in maps:
        (shown,) = musterstadt.show(board, panel, musterstadt.choices(board)).tables
        for axis in ("lat", "lon"):
            assert all(isinstance(value, float) for value in shown.column(axis))


@pytest.mark.parametrize("german", GERMAN, ids=lambda board: board.uid)
def test_the_english_board_asks_what_the_german_one_asks(german: Board) -> None:
    (english,) = (one for one in ENGLISH if one.file.name == german.file.name)
    assert english.uid == f"{german.uid}-en"
    assert [one.id for one in english.panels] == [one.id for one in german.panels]
    for mine, theirs in zip(english.panels, german.panels, strict=True):
        assert mine.targets == theirs.targets or _asks(mine) == _asks(theirs)
        assert mine.type == theirs.type


@pytest.mark.parametrize("board", GERMAN, ids=lambda board: board.uid)
def test_a_renamed_field_is_noticed_in_every_panel_that_asks_for_it(
    board: Board, musterstadt: Grafana
) -> None:
    chosen = musterstadt.choices(board)
    kept = golden.read(board)
    for panel in board.panels:
        for field in sorted(_fields(musterstadt, panel)):
            renamed = json.loads(json.dumps(panel.said).replace(f'\\"{field}\\"', f'\\"{field}_new\\"'))
            try:
                shown = musterstadt.show(board, Panel(renamed), chosen)
            except ValueError:  # a transformation misses its column
                continue
            assert golden.summary(panel, shown) != kept[str(panel.id)], (panel.title, field)


def _fields(grafana: Grafana, panel: Panel) -> set[str]:
    """The fields that a panel's queries take from their measurements."""
    found: set[str] = set()
    for target in _influx(panel):
        measurements = set(re.findall(r'FROM "(\w+)"', target["query"]))
        listed = ", ".join(f'"{name}"' for name in measurements)
        keys = grafana.ask_influx(target["datasource"]["uid"], f"SHOW FIELD KEYS FROM {listed}")
        known = {row[0] for series in keys for row in series["values"]}
        # a name that the query makes itself may be a field's too
        asked = [one for one in _selects(target["query"]) if re.search(r'FROM "', one)]
        found |= known & set(re.findall(r'"(\w+)"', re.sub(r'AS "\w+"', "", " ".join(asked))))
    return found


def _influx(panel: Panel) -> list[Mapping[str, Any]]:
    return [one for one in panel.targets if one["datasource"]["uid"] != sources.PROMETHEUS]


def _asks(panel: Panel) -> set[tuple[str, str]]:
    asked = {(one["datasource"]["uid"], one.get("query") or one["expr"]) for one in panel.targets}
    return {(uid, re.sub(r', "\w+_qc"', "", query)) for uid, query in asked}


def _selects(query: str) -> Iterator[str]:
    """The query and each subquery by itself, without those in it."""
    inner = re.compile(r"\(SELECT[^()]*(?:\([^()]*\)[^()]*)*\)")
    while match := inner.search(query):
        yield match[0]
        query = query[: match.start()] + " inner " + query[match.end() :]
    yield query


def _unknown(grafana: Grafana, uid: str, query: str) -> set[str]:
    """Columns that a query names and none of its measurements has (nor the query itself, by `AS`).

    A quantity that was never suspect has no `_qc`.
    """
    measurements = set(re.findall(r'FROM "(\w+)"', query))
    assert measurements, query
    names = set(re.findall(r'"(\w+)"', query)) - measurements - set(re.findall(r'AS "(\w+)"', query))
    listed = ", ".join(f'"{name}"' for name in measurements)
    known: set[str] = set()
    for what in ("FIELD", "TAG"):
        for series in grafana.ask_influx(uid, f"SHOW {what} KEYS FROM {listed}"):
            known |= {row[0] for row in series["values"]}
    return names - known - {f"{name}_qc" for name in known}


@PANELS
def test_a_panel_can_be_drawn_for_the_docs(board: Board, panel: Panel, musterstadt: Grafana) -> None:
    shown = musterstadt.show(board, panel, musterstadt.choices(board)) if panel.targets else NOTHING
    drawn = draw.panel(panel, shown, musterstadt.span(board, panel), Size(580, 200))
    assert drawn
    assert "nan" not in drawn
    fromstring(f"<div>{drawn}</div>")  # noqa: S314  our own markup


@PANELS
def test_a_table_shows_the_same_in_whatever_order_grafana_adds_the_tags(
    board: Board, panel: Panel, musterstadt: Grafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = musterstadt.choices(board)
    before = [(table.columns, table.rows) for table in musterstadt.show(board, panel, chosen).tables]
    monkeypatch.setattr(influxql, "tag_order", lambda tags: sorted(tags, reverse=True))
    after = [(table.columns, table.rows) for table in musterstadt.show(board, panel, chosen).tables]
    if panel.type in {"table", "timeseries", "state-timeline"}:
        assert after == before
    else:  # charts find their columns by name
        assert [sorted(columns) for columns, _ in after] == [sorted(columns) for columns, _ in before]
