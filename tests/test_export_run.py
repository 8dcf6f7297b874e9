"""An export as a whole: it comes about whole, or nothing is left of it and it says why."""

import asyncio
import errno
import hashlib
import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from publish.export import patient, readings
from publish.export.ask import FORMATS
from publish.export.errors import ExportFailed, StoreAway, TooLarge
from publish.export.place import PREFIX, workplace
from tests.exports import Town
from tests.proxy import Proxy
from tests.servers.influxdb import Database, Influxd

DAY: dict[str, Any] = {"begin": "2026-01-01", "to": "2026-01-02"}
WEEK: dict[str, Any] = {"begin": "2026-01-01", "to": "2026-01-07"}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Three sensors and a week of their values."""
    town = Town(tmp_path / "town").set_up()
    town.fill(7 * 288)
    return town


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where exports go."""
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A week is read in many slices."""
    monkeypatch.setattr(readings, "ROWS", 100)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- whole ------------------------------------------------------------------------------------------------


def test_an_export_is_a_file_and_its_data_package_and_nothing_else(town: Town, folder: Path) -> None:
    result = town.export(folder / "luft.parquet", format="parquet", **WEEK)
    assert names(folder) == ["luft.parquet", "luft.parquet.datapackage.json"]
    assert result.files == (folder / "luft.parquet", folder / "luft.parquet.datapackage.json")
    assert (result.rows, result.values, result.series) == (7 * 288 * 6 - 72, 7 * 288 * 6 - 72, 6)
    assert pq.read_metadata(result.files[0]).num_rows == result.rows
    described = json.loads(result.files[1].read_text())
    assert described["resources"][0]["path"] == "luft.parquet"


def test_two_formats_of_one_name_keep_a_data_package_each(town: Town, folder: Path) -> None:
    for form in ("csv", "parquet"):
        town.export(folder / f"luft.{form}", format=form, **DAY)
    for form in ("csv", "parquet"):
        told = json.loads((folder / f"luft.{form}.datapackage.json").read_text())["resources"][0]
        assert told["path"] == f"luft.{form}"
        assert told["hash"].endswith(hashlib.sha256((folder / f"luft.{form}").read_bytes()).hexdigest())


def test_both_stores_give_the_same_file(town: Town, influxdb: Database, folder: Path) -> None:
    fields = ["pm10=4.0,pm2_5=2.5,qc=1i", "pm10=4.5,pm10_qc=3i,qc=3i", "pm10_failed=9000.0,pm2_5=2.0,qc=4i"]
    lines = [line for number in range(3) for line in town.lines(fields, number)]
    other = Town(town.folder.with_name("other")).set_up()
    other.write(lines)
    ours = other.export(folder / "ours.csv", **DAY)
    influx = influxdb.settings().model_dump(mode="json")
    town.set_up(store="influx", influx=influx)
    influxdb.write("\n".join(lines))
    theirs = town.export(folder / "theirs.csv", **DAY)
    assert ours.files[0].read_text() == theirs.files[0].read_text()
    assert ours.values == theirs.values == 12
    assert ours.notes == theirs.notes


def test_what_was_left_out_and_what_is_silent_is_noted(town: Town, folder: Path, tmp_path: Path) -> None:
    quiet = Town(tmp_path / "quiet").set_up()
    quiet.write(quiet.lines(["pm10=4.0,pm10_qc=3i", "pm10=5.0", "pm10_failed=-3.0"]))
    result = quiet.export(folder / "a.csv", **DAY)
    assert result.notes == (
        "values left out because they failed their tests: 1",
        "values with the flag 3, suspect or made of suspect ones: 1",
        "places without any value: luft-01, luft-02",
    )
    assert (
        "suspect values left out, as asked for: 1"
        in quiet.export(folder / "a.csv", suspect="drop", **DAY).notes
    )


def test_progress_is_told_in_seconds_of_the_period_and_then_in_rows(
    town: Town, folder: Path, in_slices: None
) -> None:
    told: list[tuple[str, int, int]] = []
    result = town.export(
        folder / "a.csv", progress=lambda done, of, what: told.append((str(what), done, of)), **WEEK
    )
    reading = [(done, of) for what, done, of in told if what == "reading"]
    writing = [(done, of) for what, done, of in told if what == "writing"]
    assert told == [("reading", *one) for one in reading] + [("writing", *one) for one in writing]
    assert reading == sorted(reading)
    assert reading[-1] == (7 * 86400, 7 * 86400)
    assert writing[-1] == (result.rows, result.rows)


def test_a_file_that_is_there_is_replaced_and_a_link_is_followed(town: Town, folder: Path) -> None:
    (folder / "real").mkdir()
    (folder / "real" / "a.csv").write_text("old")
    (folder / "a.csv").symlink_to("real/a.csv")
    town.export(folder / "a.csv", **DAY)
    assert (folder / "a.csv").is_symlink()
    assert (folder / "real" / "a.csv").read_text().startswith("time,")
    assert names(folder) == ["a.csv", "real"]


def test_two_exports_to_one_name_leave_a_file_and_the_package_of_that_file(town: Town, folder: Path) -> None:
    target = folder / "a.csv"

    async def both() -> None:
        await asyncio.gather(town.exported(target, **DAY), town.exported(target, **WEEK))

    asyncio.run(both())
    assert names(folder) == ["a.csv", "a.csv.datapackage.json"]
    told = json.loads((folder / "a.csv.datapackage.json").read_text())["resources"][0]
    assert told["bytes"] == target.stat().st_size
    assert told["hash"].endswith(hashlib.sha256(target.read_bytes()).hexdigest())


# --- the disk ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_a_full_disk_is_told_and_nothing_is_left(
    town: Town,
    small_disk: Path,
    format: str,  # noqa: A002  as the option is called
) -> None:
    (small_disk / "a").write_text("old")
    spill = _spilled(town, small_disk)
    with (small_disk / "ballast").open("wb") as ballast:
        ballast.truncate(0)
        os.posix_fallocate(ballast.fileno(), 0, shutil.disk_usage(small_disk).free - spill - 16384)
    with pytest.raises(ExportFailed, match="a cannot be written: the disk is full") as failed:
        town.export(small_disk / "a", format=format, **WEEK)
    assert "make room" in failed.value.hint
    assert names(small_disk) == ["a", "ballast"]
    assert (small_disk / "a").read_text() == "old"


def _spilled(town: Town, folder: Path) -> int:
    """Bytes of what lies beside the file while it is written."""
    sizes: list[int] = []

    def look(_done: int, _of: int, _what: str) -> None:
        sizes.append(sum(path.stat().st_size for path in folder.glob(f"{PREFIX}*/spill.parquet")))

    town.export(folder / "b.csv", progress=look, **WEEK)
    for path in folder.glob("b.*"):
        path.unlink()
    return max(sizes)


def test_a_disk_that_is_full_at_once_is_told_too(town: Town, small_disk: Path) -> None:
    with (small_disk / "ballast").open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, shutil.disk_usage(small_disk).free)
    with pytest.raises(ExportFailed, match="the disk is full"):
        town.export(small_disk / "a.csv", **DAY)
    assert names(small_disk) == ["ballast"]


def test_a_fault_of_our_own_is_none_of_the_disk(
    town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any) -> None:
        raise OSError(errno.ECONNRESET, "not of a disk")

    monkeypatch.setattr("publish.export.run.shape", faulty)
    with pytest.raises(OSError, match="not of a disk"):
        town.export(folder / "a.csv", **DAY)
    assert names(folder) == []


def test_a_target_that_cannot_be_is_refused_at_once(town: Town, folder: Path) -> None:
    circle = folder.parent / "circle.csv"
    circle.symlink_to(circle)
    for target, words in (
        (folder / "none" / "a.csv", "there is no folder .*none"),
        (folder / ("x" * 240 + ".csv"), "the name x+… is too long"),
        (folder / ("x" * 300 + ".csv"), "the name x+… is too long"),
        (folder / ("x" * 300) / "a.csv", "there is no folder .*x+"),
        (circle, "circle.csv is no file"),
        (Path("/dev/null"), "/dev/null is no file"),
        (Path("/proc/a.csv"), "/proc/a.csv cannot be written"),
    ):
        with pytest.raises(ExportFailed, match=words) as failed:
            town.export(target, **DAY)
        assert failed.value.hint
    assert names(folder) == []


def test_a_file_that_would_be_too_large_is_refused_with_what_would_fit(town: Town, folder: Path) -> None:
    with pytest.raises(TooLarge, match="about 1 MB, and 1 MB are allowed") as failed:
        town.export(folder / "a", limit_bytes=300_000, **WEEK)
    assert "about 2 d of that time would fit" in failed.value.hint
    with pytest.raises(TooLarge):
        town.export(folder / "a", limit_bytes=1000, format="parquet", **WEEK)
    assert names(folder) == []
    town.export(folder / "a", limit_bytes=3_000_000, **WEEK)


# --- ended from outside -------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["reading", "writing"])
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, -signal.SIGINT)]
)
def test_an_export_that_is_ended_leaves_nothing(
    town: Town, folder: Path, what: str, number: signal.Signals, code: int
) -> None:
    (folder / "a.csv").write_text("old")
    assert town.signalled(folder / "a.csv", number, what, **WEEK) == code
    assert names(folder) == ["a.csv"]
    assert (folder / "a.csv").read_text() == "old"


@pytest.mark.parametrize("what", ["reading", "writing"])
def test_what_a_killed_export_leaves_has_no_final_name_and_the_next_one_removes_it(
    town: Town, folder: Path, what: str
) -> None:
    assert town.signalled(folder / "a.csv", signal.SIGKILL, what, **WEEK) == -signal.SIGKILL
    (left,) = folder.iterdir()
    assert left.name.startswith(PREFIX)
    (folder / f"{PREFIX}empty").mkdir()  # killed a moment earlier
    town.export(folder / "b.csv", **DAY)
    assert names(folder) == ["b.csv", "b.csv.datapackage.json"]


def test_an_export_lets_others_that_are_at_work_be(town: Town, folder: Path) -> None:
    with workplace(folder / "other.csv") as other:
        (other / "half").write_text("half")
        town.export(folder / "a.csv", **DAY)
        assert (other / "half").exists()
    assert names(folder) == ["a.csv", "a.csv.datapackage.json"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_the_command_that_a_signal_ends_leaves_nothing_and_says_so(
    tmp_path: Path, folder: Path, number: signal.Signals, code: int
) -> None:
    town = Town(tmp_path / "town", sensors=20).set_up()
    town.fill(20_000)
    command = town.command("--from", "2026-01-01", "--out", str(folder / "a.csv"))
    while not any(folder.iterdir()):
        assert command.poll() is None, command.communicate()
    command.send_signal(number)
    said, complaints = command.communicate(timeout=60)
    assert (said, command.returncode) == ("", code)
    assert complaints == "messnetz: ended before it was done: no file was made or changed\n"
    assert names(folder) == []


# --- the store ----------------------------------------------------------------------------------------------


def test_a_store_that_dies_in_the_middle_ends_it_with_how_far_it_got(
    town: Town, own_influxdb: Influxd, folder: Path, in_slices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient, "PATIENCE_S", 0.2)
    database = own_influxdb.new_database(town.folder)
    town.set_up(store="influx", influx=database.settings(timeout=2).model_dump(mode="json"))
    database.write("\n".join(town.lines(["pm10=4.5"] * 7 * 288)))
    (folder / "a.csv").write_text("old")

    def kill(_done: int, _of: int, _what: str) -> None:
        own_influxdb.kill()

    with pytest.raises(
        StoreAway, match=r"stopped answering, at the values from 2026-01-0\d \d\d:\d\d on: "
    ) as away:
        town.export(folder / "a.csv", progress=kill, **WEEK)
    assert away.value.hint
    assert names(folder) == ["a.csv"]
    assert (folder / "a.csv").read_text() == "old"


def test_a_store_that_freezes_in_the_middle_ends_it_too(
    town: Town, influxdb: Database, folder: Path, in_slices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient, "PATIENCE_S", 0.2)
    influxdb.write("\n".join(town.lines(["pm10=4.5"] * 7 * 288)))

    async def frozen() -> None:
        async with Proxy(int(influxdb.url.rpartition(":")[2])) as proxy:
            settings = influxdb.settings(url=f"http://127.0.0.1:{proxy.port}", timeout=1)
            town.set_up(store="influx", influx=settings.model_dump(mode="json"))
            await town.exported(folder / "a.csv", progress=lambda *_: proxy.freeze(), **WEEK)

    with pytest.raises(StoreAway, match="does not answer within 1 s"):
        asyncio.run(frozen())
    assert names(folder) == []


def test_a_store_that_is_away_for_a_moment_costs_nothing_but_time(
    town: Town, influxdb: Database, folder: Path, in_slices: None
) -> None:
    influxdb.write("\n".join(town.lines(["pm10=4.5"] * 7 * 288)))

    async def restarted() -> int:
        async with Proxy(int(influxdb.url.rpartition(":")[2])) as proxy:
            settings = influxdb.settings(url=f"http://127.0.0.1:{proxy.port}", timeout=5)
            town.set_up(store="influx", influx=settings.model_dump(mode="json"))
            resets = iter((proxy.reset,))
            result = await town.exported(
                folder / "a.csv", progress=lambda *_: next(resets, lambda: None)(), **WEEK
            )
            return result.values

    assert asyncio.run(restarted()) == 7 * 288 - 12


def test_an_operators_matter_is_told_at_once(town: Town, folder: Path, tmp_path: Path) -> None:
    token = tmp_path / "token"
    influx = {"url": "http://127.0.0.1:1", "bucket": "b", "token_file": str(token)}
    town.set_up(store="influx", influx=influx)
    with pytest.raises(StoreAway, match=r"the store does not answer: the token file .* is not there"):
        town.export(folder / "a.csv", **DAY)
    assert names(folder) == []
