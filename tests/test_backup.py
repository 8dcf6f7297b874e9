"""Backup beside the real service, restore on another machine; killed halfway, and tampered with."""

import asyncio
import errno
import gzip
import io
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from devices.uplink import Kind, Uplink
from ingest import settings_file
from ingest.archive import Accepted, Archive, Archived
from ingest.backup import Written, back_up, form, restore
from ingest.backup.write import UNFINISHED
from ingest.cli.init import init
from ingest.counts import Counts
from ingest.errors import CommandFailed, MessnetzError, SpoolLocked
from ingest.events import Events
from ingest.group import Group
from ingest.recompute import Asked, Entry, interrupted
from ingest.recompute.record import append
from ingest.settings import Settings
from ingest.spool import open_spool, schema
from ingest.store.embedded import EmbeddedStore
from tests.conftest import StartMosquitto
from tests.fleet import Member, Publisher, members, register, uplink
from tests.servers.messnetz import COMMAND, Messnetz

AIR = "decentlab-dl-pm"
NOBODY = {"url": "http://127.0.0.1:9", "bucket": "nobody"}
LINE = b"air_quality,device=luft pm2_5=7.5,qc=1i %d"


def silent(_done: int, _total: int) -> None:
    """No bar."""


class Town:
    """A folder with settings, secrets and a state that a service has left."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.config = folder / "config/messnetz.yaml"
        (folder / "config/devices").mkdir(parents=True)
        (folder / "config/secrets").mkdir()
        self.outside = folder / "tokens/influx.token"
        self.outside.parent.mkdir()
        self.secret = folder / "config/secrets/broker"
        for secret in (self.outside, self.secret):
            secret.write_text(f"{secret.name} hush\n")
            secret.chmod(0o600)
        (folder / "config/devices/town.yaml").write_text("municipality: {id: town}\ndevices: []\n")
        broker = {"name": "town", "format": "chirpstack", "host": "127.0.0.1"}
        said = {
            "store": "embedded",
            "influx": {**NOBODY, "token_file": "../tokens/influx.token"},
            "brokers": [{**broker, "credentials_file": "secrets/broker"}],
            **more,
        }
        self.config.write_text(json.dumps(said))

    @property
    def settings(self) -> Settings:
        return settings_file.load(self.config)

    def live(self) -> None:
        """What a service leaves: waiting lines, stored rows, an archived uplink, a record."""
        asyncio.run(self._live())

    async def _live(self) -> None:
        state = self.settings.state
        spool = open_spool(state, self.settings.spool)
        for number in range(3):
            await spool.commit(Group([LINE % number], [], [], {}))
        spool.close()
        store = EmbeddedStore(state / "store.db")
        assert not await store.write([LINE % (time.time_ns() + number) for number in range(5)])
        await store.close()
        archive = Archive(state / "archive", self.settings.archive, Events(Counts()))
        now = time.time_ns()
        said = Uplink(kind=Kind.DATA, address="70b3d57ba0000a1c", time_ns=now, dedup_key="a", payload=b"\1")
        archive.begin([Accepted(Archived(said, now), "luft", 100)])
        await archive.finish()
        archive.close()
        append(state, Entry(1, "begun", ASKED))
        append(state, Entry(2, "done", ASKED))
        (state / "spool.db.damaged-20260310T120000Z").write_bytes(b"noise")

    def back_up(self, file: Path) -> Written:
        return back_up(self.config, self.settings, file, silent)


ASKED = Asked("luft", 1, 2, "me", "why")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    one = Town(tmp_path / "old")
    one.live()
    return one


@pytest.fixture
def file(town: Town, tmp_path: Path) -> Path:
    town.back_up(tmp_path / "day.tar.gz")
    return tmp_path / "day.tar.gz"


def rows(path: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def visible(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_everything_is_there_on_the_other_machine(town: Town, tmp_path: Path) -> None:
    before = time.time_ns()
    written = town.back_up(tmp_path / "day.tar.gz")
    assert written.at_ns >= before
    assert written.left_out == ["spool.db.damaged-20260310T120000Z"]
    config = tmp_path / "new/config/messnetz.yaml"
    done = restore(tmp_path / "day.tar.gz", config, silent)
    assert (done.config_files, done.state_files) == (written.config_files, written.state_files) == (4, 4)
    assert done.at_ns == written.at_ns
    assert done.kept == []
    assert visible(config.parent) == ["devices/town.yaml", "messnetz.yaml", "secrets/broker"]
    assert (tmp_path / "new/tokens/influx.token").read_text() == "influx.token hush\n"
    state = tmp_path / "new/state"
    assert done.state == str(state)
    day = time.strftime("%Y-%m-%d", time.gmtime(before // 10**9))
    assert set(visible(state)) <= {
        f"archive/{day}.db", "archive/" + time.strftime("%Y-%m-%d.db", time.gmtime()), "lock",
        "recomputed.jsonl", "spool.db", "store.db",
    }  # fmt: skip
    for name, query in (
        ("spool.db", "SELECT lines FROM waiting ORDER BY id"),
        ("store.db", "SELECT * FROM points ORDER BY 1, 2"),
        (f"archive/{day}.db", "SELECT * FROM uplinks"),
    ):
        assert rows(state / name, query) == rows(town.settings.state / name, query) != []
        assert rows(state / name, "PRAGMA integrity_check") == [("ok",)]
    assert interrupted(state) == []


def test_logins_of_planners_go_into_the_backup_and_their_exports_do_not(tmp_path: Path) -> None:
    town = Town(tmp_path / "old", exports={"login_file": "../tokens/planners"})
    (tmp_path / "old/tokens/planners").write_text("planner\nsecret\n")
    under_way = town.settings.state / "exports/1/month.csv"
    under_way.parent.mkdir(parents=True)
    under_way.write_text("half of it")
    town.back_up(tmp_path / "day.tar.gz")
    restore(tmp_path / "day.tar.gz", tmp_path / "new/config/messnetz.yaml", silent)
    assert (tmp_path / "new/tokens/planners").read_text() == "planner\nsecret\n"
    assert not (tmp_path / "new/state/exports").exists()


def test_secrets_stay_their_owners(town: Town, file: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restore(file, tmp_path / "new/config/messnetz.yaml", silent)
    for path in ("config/secrets/broker", "tokens/influx.token", "state/spool.db"):
        assert stat.S_IMODE((tmp_path / "new" / path).stat().st_mode) == 0o600, path


def test_a_backup_is_never_written_over_another_or_into_what_it_holds(town: Town, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(CommandFailed, match="there already"):
        town.back_up(file)
    assert file.read_bytes() == before
    for place in (town.config.parent, town.settings.state / "archive"):
        with pytest.raises(CommandFailed, match="goes into the backup"):
            town.back_up(place / "day.tar.gz")


def test_a_disk_that_is_full_leaves_no_file(town: Town, tmp_path: Path) -> None:
    script = (
        "import resource, sys, pathlib; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
        " import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        " sys.argv = ['messnetz', 'backup', *sys.argv[1:]]; from ingest.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "day.tar.gz"), "-c", str(town.config)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "no backup was written" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_full_disk_under_a_service_that_is_stopped_can_be_backed_up_and_salvaged(
    small_disk: Path, tmp_path: Path
) -> None:
    town = Town(small_disk / "old")
    town.live()
    state = town.settings.state
    subprocess.run(["dd", "if=/dev/zero", f"of={small_disk}/other"], stderr=subprocess.DEVNULL, check=False)
    assert town.back_up(tmp_path / "day.tar.gz").state_files == 4
    done = subprocess.run([*COMMAND, "salvage", str(state / "spool.db")], capture_output=True, check=False)
    assert done.stdout.splitlines() == [LINE % number for number in range(3)], done.stderr
    with (small_disk / "lines").open("wb") as lines:
        full = subprocess.run(
            [*COMMAND, "salvage", str(state / "spool.db")], stdout=lines, stderr=subprocess.PIPE, check=False
        )
    assert full.stderr.startswith(b"messnetz: standard output: the disk is full"), full.stderr
    restore(tmp_path / "day.tar.gz", tmp_path / "new/config/messnetz.yaml", silent)


def test_a_damaged_database_is_named(town: Town, tmp_path: Path) -> None:
    store = town.settings.state / "store.db"
    whole = store.read_bytes()
    store.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    with pytest.raises(CommandFailed, match=r"store\.db is damaged") as refused:
        town.back_up(tmp_path / "day.tar.gz")
    assert "messnetz doctor" in refused.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize(("place", "why"), [("none", "none is not there"), ("file", "a file lies where")])
def test_a_place_for_no_backup_is_named(town: Town, tmp_path: Path, place: str, why: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandFailed, match=why) as refused:
        town.back_up(tmp_path / place / "day.tar.gz")
    assert "rrno" not in str(refused.value)


def test_a_folder_that_holds_more_than_settings_is_refused(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.backup.contents.CONFIG_FILES", 3)
    with pytest.raises(CommandFailed, match="more than settings"):
        town.back_up(tmp_path / "day.tar.gz")


KILLED = """
import os, signal, sys
from pathlib import Path
from ingest import settings_file
from ingest.backup import back_up, restore
what, file, config = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
calls = 0
def die(done, total):
    global calls
    calls += 1
    if calls == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
