"""`config/influxdb/token.sh` with an `influx` that answers in the real one's form: what it leaves behind.

That the token is right is tested with a real InfluxDB 2, in tests/test_influxdb2.py.
"""

import os
import shlex
import stat
import subprocess
from pathlib import Path

import pytest

from tests.servers.process import ROOT

SCRIPT = ROOT / "ingest/setup/templates/influxdb/token.sh"
OLDER, THEIRS, ADMINS = "0e0000000000000a", "0e0000000000000b", "0e0000000000000c"
#: As InfluxDB's own `influx` 2.7 prints them: columns padded with tabs, JSON indented by a tab.
LISTED = (
    f"{ADMINS}\tadmin's Token\t\t\tall-may==\tadmin\t0d\t[read:/authorizations]\n"
    f"{OLDER}\tMessnetz, made by token.sh\tolder==\tadmin\t0d\t[read:orgs/0c/buckets/0b]\n"
    f"{THEIRS}\t\t\t\t\ttheirs==\tadmin\t0d\t[read:orgs/0c/buckets/0b]\n"
)
CREATED = (
    '{\n\t"id": "0e0000000000000d",\n\t"description": "Messnetz, made by token.sh",\n'
    '\t"token": "aZ-_9fresh==",\n\t"status": "active",\n\t"userName": "admin",\n\t"userID": "0d",\n'
    '\t"permissions": [\n\t\t"read:orgs/0c/buckets/0b"\n\t]\n}\n'
)


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    """The folder that InfluxDB and Messnetz share, with a token in it."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    (folder / "token").write_text("older==\n")
    return folder


def run(mounted: Path, created: str = CREATED, *, code: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run it; what `influx` was told comes to stand in the file `told` beside the folder."""
    program = mounted.parent / "influx"
    program.write_text(
        "#!/bin/sh\n"
        f'echo "$*" >> {mounted.parent}/told\n'
        'case "$*" in\n'
        '"bucket list"*--name*) printf "id-of-%s\\t%s\\n" "$6" "$6" ;;\n'
        f'"auth list"*) printf %s {shlex.quote(LISTED)} ;;\n'
        f'"auth create"*) printf %s {shlex.quote(created)}; exit {code} ;;\n'
        "esac\n"
    )
    program.chmod(0o755)
    there = {
        "PATH": f"{mounted.parent}:{os.environ['PATH']}",
        "DOCKER_INFLUXDB_INIT_ORG": "messnetz",
        "DOCKER_INFLUXDB_INIT_BUCKET": "readings",
        "DOCKER_INFLUXDB_INIT_USERNAME": "admin",
    }
    text = SCRIPT.read_text(encoding="utf-8").replace(" /messnetz/", f" {mounted}/")
    return subprocess.run(["bash", "-c", text], env=there, capture_output=True, text=True, check=False)


def test_it_puts_the_new_token_there_for_its_owner_only_and_shows_it_to_nobody(mounted: Path) -> None:
    done = run(mounted)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    token = mounted / "token"
    assert token.read_text() == "aZ-_9fresh==\n"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert list(mounted.iterdir()) == [token]


def test_it_asks_for_three_buckets_by_id_and_ends_its_own_older_token_last(mounted: Path) -> None:
    run(mounted)
    told = (mounted.parent / "told").read_text().splitlines()
    [created] = [one for one in told if one.startswith("auth create")]
    for bucket in ("readings", "hours", "bays"):
        assert f"--read-bucket id-of-{bucket} --write-bucket id-of-{bucket}" in created
    assert created.count("-bucket ") == 6
    assert told[-1] == f"auth delete --id {OLDER}"
    assert sum(one.startswith("auth delete") for one in told) == 1


@pytest.mark.parametrize(("created", "code"), [("", 1), ("", 0), ("No token today.\n", 0)])
def test_without_a_new_token_the_older_one_stays_and_is_not_ended(
    mounted: Path, created: str, code: int
) -> None:
    done = run(mounted, created, code=code)
    assert done.returncode != 0
    assert (mounted / "token").read_text() == "older==\n"
    assert "auth delete" not in (mounted.parent / "told").read_text()
