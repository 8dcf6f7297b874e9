"""The alarms of Grafana over the simulated day: each asks what is there, and those come that should."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import grafana_rules
from tests.grafana.panel import Grafana
from tests.grafana.timerange import TimeRange
from tests.grafana_rules import Ask, Rule, Series

FILE = Path(__file__).parent.parent / "grafana/provisioning/alerting/messnetz-rules.yaml"
RULES = grafana_rules.load(FILE.read_text(encoding="utf-8"))


def _ask(grafana: Grafana) -> Ask:
    """Asks the data sources as the boards' stand-in does."""

    def ask(uid: str, model: Mapping[str, Any], begin_s: float, end_s: float) -> list[Series]:
        span = TimeRange(round(begin_s * 1000), round(end_s * 1000))
        _, frames = grafana.answer({**model, "datasource": {"uid": uid}}, {}, span)
        found: list[Series] = []
        for frame in frames:
            times, values = frame.fields
            points = [(at / 1000, value) for at, value in zip(times.values, values.values, strict=True)]
            found.append((dict(values.labels or {}), points))
        return found

    return ask


#: Queries that look back further than the day goes.
LONGER = {("messnetz-stuck", "D"): "whether a bay was heard in the weeks before"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.uid)
def test_every_query_of_an_alarm_has_data(rule: Rule, musterstadt: Grafana) -> None:
    now_s = musterstadt.now_ms / 1000
    for step in rule.body["data"]:
        if step["datasourceUid"] == grafana_rules.EXPRESSIONS or (rule.uid, step["refId"]) in LONGER:
            continue
        span, model = step["relativeTimeRange"], step["model"]
        begin_s, end_s = now_s - span["from"], now_s - span["to"]
        assert _ask(musterstadt)(step["datasourceUid"], model, begin_s, end_s), model


def test_the_day_has_the_alarms_of_what_happened_and_no_others(musterstadt: Grafana) -> None:
    end_s = musterstadt.now_ms // 1000
    rules = grafana_rules.load(FILE.read_text(encoding="utf-8"))
    events = [
        (event.uid, event.kind, event.labels.get("device", ""))
        for now_s in range(end_s - 24 * 3600, end_s + 1, 1800)
        for rule in rules
        for event in rule.step(now_s, _ask(musterstadt))
    ]
    assert events == [
        ("messnetz-battery", "alarm", "verkehr-licher-strasse"),
        ("messnetz-silent", "alarm", "fussgaenger-seltersweg"),
        ("messnetz-silent", "all-clear", "fussgaenger-seltersweg"),
        ("messnetz-air", "alarm", "luft-westanlage"),
        ("messnetz-air", "all-clear", "luft-westanlage"),
        ("messnetz-silent", "alarm", "luft-wieseck"),
        ("messnetz-silent", "alarm", "parken-brandplatz-04"),
        # the sensor that only this gateway hears has no alarm of its own
        ("messnetz-gateway", "alarm", "gateway-schiffenberg"),
    ]
