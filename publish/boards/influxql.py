"""Targets in InfluxQL, which the SDK has none of, and the words that our queries share.

InfluxQL because it is the one language of InfluxDB 1.8, 2 and 3. Grafana's backend fills `$timeFilter` and
`$__interval`; variables are always written `${name:regex}`, so that no place's name can break a query.
"""

from dataclasses import dataclass
from typing import Literal

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery

from publish.boards.sources import Source, reference

Format = Literal["time_series", "table"]

#: Hours and days begin when they do in Germany. InfluxDB does not hand it down: a subquery that groups by the
#: day needs its own.
LOCAL = "tz('Europe/Berlin')"
#: The rows of what is chosen above the board.
PLACE = (
    '"municipality" =~ /^${municipality:regex}$/ AND "site" =~ /^${site:regex}$/'
    ' AND "device" =~ /^${device:regex}$/'
)


@dataclass(frozen=True)
class Influxql(Dataquery, Builder[Dataquery]):
    """One query. `time_series` gives a line a series and column; `alias` names them: `$tag_device`, `$col`.

    `table` gives one table of all: time, tags in any order, columns.
    """

    source: Source
    query: str
    format: Format = "time_series"
    alias: str = ""
    ref_id: str = "A"

    def build(self) -> Dataquery:
        """The target itself: it needs no steps."""
        return self

    def to_json(self) -> dict[str, object]:
        """As Grafana keeps a query that was typed by hand."""
        target: dict[str, object] = {
            "datasource": reference(self.source),
            "query": self.query,
            "rawQuery": True,
            "refId": self.ref_id,
            "resultFormat": self.format,
        }
        return target | ({"alias": self.alias} if self.alias else {})


def newest(columns: str, measurement: str, where: str, tags: str) -> str:
    """The newest row of each series: its first column as `last()`, the others from the same row.

    `columns` is written `"state", "lat"`. Several `last()` would mix rows: each the newest that has it.
    """
    first, _, others = columns.partition(", ")
    chosen = f"last({first}) AS {first}" + (f", {others}" if others else "")
    return f'SELECT {chosen} FROM "{measurement}" WHERE {where} AND $timeFilter GROUP BY {tags}'
