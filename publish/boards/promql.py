"""Targets for Prometheus: over time, or what is true now as a table."""

from dataclasses import dataclass

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.prometheus import Dataquery as Target
from grafana_foundation_sdk.models.prometheus import PromQueryFormat, QueryEditorMode

from publish.boards.sources import PROMETHEUS, reference


@dataclass(frozen=True)
class Promql(Builder[Dataquery]):
    """One query; `now` asks for the newest value only, `table` for one table with a column a label."""

    query: str
    legend: str = ""
    now: bool = False
    table: bool = False
    ref_id: str = "A"

    def build(self) -> Dataquery:
        """The SDK's target."""
        return Target(
            expr=self.query,
            instant=self.now,
            range_val=not self.now,
            editor_mode=QueryEditorMode.CODE,
            format_val=PromQueryFormat.TABLE if self.table else PromQueryFormat.TIME_SERIES,
            legend_format=self.legend or None,
            ref_id=self.ref_id,
            datasource=reference(PROMETHEUS),
        )
