"""Boards as files, and one panel's way from its queries to the table that it shows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.grafana import influxql, promql, timerange, transformations, variables
from tests.grafana.frame import Frame, Table, table
from tests.grafana.timerange import TimeRange
from tests.grafana.variables import Choice, Choices
from tests.servers.influxdb import Database

ROOT = Path(__file__).resolve().parents[2]
BOARDS = ROOT / "grafana" / "boards"
#: As the data sources that we ship say it (`jsonData.timeInterval`); Prometheus's is its scrape interval.
LEAST_MS = {"influxdb": 60_000, "prometheus": 15_000}
#: Points that a panel of usual width asks for.
POINTS = 800

Target = Mapping[str, Any]


@dataclass(frozen=True)
class Panel:
    """One panel of a board's file."""

    said: Mapping[str, Any]

    @property
    def id(self) -> int:
        """Its number on the board."""
        return int(self.said["id"])

    @property
    def title(self) -> str:
        """What stands over it."""
        return str(self.said.get("title", ""))

    @property
    def type(self) -> str:
        """The visualisation."""
        return str(self.said["type"])

    @property
    def targets(self) -> Sequence[Target]:
        """Its queries, but for hidden ones."""
        return [one for one in self.said.get("targets", ()) if not one.get("hide")]

    @property
    def transformations(self) -> Sequence[Mapping[str, Any]]:
        """What is done to their answers."""
        return list(self.said.get("transformations", ()))

    def __str__(self) -> str:
        return f"{self.id} {self.title!r}"


@dataclass(frozen=True)
class Board:
    """A board's file."""

    file: Path
    said: Mapping[str, Any] = field(repr=False)

    @property
    def uid(self) -> str:
        """What links name it by."""
        return str(self.said["uid"])

    @cached_property
    def panels(self) -> Sequence[Panel]:
        """Every panel with something to show, also those in folded rows."""
        return [Panel(one) for one in _flat(self.said["panels"]) if one["type"] != "row"]

    @property
    def variables(self) -> Sequence[Mapping[str, Any]]:
        """What is chosen above it."""
        listed: Sequence[Mapping[str, Any]] = self.said.get("templating", {}).get("list", [])
        return listed


def boards(language: str = "*") -> list[Board]:
    """Every board that is shipped, by file."""
    files = sorted(BOARDS.glob(f"{language}/*.json"))
    return [Board(file, json.loads(file.read_text())) for file in files]


def step_ms(said: Mapping[str, Any], span: TimeRange, kind: str) -> int:
    """How far apart the points are that a panel asks of a kind of data source over this time."""
    least_ms = timerange.duration_ms(said["interval"]) if said.get("interval") else LEAST_MS[kind]
    return timerange.interval_ms(span, int(said.get("maxDataPoints") or POINTS), least_ms)


class QueryFailed(Exception):
    """A data source refused a query; the message says which and why."""


@dataclass(frozen=True)
class Asked:
    """A query as it was sent, its variables and macros filled in."""

    ref_id: str
    uid: str
    text: str


@dataclass(frozen=True)
class Shown:
    """What a panel shows: its tables, the queries that it asked, and the frames behind the tables."""

    asked: Sequence[Asked]
    tables: Sequence[Table]
    frames: Sequence[Frame] = field(repr=False)

    @property
    def rows(self) -> int:
        """Of all its tables."""
        return sum(len(one.rows) for one in self.tables)


