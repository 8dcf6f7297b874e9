"""Grafana's alert rules, evaluated step by step as Grafana 11.6 does.

    rules = load(Path("grafana/provisioning/alerting/messnetz-rules.yaml").read_text())
    ask = of_databases({"messnetz-readings": database, ...})
    for now_s in range(begin_s, end_s, 60):
        for rule in rules:
            events += rule.step(now_s, ask)

What is taken from Grafana: data queries become series by their tags; `reduce` (mode dropNN), `math` (numbers
join where their labels are equal or one's contain the other's) and `threshold` with its recovery threshold;
a rule has no data when any of its data queries has none; the states Normal, Pending and Alerting with `for`,
`noDataState` and `execErrState` (KeepLast, OK and Alerting take hold of all instances at once); an instance
whose series is gone for two intervals ends as MissingSeries; the recovery threshold knows only instances
whose newest state has no reason.
"""

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML

from tests.servers.influxdb import Database

Labels = frozenset[tuple[str, str]]
#: Labels and points (seconds, value) of one series.
Series = tuple[Mapping[str, str], Sequence[tuple[float, float | None]]]
#: Answers a data query's model for a time range in seconds; raises when it cannot be asked.
Ask = Callable[[str, Mapping[str, Any], float, float], list[Series]]
Numbers = list[tuple[Labels, float | None]]

EXPRESSIONS = "__expr__"


@dataclass(frozen=True)
class Event:
    """An alarm, its end, or trouble with asking, of one instance of a rule."""

    uid: str
    kind: str  #: alarm, all-clear, trouble
    labels: Mapping[str, str]
    values: Mapping[str, float]  #: of the newest evaluation with data
    reason: str
    now_s: float


@dataclass
class State:
    """One instance of a rule."""

    labels: Labels
    name: str = "Normal"
    reason: str = ""
    since_s: float = 0
    seen_s: float = 0
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Rule:
    """One rule of the file with the states of its instances."""

    body: Mapping[str, Any]
    interval_s: int
    states: dict[Labels, State] = field(default_factory=dict)

    @property
    def uid(self) -> str:
        """Its fixed uid."""
        return str(self.body["uid"])

    def step(self, now_s: float, ask: Ask) -> list[Event]:
        """Evaluate once; the alarms and all-clears that come of it."""
        try:
            found = self._evaluate(now_s, ask)
        except Exception:  # noqa: BLE001  whatever keeps a data source from answering
            events = self._of_all("Error", self.body["execErrState"], now_s)
        else:
            if found is None:
                events = self._of_all("NoData", self.body["noDataState"], now_s)
            else:
                events = [event for one in found for event in self._of_one(*one, now_s)]
        return [*events, *self._gone(now_s)]

    def _evaluate(self, now_s: float, ask: Ask) -> list[tuple[Labels, float | None, dict[str, float]]] | None:
        """Each instance with the condition's value and the values of all expressions; None: no data."""
        series: dict[str, list[Series]] = {}
        numbers: dict[str, Numbers] = {}
        empty = False
        for step in self.body["data"]:
            ref, model = step["refId"], step["model"]
            if step["datasourceUid"] == EXPRESSIONS:
                numbers[ref] = self._expression(model, series, numbers)
                continue
            span = step["relativeTimeRange"]
            series[ref] = ask(step["datasourceUid"], model, now_s - span["from"], now_s - span["to"])
            empty = empty or not series[ref]
        condition = numbers[self.body["condition"]]
        if empty or not condition:
            return None
        return [(labels, value, _captured(labels, numbers)) for labels, value in condition]

    def _expression(
        self, model: Mapping[str, Any], series: Mapping[str, list[Series]], numbers: Mapping[str, Numbers]
    ) -> Numbers:
        match model["type"]:
            case "reduce":
                assert model["settings"]["mode"] == "dropNN"
                return [
                    (frozenset(labels.items()), _reduced(points, model["reducer"]))
                    for labels, points in series[model["expression"]]
                ]
            case "math":
                return _math(model["expression"], numbers)
            case "threshold":
                (condition,) = model["conditions"]
                return [
                    (labels, None if value is None else float(self._begun(condition, labels, value)))
                    for labels, value in numbers[model["expression"]]
                ]
            case other:
                raise NotImplementedError(other)

    def _begun(self, condition: Mapping[str, Any], labels: Labels, value: float) -> bool:
        state = self.states.get(labels)
        loaded = state is not None and state.name in {"Alerting", "Pending"} and not state.reason
        if loaded and "unloadEvaluator" in condition:
            return not _holds(condition["unloadEvaluator"], value)
        return _holds(condition["evaluator"], value)

    def _of_one(
        self, labels: Labels, value: float | None, values: dict[str, float], now_s: float
    ) -> Iterator[Event]:
        state = self.states.setdefault(labels, State(labels, since_s=now_s))
        if value is None:
            yield from self._exception(state, "NoData", self.body["noDataState"], now_s)
            return
        state.values = values
        yield from self._turn(state, "Alerting" if value else "Normal", "", now_s)

    def _of_all(self, what: str, wanted: str, now_s: float) -> list[Event]:
        if what == "Error" and wanted == "Error":
            return [Event(self.uid, "trouble", {}, {}, what, now_s)]
        if not self.states:
            # an instance of its own, by the data source's labels where Grafana gives them
            labels = (
                frozenset({("datasource_uid", "?"), ("ref_id", "?")}) if what == "NoData" else frozenset()
            )
            self.states[labels] = State(labels, since_s=now_s)
        return [
            event for state in self.states.values() for event in self._exception(state, what, wanted, now_s)
        ]

    def _exception(self, state: State, what: str, wanted: str, now_s: float) -> Iterator[Event]:
        match wanted:
            case "Alerting":
                yield from self._turn(state, "Alerting", what, now_s)
            case "OK":
                yield from self._turn(state, "Normal", what, now_s)
            case "KeepLast":
                name = "Alerting" if state.name in {"Alerting", "Pending"} else "Normal"
                yield from self._turn(state, name, f"{what}, KeepLast", now_s)
            case _:
                raise NotImplementedError(wanted)

    def _turn(self, state: State, name: str, reason: str, now_s: float) -> Iterator[Event]:
        before, state.seen_s, state.reason = state.name, now_s, reason
        if name == "Normal":
            state.name = "Normal"
            if before == "Alerting":
                yield self._event("all-clear", state, now_s)
            return
        lasting_s = _seconds(self.body["for"])
        if before == "Normal":
            state.name, state.since_s = ("Pending" if lasting_s else "Alerting"), now_s
        elif before == "Pending" and now_s - state.since_s >= lasting_s:
            state.name, state.since_s = "Alerting", now_s
        if state.name == "Alerting" and before != "Alerting":
            yield self._event("alarm", state, now_s)

    def _gone(self, now_s: float) -> list[Event]:
        gone = [one for one in self.states.values() if one.seen_s + 2 * self.interval_s <= now_s]
        for one in gone:
            del self.states[one.labels]
            one.reason = "MissingSeries"
        return [self._event("all-clear", one, now_s) for one in gone if one.name == "Alerting"]

    def _event(self, kind: str, state: State, now_s: float) -> Event:
        return Event(self.uid, kind, dict(state.labels), state.values, state.reason, now_s)