if what == "backup":
    back_up(config, settings_file.load(config), file, die)
else:
    restore(file, config, die)
"""


def killed(what: str, file: Path, config: Path, at: int) -> int:
    done = subprocess.run([sys.executable, "-c", KILLED, what, str(file), str(config), str(at)], check=False)
    return done.returncode


@pytest.mark.parametrize("at", [1, 5, 7])
def test_a_killed_backup_leaves_no_file_of_its_name_and_the_next_one_is_whole(
    town: Town, tmp_path: Path, at: int
) -> None:
    file = tmp_path / "day.tar.gz"
    assert killed("backup", file, town.config, at) == -signal.SIGKILL
    assert not file.exists()
    left = [path for path in tmp_path.iterdir() if path.name != "old"]
    assert [path.name for path in left] == [f"day.tar.gz{UNFINISHED}"]
    with pytest.raises(CommandFailed, match="no whole backup"):
        restore(left[0], tmp_path / "new/config/messnetz.yaml", silent)
    town.back_up(file)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["day.tar.gz"]
    restore(file, tmp_path / "new/config/messnetz.yaml", silent)


def test_of_two_backups_of_one_name_the_second_finds_the_first_ones(town: Town, tmp_path: Path) -> None:
    second: list[threading.Thread] = []
    said: list[str] = []

    def back_up_again() -> None:
        with pytest.raises(CommandFailed) as refused:
            town.back_up(tmp_path / "day.tar.gz")
        said.append(str(refused.value))

    def meanwhile(_done: int, _total: int) -> None:
        if not second:
            second.append(threading.Thread(target=back_up_again))
            second[0].start()
            second[0].join(0.2)

    back_up(town.config, town.settings, tmp_path / "day.tar.gz", meanwhile)
    second[0].join()
    assert said == [f"{tmp_path / 'day.tar.gz'} is there already"]
    restore(tmp_path / "day.tar.gz", tmp_path / "new/config/messnetz.yaml", silent)


@pytest.mark.parametrize("at", [1, 6, 12])
def test_a_killed_restore_leaves_nothing_that_looks_whole_and_the_next_one_works(
    file: Path, tmp_path: Path, at: int
) -> None:
    config = tmp_path / "new/config/messnetz.yaml"
    assert killed("restore", file, config, at) == -signal.SIGKILL
    assert not config.exists()
    assert not (tmp_path / "new/state/spool.db").exists()
    assert restore(file, config, silent).state_files == 4
    assert not list((tmp_path / "new").rglob(".restoring"))


#: For each step of a restore that changes a folder: a child that is killed just before it.
KILLED_AT_EACH_STEP = """
import os, signal, sys
from pathlib import Path
from ingest.backup import restore
STEPS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.move", "shutil.rmtree"}
file, folder = Path(sys.argv[1]), Path(sys.argv[2])
def child(at):
    left = at
    def hook(event, _arguments):
        nonlocal left
        left -= event in STEPS
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    restore(file, folder / str(at) / "config/messnetz.yaml", lambda _done, _total: None)
    os._exit(0)
