"""What stands in for Grafana in the boards' tests, held against what Grafana's own library does."""

import json
import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.grafana import influxql, png, promql, timerange, transformations, variables
from tests.grafana.frame import Field, Frame, table, title
from tests.grafana.look import Look
from tests.grafana.variables import Choice

#: Frames, transformations, and what @grafana/data 11.6.0 made of them; see `tests/grafana/record.cjs`.
RECORDED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden" / "transformations.json").read_text()
)


@pytest.mark.parametrize("case", RECORDED, ids=[one["case"] for one in RECORDED])
def test_transformations_make_of_a_frame_what_grafana_makes_of_it(case: Mapping[str, Any]) -> None:
    frames = [
        Frame(
            [
                Field(one["name"], one["kind"], one["values"], one.get("labels"), one.get("shown"))
                for one in said["fields"]
            ],
            said.get("name"),
            said["refId"],
        )
        for said in case["frames"]
    ]
    made = transformations.apply(frames, case["transformations"])
    shown = [table(frame, made) for frame in made]
    assert [list(one.columns) for one in shown] == [one["columns"] for one in case["becomes"]]
    assert [[list(row) for row in one.rows] for one in shown] == [one["rows"] for one in case["becomes"]]


@pytest.mark.parametrize(
    ("text", "choice", "becomes"),
    [
        ("/^${site:regex}$/", Choice(["Alte Schule (Hof)"]), r"/^Alte Schule \(Hof\)$/"),
        ("/^${site:regex}$/", Choice(["Lahn / Wehr", "B"], several=True), r"/^(Lahn \/ Wehr|B)$/"),
        ("/^${site:regex}$/", Choice(["A", "B"], several=True, whole=".*"), "/^.*$/"),
        ("/^$site$/", Choice(["A.B", "C"], several=True), r"/^(A\.B|C)$/"),
        ("'$site'", Choice(["A"]), "'A'"),
        ("[[site:pipe]]", Choice(["A", "B"], several=True), "A|B"),
        ("$timeFilter AND $other", Choice(["A"]), "$timeFilter AND $other"),
    ],
)
def test_a_variable_is_written_into_influxql_as_grafana_does(text: str, choice: Choice, becomes: str) -> None:
    assert variables.fill_in(text, {"site": choice}, variables.influxql) == becomes


def test_a_variable_is_written_into_promql_with_its_backslashes_twice() -> None:
    several = Choice(["a.b", "c"], several=True)
    assert variables.fill_in('{x=~"$v"}', {"v": several}, variables.promql) == r'{x=~"(a\\.b|c)"}'


def test_what_nobody_replaced_is_found_but_not_the_end_of_a_regular_expression() -> None:
    assert variables.leftovers("WHERE \"site\" =~ /^(a|b)$/ AND x = 1 tz('Europe/Berlin')") == []
    assert variables.leftovers("time > $__from AND ${site:regex}") == ["$__from", "${site"]


def test_a_board_opens_with_what_it_names_or_with_the_first_that_is_offered() -> None:
    every = {"multi": True, "includeAll": True, "allValue": ".*", "current": {"value": ["$__all"]}}
    assert variables.choose(every, ["a", "b"]).whole == ".*"
    assert variables.choose({"current": {"value": "gone"}}, ["a", "b"]).values == ["a"]
    assert variables.choose({"current": {"value": "b"}}, ["a", "b"]).values == ["b"]


def test_a_series_and_column_become_a_frame_each_named_by_the_alias() -> None:
    series = [
        {
            "name": "air",
            "tags": {"site": "A"},
            "columns": ["time", "x", "y"],
            "values": [[1, 2, None], [2, 3, 4]],
        }
    ]
    made = influxql.frames(series, {"refId": "A", "alias": "$tag_site $col"}, 60_000)
    assert [title(frame.fields[1], frame, made) for frame in made] == ["A x", "A y"]
    assert [frame.fields[1].values for frame in made] == [[2, 3], [None, 4]]
    assert made[0].fields[1].labels == {"site": "A"}
    plain = influxql.frames(series, {"refId": "A"}, 60_000)
    assert title(plain[0].fields[1], plain[0], plain) == "air.x { site: A }"


def test_series_become_one_table_with_their_tags_between_time_and_columns() -> None:
    series = [
        {"name": "air", "tags": {"site": site}, "columns": ["time", "x"], "values": [[1, value]]}
        for site, value in (("A", 2), ("B", None))
    ]
    (made,) = influxql.frames(series, {"refId": "A", "resultFormat": "table"}, 60_000)
    assert table(made, [made]).columns == ["Time", "site", "x"]
    assert made.rows() == [(1, "A", 2), (1, "B", None)]


def test_a_vector_of_prometheus_becomes_one_table_with_a_column_a_label() -> None:
    result = {
        "resultType": "vector",
        "result": [
            {"metric": {"outcome": "stored"}, "value": [1, "4"]},
            {"metric": {"outcome": "rejected", "reason": "time"}, "value": [1, "NaN"]},
        ],
    }
    target = {"refId": "A", "expr": "x", "format": "table"}
    (made,) = promql.as_tables(promql.frames(result, target))
    assert table(made, [made]).columns == ["Time", "outcome", "reason", "Value"]
    assert made.rows() == [(1000, "stored", "", 4.0), (1000, "rejected", "time", None)]


