"""What an alarm is: the question, the numbers, how long, and what it says in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from devices.language import Sentence, say

#: Data sources by their fixed uids.
READINGS, HOURS, BAYS = "messnetz-readings", "messnetz-hours", "messnetz-bays"
PROMETHEUS = "messnetz-prometheus"

MINUTE, HOUR, DAY = 60, 3600, 86_400

Severity = Literal["critical", "warning", "info"]
#: What becomes of an alarm while its question has no answer (no rows), or cannot be asked (no database).
NoData = Literal["KeepLast", "Alerting", "OK"]
OnError = Literal["KeepLast", "Alerting", "Error"]


@dataclass(frozen=True, slots=True)
class Text:
    """What is said, with templates of Go in it (`{{ $labels.device }}`) that Grafana and Prometheus fill."""

    title: Sentence  #: what is wrong; also the rule's name in Grafana
    where: str
    since: str
    cause: Sentence  #: the likely one
    step: Sentence  #: the first thing to do

    @property
    def summary(self) -> Sentence:
        """One line: what and where."""
        return say("{title}: {where}", title=self.title, where=self.where)

    @property
    def description(self) -> Sentence:
        """Three lines: since when, why, what to do."""
        return say(
            "Since when: {since}\nLikely cause: {cause}\nFirst step: {step}",
            since=self.since,
            cause=self.cause,
            step=self.step,
        )


@dataclass(frozen=True, slots=True)
class Query:
    """An InfluxQL question with one numeric value a series; `$timeFilter` is its window."""

    ref: str
    source: str  #: uid of the data source
    influxql: str
    window_s: int  #: how far back it looks
    until_s: int = 0  #: where its window ends, before now


@dataclass(frozen=True, slots=True)
class Reduce:
    """One number of each series of a query."""

    ref: str
    of: str
    how: Literal["last", "mean"] = "last"


@dataclass(frozen=True, slots=True)
class Math:
    """A number of numbers whose labels agree; one whose labels have no partner falls away."""

    ref: str
    formula: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where an alarm begins and where it ends; between the two it stays (Grafana: recovery threshold).

    `begins` and `ends` are pairs as Grafana writes them: `("gt", 3)`, `("within_range", 3.5, 4.5)`; bounds
    are exclusive. Without `ends` it ends where it does not begin.
    """

    ref: str
    of: str
    begins: tuple[str, *tuple[float, ...]]
    ends: tuple[str, *tuple[float, ...]] | None = None


Step = Query | Reduce | Math | Threshold


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that Grafana raises from the database; the last of `steps` is its condition.

    `uid` is fixed for ever: Grafana takes a rule with another uid for another rule.
    """

    uid: str
    text: Text
    steps: tuple[Step, ...]
    severity: Severity
    part: Literal["device", "gateway", "street", "pipeline"]
    lasting_s: int = 0
    no_data: NoData = "KeepLast"
    on_error: OnError = "KeepLast"
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MetricAlarm:
    """An alarm on what the service says of itself: `expr` above or below `limit` for `lasting_s`.

    `text` speaks of the value as `$value`, as Prometheus does. Labels of sums and of the scrape stay.
    `grafana` is False where Grafana knows it by another alarm.
    """

    uid: str  #: in Grafana
    name: str  #: in Prometheus
    text: Text
    expr: str
    sign: Literal["above", "below"]
    limit: float
    severity: Severity
    lasting_s: int = 0
    grafana: bool = True