def load(text: str) -> list[Rule]:
    """Every rule of a provisioning file."""
    content = YAML(typ="safe", pure=True).load(text)
    return [Rule(rule, _seconds(group["interval"])) for group in content["groups"] for rule in group["rules"]]


def of_databases(databases: Mapping[str, Database]) -> Ask:
    """Asks an InfluxDB for each data source's uid, with the query's window in the place of `$timeFilter`."""

    def ask(uid: str, model: Mapping[str, Any], begin_s: float, end_s: float) -> list[Series]:
        window = f"time >= {begin_s * 1000:.0f}ms and time <= {end_s * 1000:.0f}ms"
        return [
            (one.get("tags", {}), [(row[0] / 1e9, row[1]) for row in one["values"]])
            for one in databases[uid].query(model["query"].replace("$timeFilter", window))
        ]

    return ask


def _seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


def _reduced(points: Sequence[tuple[float, float | None]], how: str) -> float | None:
    numbers = [value for _, value in points if value is not None and not math.isnan(value)]
    if not numbers:
        return None
    return numbers[-1] if how == "last" else sum(numbers) / len(numbers)


def _holds(evaluator: Mapping[str, Any], value: float) -> bool:
    low, high = (*evaluator["params"], math.inf)[:2]
    return bool({"gt": value > low, "lt": value < low, "within_range": low < value < high}[evaluator["type"]])


_OPERATORS: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Mult: operator.mul,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Gt: operator.gt,
}


def _math(formula: str, numbers: Mapping[str, Numbers]) -> Numbers:
    """`$A + $B * 2` for all pairs whose labels agree."""

    def value(node: ast.expr) -> Numbers:
        match node:
            case ast.Constant(number):
                return [(frozenset(), float(number))]  # type: ignore[arg-type]  # a number it is
            case ast.Name(name):
                return numbers[name.removeprefix("_")]
            case ast.BinOp(left, sign, right) | ast.Compare(left, [sign], [right]):
                return _joined(_OPERATORS[type(sign)], value(left), value(right))
            case _:
                raise NotImplementedError(ast.dump(node))

    return value(ast.parse(formula.replace("$", "_"), mode="eval").body)


def _joined(sign: Callable[[float, float], float], left: Numbers, right: Numbers) -> Numbers:
    return [
        (one | other, None if a is None or b is None else float(sign(a, b)))
        for one, a in left
        for other, b in right
        if one <= other or other <= one
    ]


def _captured(labels: Labels, numbers: Mapping[str, Numbers]) -> dict[str, float]:
    """What a template finds in `$values`."""
    found = {}
    for ref, values in numbers.items():
        for one, value in values:
            if (one <= labels or labels <= one) and value is not None:
                found[ref] = value
    return found
