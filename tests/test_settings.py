"""messnetz.yaml: what is read, and what each mistake is answered with."""

import contextlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from devices.explain import section_of
from ingest import config_docs, settings_sample
from ingest.errors import SettingsError
from ingest.settings import Settings
from ingest.settings_file import load, missing_files
from tests.servers.mosquitto import Mosquitto

SMALL = "store: embedded\nbrokers:\n  - name: lora\n    format: ttn\n    host: localhost\n"
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "messnetz.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_paths_are_absolute_from_the_files_own_folder(write: Write) -> None:
    path = write(
        SMALL + "    credentials_file: secrets/mqtt\n    tls: {ca_file: /etc/ca.pem}\ndevices: ../d\n"
    )
    settings = load(path)
    folder = path.parent
    assert settings.devices == folder.parent / "d"
    assert settings.types == folder / "types"
    assert settings.state == folder.parent / "state"
    assert settings.brokers[0].credentials_file == folder / "secrets/mqtt"
    assert settings.brokers[0].tls is not None
    assert settings.brokers[0].tls.ca_file == Path("/etc/ca.pem")


def test_paths_do_not_depend_on_where_the_program_was_started(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write(SMALL)
    monkeypatch.chdir(tmp_path)
    assert load(Path(path.name)) == load(path)


def test_a_section_with_nothing_under_it_is_taken_with_its_defaults(write: Write) -> None:
    settings = load(write(SMALL + "    tls:\nlog:\n"))
    assert settings.brokers[0].tls is not None, "`tls:` must never mean: not encrypted"
    assert settings.brokers[0].address == ("localhost", 8883)
    assert settings.log.level == "info"


def test_protocol_5_may_be_written_as_a_number(write: Write) -> None:
    assert load(write(SMALL + "    protocol: 5\n")).brokers[0].protocol == "5"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("store: [\n", 1, "[ is not closed: ] is missing"),
        ("store: embedded\nstore: influx\n", 2, "store stands twice: keep one"),
        ("- a\n", 1, "[a] has no keys of its own. It takes: store, influx, brokers"),
        ("", 1, "nothing has no keys of its own. It takes: store, influx, brokers"),
        (SMALL.replace("embedded", '"a\\nb"'), 1, r"store: a\nb is not allowed"),
        (SMALL + '"a\\e[2Jb": 1\n', 6, r"a\x1b[2Jb: no such key"),
        (
            SMALL.replace("embedded", "infux"),
            1,
            "store: infux is not allowed (did you mean influx?): embedded, influx",
        ),
        (SMALL.replace("embedded", "influx"), 1, "store: influx needs a section `influx`"),
        (
            SMALL + "    hosst: b\n",
            6,
            "brokers.0.hosst: no such key (did you mean host?); allowed: ",
        ),
        (SMALL + "    port: 70000\n", 6, "brokers.0.port: 70000 is too large: at most 65535"),
        (SMALL + "    tls: yes\n", 6, "`tls: {}` does so"),
        (SMALL + "    topics: up/#\n", 6, "brokers.0.topics: is to be a list"),
        (SMALL.replace("name: lora", "name: Lora Net"), 3, "lower-case letters, digits"),
        (SMALL.replace("    host: localhost\n", ""), 3, "brokers.0.host: is missing"),
        (SMALL.replace("localhost", ""), 5, "brokers.0.host: nothing stands there. Host name"),
        ("store: embedded\nbrokers: []\n", 2, "brokers: is empty"),
        (SMALL + SMALL.partition("brokers:\n")[2], 2, "two brokers have one name"),
        (
            SMALL + SMALL.partition("brokers:\n")[2].replace("name: ", "name: other-"),
            2,
            "they would end each other's session",
        ),
        (SMALL + "    tls: {cert_file: a.pem}\n", 6, "cert_file and key_file go together"),
        (SMALL + "exports: {partners_login_file: x}\n", 6, "needs login_file too"),
        (SMALL + "log: {level: debugg}\n", 6, "(did you mean debug?): debug, info, warning, error"),
        (SMALL + "operators: 9464\n", 6, "operators: 9464 has no keys of its own"),
        (SMALL + "spool:\n  waiting_bytes: 4 GiB\n", 7, "waiting_bytes: 4 GiB is no number"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(
    write: Write, text: str, line: int, says: str
) -> None:
    path = write(text)
    with pytest.raises(SettingsError) as raised:
        load(path)
    assert str(raised.value).startswith(f"{path}:{line}: ")
    assert says in str(raised.value)
    assert all(one.startswith(f"{path}:") for one in str(raised.value).splitlines())
    assert raised.value.hint


def test_all_mistakes_are_named_at_once_and_nothing_that_follows_from_them(write: Write) -> None:
    with pytest.raises(SettingsError) as raised:
        load(write("store: embedded\nbrokers:\n  - format: tnt\n    host: x\nurl: x\n"))
    lines = [re.sub(r"^.*?messnetz.yaml:", "", line) for line in str(raised.value).splitlines()]
    assert [line.split(": ")[:2] for line in lines] == [
        ["3", "brokers.0.format"],
        ["3", "brokers.0.name"],
        ["5", "url"],
    ]


def test_a_secret_in_the_wrong_place_is_not_repeated(write: Write) -> None:
    with pytest.raises(SettingsError) as raised:
        load(write(SMALL + "    password: hunter2\n"))
    assert "hunter2" not in str(raised.value)


def test_files_that_the_settings_name_and_that_cannot_be_read_are_complaints(write: Write) -> None:
    path = write(
        SMALL.replace("embedded", "influx")
        + "    credentials_file: secrets/mqtt\n"
        + "    tls:\n      ca_file: ca.pem\n      cert_file: here\n      key_file: folder\n"
        + "influx:\n  url: http://localhost:8086\n  bucket: b\n  token_file: token\n  ca_file: none.pem\n"
    )
    folder = path.parent
    (folder / "here").write_text("")
    (folder / "folder").mkdir()
    gone = "is not there: make it, or name the right file"
    directory = "is a folder, or lies below a file: name another file"
    assert [str(complaint).removeprefix(f"{path}:") for complaint in missing_files(path, load(path))] == [
        f"6: brokers.0.credentials_file: {folder}/secrets/mqtt {gone}",
        f"8: brokers.0.tls.ca_file: {folder}/ca.pem {gone}",
        f"10: brokers.0.tls.key_file: {folder}/folder {directory}",
        f"14: influx.token_file: {folder}/token {gone}",
        f"15: influx.ca_file: {folder}/none.pem {gone}",
    ]


def test_a_file_that_is_not_for_us_to_read_is_a_complaint(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(SMALL + "    credentials_file: mqtt\n")
    settings = load(path)
    (path.parent / "mqtt").write_text("messnetz\n")
    assert missing_files(path, settings) == []

    really_open = Path.open

    def refuse(opened: Path, *how: Any, **more: Any) -> Any:
        if opened.name == "mqtt":
            raise PermissionError(13, "Permission denied", str(opened))
        return really_open(opened, *how, **more)

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything
    [complaint] = missing_files(path, settings)
    assert "mqtt may not be read: let the user that runs Messnetz read it" in complaint.message


def test_files_of_a_database_that_is_not_used_are_not_asked_for(write: Write) -> None:
    path = write(SMALL + "influx: {url: 'http://localhost:8086', bucket: b, token_file: token}\n")
    assert missing_files(path, load(path)) == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not there") as raised:
        load(tmp_path / "none.yaml")
    assert "-c" in raised.value.hint


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "messnetz.yaml"
    path.write_bytes(b"store: \xff\xfe")
    with pytest.raises(SettingsError, match="is not in UTF-8"):
        load(path)


@given(st.text(max_size=80) | st.text("brokers:tlsoe[]{}-!&*# \n'\"|>%@`", max_size=60))
def test_no_text_ends_in_anything_but_settings_or_a_settings_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "random.yaml"
    path.write_text(text, encoding="utf-8", errors="replace")
    with contextlib.suppress(SettingsError):
        load(path)


def test_the_sample_loads_as_it_stands() -> None:
    settings = load(config_docs.ROOT / "config/sample/messnetz.yaml")
    assert settings.store == "influx"
    assert settings.brokers[0].format == "chirpstack"


def test_the_sample_loads_with_everything_uncommented_and_shows_the_defaults(write: Write) -> None:
    body = settings_sample.sample().split("\n\n", 1)[1]
    everything = re.sub(r"^( *)# (( *)(- )?[a-z_]+:( |$))", r"\1\2", body, flags=re.MULTILINE)
    assert _keys(YAML(typ="safe").load(everything)) == _declared()
    assert load(write(everything)).spool == Settings.model_fields["spool"].get_default()


def _keys(data: Any, prefix: str = "") -> set[str]:
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return _keys(data[0], prefix)
    if not isinstance(data, dict):
        return {prefix}
    return set().union(*(_keys(value, f"{prefix}.{key}") for key, value in data.items()))


def _declared(section: Any = Settings, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in section.model_fields.items():
        below = section_of(field.annotation)
        found |= _declared(below, f"{prefix}.{name}") if below else {f"{prefix}.{name}"}
    return found


def test_the_schema_refuses_unknown_settings() -> None:
    described = json.loads(config_docs.schema(Settings))
    assert described["additionalProperties"] is False
    assert described["$defs"]["Broker"]["additionalProperties"] is False


def test_mosquitto_understands_the_lines_we_give_it(tmp_path: Path) -> None:
    lines = (config_docs.ROOT / "config/sample/mosquitto.conf").read_text(encoding="utf-8").splitlines()
    broker = Mosquitto(tmp_path / "broker", *lines)
    broker.start()
    broker.kill()
    said = broker.log.read_text(encoding="utf-8")
    assert "running" in said
    assert "Error" not in said
