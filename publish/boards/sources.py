"""The data sources that boards and alarms ask, by their fixed uids (`grafana/provisioning/datasources/`)."""

from typing import Literal

from grafana_foundation_sdk.models import dashboard

#: InfluxQL on the readings' bucket, the finished hours' and the single bays' one; Prometheus.
Source = Literal["messnetz-readings", "messnetz-hours", "messnetz-bays", "messnetz-prometheus"]

READINGS: Source = "messnetz-readings"
HOURS: Source = "messnetz-hours"
BAYS: Source = "messnetz-bays"
PROMETHEUS: Source = "messnetz-prometheus"


def reference(source: Source) -> dashboard.DataSourceRef:
    """A data source as panels, targets and variables name it."""
    kind = "prometheus" if source == PROMETHEUS else "influxdb"
    return dashboard.DataSourceRef(type_val=kind, uid=source)
