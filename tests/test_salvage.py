"""What is left of a damaged spool: true lines only, whatever became of the file."""

import asyncio
import sqlite3
import subprocess
from pathlib import Path
from random import Random

import pytest

from ingest.group import Group
from ingest.settings import Settings
from ingest.spool import open_spool
from ingest.spool.salvage import salvage
from tests.servers.messnetz import COMMAND

LINES = [b"air_quality,device=luft pm2_5=7.5,qc=1i %d" % number for number in range(3000)]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A spool of 300 groups with ten lines each."""

    async def fill() -> None:
        spool = open_spool(tmp_path, Settings.model_fields["spool"].default)
        for begin in range(0, len(LINES), 10):
            await spool.commit(Group(LINES[begin : begin + 10], [], [], {}))
        spool.close()

    asyncio.run(fill())
    return tmp_path / "spool.db"


def lines_of(path: Path) -> list[bytes]:
    return [line for row in salvage(path) for line in row.lines]


def test_of_a_sound_file_every_line_comes_in_order(filled: Path) -> None:
    assert lines_of(filled) == LINES


@pytest.mark.parametrize("seed", range(12))
def test_a_page_of_noise_costs_its_own_rows_and_no_line_is_invented(filled: Path, seed: int) -> None:
    random = Random(seed)  # noqa: S311  any noise
    pages = filled.stat().st_size // 4096
    page = random.randrange(1, pages)  # the first one says that this is a database
    with filled.open("r+b") as file:
        file.seek(page * 4096)
        file.write(random.randbytes(4096))
    try:
        found = lines_of(filled)
    except sqlite3.DatabaseError:
        return  # the page that leads to all the others
    assert set(found) <= set(LINES)
    assert len(found) >= len(LINES) // 2 or not found


def test_noise_within_a_line_is_left_out(filled: Path) -> None:
    whole = filled.read_bytes()
    assert whole.count(LINES[1234]) == 1
    filled.write_bytes(whole.replace(LINES[1234], LINES[1234].replace(b"7.5", b"9.5")))
    assert lines_of(filled) == [*LINES[:1230], *LINES[1240:]]


def test_the_command_prints_lines_and_says_how_many(filled: Path, tmp_path: Path) -> None:
    def run(file: Path) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run([*COMMAND, "salvage", str(file)], capture_output=True, check=False)

    done = run(filled)
    assert done.stdout == b"".join(line + b"\n" for line in LINES)
    assert b"3000 lines; groups that cannot be read: 0" in done.stderr
    (tmp_path / "noise").write_bytes(b"noise" * 1000)
    lost = run(tmp_path / "noise")
    assert lost.returncode == 1
    assert b"is damaged, or is no database" in lost.stderr
