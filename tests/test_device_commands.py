"""`messnetz devices …` as a technician types it: asked, judged, written whole or not at all."""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer.main
import yaml12

from devices import language, registry
from devices.german import GERMAN
from ingest import cli, registry_write
from ingest.cli import ask

CITY = Path(__file__).parents[1] / "config" / "sample" / "devices" / "giessen.yaml"
SETTINGS = {
    "store": "embedded",
    "brokers": [{"name": "town", "format": "chirpstack", "host": "127.0.0.1", "port": 9}],
    "state": "state",
}
EUI = "70b3d57ba000ff01"
ADD = ("--id", "luft-neu", "--site", "Neustadt", "--dev-eui", EUI, "--type", "decentlab-dl-pm")


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Town:
    """A folder with a city's files, in which commands are run."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
        self.folder = folder
        self.file = folder / "devices" / "giessen.yaml"
        self.file.parent.mkdir()
        shutil.copy(CITY, self.file)
        (folder / "messnetz.yaml").write_text(json.dumps(SETTINGS))
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def devices(self, command: str, *arguments: str) -> Said:
        """`messnetz devices …` in this process, as `main` runs it."""
        config = ("-c", str(self.folder / "messnetz.yaml"))
        self._monkeypatch.setattr(sys, "argv", ["messnetz", "devices", command, *config, *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = self._capsys.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    def json(self, command: str, *arguments: str) -> Any:
        said = self.devices(command, *arguments, "--json")
        assert said.out, said.err
        return json.loads(said.out)

    def answer(self, *answers: str) -> None:
        """Someone sits at the terminal and types this."""
        typed = iter(answers)

        def read() -> str:
            try:
                return next(typed)
            except StopIteration:
                raise EOFError from None

        self._monkeypatch.setattr(ask, "is_terminal", lambda: True)
        self._monkeypatch.setattr("builtins.input", read)

    @property
    def registry(self) -> registry.Registry:
        return registry.load(self.file.parent, (registry.SHIPPED_TYPES,))

    def is_unchanged(self) -> bool:
        only_it = [path.name for path in self.file.parent.iterdir()] == [self.file.name]
        return only_it and self.file.read_bytes() == CITY.read_bytes()


@pytest.fixture
def town(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Town]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "MESSNETZ_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    yield Town(tmp_path, monkeypatch, capsys)
    language.use("en")


def test_options_become_an_entry_at_the_end_and_nothing_else_changes(town: Town) -> None:
    said = town.devices(
        *("add", *ADD, "--lat", "50,58410", "--lon", "8.6784", "--height", "3,5", "--district", "Nord"),
        *("--interval", "10 Minuten", "--from", "10.03.2026 9:05", "--publish", "open"),
        *("--calibration", "pm2_5=0,92+0.4", "--calibration", "pm10=1.1", "--label", "inventar=0815"),
    )
    assert said.code == 0, said.err
    before = CITY.read_text()
    assert town.file.read_text() == before + (
        "  - id: luft-neu\n"
        "    site: Neustadt\n"
        "    district: Nord\n"
        "    location: {lat: 50.5841, lon: 8.6784, height: 3.5}\n"
        "    interval: 10min\n"
        "    publish: open\n"
        '    labels: {inventar: "0815"}\n'
        "    dev_eui: 70b3d57ba000ff01\n"
        "    type: decentlab-dl-pm\n"
        "    from: 2026-03-10 09:05\n"
        "    calibration: {pm2_5: {factor: 0.92, offset: 0.4}, pm10: {factor: 1.1}}\n"
    )
    assert "luft-neu is registered" in said.out
    assert f"giessen.yaml:{before.count(chr(10)) + 1}" in said.out
    assert "running service takes it up by itself" in said.out
    assert town.registry.complaints == ()


def test_a_parking_bay_and_a_sensor_without_lorawan_and_directions_are_said_by_options(town: Town) -> None:
    bay = ("--id", "p-1", "--site", "Brandplatz", "--dev-eui", EUI, "--type", "bosch-tps110")
    assert town.devices("add", *bay, "--lot", "Brandplatz", "--bay", "007").code == 0
    counter = ("--id", "v-1", "--site", "Ring", "--address", "zähler 7", "--type", "parametric-pcr2")
    assert town.devices("add", *counter, "--direction", "ltr=nach Wetzlar", "--lane", "1").code == 0
    devices = town.registry.devices
    assert (devices["p-1"].lot, devices["p-1"].bay) == ("Brandplatz", "007")
    assert devices["v-1"].direction == {"ltr": "nach Wetzlar"}
    assert devices["v-1"].installations[0].address == "zähler 7"


def test_a_script_that_forgets_options_is_told_all_of_them_at_once(town: Town) -> None:
    said = town.devices("add", "--site", "Neustadt")
    assert said.code == 1
    assert "--id, --dev-eui, --type" in said.err
    assert town.is_unchanged()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--id", "luft-marktplatz"), "luft-marktplatz is there already"),
        (("--id", "Luft Neu"), "id"),
        (("--dev-eui", "70b3d57ba000ff0"), "DevEUI"),
        (("--dev-eui", "70b3d57ba0000a1c"), "mounted at luft-marktplatz: messnetz devices move"),
        (("--type", "decentlab-dl-pn"), "decentlab-dl-pm"),
        (("--lat", "50.58"), "--lat and --lon go together"),
        (("--lat", "95", "--lon", "8.6"), "lat"),
        (("--lat", "x", "--lon", "8.6"), "x is no number"),
        (("--interval", "10"), "interval"),
        (("--from", "gestern"), "gestern is no date and time"),
        (("--calibration", "pm3=1"), "pm3"),
        (("--calibration", "pm2_5"), "pm2_5=0.92+0.4"),
        (("--label", "x"), "inventar=20931"),
        (("--publish", "all"), "partners"),
        (("--file", "elsewhere"), "giessen.yaml"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_written(
    town: Town, options: tuple[str, ...], words: str
) -> None:
    said = town.devices("add", *ADD, *options)
    assert said.code == 1
    assert words in said.err
    assert town.is_unchanged()


def test_at_a_terminal_it_asks_judges_each_answer_and_shows_the_entry(town: Town) -> None:
    town.answer(
        *("70b3", EUI, "dl-pm", "Marktplatz", "luft-marktplatz", "", "Altstadt", "weg", "50,58 8,67", "3"),
        *("", "gestern", "1.3.2026", "pm2_5=2", "a=b; c=d", "3", "j"),
    )
    said = town.devices("add")
    assert said.code == 0, said.err
    device = town.registry.devices["luft-marktplatz-2"]
    assert (device.site, device.district, device.publish) == ("Marktplatz", "Altstadt", "open")
    assert (device.lat, device.lon, device.height_m) == (50.58, 8.67, 3)
    assert device.labels == {"a": "b", "c": "d"}
    assert device.installations[0].calibration["pm2_5"].factor == 2
    assert "70b3" in said.err
    assert "luft-marktplatz is there already" in said.err
    assert "[Innenstadt]" in said.err, "the district of the other places there is offered"
    assert "  - id: luft-marktplatz-2\n" in said.err


def test_directions_and_bays_are_asked_for_where_the_type_has_them(town: Town) -> None:
    town.answer(EUI, "bosch-tps110", "Neuer Platz", "", "12", "", *[""] * 9)
    assert town.devices("add").code == 0
    assert town.registry.devices["parken-neuer-platz-12"].lot == "Neuer Platz"
    town.answer("70b3d57ba000ff02", "parametric-pcr2", "Neuer Weg", "", "", "", "nach Norden", *[""] * 9)
    assert town.devices("add").code == 0
    assert town.registry.devices["verkehr-neuer-weg"].direction == {"ltr": "nach Norden"}


def test_whoever_says_no_or_walks_away_leaves_the_file_as_it_was(town: Town) -> None:
    town.answer("n")
    options = [one for one in ADD if one not in ("--type", "decentlab-dl-pm")]
    assert town.devices("add", *options).code == 1
    town.answer("dl-pm", *[""] * 7, "n")
    said = town.devices("add", *options)
    assert (said.code, town.is_unchanged()) == (1, True)
    assert "nothing is written" in said.err


def test_questions_and_mistakes_are_german_where_the_settings_say_so(town: Town) -> None:
    (town.folder / "messnetz.yaml").write_text(json.dumps(SETTINGS | {"language": "de"}))
    town.answer("70b3d57ba0000a1c")
    said = town.devices("add")
    assert "Etikett des Sensors" in said.err
    assert "ist an luft-marktplatz montiert" in said.err
    assert "es kam keine Antwort" in said.err
    mistyped = town.devices("add", "--sit", "x")
    assert mistyped.code == 2
    assert "die Option --sit gibt es nicht" in mistyped.err
    assert "--site" in mistyped.err
    helped = town.devices("swap", "--help")
    assert "Beispiele:" in helped.out
    assert "Diese Hilfe zeigen." in helped.out
    assert "Usage" not in helped.out


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interruption_leaves_the_old_file(
    town: Town, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def break_off(*_: Any) -> None:
        raise fault

    for name in ("os.fsync", "pathlib.Path.replace"):
        with monkeypatch.context() as broken:
            broken.setattr(name, break_off)
            said = town.devices("add", *ADD)
        assert said.code in (1, 130)
        assert town.is_unchanged()
    assert town.devices("add", *ADD).code == 0


def test_a_file_that_someone_else_changes_meanwhile_is_not_overwritten(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge_slowly(*arguments: Any) -> Any:
        town.file.write_text(CITY.read_text() + "# mine\n")
        return registry_write.judge(*arguments)

    monkeypatch.setattr("ingest.cli.devices.changing.judge", judge_slowly)
    said = town.devices("add", *ADD)
    assert said.code == 1
    assert "changed by someone else meanwhile" in said.err
    assert town.file.read_text() == CITY.read_text() + "# mine\n"


def test_a_complaint_that_stood_there_before_hinders_nobody(town: Town) -> None:
    town.file.write_text(CITY.read_text().replace("type: decentlab-dl-pm", "type: decentlab-dl-pn", 1))
    assert town.devices("add", *ADD).code == 0
    assert "luft-neu" in town.registry.devices
    assert len(town.registry.complaints) == 1


def test_rights_and_links_of_the_file_stay(town: Town) -> None:
    real = town.folder / "real.yaml"
    town.file.rename(real)
    real.chmod(0o640)
    town.file.symlink_to(real)
    assert town.devices("add", *ADD).code == 0
    assert town.file.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "luft-neu" in real.read_text()


def test_the_first_device_begins_the_first_file(town: Town) -> None:
    town.file.unlink()
    refused = town.devices("add", *ADD)
    assert "--municipality" in refused.err
    assert town.devices("add", *ADD, "--municipality", "wetzlar").code == 0
    made = town.folder / "devices" / "wetzlar.yaml"
    assert made.read_text().startswith("municipality: {id: wetzlar}\n\ndevices:\n  - id: luft-neu\n")
    assert town.registry.devices["luft-neu"].municipality == "wetzlar"


def test_of_several_files_the_one_with_the_site_takes_it_or_the_one_that_is_named(town: Town) -> None:
    other = town.folder / "devices" / "wieseck.yaml"
    other.write_text("municipality: {id: giessen}\ndevices:\n  - {id: a, site: Neustadt,"
                     " dev_eui: '1111111111111111', type: decentlab-dl-pm}\n")  # fmt: skip
    assert town.devices("add", *ADD).code == 0
    assert "luft-neu" in other.read_text()
    elsewhere = (
        "--id",
        "b",
        "--site",
        "Nirgends",
        "--dev-eui",
        "2222222222222222",
        "--type",
        "decentlab-dl-pm",
    )
    asked = town.devices("add", *elsewhere)
    assert (asked.code, "--file" in asked.err, "wieseck.yaml" in asked.err) == (1, True, True)
    assert town.devices("add", *elsewhere, "--file", "giessen").code == 0
    assert "id: b\n" in town.file.read_text()


def test_a_swap_ends_the_old_sensor_and_never_inherits_its_calibration(town: Town) -> None:
    options = ("swap", "luft-marktplatz", "--dev-eui", EUI, "--at", "10.03.2026 14:00")
    forgotten = town.devices(*options)
    assert (forgotten.code, "--no-calibration" in forgotten.err, town.is_unchanged()) == (1, True, True)
    said = town.devices(*options, "--calibration", "pm10=2")
    assert said.code == 0, said.err
    old, new = town.registry.devices["luft-marktplatz"].installations
    assert (old.address, old.end_ns, old.calibration["pm2_5"].factor) == (
        "70b3d57ba0000a1c",
        new.begin_ns,
        0.92,
    )
    assert (new.address, new.type.id, list(new.calibration)) == (EUI, "decentlab-dl-pm", ["pm10"])
    again = town.json("swap", "luft-marktplatz", "--dev-eui", "70b3d57ba000ff02", "--no-calibration")
    assert [one["calibration"] for one in again["installations"]][-1] == {}
    assert town.registry.complaints == ()


def test_a_swap_asks_for_the_new_sensor_and_shows_the_old_calibration(town: Town) -> None:
    town.answer(EUI, "pm2_5=1,5")
    said = town.devices("swap", "luft-marktplatz")
    assert said.code == 0, said.err
    assert "pm2_5=0.92+0.4" in said.err
    assert town.registry.devices["luft-marktplatz"].installations[-1].calibration["pm2_5"].factor == 1.5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("swap", "luft-marktplaz", "--dev-eui", EUI), "luft-marktplatz"),
        (("swap", "luft-wieseck", "--dev-eui", EUI, "--type", "x"), "there is no device type x"),
        (("swap", "luft-wieseck", "--dev-eui", "70b3d57ba0000a1c"), "mounted at luft-marktplatz"),
        (("swap", "luft-marktplatz", "--dev-eui", EUI, "--no-calibration", "--at", "2020-01-01"), "until"),
        (
            ("swap", "luft-wieseck", "--dev-eui", EUI, "--type", "nwave-ncc405", "--calibration", "pm10=2"),
            "pm10",
        ),
        (("retire", "luft-marktplatz", "--at", "2020-01-01"), "until"),
        (("move", "luft-wieseck", "--to", "luft-marktplatz", "--site", "x"), "there already"),
    ],
)
def test_what_would_be_wrong_is_refused_whole(town: Town, arguments: tuple[str, ...], words: str) -> None:
    said = town.devices(*arguments)
    assert said.code == 1
    assert words in said.err
    assert town.is_unchanged()


def test_a_moved_sensor_ends_one_series_and_begins_another_with_its_calibration(town: Town) -> None:
    said = town.devices(
        *("move", "luft-marktplatz", "--to", "luft-bahnhof", "--site", "Bahnhof"),
        *("--lat", "50.5797", "--lon", "8.6626", "--at", "2026-03-10 14:00", "--label", "mast=5"),
    )
    assert said.code == 0, said.err
    devices = town.registry.devices
    old, new = devices["luft-marktplatz"].installations[0], devices["luft-bahnhof"].installations[0]
    assert (old.end_ns, old.address) == (new.begin_ns, new.address)
    assert new.calibration == old.calibration
    assert (devices["luft-bahnhof"].labels, devices["luft-bahnhof"].interval_s) == ({"mast": "5"}, 600)
    assert "bahnhof" in said.out
    assert town.registry.complaints == ()


def test_a_retired_place_stays_listed_with_its_end_and_its_sensor_is_free(town: Town) -> None:
    assert town.devices("retire", "luft-marktplatz", "--at", "2026-03-10 14:00").code == 0
    assert "until 2026-03-10 14:00" in town.devices("list").out
    again = town.devices("retire", "luft-marktplatz")
    assert (again.code, "nothing is mounted at luft-marktplatz" in again.err) == (1, True)
    other = ("--id", "b", "--site", "B", "--dev-eui", "70b3d57ba0000a1c", "--type", "decentlab-dl-pm")
    assert town.devices("add", *other, "--from", "2026-03-11").code == 0
    assert town.registry.complaints == ()


def test_the_list_is_filtered_by_site_type_file_and_label(town: Town) -> None:
    def ids(*options: str) -> set[str]:
        return {device["id"] for device in town.json("list", *options)}

    assert ids("--site", "marktpl") == {"luft-marktplatz"}
    assert ids("--label", "inventar=20931") == {"luft-marktplatz"}
    assert {"luft-marktplatz", "luft-johannesstrasse"} <= ids("--label", "inventar")
    assert "verkehr-berliner-platz" in ids("--type", "milesight"), "once it had such a sensor"
    assert ids("--type", "milesight", "--site", "berliner") == {"verkehr-berliner-platz"}
    assert len(ids("--file", "giessen.yaml")) == len(ids()) > 20
    assert ids("--file", "wetzlar.yaml") == set()


def test_show_says_everything_that_the_files_know(town: Town) -> None:
    said = town.devices("show", "luft-marktplatz").out
    for words in ("Marktplatz", "50.5841, 8.6784", "inventar=20931", "decentlab-dl-pm", "pm2_5=0.92+0.4"):
        assert words in said
    assert re.search(r"giessen\.yaml:\d+", said)
    as_json = town.json("show", "verkehr-berliner-platz")
    assert [one["type"] for one in as_json["installations"]] == ["parametric-pcr2", "milesight-vs135"]
    assert as_json["last_heard_ns"] is None


def test_the_schema_is_the_one_beside_the_city_s_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["messnetz", "devices", "schema"])
    with pytest.raises(SystemExit):
        cli.main()
    assert capsys.readouterr().out == (CITY.parents[2] / "devices.schema.json").read_text()


@pytest.mark.parametrize(
    "address", ["7,0B3D57E+15", "70b3d57ba0000a1", "70b3d57ba0000a1g", "70b3d57ba0000a1c0"]
)
def test_a_spoilt_dev_eui_is_not_ignored_as_if_it_were_a_name(town: Town, address: str) -> None:
    said = town.devices("ignore", address)
    assert said.code == 1
    assert "DevEUI" in said.err
    assert not (town.folder / "ignored.yaml").exists()
    assert town.devices("ignore", "esp8266-1234567890123").code == 0


def test_dev_euis_that_a_spreadsheet_made_equal_are_said_to_be_spoilt(town: Town) -> None:
    path = town.folder / "list.csv"
    path.write_text(
        "DevEUI;Typ;Standort\n7,0B3D57E+15;decentlab-dl-pm;A\n7,0B3D57E+15;decentlab-dl-pm;B\n",
        encoding="cp1252",
    )
    rows = town.json("import", str(path))["rows"]
    assert ["spreadsheet" in row["why"] for row in rows] == [True, True]


@pytest.mark.parametrize("command", [("import", "none.csv"), ("import", ".")])
def test_a_file_that_is_not_there_is_said_without_the_system_s_words(
    town: Town, command: tuple[str, ...]
) -> None:
    said = town.devices(*command)
    assert said.code == 1
    assert re.search(r": is (not there|a folder)", said.err)
    assert "directory" not in said.err


def test_a_neighbour_s_device_is_ignored_until_that_is_undone(town: Town) -> None:
    file = town.folder / "ignored.yaml"
    said = town.devices("ignore", "70-B3-D5-7B-A0-00-FF-01", "--reason", "Wasserwerk: Süd")
    assert said.code == 0, said.err
    assert file.read_text().startswith("# Devices that are not ours")
    assert '  - address: 70b3d57ba000ff01\n    reason: "Wasserwerk: Süd"\n    since: 20' in file.read_text()
    file.write_text(file.read_text() + "    # he knows\n")
    assert town.json("ignore", EUI) == {
        "address": EUI, "ignored": True, "changed": False, "dropped": 0, "kept": 0,
    }  # fmt: skip
    assert town.devices("ignore", "name-of-its-own").code == 0
    assert town.devices("ignore", EUI, "--undo").code == 0
    assert town.devices("ignore", "name-of-its-own", "--undo").code == 0
    assert "# he knows" in file.read_text()
    assert "address" not in file.read_text()
    assert town.devices("ignore", EUI).code == 0
    for ours in ("70b3d57ba0000a1c", "luft-marktplatz"):
        refused = town.devices("ignore", ours)
        assert (refused.code, "luft-marktplatz" in refused.err) == (1, True)


TABLE = """\
Kennung;Standort;DevEUI;Typ;Breite;Länge;Höhe (m);Label: Inventar;AppKey;Bemerkung;Kalibrierung;von
luft-a;Rathaus;70-B3-D5-7B-A0-00-0B-1C;decentlab-dl-pm;50,5841;8,6784;3,5;0815;00112233445566778899AABBCCDDEEFF;x;pm2_5=0,92+0,4;10.03.2026
;Rathaus;70B3D57BA0000B1D;Decentlab DL-PM;;;;;;;;
luft-wieseck;Wieseck;70b3d57ba0000a27;decentlab-dl-pm;;;;;;;;
"""


def lists(town: Town, text: str | bytes, *options: str) -> Said:
    file = town.folder / "list"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return town.devices("import", str(file), *options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_german_table_is_imported_whatever_its_encoding(town: Town, encoding: str) -> None:
    said = lists(town, TABLE.replace("\n", "\r\n").encode(encoding), "--json")
    assert said.code == 0, said.err
    report = json.loads(said.out)
    assert [(row["row"], row["id"], row["result"]) for row in report["rows"]] == [
        (2, "luft-a", "added"),
        (3, "luft-rathaus", "added"),
        (4, "luft-wieseck", "there"),
    ]
    assert (report["left_out"], report["secrets"]) == (["Bemerkung"], ["AppKey"])
    added = town.registry.devices["luft-a"]
    assert (added.lat, added.lon, added.height_m, added.labels) == (
        50.5841,
        8.6784,
        3.5,
        {"Inventar": "0815"},
    )
    assert added.installations[0].calibration["pm2_5"].offset == 0.4
    assert "00112233" not in town.file.read_text()
    assert town.file.read_text().startswith(CITY.read_text())
    again = json.loads(lists(town, TABLE.encode(encoding), "--json").out)
    assert {row["result"] for row in again["rows"]} == {"there"}


def test_a_wrong_row_keeps_all_from_being_written_unless_it_is_skipped(town: Town) -> None:
    bad = TABLE + (
        "luft-b;Rathaus;7,0B3D57E+15;decentlab-dl-pm;;;;;;;;\n"
        "luft-c;Rathaus;70B3D57BA0000B1E;decentlab-dl-pn;;;;;;;;\n"
        "luft-d;Rathaus;70B3D57BA0000B1F;decentlab-dl-pm;50,1;;;;;;;\n"
        "luft-e;Rathaus;70B3D57BA0000B20;decentlab-dl-pm;;;;;;;;\n"
        "luft-e;Rathaus;70B3D57BA0000B20;decentlab-dl-pm;;;;;;;;\n"
        "luft-marktplatz;Rathaus;70B3D57BA0000B21;decentlab-dl-pm;;;;;;;;\n"
        "luft-f;Rathaus;70b3d57ba0000a1c;decentlab-dl-pm;;;;;;;;\n"
        "luft-g;Rathaus;;decentlab-dl-pm;;;;;;;;\n"
    )
    said = lists(town, bad, "--json")
    report = json.loads(said.out)
    assert (said.code, report["written"], town.is_unchanged()) == (1, False, True)
    assert report["count"] == {"good": 2, "there": 1, "wrong": 8}
    why = {row["row"]: row["why"] for row in report["rows"]}
    for row, words in {
        5: "7,0B3D57E+15", 6: "decentlab-dl-pm", 7: "lat and lon", 8: "several rows", 9: "several rows",
        10: "devices swap", 11: "luft-marktplatz", 12: "DevEUI is missing",
    }.items():  # fmt: skip
        assert words in why[row]
    shown = lists(town, bad)
    assert "--skip-bad" in shown.err
    assert "good, not written: 2, already there: 1, wrong: 8" in shown.out
    skipped = lists(town, bad, "--skip-bad", "--csv")
    assert skipped.code == 1, "a script is to notice"
    assert "2;luft-a;70b3d57ba0000b1c;added;\r\n" in skipped.out
    assert {"luft-a", "luft-rathaus"} <= town.registry.devices.keys()
    assert town.registry.complaints == ()


def test_a_dry_run_says_what_would_be_done(town: Town) -> None:
    said = lists(town, TABLE, "--dry-run")
    assert (said.code, town.is_unchanged()) == (0, True)
    assert "luft-rathaus" in said.out


def test_a_hundred_rows_without_ids_get_ids_of_their_own(town: Town) -> None:
    rows = "".join(f"70b3d57ba00{number:05x},Neues Parkhaus\n" for number in range(100))
    assert lists(town, "dev_eui,site\n" + rows, "--type", "bosch-tps110", "--from", "1.3.2026").code == 0
    added = [one for one in town.registry.devices.values() if one.site == "Neues Parkhaus"]
    assert len({one.id for one in added}) == 100
    assert added[0].id == "parken-neues-parkhaus"
    assert all(one.installations[0].begin_ns for one in added)


CHIRPSTACK = {
    "totalCount": 2,
    "result": [
        {
            "devEui": "70b3d57ba0000b1c",
            "createdAt": "2026-01-01T00:00:00Z",
            "name": "Luft Süd 1",
            "description": "",
            "deviceProfileId": "b4a0…",
            "deviceProfileName": "Decentlab DL-PM (EU868)",
            "tags": {"standort": "Südanlage", "inventar": "7", "app_key": "geheim"},
            "variables": {"token": "geheim"},
        },
        {"devEui": "70b3d57ba0000a1c", "name": "alt", "deviceProfileName": "x"},
    ],
}


def test_chirpstack_s_list_of_devices_is_imported_without_its_secrets(town: Town) -> None:
    report = json.loads(lists(town, json.dumps(CHIRPSTACK), "--json").out)
    assert report["kind"] == "ChirpStack"
    assert [(row["id"], row["result"]) for row in report["rows"]] == [
        ("luft-sued-1", "added"), ("luft-marktplatz", "there"),
    ]  # fmt: skip
    added = town.registry.devices["luft-sued-1"]
    assert (added.site, added.labels, added.installations[0].type.id) == (
        "Südanlage", {"inventar": "7"}, "decentlab-dl-pm",
    )  # fmt: skip
    assert "geheim" not in town.file.read_text()
    assert sorted(report["secrets"]) == ["app_key", "variables"]


THINGS_STACK = {
    "ids": {
        "device_id": "vs135-ring", "application_ids": {"application_id": "stadt"},
        "dev_eui": "24E124600D142399", "join_eui": "24E124C0002A0001",
    },
    "name": "Ring",
    "version_ids": {"brand_id": "milesight-iot", "model_id": "vs135"},
    "attributes": {"mast": "12", "otaa": "00112233445566778899aabbccddeeff"},
    "locations": {"user": {"latitude": 50.58, "longitude": 8.67, "altitude": 160, "source": "X"}},
    "root_keys": {"app_key": {"key": "00112233445566778899AABBCCDDEEFF"}},
}  # fmt: skip


@pytest.mark.parametrize(
    "wrap", [json.dumps, lambda one: json.dumps([one]), lambda one: json.dumps({"end_devices": [one]})]
)
def test_the_things_stack_s_end_devices_are_imported_without_their_keys(
    town: Town, wrap: Callable[[Any], str]
) -> None:
    report = json.loads(lists(town, wrap(THINGS_STACK), "--json").out)
    assert (report["kind"], report["rows"][0]["result"]) == ("The Things Stack", "added")
    added = town.registry.devices["vs135-ring"]
    assert (added.site, added.lat, added.height_m, added.labels) == ("Ring", 50.58, None, {"mast": "12"})
    assert added.installations[0].type.id == "milesight-vs135"
    assert "0011" not in town.file.read_text()


def test_a_table_of_the_things_stack_is_imported_too(town: Town) -> None:
    said = lists(
        town,
        "id;dev_eui;join_eui;name;brand_id;model_id;lorawan_version;app_key\n"
        "ring;24E124600D142399;24E124C0002A0001;Ring;milesight-iot;vs135;MAC_V1_0_3;0011\n",
        "--json",
    )
    report = json.loads(said.out)
    assert (report["kind"], report["rows"][0]["result"], report["secrets"]) == (
        "The Things Stack", "added", ["app_key"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("a;b\n1;2\n", "has no column DevEUI"),
        ("[]", "no device in it"),
        ('{"ids":', "no JSON"),
        (b"PK\x03\x04\0\0", "save it as CSV"),
    ],
)
def test_a_list_that_is_none_is_named(town: Town, content: str | bytes, words: str) -> None:
    said = lists(town, content)
    assert said.code == 1
    assert words in said.err
    assert town.is_unchanged()


def test_times_of_maintenance_and_of_construction_sites_are_named_ended_and_kept_in_a_file(
    town: Town,
) -> None:
    file = town.folder / "periods.yaml"
    said = town.devices("maintenance", "luft-marktplatz", "--reason", "Filter: neu")
    assert said.code == 0, said.err
    assert "not valid from 20" in said.out
    flagged = town.json(
        *("flag", "--site", "Brandplatz", "--reason", "Baustelle"),
        *("--from", "10.03.2026 08:00", "--to", "14.03.2026 18:00"),
    )
    assert len(flagged["devices"]) == 5
    assert (flagged["from"], flagged["to"]) == ("2026-03-10 08:00", "2026-03-14 18:00")
    assert 'reason: "Filter: neu"' in file.read_text()
    file.write_text(file.read_text().replace("kind: flag", "kind: flag   # see ticket 7"))
    assert town.devices("maintenance", "luft-marktplatz", "--end").code == 0
    assert "# see ticket 7" in file.read_text()
    entries: Any = yaml12.parse_yaml(file.read_text())
    assert [("to" in one, one["kind"]) for one in entries["periods"]] == [
        (True, "maintenance"),
        (True, "flag"),
    ]
    again = town.devices("maintenance", "luft-marktplatz", "--end")
    assert (again.code, "nothing is open for luft-marktplatz" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("luft-marktplatz",), "--reason"),
        (("--reason", "x"), "--site"),
        (("luft-marktplaz", "--reason", "x"), "luft-marktplatz"),
        (("--site", "Brandplaz", "--reason", "x"), "Brandplatz"),
        (("luft-marktplatz", "--reason", "x", "--from", "2026-03-02", "--to", "2026-03-01"), "not after"),
        (("luft-marktplatz", "--reason", "x", "--from", "gestern"), "gestern"),
    ],
)
def test_a_time_that_is_none_is_refused(town: Town, arguments: tuple[str, ...], words: str) -> None:
    said = town.devices("flag", *arguments)
    assert said.code == 1
    assert words in said.err
    assert not (town.folder / "periods.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lst",), "did you mean list?"),
        (("show",), "missing: ID"),
        (("add", "--id"), "--id needs a value"),
        (("show", "a", "b"), "b: too much"),
        (("unknown", "--limit", "0"), "--limit 0: at least 1"),
        (("list", "--site=a", "--json=1"), "--json takes no value"),
        (("unknown", "--limit", "many"), "--limit many is no whole number"),
    ],
)
def test_what_is_mistyped_is_named_with_what_to_do_and_no_library_speaks(
    town: Town, arguments: tuple[str, ...], words: str
) -> None:
    said = town.devices(*arguments)
    assert said.code == 2
    assert said.err.startswith(f"messnetz: {words}") or words in said.err
    assert "--help says what it takes" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("spoken", "usage"), [("de", "Aufruf:"), ("en", "Usage:")])
@pytest.mark.parametrize(
    "words",
    [
        (),
        ("devices",),
        ("devices", "unknown"),
        ("types", "decode"),
        ("codec", "run"),
        ("doctor",),
        ("simulate",),
    ],
)
def test_no_library_speaks_in_a_help(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    spoken: str,
    usage: str,
) -> None:
    path = town.folder / "messnetz.yaml"
    path.write_text(json.dumps(SETTINGS | {"language": spoken}))
    monkeypatch.setenv("MESSNETZ_CONFIG", str(path))
    monkeypatch.setattr(sys, "argv", ["messnetz", *words, "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr().out
    assert usage in said
    found = re.findall(r"<[\w\[\] ]+>|\[ARGS\]|<=|>=|Show this message|(?:int|float) range", said)
    assert found == []
    assert ("OPTIONS" in said) == (spoken == "en")


def test_the_help_of_every_command_about_devices_exists_in_german() -> None:
    everything: Any = typer.main.get_command(cli.app)
    group = everything.commands["devices"]
    texts = [group.help, *(command.help for command in group.commands.values())]
    texts += [option.help for command in group.commands.values() for option in command.params]
    assert [text for text in texts if text not in GERMAN] == []
