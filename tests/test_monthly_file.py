"""The timer that puts the month's file on a share: systemd takes it, and its command does what it says."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from tests.exports import Town
from tests.servers.process import ROOT, missing

UNITS = ROOT / "config/systemd"
SERVICE, TIMER = (UNITS / f"messnetz-export.{kind}" for kind in ("service", "timer"))


def setting(unit: Path, name: str) -> str:
    [value] = re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return str(value)


@pytest.fixture(scope="module")
def analyze() -> str:
    return shutil.which("systemd-analyze") or missing("systemd-analyze is missing: apt-get install systemd")


def test_systemd_understands_both_units(analyze: str, tmp_path: Path) -> None:
    program = setting(SERVICE, "ExecStart").split()[0]
    for unit in (SERVICE, TIMER):
        text = unit.read_text(encoding="utf-8").replace(program, "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", *(str(tmp_path / unit.name) for unit in (SERVICE, TIMER))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "messnetz-export" in line] == []


def test_it_runs_once_a_month_when_the_last_one_is_over(analyze: str) -> None:
    done = subprocess.run(
        [analyze, "calendar", "--iterations=3", "--base-time=2026-10-20", setting(TIMER, "OnCalendar")],
        capture_output=True,
        text=True,
        check=True,
        env={"TZ": "Europe/Berlin"},
    )
    times = re.findall(r"(\d{4}-\d\d-\d\d \d\d:\d\d):\d\d CE", done.stdout)
    assert times == ["2026-11-02 05:00", "2026-12-02 05:00", "2027-01-02 05:00"]
    assert setting(TIMER, "Persistent") == "true"


def test_its_command_makes_one_file_that_names_the_month_and_replaces_it_the_next_time(
    tmp_path: Path,
) -> None:
    first = last_month()
    town = Town(tmp_path / "town", begin_ns=int(first.timestamp()) * 10**9)
    town.folder.mkdir()
    town.set_up().fill(600)
    share = tmp_path / "share"
    share.mkdir()
    program, *words = setting(SERVICE, "ExecStart").split()
    assert program.endswith("/bin/messnetz")
    here = {"/srv/messnetz/config/messnetz.yaml": str(town.config), "/srv/share/": f"{share}/"}
    assert set(here) <= set(words)
    for _ in range(2):
        before = {path.name: path.stat().st_ino for path in share.iterdir()}
        done = subprocess.run(
            [sys.executable, "-m", "ingest", *(here.get(word, word) for word in words)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        [book] = share.glob("*.xlsx")
        assert book.name.startswith(f"messnetz-{first:%Y-%m}-01-{first:%Y-%m}-")
        assert {path.name for path in share.iterdir()} == {book.name, f"{book.name}.datapackage.json"}
        assert book.stat().st_ino != before.get(book.name)
    values = openpyxl.load_workbook(book).worksheets[0]
    hours = (next_month(first).astimezone(UTC) - first.astimezone(UTC)) / timedelta(hours=1)
    assert values.max_row == hours + 1


def test_the_service_may_write_where_its_file_goes_and_nowhere_else() -> None:
    assert setting(SERVICE, "ReadWritePaths") == setting(SERVICE, "RequiresMountsFor") == "/srv/share"
    assert setting(SERVICE, "ProtectSystem") == "strict"


def last_month() -> datetime:
    """The begin of the last local month."""
    today = datetime.now(ZoneInfo("Europe/Berlin"))
    return (today.replace(day=1) - timedelta(days=1)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )


def next_month(first: datetime) -> datetime:
    return (first + timedelta(days=32)).replace(day=1)
