"""The command beside docker-compose.yml: what it hands to Docker, with a `docker` that does it here."""

import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest import setup
from tests import guide
from tests.clone import environment, make_clone
from tests.servers.process import ROOT
from tests.test_init import HERE

NAME = "compose-messnetz"


class Machine:
    """An installation, a `docker` on PATH, and somebody who types."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "messnetz"
        self.elsewhere = folder / "home"
        self.elsewhere.mkdir(parents=True)
        setup.write(self.folder, HERE, "en")
        shutil.copy(ROOT / NAME, self.folder)
        programs = folder / "bin"
        programs.mkdir()
        (programs / "docker").write_text(
            f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "tests/fake_docker.py"}" "$@"\n'
        )
        (programs / "docker").chmod(0o755)
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(folder),
            "FAKE_DOCKER": str(self.folder),
            "FAKE_DOCKER_PYTHON": sys.executable,
        }

    def type(
        self,
        *words: str,
        cwd: Path | None = None,
        running: bool = True,
        program: str | None = None,
        **more: str,
    ) -> "subprocess.CompletedProcess[str]":
        """`./compose-messnetz words`, without a terminal."""
        return subprocess.run(
            [program or str(self.folder / NAME), *words],
            cwd=cwd or self.folder,
            env=self.variables(running=running) | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def variables(self, *, running: bool) -> dict[str, str]:
        return {**self.environment, "FAKE_DOCKER_RUNNING": "1" if running else ""}

    def calls(self) -> list[list[str]]:
        """What Docker was told, without the questions whether the service runs."""
        lines = (self.folder / "calls").read_text(encoding="utf-8").splitlines()
        said: list[dict[str, Any]] = [json.loads(line) for line in lines]
        assert {one["cwd"] for one in said} == {str(self.folder)}
        return [one["words"] for one in said if "ps" not in one["words"]]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_command_runs_inside_the_running_service(machine: Machine) -> None:
    done = machine.type("types", "list", "--category", "noise")
    assert done.returncode == 0, done.stderr
    assert "browan-tbsl100" in done.stdout
    [call] = machine.calls()
    assert call == [
        *("compose", "--progress", "quiet", "exec", "-T"),
        *("messnetz", "messnetz", "types", "list", "--category", "noise"),
    ]


def test_while_the_service_is_stopped_it_runs_in_a_container_of_its_own(machine: Machine) -> None:
    done = machine.type("check", running=False)
    assert done.returncode == 0, done.stderr
    [call] = machine.calls()
    assert call[3:] == ["run", "-T", "--rm", "--no-deps", "messnetz", "check"]


def test_what_it_prints_and_its_exit_code_are_the_commands(machine: Machine) -> None:
    done = machine.type("check", "--json")
    assert json.loads(done.stdout)["complaints"] == []
    (machine.folder / "config/devices/town.yaml").write_text("devices: {}\n")
    refused = machine.type("check", "--json")
    assert refused.returncode == 1
    assert len(json.loads(refused.stdout)["complaints"]) == 1
    mistyped = machine.type("devices", "lst")
    assert mistyped.returncode == 2
    assert mistyped.stdout == ""
    assert "lst" in mistyped.stderr


@pytest.mark.parametrize("running", [True, False])
def test_a_file_of_this_machine_is_handed_in(machine: Machine, running: bool) -> None:
    codec = machine.elsewhere / "my codec.js"
    codec.write_text("function decodeUplink(input) { return {data: {battery: input.bytes[2]}}; }")
    done = machine.type(
        "codec",
        "run",
        "my codec.js",
        "--port",
        "1",
        "--json",
        "01755c",
        cwd=machine.elsewhere,
        running=running,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["data"] == {"battery": 92}
    [call] = machine.calls()
    assert call[3] == "run", "a running container gets no new mounts"
    assert call[call.index("--volume") + 1] == f"{codec}:{codec}:ro"


@pytest.mark.parametrize(
    ("typed", "mount", "becomes"),
    [
        ("./list.csv", "{home}/list.csv:{home}/list.csv:ro", "{home}/list.csv"),
        ("{home}/list.csv", "{home}/list.csv:{home}/list.csv:ro", "{home}/list.csv"),
        ("./new.tar.gz", "{home}:{home}", "{home}/new.tar.gz"),
        ("--file=./list.csv", "{home}/list.csv:{home}/list.csv:ro", "--file={home}/list.csv"),
        ("{root}/config/devices", None, "/messnetz/config/devices"),
        ("../messnetz/state", None, "/messnetz/state"),
        ("config/messnetz.yaml", None, "config/messnetz.yaml"),
        ("no-such-file.csv", None, "no-such-file.csv"),
        ("mqtt://host/x", None, "mqtt://host/x"),
        ("50.5841", None, "50.5841"),
        ("two words", None, "two words"),
    ],
)
def test_words_that_are_files_are_told_from_others(
    machine: Machine, typed: str, mount: str | None, becomes: str
) -> None:
    (machine.elsewhere / "list.csv").write_text("x\n")
    places = {"home": str(machine.elsewhere), "root": str(machine.folder)}
    machine.type("types", "show", typed.format(**places), cwd=machine.elsewhere)
    [call] = machine.calls()
    assert call[-1] == becomes.format(**places)
    mounts = [call[place + 1] for place, word in enumerate(call) if word == "--volume"]
    assert mounts == ([mount.format(**places)] if mount else [])


def test_it_may_be_linked_under_another_name_and_called_from_anywhere(machine: Machine) -> None:
    link = machine.elsewhere / "messnetz"
    link.symlink_to(machine.folder / NAME)
    done = machine.type("check", cwd=machine.elsewhere, program=str(link))
    assert done.returncode == 0, done.stderr
    assert "complaints: 0" in done.stdout


def test_the_language_goes_along(machine: Machine) -> None:
    (machine.folder / "config/messnetz.yaml").unlink()
    done = machine.type("check", LANG="de_DE.UTF-8")
    assert done.returncode == 1
    assert "was zu tun ist" in done.stderr


def test_at_a_terminal_it_asks(machine: Machine) -> None:
    ours, theirs = pty.openpty()
    command = [str(machine.folder / NAME), "devices", "add"]
    with subprocess.Popen(
        command,
        cwd=machine.folder,
        env=machine.variables(running=True),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as child:
        os.close(theirs)
        said = b""
        while b": " not in said.rpartition(b"\n")[2]:
            said += os.read(ours, 4096)
        os.write(ours, b"\x04")  # the end of what is typed
        assert b"Whose devices are these" in said
        assert child.wait(60) == 1
    os.close(ours)
    assert "-T" not in machine.calls()[0]


def test_init_does_without_compose_as_whoever_calls(machine: Machine) -> None:
    shutil.rmtree(machine.folder / "config")
    (machine.folder / ".env").unlink()
    done = machine.type("init", SUDO_UID="1000", SUDO_GID="1000")
    assert done.returncode == 0, done.stderr
    assert (machine.folder / "config/secrets/influxdb/token").exists()
    built, ran = machine.calls()
    assert built == ["build", "--tag", "messnetz:local", "."]
    assert ran[ran.index("--user") + 1] == f"{os.geteuid()}:{os.getegid()}"
    assert ran[ran.index("--volume") + 1] == f"{machine.folder}:{machine.folder}"
    assert "building" not in done.stdout


GUIDES = [
    f"{name}.{language}.md" for name in ("config/guide", "docs/operations") for language in ("de", "en")
]


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_of_the_guides_is_handed_on_as_it_is_typed(machine: Machine, name: str) -> None:
    docker = machine.folder.parent / "bin/docker"  # one that only listens
    docker.write_text(
        '#!/bin/sh\ncase " $* " in *" ps "*) echo f00d ;;'
        ' *) printf "%s\\n" "$@" > "$FAKE_DOCKER/words" ;; esac\n'
    )
    typed = [line for line in commands(name) if line.startswith("messnetz ")]
    assert typed
    for line in typed:
        words = shlex.split(line)[1:]
        own = [word for word in words if word.endswith((".csv", ".js")) and "/" not in word]
        for file in own:
            (machine.folder / file).write_text("x")
        files = [*own, *(word for word in words if word.startswith(("/", "../")))]
        done = machine.type(*words)
        assert done.returncode == 0, (line, done.stderr)
        told = (machine.folder / "words").read_text(encoding="utf-8").splitlines()
        expected = [handed_in(machine.folder, word) if word in files else word for word in words]
        assert told[-len(words) :] == expected, line


def handed_in(folder: Path, word: str) -> str:
    """Its whole name, where there is such a folder."""
    path = (folder / word).parent.resolve() / Path(word).name
    return str(path) if path.parent.exists() else word


def commands(name: str) -> list[str]:
    """What is typed in the console blocks of a page, a command a line."""
    blocks = re.findall(
        r"^```console\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [
        one.typed
        for block in blocks
        for one in guide.steps(f"```console\n{block}```\n")
        if isinstance(one, guide.Command)
    ]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_backup_is_restored_in_a_fresh_clone_as_the_guide_says(
    machine: Machine, tmp_path: Path, language: str
) -> None:
    """Whoever types, root too: the container runs as another user, who has to read and write there."""
    text = (ROOT / f"docs/operations.{language}.md").read_text(encoding="utf-8")
    [lines] = [
        part.splitlines()
        for part in re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        if "restore" in part
    ]
    [backup] = {name for line in lines for name in re.findall(r"\./(\S+\.tar\.gz)", line)}
    assert machine.type("backup", f"./{backup}", cwd=machine.elsewhere).returncode == 0
    clone = make_clone(tmp_path / "clone")
    shutil.copy(machine.folder / ".env", clone)
    shutil.copy(machine.elsewhere / backup, clone)
    container = int(environment(clone)["MESSNETZ_UID"])
    for line in lines:
        if "restore" in line:
            owners = {(clone / name).stat().st_uid for name in ("config", "state", backup)}
            assert owners == {container}
        there = machine.variables(running=False) | {"FAKE_DOCKER": str(clone)}
        done = subprocess.run(
            ["sh", "-c", line], cwd=clone, env=there, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (line, done.stderr)
    for name in ("config/secrets/mqtt_messnetz", ".env"):
        assert (clone / name).read_bytes() == (machine.folder / name).read_bytes()
    assert (clone / "data/grafana").is_dir()
    assert (clone / "config/sample").is_dir()
