"""A copy of this checkout as `git clone` would make it, to install into: nothing in it is ignored by git."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def make_clone(folder: Path) -> Path:
    """Every file of the checkout that git knows or would know, committed there."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "-m", "all")
    return folder


def init(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """`messnetz init` there."""
    command = [sys.executable, "-m", "ingest", "init", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def git(folder: Path, *words: str) -> str:
    """What git prints there."""
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout


def environment(folder: Path) -> dict[str, str]:
    """The variables of `.env`."""
    lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}