at = 0
while True:
    process = os.fork() or child(at)
    at += 1
    if os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0:
        break
"""


def contents(folder: Path) -> dict[str, bytes]:
    names = (name for name in visible(folder) if name != "state/lock")
    return {name: (folder / name).read_bytes() for name in names}


def test_a_restore_killed_at_any_step_is_finished_by_the_same_command(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "killed"
    subprocess.run([sys.executable, "-c", KILLED_AT_EACH_STEP, str(file), str(folder)], check=True)
    begun = sorted(folder.iterdir(), key=lambda path: int(path.name))
    whole = contents(begun[-1])
    assert set(whole) >= {"config/messnetz.yaml", "state/spool.db", "tokens/influx.token"}
    assert len(begun) > 25
    told = 0
    for one in begun:
        config = one / "config/messnetz.yaml"
        if not config.exists():
            with pytest.raises(MessnetzError) as refused:
                settings_file.load(config)
            if "a restore was interrupted here" in str(refused.value):
                told += 1
                assert f"messnetz restore {file} -c {config}" in refused.value.hint
                with pytest.raises(CommandFailed, match="interrupted here"):
                    init(one)
        elif not (one / "config/.restoring/moves.json").exists():
            assert contents(one) == whole
            continue
        done = restore(file, config, silent)
        assert (done.config_files, done.state_files, done.settings) == (4, 4, str(config))
        assert contents(one) == whole
        assert not list(one.rglob(".*"))
    assert told >= 8


def interrupted_restore(file: Path, config: Path, monkeypatch: pytest.MonkeyPatch) -> CommandFailed:
    """A restore whose disk takes no file any more once the spool is in its place."""

    def rename(self: Path, target: Path) -> Path:
        if self.name == "devices":
            raise OSError(errno.ENOSPC, "No space left on device")
        os.rename(self, target)  # noqa: PTH104  what it stands for
        return target

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(CommandFailed, match="stopped before its end: the disk is full") as stopped:
            restore(file, config, silent)
    return stopped.value


def test_a_restore_that_the_disk_stops_goes_on_without_the_backup(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "new/config/messnetz.yaml"
    stopped = interrupted_restore(file, config, monkeypatch)
    assert f"messnetz restore {file} -c {config}" in stopped.hint
    assert (tmp_path / "new/state/spool.db").exists()
    file.unlink()
    assert restore(file, config, silent).state_files == 4
    assert visible(config.parent) == ["devices/town.yaml", "messnetz.yaml", "secrets/broker"]


def test_another_backup_does_not_take_the_place_of_a_half_restored_one(
    town: Town, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "new/config/messnetz.yaml"
    interrupted_restore(file, config, monkeypatch)
    town.back_up(tmp_path / "other.tar.gz")
    with pytest.raises(CommandFailed, match=r"restore of another backup, .*day\.tar\.gz, was") as refused:
        restore(tmp_path / "other.tar.gz", config, silent)
    assert f"messnetz restore {file} -c {config}" in refused.value.hint
    file.rename(tmp_path / "moved.tar.gz")
    assert restore(tmp_path / "moved.tar.gz", config, silent).state_files == 4


def test_what_came_into_the_way_of_an_interrupted_restore_is_not_overwritten(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "new/config/messnetz.yaml"
    interrupted_restore(file, config, monkeypatch)
    config.write_text("mine")
    with pytest.raises(CommandFailed, match=r"messnetz\.yaml is in the way") as refused:
        restore(file, config, silent)
    assert "move it away" in refused.value.hint
    assert config.read_text() == "mine"
    config.unlink()
    assert restore(file, config, silent).config_files == 4


@pytest.mark.parametrize("there", ["config/messnetz.yaml", "config/devices/other.yaml", "state/spool.db"])
def test_nothing_that_is_there_is_overwritten(file: Path, tmp_path: Path, there: str) -> None:
    path = tmp_path / "new" / there
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(CommandFailed, match="is not empty") as refused:
        restore(file, tmp_path / "new/config/messnetz.yaml", silent)
    assert "move what is there away" in refused.value.hint
    assert [one for one in visible(tmp_path / "new") if one != "state/lock"] == [there]
    assert path.read_text() == "mine"


def test_settings_do_not_take_the_name_of_others_in_the_backup(town: Town, tmp_path: Path) -> None:
    (town.config.parent / "second.yaml").write_text("theirs")
    town.back_up(tmp_path / "day.tar.gz")
    with pytest.raises(CommandFailed, match=r"another file second\.yaml") as refused:
        restore(tmp_path / "day.tar.gz", tmp_path / "new/config/second.yaml", silent)
    assert "messnetz.yaml" in refused.value.hint
    restore(tmp_path / "day.tar.gz", tmp_path / "new/config/third.yaml", silent)
    assert (tmp_path / "new/config/second.yaml").read_text() == "theirs"


def test_a_hidden_file_is_in_the_way_of_its_like_only(town: Town, tmp_path: Path) -> None:
    (town.config.parent / ".gitignore").write_text("theirs")
    town.back_up(tmp_path / "day.tar.gz")
    config = tmp_path / "new/config/messnetz.yaml"
    config.parent.mkdir(parents=True)
    (config.parent / ".gitignore").write_text("mine")
    with pytest.raises(CommandFailed, match=r"config is not empty: \.gitignore"):
        restore(tmp_path / "day.tar.gz", config, silent)
    assert [path for path in visible(tmp_path / "new") if path != "state/lock"] == ["config/.gitignore"]
    (config.parent / ".gitignore").rename(config.parent / ".mine")
    restore(tmp_path / "day.tar.gz", config, silent)
    assert (config.parent / ".mine").read_text() == "mine"


def test_empty_folders_are_no_matter(file: Path, tmp_path: Path) -> None:
    for name in ("config/secrets/none", "config/grafana", "state/archive", "state/lost+found"):
        (tmp_path / "new" / name).mkdir(parents=True)
    restore(file, tmp_path / "new/config/messnetz.yaml", silent)
    assert visible(tmp_path / "new/config") == ["devices/town.yaml", "messnetz.yaml", "secrets/broker"]
    assert (tmp_path / "new/config/grafana").is_dir()


def test_a_file_elsewhere_that_is_there_already_is_left_and_named(file: Path, tmp_path: Path) -> None:
    token = tmp_path / "new/tokens/influx.token"
    token.parent.mkdir(parents=True)
    token.write_text("mine")
    done = restore(file, tmp_path / "new/config/messnetz.yaml", silent)
    assert done.kept == [str(token)]
    assert token.read_text() == "mine"


def test_nothing_is_restored_under_a_running_service(file: Path, tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "new/state", Settings.model_fields["spool"].default)
    for path in (tmp_path / "new/state").glob("spool.db*"):
        path.unlink()  # so that the lock alone is there
    try:
        with pytest.raises(SpoolLocked):
            restore(file, tmp_path / "new/config/messnetz.yaml", silent)
    finally:
        spool.close()
    assert not (tmp_path / "new/config").exists()


def members_of(file: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(file) as tar:
        return [(one, stream.read()) for one in tar if (stream := tar.extractfile(one)) is not None]


def packed(found: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for one, text in found:
            one.size = len(text)
            tar.addfile(one, io.BytesIO(text))
    return out.getvalue()


def refusal(text: bytes, tmp_path: Path) -> CommandFailed:
    file = tmp_path / "tampered.tar.gz"
    file.write_bytes(text)
    with pytest.raises(CommandFailed) as refused:
        restore(file, tmp_path / "new/config/messnetz.yaml", silent)
    assert not (tmp_path / "new/config").exists()
    assert [path for path in visible(tmp_path / "new") if path != "state/lock"] == []
    return refused.value


def test_a_changed_file_is_named(file: Path, tmp_path: Path) -> None:
    found = members_of(file)
    for number, (one, text) in enumerate(found):
        if one.name == "state/store.db":
            found[number] = (one, text[:-1] + b"x")
    assert "state/store.db is not what was written" in str(refusal(packed(found), tmp_path))


def test_a_missing_or_an_added_file_is_named(file: Path, tmp_path: Path) -> None:
    found = members_of(file)
    without = [one for one in found if one[0].name != "state/store.db"]
    assert "state/store.db is not what was written" in str(refusal(packed(without), tmp_path))
    added = [*found[:-1], (tarfile.TarInfo("config/devices/added.yaml"), b""), found[-1]]
    assert "config/devices/added.yaml" in str(refusal(packed(added), tmp_path))


def test_a_backup_without_its_end_is_none(file: Path, tmp_path: Path) -> None:
    assert "its end is missing" in str(refusal(packed(members_of(file)[:-1]), tmp_path))
    assert "no whole backup" in str(refusal(file.read_bytes()[:-2000], tmp_path))


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "config/../../evil",
        "config//etc/evil",
        "./config/evil",
        "config/evil/",
        "other/evil",
        "state",
    ],
)
def test_a_member_has_no_way_out_of_its_folder(file: Path, tmp_path: Path, name: str) -> None:
    found = members_of(file)
    found.insert(1, (tarfile.TarInfo(name), b"evil"))
    assert "has no place in it" in str(refusal(packed(found), tmp_path))


def test_a_flipped_bit_anywhere_is_told_before_anything_else_of_the_file(file: Path, tmp_path: Path) -> None:
    packed_bytes = file.read_bytes()
    whole = gzip.decompress(packed_bytes)
    refused = 0
    for at in range(0, len(packed_bytes), 37):
        flipped = bytearray(packed_bytes)
        flipped[at] ^= 1 << at % 8
        try:
            same = gzip.decompress(flipped) == whole
        except (OSError, EOFError, zlib.error):
            same = False
        if not same:
            refused += 1
            assert "no whole backup: it" in str(refusal(bytes(flipped), tmp_path))
    assert refused > 100


@pytest.mark.parametrize("length", [0, 1, 3, 9, 11, 30])
def test_the_first_bytes_of_a_backup_are_none(file: Path, tmp_path: Path, length: int) -> None:
    assert "no whole backup: it" in str(refusal(file.read_bytes()[:length], tmp_path))


def test_a_link_in_a_backup_is_refused(file: Path, tmp_path: Path) -> None:
    found = members_of(file)
    link = tarfile.TarInfo("config/devices/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc"
    found.insert(1, (link, b""))
    assert "has no place in it" in str(refusal(packed(found), tmp_path))


def test_a_newer_format_is_refused_with_both_numbers(file: Path, tmp_path: Path) -> None:
    found = members_of(file)
    header = json.loads(found[0][1])
    found[0] = (found[0][0], json.dumps(header | {"format": 2, "new": True}).encode())
    refused = refusal(packed(found), tmp_path)
    assert str(refused) == "the backup has format 2, this Messnetz reads formats up to 1"
    assert "newer Messnetz" in refused.hint


def test_a_newer_spool_in_a_backup_is_refused_before_it_is_in_place(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", written - 1)
    assert f"spool.db in the backup has version {written}" in str(refusal(file.read_bytes(), tmp_path))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup without a state."""
    folder = tmp_path_factory.mktemp("small")
    Town(folder / "old").back_up(folder / "day.tar.gz")
    return gzip.decompress((folder / "day.tar.gz").read_bytes())


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_bytes_are_nothing_half_is_in_place(
    small: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(small) - 1))
    noise = data.draw(st.binary(min_size=1, max_size=600))
    folder = tmp_path_factory.mktemp("noise")
    (folder / "day.tar.gz").write_bytes(gzip.compress(small[:at] + noise + small[at + len(noise) :], 1))
    config = folder / "new/config/messnetz.yaml"
    try:
        restore(folder / "day.tar.gz", config, silent)
    except CommandFailed:
        assert not config.exists()
    else:
        assert config.exists()


