"""docker-compose.yml without an engine: the specification's reader takes it, and all it names is there."""

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.cli.alarms import GRAFANA, PROMETHEUS
from ingest.settings_file import load
from tests.clone import environment, git, init, make_clone
from tests.servers.process import find_program, missing

HOW = (
    "compose-spec, the reader of the Compose specification, is missing: "
    "`go install github.com/compose-spec/compose-go/v2/cmd@v2.16.2` builds it; "
    "name it compose-spec on PATH or in MESSNETZ_TEST_COMPOSE_SPEC"
)
#: Services that a network server of one's own brings along.
LORAWAN = {"chirpstack", "chirpstack-password", "gateway-bridge", "postgres", "redis"}
#: What the images read, as their makers document it.
KNOWN_VARIABLES = {
    "messnetz": {"MESSNETZ_CONFIG"},
    "mosquitto": {"XDG_CONFIG_HOME"},
    "influxdb": {
        *("HOME", "INFLUXD_BOLT_PATH", "INFLUXD_SQLITE_PATH", "INFLUXD_ENGINE_PATH", "INFLUX_CONFIGS_PATH"),
        *("INFLUXD_REPORTING_DISABLED", "RETENTION_HOURS", "RETENTION_BAYS"),  # those two: our script
        *(
            f"DOCKER_INFLUXDB_INIT_{name}"
            for name in (
                "MODE",
                "USERNAME",
                "PASSWORD_FILE",
                "ADMIN_TOKEN_FILE",
                "ORG",
                "BUCKET",
                "RETENTION",
            )
        ),
    },
    "grafana": {
        *("GF_SERVER_ROOT_URL", "GF_SECURITY_ADMIN_USER", "GF_SECURITY_ADMIN_PASSWORD__FILE"),
        *("GF_SECURITY_SECRET_KEY__FILE", "GF_USERS_ALLOW_SIGN_UP", "GF_USERS_DEFAULT_LANGUAGE"),
        *("GF_ANALYTICS_REPORTING_ENABLED", "GF_ANALYTICS_CHECK_FOR_UPDATES"),
        *("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "GF_NEWS_NEWS_FEED_ENABLED"),
        *("GF_GEOMAP_DEFAULT_BASELAYER_CONFIG", "GF_SMTP_ENABLED", "GF_SMTP_HOST", "GF_SMTP_FROM_ADDRESS"),
        *("GF_SMTP_USER", "GF_SMTP_PASSWORD__FILE"),
    },
    "postgres": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"},
}
#: Where each image keeps its data, by our folder.
DATA_OF_IMAGES = {
    "mosquitto": "/mosquitto/data",
    "influxdb": "/var/lib/influxdb2",
    "prometheus": "/prometheus",
    "grafana": "/var/lib/grafana",
    "postgres": "/var/lib/postgresql/data",
    "redis": "/data",
}
#: Where each image looks for its settings.
CONFIG_OF_IMAGES = {
    ("mosquitto", "/mosquitto/config"),
    ("influxdb", "/docker-entrypoint-initdb.d"),
    ("grafana", "/etc/grafana/provisioning"),
    ("gateway-bridge", "/etc/chirpstack-gateway-bridge"),
    ("postgres", "/docker-entrypoint-initdb.d"),
}
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::-([^}]*))?\}")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which `messnetz init` was run."""
    folder = make_clone(tmp_path_factory.mktemp("clone"))
    done = init(folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def text(clone: Path) -> str:
    return (clone / "docker-compose.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services(clone: Path, text: str) -> dict[str, Any]:
    """All services, of all profiles, with the variables of `.env` in them."""
    return dict(read(clone, filled(text, environment(clone)))["services"])


def filled(text: str, variables: dict[str, str]) -> str:
    """As Compose does it; its reader alone takes no variables."""
    return VARIABLE.sub(lambda found: variables.get(found[1], found[2] or ""), text)


def read(folder: Path, text: str) -> dict[str, Any]:
    """What the specification's reader makes of it; raises `ValueError` with its words."""
    program = find_program("compose-spec", "MESSNETZ_TEST_COMPOSE_SPEC") or missing(HOW)
    file = folder / "docker-compose.tested.yml"
    file.write_text(text, encoding="utf-8")
    command = [str(program), "-format", "json", file.name]
    all_profiles = os.environ | {"COMPOSE_PROFILES": "*"}
    done = subprocess.run(
        command, cwd=folder, env=all_profiles, capture_output=True, text=True, check=False, timeout=60
    )
    file.unlink()
    if done.returncode or done.stderr:
        raise ValueError(done.stderr)
    return dict(json.loads(done.stdout))


def test_the_specifications_reader_takes_it_as_it_is(clone: Path, text: str) -> None:
    assert {"messnetz", "mosquitto", "influxdb", "prometheus", "grafana"} | LORAWAN == set(
        read(clone, text)["services"]
    )


def test_the_reader_would_refuse_a_misspelt_key(clone: Path, text: str) -> None:
    assert "read_only: true" in text
    with pytest.raises(ValueError, match="read_onyl"):
        read(clone, text.replace("read_only: true ", "read_onyl: true ", 1))


def test_only_a_network_server_of_ones_own_needs_a_profile(services: dict[str, Any]) -> None:
    assert {name for name, one in services.items() if one.get("profiles") == ["lorawan"]} == LORAWAN


def test_every_folder_and_file_that_is_mounted_is_there(services: dict[str, Any]) -> None:
    mounts = [mount for one in services.values() for mount in one.get("volumes", [])]
    assert len(mounts) > 10
    for mount in mounts:
        assert mount["type"] == "bind"
        assert mount["bind"] == {"create_host_path": False}, "Docker would make what is missing, as root"
        assert Path(mount["source"]).exists(), mount["source"]


def test_every_secret_is_there_for_its_owner_only_and_is_used(clone: Path, text: str) -> None:
    secrets = read(clone, text)["secrets"]
    used = {name for one in read(clone, text)["services"].values() for name in secrets_of(one)}
    assert used == set(secrets)
    for one in secrets.values():
        path = Path(one["file"])
        assert path.stat().st_mode & 0o777 == 0o600
        assert re.fullmatch(r"[0-9a-f]{48}", path.read_text()), path


def secrets_of(service: dict[str, Any]) -> Iterator[str]:
    for secret in service.get("secrets", []):
        yield secret["source"]


def test_every_variable_stands_in_env_with_the_same_value_as_here(clone: Path, text: str) -> None:
    variables = environment(clone)
    named = {found[1]: found[2] for found in VARIABLE.finditer(text)}
    assert set(variables) == set(named)
    different = {name for name, default in named.items() if variables[name] != default}
    assert different <= {"MESSNETZ_UID", "MESSNETZ_GID"}


def test_every_container_runs_as_the_owner_of_the_files_and_may_do_nothing_more(
    clone: Path, services: dict[str, Any]
) -> None:
    owner = (clone / "config/secrets/influx_admin_token").stat()
    for name, one in services.items():
        assert one["user"] == f"{owner.st_uid}:{owner.st_gid}", name
        assert owner.st_uid != 0
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert one["logging"]["options"]["max-size"], name


def test_influxdb_puts_the_token_where_messnetz_reads_it(clone: Path, services: dict[str, Any]) -> None:
    influx = load(clone / "config/messnetz.yaml").influx
    assert influx is not None
    assert influx.token_file is not None
    for name, one in services.items():
        inside = {mount["target"]: mount for mount in one.get("volumes", [])}
        folder = influx.token_file.parent
        writable = [
            target
            for target, mount in inside.items()
            if folder.is_relative_to(mount["source"]) and not mount.get("read_only")
        ]
        assert writable == {"influxdb": ["/messnetz"], "messnetz": ["/messnetz/config"]}.get(name, [])
    script = (clone / "config/influxdb/token.sh").read_text(encoding="utf-8")
    assert "mv /messnetz/token.new /messnetz/token\n" in script
    assert influx.token_file.name == "token"


def test_the_buckets_are_there_before_the_token_that_may_use_them(
    clone: Path, services: dict[str, Any]
) -> None:
    mounts = {mount["target"]: Path(mount["source"]) for mount in services["influxdb"]["volumes"]}
    scripts = mounts["/docker-entrypoint-initdb.d"]
    assert [path.name for path in sorted(scripts.iterdir())] == ["buckets.sh", "token.sh"]
    assert all(os.access(path, os.X_OK) for path in scripts.iterdir())
    influx = load(clone / "config/messnetz.yaml").influx
    assert influx is not None
    made = 'in "$DOCKER_INFLUXDB_INIT_BUCKET" hours bays; do'
    assert [influx.hours_bucket, influx.bays_bucket] == ["hours", "bays"]
    assert services["influxdb"]["environment"]["DOCKER_INFLUXDB_INIT_BUCKET"] == influx.bucket
    assert all(made in path.read_text(encoding="utf-8") for path in scripts.iterdir())


def test_only_influxdb_itself_is_given_the_token_that_may_do_everything(services: dict[str, Any]) -> None:
    holders = [name for name, one in services.items() if "influx_admin_token" in secrets_of(one)]
    assert holders == ["influxdb"]


def test_no_container_but_messnetz_sees_the_secrets_of_others(clone: Path, services: dict[str, Any]) -> None:
    seen = {
        name: {
            path.relative_to(clone / "config/secrets").as_posix()
            for mount in one.get("volumes", [])
            for path in (clone / "config/secrets").rglob("*")
            if path.is_file() and path.is_relative_to(mount["source"])
        }
        for name, one in services.items()
    }
    everything = seen.pop("messnetz")  # a backup holds them; docs/install.en.md names this limit
    assert {"grafana_admin_password", "influxdb/token", "mqtt_messnetz"} <= everything
    assert {name: files for name, files in seen.items() if files} == {"influxdb": {"influxdb/token"}}


def test_messnetz_may_write_into_its_own_folders_only(clone: Path, services: dict[str, Any]) -> None:
    messnetz = services["messnetz"]
    assert messnetz["read_only"] is True
    writable = {
        Path(mount["source"]).relative_to(clone).parts[0]
        for mount in messnetz["volumes"]
        if not mount.get("read_only")
    }
    assert writable == {"config", "state"}


def test_images_are_pinned_to_a_release(services: dict[str, Any]) -> None:
    images = {one["image"] for one in services.values()} - {"messnetz:local"}
    assert all(re.fullmatch(r"[a-z/-]+:v?\d+\.\d+(\.\d+)?(-\w+)?", image) for image in images), images


def test_nothing_is_published_beyond_this_machine(services: dict[str, Any]) -> None:
    ports = [port for one in services.values() for port in one.get("ports", [])]
    assert len(ports) == 9
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}


def test_every_address_that_a_page_or_file_tells_to_publish_at_is_one(clone: Path, text: str) -> None:
    pages = [*(clone / "docs").glob("install.*.md"), *(clone / "config").rglob("*.off")]
    told = [
        found
        for page in pages
        for found in re.findall(r"(\w+_ADDRESS)=([\w.:]+)", page.read_text(encoding="utf-8"))
    ]
    assert {name for name, _ in told} == {"GATEWAYS_ADDRESS", "MQTT_TLS_ADDRESS"}
    for name, address in told:
        services = read(clone, filled(text, environment(clone) | {name: address}))["services"]
        ports = [port for one in services.values() for port in one.get("ports", [])]
        assert [port["target"] for port in ports if port["host_ip"] == "0.0.0.0"] == [int(address[-4:])]  # noqa: S104  the published one


def test_influxdb_is_well_only_when_it_listens_where_others_ask(services: dict[str, Any]) -> None:
    asked = services["influxdb"]["healthcheck"]["test"][-1]
    assert asked == "http://localhost:8086"
    assert {port["target"] for port in services["influxdb"]["ports"]} == {8086}


def test_what_others_wait_for_says_whether_it_is_well(services: dict[str, Any]) -> None:
    for name, one in services.items():
        for awaited, how in one.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert services[awaited]["healthcheck"]["test"], (name, awaited)
            else:
                assert how["condition"] == "service_completed_successfully"


def test_no_service_is_told_what_its_image_does_not_know(services: dict[str, Any]) -> None:
    """An image ignores a variable of another name, and loses what lies in a folder of another name."""
    told = {name: set(one.get("environment", {})) - {"TZ"} for name, one in services.items()}
    told["grafana"] -= {name for name in told["grafana"] if name.startswith("MESSNETZ_")}  # held below
    assert {name: variables for name, variables in told.items() if variables} == KNOWN_VARIABLES
    data = {
        Path(mount["source"]).name: mount["target"]
        for one in services.values()
        for mount in one.get("volumes", [])
        if "/data/" in mount["source"]
    }
    assert data == DATA_OF_IMAGES
    config = {
        (name, mount["target"])
        for name, one in services.items()
        for mount in one.get("volumes", [])
        if mount.get("read_only")
    }
    assert config >= CONFIG_OF_IMAGES


def test_every_secret_and_every_mounted_path_that_a_service_is_told_is_there(
    clone: Path, services: dict[str, Any]
) -> None:
    for name, one in services.items():
        mounts = {mount["target"]: mount for mount in one.get("volumes", []) if mount.get("read_only")}
        scripts = [
            path.read_text(encoding="utf-8")
            for mount in mounts.values()
            for path in Path(mount["source"]).glob("*.sh")
        ]
        told = json.dumps([one.get(part) for part in ("environment", "command", "healthcheck")]) + "".join(
            scripts
        )
        assert set(re.findall(r"/run/secrets/(\w+)", told)) == set(secrets_of(one)), name
        for path in re.findall(r"(?<![\w.:/])/[\w./-]+", told):
            for target, mount in mounts.items():
                if Path(path).is_relative_to(target):
                    assert (Path(mount["source"]) / Path(path).relative_to(target)).exists(), (name, path)


def test_programs_without_settings_of_their_image_are_told_where_ours_are(
    clone: Path, services: dict[str, Any]
) -> None:
    assert services["redis"]["command"] == ["redis-server", "/etc/redis.conf"]  # with the password in it
    assert "--config.file=/etc/prometheus/prometheus.yml" in services["prometheus"]["command"]
    assert "--storage.tsdb.path=/prometheus" in services["prometheus"]["command"]
    listens = (clone / "config/chirpstack/server/chirpstack.toml").read_text(encoding="utf-8")
    asked = services["chirpstack"]["healthcheck"]["test"][-1]
    assert re.findall(r"\[monitoring\]\s+bind=\"0.0.0.0(:\d+)\"", listens) == re.findall(r":\d+", asked)


def test_every_address_of_another_service_is_one(services: dict[str, Any], clone: Path) -> None:
    """By its name in the compose network, at the port that it publishes."""
    files = [*(clone / "config/chirpstack").rglob("*.toml"), clone / "config/prometheus/prometheus.yml"]
    texts = [json.dumps([one.get("environment"), one.get("command")]) for one in services.values()]
    texts += [path.read_text(encoding="utf-8") for path in files]
    found = {pair for text in texts for pair in re.findall(r"//(?:\S+@)?([a-z]+)[:/]?(\d*)", text)}
    inside = {name for name, _ in found} - {"localhost", "sgx", "www"}
    assert inside == {"mosquitto", "influxdb", "prometheus", "postgres", "redis"}
    for name, port in found:
        if name in inside and port:
            assert int(port) in {one["target"] for one in services[name]["ports"]}, (name, port)


def test_chirpstack_and_its_bridge_publish_at_qos_1_as_users_of_the_broker(clone: Path) -> None:
    def read_toml(name: str) -> dict[str, Any]:
        return tomllib.loads((clone / "config/chirpstack" / name).read_text(encoding="utf-8"))

    server = read_toml("server/chirpstack.toml")
    region = read_toml("server/region_eu868.toml")["regions"][0]
    gateways = region["gateway"]["backend"]["mqtt"]
    bridge = read_toml("bridge/chirpstack-gateway-bridge.toml")["integration"]["mqtt"]
    for user, one in (
        ("chirpstack", server["integration"]["mqtt"]),
        ("chirpstack", gateways),
        ("gateways", bridge["auth"]["generic"]),
    ):
        assert one["qos"] == 1
        assert one["clean_session"] is False
        secret = (clone / f"config/secrets/mqtt_{user}").read_text(encoding="utf-8").splitlines()
        assert [one["username"], one["password"]] == secret
    assert server["network"]["enabled_regions"] == [region["id"]]
    prefix = f"{gateways['topic_prefix']}/gateway/"
    for direction in ("event", "state", "command"):
        assert bridge[f"{direction}_topic_template"].startswith(prefix)
        assert f" {prefix}+/{direction}/+\n" in (clone / "config/mosquitto/acl").read_text(encoding="utf-8")


def test_chirpstack_knows_the_passwords_of_its_databases(clone: Path) -> None:
    server = (clone / "config/chirpstack/server/chirpstack.toml").read_text(encoding="utf-8")
    redis = (clone / "config/secrets/redis_password").read_text(encoding="utf-8")
    postgres = (clone / "config/secrets/postgres_password").read_text(encoding="utf-8")
    assert f'"postgres://chirpstack:{postgres}@postgres/chirpstack?' in server
    assert f'"redis://:{redis}@redis/"' in server
    assert f"requirepass {redis}\n" in (clone / "config/chirpstack/redis.conf").read_text(encoding="utf-8")


def test_grafana_logs_in_as_the_user_that_influxdbs_script_makes(
    clone: Path, services: dict[str, Any]
) -> None:
    given = services["grafana"]["environment"]
    made = (clone / "config/influxdb/buckets.sh").read_text(encoding="utf-8")
    assert f"--username {given['MESSNETZ_INFLUX_USER']} --password" in made
    password = re.search(r"/run/secrets/\w+", made)
    assert password is not None
    assert given["MESSNETZ_INFLUX_PASSWORD"] == f"$__file{{{password[0]}}}"
    influx = load(clone / "config/messnetz.yaml").influx
    assert influx is not None
    buckets = [given[f"MESSNETZ_INFLUX_{part}BUCKET"] for part in ("", "HOURS_", "BAYS_")]
    assert buckets == [influx.bucket, influx.hours_bucket, influx.bays_bucket]
    assert given["MESSNETZ_INFLUX_URL"] == influx.url
    assert services["influxdb"]["environment"]["DOCKER_INFLUXDB_INIT_ORG"] == influx.org
    for name in set(re.findall(r"\$(RETENTION_\w+)", made)):
        assert name in services["influxdb"]["environment"]


def test_no_password_stands_in_the_file_or_the_environment(text: str, clone: Path) -> None:
    files = [path for path in (clone / "config/secrets").iterdir() if path.is_file()]
    secrets = [path.read_text().split()[-1] for path in files]
    for file in (text, (clone / ".env").read_text(encoding="utf-8")):
        assert not any(secret in file for secret in secrets)
    named = re.findall(r"(\w*(?:PASSWORD|TOKEN|SECRET_KEY)\w*): (\S+)", text)
    assert named
    for name, value in named:  # Grafana reads what its data sources need from files that a variable names
        assert name.endswith("_FILE") or value.startswith('"$$__file{/run/secrets/'), name


def test_the_clone_stays_clean(clone: Path) -> None:
    assert git(clone, "status", "--porcelain") == ""
    # other thresholds change the rules; the last is for what a city sets otherwise
    for own in (f"config/{GRAFANA}", f"config/{PROMETHEUS}", "docker-compose.override.yml"):
        assert git(clone, "check-ignore", own)


def test_grafana_has_every_variable_that_its_provisioning_names(
    clone: Path, services: dict[str, Any]
) -> None:
    files = (clone / "grafana/provisioning").rglob("*.yaml")
    named = {name for file in files for name in re.findall(r"\$\{(\w+)\}", file.read_text(encoding="utf-8"))}
    given = services["grafana"]["environment"]
    assert named
    assert {name for name in named if not given.get(name)} == set()


def test_grafanas_map_has_an_address_and_names_its_source(services: dict[str, Any]) -> None:
    layer = json.loads(services["grafana"]["environment"]["GF_GEOMAP_DEFAULT_BASELAYER_CONFIG"])
    assert layer["type"] == "xyz"
    assert layer["config"]["url"].startswith("https://")
    assert all(part in layer["config"]["url"] for part in ("{z}", "{x}", "{y}"))
    assert layer["config"]["attribution"] == "© basemap.de / BKG, CC BY 4.0"


def test_grafana_finds_its_boards_where_its_provisioning_says(services: dict[str, Any]) -> None:
    mounts = {mount["target"]: mount["source"] for mount in services["grafana"]["volumes"]}
    file = Path(mounts["/etc/grafana/provisioning"]) / "dashboards/messnetz.yaml"
    paths = re.findall(r"path: (\S+)", file.read_text(encoding="utf-8"))
    assert paths
    for path in paths:
        boards = Path(path.replace("/etc/grafana/boards", mounts["/etc/grafana/boards"]))
        assert list(boards.glob("*.json")), path


def test_grafanas_rules_are_those_of_the_city(clone: Path, services: dict[str, Any]) -> None:
    mounts = {mount["target"]: mount["source"] for mount in services["grafana"]["volumes"]}
    theirs = Path(mounts["/etc/grafana/provisioning/alerting/messnetz-rules.yaml"])
    ours = {mount["target"]: mount["source"] for mount in services["messnetz"]["volumes"]}
    written = Path(ours["/messnetz/config"]) / GRAFANA
    assert theirs == written, "`messnetz alarms --write` would write another file"
    shipped = clone / "grafana/provisioning/alerting/messnetz-rules.yaml"
    assert theirs.read_text(encoding="utf-8") == shipped.read_text(encoding="utf-8")


def test_prometheus_takes_the_files_that_it_is_given(clone: Path) -> None:
    program = find_program("promtool", "MESSNETZ_TEST_PROMTOOL")
    program = program or missing("promtool is missing: `apt-get install prometheus`")
    file = clone / "config/prometheus/prometheus.yml"
    command = [str(program), "check", "config", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert re.search(r"SUCCESS: [1-9]\d* rules found", done.stdout), done.stdout


def test_prometheus_asks_messnetz_where_it_listens(clone: Path, services: dict[str, Any]) -> None:
    settings = load(clone / "config/messnetz.yaml")
    asked = (clone / "config/prometheus/prometheus.yml").read_text(encoding="utf-8")
    assert f'"messnetz:{settings.operators.port}"' in asked
    assert settings.operators.host == "0.0.0.0"  # noqa: S104  within the compose network
    assert f":{settings.operators.port}/healthz" in services["messnetz"]["healthcheck"]["test"][-1]
    assert {settings.brokers[0].host, "influxdb"} <= services.keys()
