"""The alarms on the service as Prometheus' rules file, for those who run an Alertmanager.

https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
"""

from typing import Any

from ingest.settings import Settings
from publish.alarms.alarm import MetricAlarm
from publish.alarms.grafana import annotations
from publish.alarms.pipeline import metric_alarms
from publish.alarms.yaml import document


def prometheus_rules(settings: Settings) -> str:
    """The file `messnetz.rules.yml` beside Prometheus' settings."""
    rules = [_rule(one) for one in metric_alarms(settings)]
    return document({"groups": [{"name": "messnetz", "interval": "1m", "rules": rules}]})


def _rule(alarm: MetricAlarm) -> dict[str, Any]:
    sign = {"above": ">", "below": "<"}[alarm.sign]
    return {
        "alert": alarm.name,
        "expr": f"({alarm.expr}) {sign} {alarm.limit:.15g}",
        "for": f"{alarm.lasting_s}s",
        "labels": {"part": "pipeline", "severity": alarm.severity},
        "annotations": annotations(alarm.text),
    }
