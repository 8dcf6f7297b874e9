"""Boards of Grafana: the committed JSON is what the builder writes; Grafana can load it, people read it."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from publish.boards import transformations, words
from publish.boards.__main__ import documents

DOCUMENTS = documents()
BOARDS = {f"{path.parent.name}/{path.stem}": json.loads(text) for path, text in DOCUMENTS.items()}
PANELS = {
    "barchart",
    "geomap",
    "row",
    "stat",
    "state-timeline",
    "table",
    "text",
    "timeseries",
}
#: Drawn on a canvas or as shapes: a screen reader reads nothing of them.
CHARTS = {"barchart", "geomap", "state-timeline", "timeseries"}
SOURCES = {
    "messnetz-readings": "influxdb",
    "messnetz-hours": "influxdb",
    "messnetz-bays": "influxdb",
    "messnetz-prometheus": "prometheus",
}
each_board = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)


def panels(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def targets(board: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for panel in panels(board):
        for target in panel.get("targets", ()):
            yield panel, target


def influxql(board: dict[str, Any]) -> list[str]:
    found = [one["query"] for _, one in targets(board) if one["datasource"]["type"] == "influxdb"]
    return found + [one["query"] for one in board["templating"]["list"]]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_committed_board_is_what_the_builder_writes(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == DOCUMENTS[path], "run `make docs`"


def test_no_board_is_left_over_that_the_builder_does_not_write() -> None:
    folder = Path(__file__).resolve().parents[1] / "grafana" / "boards"
    assert set(folder.rglob("*.*")) == set(DOCUMENTS)


def test_both_languages_have_the_same_six_boards_with_the_fixed_uids() -> None:
    names = ("geraete", "luft", "parken", "pipeline", "stadt", "verkehr")
    uids = {board["uid"] for board in BOARDS.values()}
    assert uids == {f"messnetz-{name}{end}" for name in names for end in ("", "-en")}


def test_the_boards_are_built_for_the_grafana_of_the_compose_file() -> None:
    compose = (Path(__file__).resolve().parents[1] / "docker-compose.yml").read_text(encoding="utf-8")
    (release,) = re.findall(r"image: grafana/grafana:(\d+\.\d+)\.", compose)
    assert version("grafana-foundation-sdk").partition("!")[2].startswith(f"{release}.")


def test_both_languages_ask_the_same() -> None:
    for name, board in BOARDS.items():
        other = BOARDS[name.replace("de/", "en/")]
        assert influxql(board) == influxql(other)
        assert [one.get("expr") for _, one in targets(board)] == [
            one.get("expr") for _, one in targets(other)
        ]


@each_board
def test_a_board_loads_from_a_file(board: dict[str, Any]) -> None:
    """What only the import dialog resolves is not in it, nor the number that an instance gave it."""
    text = json.dumps(board)
    assert "${DS_" not in text
    assert not {"__inputs", "__requires", "id"} & board.keys()
    assert board["schemaVersion"] == 41
    assert board["timezone"] == "Europe/Berlin"


@each_board
def test_every_panel_has_its_own_id_and_place(board: dict[str, Any]) -> None:
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    places = [(panel["title"], panel["gridPos"]) for panel in board["panels"]]
    for title, at in places:
        assert 0 <= at["x"] < at["x"] + at["w"] <= 24, title
    for (one, a), (other, b) in combinations(places, 2):
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        below = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        assert beside or below, f"{one} lies over {other}"


@each_board
def test_panels_sources_and_transformations_are_known_ones(board: dict[str, Any]) -> None:
    assert {panel["type"] for panel in board["panels"]} <= PANELS
    for panel, target in targets(board):
        for source in (panel["datasource"], target["datasource"]):
            assert SOURCES[source["uid"]] == source["type"], panel["title"]
        assert target["refId"] == "A"
    for variable in board["templating"]["list"]:
        assert SOURCES[variable["datasource"]["uid"]] == "influxdb"
    used = {one["id"] for panel in panels(board) for one in panel.get("transformations", ())}
    assert used <= transformations.KNOWN


def test_no_transformation_is_known_that_no_board_uses() -> None:
    used = {
        one["id"]
        for board in BOARDS.values()
        for panel in panels(board)
        for one in panel.get("transformations", ())
    }
    assert used == transformations.KNOWN


@each_board
def test_every_chart_has_a_table_of_the_same_query(board: dict[str, Any]) -> None:
    """The table may ask for doubts as well, which charts leave out."""

    def asked(panel: dict[str, Any]) -> tuple[Any, ...]:
        (target,) = panel["targets"]
        query = re.sub(r', "\w+_qc"', "", target.get("query", ""))
        return query, target.get("expr"), panel.get("timeFrom"), panel.get("interval")

    tables = {panel["title"]: panel for panel in panels(board) if panel["type"] == "table"}
    for panel in panels(board):
        if panel["type"] in CHARTS:
            twin = next((tables[title] for title in tables if title.startswith(f"{panel['title']}, ")), None)
            assert twin, panel["title"]
            assert asked(twin) == asked(panel)
            (target,) = twin["targets"]
            assert target.get("resultFormat", target.get("format")) == "table"


@each_board
def test_every_panel_says_what_it_shows(board: dict[str, Any]) -> None:
    for panel in panels(board):
        assert panel["title"]
        assert panel["type"] == "text" or panel["description"], panel["title"]


@each_board
def test_a_colour_never_says_what_no_word_says(board: dict[str, Any]) -> None:
    """A value's colour comes with words that begin with a sign; a threshold's line is named in the title."""
    for panel in panels(board):
        config = panel.get("fieldConfig", {})
        properties = [one for override in config.get("overrides", ()) for one in override["properties"]]
        listed = [config.get("defaults", {}).get("mappings") or []]
        listed += [one["value"] for one in properties if one["id"] == "mappings"]
        for mappings in listed:
            for mapping in mappings:
                for result in mapping["options"].values() if mapping["type"] == "value" else ():
                    assert "color" not in result or not result["text"][0].isalpha(), result
        if config.get("defaults", {}).get("custom", {}).get("thresholdsStyle"):
            assert re.search(r"gestrichelt|dashed", panel["title"]), panel["title"]


@each_board
def test_a_query_that_groups_by_time_does_so_in_german_time(board: dict[str, Any]) -> None:
    """`$__interval` may become a day; a subquery that groups by the day needs the zone of its own."""
    for query in influxql(board):
        if "GROUP BY time(" in query:
            assert query.endswith("tz('Europe/Berlin')"), query
        days = r"GROUP BY time\((?:1d|\$__interval)\)[^()]* fill\(\w+\) tz\('Europe/Berlin'\)"
        assert len(re.findall(days, query)) == query.count("time(1d)") + query.count("time($__interval)")


@each_board
def test_variables_are_filled_in_so_that_no_name_breaks_a_query(board: dict[str, Any]) -> None:
    names = {variable["name"] for variable in board["templating"]["list"]}
    for query in influxql(board):
        assert set(re.findall(r"\$\{(\w+):regex\}", query)) <= names
        for column, name in re.findall(r'"(\w+)" =~ /\^\$\{(\w+):', query):
            assert column == {"counter": "device"}.get(name, name), query
        rest = re.sub(r"=~ /\^\$\{\w+:regex\}\$/", "", query)
        assert not re.search(r"\$(?!timeFilter|__interval)", rest), rest


@each_board
def test_every_query_of_readings_is_of_the_chosen_time(board: dict[str, Any]) -> None:
    for query in influxql(board):
        assert query.startswith("SHOW TAG VALUES") or "$timeFilter" in query


@each_board
def test_no_empty_cell_says_what_an_empty_panel_says(board: dict[str, Any]) -> None:
    """Grafana writes `noValue` of the defaults into every empty cell."""
    for panel in panels(board):
        config = panel.get("fieldConfig", {})
        if config.get("defaults", {}).get("noValue"):
            first, *_ = config["overrides"]
            assert first["matcher"] == {"id": "byRegexp", "options": "/.*/"}, panel["title"]
            assert first["properties"] == [{"id": "noValue", "value": ""}]


@each_board
def test_no_unit_is_one_that_grafana_writes_out_in_english(board: dict[str, Any]) -> None:
    """`s`, `m`, `dtdurations` say hours, mins, weeks; behind `suffix:` Grafana adds the blank itself."""
    for panel in panels(board):
        config = panel.get("fieldConfig", {})
        properties = [one for override in config.get("overrides", ()) for one in override["properties"]]
        units = [config.get("defaults", {}).get("unit")]
        units += [one["value"] for one in properties if one["id"] == "unit"]
        assert not {"s", "m", "h", "d", "dtdurations"} & set(units), panel["title"]
        assert not [unit for unit in units if unit and unit.startswith("suffix: ")]


@each_board
def test_what_is_shown_by_day_shows_whole_days(board: dict[str, Any]) -> None:
    for panel, target in targets(board):
        if "GROUP BY time(1d)" in target.get("query", ""):
            assert re.fullmatch(r"now-\d+d/d", panel["timeFrom"]), panel["title"]


@each_board
def test_a_table_of_states_begins_with_the_worst(board: dict[str, Any]) -> None:
    for panel, target in targets(board):
        if (
            panel["type"] == "table"
            and '"state_code"' in target.get("query", "")
            and "intervals" not in target["query"]
        ):
            (order,) = panel["options"]["sortBy"]
            assert order["desc"]
            assert order["displayName"] in {"Zustand", "State"}


def test_every_list_of_pollutants_has_its_words() -> None:
    listed = dict(words.spelled(words.pollutants()))
    assert len(listed) == 2**5 - 1
    assert listed["no2,o3,pm10,pm2_5,so2"] == "NO₂, O₃, PM10, PM2.5, SO₂"
    assert all(",".join(sorted(one.split(","))) == one for one in listed)


def test_every_state_has_its_words_by_number_too() -> None:
    names = [text for _, text in words.spelled(words.state_codes())]
    assert [code for code, _ in words.spelled(words.state_codes())] == [str(code) for code in range(9)]
    assert {*names[:7]} == {text for _, text in words.spelled(words.states())}
    signs = dict(words.spelled(words.state_signs()))
    assert all(
        names[code].startswith(sign) for code, sign in ((int(one), signs[one]) for one in signs) if code
    )


def test_a_map_takes_place_and_value_from_one_table_without_missing_coordinates() -> None:
    for board in BOARDS.values():
        for panel in panels(board):
            if panel["type"] == "geomap":
                (target,) = panel["targets"]
                assert target["resultFormat"] == "table"
                assert '"lat" >= -90 AND "lon" >= -180' in target["query"]
                (layer,) = panel["options"]["layers"]
                assert layer["config"]["showLegend"] is False  # it would show Grafana's own thresholds
                assert layer["location"] == {"mode": "coords", "latitude": "lat", "longitude": "lon"}


@each_board
def test_a_table_names_its_columns_and_relies_on_no_order_of_tags(board: dict[str, Any]) -> None:
    """Grafana adds an answer's tags in any order: each stands at its number or is left out."""
    for panel in panels(board):
        if panel["type"] == "table" and panel["datasource"]["type"] == "influxdb":
            (target,) = panel["targets"]
            steps = {one["id"]: one["options"] for one in panel["transformations"]}
            if "groupBy" in steps:
                continue
            grouped = target["query"].rsplit("GROUP BY", 1)[1]
            placed = steps["organize"]["indexByName"].keys() | steps["organize"]["excludeByName"].keys()
            assert set(re.findall(r'"(\w+)"', grouped)) <= placed, panel["title"]


def test_the_languages_differ_in_words_only() -> None:
    for name, board in BOARDS.items():
        other = BOARDS[name.replace("de/", "en/")]
        assert [panel["type"] for panel in board["panels"]] == [panel["type"] for panel in other["panels"]]
        assert [panel["gridPos"] for panel in board["panels"]] == [
            panel["gridPos"] for panel in other["panels"]
        ]
    assert (
        "Keine amtlichen Messungen" in DOCUMENTS[next(path for path in DOCUMENTS if path.name == "luft.json")]
    )
