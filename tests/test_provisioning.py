"""What Grafana reads when it starts: its keys, its uids, and the variables it asks the environment for."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PROVISIONING = ROOT / "grafana/provisioning"
FILES = sorted(PROVISIONING.rglob("*.yaml"))
#: Keys that Grafana 11.6 knows in files of each kind; it silently passes over others.
DATASOURCE = {
    "name", "uid", "orgId", "type", "access", "url", "user", "isDefault", "editable", "jsonData",
    "secureJsonData",
}  # fmt: skip
JSON_DATA = {"version", "dbName", "httpMode", "httpMethod", "prometheusType", "timeInterval"}
PROVIDER = {
    "name", "orgId", "type", "folder", "folderUid", "disableDeletion", "allowUiUpdates",
    "updateIntervalSeconds", "options",
}  # fmt: skip
ROUTE = {
    "orgId", "receiver", "group_by", "object_matchers", "group_wait", "group_interval", "repeat_interval",
    "routes",
}  # fmt: skip


def content(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((PROVISIONING / name).read_text(encoding="utf-8"))


def test_data_sources_have_the_uids_that_boards_and_alarms_name() -> None:
    file = content("datasources/messnetz.yaml")
    assert file.keys() == {"apiVersion", "datasources"}  # nothing is deleted
    found = {one["uid"]: one["type"] for one in file["datasources"]}
    assert found == {
        "messnetz-readings": "influxdb",
        "messnetz-hours": "influxdb",
        "messnetz-bays": "influxdb",
        "messnetz-prometheus": "prometheus",
    }
    assert [one["uid"] for one in file["datasources"] if one["isDefault"]] == ["messnetz-readings"]
    for one in file["datasources"]:
        assert one.keys() <= DATASOURCE
        assert one["jsonData"].keys() <= JSON_DATA
        assert one["editable"] is False


def test_addresses_and_secrets_come_from_the_environment_alone() -> None:
    for one in content("datasources/messnetz.yaml")["datasources"]:
        asked = [one["url"], *one.get("secureJsonData", {}).values()]
        assert all(re.fullmatch(r"\$\{[A-Z_]+\}", text) for text in asked), asked
    for point in content("alerting/contact-points.yaml")["contactPoints"]:
        (receiver,) = point["receivers"]
        asked = [receiver["settings"].get(name, "") for name in ("addresses", "url")]
        assert any(re.fullmatch(r"\$\{[A-Z_]+\}", text) for text in asked)


def test_compose_gives_grafana_every_variable_and_none_is_empty() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    given = dict(re.findall(r"^      (MESSNETZ_\w+): (.+)$", compose, re.MULTILINE))
    asked = {name for text in texts() for name in re.findall(r"\$\{(\w+)\}", text)}
    assert asked == {name for name in given if name != "MESSNETZ_CONFIG"}
    for name in asked:
        default = re.fullmatch(r"\$\{\w+:-(.*)\}", given[name])
        assert (default[1] if default else given[name]).strip('"'), name  # Grafana does not start with none


def texts() -> Iterator[str]:
    for path in FILES:
        lines = path.read_text(encoding="utf-8").splitlines()
        yield "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def test_boards_come_from_files_into_folders_of_their_own_that_nobody_saves_into() -> None:
    providers = content("dashboards/messnetz.yaml")["providers"]
    assert [(one["folder"], one["options"]["path"]) for one in providers] == [
        ("Messnetz", "/etc/grafana/boards/de"),
        ("Messnetz (English)", "/etc/grafana/boards/en"),
    ]
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert "source: ./grafana/boards, target: /etc/grafana/boards," in compose
    for one in providers:
        assert one.keys() <= PROVIDER
        assert one["allowUiUpdates"] is False
        assert (ROOT / "grafana/boards" / Path(one["options"]["path"]).name).is_dir()


def test_alarms_lie_in_another_folder_than_boards() -> None:
    boards = {one["folder"] for one in content("dashboards/messnetz.yaml")["providers"]}
    alarms = {group["folder"] for group in content("alerting/messnetz-rules.yaml")["groups"]}
    assert alarms == {"Messnetz Alarme"}
    assert not boards & alarms


def test_nothing_writes_into_the_operators_own_folder() -> None:
    assert all("Eigene Boards" not in text for text in texts())


def routes(route: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield route
    for inner in route.get("routes", []):
        yield from routes(inner)


def test_every_alarm_goes_to_the_receiver_that_the_environment_names() -> None:
    (policy,) = content("alerting/policies.yaml")["policies"]
    for route in routes(policy):
        assert route.keys() <= ROUTE
        assert route["receiver"] == "${MESSNETZ_ALARM_RECEIVER}"
    names = [one["name"] for one in content("alerting/contact-points.yaml")["contactPoints"]]
    env = (ROOT / "ingest/setup/templates/env").read_text(encoding="utf-8")
    (named,) = re.findall(r"^ALARM_RECEIVER=(.+)$", env, re.MULTILINE)
    assert named in names
    assert policy["group_by"] == ["gateway", "municipality", "site"]


def test_routes_ask_for_labels_that_rules_carry() -> None:
    rules = [rule for group in content("alerting/messnetz-rules.yaml")["groups"] for rule in group["rules"]]
    carried = {(name, text) for rule in rules for name, text in rule["labels"].items()}
    (policy,) = content("alerting/policies.yaml")["policies"]
    asked = {(m[0], m[2]) for route in routes(policy) for m in route.get("object_matchers", [])}
    assert asked
    assert asked <= carried


@pytest.mark.parametrize(
    "point", content("alerting/contact-points.yaml")["contactPoints"], ids=lambda one: one["name"]
)
def test_messages_are_templates_that_come_with_the_rules(point: dict[str, Any]) -> None:
    (template,) = content("alerting/messnetz-rules.yaml")["templates"]
    defined = set(re.findall(r'{{ define "([^"]+)"', template["template"]))
    (receiver,) = point["receivers"]
    assert receiver["disableResolveMessage"] is False
    asked = set(re.findall(r'{{ template "([^"]+)" \. }}', str(receiver["settings"])))
    assert asked == defined


def test_uids_are_what_grafana_takes_and_no_two_are_one() -> None:
    uids = re.findall(r"^ *(?:- )?uid: (\S+)$", "\n".join(texts()), re.MULTILINE)
    assert all(re.fullmatch(r"[a-z_-]{1,40}", uid) for uid in uids)
    rules = [
        rule["uid"] for group in content("alerting/messnetz-rules.yaml")["groups"] for rule in group["rules"]
    ]
    assert len(set(rules)) == len(rules)