def test_what_was_recomputed_while_we_read_is_done_again_after_a_restore(town: Town, tmp_path: Path) -> None:
    late = Asked("luft", 3, 4, "me", "while it is backed up")

    def recompute(_done: int, _total: int, told: list[int] = []) -> None:  # noqa: B006  once
        if not told:
            told.append(1)
            append(town.settings.state, Entry(3, "begun", late))
            append(town.settings.state, Entry(4, "done", late))

    back_up(town.config, town.settings, tmp_path / "day.tar.gz", recompute)
    restore(tmp_path / "day.tar.gz", tmp_path / "new/config/messnetz.yaml", silent)
    assert interrupted(town.settings.state) == []
    assert interrupted(tmp_path / "new/state") == [late]


# --- with the real service -------------------------------------------------------------------------------


@pytest.fixture
def services() -> Iterator[list[Messnetz]]:
    started: list[Messnetz] = []
    yield started
    for one in started:
        one.kill()


def said(member: Member, number: int) -> tuple[str, bytes]:
    """Topic and payload of a device's `number`-th uplink."""
    return uplink(member, number, {"pm2_5_mass_concentration": {"value": 1 + number % 7}})


def test_the_service_goes_on_beside_a_backup_and_the_copy_loses_nothing_of_before(
    mosquitto: StartMosquitto, tmp_path: Path, services: list[Messnetz]
) -> None:
    broker = mosquitto(max_queued_messages=0)
    fleet = members(AIR, 10)
    settings = {
        "store": "influx",
        "influx": NOBODY,  # so that lines wait
        "brokers": [{"name": "town", "format": "chirpstack", "host": broker.host, "port": broker.port}],
    }
    old = Messnetz(tmp_path / "old/config", settings)
    services.append(old)
    register(old.folder, fleet)
    old.start()
    old.wait_subscribed()
    publisher = Publisher(broker.port)
    sent = 0

    def send(count: int) -> None:
        nonlocal sent
        numbers = range(sent, sent + count)
        publisher.publish((said(fleet[n % 10], n // 10) for n in numbers), rate=5000)
        sent += count
        old.wait_until(lambda: old.status_quick()["stored"] == sent, "the service answers for all")

    send(3000)
    waiting = old.status_quick()["lines_waiting"]
    during: list[int] = []

    def go_on(_done: int, _total: int) -> None:
        if (old.state / "spool.db").stat().st_size and len(during) < 3:
            send(100)  # the copy's read transaction stands open meanwhile
            during.append(sent)

    file = tmp_path / "day.tar.gz"
    back_up(old.config, settings_file.load(old.config), file, go_on)
    assert len(during) == 3
    send(100)
    publisher.close()
    old.stop()
    new = Messnetz(tmp_path / "new/config", settings)
    for path in (new.config, *(new.folder / name for name in ("devices", "types", "state"))):
        path.rmdir() if path.is_dir() else path.unlink()
    done = new.run_command("restore", str(file))
    assert done.returncode == 0, done.stderr
    restored = json.loads(new.config.read_text())
    new.config.write_text(json.dumps(restored | {"operators": {"port": new.port}}))
    services.append(new)
    new.start()
    new.wait_subscribed()
    assert new.status_quick()["lines_waiting"] >= waiting
    again = Publisher(broker.port)
    again.publish([said(fleet[9], 299), said(fleet[9], 339)], rate=100)  # before and after the backup
    again.close()
    new.wait_until(lambda: new.status_quick()["received"] == 2, "both came")
    new.wait_until(lambda: new.status_quick()["duplicate"] == 1, "the restored memory knows the first")
    new.wait_until(lambda: new.status_quick()["stored"] == 1, "and not the second")


def test_the_commands_say_what_was_done_and_what_is_missing(town: Town, tmp_path: Path) -> None:
    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*COMMAND, *words],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"LC_ALL": "de_DE.UTF-8"},
        )

    file, config = str(tmp_path / "tag.tar.gz"), str(tmp_path / "new/config/messnetz.yaml")
    said = run("backup", file, "-c", str(town.config))
    assert "4 Dateien der Konfiguration und 4 des Zustands" in said.stdout, said
    assert "Passwörter" in said.stdout
    assert "spool.db.damaged-20260310T120000Z" in said.stdout
    assert run("backup", file, "-c", str(town.config)).returncode == 1
    assert json.loads(run("backup", f"{file}2", "--json", "-c", str(town.config)).stdout)["state_files"] == 4
    said = run("restore", file, "-c", config)
    assert "bestätigt hat, fehlt" in said.stdout, said
    said = run("restore", file, "-c", config)
    assert said.returncode == 1
    assert "ist nicht leer" in said.stderr
    assert form.VERSION == 1
