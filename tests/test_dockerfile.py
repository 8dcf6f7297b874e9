"""The Dockerfile without an engine: what it copies is there, and what it runs gives a program that works.

Its commands are run as they stand, with paths put right, in a folder that holds what `.dockerignore` lets
through. Only the download is left out: `make test` has installed the same pins with the same hashes, and the
environment here takes them from there. Base images, users and layers are not tried.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from ingest import __version__
from ingest.setup.owner import NOBODY_ELSE
from tests.clone import git
from tests.servers.process import ROOT


def instructions() -> list[tuple[str, str]]:
    """Each instruction with its words."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def sources() -> list[str]:
    """What is copied from the context."""
    copied = [words.split() for name, words in instructions() if name == "COPY" and "--from" not in words]
    return [source.removeprefix("./") for words in copied for source in words[:-1]]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Docker would get to see: the checkout without what `.dockerignore` leaves out."""
    folder = tmp_path_factory.mktemp("context")
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    left_out = [line for line in lines if line.endswith("/*")]
    for name in git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        best = max(
            (one for one in allowed if name == one or name.startswith(f"{one}/")), key=len, default=None
        )
        if best is None or f"{best}/*" in left_out or not (ROOT / name).is_file():
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def test_the_context_holds_what_is_copied_and_no_secret(context: Path) -> None:
    for source in sources():
        assert (context / source).exists(), source
    everything = {str(path.relative_to(context)) for path in context.rglob("*") if path.is_file()}
    assert {name for name in everything if name.startswith("config/")} == {
        f"config/sample/{name}"
        for name in ("messnetz.yaml", "messnetz.rules.yml", "mosquitto.conf", "devices/giessen.yaml")
    }
    assert not any(name.startswith((".git", ".env", "state/", "tests/")) for name in everything)


def test_its_commands_build_a_program_that_works_alone(context: Path, tmp_path: Path) -> None:
    source, program = tmp_path / "source", tmp_path / "opt/messnetz"
    for name in sources():
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (context / name).is_dir():
            shutil.copytree(context / name, target)
        else:
            shutil.copy2(context / name, target)
    ran = 0
    for name, words in instructions():
        if name != "RUN" or words.startswith("useradd"):
            continue
        if "-r requirements.txt" in words:
            assert "--require-hashes" in words
            assert "--only-binary :all:" in words
            site = next(program.glob("lib/python*/site-packages"))
            (site / "pins.pth").write_text(sysconfig.get_path("purelib") + "\n")
            continue
        command = words.replace("/opt/messnetz", str(program))
        command = re.sub(r"^python ", f"{sys.executable} ", command)
        done = subprocess.run(command.split(), cwd=source, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        ran += 1
    assert ran == 3
    messnetz = str(program / "bin/messnetz")
    said = subprocess.run([messnetz, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout == f"messnetz {__version__}\n"
    here = [str(program / "bin/python"), "-c", "import ingest; print(ingest.__file__)"]
    where = subprocess.run(here, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert where.startswith(str(program)), "it is the installed one, not the checkout"
    city = tmp_path / "city"
    for asked in (["init", str(city)], ["check", "-c", str(city / "config/messnetz.yaml")]):
        done = subprocess.run([messnetz, *asked], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_last_stage_has_no_tools_and_no_root() -> None:
    stages = " ".join(f"{name} {words}" for name, words in instructions()).split("FROM ")
    assert len(stages) == 3
    last = stages[2]
    assert "pip" not in last
    assert "apt" not in last
    assert f"USER {NOBODY_ELSE}:{NOBODY_ELSE}" in last
    bases = {stage.split()[0] for stage in stages[1:]}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", bases.pop())


def test_it_starts_the_service_unless_another_command_is_named() -> None:
    named = dict(instructions())
    assert json.loads(named["ENTRYPOINT"]) == ["messnetz"]
    assert json.loads(named["CMD"]) == ["run"]
    assert named["WORKDIR"] == "/messnetz"
