"""Prometheus' rules, by promtool: each raised and ended once over healthy, wrong, no data, healthy again."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ingest import settings_file
from publish.alarms.prometheus import prometheus_rules
from tests.servers.process import find_program, missing

ROOT = Path(__file__).parents[1]
RULES = ROOT / "config/sample/messnetz.rules.yml"
HOW = "promtool is missing: `apt-get install -y prometheus`, or name the program in MESSNETZ_TEST_PROMTOOL"

GIB = 1024**3
DAY_S = 86_400


@pytest.fixture(scope="session")
def promtool() -> Path:
    return find_program("promtool", "MESSNETZ_TEST_PROMTOOL") or missing(HOW)


def rules() -> dict[str, Mapping[str, Any]]:
    (group,) = YAML(typ="safe", pure=True).load(RULES.read_text(encoding="utf-8"))["groups"]
    return {rule["alert"]: rule for rule in group["rules"]}


@dataclass(frozen=True)
class History:
    """What a minute each of some series says, and from when to when the alarm is raised."""

    alert: str
    series: Mapping[str, str]  #: promtool's notation; `stale _x19` is a service that stands still
    raised: tuple[int, int]  #: first and last minute
    labels: Mapping[str, str]
    says: Mapping[str, str]  #: template -> what becomes of it
    minutes: int = 160
    name: str = ""


SCRAPE = 'instance="messnetz:9464", job="messnetz"'
LABELS = {"instance": "messnetz:9464", "job": "messnetz"}
INSTANCE = {"{{ $labels.instance }}": "messnetz:9464"}
COUNT = '{{ printf "%.0f" $value }}'
DURATION = "{{ humanizeDuration $value }}"
#: Around what is said while a certificate is valid.
LEFT = (
    "{{ if gt $value 0.0 }}",
    "{{ else }}abgelaufen{{ end }}",
    "{{ else }}it has expired{{ end }}",
)


def gauge(name: str, healthy: float, wrong: float, labels: str = SCRAPE) -> dict[str, str]:
    """Healthy until 30, wrong until 90, no data until 130, healthy again."""
    return {f"{name}{{{labels}}}": f"{healthy:.0f}x29 {wrong:.0f}x59 stale _x39 {healthy:.0f}x60"}


QUIET = 'messnetz_source_quiet_seconds{source="lorawan", ' + SCRAPE + "}"
CONNECTED = 'messnetz_source_connected{source="lorawan", ' + SCRAPE + "}"
SOURCE = {"{{ $labels.source }}": "lorawan"}
DEAD = f"messnetz_lines_dead_total{{{SCRAPE}}}"
STRANGERS = 'messnetz_messages_settled_total{outcome="quarantined", ' + SCRAPE + "}"
OTHER = SCRAPE.replace("messnetz:", "second:")
UNREADABLE = 'messnetz_messages_settled_total{outcome="rejected", ' + SCRAPE + "}"
EXPIRES = "messnetz_certificate_expires_timestamp_seconds"
CONNECTION = f'name="lorawan", {SCRAPE}'

HISTORIES = [
    History(
        "MessnetzStopped",
        {f"up{{{SCRAPE}}}": "1x29 0x29 stale _x29 1x60", f"up{{{OTHER}}}": "1x160"},
        (40, 89),
        LABELS,
        {"{{ with $labels.instance }} {{ . }}{{ end }}": " messnetz:9464"},
    ),
    History("MessnetzNotReady", gauge("messnetz_ready", 1, 0), (40, 129), LABELS, INSTANCE),
    History(
        "MessnetzQuiet",
        {QUIET: "0x29 0+60x89 stale _x39 0x60", CONNECTED: "1x119 stale _x39 1x60"},
        (91, 159),
        {"source": "lorawan"},
        SOURCE | {DURATION: "1h 2m 0s"},
        minutes=220,
    ),
    History(
        "MessnetzWriterBehind",
        gauge("messnetz_spool_oldest_waiting_seconds", 3, 1000),
        (30, 129),
        LABELS,
        INSTANCE | {DURATION: "16m 40s"},
    ),
    History(
        "MessnetzSpoolFilling",
        gauge("messnetz_spool_waiting_bytes", 0, 3 * GIB),
        (30, 129),
        LABELS,
        INSTANCE | {COUNT: "75"},
    ),
    History(
        "MessnetzWriteRefused",
        {DEAD: "0x29 5x29 stale _x9 0x100"},
        (30, 89),
        LABELS,
        INSTANCE | {COUNT: "5"},
    ),
    History(
        "MessnetzQuarantineGrowing",
        {STRANGERS: "0x29 150x29 stale _x9 0x100", UNREADABLE: "0x29 50x29 stale _x9 0x100"},
        (30, 89),
        {"instance": "messnetz:9464"},
        INSTANCE | {COUNT: "200"},
    ),
    History(
        "MessnetzHoursBehind",
        gauge("messnetz_hours_behind_seconds", 0, 4 * 3600),
        (30, 129),
        LABELS,
        INSTANCE | {DURATION: "4h 0m 0s"},
    ),
    History(
        "MessnetzDiskFull",
        gauge("messnetz_disk_free_bytes", 50 * GIB, GIB),
        (30, 129),
        LABELS,
        INSTANCE | {"{{ humanize1024 $value }}": "1Gi"},
    ),
    History(
        "MessnetzCertificateExpiring",
        gauge(EXPIRES, 40 * DAY_S, 20 * DAY_S, CONNECTION),
        (30, 129),
        LABELS | {"name": "lorawan"},
        INSTANCE | {"{{ $labels.name }}": "lorawan", COUNT: "20"} | dict.fromkeys(LEFT, ""),
    ),
    # what is no alarm
    History(
        "MessnetzQuiet",
        {QUIET: "0+60x89", CONNECTED: "1x29 0x60"},
        (91, 90),
        {},
        {},
        minutes=90,
        name="a broker that is not reached",
    ),
    History(
        "MessnetzQuiet",
        {QUIET: "0+60x89", QUIET.replace(SCRAPE, OTHER): "0x89", CONNECTED: "1x89"},
        (91, 90),
        {},
        {},
        minutes=90,
        name="a second service that hears something",
    ),
    History(
        "MessnetzStopped",
        {},
        (10, 60),
        {"job": "messnetz"},
        {"{{ with $labels.instance }} {{ . }}{{ end }}": ""},
        minutes=60,
        name="no service to ask",
    ),
    History(
        "MessnetzWriterBehind",
        gauge("messnetz_spool_oldest_waiting_seconds", 3, 800),
        (161, 160),
        {},
        {},
        name="a database that is slow for a moment",
    ),
    History(
        "MessnetzSpoolFilling",
        {f"messnetz_spool_waiting_bytes{{{SCRAPE}}}": f"0x29 stale _x{100}"},
        (161, 160),
        {},
        {},
        name="a service that stands still",
    ),
    History(
        "MessnetzQuarantineGrowing",
        {STRANGERS: "0+1x160"},
        (161, 160),
        {},
        {},
        name="a neighbour's sensors",
    ),
]


def test_promtool_takes_the_rules(promtool: Path) -> None:
    subprocess.run([str(promtool), "check", "rules", str(RULES)], check=True)


def test_every_rule_has_a_history() -> None:
    assert {one.alert for one in HISTORIES if not one.name} == set(rules())


@pytest.mark.parametrize("history", HISTORIES, ids=lambda one: f"{one.alert} {one.name}".strip())
def test_a_rule_is_raised_once_and_ended_once(promtool: Path, tmp_path: Path, history: History) -> None:
    rule = rules()[history.alert]
    first, last = history.raised
    expected = {
        "exp_labels": {**history.labels, **rule["labels"]},
        "exp_annotations": {name: _filled(text, history.says) for name, text in rule["annotations"].items()},
    }
    labels = {**expected["exp_labels"], "alertname": history.alert, "alertstate": "firing"}
    firing = "ALERTS{" + ", ".join(f'{name}="{text}"' for name, text in labels.items()) + "}"
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": said} for name, said in history.series.items()],
                "promql_expr_test": [
                    {
                        "expr": f'ALERTS{{alertname="{history.alert}", alertstate="firing"}}',
                        "eval_time": f"{minute}m",
                        "exp_samples": [{"labels": firing, "value": 1}] if first <= minute <= last else [],
                    }
                    for minute in range(history.minutes)
                ],
                "alert_rule_test": [
                    {
                        "eval_time": f"{first + 1}m",
                        "alertname": history.alert,
                        "exp_alerts": [expected] if first < last else [],
                    }
                ],
            }
        ],
    }
    file = tmp_path / "test.yml"
    with file.open("w", encoding="utf-8") as out:
        YAML(typ="safe", pure=True).dump(test, out)
    done = subprocess.run(
        [str(promtool), "test", "rules", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _filled(text: str, says: Mapping[str, str]) -> str:
    for template, said in says.items():
        text = text.replace(template, said)
    return text


def test_every_metric_that_a_rule_asks_for_exists() -> None:
    asked = {name for rule in rules().values() for name in re.findall(r"messnetz_\w+", rule["expr"])}
    # tests/test_docs.py holds that this list is what the service says
    listed = (ROOT / "grafana/README.md").read_text(encoding="utf-8")
    assert asked - set(re.findall(r"^\| `(messnetz_\w+)`", listed, re.MULTILINE)) == set()


def test_the_rules_are_those_of_the_default_settings() -> None:
    settings = settings_file.load(ROOT / "config/sample/messnetz.yaml")
    assert RULES.read_text(encoding="utf-8") == prometheus_rules(settings)
