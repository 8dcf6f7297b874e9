"""`messnetz init`: what it writes, for whom, and that it never touches what is there."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import setup
from ingest.errors import CommandFailed
from ingest.settings_file import load, missing_files
from ingest.setup.owner import NOBODY_ELSE, Owner, find_owner
from ingest.setup.passwords import hash_for_mosquitto
from tests.clone import environment, init
from tests.servers.process import find_program, missing

HERE = Owner(os.geteuid() or NOBODY_ELSE, os.getegid() or NOBODY_ELSE)


def everything(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in paths}


def secrets_of(folder: Path) -> set[str]:
    """All that are chosen here: InfluxDB's token comes from InfluxDB."""
    return {text.split()[-1] for text in everything(folder / "config/secrets").values() if text}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    setup.write(tmp_path / "city", HERE, "en")
    return tmp_path / "city"


def test_what_it_writes_is_accepted_by_check(tmp_path: Path) -> None:
    assert init(tmp_path).returncode == 0
    settings = load(tmp_path / "config/messnetz.yaml")
    assert missing_files(tmp_path / "config/messnetz.yaml", settings) == []
    command = [sys.executable, "-m", "ingest", "check"]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "complaints: 0" in checked.stdout


def test_a_second_run_changes_nothing_and_says_so(tmp_path: Path) -> None:
    init(tmp_path)
    before = everything(tmp_path)
    again = init(tmp_path)
    assert again.returncode == 0
    assert everything(tmp_path) == before
    assert f"kept: {Path('config/messnetz.yaml')}" in again.stdout
    assert "written:" not in again.stdout


def test_what_a_newer_version_brings_along_is_added_with_the_secrets_that_are_there(folder: Path) -> None:
    (folder / "config/chirpstack/redis.conf").unlink()
    (folder / "config/messnetz.yaml").write_text("mine\n")
    done = setup.write(folder, HERE, "en")
    assert [str(path) for path in done.written] == ["config/chirpstack/redis.conf"]
    assert (folder / "config/messnetz.yaml").read_text() == "mine\n"
    password = (folder / "config/secrets/redis_password").read_text()
    assert f"requirepass {password}\n" in (folder / "config/chirpstack/redis.conf").read_text()


def test_a_token_that_influxdb_chose_stays(folder: Path) -> None:
    token = folder / "config/secrets/influxdb/token"
    assert token.read_text() == ""
    token.write_text("chosen\n")
    setup.write(folder, HERE, "en")
    assert token.read_text() == "chosen\n"


def test_a_secret_that_is_gone_is_not_made_anew_beside_files_that_hold_the_old_one(folder: Path) -> None:
    (folder / "config/secrets/mqtt_chirpstack").unlink()
    before = everything(folder)
    with pytest.raises(CommandFailed, match=r"is there, but not config/secrets/mqtt_chirpstack") as refused:
        setup.write(folder, HERE, "en")
    assert "backup" in refused.value.hint
    assert everything(folder) == before


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe"])
def test_a_secret_of_nothing_is_named(folder: Path, content: bytes) -> None:
    (folder / "config/secrets/redis_password").write_bytes(content)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(CommandFailed, match="redis_password holds no secret") as refused:
        setup.write(folder, HERE, "en")
    assert "backup" in refused.value.hint
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_disk_that_is_full_leaves_no_file_that_the_next_run_would_take_for_whole(tmp_path: Path) -> None:
    script = (
        "import resource, signal, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (30, 30));"
        " signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        " from ingest.cli import main; sys.argv = ['messnetz', 'init', sys.argv[1]]; main()"
    )
    stopped = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "new")], capture_output=True, text=True, check=False
    )
    assert stopped.returncode == 1
    assert "cannot be written" in stopped.stderr
    assert "None" not in stopped.stderr
    assert [path for path in (tmp_path / "new").rglob("*") if path.is_file()] == []
    assert setup.write(tmp_path / "new", HERE, "en").kept == ()


def test_two_installations_have_no_secret_in_common(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        setup.write(tmp_path / name, HERE, "en")
        found.append(secrets_of(tmp_path / name))
    assert len(found[0]) == len(setup.files.LOGINS) + len(setup.files.SINGLE_SECRETS)
    assert not found[0] & found[1]


def test_whatever_holds_a_secret_is_for_its_owner_only(folder: Path) -> None:
    secrets = secrets_of(folder)
    for name, text in everything(folder).items():
        private = stat.S_IMODE((folder / name).stat().st_mode) & 0o077 == 0
        if any(secret in text for secret in secrets):
            assert private, name
    for name in ("config/secrets", "config/secrets/influxdb"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "config/secrets/influxdb/token").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600


def test_no_place_for_a_value_is_left_open(folder: Path) -> None:
    for name, text in everything(folder).items():
        assert not re.search(r"@[a-z_]+@", text), name


def test_in_german_it_speaks_german(tmp_path: Path) -> None:
    setup.write(tmp_path, HERE, "de")
    assert load(tmp_path / "config/messnetz.yaml").language == "de"
    assert "Kommune" in (tmp_path / "config/devices/README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away: run the tests as root")
@pytest.mark.parametrize(
    ("sudo", "owned_by", "expected"),
    [("1000", 0, 1000), ("1000", 1234, 1234), ("", 1234, 1234), ("", 0, NOBODY_ELSE), ("0", 0, NOBODY_ELSE)],
)
def test_root_gives_the_files_to_whom_they_are_for(
    tmp_path: Path, sudo: str, owned_by: int, expected: int
) -> None:
    os.chown(tmp_path, owned_by, owned_by)
    owner = find_owner(tmp_path, {"SUDO_UID": sudo, "SUDO_GID": sudo})
    assert owner == (expected, expected)
    setup.write(tmp_path, owner, "en")
    for path in ((tmp_path / "config").rglob("*"), (tmp_path / "data").rglob("*"), [tmp_path / "state"]):
        assert {one.lstat().st_uid for one in path} == {expected}
    assert environment(tmp_path)["MESSNETZ_UID"] == str(expected)


def test_who_is_not_root_owns_what_they_write(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "getegid", lambda: 100)
    assert find_owner(tmp_path, {"SUDO_UID": "7", "SUDO_GID": "7"}) == Owner(1000, 100)


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file")
    refused = init(tmp_path)
    assert refused.returncode == 1
    assert "config" in refused.stderr
    assert "what to do" in refused.stderr


@pytest.mark.parametrize("place", ["state", "data", "config/devices"])
def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "city" / place).parent.mkdir(parents=True)
    (tmp_path / "city" / place).touch()
    with pytest.raises(CommandFailed, match=rf"city/{place}\S* cannot be written: "):
        setup.write(tmp_path / "city", HERE, "en")


def test_mosquittos_own_program_makes_hashes_of_the_same_form(tmp_path: Path) -> None:
    program = find_program("mosquitto_passwd", "MESSNETZ_TEST_MOSQUITTO_PASSWD")
    program = program or missing("mosquitto_passwd is missing: `apt-get install mosquitto`")
    file = tmp_path / "passwords"
    subprocess.run([str(program), "-b", "-c", str(file), "x", "secret"], check=True, capture_output=True)
    theirs = file.read_text().strip().removeprefix("x:").split("$")
    ours = hash_for_mosquitto("secret").split("$")
    assert [len(part) for part in ours] == [len(part) for part in theirs]
    assert ours[:3] == theirs[:3]