@dataclass(frozen=True)
class Grafana:
    """Stands in for Grafana: asks the data sources of `uid` what a board asks, at a moment.

    `influx` holds a database for each data source of InfluxDB, `prometheus` the address of one.
    """

    influx: Mapping[str, Database]
    prometheus: str
    now_ms: int

    def choices(self, board: Board, picks: Mapping[str, Sequence[str]] | None = None) -> Choices:
        """What is chosen when a board is opened; `picks` chooses something else of what is offered."""
        chosen: dict[str, Choice] = {}
        for variable in board.variables:
            name = variable["name"]
            pick = (picks or {}).get(name)
            chosen[name] = variables.choose(variable, self.offers(board, variable, chosen), pick)
        return chosen

    def offers(self, board: Board, variable: Mapping[str, Any], chosen: Choices) -> list[str]:
        """What a variable offers while these are chosen."""
        if variable["type"] in {"custom", "interval"}:
            return variables.custom(variable)
        if variable["type"] in {"constant", "textbox"}:
            return [str(variable["query"])]
        query = variable["query"]
        text = query if isinstance(query, str) else query["query"]
        uid = variable["datasource"]["uid"]
        span = self.span(board)
        if uid in self.influx:
            statement = self._influxql(text, chosen, span, LEAST_MS["influxdb"])
            found = influxql.values(self.ask_influx(uid, statement), statement)
        else:
            found = self._label_values(variables.fill_in(text, chosen, variables.promql), span)
        return variables.offers(variable, found)

    def span(self, board: Board, panel: Panel | None = None) -> TimeRange:
        """The time range that a panel shows, or its board."""
        begin, end = board.said["time"]["from"], board.said["time"]["to"]
        own = panel.said.get("timeFrom") if panel is not None else None
        if own:
            begin, end = (own if own.startswith("now") else f"now-{own}"), "now"
        return timerange.resolve(begin, end, self.now_ms)

    def show(self, board: Board, panel: Panel, chosen: Choices) -> Shown:
        """Ask a panel's queries and do to the answers what the panel does. Raises `QueryFailed`."""
        asked: list[Asked] = []
        frames: list[Frame] = []
        tables: list[Frame] = []
        for target in panel.targets:
            uid = target["datasource"]["uid"]
            text, found = self.answer(target, chosen, self.span(board, panel), panel)
            asked.append(Asked(target["refId"], uid, text))
            (tables if uid not in self.influx and target.get("format") == "table" else frames).extend(found)
        shown = transformations.apply([*frames, *promql.as_tables(tables)], panel.transformations)
        return Shown(asked, [table(frame, shown) for frame in shown], shown)

    def answer(
        self, target: Target, chosen: Choices, span: TimeRange, panel: Panel | None = None
    ) -> tuple[str, list[Frame]]:
        """One query as it was sent, and its frames."""
        uid = target["datasource"]["uid"]
        kind = "influxdb" if uid in self.influx else "prometheus"
        interval_ms = step_ms(panel.said if panel is not None else {}, span, kind)
        if kind == "prometheus":
            text = self._promql(target["expr"], chosen, span, interval_ms)
            return text, promql.frames(self._ask_prometheus(target, text, span, interval_ms), target)
        text = self._influxql(target["query"], chosen, span, interval_ms)
        alias = variables.fill_in(target.get("alias") or "", chosen, variables.influxql)
        return text, influxql.frames(self.ask_influx(uid, text), {**target, "alias": alias}, interval_ms)

    def ask_influx(self, uid: str, statement: str) -> list[dict[str, Any]]:
        """The series of one statement, times in milliseconds."""
        database = self.influx[uid]
        name, _, policy = database.bucket.partition("/")
        what = {"db": name, "q": statement, "epoch": "ms"} | ({"rp": policy} if policy else {})
        headers = {"Authorization": f"Token {database.token}"} if database.token else {}
        answer = _get(f"{database.url}/query?{urlencode(what)}", statement, headers)
        (result,) = answer["results"]
        if "error" in result:
            raise QueryFailed(f"{result['error']}: {statement}")
        return list(result.get("series", []))

    def _influxql(self, text: str, chosen: Choices, span: TimeRange, interval_ms: int) -> str:
        text = variables.fill_in(text, chosen, variables.influxql)
        interval = timerange.text(interval_ms)
        text = text.replace("$timeFilter", f"time >= {span.begin_ms}ms and time <= {span.end_ms}ms")
        text = text.replace("$__interval_ms", str(interval_ms)).replace("$__interval", interval)
        return _whole(text.replace("$interval", interval))

    def _promql(self, text: str, chosen: Choices, span: TimeRange, interval_ms: int) -> str:
        scrape_ms = LEAST_MS["prometheus"]
        known = {
            "__interval": timerange.text(interval_ms),
            "__interval_ms": str(interval_ms),
            "__rate_interval": timerange.text(max(interval_ms + scrape_ms, 4 * scrape_ms)),
            "__range": f"{round(span.length_ms / 1000)}s",
            "__range_s": str(round(span.length_ms / 1000)),
            "__range_ms": str(span.length_ms),
        }
        return _whole(variables.fill_in(text, chosen, variables.promql, known))

    def _ask_prometheus(self, target: Target, text: str, span: TimeRange, step_ms: int) -> dict[str, Any]:
        if target.get("instant"):
            path, what = "query", {"query": text, "time": span.end_ms / 1000}
        else:
            begin = span.begin_ms // step_ms * step_ms / 1000
            end = span.end_ms // step_ms * step_ms / 1000
            path, what = "query_range", {"query": text, "start": begin, "end": end, "step": step_ms / 1000}
        answer = _get(f"{self.prometheus}/api/v1/{path}?{urlencode(what)}", text)
        return dict(answer["data"])

    def _label_values(self, query: str, span: TimeRange) -> list[str]:
        inner = query.removeprefix("label_values(").removesuffix(")")
        if inner == query:
            raise QueryFailed(f"only label_values() is understood of a variable: {query}")
        metric, _, label = inner.rpartition(",")
        what = {"start": span.begin_ms / 1000, "end": span.end_ms / 1000}
        match = {"match[]": metric.strip()} if metric else {}
        address = f"{self.prometheus}/api/v1/label/{label.strip()}/values?{urlencode(what | match)}"
        return [str(one) for one in _get(address, query)["data"]]


def _flat(panels: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for one in panels:
        yield one
        yield from _flat(one.get("panels", ()))


def _whole(text: str) -> str:
    if left := variables.leftovers(text):
        raise QueryFailed(f"nobody replaces {left}: {text}")
    return text


def _get(address: str, query: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        with urlopen(Request(address, headers=dict(headers or {})), timeout=60) as answer:  # noqa: S310  our own http address
            return dict(json.load(answer))
    except HTTPError as error:
        raise QueryFailed(f"{error.read().decode(errors='replace').strip()}: {query}") from None
