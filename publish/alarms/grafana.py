"""The alarms as Grafana's provisioning file: rules, and the templates of the messages that they send.

Keys and meaning: https://grafana.com/docs/grafana/v11.6/alerting/set-up/provision-alerting-resources/file-provisioning/
Grafana fills environment variables in labels, so that a `$` there is doubled; in annotations, queries and
templates it does not. Uids and refIds are fixed.
"""

from collections.abc import Iterator
from typing import Any

from devices.language import Sentence
from ingest.settings import Settings
from publish.alarms.alarm import (
    MINUTE,
    PROMETHEUS,
    Alarm,
    Math,
    MetricAlarm,
    Query,
    Reduce,
    Step,
    Text,
    Threshold,
)
from publish.alarms.devices import device_alarms
from publish.alarms.notification import templates
from publish.alarms.pipeline import metric_alarms
from publish.alarms.street import street_alarms
from publish.alarms.yaml import document

#: A folder of its own: one of the boards' name would be claimed twice (grafana/grafana#87889).
FOLDER = "Messnetz Alarme"
EXPRESSIONS = "__expr__"


def grafana_rules(settings: Settings) -> str:
    """The file `messnetz-rules.yaml` of Grafana's folder `provisioning/alerting`."""
    alarms = settings.alarms
    groups = [
        _group("Geräte", 1 * MINUTE, [_rule(one) for one in device_alarms(alarms)]),
        _group("Straße", 10 * MINUTE, [_rule(one) for one in street_alarms(alarms)]),
        _group("Dienst", 1 * MINUTE, [_metric(one) for one in metric_alarms(settings) if one.grafana]),
    ]
    return document({"apiVersion": 1, "groups": groups, "templates": templates()})


def _group(name: str, every_s: int, rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "orgId": 1,
        "name": f"Messnetz {name}",
        "folder": FOLDER,
        "interval": f"{every_s}s",
        "rules": rules,
    }


def _rule(alarm: Alarm) -> dict[str, Any]:
    labels = {"part": alarm.part, "severity": alarm.severity, **alarm.labels}
    return {
        "uid": alarm.uid,
        "title": alarm.text.title.in_language("de"),
        "condition": alarm.steps[-1].ref,
        "data": [_step(one) for one in alarm.steps],
        "noDataState": alarm.no_data,
        "execErrState": alarm.on_error,
        "for": f"{alarm.lasting_s}s",
        "annotations": annotations(alarm.text),
        "labels": {name: text.replace("$", "$$") for name, text in labels.items()},
        "isPaused": False,
    }


def _metric(alarm: MetricAlarm) -> dict[str, Any]:
    """As Prometheus asks it; what it does not answer is no news of the service (`KeepLast`)."""
    sign = {"above": "gt", "below": "lt"}[alarm.sign]
    rule = _rule(
        Alarm(
            uid=alarm.uid,
            text=alarm.text,
            steps=(Reduce("B", "A"), Threshold("C", "B", (sign, alarm.limit))),
            severity=alarm.severity,
            part="pipeline",
            lasting_s=alarm.lasting_s,
            # one rule says it when Prometheus itself does not answer
            on_error="Error" if alarm.uid == "messnetz-not-ready" else "KeepLast",
        )
    )
    question = {
        "refId": "A",
        "expr": alarm.expr,
        "instant": True,
        "range": False,
        "editorMode": "code",
        "intervalMs": 1000,
        "maxDataPoints": 43200,
    }
    asked = _data("A", PROMETHEUS, question, window_s=10 * MINUTE)
    said = {name: text.replace("$value", "$values.B.Value") for name, text in rule["annotations"].items()}
    return rule | {"data": [asked, *rule["data"]], "annotations": said}


def annotations(text: Text) -> dict[str, str]:
    """What is said, German first."""
    return dict(_annotations(text))


def _annotations(text: Text) -> Iterator[tuple[str, str]]:
    said: tuple[tuple[str, Sentence], ...] = (("summary", text.summary), ("description", text.description))
    for name, sentence in said:
        yield name, sentence.in_language("de")
    for name, sentence in said:
        yield f"{name}_en", sentence.in_language("en")


def _step(step: Step) -> dict[str, Any]:
    match step:
        case Query(ref, source, influxql, window_s, until_s):
            asked = {
                "refId": ref,
                "datasource": {"type": "influxdb", "uid": source},
                "rawQuery": True,
                "query": influxql,
                "resultFormat": "time_series",
                "intervalMs": 1000,
                "maxDataPoints": 43200,
            }
            return _data(ref, source, asked, window_s + until_s, until_s)
        case Reduce(ref, of, how):
            return _expression(ref, "reduce", of, reducer=how, settings={"mode": "dropNN"})
        case Math(ref, formula):
            return _expression(ref, "math", formula)
        case Threshold(ref, of, begins, ends):
            condition = {"evaluator": _evaluator(begins)}
            if ends:
                condition["unloadEvaluator"] = _evaluator(ends)
            return _expression(ref, "threshold", of, conditions=[condition])


def _evaluator(said: tuple[Any, ...]) -> dict[str, Any]:
    return {"type": said[0], "params": list(said[1:])}


def _expression(ref: str, kind: str, expression: str, **more: Any) -> dict[str, Any]:
    asked = {
        "refId": ref,
        "datasource": {"type": EXPRESSIONS, "uid": EXPRESSIONS},
        "type": kind,
        "expression": expression,
        **more,
    }
    return _data(ref, EXPRESSIONS, asked, window_s=0)


def _data(ref: str, source: str, model: dict[str, Any], window_s: int, until_s: int = 0) -> dict[str, Any]:
    return {
        "refId": ref,
        "relativeTimeRange": {"from": window_s, "to": until_s},
        "datasourceUid": source,
        "model": model,
    }