def test_series_of_prometheus_are_named_by_the_legend_or_by_their_labels() -> None:
    result = {"resultType": "matrix", "result": [{"metric": {"a": "1"}, "values": [[1, "2"]]}]}
    named = promql.frames(result, {"refId": "A", "expr": "x", "legendFormat": "is {{a}}"})
    assert title(named[0].fields[1], named[0], named) == "is 1"
    plain = promql.frames(result, {"refId": "A", "expr": "x"})
    assert title(plain[0].fields[1], plain[0], plain) == '{a="1"}'


@pytest.mark.parametrize(
    ("begin", "end", "first", "last"),
    [
        ("now-24h", "now", "2026-06-17T18:30:00+00:00", "2026-06-18T18:30:00+00:00"),
        ("now/d", "now/d", "2026-06-17T22:00:00+00:00", "2026-06-18T21:59:59.999000+00:00"),
        ("now-7d/d", "now", "2026-06-10T22:00:00+00:00", "2026-06-18T18:30:00+00:00"),
        ("now/w", "now", "2026-06-14T22:00:00+00:00", "2026-06-18T18:30:00+00:00"),
        ("now-90d/d", "now", "2026-03-19T23:00:00+00:00", "2026-06-18T18:30:00+00:00"),  # in winter time
    ],
)
def test_a_board_s_range_is_understood_in_german_time(begin: str, end: str, first: str, last: str) -> None:
    now = datetime(2026, 6, 18, 18, 30, tzinfo=UTC)
    span = timerange.resolve(begin, end, round(now.timestamp() * 1000))
    assert datetime.fromtimestamp(span.begin_ms / 1000, UTC).isoformat() == first
    assert datetime.fromtimestamp(span.end_ms / 1000, UTC).isoformat() == last


@pytest.mark.parametrize(
    ("own", "told"), [("15m", "Last 15 minutes"), ("1h", "Last 1 hour"), ("now-14d/d", "Last 14 days")]
)
def test_a_panel_s_own_range_stands_beside_its_title_as_in_grafana(own: str, told: str) -> None:
    assert timerange.told(own) == told


@pytest.mark.parametrize(
    ("unit", "decimals", "value", "words"),
    [
        ("", None, 8.31, "8.31"),
        ("", None, 52.13, "52.1"),
        ("", None, 14, "14"),
        ("", None, 0.0123, "0.0123"),
        ("", None, 1234.567, "1235"),
        ("conμgm3", 1, 12.34, "12.3 μg/m³"),
        ("percent", 0, 87, "87%"),
        ("velocitykmh", 0, 42.4, "42 km/h"),
        ("volt", 2, 3.52, "3.52 V"),
        ("dB", 1, -7.5, "-7.5 dB"),
        ("suffix:dBm", 0, -101, "-101 dBm"),
        ("dtdhms", None, 24_840, "06:54:00"),
        ("dtdhms", None, 100_000, "1 d 03:46:40"),
        ("time:DD.MM.YYYY HH:mm", None, 1_781_805_600_000, "18.06.2026 20:00"),
    ],
)
def test_a_value_reads_as_in_grafana(unit: str, decimals: int | None, value: float, words: str) -> None:
    """What `getDisplayProcessor` of @grafana/data 11.6.0 answers to a browser in German."""
    assert Look("", unit, decimals).words(value) == words


def test_an_empty_cell_says_what_an_empty_panel_says_unless_told_otherwise() -> None:
    assert Look("", nothing="No data at all.").words(None) == "No data at all."
    assert Look("", nothing="No data at all.").words("") == "No data at all."
    assert Look("").words(None) == ""


@pytest.mark.parametrize(
    ("hours", "least_ms", "becomes"), [(24, 0, "2m"), (1, 0, "5s"), (168, 60_000, "15m"), (1, 60_000, "1m")]
)
def test_the_interval_leaves_about_as_many_points_as_a_panel_has_pixels(
    hours: int, least_ms: int, becomes: str
) -> None:
    span = timerange.TimeRange(0, hours * 3_600_000)
    assert timerange.text(timerange.interval_ms(span, 800, least_ms)) == becomes


def test_a_picture_with_a_palette_shows_the_same() -> None:
    rows = [bytes([0, *([200, 30, 42] * 3)]), bytes([2, *([0, 0, 0] * 3)])]  # the second: as the one above
    head = struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)
    whole = [(b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    small = png.shrunk(b"\x89PNG\r\n\x1a\n" + b"".join(png._chunk(*one) for one in whole))
    found = dict(png._chunks(small))
    assert found[b"IHDR"] == struct.pack(">IIBBBBB", 3, 2, 8, 3, 0, 0, 0)
    assert found[b"PLTE"] == bytes([202, 30, 42])
    assert zlib.decompress(found[b"IDAT"]) == bytes(8)
