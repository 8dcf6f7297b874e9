"""The doctor at home: settings, registry, spool, store, clock, disk; and the command around it."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from devices import language
from ingest.doctor import (
    CHECKS,
    Finding,
    Patient,
    clock,
    disk,
    examine,
    registry,
    service,
    spool,
    store,
    title,
)
from ingest.doctor import settings as settings_check
from ingest.doctor.finding import size, span
from ingest.doctor.patient import Service, meet
from ingest.group import Group
from ingest.settings import Spool
from ingest.spool import open_spool
from tests.conftest import StartMosquitto
from tests.doctored import broker_of, found, patient_of, settings_of, snapshot
from tests.fleet import members, register
from tests.servers.influxdb import Influxd
from tests.servers.messnetz import COMMAND, Messnetz
from tests.servers.process import free_port
from tests.spool_rows import dead_letter, kept_row

#: What the service makes while it runs.
SERVICES_OWN = ("store.db", "status.json", "archive")
FLEET = members("parametric-pcr2", 3)
RUNS = {"sources": [], "reasons": [], "archive_trouble": "", "reload_waiting": "", "devices": 3}


@pytest.mark.parametrize(
    ("count", "words"),
    [(12, "12 bytes"), (2048, "2.0 KiB"), (300 * 1024**2, "300 MiB"), (1.5 * 1024**3, "1.5 GiB")],
)
def test_sizes_are_said_in_the_unit_that_fits(count: float, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (119.9, "119 s"), (600, "10 min"), (7200, "2 h"), (864000, "10 days")]
)
def test_spans_are_said_in_the_unit_that_fits(seconds: float, words: str) -> None:
    assert span(seconds) == words


# --- settings ---------------------------------------------------------------------------------------------


def test_files_that_are_missing_or_open_to_all_are_named(tmp_path: Path) -> None:
    login = tmp_path / "login"
    login.write_text("user\nsecret\n")
    login.chmod(0o644)
    missing = tmp_path / "nowhere"
    brokers = [broker_of(1, credentials_file=login), broker_of(2, name="other", credentials_file=missing)]
    rows = found(settings_check.check, patient_of(settings_of(tmp_path, brokers=brokers)))
    assert "nowhere" in rows["settings"].what
    assert rows["settings"].state == "wrong"
    assert (rows["secrets"].state, rows["secrets"].to_do) == ("warning", f"chmod 600 {login}")
    login.chmod(0o600)
    rows = found(settings_check.check, patient_of(settings_of(tmp_path, brokers=brokers[:1])))
    assert {one.state for one in rows.values()} == {"ok"}
    planners, partners = tmp_path / "planners", tmp_path / "partners"
    for file, mode in ((planners, 0o600), (partners, 0o604)):
        file.write_text("user\nsecret\n")
        file.chmod(mode)
    exports = {"login_file": planners, "partners_login_file": partners}
    rows = found(settings_check.check, patient_of(settings_of(tmp_path, exports=exports)))
    assert rows["secrets"].to_do == f"chmod 600 {partners}"
    assert "the same login" in rows["planners' login"].what
    planners.write_text("user\n")
    rows = found(settings_check.check, patient_of(settings_of(tmp_path, exports=exports)))
    assert rows["planners' login"].state == "wrong"
    assert str(planners) in rows["planners' login"].what


# --- registry -----------------------------------------------------------------------------------------------


def registered(tmp_path: Path, *entries: dict[str, Any]) -> dict[str, Finding]:
    patient = register_entries(tmp_path, *entries)
    return found(registry.check, patient)


def register_entries(tmp_path: Path, *entries: dict[str, Any], status: Any = None) -> Patient:
    settings = settings_of(tmp_path)
    listed = [
        {
            "id": f"d{number}",
            "site": "x",
            "dev_eui": f"70b3d57ba000000{number}",
            "type": "decentlab-dl-pm",
            **one,
        }
        for number, one in enumerate(entries)
    ]
    file = {"municipality": {"id": "giessen"}, "devices": listed}
    (tmp_path / "devices/town.yaml").write_text(json.dumps(file))
    return patient_of(settings, Service("runs", status) if status else Service("stopped", {}))


PLACE = {"location": {"lat": 50.58, "lon": 8.67}}


def test_a_registry_that_is_right_is_said_to_be(tmp_path: Path) -> None:
    rows = registered(tmp_path, PLACE)
    assert rows["registry"].state == "ok"
    assert "devices" not in rows


def test_mistakes_are_counted_and_named_with_file_and_line(tmp_path: Path) -> None:
    rows = registered(tmp_path, PLACE, {**PLACE, "type": "no-such-type"})
    assert rows["registry"].state == "wrong"
    assert "town.yaml:1" in rows["registry"].what


def test_no_device_at_all_is_told(tmp_path: Path) -> None:
    assert found(registry.check, patient_of(settings_of(tmp_path)))["registry"].state == "warning"


def test_devices_without_a_place_are_told(tmp_path: Path) -> None:
    rows = registered(tmp_path, {})
    assert (rows["devices"].state, "d0" in rows["devices"].what) == ("warning", True)


def test_a_reload_that_waits_or_was_missed_is_told(tmp_path: Path) -> None:
    waiting = register_entries(tmp_path, PLACE, status={**RUNS, "reload_waiting": "would remove 20 of 30"})
    assert found(registry.check, waiting)["reload"].state == "wrong"
    differs = register_entries(tmp_path, PLACE, status={**RUNS, "devices": 7})
    missed = found(registry.check, differs)["reload"]
    assert (missed.state, missed.to_do) == ("warning", "messnetz devices reload")
    broken = register_entries(tmp_path, {**PLACE, "type": "no-such-type"}, status={**RUNS, "devices": 7})
    assert "correct the files" in found(registry.check, broken)["reload"].to_do
    same = register_entries(tmp_path, PLACE, status={**RUNS, "devices": 1})
    assert found(registry.check, same)["reload"].state == "ok"


# --- service ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "state"),
    [
        (Service("stopped", {}), "warning"),
        (Service("mute", {}), "wrong"),
        (Service("locked", {}), "unknown"),
        (Service("runs", {**RUNS, "reasons": ["broker town: away"]}), "wrong"),
        (Service("runs", {**RUNS, "archive_trouble": "disk full"}), "wrong"),
        (Service("runs", RUNS), "ok"),
    ],
)
def test_the_service_is_asked_how_it_is(tmp_path: Path, there: Service, state: str) -> None:
    assert found(service.check, patient_of(settings_of(tmp_path), there))["service"].state == state


# --- spool, store -------------------------------------------------------------------------------------------


def fill(state: Path, group: Group, **limits: int) -> None:
    async def run() -> None:
        one = open_spool(state, Spool(**limits))
        await one.commit(group)
        one.close()

    asyncio.run(run())


def test_a_spool_that_was_never_used_is_no_fault(tmp_path: Path) -> None:
    rows = found(spool.check, patient_of(settings_of(tmp_path)))
    assert {one.state for one in rows.values()} == {"ok"}


def test_what_waits_and_what_was_refused_is_told_with_what_to_do(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    kept = [kept_row(), kept_row("70b3d57ba0000a1d"), kept_row(reason="not_json", outcome="rejected")]
    fill(settings.state, Group(lines=[b"air_quality pm1=1 1"], kept=kept, dead=[dead_letter()]))
    found_rows = asyncio.run(_rows(patient_of(settings)))
    said = {f"{one.what} {one.to_do}": one.state for one in found_rows}
    assert [state for text, state in said.items() if "1 lines wait" in text] == ["ok"]
    assert any(
        "unknown_device; messages: 2, senders: 2" in text and "devices unknown" in text for text in said
    )
    assert any("not_json" in text and "`format`" in text for text in said)
    assert any("refused; lines: 1; the newest: field type conflict" in text for text in said)


async def _rows(patient: Patient) -> Sequence[Finding]:
    return await spool.check(patient)


@pytest.mark.parametrize(("budget", "state"), [(65536, "wrong"), (2**30, "warning")])
def test_a_spool_that_fills_up_or_is_behind_is_told(tmp_path: Path, budget: int, state: str) -> None:
    settings = settings_of(tmp_path, spool={"waiting_bytes": budget})
    fill(settings.state, Group(lines=[b"x" * 60_000 + b" pm1=1 1"]))
    later = patient_of(settings, Service("runs", RUNS), now_ns=lambda: time.time_ns() + 10**12)
    assert found(spool.check, later)["spool"].state == state


def test_damaged_files_that_were_set_aside_are_told(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    (settings.state / "spool.db.damaged-20260101T000000Z").write_bytes(b"noise")
    rows = found(spool.check, patient_of(settings))
    assert "damaged-20260101T000000Z" in rows["spool"].what


def test_noise_in_place_of_the_spool_is_told(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    (settings.state / "spool.db").write_bytes(b"noise" * 1000)
    assert found(spool.check, patient_of(settings))["spool"].state == "wrong"


def test_the_embedded_store_is_looked_through(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    assert found(store.check, patient_of(settings))["embedded store"].state == "ok"
    path = settings.state / "store.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE field_types (measurement)")
    connection.executemany("INSERT INTO field_types VALUES (?)", [("x" * 500,)] * 200)
    connection.commit()
    connection.close()
    assert "whole" in found(store.check, patient_of(settings))["embedded store"].what
    noise = bytearray(path.read_bytes())
    noise[8192:20480] = os.urandom(12288)
    path.write_bytes(noise)
    assert found(store.check, patient_of(settings))["embedded store"].state == "wrong"


def test_a_database_elsewhere_needs_no_look_at_a_file(tmp_path: Path) -> None:
    section = {"url": "http://127.0.0.1:1", "bucket": "x"}
    assert found(store.check, patient_of(settings_of(tmp_path, store="influx", influx=section))) == {}


# --- clock, disk --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error_us", "state"), [(None, "unknown"), (16_000_000, "warning"), (15_999_999, "ok")]
)
def test_the_clock_is_judged_by_the_kernels_own_doubt(
    tmp_path: Path, error_us: int | None, state: str
) -> None:
    findings = asyncio.run(clock.check(patient_of(settings_of(tmp_path)), lambda: error_us))
    assert [one.state for one in findings] == [state]


def test_the_kernel_is_asked_and_nothing_is_set() -> None:
    answer = clock.max_error_us()
    assert answer is None or answer >= 0


@pytest.mark.parametrize(
    ("free", "state"), [(100 * 1024**2, "wrong"), (5 * 1024**3, "warning"), (20 * 1024**3, "ok")]
)
def test_the_disk_is_judged_by_what_the_budgets_may_still_take(tmp_path: Path, free: int, state: str) -> None:
    findings = asyncio.run(disk.check(patient_of(settings_of(tmp_path)), lambda _folder: free))
    assert {one.subject: one.state for one in findings} == {"state folder": "ok", "disk": state}


def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    """A file system of a megabyte, where the test may make one."""
    settings = settings_of(tmp_path)
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(settings.state)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        assert found(disk.check, patient_of(settings))["disk"].state == "wrong"
    finally:
        subprocess.run(["umount", str(settings.state)], check=True)


def test_a_state_folder_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    settings.state.rmdir()
    assert found(disk.check, patient_of(settings))["state folder"].state == "ok"


def test_a_state_folder_whose_disk_is_not_mounted_is_told(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    settings.state.rmdir()
    settings.state.symlink_to(tmp_path / "unmounted/messnetz")
    assert "a link to one that is not there" in found(disk.check, patient_of(settings))["state folder"].what
    settings.state.unlink()
    settings.state.write_text("noise")
    assert found(disk.check, patient_of(settings))["state folder"].state == "wrong"


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files to others")
def test_files_of_another_user_are_told(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    (settings.state / "spool.db").write_bytes(b"")
    os.chown(settings.state / "spool.db", 12345, 12345)
    rows = found(disk.check, patient_of(settings))
    assert (rows["state folder"].state, "spool.db" in rows["state folder"].what) == ("wrong", True)


# --- all of it ----------------------------------------------------------------------------------------------


def test_a_check_that_hangs_or_fails_costs_its_own_rows_only(tmp_path: Path) -> None:
    async def hangs(_patient: Patient) -> Sequence[Finding]:
        await asyncio.Event().wait()
        return ()

    async def fails(_patient: Patient) -> Sequence[Finding]:
        raise RuntimeError("oops")

    async def is_right(_patient: Patient) -> Sequence[Finding]:
        return [Finding("x", "ok", "right")]

    done: list[str] = []
    checks = {"hangs": hangs, "fails": fails, "right": is_right}
    everything = asyncio.run(examine(patient_of(settings_of(tmp_path)), checks, done.append, longest_s=0.1))
    assert {name: [one.state for one in rows] for name, rows in everything.items()} == {
        "hangs": ["unknown"],
        "fails": ["unknown"],
        "right": ["ok"],
    }
    assert set(done) == set(checks)


def test_every_check_has_a_title_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    english = [title(name) for name in CHECKS]
    monkeypatch.setattr(language, "_current", ["de"])
    assert [title(name) for name in CHECKS] != english


def test_a_service_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)

    async def run() -> str:
        done = asyncio.Event()
        closed = asyncio.Event()

        async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await done.wait()
            writer.close()
            await writer.wait_closed()
            closed.set()

        async with await asyncio.start_unix_server(silent, settings.state / "control.sock"):
            state = (await meet(settings, tmp_path / "x.yaml", listen_s=0)).service.state
            done.set()
            await closed.wait()
        return state

    assert asyncio.run(run()) == "mute"


# --- the command --------------------------------------------------------------------------------------------


def configured(service: Messnetz, port: int) -> None:
    login = service.folder / "login"
    login.write_text("messnetz\nnot-to-be-shown\n")
    login.chmod(0o600)
    here = {"name": "town", "format": "chirpstack", "host": "127.0.0.1", "port": port}
    service.configure({"store": "embedded", "brokers": [{**here, "credentials_file": str(login)}]})


def test_it_writes_nothing_beside_a_running_a_stopped_or_a_killed_service(
    mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    broker = mosquitto()
    one = Messnetz(tmp_path / "service", {})
    configured(one, broker.port)
    register(one.folder, FLEET)
    one.start()
    try:
        one.wait_subscribed()
        folders = (one.folder / "devices", one.folder / "types", one.config, one.folder / "login")
        before = snapshot(*folders)
        listed = {path.name for path in one.state.iterdir()}
        assert one.run_command("doctor", "--listen", "0").returncode == 0
        assert snapshot(*folders) == before
        new = {path.name for path in one.state.iterdir()} - listed
        assert not [name for name in new if not name.startswith(SERVICES_OWN)]
        one.kill()
        for _ in ("killed", "stopped"):
            before = snapshot(one.folder)
            assert one.run_command("doctor", "--listen", "0").returncode == 0
            assert snapshot(one.folder) == before
            one.start()
            one.wait_subscribed()
            one.stop()
    finally:
        one.kill()


def test_the_command_says_it_in_both_languages_and_for_scripts(tmp_path: Path) -> None:
    one = Messnetz(tmp_path / "service", {})
    configured(one, free_port())
    register(one.folder, FLEET)
    done = doctor(one, "C.UTF-8")
    assert done.returncode == 1
    assert "✗ wrong" in done.stdout
    assert "nothing listens" in done.stdout
    assert done.stderr == ""
    german = doctor(one, "de_DE.UTF-8")
    assert "✗ falsch" in german.stdout
    assert "lauscht niemand" in german.stdout
    told = json.loads(doctor(one, "C.UTF-8", "--json").stdout)
    assert told["ok"] is False
    wrong = [row for row in told["findings"] if row["state"] == "wrong"]
    assert [(row["check"], row["subject"]) for row in wrong] == [("brokers", "town: network")]
    assert "not-to-be-shown" not in f"{done.stdout}{german.stdout}{told}"


def test_settings_that_cannot_be_read_are_a_finding(tmp_path: Path) -> None:
    one = Messnetz(tmp_path / "service", {})
    one.config.write_text("store: influxx\n")
    done = doctor(one, "C.UTF-8", "--json")
    assert done.returncode == 1
    findings = json.loads(done.stdout)["findings"]
    assert {row["state"] for row in findings} == {"wrong"}
    assert any("messnetz.yaml:1" in row["what"] for row in findings)


def test_the_table_fits_eighty_columns(tmp_path: Path, own_influxdb1: Influxd) -> None:
    one = Messnetz(tmp_path / "service", {})
    database = own_influxdb1.new_database(tmp_path)
    here = {"name": "town", "format": "chirpstack", "host": "127.0.0.1", "port": free_port()}
    influx = {"url": own_influxdb1.url, "bucket": database.bucket}
    one.configure({"store": "influx", "influx": influx, "brokers": [here]})
    for words in ("C.UTF-8", "de_DE.UTF-8"):
        command = ["script", "-qec", f"stty cols 80; {' '.join(COMMAND)} doctor -c {one.config}", "/dev/null"]
        done = subprocess.run(
            command,
            env={**os.environ, "LANG": words, "LC_ALL": words, "TERM": "dumb", "COLUMNS": "80"},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=120,
        )
        assert done.stdout
        assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80


def doctor(one: Messnetz, locale: str, *more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, "doctor", "--listen", "0", "-c", str(one.config), *more],
        env={**os.environ, "LC_ALL": locale, "LANG": locale},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user")
def test_another_user_is_told_that_it_may_not_look() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is closed to others
        Path(folder).chmod(0o755)
        one = Messnetz(Path(folder), {})
        configured(one, free_port())
        fill(one.state, Group(lines=[b"x pm1=1 1"]))
        one.state.chmod(0o700)
        code = (
            "import asyncio, json, os; from pathlib import Path; from ingest import settings_file;"
            "from ingest.cli.doctor import _examine;"
            f"config = Path({str(one.config)!r}); settings = settings_file.load(config);"
            "os.setgid(65534); os.setuid(65534);"
            "found = asyncio.run(_examine(settings, config, 0));"
            "print(json.dumps({name: [one.state for one in rows] for name, rows in found.items()}))"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    states = json.loads(done.stdout)
    assert states["spool"] == states["store"] == ["unknown"]
    assert states["disk"][0] == "unknown"
    assert states["settings"] == ["wrong"]  # the login is its owner's alone


def test_a_registry_whose_folder_is_missing_is_told(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    (tmp_path / "devices").rmdir()
    patient = asyncio.run(meet(settings, tmp_path / "messnetz.yaml", listen_s=0))
    rows = found(registry.check, patient)
    assert (rows["registry"].state, str(tmp_path / "devices") in rows["registry"].what) == ("wrong", True)
