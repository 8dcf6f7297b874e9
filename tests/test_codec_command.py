"""`messnetz codec run` and `run_codec`: a maker's codec, tried on one payload."""

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from devices import language
from ingest.scripts import run_codec
from ingest.scripts.bulk import read_hex

CODECS = {
    "ts013.js": "function decodeUplink(i) { return { data: { first: i.bytes[0], port: i.fPort } }; }",
    "decode.js": "function Decode(fPort, bytes, variables) { return { first: bytes[0], port: fPort }; }",
    "decoder.js": "function Decoder(bytes, port) { return { first: bytes[0], port: port }; }",
    "asks.js": "function decodeUplink(input) { return { data: { v: input.variables, t: input.recvTime } }; }",
    "warns.js": "function decodeUplink(input) { return { data: {}, warnings: ['low battery'] }; }",
    "refuses.js": "function decodeUplink(input) { return { errors: ['unknown port ' + input.fPort] }; }",
    "broken.js": "function decodeUplink(input) {",
    "endless.js": "function decodeUplink(input) { for (;;); }",
    "marked.js": "\ufefffunction Decoder() { return { a: 1 }; }",
    "list.js": "function Decoder() { return [1, 2]; }",
}


@pytest.fixture
def codecs(tmp_path: Path) -> Path:
    for name, source in CODECS.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    (tmp_path / "latin.js").write_bytes("function Decoder() { return { a: '25 °C' }; }".encode("cp1252"))
    return tmp_path


def messnetz(folder: Path, *arguments: str, locale: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", "codec", "run", *arguments],
        cwd=folder,
        env=os.environ | {"LC_ALL": locale, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("file", ["ts013.js", "decode.js", "decoder.js"])
def test_each_kind_of_codec_prints_one_object_and_exits_with_0(codecs: Path, file: str) -> None:
    done = messnetz(codecs, file, "--port", "85", "01ff", "--json")
    assert done.stdout == '{"data":{"first":1,"port":85},"warnings":[],"errors":[]}\n'
    assert (done.returncode, done.stderr) == (0, "")


def test_variables_and_time_reach_the_codec(codecs: Path) -> None:
    time = "2026-03-01T13:00:00+01:00"
    done = messnetz(codecs, "asks.js", "--port", "1", "00", "--variable", "Pmax=3", "--time", time, "--json")
    assert json.loads(done.stdout)["data"] == {"v": {"Pmax": "3"}, "t": "2026-03-01T12:00:00.000Z"}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("nowhere.js", "--port", "1", "00"), "there is no file nowhere.js"),
        ((".", "--port", "1", "00"), ". cannot be read"),
        (("broken.js", "--port", "1", "00"), "SyntaxError"),
        (("endless.js", "--port", "1", "00"), "the codec took too long"),
        (("refuses.js", "--port", "7", "00"), "unknown port 7"),
        (("ts013.js", "--port", "1", "0g"), "0g is no hex"),
        (("ts013.js", "--port", "1", "012"), "half a byte"),
        (("ts013.js", "--port", "1", "00", "--variable", "x"), "x is no pair"),
        (("ts013.js", "--port", "1", "00", "--time", "noon"), "noon is no time"),
    ],
)
def test_a_failure_exits_with_1_and_says_why(codecs: Path, arguments: tuple[str, ...], error: str) -> None:
    done = messnetz(codecs, *arguments, "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["data"], said["warnings"]) == (1, None, [])
    assert len(said["errors"]) == 1
    assert error in said["errors"][0]
    for_people = messnetz(codecs, *arguments)
    assert (for_people.returncode, for_people.stdout) == (1, "")
    assert error in for_people.stderr


def test_people_see_the_data_and_are_warned_in_their_language(codecs: Path) -> None:
    done = messnetz(codecs, "warns.js", "--port", "1", "00", locale="de_DE.UTF-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, "{}\n", "Warnung: low battery\n")
    done = messnetz(codecs, "nowhere.js", "--port", "1", "00", locale="de_DE.UTF-8")
    assert (done.returncode, done.stderr) == (1, "Fehler: die Datei nowhere.js gibt es nicht\n")


@pytest.mark.parametrize(
    "hex_digits", ["0102ff", "01 02 FF", "01:02:ff", "0x0102FF", "0x01 0x02 0xff", "01-02-ff"]
)
def test_hex_is_taken_as_it_is_written_anywhere(hex_digits: str) -> None:
    assert read_hex(hex_digits) == b"\x01\x02\xff"


def test_hex_may_stand_in_several_arguments(codecs: Path) -> None:
    done = messnetz(codecs, "ts013.js", "--port", "1", "--json", "05", "06")
    assert json.loads(done.stdout)["data"] == {"first": 5, "port": 1}


# --- the same from Python -----------------------------------------------------------------------------------


def test_one_call_gives_what_the_command_prints(codecs: Path) -> None:
    expected = {"data": {"first": 1, "port": 85}, "warnings": [], "errors": []}
    assert run_codec(codecs / "ts013.js", "01 ff", 85) == expected
    assert run_codec(str(codecs / "decode.js"), b"\x01\xff", 85) == expected
    assert run_codec(codecs / "marked.js", b"", 1)["data"] == {"a": 1}
    assert run_codec(codecs / "latin.js", b"", 1)["data"] == {"a": "25 °C"}
    assert run_codec(codecs / "list.js", b"", 1)["data"] == [1, 2]
    said = run_codec(codecs / "asks.js", b"", 1, variables={"a": "b"}, time_ns=1_772_366_400_000_000_000)
    assert said["data"] == {"v": {"a": "b"}, "t": "2026-03-01T12:00:00.000Z"}


def test_a_codec_that_is_changed_between_two_calls_is_run_as_it_is(codecs: Path) -> None:
    assert run_codec(codecs / "decoder.js", b"\x01", 1)["data"] == {"first": 1, "port": 1}
    (codecs / "decoder.js").write_text("function Decoder() { return { mended: true }; }", encoding="utf-8")
    assert run_codec(codecs / "decoder.js", b"\x01", 1)["data"] == {"mended": True}


def test_it_never_raises(codecs: Path) -> None:
    for name in (*CODECS, "nowhere.js", "latin.js", "."):
        for payload in ("", "00", "0", "zz", b"", bytes(500)):
            said = run_codec(codecs / name, payload, 1)
            assert said["errors"] or said["data"] is not None


def test_threads_wait_for_one_another(codecs: Path) -> None:
    said: list[Any] = []

    def ask() -> None:
        said.extend(run_codec(codecs / "ts013.js", b"\x01", port)["data"]["port"] for port in range(50))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == sorted([*range(50)] * 4)


def test_the_readme_shows_a_call_that_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    call, expected = re.findall(r"^(run_codec\(.*\))  # (\{.*\})$", readme, re.MULTILINE)[0]
    monkeypatch.chdir(tmp_path)
    Path("sensor.js").write_text(
        "function Decoder(bytes) { return { battery: bytes[2] }; }", encoding="utf-8"
    )
    assert eval(call, {"run_codec": run_codec}) == json.loads(expected)  # noqa: S307  our own README


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")
