"""The pages on installing: every command in them is run, with stand-ins for what takes root or a network."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.settings_file import load
from tests import guide
from tests.clone import make_clone
from tests.servers.mosquitto import HOW as NO_MOSQUITTO
from tests.servers.process import ROOT, Process, answers_tcp, find_program, free_port, missing
from tests.test_compose_broker import Client

LANGUAGES = ("de", "en")
#: Programs that change the machine; what they were asked is written down.
STAND_INS = ("apt-get", "adduser", "chown", "systemctl", "make")
UNIT = ROOT / "config/systemd/messnetz.service"


def read(language: str) -> str:
    return (ROOT / f"docs/install.{language}.md").read_text(encoding="utf-8")


def part(text: str, number: int) -> str:
    """With containers: 1; without: 2."""
    return re.split(r"^## ", text, flags=re.MULTILINE)[number]


class Machine:
    """A machine below a folder: its /opt, /srv and /etc, and whoever types at it."""

    def __init__(self, folder: Path, clone: Path) -> None:
        self.folder = folder
        self.cwd = folder
        for place in ("opt", "srv/messnetz", "etc/mosquitto/conf.d", "etc/systemd/system", "bin"):
            (folder / place).mkdir(parents=True)
        for name in STAND_INS:
            self._program(name, 'echo "$0 $*" >> "$ASKED"')
        self._program("git", f'test "$1" = clone && cp -r "{clone}" "$3"')
        self._program("docker", f'exec "{sys.executable}" "{ROOT}/tests/fake_docker.py" "$@"')

    def _program(self, name: str, line: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)

    def here(self, text: str) -> str:
        """The text with the machine's paths in the place of this one's."""
        return re.sub(r"(?<![\w.])/(opt|srv|etc)/", rf"{self.folder}/\1/", text)

    def type(self, typed: str) -> "subprocess.CompletedProcess[str]":
        if typed.startswith("cd "):
            self.cwd = Path(self.here(typed.removeprefix("cd ")))
            typed = "true"
        installed = self.folder / "opt/messnetz"
        environment = os.environ | {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "ASKED": str(self.folder / "asked"),
            "FAKE_DOCKER": str(installed),
            "FAKE_DOCKER_RUNNING": "1",
            "FAKE_DOCKER_PYTHON": sys.executable,
        }
        done = subprocess.run(
            ["sh", "-c", self.here(typed.replace("<this repository>", "somewhere"))],
            cwd=self.cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        program = installed / ".venv/bin/messnetz"
        if installed.exists() and not program.exists():  # what `make` would have installed
            program.parent.mkdir(parents=True)
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ingest "$@"\n')
            program.chmod(0o755)
        return done


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `git clone` would bring."""
    return make_clone(tmp_path_factory.mktemp("clone"))


@pytest.fixture
def machine(tmp_path: Path, clone: Path) -> Machine:
    return Machine(tmp_path, clone)


def commands(text: str) -> Iterator[str]:
    for step in guide.steps(text):
        assert isinstance(step, guide.Command)
        yield step.typed


def test_every_command_with_containers_does_what_it_should(machine: Machine, language: str) -> None:
    typed = list(commands(part(read(language), 1)))
    assert len(typed) >= 8
    for one in typed:
        done = machine.type(one)
        if one.endswith(" status"):
            assert "messnetz run" in done.stderr, "there is no service behind this Docker"
        elif " simulate " in one:
            assert "cannot simulate at mosquitto" in done.stderr, "nor is there a broker"
        else:
            assert done.returncode == 0, (one, done.stdout, done.stderr)
    assert load(machine.folder / "opt/messnetz/config/messnetz.yaml").brokers[0].host == "mosquitto"
    calls = (machine.folder / "opt/messnetz/calls").read_text()
    assert '["compose", "up", "-d", "--build"]' in calls
    assert '["compose", "--profile", "lorawan", "up", "-d", "--build"]' in calls


def test_every_command_without_containers_does_what_it_should(
    machine: Machine, language: str, tmp_path: Path
) -> None:
    for one in commands(part(read(language), 2)):
        done = machine.type(one)
        assert done.returncode == 0, (one, done.stdout, done.stderr)
    config = machine.folder / "srv/messnetz/config"
    settings = load(config / "messnetz.yaml")
    assert settings.brokers[0].address == ("localhost", 1883)
    assert settings.influx is not None
    assert settings.influx.url == "http://localhost:8086"
    assert settings.operators.host == "127.0.0.1"
    assert (machine.folder / "etc/systemd/system/messnetz.service").exists()
    broker = start_mosquitto(machine, tmp_path)
    try:
        password = (config / "secrets/mqtt_messnetz").read_text().splitlines()[1]
        ours = Client(broker.port, "messnetz", password)
        stranger = Client(broker.port)
        assert ours.code == 0
        assert stranger.code.is_failure
        ours.close()
        stranger.close()
    finally:
        broker.kill()


class _Mosquitto(Process):
    port: int


def start_mosquitto(machine: Machine, folder: Path) -> _Mosquitto:
    """With the file of its conf.d, on a free port."""
    program = find_program("mosquitto", "MESSNETZ_TEST_MOSQUITTO") or missing(NO_MOSQUITTO)
    port = free_port()
    made = (machine.folder / "etc/mosquitto/conf.d/messnetz.conf").read_text(encoding="utf-8")
    assert made.count("listener 1883 127.0.0.1") == 1
    config = folder / "mosquitto.conf"
    config.write_text(made.replace("listener 1883", f"listener {port}") + "\nuser root\n")
    broker = _Mosquitto(
        [str(program), "-c", str(config)], folder / "mosquitto.log", lambda: answers_tcp(port)
    )
    broker.port = port
    broker.start()
    return broker


def test_both_pages_have_the_same_headings_and_commands() -> None:
    german, english = (read(language) for language in LANGUAGES)
    assert [level for level, _ in guide.headings(german)] == [level for level, _ in guide.headings(english)]
    assert list(commands(german)) == list(commands(english))


def test_grafana_without_containers_is_told_all_that_its_files_ask_for(language: str) -> None:
    files = (ROOT / "grafana/provisioning").rglob("*.yaml")
    asked = {name for file in files for name in re.findall(r"\$\{(\w+)\}", file.read_text(encoding="utf-8"))}
    told = dict(re.findall(r"^(\w+)=(.*)$", part(read(language), 2), re.MULTILINE))
    assert set(told) == asked | {"TZ"}
    assert all(told.values())


def test_the_german_page_addresses_nobody_by_sie_or_du() -> None:
    assert re.findall(r"\b(?:Sie|Ihnen|Ihre?[mnrs]?|[Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b", read("de")) == []


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze") or missing(
        "systemd-analyze is missing: `apt-get install systemd`"
    )
    unit = tmp_path / "messnetz.service"
    text = UNIT.read_text(encoding="utf-8")
    started = re.search(r"^ExecStart=(\S+) run -c (\S+)$", text, re.MULTILINE)
    assert started is not None
    assert started[1] in read("en")
    unit.write_text(text.replace(started[1], "/bin/true"), encoding="utf-8")
    done = subprocess.run([program, "verify", str(unit)], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "messnetz.service" in line]
    assert done.returncode == 0, done.stderr
    assert ours == []


def test_the_unit_lets_the_service_write_where_its_settings_and_state_are() -> None:
    text = UNIT.read_text(encoding="utf-8")
    assert "-c /srv/messnetz/config/messnetz.yaml" in text
    assert "ReadWritePaths=/srv/messnetz\n" in text
    assert "ProtectSystem=strict\n" in text
