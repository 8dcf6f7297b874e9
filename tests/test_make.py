"""The Makefile: its help, and that a missing part is named with the line that brings it."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_make_alone_prints_every_target() -> None:
    said = _make().stdout
    for target in ("demo", "test", "check", "docs", "bench", "run", "clean"):
        assert f"\n  {target} " in said


def test_a_missing_python_is_named_with_its_line() -> None:
    tried = _make("prerequisites", "PYTHON=no-such-python")
    assert tried.returncode != 0
    assert "apt-get install -y python3 python3-venv" in tried.stderr


@pytest.mark.parametrize(
    ("refused", "says"),
    [("*ensurepip*", "apt-get install -y python3-venv"), ("*version_info*", "3.11 or newer")],
)
def test_a_python_that_cannot_do_it_is_told_what_it_lacks(tmp_path: Path, refused: str, says: str) -> None:
    fake = tmp_path / "python3"
    fake.write_text(f'#!/bin/sh\ncase "$*" in {refused}) exit 1;; -V) echo Python 3.9.2;; esac\n')
    fake.chmod(0o755)
    tried = _make("prerequisites", f"PYTHON={fake}")
    assert tried.returncode != 0
    assert says in tried.stderr


def test_a_missing_git_is_named_with_its_line(tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    (tmp_path / "sh").symlink_to("/bin/sh")
    tried = _make("prerequisites", f"PYTHON={python}", "SHELL=/bin/sh", path=str(tmp_path))
    assert tried.returncode != 0
    assert "apt-get install -y git" in tried.stderr


def _make(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Make with a clean environment: when it runs these tests itself, its flags are inherited."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    kept["LC_ALL"] = "C"
    command = ["make", *arguments, *([f"PATH={path}"] if path else [])]
    return subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=False)
