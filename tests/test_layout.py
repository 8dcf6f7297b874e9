"""What is installed under which name, and that the rooms' order is really held."""

import importlib.metadata
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {"devices", "ingest", "publish"}
#: The installed checkout's finder steps aside for the copy in the working directory.
LINT_IMPORTS = """
import sys
sys.meta_path = [finder for finder in sys.meta_path if "edit" not in str(finder).lower()]
from importlinter.cli import lint_imports
sys.exit(lint_imports(no_cache=True))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    built = _python("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    assert built.returncode == 0, built.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl"))).namelist()


def test_the_wheel_holds_the_three_rooms_and_nothing_else(wheel: list[str]) -> None:
    top = {name.split("/")[0] for name in wheel}
    assert {name for name in top if not name.endswith((".dist-info", ".data"))} == ROOMS


def test_the_wheel_holds_every_file_of_the_rooms(wheel: list[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert set(tracked) <= set(wheel)


@pytest.mark.parametrize("folder", ["config", "grafana", "tests"])
def test_a_folder_of_the_checkout_is_not_importable(folder: str, tmp_path: Path) -> None:
    tried = _python("-I", "-c", f"import {folder}; print({folder}.__path__)", cwd=tmp_path)
    assert str(ROOT) not in tried.stdout


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_no_other_distribution_ships_a_package_of_our_name(room: str) -> None:
    assert set(importlib.metadata.packages_distributions().get(room, [])) <= {"messnetz"}


def test_an_import_up_the_ladder_is_caught(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "devices/climber.py").write_text("import ingest.seams\n")
    checked = _python("-c", LINT_IMPORTS, cwd=tmp_path)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "devices.climber -> ingest.seams" in checked.stdout


def _python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
