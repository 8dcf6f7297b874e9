"""A network server dies while its gateways speak on: states and alarms, from the uplinks to the message."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.grafana_rules import Event, Series, load
from tests.servers.go_template import GoTemplate
from tests.servers.influxdb import Database
from tests.test_alarms import RULES, City, go_template
from tests.test_status_clock import ALL, HOUR, MINUTE, NAMES, NOON, SECOND, Street, live

__all__ = ["go_template"]

#: Minutes between two looks of Grafana.
EVERY = 5


def test_it_is_pipeline_down_with_one_alarm_and_none_of_any_sensor(
    influxdb: Database, tmp_path: Path, go_template: GoTemplate
) -> None:
    told: list[bytes] = []
    quiet: list[tuple[float, float]] = []

    async def story(street: Street) -> None:
        taken = street.intake.try_add

        def add(lines: Sequence[bytes]) -> bool:
            told.extend(lines)
            return taken(lines)

        street.intake.try_add = add  # type: ignore[method-assign]
        for speakers, length_ns in ((NAMES, HOUR), (("gw-hill",), 4 * HOUR), (NAMES, HOUR)):
            for _ in range(length_ns // (EVERY * MINUTE)):
                await street.pass_time(EVERY * MINUTE, *speakers)
                quiet.append((street.now_ns / SECOND, street.clock.quiet_s()["town"]))
        for name in NAMES[:4]:
            assert await street.told(name) == ["commissioning", "ok", "pipeline_down", "ok"]
        assert await street.told("gw-hill") == ["ok"]

    live(tmp_path, ALL, story)
    city = City(influxdb, "the network server is dead")
    city.write(told)

    def ask(uid: str, model: Mapping[str, Any], begin_s: float, end_s: float) -> list[Series]:
        if uid != "messnetz-prometheus":
            return city.ask(uid, model, begin_s, end_s)
        # what PromQL answers is promtool's matter, in tests/test_prometheus_rules.py
        assert "messnetz_source_quiet_seconds" in model["expr"]
        return [({"source": "town"}, [at for at in quiet if at[0] == end_s])]

    rules = [
        rule
        for rule in load(RULES)
        if rule.uid == "messnetz-quiet" or rule.body["data"][0]["datasourceUid"] == "messnetz-readings"
    ]
    assert {"messnetz-silent", "messnetz-gateway", "messnetz-cut-off"} < {rule.uid for rule in rules}
    begin_s = NOON // SECOND + 15 * 60  # before, there is nothing to be asked
    events: list[Event] = [
        event for at_s, _ in quiet if at_s >= begin_s for rule in rules for event in rule.step(at_s, ask)
    ]
    assert [(one.uid, one.kind) for one in events] == [
        ("messnetz-quiet", "alarm"),
        ("messnetz-quiet", "all-clear"),
    ]
    (rule,) = [one for one in rules if one.uid == "messnetz-quiet"]

    def said(annotation: str) -> str:
        return go_template.annotation(
            rule.body["annotations"][annotation], events[0].labels, events[0].values
        )

    assert said("summary") == "Keine Uplinks: Broker town"
    assert "Seit wann: 1h " in said("description")
    assert "der Netzwerkserver steht (seine Gateways melden sich vielleicht weiter)" in said("description")
